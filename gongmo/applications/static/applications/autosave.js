// Saving by itself, field by field (docs/writing.md). Without this script the same form is saved by its buttons.
//
// <form data-autosave="/applications/3/save/" data-changes="/applications/3/changes/" data-person="12" data-application="3" data-revision="17">
//   <input data-save="title" data-base="4" ...>
// Several boxes or radio buttons may carry one path. Scripts of other parts use window.gongmoAutosave and these events on the form:
// gongmo:saved {results, revision}, gongmo:updated {path, value, by}, gongmo:conflict {path}.
(() => {
  "use strict";
  const root = document.querySelector("[data-autosave]");
  if (!root) return;
  const english = document.documentElement.lang === "en";
  const t = (ko, en) => (english ? en : ko);
  const { autosave: saveUrl, changes: changesUrl, person, application } = root.dataset;
  const PREFIX = `gongmo:unsent:${person}:${application}:`;
  const WAIT = 600, POLL = 8000, LONG = 80;
  const tokenInputs = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");
  let token = (tokenInputs()[0] || {}).value || "";
  let revision = Number(root.dataset.revision || 0);
  let tag = "";

  // path -> {base, stored}: the revision and the value that this page knows to be stored.
  const known = new Map();
  // path -> {value, base, tried: values sent without an answer, refused, conflict}: what is not stored yet.
  const pending = new Map();

  // --- Values of fields -----------------------------------------------------------------------------------------------
  const elementsOf = (path) => [...root.querySelectorAll(`[data-save="${CSS.escape(path)}"]`)];
  const isChoice = (el) => el.type === "checkbox" || el.type === "radio";
  const read = (elements, initial = false) => {
    const first = elements[0];
    const chosen = (el) => (initial ? el.defaultChecked : el.checked);
    if (first.type === "radio") return (elements.find(chosen) || {}).value || "";
    if (first.type === "checkbox") {
      if (first.dataset.saveKind === "flag") return chosen(first);
      return elements.filter(chosen).map((el) => el.value);
    }
    if (first.tagName === "SELECT") {
      const option = initial ? [...first.options].find((one) => one.defaultSelected) || first.options[0] : first.selectedOptions[0];
      return option ? option.value : "";
    }
    return initial ? first.defaultValue : first.value;
  };
  const write = (path, value) => {
    for (const el of elementsOf(path)) {
      if (el.type === "radio") el.checked = el.value === value;
      else if (el.type === "checkbox") el.checked = Array.isArray(value) ? value.includes(el.value) : Boolean(value);
      else {
        const text = typeof value === "number" ? (value ? value.toLocaleString("ko-KR") : "") : value ?? "";
        if (el.value === text) continue;
        const [start, end] = el === document.activeElement && "selectionStart" in el ? [el.selectionStart, el.selectionEnd] : [];
        el.value = text;
        if (start != null) try { el.setSelectionRange(start, end); } catch { /* not a text field */ }
      }
      el.dispatchEvent(new CustomEvent("gongmo:written", { bubbles: true, detail: { path, value } }));
    }
  };
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const shown = (path, value) => {
    const names = elementsOf(path).filter(isChoice)
      .filter((el) => (Array.isArray(value) ? value.includes(el.value) : el.value === value))
      .map((el) => (el.labels[0] || {}).textContent || el.value);
    if (names.length) return names.join(", ");
    const select = elementsOf(path).find((el) => el.tagName === "SELECT");
    const option = select && [...select.options].find((one) => one.value === value);
    if (option) return option.textContent;
    if (typeof value === "number") return t(`${value.toLocaleString("ko-KR")}원`, `KRW ${value.toLocaleString("ko-KR")}`);
    return Array.isArray(value) ? value.join(", ") : String(value ?? "");
  };
  const entryOf = (path) => {
    if (!known.has(path)) {
      const elements = elementsOf(path);
      const base = elements.length ? Number(elements[0].dataset.base || 0) : 0;
      known.set(path, { base, stored: elements.length ? read(elements, true) : null });
    }
    return known.get(path);
  };

  // --- What is not sent yet is kept on this computer, under the person who wrote it ----------------------------------------
  const keep = (path) => {
    const entry = pending.get(path);
    try {
      if (!entry) localStorage.removeItem(PREFIX + path);
      else localStorage.setItem(PREFIX + path, JSON.stringify({ value: entry.value, base: entry.base, tried: entry.tried }));
    } catch { /* full or switched off: the page itself still holds it */ }
  };
  const kept = () => {
    const found = [];
    try {
      for (let place = 0; place < localStorage.length; place += 1) {
        const key = localStorage.key(place);
        if (key.startsWith(PREFIX)) found.push([key.slice(PREFIX.length), JSON.parse(localStorage.getItem(key))]);
      }
    } catch { /* unreadable: nothing is brought back */ }
    return found;
  };

  // --- The line that tells -----------------------------------------------------------------------------------------------
  const line = document.querySelector("[data-save-state]");
  const spoken = document.createElement("p");
  spoken.className = "sr-only";
  spoken.setAttribute("role", "status");
  root.before(spoken);
  let lastSpoken = "", spokenAt = 0;
  const speak = (kind, text) => {
    // The same news is not told again and again: "saved" at most once a minute.
    const now = performance.now();
    if (kind === lastSpoken && (kind !== "saved" || now - spokenAt < 60000)) return;
    [lastSpoken, spokenAt] = [kind, now];
    spoken.textContent = text;
  };
  const clock = new Intl.DateTimeFormat("ko-KR", { timeZone: "Asia/Seoul", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const time = (iso) => clock.format(new Date(iso));
  const day = new Intl.DateTimeFormat(english ? "en-GB" : "ko-KR", { timeZone: "Asia/Seoul", dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
  let savedAt = "", trouble = "", closedWords = "", writing = [];
  const say = (kind) => {
    const count = pending.size;
    const asking = [...pending.values()].filter((entry) => entry.conflict || entry.refused).length;
    let text = "";
    if (trouble) text = trouble;
    else if (kind === "offline") {
      text = count
        ? t(`연결이 끊겨 이 컴퓨터에 보관하고 있습니다 (${count}건). 다시 이어지면 저장합니다.`, `Offline: ${count} changes are kept on this computer and sent when the connection is back.`)
        : t("연결이 끊겼습니다. 적는 내용은 이 컴퓨터에 보관합니다.", "Offline. What you write is kept on this computer.");
    } else if (asking) text = t(`${asking}곳을 확인해 주세요. 나머지는 저장했습니다.`, `${asking} to look at; the rest is saved.`);
    else if (kind === "saving" || count) { kind = "saving"; text = t("저장하는 중", "Saving"); }
    else if (savedAt) { kind = "saved"; text = t(`${savedAt} 저장됨`, `Saved ${savedAt}`); }
    if (line) {
      const state = trouble ? "stopped" : asking ? "asking" : kind;
      line.dataset.state = state || "";
      if (text) line.querySelector("[data-save-words]").textContent = text;
      const others = line.querySelector("[data-save-others]");
      others.textContent = writing.length
        ? writing.map(({ name, path }) => t(`${name}님이 ${placeName(path)} 쓰는 중`, `${name} is in ${placeName(path)}`)).join(" · ") : "";
      line.querySelector("[data-save-closed]").textContent = closedWords;
    }
    if (kind !== "saving") speak(trouble ? text : asking ? `asking${asking}` : kind, [text, closedWords].filter(Boolean).join(" "));
  };
  const placeName = (path) => {
    const el = elementsOf(path)[0];
    const name = el ? nameOf(el) : "";
    return name ? t(`‘${name}’ 칸을`, `“${name}”`) : t("다른 칸을", "another field");
  };
  const nameOf = (el) => {
    const legend = isChoice(el) && el.closest("fieldset") && el.closest("fieldset").querySelector("legend");
    const label = legend || (el.labels && el.labels[0]);
    if (el.getAttribute("aria-label")) return el.getAttribute("aria-label");
    if (!label) return "";
    const copy = label.cloneNode(true);
    for (const mark of copy.querySelectorAll(".gm-required, .sr-only")) mark.remove();
    return copy.textContent.trim();
  };

  // --- A field's own note: refused, changed by somebody else, in conflict ---------------------------------------------------
  const make = (name, text = "", attributes = {}) => {
    const el = document.createElement(name);
    if (text) el.textContent = text;
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    return el;
  };
  const noteId = (path) => `note-${path.replace(/[^\w-]/g, "-")}`;
  const hostOf = (path) => {
    const outside = root.dataset.notes && document.querySelector(root.dataset.notes);
    const el = elementsOf(path)[0];
    if (outside || !el) return outside || (line || root).parentElement;
    return el.closest("fieldset.gm-fieldset") || el.closest(".gm-field, .form-group, td, li, div") || el.parentElement;
  };
  const note = (path, kind, ...children) => {
    let box = document.getElementById(noteId(path));
    if (!kind) {
      if (box) box.remove();
      for (const el of elementsOf(path)) if (el.dataset.invalidBySave) { el.removeAttribute("aria-invalid"); delete el.dataset.invalidBySave; }
      return null;
    }
    if (!box) {
      box = make("div", "", { id: noteId(path) });
      hostOf(path).append(box);
    }
    box.className = `app-note app-note--${kind}`;
    box.replaceChildren(...children);
    for (const el of elementsOf(path)) {
      if (kind === "refused" || kind === "conflict") { el.setAttribute("aria-invalid", "true"); el.dataset.invalidBySave = "1"; }
      const ids = new Set((el.getAttribute("aria-describedby") || "").split(" ").filter(Boolean));
      el.setAttribute("aria-describedby", [...ids.add(box.id)].join(" "));
    }
    return box;
  };
  const act = (text, kind, run) => {
    const button = make("button", text, { type: "button", class: `krds-btn small ${kind}` });
    button.addEventListener("click", run);
    return button;
  };

  // Words that differ, the common rest between them: [kind, text] with kind "same", "del" (theirs only) or "ins" (mine only).
  const difference = (theirs, mine) => {
    const [a, b] = [theirs, mine].map((text) => text.match(/\S+\s*|\s+/g) || []);
    let start = 0, end = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
    const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
    const found = [["same", a.slice(0, start).join("")]];
    if (x.length * y.length > 1e6) found.push(["del", x.join("")], ["ins", y.join("")]);
    else {
      const length = Array.from({ length: x.length + 1 }, () => new Uint16Array(y.length + 1));
      for (let i = x.length - 1; i >= 0; i -= 1) for (let j = y.length - 1; j >= 0; j -= 1) {
        length[i][j] = x[i] === y[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
      }
      const add = (kind, text) => { if (found[found.length - 1][0] === kind) found[found.length - 1][1] += text; else found.push([kind, text]); };
      let i = 0, j = 0;
      while (i < x.length || j < y.length) {
        if (i < x.length && j < y.length && x[i] === y[j]) { add("same", x[i]); i += 1; j += 1; }
        else if (j >= y.length || (i < x.length && length[i + 1][j] >= length[i][j + 1])) { add("del", x[i]); i += 1; }
        else { add("ins", y[j]); j += 1; }
      }
    }
    found.push(["same", end ? a.slice(a.length - end).join("") : ""]);
    return found.filter(([, text]) => text);
  };
  const drawn = (theirs, mine) => {
    const box = make("p", "", { class: "app-diff" });
    for (const [kind, text] of difference(theirs, mine)) {
      if (kind === "same") { box.append(text.length > 240 ? `${text.slice(0, 110)} … ${text.slice(-110)}` : text); continue; }
      const part = make(kind);
      part.append(make("span", kind === "del" ? t("[저장된 것에만 있음] ", "[only in what is saved] ") : t("[내가 쓴 것에만 있음] ", "[only in mine] "), { class: "sr-only" }), text);
      box.append(part);
    }
    return box;
  };
  const ask = (path, result) => {
    const entry = pending.get(path);
    entry.conflict = result;
    const box = note(path, "conflict");
    const who = result.own ? "" : result.by || t("다른 사람", "Somebody else");
    const at = result.at ? time(result.at) : "";
    const name = elementsOf(path)[0] ? "" : t(" (다른 화면의 칸)", " (a field of another page)");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", t("어느 것으로 할지 고르기", "Choose which one stands"));
    box.append(make("p", who
      ? t(`${who}님이 ${at}에 이 칸을 먼저 고쳤습니다${name}. 내가 쓴 것은 아직 저장하지 않았습니다.`, `${who} changed this field at ${at}${name}. What you wrote is not saved yet.`)
      : t(`내가 다른 창에서 ${at}에 이 칸을 고쳤습니다${name}. 여기에 쓴 것은 아직 저장하지 않았습니다.`, `You changed this field in another window at ${at}${name}. What you wrote here is not saved yet.`), { class: "app-note__head" }));
    const [theirs, mine] = [shown(path, result.value), shown(path, entry.value)];
    if (Math.max(theirs.length, mine.length) > LONG) box.append(make("p", t("저장된 것과 내가 쓴 것의 다른 곳:", "What differs between what is saved and yours:"), { class: "gm-quiet" }), drawn(theirs, mine));
    else {
      const list = make("dl", "", { class: "app-two" });
      list.append(make("dt", t("저장된 것", "Saved")), make("dd", theirs || t("(비어 있음)", "(empty)")), make("dt", t("내가 쓴 것", "Mine")), make("dd", mine || t("(비어 있음)", "(empty)")));
      box.append(list);
    }
    const row = make("p", "", { class: "app-note__acts" });
    row.append(
      act(t("내가 쓴 것으로 저장하기", "Save mine"), "secondary", () => keepMine(path)),
      act(t("저장된 것을 그대로 두기", "Keep what is saved"), "tertiary", () => takeTheirs(path)),
    );
    box.append(row);
    root.dispatchEvent(new CustomEvent("gongmo:conflict", { detail: { path, result } }));
  };
  const keepMine = (path) => {
    const entry = pending.get(path);
    if (!entry || !entry.conflict) return;
    entry.base = entry.conflict.revision;
    delete entry.conflict;
    keep(path);
    note(path, "");
    focusOn(path);
    send();
  };
  const takeTheirs = (path) => {
    const entry = pending.get(path);
    if (!entry || !entry.conflict) return;
    const { value, revision: base } = entry.conflict;
    const mine = entry.value;
    known.set(path, { base, stored: value });
    pending.delete(path);
    keep(path);
    write(path, value);
    seen(path, base);
    const box = note(path, "told", make("p", t("저장된 것을 그대로 두었습니다.", "What is saved stands.")));
    box.append(act(t("내가 썼던 것 되살리기", "Bring mine back"), "text", () => { write(path, mine); note(path, ""); change(path, mine); focusOn(path); }));
    focusOn(path);
    say("saved");
  };
  const focusOn = (path) => { const el = elementsOf(path)[0]; if (el) el.focus(); };
  const seen = (path, base) => {
    // The same form sent by its button must not be taken for somebody who saw an older text.
    const input = root.querySelector(`input[name="seen:${CSS.escape(path)}"]`);
    if (input) input.value = String(base);
    for (const el of elementsOf(path)) el.dataset.base = String(base);
  };

  // --- Sending ------------------------------------------------------------------------------------------------------------
  let timer = 0, sending = false, asked = false, pause = 0, stopped = false, leaving = false;
  const change = (path, value) => {
    const { base, stored } = entryOf(path);
    const entry = pending.get(path);
    if (!entry && same(value, stored)) return;
    const next = { value, base: entry ? entry.base : base, tried: entry ? entry.tried : [] };
    if (entry && entry.conflict) next.conflict = entry.conflict;
    pending.set(path, next);
    if (!next.conflict) note(path, "");
    keep(path);
    say("saving");
    clearTimeout(timer);
    timer = setTimeout(send, WAIT);
  };
  const sendable = () => [...pending].filter(([, entry]) => !entry.conflict && !entry.refused);
  // What was sent before without an answer goes along: the server then knows its own earlier save, however it writes the value.
  const offered = (batch) => batch.map(([path, entry]) => {
    const tried = entry.tried || [];
    entry.tried = [...tried, entry.value].slice(-5);
    keep(path);
    return { path, value: entry.value, base: entry.base, ...(tried.length ? { tried } : {}) };
  });
  const post = (changes, keepalive = false) => fetch(saveUrl, {
    method: "POST", keepalive, credentials: "same-origin", redirect: "manual",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token, Accept: "application/json" },
    body: JSON.stringify({ changes }),
  });
  const send = async () => {
    clearTimeout(timer);
    // What was left while an earlier save was under way is sent as soon as that one is answered.
    asked = sending;
    if (sending || stopped) return;
    const batch = sendable().slice(0, 500);
    if (!batch.length) { say(""); return; }
    sending = true;
    say("saving");
    const changes = offered(batch);
    let answer = null;
    try { answer = await post(changes); } catch { /* no connection */ }
    sending = false;
    if (!answer || answer.status >= 500 || answer.status === 429 || answer.status === 408 || answer.type === "opaqueredirect") { retry(); return; }
    if (answer.ok) {
      trouble = "";
      pause = 0;
      settle(await answer.json(), changes);
    } else await troubled(answer);
  };
  const retry = () => {
    pause = Math.min(pause ? pause * 2 : 2000, 30000);
    say("offline");
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };
  const settle = (answer, changes) => {
    const sent = new Map(changes.map((item) => [item.path, item.value]));
    let again = false;
    for (const result of answer.results) {
      const { path } = result;
      const entry = pending.get(path);
      if (result.state === "saved") {
        known.set(path, { base: result.revision, stored: sent.get(path) });
        seen(path, result.revision);
        if (!entry) continue;
        if (same(entry.value, sent.get(path))) { pending.delete(path); note(path, ""); }
        else { entry.base = result.revision; entry.tried = []; again = true; }
      } else if (result.state === "conflict" && entry) ask(path, result);
      else if (entry && same(entry.value, sent.get(path))) {
        entry.refused = true;
        note(path, "refused", make("p", t(result.ko, result.en)));
      }
      keep(path);
    }
    savedAt = time(answer.at);
    if (answer.revision === revision + 1) revision = answer.revision;
    closing(answer);
    say("saved");
    root.dispatchEvent(new CustomEvent("gongmo:saved", { detail: { results: answer.results, revision: answer.revision } }));
    if (again || asked) send();
  };
  const closing = (answer) => {
    closedWords = answer.closed
      ? t(`접수가 ${day.format(new Date(answer.closes_at))}에 끝났습니다 (지금 서버 시각 ${time(answer.at)}). 적은 내용은 저장되지만 제출할 수는 없습니다.`,
        `Applications closed at ${day.format(new Date(answer.closes_at))} (the server's time is ${time(answer.at)}). What you write is saved, but it cannot be submitted.`) : "";
  };
  const troubled = async (answer) => {
    let told = {};
    try { told = await answer.json(); } catch { /* a page, not an answer of ours */ }
    if (answer.status === 403) { await signedOut(); return; }
    stopped = true;
    trouble = [told.said || t("저장하지 못했습니다. 화면을 새로 고쳐 주세요.", "It could not be saved. Load the page again."), t("적은 내용은 이 컴퓨터에 남아 있습니다. 복사해 둘 수 있습니다.", "What you wrote stays on this computer and can be copied.")].join(" ");
    say("stopped");
    setTimeout(() => { stopped = false; poll(); }, POLL);
  };
  const signedOut = async () => {
    // The token of this page is old after a new sign-in; whoever is signed in now must be the one who wrote.
    let answer = null;
    try { answer = await fetch(`${changesUrl}?token=1&after=${revision}`, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } }); } catch { /* no connection */ }
    if (!answer) { retry(); return; }
    let told = {};
    try { told = await answer.json(); } catch { /* not ours */ }
    if (answer.ok && String(told.person) === person) {
      const old = token;
      token = told.token;
      for (const input of tokenInputs()) input.value = token;
      trouble = "";
      if (old !== token || pause < 30000) { pause = Math.max(pause * 2, 1000); timer = setTimeout(send, pause); }
      return;
    }
    trouble = answer.ok
      ? t("다른 사람의 계정으로 바뀌었습니다. 이 내용은 처음 쓴 사람이 로그인하면 저장합니다. 이 컴퓨터에만 보관하고 있습니다.", "Another account is signed in now. This is kept on this computer and saved when its writer signs in.")
      : told.code === "signed_out" ? `${told.said} ${t(`(${pending.size}건을 이 컴퓨터에 보관)`, `(${pending.size} kept on this computer)`)}`
        : told.said || t("지금은 이 신청서를 볼 수 없습니다.", "You cannot see this application now.");
    say("stopped");
    clearTimeout(timer);
    timer = setTimeout(send, 15000);
  };

  // --- What others have saved ------------------------------------------------------------------------------------------------
  let polling = false;
  const focused = () => {
    const el = document.activeElement;
    return el && root.contains(el) && el.dataset.save ? el.dataset.save : "";
  };
  const poll = async () => {
    if (polling || document.hidden || leaving) return;
    polling = true;
    try {
      const query = new URLSearchParams({ after: String(revision) });
      if (focused()) query.set("focus", focused());
      const answer = await fetch(`${changesUrl}?${query}`, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) } });
      if (answer.status === 403) await signedOut();
      else if (answer.ok) { tag = answer.headers.get("ETag") || ""; heard(await answer.json()); }
      if (lastSpoken === "offline" || (line && line.dataset.state === "offline")) { pause = 0; if (pending.size) send(); else say("saved"); }
    } catch { if (!trouble) say("offline"); }
    polling = false;
  };
  const heard = (answer) => {
    if (String(answer.person) !== person) { signedOut(); return; }
    for (const item of answer.changes) {
      const entry = entryOf(item.path);
      if (item.revision <= entry.base || pending.has(item.path)) continue;
      known.set(item.path, { base: item.revision, stored: item.value });
      const elements = elementsOf(item.path);
      if (!elements.length) { root.dispatchEvent(new CustomEvent("gongmo:updated", { detail: item })); continue; }
      const different = !same(read(elements), item.value);
      seen(item.path, item.revision);
      if (!different) continue;
      write(item.path, item.value);
      known.set(item.path, { base: item.revision, stored: read(elements) });
      note(item.path, "told", make("p", item.own
        ? t(`다른 창에서 ${time(item.at)}에 고친 내용입니다.`, `Changed in another window at ${time(item.at)}.`)
        : t(`${item.by}님이 방금(${time(item.at)}) 고쳤습니다.`, `${item.by} changed this just now (${time(item.at)}).`)));
      root.dispatchEvent(new CustomEvent("gongmo:updated", { detail: item }));
    }
    revision = answer.revision;
    writing = answer.writing;
    closing(answer);
    // A page may name its own last state and what to say of it (data-final-state, data-final-words).
    const submitted = answer.state === (root.dataset.finalState || "submitted");
    if (submitted && !trouble) trouble = root.dataset.finalWords || t(`이 신청서는 제출되었습니다 (${time(answer.at)} 확인). 고치려면 철회해 주세요. 적은 내용은 복사해 둘 수 있습니다.`, `This application has been submitted (seen at ${time(answer.at)}). Withdraw it to change it; what you wrote can be copied.`);
    else if (!submitted && trouble && !stopped) { trouble = ""; if (pending.size) send(); }
    stopped = submitted;
    say(savedAt ? "saved" : "");
  };

  // --- Events ------------------------------------------------------------------------------------------------------------------
  const changedField = (event) => {
    const path = event.target.dataset && event.target.dataset.save;
    if (path) change(path, read(elementsOf(path)));
    return path;
  };
  root.addEventListener("input", changedField);
  root.addEventListener("change", changedField);
  root.addEventListener("focusout", (event) => {
    const path = event.target.dataset && event.target.dataset.save;
    if (path && pending.has(path)) send();
  });
  root.addEventListener("submit", () => { leaving = true; clearTimeout(timer); stopped = true; });
  addEventListener("online", () => { pause = 0; send(); poll(); });
  addEventListener("offline", () => say("offline"));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) { poll(); if (pending.size) send(); } else flush();
  });
  const flush = () => {
    const batch = sendable();
    if (leaving || sending || stopped || !batch.length) return;
    // The browser may go away: nobody waits for the answer, and what is kept here is compared on return.
    const changes = offered(batch);
    if (JSON.stringify(changes).length < 60000) post(changes, true).then(async (answer) => { if (answer.ok) settle(await answer.json(), changes); }).catch(() => {});
  };
  addEventListener("pagehide", flush);
  addEventListener("pageshow", (event) => { if (event.persisted) { leaving = stopped = false; poll(); } });

  // --- What an earlier visit could not send -------------------------------------------------------------------------------------
  for (const [path, { value, base, tried }] of kept()) {
    const elements = elementsOf(path);
    const { stored } = entryOf(path);
    if (elements.length && same(stored, value)) { pending.delete(path); try { localStorage.removeItem(PREFIX + path); } catch { /* nothing */ } continue; }
    pending.set(path, { value, base, tried: [...(tried || []), value].slice(-5) });
    if (elements.length) {
      write(path, value);
      note(path, "told", make("p", t("지난번에 보내지 못하고 이 컴퓨터에 남아 있던 내용입니다.", "This was left on this computer, not sent last time.")));
    }
  }
  if (pending.size) send();
  setInterval(poll, POLL);
  if (line) line.hidden = false;

  window.gongmoAutosave = {
    change, flush: send,
    /** The revision of a field that this page has seen. */
    base: (path) => entryOf(path).base,
    /** What is not stored yet, by path. */
    unsent: () => new Map([...pending].map(([path, entry]) => [path, entry.value])),
  };
})();
