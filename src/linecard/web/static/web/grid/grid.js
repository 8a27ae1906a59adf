// A page with a grid: puts declaration, model, selection, rows and toolbar together.
import { request } from "../js/http.js";
import { startExport } from "./exporting.js";
import { GridAdapter } from "./grid-adapter.js";
import { QueryModel } from "./query-model.js";
import { Selection } from "./selection.js";
import { Toolbar } from "./toolbar.js";

// Starts the page's grid. `on` maps a button's data-grid-action to what a screen does with
// the page: {declaration, model, selection, total, refresh, tickedNames, selected}.
export function startGrid(on = {}) {
  const declaration = JSON.parse(document.getElementById("grid-declaration").textContent);
  const model = new QueryModel(declaration);
  const selection = new Selection();
  const fetch = (query) => request(declaration.queryUrl, { method: "POST", body: query });
  const parts = {};

  const tell = {
    answered(answer) {
      parts.toolbar?.answered(answer);
      requestAnimationFrame(tell.scrolled);
    },
    failed: (problem) => parts.toolbar?.failed(problem),
    scrolled: () => parts.rows && parts.toolbar?.range(parts.rows.range()),
    open(row, { apart }) {
      const address = parts.rows.rowAddress(row);
      if (apart) window.open(address, "_blank", "noopener");
      else location.assign(address);
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
  parts.rows = new GridAdapter(document.getElementById("grid"), { declaration, model, selection, fetch, tell });

  // Coming back from a row's page, or reloading, finds the same rows in sight.
  parts.rows.goTo(history.state?.row);
  addEventListener("pagehide", () => history.replaceState({ ...history.state, row: parts.rows.range()[0] }, ""));

  model.addEventListener("change", ({ detail }) => {
    if (!detail.rows) return;
    selection.clear(); // what is out of sight must not be acted on
    parts.rows.show();
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
  startExport(page);
  return page;
}
