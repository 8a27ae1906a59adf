// The choice between light, dark and the system's colours; first.js applies it.
import { onEach } from "./enhance.js";

function mark() {
  const choice = document.documentElement.dataset.themeChoice;
  for (const button of document.querySelectorAll("button[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

onEach("button[data-theme-choice]", (button) => {
  button.addEventListener("click", () => {
    const choice = button.dataset.themeChoice;
    try {
      localStorage.setItem("linecard.theme", choice);
    } catch {
      // storage is switched off: the choice lasts for this page
    }
    dispatchEvent(new CustomEvent("linecard:theme", { detail: choice }));
    mark();
    button.closest("details").open = false;
  });
  mark();
});
