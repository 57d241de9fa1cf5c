/**
 * Tells the portal that a result was opened: which, at which place, of which search; nothing of who
 * did. Links work without it, and nothing waits for it.
 */

const list = document.querySelector(".results[data-token]");

function told(event) {
  const link = event.target instanceof Element ? event.target.closest("a[data-key]") : null;
  // The middle button opens too; the right one opens a menu.
  if (!link || event.button > 1) {
    return;
  }
  const form = new FormData();
  form.set("token", list.dataset.token);
  form.set("key", link.dataset.key);
  form.set("position", link.dataset.position);
  navigator.sendBeacon?.(list.dataset.opened, form);
}

list?.addEventListener("click", told);
list?.addEventListener("auxclick", told);
