// The consortium's table: one box that chooses all of the page, and a button that says how many are chosen.
(() => {
  "use strict";
  const form = document.getElementById("remind");
  const boxes = [...document.querySelectorAll('input[form="remind"][name="member"]')];
  const button = form && form.querySelector('button[value="chosen"]');
  const head = document.querySelector("th.mb-pick");
  if (!button || !head || !boxes.length) return;
  const english = document.documentElement.lang === "en";
  const every = document.createElement("input");
  every.type = "checkbox";
  every.id = "pick-all";
  const name = document.createElement("span");
  name.className = "sr-only";
  name.textContent = english ? "Choose all on this page" : "이 쪽의 기관 모두 고르기";
  const label = document.createElement("label");
  label.htmlFor = every.id;
  label.append(name);
  const place = document.createElement("div");
  place.className = "krds-form-check";
  place.append(every, label);
  head.replaceChildren(place);
  const told = () => {
    const count = boxes.filter((box) => box.checked).length;
    every.checked = count === boxes.length;
    every.indeterminate = count > 0 && count < boxes.length;
    button.disabled = !count;
    button.textContent = english ? `Remind those chosen (${count})` : `고른 ${count}곳에 알리기`;
  };
  every.addEventListener("change", () => { for (const box of boxes) box.checked = every.checked; told(); });
  for (const box of boxes) box.addEventListener("change", told);
  told();
})();
