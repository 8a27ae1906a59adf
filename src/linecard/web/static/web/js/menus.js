// <details data-menu>: one open at a time; closes outside and with Escape; arrows move through its entries.
import { onEach } from "./enhance.js";

const entries = (menu) => [...menu.querySelectorAll("a[href], button:not([disabled])")];

function closeOthers(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

function onKey(menu, event) {
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.stopPropagation();
    return;
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.matches("input, select, textarea")) return; // there the arrows change the value
  event.preventDefault();
  menu.open = true;
  const all = entries(menu);
  const at = all.indexOf(document.activeElement);
  all.at(at < 0 && step < 0 ? -1 : (at + step) % all.length)?.focus();
}

onEach("details[data-menu]", (menu) => {
  menu.addEventListener("toggle", () => menu.open && closeOthers(menu));
  menu.addEventListener("keydown", (event) => onKey(menu, event));
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
});

document.addEventListener("pointerdown", (event) => closeOthers(event.target.closest("details[data-menu]")));
