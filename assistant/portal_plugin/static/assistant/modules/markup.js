/**
 * The approved text of an answer, taken over element by element.
 *
 * The portal cleaned it when its editors wrote it. It is treated as untrusted all the same: what is
 * not on the list below does not come into the page, whoever sent it.
 */

// Elements and the attributes that they may keep.
const ALLOWED = {
  P: [], BR: [], HR: [],
  UL: [], OL: ["start"], LI: [],
  STRONG: [], B: [], EM: [], I: [], U: [], S: [], SUB: [], SUP: [], SMALL: [], MARK: [],
  CODE: [], KBD: [], ABBR: ["title"], BDI: [], SPAN: [],
  BLOCKQUOTE: [], Q: [], CITE: [],
  H2: [], H3: [], H4: [], H5: [], H6: [],
  DL: [], DT: [], DD: [],
  TABLE: [], CAPTION: [], THEAD: [], TBODY: [], TFOOT: [], TR: [],
  TH: ["colspan", "rowspan", "scope"], TD: ["colspan", "rowspan"],
  A: ["href"],
};
const EVERYWHERE = ["lang", "dir"];
// Vanish with all that is in them; of others that are not allowed the text stays.
const DROPPED = new Set([
  "SCRIPT", "STYLE", "TEMPLATE", "IFRAME", "OBJECT", "EMBED", "NOSCRIPT", "SVG", "MATH", "FORM",
  "INPUT", "BUTTON", "SELECT", "TEXTAREA", "LINK", "META", "BASE", "VIDEO", "AUDIO", "CANVAS",
]);
const SCHEMES = new Set(["https:", "http:", "tel:", "mailto:"]);
// Headings of a text stand below the heading of the answer.
const LOWER = { H2: "h4", H3: "h5", H4: "h6", H5: "h6", H6: "h6" };

// A page that demands Trusted Types lets nothing be parsed without a policy; what is made of it is
// decided below, element by element.
const policy = globalThis.trustedTypes?.createPolicy("portal-assistant", { createHTML: (html) => html });

/** @returns {DocumentFragment} the text as nodes; addresses are resolved against `base` */
export function fragment(html, base) {
  const parsed = new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
  const made = document.createDocumentFragment();
  copy(parsed.body, made, base);
  return made;
}

function copy(from, to, base) {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) {
      to.append(node.data);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      copyElement(node, to, base);
    }
  }
}

function copyElement(node, to, base) {
  const name = node.tagName.toUpperCase();
  if (DROPPED.has(name)) {
    return;
  }
  if (name === "IMG") {
    to.append(node.alt || "");
    return;
  }
  if (!Object.hasOwn(ALLOWED, name)) {
    copy(node, to, base);
    return;
  }
  const made = document.createElement(LOWER[name] || name.toLowerCase());
  for (const attribute of [...ALLOWED[name], ...EVERYWHERE]) {
    const value = attribute === "href" ? address(node.getAttribute("href"), base) : node.getAttribute(attribute);
    if (value !== null) {
      made.setAttribute(attribute, value);
    }
  }
  if (name === "TABLE") {
    // Wide tables scroll by themselves, with the keyboard too.
    const around = document.createElement("div");
    around.className = "scroll";
    around.tabIndex = 0;
    around.append(made);
    to.append(around);
  } else {
    to.append(made);
  }
  copy(node, made, base);
}

/** The address where it is one that may be followed; null for all others. */
function address(text, base) {
  if (text === null) {
    return null;
  }
  if (text.startsWith("#")) {
    return text;
  }
  try {
    const url = new URL(text, base);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}
