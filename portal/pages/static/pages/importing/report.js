/** What happened, under the bar and read aloud; with the way back. */
export class Report {
  constructor(words) {
    this.words = words;
    this.element = document.createElement("div");
    this.element.className = "importing-report";
    this.element.setAttribute("role", "status");
    this.element.hidden = true;
  }

  working(sentence) {
    this.#show("working", sentence);
    this.element.setAttribute("aria-busy", "true");
  }

  say(sentence, { look = [], undo = null } = {}) {
    this.#show("done", sentence);
    if (look.length) this.element.append(this.#paragraph(this.words.look), list(look));
    const ways = document.createElement("p");
    if (undo) ways.append(this.#button(this.words.undo, undo, "undo"), " ");
    ways.append(this.#button(this.words.close, () => this.close(), "close"));
    this.element.append(ways);
  }

  error(sentence) {
    this.say(sentence);
    this.element.dataset.kind = "error";
  }

  close() {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  #show(kind, sentence) {
    this.element.hidden = false;
    this.element.dataset.kind = kind;
    this.element.removeAttribute("aria-busy");
    this.element.replaceChildren(this.#paragraph(sentence));
  }

  #paragraph(text) {
    const made = document.createElement("p");
    made.textContent = text;
    return made;
  }

  #button(label, action, name) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button button-small button-secondary";
    made.textContent = label;
    made.dataset.importing = name;
    made.addEventListener("click", action);
    return made;
  }
}

function list(lines) {
  const made = document.createElement("ul");
  for (const line of lines) {
    const item = document.createElement("li");
    item.textContent = line;
    made.append(item);
  }
  return made;
}
