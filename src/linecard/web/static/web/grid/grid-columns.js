// Columns as AG Grid takes them; a helper of the adapter.
import { icon } from "../js/icons.js";
import { isNumeric } from "./formatters.js";
import { TREE } from "./layout.js";

export const TICKS = "ticks";
export const TICK_WIDTH_PX = 44;

const TREE_WIDTH_PX = 280;
const PHONE_TREE_WIDTH_PX = 190;
const VALUE_WIDTH_PX = 164; // a total in the millions with its currency
const COUNT_WIDTH_PX = 116; // also of any value on a phone
const LEAST_WIDTH_PX = 64;
const NARROW_PX = 768;
// below this width only columns up to this priority are shown, unless somebody has chosen them
const PRIORITIES = [
  [480, 1],
  [1000, 2],
  [1300, 3],
];

const svg = (name) => () => icon(name);

export const ICONS = { sortAscending: svg("arrow-up"), sortDescending: svg("arrow-down") };

export const DEFAULTS = { resizable: true, suppressHeaderMenuButton: true, sortingOrder: ["asc", "desc"] };

export const mostPriority = (width) => PRIORITIES.find(([limit]) => width < limit)?.[1] ?? Infinity;

export class GridColumns {
  #model;
  #cells;
  #widths = new Map(); // of leaves that the address does not speak of

  constructor({ model, cells }) {
    this.#model = model;
    this.#cells = cells;
  }

  // The definitions of a layout's headers for so much room.
  definitions(headers, room) {
    return headers.map((header) => (header.children ? this.#group(header, room) : this.#leaf(header, room)));
  }

  // Remembers what the user made of a column. Gives the name that the address knows it by, if it does.
  resize(leaf, width) {
    this.#widths.set(leaf.id, width);
    return this.#nameOf(leaf);
  }

  // Columns to sort by in place of what was clicked: the groups' own column stands for all of them.
  sortTerms({ id }, direction) {
    const { groups, nameColumn } = this.#model;
    if (id !== TREE) return [{ column: this.#sortName(id), direction }];
    const columns = groups.length ? groups : [nameColumn.name];
    return columns.map((column) => ({ column, direction }));
  }

  #nameOf({ kind, column }) {
    return kind === "value" ? null : (column?.name ?? null);
  }

  #sortName(id) {
    return id.startsWith("value:") ? id.split(":")[2] : id;
  }

  #group({ id, label, children }, room) {
    return { groupId: id, headerName: label, marryChildren: true, children: this.definitions(children, room) };
  }

  #leaf(leaf, room) {
    const shape = { plain: () => this.#plain(leaf, room), tree: () => this.#tree(room), value: () => this.#value(leaf, room) };
    const width = this.#widths.get(leaf.id) ?? this.#model.widths[this.#nameOf(leaf)];
    return {
      colId: leaf.id,
      context: leaf,
      headerName: leaf.label,
      lockPinned: true,
      valueGetter: ({ data }) => data,
      // a row that is not here yet has no elements in its cells: its bars are in the style sheet
      cellRendererSelector: ({ data }) => (data ? { component: () => this.#cells.show(leaf, data) } : undefined),
      ...this.#sorted(leaf),
      ...shape[leaf.kind](),
      ...(width ? { width, minWidth: LEAST_WIDTH_PX, flex: null } : {}),
    };
  }

  #plain({ column }, room) {
    const isPinned = this.#model.pinnedColumns.includes(column.name);
    const fits = room >= NARROW_PX || column.opensRow;
    const isAddedUp = column.name in this.#model.values; // sums are longer than what they are of
    return {
      width: isAddedUp ? Math.max(column.width, VALUE_WIDTH_PX) : column.width,
      minWidth: column.grows ? column.width : LEAST_WIDTH_PX,
      flex: column.grows ? 1 : null,
      pinned: isPinned && fits ? "left" : null,
      hide: this.#model.columns === null && column.priority > mostPriority(room),
      ...numbers(isNumeric(column)),
    };
  }

  #tree(room) {
    const width = room < NARROW_PX ? PHONE_TREE_WIDTH_PX : TREE_WIDTH_PX;
    return { width, pinned: "left", lockPosition: "left", suppressMovable: true };
  }

  #value(leaf, room) {
    const isNarrow = room < NARROW_PX || !leaf.column;
    return { width: isNarrow ? COUNT_WIDTH_PX : VALUE_WIDTH_PX, suppressMovable: true, ...numbers(true) };
  }

  // A pivot's parts have no order of their own, nor has an amount in one of several currencies.
  #sorted(leaf) {
    const sortable = {
      tree: () => this.#model.groups.length > 0 || Boolean(leaf.column),
      plain: () => leaf.column.sorts,
      value: () => leaf.pivot === undefined && leaf.currency === undefined && Boolean(leaf.column?.sorts),
    }[leaf.kind]();
    const name = leaf.kind === "tree" ? (this.#model.groups[0] ?? leaf.column?.name) : leaf.column?.name;
    const place = sortable ? this.#model.effectiveSort.findIndex((term) => term.column === name) : -1;
    return {
      sortable,
      sort: place < 0 ? null : this.#model.effectiveSort[place].direction,
      sortIndex: place < 0 ? null : place,
    };
  }
}

const numbers = (isNumber) => ({
  type: isNumber ? "rightAligned" : undefined,
  cellClass: isNumber ? "cell-number" : undefined,
});
