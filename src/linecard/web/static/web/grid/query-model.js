// What the user is looking at: which rows match, how they are ordered, grouped and added up, and which columns show
// them; kept in the page's address. Knows nothing of the component that shows rows.
import { readView, writeView } from "./address.js";
import { isChanged, readAddress, writeAddress } from "./open-view.js";

const FACET_ROWS = 200;
const MAX_GROUPS = 4; // as the server has it

// What a change of each part means to those who show it: "matching" other rows match; "order" the same ones in other
// places; "values" with other values; "layout" only other looks. The first that fits counts.
const KINDS = [
  ["matching", ["search", "status", "filter"]],
  ["order", ["sort", "groups"]],
  ["values", ["values", "pivot", "columns"]],
];

function kindOf(names) {
  return KINDS.find(([, parts]) => names.some((name) => parts.includes(name)))?.[0] ?? "layout";
}

const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

export class QueryModel extends EventTarget {
  #declaration;

  constructor(declaration) {
    super();
    this.#declaration = declaration;
    this.#read();
    addEventListener("popstate", () => {
      this.#read();
      this.#changed("matching");
    });
  }

  #read() {
    Object.assign(this, readAddress(location.search, this.#declaration));
  }

  get #bareStatus() {
    return this.#declaration.presets[0].value;
  }

  get #preset() {
    const { presets } = this.#declaration;
    return presets.find(({ value }) => value === this.status) ?? presets[0];
  }

  column(name) {
    return this.#declaration.columns.find((declared) => declared.name === name);
  }

  // The column whose value leads to a row's own page.
  get nameColumn() {
    return this.#declaration.columns.find(({ opensRow }) => opensRow);
  }

  get shownColumns() {
    return this.columns ?? this.#declaration.columns.filter(({ shown }) => shown).map(({ name }) => name);
  }

  get pinnedColumns() {
    return this.pins ?? [this.nameColumn?.name].filter(Boolean);
  }

  // What is in force, also where the address does not say it.
  get effectiveSort() {
    return this.sort.length ? this.sort : this.#declaration.sort;
  }

  // Whether rows stand under each other as groups, or their values beside each other by a pivot.
  get isArranged() {
    return this.groups.length > 0 || this.pivot !== null;
  }

  get showsTotals() {
    return this.isArranged || Object.keys(this.values).length > 0;
  }

  // Whether anything keeps rows from being shown.
  get isNarrowed() {
    return this.search !== "" || this.status !== this.#bareStatus || Object.keys(this.filter).length > 0;
  }

  get matchingFilter() {
    return { ...this.filter, ...this.#preset.filter };
  }

  // The body of a query for some rows: of the group at `path`, or of everything.
  // `isBare` asks for no more than the rows' ids.
  page({ path = [], offset, limit, knownTotal = null, isBare = false }) {
    // records need no values beside them, and those of everything are worked out once
    const isAddedUp = !isBare && (path.length < this.groups.length || (this.groups.length === 0 && offset === 0));
    return {
      filter: this.matchingFilter,
      search: this.search,
      sort: this.#sortWithin(path),
      offset,
      limit,
      known_total: knownTotal,
      columns: isBare ? [] : this.#fetchedColumns(),
      group_by: this.groups,
      group_path: path,
      values: isAddedUp ? this.values : {},
      pivot: isAddedUp ? this.pivot : null,
    };
  }

  // The body of a query for the values of a column and how many rows have each, whatever its own filter says.
  facets(name, term) {
    const filter = without(this.matchingFilter, name);
    if (term) filter[name] = term;
    return { filter, search: this.search, group_by: [name], limit: FACET_ROWS };
  }

  // Changes some of the state. `replace` keeps the browser's history short.
  set(changes, { replace = false } = {}) {
    const before = this.#needs();
    Object.assign(this, changes);
    history[replace ? "replaceState" : "pushState"](null, "", this.address());
    const kind = kindOf(Object.keys(changes));
    this.#changed(kind === "values" && this.#needs() === before ? "layout" : kind);
  }

  // Sets a column's filter, or clears it with null. A preset that speaks of the same column steps back.
  setFilter(name, term, options) {
    const filter = without(this.filter, name);
    if (term) filter[name] = term;
    const status = name in this.#preset.filter ? this.#bareStatus : this.status;
    this.set({ filter, status }, options);
  }

  // A preset and a filter of the same column would contradict each other.
  setStatus(status) {
    const preset = this.#declaration.presets.find(({ value }) => value === status);
    const kept = Object.entries(this.filter).filter(([name]) => !(name in preset.filter));
    this.set({ status, filter: Object.fromEntries(kept) });
  }

  showColumn(name, isShown) {
    const others = this.shownColumns.filter((shown) => shown !== name);
    this.set({ columns: isShown ? [...others, name] : others });
  }

  // Puts a shown column before or after its neighbour.
  moveColumn(name, by) {
    this.set({ columns: moved(this.shownColumns, name, by) });
  }

  // Puts shown columns into an order; those that are not among the names keep their places.
  orderColumns(names, options) {
    const order = names.filter((name) => this.shownColumns.includes(name));
    const places = new Set(order);
    this.set({ columns: this.shownColumns.map((name) => (places.has(name) ? order.shift() : name)) }, options);
  }

  moveGroup(name, by) {
    this.set({ groups: moved(this.groups, name, by) });
  }

  // Whether rows can be grouped by a column, further to those that they are grouped by.
  mayGroup({ name, groups }) {
    return groups && (this.groups.length < MAX_GROUPS || this.groups.includes(name));
  }

  // Groups by a column too, as the outermost with `at` 0.
  group(name, at = this.groups.length) {
    const groups = this.groups.filter((other) => other !== name);
    groups.splice(at, 0, name);
    this.set({ groups, pivot: this.pivot === name ? null : this.pivot });
  }

  ungroup(name) {
    this.set({ groups: this.groups.filter((other) => other !== name) });
  }

  // What to work out of a column for groups and totals; null for nothing.
  setValue(name, chosen) {
    this.set({ values: chosen ? { ...this.values, [name]: chosen } : without(this.values, name) });
  }

  setPivot(name) {
    this.set({ pivot: name, groups: this.groups.filter((other) => other !== name) });
  }

  pin(name, isPinned) {
    const others = this.pinnedColumns.filter((pinned) => pinned !== name);
    this.set({ pins: isPinned ? [...others, name] : others }, { replace: true });
  }

  // Sorts by a column alone, or after those that are sorted by already.
  sortBy(column, direction, { further = false } = {}) {
    const others = further ? this.effectiveSort.filter((term) => term.column !== column) : [];
    this.set({ sort: [...others, { column, direction }] });
  }

  // Shows only the rows of a group, grouped by the columns inside it.
  narrowTo(path) {
    const filter = { ...this.filter };
    path.forEach((value, level) => {
      filter[this.groups[level]] = value === null || value === "" ? { op: "empty" } : { op: "equals", value };
    });
    this.set({ filter, groups: this.groups.slice(path.length) });
  }

  clear() {
    this.set({ search: "", status: this.#bareStatus, filter: {} });
  }

  // The columns as they are when nobody has chosen any.
  resetLayout() {
    this.set({ columns: null, groups: [], values: {}, pivot: null, pins: null, widths: {} });
  }

  // What a saved view keeps.
  get query() {
    return writeView(this, this.#declaration);
  }

  // Shows what a saved view holds; null for none.
  open(view) {
    this.set({ ...readView(view?.query ?? "", this.#declaration), view });
  }

  // Whether something else is shown than the open view holds.
  get isChanged() {
    return isChanged(this, this.#declaration);
  }

  address() {
    const query = writeAddress(this, this.#declaration);
    return location.pathname + (query ? `?${query}` : "");
  }

  // Inside a group all rows have its values: they need no order by them, but one among themselves.
  #sortWithin(path) {
    if (path.length === 0 || path.length < this.groups.length) return this.sort;
    const sort = this.sort.filter(({ column }) => !this.groups.includes(column));
    return sort.length ? sort : this.#declaration.sort;
  }

  // An amount needs its currency, a row its name and its place in the pivot, whether or not those columns are shown.
  #fetchedColumns() {
    const wanted = [this.nameColumn?.name, ...this.shownColumns, ...Object.keys(this.values), this.pivot];
    const columns = wanted.map((name) => this.column(name)).filter(Boolean);
    return [...new Set(columns.flatMap(({ name, currency }) => (currency ? [name, currency] : [name])))];
  }

  // What has to be asked for, whatever its order.
  #needs() {
    return JSON.stringify([this.#fetchedColumns().sort(), this.values, this.pivot]);
  }

  #changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: { what } }));
  }
}

function moved(names, name, by) {
  const from = names.indexOf(name);
  const to = Math.min(Math.max(from + by, 0), names.length - 1);
  const others = names.filter((other) => other !== name);
  others.splice(to, 0, name);
  return others;
}
