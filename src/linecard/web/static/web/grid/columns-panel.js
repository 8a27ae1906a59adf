// The panel of columns: which are shown and in what order, which group the rows, what is worked out of them, which one is
// the pivot. Columns are dragged from list to list, or sent there by their menus and keys.
import { element } from "../js/elements.js";
import { icon } from "../js/icons.js";
import { FUNCTIONS } from "./layout.js";
import { gettext } from "../js/texts.js";

function button(name, label, work) {
  const made = element("button", "btn btn-icon btn-ghost btn-sm", icon(name));
  made.type = "button";
  made.setAttribute("aria-label", label);
  made.title = label;
  made.addEventListener("click", work);
  return made;
}

function zone(title, hint) {
  const list = element("ul", "column-zone");
  list.dataset.hint = hint;
  list.setAttribute("aria-label", title);
  return list;
}

export class ColumnsPanel {
  #declaration;
  #model;
  #menu;
  #all = element("ul", "column-list");
  #groups = zone(gettext("Row groups"), gettext("Drag columns here to group rows"));
  #values = zone(gettext("Values"), gettext("Drag columns here to add them up"));
  #pivot = zone(gettext("Pivot"), gettext("Drag one column here to spread it sideways"));
  #text = "";

  // `menu` is the menu of a column.
  constructor({ declaration, model, menu }) {
    this.#declaration = declaration;
    this.#model = model;
    this.#menu = menu;
  }

  // Fills the panel when it is first opened.
  build(body) {
    const search = element("input", "form-control form-control-sm panel-search");
    search.type = "search";
    search.placeholder = gettext("Find a column");
    search.setAttribute("aria-label", gettext("Find a column"));
    search.autocomplete = "off";
    search.addEventListener("input", () => {
      this.#text = search.value.trim().toLowerCase();
      this.#show();
    });
    const reset = element("button", "btn btn-sm", gettext("As it was at first"));
    reset.type = "button";
    reset.addEventListener("click", () => this.#model.resetLayout());
    this.#all.setAttribute("aria-label", gettext("Columns"));
    const zones = [this.#groups, this.#values, this.#pivot];
    const titled = zones.flatMap((list) => [element("h3", "panel-part", list.getAttribute("aria-label")), list]);
    body.append(search, this.#all, element("div", "column-zones", ...titled), element("div", "panel-foot", reset));
    body.addEventListener("keydown", (event) => this.#key(event));
    this.#drags();
    this.#model.addEventListener("change", () => this.#show());
    this.#show();
  }

  get #ordered() {
    const shown = this.#model.shownColumns;
    const others = this.#declaration.columns.filter(({ name }) => !shown.includes(name));
    return [...shown.map((name) => this.#model.column(name)), ...others].filter(Boolean);
  }

  #show() {
    const kept = this.#keepFocus();
    const { groups, values, pivot } = this.#model;
    const isFound = ({ label }) => label.toLowerCase().includes(this.#text);
    this.#all.replaceChildren(...this.#ordered.filter(isFound).map((column) => this.#entry(column)));
    this.#groups.replaceChildren(...this.#known(groups).map((column) => this.#group(column)));
    this.#values.replaceChildren(...this.#known(Object.keys(values)).map((column) => this.#value(column)));
    this.#pivot.replaceChildren(...this.#known([pivot]).map((column) => this.#pivoted(column)));
    kept();
  }

  #known(names) {
    return names.map((name) => this.#model.column(name)).filter(Boolean);
  }

  // What had the focus has it again when the lists have been drawn anew.
  #keepFocus() {
    const active = document.activeElement;
    const list = active?.closest?.(".column-list, .column-zone");
    const name = active?.closest?.("[data-column]")?.dataset.column;
    const place = name && [...active.closest("[data-column]").querySelectorAll("input, select, button")].indexOf(active);
    return () => {
      if (!name) return;
      const again = list.querySelector(`[data-column="${name}"]`) ?? this.#all.querySelector(`[data-column="${name}"]`);
      again?.querySelectorAll("input, select, button")[list.contains(again) ? place : 0]?.focus();
    };
  }

  #item(column, ...parts) {
    const grip = icon("grip-vertical");
    grip.classList.add("column-grip");
    const item = element("li", "column-item", grip, ...parts);
    item.dataset.column = column.name;
    return item;
  }

  #entry(column) {
    const box = element("input", "form-check-input");
    box.type = "checkbox";
    box.checked = this.#model.shownColumns.includes(column.name);
    box.disabled = box.checked && this.#model.shownColumns.length === 1;
    box.addEventListener("change", () => this.#model.showColumn(column.name, box.checked));
    const label = element("label", "column-label", box, element("span", "", column.label));
    const told = gettext("More for {column}", { column: column.label });
    const more = button("dots-vertical", told, () => this.#menu.open(more, null, column));
    more.setAttribute("aria-haspopup", "menu");
    return this.#item(column, label, more);
  }

  #group(column) {
    const told = gettext("No longer group by {column}", { column: column.label });
    const remove = button("x", told, () => this.#model.ungroup(column.name));
    return this.#item(column, element("span", "column-label", column.label), remove);
  }

  #value(column) {
    const select = element("select", "form-select form-select-sm");
    select.setAttribute("aria-label", gettext("Value of {column}", { column: column.label }));
    select.append(...column.functions.map((one) => new Option(FUNCTIONS[one], one)));
    select.value = this.#model.values[column.name];
    select.addEventListener("change", () => this.#model.setValue(column.name, select.value));
    const told = gettext("No value of {column}", { column: column.label });
    const remove = button("x", told, () => this.#model.setValue(column.name, null));
    return this.#item(column, element("span", "column-label", column.label), select, remove);
  }

  #pivoted(column) {
    const told = gettext("No longer pivot by {column}", { column: column.label });
    const remove = button("x", told, () => this.#model.setPivot(null));
    return this.#item(column, element("span", "column-label", column.label), remove);
  }

  // Alt with an arrow moves the column, or the group, that has the focus.
  #key(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const name = event.target.closest("[data-column]")?.dataset.column;
    if (!by || !name || !event.altKey) return;
    event.preventDefault();
    if (this.#groups.contains(event.target)) this.#model.moveGroup(name, by);
    else if (this.#all.contains(event.target) && this.#model.shownColumns.includes(name)) this.#model.moveColumn(name, by);
  }

  #drags() {
    const may = {
      groups: (column) => this.#model.mayGroup(column),
      values: ({ functions }) => functions.length > 0,
      pivot: ({ groups }) => groups,
    };
    const accepts = (kind) => (to, from, dragged) => may[kind](this.#model.column(dragged.dataset.column));
    const options = {
      animation: 120,
      handle: ".column-grip, .column-label",
      ghostClass: "is-dragged",
      delay: 250, // a finger scrolls, unless it rests first
      delayOnTouchOnly: true,
    };
    const { Sortable } = globalThis;
    Sortable.create(this.#all, {
      ...options,
      group: { name: "columns", pull: "clone", put: ["zones"] }, // what is dragged back is taken out
      onEnd: ({ to, item }) => this.#dropped(to, item),
    });
    for (const [kind, list] of Object.entries({ groups: this.#groups, values: this.#values, pivot: this.#pivot })) {
      Sortable.create(list, {
        ...options,
        group: { name: "zones", put: accepts(kind) },
        onEnd: ({ from, to, item }) => this.#dropped(to, item, from),
      });
    }
  }

  // Reads what was meant from where the column landed; then everything is drawn anew from the model.
  #dropped(to, item, from = this.#all) {
    const { column: name } = item.dataset;
    const names = (list) => [...list.children].map((child) => child.dataset.column);
    if (to === this.#all && from !== to) this.#takeOut(from, name);
    else if (to === this.#all) this.#model.orderColumns(names(to));
    else if (to === this.#groups) this.#model.group(name, names(to).indexOf(name));
    else if (to === this.#values && from !== to) this.#model.setValue(name, this.#model.column(name).functions[0]);
    else if (to === this.#values) this.#model.set({ values: reordered(this.#model.values, names(to)) });
    else if (to === this.#pivot) this.#model.setPivot(name);
    this.#show();
  }

  #takeOut(from, name) {
    if (from === this.#groups) this.#model.ungroup(name);
    else if (from === this.#values) this.#model.setValue(name, null);
    else this.#model.setPivot(null);
  }

}

const reordered = (object, names) => Object.fromEntries(names.map((name) => [name, object[name]]));
