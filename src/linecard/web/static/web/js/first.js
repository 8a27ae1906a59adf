// Runs before the first paint, so that no page flashes in the wrong colours. Everything else is in main.js.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let choice = "auto";

  function stored() {
    try {
      return localStorage.getItem("linecard.theme") || "auto";
    } catch {
      return "auto"; // storage is switched off: the system decides
    }
  }

  function apply() {
    root.dataset.bsTheme = choice === "auto" ? (dark.matches ? "dark" : "light") : choice;
    root.dataset.themeChoice = choice;
  }

  function read() {
    choice = stored();
    apply();
  }

  root.classList.add("js");
  read();
  dark.addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === "linecard.theme" && read());
  addEventListener("linecard:theme", (event) => {
    choice = event.detail;
    apply();
  });
})();
