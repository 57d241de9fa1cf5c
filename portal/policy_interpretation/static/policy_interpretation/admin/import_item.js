// Clauses of a draft: one level up or down, cut in two, joined to the one before.

const TREE = ["part", "chapter", "section", "article", "paragraph", "item", "subitem"];
const HEADINGS = ["part", "heading1", "heading2", "heading3", "heading4"];
const RANK = {
  part: 0, preamble: 1, signature: 1, chapter: 1, section: 2, article: 3, heading1: 4,
  heading2: 5, heading3: 6, heading4: 7, paragraph: 8, item: 9, subitem: 10,
};
const NUMBER = /^\s*(第[〇零一二三四五六七八九十百千\d]+[编章节条](?:之[一二三四五六七八九十]+)?|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、])\s*/;

function place(list) {
  // The same rule as clauses.parents_of.
  const above = [];
  for (const row of list.children) {
    const select = row.querySelector("select");
    const level = select ? select.value : "paragraph";
    while (
      above.length &&
      (RANK[above.at(-1)] >= RANK[level] || ["preamble", "signature"].includes(above.at(-1)))
    ) {
      above.pop();
    }
    row.dataset.depth = above.length;
    above.push(level);
  }
}

function step(row, by) {
  const select = row.querySelector("select");
  const ladder = HEADINGS.indexOf(select.value) > 0 ? HEADINGS : TREE;
  const wanted = ladder[ladder.indexOf(select.value) + by];
  if (wanted) select.value = wanted;
}

function split(row) {
  const text = row.querySelector("textarea");
  const at = text.selectionStart;
  const rest = text.value.slice(at).trim();
  if (!rest || !text.value.slice(0, at).trim()) {
    text.focus();
    return;
  }
  const next = row.cloneNode(true);
  next.removeAttribute("id");
  const found = rest.match(NUMBER);
  for (const finding of next.querySelectorAll(".policy-clause__finding")) finding.remove();
  next.querySelector("[name=clause-id]").value = "";
  next.querySelector("[name=clause-number]").value = found ? found[1] : "";
  next.querySelector("select").value = row.querySelector("select").value;
  next.querySelector("textarea").value = found ? rest.slice(found[0].length) : rest;
  text.value = text.value.slice(0, at).trim();
  row.after(next);
  next.querySelector("textarea").focus();
}

function merge(row) {
  const before = row.previousElementSibling;
  if (!before || before.hasAttribute("data-fixed")) return;
  const target = before.querySelector("textarea");
  const number = row.querySelector("[name=clause-number]").value;
  const end = target.value.length;
  target.value += number + row.querySelector("textarea").value;
  row.remove();
  target.focus();
  target.setSelectionRange(end, end);
}

for (const form of document.querySelectorAll("[data-policy-clauses]")) {
  const list = form.querySelector("[data-rows]");
  if (list === null || form.querySelector("fieldset").disabled) continue;
  for (const buttons of list.querySelectorAll("[data-buttons]")) buttons.hidden = false;
  let changed = false;
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button === null) return;
    const row = button.closest("[data-row]");
    const what = button.dataset.do;
    if (what === "raise") step(row, -1);
    if (what === "lower") step(row, 1);
    if (what === "split") split(row);
    if (what === "merge") merge(row);
    changed = true;
    place(list);
  });
  form.addEventListener("input", () => {
    changed = true;
  });
  list.addEventListener("change", () => place(list));
  form.addEventListener("submit", () => {
    changed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
