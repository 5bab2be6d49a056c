// The evaluator's desk (docs/desk.md): sliders, the running total, keys, pages and notes. Without this script the same page works by its buttons.
// Saving is the script of applications/autosave.js.
(() => {
  "use strict";
  const desk = document.querySelector("[data-desk]");
  if (!desk) return;
  const english = document.documentElement.lang === "en";
  const t = (ko, en) => (english ? en : ko);
  const form = document.getElementById("ev-form");
  const inputs = [...form.querySelectorAll("[data-max]")];
  const make = (name, attributes = {}, text = "") => {
    const el = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    if (text) el.textContent = text;
    return el;
  };

  // --- Points: exact in whole steps, so that 0.1 added ten times is 1 ------------------------------------------------------------
  const places = (text) => (text.split(".")[1] || "").length;
  const told = (value, step) => String(Number(value.toFixed(places(step))));
  const points = (input) => (input.value.trim() === "" || !Number.isFinite(Number(input.value)) ? null : Number(input.value));
  const put = (input, value) => {
    const top = Number(input.dataset.max), step = Number(input.dataset.step);
    const steps = Math.round(Math.min(Math.max(value, 0), top) / step);
    input.value = told(steps * step, input.dataset.step);
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const sliders = new Map();
  for (const input of inputs) {
    const slide = make("input", { type: "range", min: 0, max: input.dataset.max, step: input.dataset.step, class: "ev-criterion__slide", "aria-label": `${input.getAttribute("aria-label")} ${t("밀어서 매기기", "by sliding")}`, tabindex: -1 });
    slide.value = points(input) ?? 0;
    slide.addEventListener("input", () => put(input, Number(slide.value)));
    input.closest(".ev-criterion__head").append(slide);
    sliders.set(input, slide);
  }
  const total = form.querySelector("[data-desk-total]"), left = form.querySelector("[data-desk-left]");
  const tab = document.querySelector('[data-desk-tab="form"]');
  const sum = () => {
    const given = inputs.map(points).filter((value) => value !== null);
    const text = given.length ? told(given.reduce((one, other) => one + other, 0), "0.001") : "–";
    total.textContent = text;
    const open = inputs.length - given.length;
    left.textContent = open ? t(`남은 항목 ${open}개`, `${open} left`) : "";
    if (tab) tab.textContent = `${t("평가표", "Sheet")} ${text} / ${form.dataset.maximum}`;
    for (const [input, slide] of sliders) if (document.activeElement !== slide) slide.value = points(input) ?? 0;
  };
  if (inputs.length) {
    form.addEventListener("input", sum);
    form.addEventListener("gongmo:written", sum);
    sum();
  }
  // The form sent by its button carries the revision that saving has reached.
  form.addEventListener("gongmo:saved", (event) => { form.elements.revision.value = String(event.detail.revision); });
  // Comments grow with their text where the browser does not do it by itself.
  if (!CSS.supports("field-sizing", "content")) {
    const grow = (area) => { area.style.height = "auto"; area.style.height = `${area.scrollHeight + 2}px`; };
    form.querySelectorAll(".ev-criterion__comment").forEach((area) => { grow(area); area.addEventListener("input", () => grow(area)); });
  }

  // --- The current criterion ---------------------------------------------------------------------------------------------------
  let current = inputs.find((input) => points(input) === null) || inputs[0] || null;
  const mark = () => form.querySelectorAll("[data-criterion]").forEach((box) => box.classList.toggle("is-current", Boolean(current) && box.contains(current) && box.contains(document.activeElement)));
  form.addEventListener("focusin", (event) => {
    const box = event.target.closest("[data-criterion]");
    if (box) current = box.querySelector("[data-max]") || current;
    mark();
  });
  form.addEventListener("focusout", () => setTimeout(mark));
  const step = (input, by) => put(input, (points(input) ?? 0) + by * Number(input.dataset.step));
  const onward = (input, by) => {
    const next = inputs[inputs.indexOf(input) + by];
    if (next) { next.focus(); next.select(); next.closest("[data-criterion]").scrollIntoView({ block: "nearest" }); }
    else if (by > 0 && form.elements.overall_opinion) form.elements.overall_opinion.focus();
  };

  // --- Panes on a phone ----------------------------------------------------------------------------------------------------------
  desk.classList.add("is-live");
  const tabs = [...document.querySelectorAll("[data-desk-tab]")];
  const pane = (name) => {
    desk.dataset.pane = name;
    for (const each of tabs) if (each.dataset.deskTab === name) each.setAttribute("aria-current", "true"); else each.removeAttribute("aria-current");
  };
  for (const each of tabs) each.addEventListener("click", (event) => { event.preventDefault(); pane(each.dataset.deskTab); scrollTo({ top: desk.offsetTop - 60 }); });
  const narrow = matchMedia("(max-width: 767px)");
  pane(location.hash.startsWith("#points-") || location.hash.startsWith("#comment-") || location.hash === "#overall_opinion" || document.querySelector("[data-error-summary]") ? "form" : "papers");

  // --- Papers: another one is put in place, the sheet stays as it is ----------------------------------------------------------------
  const box = () => document.getElementById("ev-paper");
  const viewer = () => { const el = box().querySelector("[data-gm-viewer]"); return el && el.gmViewer; };
  const chooser = document.querySelector("[data-desk-choose]");
  chooser.querySelector("button").hidden = true;
  let coming = 0;
  const open = async (key, { page = 0, anchor = "" } = {}) => {
    const after = () => {
      if (page) goTo(page);
      const place = anchor && document.getElementById(anchor);
      if (place) { place.scrollIntoView({ block: "nearest" }); place.parentElement.querySelectorAll("dt").forEach((dt) => dt.classList.toggle("is-target", dt === place)); }
    };
    if (narrow.matches) pane("papers");
    if (box().dataset.paper === key) { after(); return; }
    const mine = (coming += 1);
    box().setAttribute("aria-busy", "true");
    const address = `${location.pathname}?paper=${encodeURIComponent(key)}`;
    let page_;
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      page_ = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch {
      if (mine === coming) { box().removeAttribute("aria-busy"); say(t("서류를 열지 못했습니다. 연결을 확인하고 다시 골라 주세요.", "The paper could not be opened. Check the connection and choose it again.")); }
      return;
    }
    const fresh = page_.getElementById("ev-paper");
    if (mine !== coming || !fresh) return;
    box().replaceWith(document.adoptNode(fresh));
    chooser.elements.paper.value = key;
    for (const input of document.querySelectorAll('.ev-notes input[name="paper"]')) input.value = key;
    const place = document.querySelector("[data-desk-note] [name=document]");
    if (place) place.value = fresh.dataset.document;
    history.replaceState(null, "", address);
    // The viewer's script makes what was put in live when it hears of it.
    document.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: box() } }));
    if (page) box().addEventListener("gm:viewer-ready", after, { once: true }); else after();
  };
  const goTo = (page) => {
    const shown = viewer();
    if (shown && shown.pages.length) shown.go(page);
    else box().addEventListener("gm:viewer-ready", () => viewer().go(page), { once: true });
  };
  chooser.addEventListener("submit", (event) => { event.preventDefault(); open(chooser.elements.paper.value); });
  chooser.elements.paper.addEventListener("change", () => open(chooser.elements.paper.value));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-desk-paper], a[data-desk-page]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const url = new URL(link.href);
    open(link.dataset.deskPaper || url.searchParams.get("paper"), { page: Number(link.dataset.deskPage || 0), anchor: url.hash.slice(1) });
  });

  // --- Pages of the open document as small pictures, drawn when they come into sight ---------------------------------------------
  const noted = () => new Set([...document.querySelectorAll(".ev-notes [data-desk-page]")]
    .filter((link) => link.dataset.deskDocument === box().dataset.document).map((link) => Number(link.dataset.deskPage)));
  const strip = () => {
    const shown = viewer();
    if (!shown || !shown.document || shown.document.numPages < 2 || box().querySelector(".ev-pages")) return;
    const row = make("div", { class: "ev-pages", role: "group", "aria-label": t("쪽 목록", "Pages") });
    const here = noted();
    const seen = new IntersectionObserver((entries) => entries.forEach(async (entry) => {
      const canvas = entry.target.querySelector("canvas");
      if (!entry.isIntersecting || canvas.dataset.drawn) return;
      canvas.dataset.drawn = "1";
      try {
        const page = await shown.document.getPage(Number(entry.target.dataset.page));
        const plain = page.getViewport({ scale: 1 });
        const view = page.getViewport({ scale: 72 / plain.width });
        canvas.width = view.width;
        canvas.height = view.height;
        await page.render({ canvas, viewport: view }).promise;
      } catch { canvas.remove(); }
    }), { root: row, rootMargin: "0px 200px" });
    for (let number = 1; number <= shown.document.numPages; number += 1) {
      const button = make("button", { type: "button", "data-page": number, "aria-label": t(`${number}쪽`, `Page ${number}`) });
      button.append(make("canvas", { width: 72, height: 60, "aria-hidden": "true" }), make("span", here.has(number) ? { class: "is-noted" } : {}, String(number)));
      button.addEventListener("click", () => shown.go(number));
      row.append(button);
      seen.observe(button);
    }
    box().querySelector(".fl-view__bar").after(row);
    at(shown.current);
  };
  const at = (page) => {
    for (const button of box().querySelectorAll(".ev-pages button")) {
      if (Number(button.dataset.page) !== page) { button.removeAttribute("aria-current"); continue; }
      button.setAttribute("aria-current", "true");
      const row = button.parentElement;
      if (button.offsetLeft < row.scrollLeft || button.offsetLeft + button.offsetWidth > row.scrollLeft + row.clientWidth) row.scrollLeft = button.offsetLeft - row.clientWidth / 2;
    }
    const field = document.getElementById("note-page");
    if (field && document.activeElement !== field) field.value = String(page);
  };
  document.addEventListener("gm:viewer-ready", strip);
  document.addEventListener("gm:viewer-page", (event) => at(event.detail.page));
  strip();

  // --- Notes: sent without leaving the page ---------------------------------------------------------------------------------------
  const live = make("p", { role: "status", class: "sr-only" });
  desk.before(live);
  const say = (words) => { live.textContent = words; };
  document.addEventListener("submit", async (event) => {
    const sent = event.target;
    const notes = sent.closest("#ev-notes");
    if (!notes || event.defaultPrevented) return;
    event.preventDefault();
    const body = new FormData(sent, event.submitter);
    try {
      const answer = await fetch(sent.action, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("ev-notes");
      if (!fresh) throw new Error(String(answer.status));
      notes.querySelector(".ev-notes__list").replaceWith(fresh.querySelector(".ev-notes__list"));
      notes.querySelector("summary span").textContent = fresh.querySelector("summary span").textContent;
      const wrong = page.querySelector("[data-error-summary]");
      if (answer.ok && sent.matches("[data-desk-note]")) { sent.elements.text.value = ""; sent.elements.text.focus(); }
      say(answer.ok ? t("내 메모를 고쳤습니다.", "Your notes are changed.") : wrong ? wrong.textContent : "");
      if (!answer.ok) sent.elements.text.focus();
      const row = box().querySelector(".ev-pages");
      if (row) { row.remove(); strip(); }
    } catch { sent.submit(); }
  });

  // --- Keys. Letters are off inside text fields, and for who does not want them (WCAG 2.1.4) ------------------------------------------
  const OFF = "gongmo:desk:no-letter-keys";
  const stored = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  const help = document.getElementById("ev-keys"), show = document.querySelector("[data-desk-keys]");
  const off = help.querySelector("[data-desk-keys-off]");
  off.checked = stored();
  off.addEventListener("change", () => { try { if (off.checked) localStorage.setItem(OFF, "1"); else localStorage.removeItem(OFF); } catch { /* not kept */ } });
  show.hidden = false;
  show.addEventListener("click", () => help.showModal());
  const go = (name) => {
    const link = document.querySelector(`[data-desk-go="${name}"]`);
    if (link) { if (window.gongmoAutosave) window.gongmoAutosave.flush(); link.click(); }
  };
  const letters = {
    KeyJ: () => go("after"), KeyK: () => go("before"),
    KeyN: () => {
      const text = document.getElementById("note-text");
      if (!text) return;
      document.getElementById("ev-notes").open = true;
      if (narrow.matches) pane("papers");
      text.focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing && event.target.matches("textarea, #note-text") || help.open) return;
    const field = event.target.closest("input, textarea, select, [contenteditable]");
    const onPoints = field && inputs.includes(field);
    if (onPoints && (event.key === "ArrowUp" || event.key === "ArrowDown")) { event.preventDefault(); step(field, event.key === "ArrowUp" ? 1 : -1); return; }
    if (onPoints && event.key === "Enter") { event.preventDefault(); onward(field, event.shiftKey ? -1 : 1); return; }
    if (field && !onPoints && field.type !== "range") { if (event.key === "Escape") field.blur(); return; }
    // By the key's place: with a Korean keyboard J is written ㅓ.
    if (off.checked) return;
    if (event.key === "?" || (event.shiftKey && event.code === "Slash")) { event.preventDefault(); help.showModal(); return; }
    if (letters[event.code] && !event.shiftKey) { event.preventDefault(); letters[event.code](); return; }
    if (!field && /^[0-9]$/.test(event.key) && current && !event.target.closest(".fl-view__stage")) {
      if (narrow.matches) pane("form");
      current.focus();
      current.select();
    }
  });
})();
