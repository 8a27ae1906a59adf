// The only file, with its helpers grid-columns.js and grid-ticks.js, that knows AG Grid: a tree's rows by blocks, columns,
// sorting, ticks and keys, told to the rest in our own words.
import { onLongPress } from "../js/long-press.js";
import { TOTAL, totalLines } from "./cells.js";
import { DEFAULTS, GridColumns, ICONS, mostPriority, TICK_WIDTH_PX, TICKS } from "./grid-columns.js";
import { GridTicks } from "./grid-ticks.js";
import { GroupTree } from "./group-tree.js";
import { Layout, leavesOf, TREE } from "./layout.js";

const ROW_HEIGHT_PX = 36;
const LINE_HEIGHT_PX = 18;
const MARK_MS = 1200; // how long a cell that changed by itself is marked
const FADE_MS = 600;
const SCROLLBAR_PX = 16; // the component keeps so much for one, or lays its own over the rows
const NAME_WIDTHS_PX = [150, 420];

export class GridAdapter {
  #api;
  #element;
  #declaration;
  #model;
  #cells;
  #facets;
  #fetch;
  #tell;
  #tree;
  #columns;
  #ticks;
  #headers = [];
  #generation = 0;
  #waiting = 0; // answers for other rows

  // `fetch(query)` answers a query; `tell` is {answered, failed, open, scrolled, menu, say}.
  constructor(element, { declaration, model, selection, facets, cells, fetch, tell }) {
    this.#element = element;
    this.#declaration = declaration;
    this.#model = model;
    this.#cells = cells;
    this.#facets = facets;
    this.#fetch = fetch;
    this.#tell = tell;
    this.#columns = new GridColumns({ model, cells });
    this.#ticks = new GridTicks({ declaration, selection, grid: this });
    this.#tree = this.#newTree();
    if (declaration.first) this.#tree.seed(declaration.first);
    this.#lay();
    this.#api = globalThis.agGrid.createGrid(element, this.#options());
    this.#showTotals();
    this.#showRole();
    this.#listen();
    this.#nameThePivot();
  }

  get api() {
    return this.#api;
  }

  // How many records match.
  get total() {
    return this.#tree.totals?.count ?? 0;
  }

  // Shows other rows: asks for the first of them, and changes what is shown when they are here.
  show() {
    return this.#replace(async () => {
      const tree = this.#newTree();
      await tree.start();
      return tree;
    }, () => {
      this.#ticks.forget();
      this.#api.setGridOption("datasource", this.#source());
    });
  }

  // Asks for the rows in sight again; place, ticks and open groups stay.
  refresh() {
    return this.#replace(() => this.#tree.renewed(), () => this.#reload());
  }

  // Shows the same rows with the columns of now.
  arrange() {
    this.#lay();
    this.#api.setGridOption("columnDefs", this.#definitions());
    this.#showRole();
    this.#fill();
  }

  // The ids of the records that are loaded.
  loadedIds() {
    const ids = [];
    this.#api.forEachNode((node) => this.#ticks.isRecord(node) && ids.push(node.data.row[this.#declaration.key]));
    return ids;
  }

  // Puts newer values of loaded records in place and marks them for a moment. Gives the names of their columns.
  async put(records) {
    const changed = await this.#tree.put(records);
    this.#api.forEachNode((node) => {
      const news = this.#ticks.isRecord(node) && changed.get(node.data.row[this.#declaration.key]);
      if (!news) return;
      node.setData({ ...node.data, row: news.row });
      this.#mark(node, news.names);
    });
    return new Set([...changed.values()].flatMap(({ names }) => names));
  }

  // Whether other rows have been asked for and are not here yet.
  get isWaiting() {
    return this.#waiting > 0;
  }

  // Names of the first ticked rows that have been loaded.
  tickedNames(most) {
    return this.#ticks.names(most);
  }

  focus() {
    const first = this.#api.getAllDisplayedColumns().find((column) => column.getColId() !== TICKS);
    if (this.#tree.size > 0) this.#api.setFocusedCell(this.#firstInSight(), first);
  }

  // Puts a row, counted from 1, at the top of what is in sight.
  goTo(row) {
    if (row > 1 && row <= this.#tree.size) this.#api.ensureIndexVisible(row - 1, "top");
  }

  // The first and last row in sight, from 1, and how many there are.
  range() {
    const count = this.#api.getDisplayedRowCount();
    if (!count) return [0, 0, 0];
    return [this.#firstInSight() + 1, Math.min(this.#lastInSight() + 1, this.#tree.size), this.#tree.size];
  }

  // What stands in the columns from left to right, without the ticks.
  get leaves() {
    return leavesOf(this.#headers).filter(({ id }) => this.#api.getColumn(id)?.isVisible());
  }

  say(text) {
    this.#tell.say(text);
  }

  keys(from, to) {
    return this.#tree.keys(from, to);
  }

  async toggle(item) {
    if (!item.isOpen) {
      try {
        await this.#tree.open(item);
      } catch (problem) {
        return this.#tell.failed(problem);
      }
    } else this.#tree.close(item);
    this.#reload();
  }

  #mark(node, names) {
    const leaves = leavesOf(this.#headers).filter(({ column }) => column && names.includes(column.name));
    const fadeDuration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : FADE_MS;
    this.#api.flashCells({ rowNodes: [node], columns: leaves.map(({ id }) => id), flashDuration: MARK_MS, fadeDuration });
  }

  #newTree() {
    const { key, pageRows } = this.#declaration;
    const ask = (page) => this.#fetch(this.#model.page(page));
    return new GroupTree({ ask, groups: this.#model.groups, key, blockRows: pageRows });
  }

  // Of two that are asked for only the later one comes.
  async #replace(load, show) {
    const generation = ++this.#generation;
    this.#waiting += 1;
    try {
      const tree = await load();
      if (generation !== this.#generation) return;
      this.#tree = tree;
      this.arrange();
      this.#showTotals();
      show();
      this.#told();
      this.#nameThePivot();
    } catch (problem) {
      if (generation === this.#generation) this.#tell.failed(problem);
    } finally {
      this.#waiting -= 1;
    }
  }

  #reload() {
    this.#api.setRowCount(Math.max(this.#tree.size, 1), true);
    this.#api.refreshInfiniteCache();
  }

  #told() {
    if (this.#tree.totals) this.#tell.answered({ total: this.total, totals: this.#tree.totals });
  }

  #lay() {
    const labelOf = (column, key) => this.#facets.label(column, key);
    const layout = new Layout({ model: this.#model, totals: this.#tree.totals, labelOf });
    this.#headers = layout.headers();
  }

  #definitions() {
    const columns = this.#columns.definitions(this.#headers, this.#room);
    return this.#declaration.selects ? [this.#ticks.column(), ...columns] : columns;
  }

  // The window's width counts, not what the panels leave of it.
  get #room() {
    return this.#element.parentElement.clientWidth || innerWidth;
  }

  // The pivot's values are ids where it is a reference: their names come after.
  async #nameThePivot() {
    const column = this.#model.pivot && this.#model.column(this.#model.pivot);
    if (column?.kind !== "reference" || !this.#tree.totals?.pivot) return;
    const ids = Object.keys(this.#tree.totals.pivot).filter(Boolean).map(Number);
    if (await this.#facets.learn(column, ids)) this.arrange();
  }

  #showTotals() {
    const { totals } = this.#tree;
    const isShown = this.#model.showsTotals && totals;
    this.#api.setGridOption("pinnedBottomRowData", isShown ? [{ id: TOTAL, path: [], row: totals }] : []);
  }

  #totalHeight() {
    const lines = this.#model.isArranged ? 1 : totalLines(this.#tree.totals);
    return ROW_HEIGHT_PX + (lines - 1) * LINE_HEIGHT_PX;
  }

  #showRole() {
    const root = this.#element.querySelector('[role="grid"], [role="treegrid"]');
    root?.setAttribute("role", this.#model.groups.length ? "treegrid" : "grid");
    root?.setAttribute("aria-label", this.#declaration.many);
  }

  // What a screen reader is told of groups, which the component knows nothing of.
  #showLevels() {
    for (const { rowIndex, data } of this.#api.getRenderedNodes()) {
      for (const row of this.#element.querySelectorAll(`[role="row"][row-index="${rowIndex}"]`)) {
        const isTree = this.#model.groups.length > 0 && data;
        set(row, "aria-level", isTree ? data.level : null);
        set(row, "aria-expanded", isTree && data.isGroup ? data.isOpen : null);
      }
    }
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
    const { pageRows, first, selects } = this.#declaration;
    return {
      theme: "legacy",
      rowModelType: "infinite",
      columnDefs: this.#definitions(),
      defaultColDef: { ...DEFAULTS, suppressKeyboardEvent: (params) => this.#isOurs(params) },
      rowHeight: ROW_HEIGHT_PX,
      getRowHeight: ({ node }) => (node.rowPinned ? this.#totalHeight() : undefined),
      headerHeight: ROW_HEIGHT_PX,
      cacheBlockSize: pageRows,
      maxBlocksInCache: 6, // each is asked for again when rows come or go; the tree keeps more
      maxConcurrentDatasourceRequests: 2,
      blockLoadDebounceMillis: 30,
      infiniteInitialRowCount: Math.max(first ? this.#tree.size : 30, 1), // none would never be asked for
      datasource: this.#source(),
      getRowId: ({ data }) => data.id,
      // our own boxes tick; the component shows which rows are selected, and tells screen readers
      rowSelection: selects
        ? { mode: "multiRow", checkboxes: false, headerCheckbox: false, enableClickSelection: false }
        : undefined,
      icons: ICONS,
      suppressDragLeaveHidesColumns: true,
      suppressOverlays: ["loading", "noRows"],
      ensureDomOrder: true,
      enableCellTextSelection: true,
      onSortChanged: ({ source }) => source === "uiColumnSorted" && this.#sorted(),
      onColumnMoved: ({ finished, source }) => finished && source === "uiColumnMoved" && this.#moved(),
      onColumnResized: (event) => this.#resized(event),
      onModelUpdated: () => this.#drawn(),
      onViewportChanged: () => this.#drawn(),
      onBodyScroll: () => this.#tell.scrolled(),
      onCellClicked: (event) => this.#clicked(event),
      onCellKeyDown: (event) => this.#key(event),
      onRowDoubleClicked: ({ data }) => data?.row && !data.isGroup && data.id !== TOTAL && this.#tell.open(data.row, {}),
      onFirstDataRendered: () => this.#fill(),
    };
  }

  // The page could not say what its address asks for: the server does, or tells what is wrong with it.
  async #begin() {
    await this.#tree.start();
    this.arrange();
    this.#showTotals();
    this.#nameThePivot();
  }

  #source() {
    return {
      getRows: async ({ startRow, endRow, successCallback, failCallback }) => {
        try {
          if (!this.#tree.totals) await this.#begin();
          const items = await this.#tree.rows(startRow, endRow);
          successCallback(items, this.#tree.size);
          this.#told();
        } catch (problem) {
          failCallback();
          this.#tell.failed(problem);
        }
      },
    };
  }

  #sorted() {
    const sort = this.#api
      .getColumnState()
      .filter((state) => state.sort)
      .sort((one, other) => one.sortIndex - other.sortIndex)
      .flatMap((state) => this.#columns.sortTerms({ id: state.colId }, state.sort));
    const isDefault = JSON.stringify(sort) === JSON.stringify(this.#declaration.sort);
    this.#model.set({ sort: isDefault ? [] : sort });
  }

  // The order of the columns that could be moved; the others keep their places.
  #moved() {
    const order = this.#api.getAllGridColumns().map((column) => column.getColId());
    const shown = this.#model.shownColumns;
    const moved = order.filter((name) => shown.includes(name));
    this.#model.orderColumns(moved, { replace: true });
  }

  #resized({ finished, source, column }) {
    if (!finished || !column || !["uiColumnResized", "autosizeColumns"].includes(source)) return;
    const leaf = leavesOf(this.#headers).find(({ id }) => id === column.getColId());
    const width = Math.round(column.getActualWidth());
    const name = leaf && this.#columns.resize(leaf, width);
    if (name) this.#model.set({ widths: { ...this.#model.widths, [name]: width } }, { replace: true });
  }

  #listen() {
    new ResizeObserver(() => this.#fit()).observe(this.#element);
    this.#element.addEventListener("contextmenu", (event) => {
      const byKey = event.button !== 2 && event.pointerType !== "touch";
      const isOpened = this.#menu(event.target, byKey ? null : { x: event.clientX, y: event.clientY });
      if (isOpened) event.preventDefault();
    });
    this.#element.addEventListener("keydown", (event) => {
      const isMenu = event.key === "ContextMenu" || (event.shiftKey && event.key === "F10");
      if (isMenu && this.#menu(event.target, null)) event.preventDefault();
    });
    onLongPress(this.#element, (target, at) => this.#menu(target, at));
  }

  // Tells what the menu is asked for: a header's column, or a cell of an item.
  #menu(target, at) {
    const element = target.closest('[role="gridcell"], [role="columnheader"]');
    const leaf = leavesOf(this.#headers).find(({ id }) => id === element?.getAttribute("col-id"));
    if (!element || (!leaf && element.getAttribute("role") === "columnheader")) return false;
    const index = Number(element.closest('[role="row"]').getAttribute("row-index"));
    const isHeader = element.getAttribute("role") === "columnheader";
    const item = isHeader ? null : this.#api.getDisplayedRowAtIndex(index)?.data;
    if (!isHeader && !item) return false;
    this.#tell.menu({ element, at, leaf, item });
    return true;
  }

  #clicked(event) {
    this.#ticks.clicked(event);
    const { data, column } = event;
    if (data?.isGroup && column.getColId() === TREE) this.toggle(data);
  }

  // Keys that mean something else here than to the component.
  #isOurs({ event, node, column }) {
    if (event.key === " ") return true;
    if (!this.#model.groups.length || !node.data || node.rowPinned || column.getColId() !== TREE) return false;
    return this.#steps(event, node.data);
  }

  // Whether an arrow opens, closes or leaves a group, as in every tree.
  #steps({ key }, item) {
    if (key === "ArrowRight") return item.isGroup && !item.isOpen;
    return key === "ArrowLeft" && (item.isOpen || item.level > 1);
  }

  #key({ event, data, node, column }) {
    if (!data || node.rowPinned) return;
    if (event.key !== "Enter" && !this.#isOurs({ event, node, column })) return;
    event.preventDefault();
    if (!data.isOpen && event.key === "ArrowLeft") this.#toParent(data);
    else if (data.isGroup) this.toggle(data);
    else if (event.key === " ") this.#ticks.press(node, event.shiftKey);
    else this.#tell.open(data.row, { apart: event.ctrlKey || event.metaKey });
  }

  #toParent(item) {
    const place = this.#tree.parentOf(item);
    if (place < 0) return;
    this.#api.ensureIndexVisible(place);
    this.#api.setFocusedCell(place, TREE);
  }

  #drawn() {
    if (!this.#api) return;
    this.#ticks.show();
    this.#showLevels();
    this.#tell.scrolled();
  }

  #fit() {
    if (!this.#element.clientWidth) return;
    const most = mostPriority(this.#room);
    if (most !== this.fittedFor) this.arrange();
    else this.#fill();
    this.fittedFor = most;
  }

  // What room is left over goes to the row's name.
  #fill() {
    const name = this.#model.nameColumn;
    const shown = this.leaves;
    if (!name || this.#model.isArranged || name.name in this.#model.widths) return;
    if (!shown.some(({ id }) => id === name.name) || shown.some(({ column }) => column.grows)) return;
    const others = shown.filter(({ id }) => id !== name.name);
    const taken = others.reduce((sum, { id }) => sum + this.#api.getColumn(id).getActualWidth(), 0);
    const ticks = this.#declaration.selects ? TICK_WIDTH_PX : 0;
    const [least, most] = NAME_WIDTHS_PX;
    const spare = this.#element.clientWidth - ticks - taken - SCROLLBAR_PX;
    this.#api.setColumnWidths([{ key: name.name, newWidth: Math.min(Math.max(spare, least), most) }]);
  }
}

function set(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}
