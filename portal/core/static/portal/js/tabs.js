/**
 * Makes a tab list of links to panels, after the WAI-ARIA pattern: arrow keys move, Home and End
 * go to the ends, the address keeps the panel (`#…`) so that it can be sent to somebody.
 *
 * A `portal:reveal` event from anything inside a panel opens the panel; so does a link to it.
 */

function connect(root) {
  const list = root.querySelector(":scope > .tabs__list");
  const tabs = [...list.querySelectorAll(".tabs__tab")];
  const panels = tabs.map((tab) => document.getElementById(tab.hash.slice(1)));
  if (!tabs.length || panels.includes(null)) {
    return;
  }

  function show(index) {
    tabs.forEach((tab, position) => {
      const chosen = position === index;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panels[position].classList.toggle("is-shown", chosen);
    });
  }

  /** The panel that an element stands in; -1 for none. */
  function holding(element) {
    return panels.findIndex((panel) => panel.contains(element));
  }

  function follow() {
    const target = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
    const index = target ? holding(target) : -1;
    if (index >= 0) {
      show(index);
    }
    return index >= 0;
  }

  list.setAttribute("role", "tablist");
  tabs.forEach((tab, index) => {
    const panel = panels[index];
    tab.id = `${panel.id}-tab`;
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    tab.parentElement.setAttribute("role", "presentation");
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.tabIndex = 0;
  });
  if (!follow()) {
    show(0);
  }
  root.dataset.ready = "";

  list.addEventListener("click", (event) => {
    const index = tabs.indexOf(event.target.closest(".tabs__tab"));
    if (index < 0 || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    show(index);
    history.replaceState(history.state, "", tabs[index].hash);
  });

  list.addEventListener("keydown", (event) => {
    const index = tabs.indexOf(document.activeElement);
    if (index < 0) {
      return;
    }
    const forwards = getComputedStyle(root).direction === "rtl" ? -1 : 1;
    const last = tabs.length - 1;
    const goal = {
      ArrowRight: index + forwards,
      ArrowLeft: index - forwards,
      Home: 0,
      End: last,
      " ": index,
    }[event.key];
    if (goal === undefined) {
      return;
    }
    event.preventDefault();
    const next = goal < 0 ? last : goal > last ? 0 : goal;
    show(next);
    tabs[next].focus();
    history.replaceState(history.state, "", tabs[next].hash);
  });

  root.addEventListener("portal:reveal", (event) => {
    const index = holding(event.target);
    if (index >= 0) {
      show(index);
    }
  });
  window.addEventListener("hashchange", follow);
}

for (const root of document.querySelectorAll("[data-tabs]:not([data-ready])")) {
  connect(root);
}
