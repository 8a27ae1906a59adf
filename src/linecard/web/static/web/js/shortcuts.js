// data-shortcut="/", "?" or "mod+s": puts the focus into a field, or clicks anything else. "mod" is Ctrl, or ⌘ on a Mac.
// data-shortcut-always: also while a closed menu hides it.

const isField = (element) => element.matches?.("input, select, textarea, [contenteditable]");
const isTyping = (element) =>
  isField(element) && !["checkbox", "radio", "button", "submit"].includes(element.type);

function pressed(event) {
  if (event.altKey) return null;
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key;
}

const isShown = (element) =>
  (element.checkVisibility() || element.dataset.shortcutAlways !== undefined) && !element.disabled;

document.addEventListener("keydown", (event) => {
  const keys = pressed(event);
  if (!keys || event.defaultPrevented || (!keys.startsWith("mod+") && isTyping(event.target))) return;
  const within = document.querySelector("dialog[open]") ?? document;
  const wanted = [...within.querySelectorAll("[data-shortcut]")].find(
    (element) => element.dataset.shortcut === keys && isShown(element),
  );
  if (!wanted) return;
  event.preventDefault();
  if (isField(wanted)) {
    wanted.focus();
    wanted.select?.();
  } else {
    wanted.click();
  }
});
