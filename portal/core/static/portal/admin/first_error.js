// Wagtail's "Go to the first error" looks on the open tab only. Here the tab and the panels around
// the error are opened first (click_to_edit.js), and the field itself gets the focus.

const ERROR = ":is(.error-message, .help-critical, .w-field__errors)";
const form = document.querySelector("[data-edit-form]");
const button = document.querySelector(".messages .error button[data-controller~='w-focus']");

button?.addEventListener("click", () => {
  const first = [...(form?.querySelectorAll(ERROR) ?? [])].find((e) => e.textContent.trim());
  first?.dispatchEvent(new CustomEvent("portal:open", { bubbles: true }));
});
