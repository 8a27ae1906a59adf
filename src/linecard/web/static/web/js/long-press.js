// A finger that rests on something, for browsers that do not make a context menu of it themselves.

const REST_MS = 500;
const MOST_MOVE_PX = 10;

// Calls `pressed(target, {x, y})`; the click that would follow is swallowed.
export function onLongPress(element, pressed) {
  let timer;
  let from = null;
  const end = () => clearTimeout(timer);

  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch" || !event.isPrimary) return;
    from = { x: event.clientX, y: event.clientY };
    end();
    timer = setTimeout(() => {
      element.addEventListener("click", swallow, { capture: true, once: true });
      // what was under the finger at first may have been drawn anew since
      pressed(document.elementFromPoint(from.x, from.y) ?? event.target, from);
    }, REST_MS);
  });
  element.addEventListener("pointermove", (event) => {
    if (from && Math.hypot(event.clientX - from.x, event.clientY - from.y) > MOST_MOVE_PX) end();
  });
  // the finger's click comes right after it is lifted, or never
  element.addEventListener("pointerup", () => {
    end();
    setTimeout(() => element.removeEventListener("click", swallow, { capture: true }), 50);
  });
  for (const name of ["pointercancel", "contextmenu"]) element.addEventListener(name, end);
}

function swallow(event) {
  event.preventDefault();
  event.stopPropagation();
}
