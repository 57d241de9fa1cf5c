/** The row below every answer: useful or not, a person, copy, another language, print, read aloud. */
import { button, el, freshId } from "./dom.js";
import { printTurn } from "./printing.js";
import { canSpeak, read, stopReading } from "./voice.js";

/** @returns {HTMLElement[]} the row, and the place where its panels open */
export function toolsOf(app, answer, article) {
  const panel = el("div", { class: "tools__panel", id: freshId("panel") });
  const opens = (key, make) => openerOf(app, panel, key, make);
  const shown = answer.shown;
  const isText = answer.status === "answered";
  const person = opens("person", () => personPanel(app));
  const tools = [
    ...(shown.has_feedback && answer.id ? feedbackOf(app, answer, opens, panel) : []),
    person,
    isText && button(app.text("copy"), { class: "tool" }, (event) => copy(app, shown.plain, panel, event.currentTarget)),
    isText && answer.id && opens("translate", () => languagesPanel(app, answer)),
    isText && shown.card && el("a", { class: "tool", href: shown.card, target: app.linkTarget }, app.text("card")),
    isText && button(app.text("print"), { class: "tool" }, () => printTurn(article.closest(".turn"), app.host)),
    canSpeak && button(app.text("read"), { class: "tool", "aria-pressed": "false" }, (event) => readAloud(app, answer, article, event.currentTarget)),
  ];
  if (shown.needs_person) {
    // Where there is no answer the way to a person stands open.
    person.setAttribute("aria-expanded", "true");
    panel.append(personPanel(app));
  }
  const row = el("div", { class: "tools", role: "group", "aria-label": app.text("tools") }, tools);
  const receipt = answer.receipt && isText
    ? el("p", { class: "answer__receipt soft" }, el("a", { href: answer.receipt, target: app.linkTarget }, app.text("receipt")), " ", app.text("receipt_hint"))
    : null;
  return [row, panel, receipt].filter(Boolean);
}

/** A button that opens its panel below the row, and closes it when it is pressed again. */
function openerOf(app, panel, key, make) {
  const opener = button(app.text(key), { class: "tool", "aria-expanded": "false", "aria-controls": panel.id }, () => {
    const wasOpen = opener.getAttribute("aria-expanded") === "true";
    for (const other of opener.parentElement.querySelectorAll("[aria-expanded]")) {
      other.setAttribute("aria-expanded", "false");
    }
    panel.replaceChildren();
    if (!wasOpen) {
      opener.setAttribute("aria-expanded", "true");
      panel.append(make());
      panel.scrollIntoView({ block: "nearest" });
    }
  });
  return opener;
}

/* ---- Useful or not --------------------------------------------------------------------------- */

function feedbackOf(app, answer, opens, panel) {
  const thanks = (isUseful) => el("p", { class: "thanks" }, app.text(isUseful ? "thanks_useful" : "thanks_not"));
  if (answer.shown.useful !== null) {
    return [thanks(answer.shown.useful)];
  }
  const say = async (said, opener) => {
    try {
      await app.client.feedback(answer.id, said);
    } catch (failure) {
      panel.replaceChildren(el("p", { class: "failure", role: "alert" }, app.failureText(failure)));
      return;
    }
    const told = thanks(said.useful);
    told.tabIndex = -1;
    panel.replaceChildren();
    useful.remove();
    notUseful.replaceWith(told);
    told.focus();
    app.announce(told.textContent);
  };
  const useful = button(app.text("useful"), { class: "tool" }, () => say({ useful: true }));
  const notUseful = opens("not_useful", () => reasonsForm(app, say));
  return [useful, notUseful];
}

function reasonsForm(app, say) {
  const name = freshId("reason");
  const comment = el("textarea", { id: freshId("comment"), rows: 2, maxlength: 500, dir: "auto" });
  return el("form", { class: "reasons", on: {
      submit: (event) => {
        event.preventDefault();
        const reason = new FormData(event.currentTarget).get(name);
        say({ useful: false, ...(reason && { reason }), comment: comment.value });
      },
    } },
    el("fieldset", {},
      el("legend", {}, app.text("why")),
      app.config.reasons.map((one) =>
        el("label", { class: "radio" }, el("input", { type: "radio", name, value: one.value }), el("span", {}, one.label)))),
    el("label", { for: comment.id }, app.text("comment")),
    comment,
    el("button", { type: "submit", class: "secondary" }, app.text("send_reply")));
}

/* ---- A person -------------------------------------------------------------------------------- */

/** The hotline, the working time by the calendar, and the letter that takes this conversation along. */
export function personPanel(app) {
  const { contact } = app.config;
  return el("div", { class: "person" },
    contact.phone && el("p", { class: "person__phone" }, el("a", { href: contact.url, dir: "ltr" }, contact.phone)),
    contact.phone && el("p", { class: "soft" }, app.text("hotline")),
    el("p", { class: contact.is_open ? "" : "person__closed" }, contact.opening),
    app.config.letter && el("p", {},
      button(app.text("letter"), { class: "secondary" }, () => app.press(app.config.letter, app.text("letter")))),
    app.config.letter && el("p", { class: "soft" }, app.text("letter_hint")));
}

/* ---- Copy, another language, voice ----------------------------------------------------------- */

async function copy(app, text, panel, opener) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard here (plain http, or refused): the text stands selected, ready to be copied.
    const field = el("textarea", { rows: 6, readonly: true, "aria-label": app.text("copy_by_hand") });
    field.value = text;
    panel.replaceChildren(el("p", {}, app.text("copy_by_hand")), field);
    field.focus();
    field.select();
    return;
  }
  const label = opener.textContent;
  opener.textContent = app.text("copied");
  app.announce(app.text("copied"));
  setTimeout(() => (opener.textContent = label), 3000);
}

function languagesPanel(app, answer) {
  return el("ul", { class: "buttons buttons--inline" },
    app.config.languages
      .filter((one) => one.tag.toLowerCase() !== answer.shown.language.toLowerCase())
      .map((one) => el("li", {}, button(one.name, { class: "choice", lang: one.tag }, () => app.translate(answer.id, one)))));
}

async function readAloud(app, answer, article, opener) {
  if (opener.getAttribute("aria-pressed") === "true") {
    stopReading();
    return;
  }
  opener.setAttribute("aria-pressed", "true");
  opener.textContent = app.text("read_stop");
  const text = article.querySelector(".answer__text, .answer__says").innerText;
  const couldRead = await read(text, answer.status === "answered" ? answer.shown.language : app.config.tag);
  opener.setAttribute("aria-pressed", "false");
  opener.textContent = app.text("read");
  if (!couldRead) {
    app.announce(app.text("no_voice"));
    opener.replaceWith(el("p", { class: "soft" }, app.text("no_voice")));
  }
}
