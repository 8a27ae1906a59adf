// Runs a function once for every element that matches a selector: at the start, and in whatever htmx swaps in later.

const behaviours = [];
let started = false;

function run(root, { selector, enhance, seen }) {
  const found = [...root.querySelectorAll(selector)];
  if (root instanceof Element && root.matches(selector)) found.unshift(root);
  for (const element of found) {
    if (seen.has(element)) continue;
    seen.add(element);
    enhance(element);
  }
}

export function onEach(selector, enhance) {
  const behaviour = { selector, enhance, seen: new WeakSet() };
  behaviours.push(behaviour);
  if (started) run(document, behaviour);
}

export function enhanceWithin(root) {
  for (const behaviour of behaviours) run(root, behaviour);
}

export function start() {
  started = true;
  enhanceWithin(document);
  document.addEventListener("htmx:load", (event) => enhanceWithin(event.detail.elt));
}
