// One form makes one page. The first autosave of a new page and a button pressed meanwhile would
// each make one. What is not sent yet is called off; for what is on its way the button waits, until
// the form has got the address of its page.

const LONGEST = 30_000; // then the connection has failed and what was pressed counts
const SURELY_WAITING = 100; // so long before the end of its pause an autosave is not sent yet
const form = document.querySelector("form[data-edit-form][data-controller~='w-autosave']");
if (form) start(Number(form.dataset.wAutosaveIntervalValue));

function start(pause) {
  let autosave = null;
  let since = 0;
  let waiting = null;
  let isLeaving = false;

  form.addEventListener("w-autosave:save", (event) => {
    if (isLeaving) return event.preventDefault();
    autosave = event;
    since = performance.now();
  });
  for (const end of ["success", "error"]) {
    form.addEventListener(`w-autosave:${end}`, () => {
      autosave = null;
      waiting?.();
    });
  }
  // First of all listeners: nobody is to be told of a form that is not sent yet.
  document.addEventListener("submit", pressed, true);

  function pressed(event) {
    if (event.target !== form) return;
    if (autosave && performance.now() - since < pause - SURELY_WAITING) {
      autosave.preventDefault();
      autosave = null;
    }
    if (!autosave || !isNew()) {
      isLeaving = true; // with all that stands in the form: nothing more to save by itself
      setTimeout(() => {
        isLeaving = !event.defaultPrevented;
      });
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!waiting) wait(event.submitter);
  }

  function wait(button) {
    const timer = setTimeout(() => {
      autosave = null;
      waiting();
    }, LONGEST);
    waiting = () => {
      clearTimeout(timer);
      waiting = null;
      send(button);
    };
  }
}

function isNew() {
  return new URL(form.action).pathname.includes("/add/");
}

/** A button that shows its progress is disabled by now: its name goes along by itself. */
function send(button) {
  if (button?.name) {
    const name = document.createElement("input");
    name.type = "hidden";
    name.name = button.name;
    name.value = button.value;
    form.append(name);
  }
  form.requestSubmit();
}
