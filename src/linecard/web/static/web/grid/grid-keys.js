// Keys of a tree, and what asks for a menu, in terms of AG Grid's cells; a helper of the adapter.
import { onLongPress } from "../js/long-press.js";
import { TICKS } from "./grid-columns.js";
import { TREE } from "./layout.js";

const isFar = ({ key, ctrlKey, metaKey }) => (ctrlKey || metaKey) && (key === "Home" || key === "End");
const isAll = ({ key, ctrlKey, metaKey }) => (ctrlKey || metaKey) && key === "a";

export class GridKeys {
  #model;
  #ticks;
  #tell;
  #grid;

  // `grid` is {api, tree, leafOf(id), toggle(item)}; `tell` is {open, menu}.
  constructor(element, { model, ticks, tell, grid }) {
    this.#model = model;
    this.#ticks = ticks;
    this.#tell = tell;
    this.#grid = grid;
    element.addEventListener("contextmenu", (event) => this.#asked(event));
    element.addEventListener("keydown", (event) => {
      const isMenu = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
      if (isMenu && this.#menu(event.target, null)) event.preventDefault();
    });
    onLongPress(element, (target, at) => this.#menu(target, at));
  }

  // Whether a key means something else here than to the component.
  isOurs({ event, node, column }) {
    if (event.key === " " || isFar(event) || isAll(event)) return true;
    if (!this.#model.groups.length || !node.data || node.rowPinned || column.getColId() !== TREE) return false;
    return this.#steps(event, node.data);
  }

  pressed({ event, data, node, column }) {
    if (isFar(event)) return this.#toEnd(event);
    if (isAll(event)) return this.#selectAll(event);
    if (!data || node.rowPinned) return;
    if (event.key !== "Enter" && !this.isOurs({ event, node, column })) return;
    event.preventDefault();
    if (event.key === "ArrowLeft" && !data.isOpen) this.#toParent(data);
    else if (event.key === " " && this.#ticks.areOffered) this.#ticks.press(node, event.shiftKey);
    else if (data.isGroup) this.#grid.toggle(data);
    else if (event.key === " ") return;
    else this.#tell.open(data.row, { apart: event.ctrlKey || event.metaKey });
  }

  // Whether an arrow opens, closes or leaves a group, as in every tree.
  #steps({ key }, item) {
    if (key === "ArrowRight") return item.isGroup && !item.isOpen;
    return key === "ArrowLeft" && (item.isOpen || item.level > 1);
  }

  // Left to itself, the browser would scroll there and leave the focus behind.
  #toEnd(event) {
    event.preventDefault();
    const { api } = this.#grid;
    const columns = api.getAllDisplayedColumns().filter((column) => column.getColId() !== TICKS);
    const [place, column] = event.key === "Home" ? [0, columns[0]] : [api.getDisplayedRowCount() - 1, columns.at(-1)];
    api.ensureIndexVisible(place);
    api.ensureColumnVisible(column);
    api.setFocusedCell(place, column);
  }

  // Left to itself, the browser would mark all texts of the page.
  #selectAll(event) {
    event.preventDefault();
    this.#ticks.pressAll();
  }

  #toParent(item) {
    const place = this.#grid.tree.parentOf(item);
    if (place < 0) return;
    this.#grid.api.ensureIndexVisible(place);
    this.#grid.api.setFocusedCell(place, TREE);
  }

  #asked(event) {
    const byKey = event.button !== 2 && event.pointerType !== "touch";
    const at = byKey ? null : { x: event.clientX, y: event.clientY };
    if (this.#menu(event.target, at)) event.preventDefault();
  }

  // Tells what a menu is asked for: a header's column, or a cell of an item. Gives whether there is one.
  #menu(target, at) {
    const element = target.closest('[role="gridcell"], [role="columnheader"]');
    if (!element) return false;
    const leaf = this.#grid.leafOf(element.getAttribute("col-id"));
    const isHeader = element.getAttribute("role") === "columnheader";
    const item = isHeader ? null : this.#itemOf(element);
    if (isHeader ? !leaf : !item) return false;
    this.#tell.menu({ element, at, leaf, item });
    return true;
  }

  #itemOf(element) {
    const index = Number(element.closest('[role="row"]').getAttribute("row-index"));
    return this.#grid.api.getDisplayedRowAtIndex(index)?.data;
  }
}
