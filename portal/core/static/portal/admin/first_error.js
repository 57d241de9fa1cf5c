// After a refusal: one button that leads to the first field that has to be mended.

const ERRORS = ".error-message, .w-field__errors, [aria-invalid=true]";
const texts = JSON.parse(document.querySelector("script[data-portal-editor]")?.dataset.texts ?? "{}");
const form = document.querySelector("[data-edit-form]");
const message = document.querySelector(".messages .error");
const first = form && [...form.querySelectorAll(ERRORS)].find(isError);
if (message && first) offer();

function isError(element) {
  return element.matches("[aria-invalid=true]") || element.textContent.trim() !== "";
}

function offer() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button-small button-secondary portal-first-error";
  button.textContent = texts.firstError;
  button.addEventListener("click", () => {
    first.dispatchEvent(new CustomEvent("portal:open", { bubbles: true }));
  });
  message.append(" ", button);
}
