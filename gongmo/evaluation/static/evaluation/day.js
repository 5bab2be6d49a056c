// The clock of a presentation: minutes and seconds left by the server's clock, and a page that follows what others do. Without it the page shows the times.
(() => {
  "use strict";
  const english = document.documentElement.lang === "en";
  const clock = document.querySelector("[data-day-clock]");
  const served = document.querySelector("[data-server-clock]");
  const arrived = (performance.getEntriesByType("navigation")[0] || {}).responseStart || 0;
  const at = served ? Date.parse(served.dateTime) : performance.timeOrigin + arrived;
  const now = () => at + (performance.now() - arrived);
  const two = (number) => String(number).padStart(2, "0");
  if (clock) {
    const ends = Date.parse(clock.dataset.ends), words = clock.querySelector("[data-day-left]");
    const tick = () => {
      const left = Math.round((ends - now()) / 1000);
      const away = Math.abs(left);
      words.textContent = `${left < 0 ? "+" : ""}${two(Math.floor(away / 60))}:${two(away % 60)}`;
      words.setAttribute("aria-label", left < 0 ? (english ? "over time" : "시간이 지났습니다") : "");
      clock.classList.toggle("is-soon", left >= 0 && left <= 120);
      clock.classList.toggle("is-over", left < 0);
    };
    tick();
    setInterval(tick, 1000);
  }
  // Another one began or ended a turn: the page is loaded anew, unless somebody is writing in it.
  const seen = document.getElementById("main").querySelector(".ev-turns");
  const mark = (root) => [...root.querySelectorAll(".ev-turn")].map((turn) => `${turn.id}:${turn.className}:${turn.querySelectorAll("time").length}`).join("|");
  const writing = () => [...seen.querySelectorAll("input:not([type=hidden]), textarea")].some((field) => field.value !== field.defaultValue || field === document.activeElement);
  const look = async () => {
    if (document.hidden || writing()) return;
    try {
      const answer = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store" });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mark(page) !== mark(document) && !writing()) location.reload();
    } catch { /* no connection: it looks again */ }
  };
  setInterval(look, 10000);
})();
