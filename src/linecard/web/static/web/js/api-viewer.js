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

new MutationObserver(paint).observe(root, { attributeFilter: ["data-bs-theme"] });
paint();

SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  filter: true,
  requestInterceptor: withCsrfToken,
  validatorUrl: null,
});
