// Sends a file to the server in pieces, one after the other. A piece that fails is sent again after a pause; when the
// pauses are used up, run() rejects, and goes on with the missing pieces when it is called again.
import { Problem, request } from "../web/js/http.js";
import { gettext } from "../web/js/texts.js";

const PIECE_BYTES = 1024 * 1024;
const PAUSES_MS = [500, 1000, 2000, 4000];

const UNREADABLE = {
  title: gettext("The file cannot be read any more"),
  detail: gettext("It was changed, moved or deleted since you chose it. Choose it again."),
};

// Whether the same request may well succeed a little later.
export const mayPass = (problem) => problem.status === 0 || problem.status === 429 || problem.status >= 500;

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

export class Sending {
  #file;
  #target;
  #url;
  #upload = null; // the addresses {pieces, finish, abandon}, as soon as the server knows of the file
  #sent = 0; // pieces that have arrived
  #stop = new AbortController();

  // `url` takes {target, file_name, size} and names the upload's own addresses.
  constructor(file, { target, url }) {
    this.#file = file;
    this.#target = target;
    this.#url = url;
  }

  cancel() {
    this.#stop.abort();
    // if this does not arrive, the server forgets the file by itself after a while
    if (this.#upload) request(this.#upload.abandon, { method: "POST", body: {} }).catch(() => {});
  }

  // Resolves with the address of the upload's page; rejects with a Problem, or an AbortError when cancelled.
  // `tell(bytes)` hears how much has arrived.
  async run(tell) {
    this.#upload ??= await this.#patiently(() => this.#begin());
    while (this.#sent * PIECE_BYTES < this.#file.size) {
      tell(this.#sent * PIECE_BYTES);
      const piece = await this.#piece(this.#sent);
      await this.#patiently(() => this.#post(`${this.#upload.pieces}${this.#sent}/`, piece));
      this.#sent += 1;
    }
    tell(this.#file.size);
    const { url } = await this.#patiently(() => this.#post(this.#upload.finish, {}));
    return url;
  }

  #begin() {
    return this.#post(this.#url, { target: this.#target, file_name: this.#file.name, size: this.#file.size });
  }

  #post(url, body) {
    return request(url, { method: "POST", body, signal: this.#stop.signal });
  }

  async #piece(number) {
    const from = number * PIECE_BYTES;
    try {
      return await this.#file.slice(from, from + PIECE_BYTES).arrayBuffer();
    } catch {
      throw new Problem(400, UNREADABLE);
    }
  }

  async #patiently(attempt) {
    for (const wait of PAUSES_MS) {
      try {
        return await attempt();
      } catch (problem) {
        if (!(problem instanceof Problem) || !mayPass(problem)) throw problem;
      }
      await pause(wait, this.#stop.signal);
    }
    return attempt();
  }
}
