// The audit log: the grid, and the days and the changes it is narrowed to.
import { startGrid } from "../web/grid/grid.js";

const narrow = document.querySelector("[data-audit-filter]");
const zone = document.documentElement.dataset.timeZone || "UTC";
const DAY_MS = 24 * 60 * 60 * 1000;

// How far the zone's clocks are ahead of UTC at a moment.
function ahead(moment) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(moment);
  const part = (type) => Number(parts.find((found) => found.type === type).value);
  const shown = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return shown - moment;
}

// When a day (2026-01-31) begins in the reader's zone.
function beginning(day, plusDays = 0) {
  const midnight = Date.parse(`${day}T00:00:00Z`) + plusDays * DAY_MS;
  const near = midnight - ahead(midnight);
  return midnight - ahead(near); // again, because clocks may have been put forward in between
}

const written = (moment) => new Date(moment).toISOString().replace(".000Z", "Z");

function daysTerm() {
  const { since, until } = narrow.elements;
  const first = since.value && written(beginning(since.value));
  const last = until.value && written(beginning(until.value, 1) - 1000);
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
const localDay = (moment) => new Date(Date.parse(moment) + ahead(Date.parse(moment))).toISOString().slice(0, 10);

function showFilter() {
  const changes = model.filter.changes;
  narrow.elements.changes.value = changes?.op === "contains" ? changes.value : "";
  const { op, value } = model.filter.at ?? {};
  const [first, last] = op === "between" ? value : [op === "gte" ? value : "", op === "lte" ? value : ""];
  narrow.elements.since.value = first ? localDay(first) : "";
  narrow.elements.until.value = last ? localDay(last) : "";
}

model.addEventListener("change", showFilter);
showFilter();
