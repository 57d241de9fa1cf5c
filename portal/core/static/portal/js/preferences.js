/**
 * Applies the visitor's text size before the first paint, and keeps it.
 *
 * Loaded in <head> with blocking="render" so that nobody sees the page jump. Everything here is an
 * extra: without this module the control stays hidden and the page reads well.
 */
const KEY = "portal:font-size";
const SIZES = ["normal", "large", "larger"];
const root = document.documentElement;

/** The stored size; a blocked or broken store counts as none. */
function stored() {
  try {
    const size = localStorage.getItem(KEY);
    return SIZES.includes(size) ? size : "normal";
  } catch {
    return "normal";
  }
}

function apply(size) {
  if (size === "normal") {
    root.removeAttribute("data-font-size");
  } else {
    root.setAttribute("data-font-size", size);
  }
  for (const button of document.querySelectorAll("button[data-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.size === size));
  }
}

function choose(size) {
  apply(size);
  try {
    localStorage.setItem(KEY, size);
  } catch {
    // A private window without storage: the choice holds for this page.
  }
}

apply(stored());

function connect() {
  for (const control of document.querySelectorAll("[data-font-size-control]")) {
    control.hidden = false;
  }
  apply(stored());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-size]");
    if (button && SIZES.includes(button.dataset.size)) {
      choose(button.dataset.size);
    }
  });
  // Another window of the same visitor has chosen.
  window.addEventListener("storage", (event) => {
    if (event.key === KEY) {
      apply(stored());
    }
  });
}

if (document.readyState === "loading") {
  document.addEventListener("DOMContentLoaded", connect, { once: true });
} else {
  connect();
}
