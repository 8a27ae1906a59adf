// Which columns stand where: from the view and what everything adds up to, to a tree of headers with leaves. Amounts of
// different currencies stand in columns of their own, for they are never added. Knows nothing of who shows them.
import { gettext } from "../js/texts.js";

export const TREE = "tree"; // the column of groups, and of the records' names inside them
const COUNT = "";

export const FUNCTIONS = {
  sum: gettext("Sum"),
  avg: gettext("Average"),
  min: gettext("Minimum"),
  max: gettext("Maximum"),
  count: gettext("Count"),
};

const isApart = (column, chosen) => column.kind === "money" && chosen !== "count";

const labelled = (column, chosen) => `${column.label} (${FUNCTIONS[chosen]?.toLowerCase() ?? chosen})`;

// The pivot's values as keys of an answer, as their groups stand: choices as they are declared, references by their
// names, what has no value last.
function pivotKeys(column, totals, labelOf) {
  const order = Object.keys(column.choices);
  const place = (key) => (key === "" ? Infinity : order.includes(key) ? order.indexOf(key) : order.length);
  const byName = (one, other) => labelOf(column, one).localeCompare(labelOf(column, other));
  const isNamed = column.kind === "reference";
  const compare = (one, other) => {
    if (place(one) !== place(other)) return place(one) < place(other) ? -1 : 1;
    return isNamed ? byName(one, other) : 0;
  };
  return Object.keys(totals?.pivot ?? {}).sort(compare);
}

// What everything in a pivot's column, or everything, adds up to.
export const summaryOf = (summary, pivot) => (pivot === undefined ? summary : summary?.pivot?.[pivot]);

export class Layout {
  #model;
  #totals;
  #labelOf;

  // `labelOf(column, key)` names a value of the pivot.
  constructor({ model, totals, labelOf }) {
    this.#model = model;
    this.#totals = totals;
    this.#labelOf = labelOf;
  }

  // Headers: {label, children} with other headers or leaves below, and leaves:
  // {id, kind: "tree" | "plain" | "value", label, column, chosen, currency, pivot}.
  headers() {
    const { isArranged, shownColumns, nameColumn, pivot } = this.#model;
    if (!isArranged) return shownColumns.map((name) => this.#plain(name)).filter(Boolean);
    if (pivot !== null && this.#model.column(pivot)) return [this.#tree(), ...this.#pivoted()];
    const isElsewhere = (name) => name === nameColumn?.name || this.#model.groups.includes(name);
    const plain = shownColumns.filter((name) => !isElsewhere(name) && !(name in this.#model.values));
    return [this.#tree(), ...this.#values(), ...plain.map((name) => this.#plain(name)).filter(Boolean)];
  }

  #plain(name) {
    const column = this.#model.column(name);
    const chosen = this.#model.values[name]; // shown by the total below the records
    return column && { id: name, kind: "plain", label: chosen ? labelled(column, chosen) : column.label, column };
  }

  #tree() {
    const { groups, nameColumn } = this.#model;
    const names = [...groups, nameColumn?.name].map((name) => this.#model.column(name)?.label);
    return { id: TREE, kind: TREE, label: names.filter(Boolean).join(" › "), column: nameColumn };
  }

  #pivoted() {
    const column = this.#model.column(this.#model.pivot);
    const parts = pivotKeys(column, this.#totals, this.#labelOf).map((key) => ({
      id: `pivot ${key}`,
      label: this.#totals.pivot[key].words ?? this.#labelOf(column, key),
      children: this.#values({ pivot: key }),
    }));
    return [...parts, { id: "all", label: gettext("Total"), children: this.#values({ counts: true }) }];
  }

  // Beside a pivot the rows are counted where nothing else is worked out; groups have their count with their name.
  #values({ pivot, counts = pivot !== undefined } = {}) {
    const chosen = Object.entries(this.#model.values).filter(([name]) => this.#model.column(name));
    if (!chosen.length && !counts) return [];
    if (!chosen.length) return [this.#value({ pivot, chosen: COUNT, label: gettext("Count") })];
    return chosen.map(([name, one]) => this.#valuesOf(this.#model.column(name), one, pivot));
  }

  #valuesOf(column, chosen, pivot) {
    const label = labelled(column, chosen);
    if (!isApart(column, chosen)) return this.#value({ column, chosen, pivot, label });
    const currencies = Object.keys(summaryOf(this.#totals, pivot)?.values[column.name] ?? {});
    const leaf = (currency) => ({ column, chosen, pivot, currency });
    if (currencies.length < 2) return this.#value({ ...leaf(currencies[0]), label });
    return {
      id: `values ${pivot === undefined ? "all" : `of ${pivot}`} ${column.name}`,
      label,
      children: currencies.map((currency) => this.#value({ ...leaf(currency), label: currency })),
    };
  }

  #value({ column, chosen, pivot, currency, label }) {
    const id = ["value", pivot === undefined ? "all" : `of ${pivot}`, column?.name ?? "", currency ?? ""].join(":");
    return { id, kind: "value", label, column, chosen, pivot, currency };
  }
}

export const leavesOf = (headers) =>
  headers.flatMap((header) => (header.children ? leavesOf(header.children) : [header]));
