/**
 * Helps while a letter is written; without it the form does the same by pressing the button.
 *
 * A draft of subject and text stays on this device for a week: never name, telephone or e-mail. What
 * may answer already is looked for while one pauses; the words go to this website only.
 */

const DAYS = 7;
const PAUSE = 1200;
const form = document.querySelector("[data-letter]");

if (form) {
  const words = form.dataset;
  const text = form.elements.text;
  const subject = form.elements.subject;
  countCharacters(text, Number(words.longest), words);
  keepDraft(form, words);
  offerSimilar(form, [subject, text], words.similar);
  document.getElementById("problem")?.focus();
}

function countCharacters(field, longest, words) {
  const line = document.createElement("p");
  line.className = "letters-count";
  line.id = "text-count";
  field.after(line);
  field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} text-count`.trim());
  const show = () => {
    const left = longest - [...field.value].length;
    line.classList.toggle("is-over", left < 0);
    line.textContent = left < 0 ? words.over.replace("{over}", -left) : words.left.replace("{left}", left);
  };
  field.addEventListener("input", show);
  show();
}

function keepDraft(formElement, words) {
  const key = `letters-draft:${formElement.action}`;
  const names = ["subject", "text"];
  const note = formElement.querySelector("[data-draft]");
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  const forget = document.createElement("button");
  forget.type = "button";
  forget.className = "letters-link";
  forget.textContent = words.forget;
  note.append(told, " ", forget);

  const show = (sentence) => {
    note.hidden = false;
    told.textContent = sentence;
  };
  const kept = read(key);
  const isEmpty = names.every((name) => !formElement.elements[name].value);
  if (kept && isEmpty) {
    for (const name of names) {
      formElement.elements[name].value = kept[name] ?? "";
    }
    formElement.elements.text.dispatchEvent(new Event("input"));
    show(words.restored);
  }
  let timer;
  formElement.addEventListener("input", (event) => {
    if (!names.includes(event.target.name)) {
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      const draft = { until: Date.now() + DAYS * 86_400_000 };
      for (const name of names) {
        draft[name] = formElement.elements[name].value;
      }
      if (write(key, draft) && note.hidden) {
        show(words.kept);
      }
    }, 400);
  });
  forget.addEventListener("click", () => {
    clearTimeout(timer);
    remove(key);
    forget.hidden = true;
    show(words.forgotten);
  });
}

function read(key) {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft && draft.until > Date.now()) {
      return draft;
    }
    localStorage.removeItem(key);
  } catch {
    // no storage on this device: the form works without
  }
  return null;
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

function offerSimilar(formElement, fields, address) {
  const place = formElement.querySelector("[data-alike]");
  let timer;
  let asked = "";
  let running;
  const look = async () => {
    const [subject, text] = fields.map((field) => field.value.trim());
    const now = `${subject}\n${text}`;
    if (now === asked || subject.length + text.length < 6) {
      return;
    }
    asked = now;
    running?.abort();
    running = new AbortController();
    try {
      const response = await fetch(address, {
        method: "POST",
        body: new URLSearchParams({ subject, text: text.slice(0, 2000) }),
        signal: running.signal,
      });
      if (response.ok) {
        place.innerHTML = await response.text(); // our own template's output
      }
    } catch {
      // offline, or something newer was asked: the form asks once more when it is sent
    }
  };
  for (const field of fields) {
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(look, PAUSE);
    });
  }
}
