// The budget as a grid (docs/money.md): moving by keyboard, pasting from spreadsheets, undoing, and the server's verdict after every save.
// Saving itself is autosave.js's. Without this script the same form is sent by its buttons.
(() => {
  "use strict";
  const form = document.querySelector("form#budget[data-autosave]");
  if (!form || !window.gongmoAutosave) return;
  const english = document.documentElement.lang === "en";
  const t = (ko, en) => (english ? en : ko);
  const table = form.querySelector(".mo-table");
  const here = form.querySelector("[data-here]");
  const save = window.gongmoAutosave;
  const emptied = JSON.parse(form.dataset.emptied || "{}");
  form.querySelector(".mo-keyhelp").hidden = false;

  // --- Amounts: shown and summed here; what is an amount is the server's to say (gongmo/applications/amounts.py) -------------
  const UNITS = [["조", 12], ["억", 8], ["만", 4]];
  const plain = (text) => text.normalize("NFKC").replace(/\s+/g, "").replace(/^'/, "").replace(/^₩/, "").replace(/원$/, "");
  const amountOf = (written) => {
    let text = plain(written);
    if (["", "-", "–", "—"].includes(text)) return 0n;
    if (/^(\d+|\d{1,3}(,\d{3})+)(\.0{1,2})?$/.test(text)) return BigInt(text.split(".")[0].replaceAll(",", ""));
    let total = 0n, found = false;
    for (const [name, zeros] of UNITS) {
      const match = new RegExp(`^(\\d+|\\d{1,3}(?:,\\d{3})+)(?:\\.(\\d{1,${zeros}}))?${name}`).exec(text);
      if (!match) continue;
      found = true;
      total += BigInt(match[1].replaceAll(",", "") + (match[2] || "").padEnd(zeros, "0"));
      text = text.slice(match[0].length);
    }
    if (!found || (text && !/^(\d+|\d{1,3}(,\d{3})+)$/.test(text))) return null;
    return total + BigInt(text.replaceAll(",", "") || 0);
  };
  const marked = (amount) => amount.toLocaleString("ko-KR");
  const shown = (written) => { const amount = amountOf(written); return amount === null ? written : amount ? marked(amount) : ""; };
  const aid = (amount) => {
    const parts = [];
    for (const [size, name] of [[10n ** 16n, "경"], [10n ** 12n, "조"], [10n ** 8n, "억"], [10n ** 4n, "만"]]) {
      if (amount / size) parts.push(marked(amount / size) + name);
      amount %= size;
    }
    if (amount || !parts.length) parts.push(marked(amount));
    return parts.join(" ");
  };

  // --- The grid --------------------------------------------------------------------------------------------------------------
  const rows = () => [...table.tBodies].filter((body) => !body.classList.contains("mo-folded"))
    .flatMap((body) => [...body.rows]).filter((row) => row.querySelector(".mo-input"));
  const cellsOf = (row) => [...row.querySelectorAll(".mo-input")];
  const placeOf = (input) => {
    const row = input.closest("tr");
    return [rows().indexOf(row), cellsOf(row).indexOf(input)];
  };
  const at = (row, column) => { const found = rows()[row]; return found ? cellsOf(found)[column] || null : null; };
  const isCell = (el) => el && el.classList && el.classList.contains("mo-input");

  // An organisation's rows fold away, on a phone at first all but the own ones and those at fault.
  const own = form.dataset.own;
  const fold = (body, folded) => {
    body.classList.toggle("mo-folded", folded);
    body.querySelector(".mo-fold").setAttribute("aria-expanded", String(!folded));
  };
  const unfold = (el) => { const body = el.closest("tbody.mo-folded"); if (body) fold(body, false); };
  const bodies = [...table.querySelectorAll("tbody[data-organisation]")];
  if (bodies.length > 1) {
    for (const body of bodies) {
      const head = body.querySelector(".mo-org th");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "mo-fold";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => fold(body, !body.classList.contains("mo-folded")));
      const narrow = matchMedia("(max-width: 47.9em)").matches;
      fold(body, narrow && body.dataset.organisation !== own && !body.querySelector("[aria-invalid], .gm-cell--fail"));
    }
  }

  let editing = false, before = "", anchor = null, idle = 0;
  const go = (input, extend = false) => {
    if (!input) return;
    if (!extend) anchor = null;
    unfold(input);
    input.focus({ preventScroll: true });
    input.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const block = () => {
    const last = document.activeElement;
    if (!isCell(last)) return [];
    const [r1, c1] = placeOf(anchor && anchor.isConnected ? anchor : last), [r2, c2] = placeOf(last);
    const found = [];
    for (let r = Math.min(r1, r2); r <= Math.max(r1, r2); r += 1) {
      found.push(Array.from({ length: Math.abs(c1 - c2) + 1 }, (_, n) => at(r, Math.min(c1, c2) + n)));
    }
    return found;
  };
  const draw = () => {
    for (const cell of table.querySelectorAll(".mo-chosen")) cell.classList.remove("mo-chosen");
    if (!anchor) return;
    for (const input of block().flat()) if (input) input.closest("td").classList.add("mo-chosen");
  };

  // --- Changing and undoing ----------------------------------------------------------------------------------------------------
  const undone = [], done = [];
  const put = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const apply = (changes) => {
    for (const [input, , after] of changes) if (input.isConnected && input.value !== after) put(input, after);
  };
  const act = (changes) => {
    const real = changes.filter(([input, was, after]) => input && was !== after);
    if (!real.length) return;
    done.push(real);
    if (done.length > 100) done.shift();
    undone.length = 0;
    apply(real);
  };
  const step = (from, to) => {
    const changes = from.pop();
    if (!changes) { tell(t("되돌릴 것이 없습니다.", "There is nothing to undo.")); return; }
    const back = changes.map(([input, was, after]) => [input, after, was]);
    apply(back);
    to.push(back);
    go(back[0][0]);
    tell(t(`${changes.length}칸을 되돌렸습니다.`, `${changes.length} cells put back.`));
  };
  const commit = (input) => {
    clearTimeout(idle);
    editing = false;
    input.classList.remove("mo-editing");
    const value = shown(input.value);
    if (value !== before) {
      if (input.value !== value) input.value = value;
      done.push([[input, before, value]]);
      undone.length = 0;
      before = value;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } else if (input.value !== value) input.value = value;
  };

  // --- Sums of a row, and the line that reads the amount out ------------------------------------------------------------------
  const sum = (row) => {
    let total = 0n;
    for (const input of cellsOf(row)) total += amountOf(input.value) || 0n;
    const cell = row.querySelector(".mo-sum");
    if (cell) cell.textContent = total || !row.hasAttribute("data-new") ? marked(total) : "";
  };
  let quiet = 0;
  const told = form.querySelector("[data-told]");
  const tell = (text) => { told.textContent = text; clearTimeout(quiet); quiet = setTimeout(() => { told.textContent = ""; }, 8000); };
  const read = () => {
    const input = document.activeElement;
    if (!isCell(input)) { here.textContent = ""; return; }
    const chosen = anchor ? block().flat().filter(Boolean) : [];
    if (chosen.length > 1) {
      const total = chosen.reduce((whole, one) => whole + (amountOf(one.value) || 0n), 0n);
      here.textContent = t(`${chosen.length}칸 합계 ${marked(total)}원 (${aid(total)})`, `${chosen.length} cells, KRW ${marked(total)}`);
      return;
    }
    const amount = amountOf(input.value);
    const name = input.getAttribute("aria-label");
    here.textContent = amount === null ? `${name}: ${t("숫자로 읽을 수 없습니다", "not a number")}`
      : t(`${name}: ${marked(amount)}원${amount >= 10000n ? ` (${aid(amount)})` : ""}`, `${name}: KRW ${marked(amount)}`);
  };

  // --- New rows ------------------------------------------------------------------------------------------------------------------
  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const pathOf = (row, column) => {
    const [organisation, year, field, category] = ["organisation", "year", "field", "category"].map((name) => part(row, name).value);
    const direct = part(row, "direct");
    return organisation && year && field && category
      ? `cell:${organisation}:${year}:${field}:${category}:${column}:${direct && direct.checked ? 1 : 0}` : "";
  };
  const keyNote = (row, text) => {
    const cell = row.querySelector(".mo-key");
    let box = cell.querySelector("[data-key-note]");
    if (!text) { if (box) box.remove(); return; }
    if (!box) {
      box = document.createElement("span");
      box.className = "mo-note";
      box.setAttribute("role", "alert");
      box.dataset.keyNote = "";
      cell.append(box);
    }
    box.textContent = text;
  };
  const place = (row) => {
    const inputs = cellsOf(row);
    const paths = inputs.map((input) => pathOf(row, input.dataset.column));
    const taken = paths[0] && [...table.querySelectorAll("[data-save]")].some((other) => other.dataset.save === paths[0] && other.closest("tr") !== row);
    keyNote(row, taken ? t("같은 기관·연도·분야·비목의 줄이 이미 있습니다. 그 줄에 적어 주세요.", "There is such a row already. Write there.") : "");
    inputs.forEach((input, n) => {
      const old = input.dataset.save || "", path = taken ? "" : paths[n];
      if (old === path) return;
      if (old && amountOf(input.value)) save.change(old, "");
      if (!path) { delete input.dataset.save; return; }
      input.dataset.save = path;
      input.dataset.base = String(emptied[path] || 0);
      if (input.value.trim()) save.change(path, input.value);
    });
    if (!paths[0] && !taken && inputs.some((input) => input.value.trim())) keyNote(row, t("연도·분야·비목을 고르면 저장합니다.", "Choose year, field and category and this is saved."));
  };
  let count = Number(form.elements.rows.value);
  const addRow = () => {
    const made = document.getElementById("mo-new-row").content.querySelector("tr").cloneNode(true);
    const renamed = (text) => text.replace("row--1-", `row-${count}-`);
    for (const el of made.querySelectorAll("[id],[name],[for],[aria-label]")) {
      for (const name of ["id", "name", "for"]) if (el.hasAttribute(name)) el.setAttribute(name, renamed(el.getAttribute(name)));
      if (el.hasAttribute("aria-label")) el.setAttribute("aria-label", el.getAttribute("aria-label").replace(/^(새 줄|New row)/, `$1 ${count + 1}`));
    }
    made.id = "";
    made.removeAttribute("id");
    count += 1;
    form.elements.rows.value = String(count);
    const last = [...table.querySelectorAll("tr[data-new]")].pop();
    if (last) {
      for (const name of ["organisation", "year", "field"]) if (part(last, name) && part(last, name).value) part(made, name).value = part(last, name).value;
    }
    table.querySelector(".mo-fresh").append(made);
    return made;
  };
  const more = form.querySelector("[data-add-row]");
  if (more && document.getElementById("mo-new-row")) {
    more.addEventListener("click", (event) => {
      event.preventDefault();
      const row = addRow();
      const first = [...row.querySelectorAll("select")].find((one) => !one.value) || row.querySelector("select, .mo-input");
      first.focus();
    });
  }

  // --- Events of the cells ---------------------------------------------------------------------------------------------------------
  table.addEventListener("focusin", (event) => {
    const input = event.target;
    if (!isCell(input)) { anchor = null; draw(); return; }
    before = input.value;
    editing = false;
    input.select();
    draw();
    read();
  });
  table.addEventListener("focusout", (event) => { if (isCell(event.target)) { commit(event.target); read(); } });
  // Typing is saved when the cell is left, or after a pause; not with every letter, so that no half-typed amount is judged.
  table.addEventListener("input", (event) => {
    const input = event.target;
    if (!isCell(input)) return;
    event.stopPropagation();
    if (/^[\d,]+$/.test(input.value) && input.selectionStart !== null) {
      const digits = input.value.slice(0, input.selectionStart).replaceAll(",", "").length;
      input.value = marked(BigInt(input.value.replaceAll(",", "") || 0));
      let spot = 0;
      for (let seen = 0; spot < input.value.length && seen < digits; spot += 1) if (input.value[spot] !== ",") seen += 1;
      input.setSelectionRange(spot, spot);
    }
    sum(input.closest("tr"));
    read();
    clearTimeout(idle);
    idle = setTimeout(() => { if (input.dataset.save && amountOf(input.value) !== null) save.change(input.dataset.save, input.value); }, 2000);
  });
  table.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    if (isCell(event.target)) {
      const value = shown(event.target.value);
      if (event.target.value !== value) event.target.value = value;
      if (event.target === document.activeElement && !editing) before = value;
      sum(row);
    }
    if (row && row.hasAttribute("data-new")) place(row);
  });
  table.addEventListener("gongmo:written", (event) => {
    if (!isCell(event.target)) return;
    before = event.target === document.activeElement ? event.target.value : before;
    sum(event.target.closest("tr"));
  });
  table.addEventListener("pointerdown", (event) => {
    const input = event.target;
    if (isCell(input) && event.shiftKey && isCell(document.activeElement)) {
      event.preventDefault();
      const from = anchor || document.activeElement;
      go(input, true);
      anchor = from;
      draw();
      read();
    } else if (isCell(input)) anchor = null;
  });
  table.addEventListener("dblclick", (event) => { if (isCell(event.target)) { editing = true; event.target.classList.add("mo-editing"); } });

  const move = (input, down, right) => {
    const [row, column] = placeOf(input);
    return at(Math.min(Math.max(row + down, 0), rows().length - 1), Math.max(column + right, 0)) || null;
  };
  const edge = (input, down, right) => {
    // As far as the next change between filled and empty, as spreadsheets do.
    let [row, column] = placeOf(input);
    let next = at(row + down, column + right);
    if (!next) return input;
    const filled = Boolean(next.value);
    for (;;) {
      const following = at(row + 2 * down, column + 2 * right);
      [row, column] = [row + down, column + right];
      if (!following || Boolean(following.value) !== filled) return filled || !following ? next : following;
      next = following;
    }
  };
  const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const input = event.target;
    if (!isCell(input) || event.isComposing || event.altKey) return;
    const ctrl = event.ctrlKey || event.metaKey;
    const jump = (target, extend = false) => {
      event.preventDefault();
      const from = extend ? anchor || input : null;
      if (target && target !== input) go(target, extend);
      if (extend) { anchor = from; } else anchor = null;
      draw();
      read();
    };
    const [row] = placeOf(input);
    const arrow = ARROWS[event.key];
    if (arrow && !(editing && arrow[1])) {
      jump(ctrl ? edge(input, ...arrow) : move(input, ...arrow), event.shiftKey);
    } else if (event.key === "Enter") jump(move(input, event.shiftKey ? -1 : 1, 0));
    else if (event.key === "PageDown" || event.key === "PageUp") jump(move(input, event.key === "PageDown" ? 10 : -10, 0), event.shiftKey);
    else if (event.key === "Home" && (ctrl || !editing)) jump(at(ctrl ? 0 : row, 0), event.shiftKey);
    else if (event.key === "End" && (ctrl || !editing)) {
      const target = ctrl ? rows().length - 1 : row;
      jump(cellsOf(rows()[target]).pop(), event.shiftKey);
    } else if (event.key === "F2") {
      event.preventDefault();
      editing = true;
      input.classList.add("mo-editing");
      input.setSelectionRange(input.value.length, input.value.length);
    } else if (event.key === "Escape" && (editing || input.value !== before)) {
      event.preventDefault();
      clearTimeout(idle);
      input.value = before;
      if (input.dataset.save) save.change(input.dataset.save, before);
      editing = false;
      input.classList.remove("mo-editing");
      sum(input.closest("tr"));
      input.select();
      read();
    } else if (event.key === "Escape" && anchor) { anchor = null; draw(); read(); }
    else if (ctrl && !event.shiftKey && event.key.toLowerCase() === "z") {
      event.preventDefault();
      if (input.value !== before) commit(input);
      step(done, undone);
    } else if (ctrl && (event.key.toLowerCase() === "y" || (event.shiftKey && event.key.toLowerCase() === "z"))) { event.preventDefault(); step(undone, done); }
    else if ((event.key === "Delete" || event.key === "Backspace") && !editing && (anchor || event.key === "Delete")) {
      event.preventDefault();
      act((anchor ? block().flat() : [input]).map((one) => [one, one && one.value, ""]));
      before = input.value;
      read();
    }
  });

  // --- Copying out and pasting in -----------------------------------------------------------------------------------------------------
  table.addEventListener("copy", (event) => {
    const input = event.target;
    if (!isCell(input) || (!anchor && editing)) return;
    event.preventDefault();
    const lines = (anchor ? block() : [[input]]).map((line) => line.map((one) => {
      const amount = one ? amountOf(one.value) : 0n;
      return amount === null ? one.value : String(amount);
    }).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\r\n"));
    tell(t("복사했습니다.", "Copied."));
  });
  const clean = (text) => {
    // Quoted cells of spreadsheet programs: "a ""b""" and cells with line ends.
    const lines = [[""]];
    let quoted = false;
    for (let n = 0; n < text.length; n += 1) {
      const letter = text[n], line = lines[lines.length - 1];
      if (letter === '"' && quoted && text[n + 1] === '"') { line[line.length - 1] += '"'; n += 1; }
      else if (letter === '"' && (quoted || line[line.length - 1] === "")) quoted = !quoted;
      else if (letter === "\t" && !quoted) line.push("");
      else if (letter === "\n" && !quoted) lines.push([""]);
      else if (letter !== "\r") line[line.length - 1] += letter;
    }
    while (lines.length && lines[lines.length - 1].every((one) => !one.trim())) lines.pop();
    return lines;
  };
  table.addEventListener("paste", (event) => {
    const input = event.target;
    if (!isCell(input)) return;
    const text = event.clipboardData.getData("text/plain");
    if (text.length > 500000) { event.preventDefault(); tell(t("한 번에 붙여 넣기에는 너무 많습니다. ‘엑셀에서 가져오기’를 써 주세요.", "Too much to paste at once. Use “Bring in from Excel”.")); return; }
    let lines = clean(text);
    if (lines.length < 2 && (lines[0] || []).length < 2 && editing) return;
    event.preventDefault();
    // A row of heads on top is left out: none of its cells is an amount, and there are rows below it.
    if (lines.length > 1 && lines[0].some((one) => one.trim()) && lines[0].every((one) => !one.trim() || amountOf(one) === null)) lines = lines.slice(1);
    const [row, column] = anchor ? placeOf(block()[0][0]) : placeOf(input);
    const changes = [], wrong = [];
    let outside = 0;
    lines.forEach((line, down) => line.forEach((written, right) => {
      const target = at(row + down, column + right);
      if (!target) { if (written.trim()) outside += 1; return; }
      const value = shown(written.trim());
      if (amountOf(written) === null) wrong.push(target);
      changes.push([target, target.value, value.slice(0, 60)]);
    }));
    act(changes);
    before = input.value;
    for (const target of wrong) fault(target, t("금액으로 읽을 수 없습니다. 0 이상의 정수(원)로 고쳐 주세요.", "Not an amount. Write whole won from 0."));
    const words = [t(`${changes.length - wrong.length}칸을 붙여 넣었습니다.`, `${changes.length - wrong.length} cells pasted.`)];
    if (wrong.length) words.push(t(`${wrong.length}칸은 금액이 아니어서 저장하지 않았습니다.`, `${wrong.length} are no amounts and were not saved.`));
    if (outside) words.push(t(`표 밖으로 나가는 ${outside}칸은 넣지 않았습니다. 줄을 더한 뒤 다시 붙여 주세요.`, `${outside} fell outside the table. Add rows and paste again.`));
    tell(words.join(" "));
    if (wrong.length) go(wrong[0]);
  });
  const fault = (input, text) => {
    // The server's own sentence replaces this one as soon as it answers.
    if (!input.dataset.save) { input.setAttribute("aria-invalid", "true"); input.title = text; }
  };

  // --- The verdict, worked out by the server after every save ---------------------------------------------------------------------------
  let faults = [], asked = 0, waiting = null;
  const remark = () => {
    for (const note of table.querySelectorAll("[data-verdict-note]")) note.remove();
    for (const input of table.querySelectorAll("[data-verdict-fault]")) {
      delete input.dataset.verdictFault;
      if (!input.dataset.invalidBySave) input.removeAttribute("aria-invalid");
      input.closest("td").classList.remove("gm-cell--fail");
      input.removeAttribute("aria-describedby");
    }
    for (const head of table.querySelectorAll(".mo-column--fail")) {
      head.classList.remove("mo-column--fail");
      const mark = head.querySelector(".mo-mark");
      if (mark) mark.remove();
    }
    const heads = new Map();
    for (const item of faults) {
      for (const path of item.cells) {
        const input = table.querySelector(`[data-save="${CSS.escape(path)}"]`);
        if (!input) continue;
        const note = document.createElement("span");
        note.className = "mo-note";
        note.id = `verdict-${path.replaceAll(":", "-")}`;
        note.dataset.verdictNote = "";
        note.textContent = item.text;
        const cell = input.closest("td");
        cell.append(note);
        cell.classList.add("gm-cell--fail");
        input.dataset.verdictFault = "";
        input.setAttribute("aria-invalid", "true");
        input.setAttribute("aria-describedby", [input.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
      }
      for (const name of item.columns) heads.set(name, [...(heads.get(name) || []), item.text]);
    }
    for (const [name, texts] of heads) {
      const head = table.querySelector(`[data-column-name="${CSS.escape(name)}"]`);
      if (!head) continue;
      head.classList.add("mo-column--fail");
      const mark = document.createElement("a");
      mark.className = "mo-mark";
      mark.href = "#findings";
      mark.append(icon.cloneNode(true));
      const words = document.createElement("span");
      words.className = "sr-only";
      words.textContent = texts.join(" ");
      mark.append(words);
      head.append(" ", mark);
    }
  };
  const parser = new DOMParser();
  const swap = (host, html) => {
    // The server's own template, escaped there; scripts in it would not run anyway.
    host.replaceChildren(...parser.parseFromString(html, "text/html").body.childNodes);
  };
  const icon = document.getElementById("mo-mark").content.firstElementChild;
  const judge = async () => {
    asked += 1;
    const mine = asked;
    let answer;
    try {
      const response = await fetch(form.dataset.verdict, { credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
      if (!response.ok) return;
      answer = await response.json();
    } catch { return; /* no connection: autosave says so */ }
    if (mine !== asked) return;
    const open = document.activeElement && document.activeElement.closest("#verdict, #finding-list");
    if (!open) {
      swap(document.getElementById("verdict"), answer.bars);
      swap(document.getElementById("finding-list"), answer.findings);
    }
    const title = document.querySelector(".gm-page-title h1");
    if (title && title.textContent !== answer.title) title.textContent = answer.title;
    for (const body of table.querySelectorAll("tbody[data-organisation]")) {
      const cell = body.querySelector("[data-org-total]");
      if (cell) cell.textContent = answer.totals[body.dataset.organisation] || "0";
    }
    for (const cell of table.querySelectorAll("[data-column-total]")) cell.textContent = answer.columns[cell.dataset.columnTotal] || "0";
    table.querySelector("[data-total]").textContent = answer.total;
    faults = answer.faults;
    remark();
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(judge, 60); };
  form.addEventListener("gongmo:saved", later);
  form.addEventListener("gongmo:updated", (event) => {
    const { path, by } = event.detail;
    if (path.startsWith("cell:") && !table.querySelector(`[data-save="${CSS.escape(path)}"]`)) {
      tell(t(`${by}님이 다른 줄을 적었습니다. 화면을 새로 고치면 보입니다.`, `${by} wrote another row. Load the page again to see it.`));
    }
    later();
  });

  // F8: the next place at fault, in the order of the table, then of its columns.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "F8") return;
    event.preventDefault();
    const wrong = [...table.querySelectorAll('.mo-input[aria-invalid="true"], select[aria-invalid="true"], .mo-column--fail .mo-mark')];
    if (!wrong.length) { tell(t("고칠 곳이 이 표에 없습니다.", "Nothing in this table needs mending.")); return; }
    const next = wrong[(wrong.indexOf(document.activeElement) + 1) % wrong.length];
    if (isCell(next)) go(next); else next.focus();
  });
  // A link to a cell or a column puts the cursor there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("#verdict a, #finding-list a");
    const hash = link && link.getAttribute("href").startsWith("#") ? decodeURIComponent(link.getAttribute("href").slice(1)) : "";
    if (!hash) return;
    const column = hash.startsWith("column-") && [...table.querySelectorAll(".mo-input")].find((one) => one.name.endsWith(`-${hash.slice(7)}`));
    const target = column || document.getElementById(hash);
    if (!isCell(target)) return;
    event.preventDefault();
    go(target);
    target.scrollIntoView({ block: "center" });
  });
  addEventListener("pagehide", () => { if (isCell(document.activeElement)) commit(document.activeElement); }, true);
  form.addEventListener("submit", () => { if (isCell(document.activeElement)) document.activeElement.value = shown(document.activeElement.value); });
})();
