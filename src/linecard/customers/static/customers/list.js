// The Customers page: the grid, and what Bulk edit, Delete and Restore do with its selection.
import { confirmed } from "../web/js/confirm.js";
import { request } from "../web/js/http.js";
import { gettext } from "../web/js/texts.js";
import { toast } from "../web/js/toasts.js";
import { counted, number } from "../web/grid/formatters.js";
import { startGrid } from "../web/grid/grid.js";
import { BulkEdit } from "./bulk-edit.js";
import { BulkJobs } from "./bulk-jobs.js";

const NAMED = 4;

const button = (action) => document.querySelector(`[data-grid-action="${action}"]`);

// The first few by name, and how many more.
function told(page, count) {
  const names = page.tickedNames(NAMED);
  const more = count - names.length;
  if (!more) return `${names.join(", ")}.`;
  return gettext("{names} and {count} more.", { names: names.join(", "), count: number(more) });
}

async function attempt(work) {
  try {
    await work();
  } catch (problem) {
    toast(problem.message, "error");
    page.refresh();
  }
}

const ask = (action, body) => request(`/api/v1/customers/bulk-${action}`, { method: "POST", body });

function begin(job) {
  page.selection.clear();
  return jobs.follow(job);
}

function bulkEdit() {
  attempt(() => dialog.open());
}

function begun(answer) {
  if (!answer.planned) return begin(answer);
  page.selection.clear();
  const log = { label: gettext("Delay log"), address: button("bulk-edit").dataset.logUrl };
  return toast(gettext("Planned. It is in the delay log until it has happened."), "success", [log]);
}

const sentences = (counts) => counts.map(({ message, count }) => `${number(count)} ${message}`).join(", ");

function agrees(preview) {
  const refused = preview.reasons.map(({ message, count }) => `${number(count)}: ${message}`).join("\n");
  const parts = [
    told(page, preview.total),
    preview.hanging.length && gettext("There hang on them: {what}.", { what: sentences(preview.hanging) }),
    refused && `${gettext("Left alone:")}\n${refused}`,
    gettext(
      "They pass no more calls and leave the lists. Nothing is lost: they stay under Archived and can be restored.",
    ),
  ];
  return confirmed({
    title: gettext("Delete {what}?", { what: counted(preview.changed, page.declaration) }),
    text: parts.filter(Boolean).join("\n\n"),
    verb: gettext("Delete"),
    danger: true,
  });
}

// What is refused can be archived all the same, when that is asked for.
async function archive() {
  await attempt(async () => {
    const selection = page.selected();
    const preview = await ask("delete", { selection, preview: true });
    if (preview.changed > 0 && !(await agrees(preview))) return;
    const isAll = preview.refused > 0 && (await insists(preview));
    if (preview.changed > 0 || isAll) await begin(await ask("delete", { selection, archive: isAll }));
  });
}

function insists({ refused }) {
  return confirmed({
    title: gettext("Archive {what} all the same?", { what: counted(refused, page.declaration) }),
    text: gettext("They have live calls or owe money. Archived, they pass no new calls; what they owe stays on the card."),
    verb: gettext("Archive"),
    no: gettext("Leave them alone"),
    danger: true,
  });
}

function restore() {
  return attempt(async () => begin(await ask("restore", { selection: page.selected() })));
}

const myself = () => Number(button("mine").dataset.manager);

const isMine = ({ filter }) => filter.account_manager?.op === "equals" && filter.account_manager.value === myself();

// Once pressed, only the cards that the user is the account manager of; again, everybody's.
function mine({ model }) {
  const { account_manager: manager, ...others } = model.filter;
  model.set({ filter: isMine(model) ? others : { ...others, account_manager: { op: "equals", value: myself() } } });
}

const page = startGrid({ "bulk-edit": bulkEdit, archive, mine, restore });
const jobs = new BulkJobs({
  refresh: () => page.refresh(),
  workUrl: (button("bulk-edit") ?? button("archive"))?.dataset.workUrl.replace("/0/", "/{id}/") ?? "",
});
const dialog = button("bulk-edit") && new BulkEdit(document.getElementById("bulk-edit"), page, begun);

// Who may not do it has no button for it.
function show(action, isShown) {
  const found = button(action);
  if (found) found.hidden = !isShown;
}

function showVerbs() {
  const archived = page.model.status === "archived";
  show("bulk-edit", !archived);
  show("archive", !archived);
  show("restore", archived);
  button("mine").setAttribute("aria-pressed", isMine(page.model));
}

page.model.addEventListener("change", showVerbs);
showVerbs();
