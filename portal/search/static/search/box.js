/**
 * Suggestions while somebody types, after the pattern of a combobox with a listbox; and a microphone
 * where the browser turns speech into text. The form works without either.
 */

const WAIT_MS = 160;
const KEPT = 60;
const Recognition = globalThis.SpeechRecognition || globalThis.webkitSpeechRecognition;
const SPOKEN = { "zh-hans": "zh-CN", "zh-hant": "zh-TW", en: "en-US", ja: "ja-JP", ko: "ko-KR", ru: "ru-RU", fr: "fr-FR", ar: "ar-SA" };

/** The language of suggestions: that of the page as it is read, its script included. */
function languageOf(form) {
  const shown = document.documentElement.lang.toLowerCase();
  return shown === "zh-hant" ? shown : form.dataset.language;
}

/** A suggestion with what was typed set off, as text and never as markup. */
function worded(text, typed) {
  const words = document.createElement("span");
  const at = text.toLowerCase().indexOf(typed.toLowerCase());
  if (!typed || at < 0) {
    words.textContent = text;
    return words;
  }
  const mark = document.createElement("mark");
  mark.textContent = text.slice(at, at + typed.length);
  words.append(text.slice(0, at), mark, text.slice(at + typed.length));
  return words;
}

class Box {
  constructor(form) {
    this.form = form;
    this.field = form.querySelector("input[type=search]");
    this.status = form.querySelector("[role=status]");
    this.kept = new Map();
    this.found = [];
    this.active = -1;
    this.list = this.makeList();
    const { field } = this;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", (event) => event.isComposing || this.later());
    field.addEventListener("compositionend", () => this.later());
    field.addEventListener("keydown", (event) => this.pressed(event));
    field.addEventListener("focus", () => this.found.length && this.typed === this.asked && this.open());
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.close());
    form.addEventListener("submit", () => this.close());
  }

  get typed() {
    return this.field.value.trim();
  }

  makeList() {
    const list = document.createElement("ul");
    list.className = "search-box__list";
    list.id = `${this.field.id || "search-home"}-list`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", this.form.dataset.label);
    list.hidden = true;
    // The field keeps the focus: pressing a suggestion must not close the list before it is chosen.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) {
        this.choose(Number(option.dataset.number));
      }
    });
    this.field.after(list);
    return list;
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT_MS);
  }

  async look() {
    const { typed } = this;
    this.request?.abort();
    if (!typed) {
      this.show(typed, []);
      return;
    }
    if (!this.kept.has(typed)) {
      // What has no suggestions has none with more letters either, as long as it is one word.
      const hopeless = this.asked && typed.startsWith(this.asked) && !this.found.length && !/\s/.test(typed) && /^[a-z]+$/i.test(typed);
      if (hopeless && this.asked.length > 3) {
        return;
      }
      const answer = await this.ask(typed);
      if (!answer) {
        return;
      }
      this.kept.set(typed, answer);
      if (this.kept.size > KEPT) {
        this.kept.delete(this.kept.keys().next().value);
      }
    }
    if (typed === this.typed) {
      this.show(typed, this.kept.get(typed));
    }
  }

  /** The suggestions; null where there is no answer, which is nobody's trouble. */
  async ask(typed) {
    const { dataset } = this.form;
    const query = new URLSearchParams({ q: typed.slice(0, 200), language: languageOf(this.form) });
    if (dataset.site) {
      query.set("site", dataset.site);
    }
    this.request = new AbortController();
    try {
      const response = await fetch(`${dataset.suggest}?${query}`, { signal: this.request.signal, credentials: "omit" });
      return response.ok ? (await response.json()).suggestions : null;
    } catch {
      return null;
    }
  }

  show(typed, found) {
    this.asked = typed;
    this.found = found;
    this.active = -1;
    this.field.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...found.map((one, number) => this.option(one, number, typed)));
    if (found.length && document.activeElement === this.field) {
      this.open();
      this.say(this.form.dataset.count.replace("{number}", found.length));
    } else {
      this.close();
    }
  }

  option(one, number, typed) {
    const option = document.createElement("li");
    option.className = "search-box__option";
    option.id = `${this.list.id}-${number}`;
    option.dataset.number = number;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const words = worded(one.text, typed);
    // Another name says why it is suggested, where its own words do not.
    if (one.name && !one.text.toLowerCase().includes(typed.toLowerCase())) {
      const name = worded(one.name, typed);
      name.className = "search-box__name";
      words.append(" ", name);
    }
    option.append(words);
    if (one.label) {
      const kind = document.createElement("span");
      kind.className = "search-box__kind";
      kind.textContent = one.label;
      option.append(" ", kind);
    }
    return option;
  }

  open() {
    this.list.hidden = false;
    this.field.setAttribute("aria-expanded", "true");
  }

  close() {
    clearTimeout(this.timer);
    this.list.hidden = true;
    this.field.setAttribute("aria-expanded", "false");
    this.select(-1);
    this.say("");
  }

  get isOpen() {
    return !this.list.hidden;
  }

  /** For screen readers alone: who sees the list needs no count of it. */
  say(text, { seen = false } = {}) {
    this.status.classList.toggle("search-box__status--unseen", !seen);
    this.status.textContent = text;
  }

  select(number) {
    const options = [...this.list.children];
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = number;
    const option = options[number];
    if (option) {
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      this.field.setAttribute("aria-activedescendant", option.id);
    } else {
      this.field.removeAttribute("aria-activedescendant");
    }
  }

  pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) {
      return;
    }
    const last = this.found.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (last < 0) {
        return;
      }
      event.preventDefault();
      const down = event.key === "ArrowDown";
      if (!this.isOpen) {
        this.open();
        this.select(down ? 0 : last);
      } else if (event.altKey) {
        this.close();
      } else {
        const next = this.active + (down ? 1 : -1);
        // Beyond either end lies the field itself, and then the other end.
        this.select(next > last ? -1 : next < -1 ? last : next);
      }
    } else if (event.key === "Enter" && this.isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      this.close();
    }
  }

  choose(number) {
    const one = this.found[number];
    this.field.value = one.text;
    this.close();
    if (one.url) {
      location.assign(one.url);
    } else {
      this.form.requestSubmit();
    }
  }

  // --- speech ------------------------------------------------------------------------------------
  offerVoice() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "search-box__voice";
    button.setAttribute("aria-label", this.form.dataset.voice);
    button.setAttribute("aria-pressed", "false");
    button.title = this.form.dataset.voice;
    button.addEventListener("click", () => this.listen(button));
    this.list.after(button);
  }

  listen(button) {
    if (this.recognition) {
      this.recognition.stop();
      return;
    }
    const words = this.form.dataset;
    const recognition = new Recognition();
    this.recognition = recognition;
    recognition.lang = SPOKEN[languageOf(this.form)] || languageOf(this.form);
    recognition.interimResults = false;
    recognition.maxAlternatives = 1;
    let told = "";
    recognition.addEventListener("result", (event) => {
      this.field.value = event.results[0][0].transcript.replace(/[。.？?！!]+$/u, "");
      this.field.focus();
    });
    recognition.addEventListener("error", (event) => {
      const refused = event.error === "not-allowed" || event.error === "service-not-allowed";
      told = refused ? words.refused : event.error === "aborted" ? "" : words.failed;
    });
    recognition.addEventListener("end", () => {
      this.recognition = null;
      button.setAttribute("aria-pressed", "false");
      this.say(told, { seen: true });
      if (!told && this.typed) {
        this.form.requestSubmit();
      }
    });
    button.setAttribute("aria-pressed", "true");
    this.say(`${words.listening} ${words.hint}`, { seen: true });
    recognition.start();
  }
}

for (const form of document.querySelectorAll("[data-search-box]")) {
  const box = new Box(form);
  if (Recognition && form.dataset.voice) {
    box.offerVoice();
  }
}
