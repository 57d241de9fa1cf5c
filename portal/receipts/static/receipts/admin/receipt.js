/* Looks again while something is waiting. Without this script a button loads the page anew. */
const ID = "receipt";
let failures = 0;

async function again() {
  const box = document.getElementById(ID);
  // Nobody is interrupted: not while the page is hidden or a link in it has the focus.
  if (document.hidden || box.contains(document.activeElement)) return plan();
  try {
    const response = await fetch(window.location.href, { credentials: "same-origin" });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const found = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = found.getElementById(ID);
    if (!fresh) throw new Error("no receipt");
    box.replaceWith(document.adoptNode(fresh));
    failures = 0;
  } catch {
    failures += 1;
  }
  return plan();
}

function plan() {
  const seconds = Number(document.getElementById(ID)?.dataset.receiptRefresh);
  // After some failures it stops: the button is there.
  if (seconds && failures < 6) setTimeout(again, seconds * 1000 * 2 ** failures);
}

plan();
