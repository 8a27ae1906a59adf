// Keeps a grid's rows as they are on the server: puts changed values in their place, and asks again, not too often, when
// rows may have come, gone or moved. Knows nothing of the component that shows rows.
import { liveFrom } from "../js/live.js";

const REFRESH_EVERY_MS = 2000;
const MOST_IDS = 1000; // that one query may name

const STATES = {
  ready: { tone: "good", label: "Live", title: "What others change appears here by itself" },
  lost: { tone: "warn", label: "Not live", title: "The connection is lost. What others change appears once it is back" },
};

const part = (name) => document.querySelector(`[data-grid-part="${name}"]`);

function showState(state) {
  if (!(state in STATES)) return;
  const { tone, label, title } = STATES[state];
  const shown = part("live");
  shown.className = `grid-live state state-${tone}`;
  shown.textContent = label;
  shown.title = title;
  shown.hidden = false;
  shown.setAttribute("aria-live", "polite"); // only from now on: that all is well is not worth a word
}

export class LiveRows {
  #declaration;
  #model;
  #rows;
  #fetch;
  #isMany = false;
  #waiting = new Set(); // ids that changed
  #busy = false;
  #refreshed = 0;
  #timer = null;

  // `rows` is {loadedIds, keys, range, put, isWaiting, refresh}.
  constructor({ declaration, model, rows, fetch }) {
    this.#declaration = declaration;
    this.#model = model;
    this.#rows = rows;
    this.#fetch = fetch;
    const { liveUrl } = part("live").dataset;
    if (!liveUrl) return;
    const live = liveFrom(liveUrl);
    live.addEventListener("changed", ({ detail }) => detail.grid === declaration.name && this.#changed(detail.ids));
    live.addEventListener("missed", () => this.#refreshSoon());
    live.addEventListener("state", () => showState(live.state));
    showState(live.state);
    document.addEventListener("visibilitychange", () => this.#work());
  }

  #changed(ids) {
    if (ids === null) this.#isMany = true;
    else ids.forEach((id) => this.#waiting.add(id));
    this.#work();
  }

  // One thing after the other, and nothing while nobody looks.
  async #work() {
    if (this.#busy || document.hidden || !(this.#isMany || this.#waiting.size)) return;
    this.#busy = true;
    try {
      await this.#update();
    } catch {
      this.#refreshSoon(); // which tells what is wrong, should it still be
    } finally {
      this.#busy = false;
    }
    this.#work();
  }

  async #update() {
    const isMany = this.#isMany || this.#waiting.size > MOST_IDS;
    const ids = [...this.#waiting];
    this.#waiting.clear();
    this.#isMany = false;
    const changed = isMany ? await this.#idsInSight() : ids;
    const loaded = new Set(this.#rows.loadedIds());
    const touched = changed.filter((id) => loaded.has(id));
    const isSettled = touched.length === changed.length && (await this.#put(touched));
    if (isMany || !isSettled) this.#refreshSoon();
  }

  // Whether that was all: no row left, and none belongs elsewhere now.
  async #put(ids) {
    if (!ids.length) return true;
    const answer = await this.#fetch(this.#question(ids));
    const columns = await this.#rows.put(answer.rows);
    return answer.total === ids.length && ![...columns].some((name) => this.#arranges(name));
  }

  async #idsInSight() {
    const [first, last] = this.#rows.range();
    return last ? this.#rows.keys(first - 1, last) : [];
  }

  #question(ids) {
    const { filter, search, columns } = this.#model.page({ offset: 0, limit: ids.length });
    return { filter, search, columns, ids, limit: ids.length };
  }

  // Whether rows stand where they stand because of this column, or something adds it up.
  #arranges(name) {
    const { effectiveSort, groups, values, pivot } = this.#model;
    return effectiveSort.some(({ column }) => column === name) || groups.includes(name) || name in values || name === pivot;
  }

  #refreshSoon() {
    if (this.#timer !== null) return;
    const wait = Math.max(this.#refreshed + REFRESH_EVERY_MS - performance.now(), 0);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#refreshed = performance.now();
      if (this.#rows.isWaiting) this.#refreshSoon(); // other rows were asked for, and must not be overtaken
      else this.#rows.refresh();
    }, wait);
  }
}
