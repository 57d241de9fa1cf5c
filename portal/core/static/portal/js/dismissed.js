/**
 * Hides the emergency banners that this visitor has put away, before they are drawn.
 *
 * Stands behind the banners and runs at once. The key of a banner changes with its words.
 */
(() => {
  let away = [];
  try {
    away = (localStorage.getItem("portal:put-away") || "").split(" ");
  } catch {
    // No storage: nothing is remembered.
  }
  for (const banner of document.querySelectorAll("[data-banner]")) {
    // Only what can be put away can have been: a warning that turned red has another key anyway.
    banner.hidden =
      away.includes(banner.dataset.banner) && banner.querySelector("[data-dismiss]") !== null;
  }
})();
