// The Customers page: the grid, and what Delete and Restore do with its selection.
import { confirmed } from "../web/js/confirm.js";
import { toast } from "../web/js/toasts.js";
import { counted, number } from "../web/grid/formatters.js";
import { startGrid } from "../web/grid/grid.js";
import { attempt, changeAll } from "./selected.js";

const NAMED = 4;

const button = (action) => document.querySelector(`[data-grid-action="${action}"]`);

// The first few by name, and how many more.
function told(page, count) {
  const names = page.tickedNames(NAMED);
  const more = count - names.length;
  return names.join(", ") + (more ? ` and ${number(more)} more.` : ".");
}

function offerUndo(page, ids, text) {
  const note = toast(text, "success");
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "btn btn-sm";
  undo.textContent = "Undo";
  undo.addEventListener("click", () => {
    note.remove();
    attempt(page, async () => {
      await changeAll(button("archive").dataset.undoUrl, { ids }, ids.length);
      toast(`${counted(ids.length, page.declaration)} restored.`, "success");
    });
  });
  note.querySelector("[data-toast-close]").before(undo);
}

async function archive(page) {
  const count = page.selection.count(page.total);
  const agreed = await confirmed({
    title: `Delete ${counted(count, page.declaration)}?`,
    text: `${told(page, count)}\n\nThey pass no more calls and leave the lists. Nothing is lost: they stay under Archived and can be restored.`,
    verb: "Delete",
    danger: true,
  });
  if (!agreed) return;
  await attempt(page, async () => {
    const ids = await changeAll(button("archive").dataset.url, page.selected(), count);
    page.selection.clear();
    offerUndo(page, ids, `${counted(ids.length, page.declaration)} deleted.`);
  });
}

async function restore(page) {
  await attempt(page, async () => {
    const count = page.selection.count(page.total);
    const ids = await changeAll(button("restore").dataset.url, page.selected(), count);
    page.selection.clear();
    toast(`${counted(ids.length, page.declaration)} restored.`, "success");
  });
}

const myself = () => Number(button("mine").dataset.manager);

const isMine = ({ filter }) => filter.account_manager?.op === "equals" && filter.account_manager.value === myself();

// Once pressed, only the cards that the user is the account manager of; again, everybody's.
function mine({ model }) {
  const { account_manager: manager, ...others } = model.filter;
  model.set({ filter: isMine(model) ? others : { ...others, account_manager: { op: "equals", value: myself() } } });
}

const page = startGrid({ archive, mine, restore });

// Who may not do it has no button for it.
function show(action, isShown) {
  const found = button(action);
  if (found) found.hidden = !isShown;
}

function showVerbs() {
  const archived = page.model.status === "archived";
  show("archive", !archived);
  show("restore", archived);
  button("mine").setAttribute("aria-pressed", isMine(page.model));
}

page.model.addEventListener("change", showVerbs);
showVerbs();
