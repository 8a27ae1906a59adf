// <time data-moment="relative|brief|absolute">: shown in the user's own zone and kept current.
import { onEach } from "./enhance.js";
import { gettext } from "./texts.js";

const zone = document.documentElement.dataset.timeZone || undefined;
const exact = whenNeeded(() => dates({ dateStyle: "medium", timeStyle: "short" }));
const full = whenNeeded(() => dates({ dateStyle: "full", timeStyle: "long" }));
const relative = whenNeeded(() => new Intl.RelativeTimeFormat("en", { numeric: "auto" }));
const brief = whenNeeded(() => new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" }));
const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 7],
];
const TICK_MS = 15_000;

const dates = (style) => new Intl.DateTimeFormat("en-GB", { ...style, timeZone: zone });

// Each takes the browser longer to make than to use a hundred times, and many a page shows no moment.
function whenNeeded(make) {
  let made;
  return () => (made ??= make());
}

// "3 minutes ago", "in 2 hours", or in a narrow column "3min ago"; beyond a week the date itself says more.
export function ago(moment, style = "relative") {
  let amount = (moment - Date.now()) / 1000;
  if (Math.abs(amount) < 10) return gettext("just now");
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) return (style === "brief" ? brief : relative)().format(Math.round(amount), unit);
    amount /= size;
  }
  return exact().format(moment);
}

// A first proposal for an exact time, on the user's own clock: 2026-11-23T14:05.
export function inAnHour() {
  const moment = new Date(Date.now() + 60 * 60 * 1000);
  return moment.toLocaleString("sv-SE", { timeZone: zone }).replace(" ", "T").slice(0, 16);
}

function show(element) {
  const moment = new Date(element.dateTime);
  if (Number.isNaN(moment.getTime())) return;
  element.title = full().format(moment);
  const style = element.dataset.moment;
  element.textContent = style === "absolute" ? exact().format(moment) : ago(moment, style);
}

onEach("time[data-moment]", show);

setInterval(() => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll('time[data-moment]:not([data-moment="absolute"])')) show(element);
}, TICK_MS);
