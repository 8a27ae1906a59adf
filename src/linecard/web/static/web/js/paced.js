// Work that is asked for more often than it should be done: one at a time, not while nobody looks, and with pauses that
// grow with what it takes, so that a busy server is not kept busy.

const PAUSES = 5; // times as long as the work took

export class Paced {
  #work;
  #least;
  #isAsked = false;
  #isBusy = false;
  #notBefore = 0;
  #timer;

  // `work` is done at most every `least` milliseconds; it may be asynchronous.
  constructor(work, least) {
    this.#work = work;
    this.#least = least;
    document.addEventListener("visibilitychange", () => this.#go());
  }

  ask() {
    this.#isAsked = true;
    this.#go();
  }

  #go() {
    clearTimeout(this.#timer);
    if (!this.#isAsked || this.#isBusy || document.hidden) return;
    const wait = this.#notBefore - performance.now();
    if (wait > 0) this.#timer = setTimeout(() => this.#go(), wait);
    else this.#run();
  }

  async #run() {
    this.#isAsked = false;
    this.#isBusy = true;
    const began = performance.now();
    try {
      await this.#work();
    } finally {
      const ended = performance.now();
      this.#notBefore = Math.max(began + this.#least, ended + PAUSES * (ended - began));
      this.#isBusy = false;
      this.#go();
    }
  }
}
