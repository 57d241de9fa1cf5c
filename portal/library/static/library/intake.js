/* Shows how far an intake is; without it the page is simply loaded again. */
(() => {
  const place = document.querySelector("[data-library-progress]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const words = place.querySelector("[role=status]");
  const look = async () => {
    try {
      const answer = await fetch(place.dataset.libraryProgress, { credentials: "same-origin" });
      const { done, total, state } = await answer.json();
      if (state !== "running") return window.location.reload();
      bar.value = done;
      words.textContent = `${done} / ${total}`;
    } catch { /* asked again in a moment */ }
    return window.setTimeout(look, 2000);
  };
  window.setTimeout(look, 2000);
})();
