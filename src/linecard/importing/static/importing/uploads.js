// The pages of an upload: the report's filter needs no button, and a server that is away for a moment is told of once.
import { onEach } from "../web/js/enhance.js";

onEach("input[data-submits]", (input) => input.addEventListener("change", () => input.form.requestSubmit()));

onEach("[data-polls]", (poll) => {
  const lost = document.getElementById("lost");
  for (const name of ["htmx:sendError", "htmx:responseError"]) poll.addEventListener(name, () => (lost.hidden = false));
  poll.addEventListener("htmx:afterSwap", () => (lost.hidden = true));
});
