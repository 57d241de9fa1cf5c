/**
 * Contents of another website: asked for only when the visitor presses.
 * The page's security policy names the website; a frame of any other stays empty.
 */

for (const place of document.querySelectorAll("[data-embed]")) {
  const button = place.querySelector("[data-embed-load]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const frame = document.createElement("iframe");
    frame.src = place.dataset.embed;
    frame.title = place.dataset.title;
    frame.allowFullscreen = true;
    frame.referrerPolicy = "no-referrer";
    frame.setAttribute(
      "sandbox",
      "allow-scripts allow-same-origin allow-popups allow-forms allow-presentation",
    );
    frame.className = "embed__frame";
    const link = place.querySelector(".embed__link");
    const below = document.createElement("p");
    below.className = "embed__below";
    below.append(link);
    place.after(below);
    place.replaceChildren(frame);
    place.classList.add("is-loaded");
    frame.focus();
  });
}
