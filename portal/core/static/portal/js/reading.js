/**
 * Reading aloud with the browser's own voice: no other service hears what somebody reads.
 *
 * Text is spoken sentence by sentence. The sentence is highlighted (CSS Custom Highlight API, else
 * its paragraph by a class), and "pause" simply remembers the sentence: the engines' own pause is
 * missing on Android and gets stuck elsewhere.
 */
const preferences = globalThis.portalPreferences;
const speech = globalThis.speechSynthesis;
const bar = document.querySelector("[data-reader]");

// Blocks that are read as one; a block within another one is read on its own.
const BLOCKS = "h1,h2,h3,h4,h5,h6,p,li,dt,dd,th,td,caption,figcaption,blockquote,summary,img[alt]";
const SKIPPED = "nav,button,form,script,template,[hidden],[data-no-reading],.page-tools,.reader";
const LONGEST = 120; // Some engines fall silent in the middle of longer pieces.
const VOICE_WAIT_MS = 1500;

/* ---- Text ------------------------------------------------------------------------------------- */

function isShown(element) {
  return element.getClientRects().length > 0 && !element.closest(SKIPPED);
}

/** The text nodes of a block that belong to it and not to a block inside it. */
function textNodes(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const skipped = node.parentElement.closest(SKIPPED);
    const foreign = node.parentElement.closest(BLOCKS) !== block || (skipped && block.contains(skipped));
    if (!foreign && node.data.trim()) {
      found.push(node);
    }
  }
  return found;
}

/** Start and end of each sentence in a text. */
function sentences(text, language) {
  let pieces;
  try {
    const segmenter = new Intl.Segmenter(language, { granularity: "sentence" });
    pieces = Array.from(segmenter.segment(text), (part) => part.segment);
  } catch {
    pieces = text.match(/[^。！？!?.]+[。！？!?.”’」』]*\s*/gu) || [text];
  }
  return pieces.flatMap(shorter);
}

/** A long sentence in parts, cut behind a comma or a space where there is one. */
function shorter(sentence) {
  const parts = [];
  let rest = sentence;
  while (rest.length > LONGEST) {
    const head = rest.slice(0, LONGEST);
    const cut = Math.max(...["，", "；", "、", "：", ",", ";", " "].map((sign) => head.lastIndexOf(sign)));
    const end = cut > LONGEST / 3 ? cut + 1 : LONGEST;
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...parts, rest];
}

/** What can be spoken of a block: pieces with their text, language and range in the document. */
function piecesOf(block) {
  const language = block.closest("[lang]")?.lang || "zh";
  if (block instanceof HTMLImageElement) {
    return block.alt.trim()
      ? [{ block, language, text: `${bar.dataset.image} ${block.alt}`, range: null }]
      : [];
  }
  const nodes = textNodes(block);
  const text = nodes.map((node) => node.data).join("");
  const pieces = [];
  let start = 0;
  for (const sentence of sentences(text, language)) {
    const end = start + sentence.length;
    if (/[\p{L}\p{N}]/u.test(sentence)) {
      const spoken = sentence.replace(/\s+/gu, " ").trim();
      pieces.push({ block, language, text: spoken, range: rangeOf(nodes, start, end) });
    }
    start = end;
  }
  return pieces;
}

function rangeOf(nodes, start, end) {
  const range = document.createRange();
  let before = 0;
  for (const node of nodes) {
    const after = before + node.length;
    if (start >= before && start < after) {
      range.setStart(node, start - before);
    }
    if (end > before && end <= after) {
      range.setEnd(node, end - before);
      return range;
    }
    before = after;
  }
  return range;
}

function piecesIn(container) {
  const inner = [...container.querySelectorAll(BLOCKS)];
  const blocks = inner.length || !container.matches(BLOCKS) ? inner : [container];
  return blocks.filter(isShown).flatMap(piecesOf);
}

/* ---- Voice ------------------------------------------------------------------------------------ */

/** The voices, once the browser has loaded them; some have none, and some take a second. */
function voices() {
  const found = speech.getVoices();
  if (found.length) {
    return Promise.resolve(found);
  }
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(speech.getVoices()), VOICE_WAIT_MS);
    speech.addEventListener?.(
      "voiceschanged",
      () => {
        clearTimeout(timer);
        resolve(speech.getVoices());
      },
      { once: true },
    );
  });
}

const REGIONS = { "zh-hans": "zh-cn", zh: "zh-cn", "zh-hant": "zh-tw", en: "en-gb" };

/** The best voice for a language: the right region first, voices of this device before others. */
function bestVoice(found, language) {
  const wanted = language.toLowerCase();
  const region = REGIONS[wanted] || wanted;
  const base = wanted.split("-")[0];
  const tag = (voice) => voice.lang.toLowerCase().replace("_", "-");
  // "cmn" is what some engines call Mandarin; Cantonese would be another language to the ear.
  const same = found.filter(
    (voice) => tag(voice).split("-")[0] === base || (base === "zh" && tag(voice).startsWith("cmn")),
  );
  const rank = (voice) => (tag(voice) === region ? 0 : 2) + (voice.localService ? 0 : 1);
  return same.filter((voice) => tag(voice) !== "zh-hk" || wanted === "zh-hk").sort((a, b) => rank(a) - rank(b))[0];
}

/* ---- The reader ------------------------------------------------------------------------------- */

class Reader {
  constructor() {
    this.pieces = [];
    this.at = 0;
    this.playing = false;
    this.rate = 1;
    this.turn = 0; // what an utterance of an earlier turn reports does not count
    this.known = [];
    this.highlight =
      globalThis.Highlight && CSS.highlights ? new Highlight() : null;
    if (this.highlight) {
      CSS.highlights.set("portal-reading", this.highlight);
    }
    this.onchange = () => {};
  }

  /** Read these pieces from one of them on. */
  async start(pieces, at = 0) {
    this.silence();
    if (!pieces.length) {
      this.onchange("nothing");
      return;
    }
    this.pieces = pieces;
    this.at = Math.max(0, at);
    this.playing = true;
    const turn = this.turn;
    this.known = await voices();
    if (turn === this.turn) {
      this.speak();
    }
  }

  speak() {
    const piece = this.pieces[this.at];
    if (!piece) {
      this.playing = false;
      this.at = 0;
      this.mark(null);
      this.onchange("finished");
      return;
    }
    const voice = bestVoice(this.known, piece.language);
    if (!voice) {
      // A foreign name in the middle is left out; a page without any voice is said so.
      if (this.pieces.some((other) => bestVoice(this.known, other.language))) {
        this.at += 1;
        this.speak();
        return;
      }
      this.playing = false;
      this.onchange("noVoice");
      return;
    }
    const utterance = new SpeechSynthesisUtterance(piece.text);
    utterance.voice = voice;
    utterance.lang = voice.lang;
    utterance.rate = this.rate;
    const turn = this.turn;
    utterance.onend = () => {
      if (turn === this.turn && this.playing) {
        this.at += 1;
        this.speak();
      }
    };
    utterance.onerror = (event) => {
      if (turn === this.turn && !["canceled", "interrupted"].includes(event.error)) {
        this.playing = false;
        this.onchange("failed");
      }
    };
    this.mark(piece);
    this.onchange("playing");
    speech.speak(utterance);
  }

  mark(piece) {
    document.querySelector(".is-reading")?.classList.remove("is-reading");
    this.highlight?.clear();
    if (!piece) {
      return;
    }
    if (this.highlight && piece.range) {
      this.highlight.add(piece.range);
    } else {
      piece.block.classList.add("is-reading");
    }
    const box = (piece.range || piece.block).getBoundingClientRect();
    const room = innerHeight - bar.offsetHeight;
    if (box.top < 0 || box.bottom > room) {
      piece.block.scrollIntoView({ block: "center" });
    }
  }

  silence() {
    this.turn += 1;
    speech.cancel();
  }

  pause() {
    this.playing = false;
    this.silence();
    this.onchange("paused");
  }

  resume() {
    this.silence();
    this.playing = true;
    this.speak();
  }

  stop() {
    const had = this.pieces.length > 0;
    this.playing = false;
    this.silence();
    this.pieces = [];
    this.at = 0;
    this.mark(null);
    this.onchange(had ? "stopped" : "");
  }

  step(by) {
    if (this.pieces.length) {
      this.at = Math.min(Math.max(0, this.at + by), this.pieces.length - 1);
      this.resume();
    }
  }

  /** A few words in between, such as the name of a link; they stop the reading of the page. */
  async say(text, language) {
    this.playing = false;
    this.silence();
    const turn = this.turn;
    const voice = bestVoice(await voices(), language);
    if (voice && turn === this.turn) {
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = this.rate;
      speech.speak(utterance);
    }
  }
}

/* ---- The bar ---------------------------------------------------------------------------------- */

const RATE = "portal:reading-speed";
const POINT = "portal:reading-point";

function remembered(key) {
  try {
    return localStorage.getItem(key) || "";
  } catch {
    return "";
  }
}

function remember(key, text) {
  try {
    localStorage.setItem(key, text);
  } catch {
    // A window without storage: it holds for this page.
  }
}

/** What a screen reader would call a control, in short. */
function nameOf(element) {
  const labelled = element.getAttribute("aria-labelledby");
  const name =
    element.getAttribute("aria-label") ||
    (labelled && document.getElementById(labelled.split(" ")[0])?.textContent) ||
    (element.labels?.length && element.labels[0].textContent) ||
    element.querySelector("img[alt]")?.alt ||
    element.textContent ||
    element.getAttribute("placeholder") ||
    "";
  const kind = element.matches("a[href]") ? bar.dataset.link : bar.dataset.button;
  return name.trim() ? `${kind} ${name.replace(/\s+/gu, " ").trim()}` : "";
}

function connect() {
  const reader = new Reader();
  const find = (name) => bar.querySelector(`[data-reader-${name}]`);
  const play = find("play");
  const point = find("point");
  const speed = find("speed");
  const status = find("status");
  const main = document.querySelector("main");

  reader.rate = Number(remembered(RATE)) || 1;
  speed.value = String(reader.rate);
  if (!speed.value) {
    speed.value = "1";
    reader.rate = 1;
  }
  point.checked = remembered(POINT) === "on";

  reader.onchange = (state) => {
    play.textContent = reader.playing ? play.dataset.pause : play.dataset.play;
    const said = state ? bar.dataset[state] || "" : "";
    if (status.textContent !== said) {
      status.textContent = said;
    }
  };

  const readPage = (at = 0) => reader.start(piecesIn(main), at);
  const show = (open) => {
    bar.hidden = !open;
    document.documentElement.classList.toggle("has-reader", open);
    if (!open) {
      reader.stop();
    }
  };

  play.addEventListener("click", () => {
    if (reader.playing) {
      reader.pause();
    } else if (reader.pieces.length) {
      reader.resume();
    } else {
      readPage();
    }
  });
  find("stop").addEventListener("click", () => reader.stop());
  find("back").addEventListener("click", () => reader.step(-1));
  find("forward").addEventListener("click", () => reader.step(1));
  find("close").addEventListener("click", () => {
    show(false);
    preferences.change("reading", "off");
    document.querySelector("[data-read-page]")?.focus();
  });
  speed.addEventListener("change", () => {
    reader.rate = Number(speed.value);
    remember(RATE, speed.value);
    if (reader.playing) {
      reader.resume();
    }
  });
  point.addEventListener("change", () => remember(POINT, point.checked ? "on" : ""));

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (target?.closest("[data-read-page]")) {
      show(true);
      play.focus();
      readPage();
      return;
    }
    const part = target?.closest("[data-read]");
    if (part) {
      show(true);
      reader.start(piecesIn(document.getElementById(part.dataset.read)));
      return;
    }
    startAt(target);
  });

  /** A click on a paragraph starts there, but not a click on a link or after marking text. */
  function startAt(target) {
    const marking = String(getSelection() || "").trim();
    if (bar.hidden || !target || marking || !main?.contains(target)) {
      return;
    }
    if (target.closest("a,button,input,select,textarea,label,summary,video,audio")) {
      return;
    }
    const block = target.closest(BLOCKS);
    const pieces = block ? piecesIn(main) : [];
    const at = pieces.findIndex((piece) => piece.block === block);
    if (at >= 0) {
      reader.start(pieces, at);
    }
  }

  // Point and read: names of controls under the pointer or with the focus.
  let waiting;
  function pointAt(event) {
    clearTimeout(waiting);
    const target = event.target instanceof Element ? event.target : null;
    const control = target?.closest("a[href],button,input,select,textarea,summary");
    if (bar.hidden || !point.checked || reader.playing || !control || bar.contains(control)) {
      return;
    }
    waiting = setTimeout(() => {
      const name = nameOf(control);
      if (name) {
        reader.say(name, control.closest("[lang]")?.lang || "zh");
      }
    }, 250);
  }
  document.addEventListener("focusin", pointAt);
  document.addEventListener("pointerover", pointAt);

  window.addEventListener("pagehide", () => reader.stop());
  document.addEventListener("portal:preferences", () => {
    if (preferences.value("reading") === "on") {
      show(true);
    } else if (!bar.hidden && !reader.playing) {
      show(false);
    }
  });
  for (const control of document.querySelectorAll("[data-needs-speech]")) {
    control.hidden = false;
  }
  if (preferences.value("reading") === "on") {
    show(true);
  }
}

if (bar && speech && globalThis.SpeechSynthesisUtterance) {
  connect();
}
