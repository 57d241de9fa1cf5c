// Typing shows in the preview sooner than Wagtail's own rounds of looking for changes would find
// it; and what was sent already is not sent again.

const PAUSE = 320; // rich text reaches the form 250 ms after the last key
const NOT_CONTENT = /^(csrfmiddlewaretoken|next|overwrite_revision_id|loaded_revision_.*)$/;

const form = document.querySelector("[data-edit-form]");
const panel = document.querySelector("[data-side-panel] > [data-controller~='w-preview']");
if (form && panel) start();

function start() {
  let sent = "";
  let timer = 0;

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => panel.setAttribute("data-w-preview-stale-value", "true"), PAUSE);
  };
  // The rich text editor lets the browser tell of keys only, not of the change that they make.
  for (const name of ["input", "beforeinput", "keyup", "change"]) form.addEventListener(name, soon);

  panel.addEventListener("w-preview:update", (event) => {
    const content = contentOf(form) + modeOf(panel);
    if (content === sent) {
      event.preventDefault();
      panel.setAttribute("data-w-preview-stale-value", "false");
    }
    sent = content;
  });
  panel.addEventListener("w-preview:error", () => {
    sent = "";
  });
}

function contentOf(element) {
  const data = [...new FormData(element)].filter(([name]) => !NOT_CONTENT.test(name));
  return JSON.stringify(data, (_key, value) => (value instanceof File ? value.name : value));
}

function modeOf(element) {
  return element.querySelector("[data-w-preview-target=mode]")?.value ?? "";
}
