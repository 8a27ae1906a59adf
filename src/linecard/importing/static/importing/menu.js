// The list of fields to choose from.
import { Overlay } from "../web/js/context-menu.js";
import { element } from "../web/js/elements.js";
import { gettext } from "../web/js/texts.js";

// A search field over a list: typing narrows it, arrows move, Enter chooses.
export class FieldChooser extends Overlay {
  constructor() {
    super("overlay-chooser");
    this.box.setAttribute("role", "dialog");
    this.search = element("input", "form-control");
    this.search.type = "text";
    this.search.autocomplete = "off";
    this.search.spellcheck = false;
    this.search.placeholder = gettext("Type to find a field");
    this.list = element("ul", "chooser-list");
    this.list.id = "field-chooser-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", gettext("Fields"));
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-label", gettext("Field")],
      ["aria-expanded", "true"],
      ["aria-controls", this.list.id],
      ["aria-autocomplete", "list"],
    ]) {
      this.search.setAttribute(name, value);
    }
    this.none = element("p", "chooser-none", gettext("No field is called that."));
    this.none.setAttribute("role", "status");
    this.box.append(this.search, this.list, this.none);
    this.search.addEventListener("input", () => this.narrow());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest('[role="option"]')));
  }

  // `options` are {value, label, note, isChosen}; `work(value)` hears which one was chosen.
  open(cell, at, title, options, work) {
    this.work = work;
    this.box.setAttribute("aria-label", title);
    this.search.value = "";
    this.list.replaceChildren(...options.map((option, index) => this.option(option, index)));
    this.openAt(cell, at);
    this.narrow();
    this.mark(this.shown.find((option) => option.getAttribute("aria-selected") === "true") ?? this.shown[0]);
    this.search.focus();
  }

  get shown() {
    return [...this.list.children].filter((option) => !option.hidden);
  }

  option({ value, label, note, isChosen }, index) {
    const option = element("li", "chooser-option", element("span", "chooser-label", label));
    option.id = `field-chooser-${index}`;
    option.dataset.value = value;
    option.dataset.words = label.toLowerCase();
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(isChosen));
    if (note) option.append(element("span", "chooser-note", note));
    return option;
  }

  narrow() {
    const typed = this.search.value.trim().toLowerCase();
    for (const option of this.list.children) option.hidden = !option.dataset.words.includes(typed);
    this.none.hidden = this.shown.length > 0;
    this.mark(this.shown[0]);
  }

  mark(option) {
    this.marked?.classList.remove("is-marked");
    this.marked = option;
    option?.classList.add("is-marked");
    option?.scrollIntoView({ block: "nearest" });
    this.search.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  choose(option) {
    if (!option) return;
    this.close({ focus: true });
    this.work(option.dataset.value);
  }

  onKey(event) {
    super.onKey(event);
    const shown = this.shown;
    const at = shown.indexOf(this.marked);
    const to = { ArrowDown: (at + 1) % shown.length, ArrowUp: at - 1 }[event.key];
    if (event.key === "Enter") this.choose(this.marked);
    else if (to !== undefined) this.mark(shown.at(to));
    else return;
    event.preventDefault();
  }
}
