// The library record in the page's form: fetched when the form is there and after each saved draft.
// Without this script the button “Library record” above leads to the same.

const setup = document.querySelector("script[data-library-panel]")?.dataset ?? {};
const page = location.pathname.match(/\/pages\/(\d+)\/edit\//)?.[1];
const form = document.querySelector("[data-edit-form]");
const tab = form?.querySelector("[role=tabpanel]");
if (page && tab && setup.libraryPanel) start();

function start() {
  const box = document.createElement("details");
  box.className = "library-panel";
  box.open = true;
  const head = document.createElement("summary");
  head.textContent = setup.title;
  const body = document.createElement("div");
  body.setAttribute("role", "status");
  box.append(head, body);
  box.hidden = true;
  tab.append(box);
  let shown = "";
  form.addEventListener("w-autosave:success", look);
  look();

  async function look() {
    try {
      const answer = await fetch(setup.libraryPanel.replace("/0/", `/${page}/`));
      if (!answer.ok) return; // nobody's to see: the form is as it would be without
      const html = (await answer.text()).trim();
      if (html === shown) return; // a screen reader need not say it again
      shown = html;
      body.innerHTML = html;
      box.hidden = !html;
    } catch {
      // A panel that cannot be fetched must not disturb; the button above stays.
    }
  }
}
