// What stands around the rows: search, status, counts, the bar of the selection, messages. Speaks to the model alone.
import { counted, number } from "./formatters.js";
import { gettext } from "../js/texts.js";

const TYPING_PAUSE_MS = 180;

const part = (name) => document.querySelector(`[data-grid-part="${name}"]`);

export class Toolbar {
  #declaration;
  #model;
  #selection;
  #total = 0;

  // `retry` asks again for what failed; `refresh` for what is shown.
  constructor({ declaration, model, selection, retry, refresh, leave }) {
    this.#declaration = declaration;
    this.#model = model;
    this.#selection = selection;
    this.#search(leave);
    part("status").addEventListener("change", ({ target }) => model.setStatus(target.value));
    part("refresh").addEventListener("click", refresh);
    part("retry").addEventListener("click", retry);
    for (const button of document.querySelectorAll('[data-grid-part="clear-filters"]')) {
      button.addEventListener("click", () => model.clear());
    }
    part("reset-layout").addEventListener("click", () => model.resetLayout());
    part("select-all").addEventListener("click", () => selection.selectAll());
    part("select-none").addEventListener("click", () => selection.clear());
    model.addEventListener("change", () => this.#showModel());
    selection.addEventListener("change", () => this.#showSelection());
    this.#showModel();
  }

  // Rows have come.
  answered({ total }) {
    this.#total = total;
    part("count").textContent = counted(total, this.#declaration);
    part("problem").hidden = true;
    part("nothing").hidden = total > 0 || !this.#model.isNarrowed;
    part("none-yet").hidden = total > 0 || this.#model.isNarrowed;
    this.#showSelection();
  }

  // They have not.
  failed(problem) {
    const told = problem.errors?.map(({ field, message }) => `${field}: ${message}`).join(" ");
    part("problem-text").textContent = told || problem.message;
    part("reset-layout").hidden = !this.#model.showsTotals; // which may be what cannot be asked
    part("problem").hidden = false;
  }

  range([first, last, rows]) {
    const places = { first: number(first), last: number(last), rows: number(rows) };
    const told = this.#model.groups.length
      ? gettext("{first}–{last} of {rows} rows", places)
      : gettext("{first}–{last} of {rows}", places);
    part("range").textContent = last ? told : "";
  }

  #search(leave) {
    const field = part("search");
    let timer;
    const search = () => {
      clearTimeout(timer);
      const text = field.value.trim();
      if (text !== this.#model.search) this.#model.set({ search: text }, { replace: true });
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, TYPING_PAUSE_MS);
    });
    field.form.addEventListener("submit", (event) => {
      event.preventDefault();
      search();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" && !(event.key === "Escape" && !field.value)) return;
      event.preventDefault();
      search();
      leave();
    });
  }

  #showModel() {
    const field = part("search");
    if (field !== document.activeElement) field.value = this.#model.search;
    part("status").value = this.#model.status;
    for (const button of document.querySelectorAll('[data-grid-part="clear-filters"]')) {
      button.hidden = !this.#model.isNarrowed;
    }
  }

  #showSelection() {
    const count = this.#selection.count(this.#total);
    part("selection").hidden = count === 0;
    part("selection-hint").hidden = count > 0;
    part("selected").textContent = gettext("{count} selected", { count: number(count) });
    const selectAll = part("select-all");
    selectAll.hidden = count >= this.#total;
    selectAll.textContent = gettext("Select all {total}", { total: number(this.#total) });
    for (const button of document.querySelectorAll("[data-grid-needs-selection]")) button.disabled = count === 0;
  }
}
