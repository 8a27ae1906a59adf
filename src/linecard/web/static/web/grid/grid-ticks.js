// The boxes that tick rows, as AG Grid takes them; a helper of the adapter.
import { TICK_WIDTH_PX, TICKS } from "./grid-columns.js";

const MAX_RANGE_ROWS = 10_000; // as many ids as a selection may name

function tick() {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "form-check-input grid-tick";
  return box;
}

export class GridTicks {
  #declaration;
  #selection;
  #grid;
  #last = null; // where a range begins

  // `grid` is {total, api, keys(from, to), say(text)}.
  constructor({ declaration, selection, grid }) {
    this.#declaration = declaration;
    this.#selection = selection;
    this.#grid = grid;
    selection.addEventListener("change", () => this.show());
  }

  // Other rows stand at the places: no range begins among the old ones.
  forget() {
    this.#last = null;
  }

  column() {
    const ticks = this;
    return {
      colId: TICKS,
      headerName: "Selection",
      width: TICK_WIDTH_PX,
      pinned: "left",
      lockPosition: "left",
      resizable: false,
      sortable: false,
      suppressMovable: true,
      headerComponent: class {
        init() {
          this.box = ticks.#headerTick();
        }
        getGui() {
          return this.box;
        }
        refresh() {
          return true;
        }
      },
      cellRenderer: class {
        init({ node }) {
          this.node = node;
          this.box = ticks.#rowTick(node);
          this.show();
        }
        getGui() {
          return this.box;
        }
        refresh({ node }) {
          this.node = node;
          this.show();
          return true;
        }
        show() {
          ticks.#showRow(this.box, this.node);
        }
      },
    };
  }

  // Beside the box is as good as on it: fingers are wide.
  clicked({ column, node, event }) {
    if (column.getColId() !== TICKS || !this.isRecord(node) || event.target instanceof HTMLInputElement) return;
    this.#tickTo(node, !this.#selection.has(this.#id(node.data)), event.shiftKey);
  }

  // By the keyboard: ticks a row or takes it out, or ticks from where that was done last.
  press(node, ranges) {
    if (!this.#declaration.selects || !this.isRecord(node)) return;
    this.#tickTo(node, ranges || !this.#selection.has(this.#id(node.data)), ranges);
  }

  show() {
    if (!this.#declaration.selects) return;
    for (const node of this.#grid.api?.getRenderedNodes() ?? []) {
      if (!this.isRecord(node)) continue;
      const ticked = this.#selection.has(this.#id(node.data));
      if (node.isSelected() !== ticked) node.setSelected(ticked, false, "api");
    }
    for (const box of this.#grid.api?.getCellRendererInstances({ columns: [TICKS] }) ?? []) box.show();
  }

  // Names of the first ticked rows that have been loaded.
  names(most) {
    const names = [];
    this.#grid.api.forEachNode((node) => {
      if (names.length >= most || !this.isRecord(node)) return;
      if (this.#selection.has(this.#id(node.data))) names.push(this.#rowName(node.data.row));
    });
    return names;
  }

  isRecord({ data, rowPinned }) {
    return Boolean(data) && !rowPinned && !data.isGroup;
  }

  #headerTick() {
    const box = tick();
    box.setAttribute("aria-label", `Select all matching ${this.#declaration.many}`);
    const show = () => {
      const extent = this.#selection.extent(this.#grid.total);
      box.checked = extent === "all";
      box.indeterminate = extent === "some";
    };
    box.addEventListener("change", () => (box.checked ? this.#selection.selectAll() : this.#selection.clear()));
    this.#selection.addEventListener("change", show);
    show();
    return box;
  }

  #rowTick(node) {
    const box = tick();
    box.tabIndex = -1; // Space on the row ticks it
    box.addEventListener("click", ({ shiftKey }) => this.#tickTo(node, box.checked, shiftKey));
    box.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()); // selects no text
    return box;
  }

  #showRow(box, node) {
    const isRecord = this.isRecord(node);
    const isLoading = !node.data;
    box.hidden = !isRecord && !isLoading;
    box.disabled = !isRecord;
    box.checked = isRecord && this.#selection.has(this.#id(node.data));
    box.setAttribute("aria-label", isRecord ? `Select ${this.#rowName(node.data.row)}` : "Loading");
  }

  async #tickTo(node, ticked, ranges) {
    const from = ranges ? (this.#last ?? node.rowIndex) : node.rowIndex;
    this.#last = node.rowIndex;
    const [first, last] = [Math.min(from, node.rowIndex), Math.max(from, node.rowIndex)];
    if (first === last) return this.#selection.set([this.#id(node.data)], ticked);
    if (last - first >= MAX_RANGE_ROWS) {
      this.#grid.say("So many rows cannot be ticked by a range: select all, then take out those you do not mean.");
      this.show();
      return;
    }
    this.#selection.set(await this.#grid.keys(first, last + 1), ticked);
    this.show();
  }

  #id({ row }) {
    return row[this.#declaration.key];
  }

  #rowName(row) {
    const names = this.#declaration.columns.filter(({ opensRow }) => opensRow);
    return names.map(({ name }) => row[name]).join(" ");
  }
}
