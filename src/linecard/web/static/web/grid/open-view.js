// Which saved view the page's address opens: ?view=7 shows what that one holds, and parameters beside it what became of
// it since. A bare address opens the default view, if there is one; ?view=none opens none.
import { readView, writeView } from "./address.js";

const PARAMETERS = ["search", "status", "sort", "filter", "columns", "groups", "values", "pivot", "pins", "widths"];
const NONE = "none";

// The state that an address stands for, with the open view (or null) as `view`.
export function readAddress(query, declaration) {
  const address = new URLSearchParams(query);
  const isBare = !PARAMETERS.some((name) => address.has(name));
  const { list = [], standard = null } = declaration.views ?? {};
  const wanted = isBare && !address.has("view") ? standard : Number(address.get("view"));
  const view = list.find(({ id }) => id === wanted) ?? null;
  return { ...readView(isBare && view ? view.query : query, declaration), view };
}

export function writeAddress(state, declaration) {
  const query = writeView(state, declaration);
  if (!state.view) return query || !declaration.views?.standard ? query : `view=${NONE}`;
  const named = `view=${state.view.id}`;
  if (!isChanged(state, declaration)) return named;
  return `${named}&${query || `status=${declaration.presets[0].value}`}`; // which is what a bare address shows
}

// Whether something else is shown than the open view holds.
export function isChanged(state, declaration) {
  if (!state.view) return false;
  return writeView(state, declaration) !== writeView(readView(state.view.query, declaration), declaration);
}
