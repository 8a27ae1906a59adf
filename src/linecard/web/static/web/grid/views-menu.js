// The menu of saved views: opens, saves, renames, shares, deletes them, and says which one a bare address opens.
import { confirmed } from "../js/confirm.js";
import { request } from "../js/http.js";
import { icon } from "../js/icons.js";
import { toast } from "../js/toasts.js";
import { gettext } from "../js/texts.js";

const part = (name) => document.querySelector(`[data-${name}]`);

// Which verbs a view takes, and what they are called now. False hides one.
const VERBS = {
  save: ({ view, model }) => view?.changeable && model.isChanged && gettext("Save “{name}”", { name: view.name }),
  saveAs: () => gettext("Save as…"),
  back: ({ view, model }) => model.isChanged && gettext("Back to “{name}” as saved", { name: view.name }),
  rename: ({ view }) => view?.changeable && gettext("Rename…"),
  share: ({ view }) =>
    view?.changeable && (view.shared ? gettext("Stop sharing it") : gettext("Share it with my colleagues")),
  link: ({ view }) => view && gettext("Copy its link"),
  standard: ({ view }) => view && (view.default ? gettext("No longer open with it") : gettext("Always open with it")),
  standardForAll: ({ view, views }) =>
    view?.shared &&
    views.manages &&
    (view.default_for_all ? gettext("No longer the default for all") : gettext("Make it the default for all")),
  remove: ({ view }) => view?.changeable && gettext("Delete…"),
};

export class ViewsMenu {
  #declaration;
  #views;
  #model;
  #menu = part("views-menu");
  #dialog = document.getElementById("view-dialog");
  #finish = null; // what the dialog is for

  constructor({ declaration, model }) {
    this.#declaration = declaration;
    this.#views = declaration.views;
    this.#model = model;
    this.#menu.addEventListener("toggle", () => this.#opened());
    for (const button of this.#menu.querySelectorAll("[data-view-action]")) {
      button.addEventListener("click", () => this.#act(button.dataset.viewAction));
    }
    part("view-form").addEventListener("submit", (event) => this.#submit(event));
    model.addEventListener("change", () => this.#show());
    this.#show();
    if (this.#views.missing) toast(gettext("That view is not there any more, or nobody shares it with you."), "warning");
  }

  get #view() {
    return this.#model.view;
  }

  #opened() {
    if (!this.#menu.open) return;
    this.#show();
    if (!this.#menu.contains(document.activeElement)) this.#menu.querySelector("button:not([disabled])").focus();
  }

  #show() {
    const state = { view: this.#view, model: this.#model, views: this.#views };
    part("view-name").textContent = this.#view?.name ?? gettext("Views");
    part("view-changed").hidden = !this.#model.isChanged;
    for (const button of this.#menu.querySelectorAll("[data-view-action]")) {
      const label = VERBS[button.dataset.viewAction](state);
      button.hidden = button.disabled = !label;
      if (label) button.querySelector("span").textContent = label;
    }
    part("views-list").replaceChildren(...this.#entries());
  }

  #entries() {
    const everything = this.#entry(null, `All ${this.#declaration.many}`);
    const own = this.#views.list.filter((view) => view.own);
    const others = this.#views.list.filter((view) => !view.own);
    return [everything, ...this.#named("Yours", own), ...this.#named("Shared by others", others)];
  }

  #named(heading, views) {
    if (!views.length) return [];
    const line = document.createElement("div");
    line.className = "menu-heading";
    line.textContent = heading;
    return [line, ...views.map((view) => this.#entry(view, view.name))];
  }

  #entry(view, name) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "menu-item";
    const isOpen = (this.#view?.id ?? null) === (view?.id ?? null);
    button.setAttribute("aria-pressed", isOpen);
    const text = document.createElement("span");
    text.textContent = name;
    button.append(icon(isOpen ? "check" : "list-details"), text);
    const notes = view ? notesOf(view, this.#views.standard) : [];
    if (notes.length) {
      const note = document.createElement("small");
      note.textContent = notes.join(", ");
      button.append(note);
    }
    button.addEventListener("click", () => {
      this.#close();
      this.#model.open(view);
    });
    return button;
  }

  #close() {
    this.#menu.open = false;
    this.#menu.querySelector("summary").focus();
  }

  async #act(verb) {
    this.#close();
    const view = this.#view;
    try {
      if (verb === "save") await this.#change({ query: this.#model.query }, gettext("Saved."));
      if (verb === "saveAs") this.#ask(gettext("Save as"), "", (values) => this.#create(values));
      if (verb === "back") this.#model.open(view);
      if (verb === "rename") this.#ask(gettext("Rename"), view.name, ({ name }) => this.#change({ name }, gettext("Renamed.")));
      if (verb === "share") await this.#share(view);
      if (verb === "link") await copied(new URL(view.address, location.href).href);
      if (verb === "standard") await this.#change({ default: !view.default }, standardNews(view));
      if (verb === "standardForAll") await this.#change({ default_for_all: !view.default_for_all }, gettext("Done."));
      if (verb === "remove") await this.#remove(view);
    } catch (problem) {
      toast(problem.message, "error");
    }
  }

  #share(view) {
    const news = view.shared ? unsharedNews(view) : gettext("Your colleagues find it in this menu.");
    return this.#change({ shared: !view.shared }, news);
  }

  async #create(values) {
    const body = { grid: this.#declaration.name, query: this.#model.query, ...values };
    const made = await request(this.#views.url, { method: "POST", body });
    this.#put(made);
    toast(gettext("“{name}” was saved.", { name: made.name }), "success");
  }

  async #change(changes, news) {
    const url = `${this.#views.url}/${this.#view.id}`;
    this.#put(await request(url, { method: "PATCH", body: changes }));
    toast(news, "success");
  }

  async #remove(view) {
    const text = view.shared ? gettext("It goes for everybody who uses it. The rows stay.") : gettext("The rows stay.");
    const title = gettext("Delete the view “{name}”?", { name: view.name });
    if (!(await confirmed({ title, text, verb: gettext("Delete"), danger: true }))) return;
    await request(`${this.#views.url}/${view.id}`, { method: "DELETE" });
    this.#takeOut(view);
    toast(gettext("“{name}” was deleted.", { name: view.name }), "success");
  }

  // A view that is gone, or seen by its owner alone; it was the open one.
  #takeOut(view) {
    this.#views.list = this.#views.list.filter(({ id }) => id !== view.id);
    this.#keepStandard();
    this.#model.set({ view: null }, { replace: true });
  }

  // A view as it is now; it is the open one.
  #put(view) {
    if (!view.own && !view.shared) return this.#takeOut(view);
    const others = this.#views.list.filter(({ id }) => id !== view.id);
    for (const other of others) {
      if (view.default) other.default = false;
      if (view.default_for_all) other.default_for_all = false;
    }
    this.#views.list = [...others, view].sort((one, other) => one.name.localeCompare(other.name));
    this.#keepStandard();
    this.#model.set({ view }, { replace: true });
  }

  #keepStandard() {
    const { list } = this.#views;
    const standard = list.find((view) => view.default) ?? list.find((view) => view.default_for_all);
    this.#views.standard = standard?.id ?? null;
  }

  #ask(title, name, finish) {
    const form = part("view-form");
    this.#finish = finish;
    this.#dialog.querySelector("h2").textContent = title;
    form.elements.name.value = name;
    form.elements.shared.checked = false;
    part("view-shared").hidden = name !== "";
    part("view-problem").hidden = true;
    this.#dialog.showModal();
    form.elements.name.select();
  }

  async #submit(event) {
    event.preventDefault();
    const { name, shared } = event.target.elements;
    try {
      await this.#finish({ name: name.value, shared: shared.checked });
      this.#dialog.close();
    } catch (problem) {
      part("view-problem").textContent = problem.errors?.map(({ message }) => message).join(" ") || problem.message;
      part("view-problem").hidden = false;
    }
  }
}

function notesOf(view, standard) {
  const notes = view.own ? (view.shared ? [gettext("shared")] : []) : [view.owner.name];
  return view.id === standard ? [...notes, gettext("default")] : notes;
}

const unsharedNews = ({ own, owner }) =>
  own ? gettext("Nobody else sees it any more.") : gettext("Only {name} sees it now.", { name: owner.name });

const standardNews = (view) =>
  view.default ? gettext("This page opens with everything again.") : gettext("This page now opens with it.");

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(gettext("The link was copied."), "success");
  } catch {
    toast(text); // without https the browser lets nobody but the user copy
  }
}
