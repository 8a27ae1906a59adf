// A column's filter in words, and which comparisons are offered for it.
import { gettext } from "../js/texts.js";

const WORDS = {
  equals: gettext("is"),
  not_equals: gettext("is not"),
  in: gettext("is any of"),
  contains: gettext("contains"),
  starts_with: gettext("starts with"),
  contains_any: gettext("has any of"),
  contains_all: gettext("has all of"),
  gt: gettext("more than"),
  gte: gettext("at least"),
  lt: gettext("less than"),
  lte: gettext("at most"),
  between: gettext("from … to"),
  empty: gettext("is empty"),
  not_empty: gettext("is not empty"),
};

const WORDS_OF_TIME = { gt: gettext("after"), gte: gettext("from"), lt: gettext("before"), lte: gettext("until") };

// What is offered, the usual one first; the others are for links and the API.
const OFFERED = {
  text: ["contains", "starts_with", "equals", "not_equals", "empty", "not_empty"],
  integer: ["between", "equals", "not_equals", "empty", "not_empty"],
  money: ["between", "equals", "not_equals", "empty", "not_empty"],
  percent: ["between", "equals", "not_equals", "empty", "not_empty"],
  choice: ["in", "empty", "not_empty"],
  boolean: ["equals"],
  reference: ["in", "contains", "empty", "not_empty"],
  tags: ["contains_any", "contains_all", "empty", "not_empty"],
  datetime: ["between", "empty", "not_empty"],
};

export const offered = (column) => OFFERED[column.kind].map((op) => ({ op, label: WORDS[op] }));

export const needsNoValue = (op) => op === "empty" || op === "not_empty";

const MOST_NAMED = 3;
const zone = document.documentElement.dataset.timeZone || undefined;
const moment = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: zone });

const list = (texts) =>
  texts.length > MOST_NAMED
    ? gettext("{names} and {count} more", {
        names: texts.slice(0, MOST_NAMED).join(", "),
        count: texts.length - MOST_NAMED,
      })
    : texts.join(", ");

function valueWords(column, value, labelOf) {
  if (Array.isArray(value)) return list(value.map((one) => valueWords(column, one, labelOf)));
  if (column.kind === "datetime") return moment.format(new Date(value));
  return labelOf(column, value);
}

// "Channels: 10 to 30", "Country: France, Spain", "Website is empty". `labelOf(column, value)` names a value.
export function inWords(column, { op, value }, labelOf) {
  if (needsNoValue(op)) return `${column.label} ${WORDS[op]}`;
  if (op === "between" && Array.isArray(value)) {
    const [from, to] = value.map((one) => valueWords(column, one, labelOf));
    return gettext("{column}: {from} to {to}", { column: column.label, from, to });
  }
  const words = (column.kind === "datetime" && WORDS_OF_TIME[op]) || WORDS[op] || op;
  const isPlain = op === "in" || (op === "equals" && column.kind !== "text");
  return `${column.label}${isPlain ? ":" : ` ${words}`} ${valueWords(column, value, labelOf)}`;
}
