// Buttons that copy an address: beside a new link, and in the message that a page is published.
// Without the right to the clipboard the address is selected and copied the old way.

const words = document.querySelector("script[data-portal-copy-words]")?.dataset ?? {};

for (const link of document.querySelectorAll(".messages .success a.button")) {
  const { pathname, href } = new URL(link.href);
  if (pathname.startsWith("/admin/")) continue;
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.textContent = words.copy;
  button.dataset.portalCopy = href;
  link.after(button);
  break;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-portal-copy]");
  if (!button) return;
  const address = button.dataset.portalCopy;
  try {
    await navigator.clipboard.writeText(address);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: address });
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  button.textContent = words.done;
});
