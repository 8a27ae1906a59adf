// Keeps a grid's rows as they are on the server: puts changed values in their place, and asks again, not too often, when
// rows may have come, gone or moved. Knows nothing of the component that shows rows.
import { liveFrom } from "../js/live.js";
import { Paced } from "../js/paced.js";
import { gettext } from "../js/texts.js";

const VALUES_EVERY_MS = 250;
const PLACES_EVERY_MS = 2000;
const MOST_IDS = 1000; // that one query may name

const STATES = {
  ready: { tone: "good", label: gettext("Live"), title: gettext("What others change appears here by itself") },
  lost: {
    tone: "warn",
    label: gettext("Not live"),
    title: gettext("The connection is lost: what others change appears here once it is back"),
  },
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
  #model;
  #rows;
  #fetch;
  #isMany = false;
  #changed = new Set(); // ids
  #values = new Paced(() => this.#putValues(), VALUES_EVERY_MS);
  #places = new Paced(() => this.#askAgain(), PLACES_EVERY_MS);

  // `rows` is {loadedIds, keys, range, put, isWaiting, refresh}.
  constructor({ declaration, model, rows, fetch }) {
    this.#model = model;
    this.#rows = rows;
    this.#fetch = fetch;
    const { liveUrl } = part("live").dataset;
    if (!liveUrl) return;
    const live = liveFrom(liveUrl);
    live.addEventListener("changed", ({ detail }) => detail.grid === declaration.name && this.#heard(detail.ids));
    live.addEventListener("missed", () => this.#places.ask());
    live.addEventListener("state", () => showState(live.state));
    showState(live.state);
  }

  #heard(ids) {
    if (ids === null) this.#isMany = true;
    else ids.forEach((id) => this.#changed.add(id));
    this.#values.ask();
  }

  async #putValues() {
    const isMany = this.#isMany || this.#changed.size > MOST_IDS;
    const heard = [...this.#changed];
    this.#changed.clear();
    this.#isMany = false;
    try {
      const changed = isMany ? await this.#idsInSight() : heard;
      const loaded = new Set(this.#rows.loadedIds());
      const touched = changed.filter((id) => loaded.has(id));
      const isAll = (await this.#put(touched)) && touched.length === changed.length && !isMany;
      if (!isAll) this.#places.ask();
    } catch {
      this.#places.ask(); // which tells what is wrong, should it still be
    }
  }

  // Whether each of them matches as before and stands where it belongs.
  async #put(ids) {
    if (!ids.length) return true;
    const { filter, search, columns } = this.#model.page({ offset: 0, limit: ids.length });
    const answer = await this.#fetch({ filter, search, columns, ids, limit: ids.length });
    const names = await this.#rows.put(answer.rows);
    return answer.total === ids.length && ![...names].some((name) => this.#arranges(name));
  }

  async #idsInSight() {
    const [first, last] = this.#rows.range();
    return last ? this.#rows.keys(first - 1, last) : [];
  }

  // Whether rows stand where they do because of this column, or something adds it up.
  #arranges(name) {
    const { effectiveSort, groups, values, pivot } = this.#model;
    const isSorted = effectiveSort.some(({ column }) => column === name);
    return isSorted || groups.includes(name) || name in values || name === pivot;
  }

  #askAgain() {
    if (!this.#rows.isWaiting) return this.#rows.refresh();
    return this.#places.ask(); // later
  }
}
