/** One turn of the conversation: what was asked, the answer as an article, what can be done with it. */
import { button, el, filled, freshId } from "./dom.js";
import { fragment } from "./markup.js";
import { toolsOf } from "./tools_view.js";

/**
 * @param {object} app the widget: `text(key)`, `base`, `send()`, `choose()`, `showSource()`
 * @param {{question: string, answer: object}} turn as the API gives it
 * @returns {{element: HTMLElement, heading: HTMLElement, title: string, sources: number}}
 */
export function turnView(app, { question, answer }) {
  const shown = answer.shown;
  const isAnswered = answer.status === "answered";
  const title = (isAnswered && shown.title) || shown.heading;
  const headingId = freshId("answer");
  const inText = isAnswered ? { lang: shown.language, dir: shown.direction } : {};
  const heading = el("h3", { id: headingId, class: "answer__title", tabindex: -1, ...inText }, title);
  const article = el("article", { class: `answer answer--${answer.status}`, "aria-labelledby": headingId },
    el("p", { class: "answer__kind" }, kindOf(app, answer), shown.trust && !shown.translation && el("span", { class: "mark" }, shown.trust)),
    heading,
    madeOf(app, shown.translation),
    stateOf(app, shown),
    ...(isAnswered ? approved(app, answer) : spoken(shown)),
    choicesOf(app, answer),
    sourcesOf(app, shown),
    linksOf(shown),
    relatedOf(app, answer),
  );
  article.append(...toolsOf(app, answer, article));
  article.addEventListener("click", (event) => citation(app, shown, event));
  const element = el("div", { class: "turn" }, askedView(app, question), article);
  return { element, heading, title, sources: shown.sources.length };
}

/** The visitor's own words; `isSecret` shows that something was sent, not what. */
export function askedView(app, question, isSecret = false) {
  return question
    ? el("p", { class: "asked" },
        el("span", { class: "asked__label" }, app.text("you_asked")),
        el("span", { class: "asked__text", dir: "auto" }, isSecret ? "••••••" : question))
    : null;
}

function kindOf(app, answer) {
  if (!answer.entry) { // what the assistant itself says of office hours, documents …
    return el("span", {}, app.text("assistant"));
  }
  const owner = answer.shown.owner;
  return el("span", {}, app.text("approved"), owner && " · ", owner);
}

function stateOf(app, shown) {
  if (!shown.state) {
    return null;
  }
  const now = shown.replaced_by;
  return el("div", { class: "answer__state", role: "note" },
    el("p", {}, el("strong", {}, shown.state)),
    now && el("p", {}, app.text("now_holds"), " ", el("a", { href: now.url, target: app.linkTarget }, now.title)));
}

function approved(app, answer) {
  const shown = answer.shown;
  const gist = answer.gist;
  const validity = shown.mark || shown.validity;
  return [
    notesOf(shown),
    el("div", { class: "answer__text", lang: shown.language, dir: shown.direction }, withTargets(app, fragment(shown.html, app.base))),
    validity && el("p", { class: "answer__validity" },
      shown.mark ? el("span", { class: "mark mark--over" }, shown.mark) : el("span", { class: "mark mark--good" }, app.text("in_force")),
      shown.validity && el("span", {}, shown.validity)),
    gist && el("section", { class: "machine" },
      el("h4", {}, el("span", { class: "mark" }, app.text("machine")), " ", app.text("gist")),
      el("p", { class: "soft" }, app.text("machine_hint")),
      el("p", { class: "lines", lang: gist.language, dir: "auto" }, gist.text)),
  ];
}

function spoken(shown) {
  return [el("p", { class: "answer__says lines", dir: "auto" }, shown.text), notesOf(shown)];
}

function notesOf(shown) {
  return shown.notes.length
    ? el("ul", { class: "answer__notes" }, shown.notes.map((note) => el("li", {}, note)))
    : null;
}

function withTargets(app, nodes) {
  for (const link of nodes.querySelectorAll("a[href]:not([href^='#'])")) {
    if (app.linkTarget) {
      link.target = app.linkTarget;
      link.rel = "noopener";
    }
  }
  return nodes;
}

/** Questions to choose from: what was meant, or what lies near. */
function choicesOf(app, answer) {
  const choices = answer.shown.choices;
  if (!choices.length || !answer.id) {
    return null;
  }
  const isNearby = answer.status === "answered";
  return el("div", { class: "choices" },
    isNearby && el("h4", { class: "choices__title" }, app.text("nearby")),
    el("ul", { class: "buttons" },
      choices.map((choice) =>
        el("li", {}, button(choice.question, { class: "choice", lang: choice.tag }, () =>
          app.choose(answer.id, choice))))),
    !isNearby && el("p", { class: "soft" }, app.text("none_of_these")));
}

/* ---- What it rests on ------------------------------------------------------------------------ */

function sourcesOf(app, shown) {
  if (!shown.sources.length) {
    return null;
  }
  const title = freshId("sources");
  return el("section", { class: "sources", "aria-labelledby": title },
    el("h4", { id: title }, app.text("sources")),
    el("ol", { class: "sources__list" },
      shown.sources.map((source, place) =>
        el("li", {},
          el("button", { type: "button", class: "source", "aria-haspopup": "true", on: { click: (event) => app.showSource(source, place + 1, event.currentTarget) } },
            el("span", { class: "source__number", "aria-hidden": "true" }, String(place + 1)),
            el("span", { class: "source__name" }, el("bdi", {}, source.title), source.label && ` ${source.label}`),
            badge(app, source)),
          madeOf(app, source.translation)))));
}

/** Who made a translation, that the original prevails, and the way to it. */
export function madeOf(app, made) {
  if (!made) {
    return null;
  }
  return el("p", { class: "soft made" }, made.text,
    made.original && " ",
    made.original && el("a", { href: made.original, hreflang: made.original_tag, target: app.linkTarget }, made.original_label));
}

/** In force or not, in words. */
export function badge(app, source) {
  if (source.mark) {
    return el("span", { class: "mark mark--over" }, source.mark);
  }
  return source.validity ? el("span", { class: "mark mark--good", title: source.validity }, app.text("in_force")) : null;
}

/** The numbers within a text open the source beside it. */
function citation(app, shown, event) {
  const link = event.target instanceof Element && event.target.closest("sup a[href^='#']");
  if (!link) {
    return;
  }
  event.preventDefault();
  const related = link.getAttribute("href").startsWith("#related-");
  const number = Number(link.textContent);
  const source = (related ? shown.related : shown.sources)[number - 1];
  if (source) {
    app.showSource({ mark: "", ...source }, number, link);
  }
}

/** Tells what a number in a text is, for those who hear it. */
export function nameCitations(app, element) {
  for (const link of element.querySelectorAll("sup a[href^='#']")) {
    link.setAttribute("role", "button");
    link.setAttribute("aria-label", filled(app.text("source"), { number: link.textContent }));
  }
}

/** What the dialogue made for the visitor, such as a prepared letter. */
function linksOf(shown) {
  return shown.actions?.length
    ? el("ul", { class: "links" },
        shown.actions.map((action) =>
          el("li", {}, el("a", { class: "primary", href: action.url }, action.label), action.detail && el("p", { class: "soft" }, action.detail))))
    : null;
}

/* ---- Near it --------------------------------------------------------------------------------- */

function relatedOf(app, answer) {
  const related = answer.shown.related;
  if (!related.length) {
    return null;
  }
  const title = freshId("related");
  return el("section", { class: "related", "aria-labelledby": title },
    el("h4", { id: title }, app.text("related")),
    el("p", { class: "soft" }, app.text("related_hint")),
    answer.machine && el("div", { class: "machine" },
      el("p", {}, el("span", { class: "mark" }, app.text("machine")), " ", app.text("machine_related")),
      el("p", {}, answer.machine.sentences.flatMap((sentence) => [
        sentence.text,
        ...sentence.cites.map((number) => el("sup", {}, el("a", { href: `#related-${number}` }, String(number)))),
        " ",
      ]))),
    el("ol", { class: "sources__list" },
      related.map((item, place) =>
        el("li", {},
          el("button", { type: "button", class: "source", "aria-haspopup": "true", on: { click: (event) => app.showSource({ mark: "", ...item }, place + 1, event.currentTarget) } },
            el("span", { class: "source__number", "aria-hidden": "true" }, String(place + 1)),
            el("span", { class: "source__name" }, el("bdi", {}, item.title), item.label && ` ${item.label}`),
            badge(app, { mark: "", ...item }))))));
}
