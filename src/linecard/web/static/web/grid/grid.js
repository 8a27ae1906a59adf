// A page with a grid: puts declaration, model, selection, rows, panels and toolbar together.
import { ContextMenu } from "../js/context-menu.js";
import { request } from "../js/http.js";
import { startExporting } from "./exporting.js";
import { toast } from "../js/toasts.js";
import { Cells } from "./cells.js";
import { Chips } from "./chips.js";
import { ColumnMenu } from "./column-menu.js";
import { ColumnsPanel } from "./columns-panel.js";
import { tellCutTexts } from "./cut-texts.js";
import { Facets } from "./facets.js";
import { FiltersPanel } from "./filters-panel.js";
import { GridAdapter } from "./grid-adapter.js";
import { LiveRows } from "./live-rows.js";
import { Panels } from "./panels.js";
import { QueryModel } from "./query-model.js";
import { RowMenu } from "./row-menu.js";
import { Selection } from "./selection.js";
import { Toolbar } from "./toolbar.js";
import { ViewsMenu } from "./views-menu.js";

function openRow(cells, row, { apart }) {
  const address = cells.rowAddress(row);
  if (apart) window.open(address, "_blank", "noopener");
  else location.assign(address);
}

let tellStarted;

// Resolves with the page that startGrid gives, for scripts that add to it.
export const started = new Promise((resolve) => {
  tellStarted = resolve;
});

// Starts the page's grid. `on` maps a button's data-grid-action to what a screen does with
// the page: {declaration, model, selection, total, refresh, tickedNames, selected}.
export function startGrid(on = {}) {
  const declaration = JSON.parse(document.getElementById("grid-declaration").textContent);
  const model = new QueryModel(declaration);
  const selection = new Selection();
  const fetch = (query) => request(declaration.queryUrl, { method: "POST", body: query });
  const facets = new Facets({ model, fetch });
  const cells = new Cells({ declaration, model });
  const shared = { declaration, model, selection, facets, cells, fetch };
  const parts = {};

  const tell = {
    answered(answer) {
      parts.toolbar?.answered(answer);
      requestAnimationFrame(tell.scrolled);
    },
    failed: (problem) => parts.toolbar?.failed(problem),
    scrolled: () => parts.rows && parts.toolbar?.range(parts.rows.range()),
    say: (text, ...actions) => toast(text, "warning", actions),
    async selectGroup(path) {
      model.narrowTo(path);
      await parts.rows.settled;
      selection.selectAll();
    },
    open: (row, how) => openRow(cells, row, how),
    menu(asked) {
      if (asked.item) parts.rowMenu.open(asked);
      else if (asked.leaf.column) parts.columnMenu.open(asked.element, asked.at, asked.leaf.column);
    },
  };

  parts.toolbar = new Toolbar({
    declaration,
    model,
    selection,
    retry: () => parts.rows.show(),
    refresh: () => parts.rows.refresh(),
    leave: () => parts.rows.focus(),
  });
  const element = document.getElementById("grid");
  // Coming back from a row's page, or reloading, finds the same rows in sight.
  parts.rows = new GridAdapter(element, { ...shared, tell, row: history.state?.row });
  tellCutTexts(element);
  addPanelsAndMenus(parts, shared, tell);

  new LiveRows({ declaration, model, rows: parts.rows, fetch });

  addEventListener("pagehide", () => history.replaceState({ ...history.state, row: parts.rows.range()[0] }, ""));

  model.addEventListener("change", ({ detail: { what } }) => {
    if (what === "matching") selection.clear(); // what is out of sight must not be acted on
    if (what === "layout") parts.rows.arrange();
    else if (what === "values") parts.rows.refresh();
    else parts.rows.show();
  });

  const page = {
    declaration,
    model,
    selection,
    get total() {
      return parts.rows.total;
    },
    refresh: () => parts.rows.refresh(),
    tickedNames: (most) => parts.rows.tickedNames(most),
    selected: () => selection.request({ filter: model.matchingFilter, search: model.search }),
  };
  for (const button of document.querySelectorAll("[data-grid-action]")) {
    button.addEventListener("click", () => on[button.dataset.gridAction]?.(page));
  }
  startExporting(page);
  if (declaration.views) new ViewsMenu(page);
  tellStarted(page);
  return page;
}

function addPanelsAndMenus(parts, shared, tell) {
  const menu = new ContextMenu();
  const { rows } = parts;
  const panels = { filter: (name) => parts.panels.filter(name) };
  parts.columnMenu = new ColumnMenu({ menu, model: shared.model, panels });
  const grid = {
    toggle: (item) => rows.toggle(item),
    open: tell.open,
    get leaves() {
      return rows.leaves;
    },
  };
  parts.rowMenu = new RowMenu({ menu, grid, ...shared });
  parts.panels = new Panels(document.querySelector(".grid-frame"), {
    columns: new ColumnsPanel({ ...shared, menu: parts.columnMenu }),
    filters: new FiltersPanel(shared),
  });
  new Chips(document.querySelector('[data-grid-part="chips"]'), shared);
}
