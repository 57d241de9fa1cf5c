/** The receipt: the draft on this device goes, and number and code can be printed. */

if (document.querySelector("[data-letter-sent]")) {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith("letters-draft:")) {
        localStorage.removeItem(key);
      }
    }
  } catch {
    // nothing was kept
  }
  const button = document.querySelector("[data-print]");
  button.hidden = false;
  button.addEventListener("click", () => window.print());
  for (const copy of document.querySelectorAll("[data-copy][hidden]")) {
    copy.hidden = !navigator.clipboard;
  }
}
