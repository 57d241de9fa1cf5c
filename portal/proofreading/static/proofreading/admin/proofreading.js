// Marks what was found in the form where it stands, and lists it in a quiet panel. The texts go to
// the portal a moment after the last key; findings come back with their places. Where the browser
// cannot colour words (no CSS highlights), the list does the same work.

const setup = document.querySelector("script[data-proofreading]")?.dataset ?? {};
const form = document.querySelector("[data-edit-form]");
const texts = JSON.parse(setup.texts ?? "{}");
const PAUSE = 900;
const GRADES = ["blocking", "warning", "note"];
// Addresses, dates and choices are no prose.
const PLAIN = "input[type=text], textarea";
const NO_PROSE = "[name$=slug], [name=csrfmiddlewaretoken], [data-w-dropdown-target] *, .w-tagit *, [role=combobox], [hidden], .portal-proofread *, dialog *, [name^=comments-]";

let units = [];
let findings = [];
let waiting = 0;
let running = null;
let sent = "";

if (form && setup.scan) {
  const panel = build();
  for (const kind of ["input", "change", "w-autosave:success"]) {
    form.addEventListener(kind, () => later(panel), true);
  }
  // Blocks that are added, moved and taken away tell nobody else.
  new MutationObserver((changes) => {
    if (changes.some((change) => !panel.box.contains(change.target))) later(panel);
  }).observe(form, { childList: true, subtree: true, characterData: true });
  later(panel);
}

function later(panel) {
  clearTimeout(waiting);
  waiting = setTimeout(() => check(panel), PAUSE);
}

// --- the texts -----------------------------------------------------------------------------------
/** Paragraphs that are written in rich text, and plain fields; each with its words. */
function collect() {
  const found = [];
  for (const element of form.querySelectorAll(`[contenteditable=true] [data-block=true], ${PLAIN}`)) {
    if (!isShown(element) || element.matches(NO_PROSE)) continue;
    const text = textOf(element);
    if (text.trim()) found.push({ element, text });
  }
  for (const unit of headings()) found.push(unit);
  return found;
}

/** The headings of a table as one line: only together do they tell of a list of persons. */
function headings() {
  const tables = new Map();
  for (const element of form.querySelectorAll("input.column-heading")) {
    const table = element.closest("table");
    if (isShown(element)) tables.set(table, [...(tables.get(table) ?? []), element]);
  }
  return [...tables.values()]
    .filter((cells) => cells.length > 1)
    .map((cells) => ({ element: cells[0], cells, text: rowOf(cells) }));
}

function rowOf(cells) {
  return cells.map((cell) => cell.value).join("\t");
}

/** What a cell alone tells as well is listed with the cell. */
function isTold(finding, all) {
  const isRow = (one) => Boolean(units[one.text].cells);
  return isRow(finding) && all.some((one) => one.key === finding.key && !isRow(one));
}

/** The cell of a row that a finding begins in, with the finding's place in the cell. */
function placeIn(unit, start, end) {
  let at = 0;
  for (const cell of unit.cells ?? []) {
    if (start <= at + cell.value.length) return { element: cell, start: start - at, end: end - at };
    at += cell.value.length + 1;
  }
  return { element: unit.element, start, end };
}

function isShown(element) {
  return !element.closest("[data-streamfield-child][aria-hidden=true]") && !element.disabled;
}

function textOf(element) {
  return isField(element) ? element.value : element.textContent;
}

/** A list item has a value too, which is its number. */
function isField(element) {
  return typeof element.value === "string";
}

async function check(panel) {
  const now = collect();
  const key = JSON.stringify([pageNumber(), now.map((unit) => unit.text)]);
  if (key === sent) {
    // The same words, perhaps in elements that were drawn anew.
    units = now;
    mark();
    return;
  }
  sent = key;
  running?.abort();
  running = new AbortController();
  panel.say(texts.checking);
  try {
    const response = await post(setup.scan, { page: pageNumber(), texts: now.map((u) => u.text) }, running.signal);
    if (!response.ok) throw new Error(String(response.status));
    const answer = await response.json();
    units = now;
    findings = answer.findings.filter((one) => !isTold(one, answer.findings));
    mark();
    panel.show(answer.too_long ? texts.tooLong : "");
  } catch (error) {
    if (error.name === "AbortError") return;
    sent = "";
    panel.say(texts.failed);
  }
}

function post(url, body, signal) {
  return fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
    },
    body: JSON.stringify(body),
    signal,
  });
}

function pageNumber() {
  const found = location.pathname.match(/\/pages\/(\d+)\/edit\//);
  return found ? Number(found[1]) : null;
}

// --- the marks -----------------------------------------------------------------------------------
function mark() {
  for (const old of form.querySelectorAll(".portal-proofread-field")) {
    old.classList.remove("portal-proofread-field");
  }
  const ranges = { blocking: [], warning: [], note: [] };
  for (const finding of findings) {
    const unit = units[finding.text];
    if (!unit || !isThere(finding)) continue;
    const place = placeIn(unit, finding.start, finding.end);
    if (isField(place.element)) place.element.classList.add("portal-proofread-field");
    else {
      const range = rangeOf(unit.element, finding.start, finding.end);
      if (range) ranges[finding.grade].push(range);
    }
  }
  if (!globalThis.CSS?.highlights || typeof Highlight === "undefined") return;
  for (const grade of GRADES) {
    CSS.highlights.set(`portal-${grade}`, new Highlight(...ranges[grade]));
  }
}

function isThere(finding) {
  const unit = units[finding.text];
  const now = unit?.cells ? rowOf(unit.cells) : unit && textOf(unit.element);
  return unit?.element.isConnected && now === unit.text;
}

function rangeOf(element, start, end) {
  const range = document.createRange();
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let at = 0;
  let begun = false;
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const size = node.data.length;
    if (!begun && start < at + size) {
      range.setStart(node, start - at);
      begun = true;
    }
    if (begun && end <= at + size) {
      range.setEnd(node, end - at);
      return range;
    }
    at += size;
  }
  return null;
}

// --- what is done about it -----------------------------------------------------------------------
function goTo(finding) {
  const unit = units[finding.text];
  if (!isThere(finding)) return false;
  // At the top of the window: the open list stands below.
  const place = placeIn(unit, finding.start, finding.end);
  const range = isField(unit.element) ? null : rangeOf(unit.element, finding.start, finding.end);
  const holder = unit.element.closest("[data-streamfield-child], [data-field]") ?? unit.element;
  holder.scrollIntoView({ block: "start" });
  const { top } = (range ?? holder).getBoundingClientRect();
  if (top > innerHeight / 3) scrollBy({ top: top - 180 });
  select(place.element, place.start, place.end);
  return true;
}

function select(element, start, end) {
  if (isField(element)) {
    element.focus();
    element.setSelectionRange(start, end);
    return;
  }
  const range = rangeOf(element, start, end);
  if (!range) return;
  element.closest("[contenteditable=true]").focus({ preventScroll: true });
  const selection = document.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

/** Write other words in a place; whether it went well. */
function write(element, start, end, words) {
  const before = textOf(element);
  const wanted = before.slice(0, start) + words + before.slice(end);
  if (isField(element)) {
    element.setRangeText(words, start, end, "end");
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.dispatchEvent(new Event("change", { bubbles: true }));
    return Promise.resolve(element.value === wanted);
  }
  select(element, start, end);
  const place = placeOf(element);
  // The editor learns of a selection a moment later.
  return new Promise((done) => {
    setTimeout(() => {
      document.execCommand("insertText", false, words);
      setTimeout(() => done(textOf(placed(place) ?? element) === wanted), 120);
    }, 60);
  });
}

/** The editor may draw a paragraph anew: it is known by its editor and its key. */
function placeOf(element) {
  return { editor: element.closest("[contenteditable=true]"), key: element.dataset.offsetKey };
}

function placed(place) {
  return place.editor.querySelector(`[data-block=true][data-offset-key="${CSS.escape(place.key)}"]`);
}

async function replace(finding, said) {
  if (!isThere(finding)) return moved(said);
  const { element, text } = units[finding.text];
  const wrong = text.slice(finding.start, finding.end);
  const place = isField(element) ? null : placeOf(element);
  if (!(await write(element, finding.start, finding.end, finding.suggestion))) return moved(said);
  const button = makeButton(texts.undo, async () => {
    const now = place ? placed(place) : element;
    const end = finding.start + finding.suggestion.length;
    if (now && textOf(now).slice(finding.start, end) === finding.suggestion) {
      await write(now, finding.start, end, wrong);
    }
    button.closest(".portal-proofread__done")?.remove();
  });
  const line = document.createElement("p");
  line.className = "portal-proofread__done";
  line.append(put(texts.replaced, { right: finding.suggestion }), " ", button);
  said.before(line);
  said.textContent = "";
}

function moved(said) {
  said.textContent = texts.moved;
  sent = "";
  form.dispatchEvent(new Event("input"));
}

async function keepReason(finding, input, said) {
  const number = pageNumber();
  if (number === null) {
    said.textContent = texts.saveFirst;
    return;
  }
  const unit = units[finding.text];
  const url = setup.reason.replace("/0/", `/${number}/`);
  try {
    const response = await post(url, { texts: [unit.text], key: finding.key, reason: input.value });
    const answer = await response.json();
    if (answer.error) said.textContent = answer.error;
    else {
      for (const other of findings) if (other.key === finding.key) other.reason = answer.reason;
      said.dispatchEvent(new CustomEvent("portal:reason", { bubbles: true }));
    }
  } catch {
    said.textContent = texts.failed;
  }
}

// --- the panel -----------------------------------------------------------------------------------
function build() {
  const box = document.createElement("section");
  box.className = "portal-proofread";
  box.setAttribute("aria-label", texts.title);
  const button = makeButton(texts.title, () => open(list.hidden));
  button.classList.add("portal-proofread__button");
  button.setAttribute("aria-expanded", "false");
  const said = document.createElement("span");
  said.className = "portal-proofread__said";
  said.setAttribute("role", "status");
  const list = document.createElement("div");
  list.className = "portal-proofread__list";
  list.hidden = true;
  box.append(list, button, said);
  form.append(box);

  function open(wanted) {
    list.hidden = !wanted;
    button.setAttribute("aria-expanded", String(wanted));
  }
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      open(false);
      button.focus();
    }
    // Return in a reason must not send the page's form.
    if (event.key === "Enter" && event.target.matches("input")) {
      event.preventDefault();
      event.target.closest("li").querySelector("[data-keep]")?.click();
    }
  });

  function show(note) {
    const due = findings.filter((one) => one.grade !== "note" && !one.reason);
    const blocking = due.some((one) => one.grade === "blocking");
    box.dataset.state = blocking ? "blocking" : due.length ? "warning" : "fine";
    button.textContent = due.length
      ? `${texts.title}：${put(texts.some, { count: due.length })}`
      : `${texts.title}：${texts.none}`;
    const notes = findings.filter((one) => one.grade === "note").length;
    said.textContent = note || (notes ? put(texts.notes, { count: notes }) : "");
    draw();
  }

  function draw() {
    const kept = [...list.querySelectorAll(".portal-proofread__done")];
    const typed = new Map([...list.querySelectorAll("input")].map((input) => [input.name, input.value]));
    const focused = list.contains(document.activeElement) ? document.activeElement.name : "";
    list.replaceChildren(...kept);
    for (const grade of GRADES) {
      const some = findings.filter((one) => one.grade === grade);
      if (!some.length) continue;
      const heading = document.createElement("h2");
      heading.textContent = texts[grade];
      const items = document.createElement("ul");
      items.append(...some.map((one) => item(one, typed)));
      list.append(heading, items);
    }
    const number = pageNumber();
    if (number !== null) {
      const link = document.createElement("a");
      link.href = setup.page.replace("/0/", `/${number}/`);
      link.textContent = texts.all;
      list.append(link);
    }
    if (focused) list.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
  }

  function item(finding, typed) {
    const line = document.createElement("li");
    line.className = `portal-proofread__item portal-proofread__item--${finding.grade}`;
    const words = document.createElement("button");
    words.type = "button";
    words.className = "portal-proofread__words";
    words.title = texts.goTo;
    words.textContent = `${finding.label}：${finding.words}`;
    const advice = document.createElement("p");
    advice.textContent = finding.advice;
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    words.addEventListener("click", () => goTo(finding) || moved(status));
    line.append(words, advice);
    if (finding.suggestion) {
      line.append(makeButton(put(texts.replace, { right: finding.suggestion }), () => replace(finding, status)));
    }
    if (finding.reason) {
      const given = document.createElement("p");
      given.textContent = put(texts.given, { reason: finding.reason });
      line.append(given);
    } else if (finding.grade === "warning") {
      line.append(...reasonFor(finding, typed, status));
    }
    line.append(status);
    return line;
  }

  function reasonFor(finding, typed, status) {
    const input = document.createElement("input");
    input.type = "text";
    input.maxLength = 300;
    input.name = `proofread-reason-${finding.key}-${finding.text}-${finding.start}`;
    input.setAttribute("form", "portal-proofread-nowhere");
    input.setAttribute("aria-label", texts.reason);
    input.placeholder = texts.reason;
    input.value = typed.get(input.name) ?? "";
    const keep = makeButton(texts.keep, () => keepReason(finding, input, status));
    keep.dataset.keep = "";
    return [input, keep];
  }

  box.addEventListener("portal:reason", () => show(""));
  box.addEventListener("input", (event) => event.stopPropagation());
  return { box, show, say: (words) => { said.textContent = words; } };
}

function put(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_all, name) => values[name]);
}

function makeButton(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small button-secondary";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}
