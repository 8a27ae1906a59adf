// How much of each group is ticked. Ticked rows need not have been loaded, and may move to other groups: where they stand
// is asked of the server.
import { plain } from "./group-tree.js";
import { extentOf, MAX_MARKED } from "./selection.js";

const ROWS_AT_ONCE = 1000; // the most that one answer holds

export class GroupShares extends EventTarget {
  #key;
  #model;
  #selection;
  #fetch;
  #places = new Map(); // the id of a marked row → the values of its groups; null where it is in none of them
  #counts = new Map(); // a group's path as JSON → how many marked rows stand in it
  #generation = 0;
  #learning = null;

  constructor({ declaration, model, selection, fetch }) {
    super();
    this.#key = declaration.key;
    this.#model = model;
    this.#selection = selection;
    this.#fetch = fetch;
    selection.addEventListener("change", () => this.#learn());
  }

  // Other groups are shown, or rows may stand in others of them.
  renew() {
    this.#places.clear();
    this.#learn();
  }

  // Where a row stands, for whoever knows it already.
  place(id, path) {
    this.#places.set(id, path);
  }

  // "none", "some" or "all" of a group's rows.
  extent({ path, row }) {
    const marked = this.#counts.get(JSON.stringify(path)) ?? 0;
    return extentOf(this.#selection.all ? Math.max(row.count - marked, 0) : marked, row.count);
  }

  // The ids of a group's marked rows.
  async markedIn({ path }) {
    await this.#learning;
    const isInside = (place) => place && path.every((value, level) => value === place[level]);
    return [...this.#selection.marked].filter((id) => isInside(this.#places.get(id)));
  }

  // The ids of all rows in a group.
  async members({ path }) {
    const [outer, inner] = [this.#model.groups.slice(0, path.length), this.#model.groups.slice(path.length)];
    const ids = [];
    // it may have grown beyond what can be ticked
    for (let total = Infinity, offset = 0; offset < total && ids.length <= MAX_MARKED; offset += ROWS_AT_ONCE) {
      const within = { group_by: outer, group_path: path, columns: inner, offset };
      const answer = await this.#ask(within);
      for (const row of answer.rows) {
        this.place(row[this.#key], [...path, ...inner.map((name) => plain(row[name]))]);
        ids.push(row[this.#key]);
      }
      ({ total } = answer);
    }
    return ids;
  }

  #ask(query) {
    const { matchingFilter: filter, search } = this.#model;
    return this.#fetch({ filter, search, limit: ROWS_AT_ONCE, ...query });
  }

  #learn() {
    this.#learning = this.#find(++this.#generation).catch(() => {}); // the next change asks again
  }

  // Until all is known, what was known before is shown.
  async #find(generation) {
    const { groups: columns } = this.#model;
    const unknown = columns.length ? [...this.#selection.marked].filter((id) => !this.#places.has(id)) : [];
    for (let from = 0; from < unknown.length; from += ROWS_AT_ONCE) {
      const ids = unknown.slice(from, from + ROWS_AT_ONCE);
      const { rows } = await this.#ask({ ids, columns });
      if (generation !== this.#generation) return;
      for (const id of ids) this.place(id, null);
      for (const row of rows) this.place(row[this.#key], columns.map((name) => plain(row[name])));
    }
    this.#count();
    this.dispatchEvent(new Event("change"));
  }

  #count() {
    this.#counts.clear();
    for (const id of this.#selection.marked) {
      const place = this.#places.get(id) ?? [];
      for (let depth = 1; depth <= place.length; depth += 1) {
        const name = JSON.stringify(place.slice(0, depth));
        this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      }
    }
  }
}
