// data-copy="id": copies that field's value, and says so.
import { onEach } from "./enhance.js";
import { toast } from "./toasts.js";
import { gettext } from "./texts.js";

onEach("[data-copy]", (button) => {
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(field.value);
      toast(gettext("Copied."));
    } catch {
      field.select(); // without https the browser lets nobody but the user copy
      toast(gettext("Press Ctrl+C to copy the marked text."));
    }
  });
});
