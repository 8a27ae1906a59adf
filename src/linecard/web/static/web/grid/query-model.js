// What the user is looking at: search, status, sort, filter and columns, kept in the page's address. Knows nothing of the
// component that shows rows.

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
    this.search = address.get("search") ?? "";
    this.status = address.get("status") ?? this.#bareStatus;
    this.sort = readSort(address.get("sort") ?? "");
    this.filter = readFilter(address.get("filter") ?? "{}");
    this.columns = readNames(address.get("columns") ?? "", this.#columnNames);
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

  address() {
    const parts = new URLSearchParams();
    if (this.search) parts.set("search", this.search);
    if (this.status !== this.#bareStatus) parts.set("status", this.status);
    if (this.sort.length) parts.set("sort", writeSort(this.sort));
    if (Object.keys(this.filter).length) parts.set("filter", JSON.stringify(this.filter));
    if (this.columns) parts.set("columns", this.columns.join(","));
    const query = parts.toString().replaceAll("%2C", ","); // as people would write it
    return location.pathname + (query ? `?${query}` : "");
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
