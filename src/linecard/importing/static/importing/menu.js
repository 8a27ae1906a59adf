// What opens over the table: the menu of a cell, and the list of fields to choose from. Both take the focus, close with
// Escape or a click elsewhere, and give the focus back.
import { icon } from "../web/js/icons.js";

const GAP_PX = 4;

class Overlay {
  constructor(className) {
    this.box = document.createElement("div");
    this.box.className = `overlay-list ${className}`;
    this.box.popover = "manual"; // "auto" would close when the button or finger that opened it is lifted
    document.body.append(this.box);
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("contextmenu", (event) => event.preventDefault());
    document.addEventListener("pointerdown", (event) => this.isOpen && !this.box.contains(event.target) && this.close());
    addEventListener("resize", () => this.close());
  }

  get isOpen() {
    return this.box.matches(":popover-open");
  }

  // `at` is a point of the window; without one it opens below `cell`.
  openAt(cell, at) {
    this.cell = cell;
    this.at = at;
    if (!this.isOpen) this.box.showPopover();
    const around = cell.getBoundingClientRect();
    const { width, height } = this.box.getBoundingClientRect();
    const wanted = at ?? { x: around.left, y: around.bottom };
    const room = { x: innerWidth - width - GAP_PX, y: innerHeight - height - GAP_PX };
    this.box.style.left = `${Math.max(GAP_PX, Math.min(wanted.x, room.x))}px`;
    this.box.style.top = `${Math.max(GAP_PX, Math.min(wanted.y, room.y))}px`;
  }

  close({ focus = false } = {}) {
    if (!this.isOpen) return;
    this.box.hidePopover();
    if (focus) this.cell.focus();
  }

  onKey(event) {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    event.preventDefault();
    this.close({ focus: true });
  }
}

function element(tag, className, ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

export class CellMenu extends Overlay {
  constructor() {
    super("overlay-menu");
    this.box.setAttribute("role", "menu");
  }

  // `entries` are {label, icon, hint, work}; `title` says what cell it is about.
  open(cell, at, title, entries) {
    this.box.setAttribute("aria-label", title);
    const heading = element("div", "menu-heading", title);
    heading.setAttribute("aria-hidden", "true");
    this.box.replaceChildren(heading, ...entries.map((entry) => this.item(entry)));
    this.openAt(cell, at);
    this.items[0].focus();
  }

  get items() {
    return [...this.box.querySelectorAll('[role="menuitem"]')];
  }

  item(entry) {
    const item = element("button", "menu-item", icon(entry.icon), element("span", "menu-label", entry.label));
    item.type = "button";
    item.tabIndex = -1;
    item.setAttribute("role", "menuitem");
    if (entry.opens) item.setAttribute("aria-haspopup", "listbox");
    if (entry.hint) {
      const hint = element("kbd", "", entry.hint);
      hint.setAttribute("aria-hidden", "true");
      item.setAttribute("aria-keyshortcuts", entry.hint);
      item.append(hint);
    }
    if (entry.opens) item.append(icon("chevron-right"));
    item.addEventListener("click", () => {
      this.close({ focus: true });
      entry.work();
    });
    return item;
  }

  onKey(event) {
    super.onKey(event);
    const items = this.items;
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: (at + 1) % items.length, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined && event.key !== "ArrowRight") return;
    event.preventDefault();
    if (event.key !== "ArrowRight") items.at(to).focus();
    else if (document.activeElement.getAttribute("aria-haspopup")) document.activeElement.click();
  }
}

// A search field over a list: typing narrows it, arrows move, Enter chooses.
export class FieldChooser extends Overlay {
  constructor() {
    super("overlay-chooser");
    this.box.setAttribute("role", "dialog");
    this.search = element("input", "form-control");
    this.search.type = "text";
    this.search.autocomplete = "off";
    this.search.spellcheck = false;
    this.search.placeholder = "Type to find a field";
    this.list = element("ul", "chooser-list");
    this.list.id = "field-chooser-list";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Fields");
    for (const [name, value] of [
      ["role", "combobox"],
      ["aria-label", "Field"],
      ["aria-expanded", "true"],
      ["aria-controls", this.list.id],
      ["aria-autocomplete", "list"],
    ]) {
      this.search.setAttribute(name, value);
    }
    this.none = element("p", "chooser-none", "No field is called that.");
    this.none.setAttribute("role", "status");
    this.box.append(this.search, this.list, this.none);
    this.search.addEventListener("input", () => this.narrow());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest('[role="option"]')));
  }

  // `options` are {value, label, note, isChosen}; `work(value)` hears which one was chosen.
  open(cell, at, title, options, work) {
    this.work = work;
    this.box.setAttribute("aria-label", title);
    this.search.value = "";
    this.list.replaceChildren(...options.map((option, index) => this.option(option, index)));
    this.openAt(cell, at);
    this.narrow();
    this.mark(this.shown.find((option) => option.getAttribute("aria-selected") === "true") ?? this.shown[0]);
    this.search.focus();
  }

  get shown() {
    return [...this.list.children].filter((option) => !option.hidden);
  }

  option({ value, label, note, isChosen }, index) {
    const option = element("li", "chooser-option", element("span", "chooser-label", label));
    option.id = `field-chooser-${index}`;
    option.dataset.value = value;
    option.dataset.words = label.toLowerCase();
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(isChosen));
    if (note) option.append(element("span", "chooser-note", note));
    return option;
  }

  narrow() {
    const typed = this.search.value.trim().toLowerCase();
    for (const option of this.list.children) option.hidden = !option.dataset.words.includes(typed);
    this.none.hidden = this.shown.length > 0;
    this.mark(this.shown[0]);
  }

  mark(option) {
    this.marked?.classList.remove("is-marked");
    this.marked = option;
    option?.classList.add("is-marked");
    option?.scrollIntoView({ block: "nearest" });
    this.search.setAttribute("aria-activedescendant", option?.id ?? "");
  }

  choose(option) {
    if (!option) return;
    this.close({ focus: true });
    this.work(option.dataset.value);
  }

  onKey(event) {
    super.onKey(event);
    const shown = this.shown;
    const at = shown.indexOf(this.marked);
    const to = { ArrowDown: (at + 1) % shown.length, ArrowUp: at - 1 }[event.key];
    if (event.key === "Enter") this.choose(this.marked);
    else if (to !== undefined) this.mark(shown.at(to));
    else return;
    event.preventDefault();
  }
}
