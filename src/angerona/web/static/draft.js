// Saves what is being written as a sealed draft: every 20 seconds, and when one leaves a field or
// the page. Without this script the button "Save draft" does the same.
(() => {
  "use strict";
  const form = document.querySelector("[data-draft-form]");
  const said = form && form.querySelector("[data-draft-said]");
  if (!said) return;
  const BEAT = 20000;
  const KEEPALIVE_BYTES_MAX = 60000; // what browsers let outlive a page
  const typed = () => {
    const fields = new URLSearchParams(new FormData(form));
    for (const name of ["act", "draft", "mark", "token"]) fields.delete(name);
    return fields.toString();
  };
  let saved = typed();
  let busy = false;

  const save = async (leaving) => {
    const now = typed();
    if (busy || now === saved) return;
    busy = true;
    try {
      const fields = new URLSearchParams(new FormData(form));
      fields.set("act", "quietly");
      const body = fields.toString();
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        keepalive: leaving && body.length < KEEPALIVE_BYTES_MAX,
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("draft-said");
      if (!found) throw new Error("not saved");
      form.elements.draft.value = found.dataset.draft;
      form.elements.mark.value = found.dataset.mark;
      said.textContent = found.textContent;
      saved = now;
    } catch {
      said.textContent =
        "Not saved just now. Do not close this page: copy what you typed, or sign in again in " +
        "another window, open a new note there, and paste it.";
    } finally {
      busy = false;
    }
  };

  setInterval(() => save(false), BEAT);
  form.addEventListener("focusout", () => save(false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save(true);
  });
  form.addEventListener("submit", () => { busy = true; });
})();
