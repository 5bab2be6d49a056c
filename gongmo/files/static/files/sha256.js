"use strict";
/* SHA-256 (FIPS 180-4) of a file, piece by piece beside the page: browsers hash only what is whole in memory.
   As a worker: postMessage(file) → {hashed: bytes} now and then, at last {sha256: hex}. In Node and tests: module.exports.Sha256. */
(function (scope) {
  // The first 32 bits of the fractions of the cube roots (constants) and square roots (start) of the first primes.
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
  const START = Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));

  class Sha256 {
    constructor() {
      this.state = START.slice();
      this.words = new Int32Array(64);
      this.rest = new Uint8Array(64);
      this.held = 0;
      this.length = 0;
    }

    update(bytes) {
      this.length += bytes.length;
      let at = 0;
      if (this.held) {
        at = Math.min(64 - this.held, bytes.length);
        this.rest.set(bytes.subarray(0, at), this.held);
        this.held += at;
        if (this.held < 64) return this;
        this.blocks(this.rest, 0, 64);
        this.held = 0;
      }
      const end = at + ((bytes.length - at) & ~63);
      this.blocks(bytes, at, end);
      this.rest.set(bytes.subarray(end));
      this.held = bytes.length - end;
      return this;
    }

    blocks(bytes, from, to) {
      const w = this.words, s = this.state;
      for (let at = from; at < to; at += 64) {
        for (let i = 0, j = at; i < 16; i += 1, j += 4) {
          w[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
        }
        for (let i = 16; i < 64; i += 1) {
          const x = w[i - 15], y = w[i - 2];
          const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
          const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
          w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
        }
        let a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7];
        for (let i = 0; i < 64; i += 1) {
          const S1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
          const t1 = (h + S1 + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
          const S0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
          const t2 = (S0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
          h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
        }
        s[0] = (s[0] + a) | 0; s[1] = (s[1] + b) | 0; s[2] = (s[2] + c) | 0; s[3] = (s[3] + d) | 0;
        s[4] = (s[4] + e) | 0; s[5] = (s[5] + f) | 0; s[6] = (s[6] + g) | 0; s[7] = (s[7] + h) | 0;
      }
    }

    hex() {
      const length = this.length;
      const padding = new Uint8Array((this.held < 56 ? 64 : 128) - this.held);
      padding[0] = 0x80;
      const view = new DataView(padding.buffer);
      view.setUint32(padding.length - 8, Math.floor(length / 536870912));
      view.setUint32(padding.length - 4, (length << 3) >>> 0);
      this.update(padding);
      return Array.from(this.state, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
    }
  }

  if (typeof module !== "undefined" && module.exports) { module.exports = { Sha256 }; return; }
  if (typeof WorkerGlobalScope === "undefined") { scope.GongmoSha256 = Sha256; return; }

  const PIECE = 4 * 1024 * 1024;
  scope.onmessage = async (message) => {
    try {
      const file = message.data, hash = new Sha256();
      for (let at = 0; at < file.size; at += PIECE) {
        hash.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
        scope.postMessage({ hashed: Math.min(at + PIECE, file.size) });
      }
      scope.postMessage({ sha256: hash.hex() });
    } catch (error) {
      scope.postMessage({ error: String(error) });
    }
  };
})(typeof self === "undefined" ? globalThis : self);
