// The page of a send that goes on: how far it is; when it ends, the page is shown anew.
import { request } from "../web/js/http.js";

const PAUSE_MS = 1500;
const GOING = ["queued", "running"];

async function look(shown) {
  const job = await request(`/api/v1/jobs/${shown.dataset.sendGoing}`);
  const percent = shown.querySelector('[data-part="percent"]');
  if (!GOING.includes(job.state) || (job.state === "running" && !percent)) location.reload();
  if (percent) percent.textContent = job.progress;
}

const shown = document.querySelector("[data-send-going]");
// a server that is away for a moment is asked again
setInterval(() => look(shown).catch(() => {}), PAUSE_MS);
