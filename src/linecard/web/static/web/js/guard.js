// <form data-guard="name">: text typed here is not lost by accident.
//
// Leaving asks first. What is typed is also kept as a draft in this browser; after a crash or a reload it is offered
// again. A draft ends when the server says that it saved (a success message, or the event "saved"), when the person
// drops it, or at sign-out. A form that the server sends back with errors has data-guard-unsaved.
import { confirmed } from "./confirm.js";
import * as drafts from "./drafts.js";
import { onEach } from "./enhance.js";
import * as formValues from "./form-values.js";
import { ago } from "./moments.js";
import { gettext } from "./texts.js";

const WRITE_AFTER_MS = 300;
const guards = new Set();

class Guard {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.guard;
    this.isUnsaved = form.dataset.guardUnsaved !== undefined; // the server has refused these very values
    this.isLeaving = false;
    this.start = formValues.read(form);
    guards.add(this);
    form.addEventListener("input", () => this.onInput());
    form.addEventListener("change", () => this.onInput());
    form.addEventListener("saved", () => this.onSaved());
    form.addEventListener("reset", () => setTimeout(() => this.onSaved()));
    if (this.isUnsaved) this.keep();
    else this.offer();
  }

  get changes() {
    return formValues.changed(this.start, formValues.read(this.form));
  }

  get isDirty() {
    return this.form.isConnected && !this.isLeaving && (this.isUnsaved || Object.keys(this.changes).length > 0);
  }

  onInput() {
    this.form.classList.toggle("is-dirty", this.isDirty);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), WRITE_AFTER_MS);
  }

  keep(sent = false) {
    clearTimeout(this.timer);
    if (!this.form.isConnected || (this.offered && !sent)) return;
    const values = this.isUnsaved ? formValues.read(this.form) : this.changes;
    if (Object.keys(values).length) drafts.write(this.name, { values, sent });
    else drafts.drop(this.name);
  }

  onSubmit() {
    this.dismiss();
    this.keep(true);
    this.isLeaving = true;
  }

  onSaved() {
    this.isUnsaved = false;
    this.start = formValues.read(this.form);
    this.form.classList.remove("is-dirty");
    drafts.drop(this.name);
  }

  abandon() {
    this.isLeaving = true;
    clearTimeout(this.timer);
    drafts.drop(this.name);
  }

  offer() {
    const draft = drafts.read(this.name);
    if (!draft) return;
    const lost = formValues.changed(this.start, draft.values);
    if (!Object.keys(lost).length) {
      drafts.drop(this.name);
      return;
    }
    this.offered = this.banner(draft);
    this.form.prepend(this.offered);
  }

  banner(draft) {
    const banner = document.createElement("div");
    banner.className = "notice draft-offer";
    banner.setAttribute("role", "status");
    const text = document.createElement("span");
    text.textContent = gettext("You typed something here {when} that was not saved.", { when: ago(new Date(draft.at)) });
    banner.append(
      text,
      this.button(gettext("Restore it"), "btn btn-sm btn-primary", () => formValues.write(this.form, draft.values)),
      this.button(gettext("Discard it"), "btn btn-sm", () => drafts.drop(this.name)),
    );
    return banner;
  }

  button(label, classes, work) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = classes;
    button.textContent = label;
    button.addEventListener("click", () => {
      this.dismiss();
      work();
    });
    return button;
  }

  dismiss() {
    this.offered?.remove();
    this.offered = null;
  }
}

const dirty = () => [...guards].filter((guard) => guard.isDirty);

async function mayLeave() {
  if (!dirty().length) return true;
  const sure = await confirmed({
    title: gettext("Leave without saving?"),
    text: gettext("What you changed on this page has not been saved."),
    verb: gettext("Leave"),
    no: gettext("Stay"),
    danger: true,
  });
  if (sure) for (const guard of guards) guard.abandon();
  return sure;
}

function leavesThePage(event, link) {
  if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  if (link.target === "_blank" || link.hasAttribute("download") || link.hasAttribute("hx-get")) return false;
  return link.href.split("#")[0] !== location.href.split("#")[0];
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || !leavesThePage(event, link) || !dirty().length) return;
  event.preventDefault();
  if (await mayLeave()) location.assign(link.href);
});

// Signing out forgets the drafts: somebody else may sit here next.
async function signOut(event) {
  event.preventDefault();
  if (!(await mayLeave())) {
    event.target.ariaBusy = "false";
    return;
  }
  drafts.dropMine();
  event.target.submit();
}

addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (event.target.dataset.signOut !== undefined) signOut(event);
  else for (const guard of guards) if (guard.form === event.target) guard.onSubmit();
});

addEventListener("beforeunload", (event) => dirty().length && event.preventDefault());
addEventListener("pagehide", () => dirty().forEach((guard) => guard.keep()));
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const guard of guards) guard.isLeaving = false;
});

drafts.prune();
if (document.querySelector('[data-toast][data-level="success"]')) drafts.dropSent();
onEach("form[data-guard]", (form) => new Guard(form));
