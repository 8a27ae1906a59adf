// Shows the API's document with Swagger UI, in the colours of the product and with the session of its pages.
import { csrfToken } from "./http.js";

const root = document.documentElement;
const place = document.getElementById("viewer");

function paint() {
  root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
}

function withCsrfToken(request) {
  const own = new URL(request.url, location.href).origin === location.origin;
  const token = csrfToken();
  if (own && token && request.method !== "GET") request.headers["X-CSRFToken"] = token;
  return request;
}

// Long examples scroll inside their box; the keyboard has to get there too.
function makeReachable() {
  for (const box of place.querySelectorAll("pre.microlight:not([tabindex])")) box.tabIndex = 0;
}

new MutationObserver(makeReachable).observe(place, { childList: true, subtree: true });
new MutationObserver(paint).observe(root, { attributeFilter: ["data-bs-theme"] });
paint();

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: false, // it puts a link inside each button, which neither keyboard nor screen reader can use
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  filter: true,
  requestInterceptor: withCsrfToken,
  validatorUrl: null,
});
