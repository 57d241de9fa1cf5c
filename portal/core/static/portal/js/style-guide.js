/**
 * Measures the contrast of each swatch as it is shown, in whatever theme and view that is.
 */
const LEAST = 4.5;

/** "rgb(15, 92, 112)" → relative luminance. */
function luminance(colour) {
  const [red, green, blue] = colour.match(/[\d.]+/g).map((text) => {
    const channel = Number(text) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

for (const swatch of document.querySelectorAll("[data-contrast-of]")) {
  const shown = getComputedStyle(swatch.querySelector(".swatch__sample"));
  const [dark, light] = [luminance(shown.color), luminance(shown.backgroundColor)].sort(
    (first, second) => first - second,
  );
  const ratio = (light + 0.05) / (dark + 0.05);
  swatch.querySelector("output").textContent = `${ratio.toFixed(1)} ${ratio >= LEAST ? "✓" : "✗"}`;
}
