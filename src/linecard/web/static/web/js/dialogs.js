// data-dialog-open="id" opens that <dialog>; data-dialog-close inside closes it; so does a click beside it.

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog-open]");
  if (opener) document.getElementById(opener.dataset.dialogOpen)?.showModal();
  const closer = event.target.closest?.("[data-dialog-close]");
  if (closer) closer.closest("dialog")?.close();
});

document.addEventListener("pointerdown", (event) => {
  if (event.target instanceof HTMLDialogElement && event.target.matches("[data-light-dismiss]")) event.target.close();
});
