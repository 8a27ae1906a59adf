// The one entry of every page. Each module looks for its own data attributes, now and after every htmx swap.
import "./theme.js";
import "./menus.js";
import "./toasts.js";
import "./confirm.js";
import "./dialogs.js";
import "./shortcuts.js";
import "./shortcut-sheet.js";
import "./moments.js";
import "./tabs.js";
import "./side-nav.js";
import "./tags-editor.js";
import "./toml-editor.js";
import "./copy.js";
import "./guard.js";
import "./submit-once.js";
import { start } from "./enhance.js";

start();
