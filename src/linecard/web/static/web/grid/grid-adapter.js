// The only file, with its helpers grid-columns.js, grid-keys.js, grid-roles.js, grid-ticks.js and rows-in-sight.js, that
// knows AG Grid: a tree's rows by blocks, columns, sorting, ticks and keys, told to the rest in our own words.
import { TOTAL, totalLines } from "./cells.js";
import { DEFAULTS, GridColumns, ICONS, mostPriority, TICK_WIDTH_PX, TICKS } from "./grid-columns.js";
import { GridKeys } from "./grid-keys.js";
import { showLevels, showRole } from "./grid-roles.js";
import { GridTicks } from "./grid-ticks.js";
import { GroupTree } from "./group-tree.js";
import { Layout, leavesOf, TREE } from "./layout.js";
import { rowsInSight } from "./rows-in-sight.js";

const ROW_HEIGHT_PX = 36;
const ROWS_BEYOND = 4; // drawn above and below what is in sight: few, for each is work while one scrolls
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
  #keys;
  #headers = [];
  #generation = 0;
  #isOutdated = false; // other rows are wanted than those of the tree
  #hasFailed = false; // to get what was asked for last
  #replacing = null; // the promise of another tree
  #toggling = null; // that of a group open or closed
  #waiting = 0; // answers for other rows
  #isHeld = false;
  #fittedFor; // the priority of the columns that there is room for

  // `fetch(query)` answers a query; `tell` is {answered, failed, open, scrolled, menu, say}.
  // `row`, counted from 1, is to stand at the top of what is in sight.
  constructor(element, { declaration, model, selection, facets, cells, fetch, tell, row = 1 }) {
    this.#element = element;
    this.#declaration = declaration;
    this.#model = model;
    this.#cells = cells;
    this.#facets = facets;
    this.#fetch = fetch;
    this.#tell = tell;
    this.#columns = new GridColumns({ model, cells });
    this.#ticks = new GridTicks({ declaration, model, selection, cells, fetch, tell, grid: this });
    this.#keys = new GridKeys(element, { model, ticks: this.#ticks, tell, grid: this });
    this.#tree = this.#newTree();
    if (declaration.first) this.#tree.seed(declaration.first);
    this.#lay();
    this.#fittedFor = mostPriority(this.#room);
    this.#api = globalThis.agGrid.createGrid(element, this.#options(row));
    if (row > 1) this.#goTo(row);
    showRole(this.#element, this.#model, this.#declaration.many);
    new ResizeObserver(() => this.#fit()).observe(element);
    element.addEventListener("pointerdown", () => (this.#isHeld = true), true);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (this.#isHeld = false), true);
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
    this.#isOutdated = true;
    const load = async () => {
      const tree = this.#newTree();
      await tree.start();
      return tree;
    };
    return this.#replace(load, () => {
      this.#isOutdated = false;
      this.#ticks.forget();
      this.#api.setGridOption("datasource", this.#source());
    });
  }

  // Asks for the rows in sight again; place, ticks and open groups stay.
  refresh() {
    if (this.#isOutdated) return this.show();
    return this.#replace(() => this.#tree.renewed(), () => this.#reload());
  }

  // Shows the same rows with the columns of now.
  arrange() {
    this.#lay();
    this.#api.setGridOption("columnDefs", this.#definitions());
    showRole(this.#element, this.#model, this.#declaration.many);
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

  // Whether this is no time for other rows: some have been asked for and are not here yet, or something is being dragged.
  get isWaiting() {
    return this.#waiting > 0 || this.#isHeld;
  }

  // Names of the first ticked rows that have been loaded.
  tickedNames(most) {
    return this.#ticks.names(most);
  }

  focus() {
    const first = this.#api.getAllDisplayedColumns().find((column) => column.getColId() !== TICKS);
    if (this.#tree.size > 0) this.#api.setFocusedCell(this.#inSight[0], first);
  }

  // The first and last row in sight, from 1, and how many there are.
  range() {
    const { size } = this.#tree;
    if (!this.#api.getDisplayedRowCount()) return [0, 0, 0];
    const [first, last] = this.#inSight;
    return [first + 1, Math.min(last + 1, size), size];
  }

  // What stands in the columns from left to right, without the ticks.
  get leaves() {
    return leavesOf(this.#headers).filter(({ id }) => this.#api.getColumn(id)?.isVisible());
  }

  get tree() {
    return this.#tree;
  }

  // Done when the rows that were asked for last are shown.
  get settled() {
    return this.#replacing;
  }

  keys(from, to) {
    return this.#tree.keys(from, to);
  }

  // Opens a group, or closes it.
  toggle(item) {
    this.#toggling = this.#toggle(item, [this.#toggling, this.#replacing]);
    return this.#toggling;
  }

  // One after the other with trees that come in place of this one: they are to know which groups are open.
  async #toggle(item, before) {
    await Promise.all(before);
    try {
      await this.#tree.toggle(item);
      this.#ticks.forget();
      this.#reload();
    } catch (problem) {
      this.#tell.failed(problem);
    }
  }

  // The leaf of the layout that a column shows.
  leafOf(id) {
    return leavesOf(this.#headers).find((leaf) => leaf.id === id);
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

  #replace(load, show) {
    this.#replacing = this.#load(load, show);
    return this.#replacing;
  }

  // Of two that are asked for only the later one comes.
  async #load(load, show) {
    const generation = ++this.#generation;
    this.#waiting += 1;
    try {
      await this.#toggling;
      const tree = await load();
      if (generation !== this.#generation) return;
      this.#tree = tree;
      this.#hasFailed = false;
      this.#ticks.renew();
      this.arrange();
      this.#showTotals();
      show();
      this.#told();
      this.#nameThePivot();
    } catch (problem) {
      if (generation === this.#generation) this.#fail(problem);
    } finally {
      this.#waiting -= 1;
    }
  }

  #reload() {
    this.#api.setRowCount(Math.max(this.#tree.size, 1), true);
    this.#api.refreshInfiniteCache();
  }

  #fail(problem) {
    this.#hasFailed = true;
    this.#tell.failed(problem);
  }

  // The component asks for rows of before, too: they are no answer to what has failed.
  #told() {
    if (this.#tree.totals && !this.#hasFailed) this.#tell.answered({ total: this.total, totals: this.#tree.totals });
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
    return this.#element.closest(".grid-frame").clientWidth || innerWidth;
  }

  // The pivot's values are ids where it is a reference: their names come after.
  async #nameThePivot() {
    const column = this.#model.pivot && this.#model.column(this.#model.pivot);
    if (column?.kind !== "reference" || !this.#tree.totals?.pivot) return;
    const ids = Object.keys(this.#tree.totals.pivot).filter(Boolean).map(Number);
    if (await this.#facets.learn(column, ids)) this.arrange();
  }

  #goTo(row) {
    if (row <= this.#tree.size) this.#api.ensureIndexVisible(row - 1, "top");
  }

  #totals() {
    const { totals } = this.#tree;
    const isShown = this.#model.showsTotals && totals;
    return isShown ? [{ id: TOTAL, path: [], row: totals }] : [];
  }

  #showTotals() {
    this.#api.setGridOption("pinnedBottomRowData", this.#totals());
  }

  #totalHeight() {
    const lines = this.#model.isArranged ? 1 : totalLines(this.#tree.totals);
    return ROW_HEIGHT_PX + (lines - 1) * LINE_HEIGHT_PX;
  }

  get #inSight() {
    return rowsInSight(this.#element, this.#api, ROW_HEIGHT_PX);
  }

  #options(row) {
    const { pageRows, first, selects } = this.#declaration;
    const expected = first ? (row > 1 ? this.#tree.size : 1) : 30; // rows that are here need no skeletons before
    return {
      theme: "legacy",
      rowModelType: "infinite",
      columnDefs: this.#definitions(),
      defaultColDef: { ...DEFAULTS, suppressKeyboardEvent: (params) => this.#keys.isOurs(params) },
      rowHeight: ROW_HEIGHT_PX,
      rowBuffer: ROWS_BEYOND,
      getRowHeight: ({ node }) => (node.rowPinned ? this.#totalHeight() : undefined),
      headerHeight: ROW_HEIGHT_PX,
      cacheBlockSize: pageRows,
      maxBlocksInCache: 6, // each is asked for again when rows come or go; the tree keeps more
      maxConcurrentDatasourceRequests: 2,
      blockLoadDebounceMillis: 30,
      infiniteInitialRowCount: Math.max(expected, 1), // none would never be asked for
      datasource: this.#source(),
      pinnedBottomRowData: this.#totals(),
      getRowId: ({ data }) => data.id,
      // our own boxes tick; the component shows which rows are selected, and tells screen readers
      rowSelection: selects
        ? { mode: "multiRow", checkboxes: false, headerCheckbox: false, enableClickSelection: false }
        : undefined,
      icons: ICONS,
      suppressDragLeaveHidesColumns: true,
      suppressOverlays: ["loading", "noRows"],
      ensureDomOrder: true,
      tabToNextCell: () => false, // arrows go from cell to cell; Tab leads on to what is beside the rows
      rowClassRules: { "row-awaited": ({ data }) => !data },
      onSortChanged: ({ source }) => source === "uiColumnSorted" && this.#sorted(),
      onColumnMoved: ({ finished, source }) => finished && source === "uiColumnMoved" && this.#moved(),
      onColumnResized: (event) => this.#resized(event),
      onModelUpdated: () => this.#drawn(),
      onViewportChanged: () => this.#drawn(),
      onBodyScroll: () => this.#tell.scrolled(),
      onCellClicked: (event) => this.#clicked(event),
      onCellKeyDown: (event) => this.#keys.pressed(event),
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
          this.#fail(problem);
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
    const leaf = this.leafOf(column.getColId());
    const width = Math.round(column.getActualWidth());
    const name = leaf && this.#columns.resize(leaf, width);
    if (name) this.#model.set({ widths: { ...this.#model.widths, [name]: width } }, { replace: true });
  }

  #clicked(event) {
    this.#ticks.clicked(event);
    const { data, column } = event;
    if (data?.isGroup && column.getColId() === TREE) this.toggle(data);
  }

  #drawn() {
    if (!this.#api) return;
    this.#ticks.show();
    showLevels(this.#element, this.#model, this.#api.getRenderedNodes());
    this.#tell.scrolled();
  }

  #fit() {
    if (!this.#element.clientWidth) return;
    const most = mostPriority(this.#room);
    if (most === this.#fittedFor) return this.#fill();
    this.#fittedFor = most;
    return this.arrange();
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
