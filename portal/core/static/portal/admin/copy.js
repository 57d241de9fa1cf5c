// Buttons that copy an address. Without the right to the clipboard the address is selected instead.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-portal-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.portalCopy);
    button.textContent = button.dataset.done;
  } catch {
    const field = document.querySelector("input[readonly][value]");
    field?.select();
    if (document.execCommand("copy")) button.textContent = button.dataset.done;
  }
});
