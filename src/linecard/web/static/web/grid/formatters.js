// How values look, by their column's kind. Makes elements, never HTML text.
import { element } from "../js/elements.js";
import { ago } from "../js/moments.js";
import { gettext } from "../js/texts.js";

const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const locale = document.documentElement.dataset.numbers || "en"; // as the installation writes numbers
const whole = new Intl.NumberFormat(locale);
const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const point = decimal.formatToParts(0).find(({ type }) => type === "decimal").value;
const zone = document.documentElement.dataset.timeZone || undefined;
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: zone });
const exact = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "full",
  timeStyle: "long",
  timeZone: zone,
});

// "1234567.50" → "1,234,567.50": grouped as text, so that no digit passes through a float.
export function groupedAmount(text) {
  const [units, fraction] = text.split(".");
  const grouped = whole.format(BigInt(units));
  const sign = units.startsWith("-0") ? "-" : ""; // a BigInt knows no minus zero
  return sign + grouped + (fraction ? point + fraction : "");
}

const absent = (column) => element("span", "cell-absent", column.empty || "–");

function choice(column, value) {
  const { label, tone } = column.choices[value] ?? { label: value, tone: "" };
  return element("span", tone ? `state state-${tone}` : "", label);
}

const money = (column, value, row) => amount(value, row[column.currency]);

function amount(value, currency) {
  const shown = element("span", value.startsWith("-") ? "cell-negative" : "", groupedAmount(value));
  if (currency) shown.append(" ", element("span", "cell-unit", currency));
  return shown;
}

function tags(column, value) {
  const list = element("span", "cell-tags");
  list.title = value.join(", ");
  list.append(...value.map((tag) => element("span", "tag", tag)));
  return list;
}

function moment(column, value) {
  const at = new Date(value);
  const isRecent = Math.abs(Date.now() - at) < WEEK_MS;
  const time = element("time", "", isRecent ? ago(at, "brief") : day.format(at));
  time.dateTime = value;
  time.title = exact.format(at);
  if (isRecent) time.dataset.moment = "brief"; // which keeps it current
  return time;
}

// The name of something else leads to its own page, where it has one.
function reference(column, { id, name }) {
  if (!column.page || id === null) return element("span", "", name);
  const link = element("a", "cell-link", name);
  link.href = column.page.replace("{id}", id);
  link.tabIndex = -1; // Tab goes from cell to cell; the row's page leads there, too
  return link;
}

const SHOW = {
  text: (column, value) => element("span", "", String(value)),
  integer: (column, value) => element("span", "", whole.format(value)),
  money,
  percent: (column, value) => element("span", "", `${groupedAmount(value)} %`),
  choice,
  boolean: (column, value) => element("span", value ? "" : "cell-absent", value ? gettext("Yes") : gettext("No")),
  reference,
  tags,
  datetime: moment,
};

const isAbsent = (value) => value === null || value === "" || (Array.isArray(value) && value.length === 0);

// The element that shows a row's value in a column.
export function cell(column, row) {
  const value = row[column.name];
  if (value === undefined) return element("span"); // of a column that was ticked just now: its values are on the way
  return isAbsent(value) ? absent(column) : SHOW[column.kind](column, value, row);
}

// An average to two digits, as text: "31.382536" → "31.38".
function rounded(text) {
  const fraction = text.split(".")[1] ?? "";
  if (fraction.length <= 2) return text;
  const scale = 10n ** BigInt(fraction.length - 2);
  const all = BigInt(text.replace(".", ""));
  const half = all < 0n ? -scale / 2n : scale / 2n;
  const digits = String((all + half) / scale).replace("-", "").padStart(3, "0");
  return `${text.startsWith("-") ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

// What was worked out of a column for a group or for everything: {sum, avg, min, max or count} of its values.
export function summed(column, chosen, value, currency) {
  if (isAbsent(value) || value === undefined) return element("span", "cell-absent", "–");
  if (chosen === "count") return element("span", "", whole.format(value));
  if (column.kind === "money") return amount(chosen === "avg" ? rounded(value) : value, currency);
  if (chosen === "avg" && column.kind === "percent") return element("span", "", `${groupedAmount(rounded(value))} %`);
  if (chosen === "avg" && column.kind === "integer") return element("span", "", decimal.format(value));
  return SHOW[column.kind](column, value);
}

export const isNumeric = (column) => ["integer", "money", "percent"].includes(column.kind);

// "1 card", "1,439 cards".
export function counted(count, { one, many }) {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

export const number = (value) => whole.format(value);
