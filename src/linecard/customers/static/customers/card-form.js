// The card's form: amounts follow the currency, errors lead to their fields, dialogs ask for a moment.
import { onEach } from "../web/js/enhance.js";
import * as formValues from "../web/js/form-values.js";

const AMOUNTS = ["debit_limit", "minimum_payment"];

function showField(form, name) {
  const field = form.querySelector(`[data-field="${CSS.escape(name)}"]`);
  if (!field) return;
  const panel = field.closest(".tab-panel");
  document.getElementById(panel?.getAttribute("aria-labelledby"))?.click();
  field.scrollIntoView({ block: "center" });
  field.querySelector("input:not([hidden]), select, textarea")?.focus({ preventScroll: true });
}

function followCurrency(form) {
  const currency = form.elements.namedItem("currency");
  if (!currency) return; // locked
  const show = () => {
    for (const name of AMOUNTS) {
      form.querySelector(`[data-field="${name}"] .unit`).textContent = currency.value || "–";
    }
  };
  currency.addEventListener("change", show);
  show();
}

// Saving and staying keeps the tab that is open: the answer's address takes the fragment of the form's. A new card's
// form begins again, with the first field of the first tab.
function keepTab(form) {
  const isNew = !form.elements.namedItem("version");
  form.addEventListener("submit", () => {
    form.action = location.pathname + location.search + (isNew ? "" : location.hash);
  });
}

// A first proposal for an exact time, on the user's own clock: 2026-11-23T14:05.
function inAnHour() {
  const timeZone = document.documentElement.dataset.timeZone;
  const moment = new Date(Date.now() + 60 * 60 * 1000);
  return moment.toLocaleString("sv-SE", { timeZone }).replace(" ", "T").slice(0, 16);
}

function takeTheirs(form, button) {
  formValues.write(form, JSON.parse(button.dataset.take));
  const clash = button.closest(".clash");
  const name = clash.dataset.clash;
  clash.remove();
  showField(form, name);
}

onEach("form[data-card-form]", (form) => {
  followCurrency(form);
  keepTab(form);
  form.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take]");
    if (take) takeTheirs(form, take);
  });
  const first = form.elements.namedItem("name");
  if (first && !first.value && !document.getElementById("problems")) first.focus();
});

document.addEventListener("click", (event) => {
  const jump = event.target.closest?.("[data-jump]");
  const form = jump && document.querySelector("form[data-card-form]");
  if (!form) return;
  event.preventDefault();
  showField(form, jump.dataset.jump);
});

onEach("dialog[data-save-dialog]", (dialog) => {
  // when to save is not what is saved: it makes the form no different
  for (const input of dialog.querySelectorAll("input")) input.dataset.noDraft = "";
  const exact = dialog.querySelector('input[type="datetime-local"]');
  const choice = dialog.querySelector('input[type="radio"][value="exact"]');
  choice.addEventListener("change", () => {
    exact.value ||= inAnHour();
    exact.focus();
  });
  exact.addEventListener("input", () => (choice.checked = true));
  // Enter in a field sends a form by its first button, which would save at once
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.closest("button")) return;
    event.preventDefault();
    dialog.querySelector("[data-save-dialog-go]").click();
  });
  if (dialog.dataset.open === undefined) return;
  dialog.showModal();
  if (choice.checked) exact.focus();
  setTimeout(() => htmx.trigger(dialog.querySelector("[hx-post]"), "open"));
});

document.getElementById("problems")?.focus();
