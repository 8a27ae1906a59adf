// Which rows are ticked: some ids, or everything that matches except some. Never a list of all of them.

export class Selection extends EventTarget {
  all = false;
  #marked = new Set(); // ids that are ticked, or, with all, those that are not

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

  set(ids, ticked) {
    const changed = ids.filter((id) => this.has(id) !== ticked);
    for (const id of changed) {
      if (ticked === this.all) this.#marked.delete(id);
      else this.#marked.add(id);
    }
    if (changed.length) this.#changed();
  }

  selectAll() {
    this.#become(true);
  }

  clear() {
    this.#become(false);
  }

  // As the API takes it.
  request({ filter, search }) {
    const marked = [...this.#marked];
    return this.all ? { all: true, filter, search, except: marked } : { ids: marked };
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
