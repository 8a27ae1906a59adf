// What the verbs of a grid do with its ticked rows: the server changes some at a time, until none remains.
import { request } from "../web/js/http.js";
import { gettext } from "../web/js/texts.js";
import { toast } from "../web/js/toasts.js";
import { number } from "../web/grid/formatters.js";

const CHUNK = 1000; // the most ids that one request carries

function* parts(selection) {
  if (!selection.ids) yield selection;
  for (let from = 0; from < selection.ids?.length; from += CHUNK) {
    yield { ids: selection.ids.slice(from, from + CHUNK) };
  }
}

// Gives the ids of the rows that were changed.
export async function changeAll(url, selection, total) {
  const changed = [];
  const far = (done) => gettext("{done} of {total}…", { done: number(done), total: number(total) });
  const progress = total > 100 ? toast(far(0)) : null;
  try {
    for (const part of parts(selection)) {
      let answer;
      do {
        answer = await request(url, { method: "POST", body: part });
        changed.push(...answer.changed);
        if (progress) progress.querySelector(".toast-text").textContent = far(changed.length);
      } while (answer.remaining && answer.changed.length);
    }
    return changed;
  } finally {
    progress?.remove();
  }
}

// Tells why it went wrong, and shows the rows as they are now in any case.
export async function attempt(page, work) {
  try {
    await work();
  } catch (problem) {
    toast(problem.message, "error");
  }
  page.refresh();
}
