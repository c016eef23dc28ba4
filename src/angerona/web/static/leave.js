"use strict";
// The way off the page: the page is covered at once, the session ends, and this page's place in the
// history goes to the page that follows. Three times Shift within five seconds does the same.
// Without this script the same form does it, a moment slower.
(() => {
  const forms = document.querySelectorAll("form[data-leave]");
  if (!forms.length) return;
  const times = 3;
  const withinMs = 5000;
  const root = document.documentElement;
  let pressed = [];

  const leave = () => {
    root.classList.add("leaving");
    document.title = "…";
    fetch(forms[0].action, {
      method: "POST", body: new URLSearchParams(), keepalive: true, redirect: "manual",
      credentials: "same-origin",
    }).catch(() => {});
    location.replace(forms[0].dataset.leave);
  };

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Shift") {
      pressed = [];
    } else if (!event.repeat) {
      pressed = [...pressed.filter((at) => event.timeStamp - at < withinMs), event.timeStamp];
      if (pressed.length >= times) leave();
    }
  });
  // A page that comes back from the browser's own memory is asked for again before it shows.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      root.classList.add("leaving");
      location.reload();
    } else {
      root.classList.remove("leaving");
    }
  });
})();
