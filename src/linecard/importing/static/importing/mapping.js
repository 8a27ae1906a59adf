// The page on which a file's columns are mapped: the form is what counts, the table shows it and changes it.
import { ContextMenu } from "../web/js/context-menu.js";
import * as drafts from "../web/js/drafts.js";
import { onEach } from "../web/js/enhance.js";
import { FieldChooser } from "./menu.js";
import { Plan } from "./plan.js";
import { columnOf, rowOf, Table } from "./table.js";
import { gettext } from "../web/js/texts.js";

class Mapping {
  constructor(form) {
    this.form = form;
    this.plan = new Plan(form);
    this.menu = new ContextMenu();
    this.chooser = new FieldChooser();
    form.addEventListener("change", (event) => this.onChange(event));
    form.addEventListener("input", () => {
      this.showReadiness();
      this.keepDraft();
    });
    form.addEventListener("submit", () => drafts.drop(form.dataset.mapping));
    form.addEventListener("keydown", (event) => {
      // Enter in a field must not start the check
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
  }

  part(name) {
    return this.form.querySelector(`[data-part="${name}"]`);
  }

  say(text) {
    this.part("said").textContent = text;
  }

  // The table came, at first or because the file is read in another way.
  setTable(table) {
    const isFirst = !this.table;
    const headings = new Map(this.plan.fields.map((field) => [field.name, this.headingOf(field.column)]));
    this.table = new Table(table);
    this.table.addEventListener("verb", ({ detail }) => this.onVerb(detail));
    this.heads = [...table.tHead.rows[0].cells].slice(1);
    this.rows = this.table.rows.slice(1);
    if (!isFirst && !this.isStartChosen) this.plan.startRow = table.dataset.startRow;
    this.showStartRow();
    if (isFirst) this.restoreDraft();
    else this.keep(headings, JSON.parse(table.dataset.proposed));
    this.paint();
  }

  keep(headings, proposed) {
    const lost = this.plan.keepWhatFits(headings, proposed);
    const names = lost.join(", ");
    if (names) this.say(gettext("The columns have changed: {names} must be mapped again.", { names }));
    else this.say(gettext("The file was read again."));
  }

  // What was chosen here outlives a reload, and a look at the help page.
  keepDraft() {
    drafts.write(this.form.dataset.mapping, { choices: this.plan.choices });
  }

  restoreDraft() {
    const draft = drafts.read(this.form.dataset.mapping);
    if (!draft || !this.plan.restore(draft.choices)) return;
    this.showStartRow();
    this.say(gettext("What you had chosen here was kept."));
  }

  headingOf(column) {
    return this.plan.columns.find(({ number }) => number === column)?.heading;
  }

  onChange({ target }) {
    const field = this.plan.fields.find(({ select }) => select === target);
    if (field) {
      this.say(this.plan.onSelect(field));
      if (field.isConstant) field.value.focus();
    }
    if (target.name === "start_row") {
      this.isStartChosen = true;
      this.showStartRow();
    }
    this.paint();
    this.keepDraft();
  }

  onVerb({ verb, cell, at }) {
    if (verb === "menu") this.openMenu(cell, at);
    else if (verb === "start") this.startAt(rowOf(cell));
    else if (columnOf(cell)) this.chooseField(cell, at);
  }

  openMenu(cell, at) {
    const row = rowOf(cell);
    const column = columnOf(cell);
    const letter = this.plan.letter(column);
    const entries = [];
    if (row) entries.push({ label: gettext("Start row here"), icon: "player-play", hint: "S", work: () => this.startAt(row) });
    if (column) {
      const work = () => this.chooseField(cell, at);
      entries.push({ label: gettext("Map column {letter}", { letter }), icon: "columns-3", hint: "M", opens: true, work });
    }
    if (column && this.plan.fieldOf(column)) {
      entries.push({ label: gettext("Not mapped"), icon: "x", work: () => this.mapColumn(column, "") });
    }
    const title = [column && gettext("Column {letter}", { letter }), row && gettext("row {row}", { row })];
    if (entries.length) this.menu.open(cell, at, title.filter(Boolean).join(", "), entries);
  }

  chooseField(cell, at) {
    const column = columnOf(cell);
    const mapped = this.plan.fieldOf(column);
    const options = this.plan.fields.map((field) => ({
      value: field.name,
      label: field.label,
      note: this.#noteOf(field),
      isChosen: field === mapped,
    }));
    options.unshift({ value: "", label: gettext("Not mapped"), note: "", isChosen: !mapped });
    const title = gettext("Map column {letter}", { letter: this.plan.letter(column) });
    this.chooser.open(cell, at, title, options, (name) => this.mapColumn(column, name));
  }

  #noteOf({ column, isRequired }) {
    if (column) return gettext("column {letter}", { letter: this.plan.letter(column) });
    return isRequired ? gettext("required") : "";
  }

  mapColumn(column, name) {
    this.say(this.plan.map(column, name));
    this.paint();
    this.keepDraft();
  }

  startAt(row) {
    if (!row) return;
    this.plan.startRow = row;
    this.isStartChosen = true;
    this.say(gettext("The rows start at row {row}.", { row }));
    this.showStartRow();
    this.paint();
    this.keepDraft();
  }

  // Rows above the start are no data; the last of them has the headings.
  showStartRow() {
    const start = this.plan.startRow;
    for (const row of this.rows) {
      const number = Number(row.dataset.row);
      row.classList.toggle("is-above", number < start);
      row.classList.toggle("is-start", number === start);
      row.querySelector("[data-start]").hidden = number !== start;
    }
    const above = this.rows.find((row) => Number(row.dataset.row) === start - 1);
    this.plan.setColumns(
      this.heads.map((head) => ({
        number: Number(head.dataset.column),
        letter: head.dataset.letter,
        heading: above?.cells[head.cellIndex]?.textContent.trim() ?? "",
      })),
    );
  }

  paint() {
    const columns = this.table.table.querySelectorAll("col");
    for (const head of this.heads) {
      const field = this.plan.fieldOf(Number(head.dataset.column));
      head.classList.toggle("is-mapped", field !== null);
      columns[head.cellIndex].classList.toggle("is-mapped", field !== null);
      head.querySelector("[data-field-name]").textContent = field?.label ?? gettext("Not mapped");
    }
    for (const part of this.form.querySelectorAll("[data-upsert-only]")) part.hidden = !this.plan.isUpsert;
    this.showReadiness();
  }

  showReadiness() {
    const missing = this.plan.missing;
    this.part("check").disabled = missing !== "";
    this.part("why-not").textContent = missing;
  }
}

const mappings = new WeakMap();

onEach("form[data-mapping]", (form) => mappings.set(form, new Mapping(form)));
onEach("table[data-file-table]", (table) => mappings.get(table.closest("form")).setTable(table));
