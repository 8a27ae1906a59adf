// Every text of a script passes through here, so that it can be another one in another language. The catalogue is what
// Django's JavaScriptCatalog puts into the page; where there is none, the texts stand as they are written.

const catalogue = globalThis.django;

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

// "Save “{name}”" with {name: "Mine"} is "Save “Mine”".
export const gettext = (text, values = {}) => filled(catalogue?.gettext(text) ?? text, values);

// One of two texts, by a count.
export const ngettext = (one, many, count, values = {}) =>
  filled(catalogue?.ngettext(one, many, count) ?? (count === 1 ? one : many), values);
