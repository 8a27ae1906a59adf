// The only file that knows AG Grid: rows by blocks, columns, sorting, ticks and keys, told to the rest in our own words.
import { icon } from "../js/icons.js";
import { cell, isNumeric } from "./formatters.js";

const ROW_HEIGHT_PX = 36;
const TICK_WIDTH_PX = 44;
const SCROLLBAR_PX = 16; // the component keeps so much for one, or lays its own over the rows
const NAME_WIDTHS_PX = [150, 420];
// below this width only columns up to this priority are shown
const PRIORITIES = [
  [480, 1],
  [1000, 2],
  [1300, 3],
];

const TICKS = "ticks";

const svg = (name) => () => icon(name);

function tick() {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "form-check-input grid-tick";
  return box;
}

function skeleton(params) {
  const bar = document.createElement("span");
  bar.className = `skeleton skeleton-${(params.node.rowIndex + params.column.getInstanceId()) % 3}`;
  return bar;
}

export class GridAdapter {
  #api;
  #element;
  #declaration;
  #model;
  #selection;
  #fetch;
  #tell;
  #total = 0;
  #generation = 0;
  #applying = false;
  #lastTicked = null; // where a range begins

  // `fetch(page)` answers a query; `tell` is {answered, failed, open, scrolled}.
  constructor(element, { declaration, model, selection, fetch, tell }) {
    this.#element = element;
    this.#declaration = declaration;
    this.#model = model;
    this.#selection = selection;
    this.#fetch = fetch;
    this.#tell = tell;
    this.#total = declaration.first?.total ?? 0;
    this.#api = globalThis.agGrid.createGrid(element, this.#options());
    element.querySelector('[role="grid"], [role="treegrid"]')?.setAttribute("aria-label", declaration.many);
    selection.addEventListener("change", () => this.#showTicks());
    new ResizeObserver(() => this.#fit()).observe(element);
  }

  get total() {
    return this.#total;
  }

  // Shows other rows: asks for the first of them, and changes what is shown when they are here.
  async show() {
    const generation = ++this.#generation;
    try {
      const answer = await this.#fetch(this.#model.page({ offset: 0, limit: this.#declaration.pageRows }));
      if (generation !== this.#generation) return;
      this.#applySort();
      this.#api.setGridOption("datasource", this.#source(answer));
    } catch (problem) {
      if (generation === this.#generation) this.#tell.failed(problem);
    }
  }

  // Names of the first ticked rows that have been loaded.
  tickedNames(most) {
    const names = [];
    this.#api.forEachNode(({ data }) => {
      if (data && names.length < most && this.#selection.has(this.#id(data))) names.push(this.#rowName(data));
    });
    return names;
  }

  // Asks for the rows in sight again; place and ticks stay.
  refresh() {
    this.#api.refreshInfiniteCache();
  }

  focus() {
    const first = this.#api.getAllDisplayedColumns().find((column) => column.getColId() !== TICKS);
    if (this.#total > 0) this.#api.setFocusedCell(this.#firstInSight(), first);
  }

  // Puts a row, counted from 1, at the top of what is in sight.
  goTo(row) {
    if (row > 1 && row <= this.#total) this.#api.ensureIndexVisible(row - 1, "top");
  }

  // The first and last row in sight, from 1.
  range() {
    const count = this.#api.getDisplayedRowCount();
    if (!count) return [0, 0];
    return [this.#firstInSight() + 1, Math.min(this.#lastInSight() + 1, this.#total)];
  }

  #firstInSight() {
    const { top } = this.#api.getVerticalPixelRange();
    return Math.ceil(top / ROW_HEIGHT_PX);
  }

  #lastInSight() {
    const { bottom } = this.#api.getVerticalPixelRange();
    return Math.max(Math.floor(bottom / ROW_HEIGHT_PX) - 1, 0);
  }

  #options() {
    const { key, pageRows, first, selects } = this.#declaration;
    return {
      theme: "legacy",
      rowModelType: "infinite",
      columnDefs: [
        ...(selects ? [this.#tickColumn()] : []),
        ...this.#model.shownColumns.map((name) => this.#column(name)).filter(Boolean),
      ],
      defaultColDef: { resizable: true, suppressHeaderMenuButton: true, sortingOrder: ["asc", "desc"] },
      rowHeight: ROW_HEIGHT_PX,
      headerHeight: ROW_HEIGHT_PX,
      cacheBlockSize: pageRows,
      maxBlocksInCache: 20,
      maxConcurrentDatasourceRequests: 2,
      blockLoadDebounceMillis: 30,
      infiniteInitialRowCount: Math.max(first?.total ?? 30, 1), // none would never be asked for
      datasource: this.#source(first),
      getRowId: ({ data }) => String(data[key]),
      // our own boxes tick; the component shows which rows are selected, and tells screen readers
      rowSelection: selects
        ? { mode: "multiRow", checkboxes: false, headerCheckbox: false, enableClickSelection: false }
        : undefined,
      icons: { sortAscending: svg("arrow-up"), sortDescending: svg("arrow-down") },
      suppressDragLeaveHidesColumns: true,
      suppressOverlays: ["loading", "noRows"],
      ensureDomOrder: true,
      enableCellTextSelection: true,
      onSortChanged: () => this.#sorted(),
      onColumnMoved: ({ finished }) => finished && this.#moved(),
      onRowSelected: (event) => this.#ticked(event),
      onModelUpdated: () => this.#showTicks(),
      onViewportChanged: () => this.#scrolled(),
      onBodyScroll: () => this.#tell.scrolled(),
      onCellClicked: (event) => this.#clicked(event),
      onCellKeyDown: (event) => this.#key(event),
      onRowDoubleClicked: ({ data }) => data && this.#tell.open(data, {}),
      onFirstDataRendered: () => this.#fit(),
    };
  }

  #column(name) {
    const column = this.#declaration.columns.find((declared) => declared.name === name);
    if (!column) return null;
    const numeric = isNumeric(column);
    const place = this.#model.effectiveSort.findIndex((term) => term.column === name);
    return {
      colId: name,
      field: name,
      headerName: column.label,
      width: column.width,
      minWidth: column.grows ? column.width : 64,
      flex: column.grows ? 1 : undefined,
      pinned: column.opensRow ? "left" : undefined,
      lockPinned: true,
      sortable: column.sorts,
      sort: place < 0 ? undefined : this.#model.effectiveSort[place].direction,
      sortIndex: place < 0 ? undefined : place,
      type: numeric ? "rightAligned" : undefined,
      cellClass: numeric ? "cell-number" : undefined,
      cellRenderer: (params) => (params.data ? this.#cell(column, params.data) : skeleton(params)),
    };
  }

  #cell(column, row) {
    const shown = cell(column, row);
    if (!column.opensRow) return shown;
    const link = document.createElement("a");
    link.className = "cell-link";
    link.href = this.rowAddress(row);
    link.tabIndex = -1; // Enter opens the row; Tab goes from cell to cell
    link.append(shown);
    return link;
  }

  rowAddress(row) {
    return this.#declaration.rowUrl.replace("{id}", row[this.#declaration.key]);
  }

  #tickColumn() {
    const adapter = this;
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
          this.box = adapter.#headerTick();
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
          this.box = adapter.#rowTick(node);
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
          const row = this.node.data;
          this.box.disabled = !row;
          this.box.checked = Boolean(row) && adapter.#selection.has(adapter.#id(row));
          this.box.setAttribute("aria-label", row ? `Select ${adapter.#rowName(row)}` : "Loading");
        }
      },
    };
  }

  #headerTick() {
    const box = tick();
    box.setAttribute("aria-label", `Select all matching ${this.#declaration.many}`);
    const show = () => {
      const extent = this.#selection.extent(this.#total);
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

  // Beside the box is as good as on it: fingers are wide.
  #clicked({ column, node, event }) {
    if (column.getColId() !== TICKS || !node.data || event.target instanceof HTMLInputElement) return;
    this.#tickTo(node, !this.#selection.has(this.#id(node.data)), event.shiftKey);
  }

  #tickTo(node, ticked, ranges) {
    const from = ranges ? (this.#lastTicked ?? node.rowIndex) : node.rowIndex;
    this.#tickRange(from, node.rowIndex, ticked);
    this.#lastTicked = node.rowIndex;
  }

  #tickRange(from, to, ticked) {
    const ids = [];
    for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) {
      const row = this.#api.getDisplayedRowAtIndex(index)?.data;
      if (row) ids.push(this.#id(row));
    }
    this.#selection.set(ids, ticked);
  }

  // `first` is the answer for the first rows, when it is here before it is asked for.
  #source(first) {
    const generation = this.#generation;
    const isCurrent = () => generation === this.#generation;
    const known = new Map(first ? [[0, first]] : []);
    return {
      getRows: async ({ startRow, endRow, successCallback, failCallback }) => {
        if (!isCurrent()) return failCallback();
        try {
          const answer = known.get(startRow) ?? (await this.#block(startRow, endRow));
          known.clear();
          if (!isCurrent()) return failCallback();
          this.#total = answer.total;
          successCallback(answer.rows, answer.total);
          this.#tell.answered(answer);
        } catch (problem) {
          failCallback();
          if (isCurrent()) this.#tell.failed(problem);
        }
      },
    };
  }

  #block(startRow, endRow) {
    return this.#fetch(this.#model.page({ offset: startRow, limit: endRow - startRow }));
  }

  #sorted() {
    if (this.#applying) return;
    const sort = this.#api
      .getColumnState()
      .filter((state) => state.sort)
      .sort((one, other) => one.sortIndex - other.sortIndex)
      .map((state) => ({ column: state.colId, direction: state.sort }));
    const isDefault = JSON.stringify(sort) === JSON.stringify(this.#declaration.sort);
    this.#model.set({ sort: isDefault ? [] : sort }, { rows: false });
  }

  #applySort() {
    this.#applying = true;
    const state = this.#model.effectiveSort.map(({ column, direction }, sortIndex) => ({
      colId: column,
      sort: direction,
      sortIndex,
    }));
    this.#api.applyColumnState({ state, defaultState: { sort: null } });
    this.#applying = false;
  }

  #moved() {
    const named = new Set(this.#declaration.columns.map(({ name }) => name));
    const columns = this.#api.getAllGridColumns().map((column) => column.getColId());
    this.#model.set({ columns: columns.filter((name) => named.has(name)) }, { rows: false, replace: true });
  }

  // By the component's own keys; everything else comes through our boxes.
  #ticked({ node, source }) {
    if (source.startsWith("api") || !node.data) return;
    this.#selection.set([this.#id(node.data)], node.isSelected());
    this.#lastTicked = node.rowIndex;
  }

  #id(row) {
    return row[this.#declaration.key];
  }

  #rowName(row) {
    const names = this.#declaration.columns.filter(({ opensRow }) => opensRow);
    return names.map(({ name }) => row[name]).join(" ");
  }

  #showTicks() {
    if (!this.#declaration.selects) return;
    for (const node of this.#api?.getRenderedNodes() ?? []) {
      if (!node.data) continue;
      const ticked = this.#selection.has(this.#id(node.data));
      if (node.isSelected() !== ticked) node.setSelected(ticked, false, "api");
    }
    for (const box of this.#api?.getCellRendererInstances({ columns: [TICKS] }) ?? []) box.show();
  }

  #scrolled() {
    this.#showTicks();
    this.#tell.scrolled();
  }

  #key({ event, data }) {
    if (event.key !== "Enter" || !data) return;
    event.preventDefault();
    this.#tell.open(data, { apart: event.ctrlKey || event.metaKey });
  }

  // Fewer columns where there is less room; what is left over goes to the row's name.
  #fit() {
    const width = this.#element.clientWidth;
    if (!width || !this.#api) return;
    const most = PRIORITIES.find(([limit]) => width < limit)?.[1] ?? Infinity;
    const declared = this.#declaration.columns.filter(({ name }) => this.#api.getColumn(name));
    const hidden = declared.filter(({ priority }) => priority > most).map(({ name }) => name);
    const shown = declared.filter(({ priority }) => priority <= most).map(({ name }) => name);
    this.#api.setColumnsVisible(hidden, false);
    this.#api.setColumnsVisible(shown, true);
    this.#fill(declared.filter(({ name }) => shown.includes(name)), width);
  }

  #fill(columns, width) {
    const name = columns.find(({ opensRow }) => opensRow);
    if (!name || columns.some(({ grows }) => grows)) return;
    const others = columns.filter((column) => column !== name).reduce((sum, column) => sum + column.width, 0);
    const [least, most] = NAME_WIDTHS_PX;
    const ticks = this.#declaration.selects ? TICK_WIDTH_PX : 0;
    const spare = width - ticks - others - SCROLLBAR_PX;
    const newWidth = Math.min(Math.max(spare, least), most);
    this.#api.setColumnWidths([{ key: name.name, newWidth }]);
  }
}
