// The page on which a file is chosen or dropped, and sent.
import { onEach } from "../web/js/enhance.js";
import { Problem } from "../web/js/http.js";
import { mayPass, Sending } from "./sending.js";
import { gettext } from "../web/js/texts.js";

const UNITS = ["bytes", "kB", "MB", "GB"];

// 1234567 → "1.2 MB"
function size(bytes) {
  let amount = bytes;
  let unit = 0;
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${unit ? amount.toFixed(1) : amount} ${UNITS[unit]}`;
}

class NewUpload {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector('input[type="file"]');
    this.input.addEventListener("change", () => this.input.files.length && this.send(this.input.files[0]));
    this.part("cancel").addEventListener("click", () => this.cancel());
    this.part("go-on").addEventListener("click", () => this.run());
    this.part("again").addEventListener("click", () => this.choose());
    addEventListener("online", () => !this.part("go-on").hidden && this.run());
    addEventListener("beforeunload", (event) => this.isSending && event.preventDefault());
    this.takeDrops();
  }

  part(name) {
    return this.box.querySelector(`[data-part="${name}"]`);
  }

  // Anywhere on the page: a file that misses the zone must not open in its place.
  takeDrops() {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    let depth = 0;
    const mark = (by) => {
      depth = by ? depth + by : 0;
      this.box.classList.toggle("is-over", depth > 0);
    };
    document.addEventListener("dragenter", (event) => hasFiles(event) && mark(1));
    document.addEventListener("dragleave", (event) => hasFiles(event) && mark(-1));
    document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
    document.addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      mark(0);
      if (!this.isSending) this.take(event.dataTransfer.files);
    });
  }

  take(files) {
    if (files.length === 1) this.send(files[0]);
    else {
      const detail = gettext("Drop a single CSV or XLSX file.");
      this.refuse(new Problem(400, { title: gettext("One file at a time"), detail }));
    }
  }

  send(file) {
    this.file = file;
    this.part("name").textContent = file.name;
    this.sending = new Sending(file, { target: this.box.dataset.target, url: this.box.dataset.url });
    this.run();
  }

  async run() {
    const sending = this.sending;
    this.show("sending");
    this.isSending = true;
    try {
      const url = await sending.run((bytes) => this.tell(bytes));
      this.isSending = false;
      location.assign(url);
    } catch (problem) {
      if (sending !== this.sending) return; // cancelled, and perhaps another file is on its way
      this.isSending = false;
      if (!(problem instanceof Problem)) throw problem;
      this.refuse(problem);
    }
  }

  tell(bytes) {
    const percent = this.file.size ? Math.floor((100 * bytes) / this.file.size) : 100;
    this.part("bar").value = percent;
    const far = { done: size(bytes), whole: size(this.file.size), percent };
    const isSent = bytes >= this.file.size;
    this.part("amount").textContent = isSent ? gettext("Reading the file…") : gettext("{done} of {whole}, {percent} %", far);
  }

  refuse(problem) {
    const isCutOff = this.sending && mayPass(problem);
    if (!isCutOff) this.forget();
    this.show(isCutOff ? "cut-off" : "refused");
    this.part("problem-title").textContent = isCutOff ? gettext("The upload was cut off") : problem.title;
    this.part("problem-text").textContent = isCutOff
      ? gettext("The server cannot be reached. What has arrived is kept: go on, and only the rest is sent.")
      : this.words(problem);
    this.part(isCutOff ? "go-on" : "again").focus();
  }

  words(problem) {
    return problem.errors.length ? problem.errors.map(({ message }) => message).join(" ") : problem.message;
  }

  cancel() {
    this.sending?.cancel();
    this.forget();
    this.show("choice");
    this.input.focus();
  }

  // Another file instead.
  choose() {
    this.cancel();
    this.input.click();
  }

  forget() {
    this.sending = null;
    this.isSending = false;
    this.input.value = "";
  }

  // "choice", "sending", "cut-off" or "refused"
  show(state) {
    this.part("sending").hidden = state !== "sending";
    this.part("problem").hidden = !["cut-off", "refused"].includes(state);
    this.part("go-on").hidden = state !== "cut-off";
    this.part("choice").hidden = ["sending", "cut-off"].includes(state);
    if (state === "sending") this.part("cancel").focus();
  }
}

onEach("[data-new-upload]", (box) => new NewUpload(box));
