// Says below the title which pages of the same site are called the same. It never stops anybody.

const PAUSE = 900;
const setup = document.querySelector("script[data-portal-editor]")?.dataset ?? {};
const title = document.querySelector("[data-edit-form] #id_title");
if (title && setup.twins) start();

function start() {
  const texts = JSON.parse(setup.texts);
  const note = document.createElement("div");
  note.className = "portal-note";
  note.setAttribute("role", "status");
  note.hidden = true;
  (title.closest("[data-field]") ?? title.parentElement).append(note);

  let timer = 0;
  let asked = "";
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE);
  });
  look();

  async function look() {
    const words = title.value.trim();
    if (words === asked) return;
    asked = words;
    const address = words.length > 1 ? addressFor(words) : null;
    try {
      const twins = address ? (await (await fetch(address)).json()).twins : [];
      if (words === asked) tell(twins);
    } catch {
      note.hidden = true; // a warning that cannot be made must not disturb
    }
  }

  function tell(twins) {
    note.replaceChildren();
    note.hidden = !twins.length;
    if (!twins.length) return;
    const list = document.createElement("ul");
    for (const twin of twins) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = twin.url;
      link.target = "_blank";
      link.textContent = twin.title;
      item.append(link, `（${twin.state}）`);
      list.append(item);
    }
    note.append(texts.twins, list);
  }
}

/** The address changes when a new page is saved for the first time. */
function addressFor(words) {
  const path = window.location.pathname;
  const edited = /\/pages\/(\d+)\/edit\//.exec(path);
  const parent = /\/pages\/add\/\w+\/\w+\/(\d+)\//.exec(path);
  if (!edited && !parent) return null;
  const query = new URLSearchParams({ title: words, ...(edited ? {} : { new: "1" }) });
  return `${setup.twins.replace("/0/", `/${(edited ?? parent)[1]}/`)}?${query}`;
}
