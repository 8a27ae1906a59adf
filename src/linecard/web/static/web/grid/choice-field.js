// Boxes to tick for the values of a column, with how many rows have each. References are looked up by name.
import { element } from "../js/elements.js";
import { number } from "./formatters.js";
import { gettext } from "../js/texts.js";

const FEW = 10; // so many need no search
const TYPING_PAUSE_MS = 200;

export class ChoiceField {
  #column;
  #facets;
  #box = element("div", "filter-choices");
  #search = element("input", "form-control form-control-sm");
  #list = element("div", "choice-list");
  #note = element("p", "filter-note");
  #found = [];
  #chosen = new Map(); // value → label
  #asked = 0;

  constructor(column, facets) {
    this.#column = column;
    this.#facets = facets;
    this.#search.type = "search";
    this.#search.placeholder = gettext("Find in {column}", { column: column.label.toLowerCase() });
    this.#search.setAttribute("aria-label", gettext("{column}: find", { column: column.label }));
    this.#search.autocomplete = "off";
    this.#search.dataset.apart = ""; // typing here chooses nothing yet
    this.#search.hidden = column.kind !== "reference";
    this.#note.setAttribute("role", "status");
    this.#list.setAttribute("role", "group");
    this.#list.setAttribute("aria-label", column.label);
    this.#box.append(this.#search, this.#list, this.#note);
    this.#listen();
    this.renew();
  }

  get element() {
    return this.#box;
  }

  read() {
    return this.#chosen.size ? { op: "in", value: [...this.#chosen.keys()] } : null;
  }

  show(value, op) {
    const values = op === "in" ? value : op === "equals" ? [value] : [];
    this.#chosen = new Map(values.map((one) => [one, this.#facets.label(this.#column, one)]));
    this.#draw();
  }

  // Counts again: other filters have changed.
  async renew() {
    const asked = ++this.#asked;
    try {
      const text = this.#column.kind === "reference" ? this.#search.value.trim() : "";
      const found = await this.#facets.values(this.#column, text);
      if (asked !== this.#asked) return;
      this.#found = this.#complete(found);
      this.#note.textContent = "";
      if (this.#found.length > FEW) this.#search.hidden = false;
    } catch (problem) {
      if (asked === this.#asked) this.#note.textContent = problem.message;
    }
    this.#draw();
  }

  // Values that no row has can be chosen too, where they are known.
  #complete(found) {
    const here = new Set(found.map(({ value }) => value));
    const others = Object.keys(this.#column.choices).filter((value) => !here.has(value));
    return [...found, ...others.map((value) => ({ value, label: this.#facets.label(this.#column, value), count: 0 }))];
  }

  #listen() {
    let timer;
    this.#search.addEventListener("input", (event) => {
      event.stopPropagation();
      clearTimeout(timer);
      if (this.#column.kind !== "reference") return this.#draw();
      timer = setTimeout(() => this.renew(), TYPING_PAUSE_MS);
    });
    this.#search.addEventListener("change", (event) => event.stopPropagation());
  }

  #draw() {
    const focused = document.activeElement?.value;
    const isWithin = this.#list.contains(document.activeElement);
    const text = this.#search.value.trim().toLowerCase();
    const isFound = ({ label, count }) => (text ? label.toLowerCase().includes(text) : count > 0);
    const isFew = this.#found.length <= FEW;
    const chosen = [...this.#chosen].map(([value, label]) => ({ value, label: this.#facets.label(this.#column, value) || label }));
    const others = this.#found.filter((one) => !this.#chosen.has(one.value) && (isFew || isFound(one)));
    const counts = new Map(this.#found.map(({ value, count }) => [value, count]));
    const shown = isFew ? this.#inOrder(chosen, others) : [...chosen, ...others];
    this.#list.replaceChildren(...shown.map(({ value, label }) => this.#option(value, label, counts.get(value))));
    if (!shown.length && !this.#note.textContent) this.#note.textContent = text ? gettext("None is called that.") : "";
    if (isWithin) [...this.#list.querySelectorAll("input")].find(({ value }) => value === focused)?.focus();
  }

  // A short list does not jump about when something is ticked.
  #inOrder(chosen, others) {
    const place = ({ value }) => this.#found.findIndex((found) => found.value === value);
    return [...chosen, ...others].sort((one, other) => place(one) - place(other));
  }

  #option(value, label, count) {
    const box = element("input", "form-check-input");
    box.type = "checkbox";
    box.value = String(value);
    box.checked = this.#chosen.has(value);
    box.addEventListener("change", () => {
      if (box.checked) this.#chosen.set(value, label);
      else this.#chosen.delete(value);
    });
    const shown = element("span", "choice-count", count === undefined ? "" : number(count));
    return element("label", "choice-option", box, element("span", "choice-label", label), shown);
  }
}
