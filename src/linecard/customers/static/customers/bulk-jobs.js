// Work on many customers: how far it is, what became of it, and the way back.
import { request } from "../web/js/http.js";
import { toast } from "../web/js/toasts.js";
import { number } from "../web/grid/formatters.js";

const PAUSE_MS = 700;
const WORKING = ["queued", "running", "undoing"];
const DONE = { edit: "changed", delete: "deleted", restore: "restored" };
const DOING = { edit: "Changing", delete: "Deleting", restore: "Restoring" };

const counted = (count) => `${number(count)} customer${count === 1 ? "" : "s"}`;

function summary(job) {
  if (job.state === "failed") return `The work failed. ${job.problem}`;
  if (job.state === "undone") {
    const left = job.left_alone ? `, ${number(job.left_alone)} left as they are, because they were changed since` : "";
    return `${counted(job.undone)} taken back${left}.`;
  }
  const others = [
    [job.unchanged, "as they were"],
    [job.refused, "refused"],
    [job.held, "held"],
  ];
  const told = others.filter(([count]) => count).map(([count, words]) => `${number(count)} ${words}`);
  return `${[`${counted(job.changed)} ${DONE[job.action]}`, ...told].join(", ")}.`;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-sm";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function link(text, address) {
  const made = document.createElement("a");
  made.className = "btn btn-sm";
  made.href = address;
  made.textContent = text;
  return made;
}

export class BulkJobs {
  // `refresh` shows the rows anew; `workUrl` is the address of a work's page with {id} in it.
  constructor({ refresh, workUrl }) {
    this.refresh = refresh;
    this.workUrl = workUrl;
  }

  // Follows a job to its end and tells what became of it.
  async follow(job) {
    const shown = WORKING.includes(job.state) ? this.#show(job) : null;
    try {
      while (WORKING.includes(job.state)) {
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        job = await request(`/api/v1/jobs/${job.id}`);
        this.#progress(shown, job);
      }
      this.#tell(job);
    } catch (problem) {
      toast(problem.message, "error");
    } finally {
      shown?.remove();
      this.refresh();
    }
  }

  async undo(job) {
    try {
      await this.follow(await request(job.undo, { method: "POST" }));
    } catch (problem) {
      toast(problem.message, "error");
    }
  }

  #show(job) {
    const shown = document.getElementById("bulk-progress").content.firstElementChild.cloneNode(true);
    // the one who follows the job sees that it is being undone, and goes on
    shown.querySelector('[data-part="undo"]').addEventListener("click", ({ currentTarget }) => {
      currentTarget.disabled = true;
      request(`/api/v1/bulk-works/${job.id}/undo`, { method: "POST" }).catch((problem) => toast(problem.message, "error"));
    });
    document.getElementById("toasts").append(shown);
    this.#progress(shown, job);
    return shown;
  }

  #progress(shown, job) {
    const part = (name) => shown.querySelector(`[data-part="${name}"]`);
    const isUndoing = job.state === "undoing";
    const done = isUndoing ? job.undone + job.left_alone : job.changed + job.unchanged + job.refused + job.held;
    const whole = isUndoing ? job.changed : job.total;
    part("text").textContent = `${isUndoing ? "Taking back" : DOING[job.action]} ${number(done)} of ${counted(whole)}…`;
    part("bar").value = job.progress;
    part("undo").hidden = isUndoing;
  }

  #tell(job) {
    const isWhole = job.state !== "failed" && !job.refused && !job.held && !job.left_alone;
    const note = toast(summary(job), job.state === "failed" ? "error" : isWhole ? "success" : "warning");
    const close = note.querySelector("[data-toast-close]");
    if (!isWhole) close.before(link("Show", this.workUrl.replace("{id}", job.id)));
    if (!job.undo) return;
    close.before(
      button("Undo", () => {
        note.remove();
        this.undo(job);
      }),
    );
  }
}
