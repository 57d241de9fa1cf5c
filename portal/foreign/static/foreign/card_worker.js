/**
 * Opens kept cards without network. It rules /<language>/card/ only, and keeps nothing by itself:
 * the visitor chooses what is kept (card.js), and it is fetched without cookies.
 *
 * With network a card always comes from the portal; a kept copy is renewed on the way, and goes
 * when the portal has the card no longer.
 */

const VERSION = "{{ version }}"; // another one makes browsers take this worker anew
const CARDS = "portal-cards";

self.addEventListener("install", () => {
  self.skipWaiting();
});

/** A new version: each kept card is fetched again, with the files that belong to it now. */
self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) {
    return;
  }
  event.respondWith(request.mode === "navigate" ? page(event, url.pathname) : part(event));
});

async function page(event, path) {
  const cache = await caches.open(CARDS);
  const kept = await cache.match(path);
  if (!kept) {
    return fetch(event.request);
  }
  try {
    const answer = await fetch(event.request);
    event.waitUntil(renew(cache, path, answer.status));
    return answer;
  } catch {
    return kept;
  }
}

async function renew(cache, path, status) {
  if (status === 404 || status === 410) {
    await cache.delete(path);
    return;
  }
  const answer = await fetch(path, { credentials: "omit", cache: "no-cache" });
  if (!answer.ok || answer.redirected) {
    return;
  }
  const html = await answer.clone().text();
  const files = [...html.matchAll(/(?:src|href)="(\/(?:static|qr)\/[^"]+)"/g)].map((found) => found[1]);
  const answers = await Promise.all(files.map((file) => fetch(file, { credentials: "omit" })));
  if (answers.every((one) => one.ok)) {
    await Promise.all(files.map((file, index) => cache.put(file, answers[index])));
    await cache.put(path, answer);
  }
}

/** Style sheets, scripts and codes of a card. */
async function part(event) {
  try {
    return await fetch(event.request);
  } catch (error) {
    const cache = await caches.open(CARDS);
    const kept = await cache.match(event.request, { ignoreVary: true });
    if (kept) {
      return kept;
    }
    throw error;
  }
}
