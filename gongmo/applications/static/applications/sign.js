"use strict";
/* A field to draw a signature in: pointer, touch and pen. What is drawn goes into the hidden input as JSON [[[x, y], ...], ...] in
   thousandths of the field's width (400 high). Without this script, or without drawing, the typed name is the signature. */
(function () {
  const WIDTH = 1000, HEIGHT = 400, MOST = 3500, STEP = 3;

  class Pad {
    constructor(root) {
      this.canvas = root.querySelector("canvas");
      this.input = root.querySelector("input[name=drawing]");
      this.said = root.querySelector("[data-sign-said]");
      this.clearing = root.querySelector("[data-sign-clear]");
      this.pen = this.canvas.getContext("2d");
      if (!this.pen) return;
      this.strokes = [];
      try { const kept = JSON.parse(this.input.value || "[]"); if (Array.isArray(kept)) this.strokes = kept; } catch (_) { /* nothing was kept */ }
      this.now = null;
      root.hidden = false;
      this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
      this.canvas.addEventListener("pointermove", (event) => this.move(event));
      ["pointerup", "pointercancel"].forEach((name) => this.canvas.addEventListener(name, () => this.end()));
      this.clearing.addEventListener("click", () => { this.strokes = []; this.keep(); this.draw(); });
      this.keep();
      this.draw();
    }

    at(event) {
      const box = this.canvas.getBoundingClientRect();
      const within = (value, most) => Math.min(most, Math.max(0, Math.round(value)));
      return [within(((event.clientX - box.left) / box.width) * WIDTH, WIDTH), within(((event.clientY - box.top) / box.height) * HEIGHT, HEIGHT)];
    }

    begin(event) {
      if (event.button > 0 || this.count() > MOST) return;
      event.preventDefault();
      this.canvas.setPointerCapture(event.pointerId);
      this.now = [this.at(event)];
      this.strokes.push(this.now);
      this.draw();
    }

    move(event) {
      if (!this.now || this.count() > MOST) return;
      const told = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
      (told.length ? told : [event]).forEach((each) => {
        const point = this.at(each), last = this.now[this.now.length - 1];
        if (Math.hypot(point[0] - last[0], point[1] - last[1]) >= STEP) this.now.push(point);
      });
      this.draw();
    }

    end() {
      if (!this.now) return;
      this.now = null;
      this.keep();
    }

    count() { return this.strokes.reduce((sum, stroke) => sum + stroke.length, 0); }

    keep() {
      this.input.value = this.strokes.length ? JSON.stringify(this.strokes) : "";
      this.said.textContent = this.strokes.length ? this.said.dataset.drawn : this.said.dataset.empty;
      this.clearing.disabled = !this.strokes.length;
    }

    draw() {
      const pen = this.pen;
      pen.clearRect(0, 0, WIDTH, HEIGHT);
      pen.lineWidth = 7;
      pen.lineCap = pen.lineJoin = "round";
      pen.strokeStyle = "#0b2a6b";
      this.strokes.forEach((stroke) => {
        pen.beginPath();
        stroke.forEach(([x, y], place) => (place ? pen.lineTo(x, y) : pen.moveTo(x, y)));
        if (stroke.length === 1) pen.lineTo(stroke[0][0] + 1, stroke[0][1]);
        pen.stroke();
      });
    }
  }

  document.querySelectorAll("[data-sign-all]").forEach((root) => {
    const boxes = root.closest("form").querySelectorAll("input[name=paper]");
    root.hidden = false;
    root.querySelector("button").addEventListener("click", () => boxes.forEach((box) => { box.checked = true; }));
  });
  document.querySelectorAll("[data-sign-pad]").forEach((root) => new Pad(root));
})();
