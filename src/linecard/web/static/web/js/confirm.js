// Asks before something happens: data-confirm on a button or link, hx-confirm, or confirmed(...) from a script.
import { gettext } from "./texts.js";

// Resolves with true or false. `verb` names the button that goes on, `no` the other; `danger` paints the first red.
export function confirmed({
  title = gettext("Are you sure?"),
  text = "",
  verb = gettext("Continue"),
  no = gettext("Cancel"),
  danger = false,
}) {
  const dialog = document.getElementById("confirm-dialog");
  const yes = dialog.querySelector("[data-confirm-yes]");
  dialog.querySelector("#confirm-title").textContent = title;
  dialog.querySelector("#confirm-text").textContent = text;
  dialog.querySelector("[data-confirm-no]").textContent = no;
  yes.textContent = verb;
  yes.classList.toggle("btn-danger", danger);
  yes.classList.toggle("btn-primary", !danger);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function question(element) {
  const { confirm, confirmTitle, confirmVerb, confirmDanger } = element.dataset;
  return { title: confirmTitle, text: confirm, verb: confirmVerb, danger: confirmDanger !== undefined };
}

const agreed = new WeakSet();

async function ask(event, element) {
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!(await confirmed(question(element)))) return;
  agreed.add(element);
  element.click();
  agreed.delete(element);
}

document.addEventListener(
  "click",
  (event) => {
    const element = event.target.closest?.("[data-confirm]");
    if (element && !agreed.has(element)) ask(event, element);
  },
  true,
);

document.addEventListener("htmx:confirm", async (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  const asked = { text: event.detail.question, ...question(event.detail.elt) };
  if (await confirmed({ ...asked, text: event.detail.question })) event.detail.issueRequest(true);
});
