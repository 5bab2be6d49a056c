// A proposal's foot follows what is ticked. Without this script it tells the whole proposal.
(() => {
  "use strict";
  const form = document.querySelector("[data-proposal]");
  if (!form) return;
  const foot = form.querySelector(".mo-foot");
  if (!foot || !form.elements.one_by_one) return;
  const boxes = [...form.querySelectorAll("input[name=take]")];
  const told = (amount) => amount.toLocaleString("ko-KR");
  const count = () => {
    const taken = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let size = 0n, net = 0n;
    for (const row of form.querySelectorAll("tr[data-difference]")) {
      const difference = BigInt(row.dataset.difference);
      row.classList.toggle("mo-left-out", !taken.has(row.dataset.group));
      if (!taken.has(row.dataset.group)) continue;
      size += difference < 0n ? -difference : difference;
      net += difference;
    }
    foot.querySelector("[data-size]").textContent = told(size);
    foot.querySelector("[data-after]").textContent = told(BigInt(foot.dataset.total) + net);
    foot.querySelector("[data-net]").textContent = `${net < 0n ? "" : "+"}${told(net)}`;
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = !taken.size;
  };
  form.addEventListener("change", count);
  count();
})();
