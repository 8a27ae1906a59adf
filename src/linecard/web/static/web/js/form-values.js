// Reads and writes what a person can change in a form: never passwords, files, or what the page itself put there.

const SKIPPED = new Set(["password", "file", "hidden", "submit", "button", "reset", "image"]);
const isOurs = (control) => control.name && !SKIPPED.has(control.type) && control.dataset.noDraft === undefined;
const isTick = (control) => control.type === "checkbox" || control.type === "radio";

function valuesOf(control) {
  if (isTick(control)) return control.checked ? [control.value] : [];
  if (control.multiple && control.options) return [...control.selectedOptions].map((option) => option.value);
  return [control.value];
}

// {name: [value, …]}; a name whose boxes are all unticked has an empty list.
export function read(form) {
  const values = {};
  for (const control of form.elements) {
    if (isOurs(control)) (values[control.name] ??= []).push(...valuesOf(control));
  }
  return values;
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Those of `values` that are not as in `before`.
export function changed(before, values) {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => !same(before[name], value)));
}

function put(control, values, position) {
  if (isTick(control)) control.checked = values.includes(control.value);
  else if (control.multiple && control.options) {
    for (const option of control.options) option.selected = values.includes(option.value);
  } else control.value = values[position] ?? "";
}

export function write(form, values) {
  const positions = {};
  for (const control of form.elements) {
    if (!isOurs(control) || control.disabled || !(control.name in values)) continue;
    const position = (positions[control.name] = (positions[control.name] ?? -1) + 1);
    put(control, values[control.name], position);
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  }
}
