// Which rows are ticked: some ids, or everything that matches except some. Never a list of all of them.

// "none", "some" or "all", when so many of the total are ticked.
export function extentOf(count, total) {
  if (count === 0) return "none";
  return count >= total ? "all" : "some";
}

export const MAX_MARKED = 10_000; // as many ids as a selection may name

export class Selection extends EventTarget {
  all = false;
  beginnings = 0; // how often it has begun anew
  #marked = new Set(); // ids that are ticked, or, with all, those that are not

  // The ids that are ticked, or, with all, those that are not.
  get marked() {
    return this.#marked;
  }

  has(id) {
    return this.all !== this.#marked.has(id);
  }

  count(total) {
    return this.all ? Math.max(total - this.#marked.size, 0) : this.#marked.size;
  }

  // "none", "some" or "all" of so many rows.
  extent(total) {
    return extentOf(this.count(total), total);
  }

  // Gives whether that can be: no more than MAX_MARKED can be ticked, or taken out, one by one.
  set(ids, ticked) {
    const changed = ids.filter((id) => this.has(id) !== ticked);
    const isUnmarked = ticked === this.all;
    if (!isUnmarked && this.#marked.size + changed.length > MAX_MARKED) return false;
    for (const id of changed) {
      if (isUnmarked) this.#marked.delete(id);
      else this.#marked.add(id);
    }
    if (changed.length) this.#changed();
    return true;
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
    this.beginnings += 1;
    if (this.all === all && this.#marked.size === 0) return;
    this.all = all;
    this.#marked.clear();
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}
