// The desk's working place: what helps to answer comes by itself, and the draft is kept while it is
// written. Without this script the same is done by links and buttons.

const PAUSE = 4000;

async function bringMaterial(place) {
  try {
    const response = await fetch(place.dataset.material, { credentials: "same-origin" });
    if (response.ok && !response.redirected) place.innerHTML = await response.text();
  } catch {
    // The link stays where it is.
  }
}

function showFindings(place, findings, text) {
  place.querySelector("ul")?.remove();
  const title = place.querySelector("p");
  if (title) title.hidden = findings.length === 0;
  if (findings.length === 0) return;
  const list = document.createElement("ul");
  list.className = "letters-marks";
  for (const finding of findings) {
    const row = document.createElement("li");
    row.className = finding.blocking ? "letters-mark letters-mark--bad" : "letters-mark";
    row.textContent = finding.message;
    if (finding.span) row.dataset.span = finding.span.join(",");
    list.append(row);
  }
  place.append(list);
  wireMarks(place, text);
}

// Places count characters, the field counts UTF-16: signs beyond the basic plane are two there.
function inUnits(text, place) {
  return Array.from(text).slice(0, place).join("").length;
}

function wireMarks(place, text) {
  for (const row of place.querySelectorAll("[data-span]")) {
    row.addEventListener("click", () => {
      const [start, end] = row.dataset.span.split(",").map(Number);
      text.focus();
      text.setSelectionRange(inUnits(text.value, start), inUnits(text.value, end));
    });
  }
}

function keep(form) {
  const text = form.querySelector("textarea[name=text]");
  const told = form.querySelector("[data-saved]");
  const guard = form.querySelector("[data-guard]");
  let timer = 0;
  let dirty = false;
  let sending = false;

  async function save() {
    if (sending || !dirty) return;
    sending = true;
    dirty = false;
    const data = new FormData(form);
    data.delete("files");
    data.set("do", "save");
    try {
      const response = await fetch(window.location.pathname, {
        method: "POST",
        body: data,
        credentials: "same-origin",
        headers: { Accept: "application/json" },
      });
      const answer = await response.json();
      told.textContent = answer.saved ?? answer.problem;
      if (answer.version) form.querySelector("input[name=version]").value = answer.version;
      if (answer.findings) showFindings(guard, answer.findings, text);
    } catch {
      dirty = true;
      told.textContent = form.dataset.failed;
      timer = window.setTimeout(save, 3 * PAUSE);
    } finally {
      sending = false;
      if (dirty) timer = window.setTimeout(save, PAUSE);
    }
  }

  form.addEventListener("input", () => {
    dirty = true;
    window.clearTimeout(timer);
    timer = window.setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => {
    dirty = false;
    window.clearTimeout(timer);
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  wireMarks(guard, text);
}

function start() {
  const place = document.querySelector("[data-material]");
  if (place) bringMaterial(place);
  const form = document.querySelector("form[data-reply]");
  if (form) keep(form);
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
