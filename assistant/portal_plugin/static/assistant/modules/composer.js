/** The field: counting, voice, and the guard that keeps personal data in the browser. */
import { button, el, filled, freshId } from "./dom.js";
import { STOPPING, clean, scrub } from "./personal_data.js";
import { canListen, listen } from "./voice.js";

const MANY_LINES = 200; // characters; where more may be written, Enter begins a new line

/** Drawn here: another website's policy may allow no pictures of ours. */
function microphoneIcon() {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M12 3.5a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0v-5a3 3 0 0 1 3-3zM5.5 11.500a6.500 6.500 0 0 0 13 0M12 18v3M9 21h6");
  svg.append(path);
  return svg;
}

export class Composer {
  /** @param {object} app the widget; `submit(text)` is called with what may leave the browser */
  constructor(app) {
    this.app = app;
    this.prompt = null;
    this.isBusy = false;
    const ids = { field: freshId("field"), hint: freshId("hint"), count: freshId("count") };
    this.label = el("label", { for: ids.field });
    this.field = el("textarea", {
      id: ids.field, class: "field", rows: 2, dir: "auto", enterkeyhint: "send",
      "aria-describedby": `${ids.hint} ${ids.count}`,
      on: { input: () => this.#changed(), keydown: (event) => this.#pressed(event) },
    });
    this.hint = el("p", { id: ids.hint, class: "soft" });
    this.count = el("p", { id: ids.count, class: "count soft" });
    this.trouble = el("div", { class: "trouble" });
    this.send = el("button", { type: "submit", class: "primary send" });
    this.microphone = canListen
      ? el("button", { type: "button", class: "secondary microphone", "aria-pressed": "false", "aria-label": app.text("speak"), title: app.text("speak"), on: { click: () => this.#listen() } }, microphoneIcon())
      : null;
    this.page = el("a", { class: "soft composer__page", target: app.linkTarget }, app.text("page"));
    this.element = el("form", { class: "composer", novalidate: true, on: { submit: (event) => this.#submitted(event) } },
      this.trouble,
      this.label,
      el("div", { class: "composer__row" }, this.field, el("div", { class: "composer__buttons" }, this.send, this.microphone)),
      el("div", { class: "composer__foot" }, this.hint, this.count, this.page));
    this.expect(null);
  }

  /** What is waited for: null for any question. */
  expect(prompt) {
    this.prompt = prompt;
    const isReply = Boolean(prompt?.step || prompt?.field);
    this.label.textContent = this.app.text(isReply ? "reply" : "label");
    this.send.textContent = this.app.text(isReply ? "send_reply" : "send");
    this.hint.textContent = this.app.text("hint");
    this.hint.hidden = Boolean(prompt?.secret);
    this.page.href = this.app.pageAddress;
    this.field.placeholder = isReply ? "" : this.app.text("placeholder");
    this.field.autocomplete = prompt?.secret ? "off" : "on";
    this.field.spellcheck = !prompt?.secret;
    this.#count();
  }

  get text() {
    return this.field.value;
  }

  set text(text) {
    this.field.value = text;
    this.#count();
  }

  /** Whether something was typed since the last message left. */
  get hasText() {
    return this.field.value.trim() !== "";
  }

  busy(isBusy) {
    this.isBusy = isBusy;
    this.element.setAttribute("aria-busy", String(isBusy));
  }

  say(...nodes) {
    this.trouble.replaceChildren(...nodes);
  }

  /* ---- Counting ------------------------------------------------------------------------------ */

  get #limit() {
    const { longest, used } = this.app.config.limits;
    return this.prompt?.longest ? { end: this.prompt.longest, isHard: true } : { end: used, hardEnd: longest, isHard: false };
  }

  #count() {
    const length = [...this.field.value].length;
    const { end, isHard } = this.#limit;
    const from = end * this.app.config.limits.counter_from;
    let words = "";
    if (length > end) {
      words = isHard ? filled(this.app.text("over"), { count: length - end }) : this.app.text("beyond");
    } else if (length >= from) {
      words = filled(this.app.text("left"), { count: end - length });
    }
    this.count.textContent = words;
    this.count.classList.toggle("count--over", length > end && isHard);
    return { length, words };
  }

  #changed() {
    const before = this.count.textContent;
    const { length, words } = this.#count();
    const { end } = this.#limit;
    // Said when the counter appears and when the limit is passed; not with every letter.
    if (words && (!before || (length > end) !== this.wasOver)) {
      this.app.announce(words);
    }
    this.wasOver = length > end;
    this.app.session.keepDraft(this.prompt?.secret ? "" : this.field.value);
  }

  /* ---- Sending ------------------------------------------------------------------------------- */

  #pressed(event) {
    const isLong = (this.prompt?.longest || 0) > MANY_LINES;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !isLong) {
      event.preventDefault();
      this.element.requestSubmit();
    }
  }

  #submitted(event) {
    event.preventDefault();
    if (this.isBusy) {
      this.#alert(this.app.text("one_at_a_time"));
      return;
    }
    const text = clean(this.field.value);
    if (!text) {
      this.#alert(this.app.text("empty"));
      this.field.focus();
      return;
    }
    const { end, hardEnd } = this.#limit;
    const over = [...text].length - (hardEnd || end);
    if (over > 0) {
      this.#alert(filled(this.app.text("over"), { count: over }));
      this.field.focus();
      return;
    }
    if (!this.prompt?.secret && this.#isStopped(text)) {
      return;
    }
    this.say();
    this.app.submit(text);
  }

  /** Personal data stays here until the visitor has said what to do with it. */
  #isStopped(text) {
    const found = scrub(text);
    const stopping = found.kinds.filter((kind) => STOPPING.has(kind));
    if (!stopping.length) {
      return false;
    }
    const names = [...new Set(stopping.map((kind) => this.app.text(`kind_${kind}`)))];
    const list = new Intl.ListFormat(this.app.config.tag, { type: "conjunction" }).format(names);
    this.say(
      el("div", { class: "stopped", role: "alert" },
        el("p", {}, el("strong", {}, filled(this.app.text("personal"), { kinds: list }))),
        el("p", {}, this.app.text("personal_why")),
        el("p", { class: "stopped__text lines", dir: "auto" }, found.text)),
      el("p", { class: "stopped__buttons" },
        button(this.app.text("personal_hide"), { class: "primary" }, () => {
          this.text = found.text;
          this.say();
          this.app.submit(found.text);
        }),
        button(this.app.text("personal_edit"), { class: "secondary" }, () => {
          this.say();
          this.field.focus();
        })));
    return true;
  }

  #alert(text) {
    this.say(el("p", { class: "failure", role: "alert" }, text));
  }

  /* ---- Voice --------------------------------------------------------------------------------- */

  #nameMicrophone(key, isPressed) {
    this.microphone.setAttribute("aria-pressed", String(isPressed));
    this.microphone.setAttribute("aria-label", this.app.text(key));
    this.microphone.title = this.app.text(key);
  }

  #listen() {
    if (this.stopListening) {
      this.stopListening();
      return;
    }
    this.#nameMicrophone("listening_stop", true);
    this.say(el("p", { role: "status" }, this.app.text("listening"), " ", this.app.text("voice_hint")));
    const over = () => {
      this.stopListening = null;
      this.#nameMicrophone("speak", false);
    };
    this.stopListening = listen(this.app.config.tag, {
      heard: (text) => {
        this.text = `${this.field.value} ${text}`.trim();
        this.say();
        this.#changed();
        this.field.focus();
      },
      refused: () => this.#alert(this.app.text("voice_refused")),
      failed: () => this.#alert(this.app.text("voice_failed")),
      ended: over,
    });
  }
}
