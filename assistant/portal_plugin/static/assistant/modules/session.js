/**
 * What the widget remembers between two pages of one visit: in sessionStorage, never longer.
 *
 * The conversation's number, what is being written, and the message that is on its way. What holds
 * personal data is not kept.
 */
import { STOPPING, scrub } from "./personal_data.js";

const EMPTY = { conversation: "", language: "", isOpen: false, draft: "", pending: null, receipts: [], read: [] };
const MOST_RECEIPTS = 20;

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

  /** Answers of this visit, so that the visitor is told when one no longer holds. */
  keepReceipt(id) {
    this.set({ receipts: [id, ...this.state.receipts.filter((one) => one !== id)].slice(0, MOST_RECEIPTS) });
  }

  /** A new conversation: what was said is forgotten, but not which answers to watch. */
  renew() {
    const { language, isOpen, receipts, read } = this.state;
    this.set({ ...EMPTY, language, isOpen, receipts, read });
  }
}

/** A number of a message that nobody else has; `randomUUID` is missing where a page is not secure. */
export function newTurn() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}
