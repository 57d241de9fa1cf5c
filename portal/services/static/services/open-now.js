/* Says whether a place is open just now. The days and hours come with the page; what lies beyond
   them, or in a year whose holidays nobody knows yet, is left unsaid. */
const ZONE = "Asia/Shanghai";

function now() {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: ZONE,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(new Date());
  const found = Object.fromEntries(parts.map((part) => [part.type, part.value]));
  return { day: `${found.year}-${found.month}-${found.day}`, time: `${found.hour}:${found.minute}` };
}

/** The next opening after a moment, and the words for it; null where it is not known. */
function next(days, at, moment) {
  for (const day of days.slice(at)) {
    if (!day.known) return null;
    const today = day.day === moment.day;
    const session = day.open.find(([from]) => !today || from > moment.time);
    if (session) return { label: today ? "" : day.label, time: session[0] };
  }
  return null;
}

function say(element) {
  const days = JSON.parse(element.dataset.openDays);
  const moment = now();
  const at = days.findIndex((day) => day.day === moment.day);
  if (at < 0 || !days[at].known) return;
  const words = element.dataset;
  const today = days[at];
  const session = today.open.find(([from, until]) => from <= moment.time && moment.time < until);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
  let text = "";
  if (session) {
    text = fill(words.open, { time: session[1] });
  } else {
    const reason = today.name ? fill(words.reason, { name: today.name }) : "";
    text = (today.open.length ? words.closed : words.closedToday) + reason;
    const opens = next(days, at, moment);
    if (opens) text += words.separator + fill(opens.label ? words.next : words.later, { day: opens.label, time: opens.time });
  }
  element.textContent = text;
  element.classList.toggle("guide-open--now", Boolean(session));
  element.hidden = false;
}

for (const element of document.querySelectorAll("[data-open-days]")) say(element);
