// Work on many customers: how far it is, what became of it, and the way back.
import { request } from "../web/js/http.js";
import { gettext, ngettext } from "../web/js/texts.js";
import { toast } from "../web/js/toasts.js";
import { number } from "../web/grid/formatters.js";

const PAUSE_MS = 700;
const WORKING = ["queued", "running", "undoing"];
const DONE = {
  edit: (count) => ngettext("{count} customer changed", "{count} customers changed", count, told(count)),
  delete: (count) => ngettext("{count} customer deleted", "{count} customers deleted", count, told(count)),
  restore: (count) => ngettext("{count} customer restored", "{count} customers restored", count, told(count)),
};
const DOING = {
  edit: (places) => gettext("Changing {done} of {what}…", places),
  delete: (places) => gettext("Deleting {done} of {what}…", places),
  restore: (places) => gettext("Restoring {done} of {what}…", places),
};

const told = (count) => ({ count: number(count) });

const counted = (count) => ngettext("{count} customer", "{count} customers", count, told(count));

function undone({ undone: count, left_alone: left }) {
  const what = counted(count);
  if (!left) return gettext("{what} taken back.", { what });
  return gettext("{what} taken back, {left} left as they are.", {
    what,
    left: number(left),
  });
}

function summary(job) {
  if (job.state === "failed") return gettext("The work failed. {problem}", job);
  if (job.state === "undone") return undone(job);
  const parts = [
    DONE[job.action](job.changed),
    job.unchanged && gettext("{count} as they were", told(job.unchanged)),
    job.refused && gettext("{count} refused", told(job.refused)),
    job.held && gettext("{count} held", told(job.held)),
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
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
    const places = { done: number(done), what: counted(whole) };
    part("text").textContent = isUndoing ? gettext("Taking back {done} of {what}…", places) : DOING[job.action](places);
    part("bar").value = job.progress;
    part("undo").hidden = isUndoing;
  }

  #tell(job) {
    const isWhole = job.state !== "failed" && !job.refused && !job.held && !job.left_alone;
    const actions = [
      !isWhole && { label: gettext("Show"), address: this.workUrl.replace("{id}", job.id) },
      job.undo && { label: gettext("Undo"), work: () => this.undo(job) },
    ];
    const level = job.state === "failed" ? "error" : isWhole ? "success" : "warning";
    toast(summary(job), level, actions.filter(Boolean));
  }
}
