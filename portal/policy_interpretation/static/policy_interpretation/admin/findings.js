// After an autosave: the figures that differ from the clauses, as they are now, without a reload.
document.addEventListener("w-autosave:success", async () => {
  const panels = [...document.querySelectorAll("[data-policy-findings]")];
  if (!panels.length) return;
  const address = new URL(panels[0].dataset.url, window.location.origin);
  for (const panel of panels) address.searchParams.append("part", panel.dataset.policyFindings);
  const answer = await fetch(address, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  // What is shown stays as it was; the next save asks again.
  if (!answer.ok) return;
  const parts = await answer.json();
  for (const panel of panels) {
    const html = parts[panel.dataset.policyFindings] ?? "";
    if (panel.innerHTML.trim() !== html.trim()) panel.innerHTML = html;
  }
});
