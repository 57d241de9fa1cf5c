/**
 * Turns the link in the corner into a button; loads the widget when somebody comes near it.
 *
 * All that a page carries of the assistant before its first use. Where the widget cannot be loaded
 * the link's own address, the conversation as a page, is opened instead.
 */
for (const host of document.querySelectorAll("portal-assistant[data-module]")) {
  const link = host.querySelector("a");
  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: link.className,
    textContent: link.textContent,
  });
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-expanded", "false");
  link.replaceWith(button);

  let loading;
  const load = () => (loading ??= import(host.dataset.module));
  const near = () => load().catch(() => (loading = undefined));
  button.addEventListener("pointerenter", near, { once: true });
  button.addEventListener("focus", near, { once: true });
  button.addEventListener("click", async () => {
    try {
      await load();
    } catch {
      const page = new URL(link.href);
      page.searchParams.set("page", location.pathname);
      location.assign(page);
      return;
    }
    host.toggle();
  });
  try {
    if (sessionStorage.getItem(`portal-assistant:${host.dataset.site}`)?.includes('"isOpen":true')) {
      load().then(() => host.reopen(), near);
    }
  } catch {
    // No storage in this window: nothing was kept, so nothing is to be opened again.
  }
}
