// The delay log: the grid, and what Run now and Cancel do with the ticked changes.
import { confirmed } from "../web/js/confirm.js";
import { gettext } from "../web/js/texts.js";
import { toast } from "../web/js/toasts.js";
import { counted } from "../web/grid/formatters.js";
import { startGrid } from "../web/grid/grid.js";
import { keepFresh } from "../web/grid/refreshing.js";
import { attempt, changeAll } from "./selected.js";

const button = (action) => document.querySelector(`[data-grid-action="${action}"]`);

// Asks, does it with all that are ticked, and tells how many it was done with.
async function act(page, action, question, done) {
  const count = page.selection.count(page.total);
  const what = counted(count, page.declaration);
  if (!(await confirmed(question(what)))) return;
  await attempt(page, async () => {
    const changed = await changeAll(button(action).dataset.url, page.selected(), count);
    page.selection.clear();
    const told = [done.told({ what: counted(changed.length, page.declaration) })];
    if (changed.length < count) told.push(done.others);
    toast(told.join(" "), changed.length ? "success" : "warning");
  });
}

const run = (page) =>
  act(
    page,
    "run",
    (what) => ({
      title: gettext("Run {what} now?", { what }),
      text: gettext(
        "Those that wait are applied at once instead of at their time. A held one takes a decision of its own: open it.",
      ),
      verb: gettext("Run now"),
    }),
    {
      told: (values) => gettext("{what} tried: their state says what became of them.", values),
      others: gettext("The others were not waiting."),
    },
  );

const cancel = (page) =>
  act(
    page,
    "cancel",
    (what) => ({
      title: gettext("Cancel {what}?", { what }),
      text: gettext(
        "They will not happen, and nothing happens to the cards. Cancelling the second half of a temporary change makes it permanent.",
      ),
      verb: gettext("Cancel them"),
      no: gettext("Keep them"),
      danger: true,
    }),
    {
      told: (values) => gettext("{what} cancelled.", values),
      others: gettext("The others were not open any more."),
    },
  );

keepFresh(startGrid({ run, cancel }));
