// The sheet of keys: everything on this page that has a data-shortcut, and what #page-keys adds (keys that are no button).

const NAMES = { mod: /Mac/.test(navigator.platform) ? "⌘" : "Ctrl" };

function keys(text) {
  return text.split("+").map((key) => {
    const shown = document.createElement("kbd");
    shown.textContent = NAMES[key] ?? key;
    return shown;
  });
}

function line(shortcut, what) {
  const row = document.createElement("div");
  const term = document.createElement("dt");
  term.append(...keys(shortcut));
  const meaning = document.createElement("dd");
  meaning.textContent = what;
  row.append(term, meaning);
  return row;
}

const isOffered = (element) => element.dataset.shortcutAlways !== undefined || element.checkVisibility();

const told = ({ dataset, title, textContent }, label) =>
  dataset.shortcutLabel || label || title.replace(/ \([^)]*\)$/, "") || textContent.trim();

function own() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const { shortcut } = element.dataset;
    if (!isOffered(element) || found.has(shortcut)) continue;
    found.set(shortcut, told(element, element.getAttribute("aria-label")));
  }
  return [...found].map(([shortcut, what]) => line(shortcut, what));
}

function fill() {
  const more = document.getElementById("page-keys")?.content.cloneNode(true) ?? "";
  document.querySelector("[data-shortcut-list]").replaceChildren(...own(), more);
}

document.addEventListener(
  "click",
  ({ target }) => target.closest?.('[data-dialog-open="shortcuts-dialog"]') && fill(),
  true, // before it is opened
);
