// Short messages in the corner: those of the server, of scripts, and of requests that failed.
import { element } from "./elements.js";
import { onEach } from "./enhance.js";
import { words } from "./http.js";
import { icon } from "./icons.js";
import { gettext } from "./texts.js";

const LIFE_MS = 6000;
const OFFER_LIFE_MS = 20_000; // of one that offers something, Undo for one: it takes a moment to decide
const ICONS = { success: "circle-check", warning: "alert-triangle", error: "alert-circle" };

// Shows a message. Successes and plain news leave by themselves; warnings and errors stay until they are dismissed.
// `actions` are {label, work} or {label, address}; work takes the message away.
export function toast(text, level = "info", actions = []) {
  const note = document.createElement("div");
  note.className = "toast-note";
  note.dataset.toast = "";
  note.dataset.level = level;
  const body = document.createElement("div");
  body.className = "toast-text";
  body.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast-close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", gettext("Dismiss"));
  close.append(icon("x"));
  const offered = actions.map((action) => offer(action, () => note.remove()));
  note.append(icon(ICONS[level] ?? "info-circle"), body, ...offered, close);
  document.getElementById("toasts").append(note);
  live(note);
  return note;
}

function offer({ label, work, address }, leave) {
  const made = element(address ? "a" : "button", "btn btn-sm", label);
  if (address) made.href = address;
  else {
    made.type = "button";
    made.addEventListener("click", () => {
      leave();
      work();
    });
  }
  return made;
}

const alive = new WeakSet();

function live(note) {
  if (alive.has(note)) return;
  alive.add(note);
  note.querySelector("[data-toast-close]").addEventListener("click", () => note.remove());
  if (["warning", "error"].includes(note.dataset.level)) return;
  let timer;
  const life = note.querySelector(".btn") ? OFFER_LIFE_MS : LIFE_MS;
  const wait = () => (timer = setTimeout(() => note.remove(), life));
  const hold = () => clearTimeout(timer);
  note.addEventListener("pointerenter", hold);
  note.addEventListener("pointerleave", wait);
  note.addEventListener("focusin", hold);
  note.addEventListener("focusout", wait);
  wait();
}

onEach("[data-toast]", live);

// The server may send HX-Trigger: {"toast": {"text": …, "level": …}}.
document.addEventListener("toast", (event) => toast(event.detail.text ?? event.detail.value, event.detail.level));
// What asks again by itself (data-polls) says so in its own place, and not every second.
const failed = (event, text) => event.detail.elt.dataset.polls === undefined && toast(text, "error");
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  const isSentence = xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
  failed(event, isSentence ? xhr.responseText : words(xhr.status));
});
document.addEventListener("htmx:sendError", (event) => failed(event, words(0)));
document.addEventListener("htmx:timeout", (event) => failed(event, words(0)));
