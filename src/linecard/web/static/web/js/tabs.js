// [data-tabs]: links to sections become tabs. Without this script they stay links and every section is shown.
import { onEach } from "./enhance.js";

const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));

function choose(tabs, chosen, { focus = false, remember = false } = {}) {
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    panelOf(tab).hidden = !isChosen;
  }
  if (remember) history.replaceState(history.state, "", chosen.hash);
  if (focus) chosen.focus();
  chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function moved(tabs, from, key) {
  const at = tabs.indexOf(from);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }[key];
  return to === undefined ? null : tabs.at(to === tabs.length ? 0 : to);
}

// The browser cannot focus an invalid field in a hidden section: show the section of the first one.
function showInvalid(tabs) {
  let shown = false;
  for (const tab of tabs) {
    const show = () => {
      if (shown) return;
      shown = true;
      setTimeout(() => (shown = false));
      choose(tabs, tab, { remember: true });
    };
    panelOf(tab).addEventListener("invalid", show, true);
  }
}

onEach("[data-tabs]", (strip) => {
  const tabs = [...strip.querySelectorAll('[role="tab"]')];
  const byHash = () => tabs.find((tab) => location.hash && tab.hash === location.hash);
  for (const tab of tabs) {
    panelOf(tab).classList.add("is-tabbed");
  }
  showInvalid(tabs);
  strip.addEventListener("click", (event) => {
    const tab = event.target.closest('[role="tab"]');
    if (!tab) return;
    event.preventDefault();
    choose(tabs, tab, { remember: true });
  });
  strip.addEventListener("keydown", (event) => {
    const to = moved(tabs, event.target, event.key);
    if (!to) return;
    event.preventDefault();
    choose(tabs, to, { focus: true, remember: true });
  });
  addEventListener("hashchange", () => byHash() && choose(tabs, byHash()));
  const withErrors = tabs.find((tab) => tab.dataset.errors);
  choose(tabs, withErrors ?? byHash() ?? tabs[0]);
});
