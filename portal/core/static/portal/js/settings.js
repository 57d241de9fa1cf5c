/**
 * The panel of reading settings, the quick switches, and putting banners away.
 *
 * Everything here is an extra: without it, links lead to the form at /preferences/.
 */
const preferences = globalThis.portalPreferences;
const panel = document.querySelector("[data-settings]");
const opener = document.querySelector("[data-settings-open]");
const status = document.querySelector("[data-settings-status]");
const PUT_AWAY = "portal:put-away";
const LANGUAGE = "portal:language";

function remembered(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

function remember(key, text) {
  try {
    if (text) {
      localStorage.setItem(key, text);
    } else {
      localStorage.removeItem(key);
    }
  } catch {
    // A window without storage: it holds for this page.
  }
}

/* ---- What is shown as chosen ------------------------------------------------------------------ */

function show() {
  for (const input of document.querySelectorAll("input[data-setting]")) {
    input.checked = preferences.value(input.name) === input.value;
  }
  for (const button of document.querySelectorAll("button[data-size]")) {
    button.setAttribute("aria-pressed", String(button.dataset.size === preferences.value("size")));
  }
}

function say(text) {
  if (status) {
    status.textContent = text;
  }
}

/* ---- The panel -------------------------------------------------------------------------------- */

function setOpen(open) {
  panel.hidden = !open;
  opener.setAttribute("aria-expanded", String(open));
  if (open) {
    panel.querySelector("input:checked").focus();
  } else {
    opener.focus();
  }
}

if (panel && opener) {
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", panel.id);
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    setOpen(panel.hidden);
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      setOpen(panel.hidden);
    }
  });
  panel.querySelector("[data-settings-close]").addEventListener("click", () => setOpen(false));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      setOpen(false);
    }
  });
  panel.addEventListener("change", (event) => {
    const input = event.target.closest("input[data-setting]");
    if (input) {
      preferences.change(input.name, input.value);
      const label = input.closest("fieldset").querySelector("legend").textContent;
      say(`${status.dataset.changed} ${label} – ${input.closest("label").textContent.trim()}`);
    }
  });
  panel.querySelector("[data-settings-reset]").addEventListener("click", () => {
    preferences.reset();
    remember(PUT_AWAY, "");
    remember(LANGUAGE, "");
    say(status.dataset.reset);
  });
}

/* ---- Quick switches --------------------------------------------------------------------------- */

/** The link that was pressed may be gone: its counterpart takes the focus. */
function keepFocus(link) {
  if (link.getClientRects().length === 0) {
    const others = [...document.querySelectorAll("a[data-set]")];
    others.find((other) => other.getClientRects().length)?.focus();
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const size = target?.closest("button[data-size]");
  if (size) {
    preferences.change("size", size.dataset.size);
  }
  const link = target?.closest("a[data-set]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const [name, value] = link.dataset.set.split(":");
    preferences.change(name, value);
    window.scrollTo(0, 0);
    keepFocus(link);
    say(`${status?.dataset.changed ?? ""} ${link.textContent.trim()}`);
  }
  const dismiss = target?.closest("[data-dismiss]");
  if (dismiss) {
    putAway(dismiss);
  }
});

/* ---- Banners ---------------------------------------------------------------------------------- */

function putAway(button) {
  const known = remembered(PUT_AWAY).split(" ").filter(Boolean);
  remember(PUT_AWAY, [...known, button.dataset.dismiss].slice(-40).join(" "));
  button.closest("[data-banner]").hidden = true;
  document.querySelector("#main")?.focus({ preventScroll: true });
}

/* ---- Other host names of this platform --------------------------------------------------------- */

// What is stored belongs to one host name: the link takes it along.
const origins = (panel?.dataset.origins || "").split(" ").filter(Boolean);
document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const chosen = preferences.write(preferences.read());
    if (link && chosen && origins.includes(link.origin) && link.origin !== location.origin) {
      const address = new URL(link.href);
      address.searchParams.set("settings", chosen.replaceAll("&", ","));
      link.href = address.href;
    }
  },
  true,
);

/* ---- Language --------------------------------------------------------------------------------- */

// Remembered when chosen, and offered (never forced) to who comes back by another door.
for (const link of document.querySelectorAll(".languages a[hreflang]")) {
  link.addEventListener("click", () => remember(LANGUAGE, link.hreflang));
}
const offer = document.querySelector("[data-language-offer]");
const wanted = document.querySelector(
  `.languages a[hreflang="${CSS.escape(remembered(LANGUAGE))}"]:not([aria-current])`,
);
if (offer && wanted && !document.referrer.startsWith(location.origin + "/")) {
  const link = offer.querySelector("a");
  link.href = wanted.href;
  link.lang = link.hreflang = wanted.hreflang;
  link.textContent = wanted.textContent;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    remember(LANGUAGE, document.documentElement.lang);
    offer.hidden = true;
  });
}

for (const control of document.querySelectorAll("[data-font-size-control]")) {
  control.hidden = false;
}
show();
document.addEventListener("portal:preferences", show);
