/**
 * The link "Report an error on this page": with a script it takes along the page and the words that
 * are marked. Without one the form finds the page by where the visitor came from.
 */

const LONGEST = 300;

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-report-error]") : null;
  if (!link) {
    return;
  }
  const address = new URL(link.href);
  address.searchParams.set("page", location.pathname + location.search);
  const marked = String(getSelection() ?? "").trim().replace(/\s+/g, " ").slice(0, LONGEST);
  if (marked) {
    address.searchParams.set("text", marked);
  }
  link.href = address.href;
});
