// The dialog of Send: what is written, who would get it and what one of them would read, and begin.
import { counted, number } from "../web/grid/formatters.js";
import { started } from "../web/grid/grid.js";
import { enhanceWithin } from "../web/js/enhance.js";
import { html, request } from "../web/js/http.js";
import { inAnHour } from "../web/js/moments.js";
import { gettext, ngettext } from "../web/js/texts.js";
import { toast } from "../web/js/toasts.js";
import "./html-preview.js";

const PAUSE_MS = 300; // between the last key and the preview

class SendDialog {
  #page;
  #timer = 0;
  #asking = null;
  #written = null;

  constructor(dialog, page) {
    this.dialog = dialog;
    this.#page = page;
    dialog.addEventListener("close", () => this.#stop());
  }

  part(name) {
    return this.dialog.querySelector(`[data-send-part="${name}"]`);
  }

  async open() {
    const { selection, declaration, total } = this.#page;
    this.selected = JSON.stringify(this.#page.selected());
    this.dialog.querySelector(".dialog-title").textContent = gettext("Send to {what}", {
      what: counted(selection.count(total), declaration),
    });
    const body = this.part("body");
    body.innerHTML = await html(this.dialog.dataset.formUrl);
    enhanceWithin(body);
    this.form = body.querySelector("form");
    this.form.addEventListener("submit", (event) => this.#send(event));
    this.form.addEventListener("change", (event) => this.#changed(event));
    this.form.addEventListener("input", () => this.#soon());
    this.form.addEventListener("focusin", (event) => this.#remember(event.target));
    this.form.addEventListener("click", (event) => this.#clicked(event));
    this.dialog.showModal();
    this.#showChannel();
    this.form.elements.namedItem("subject").focus();
    this.#soon();
  }

  #remember(target) {
    if ("merge" in target.dataset) this.#written = target;
  }

  #clicked({ target }) {
    const insert = target.closest("[data-insert]");
    if (insert) this.#insert(insert.dataset.insert);
    const step = target.closest("[data-step]");
    if (step) this.#step(Number(step.dataset.step));
  }

  // At the caret of what was written in last.
  #insert(spelling) {
    const field = this.#written?.offsetParent ? this.#written : this.form.elements.namedItem("text");
    field.setRangeText(spelling, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    this.#soon();
  }

  #step(by) {
    const { number } = this.form.elements;
    number.value = Math.max(0, Number(number.value) + by);
    this.#preview();
  }

  #changed({ target }) {
    if (target.name === "channel") {
      this.form.elements.number.value = 0;
      this.#showChannel();
    }
    if (target === this.part("template")) this.#begin(target);
    if (target.name === "later") this.part("moment").hidden = !target.checked;
    if (target.value === "exact") {
      const exact = this.form.querySelector('input[type="datetime-local"]');
      exact.value ||= inAnHour();
      exact.focus();
    }
    this.#soon();
  }

  // With the texts of a template, which can be changed before they are sent.
  async #begin({ value, dataset }) {
    if (!value) return;
    try {
      const template = await request(`${dataset.url}${value}`);
      for (const name of ["subject", "text", "html"]) this.form.elements.namedItem(name).value = template[name];
      this.#soon();
    } catch (problem) {
      toast(problem.message, "error");
    }
  }

  #showChannel() {
    const channel = this.form.elements.channel.value;
    for (const part of this.form.querySelectorAll("[data-send-email]")) part.hidden = channel !== "email";
    for (const option of this.part("template")?.options ?? []) {
      option.hidden = Boolean(option.value) && option.dataset.channel !== channel;
      if (option.hidden && option.selected) this.part("template").value = "";
    }
    for (const told of this.form.querySelectorAll("[data-send-missing]")) {
      told.hidden = told.dataset.sendMissing !== channel;
    }
  }

  #data() {
    const data = new FormData(this.form);
    data.set("selection", this.selected);
    return data;
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#allow(0); // what is not previewed yet is not sent
    this.#timer = setTimeout(() => this.#preview(), PAUSE_MS);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #preview() {
    this.#stop();
    const asking = (this.#asking = new AbortController());
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
    this.#allow(Number(shown.querySelector("[data-recipients]")?.dataset.recipients ?? 0));
  }

  #allow(count) {
    const go = this.part("go");
    go.disabled = count === 0;
    if (!count) go.textContent = gettext("Send");
    else go.textContent = ngettext("Send to {count} recipient", "Send to {count} recipients", count, { count: number(count) });
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

  #begun({ recipients, page, is_later: isLater }) {
    this.#page.selection.clear();
    const values = { count: number(recipients) };
    const text = isLater
      ? ngettext("Planned for {count} recipient.", "Planned for {count} recipients.", recipients, values)
      : ngettext("Sending to {count} recipient.", "Sending to {count} recipients.", recipients, values);
    toast(text, "success", [{ label: gettext("See how it goes"), address: page }]);
  }
}

const page = await started;
const dialog = new SendDialog(document.getElementById("send-dialog"), page);
document.querySelector('[data-grid-action="send"]').addEventListener("click", () => {
  dialog.open().catch((problem) => toast(problem.message, "error"));
});
