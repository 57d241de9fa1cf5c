// Buttons that fill in what the text already says: abstract, keywords, cover. Only on request, and
// each can be undone.

const setup = document.querySelector("script[data-portal-editor]")?.dataset ?? {};
const texts = JSON.parse(setup.texts ?? "{}");
const body = '[data-edit-form] [data-contentpath="body"]';

if (document.querySelector(body)) {
  offerText("id_summary", texts.proposeAbstract, "abstract");
  offerText("id_keywords", texts.proposeKeywords, "keywords");
  offerCover();
}

function offerText(id, label, part) {
  const field = document.getElementById(id);
  if (!field) return;
  offer(field, label, async () => {
    const found = (await ask())[part];
    if (!found) return null;
    const before = field.value;
    fill(field, found);
    return () => fill(field, before);
  });
}

function fill(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function offerCover() {
  const cover = document.getElementById("id_cover-chooser");
  if (!cover) return;
  offer(cover, texts.proposeCover, async () => {
    const pictures = [...document.querySelectorAll(`${body} [id$="-chooser"]`)];
    const first = pictures.find((e) => shown(e) && e.widget?.previewImage && e.widget.getState());
    const state = first?.widget.getState();
    if (!state?.preview) return null;
    const before = cover.widget.getState();
    cover.widget.setState({ ...state });
    return () => cover.widget.setState(before);
  });
}

/** A button below a field. `act` gives what undoes it, or null when there was nothing to take. */
function offer(field, label, act) {
  const place = field.closest("[data-field]") ?? field.parentElement;
  const line = document.createElement("p");
  line.className = "portal-propose";
  const button = makeButton(label);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  line.append(button, said);
  place.append(line);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const undo = await act();
      said.textContent = undo ? texts.filled : texts.nothing;
      if (undo) said.append(" ", undoButton(undo, said));
    } catch {
      said.textContent = texts.failed;
    }
    button.disabled = false;
  });
}

function undoButton(undo, said) {
  const button = makeButton(texts.undo);
  button.addEventListener("click", () => {
    undo();
    said.textContent = "";
  });
  return button;
}

function makeButton(label) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small button-secondary";
  button.textContent = label;
  return button;
}

async function ask() {
  const response = await fetch(setup.propose, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": document.querySelector("[data-edit-form] [name=csrfmiddlewaretoken]").value,
    },
    body: JSON.stringify({
      title: document.getElementById("id_title")?.value ?? "",
      text: textOf(document.querySelector(body)),
    }),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

/** The paragraphs that were written, one in a line. */
function textOf(element) {
  const lines = [];
  for (const line of element.querySelectorAll("[contenteditable=true] [data-block=true]")) {
    if (shown(line)) lines.push(line.textContent);
  }
  return lines.join("\n");
}

function shown(element) {
  return !element.closest("[data-streamfield-child][aria-hidden=true]");
}
