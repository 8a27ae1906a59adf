// The audit log: the grid, and the days and the changes it is narrowed to.
import { beginOfDay, dayOf, endOfDay } from "../web/grid/days.js";
import { startGrid } from "../web/grid/grid.js";

const narrow = document.querySelector("[data-audit-filter]");

function daysTerm() {
  const { since, until } = narrow.elements;
  const first = since.value && beginOfDay(since.value);
  const last = until.value && endOfDay(until.value);
  if (first && last) return { op: "between", value: [first, last] };
  if (first) return { op: "gte", value: first };
  return last ? { op: "lte", value: last } : null;
}

function changesTerm() {
  const text = narrow.elements.changes.value.trim();
  return text ? { op: "contains", value: text } : null;
}

const { model } = startGrid();

function narrowTo(column, term) {
  const { [column]: former, ...others } = model.filter;
  if (JSON.stringify(former ?? null) === JSON.stringify(term)) return;
  model.set({ filter: term ? { ...others, [column]: term } : others });
}

narrow.addEventListener("submit", (event) => event.preventDefault());
narrow.addEventListener("change", ({ target }) => {
  if (target === narrow.elements.changes) narrowTo("changes", changesTerm());
  else narrowTo("at", daysTerm());
});
// the cross inside the field empties it without a change
narrow.elements.changes.addEventListener("input", ({ target }) => target.value || narrowTo("changes", null));

// What is cleared elsewhere, or comes with the address, shows here.
function showFilter() {
  const changes = model.filter.changes;
  narrow.elements.changes.value = changes?.op === "contains" ? changes.value : "";
  const { op, value } = model.filter.at ?? {};
  const [first, last] = op === "between" ? value : [op === "gte" ? value : "", op === "lte" ? value : ""];
  narrow.elements.since.value = first ? dayOf(first) : "";
  narrow.elements.until.value = last ? dayOf(last) : "";
}

model.addEventListener("change", showFilter);
showFilter();
