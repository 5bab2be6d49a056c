// A passage's number leads to its counterpart: only the other column moves, so that both can be read at once. Without this the link jumps.
"use strict";
(() => {
  const sides = document.querySelector("[data-sides]");
  if (!sides) return;
  const columns = getComputedStyle(sides).gridTemplateColumns.split(" ").length > 1;
  let lit = [];
  sides.addEventListener("click", (event) => {
    const from = event.target.closest("a.sim-number");
    if (!from || !columns) return;
    const to = document.getElementById(from.hash.slice(1));
    const side = to && to.closest(".sim-side");
    if (!side) return;
    event.preventDefault();
    const part = to.closest("details");
    if (part) part.open = true;
    const shift = to.getBoundingClientRect().top - side.getBoundingClientRect().top;
    side.scrollTo({ top: side.scrollTop + shift - side.clientHeight / 3, behavior: "auto" });
    lit.forEach((each) => each.removeAttribute("aria-current"));
    lit = [from, to];
    lit.forEach((each) => each.setAttribute("aria-current", "true"));
    to.focus({ preventScroll: true });
  });
})();
