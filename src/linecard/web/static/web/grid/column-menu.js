// What can be done with a column: the entries of its menu, in its header and in the panel.
import { FUNCTIONS } from "./layout.js";
import { gettext } from "../js/texts.js";

export class ColumnMenu {
  #menu;
  #model;
  #panels;

  // `panels` opens a column's filter.
  constructor({ menu, model, panels }) {
    this.#menu = menu;
    this.#model = model;
    this.#panels = panels;
  }

  // Opens at a point of the window, or below the element.
  open(element, at, column) {
    this.#menu.open(element, at, column.label, this.entries(column));
  }

  entries(column) {
    const parts = [this.#sorting(column), this.#looks(column), this.#arranging(column), this.#values(column)];
    return parts.flatMap((part, index) => part.map((entry, at) => ({ ...entry, isFirst: index > 0 && at === 0 })));
  }

  #sorting(column) {
    const entries = [{ label: gettext("Filter…"), icon: "filter", work: () => this.#panels.filter(column.name) }];
    if (!column.sorts) return entries;
    const sort = (direction, options) => () => this.#model.sortBy(column.name, direction, options);
    const others = this.#model.effectiveSort.some((term) => term.column !== column.name);
    const further = { label: gettext("Sort by this as well"), icon: "arrows-sort", work: sort("asc", { further: true }) };
    return [
      { label: gettext("Sort upwards"), icon: "arrow-up", work: sort("asc") },
      { label: gettext("Sort downwards"), icon: "arrow-down", work: sort("desc") },
      ...(others ? [further] : []),
      ...entries,
    ];
  }

  #looks({ name }) {
    const { shownColumns } = this.#model;
    const place = shownColumns.indexOf(name);
    if (place < 0) return [{ label: gettext("Show"), icon: "eye", work: () => this.#model.showColumn(name, true) }];
    const isPinned = this.#model.pinnedColumns.includes(name);
    const entries = [
      isPinned
        ? { label: gettext("Unpin"), icon: "pinned-off", work: () => this.#model.pin(name, false) }
        : { label: gettext("Pin to the left"), icon: "pinned", work: () => this.#model.pin(name, true) },
    ];
    if (place > 0) entries.push({ label: gettext("Move left"), icon: "arrow-left", work: () => this.#model.moveColumn(name, -1) });
    if (place < shownColumns.length - 1) {
      entries.push({ label: gettext("Move right"), icon: "arrow-right", work: () => this.#model.moveColumn(name, 1) });
    }
    if (shownColumns.length > 1) {
      entries.push({ label: gettext("Hide"), icon: "eye-off", work: () => this.#model.showColumn(name, false) });
    }
    return entries;
  }

  #arranging(column) {
    const { name, groups } = column;
    if (!groups) return [];
    const isGrouped = this.#model.groups.includes(name);
    const isPivot = this.#model.pivot === name;
    const grouping = {
      label: isGrouped ? gettext("No longer group by this") : gettext("Group rows by this"),
      icon: "stack-2",
      work: () => (isGrouped ? this.#model.ungroup(name) : this.#model.group(name)),
    };
    const pivoting = {
      label: isPivot ? gettext("No longer pivot by this") : gettext("Pivot by this"),
      icon: "table-column",
      work: () => this.#model.setPivot(isPivot ? null : name),
    };
    return this.#model.mayGroup(column) ? [grouping, pivoting] : [pivoting];
  }

  #values({ name, functions }) {
    const chosen = this.#model.values[name];
    return functions.map((one) => ({
      label: gettext("Value: {value}", { value: FUNCTIONS[one].toLowerCase() }),
      icon: "sum",
      isChosen: chosen === one,
      work: () => this.#model.setValue(name, chosen === one ? null : one),
    }));
  }
}
