// Follows a machine's work on a page; when it ends, the page is shown anew.
const part = document.querySelector('[data-machine]');

async function look() {
  const answer = await fetch(part.dataset.machine, { headers: { Accept: 'application/json' } });
  if (!answer.ok) return;
  const now = await answer.json();
  if (!now.running) {
    window.location.reload();
    return;
  }
  part.querySelector('progress').value = now.done;
  part.querySelector('[data-words]').textContent = `${now.done} / ${now.total}`;
  window.setTimeout(look, 3000);
}

if (part) window.setTimeout(look, 2000);
