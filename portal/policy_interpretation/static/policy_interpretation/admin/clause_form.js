// Clauses are folded in the form. Those with a mistake are opened, so that it can be seen.

function openMistakes() {
  for (const error of document.querySelectorAll("[data-streamfield-child] .w-field--error")) {
    const panel = error.closest("[data-panel]");
    const toggle = panel?.querySelector("[data-panel-toggle][aria-expanded=false]");
    toggle?.click();
  }
}

// The form is drawn by Wagtail's scripts; ours is a module and runs after them.
openMistakes();
document.addEventListener("DOMContentLoaded", openMistakes);
