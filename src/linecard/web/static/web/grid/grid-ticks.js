// The boxes that tick rows and whole groups of them, as AG Grid takes them; a helper of the adapter.
import { counted, number } from "./formatters.js";
import { TICK_WIDTH_PX, TICKS } from "./grid-columns.js";
import { GroupShares } from "./group-shares.js";
import { MAX_MARKED } from "./selection.js";
import { gettext } from "../js/texts.js";

function tick() {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "form-check-input grid-tick";
  return box;
}

const isTickable = ({ data, rowPinned }) => Boolean(data) && !rowPinned;

export class GridTicks {
  #declaration;
  #selection;
  #cells;
  #shares;
  #tell;
  #grid;
  #last = null; // where a range begins

  // `tell` is {say, failed, selectGroup}; `grid` is {total, api, tree}.
  constructor({ declaration, model, selection, cells, fetch, tell, grid }) {
    this.#declaration = declaration;
    this.#selection = selection;
    this.#cells = cells;
    this.#shares = new GroupShares({ declaration, model, selection, fetch });
    this.#tell = tell;
    this.#grid = grid;
    selection.addEventListener("change", () => this.show());
    this.#shares.addEventListener("change", () => this.show());
  }

  get areOffered() {
    return this.#declaration.selects;
  }

  // Other rows stand at the places: no range begins among the old ones.
  forget() {
    this.#last = null;
  }

  // Rows may stand in other groups.
  renew() {
    this.#shares.renew();
  }

  column() {
    const ticks = this;
    return {
      colId: TICKS,
      headerName: gettext("Selection"),
      width: TICK_WIDTH_PX,
      pinned: "left",
      lockPosition: "left",
      resizable: false,
      sortable: false,
      suppressMovable: true,
      headerComponent: class {
        init() {
          this.box = ticks.#headerTick();
        }
        getGui() {
          return this.box;
        }
        refresh() {
          return true;
        }
      },
      cellRenderer: class {
        init({ node }) {
          this.node = node;
          this.box = ticks.#rowTick(() => this.node);
          this.show();
        }
        getGui() {
          return this.box;
        }
        refresh({ node }) {
          this.node = node;
          this.show();
          return true;
        }
        show() {
          ticks.#showRow(this.box, this.node);
        }
      },
    };
  }

  // Beside the box is as good as on it: fingers are wide.
  clicked({ column, node, event }) {
    if (column.getColId() !== TICKS || !isTickable(node) || event.target instanceof HTMLInputElement) return;
    this.#tickTo(node, this.#extent(node) !== "all", event.shiftKey);
  }

  // By the keyboard: ticks a row or takes it out, or ticks from where that was done last.
  press(node, ranges) {
    if (this.areOffered && isTickable(node)) this.#tickTo(node, ranges || this.#extent(node) !== "all", ranges);
  }

  // By the keyboard: ticks all that matches, or none of it.
  pressAll() {
    if (!this.areOffered) return;
    if (this.#selection.extent(this.#grid.total) === "all") this.#selection.clear();
    else this.#selection.selectAll();
  }

  show() {
    if (!this.areOffered) return;
    for (const node of this.#grid.api?.getRenderedNodes() ?? []) {
      if (!isTickable(node)) continue;
      const ticked = this.#extent(node) === "all";
      if (node.isSelected() !== ticked) node.setSelected(ticked, false, "api");
    }
    for (const box of this.#grid.api?.getCellRendererInstances({ columns: [TICKS] }) ?? []) box.show();
  }

  // Names of the first ticked rows that have been loaded.
  names(most) {
    const names = [];
    this.#grid.api.forEachNode((node) => {
      if (names.length >= most || !this.isRecord(node)) return;
      if (this.#selection.has(this.#id(node.data))) names.push(this.#rowName(node.data.row));
    });
    return names;
  }

  isRecord(node) {
    return isTickable(node) && !node.data.isGroup;
  }

  #headerTick() {
    const box = tick();
    box.setAttribute("aria-label", gettext("Select all matching {many}", { many: this.#declaration.many }));
    const show = () => {
      const extent = this.#selection.extent(this.#grid.total);
      box.checked = extent === "all";
      box.indeterminate = extent === "some";
    };
    box.addEventListener("change", () => (box.checked ? this.#selection.selectAll() : this.#selection.clear()));
    this.#selection.addEventListener("change", show);
    show();
    return box;
  }

  // `nodeOf` gives the row it stands in: the component puts other ones below it.
  #rowTick(nodeOf) {
    const box = tick();
    box.tabIndex = -1; // Space on the row ticks it
    box.addEventListener("click", ({ shiftKey }) => this.#tickTo(nodeOf(), box.checked, shiftKey));
    box.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()); // selects no text
    return box;
  }

  #showRow(box, node) {
    const isRow = isTickable(node);
    const extent = isRow ? this.#extent(node) : "none";
    box.hidden = !isRow && Boolean(node.data);
    box.disabled = !isRow;
    box.checked = extent === "all";
    box.indeterminate = extent === "some";
    box.setAttribute("aria-label", isRow ? gettext("Select {name}", { name: this.#called(node.data) }) : gettext("Loading"));
  }

  // "none", "some" or "all" of a row, which may be a group's.
  #extent({ data }) {
    if (data.isGroup) return this.#shares.extent(data);
    return this.#selection.has(this.#id(data)) ? "all" : "none";
  }

  async #tickTo(node, ticked, ranges) {
    const from = ranges ? (this.#last ?? node.rowIndex) : node.rowIndex;
    this.#last = node.rowIndex;
    const { beginnings } = this.#selection;
    const [first, last] = [Math.min(from, node.rowIndex), Math.max(from, node.rowIndex)];
    try {
      if (first !== last) await this.#tickRange(first, last, ticked, beginnings);
      else if (node.data.isGroup) await this.#tick([], [node.data], ticked, beginnings);
      else this.#tickOne(node.data, ticked);
    } catch (problem) {
      this.#tell.failed(problem);
    }
    this.show(); // also where nothing has come of it
  }

  #tickOne(item, ticked) {
    this.#shares.place(this.#id(item), item.path);
    if (!this.#selection.set([this.#id(item)], ticked)) this.#refuse();
  }

  async #tickRange(first, last, ticked, beginnings) {
    if (last - first >= MAX_MARKED) return this.#refuse();
    const { tree } = this.#grid;
    const [ids, groups] = [await tree.keys(first, last + 1), await tree.closedGroups(first, last + 1)];
    return this.#tick(ids, groups, ticked, beginnings);
  }

  // Ticks rows and all rows of groups, unless the selection has begun anew since it had `beginnings`. What goes back to how
  // all others are need not be loaded for it.
  async #tick(ids, groups, ticked, beginnings) {
    const isUnmarked = ticked === this.#selection.all;
    const count = groups.reduce((sum, { row }) => sum + row.count, ids.length);
    if (!isUnmarked && count > MAX_MARKED) return this.#refuse(groups.length === 1 && !ids.length ? groups[0] : null);
    const all = [...ids];
    for (const group of groups) all.push(...(await this.#shares[isUnmarked ? "markedIn" : "members"](group)));
    if (this.#selection.beginnings !== beginnings) return; // they may be out of sight by now
    if (!this.#selection.set(all, ticked)) this.#refuse();
  }

  // `group` is one that is too large by itself: it can be all that is shown, and be selected as such.
  #refuse(group = null) {
    const most = counted(MAX_MARKED, this.#declaration);
    if (!group) {
      return this.#tell.say(
        gettext("At most {most} can be ticked one by one or by groups. Select all, or filter first.", { most }),
      );
    }
    const told = gettext("{group} has {count}: at most {most} can be ticked one by one or by groups.", {
      group: this.#cells.groupLabel(group),
      count: number(group.row.count),
      most,
    });
    return this.#tell.say(told, { label: gettext("Select it alone"), work: () => this.#tell.selectGroup(group.path) });
  }

  #id({ row }) {
    return row[this.#declaration.key];
  }

  #called(item) {
    if (!item.isGroup) return this.#rowName(item.row);
    return `${this.#cells.groupLabel(item)}: ${counted(item.row.count, this.#declaration)}`;
  }

  #rowName(row) {
    const names = this.#declaration.columns.filter(({ opensRow }) => opensRow);
    return names.map(({ name }) => row[name]).join(" ");
  }
}
