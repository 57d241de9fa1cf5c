// The live preview stands open beside the form until its owner closes it, wide enough to read.
// Wagtail remembers from then on what was open and how wide, in the same two entries.

const PANEL = "wagtail:side-panel-open";
const WIDTH = "wagtail:side-panel-width";
const WIDE_SCREEN = "(min-width: 75em)";

const preview = document.querySelector('[data-side-panel="preview"]');
if (preview && window.matchMedia(WIDE_SCREEN).matches) {
  try {
    if (localStorage.getItem(PANEL) === null) localStorage.setItem(PANEL, "preview");
    if (localStorage.getItem(WIDTH) === null) {
      localStorage.setItem(WIDTH, String(Math.round(Math.max(440, window.innerWidth * 0.36))));
    }
  } catch {
    // Without storage the panel opens by its button.
  }
}
