/**
 * Asks without a new page, where that works; the forms do the same without it.
 *
 * The answer comes from the same addresses and takes the place of the page's main part. A polite
 * status tells that it is there; the focus moves to its heading only if the visitor has not typed
 * or gone elsewhere since. Personal data stays in the field until the visitor has said so.
 */
import { STOPPING, scrub } from "./personal_data.js";

let isAsking = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-ask]")) {
    return;
  }
  event.preventDefault();
  if (!isAsking && !isStopped(form)) {
    ask(form, event.submitter);
  }
});

async function ask(form, submitter) {
  const status = document.querySelector("[data-ask-status]");
  const field = document.querySelector("#ask-text");
  const typed = field?.value;
  isAsking = true;
  form.setAttribute("aria-busy", "true");
  if (status) {
    status.textContent = status.dataset.waiting;
  }
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form, submitter) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!page.querySelector("[data-answer]")) {
      throw new Error(String(response.status));
    }
    show(page, response.url, field?.value === typed && isHere(form));
  } catch {
    form.removeAttribute("aria-busy");
    if (status) {
      status.textContent = status.dataset.failed;
    }
  } finally {
    isAsking = false;
  }
}

/** Whether the visitor still waits where the question was sent from. */
function isHere(form) {
  const active = document.activeElement;
  return active === document.body || form.contains(active);
}

function show(page, address, takesFocus) {
  const { pathname, search } = new URL(address);
  if (pathname + search !== location.pathname + location.search) {
    history.pushState({}, "", pathname + search);
  }
  document.title = page.title;
  const main = document.getElementById("main");
  main.replaceChildren(...page.getElementById("main").childNodes);
  for (const part of main.querySelectorAll("[data-needs-script]")) {
    part.hidden = false;
  }
  const heading = [...main.querySelectorAll("[data-answer-title]")].at(-1);
  if (takesFocus) {
    heading?.focus();
    heading?.closest(".turn")?.scrollIntoView({ block: "start" });
  } else {
    const status = main.querySelector("[data-ask-status]");
    status.textContent = status.dataset.ready;
  }
}

// An address of the history is loaded as a page.
addEventListener("popstate", () => location.reload());

/* ---- Personal data --------------------------------------------------------------------------- */

function isStopped(form) {
  if (!form.matches("[data-guarded]")) {
    return false;
  }
  const found = scrub(form.elements.text.value);
  const stopped = found.kinds.some((kind) => STOPPING.has(kind));
  const box = form.querySelector("[data-ask-stopped]");
  box.hidden = !stopped;
  box.querySelector("[data-ask-masked]").textContent = stopped ? found.text : "";
  return stopped;
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("[data-ask-hide], [data-ask-change]") : null;
  const form = target?.closest("form");
  if (!form) {
    return;
  }
  form.querySelector("[data-ask-stopped]").hidden = true;
  if (target.matches("[data-ask-hide]")) {
    form.elements.text.value = scrub(form.elements.text.value).text;
    form.requestSubmit();
  } else {
    form.elements.text.focus();
  }
});

/* ---- How much is left ------------------------------------------------------------------------ */

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLTextAreaElement) || !field.form?.matches("[data-ask]")) {
    return;
  }
  const status = field.form.querySelector("[data-ask-status]");
  const left = field.maxLength - field.value.length;
  const isNear = left <= field.maxLength / 5;
  status.textContent = isNear ? status.dataset.left.replace("{count}", left) : "";
});
