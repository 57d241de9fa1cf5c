/**
 * Texts from outside, in the editor: pasting, Word files, one-click typesetting.
 *
 * The server cleans and answers with blocks; this puts them into the form and can take them back.
 * Nothing of what was pasted is ever put into the document as HTML here.
 */
import { appendBlocks, bodyStream, insertAt, placeOf, replaceAll } from "./blocks.js";
import { Report } from "./report.js";

const config = JSON.parse(document.getElementById("portal-importing").textContent);
const words = config.words;
let report = null;
let lastUndo = null;
let lastBlock = null;

// --- the server ------------------------------------------------------------------------------
/** Which page the form is about, as the server wants to be told. */
function target() {
  const edit = location.pathname.match(/\/pages\/(\d+)\/edit\//);
  const add = location.pathname.match(/\/pages\/add\/[^/]+\/[^/]+\/(\d+)\//);
  if (edit) return ["page", edit[1]];
  return add ? ["parent", add[1]] : null;
}

async function ask(url, data) {
  const [name, number] = target();
  data.set(name, number);
  const token = document.querySelector("form [name=csrfmiddlewaretoken]");
  const response = await fetch(url, {
    method: "POST",
    body: data,
    headers: { "X-CSRFToken": token ? token.value : "", Accept: "application/json" },
  });
  const isJson = (response.headers.get("content-type") || "").includes("json");
  const answer = isJson ? await response.json() : {};
  if (!response.ok) throw new Refused(answer.error || "");
  return answer;
}

class Refused extends Error {}

// --- undo ------------------------------------------------------------------------------------
function rememberUndo(undo) {
  lastUndo = () => {
    lastUndo = null;
    undo();
    changed();
    report.say(words.undone);
  };
  return lastUndo;
}

/** Tells the form that it is not what was saved. */
function changed() {
  const root = document.getElementById("body-root");
  if (root) root.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener(
  "keydown",
  (event) => {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
    if (isUndo && lastUndo) {
      event.preventDefault();
      event.stopPropagation();
      lastUndo();
    }
  },
  true,
);
// Once somebody types on, Ctrl+Z is the browser's again; the button stays.
document.addEventListener("beforeinput", () => { lastUndo = null; }, true);

// --- pasting ---------------------------------------------------------------------------------
/** What is on the clipboard and worth cleaning; null where the editor's own paste is right. */
function clipped(clipboard) {
  const html = clipboard.getData("text/html");
  const files = [...clipboard.files].filter((file) => file.type.startsWith("image/"));
  // Between two of our own texts nothing has to be cleaned.
  if (html.includes("data-draftjs-conductor-fragment")) return null;
  const isRich = /<[a-z]/i.test(html);
  if (!isRich && !files.length) return null;
  const rtf = /src\s*=\s*["']?file:/i.test(html) ? clipboard.getData("text/rtf") : "";
  return { html: isRich ? html : "", files: isRich && files.length > 1 ? [] : files, rtf,
           text: clipboard.getData("text/plain") };
}

function asForm({ html, rtf, files }) {
  const data = new FormData();
  data.set("html", new Blob([html], { type: "text/html" }), "paste.html");
  if (rtf) data.set("rtf", new Blob([rtf], { type: "text/rtf" }), "paste.rtf");
  files.forEach((file, number) => data.append("file", file, file.name || `picture-${number}`));
  return data;
}

function tell(answer, undo) {
  report.say(answer.done.length ? `${words.brought} ${answer.done.join("，")}` : words.brought, {
    look: answer.look,
    undo: undo && rememberUndo(undo),
  });
}

async function pasteInto(input, clip) {
  const editor = input.draftailEditor;
  const at = placeOf(input);
  const selection = editor.getEditorState().getSelection();
  const data = asForm(clip);
  if (!at) data.set("text_only", "1");
  report.working(words.working);
  try {
    const answer = await ask(config.paste, data);
    if (!answer.content && !answer.blocks.length) {
      report.say(words.onlyText, { look: answer.look });
      return;
    }
    tell(answer, insertAt({ input, at, selection, answer }));
    changed();
  } catch (error) {
    editor.onChange(plainly(editor, clip.text));
    report.error(error.message || words.failedPaste);
  }
}

/** The text of the clipboard without any form: better than losing it. */
function plainly(editor, text) {
  const { ContentState, EditorState, Modifier } = window.DraftJS;
  const state = editor.getEditorState();
  const fragment = ContentState.createFromText(text).getBlockMap();
  const content = Modifier.replaceWithFragment(
    state.getCurrentContent(), state.getSelection(), fragment,
  );
  return EditorState.push(state, content, "insert-fragment");
}

document.addEventListener(
  "paste",
  (event) => {
    const editable = event.target.closest?.(".Draftail-Editor [contenteditable=true]");
    const holder = editable?.closest("[data-draftail-editor-wrapper]")?.parentNode;
    const inputs = [...(holder?.querySelectorAll("input[type=hidden]") || [])];
    const input = inputs.find((each) => each.draftailEditor);
    if (!input || !target() || !report) return;
    const clip = clipped(event.clipboardData);
    if (!clip) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pasteInto(input, clip);
  },
  true,
);

// --- a whole text ----------------------------------------------------------------------------
async function bringIn(url, data, saying) {
  const stream = bodyStream();
  report.working(saying);
  try {
    const answer = await ask(url, data);
    if (!answer.blocks.length) {
      report.say(words.onlyText, { look: answer.look });
      return;
    }
    const takeBack = appendBlocks(stream, answer.blocks);
    const title = document.getElementById("id_title");
    const fillsTitle = answer.title && title && !title.value.trim();
    if (fillsTitle) setValue(title, answer.title);
    tell(answer, () => {
      takeBack();
      if (fillsTitle) setValue(title, "");
    });
    changed();
  } catch (error) {
    report.error(error.message || words.failed);
  }
}

function setValue(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function bringInWord(file) {
  if (!/\.docx?m?$/i.test(file.name)) return report.error(words.notWord);
  if (file.size > config.largest) return report.error(words.tooLarge);
  const data = new FormData();
  data.set("word", file, file.name);
  return bringIn(config.word, data, words.reading);
}

async function typeset(only) {
  const stream = bodyStream();
  const data = new FormData();
  for (const [name, value] of new FormData(document.getElementById("body-root").closest("form"))) {
    if (name.startsWith("body-") && typeof value === "string") data.append(name, value);
  }
  if (only) data.set("only", only);
  report.working(words.setting);
  try {
    const answer = await ask(config.typeset, data);
    if (!answer.done.length) {
      report.say(words.nothing);
      return;
    }
    const undo = replaceAll(stream, answer.blocks);
    report.say(`${words.typesetDone} ${answer.done.join("，")}`, { undo: rememberUndo(undo) });
    changed();
  } catch (error) {
    report.error(error.message || words.failed);
  }
}

// --- the bar ---------------------------------------------------------------------------------
function button(label, icon, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button-small button-secondary";
  made.textContent = label;
  made.addEventListener("click", action);
  made.dataset.importing = icon;
  return made;
}

function dropArea() {
  const area = document.createElement("div");
  area.className = "importing-drop";
  area.contentEditable = "true";
  area.spellcheck = false;
  area.setAttribute("role", "textbox");
  area.setAttribute("aria-label", words.drop);
  area.textContent = words.drop;
  // It takes what is pasted or dropped and nothing else: what is typed here would be in no form.
  const refuse = () => report.error(words.onlyPasted);
  area.addEventListener("beforeinput", (event) => {
    event.preventDefault();
    if (event.inputType === "insertText") refuse();
  });
  // An input method writes all the same.
  area.addEventListener("compositionend", () => {
    area.textContent = words.drop;
    refuse();
  });
  area.addEventListener("paste", (event) => {
    event.preventDefault();
    const clip = clipped(event.clipboardData) || paragraphs(event.clipboardData.getData("text/plain"));
    if (clip) bringIn(config.paste, asForm(clip), words.working);
  });
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.dataset.over = "";
  });
  area.addEventListener("dragleave", () => delete area.dataset.over);
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    delete area.dataset.over;
    const [file] = event.dataTransfer.files;
    if (file && !file.type.startsWith("image/")) bringInWord(file);
    else if (file) bringIn(config.paste, asForm({ html: "", files: [file] }), words.working);
  });
  return area;
}

/** Plain text as paragraphs; the server finds its headings. */
function paragraphs(text) {
  if (!text.trim()) return null;
  const holder = document.createElement("div");
  for (const line of text.split(/\r?\n/)) {
    const paragraph = document.createElement("p");
    paragraph.textContent = line;
    holder.append(paragraph);
  }
  return { html: holder.innerHTML, files: [], rtf: "", text };
}

function wordChooser() {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".docx";
  chooser.hidden = true;
  chooser.addEventListener("change", () => {
    const [file] = chooser.files;
    chooser.value = "";
    if (file) bringInWord(file);
  });
  return chooser;
}

function build() {
  const root = document.getElementById("body-root");
  if (!root?.rootBlock || report || !target()) return;
  report = new Report(words);
  const bar = document.createElement("div");
  bar.className = "importing-bar";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", words.toolbar);
  const chooser = wordChooser();
  const one = button(words.typesetOne, "typeset-one", () => typeset(lastBlock));
  one.hidden = true;
  bar.append(
    button(words.typeset, "typeset", () => typeset("")),
    one,
    button(words.word, "word", () => chooser.click()),
    chooser,
    dropArea(),
  );
  root.before(bar, report.element);
  root.addEventListener("focusin", (event) => {
    const child = bodyStream().children.find((each) => each.element.contains(event.target));
    lastBlock = child?.type === "paragraph" ? child.id : null;
    one.hidden = !lastBlock;
  });
}

// The form is built by then or a moment later; its own event is sent from an element already gone.
const watcher = new MutationObserver(build);
watcher.observe(document.body, { childList: true, subtree: true });
window.addEventListener("load", () => {
  build();
  watcher.disconnect();
});
build();
