// Submitting over a bad line: the same request is asked again until the server answers (docs/submitting.md). Submitting twice makes one
// submission, so asking again is safe. Without this script the form is sent as any other.
(() => {
  "use strict";
  const WAITS = [1000, 2000, 4000, 8000], PATIENCE = 20000;
  const english = document.documentElement.lang === "en";
  const t = (ko, en) => (english ? en : ko);
  let busy = false;

  const tell = (form, state, lines, stop) => {
    const place = form.querySelector("[data-sending]");
    place.hidden = false;
    place.dataset.state = state;
    place.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    if (!stop) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "krds-btn small tertiary", textContent: t("그만 묻기", "Stop asking") });
    button.addEventListener("click", stop, { once: true });
    place.append(button);
  };

  // The page that the server answered with takes this page's place: a refusal with its reasons.
  const show = (html) => {
    const answered = new DOMParser().parseFromString(html, "text/html");
    const main = answered.querySelector("main");
    if (!main) return false;
    document.title = answered.title;
    document.querySelector("main").replaceChildren(...main.childNodes);
    window.scrollTo(0, 0);
    const alert = document.querySelector("main [role=alert], main .gm-errors, main h1");
    if (alert) {
      alert.tabIndex = -1;
      alert.focus();
    }
    return true;
  };

  const ask = async (form, body) => {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), PATIENCE);
    try {
      const response = await fetch(form.action, {
        method: "POST", body, credentials: "same-origin", signal: control.signal, headers: { Accept: "application/json, text/html;q=0.9" },
      });
      if ([502, 503, 504].includes(response.status)) return null;
      return { response, text: await response.text() };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  };

  const send = async (form) => {
    busy = true;
    const body = new URLSearchParams(new FormData(form));
    const button = form.querySelector("button[type=submit]");
    const fields = [button, ...form.querySelectorAll("input:not([type=hidden])")];
    const hold = (on) => {
      busy = on;
      for (const field of fields) field.setAttribute("aria-disabled", String(on));
      for (const field of form.querySelectorAll("input:not([type=hidden])")) field.readOnly = on;
    };
    hold(true);
    let stopped = false, again;
    const stop = () => { stopped = true; if (again) again(); };
    tell(form, "asking", [t("제출하고 있습니다. 창을 닫지 마세요.", "Submitting. Keep this window open.")]);
    for (let round = 0; !stopped; round += 1) {
      const answer = await ask(form, body);
      if (answer) {
        const { response, text } = answer;
        const json = (response.headers.get("Content-Type") || "").startsWith("application/json");
        if (response.ok && json) {
          tell(form, "done", [t("접수되었습니다. 접수증을 엽니다.", "Received. Opening the receipt.")]);
          location.assign(JSON.parse(text).receipt);
          return;
        }
        if (response.redirected) {
          location.assign(response.url);
          return;
        }
        hold(false);
        if (!show(text)) location.reload();
        return;
      }
      const wait = WAITS[Math.min(round, WAITS.length - 1)];
      tell(form, "asking", [
        t("연결이 끊겨 서버의 답을 받지 못했습니다. 접수되었는지 확인하고 있습니다.", "The line broke before the server answered. Asking whether it was received."),
        t(`지금까지 ${round + 1}번 물었습니다. 여러 번 물어도 한 번만 접수됩니다.`, `Asked ${round + 1} times so far. However often it asks, it is received once.`),
      ], stop);
      await new Promise((resolve) => { again = resolve; setTimeout(resolve, wait); window.addEventListener("online", resolve, { once: true }); });
    }
    hold(false);
    tell(form, "stopped", [t("묻기를 멈추었습니다. 접수되었을 수도 있습니다. ‘내 신청’이나 접수증에서 확인하거나 다시 제출하기를 눌러 주세요.", "Stopped. It may have been received: look under “My applications” or submit again.")]);
  };

  // Delegated: the page may be replaced by what the server answered.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-submit]");
    if (!form) return;
    event.preventDefault();
    if (!busy) send(form);
  });
})();
