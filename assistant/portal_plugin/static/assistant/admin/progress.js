// Progress of an import: asked for every two seconds; the page is read again at the end.
for (const box of document.querySelectorAll("[data-qa-progress]")) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  const ask = async () => {
    try {
      const now = await (await fetch(box.dataset.qaProgress)).json();
      bar.value = now.percent;
      words.textContent = `${now.done} / ${now.total}`;
      if (!now.running) {
        window.location.reload();
        return;
      }
    } catch {
      // The next question may be answered again.
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
}
