// Uploading: files go one by one, so that one that fails costs only itself. Progress: asked for.

function csrf(form) {
  return form.querySelector("[name=csrfmiddlewaretoken]").value;
}

async function send(url, data) {
  const response = await fetch(url, {
    method: "POST",
    body: data,
    headers: { Accept: "application/json" },
  });
  const answer = await response.json();
  if (!response.ok && !answer.problem) throw new Error(response.statusText);
  return answer;
}

function row(list, name, words) {
  const item = document.createElement("li");
  item.textContent = `${name} · ${words}`;
  list.append(item);
  return item;
}

async function upload(form, files) {
  const list = form.querySelector("[data-list]");
  const failed = form.dataset.failed;
  const token = csrf(form);
  const opening = new FormData(form);
  opening.delete("files");
  const batch = await send(form.action || window.location.href, opening);
  if (batch.problem) {
    row(list, "", batch.problem);
    return;
  }
  let problems = 0;
  for (const file of files) {
    const item = row(list, file.name, `${form.dataset.sending} …`);
    const data = new FormData();
    data.append("csrfmiddlewaretoken", token);
    data.append("file", file);
    let problem = "";
    try {
      problem = (await send(batch.add, data)).problem;
    } catch {
      problem = failed;
    }
    item.textContent = problem ? `${file.name} · ${problem}` : `${file.name} ✓`;
    item.classList.toggle("policy-upload__problem", Boolean(problem));
    problems += problem ? 1 : 0;
  }
  const starting = new FormData();
  starting.append("csrfmiddlewaretoken", token);
  starting.append("do", "start");
  await fetch(batch.start, { method: "POST", body: starting, redirect: "manual" });
  if (problems === 0) {
    window.location.assign(batch.start);
    return;
  }
  const show = form.querySelector("[data-show]");
  show.href = batch.start;
  show.hidden = false;
}

for (const form of document.querySelectorAll("[data-policy-upload]")) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const button = form.querySelector("button[type=submit]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    try {
      await upload(form, [...input.files]);
    } catch {
      row(form.querySelector("[data-list]"), "", form.dataset.failed);
    }
    button.disabled = false;
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("policy-upload__drop--over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("policy-upload__drop--over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("policy-upload__drop--over");
    const transfer = new DataTransfer();
    for (const file of event.dataTransfer.files) {
      if (transfer.files.length === 0 || input.multiple) transfer.items.add(file);
    }
    input.files = transfer.files;
  });
}

for (const box of document.querySelectorAll("[data-policy-progress]")) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-words]");
  const ask = async () => {
    try {
      const now = await (await fetch(box.dataset.policyProgress)).json();
      bar.value = now.percent;
      words.textContent = `${now.done} / ${now.total}`;
      if (!now.running) {
        window.location.reload();
        return;
      }
    } catch {
      // The next question may be answered again.
    }
    setTimeout(ask, 2000);
  };
  setTimeout(ask, 1000);
}
