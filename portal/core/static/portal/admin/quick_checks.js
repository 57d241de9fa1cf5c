// What a careful reader would remark, said beside the block that it is about. Looks at the preview
// each time it was drawn, so it sees what visitors would see. Only advice: nothing is stopped.

const LONG_TEXT = 1500;
const LONG_PARAGRAPH = 450;
const VAGUE =
  /^[\s【[(（]*(?:请)?(?:点击|点|戳|猛戳|单击)?(?:这里|此处|这儿|链接|查看|查看详情|详情|更多|阅读原文|here|click here|more)[\s】\])）>》…]*$/i;
const CHECKED = "a[href], img, table, p";

const texts = JSON.parse(document.querySelector("script[data-portal-editor]")?.dataset.texts ?? "{}");
const form = document.querySelector("[data-edit-form]");
if (form) {
  document.addEventListener("w-preview:loaded", look);
  document.addEventListener("portal:preview-patched", look);
}

function look() {
  const main = document.querySelector("iframe#w-preview-iframe")?.contentDocument?.body?.querySelector("main");
  for (const old of form.querySelectorAll(".portal-note--check")) old.remove();
  if (!main) return;
  for (const [path, remarks] of remarksOn(main)) show(path, remarks);
  const length = document.querySelector("[data-portal-characters]");
  const written = [...main.querySelectorAll(".prose")].map((part) => part.textContent).join("");
  if (length) length.textContent = written.replace(/\s/g, "").length.toLocaleString();
}

function remarksOn(main) {
  const found = new Map();
  const open = [];
  const remark = (path, text) => found.set(path, (found.get(path) ?? new Set()).add(text));
  const walker = main.ownerDocument.createTreeWalker(
    main,
    NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_COMMENT,
  );
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.nodeType === Node.COMMENT_NODE) {
      if (node.data.startsWith("block ")) open.push(node.data.slice(6));
      else if (node.data === "/block") open.pop();
    } else if (open.length && node.matches(CHECKED)) {
      const text = remarkOn(node);
      if (text) remark(open.at(-1), text);
    }
  }
  const prose = main.querySelector(".prose");
  if (prose && prose.textContent.trim().length > LONG_TEXT && !prose.querySelector("h2, h3, h4")) {
    remark("body", texts.longText);
  }
  return found;
}

function remarkOn(element) {
  const words = element.textContent.trim();
  switch (element.localName) {
    case "a": {
      const name = words || element.getAttribute("aria-label") || altOf(element);
      if (!name) return texts.emptyLink;
      return VAGUE.test(name) ? texts.vagueLink.replace("%(words)s", name) : "";
    }
    case "img":
      return element.closest("a, figure, .prose") && !element.alt.trim() ? texts.noAlt : "";
    case "table":
      return element.querySelector("th") && [...element.querySelectorAll("thead th")].every(isBlank)
        ? texts.noHeadings
        : "";
    default:
      return words.length > LONG_PARAGRAPH ? texts.longParagraph : "";
  }
}

function altOf(element) {
  return element.querySelector("img[alt]")?.alt ?? "";
}

function isBlank(element) {
  return !element.textContent.trim();
}

function show(path, remarks) {
  const place = form.querySelector(`[data-contentpath="${CSS.escape(path)}"]`);
  if (!place) return;
  const note = document.createElement("ul");
  note.className = "portal-note portal-note--check";
  for (const remark of remarks) {
    const item = document.createElement("li");
    item.textContent = remark;
    note.append(item);
  }
  const content = place.querySelector("[data-streamfield-block]") ?? place;
  content.prepend(note);
}
