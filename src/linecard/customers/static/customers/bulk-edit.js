// The dialog of the bulk edit: fields are ticked to take part, and what would happen is shown beside them.
import { counted } from "../web/grid/formatters.js";
import { PreviewedDialog } from "../web/grid/previewed-dialog.js";
import { gettext } from "../web/js/texts.js";

export class BulkEdit extends PreviewedDialog {
  // `begun` is told what the server answered: a job, or {planned: when}.
  constructor(dialog, page, begun) {
    super(dialog, page);
    this.begun = begun;
  }

  title(what) {
    return gettext("Bulk edit of {what}", { what });
  }

  opened() {
    this.form.querySelector('input[name="fields"]').focus();
  }

  changed(target) {
    if (target.name === "fields") this.#unfold(target);
    super.changed(target);
  }

  #unfold(tick) {
    const control = tick.closest(".bulk-field").querySelector(".bulk-control");
    control.hidden = !tick.checked;
    if (!tick.checked) return;
    const first = ["input:not([hidden], [type=radio])", "select", "input:checked"];
    first.map((selector) => control.querySelector(selector)).find(Boolean)?.focus();
  }

  allow(count) {
    const go = this.part("go");
    const isLater = this.form.elements.namedItem("later").checked;
    go.disabled = count === 0;
    const what = counted(count, this.page.declaration);
    if (!count) go.textContent = isLater ? gettext("Plan") : gettext("Change");
    else go.textContent = isLater ? gettext("Plan for {what}", { what }) : gettext("Change {what}", { what });
  }
}
