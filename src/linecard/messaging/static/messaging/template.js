// The page of a template: merge fields go in at the caret, and an SMS has only a text.
import "./html-preview.js";

const form = document.getElementById("template-form");
let written = form.elements.namedItem("text");

form.addEventListener("focusin", ({ target }) => {
  if (["subject", "text", "html"].includes(target.name)) written = target;
});

form.addEventListener("click", ({ target }) => {
  const insert = target.closest("[data-insert]");
  if (!insert || written.disabled) return;
  written.setRangeText(insert.dataset.insert, written.selectionStart, written.selectionEnd, "end");
  written.focus();
  written.dispatchEvent(new Event("input", { bubbles: true }));
});

function showParts() {
  const channel = form.elements.namedItem("channel").value;
  for (const part of form.querySelectorAll('[data-field="subject"], [data-field="html"]')) part.hidden = channel === "sms";
}

form.addEventListener("change", showParts);
showParts();
