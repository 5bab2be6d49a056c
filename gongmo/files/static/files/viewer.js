/* A PDF in the page (files/_preview.html, macro viewer): pages are drawn when they come into sight and forgotten when they are far away, so that a
   500-page document opens as fast as a short one, on a phone too. Words can be selected, searched and read aloud. */
const english = document.documentElement.lang.startsWith("en");
const say = (ko, en) => (english ? en : ko);
const AREA = 8_000_000;
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4];

const made = (tag, className, text) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
};

class Viewer {
  constructor(root) {
    this.root = root;
    root.gmViewer = this;
    this.zoom = 1;
    this.current = 1;
    this.pages = [];
    this.words = new Map();
    root.classList.add("is-live");
    this.frame();
    this.open().catch((error) => this.fail(error));
  }

  button(text, label, act) {
    const button = made("button", "fl-view__button", text);
    button.type = "button";
    button.setAttribute("aria-label", label);
    button.title = label;
    button.addEventListener("click", act);
    return button;
  }

  frame() {
    const bar = this.bar = made("div", "fl-view__bar");
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", say("문서 보기", "Document view"));
    this.number = made("input", "fl-view__number");
    this.number.inputMode = "numeric";
    this.number.value = "1";
    this.number.setAttribute("aria-label", say("볼 쪽", "Page to show"));
    this.number.addEventListener("change", () => this.go(Number(this.number.value) || this.current));
    this.total = made("span", "fl-view__total", "");
    this.find = made("input", "fl-view__find");
    this.find.type = "search";
    this.find.placeholder = say("문서에서 찾기", "Find in the document");
    this.find.setAttribute("aria-label", this.find.placeholder);
    this.find.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.search(event.shiftKey ? -1 : 1); }
    });
    this.said = made("span", "fl-view__said");
    this.said.setAttribute("role", "status");
    const pages = made("span", "fl-view__group"), zoom = made("span", "fl-view__group"), find = made("span", "fl-view__group fl-view__group--find");
    pages.append(this.button("‹", say("앞 쪽", "Previous page"), () => this.go(this.current - 1)), this.number, this.total,
      this.button("›", say("다음 쪽", "Next page"), () => this.go(this.current + 1)));
    zoom.append(this.button("−", say("작게", "Smaller"), () => this.scale(-1)), this.button("＋", say("크게", "Larger"), () => this.scale(1)),
      this.button(say("폭 맞춤", "Fit"), say("화면 폭 맞춤", "Fit the width"), () => this.scale(0)));
    find.append(this.find, this.button(say("찾기", "Find"), say("다음 찾기", "Find next"), () => this.search(1)));
    bar.append(pages, zoom, find, this.said);
    this.stage = made("div", "fl-view__stage");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "region");
    this.stage.setAttribute("aria-label", this.root.dataset.name);
    this.stage.addEventListener("keydown", (event) => this.key(event));
    this.stage.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.plain = this.root.querySelector(".fl-view__plain");
    this.plain.remove();
    this.root.append(bar, this.stage);
    this.said.textContent = say("문서를 여는 중입니다", "Opening the document");
  }

  async open() {
    const data = this.root.dataset;
    this.pdfjs = await import(data.pdfjs);
    this.pdfjs.GlobalWorkerOptions.workerSrc = data.worker;
    const task = this.pdfjs.getDocument({
      url: data.src, withCredentials: true, disableAutoFetch: true, disableStream: true, isEvalSupported: false, enableXfa: false,
      cMapUrl: `${data.vendor}cmaps/`, cMapPacked: true, standardFontDataUrl: `${data.vendor}standard_fonts/`, wasmUrl: `${data.vendor}wasm/`,
    });
    this.document = await task.promise;
    this.total.textContent = `/ ${this.document.numPages}`;
    const first = await this.document.getPage(1);
    const shape = first.getViewport({ scale: 1 });
    const all = document.createDocumentFragment();
    for (let number = 1; number <= this.document.numPages; number += 1) {
      const box = made("div", "fl-view__page");
      box.dataset.number = String(number);
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", say(`${number}쪽`, `Page ${number}`));
      this.pages.push({ number, box, width: shape.width, height: shape.height, drawn: 0 });
      all.append(box);
    }
    this.stage.append(all);
    this.seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
      const page = this.pages[Number(entry.target.dataset.number) - 1];
      page.near = entry.isIntersecting;
      if (page.near) this.draw(page); else this.forget(page);
    }), { root: this.stage, rootMargin: "100% 0px" });
    this.layout();
    this.pages.forEach((page) => this.seen.observe(page.box));
    new ResizeObserver(() => this.resized()).observe(this.stage);
    this.said.textContent = "";
    this.root.dispatchEvent(new CustomEvent("gm:viewer-ready", { bubbles: true, detail: { pages: this.document.numPages } }));
  }

  fail(error) {
    this.bar.remove();
    this.stage.remove();
    const words = error && error.name === "PasswordException"
      ? say("암호가 걸린 문서입니다. 낸 분에게 암호를 푼 문서를 요청해 주세요.", "The document is locked with a password. Ask whoever handed it in for one without.")
      : say("이 화면에서 열지 못했습니다. 아래에서 직접 열거나 내려받아 주세요.", "It could not be shown here. Please open or download it below.");
    this.root.append(made("p", "fl-view__failed", words), this.plain);
  }

  /* Pages keep their place before they are drawn, so that nothing jumps. */
  layout() {
    this.room = this.stage.clientWidth - 24;
    this.pages.forEach((page) => this.place(page));
  }

  place(page) {
    page.scale = (this.room / page.width) * this.zoom;
    page.box.style.width = `${Math.floor(page.width * page.scale)}px`;
    page.box.style.height = `${Math.floor(page.height * page.scale)}px`;
  }

  resized() {
    if (Math.abs(this.stage.clientWidth - 24 - this.room) < 2) return;
    this.redraw();
  }

  redraw() {
    const at = this.current;
    this.layout();
    this.pages.forEach((page) => { this.forget(page); if (page.near) this.draw(page); });
    this.go(at);
  }

  async draw(page) {
    if (page.drawn === page.scale) return;
    const scale = page.scale;
    page.drawn = scale;
    const source = await this.document.getPage(page.number);
    const shape = source.getViewport({ scale: 1 });
    if (shape.width !== page.width || shape.height !== page.height) {
      page.width = shape.width; page.height = shape.height;
      this.place(page);
      page.drawn = page.scale;
    }
    const viewport = source.getViewport({ scale: page.scale });
    const fine = Math.min(window.devicePixelRatio || 1, 2, Math.sqrt(AREA / (viewport.width * viewport.height)));
    const canvas = made("canvas", "fl-view__canvas");
    canvas.width = Math.floor(viewport.width * fine);
    canvas.height = Math.floor(viewport.height * fine);
    canvas.setAttribute("aria-hidden", "true");
    page.render = source.render({ canvas, viewport, transform: fine === 1 ? null : [fine, 0, 0, fine, 0, 0] });
    try { await page.render.promise; } catch (error) {
      if (error.name === "RenderingCancelledException") return;
      throw error;
    }
    if (!page.near || page.drawn !== page.scale) return;
    const layer = made("div", "fl-view__words textLayer");
    page.box.replaceChildren(canvas, layer);
    page.box.style.setProperty("--total-scale-factor", String(page.scale));
    page.box.style.setProperty("--scale-factor", String(page.scale));
    const words = new this.pdfjs.TextLayer({ textContentSource: source.streamTextContent(), container: layer, viewport });
    await words.render().catch(() => {});
    this.mark(page);
  }

  forget(page) {
    if (page.render) page.render.cancel();
    page.render = null;
    page.drawn = 0;
    page.box.replaceChildren();
  }

  go(number) {
    const wanted = Math.min(Math.max(1, Math.round(number)), this.pages.length);
    if (!this.pages.length) return;
    this.stage.scrollTop = this.pages[wanted - 1].box.offsetTop - this.stage.offsetTop - 8;
    this.now(wanted);
  }

  now(number) {
    this.current = number;
    this.number.value = String(number);
    this.root.dispatchEvent(new CustomEvent("gm:viewer-page", { bubbles: true, detail: { page: number } }));
  }

  scrolled() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      const middle = this.stage.scrollTop + this.stage.clientHeight / 3;
      let low = 0, high = this.pages.length - 1;
      while (low < high) {
        const half = (low + high + 1) >> 1;
        if (this.pages[half].box.offsetTop - this.stage.offsetTop <= middle) low = half; else high = half - 1;
      }
      if (document.activeElement !== this.number) this.now(low + 1);
    });
  }

  scale(step) {
    const at = ZOOMS.reduce((best, zoom, index) => (Math.abs(zoom - this.zoom) < Math.abs(ZOOMS[best] - this.zoom) ? index : best), 0);
    this.zoom = step ? ZOOMS[Math.min(Math.max(0, at + step), ZOOMS.length - 1)] : 1;
    this.redraw();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { ArrowRight: () => this.go(this.current + 1), ArrowLeft: () => this.go(this.current - 1), Home: () => this.go(1),
      End: () => this.go(this.pages.length), "+": () => this.scale(1), "=": () => this.scale(1), "-": () => this.scale(-1), 0: () => this.scale(0) }[event.key];
    if (act) { event.preventDefault(); act(); }
  }

  async text(number) {
    if (!this.words.has(number)) {
      const content = await (await this.document.getPage(number)).getTextContent();
      this.words.set(number, content.items.map((item) => item.str).join("").replace(/\s+/g, "").toLowerCase());
    }
    return this.words.get(number);
  }

  async search(step) {
    const wanted = this.find.value.replace(/\s+/g, "").toLowerCase();
    if (!wanted || !this.document) return;
    this.said.textContent = say("찾는 중입니다", "Searching");
    this.wanted = wanted;
    const count = this.pages.length;
    for (let away = this.last === wanted ? 1 : 0; away <= count; away += 1) {
      const number = ((this.current - 1 + step * away) % count + count) % count + 1;
      if (this.wanted !== wanted) return;
      if ((await this.text(number)).includes(wanted)) {
        this.last = wanted;
        this.said.textContent = say(`${number}쪽에 있습니다`, `On page ${number}`);
        this.go(number);
        this.mark(this.pages[number - 1]);
        return;
      }
    }
    this.said.textContent = say("찾는 말이 없습니다", "Not found");
  }

  mark(page) {
    const wanted = this.wanted;
    page.box.querySelectorAll(".textLayer span").forEach((span) => {
      const words = span.textContent.replace(/\s+/g, "").toLowerCase();
      span.classList.toggle("is-found", Boolean(wanted && words && (words.includes(wanted) || (wanted.includes(words) && words.length > 1))));
    });
  }
}

const begin = (root) => root.querySelectorAll("[data-gm-viewer]:not(.is-live)").forEach((each) => new Viewer(each));
begin(document);
document.addEventListener("htmx:afterSettle", (event) => begin(event.target));
