/**
 * Asks without a new page, where that works; the form does the same without it.
 *
 * The answer comes from the same addresses and takes the place of the page's main part. A polite
 * status tells that it is there; the focus moves to its heading only if the visitor has not typed
 * or gone elsewhere since.
 */

let asking = 0;

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches("[data-ask]")) {
    return;
  }
  const status = form.querySelector("[data-ask-status]");
  const field = form.querySelector("textarea");
  event.preventDefault();
  const turn = ++asking;
  const typed = field.value;
  form.setAttribute("aria-busy", "true");
  status.textContent = status.dataset.waiting;
  try {
    const response = await fetch(form.action, { method: "POST", body: new FormData(form) });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const answer = page.querySelector("[data-answer]");
    if (!answer) {
      throw new Error(String(response.status));
    }
    if (turn !== asking) {
      return;
    }
    show(page, response.url, field.value === typed && isHere(form));
  } catch {
    form.removeAttribute("aria-busy");
    status.textContent = status.dataset.failed;
  }
});

/** Whether the visitor still waits where the question was sent from. */
function isHere(form) {
  const active = document.activeElement;
  return active === document.body || form.contains(active);
}

function show(page, address, takesFocus) {
  history.pushState({}, "", address);
  document.title = page.title;
  const main = document.getElementById("main");
  main.replaceChildren(...page.getElementById("main").childNodes);
  for (const part of main.querySelectorAll("[data-needs-script]")) {
    part.hidden = false;
  }
  if (takesFocus) {
    main.querySelector("#answer-title")?.focus();
  } else {
    const status = main.querySelector("[data-ask-status]");
    status.textContent = status.dataset.ready;
  }
}

// An address of the history is loaded as a page.
addEventListener("popstate", () => location.reload());
