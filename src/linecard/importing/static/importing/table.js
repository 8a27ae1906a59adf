// The file's rows as a grid: one tab stop, arrows between cells, and one event, "verb", for everything that a cell can be
// asked for: {verb: "menu" | "start" | "map", cell, at: {x, y} or null}. A right click, a long press, Shift+F10, the
// Menu key, Enter and the buttons in the heads ask for the menu; S and M ask directly.
import { onLongPress } from "../web/js/long-press.js";

const PAGE_ROWS = 10;

export const columnOf = (cell) => Number(cell.dataset.column ?? cell.cellIndex);
export const rowOf = (cell) => Number(cell.parentElement.dataset.row ?? 0);

export class Table extends EventTarget {
  constructor(table) {
    super();
    this.table = table;
    this.rows = [...table.rows].filter((row) => row.dataset.row || row.parentElement.tagName === "THEAD");
    this.setActive(this.rows[0].cells[1] ?? this.rows[0].cells[0]);
    table.addEventListener("focusin", (event) => this.setActive(event.target.closest("td, th")));
    table.addEventListener("keydown", (event) => this.onKey(event));
    table.addEventListener("contextmenu", (event) => this.onContextMenu(event));
    table.addEventListener("click", (event) => this.onClick(event));
    onLongPress(table, (target, at) => this.ask("menu", target.closest("td, th"), at));
  }

  setActive(cell) {
    if (!cell || cell === this.active) return;
    this.active?.setAttribute("tabindex", "-1");
    this.active = cell;
    cell.tabIndex = 0;
  }

  focus(cell) {
    this.setActive(cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  ask(verb, cell, at = null) {
    if (!cell) return;
    this.focus(cell);
    this.dispatchEvent(new CustomEvent("verb", { detail: { verb, cell, at } }));
  }

  onContextMenu(event) {
    const cell = event.target.closest("td, th");
    if (!cell) return;
    event.preventDefault();
    const byKey = event.button !== 2 && event.pointerType !== "touch";
    this.ask("menu", cell, byKey ? null : { x: event.clientX, y: event.clientY });
  }

  onClick(event) {
    const button = event.target.closest("button[data-menu-of]");
    if (button) this.ask("menu", button.closest("th"));
    else if (event.target.closest("td, th")) this.focus(event.target.closest("td, th"));
  }

  onKey(event) {
    if (event.altKey || event.metaKey) return;
    const verb = this.verbOf(event);
    const cell = verb ? null : this.moved(event);
    if (!verb && !cell) return;
    event.preventDefault();
    event.stopPropagation();
    if (verb) this.ask(verb, this.active);
    else this.focus(cell);
  }

  verbOf(event) {
    if (event.ctrlKey) return null;
    const isMenu = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
    if (isMenu || event.key === "Enter") return "menu";
    return { s: "start", m: "map" }[event.key.toLowerCase()] ?? null;
  }

  moved(event) {
    const row = this.rows.indexOf(this.active.parentElement);
    const column = this.active.cellIndex;
    const last = { row: this.rows.length - 1, column: this.rows[0].cells.length - 1 };
    const far = event.ctrlKey;
    const to = {
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowDown: [far ? last.row : row + 1, column],
      ArrowLeft: [row, far ? 0 : column - 1],
      ArrowRight: [row, far ? last.column : column + 1],
      Home: [far ? 0 : row, 0],
      End: [far ? last.row : row, last.column],
      PageUp: [row - PAGE_ROWS, column],
      PageDown: [row + PAGE_ROWS, column],
    }[event.key];
    if (!to) return null;
    const bounded = (value, most) => Math.min(Math.max(value, 0), most);
    return this.rows[bounded(to[0], last.row)].cells[bounded(to[1], last.column)];
  }
}
