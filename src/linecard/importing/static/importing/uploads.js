// The report's filter needs no button, and what is chosen in it keeps the rows in sight.
import { onEach } from "../web/js/enhance.js";

onEach("input[data-submits]", (input) => input.addEventListener("change", () => input.form.requestSubmit()));
