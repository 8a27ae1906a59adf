// The menu Export: a file of the ticked rows, or else of everything that the page shows, in its columns and order.
import { csrfToken } from "../js/http.js";
import { gettext } from "../js/texts.js";
import { counted, number } from "./formatters.js";

// The body of the API's export for what is on the page.
function question({ model, selection, selected }) {
  const { filter, search, sort, group_by, values, pivot } = model.page({ offset: 0, limit: 1 });
  const columns = model.shownColumns;
  if (selection.count(Infinity) > 0) return { selection: selected(), sort, columns };
  return { filter, search, sort, columns, group_by, values, pivot };
}

// A form, so that the browser saves the file while it comes.
function send(url, query) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  form.hidden = true;
  for (const [name, value] of Object.entries({ csrfmiddlewaretoken: csrfToken(), query: JSON.stringify(query) })) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
  form.remove();
}

function extent({ selection, total, declaration }) {
  const count = selection.count(total);
  if (count) return gettext("{count} selected", { count: number(count) });
  return gettext("All {what} shown", { what: counted(total, declaration) });
}

export function startExporting(page) {
  const menu = document.querySelector("[data-grid-export]");
  if (!menu) return;
  menu.addEventListener("toggle", () => {
    menu.querySelector("[data-export-extent]").textContent = extent(page);
  });
  for (const button of menu.querySelectorAll("[data-format]")) {
    button.addEventListener("click", () => {
      const { format, spelling = "shown", mark } = button.dataset;
      menu.open = false;
      send(menu.dataset.gridExport, { ...question(page), format, spelling, byte_order_mark: mark !== undefined });
    });
  }
}
