/**
 * Buttons for a row of slides that scrolls anyway. It moves by itself only where the editor said
 * so, and then stands still while it is paused, pointed at, focused, out of sight, or when the
 * visitor wants less motion.
 */
const INTERVAL = 7000;
const wish = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Wanted still: by the system, by the reading settings, or in the elder view. */
function calm() {
  const chosen = document.documentElement.dataset;
  return wish.matches || chosen.motion === "less" || chosen.view === "elder";
}

function connect(root) {
  const row = root.querySelector(".carousel__slides");
  const slides = [...row.children];
  const place = root.querySelector("[data-carousel-place]");
  const pause = root.querySelector("[data-carousel-pause]");
  let current = 0;
  let playing = Boolean(pause) && !calm();
  let held = false;

  function go(index) {
    const slide = slides[(index + slides.length) % slides.length];
    const distance = slide.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollBy({ left: distance, behavior: calm() ? "auto" : "smooth" });
  }

  function tell() {
    place.textContent = `${current + 1} / ${slides.length}`;
    // Read out what the visitor chose, not what moves by itself.
    row.setAttribute("aria-live", playing ? "off" : "polite");
    if (pause) {
      pause.textContent = playing ? pause.dataset.pause : pause.dataset.play;
    }
  }

  const seen = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) {
          current = slides.indexOf(entry.target);
          tell();
        }
      }
    },
    { root: row, threshold: 0.6 },
  );
  slides.forEach((slide) => seen.observe(slide));

  root.addEventListener("click", (event) => {
    const step = event.target.closest("[data-carousel-step]");
    if (step) {
      go(current + Number(step.dataset.carouselStep));
    } else if (event.target.closest("[data-carousel-pause]")) {
      playing = !playing;
      tell();
    }
  });

  root.addEventListener("portal:reveal", (event) => {
    const index = slides.findIndex((slide) => slide.contains(event.target));
    if (index >= 0) {
      go(index);
    }
  });

  if (pause) {
    for (const name of ["pointerenter", "focusin"]) {
      root.addEventListener(name, () => {
        held = true;
      });
    }
    for (const name of ["pointerleave", "focusout"]) {
      root.addEventListener(name, () => {
        held = root.matches(":hover") || root.matches(":focus-within");
      });
    }
    const settle = () => {
      playing = playing && !calm();
      tell();
    };
    wish.addEventListener("change", settle);
    document.addEventListener("portal:preferences", settle);
    setInterval(() => {
      if (playing && !held && !document.hidden) {
        go(current + 1);
      }
    }, INTERVAL);
  }

  tell();
  root.dataset.ready = "";
}

for (const root of document.querySelectorAll("[data-carousel]:not([data-ready])")) {
  connect(root);
}
