/**
 * Keeps cards on this phone, and lists them. The page works without it: then it is printed.
 *
 * A copy is fetched without cookies, so that nothing personal is kept.
 */

const CARDS = "portal-cards";
const body = document.body;
const status = document.querySelector("[data-status]");

function say(words) {
  if (status && words) {
    status.textContent = words;
  }
}

/** What the page is made of: it is kept with the card. */
function parts() {
  const found = document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src], img[src]");
  return [...found].map((element) => element.href || element.src);
}

async function fetched(url) {
  const response = await fetch(url, { credentials: "omit", cache: "no-cache" });
  if (!response.ok || response.redirected) {
    throw new Error(`${url}: ${response.status}`);
  }
  return response;
}

async function keep() {
  const cache = await caches.open(CARDS);
  const urls = [...new Set([location.pathname, body.dataset.kept, ...parts()])];
  const answers = await Promise.all(urls.map(fetched));
  await Promise.all(urls.map((url, index) => cache.put(url, answers[index])));
}

async function isKept() {
  const cache = await caches.open(CARDS);
  return Boolean(await cache.match(location.pathname));
}

async function show(keepButton, dropButton) {
  const kept = await isKept();
  keepButton.hidden = kept;
  dropButton.hidden = !kept;
}

async function cardTools(keepButton) {
  const dropButton = document.querySelector("[data-drop]");
  keepButton.addEventListener("click", async () => {
    keepButton.disabled = true;
    try {
      await keep();
      await show(keepButton, dropButton);
      dropButton.focus();
      say(status.dataset.keptWords);
    } catch {
      say(status.dataset.failedWords);
    }
    keepButton.disabled = false;
  });
  dropButton.addEventListener("click", async () => {
    const cache = await caches.open(CARDS);
    await cache.delete(location.pathname);
    await show(keepButton, dropButton);
    keepButton.focus();
    say(status.dataset.droppedWords);
  });
  await show(keepButton, dropButton);
}

async function listCards(list) {
  const cache = await caches.open(CARDS);
  const home = body.dataset.kept;
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (!/\/card\/(?:[\w.-]+\/)?[\w-]+\/$/.test(path) || path === home) {
      continue;
    }
    const html = await (await cache.match(request)).text();
    const card = new DOMParser().parseFromString(html, "text/html");
    const title = card.querySelector("h1");
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = path;
    link.textContent = title.textContent;
    link.lang = title.lang || card.documentElement.lang;
    const chinese = document.createElement("span");
    chinese.lang = "zh-Hans";
    chinese.textContent = card.querySelector(".wish__what").textContent;
    item.append(link, " ", chinese);
    list.append(item);
  }
  document.querySelector("[data-none]").hidden = list.children.length > 0;
}

const printButton = document.querySelector("[data-print]");
if (printButton) {
  printButton.hidden = false;
  printButton.addEventListener("click", () => window.print());
}

// Absent on plain http: then there is nothing to keep a card with.
if ("serviceWorker" in navigator && "caches" in window) {
  navigator.serviceWorker.register(body.dataset.worker);
  const keepButton = document.querySelector("[data-keep]");
  if (keepButton) {
    cardTools(keepButton);
  }
  const list = document.querySelector("[data-list]");
  if (list) {
    listCards(list);
  }
  if (!navigator.onLine) {
    say(status.dataset.offlineWords);
  }
}
