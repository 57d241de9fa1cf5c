/* Entries of a running interview as they come: a stream, and where there is no place in one, a
   question every few seconds. Without this script the page has links that load it anew. */
const list = document.querySelector("[data-live]");
const status = document.querySelector("[data-live-status]");
const sample = document.querySelector("[data-live-sample]");
const jump = document.querySelector("[data-live-jump]");
const EVERY = 6000;
let since = Number(list.dataset.since);
let timer = 0;
let source = null;
let isOver = false;
let isRefused = false;

function filled(entry) {
  const item = sample.content.firstElementChild.cloneNode(true);
  const part = (name) => item.querySelector(`[data-part="${name}"]`);
  item.dataset.number = entry.number;
  part("speaker").textContent = entry.speaker;
  part("time").textContent = entry.shown;
  part("time").setAttribute("datetime", entry.time);
  part("corrected").hidden = !entry.corrected;
  for (const name of ["text", "question"]) {
    part(name).textContent = entry[name];
    part(name).hidden = !entry[name];
  }
  const image = part("image");
  if (entry.image) {
    Object.assign(image, { src: entry.image, alt: entry.alt, hidden: false });
    Object.assign(image, { width: entry.width, height: entry.height });
  } else image.remove();
  return item;
}

function show(entry) {
  const old = list.querySelector(`[data-number="${entry.number}"]`);
  if (entry.withdrawn) {
    old?.remove();
    return;
  }
  const item = filled(entry);
  if (old) {
    old.replaceWith(item);
    return;
  }
  list.append(item);
  // Nobody is moved while reading; a button leads to what came below.
  jump.hidden = item.getBoundingClientRect().top < window.innerHeight;
}

function take(told) {
  told.entries.forEach(show);
  since = Math.max(since, told.sequence);
  if (told.entries.length) document.querySelector("[data-live-empty]")?.remove();
}

function over() {
  isOver = true;
  rest();
  status.textContent = status.dataset.over;
}

function rest() {
  window.clearTimeout(timer);
  source?.close();
  source = null;
}

async function ask() {
  let next = EVERY + Math.random() * 2000;
  try {
    const answer = await fetch(`${list.dataset.news}?since=${since}`);
    if (!answer.ok) throw new Error(answer.statusText);
    const told = await answer.json();
    take(told);
    if (told.over) {
      over();
      return;
    }
    if (told.more) next = 0;
    status.textContent = "";
  } catch {
    status.textContent = status.dataset.lost;
    next *= 2;
  }
  if (!document.hidden) timer = window.setTimeout(ask, next);
}

function begin() {
  rest();
  if (isOver) return;
  if (isRefused || !("EventSource" in window)) {
    ask();
    return;
  }
  source = new EventSource(`${list.dataset.live}?since=${since}`);
  source.addEventListener("open", () => {
    status.textContent = "";
  });
  source.addEventListener("said", (event) => take(JSON.parse(event.data)));
  source.addEventListener("over", over);
  source.addEventListener("error", (event) => {
    // CONNECTING: it comes back by itself. CLOSED: refused, all places are taken.
    if (event.target.readyState !== EventSource.CLOSED || event.target !== source) return;
    isRefused = true;
    begin();
  });
}

// A page that nobody looks at holds no place.
document.addEventListener("visibilitychange", () => (document.hidden ? rest() : begin()));
window.addEventListener("scroll", () => {
  if (status.getBoundingClientRect().top < window.innerHeight) jump.hidden = true;
}, { passive: true });
begin();
