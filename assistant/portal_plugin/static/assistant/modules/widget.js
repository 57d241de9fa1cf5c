/**
 * <portal-assistant>: the assistant in a window of the page, a full page on phones.
 *
 * One element, no framework. Everything that it shows lives in its shadow; the style sheet is
 * fetched and adopted, so that it also works under the policy of another website. All words come
 * from the API, in one answer.
 */
import { askedView, badge, madeOf, nameCitations, turnView } from "./answer_view.js";
import { Client, Failure } from "./client.js";
import { Composer } from "./composer.js";
import { button, el, filled, freshId } from "./dom.js";
import { promptView } from "./prompt_view.js";
import { Session, newTurn } from "./session.js";
import { personPanel } from "./tools_view.js";
import { stopReading } from "./voice.js";

// Where the window takes the whole screen: phones, and low windows such as at 400 % zoom.
const FULL = matchMedia("(max-width: 40em), (max-height: 30em)");
const MANY_LINES = 200; // characters; from here on a reply is a text, and the focus stays in it

export class PortalAssistant extends HTMLElement {
  connectedCallback() {
    if (this.shadowRoot) {
      return;
    }
    this.attachShadow({ mode: "open" });
    this.host = this;
    this.base = this.dataset.portal || location.origin;
    this.isForeign = this.base !== location.origin;
    // From another website the portal's pages open beside it.
    this.linkTarget = this.isForeign ? "_blank" : null;
    this.site = this.dataset.site || "";
    this.client = new Client(this.base, this.site);
    this.session = new Session(this.site);
    this.turns = [];
    this.told = new Set();
    this.shadowRoot.append(el("slot"));
    FULL.addEventListener("change", () => this.isOpen && this.#show());
    if (this.isForeign) {
      this.#launch();
    }
  }

  get launcher() {
    return this.querySelector("button") || this.shadowRoot.querySelector(".launcher");
  }

  /** The same conversation as a page: it works without a script, and can be left open. */
  get pageAddress() {
    const conversation = this.session.get("conversation");
    const page = new URL(conversation ? `/assistant/conversations/${conversation}/` : "/assistant/", this.base);
    if (this.config.language !== "zh-hans") {
      page.searchParams.set("lang", this.config.language);
    }
    return page.href;
  }

  get isOpen() {
    return Boolean(this.dialog?.open);
  }

  text(key) {
    return this.config.texts[key] ?? key;
  }

  announce(text) {
    this.live.textContent = "";
    // Said again where the same words stand there already.
    requestAnimationFrame(() => (this.live.textContent = text));
  }

  /* ---- Opening and closing ------------------------------------------------------------------- */

  /** On another website: style and words are needed for the button itself. */
  async #launch() {
    try {
      await Promise.all([this.#style(), this.#configure()]);
    } catch (failure) {
      // Nothing is shown rather than what cannot work. A browser does not tell a script whether
      // the portal is out of reach or refuses this website.
      console.error(`portal-assistant: not shown (${failure.message}). Is ${location.origin} on the portal's list?`);
      return;
    }
    this.shadowRoot.prepend(
      el("div", { class: "corner" },
        button(this.text("title"), { class: "launcher", "aria-haspopup": "dialog", "aria-expanded": "false" }, () => this.toggle())));
    if (this.session.get("isOpen")) {
      this.reopen();
    }
  }

  toggle() {
    if (this.isOpen) {
      this.close();
    } else {
      this.open();
    }
  }

  /** After a new page: as the visitor left it, but never over the whole screen of a phone. */
  reopen() {
    if (this.session.get("isOpen") && !FULL.matches) {
      this.open({ takesFocus: false });
    }
  }

  async open({ takesFocus = true } = {}) {
    if (this.isOpening || this.isOpen) {
      return;
    }
    this.isOpening = true;
    this.launcher.setAttribute("aria-busy", "true");
    try {
      await this.#style();
      if (!this.config) {
        await this.#configure();
      }
      this.#frame();
    } catch (failure) {
      this.#frameOfFailure(failure);
    }
    this.isOpening = false;
    this.launcher.removeAttribute("aria-busy");
    this.launcher.setAttribute("aria-expanded", "true");
    this.#show();
    this.session.set({ isOpen: true });
    if (!this.composer) {
      this.dialog.querySelector("button")?.focus();
      return;
    }
    if (takesFocus) {
      this.composer.field.focus();
    }
    if (!this.turns.length && (this.session.get("conversation") || this.session.get("pending"))) {
      await this.#restore();
    }
  }

  close() {
    stopReading();
    this.dialog.close();
    this.session.set({ isOpen: false });
    this.launcher.setAttribute("aria-expanded", "false");
    this.launcher.focus();
  }

  #show() {
    const active = this.shadowRoot.activeElement;
    this.dialog.close();
    if (FULL.matches) {
      this.dialog.showModal();
    } else {
      this.dialog.show();
    }
    active?.focus();
  }

  /* ---- What it is made of -------------------------------------------------------------------- */

  async #style() {
    if (this.styled) {
      return;
    }
    const address = new URL(this.dataset.style, this.base).href;
    if (!("adoptedStyleSheets" in Document.prototype)) {
      this.shadowRoot.append(el("link", { rel: "stylesheet", href: address }));
      this.styled = true;
      return;
    }
    let response;
    try {
      response = await fetch(address, { credentials: "omit" });
    } catch {
      throw new Failure("offline");
    }
    if (!response.ok) {
      throw new Failure("unavailable");
    }
    const sheet = new CSSStyleSheet();
    await sheet.replace(await response.text());
    this.shadowRoot.adoptedStyleSheets = [sheet];
    this.styled = true;
  }

  async #configure() {
    const language = this.session.get("language") || this.dataset.language || document.documentElement.lang;
    this.config = await this.client.widget(language, this.isForeign ? "" : location.pathname);
    this.session.set({ language: this.config.language });
    this.shadowRoot.querySelector(".launcher")?.replaceChildren(this.text("title"));
  }

  #frame() {
    const { config } = this;
    const title = freshId("title");
    const draft = this.composer?.text ?? this.session.get("draft");
    this.dialog?.remove();
    this.live = el("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.notices = el("div", { class: "notices" });
    this.list = el("div", { class: "turns" });
    this.waiting = el("div", { class: "waiting" });
    this.log = el("div", { class: "log", tabindex: 0, role: "region", "aria-label": this.text("log") },
      this.notices, this.#welcome(), this.list, this.waiting);
    this.drawer = el("div", { class: "drawer", hidden: true });
    this.composer = new Composer(this);
    this.composer.text = draft || "";
    // While the assistant rests at this site nothing is taken: why, and whom to ask.
    this.composer.element.hidden = Boolean(config.paused);
    this.dialog = el("dialog", { class: "window", "aria-labelledby": title, lang: config.tag, dir: config.direction, on: { keydown: (event) => this.#key(event), cancel: (event) => this.#cancelled(event) } },
      el("div", { class: "head" },
        el("h2", { id: title, class: "head__title" }, this.text("title"), el("span", { class: "head__site" }, config.site_name)),
        el("div", { class: "head__tools" }, this.#languages(), this.#renewer(),
          button(this.text("close"), { class: "head__button head__close", "aria-label": this.text("close_title") }, () => this.close()))),
      this.live, this.log, this.drawer,
      config.paused ? el("div", { class: "paused", role: "note" }, el("p", {}, config.paused), personPanel(this)) : null,
      this.composer.element);
    this.shadowRoot.append(this.dialog);
    const kept = this.turns;
    this.turns = [];
    for (const turn of kept) {
      this.#add(turn);
    }
    this.#expect(kept.at(-1));
  }

  /** Nothing could be loaded: what is known by heart, and the page that may still work. */
  #frameOfFailure(failure) {
    this.dialog?.remove();
    this.composer = null;
    const title = freshId("title");
    const page = `${this.base}/assistant/`;
    this.dialog = el("dialog", { class: "window window--failed", "aria-labelledby": title, on: { keydown: (event) => this.#key(event) } },
      el("div", { class: "head" },
        el("h2", { id: title, class: "head__title" }, this.launcher.textContent),
        button("×", { class: "head__button head__close", "aria-label": "×" }, () => this.close())),
      el("div", { class: "log" },
        el("p", { class: "failure", role: "alert" }, failure.detail || this.dataset.failed),
        el("p", {}, el("a", { href: page, target: this.linkTarget }, page))));
    this.shadowRoot.append(this.dialog);
  }

  #welcome() {
    this.welcome = el("div", { class: "welcome" },
      el("p", { class: "welcome__text" }, this.text("greeting")),
      this.config.starters.length > 0 && !this.config.paused && el("h3", { class: "welcome__title" }, this.text("starters")),
      el("ul", { class: "buttons" },
        (this.config.paused ? [] : this.config.starters).map((one) =>
          el("li", {}, button(one.question, { class: "choice", lang: one.tag }, () => this.submit(one.question))))));
    return this.welcome;
  }

  #languages() {
    const select = el("select", { class: "head__language", "aria-label": this.text("language"), on: {
        change: async () => {
          this.session.set({ language: select.value });
          await this.#changeLanguage();
        },
      } },
      this.config.languages.map((one) =>
        el("option", { value: one.code, lang: one.tag, selected: one.code === this.config.language }, one.name)));
    return select;
  }

  async #changeLanguage() {
    try {
      await this.#configure();
    } catch (failure) {
      this.composer.say(el("p", { class: "failure", role: "alert" }, this.failureText(failure)));
      return;
    }
    this.#frame();
    this.#show();
    this.dialog.querySelector(".head__language").focus();
  }

  #renewer() {
    const renew = button(this.text("new"), { class: "head__button" }, () => {
      if (!this.turns.length) {
        this.composer.field.focus();
        return;
      }
      const answer = el("div", { class: "sure", role: "alertdialog", "aria-label": this.text("new") },
        el("p", {}, this.text("new_sure")),
        button(this.text("new_yes"), { class: "primary" }, () => {
          this.session.renew();
          this.turns = [];
          this.composer = null;
          this.#frame();
          this.#show();
          this.composer.field.focus();
        }),
        button(this.text("keep"), { class: "secondary" }, () => {
          this.composer.say();
          renew.focus();
        }));
      this.composer.say(answer);
      answer.querySelector("button").focus();
    });
    return renew;
  }

  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      if (this.drawer && !this.drawer.hidden) {
        this.#closeDrawer();
      } else {
        this.close();
      }
    }
  }

  /** The back gesture of a phone, which comes as a cancelled dialog. */
  #cancelled(event) {
    event.preventDefault();
    this.#key({ key: "Escape", preventDefault() {}, stopPropagation() {} });
  }

  /* ---- Sending ------------------------------------------------------------------------------- */

  /** A message that was typed. */
  submit(text) {
    const isSecret = Boolean(this.prompt?.secret);
    return this.#send({ turn: newTurn(), text, payload: "", shownAs: text, isSecret });
  }

  /** A button of a prompt. */
  press(payload, title) {
    return this.#send({ turn: newTurn(), text: "", payload, shownAs: title, isSecret: false });
  }

  choose(answer, choice) {
    return this.#exchange(choice.question, () => this.client.choose(answer, choice.entry));
  }

  translate(answer, language) {
    // One answer in another language; the conversation stays in its own.
    const translated = async () => ({ ...(await this.client.translation(answer, language.code)), language: "" });
    return this.#exchange(language.name, translated);
  }

  #send(message) {
    // Where storage fails or the page goes, the message can be sent again under the same number.
    this.session.set({ pending: message.isSecret ? null : message, draft: "" });
    if (this.composer.text.trim() === message.text || message.text) {
      this.composer.text = "";
    }
    return this.#exchange(message.shownAs, () => this.client.message({
      turn: message.turn,
      language: this.config.language,
      ...(message.payload ? { payload: message.payload } : { text: message.text }),
      ...(message.payload && { text: "" }),
      ...(this.session.get("conversation") && { conversation: this.session.get("conversation") }),
      ...(!this.isForeign && { page: location.pathname.slice(0, 255) }),
    }), message);
  }

  /** One exchange with the portal; never two at a time. */
  async #exchange(shownAs, ask, message = null) {
    if (this.composer.isBusy) {
      this.announce(this.text("one_at_a_time"));
      return;
    }
    const pressed = this.shadowRoot.activeElement;
    this.composer.busy(true);
    this.composer.say();
    this.welcome.hidden = true;
    this.dialog.querySelector(".prompt")?.setAttribute("inert", "");
    this.waiting.replaceChildren(askedView(this, shownAs, message?.isSecret) || "", el("p", { class: "waiting__text" }, this.text("waiting")));
    this.waiting.scrollIntoView({ block: "end" });
    this.announce(this.text("waiting"));
    let reply;
    try {
      reply = await ask();
    } catch (failure) {
      this.#failed(failure, message, ask, shownAs);
      return;
    }
    this.#arrived(reply, shownAs, message, pressed);
  }

  #arrived(reply, shownAs, message, pressed) {
    this.composer.busy(false);
    this.waiting.replaceChildren();
    this.session.set({ pending: null, ...(reply.conversation && { conversation: reply.conversation }) });
    const turn = { question: shownAs, isSecret: message?.isSecret, answer: reply.answer, prompt: reply.prompt ?? null };
    const view = this.#add(turn);
    if (reply.answer.status === "answered" && reply.answer.id) {
      this.session.keepReceipt(reply.answer.id);
    }
    this.#notice(reply.notices);
    this.#expect(turn);
    if (reply.answer.status.startsWith("blocked") && message && !this.composer.hasText) {
      this.composer.text = message.text;
    }
    this.announce(view.sources
      ? filled(this.text("ready_sources"), { title: view.title, count: view.sources })
      : filled(this.text("ready"), { title: view.title }));
    view.element.scrollIntoView({ block: "start" });
    this.#moveFocus(view, pressed, turn.prompt);
    if (reply.language && reply.language !== this.config.language) {
      this.session.set({ language: reply.language });
      this.#changeLanguage();
    }
  }

  /** Only if the visitor has not typed or gone elsewhere since. */
  #moveFocus(view, pressed, prompt) {
    const active = this.shadowRoot.activeElement;
    const stayed = !active || active === pressed || active === this.log || active === this.composer.send;
    const isInside = document.activeElement === this || document.activeElement === document.body;
    if (!stayed || !isInside || this.composer.hasText) {
      return;
    }
    if (prompt?.kind === "text" && (prompt.step || prompt.longest > MANY_LINES)) {
      this.composer.field.focus();
    } else {
      view.heading.focus({ preventScroll: true });
    }
  }

  #failed(failure, message, ask, shownAs) {
    this.composer.busy(false);
    this.waiting.replaceChildren();
    this.dialog.querySelector(".prompt")?.removeAttribute("inert");
    this.welcome.hidden = this.turns.length > 0;
    if (failure.kind === "gone" && this.session.get("conversation")) {
      this.session.set({ conversation: "" });
    }
    if (message?.text && !this.composer.hasText) {
      this.composer.text = message.text;
    }
    const again = button(this.text("again"), { class: "secondary" }, () => {
      if (message?.text && this.composer.text.trim() === message.text) {
        this.composer.text = "";
      }
      this.#exchange(shownAs, ask, message);
    });
    const words = el("p", { class: "failure", role: "alert" }, this.failureText(failure));
    this.composer.say(words, again);
    if (failure.kind === "too_many") {
      this.#countDown(failure, words, again);
    }
  }

  /** The button waits as long as the portal has asked for. */
  #countDown(failure, words, again) {
    again.disabled = true;
    const until = Date.now() + failure.seconds * 1000;
    const tick = () => {
      const seconds = Math.ceil((until - Date.now()) / 1000);
      if (seconds > 0 && again.isConnected) {
        again.textContent = `${this.text("again")} (${seconds})`;
        setTimeout(tick, 1000);
      } else {
        again.disabled = false;
        again.textContent = this.text("again");
        words.setAttribute("role", "note");
      }
    };
    tick();
  }

  failureText(failure) {
    switch (failure.kind) {
      case "offline":
        return this.text("offline");
      case "too_many":
        return filled(this.text("too_many"), { seconds: failure.seconds });
      case "unavailable":
        return this.text("unavailable");
      case "gone":
        return this.text("gone");
      default:
        return failure.detail || this.text("failed");
    }
  }

  /* ---- The conversation ---------------------------------------------------------------------- */

  #add(turn) {
    const view = turnView(this, { question: turn.isSecret ? "••••••" : turn.question, answer: turn.answer });
    nameCitations(this, view.element);
    this.dialog.querySelector(".prompt")?.remove();
    this.list.append(view.element);
    this.turns.push(turn);
    this.welcome.hidden = true;
    return view;
  }

  /** What the last answer waits for. */
  #expect(turn) {
    this.prompt = turn?.prompt ?? null;
    this.dialog.querySelector(".prompt")?.remove();
    if (this.prompt) {
      this.list.append(promptView(this, this.prompt, turn.answer.shown.text));
    }
    this.composer.expect(this.prompt);
  }

  /** After a new page: the conversation as the portal kept it, earlier turns folded. */
  async #restore() {
    const pending = this.session.get("pending");
    let found = { turns: [] };
    if (this.session.get("conversation")) {
      try {
        found = await this.client.conversation(this.session.get("conversation"));
      } catch (failure) {
        if (failure.kind === "gone") {
          this.session.set({ conversation: "" });
        } else {
          this.composer.say(el("p", { class: "failure", role: "alert" }, this.failureText(failure)),
            button(this.text("again"), { class: "secondary" }, () => { this.composer.say(); this.#restore(); }));
          return;
        }
      }
    }
    for (const turn of found.turns) {
      this.#add(turn);
    }
    this.#fold();
    this.#expect(found.turns.at(-1));
    this.#recall();
    this.list.lastElementChild?.scrollIntoView({ block: "start" });
    if (pending && found.turns.some((turn) => turn.turn === pending.turn)) {
      this.session.set({ pending: null });
    } else if (pending) {
      this.#offerAgain(pending);
    }
  }

  #fold() {
    const earlier = [...this.list.querySelectorAll(":scope > .turn")].slice(0, -1);
    if (earlier.length) {
      this.list.prepend(el("details", { class: "earlier" }, el("summary", {}, `${this.text("earlier")} (${earlier.length})`), earlier));
    }
  }

  /** A message that was on its way when the page was left: sent again under its own number. */
  #offerAgain(pending) {
    if (pending.text && !this.composer.hasText) {
      this.composer.text = pending.text;
    }
    this.composer.say(
      el("p", { class: "failure", role: "alert" }, this.text("unanswered")),
      button(this.text("again"), { class: "secondary" }, () => this.#send(pending)));
  }

  /** Asked once after each new page; a portal that cannot be reached is said with the next message. */
  async #recall() {
    const receipts = this.session.get("receipts");
    if (receipts.length) {
      const { notices } = await this.client.recalls(receipts, this.config.language).catch(() => ({ notices: [] }));
      this.#notice(notices);
    }
  }

  #notice(notices = []) {
    for (const notice of notices) {
      const key = `${notice.answer} ${notice.since}`;
      if (this.session.get("read").includes(key) || this.told.has(key)) {
        continue;
      }
      this.told.add(key);
      const element = el("div", { class: "notice", role: "note" },
        el("p", {}, el("strong", {}, notice.title || this.text("no_longer"))),
        el("p", {}, notice.text),
        notice.url && el("p", {}, el("a", { href: new URL(notice.url, this.base).href, target: this.linkTarget }, notice.new_title || this.text("receipt"))),
        button(this.text("dismiss"), { class: "secondary" }, () => {
          this.session.set({ read: [...this.session.get("read"), key] });
          element.remove();
          this.composer.field.focus();
        }));
      this.notices.append(element);
    }
  }

  /* ---- The source beside the answer ---------------------------------------------------------- */

  /** The passage itself, with its validity; the answer comes back with one press. */
  showSource(source, number, opener) {
    const title = freshId("source");
    const back = button(this.text("back_to_answer"), { class: "secondary" }, () => this.#closeDrawer());
    this.openerOfDrawer = opener;
    this.drawer.replaceChildren(
      back,
      el("section", { "aria-labelledby": title },
        el("p", { class: "answer__kind" }, filled(this.text("source"), { number })),
        el("h3", { id: title, class: "answer__title", tabindex: -1 }, el("bdi", {}, source.title), source.label && ` ${source.label}`),
        el("p", { class: "answer__validity" }, badge(this, source), source.validity && el("span", {}, source.validity)),
        madeOf(this, source.translation),
        source.passage
          ? el("blockquote", { class: "passage lines", dir: "auto", "aria-label": this.text("passage") }, source.passage)
          : el("p", { class: "soft" }, this.text("no_passage")),
        source.url && el("p", {}, el("a", { class: "primary", href: source.url, target: this.linkTarget, rel: "noopener" }, this.text("open_source")))));
    this.log.hidden = true;
    this.drawer.hidden = false;
    this.drawer.querySelector("h3").focus();
  }

  #closeDrawer() {
    this.drawer.hidden = true;
    this.log.hidden = false;
    this.openerOfDrawer?.focus();
  }
}

if (!customElements.get("portal-assistant")) {
  customElements.define("portal-assistant", PortalAssistant);
}
