/** What the assistant waits for: progress of a form, what was gathered, buttons to press. */
import { button, el, filled, freshId } from "./dom.js";

/**
 * @param {object} app the widget; `press(payload, title)` sends a button
 * @param {object} prompt as the API gives it
 * @param {string} said the text of the answer, which may be the question itself
 */
export function promptView(app, prompt, said) {
  const title = freshId("prompt");
  const name = prompt.question || prompt.step?.title || "";
  return el("section", { class: "prompt", ...(name ? { "aria-labelledby": title } : { "aria-label": app.text("reply") }) },
    progressOf(app, prompt.step),
    name && el("h4", { id: title, class: prompt.question && prompt.question !== said ? "prompt__question" : "visually-hidden" }, name),
    reviewOf(app, prompt),
    prompt.hint && el("p", { class: "soft lines" }, prompt.hint),
    prompt.buttons.length > 0 && el("ul", { class: prompt.kind === "confirm" ? "buttons buttons--confirm" : "buttons" },
      prompt.buttons.map((one, place) =>
        el("li", {}, button(one.title, { class: prompt.kind === "confirm" && place === 0 ? "primary" : "choice" }, () => app.press(one.payload, one.title))))),
    (prompt.can_skip || (prompt.can_stop && prompt.step)) && el("p", { class: "prompt__standing" },
      prompt.can_skip && button(app.text("skip"), { class: "secondary" }, () => app.press("/skip", app.text("skip"))),
      prompt.can_stop && prompt.step && button(app.text("stop"), { class: "secondary" }, () => app.press("/stop_form", app.text("stop")))));
}

function progressOf(app, step) {
  if (!step || !step.count) {
    return null;
  }
  const words = filled(app.text("step"), step);
  return el("div", { class: "progress" },
    el("p", {}, words),
    el("progress", { value: step.number, max: step.count, "aria-label": words }));
}

function reviewOf(app, prompt) {
  return prompt.review.length
    ? el("dl", { class: "review", "aria-label": app.text("review") },
        prompt.review.map((row) =>
          el("div", {}, el("dt", {}, row.label), el("dd", { class: "lines", dir: "auto" }, row.value))))
    : null;
}
