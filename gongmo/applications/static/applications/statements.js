// The self-check: what a yes means opens with the answer, and the rules' verdict follows every save.
(() => {
  "use strict";
  const form = document.querySelector("form[data-verdicts]");
  if (!form) return;
  const chosen = (fact) => {
    const box = fact.querySelector('input[type="radio"]:checked');
    return box ? box.value : "";
  };
  const show = (fact) => {
    const why = fact.querySelector("[data-if-yes]");
    if (!why) return;
    const note = why.querySelector("textarea");
    why.hidden = chosen(fact) !== "yes" && !(note && note.value) && !why.querySelector(".app-note");
  };
  for (const fact of form.querySelectorAll("[data-fact]")) {
    show(fact);
    fact.addEventListener("change", () => show(fact));
    fact.addEventListener("gongmo:written", () => show(fact));
  }
  let asking = false, again = false;
  const verdicts = async () => {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const answer = await fetch(form.dataset.verdicts, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const piece of page.querySelectorAll("[data-verdict-for]")) {
          const place = document.querySelector(`[data-verdict="${CSS.escape(piece.dataset.verdictFor)}"]`);
          if (place && place.innerHTML !== piece.innerHTML) place.replaceChildren(...piece.childNodes);
        }
        const left = page.querySelector("[data-left]");
        const now = document.querySelector("[data-left-now]");
        if (left && now && now.innerHTML !== left.innerHTML) now.replaceChildren(...left.childNodes);
      }
    } catch { /* no connection: the next save asks again */ }
    asking = false;
    if (again) { again = false; verdicts(); }
  };
  form.addEventListener("gongmo:saved", verdicts);
  form.addEventListener("gongmo:updated", verdicts);
})();
