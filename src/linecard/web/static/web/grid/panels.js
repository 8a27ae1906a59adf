// The panels at the right: one is open at a time, opened and closed by the buttons of the rail and by Escape. On a phone
// they come up over the rows.

export class Panels {
  #parts = new Map(); // name → {button, panel, content, isBuilt}

  // `contents` are {name: {build(body)}}.
  constructor(frame, contents) {
    for (const [name, content] of Object.entries(contents)) {
      const button = frame.querySelector(`[data-grid-panel="${name}"]`);
      const panel = document.getElementById(button.getAttribute("aria-controls"));
      this.#parts.set(name, { button, panel, content, isBuilt: false });
      button.addEventListener("click", () => this.toggle(name));
      panel.querySelector("[data-panel-close]").addEventListener("click", () => this.close(name));
      panel.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        this.close(name);
      });
    }
  }

  toggle(name) {
    if (this.#parts.get(name).panel.hidden) this.open(name);
    else this.close(name);
  }

  // Opens a panel and puts the focus into it. Gives its content.
  open(name) {
    for (const other of this.#parts.keys()) if (other !== name) this.#set(other, false);
    const part = this.#parts.get(name);
    this.#set(name, true);
    if (!part.isBuilt) part.content.build(part.panel.querySelector("[data-panel-body]"));
    part.isBuilt = true;
    this.#focus(part.panel);
    return part.content;
  }

  // Opens a column's filter.
  filter(name) {
    const filter = this.open("filters").open(name);
    if (!filter) return;
    filter.scrollIntoView({ block: "nearest" });
    filter.querySelector("summary").focus();
  }

  close(name) {
    this.#set(name, false);
    this.#parts.get(name).button.focus();
  }

  // A phone's keyboard would cover what was asked for.
  #focus(panel) {
    const isTouched = matchMedia("(pointer: coarse)").matches;
    panel.querySelector(isTouched ? "[data-panel-close]" : "[data-panel-body] input").focus();
  }

  #set(name, isOpen) {
    const { button, panel } = this.#parts.get(name);
    panel.hidden = !isOpen;
    button.setAttribute("aria-expanded", String(isOpen));
  }
}
