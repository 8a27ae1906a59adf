// What a screen reader is told of groups, which the component knows nothing of; a helper of the adapter.

export function showRole(element, { groups }, label) {
  const root = element.querySelector('[role="grid"], [role="treegrid"]');
  root?.setAttribute("role", groups.length ? "treegrid" : "grid");
  root?.setAttribute("aria-label", label);
}

// How deep each row stands, and whether a group is open.
export function showLevels(element, { groups }, nodes) {
  for (const { rowIndex, data } of nodes) {
    for (const row of element.querySelectorAll(`[role="row"][row-index="${rowIndex}"]`)) {
      const isTree = groups.length > 0 && data;
      set(row, "aria-level", isTree ? data.level : null);
      set(row, "aria-expanded", isTree && data.isGroup ? data.isOpen : null);
    }
  }
}

function set(element, name, value) {
  if (value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}
