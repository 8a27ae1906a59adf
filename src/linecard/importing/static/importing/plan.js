// Which field comes from which column: read from the selects of the form, and written to them. A column holds one field
// and a field has one column, so mapping one may free another; every change comes back as a sentence.
import { gettext } from "../web/js/texts.js";

const VALUE = "value"; // the choice "same in every row"
const FORMAT = ["encoding", "delimiter", "sheet"]; // these decide what the columns are
const OTHERS = ["start_row", "decimal", "thousands", "mode", "key", "empty"];

function joined(words) {
  if (words.length === 1) return words[0];
  return gettext("{words} and {last}", { words: words.slice(0, -1).join(", "), last: words.at(-1) });
}

class Field {
  constructor(box) {
    this.box = box;
    this.name = box.dataset.mapField;
    this.label = box.dataset.label;
    this.isRequired = box.dataset.required !== undefined;
    this.select = box.querySelector("select");
    this.value = box.querySelector("[data-value] input");
    this.column = Number(this.select.dataset.chosen) || null;
    this.isConstant = this.select.dataset.chosen === VALUE;
    for (const name of ["pointerdown", "focus", "keydown"]) this.select.addEventListener(name, () => this.fill());
  }

  get isGiven() {
    return this.column !== null || (this.isConstant && this.value.value.trim() !== "");
  }

  // Offers the columns of the file that is shown; `columns` are {number, label}.
  offer(columns) {
    this.columns = columns;
    this.isFilled = this.select === document.activeElement;
    this.show();
  }

  // All columns are listed only when somebody is about to choose: hundreds in every field would take a second.
  fill() {
    if (this.isFilled) return;
    this.isFilled = true;
    this.show();
  }

  put(column) {
    this.column = column;
    this.isConstant = false;
    this.show();
  }

  // Puts back what `Plan.choices` has told of it.
  restore(choice, value) {
    if (this.value) this.value.value = value ?? "";
    this.column = Number(choice) || null;
    this.isConstant = choice === VALUE;
    this.show();
  }

  // The person has chosen in the select.
  take() {
    this.column = Number(this.select.value) || null;
    this.isConstant = this.select.value === VALUE;
    this.show();
  }

  show() {
    const listed = this.isFilled ? this.columns : this.columns.filter(({ number }) => number === this.column);
    const choices = [new Option(gettext("Not in the file"), "")];
    if (this.value) choices.push(new Option(gettext("Same in every row"), VALUE));
    choices.push(...listed.map(({ number, label }) => new Option(label, number)));
    this.select.replaceChildren(...choices);
    this.select.value = this.isConstant ? VALUE : String(this.column ?? "");
    if (this.value) this.box.querySelector("[data-value]").hidden = !this.isConstant;
    this.box.classList.toggle("is-mapped", this.column !== null || this.isConstant);
  }
}

export class Plan {
  constructor(form) {
    this.form = form;
    this.fields = [...form.querySelectorAll("[data-map-field]")].map((box) => new Field(box));
    this.columns = [];
  }

  get startRow() {
    return Number(this.form.elements.start_row.value) || 1;
  }

  set startRow(row) {
    this.form.elements.start_row.value = row;
  }

  get isUpsert() {
    return this.form.elements.mode.value === "upsert";
  }

  // All that a person has chosen, by the names of the controls.
  get choices() {
    const sent = new FormData(this.form);
    sent.delete("csrfmiddlewaretoken");
    return Object.fromEntries(sent);
  }

  // Puts such choices back, unless they were made about other columns: then it does nothing and returns false.
  restore(choices) {
    const { elements } = this.form;
    if (FORMAT.some((name) => elements[name] && elements[name].value !== choices[name])) return false;
    for (const name of OTHERS) elements[name].value = choices[name];
    for (const field of this.fields) field.restore(choices[`column_${field.name}`], choices[`value_${field.name}`]);
    return true;
  }

  field(name) {
    return this.fields.find((field) => field.name === name);
  }

  fieldOf(column) {
    return this.fields.find((field) => field.column === column) ?? null;
  }

  // `columns` are {number, letter, heading}.
  setColumns(columns) {
    this.columns = columns;
    const offered = columns.map(({ number, letter, heading }) => ({
      number,
      label: heading ? `${letter} – ${heading}` : letter,
    }));
    for (const field of this.fields) field.offer(offered);
  }

  letter(column) {
    return this.columns.find(({ number }) => number === column)?.letter ?? "";
  }

  // Maps a column to the field of that name, or to none with "".
  map(column, name) {
    const field = this.field(name);
    const before = this.fieldOf(column);
    if (before && before !== field) before.put(null);
    if (!field) return gettext("Column {letter} is not mapped.", { letter: this.letter(column) });
    const from = field.column;
    field.put(column);
    return this.#told(field, from, before);
  }

  // The select of a field was changed by hand.
  onSelect(field) {
    const from = field.column;
    const chosen = Number(field.select.value) || null;
    const before = chosen === null ? null : this.fieldOf(chosen);
    if (before && before !== field) before.put(null);
    field.take();
    if (chosen !== null) return this.#told(field, from, before);
    const told = { field: field.label };
    return field.isConstant ? gettext("{field} is the same in every row.", told) : gettext("{field} is not in the file.", told);
  }

  // Columns that are gone, or hold something else now, are let go of; what else is mapped stays. `headings` are those
  // of the columns as they were, by field.
  keepWhatFits(headings, proposed) {
    const mapped = this.fields.filter((field) => field.column !== null);
    for (const field of mapped) field.put(this.#sameColumn(field.column, headings.get(field.name)));
    const lost = mapped.filter((field) => field.column === null).map((field) => field.label);
    for (const [column, name] of Object.entries(proposed)) {
      const field = this.field(name);
      if (field && !field.isGiven && !this.fieldOf(Number(column))) field.put(Number(column));
    }
    return lost.filter((label) => this.fields.find((field) => field.label === label).column === null);
  }

  #sameColumn(number, heading) {
    const same = this.columns.filter((column) => column.heading === heading);
    return (same.find((column) => column.number === number) ?? same[0])?.number ?? null;
  }

  #told(field, from, before) {
    const to = this.letter(field.column);
    const isMoved = from !== null && from !== field.column;
    const told = isMoved
      ? gettext("{field} moved from column {from} to column {to}.", { field: field.label, from: this.letter(from), to })
      : gettext("Column {to} is mapped to {field}.", { field: field.label, to });
    if (!before || before === field) return told;
    return `${told} ${gettext("{field} has no column now.", { field: before.label })}`;
  }

  // Why the file cannot be checked yet; "" when it can.
  get missing() {
    if (this.isUpsert) {
      const key = this.field(this.form.elements.key.value);
      if (key.column !== null) return "";
      return gettext("Map a column to {field} first: rows are found by it.", { field: key.label });
    }
    const missing = this.fields.filter((field) => field.isRequired && !field.isGiven);
    if (!missing.length) return "";
    const fields = joined(missing.map((field) => field.label));
    if (!missing.some((field) => field.value)) return gettext("Map a column to {fields} first.", { fields });
    return gettext("Map a column to {fields} first, or give one value for the whole file.", { fields });
  }
}
