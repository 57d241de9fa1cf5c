// In the form of a document: what was found in the file.

const setup = document.querySelector("script[data-file-findings]")?.dataset ?? {};
const number = location.pathname.match(/\/documents\/edit\/(\d+)\//)?.[1];
const form = number && document.querySelector("form[action*='/documents/edit/']");

if (form) show();

async function show() {
  const response = await fetch(setup.fileFindings.replace("/0/", `/${number}/`));
  if (!response.ok) return;
  const { findings } = await response.json();
  if (!findings.length) return;
  const box = document.createElement("section");
  box.className = "help-block help-warning";
  const heading = document.createElement("h2");
  heading.textContent = setup.heading;
  const list = document.createElement("ul");
  for (const finding of findings) {
    const item = document.createElement("li");
    item.textContent = `${finding.label}：${finding.words}。${finding.advice}`;
    list.append(item);
  }
  box.append(heading, list);
  form.prepend(box);
}
