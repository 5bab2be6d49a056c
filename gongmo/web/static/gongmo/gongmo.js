// Gongmo's own script: everything works without it; it makes waiting and filling in nicer. No eval, no inline code.
(() => {
  "use strict";
  const korean = document.documentElement.lang !== "en";

  // The server's clock: a page of one's own carries the server's instant; the difference to this machine's clock is measured from the
  // moment at which the answer began to arrive. A page that is kept for everyone cannot carry it and asks for it. Ticking then
  // follows the monotonic clock, so a changed system clock does not matter; after a sleep, in which that stands still, it asks again.
  const clock = document.querySelector("[data-server-clock]");
  const arrival = (performance.getEntriesByType("navigation")[0] || {}).responseStart || 0;
  const clockUrl = clock && clock.dataset.clockUrl;
  let servedAt = clock && !clockUrl ? Date.parse(clock.dateTime) : clockUrl ? NaN : performance.timeOrigin + arrival;
  let servedMark = arrival;
  const serverNow = () => servedAt + (performance.now() - servedMark);
  let asked = -Infinity;
  const ask = async () => {
    const sent = performance.now();
    if (sent - asked < 5000) return;
    asked = sent;
    try {
      const answer = await fetch(clockUrl || "/clock/", { cache: "no-store", credentials: "omit" });
      const got = performance.now();
      const told = Date.parse((await answer.text()).trim());
      if (!answer.ok || Number.isNaN(told)) throw new Error("no time");
      // The server read its clock somewhere between sending and getting.
      servedAt = told;
      servedMark = (sent + got) / 2;
      if (clock) clock.closest(".gm-clock").hidden = false;
      tick();
    } catch {
      // No network: what the page says without a clock stays, and it asks again later.
      setTimeout(ask, 15000);
    }
  };
  const seoul = new Intl.DateTimeFormat("ko-KR", {
    timeZone: "Asia/Seoul", year: "numeric", month: "numeric", day: "numeric",
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const two = (n) => String(n).padStart(2, "0");

  const stamp = (ms) => {
    const part = Object.fromEntries(seoul.formatToParts(ms).map((p) => [p.type, p.value]));
    return `${part.year}. ${part.month}. ${part.day}. ${part.hour}:${part.minute}:${part.second}`;
  };
  const tick = () => {
    const now = serverNow();
    if (Number.isNaN(now)) return;
    if (clock) clock.textContent = stamp(now);
    for (const element of document.querySelectorAll("[data-countdown]")) {
      const left = Math.floor((Date.parse(element.dateTime) - now) / 1000);
      const frame = element.parentElement;
      frame.classList.toggle("gm-countdown--soon", left > 0 && left < 86400);
      frame.classList.toggle("gm-countdown--over", left <= 0);
      if (left <= 0) {
        if (element.textContent !== element.dataset.closed) {
          element.setAttribute("role", "status");
          element.textContent = element.dataset.closed;
        }
        continue;
      }
      const days = Math.floor(left / 86400);
      const time = [left % 86400 / 3600, left % 3600 / 60, left % 60].map((n) => two(Math.floor(n))).join(":");
      element.textContent = days ? `${days}${element.dataset.day} ${time}` : time;
    }
  };
  if (!clockUrl) tick();
  setInterval(tick, 1000);
  if (clockUrl) {
    ask();
    setInterval(ask, 600000);
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden && clock) ask(); });

  // A link to something inside a fold opens the fold.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  // A menu that is wider than the page shows the item that one is at, in its middle.
  const centre = (part) => {
    for (const here of part.querySelectorAll(".gm-nav [aria-current], .gm-tabs [aria-current]")) {
      const list = here.closest("ul");
      if (!list || list.scrollWidth <= list.clientWidth) continue;
      const item = here.parentElement;
      // Where it would lie by itself: meanwhile it is held at the edge.
      item.style.position = "static";
      const [inner, outer] = [item.getBoundingClientRect(), list.getBoundingClientRect()];
      item.style.position = "";
      list.scrollLeft += inner.left - outer.left - (outer.width - inner.width) / 2;
    }
  };
  centre(document);

  // A form that came back with errors: speak the summary first. Its links lead to the field itself.
  const speak = (part) => { const summary = part.querySelector("[data-error-summary]"); if (summary) summary.focus(); };
  speak(document);
  // The same for a part of the page that htmx has put in.
  document.addEventListener("htmx:afterSettle", (event) => {
    const part = event.detail.elt.parentElement || document;
    tick();
    centre(part);
    speak(part);
  });

  // Counters and the reading aid beside money (억, 만).
  const aid = (text) => {
    const digits = text.replace(/[^\d]/g, "");
    if (!digits) return "";
    let rest = BigInt(digits);
    const parts = [];
    for (const [size, name] of [[10n ** 16n, "경"], [10n ** 12n, "조"], [10n ** 8n, "억"], [10n ** 4n, "만"]]) {
      if (rest / size) parts.push((rest / size).toLocaleString("ko-KR") + name);
      rest %= size;
    }
    if (rest || !parts.length) parts.push(rest.toLocaleString("ko-KR"));
    return parts.join(" ");
  };
  document.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset && field.dataset.count) {
      const now = document.querySelector(`#${CSS.escape(field.dataset.count)} .count-now`);
      if (now) now.textContent = [...field.value].length.toLocaleString();
    }
    if (field.dataset && "money" in field.dataset) {
      const output = field.closest(".form-group").querySelector(".gm-reading");
      if (output) output.textContent = korean ? aid(field.value) : "";
    }
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.dataset && "money" in field.dataset && /^[\d,]+$/.test(field.value)) {
      field.value = BigInt(field.value.replaceAll(",", "")).toLocaleString("ko-KR");
    }
  });

  // The open user menu closes with Escape and by a click elsewhere.
  const menu = document.querySelector("details.gm-user");
  if (menu) {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); }
    });
  }
})();
