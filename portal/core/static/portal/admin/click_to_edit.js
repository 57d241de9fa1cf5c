// In the editor's form: opens the block that was chosen in the live preview (preview.js), and
// tells the preview which block holds the focus.

const FRAME = "iframe#w-preview-iframe";
const FIELDS = "input:not([type=hidden]), textarea, select, [contenteditable=true]";
const BUTTONS = "button, a[href]";
const HEADER = ".w-panel__header, [data-panel-controls], [data-comment-add]";
const CURRENT = "portal-current-block";

const form = document.querySelector("[data-edit-form]");
const texts = JSON.parse(document.querySelector("script[data-portal-editor]")?.dataset.texts ?? "{}");
if (form) start();

function start() {
  let focused = [];

  window.addEventListener("message", (event) => {
    const frames = [...document.querySelectorAll(".w-preview iframe")];
    const isPreview = frames.some((frame) => frame.contentWindow === event.source);
    if (event.origin !== window.location.origin || !isPreview) return;
    const message = event.data?.portalPreview;
    if (message?.type === "ready") {
      tell(event.source, { type: "labels", labels: allLabels(), texts });
      tell(event.source, { type: "focus", paths: focused, scroll: false });
    } else if (message?.type === "select") {
      const element = elementOf(message.path);
      if (element) edit(element);
    }
  });

  form.addEventListener("portal:open", (event) => {
    edit(event.target.closest("[data-field], [data-streamfield-child]") ?? event.target);
  });

  form.addEventListener("focusin", (event) => {
    const paths = pathsOf(event.target);
    if (!paths.length || paths.join() === focused.join()) return;
    focused = paths;
    outline(event.target.closest("[data-streamfield-child]") ?? event.target.closest("[data-field]"));
    const preview = document.querySelector(FRAME)?.contentWindow;
    if (preview) tell(preview, { type: "focus", paths, scroll: true });
  });
}

function tell(target, message) {
  target.postMessage({ portalPreview: message }, window.location.origin);
}

// --- paths ---------------------------------------------------------------------------------------
/** The element of a block ("ID"), of a field inside one ("ID.field") or of the page ("field"). */
function elementOf(path) {
  return path.split(".").reduce((scope, part) => {
    if (!scope) return null;
    const found = [...scope.querySelectorAll(`[data-contentpath="${CSS.escape(part)}"]`)];
    const outermost = (element) => !element.parentElement.closest("[data-contentpath]");
    if (scope === form) return found.find((e) => isBlock(e) || outermost(e)) ?? inlinePanel(part);
    return found[0] ?? null;
  }, form);
}

function isBlock(element) {
  return element.hasAttribute("data-streamfield-child");
}

/** Lists of child records (InlinePanel) carry no path. */
function inlinePanel(name) {
  return document.getElementById(`id_${name}-FORMS`)?.closest("[data-panel]") ?? null;
}

/** What the preview may call the place of an element, the closest first. */
function pathsOf(element) {
  const paths = [];
  let rest = "";
  for (
    let place = element.closest("[data-contentpath]");
    place;
    place = place.parentElement.closest("[data-contentpath]")
  ) {
    const { contentpath } = place.dataset;
    if (isBlock(place)) {
      if (rest) paths.push(`${contentpath}.${rest}`);
      paths.push(contentpath);
      rest = "";
    } else {
      rest = rest ? `${contentpath}.${rest}` : contentpath;
    }
  }
  if (rest) paths.push(rest, rest.split(".")[0]);
  return paths;
}

function allLabels() {
  const labels = {};
  for (const element of form.querySelectorAll("[data-contentpath]")) {
    const { contentpath } = element.dataset;
    if (isBlock(element)) labels[contentpath] = blockLabel(element);
    else if (!element.parentElement.closest("[data-contentpath]")) {
      labels[contentpath] = fieldLabel(element);
    }
  }
  return labels;
}

function blockLabel(element) {
  const type = element.querySelector("[data-panel-heading] .c-sf-block__type");
  return type?.textContent.trim() ?? "";
}

function fieldLabel(element) {
  const heading = element.closest("[data-panel]")?.querySelector("[data-panel-heading]");
  const label = element.querySelector("label") ?? heading;
  return (label?.textContent ?? "").replace("*", "").trim();
}

// --- opening -------------------------------------------------------------------------------------
function edit(element) {
  openTab(element);
  openPanels(element);
  uncover();
  const field = firstField(element);
  (isBlock(element) ? element : (field ?? element)).scrollIntoView({
    block: "start",
    behavior: "instant",
  });
  field?.focus({ preventScroll: true });
  keepInView(field);
  outline(element);
}

function openTab(element) {
  const panel = element.closest("[role=tabpanel]");
  if (!panel?.hidden) return;
  document.querySelector(`[role=tab][href="#${CSS.escape(panel.id)}"]`)?.click();
}

function openPanels(element) {
  const own = element.querySelector("[data-panel]");
  const panels = isBlock(element) && own ? [own] : [];
  for (let panel = element.closest("[data-panel]"); panel; ) {
    panels.push(panel);
    panel = panel.parentElement.closest("[data-panel]");
  }
  for (const panel of panels.reverse()) {
    const toggle = panel.querySelector("[data-panel-toggle]");
    if (toggle?.getAttribute("aria-expanded") === "false") toggle.click();
  }
}

/** On narrow screens the preview lies over the form. */
function uncover() {
  const side = document.querySelector("[data-form-side]");
  if (side && side.getBoundingClientRect().width > window.innerWidth * 0.8) {
    document.querySelector("[data-form-side-close-button]")?.click();
  }
}

/** The first field of the block itself, not of a block inside it. */
function firstField(element) {
  const isOwn = (candidate) =>
    !candidate.closest(HEADER) &&
    (candidate.closest("[data-streamfield-child]") ?? null) ===
      (element.closest("[data-streamfield-child]") ?? null) &&
    !candidate.disabled &&
    candidate.checkVisibility({ visibilityProperty: true });
  const find = (selector) => [...element.querySelectorAll(selector)].find(isOwn);
  return find(FIELDS) ?? find(BUTTONS) ?? element.querySelector("[data-panel-toggle]");
}

/** The bars above and below the form must not hide the field. */
function keepInView(field) {
  const box = field?.getBoundingClientRect();
  if (box && (box.top < 120 || box.bottom > window.innerHeight - 100)) {
    field.scrollIntoView({ block: "center", behavior: "instant" });
  }
}

function outline(element) {
  for (const old of document.querySelectorAll(`.${CURRENT}`)) old.classList.remove(CURRENT);
  element?.classList.add(CURRENT);
}
