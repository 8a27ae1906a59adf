// The values that a column has among the rows: to choose from, with how many rows have each, and their names.
import { gettext } from "../js/texts.js";

const NONE = gettext("None");

export class Facets {
  #model;
  #fetch;
  #names = new Map(); // `${column}:${id}` → the name of a reference

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
      .map(({ group, count }) => ({ ...this.#known(column, group[column.name]), count }));
  }

  // Finds out the names of a reference's ids. Gives whether there were any to learn.
  async learn(column, ids) {
    const unknown = ids.filter((id) => !this.#names.has(`${column.name}:${id}`));
    if (!unknown.length) return false;
    const filter = { [column.name]: { op: "in", value: unknown } };
    try {
      const { rows } = await this.#fetch({ filter, group_by: [column.name], limit: unknown.length });
      for (const { group } of rows) this.#known(column, group[column.name]);
    } catch {
      return false; // the ids stand for themselves
    }
    for (const id of unknown) this.#remember(column, id, this.label(column, id)); // not to ask again for what is gone
    return true;
  }

  // A value, or a key of a pivot, in words.
  label(column, value) {
    if (value === null || value === "") return column.empty || NONE;
    if (column.kind === "boolean") return value === true || value === "true" ? gettext("Yes") : gettext("No");
    if (column.kind === "reference") return this.#names.get(`${column.name}:${value}`) ?? `#${value}`;
    return column.choices[value]?.label ?? String(value);
  }

  #known(column, value) {
    if (column.kind !== "reference") return { value, label: this.label(column, value) };
    this.#remember(column, value.id, value.name);
    return { value: value.id, label: value.name };
  }

  #remember(column, id, name) {
    this.#names.set(`${column.name}:${id}`, name);
  }
}
