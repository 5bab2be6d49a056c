// Fields of support decide which questions are asked: once a choice is saved, their questions come and go without loading the page anew.
(() => {
  "use strict";
  const form = document.querySelector("form[data-autosave]");
  const place = form && form.querySelector("[data-questions]");
  if (!place) return;
  const fit = async () => {
    const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-questions]");
    if (!fresh) return;
    const wanted = new Set([...fresh.querySelectorAll("[data-question]")].map((one) => one.dataset.question));
    for (const old of place.querySelectorAll("[data-question]")) old.hidden = !wanted.has(old.dataset.question);
    for (const section of fresh.querySelectorAll(":scope > [data-section]")) {
      const here = place.querySelector(`:scope > [data-section="${section.dataset.section}"]`);
      if (!here) { place.append(document.importNode(section, true)); continue; }
      let last = null;
      for (const question of section.querySelectorAll("[data-question]")) {
        let there = here.querySelector(`[data-question="${CSS.escape(question.dataset.question)}"]`);
        if (!there) {
          there = document.importNode(question, true);
          if (last) last.after(there); else here.querySelector("[data-question]").before(there);
        }
        last = there;
      }
    }
    for (const section of place.querySelectorAll(":scope > [data-section]")) section.hidden = !section.querySelector("[data-question]:not([hidden])");
  };
  form.addEventListener("gongmo:saved", (event) => { if (event.detail.results.some((one) => one.path === "fields" && one.state === "saved")) fit(); });
  form.addEventListener("gongmo:updated", (event) => { if (event.detail.path === "fields") fit(); });
})();
