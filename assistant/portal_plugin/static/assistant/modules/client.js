/** The portal's API, as far as the widget needs it. Every failure has a name. */

const PATIENCE_MS = 30_000;

/** `kind`: offline, too_many, unavailable, gone, refused; `seconds`: until it may be tried again. */
export class Failure extends Error {
  constructor(kind, detail = "", seconds = 0) {
    super(detail || kind);
    this.kind = kind;
    this.detail = detail;
    this.seconds = seconds;
  }
}

export class Client {
  /** @param {string} portal origin of the portal @param {string} site code of the site */
  constructor(portal, site) {
    this.base = `${portal}/api/v1/assistant`;
    this.site = site;
  }

  widget(language, page) {
    const query = new URLSearchParams({ language });
    if (this.site) {
      query.set("site", this.site);
    }
    if (page) {
      query.set("page", page.slice(0, 255));
    }
    return this.#get(`/widget?${query}`);
  }

  conversation(id) {
    return this.#get(`/conversations/${encodeURIComponent(id)}`);
  }

  /** The same turn sent again gets the answer that was already given. */
  message(message) {
    return this.#post("/messages", { channel: "widget", ...(this.site && { site: this.site }), ...message });
  }

  choose(answer, entry) {
    return this.#post(`/answers/${encodeURIComponent(answer)}/choose`, { entry });
  }

  translation(answer, language) {
    return this.#post(`/answers/${encodeURIComponent(answer)}/translation`, { language });
  }

  /** Which of the answers that were given no longer hold. */
  recalls(receipts, language) {
    return this.#post("/recalls", { receipts, language });
  }

  feedback(answer, said) {
    return this.#post(`/answers/${encodeURIComponent(answer)}/feedback`, said);
  }

  #get(path) {
    return this.#ask(path, {});
  }

  #post(path, content) {
    return this.#ask(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(content),
    });
  }

  async #ask(path, options) {
    let response;
    try {
      response = await fetch(this.base + path, {
        credentials: "omit",
        referrerPolicy: "no-referrer",
        signal: AbortSignal.timeout(PATIENCE_MS),
        ...options,
      });
    } catch (error) {
      throw new Failure(error.name === "TimeoutError" ? "unavailable" : "offline");
    }
    const content = await response.json().catch(() => ({}));
    if (response.ok) {
      return content;
    }
    const detail = typeof content.detail === "string" ? content.detail : "";
    if (response.status === 429) {
      throw new Failure("too_many", detail, Number(response.headers.get("Retry-After")) || 10);
    }
    if (response.status === 404) {
      throw new Failure("gone", detail);
    }
    throw new Failure(response.status >= 500 ? "unavailable" : "refused", detail);
  }
}
