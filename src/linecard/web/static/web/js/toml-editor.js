// <textarea data-toml-editor>: line numbers, colours and a marked error line (data-error-line) for TOML text.
//
// The textarea stays what is typed into and sent; the coloured copy lies behind it and is invisible to screen readers.
import hljs from "../../vendor/highlightjs-11.12.0/core.min.js";
import ini from "../../vendor/highlightjs-11.12.0/languages/ini.min.js";
import { onEach } from "./enhance.js";

hljs.registerLanguage("toml", ini);

const MOST_COLOURED = 50_000; // characters; beyond that colours would make typing slow

class TomlEditor {
  constructor(textarea) {
    this.textarea = textarea;
    this.numbers = this.layer("toml-numbers");
    this.colours = this.layer("toml-colours");
    this.box = document.createElement("div");
    this.box.className = "toml-editor form-control";
    this.box.classList.toggle("is-invalid", textarea.classList.contains("is-invalid"));
    textarea.before(this.box);
    this.box.append(this.numbers, this.colours, textarea);
    textarea.classList.remove("form-control");
    textarea.classList.add("toml-text");
    textarea.spellcheck = false;
    textarea.wrap = "off";
    textarea.autocapitalize = "off";
    this.errorLine = Number(textarea.dataset.errorLine) || 0;
    this.draw();
    textarea.addEventListener("input", () => this.onInput());
    textarea.addEventListener("scroll", () => this.follow(), { passive: true });
  }

  layer(name) {
    const layer = document.createElement("pre");
    layer.className = name;
    layer.setAttribute("aria-hidden", "true");
    return layer;
  }

  onInput() {
    this.errorLine = 0; // it was about the text as it was
    this.draw();
  }

  draw() {
    const text = this.textarea.value;
    this.drawNumbers(text.split("\n").length);
    if (text.length > MOST_COLOURED) this.colours.textContent = text;
    else this.colours.innerHTML = hljs.highlight(text, { language: "toml" }).value; // escaped by the highlighter
    this.colours.append("\n"); // a last empty line has a height, too
    this.follow();
  }

  drawNumbers(count) {
    const numbers = Array.from({ length: count }, (_, index) => {
      const line = document.createElement("span");
      line.textContent = index + 1;
      line.classList.toggle("is-error", index + 1 === this.errorLine);
      return line;
    });
    this.numbers.replaceChildren(...numbers);
  }

  follow() {
    this.numbers.scrollTop = this.colours.scrollTop = this.textarea.scrollTop;
    this.colours.scrollLeft = this.textarea.scrollLeft;
  }
}

onEach("textarea[data-toml-editor]", (textarea) => new TomlEditor(textarea));
