// Which rows are ticked: some ids, or everything that matches except some. Never a list of all of them.

export class Selection extends EventTarget {
  all = false;
  #marked = new Map(); // ids that are ticked, or, with all, those that are not; each with its row's name

  has(id) {
    return this.all !== this.#marked.has(id);
  }

  count(total) {
    return this.all ? Math.max(total - this.#marked.size, 0) : this.#marked.size;
  }

  // "none", "some" or "all" of so many rows.
  extent(total) {
    const count = this.count(total);
    if (count === 0) return "none";
    return count >= total ? "all" : "some";
  }

  // Ticks or unticks rows, each as [id, name].
  set(rows, ticked) {
    const changed = rows.filter(([id]) => this.has(id) !== ticked);
    for (const [id, name] of changed) {
      if (ticked === this.all) this.#marked.delete(id);
      else this.#marked.set(id, name);
    }
    if (changed.length) this.#changed();
  }

  selectAll() {
    this.#become(true);
  }

  clear() {
    this.#become(false);
  }

  // Names of ticked rows that are known here: all of them for ids, none for "everything that matches".
  names() {
    return this.all ? [] : [...this.#marked.values()];
  }

  ids() {
    return this.all ? null : [...this.#marked.keys()];
  }

  // As the API takes it.
  request({ filter, search }) {
    if (!this.all) return { ids: this.ids() };
    return { all: true, filter, search, except: [...this.#marked.keys()] };
  }

  #become(all) {
    if (this.all === all && this.#marked.size === 0) return;
    this.all = all;
    this.#marked.clear();
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
