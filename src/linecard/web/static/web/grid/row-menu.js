// The menu of a row: open it, copy from it, and the page's own verbs for it; of a group: open, close, look into it.
import { toast } from "../js/toasts.js";

const verbs = () =>
  [...document.querySelectorAll("[data-grid-action][data-grid-needs-selection]")].filter((button) => !button.hidden);

const verbLabel = (button) => button.getAttribute("aria-label") ?? button.textContent.trim();

// The icon of a button, by its name in the sprite.
const verbIcon = (button) => button.querySelector("use")?.getAttribute("href").split("#")[1] ?? "dots";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied.");
  } catch {
    toast("The browser does not allow copying here.", "warning");
  }
}

export class RowMenu {
  #menu;
  #declaration;
  #model;
  #selection;
  #cells;
  #grid;

  // `grid` is {toggle(item), leaves, open(row, {apart})}.
  constructor({ menu, declaration, model, selection, cells, grid }) {
    this.#menu = menu;
    this.#declaration = declaration;
    this.#model = model;
    this.#selection = selection;
    this.#cells = cells;
    this.#grid = grid;
  }

  open({ element, at, leaf, item }) {
    const entries = item.isGroup ? this.#group(item) : this.#record(item);
    const parts = [entries, this.#copying(leaf, item), item.isGroup ? [] : this.#verbs(item)];
    const all = parts.flatMap((part, index) => part.map((entry, place) => ({ ...entry, isFirst: index && !place })));
    this.#menu.open(element, at, this.#title(item), all);
  }

  #title(item) {
    if (item.isGroup) return this.#cells.groupLabel(item);
    return String(item.row[this.#model.nameColumn?.name] ?? this.#declaration.one);
  }

  #record({ row }) {
    return [
      { label: "Open", icon: "arrow-right", hint: "Enter", work: () => this.#grid.open(row, {}) },
      {
        label: "Open in a new tab",
        icon: "external-link",
        hint: "Ctrl+Enter",
        work: () => this.#grid.open(row, { apart: true }),
      },
    ];
  }

  #group(item) {
    return [
      {
        label: item.isOpen ? "Close the group" : "Open the group",
        icon: item.isOpen ? "chevron-down" : "chevron-right",
        hint: "Enter",
        work: () => this.#grid.toggle(item),
      },
      { label: "Show only these", icon: "filter", work: () => this.#model.narrowTo(item.path) },
    ];
  }

  #copying(leaf, item) {
    const entries = [{ label: "Copy the row", icon: "copy", work: () => copy(this.#rowText(item)) }];
    if (leaf) entries.unshift({ label: "Copy the cell", icon: "copy", work: () => copy(this.#cells.text(leaf, item)) });
    return entries;
  }

  // A verb works on what is ticked when the row is among it, and else on this row alone.
  #verbs({ row }) {
    const id = row[this.#declaration.key];
    return verbs().map((button) => ({
      label: `${verbLabel(button)}${this.#selection.has(id) ? " what is selected" : ""}`,
      icon: verbIcon(button),
      work: () => {
        if (!this.#selection.has(id)) {
          this.#selection.clear();
          this.#selection.set([id], true);
        }
        button.click();
      },
    }));
  }

  #rowText(item) {
    return this.#grid.leaves.map((leaf) => this.#cells.text(leaf, item)).join("\t");
  }
}
