// What may become markup or a script's address on our pages (Trusted Types: the content policy asks for it, docs/security/README.md).
// A whole answer of this site may be read as a document, in which nothing runs; no text becomes part of the page by itself (innerHTML and
// its like), and programs of a worker come from this site's own files only. Whatever else a script hands over is refused.
(() => {
  "use strict";
  if (!window.trustedTypes || !window.trustedTypes.createPolicy) return;
  window.trustedTypes.createPolicy("default", {
    createHTML: (text, _, sink) => (text === "" || sink === "DOMParser parseFromString" ? text : null),
    createScriptURL: (text) => {
      const address = new URL(text, document.baseURI);
      return address.origin === location.origin && address.pathname.startsWith("/static/") ? text : null;
    },
  });
})();
