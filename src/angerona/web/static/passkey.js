/* Makes and uses passkeys. Without this file, or without passkeys, every form works as it stands. */
"use strict";
(() => {
  const forms = document.querySelectorAll("form[data-passkey]");
  if (!window.PublicKeyCredential || !forms.length) return;
  const INPUT = new TextEncoder().encode("angerona passkey prf v1");

  const octets = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const secretOf = (made) => made.getClientExtensionResults().prf?.results?.first;

  const ask = (data, allow) =>
    navigator.credentials.get({
      publicKey: {
        challenge: octets(data.challenge),
        rpId: data.host,
        userVerification: "required",
        allowCredentials: allow,
        extensions: { prf: { eval: { first: INPUT } } },
      },
    });

  const make = (data) =>
    navigator.credentials.create({
      publicKey: {
        challenge: octets(data.challenge),
        rp: { id: data.host, name: data.called },
        user: { id: octets(data.user), name: data.shown, displayName: data.shown },
        pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
        attestation: "none",
        extensions: { prf: { eval: { first: INPUT } } },
      },
    });

  const answerOf = (made) => {
    const response = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) response[name] = text(made.response[name]);
    }
    const said = { id: made.id, rawId: text(made.rawId), type: made.type, response };
    return JSON.stringify({ ...said, clientExtensionResults: {} });
  };

  /* An authenticator that has a secret may give it only when it signs. */
  const made = async (data) => {
    const found = await make(data);
    let secret = secretOf(found);
    if (!secret && found.getClientExtensionResults().prf?.enabled) {
      const again = await ask(data, [{ type: "public-key", id: found.rawId }]);
      secret = secretOf(again);
    }
    return [found, secret];
  };

  for (const form of forms) {
    const button = form.querySelector("[data-passkey-button]");
    const says = form.querySelector("[data-passkey-says]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const data = form.dataset;
      says.textContent = "";
      try {
        let found, secret;
        if (data.passkey === "make") {
          [found, secret] = await made(data);
        } else {
          found = await ask(data, []);
          secret = secretOf(found);
        }
        const told = { passkey: answerOf(found), challenge: data.challenge, secret };
        told.secret = secret && data.passkey !== "prove" ? text(secret) : "";
        for (const [name, value] of Object.entries(told)) {
          form.elements[(data.before || "") + name].value = value;
        }
        form.submit();
      } catch (problem) {
        says.textContent =
          problem.name === "InvalidStateError"
            ? "This device has a passkey for this site already."
            : "That did not work. Nothing was changed. Try once more, or go on without.";
      }
    });
  }
})();
