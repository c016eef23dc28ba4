// Goes on with a batch by itself, a slice at a time, while its page is open. Without this script the
// button "Go on" does the same.
"use strict";
(() => {
  const form = document.querySelector("[data-go-on]");
  if (!form) return;
  const BEAT = 300;
  let stopped = false;
  for (const other of document.querySelectorAll("form:not([data-go-on]), a")) {
    other.addEventListener("pointerdown", () => { stopped = true; });
    other.addEventListener("focus", () => { stopped = true; }, true);
  }
  setTimeout(() => { if (!stopped) form.requestSubmit(); }, BEAT);
})();
