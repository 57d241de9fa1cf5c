// The translators' desk: saves while one writes, keys, help from the memory, live preview.
// Without it the desk is a plain form; nothing here is needed to translate, review or release.

const PAUSE = 1200; // ms after the last key
const AGAIN = 8000; // ms until an unsent text is sent again

const desk = document.querySelector("[data-desk]");
const words = (name) => desk.dataset[`words${name}`];

function setUp() {
  const form = desk.querySelector("form");
  const rows = [...desk.querySelectorAll("[data-row]")];
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  const status = desk.querySelector("[data-status]");
  const timers = new Map();
  const running = new Set();

  const field = (row) => row.querySelector("[data-text]");
  const value = (row, name) => row.querySelector(`[name="${name}-${row.dataset.number}"]`);
  const isTodo = (row) => ["new", "stale", "machine"].includes(row.dataset.character);
  const differs = (row) => field(row) && field(row).value.trim() !== value(row, "shown").value.trim();

  function say(row, text, kind = "") {
    const state = row.querySelector("[data-state]");
    state.textContent = text;
    state.dataset.kind = kind;
    if (kind === "bad") status.textContent = text;
  }

  async function save(row, more = {}) {
    clearTimeout(timers.get(row));
    if (running.has(row)) {
      timers.set(row, setTimeout(() => save(row, more), 300));
      return false;
    }
    if (!differs(row) && !more.confirm && !more.force) return true;
    const sent = field(row).value;
    const body = new FormData();
    body.set("csrfmiddlewaretoken", token);
    for (const name of ["path", "hash", "source", "seen"]) body.set(name, value(row, name).value);
    body.set("text", sent);
    for (const [name, what] of Object.entries(more)) body.set(name, what);
    say(row, words("Saving"));
    running.add(row);
    let answer;
    try {
      const response = await fetch(desk.dataset.save, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      answer = await response.json();
    } catch {
      // No connection, a restart, an answer that is no answer: the text stays, and goes again.
      say(row, words("Offline"), "bad");
      timers.set(row, setTimeout(() => save(row, more), AGAIN));
      return false;
    } finally {
      running.delete(row);
    }
    if (!answer.ok) {
      say(row, answer.message, "bad");
      conflict(row, answer);
      return false;
    }
    row.querySelector("[data-conflict]").hidden = true;
    value(row, "shown").value = sent;
    for (const found of answer.rows) show(found);
    const bar = desk.querySelector("[data-progress]");
    bar.value = answer.progress.percent;
    desk.querySelector("[data-progress-words]").textContent = answer.progress.words;
    const left = desk.querySelector("[data-left]");
    if (left) left.textContent = answer.progress.left;
    for (const [name, count] of Object.entries(answer.progress.shows)) {
      desk.querySelector(`[data-count="${name}"]`).textContent = count;
    }
    const mine = answer.rows.find((found) => String(found.number) === row.dataset.number);
    say(row, mine && mine.who ? `${words("Saved")} · ${mine.who}` : words("Saved"));
    status.textContent = `${words("Saved")} · ${answer.progress.words}`;
    refresh();
    if (differs(row)) later(row);
    return true;
  }

  function show(found) {
    const row = desk.querySelector(`[data-row][data-number="${found.number}"]`);
    if (!row || !field(row)) return;
    if (!differs(row)) {
      // The same text may stand twice; its twin follows.
      field(row).value = found.typed;
      value(row, "shown").value = found.typed;
    }
    value(row, "seen").value = found.seen;
    row.classList.remove(`desk-row--${row.dataset.character}`);
    row.dataset.character = found.character;
    row.classList.add(`desk-row--${found.character}`);
    if (found.badge) row.querySelector("[data-badge]").textContent = found.badge;
    row.querySelector("[data-confirm]")?.toggleAttribute("hidden", found.character !== "machine");
    const list = row.querySelector("[data-warnings]");
    list.replaceChildren(
      ...found.warnings.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
  }

  function conflict(row, answer) {
    const box = row.querySelector("[data-conflict]");
    if (answer.theirs === undefined && answer.present === undefined) return;
    const other = answer.theirs ?? answer.present;
    const line = document.createElement("p");
    line.append(words(answer.theirs === undefined ? "Present" : "Theirs"), " ");
    const quote = document.createElement("q");
    quote.textContent = other;
    line.append(quote);
    const buttons = [];
    if (answer.theirs === undefined) {
      buttons.push(button(words("Reload"), () => location.reload()));
    } else {
      buttons.push(
        button(words("Keep"), () => {
          value(row, "seen").value = answer.seen;
          save(row, { force: "1" });
        }),
        button(words("Take"), () => {
          value(row, "seen").value = answer.seen;
          field(row).value = other;
          value(row, "shown").value = other;
          box.hidden = true;
          say(row, "");
        }),
      );
    }
    box.replaceChildren(line, ...buttons);
    box.hidden = false;
  }

  function button(text, action) {
    const found = document.createElement("button");
    found.type = "button";
    found.className = "button button-small button-secondary";
    found.textContent = text;
    found.addEventListener("click", action);
    return found;
  }

  function later(row) {
    clearTimeout(timers.get(row));
    timers.set(row, setTimeout(() => save(row), PAUSE));
  }

  function go(row) {
    if (!row) return;
    (field(row) ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  const at = () => document.activeElement?.closest?.("[data-row]");
  const written = rows.filter((row) => field(row));
  const step = (by) => {
    const now = written.indexOf(at());
    go(written[now < 0 ? 0 : Math.min(Math.max(now + by, 0), written.length - 1)]);
  };
  const nextTodo = () => {
    const now = written.indexOf(at());
    const order = [...written.slice(now + 1), ...written.slice(0, Math.max(now, 0))];
    go(order.find(isTodo));
  };

  function write(row, text) {
    const target = field(row);
    if (target.readOnly) return;
    target.value = text;
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.focus();
  }

  function insert(row, before, after = "") {
    const target = field(row);
    if (target.readOnly) return;
    const chosen = target.value.slice(target.selectionStart, target.selectionEnd);
    const end = target.selectionStart + before.length + chosen.length;
    target.setRangeText(before + chosen + after, target.selectionStart, target.selectionEnd, "end");
    if (after) target.setSelectionRange(end, end);
    target.dispatchEvent(new Event("input", { bubbles: true }));
    target.focus();
  }

  const sourceOf = (row) => row.querySelector("[data-source]").innerText;

  async function help(row) {
    const box = row.querySelector("[data-help-box]");
    if (!box || box.dataset.asked) return;
    box.dataset.asked = "1";
    try {
      const response = await fetch(`${desk.dataset.help}?at=${row.dataset.number}`, {
        headers: { "X-Requested-With": "XMLHttpRequest" },
      });
      if (response.ok) box.innerHTML = await response.text();
    } catch {
      delete box.dataset.asked; // asked again at the next visit
    }
  }

  desk.addEventListener("input", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row || event.target !== field(row) || field(row).readOnly) return;
    say(row, words("Unsaved"));
    later(row);
  });
  desk.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && event.target === field(row) && !field(row).readOnly && isTodo(row)) help(row);
  });
  desk.addEventListener("focusout", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && event.target === field(row) && differs(row)) save(row);
  });
  desk.addEventListener("click", (event) => {
    const target = event.target.closest("button, a");
    const row = target?.closest("[data-row]");
    if (!row) return;
    if (target.dataset.take !== undefined) write(row, target.dataset.take);
    else if (target.dataset.insert !== undefined) insert(row, target.dataset.insert);
    else if (target.dataset.mark) insert(row, `<${target.dataset.mark}>`, `</${target.dataset.mark}>`);
    else if (target.hasAttribute("data-copy")) write(row, sourceOf(row));
    else if (target.hasAttribute("data-open-help")) {
      event.preventDefault();
      help(row);
    } else if (target.hasAttribute("data-confirm")) {
      event.preventDefault();
      if (differs(row)) save(row);
      else save(row, { confirm: "1" });
    }
  });
  document.addEventListener("keydown", (event) => {
    const row = at();
    const control = event.ctrlKey || event.metaKey;
    let done = true;
    if (control && event.key === "Enter" && row) save(row).then((ok) => ok && nextTodo());
    else if (control && event.key.toLowerCase() === "s" && row) save(row);
    else if (!event.altKey || control) done = false;
    else if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.code === "KeyN") nextTodo();
    else if (event.code === "KeyC" && row) write(row, sourceOf(row));
    else if (event.code === "KeyM" && row && row.dataset.character === "machine") save(row, { confirm: "1" });
    else if (/^Digit[1-5]$/.test(event.code) && row) {
      const found = row.querySelectorAll("[data-suggestion]")[Number(event.code.slice(5)) - 1];
      if (found) write(row, found.dataset.take);
    } else done = false;
    if (done) event.preventDefault();
  });

  let leaving = false;
  form.addEventListener("submit", () => {
    leaving = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && rows.some(differs)) event.preventDefault();
  });

  // --- preview -----------------------------------------------------------------------------------
  const toggle = desk.querySelector("[data-toggle-preview]");
  const box = desk.querySelector("[data-preview-box]");
  const frame = box.querySelector("[data-frame]");
  toggle.hidden = false;
  let asked;
  function refresh() {
    if (box.hidden) return;
    clearTimeout(asked);
    asked = setTimeout(() => {
      const top = frame.contentWindow?.scrollY ?? 0;
      frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true });
      frame.src = desk.dataset.preview;
    }, 400);
  }
  toggle.addEventListener("click", () => {
    box.hidden = !box.hidden;
    toggle.setAttribute("aria-pressed", String(!box.hidden));
    desk.querySelector(".desk__split").classList.toggle("desk__split--preview", !box.hidden);
    refresh();
  });

  for (const copy of desk.querySelectorAll("[data-copy]")) copy.hidden = false;
}

if (desk) setUp();
