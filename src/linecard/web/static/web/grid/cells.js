// What stands in a cell: of a record, of a group, or of the totals. Makes elements; knows nothing of who shows them.
import { element } from "../js/elements.js";
import { icon } from "../js/icons.js";
import { cell, counted, number, summed } from "./formatters.js";
import { summaryOf } from "./layout.js";
import { gettext } from "../js/texts.js";

export const TOTAL = "total"; // the id of the item with everything that matches

// A record's place in a pivot, spelt as the answer's keys are.
function pivotKey(value) {
  if (value === null || value === undefined) return "";
  return String(value instanceof Object ? value.id : value);
}

const nothing = () => element("span", "");

export class Cells {
  #declaration;
  #model;

  constructor({ declaration, model }) {
    this.#declaration = declaration;
    this.#model = model;
  }

  rowAddress(row) {
    return this.#declaration.rowUrl.replace("{id}", row[this.#declaration.key]);
  }

  // The element in a leaf of the layout for an item of the tree.
  show(leaf, item) {
    if (leaf.kind === "tree") return this.#tree(leaf, item);
    if (leaf.kind === "value") return this.#value(leaf, item);
    if (item.id === TOTAL) return this.#total(leaf, item);
    return item.isGroup ? nothing() : this.#record(leaf.column, item.row);
  }

  // The text of a cell, as it is copied.
  text(leaf, item) {
    if (leaf.kind === "tree" && item.isGroup) return this.groupLabel(item);
    return this.show(leaf, item).textContent;
  }

  // A group's value in words.
  groupLabel(item) {
    return this.#groupValue(item).textContent;
  }

  #groupValue({ by, row }) {
    const column = this.#model.column(by);
    if (row.words) return element("span", "", row.words);
    return cell({ ...column, empty: column.empty || gettext("None") }, row.group);
  }

  #record(column, row) {
    const shown = cell(column, row);
    if (!column.opensRow) return shown;
    const link = element("a", "cell-link", shown);
    link.href = this.rowAddress(row);
    link.tabIndex = -1; // Enter opens the row; Tab goes from cell to cell
    return link;
  }

  #tree(leaf, item) {
    if (item.id === TOTAL) return this.#totalName(item);
    const box = element("span", `tree-cell tree-level-${item.level}`);
    if (!item.isGroup) {
      box.append(element("span", "tree-twig"), leaf.column ? this.#record(leaf.column, item.row) : "");
      return box;
    }
    const count = element("span", "tree-count", number(item.row.count));
    count.title = counted(item.row.count, this.#declaration);
    box.append(icon(item.isOpen ? "chevron-down" : "chevron-right"), this.#groupValue(item), count);
    return box;
  }

  #totalName(item) {
    const box = element("span", "tree-total", gettext("Total"));
    box.append(" ", element("span", "tree-count", number(item.row.count)));
    return box;
  }

  #value(leaf, item) {
    const isSummary = item.isGroup || item.id === TOTAL;
    if (!isSummary) return this.#ownValue(leaf, item.row);
    const summary = summaryOf(item.row, leaf.pivot);
    if (!summary) return element("span", "cell-absent", "–");
    if (!leaf.column) return element("span", "", number(summary.count));
    return this.#summed(leaf, summary.values[leaf.column.name]);
  }

  #summed({ column, chosen, currency }, value) {
    const isApart = value instanceof Object;
    const own = isApart ? value[currency ?? Object.keys(value)[0]] : value;
    return summed(column, chosen, own, isApart ? (currency ?? Object.keys(value)[0]) : undefined);
  }

  // A record's own value, below what the groups add up.
  #ownValue({ column, pivot, currency }, row) {
    if (!column) return nothing();
    if (pivot !== undefined && pivotKey(row[this.#model.pivot]) !== pivot) return nothing();
    if (currency !== undefined && row[column.currency] !== currency) return nothing();
    return cell(column, row);
  }

  // Below records in their own columns: each value that was chosen, an amount for each currency.
  #total({ column }, item) {
    const chosen = this.#model.values[column.name];
    if (column.opensRow && !chosen) return this.#totalName(item);
    if (!chosen || !item.row.values) return nothing();
    const value = item.row.values[column.name];
    const box = element("span", "total-values");
    const entries = value instanceof Object ? Object.entries(value) : [[undefined, value]];
    const lines = entries.map(([currency, own]) => element("span", "", summed(column, chosen, own, currency)));
    box.append(...lines);
    box.title = lines.map((line) => line.textContent).join(", ");
    return box;
  }
}

// How many lines the totals below records need.
export function totalLines(totals) {
  const values = Object.values(totals?.values ?? {});
  return Math.max(1, ...values.map((value) => (value instanceof Object ? Object.keys(value).length : 1)));
}
