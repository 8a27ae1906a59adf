// Rows that change by themselves: asked for again every few seconds while somebody looks at them.

const EVERY_MS = 10_000;

// Somebody who is being asked about some rows must not see them change under their hands.
const isBusy = () => document.hidden || document.querySelector("dialog[open]") !== null;

export function keepFresh(page) {
  setInterval(() => isBusy() || page.refresh(), EVERY_MS);
}
