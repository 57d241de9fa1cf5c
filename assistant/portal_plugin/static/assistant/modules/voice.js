/**
 * Voice in and out, where the browser has it. Nothing is asked for before it is used.
 */

const Recognition = globalThis.SpeechRecognition || globalThis.webkitSpeechRecognition;
const speech = globalThis.speechSynthesis;
const LONGEST = 120; // Some engines fall silent in the middle of longer pieces.
const VOICES_MS = 1500;
const SPOKEN = { "zh-hans": "zh-CN", "zh-hant": "zh-TW", en: "en-US", ja: "ja-JP", ko: "ko-KR", ru: "ru-RU", fr: "fr-FR", ar: "ar-SA" };

export const canListen = Boolean(Recognition);
export const canSpeak = Boolean(speech && globalThis.SpeechSynthesisUtterance);

/** The tag that engines of speech know a language by. */
function tagOf(language) {
  return SPOKEN[language.toLowerCase()] || language;
}

/**
 * Listens to one sentence. The browser asks the visitor for the microphone now, not before.
 *
 * @returns {function(): void} stops listening
 */
export function listen(language, { heard, refused, failed, ended }) {
  const recognition = new Recognition();
  recognition.lang = tagOf(language);
  recognition.interimResults = false;
  recognition.maxAlternatives = 1;
  recognition.addEventListener("result", (event) => heard(event.results[0][0].transcript));
  recognition.addEventListener("error", (event) => {
    if (event.error === "not-allowed" || event.error === "service-not-allowed") {
      refused();
    } else if (event.error !== "aborted") {
      failed();
    }
  });
  recognition.addEventListener("end", ended);
  recognition.start();
  return () => recognition.stop();
}

/** The voices, once the browser has loaded them; some have none, and some take a second. */
function voices() {
  const found = speech.getVoices();
  if (found.length) {
    return Promise.resolve(found);
  }
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      speech.removeEventListener?.("voiceschanged", done);
      resolve(speech.getVoices());
    };
    const timer = setTimeout(done, VOICES_MS);
    speech.addEventListener?.("voiceschanged", done);
  });
}

function pieces(text, language) {
  let sentences;
  try {
    sentences = Array.from(new Intl.Segmenter(language, { granularity: "sentence" }).segment(text), (part) => part.segment);
  } catch {
    sentences = text.split(/(?<=[。！？!?.])/u);
  }
  return sentences.flatMap((sentence) => sentence.match(new RegExp(`.{1,${LONGEST}}`, "gsu")) || []).filter((piece) => piece.trim());
}

/**
 * Reads a text aloud with a voice of this device.
 *
 * @returns {Promise<boolean>} true when it was read to its end or stopped; false without a voice
 */
export async function read(text, language) {
  stopReading();
  const tag = tagOf(language).toLowerCase();
  const base = tag.split("-")[0];
  const known = (await voices()).filter((one) => one.lang.toLowerCase().replace("_", "-").split("-")[0] === base);
  const rank = (one) => (one.lang.toLowerCase().replace("_", "-") === tag ? 0 : 2) + (one.localService ? 0 : 1);
  const voice = known.sort((a, b) => rank(a) - rank(b))[0];
  if (!voice) {
    return false;
  }
  const waiting = pieces(text, language).map(
    (piece) =>
      new Promise((resolve) => {
        const utterance = Object.assign(new SpeechSynthesisUtterance(piece), { voice, lang: voice.lang });
        utterance.addEventListener("end", resolve);
        utterance.addEventListener("error", resolve);
        speech.speak(utterance);
      }),
  );
  await Promise.all(waiting);
  return true;
}

export function stopReading() {
  speech?.cancel();
}
