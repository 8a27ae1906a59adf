// What opens over a table: it takes the focus, closes with Escape or a click elsewhere, and gives the focus back.
import { element } from "./elements.js";
import { icon } from "./icons.js";

const GAP_PX = 4;

export class Overlay {
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

// The menu of a cell, of a row or of a button.
export class ContextMenu extends Overlay {
  constructor() {
    super("overlay-menu");
    this.box.setAttribute("role", "menu");
  }

  // `entries` are {label, icon, hint, opens, isChosen, isFirst, work}; `title` says what it is about. One with `isChosen`
  // is a state that is on or off; one that `isFirst` begins another part of the menu.
  open(cell, at, title, entries) {
    this.box.setAttribute("aria-label", title);
    const heading = element("div", "menu-heading", title);
    heading.setAttribute("aria-hidden", "true");
    this.box.replaceChildren(heading, ...entries.map((entry) => this.item(entry)));
    this.openAt(cell, at);
    this.items[0].focus();
  }

  get items() {
    return [...this.box.querySelectorAll('[role^="menuitem"]')];
  }

  item(entry) {
    const item = element("button", "menu-item", icon(entry.icon), element("span", "menu-label", entry.label));
    item.type = "button";
    item.tabIndex = -1;
    item.setAttribute("role", entry.isChosen === undefined ? "menuitem" : "menuitemcheckbox");
    if (entry.isChosen !== undefined) item.setAttribute("aria-checked", String(entry.isChosen));
    if (entry.isChosen) item.append(icon("check"));
    item.classList.toggle("begins-part", Boolean(entry.isFirst));
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
