// The filters in force, as chips above the rows: one click clears each.
import { element } from "../js/elements.js";
import { icon } from "../js/icons.js";
import { inWords } from "./terms.js";
import { gettext } from "../js/texts.js";

export class Chips {
  #box;
  #model;
  #facets;

  constructor(box, { model, facets }) {
    this.#box = box;
    this.#model = model;
    this.#facets = facets;
    model.addEventListener("change", () => this.#show());
    this.#show();
  }

  #show() {
    const terms = Object.entries(this.#model.filter);
    this.#box.hidden = terms.length === 0;
    this.#box.replaceChildren(...terms.map(([name, term]) => this.#chip(name, term)));
    if (terms.length > 1) this.#box.append(this.#clearAll());
    this.#name(terms);
  }

  #chip(name, term) {
    const column = this.#model.column(name) ?? { name, label: name, kind: "text", choices: {} };
    const words = inWords(column, term, (of, value) => this.#facets.label(of, value));
    const chip = element("button", "chip", element("span", "chip-text", words), icon("x"));
    chip.type = "button";
    chip.title = gettext("Clear this filter: {words}", { words });
    chip.setAttribute("aria-label", chip.title);
    chip.addEventListener("click", () => {
      this.#model.setFilter(name, null);
      (this.#box.querySelector(".chip") ?? document.querySelector('[data-grid-part="search"]')).focus();
    });
    return chip;
  }

  #clearAll() {
    const button = element("button", "btn btn-sm btn-ghost", gettext("Clear all"));
    button.type = "button";
    button.addEventListener("click", () => this.#model.set({ filter: {} }));
    return button;
  }

  // Values that say nothing to people, as the ids of references do, are shown again when their names are known.
  async #name(terms) {
    for (const [name, { op, value }] of terms) {
      const column = this.#model.column(name);
      const isNamed = column && this.#facets.hasNames(column) && ["in", "equals", "not_equals"].includes(op);
      if (isNamed && (await this.#facets.learn(column, [value].flat()))) this.#show();
    }
  }
}
