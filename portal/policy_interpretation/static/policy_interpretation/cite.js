/**
 * A copy button beside each citation, made when its panel is opened: in the page's HTML hundreds of
 * them would weigh more than the document. The copying itself is the portal's (page.js).
 */

const words = document.querySelector("[data-cite-words]")?.dataset;

document.addEventListener(
  "toggle",
  (event) => {
    const panel = event.target;
    if (!words || !(panel instanceof HTMLDetailsElement) || !panel.matches(".cite") || !panel.open) {
      return;
    }
    for (const text of panel.querySelectorAll(".cite__text:not([data-ready])")) {
      text.dataset.ready = "";
      text.after(copyButton(text.textContent.trim()));
    }
  },
  true, // toggle does not bubble
);

function copyButton(text) {
  const row = document.createElement("p");
  row.className = "cite__copy";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.textContent = words.word;
  button.dataset.copy = text;
  button.dataset.done = words.done;
  const status = document.createElement("span");
  status.setAttribute("role", "status");
  row.append(button, " ", status);
  return row;
}
