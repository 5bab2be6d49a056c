"use strict";
/* Upload panels (files/_upload.html): files are sent in pieces by tus, taken up again after a lost network or a closed tab, hashed in a
   worker, and then handed in with the panel's own form. Events, from the panel, bubbling: gm:upload-added, gm:upload-stored, gm:upload-done and
   gm:upload-refused, each with detail {panel, item, file, upload, response}; gm:upload-finished when nothing is left to do
   (preventDefault keeps the page from being loaded anew). docs/files.md tells what the form's address answers. */
(function () {
  const english = document.documentElement.lang.startsWith("en");
  const say = (ko, en) => (english ? en : ko);
  const here = document.currentScript;
  const WORKER = here ? here.dataset.worker : "";
  const AT_ONCE = 2;
  const LEAST = 512 * 1024, MOST = 16 * 1024 * 1024;
  const DELAYS = [0, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 30000, 60000, 60000, 60000, 60000, 60000];

  const WORDS = {
    waiting: say("차례를 기다립니다", "Waiting its turn"),
    sending: say("올리는 중", "Uploading"),
    paused: say("멈춤", "Paused"),
    offline: say("연결이 끊겼습니다. 이어지면 계속 올립니다.", "Offline. It goes on once you are connected."),
    checking: say("파일을 확인하는 중", "Checking the file"),
    placing: say("제출 서류에 넣는 중", "Handing in"),
    stored: say("다 올라왔습니다", "Uploaded"),
    done: say("올렸습니다", "Done"),
    refused: say("받지 못했습니다", "Not taken"),
    failed: say("올리지 못했습니다", "Not uploaded"),
  };
  const FAMILY = { done: "done", refused: "stopped", failed: "stopped", paused: "attention", offline: "attention", stored: "attention" };

  const size = (bytes) => {
    if (bytes >= 1073741824) return (bytes / 1073741824).toFixed(1) + " GB";
    if (bytes >= 1048576) return (bytes / 1048576).toFixed(1) + " MB";
    if (bytes >= 1024) return Math.round(bytes / 1024) + " KB";
    return bytes + " B";
  };
  const left = (seconds) => {
    if (!Number.isFinite(seconds) || seconds <= 0) return "";
    if (seconds < 60) return say(`${Math.ceil(seconds)}초 남음`, `${Math.ceil(seconds)} s left`);
    if (seconds < 3600) return say(`${Math.ceil(seconds / 60)}분 남음`, `${Math.ceil(seconds / 60)} min left`);
    return say(`${Math.floor(seconds / 3600)}시간 ${Math.ceil((seconds % 3600) / 60)}분 남음`, `${(seconds / 3600).toFixed(1)} h left`);
  };
  const made = (tag, className, text) => {
    const node = document.createElement(tag);
    if (className) node.className = className;
    if (text !== undefined) node.textContent = text;
    return node;
  };
  const message = (error) => {
    const response = error && error.originalResponse;
    if (!response) return "";
    try { return JSON.parse(response.getBody()).message || ""; } catch (_) { return ""; }
  };

  /* Each piece carries its own checksum, where the browser gives one (https, localhost). */
  class CheckedStack {
    constructor() { this.inner = new tus.DefaultHttpStack({}); }
    getName() { return "checked"; }
    createRequest(method, url) {
      const request = this.inner.createRequest(method, url);
      const send = request.send.bind(request);
      request.send = async (body) => {
        if (body instanceof Blob && body.size && globalThis.crypto && crypto.subtle) {
          const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await body.arrayBuffer()));
          request.setHeader("Upload-Checksum", "sha256 " + btoa(String.fromCharCode(...digest)));
        }
        return send(body);
      };
      return request;
    }
  }

  class Item {
    constructor(panel, file, previous) {
      this.panel = panel; this.file = file; this.previous = previous || null;
      this.state = "waiting"; this.sent = previous ? previous.offset : 0; this.id = previous ? previous.id : "";
      this.sha256 = null; this.rate = 0; this.mark = null;
      this.draw();
    }

    draw() {
      const root = this.root = made("li", "fl-item");
      const head = made("div", "fl-item__head");
      head.append(made("span", "fl-item__name", this.file.name.normalize("NFC")), made("span", "gm-quiet", size(this.file.size)));
      this.bar = made("progress", "fl-item__bar");
      this.bar.max = 100; this.bar.value = 0;
      this.bar.setAttribute("aria-label", this.file.name.normalize("NFC"));
      this.words = made("p", "fl-item__words");
      this.acts = made("div", "fl-item__acts");
      root.append(head, this.bar, this.words);
      if (this.panel.rows) {
        this.select = this.panel.rows.cloneNode(true);
        this.select.hidden = false;
        this.select.removeAttribute("data-upload-rows");
        this.select.id = this.panel.unique();
        const label = made("label", "sr-only", say("넣을 서류: ", "Goes to: ") + this.file.name);
        label.htmlFor = this.select.id;
        const guess = guessed(this.file.name, this.select);
        if (guess) this.select.value = guess;
        this.select.addEventListener("change", () => this.panel.step());
        root.append(label, this.select);
      }
      root.append(this.acts);
      this.panel.list.append(root);
      this.show("waiting");
    }

    button(text, act, label) {
      const button = made("button", "krds-btn small tertiary", text);
      button.type = "button";
      button.setAttribute("aria-label", `${label || text}: ${this.file.name}`);
      button.addEventListener("click", act);
      this.acts.append(button);
      return button;
    }

    show(state, words) {
      const focused = this.acts.contains(document.activeElement);
      const changed = state !== this.state || words;
      this.state = state;
      this.root.dataset.state = state;
      this.root.dataset.family = FAMILY[state] || "progress";
      if (!changed && this.acts.childElementCount) return this.progress();
      this.acts.replaceChildren();
      this.detail = words || "";
      if (state === "sending") this.button(say("잠시 멈춤", "Pause"), () => this.pause());
      if (state === "paused") this.button(say("이어서 올리기", "Resume"), () => this.resume());
      if (state === "failed") this.button(say("다시 시도", "Try again"), () => this.resume());
      if (state === "refused" && this.kept) this.button(say("다시 넣기", "Hand in again"), () => { this.show("stored"); this.panel.confirmed = true; this.panel.step(); });
      if (!["done", "placing", "checking"].includes(state)) this.button(say("빼기", "Remove"), () => this.drop());
      if (this.select) {
        this.select.hidden = ["placing", "done"].includes(state) || (state === "refused" && !this.kept);
        this.root.querySelector("label").hidden = this.select.hidden;
      }
      if (focused) (this.acts.querySelector("button") || this.panel.input).focus();
      this.progress();
      return undefined;
    }

    progress() {
      const share = this.file.size ? Math.floor((this.sent / this.file.size) * 100) : 0;
      this.bar.value = this.state === "done" ? 100 : share;
      this.bar.hidden = ["refused", "done"].includes(this.state);
      let words = WORDS[this.state];
      if (this.state === "sending") {
        words += ` ${share} %`;
        const rest = this.rate ? left((this.file.size - this.sent) / this.rate) : "";
        if (rest) words += ` · ${rest}`;
      } else if (this.state === "paused") words += ` ${share} %`;
      this.words.textContent = this.detail ? `${words}: ${this.detail}` : words;
    }

    start() {
      this.show("sending");
      this.hash();
      const options = {
        endpoint: this.panel.endpoint,
        uploadUrl: this.previous ? `${this.panel.endpoint}${this.previous.id}/` : null,
        chunkSize: 1024 * 1024,
        retryDelays: DELAYS,
        storeFingerprintForResuming: false,
        uploadDataDuringCreation: true,
        httpStack: new CheckedStack(),
        headers: { "X-CSRFToken": this.panel.token(), Accept: "application/json" },
        metadata: { filename: this.file.name, purpose: this.panel.purpose, modified: String(this.file.lastModified || "") },
        onUploadUrlAvailable: () => { this.id = this.upload.url.replace(/\/$/, "").split("/").pop(); },
        onProgress: (sent) => this.sending(sent),
        onChunkComplete: (length) => this.tune(length),
        onShouldRetry: (error) => {
          const response = error.originalResponse, status = response ? response.getStatus() : 0;
          return navigator.onLine !== false && (!status || [408, 409, 423, 429, 460, 502, 503, 504].includes(status) || status === 500);
        },
        onSuccess: () => this.arrived(),
        onError: (error) => this.broke(error),
      };
      this.upload = new tus.Upload(this.file, options);
      this.upload.start();
    }

    sending(sent) {
      const now = performance.now();
      if (this.mark && now - this.mark.at > 500) {
        const rate = Math.max(0, ((sent - this.mark.sent) / (now - this.mark.at)) * 1000);
        this.rate = this.rate ? this.rate * 0.7 + rate * 0.3 : rate;
        this.mark = { at: now, sent };
      } else if (!this.mark) this.mark = { at: now, sent };
      this.sent = sent;
      if (this.state === "sending") this.progress();
    }

    /* Pieces take about two seconds: short enough that a slow line holds up nobody, long enough that a fast one is not slowed down. */
    tune(length) {
      const now = performance.now();
      if (this.began) {
        const rate = length / Math.max(0.05, (now - this.began) / 1000);
        this.upload.options.chunkSize = Math.round(Math.min(MOST, Math.max(LEAST, rate * 2)));
      }
      this.began = now;
    }

    hash() {
      if (this.sha256 || !WORKER || typeof Worker === "undefined") return;
      this.sha256 = new Promise((resolve) => {
        let worker;
        try { worker = new Worker(WORKER); } catch (_) { resolve(""); return; }
        const end = (value) => { worker.terminate(); resolve(value); };
        worker.onmessage = (told) => { if (told.data.sha256) end(told.data.sha256); else if (told.data.error) end(""); };
        worker.onerror = () => end("");
        worker.postMessage(this.file);
      });
    }

    async arrived() {
      this.sent = this.file.size;
      this.show("checking");
      this.panel.step();
      const body = new URLSearchParams({ sha256: (await this.sha256) || "" });
      let told = await this.panel.ask(`${this.panel.endpoint}${this.id}/finish/`, { method: "POST", body });
      for (let wait = 500; told.ok && told.data.state === "checking"; wait = Math.min(wait * 1.5, 3000)) {
        await new Promise((resolve) => { setTimeout(resolve, wait); });
        told = await this.panel.ask(`${this.panel.endpoint}${this.id}/`, {});
      }
      if (!told.ok && told.network) return this.show("failed", told.message);
      if (!told.ok || told.data.state !== "stored") {
        this.id = ""; this.previous = null;
        return this.refuse(told.data.message || told.message, told);
      }
      this.kept = true;
      this.show("stored", this.select ? say("넣을 서류를 확인해 주세요", "please check where it goes") : "");
      this.panel.tell("stored", this, told.data);
      this.panel.step();
      return undefined;
    }

    /* The file is safe; now the panel's form is handed in with its number. */
    async place() {
      this.chosen = this.select ? this.select.selectedOptions[0].textContent : "";
      this.show("placing", this.chosen);
      const form = this.panel.form;
      const body = new FormData(form);
      body.delete(this.panel.input.name);
      if (this.select) {
        body.delete(this.select.name);
        const fields = JSON.parse(this.select.value);
        Object.keys(fields).forEach((name) => body.set(name, fields[name] === null ? "" : fields[name]));
      }
      body.set("upload", this.id);
      const told = await this.panel.ask(form.action, { method: "POST", body });
      if (!told.ok && told.network) { this.show("refused", told.message); return; }
      if (!told.ok) { this.refuse(told.data.message || told.message, told); return; }
      this.show("done", this.chosen);
      this.panel.live(`${this.file.name}: ${WORDS.done}`);
      this.panel.tell("done", this, told);
      this.panel.then = told.data.redirect || told.data.location || (told.redirected ? told.url : this.panel.then);
      this.panel.step();
    }

    refuse(words, told) {
      this.show("refused", words);
      this.panel.live(`${this.file.name}: ${WORDS.refused}. ${words || ""}`);
      this.panel.tell("refused", this, told);
      this.panel.step();
    }

    broke(error) {
      const response = error && error.originalResponse, status = response ? response.getStatus() : 0;
      if (!status && navigator.onLine === false) { this.show("offline"); return; }
      if (status >= 400 && status < 500 && ![404, 408, 409, 410, 423, 429, 460].includes(status)) { this.id = ""; this.previous = null; this.refuse(message(error), error); return; }
      if (status === 404 || status === 410) { this.previous = null; this.id = ""; }
      const words = message(error) || say("서버에 닿지 못했습니다. 올린 데까지는 서버에 남아 있습니다.", "The server could not be reached. What was sent is kept there.");
      this.show("failed", words);
      this.panel.live(`${this.file.name}: ${WORDS.failed}. ${words}`);
      this.panel.step();
    }

    pause() { this.upload.abort(); this.show("paused"); this.panel.step(); }

    resume() {
      this.mark = null; this.began = null; this.rate = 0;
      if (this.kept) { this.show("stored"); this.panel.step(); return; }
      if (this.upload && this.id && this.sent < this.file.size) { this.show("sending"); this.upload.start(); return; }
      if (this.id && this.sent >= this.file.size) { this.arrived(); return; }
      this.show("waiting"); this.upload = null; this.panel.step();
    }

    drop() {
      const at = this.panel.items.indexOf(this);
      if (this.upload) this.upload.abort();
      if (this.id) this.panel.ask(`${this.panel.endpoint}${this.id}/`, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
      this.panel.items.splice(at, 1);
      this.root.remove();
      this.panel.input.focus();
      this.panel.step();
    }
  }

  /* Which row a file is probably for: its number at the beginning of the name, words of the row's name within it. "" when in doubt. */
  function guessed(name, select) {
    const plain = (text) => text.normalize("NFC").toLowerCase().replace(/\.[^.]+$/, "");
    const given = plain(name), tight = given.replace(/[\s_\-.,()[\]·]+/g, "");
    const number = (given.match(/^\D{0,3}0*(\d{1,2})(?!\d)/) || [])[1];
    const scores = [...select.options].filter((option) => option.value).map((option) => {
      let score = 0;
      if (number && option.dataset.number === number) score += 3;
      const words = (option.dataset.words || option.textContent).normalize("NFC").toLowerCase().split(/[\s_\-.,()[\]·:]+/);
      words.forEach((word) => { if (word.length > 1 && tight.includes(word)) score += word.length; });
      return [score, option.value];
    }).sort((a, b) => b[0] - a[0]);
    if (!scores.length || scores[0][0] < 3 || (scores[1] && scores[1][0] === scores[0][0])) return "";
    return scores[0][1];
  }

  class Panel {
    constructor(root) {
      this.root = root;
      this.form = root.querySelector("form");
      this.input = root.querySelector("input[type=file]");
      this.list = root.querySelector("[data-upload-list]");
      this.said = root.querySelector("[data-upload-live]");
      this.rows = root.querySelector("[data-upload-rows]");
      this.unfinished = root.querySelector("[data-upload-unfinished]");
      this.endpoint = root.dataset.endpoint;
      this.purpose = root.dataset.purpose || "";
      this.limit = Number(root.dataset.limit) || Infinity;
      this.many = this.input.multiple;
      this.accept = (this.input.accept || "").split(",").map((each) => each.trim().toLowerCase()).filter(Boolean);
      this.items = []; this.previous = []; this.count = 0; this.then = "";
      root.classList.add("is-live");
      this.input.required = false;
      this.listen();
      if ("uploads" in root.dataset) this.recall();
    }

    listen() {
      this.input.addEventListener("change", () => { this.add([...this.input.files]); this.input.value = ""; });
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.input.click(); });
      let depth = 0;
      const over = (on) => this.root.classList.toggle("is-over", on);
      this.root.addEventListener("dragenter", (event) => { event.preventDefault(); depth += 1; over(true); });
      this.root.addEventListener("dragleave", () => { depth = Math.max(0, depth - 1); if (!depth) over(false); });
      this.root.addEventListener("dragover", (event) => event.preventDefault());
      this.root.addEventListener("drop", (event) => {
        event.preventDefault(); event.stopPropagation();
        depth = 0; over(false);
        this.add([...event.dataTransfer.files]);
      });
    }

    token() { return this.form.elements.csrfmiddlewaretoken.value; }
    unique() { this.count += 1; return `${this.root.id}-to-${this.count}`; }
    live(words) { this.said.textContent = words; }
    tell(what, item, response) {
      return this.root.dispatchEvent(new CustomEvent(`gm:upload-${what}`, {
        bubbles: true, cancelable: true,
        detail: { panel: this.root, item, file: item && item.file, upload: item && item.id, response },
      }));
    }

    async ask(url, options) {
      const headers = { Accept: "application/json", "X-CSRFToken": this.token(), ...(options.headers || {}) };
      try {
        const response = await fetch(url, { credentials: "same-origin", ...options, headers });
        const json = (response.headers.get("Content-Type") || "").startsWith("application/json");
        const data = json ? await response.json() : {};
        const lost = response.status >= 500 || response.redirected && /\/accounts\/login\//.test(response.url);
        const words = lost ? say("서버가 답하지 못했습니다. 파일은 서버에 있으니 잠시 뒤 다시 눌러 주세요.", "The server could not answer. The file is safe there; please try again.")
          : say("받지 못했습니다. 화면을 새로 고친 뒤 다시 올려 주세요.", "Not taken. Please reload the page and try again.");
        return { ok: response.ok && !lost, network: lost, data, message: data.message || words, url: response.url, redirected: response.redirected };
      } catch (_) {
        return { ok: false, network: true, data: {}, message: say("서버에 닿지 못했습니다. 파일은 서버에 있으니 잠시 뒤 다시 눌러 주세요.", "The server could not be reached. The file is safe there; please try again.") };
      }
    }

    /* What was begun earlier, in this browser or another one, waits for its file. */
    async recall() {
      const told = await this.ask(`${this.endpoint}?purpose=${encodeURIComponent(this.purpose)}`, {});
      if (!told.ok || !told.data.uploads) return;
      this.previous = told.data.uploads.filter((each) => each.state === "receiving" && each.offset > 0);
      this.drawUnfinished();
    }

    drawUnfinished() {
      this.unfinished.replaceChildren();
      this.unfinished.hidden = !this.previous.length;
      if (!this.previous.length) return;
      this.unfinished.append(made("p", "fl-unfinished__title", say("올리다 만 파일이 있습니다. 같은 파일을 다시 고르면 이어서 올립니다.", "Some uploads are unfinished. Choose the same file again to go on.")));
      const list = made("ul");
      this.previous.forEach((each) => {
        const line = made("li", "", `${each.name} · ${Math.floor((each.offset / each.size) * 100)} % / ${size(each.size)} `);
        const pick = made("button", "krds-btn small secondary", say("이어서 올리기", "Go on"));
        pick.type = "button";
        pick.setAttribute("aria-label", `${pick.textContent}: ${each.name}`);
        pick.addEventListener("click", () => this.input.click());
        const drop = made("button", "krds-btn small tertiary", say("지우기", "Drop"));
        drop.type = "button";
        drop.setAttribute("aria-label", `${drop.textContent}: ${each.name}`);
        drop.addEventListener("click", async () => {
          await this.ask(`${this.endpoint}${each.id}/`, { method: "DELETE", headers: { "Tus-Resumable": "1.0.0" } });
          this.previous = this.previous.filter((other) => other !== each);
          this.drawUnfinished();
          this.input.focus();
        });
        line.append(pick, drop);
        list.append(line);
      });
      this.unfinished.append(list);
    }

    add(files) {
      if (!files.length) return;
      if (!this.many) {
        this.items.filter((item) => !["placing", "done"].includes(item.state)).forEach((item) => item.drop());
        files = files.slice(0, 1);
      }
      files.forEach((file) => {
        const name = file.name.normalize("NFC");
        const previous = this.previous.find((each) => each.size === file.size && each.modified === String(file.lastModified || "") && each.name === name);
        this.previous = this.previous.filter((each) => each !== previous);
        const item = new Item(this, file, previous);
        this.items.push(item);
        const words = this.unfit(file);
        if (words) { item.show("refused", words); this.live(`${file.name}: ${words}`); } else this.tell("added", item);
      });
      this.drawUnfinished();
      const fit = this.items.filter((item) => item.state === "waiting").length;
      if (fit) this.live(say(`${fit}개 파일을 올립니다.`, `Uploading ${fit} file(s).`));
      this.step();
    }

    unfit(file) {
      if (!file.size) return say("빈 파일입니다. 내용이 있는 파일을 올려 주세요.", "The file is empty. Choose a file with content.");
      if (file.size > this.limit) return say(`파일이 너무 큽니다. ${size(this.limit)}까지 올릴 수 있습니다.`, `Too large. Up to ${size(this.limit)} can be uploaded.`);
      const kinds = this.accept.filter((each) => each.startsWith("."));
      if (kinds.length && !kinds.some((each) => file.name.toLowerCase().endsWith(each)) && !(kinds.includes(".jpg") && /\.jpeg$/i.test(file.name))) {
        const taken = kinds.map((each) => each.slice(1)).join(", ");
        return say(`이 서류는 ${taken} 형식으로 냅니다.`, `This document is taken as ${taken}.`);
      }
      return "";
    }

    /* Start what waits, hand in what is stored and assigned, and end when nothing is left. Files with a choice of rows are handed in
       when the person says so: a guess may be wrong, and replaces what is there. */
    step() {
      let busy = this.items.filter((item) => item.state === "sending").length;
      this.items.filter((item) => item.state === "waiting").forEach((item) => {
        if (busy < AT_ONCE) { busy += 1; item.start(); }
      });
      const placing = this.items.some((item) => item.state === "placing");
      const stored = this.items.filter((item) => item.state === "stored");
      const ready = stored.filter((item) => !item.select || (this.confirmed && item.select.value));
      if (!ready.length && !placing) this.confirmed = false;
      if (ready.length && !placing && !this.root.hasAttribute("data-upload-hold")) ready[0].place();
      else if (!placing && this.items.length && this.items.every((item) => item.state === "done")) this.leave();
      this.drawFoot(stored, placing);
    }

    leave() {
      if (!this.tell("finished", null, null)) return;
      const there = new URL(this.then || window.location.href, window.location.href);
      const same = there.pathname === window.location.pathname && there.search === window.location.search;
      if (!same) { window.location.assign(there); return; }
      // Another place of this page alone would not load it anew.
      if (this.then) window.history.replaceState(null, "", there);
      window.location.reload();
    }

    drawFoot(stored, placing) {
      if (!this.foot) {
        this.foot = made("div", "fl-foot");
        this.put = made("button", "krds-btn medium primary");
        this.put.type = "button";
        this.put.addEventListener("click", () => this.confirm());
        this.see = made("button", "krds-btn medium secondary", say("올린 결과 보기", "See the result"));
        this.see.type = "button";
        this.see.addEventListener("click", () => this.leave());
        this.warned = made("p", "fl-foot__words");
        this.warned.setAttribute("role", "alert");
        this.foot.append(this.put, this.see, this.warned);
        this.list.after(this.foot);
      }
      const chosen = stored.filter((item) => item.select && item.select.value).length;
      const still = this.items.some((item) => !["done", "refused", "failed"].includes(item.state));
      this.put.hidden = !chosen || placing || this.confirmed;
      this.put.textContent = say(`고른 서류에 ${chosen}개 넣기`, `Hand in ${chosen} as chosen`);
      this.see.hidden = still || !this.items.some((item) => item.state === "done") || this.items.every((item) => item.state === "done");
      this.foot.hidden = this.put.hidden && this.see.hidden;
    }

    confirm() {
      const rows = this.items.filter((item) => item.state === "stored" && item.select.value).map((item) => item.select.value);
      const twice = rows.find((row, at) => rows.indexOf(row) !== at);
      this.warned.textContent = twice ? say("한 서류에 파일 두 개를 골랐습니다. 하나만 남겨 주세요.", "Two files go to the same document. Keep one of them.") : "";
      if (twice) return;
      this.confirmed = true;
      this.step();
    }
  }

  const panels = [];
  const begin = (root) => {
    root.querySelectorAll("[data-gm-upload]:not(.is-live)").forEach((each) => panels.push(new Panel(each)));
  };
  const all = (states) => panels.flatMap((panel) => panel.items).filter((item) => states.includes(item.state));

  if (typeof tus === "undefined" || !tus.isSupported) return;
  begin(document);
  document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
  // Files that are dragged over the page find the panel for many open, and one that misses it does not replace the page.
  document.addEventListener("dragenter", (event) => {
    if (!event.dataTransfer || ![...event.dataTransfer.types].includes("Files")) return;
    panels.forEach((panel) => { const folded = panel.many && panel.root.closest("details"); if (folded) folded.open = true; });
  });
  ["dragover", "drop"].forEach((name) => document.addEventListener(name, (event) => {
    if (panels.length && event.dataTransfer && [...event.dataTransfer.types].includes("Files")) event.preventDefault();
  }));
  window.addEventListener("offline", () => all(["sending"]).forEach((item) => { item.upload.abort(); item.show("offline"); }));
  window.addEventListener("online", () => all(["offline"]).forEach((item) => item.resume()));
  window.addEventListener("beforeunload", (event) => { if (all(["sending", "checking", "placing"]).length) event.preventDefault(); });
  window.gongmoUploads = { panels, guessed };
})();
