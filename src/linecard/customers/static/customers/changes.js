// Lists that refresh themselves, and filters that need no button.
import { onEach } from "../web/js/enhance.js";

const isBusy = () => document.querySelector("dialog[open], details[data-menu][open]") !== null;

// Somebody who is being asked about an entry must not see it replaced under their hands.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.matches("[data-refresh]") && isBusy()) event.detail.shouldSwap = false;
});

onEach("form[data-submit-on-change]", (form) => {
  form.querySelector('button[type="submit"]').hidden = true;
  form.addEventListener("change", (event) => event.target.matches("select") && form.requestSubmit());
});
