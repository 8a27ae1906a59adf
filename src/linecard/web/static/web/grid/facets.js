// The values that a column has among the rows: to choose from, with how many rows have each, and their names.
import { gettext } from "../js/texts.js";

const NONE = gettext("None");

export class Facets {
  #model;
  #fetch;
  #names = new Map(); // `${column}:${value}` → the name of a reference, or what a value is called

  constructor({ model, fetch }) {
    this.#model = model;
    this.#fetch = fetch;
  }

  // Values of a column: [{value, label, count}]; with a text only references whose names contain it. Rows that the
  // column's own filter rules out count as well.
  async values(column, text = "") {
    const term = text ? { op: "contains", value: text } : null;
    const { rows } = await this.#fetch(this.#model.facets(column.name, term));
    return rows
      .filter(({ group }) => group[column.name] !== null && group[column.name] !== "")
      .map(({ group, words, count }) => ({ ...this.#known(column, group[column.name], words), count }));
  }

  // Whether the values of a column say nothing to people before they are learned.
  hasNames(column) {
    return column.kind === "reference" || column.said;
  }

  // Finds out what values are called. Gives whether there were any to learn.
  async learn(column, ids) {
    const unknown = ids.filter((id) => !this.#names.has(`${column.name}:${id}`));
    if (!unknown.length) return false;
    const filter = { [column.name]: { op: "in", value: unknown } };
    try {
      const { rows } = await this.#fetch({ filter, group_by: [column.name], limit: unknown.length });
      for (const { group, words } of rows) this.#known(column, group[column.name], words);
    } catch {
      return false; // the values stand for themselves
    }
    for (const id of unknown) this.#remember(column, id, this.label(column, id)); // not to ask again for what is gone
    return true;
  }

  // A value, or a key of a pivot, in words.
  label(column, value) {
    if (value === null || value === "") return column.empty || NONE;
    if (column.kind === "boolean") return value === true || value === "true" ? gettext("Yes") : gettext("No");
    const name = this.#names.get(`${column.name}:${value}`) ?? column.choices[value]?.label;
    return name ?? (column.kind === "reference" ? `#${value}` : String(value));
  }

  #known(column, value, words) {
    if (words) this.#remember(column, value, words);
    if (column.kind !== "reference") return { value, label: this.label(column, value) };
    this.#remember(column, value.id, value.name);
    return { value: value.id, label: value.name };
  }

  #remember(column, id, name) {
    this.#names.set(`${column.name}:${id}`, name);
  }
}
