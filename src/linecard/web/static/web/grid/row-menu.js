// The menu of a row: open it, copy from it, and the page's own verbs for it; of a group: open, close, look into it.
import { toast } from "../js/toasts.js";
import { gettext } from "../js/texts.js";

const verbs = () =>
  [...document.querySelectorAll("[data-grid-action][data-grid-needs-selection]")].filter((button) => !button.hidden);

const verbLabel = (button) => button.getAttribute("aria-label") ?? button.textContent.trim();

// The icon of a button, by its name in the sprite.
const verbIcon = (button) => button.querySelector("use")?.getAttribute("href").split("#")[1] ?? "dots";

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(gettext("Copied."));
  } catch {
    toast(gettext("The browser does not allow copying here."), "warning");
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
      { label: gettext("Open"), icon: "arrow-right", hint: "Enter", work: () => this.#grid.open(row, {}) },
      {
        label: gettext("Open in a new tab"),
        icon: "external-link",
        hint: "Ctrl+Enter",
        work: () => this.#grid.open(row, { apart: true }),
      },
    ];
  }

  #group(item) {
    return [
      {
        label: item.isOpen ? gettext("Close the group") : gettext("Open the group"),
        icon: item.isOpen ? "chevron-down" : "chevron-right",
        hint: "Enter",
        work: () => this.#grid.toggle(item),
      },
      { label: gettext("Show only these"), icon: "filter", work: () => this.#model.narrowTo(item.path) },
    ];
  }

  #copying(leaf, item) {
    const entries = [{ label: gettext("Copy the row"), icon: "copy", work: () => copy(this.#rowText(item)) }];
    if (!leaf) return entries;
    const work = () => copy(this.#cells.text(leaf, item));
    return [{ label: gettext("Copy the cell"), icon: "copy", work }, ...entries];
  }

  // A verb works on what is ticked when the row is among it, and else on this row alone.
  #verbs({ row }) {
    const id = row[this.#declaration.key];
    return verbs().map((button) => ({
      label: this.#selection.has(id)
        ? gettext("{verb} what is selected", { verb: verbLabel(button) })
        : verbLabel(button),
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
