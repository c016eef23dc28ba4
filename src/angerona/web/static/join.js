/* Takes the code of an invitation from behind the address, where no server and no history sees it. */
"use strict";
(() => {
  const field = document.querySelector("input#code");
  const code = location.hash.slice(1);
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  if (field) field.value = code;
})();
