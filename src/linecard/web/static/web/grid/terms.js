// A column's filter in words, and which comparisons are offered for it.

const WORDS = {
  equals: "is",
  not_equals: "is not",
  in: "is any of",
  contains: "contains",
  starts_with: "starts with",
  contains_any: "has any of",
  contains_all: "has all of",
  gt: "more than",
  gte: "at least",
  lt: "less than",
  lte: "at most",
  between: "from … to",
  empty: "is empty",
  not_empty: "is not empty",
};

const WORDS_OF_TIME = { gt: "after", gte: "from", lt: "before", lte: "until" };

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
    ? `${texts.slice(0, MOST_NAMED).join(", ")} and ${texts.length - MOST_NAMED} more`
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
    return `${column.label}: ${from} to ${to}`;
  }
  const words = (column.kind === "datetime" && WORDS_OF_TIME[op]) || WORDS[op] || op;
  const isPlain = op === "in" || (op === "equals" && column.kind !== "text");
  return `${column.label}${isPlain ? ":" : ` ${words}`} ${valueWords(column, value, labelOf)}`;
}
