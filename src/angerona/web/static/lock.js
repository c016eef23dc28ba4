/* Locks a page that nobody has touched for a while: what is being written is saved as a draft, the
   session ends, and signing in leads back. While somebody is at work the session stays open, as long
   as it may. Without this file the session ends by itself, and the next page asks to sign in. */
"use strict";
(() => {
  const out = document.querySelector('form[action="/sign-out"]');
  if (!out) return;
  const IDLE = 14.5 * 60 * 1000;
  const WORD = 5 * 60 * 1000;
  let touched = Date.now();
  let told = touched;
  let locked = false;
  for (const kind of ["pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => { touched = Date.now(); }, { passive: true, capture: true });
  }

  const lock = () => {
    locked = true;
    const draft = document.querySelector("[data-draft-form]");
    if (draft) draft.dispatchEvent(new Event("focusout", { bubbles: true }));
    const back = document.createElement("input");
    back.type = "hidden";
    back.name = "back";
    back.value = location.pathname;
    out.append(back);
    setTimeout(() => out.submit(), draft ? 2000 : 0);
  };

  setInterval(() => {
    const now = Date.now();
    if (locked) return;
    if (now - touched >= IDLE) {
      lock();
    } else if (now - told >= WORD && touched > told) {
      told = now;
      fetch("/account", { method: "HEAD", redirect: "manual" }).catch(() => {});
    }
  }, 5000);
})();
