// What the user is looking at: search, status, sort, filter and columns, kept in the page's address, and which saved view
// it comes from. Knows nothing of the component that shows rows.

// What makes a view; an address without any of it is bare.
const PARAMETERS = ["search", "status", "sort", "filter", "columns", "groups", "values", "pivot", "pins", "widths"];
const NO_VIEW = "none"; // where a bare address would open the default view

const readSort = (text) =>
  text
    .split(",")
    .filter(Boolean)
    .map((word) =>
      word.startsWith("-") ? { column: word.slice(1), direction: "desc" } : { column: word, direction: "asc" },
    );

const writeSort = (sort) => sort.map(({ column, direction }) => (direction === "desc" ? "-" : "") + column).join(",");

function readNames(text, known) {
  const names = text.split(",").filter((name) => known.has(name));
  return names.length ? names : null;
}

function readFilter(text) {
  try {
    const filter = JSON.parse(text);
    return filter instanceof Object && !Array.isArray(filter) ? filter : {};
  } catch {
    return {}; // a link that was cut short
  }
}

export class QueryModel extends EventTarget {
  #declaration;

  constructor(declaration) {
    super();
    this.#declaration = declaration;
    this.#read();
    addEventListener("popstate", () => {
      this.#read();
      this.#changed("address");
    });
  }

  #read() {
    const address = new URLSearchParams(location.search);
    const isBare = !PARAMETERS.some((name) => address.has(name));
    const { list = [], standard = null } = this.#declaration.views ?? {};
    const wanted = isBare && !address.has("view") ? standard : Number(address.get("view"));
    this.view = list.find(({ id }) => id === wanted) ?? null;
    Object.assign(this, this.#parse(isBare && this.view ? this.view.query : address));
  }

  // The state that some parameters stand for.
  #parse(query) {
    const address = new URLSearchParams(query);
    return {
      search: address.get("search") ?? "",
      status: address.get("status") ?? this.#bareStatus,
      sort: readSort(address.get("sort") ?? ""),
      filter: readFilter(address.get("filter") ?? "{}"),
      columns: readNames(address.get("columns") ?? "", this.#columnNames),
    };
  }

  get #columnNames() {
    return new Set(this.#declaration.columns.map(({ name }) => name));
  }

  get #bareStatus() {
    return this.#declaration.presets[0].value;
  }

  get #preset() {
    const { presets } = this.#declaration;
    return presets.find(({ value }) => value === this.status) ?? presets[0];
  }

  get shownColumns() {
    return this.columns ?? this.#declaration.columns.filter(({ shown }) => shown).map(({ name }) => name);
  }

  // What is in force, also where the address does not say it.
  get effectiveSort() {
    return this.sort.length ? this.sort : this.#declaration.sort;
  }

  // Whether anything keeps rows from being shown.
  get isNarrowed() {
    return this.search !== "" || this.status !== this.#bareStatus || Object.keys(this.filter).length > 0;
  }

  get matchingFilter() {
    return { ...this.filter, ...this.#preset.filter };
  }

  // The body of a query for some rows.
  page({ offset, limit }) {
    return {
      filter: this.matchingFilter,
      search: this.search,
      sort: this.sort,
      offset,
      limit,
      columns: this.#fetchedColumns(),
    };
  }

  // Changes some of the state. `rows` tells whether other rows are meant; `replace` keeps the browser's history short.
  set(changes, { rows = true, replace = false } = {}) {
    Object.assign(this, changes);
    history[replace ? "replaceState" : "pushState"](null, "", this.address());
    this.#changed(rows ? "rows" : "layout");
  }

  clear() {
    this.set({ search: "", status: this.#bareStatus, filter: {} });
  }

  // Shows what a saved view holds; null for none.
  open(view) {
    this.set({ view, ...this.#parse(view?.query ?? "") });
  }

  // Whether something else is shown than the open view holds.
  get isChanged() {
    return this.view !== null && this.query() !== this.query(this.#parse(this.view.query));
  }

  address() {
    const query = this.#addressQuery();
    return location.pathname + (query ? `?${query}` : "");
  }

  #addressQuery() {
    const query = this.query();
    if (!this.view) return query || !this.#declaration.views?.standard ? query : `view=${NO_VIEW}`;
    const named = `view=${this.view.id}`;
    return this.isChanged ? `${named}&${query || `status=${this.#bareStatus}`}` : named;
  }

  // The parameters that stand for a state: what a saved view keeps.
  query({ search, status, sort, filter, columns } = this) {
    const parts = new URLSearchParams();
    if (search) parts.set("search", search);
    if (status !== this.#bareStatus) parts.set("status", status);
    if (sort.length) parts.set("sort", writeSort(sort));
    if (Object.keys(filter).length) parts.set("filter", JSON.stringify(filter));
    if (columns) parts.set("columns", columns.join(","));
    return parts.toString().replaceAll("%2C", ","); // as people would write it
  }

  // An amount needs its currency, whether or not that column is shown.
  #fetchedColumns() {
    const shown = this.shownColumns;
    const currencies = this.#declaration.columns
      .filter(({ name, currency }) => currency && shown.includes(name))
      .map(({ currency }) => currency);
    return [...new Set([...shown, ...currencies])];
  }

  #changed(what) {
    this.dispatchEvent(new CustomEvent("change", { detail: { rows: what !== "layout" } }));
  }
}
