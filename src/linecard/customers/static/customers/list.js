// The Customers page: the grid, and what Delete and Restore do with its selection.
import { confirmed } from "../web/js/confirm.js";
import { request } from "../web/js/http.js";
import { toast } from "../web/js/toasts.js";
import { counted } from "../web/grid/formatters.js";
import { startGrid } from "../web/grid/grid.js";

const NAMED = 4;

const button = (action) => document.querySelector(`[data-grid-action="${action}"]`);

// The first few by name, and how many more.
function told(names, count) {
  const some = names.slice(0, NAMED).join(", ");
  if (!some) return "";
  return count > NAMED ? `${some} and ${count - NAMED} more.` : `${some}.`;
}

// The server changes some at a time, until none remains.
async function changeAll(url, selection, total) {
  const changed = [];
  const progress = total > 100 ? toast(`0 of ${total}…`) : null;
  try {
    for (;;) {
      const answer = await request(url, { method: "POST", body: selection });
      changed.push(...answer.changed);
      if (!answer.remaining || !answer.changed.length) return changed;
      if (progress) progress.querySelector(".toast-text").textContent = `${changed.length} of ${total}…`;
    }
  } finally {
    progress?.remove();
  }
}

async function attempt(page, work) {
  try {
    await work();
  } catch (problem) {
    toast(problem.message, "error");
  }
  page.refresh();
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
  const names = told(page.selection.names(), count);
  const agreed = await confirmed({
    title: `Delete ${counted(count, page.declaration)}?`,
    text: `${names}${names && "\n\n"}They pass no more calls and leave the lists. Nothing is lost: they stay under Archived and can be restored.`,
    verb: "Delete",
    danger: true,
  });
  if (!agreed) return;
  await attempt(page, async () => {
    const selection = page.selection.request({ filter: page.model.matchingFilter, search: page.model.search });
    const ids = await changeAll(button("archive").dataset.url, selection, count);
    page.selection.clear();
    offerUndo(page, ids, `${counted(ids.length, page.declaration)} deleted.`);
  });
}

async function restore(page) {
  await attempt(page, async () => {
    const count = page.selection.count(page.total);
    const selection = page.selection.request({ filter: page.model.matchingFilter, search: page.model.search });
    const ids = await changeAll(button("restore").dataset.url, selection, count);
    page.selection.clear();
    toast(`${counted(ids.length, page.declaration)} restored.`, "success");
  });
}

const page = startGrid({ archive, restore });

function showVerbs() {
  const archived = page.model.status === "archived";
  button("archive").hidden = archived;
  button("restore").hidden = !archived;
}

page.model.addEventListener("change", showVerbs);
showVerbs();
