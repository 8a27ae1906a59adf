// Which rows are in sight; a helper of the adapter.

const DRAWN = ".ag-grid-scrolling-container"; // as high as all rows together, or as the component dares to be

// How many pixels of a list that is too high for a browser have been left out above the place that it is scrolled to.
function leftOut(element, { top, bottom }, height) {
  const drawn = parseFloat(element.querySelector(DRAWN)?.style.height) || height;
  const way = drawn - (bottom - top);
  return drawn < height && way > 0 ? (top / way) * (height - drawn) : 0;
}

// The first and the last row, counted from 0, of which all is in sight.
export function rowsInSight(element, api, rowHeight) {
  const range = api.getVerticalPixelRange();
  const above = leftOut(element, range, api.getDisplayedRowCount() * rowHeight);
  const first = Math.ceil((range.top + above) / rowHeight);
  const last = Math.floor((range.bottom + above) / rowHeight) - 1;
  return [first, Math.max(last, 0)];
}
