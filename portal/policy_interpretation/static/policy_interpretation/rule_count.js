// Says beside the conditions of a rule how many documents they hold for. Nothing is stored.
(() => {
  const start = (output) => {
    const form = output.closest("form");
    let waiting = 0;
    let asked = 0;
    const ask = async () => {
      const mine = ++asked;
      const response = await fetch(output.dataset.ruleCount, {
        method: "POST",
        body: new FormData(form),
      });
      if (mine !== asked) return;
      output.textContent = response.ok ? (await response.json()).text : "";
    };
    form.addEventListener("change", () => {
      clearTimeout(waiting);
      waiting = setTimeout(ask, 300);
    });
    ask();
  };
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-rule-count]").forEach(start);
  });
})();
