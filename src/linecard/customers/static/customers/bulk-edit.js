// The dialog of the bulk edit: fields are ticked to take part, and what would happen is shown beside them.
import { enhanceWithin } from "../web/js/enhance.js";
import { html, request } from "../web/js/http.js";
import { inAnHour } from "../web/js/moments.js";
import { gettext } from "../web/js/texts.js";
import { counted } from "../web/grid/formatters.js";

const PAUSE_MS = 250; // between the last key and the preview

export class BulkEdit {
  #page;
  #begun;
  #timer = 0;
  #asking = null;
  #previewed = "";
  #answered = null;

  // `begun` is told what the server answered: a job, or {planned: when}.
  constructor(dialog, page, begun) {
    this.dialog = dialog;
    this.#page = page;
    this.#begun = begun;
    dialog.addEventListener("close", () => this.#stop());
  }

  part(name) {
    return this.dialog.querySelector(`[data-bulk-part="${name}"]`);
  }

  async open() {
    const { selection, declaration, total } = this.#page;
    this.selected = JSON.stringify(this.#page.selected());
    const count = selection.count(total);
    this.dialog.querySelector(".dialog-title").textContent = gettext("Bulk edit of {what}", {
      what: counted(count, declaration),
    });
    const body = this.part("body");
    body.innerHTML = await html(this.dialog.dataset.formUrl);
    enhanceWithin(body);
    this.form = body.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#send(event));
    this.form.addEventListener("change", (event) => this.#changed(event));
    this.form.addEventListener("input", () => this.#soon());
    this.form.addEventListener("keydown", (event) => this.#entered(event));
    this.dialog.showModal();
    this.form.querySelector('input[name="fields"]').focus();
    this.#preview();
  }

  #changed(event) {
    const { target } = event;
    if (target.name === "fields") this.#unfold(target);
    if (target.name === "later") this.part("moment").hidden = !target.checked;
    if (target.value === "exact") this.#proposeTime();
    this.#soon();
  }

  #unfold(tick) {
    const control = tick.closest(".bulk-field").querySelector(".bulk-control");
    control.hidden = !tick.checked;
    if (!tick.checked) return;
    const first = ["input:not([hidden], [type=radio])", "select", "input:checked"];
    first.map((selector) => control.querySelector(selector)).find(Boolean)?.focus();
  }

  #proposeTime() {
    const exact = this.form.querySelector('input[type="datetime-local"]');
    exact.value ||= inAnHour();
    exact.focus();
  }

  #data() {
    const data = new FormData(this.form);
    data.set("selection", this.selected);
    return data;
  }

  #soon() {
    // leaving a text tells of a change again that was told when it was typed
    if (this.#written() === this.#previewed) return;
    clearTimeout(this.#timer);
    this.#allow(0); // what is not previewed yet is not begun
    this.#timer = setTimeout(() => this.#preview(), PAUSE_MS);
  }

  #written() {
    return new URLSearchParams(this.#data()).toString();
  }

  // Enter in a field shows what would happen and leads to the button; a second Enter begins.
  async #entered(event) {
    if (event.key !== "Enter" || event.defaultPrevented || !event.target.matches("input")) return;
    event.preventDefault();
    if (this.#written() !== this.#previewed) this.#preview();
    await this.#answered;
    this.part("go").focus();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  #preview() {
    this.#answered = this.#showPreview();
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
    this.#allow(Number(shown.querySelector("[data-changed]")?.dataset.changed ?? 0));
  }

  #allow(count) {
    const go = this.part("go");
    const isLater = this.form.elements.namedItem("later").checked;
    go.disabled = count === 0;
    const what = counted(count, this.#page.declaration);
    if (!count) go.textContent = isLater ? gettext("Plan") : gettext("Change");
    else go.textContent = isLater ? gettext("Plan for {what}", { what }) : gettext("Change {what}", { what });
  }

  async #send(event) {
    event.preventDefault();
    const go = this.part("go");
    if (go.disabled) return;
    go.disabled = true;
    try {
      const answer = await request(this.dialog.dataset.url, { method: "POST", body: this.#data() });
      this.dialog.close();
      this.#begun(answer);
    } catch (problem) {
      const told = this.part("problem");
      told.textContent = problem.errors?.map((error) => error.message).join(" ") || problem.message;
      told.hidden = false;
      go.disabled = false;
    }
  }
}
