// Whoever is on call sees on any open page that a client waits, without loading it again.
(() => {
  "use strict";
  const place = document.querySelector("[data-calls]");
  if (!place) return;
  const BEAT = 20000;
  let known = Number(place.dataset.calls);

  const look = async () => {
    try {
      const answer = await fetch("/calls/waiting", { redirect: "manual" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById("calls-waiting");
      if (!answer.ok || !found) return;
      const count = Number(found.dataset.count);
      if (count > known) place.replaceChildren(...found.children);
      if (!count) place.replaceChildren();
      known = count;
    } catch { /* the next time */ }
  };

  setInterval(look, BEAT);
  document.addEventListener("visibilitychange", look);
  look();
})();
