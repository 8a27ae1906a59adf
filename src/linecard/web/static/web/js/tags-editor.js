// <input data-tags-editor list="…">: a comma-separated value edited as chips. Without this script it is typed as it is.
//
// Enter or comma adds, Backspace in the empty field and Delete on a chip remove, arrows move between chips. The
// original input stays in the form, hidden, with the value to be sent.
import { onEach } from "./enhance.js";
import { icon } from "./icons.js";
import { gettext } from "./texts.js";

const SEPARATORS = /[,;\n]/;

export function split(text) {
  const seen = new Set();
  const tags = text.split(SEPARATORS).map((tag) => tag.trim().replace(/\s+/g, " "));
  return tags.filter((tag) => {
    const key = tag.normalize("NFC").toLowerCase();
    return tag && !seen.has(key) && seen.add(key);
  });
}

class TagsEditor {
  constructor(original) {
    this.original = original;
    this.box = document.createElement("div");
    this.box.className = "form-control tags-editor";
    this.chips = document.createElement("span");
    this.chips.className = "tags-chips";
    this.entry = this.makeEntry();
    this.box.append(this.chips, this.entry);
    original.after(this.box);
    original.hidden = true;
    this.draw();
    this.listen();
  }

  makeEntry() {
    const entry = document.createElement("input");
    entry.className = "tags-entry";
    entry.autocomplete = "off";
    entry.dataset.noDraft = "";
    entry.disabled = this.original.disabled;
    entry.placeholder = this.original.placeholder;
    // the label, the help and the errors of the original now belong to the field that is seen
    entry.id = this.original.id;
    this.original.id = `${entry.id}_value`;
    for (const name of ["list", "aria-describedby", "aria-invalid", "maxlength"]) {
      if (this.original.hasAttribute(name)) entry.setAttribute(name, this.original.getAttribute(name));
    }
    return entry;
  }

  get tags() {
    return split(this.original.value);
  }

  set tags(tags) {
    this.original.value = split(tags.join(",")).join(", ");
    this.original.dispatchEvent(new Event("input", { bubbles: true }));
  }

  draw() {
    this.chips.replaceChildren(...this.tags.map((tag) => this.chip(tag)));
    this.box.classList.toggle("is-invalid", this.original.classList.contains("is-invalid"));
  }

  chip(tag) {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "tag";
    chip.disabled = this.original.disabled;
    chip.setAttribute("aria-label", gettext("Remove {tag}", { tag }));
    chip.append(tag, icon("x"));
    chip.addEventListener("click", () => this.remove(tag));
    return chip;
  }

  add(text) {
    this.entry.value = "";
    if (text.trim()) this.tags = [...this.tags, text];
  }

  remove(tag) {
    this.tags = this.tags.filter((other) => other !== tag);
    this.entry.focus();
  }

  listen() {
    this.original.addEventListener("input", () => this.draw());
    this.box.addEventListener("click", (event) => event.target === this.box && this.entry.focus());
    this.entry.addEventListener("blur", () => this.add(this.entry.value));
    this.entry.addEventListener("input", (event) => {
      const isChosen = event.inputType === "insertReplacementText" || !(event instanceof InputEvent);
      if (isChosen || SEPARATORS.test(this.entry.value)) this.add(this.entry.value);
    });
    this.box.addEventListener("keydown", (event) => this.onKey(event));
  }

  onKey(event) {
    const isEntry = event.target === this.entry;
    if (isEntry && event.key === "Enter" && this.entry.value) {
      event.preventDefault();
      this.add(this.entry.value);
    } else if (isEntry && event.key === "Backspace" && !this.entry.value) {
      this.tags = this.tags.slice(0, -1);
    } else if (!isEntry && ["Delete", "Backspace"].includes(event.key)) {
      event.preventDefault();
      event.target.click();
    } else if (["ArrowLeft", "ArrowRight"].includes(event.key) && !(isEntry && this.entry.selectionStart > 0)) {
      this.step(event.target, event.key === "ArrowLeft" ? -1 : 1);
    }
  }

  step(from, by) {
    const stops = [...this.chips.children, this.entry];
    stops[stops.indexOf(from) + by]?.focus();
  }
}

onEach("input[data-tags-editor]", (original) => new TagsEditor(original));
