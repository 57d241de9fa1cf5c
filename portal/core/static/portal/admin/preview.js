// Inside the live preview: shows which block lies under the pointer, and tells the editor's form
// when one is chosen. Blocks stand between comments (templatetags/portal_blocks.py):
// <!--block PATH-->…<!--/block-->, PATH being what the form calls `data-contentpath`.

const MARK = /^block (.+)$/;
const CLOSING = "/block";
// What is seen without any text.
const SEEN = "img, svg, video, audio, iframe, canvas, hr, input";
const ANSWERS_BY_ITSELF = "summary, button, input, select, textarea, video, audio, label";

function start() {
  let marks = findMarks();
  const layer = add(document.body, "div", "portal-preview-layer");
  layer.setAttribute("aria-hidden", "true");
  const hovered = new Frame(layer, "portal-preview-frame");
  const current = new Frame(layer, "portal-preview-frame portal-preview-frame--current");

  document.addEventListener("pointermove", (event) => hovered.show(markAt(marks, event)));
  document.documentElement.addEventListener("pointerleave", () => hovered.show(null));
  document.addEventListener("click", (event) => choose(event, markAt(marks, event)), true);
  document.addEventListener("submit", (event) => event.preventDefault(), true);

  const redraw = () => {
    hovered.draw();
    current.draw();
  };
  document.addEventListener("scroll", redraw, { capture: true, passive: true });
  document.addEventListener("toggle", redraw, true);
  new ResizeObserver(redraw).observe(document.body);

  function choose(event, mark) {
    if (!event.isTrusted) return; // bringIntoView opens tabs by a click; nobody chose them
    const opensElsewhere = event.ctrlKey || event.metaKey;
    const link = event.target.closest("a[href]");
    if (link && opensElsewhere) return; // the browser opens a tab of its own
    if (link || !event.target.closest(ANSWERS_BY_ITSELF)) event.preventDefault();
    if (!mark) return;
    current.show(mark);
    tell({ type: "select", path: mark.path });
  }

  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || event.source !== window.parent) return;
    const message = event.data?.portalPreview;
    if (message?.type === "changed") {
      // Some blocks were drawn again (preview_patch.js): other places, perhaps other marks.
      for (const frame of [hovered, current]) frame.show(null);
      known = new WeakMap();
      marks = findMarks();
      tell({ type: "ready" });
    } else if (message?.type === "labels") {
      for (const mark of marks) mark.label = message.labels[mark.path] ?? "";
      nameEmptyBlocks(marks, message.texts.empty);
      listBlocks(marks, message.texts.list, { look: (mark) => hovered.show(mark), choose: select });
      redraw();
    } else if (message?.type === "focus") {
      const named = (path) => marks.find((mark) => mark.path === path);
      const mark = message.paths.map(named).find(Boolean) ?? null;
      if (mark && message.scroll) bringIntoView(mark);
      current.show(mark);
    } else if (event.data?.wagtail?.type === "w-preview:set-scale") {
      layer.style.setProperty("--scale", event.data.wagtail.scale);
    }
  });

  function select(mark) {
    current.show(mark);
    tell({ type: "select", path: mark.path });
  }
  tell({ type: "ready" });
}

function tell(message) {
  window.parent.postMessage({ portalPreview: message }, window.location.origin);
}

function add(parent, name, className) {
  const element = document.createElement(name);
  element.className = className;
  parent.append(element);
  return element;
}

// --- marks ---------------------------------------------------------------------------------------
/** All marks in the order of the page; a nested one comes after the one around it. */
function findMarks() {
  const marks = [];
  const open = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const comment = walker.currentNode;
    const path = MARK.exec(comment.data)?.[1];
    if (path) {
      const mark = { path, start: comment, range: null, depth: open.length, label: "" };
      open.push(mark);
      marks.push(mark);
    } else if (comment.data === CLOSING && open.length) {
      const mark = open.pop();
      mark.range = document.createRange();
      mark.range.setStartAfter(mark.start);
      mark.range.setEndBefore(comment);
    }
  }
  return marks.filter((mark) => mark.range);
}

let known = new WeakMap();

/** The innermost mark around an element. */
function markAround(marks, element) {
  if (!known.has(element)) {
    known.set(
      element,
      marks.findLast((mark) => holds(mark.range, element)),
    );
  }
  return known.get(element) ?? null;
}

function holds(range, node) {
  const parent = node.parentNode;
  if (!parent) return false;
  const index = Array.prototype.indexOf.call(parent.childNodes, node);
  return range.isPointInRange(parent, index) && range.isPointInRange(parent, index + 1);
}

/** The innermost mark at a pointer event: also marks around bare text inside the element. */
function markAt(marks, event) {
  const element = event.target;
  if (!(element instanceof Element) || element.closest("[data-preview-list]")) return null;
  const inside = marks.filter((mark) => mark.start.parentNode === element);
  const hit = inside.findLast((mark) => boxes(mark).some((box) => covers(box, event)));
  if (hit) return hit;
  if (inside.length === 1 && inside[0].range.toString().trim() === element.textContent.trim()) {
    return inside[0];
  }
  return markAround(marks, element);
}

function boxes(mark) {
  return [...mark.range.getClientRects()].filter((box) => box.width && box.height);
}

function covers(box, { clientX, clientY }) {
  return (
    box.left <= clientX && clientX <= box.right && box.top <= clientY && clientY <= box.bottom
  );
}

function isEmpty(mark) {
  return !mark.range.toString().trim() && !mark.range.cloneContents().querySelector(SEEN);
}

/** What prints nothing yet could be neither seen nor chosen. */
function nameEmptyBlocks(marks, text) {
  for (const old of document.querySelectorAll(".portal-preview-empty")) old.remove();
  for (const mark of marks.filter(isEmpty)) {
    const note = document.createElement("div");
    note.className = "portal-preview-empty";
    note.textContent = text.replace("%(block)s", mark.label || mark.path);
    mark.start.after(note);
  }
}

// --- showing -------------------------------------------------------------------------------------
/** An outline with the block's name, drawn above the page: the page itself stays as it is. */
class Frame {
  constructor(layer, className) {
    this.layer = layer;
    this.element = add(layer, "div", className);
    this.name = add(this.element, "span", "portal-preview-frame__name");
    this.element.hidden = true;
    this.mark = null;
  }

  show(mark) {
    if (mark === this.mark) return;
    this.mark = mark;
    this.draw();
  }

  draw() {
    const area = this.mark && areaOf(this.mark);
    this.element.hidden = !area;
    if (!area) {
      delete this.element.dataset.path;
      return;
    }
    const origin = this.layer.getBoundingClientRect();
    this.element.dataset.path = this.mark.path;
    this.name.textContent = this.mark.label;
    this.name.hidden = !this.mark.label;
    this.element.classList.toggle("portal-preview-frame--top", area.top - origin.top < 32);
    const { style } = this.element;
    style.left = `${area.left - origin.left}px`;
    style.top = `${area.top - origin.top}px`;
    style.width = `${area.width}px`;
    style.height = `${area.height}px`;
  }
}

function areaOf(mark) {
  const found = boxes(mark);
  if (!found.length) return null;
  const left = Math.min(...found.map((box) => box.left));
  const top = Math.min(...found.map((box) => box.top));
  const right = Math.max(...found.map((box) => box.right));
  const bottom = Math.max(...found.map((box) => box.bottom));
  return { left, top, width: right - left, height: bottom - top };
}

function bringIntoView(mark) {
  for (let node = mark.start.parentElement; node; node = node.parentElement) reveal(node);
  const area = areaOf(mark);
  if (!area) return;
  const height = window.innerHeight;
  const isVisible = area.top >= 0 && area.top + Math.min(area.height, height / 2) <= height;
  if (isVisible) return;
  const top = window.scrollY + area.top - Math.max(48, (height - area.height) / 3);
  window.scrollTo({ top, behavior: "instant" });
}

/** Folded, tabbed and off-screen content is opened as a visitor would open it. */
function reveal(element) {
  if (element instanceof HTMLDetailsElement) element.open = true;
  if (element.id && !element.checkVisibility()) {
    const tab = document.querySelector(`[role=tab][aria-controls="${CSS.escape(element.id)}"]`);
    if (tab?.getAttribute("aria-selected") === "false") tab.click();
  }
  const { overflowX } = getComputedStyle(element);
  const scrolls = overflowX === "auto" || overflowX === "scroll";
  if (element.parentElement && scrolls) element.scrollIntoView({ block: "nearest" });
}

// --- the keyboard's way --------------------------------------------------------------------------
/** A list of all blocks as the first stop of the Tab key; seen only while it holds the focus. */
function listBlocks(marks, label, { look, choose }) {
  document.querySelector("[data-preview-list]")?.remove();
  const list = document.createElement("nav");
  list.className = "portal-preview-list";
  list.dataset.previewList = "";
  list.setAttribute("aria-label", label);
  for (const mark of marks) {
    const button = add(list, "button", "portal-preview-list__item");
    button.type = "button";
    button.textContent = [mark.label, textOf(mark)].filter(Boolean).join("：");
    button.dataset.depth = String(Math.min(mark.depth, 3));
    button.addEventListener("focus", () => {
      bringIntoView(mark);
      look(mark);
    });
    button.addEventListener("click", () => choose(mark));
  }
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!step) return;
    event.preventDefault();
    document.activeElement?.[step]?.focus();
  });
  list.addEventListener("focusout", () => look(null));
  document.body.prepend(list);
}

function textOf(mark) {
  return mark.range.toString().replace(/\s+/g, " ").trim().slice(0, 24);
}

if (window.parent !== window) start();
