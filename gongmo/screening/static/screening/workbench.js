// The officers' list: J and K move, X chooses, A chooses all of the page, Enter opens, / searches, ? explains. Works without: Tab and Space.
(() => {
  "use strict";
  const korean = document.documentElement.lang !== "en";
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const form = document.querySelector("[data-workbench]");
  const told = document.querySelector("[data-chosen]");
  const box = (row) => row.querySelector('input[name="review"]');
  let at = -1;

  const tell = () => {
    if (!told) return;
    const chosen = rows.filter((row) => box(row)?.checked).length;
    told.hidden = chosen === 0;
    told.textContent = korean ? `${chosen}건을 골랐습니다.` : `${chosen} chosen.`;
    for (const row of rows) row.classList.toggle("scr-row--chosen", Boolean(box(row)?.checked));
  };
  const go = (to) => {
    if (at >= 0) rows[at].classList.remove("scr-row--at");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("scr-row--at");
    rows[at].querySelector("[data-open]")?.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const choose = (row, on) => {
    const one = box(row);
    if (one) one.checked = on ?? !one.checked;
  };
  // Whoever tabs into a row goes on from there.
  for (const [place, row] of rows.entries()) {
    row.addEventListener("focusin", () => {
      if (at === place) return;
      if (at >= 0) rows[at].classList.remove("scr-row--at");
      at = place;
      row.classList.add("scr-row--at");
    });
  }

  const keys = {
    j: () => go(at + 1),
    k: () => go(at < 0 ? 0 : at - 1),
    x: () => at >= 0 && (choose(rows[at]), tell()),
    a: () => {
      const all = rows.every((row) => box(row)?.checked);
      for (const row of rows) choose(row, !all);
      tell();
    },
    "/": () => document.getElementById("q")?.focus(),
    "?": () => {
      const help = document.getElementById("keys");
      if (!help) return;
      help.open = true;
      help.scrollIntoView({ block: "nearest" });
      help.querySelector("summary").focus();
    },
    Enter: (event) => {
      // A focused link or button keeps its own Enter.
      if (at < 0 || event.target.closest("a, button, summary")) return false;
      rows[at].querySelector("[data-open]")?.click();
    },
  };
  // Korean keyboards send ㅓ, ㅏ, ㅌ, ㅁ where the letters are.
  const codes = { KeyJ: "j", KeyK: "k", KeyX: "x", KeyA: "a" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inside = event.target.closest("input, textarea, select, [contenteditable]");
    if (inside && inside.type !== "checkbox") return;
    const act = keys[codes[event.code] ?? event.key];
    if (!act) return;
    if (act(event) !== false) event.preventDefault();
  });
  if (form) form.addEventListener("change", tell);
  tell();
})();
