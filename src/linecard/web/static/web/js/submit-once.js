// A form that is on its way cannot be sent a second time by an impatient click.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (form.ariaBusy === "true") event.preventDefault();
  else form.ariaBusy = "true";
});

// Back brings the page from the browser's cache as it was left.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll('form[aria-busy="true"]')) form.ariaBusy = "false";
});
