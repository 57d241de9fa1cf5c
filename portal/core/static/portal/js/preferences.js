/**
 * Applies the visitor's settings before the first paint, and keeps them.
 *
 * A classic script at the top of <head>, not a module: it must have run before anything is drawn,
 * in browsers without blocking="render" as well. The settings live in localStorage. A cookie is only
 * the messenger of the form at /preferences/ and of addresses such as ?view=elder: what it says is
 * taken over and the cookie deleted, so that pages can be served from a store again.
 *
 * The settings, their attributes and options are those of portal/core/preferences.py.
 */
(() => {
  const KEY = "portal:preferences";
  const COOKIE = "portal_preferences";
  const YEAR = 365 * 24 * 3600;
  const root = document.documentElement;
  // name: [attribute, default, other options …]
  const SETTINGS = {
    view: ["data-view", "standard", "elder"],
    size: ["data-font-size", "normal", "large", "larger"],
    contrast: ["data-contrast", "normal", "high", "dark"],
    motion: ["data-motion", "normal", "less"],
    reading: ["data-reading", "off", "on"],
  };

  /** {size: "large"} from "view:elder&size:large"; what is unknown in it is left out. */
  function parse(text) {
    const found = {};
    for (const pair of String(text || "").replace(/^\+/, "").split(/[&,]/)) {
      const [name, value] = pair.split(":");
      if (Object.hasOwn(SETTINGS, name) && SETTINGS[name].indexOf(value) > 0) {
        found[name] = value;
      }
    }
    return found;
  }

  function write(choices) {
    return Object.keys(SETTINGS)
      .filter((name) => choices[name] && choices[name] !== SETTINGS[name][1])
      .map((name) => `${name}:${choices[name]}`)
      .join("&");
  }

  function cookie() {
    const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${COOKIE}=`));
    return found === undefined ? null : found.slice(COOKIE.length + 1).replace(/^"|"$/g, "");
  }

  function setCookie(text, age) {
    document.cookie = `${COOKIE}=${text}; path=/; max-age=${age}; SameSite=Lax`;
  }

  function stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return cookie(); // a window without storage: the cookie alone remembers
    }
  }

  function keep(choices) {
    const text = write(choices);
    try {
      localStorage.setItem(KEY, text);
      if (cookie() !== null) {
        setCookie("", 0);
      }
    } catch {
      setCookie(text, text ? YEAR : 0);
    }
  }

  function apply(choices) {
    for (const [name, [attribute, standard]] of Object.entries(SETTINGS)) {
      const value = choices[name] || standard;
      if (value === standard) {
        root.removeAttribute(attribute);
      } else if (root.getAttribute(attribute) !== value) {
        root.setAttribute(attribute, value);
      }
    }
  }

  /** What holds now: the choices that differ from the default. */
  function read() {
    return parse(stored());
  }

  /** What the cookie brings is newer than what is stored; "+" changes only what it names. */
  function takeOver() {
    const text = cookie();
    if (text !== null) {
      keep(text.startsWith("+") ? { ...read(), ...parse(text) } : parse(text));
    }
  }

  function announce() {
    apply(read());
    document.dispatchEvent(new CustomEvent("portal:preferences"));
  }

  function change(name, value) {
    if (Object.hasOwn(SETTINGS, name) && SETTINGS[name].indexOf(value) > 0) {
      keep({ ...read(), [name]: value });
      announce();
    }
  }

  function reset() {
    keep({});
    announce();
  }

  function value(name) {
    return read()[name] || SETTINGS[name][1];
  }

  takeOver();
  apply(read());
  // Another window has chosen, or the page comes back from the browser's memory.
  window.addEventListener("storage", (event) => {
    if (event.key === KEY || event.key === null) {
      announce();
    }
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      takeOver();
      announce();
    }
  });

  globalThis.portalPreferences = Object.freeze({ change, read, reset, value, write });
})();
