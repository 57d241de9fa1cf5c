/**
 * The clauses of the chosen document as check boxes, beside the field that holds their ids.
 *
 * The field says in which other field of the same line or block the document stands; where that one
 * is empty, interpretations have it in the first line of the documents that they interpret. The list
 * is rendered by the server.
 */

const FIELD = "[data-clause-ids]";

function policyInput(field) {
  const beside = document.getElementsByName(field.name.replace(/[^-]+$/, field.dataset.clauseIds))[0];
  if (beside && (beside.value || field.name.startsWith("interprets-"))) {
    return beside;
  }
  // Elsewhere no name begins so, and the field beside is what counts.
  for (const input of document.querySelectorAll('input[name^="interprets-"][name$="-policy"]')) {
    const deleted = document.getElementsByName(input.name.replace(/policy$/, "DELETE"))[0];
    if (input.value && !(deleted && deleted.value)) {
      return input;
    }
  }
  return beside;
}

async function load(place) {
  const field = place.querySelector(FIELD);
  const list = place.querySelector(".clause-choice__list");
  const status = place.querySelector(".clause-choice__status");
  const policy = policyInput(field)?.value;
  if (!policy) {
    status.textContent = place.dataset.first;
    list.hidden = true;
    return;
  }
  place.dataset.policy = policy;
  status.textContent = place.dataset.loading;
  const body = new FormData();
  body.append("chosen", field.value || "[]");
  const token = document.querySelector("[name=csrfmiddlewaretoken]");
  try {
    const response = await fetch(place.dataset.url.replace("/0/", `/${policy}/`), {
      method: "POST",
      body,
      headers: token ? { "X-CSRFToken": token.value } : {},
    });
    if (response.status === 404) {
      list.hidden = true;
      status.textContent = place.dataset.nothing;
      return;
    }
    if (!response.ok) {
      throw new Error(String(response.status));
    }
    list.innerHTML = await response.text();
    list.hidden = false;
    count(place);
  } catch {
    list.hidden = true;
    status.textContent = place.dataset.failed;
  }
}

function count(place) {
  const number = place.querySelectorAll(".clause-choice__list input:checked").length;
  place.querySelector(".clause-choice__status").textContent = number
    ? `${place.dataset.some} ${number}`
    : place.dataset.none;
}

function keep(place) {
  const field = place.querySelector(FIELD);
  const chosen = [...place.querySelectorAll(".clause-choice__list input:checked")];
  field.value = JSON.stringify(chosen.map((box) => box.value));
  field.dispatchEvent(new Event("change", { bubbles: true }));
  count(place);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-clause-list]");
  if (button) {
    load(button.closest(".clause-choice"));
  }
});

document.addEventListener("change", (event) => {
  const place = event.target.closest?.(".clause-choice__list")?.closest(".clause-choice");
  if (place) {
    keep(place);
    return;
  }
  // Another document: an open list would show the clauses of the one before.
  for (const open of document.querySelectorAll(".clause-choice[data-policy]")) {
    const policy = policyInput(open.querySelector(FIELD));
    if (policy && policy.value !== open.dataset.policy) {
      load(open);
    }
  }
});
