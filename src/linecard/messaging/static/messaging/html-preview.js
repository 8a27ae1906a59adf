// <iframe data-html data-frame-url>: what a page writes into a frame by itself is bound by the page's own policy and
// loses its looks; so it goes to the server, which answers it into the frame with a policy of its own.
import { onEach } from "../web/js/enhance.js";
import { csrfToken } from "../web/js/http.js";

function hidden(name, value) {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
}

onEach("iframe[data-html]", (frame) => {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: frame.dataset.frameUrl, target: frame.name, hidden: true });
  form.append(hidden("csrfmiddlewaretoken", csrfToken()), hidden("html", frame.dataset.html));
  document.body.append(form);
  form.submit();
  form.remove();
});
