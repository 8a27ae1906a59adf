// Changes that the server tells of. All tabs of a browser share one stream: the tab that holds the lock reads it and
// passes on what it hears; when that tab closes, another takes over.

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
const SILENCE_MS = 40_000; // the server says something every 15 seconds
const GRACE_MS = 1500; // a stream that changes hands is not worth a word
const SLACK_MS = 500; // what is told was heard a little before

const user = document.documentElement.dataset.user;
const NAME = `linecard-live-${user}`;

// One stream from the server, opened again and again with growing pauses. `tell` hears what the tabs are told.
class Reader {
  #url;
  #tell;
  #source = null;
  #pause = FIRST_PAUSE_MS;
  #timer;
  #quietSince = null; // null: may miss something

  constructor(url, tell) {
    this.#url = url;
    this.#tell = tell;
    addEventListener("online", () => this.#hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.#hurry());
    this.#open();
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
    this.#tell = () => {};
  }

  // For a tab that has just come.
  state() {
    if (this.#quietSince === null) return { kind: "lost" };
    return { kind: "ready", quietSince: this.#quietSince };
  }

  #open() {
    this.#source = new EventSource(this.#url);
    this.#source.addEventListener("error", () => this.#fail());
    for (const kind of ["ready", "lost", "changed", "beat"]) {
      this.#source.addEventListener(kind, ({ data }) => this.#heard(kind, JSON.parse(data)));
    }
    this.#watch(SILENCE_MS, () => this.#fail());
  }

  #heard(kind, data) {
    this.#watch(SILENCE_MS, () => this.#fail());
    if (kind === "ready") {
      this.#pause = FIRST_PAUSE_MS;
      this.#quietSince = Date.now() - data.quiet_seconds * 1000;
      this.#tell(this.state());
      return;
    }
    if (kind === "lost") this.#quietSince = null;
    if (kind === "changed") this.#quietSince = Date.now();
    this.#tell({ kind, ...data });
  }

  #fail() {
    this.#source?.close();
    this.#source = null;
    this.#quietSince = null;
    this.#tell({ kind: "lost" });
    this.#watch(this.#pause * (0.7 + 0.6 * Math.random()), () => this.#open());
    this.#pause = Math.min(2 * this.#pause, LONGEST_PAUSE_MS);
  }

  // The network is back, or somebody looks: no reason to wait out the pause.
  #hurry() {
    if (this.#source || this.#pause === FIRST_PAUSE_MS) return;
    this.#pause = FIRST_PAUSE_MS;
    this.#watch(0, () => this.#open());
  }

  #watch(milliseconds, act) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, milliseconds);
  }
}

// What one tab knows: fires "changed" with {grid, ids} (ids null: many), "missed" when something may have passed by
// unheard, and "state" when `state` changes: "connecting", then "ready" or "lost".
class Live extends EventTarget {
  state = "connecting";
  #url;
  #channel = null;
  #reader = null;
  #release = () => {};
  #heardAll = performance.timeOrigin + SLACK_MS; // up to then, nothing was missed: the page itself is younger
  #grace;

  constructor(url) {
    super();
    this.#url = url;
    addEventListener("pagehide", () => this.#leave());
    addEventListener("pageshow", ({ persisted }) => persisted && this.#join());
    this.#join();
  }

  #join() {
    if (!navigator.locks) return this.#read(() => {}); // only over TLS or on this machine: else each tab for itself
    this.#channel = new BroadcastChannel(NAME);
    this.#channel.addEventListener("message", ({ data }) => this.#hear(data));
    const gone = new AbortController();
    this.#release = () => gone.abort();
    const hold = () =>
      new Promise((release) => {
        this.#release = release;
        this.#read((message) => this.#channel.postMessage(message));
      });
    navigator.locks.request(NAME, { signal: gone.signal }, hold).catch(() => {}); // left while it waited
    this.#channel.postMessage({ kind: "who" });
  }

  #leave() {
    this.#reader?.close();
    this.#reader = null;
    this.#release();
    this.#channel?.close();
    this.#channel = null;
  }

  #read(passOn) {
    this.#reader = new Reader(this.#url, (message) => {
      passOn(message);
      this.#hear(message);
    });
  }

  #hear(message) {
    if (message.kind === "who") {
      if (this.#reader) this.#channel.postMessage(this.#reader.state());
      return;
    }
    this.#show(message.kind === "lost" ? "lost" : "ready");
    if (message.kind === "lost") return;
    const missed = message.kind === "ready" && message.quietSince > this.#heardAll - SLACK_MS;
    this.#heardAll = Date.now();
    if (missed) this.dispatchEvent(new Event("missed"));
    if (message.kind === "changed") this.dispatchEvent(new CustomEvent("changed", { detail: message }));
  }

  #show(state) {
    clearTimeout(this.#grace);
    const show = () => {
      if (this.state === state) return;
      this.state = state;
      this.dispatchEvent(new Event("state"));
    };
    if (state === "lost") this.#grace = setTimeout(show, GRACE_MS);
    else show();
  }
}

let live;

// The page's stream, opened when it is first asked for.
export function liveFrom(url) {
  live ??= new Live(url);
  return live;
}
