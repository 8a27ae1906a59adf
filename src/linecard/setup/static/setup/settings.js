// What a server answered to a test is brought into sight: it comes below the button, where the save bar may be.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.matches(".answer")) target.scrollIntoView({ block: "nearest" });
});
