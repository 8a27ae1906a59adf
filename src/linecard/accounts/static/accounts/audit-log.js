// The audit log: the grid, and the days it is narrowed to.
import { startGrid } from "../web/grid/grid.js";

const days = document.querySelector("[data-audit-days]");
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

function term() {
  const { since, until } = days.elements;
  const first = since.value && written(beginning(since.value));
  const last = until.value && written(beginning(until.value, 1) - 1000);
  if (first && last) return { op: "between", value: [first, last] };
  if (first) return { op: "gte", value: first };
  return last ? { op: "lte", value: last } : null;
}

const { model } = startGrid();

days.addEventListener("submit", (event) => event.preventDefault());
days.addEventListener("change", () => {
  const { at, ...others } = model.filter;
  const chosen = term();
  model.set({ filter: chosen ? { ...others, at: chosen } : others });
});

// What is cleared elsewhere, or comes with the address, shows here.
const localDay = (moment) => new Date(Date.parse(moment) + ahead(Date.parse(moment))).toISOString().slice(0, 10);

function showDays() {
  const { op, value } = model.filter.at ?? {};
  const [first, last] = op === "between" ? value : [op === "gte" ? value : "", op === "lte" ? value : ""];
  days.elements.since.value = first ? localDay(first) : "";
  days.elements.until.value = last ? localDay(last) : "";
}

model.addEventListener("change", showDays);
showDays();
