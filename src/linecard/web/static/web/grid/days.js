// Days of the user's own time zone, as date fields give them ("2026-01-31"), and the moments they begin and end at.

const zone = document.documentElement.dataset.timeZone || "UTC";
const DAY_MS = 24 * 60 * 60 * 1000;
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: zone,
  hourCycle: "h23",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

function parts(moment) {
  const found = clock.formatToParts(moment).map(({ type, value }) => [type, value]);
  return Object.fromEntries(found);
}

// How far the zone's clock is ahead of UTC at a moment.
function aheadMs(moment) {
  const { year, month, day, hour, minute, second } = parts(moment);
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000;
}

function beginning(utc) {
  const guess = utc - aheadMs(utc);
  return utc - aheadMs(guess); // the clocks may change in between
}

export const beginOfDay = (day) => new Date(beginning(Date.parse(day))).toISOString();

// The last millisecond of a day.
export const endOfDay = (day) => new Date(beginning(Date.parse(day) + DAY_MS) - 1).toISOString();

export function dayOf(iso) {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return "";
  const { year, month, day } = parts(moment);
  return `${year}-${month}-${day}`;
}
