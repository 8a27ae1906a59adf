// The dialog of Send: what is written, who would get it and what one of them would read, and begin.
import { number } from "../web/grid/formatters.js";
import { started } from "../web/grid/grid.js";
import { PreviewedDialog } from "../web/grid/previewed-dialog.js";
import { request } from "../web/js/http.js";
import { gettext, ngettext } from "../web/js/texts.js";
import { toast } from "../web/js/toasts.js";
import "./html-preview.js";

class SendDialog extends PreviewedDialog {
  #written = null; // the field that was written in last

  title(what) {
    return gettext("Send to {what}", { what });
  }

  opened() {
    this.form.addEventListener("focusin", ({ target }) => {
      if ("merge" in target.dataset) this.#written = target;
    });
    this.form.addEventListener("click", (event) => this.#clicked(event));
    this.#showChannel();
    this.form.elements.namedItem("subject").focus();
  }

  #clicked({ target }) {
    const insert = target.closest("[data-insert]");
    if (insert) this.#insert(insert.dataset.insert);
    const step = target.closest("[data-step]");
    if (step) this.#step(Number(step.dataset.step));
  }

  #insert(spelling) {
    const field = this.#written?.offsetParent ? this.#written : this.form.elements.namedItem("text");
    field.setRangeText(spelling, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    this.soon();
  }

  #step(by) {
    const { number: shown } = this.form.elements;
    shown.value = Math.max(0, Number(shown.value) + by);
    this.preview();
  }

  changed(target) {
    if (target.name === "channel") {
      this.form.elements.number.value = 0;
      this.#showChannel();
    }
    if (target === this.part("template")) this.#beginWith(target);
    super.changed(target);
  }

  // The texts of a template, which can be changed before they are sent.
  async #beginWith({ value, dataset }) {
    if (!value) return;
    try {
      const template = await request(`${dataset.url}${value}`);
      for (const name of ["subject", "text", "html"]) this.form.elements.namedItem(name).value = template[name];
      this.soon();
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

  allow(count) {
    const go = this.part("go");
    go.disabled = count === 0;
    if (!count) go.textContent = gettext("Send");
    else go.textContent = ngettext("Send to {count} recipient", "Send to {count} recipients", count, { count: number(count) });
  }

  begun({ recipients, page, is_later: isLater }) {
    this.page.selection.clear();
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
