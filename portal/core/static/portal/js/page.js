/**
 * Small conveniences upon a page that already works: print, copy the address, close what is open.
 */

/** Copies text; tells whether it worked (the clipboard is absent on plain http). */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

for (const element of document.querySelectorAll("[data-needs-script]")) {
  element.hidden = false;
}

document.addEventListener("click", async (event) => {
  const target = event.target;
  if (!(target instanceof Element)) {
    return;
  }

  if (target.closest("[data-print]")) {
    window.print();
    return;
  }

  const copyButton = target.closest("[data-copy]");
  if (copyButton) {
    const field = document.getElementById(copyButton.getAttribute("aria-controls"));
    const done = await copy(copyButton.dataset.copy);
    const status = copyButton.parentElement.querySelector("[role=status]");
    if (done) {
      status.textContent = copyButton.dataset.done;
    } else if (field) {
      // No clipboard: leave the address selected, ready for the visitor's own copy command.
      field.focus();
      field.select();
    }
    return;
  }

  // A click elsewhere closes the floating panels.
  for (const details of document.querySelectorAll("details[data-floating][open]")) {
    if (!details.contains(target)) {
      details.open = false;
    }
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") {
    return;
  }
  for (const details of document.querySelectorAll("details[data-floating][open]")) {
    const inside = details.contains(document.activeElement);
    details.open = false;
    if (inside) {
      details.querySelector("summary").focus();
    }
  }
});
