/**
 * Reads a spreadsheet file that an editor chose and puts its rows into the field beside it.
 * What stood there is kept until the file has been read.
 */

document.addEventListener("change", async (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.matches("[data-portal-sheet]")) {
    return;
  }
  const file = input.files[0];
  if (!file) {
    return;
  }
  const place = input.closest(".portal-sheet");
  const field = place.querySelector("textarea");
  const status = place.querySelector(".portal-sheet__status");
  const body = new FormData();
  body.append("file", file);
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  status.textContent = status.dataset.reading;
  delete status.dataset.isError;
  try {
    const response = await fetch(place.dataset.readUrl, {
      method: "POST",
      body,
      headers: token ? { "X-CSRFToken": token.value } : {},
    });
    const answer = await response.json();
    if (answer.text === undefined) {
      throw new Error(answer.problem);
    }
    field.value = answer.text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    status.textContent = answer.note;
  } catch (error) {
    status.dataset.isError = "";
    status.textContent =
      error instanceof TypeError || error instanceof SyntaxError || !error.message
        ? status.dataset.failed
        : error.message;
  }
  input.value = "";
});
