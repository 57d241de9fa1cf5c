// Shows what was typed in the live preview that stands there already: only the blocks that changed
// are drawn again. Loading the whole page anew takes a browser a second, on a slow one four; where
// more than such blocks has changed, that is still what happens.

const panel = document.querySelector("[data-side-panel] > [data-controller~='w-preview']");
const note = document.querySelector("[data-portal-left-out]");

// Wagtail's checks of the whole page keep the browser busy for a second: not between two words.
const QUIET = 3000;

const MARK = /<!--(?:block (.+?)|\/block)-->/g;
// What the page's scripts have taken in hand, or must: only loading does that.
const NEEDS_LOADING = /<(?:script|video|audio|iframe|object)\b|\sdata-(?!block-key=)[a-z-]+/;
// What differs between two answers for the same content, or is not seen.
const UNSEEN = [
  /<title>[^]*?<\/title>/g,
  /<meta [^>]*>/g,
  /<link rel="(?:canonical|alternate)"[^>]*>/g,
  /<nav class="breadcrumb[^]*?<\/nav>/g,
  /name="csrfmiddlewaretoken" value="[^"]*"/g,
  / nonce="[^"]*"/g,
];

if (panel) start();

function start() {
  let next = null; // the page as the server just printed it
  let shown = null; // the same of what stands in the frame
  let unchecked = false;
  let quiet = 0;
  const address = panel.dataset.wPreviewUrlValue;

  panel.setAttribute("data-w-preview-render-url-value", address);
  ask();
  panel.addEventListener("w-preview:update", ask);

  function ask() {
    const url = new URL(address, window.location.href);
    const mode = panel.querySelector("[data-w-preview-target=mode]")?.value;
    if (mode) url.searchParams.set("mode", mode);
    url.searchParams.set("in_preview_panel", "true");
    url.searchParams.set("html", "");
    panel.setAttribute("data-w-preview-url-value", url.pathname + url.search);
  }

  function checkWhenQuiet() {
    clearTimeout(quiet);
    if (unchecked) quiet = setTimeout(checkNow, QUIET);
  }

  function checkNow() {
    unchecked = false;
    askForChecks();
  }

  const form = document.querySelector("[data-edit-form]");
  for (const name of ["input", "beforeinput", "keyup"]) form?.addEventListener(name, checkWhenQuiet);

  panel.addEventListener("w-preview:json", ({ detail: { data } }) => {
    next = data.is_valid ? (data.html ?? null) : null;
    if (note) {
      note.textContent = data.left_out ?? "";
      note.hidden = !data.left_out;
    }
  });
  panel.addEventListener("w-preview:error", () => {
    next = null;
  });
  panel.addEventListener("w-preview:load", (event) => {
    const frame = panel.querySelector("iframe#w-preview-iframe");
    if (shown && next && patch(frame?.contentDocument, shown, next)) {
      event.preventDefault(); // Wagtail takes it for shown
      const { contentWindow } = frame;
      contentWindow.postMessage({ portalPreview: { type: "changed" } }, window.location.origin);
      panel.dispatchEvent(new CustomEvent("portal:preview-patched", { bubbles: true }));
      unchecked = true;
      checkWhenQuiet();
    } else {
      unchecked = false; // Wagtail does, once the page is loaded
    }
    shown = next;
  });
}

/** Says what Wagtail's user bar says when a page has been loaded. */
function askForChecks() {
  window.postMessage({ wagtail: { type: "w-userbar:axe-ready" } }, window.location.origin);
}

/** Whether the document, which shows ``before``, could be made to show ``after``. */
function patch(page, before, after) {
  if (!page?.body) return false;
  const changed = differences(parse(before), parse(after), steady(before), steady(after));
  if (!changed) return false;
  const places = changed.map(({ path }) => placeOf(page, path));
  if (places.includes(null)) return false;
  changed.forEach((block, index) => fill(places[index], block));
  showBreadcrumb(page, after);
  return true;
}

/** Makes a function that takes out of a part what may differ: a new page's address does each time. */
function steady(html) {
  const own = /<link rel="canonical" href="([^"]+)"/.exec(html)?.[1];
  return (text) => {
    const rest = UNSEEN.reduce((part, pattern) => part.replace(pattern, ""), text);
    return own ? rest.replaceAll(own, "") : rest;
  };
}

// --- the text as a tree of blocks ----------------------------------------------------------------
/** {path, parts}: a part is text, or a block that stands inside. */
function parse(html) {
  const root = { path: "", parts: [] };
  const open = [root];
  let from = 0;
  for (const match of html.matchAll(MARK)) {
    open.at(-1).parts.push(html.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[1]) {
      const block = { path: match[1], parts: [] };
      open.at(-1).parts.push(block);
      open.push(block);
    } else if (open.length > 1) {
      open.pop();
    }
  }
  open.at(-1).parts.push(html.slice(from));
  return root;
}

/** The innermost blocks that have changed, as they are now; null where patching will not do. */
function differences(before, after, steadyBefore, steadyAfter) {
  const isSame = (part, index) => {
    const other = before.parts[index];
    if (typeof part !== "string") return part.path === other?.path;
    return part === other || (typeof other === "string" && steadyAfter(part) === steadyBefore(other));
  };
  if (before.parts.length === after.parts.length && after.parts.every(isSame)) {
    const inside = after.parts.map((part, index) =>
      typeof part === "string"
        ? []
        : differences(before.parts[index], part, steadyBefore, steadyAfter),
    );
    return inside.includes(null) ? null : inside.flat();
  }
  if (!after.path || [before, after].some((block) => NEEDS_LOADING.test(textOf(block)))) return null;
  return [after];
}

function textOf(block) {
  return block.parts
    .map((part) =>
      typeof part === "string" ? part : `<!--block ${part.path}-->${textOf(part)}<!--/block-->`,
    )
    .join("");
}

// --- the document --------------------------------------------------------------------------------
/** The two comments around a block, if they stand in the same element. */
function placeOf(page, path) {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT);
  let start = null;
  let depth = 0;
  while (walker.nextNode()) {
    const comment = walker.currentNode;
    if (!start) {
      if (comment.data === `block ${path}`) start = comment;
    } else if (comment.data.startsWith("block ")) {
      depth += 1;
    } else if (comment.data === "/block") {
      if (!depth) return comment.parentNode === start.parentNode ? { start, end: comment } : null;
      depth -= 1;
    }
  }
  return null;
}

function fill({ start, end }, block) {
  const page = start.ownerDocument;
  const range = page.createRange();
  range.setStartAfter(start);
  range.setEndBefore(end);
  range.deleteContents();
  const template = page.createElement("template"); // cells of a table are allowed in it as well
  template.innerHTML = textOf(block);
  end.before(template.content);
}

/** It ends with the title, which has a mark only where it is the heading. */
function showBreadcrumb(page, html) {
  const fresh = /<nav class="breadcrumb[^]*?<\/nav>/.exec(html)?.[0];
  const present = page.querySelector("nav.breadcrumb");
  if (!fresh || !present) return;
  const template = page.createElement("template");
  template.innerHTML = fresh;
  present.replaceWith(template.content);
}
