/** Elements made in one expression. Text is only ever inserted as text. */

/**
 * @param {string} name the element
 * @param {object} properties attributes; `on` holds listeners, `class` the classes; null and false
 *   leave an attribute out, true sets an empty one
 * @param {...(Node|string|null|undefined|false)} children text or nodes
 */
export function el(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "on") {
      for (const [event, listener] of Object.entries(value)) {
        element.addEventListener(event, listener);
      }
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(key, value === true ? "" : value);
    }
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

/** A text with `{name}` filled in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

let made = 0;

/** An id that no other element of the widget has. */
export function freshId(prefix) {
  made += 1;
  return `${prefix}-${made}`;
}

/** A button with text, of type "button". */
export function button(text, properties, onClick) {
  return el("button", { type: "button", ...properties, on: { click: onClick } }, text);
}
