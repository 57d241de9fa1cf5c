/**
 * What the widget remembers between two pages of one visit: in sessionStorage, never longer.
 *
 * The conversation's number, what is being written, and the message that is on its way. What holds
 * personal data is not kept.
 */
import { STOPPING, scrub } from "./personal_data.js";

const EMPTY = { conversation: "", language: "", isOpen: false, draft: "", pending: null };

export class Session {
  constructor(site) {
    this.key = `portal-assistant:${site}`;
    this.state = { ...EMPTY };
    try {
      Object.assign(this.state, JSON.parse(sessionStorage.getItem(this.key) || "{}"));
    } catch {
      // Storage is off in this window, or holds what is not ours: begin with nothing.
    }
  }

  get(name) {
    return this.state[name];
  }

  set(values) {
    Object.assign(this.state, values);
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.state));
    } catch {
      // Without storage the conversation lasts as long as the page.
    }
  }

  keepDraft(text) {
    const isPersonal = scrub(text).kinds.some((kind) => STOPPING.has(kind));
    this.set({ draft: isPersonal ? "" : text });
  }

  /** A new conversation: everything but the language and the open window is forgotten. */
  renew() {
    this.set({ ...EMPTY, language: this.state.language, isOpen: this.state.isOpen });
  }
}

/** A number of a message that nobody else has; `randomUUID` is missing where a page is not secure. */
export function newTurn() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}
