// What a column's filter is written with, by comparison: each field is {element, read(), show(value)}. `read` gives the
// term {op, value}, null for none, or throws a sentence that says what is wrong.
import { element } from "../js/elements.js";
import { enhanceWithin } from "../js/enhance.js";
import { beginOfDay, dayOf, endOfDay } from "./days.js";
import { gettext } from "../js/texts.js";

const WHOLE = /^[+-]?\d{1,18}$/;
const DECIMAL = /^[+-]?\d{1,30}(\.\d{1,9})?$/;

const READ = {
  integer(text) {
    if (!WHOLE.test(text)) throw new Error(gettext("Write a whole number, for example 30."));
    return Number(text);
  },
  money: decimal,
  percent: decimal,
  text: (text) => text,
  reference: (text) => text,
};

function decimal(text) {
  if (!DECIMAL.test(text)) throw new Error(gettext("Write a number with a point, for example 12.50."));
  return text;
}

function input(label, { type = "text", mode } = {}) {
  const field = element("input", "form-control form-control-sm");
  field.type = type;
  field.autocomplete = "off";
  field.spellcheck = false;
  field.setAttribute("aria-label", label);
  if (mode) field.inputMode = mode;
  return field;
}

const modeOf = (column) => ({ integer: "numeric", money: "decimal", percent: "decimal" })[column.kind];

// One value: contains, is, is not.
export function oneField(column, op) {
  const field = input(gettext("{column}: value", { column: column.label }), { mode: modeOf(column) });
  field.maxLength = 200;
  return {
    element: field,
    read() {
      const text = field.value.trim();
      return text ? { op, value: READ[column.kind](text) } : null;
    },
    show: (value) => (field.value = value ?? ""),
  };
}

// From … to, either of which may be left open.
export function rangeField(column) {
  const isTime = column.kind === "datetime";
  const options = isTime ? { type: "date" } : { mode: modeOf(column) };
  const from = input(gettext("{column}: from", { column: column.label }), options);
  const to = input(gettext("{column}: to", { column: column.label }), options);
  const fields = [from, to];
  if (!isTime) [from.placeholder, to.placeholder] = [gettext("From"), gettext("To")];
  const read = (text, end) => {
    if (!text) return null;
    if (!isTime) return READ[column.kind](text);
    return end === "from" ? beginOfDay(text) : endOfDay(text);
  };
  return {
    element: element("div", "filter-range", from, element("span", "", "–"), to),
    read() {
      const [low, high] = [read(from.value.trim(), "from"), read(to.value.trim(), "to")];
      if (low !== null && high !== null) return { op: "between", value: [low, high] };
      if (low !== null) return { op: "gte", value: low };
      return high === null ? null : { op: "lte", value: high };
    },
    show(value, op) {
      const ends = { between: value, gte: [value, null], lte: [null, value] }[op] ?? [];
      fields.forEach((field, at) => (field.value = isTime && ends[at] ? dayOf(ends[at]) : (ends[at] ?? "")));
    },
  };
}

// Yes, no, or either.
export function booleanField(column) {
  const field = element("select", "form-select form-select-sm");
  field.setAttribute("aria-label", column.label);
  for (const [value, label] of [
    ["", gettext("Either")],
    ["true", gettext("Yes")],
    ["false", gettext("No")],
  ]) {
    field.append(new Option(label, value));
  }
  return {
    element: field,
    read: () => (field.value ? { op: "equals", value: field.value === "true" } : null),
    show: (value) => (field.value = typeof value === "boolean" ? String(value) : ""),
  };
}

// Some tags, as chips.
export function tagsField(column, op) {
  const field = input(gettext("{column}: tags", { column: column.label }));
  field.dataset.tagsEditor = "";
  field.id = `filter-${column.name}`;
  field.placeholder = gettext("Type one, Enter");
  const box = element("div", "", field);
  enhanceWithin(box);
  box.querySelector(".tags-entry")?.setAttribute("aria-label", gettext("{column}: tags", { column: column.label }));
  return {
    element: box,
    read() {
      const tags = field.value.split(",").map((tag) => tag.trim());
      return tags.some(Boolean) ? { op, value: tags.filter(Boolean) } : null;
    },
    show(value) {
      const text = (Array.isArray(value) ? value : []).join(", ");
      if (text === field.value) return;
      field.value = text;
      field.dispatchEvent(new Event("input")); // which draws the chips, and is heard by nobody else
    },
  };
}

// Nothing to write: is empty, is not empty.
export function noField(op) {
  return { element: element("span", ""), read: () => ({ op }), show() {} };
}
