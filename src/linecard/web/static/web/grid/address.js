// How a view is written in the page's address: ?search=… &status=… &sort=name,-updated_at &filter={JSON}
// &columns=name,status &groups=country,status &values=channels:sum &pivot=status &pins=name &widths=name:240.
// Empty parts are left out; names that the screen does not have are passed over.

const words = (text) => (text ?? "").split(",").filter(Boolean);
const pairs = (text) => words(text).map((word) => word.split(":"));

const readSort = (text) =>
  words(text).map((word) =>
    word.startsWith("-") ? { column: word.slice(1), direction: "desc" } : { column: word, direction: "asc" },
  );

const writeSort = (sort) => sort.map(({ column, direction }) => (direction === "desc" ? "-" : "") + column).join(",");

const writePairs = (object) =>
  Object.entries(object)
    .map((pair) => pair.join(":"))
    .join(",");

function readFilter(text) {
  try {
    const filter = JSON.parse(text);
    return filter instanceof Object && !Array.isArray(filter) ? filter : {};
  } catch {
    return {}; // a link that was cut short
  }
}

// A list of columns; null where the address does not speak of it.
function readNames(text, known) {
  return text === null ? null : words(text).filter((name) => known.has(name));
}

function readWidths(text, known) {
  const widths = pairs(text).map(([name, width]) => [name, Number.parseInt(width, 10)]);
  return Object.fromEntries(widths.filter(([name, width]) => known.has(name) && width > 0));
}

export function readView(query, declaration) {
  const address = new URLSearchParams(query);
  const known = new Set(declaration.columns.map(({ name }) => name));
  const columns = readNames(address.get("columns"), known);
  return {
    search: address.get("search") ?? "",
    status: address.get("status") ?? declaration.presets[0].value,
    sort: readSort(address.get("sort")),
    filter: readFilter(address.get("filter") ?? "{}"),
    columns: columns?.length ? columns : null,
    groups: words(address.get("groups")),
    values: Object.fromEntries(pairs(address.get("values"))),
    pivot: address.get("pivot") || null,
    pins: readNames(address.get("pins"), known),
    widths: readWidths(address.get("widths"), known),
  };
}

// The query string of a view, without its "?"; empty for what a bare address shows.
export function writeView(view, declaration) {
  const parts = new URLSearchParams();
  const put = (name, text) => text && parts.set(name, text);
  put("search", view.search);
  if (view.status !== declaration.presets[0].value) parts.set("status", view.status);
  put("sort", writeSort(view.sort));
  if (Object.keys(view.filter).length) parts.set("filter", JSON.stringify(view.filter));
  put("columns", view.columns?.join(","));
  put("groups", view.groups.join(","));
  put("values", writePairs(view.values));
  put("pivot", view.pivot);
  if (view.pins) parts.set("pins", view.pins.join(",")); // none at all is something to say, too
  put("widths", writePairs(view.widths));
  return parts.toString().replaceAll("%2C", ",").replaceAll("%3A", ":"); // as people would write it
}
