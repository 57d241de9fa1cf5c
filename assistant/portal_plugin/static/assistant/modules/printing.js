/**
 * Prints one answer of the widget instead of the page around it: no window, no frame, no request.
 */

const PAGE = `@media print {
  body > :not(portal-assistant, .corner), .corner > :not(portal-assistant) { display: none !important; }
  .corner { display: block !important; position: static !important; padding: 0 !important; }
  /* Shown upon paper come what may, says the page's own sheet. */
  body > .only-print { position: absolute !important; visibility: hidden !important; }
}`;

/** @param {Element} turn what is printed @param {Element} host the widget's element */
export function printTurn(turn, host) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(PAGE);
  const before = document.adoptedStyleSheets;
  document.adoptedStyleSheets = [...before, sheet];
  host.toggleAttribute("data-printing", true);
  turn.toggleAttribute("data-printed", true);
  addEventListener(
    "afterprint",
    () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      host.removeAttribute("data-printing");
      turn.removeAttribute("data-printed");
    },
    { once: true },
  );
  print();
}
