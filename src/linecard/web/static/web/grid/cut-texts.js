// What is cut off by the edge of its column is told in full when the pointer rests on it.

const isCut = (element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth;

// Whether an element, or one around it inside the cell, does not show all of its text.
function cutWithin(target, cell) {
  for (let element = target; cell.contains(element); element = element.parentElement) {
    if (isCut(element)) return true;
  }
  return false;
}

export function tellCutTexts(grid) {
  grid.addEventListener("pointerover", ({ target }) => {
    const cell = target.closest('[role="gridcell"], [role="columnheader"]');
    if (!cell) return;
    if (cutWithin(target, cell)) cell.title = cell.innerText.trim();
    else cell.removeAttribute("title");
  });
}
