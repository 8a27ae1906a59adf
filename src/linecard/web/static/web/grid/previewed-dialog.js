// A dialog about the selected rows whose form shows, beside what is typed, what would happen: only what was shown can be
// begun. Its parts are told apart by data-part: body, preview, moment (of "later"), problem, go.
import { enhanceWithin } from "../js/enhance.js";
import { html, request } from "../js/http.js";
import { inAnHour } from "../js/moments.js";
import { counted } from "./formatters.js";

const PAUSE_MS = 250; // between the last key and the preview

// A dialog brings: title(what), opened(), allow(count), begun(answer).
export class PreviewedDialog {
  #timer = 0;
  #asking = null;
  #previewed = "";
  #answered = null;

  constructor(dialog, page) {
    this.dialog = dialog;
    this.page = page;
    dialog.addEventListener("close", () => this.#stop());
  }

  part(name) {
    return this.dialog.querySelector(`[data-part="${name}"]`);
  }

  async open() {
    const { selection, declaration, total } = this.page;
    this.selected = JSON.stringify(this.page.selected());
    const what = counted(selection.count(total), declaration);
    this.dialog.querySelector(".dialog-title").textContent = this.title(what);
    const body = this.part("body");
    body.innerHTML = await html(this.dialog.dataset.formUrl);
    enhanceWithin(body);
    this.form = body.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#send(event));
    this.form.addEventListener("change", (event) => this.changed(event.target));
    this.form.addEventListener("input", () => this.soon());
    this.form.addEventListener("keydown", (event) => this.#entered(event));
    this.dialog.showModal();
    this.opened();
    this.preview();
  }

  changed(target) {
    if (target.name === "later") this.part("moment").hidden = !target.checked;
    if (target.value === "exact") this.#proposeTime();
    this.soon();
  }

  #proposeTime() {
    const exact = this.form.querySelector('input[type="datetime-local"]');
    exact.value ||= inAnHour();
    exact.focus();
  }

  soon() {
    // leaving a text tells of a change again that was told when it was typed
    if (this.#written() === this.#previewed) return;
    clearTimeout(this.#timer);
    this.allow(0); // what is not previewed yet is not begun
    this.#timer = setTimeout(() => this.preview(), PAUSE_MS);
  }

  preview() {
    this.#answered = this.#showPreview();
  }

  #data() {
    const data = new FormData(this.form);
    data.set("selection", this.selected);
    return data;
  }

  #written() {
    return new URLSearchParams(this.#data()).toString();
  }

  // Enter in a field shows what would happen and leads to the button; a second Enter begins.
  async #entered(event) {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input")) return;
    event.preventDefault();
    if (this.#written() !== this.#previewed) this.preview();
    await this.#answered;
    this.part("go").focus();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #showPreview() {
    this.#stop();
    const asking = (this.#asking = new AbortController());
    this.#previewed = this.#written();
    const shown = this.part("preview");
    shown.setAttribute("aria-busy", "true");
    try {
      const options = { method: "POST", body: this.#data(), signal: asking.signal };
      shown.innerHTML = await html(this.dialog.dataset.previewUrl, options);
      enhanceWithin(shown);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      shown.textContent = problem.message;
    }
    shown.removeAttribute("aria-busy");
    this.allow(Number(shown.querySelector("[data-affected]")?.dataset.affected ?? 0));
  }

  async #send(event) {
    event.preventDefault();
    const go = this.part("go");
    if (go.disabled) return;
    go.disabled = true;
    try {
      const answer = await request(this.dialog.dataset.url, { method: "POST", body: this.#data() });
      this.dialog.close();
      this.begun(answer);
    } catch (problem) {
      const told = this.part("problem");
      told.textContent = problem.errors?.map((error) => error.message).join(" ") || problem.message;
      told.hidden = false;
      go.disabled = false;
    }
  }
}
