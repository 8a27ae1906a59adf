// The panel with a filter for every column, by its kind; all that are set must hold.
import { element } from "../js/elements.js";
import { ChoiceField } from "./choice-field.js";
import { booleanField, noField, oneField, rangeField, tagsField } from "./filter-fields.js";
import { inWords, needsNoValue, offered } from "./terms.js";
import { gettext } from "../js/texts.js";

const TYPING_PAUSE_MS = 350;

function fieldFor(column, op, facets) {
  if (needsNoValue(op)) return noField(op);
  if (column.kind === "boolean") return booleanField(column);
  if (op === "between") return rangeField(column);
  if (op === "in") return new ChoiceField(column, facets);
  return column.kind === "tags" ? tagsField(column, op) : oneField(column, op);
}

// The comparison that an editor shows a term with: ranges that are open on one side are ranges, too.
function shownOp(column, op) {
  const alias = { gte: "between", lte: "between", equals: column.kind === "text" ? "equals" : "in" }[op] ?? op;
  const known = offered(column).map((one) => one.op);
  return known.includes(op) ? op : known.includes(alias) ? alias : null;
}

class Filter {
  #column;
  #model;
  #facets;
  #field = null;
  #op;
  #timer;
  #ops = element("select", "form-select form-select-sm");
  #place = element("div", "filter-value");
  #note = element("p", "filter-note");

  constructor(column, { model, facets }) {
    this.#column = column;
    this.#model = model;
    this.#facets = facets;
    this.element = element("details", "filter");
    this.badge = element("span", "filter-badge", gettext("on"));
    this.#note.setAttribute("role", "alert");
    this.element.append(element("summary", "", element("span", "filter-label", column.label), this.badge));
    this.element.addEventListener("toggle", () => this.element.open && this.#build());
    this.show();
  }

  get #term() {
    return this.#model.filter[this.#column.name] ?? null;
  }

  // Puts in what is in force, unless it came from here.
  show() {
    this.badge.hidden = this.#term === null;
    if (!this.#field || this.#isWritten()) return;
    this.#showTerm();
  }

  renew() {
    if (this.element.open) this.#field?.renew?.();
  }

  #isWritten() {
    try {
      return JSON.stringify(this.#field.read()) === JSON.stringify(this.#term);
    } catch {
      return this.element.contains(document.activeElement);
    }
  }

  #build() {
    if (this.#field) return this.renew();
    this.#ops.setAttribute("aria-label", gettext("{column}: comparison", { column: this.#column.label }));
    this.#ops.append(...offered(this.#column).map(({ op, label }) => new Option(label, op)));
    this.#ops.hidden = this.#ops.options.length === 1;
    const body = element("div", "filter-body", this.#ops, this.#place, this.#note);
    this.element.append(body);
    this.#ops.addEventListener("change", (event) => {
      event.stopPropagation();
      this.#use(this.#ops.value);
      this.#apply();
      this.#place.querySelector("input")?.focus();
    });
    body.addEventListener("input", ({ target }) => target.type !== "checkbox" && this.#later());
    body.addEventListener("change", () => this.#apply());
    this.#showTerm();
  }

  #showTerm() {
    const term = this.#term;
    const usual = needsNoValue(this.#op) ? null : this.#op;
    const op = term ? shownOp(this.#column, term.op) : (usual ?? this.#ops.options[0].value);
    this.#note.textContent = "";
    if (op === null) {
      // only a link or the API can ask for this
      const words = inWords(this.#column, term, (...of) => this.#facets.label(...of));
      this.#note.textContent = gettext("In force: {words}.", { words });
      return;
    }
    this.#use(op);
    this.#field.show(term?.value, term?.op);
  }

  #use(op) {
    if (op === this.#op && this.#field) return;
    this.#op = op;
    this.#ops.value = op;
    this.#field = fieldFor(this.#column, op, this.#facets);
    this.#place.replaceChildren(this.#field.element);
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#apply({ replace: true }), TYPING_PAUSE_MS);
  }

  #apply(options) {
    clearTimeout(this.#timer);
    try {
      const term = this.#field.read();
      this.#note.textContent = "";
      const isSame = JSON.stringify(term) === JSON.stringify(this.#term);
      if (!isSame) this.#model.setFilter(this.#column.name, term, options);
    } catch (wrong) {
      this.#note.textContent = wrong.message;
    }
  }
}

export class FiltersPanel {
  #model;
  #declaration;
  #facets;
  #filters = new Map();

  constructor({ declaration, model, facets }) {
    this.#declaration = declaration;
    this.#model = model;
    this.#facets = facets;
  }

  // Fills the panel when it is first opened.
  build(body) {
    const search = element("input", "form-control form-control-sm panel-search");
    search.type = "search";
    search.placeholder = gettext("Find a filter");
    search.setAttribute("aria-label", gettext("Find a filter"));
    search.autocomplete = "off";
    const clear = element("button", "btn btn-sm", gettext("Clear all filters"));
    clear.type = "button";
    clear.addEventListener("click", () => this.#model.set({ filter: {} }));
    for (const column of this.#declaration.columns) {
      this.#filters.set(column.name, new Filter(column, { model: this.#model, facets: this.#facets }));
    }
    search.addEventListener("input", () => this.#narrow(search.value.trim().toLowerCase()));
    const list = element("div", "panel-list", ...[...this.#filters.values()].map((filter) => filter.element));
    body.append(search, list, element("div", "panel-foot", clear));
    this.#model.addEventListener("change", ({ detail }) => this.#changed(detail.what, clear));
    this.#changed("matching", clear);
    for (const name of Object.keys(this.#model.filter)) this.open(name);
  }

  // Shows one column's filter.
  open(name) {
    const filter = this.#filters.get(name);
    if (filter) filter.element.open = true;
    return filter?.element;
  }

  #changed(what, clear) {
    clear.disabled = Object.keys(this.#model.filter).length === 0;
    for (const filter of this.#filters.values()) {
      filter.show();
      if (what === "matching") filter.renew();
    }
  }

  #narrow(text) {
    for (const column of this.#declaration.columns) {
      this.#filters.get(column.name).element.hidden = !column.label.toLowerCase().includes(text);
    }
  }
}
