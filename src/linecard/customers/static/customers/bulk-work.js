// The page of a work that is being done: how far it is; when it ends, the page is shown anew.
import { request } from "../web/js/http.js";

const PAUSE_MS = 1500;
const WORKING = ["queued", "running", "undoing"];

async function look(shown) {
  const job = await request(`/api/v1/jobs/${shown.dataset.bulkWorking}`);
  if (!WORKING.includes(job.state)) location.reload();
  shown.querySelector('[data-part="percent"]').textContent = job.progress;
}

const shown = document.querySelector("[data-bulk-working]");
// a server that is away for a moment is asked again
setInterval(() => look(shown).catch(() => {}), PAUSE_MS);
