"use strict";
// Checks a receipt of the ledger in the browser, as ledger/verifying.py does: the head is signed, it
// ends with the epoch leaf, the epoch's map holds the label's state, the lines are exactly those of
// the state, each opening fits its line, and what stood in an older head stands there still.
(() => {
  const form = document.getElementById("check");
  if (!form) return;

  const MAGIC = "c2sp.org/tlog-proof@v1";
  const FORM = "angerona/receipt/v1";
  const TEXTS = ["form", "key", "epoch", "label", "state", "path", "other", "since"];
  const ZERO = new Uint8Array(32);
  const utf8 = new TextEncoder();

  class NotProved extends Error {}
  class Unreadable extends Error {}
  class AskedAgain extends Error {}
  const need = (holds, says, Kind = NotProved) => { if (!holds) throw new Kind(says); };

  const joined = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
    let at = 0;
    for (const one of parts) { whole.set(one, at); at += one.length; }
    return whole;
  };
  const byte = (...values) => Uint8Array.from(values);
  const sha = async (...parts) =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
  const same = (one, two) => one.length === two.length && one.every((value, at) => value === two[at]);
  const hex = (raw) => [...raw].map((value) => value.toString(16).padStart(2, "0")).join("");
  const number = (raw) => {
    const found = raw.reduce((sum, value) => sum * 256n + BigInt(value), 0n);
    need(found <= BigInt(Number.MAX_SAFE_INTEGER), "a number is too large", Unreadable);
    return Number(found);
  };
  const eight = (value) => {
    const raw = new Uint8Array(8);
    new DataView(raw.buffer).setBigUint64(0, BigInt(value));
    return raw;
  };
  const unbase64 = (text, length) => {
    let raw;
    try { raw = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0)); }
    catch { throw new Unreadable("a part is not base64"); }
    let again = "";
    for (const value of raw) again += String.fromCharCode(value);
    need(btoa(again) === text && (length === undefined || raw.length === length),
      "a part is not base64 of the right length", Unreadable);
    return raw;
  };
  const whole = (text) => {
    need(/^(?:0|[1-9][0-9]{0,15})$/.test(text), "a number is no number", Unreadable);
    return Number(text);
  };
  const pieces = (raw, length) => {
    need(raw.length % length === 0, "a list of hashes is cut off", Unreadable);
    const found = [];
    for (let at = 0; at < raw.length; at += length) found.push(raw.slice(at, at + length));
    return found;
  };

  // RFC 6962 and RFC 9162

  const leafHash = (leaf) => sha(byte(0), leaf);
  const nodeHash = (left, right) => sha(byte(1), left, right);
  const treeRoot = async (leaves) => {
    let level = await Promise.all(leaves.map(leafHash));
    if (!level.length) return sha();
    while (level.length > 1) {
      const above = [];
      for (let at = 0; at + 1 < level.length; at += 2) above.push(nodeHash(level[at], level[at + 1]));
      if (level.length % 2) above.push(level[level.length - 1]);
      level = await Promise.all(above);
    }
    return level[0];
  };
  const half = (value) => Math.floor(value / 2);
  const isOdd = (value) => value % 2 === 1;
  const sides = function* (node, last, proof) {
    for (const other of proof) {
      need(last !== 0, "a proof in the tree is too long");
      const isLeft = node === last || isOdd(node);
      while (isLeft && node && !isOdd(node)) { node = half(node); last = half(last); }
      yield [other, isLeft];
      node = half(node);
      last = half(last);
    }
    need(last === 0, "a proof in the tree is too short");
  };
  const checkInclusion = async (index, size, leaf, proof, root) => {
    need(index >= 0 && index < size, "the leaf stands beyond the end of the tree");
    let hashed = leaf;
    for (const [other, isLeft] of sides(index, size - 1, proof)) {
      hashed = isLeft ? await nodeHash(other, hashed) : await nodeHash(hashed, other);
    }
    need(same(hashed, root), "the last leaf does not stand where the proof says it does");
  };
  const checkConsistency = async (size, later, root, laterRoot, proof) => {
    if (size > 0 && size === later && same(root, laterRoot) && !proof.length) return;
    need(size > 0 && size < later && proof.length,
      "the new head does not prove that it continues the old one");
    let node = size - 1;
    let last = later - 1;
    while (isOdd(node)) { node = half(node); last = half(last); }
    const isPower = Number.isInteger(Math.log2(size));
    const [first, ...others] = isPower ? [root, ...proof] : proof;
    let before = first;
    let after = first;
    for (const [other, isLeft] of sides(node, last, others)) {
      if (isLeft) before = await nodeHash(other, before);
      after = isLeft ? await nodeHash(other, after) : await nodeHash(after, other);
    }
    need(same(before, root) && same(after, laterRoot),
      "the new head does not continue the old one: the past was changed");
  };

  // The prefix map

  const bitOf = (label, place) => (label[place >> 3] >> (7 - (place & 7))) & 1;
  const prefixOf = (label, bits) => {
    const prefix = label.slice();
    for (let place = bits; place < 256; place += 1) prefix[place >> 3] &= ~(1 << (7 - (place & 7)));
    return prefix;
  };
  const mapRoot = async (label, node, path, above) => {
    let hashed = await sha(node);
    for (const [bits, other] of path) {
      need(bits < above, "the map proof does not lead straight up");
      const pair = bitOf(label, bits) ? [other, hashed] : [hashed, other];
      hashed = await sha(byte(3, bits >> 8, bits & 255), prefixOf(label, bits), ...pair);
      above = bits;
    }
    return hashed;
  };
  const mapRootWithout = async (label, other, path) => {
    if (!other.length && !path.length) return sha(byte(5));
    let prefix;
    let end;
    if (other.length === 65 && other[0] === 2) {
      prefix = other.slice(1, 33);
      end = 256;
    } else {
      need(other.length === 99 && other[0] === 3, "the map proof ends at no node");
      prefix = other.slice(3, 35);
      end = number(other.slice(1, 3));
    }
    let shared = 0;
    while (shared < 256 && bitOf(prefix, shared) === bitOf(label, shared)) shared += 1;
    need(shared < Math.min(end, 256), "the map proof does not show that the label is absent");
    return mapRoot(label, other, path, shared);
  };

  // Notes, keys, heads

  const readKey = async (text) => {
    const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{3,}={0,2})$/.exec(text);
    need(found, "this is not a key: name+id+base64", Unreadable);
    const raw = unbase64(found[3]);
    const id = (await sha(utf8.encode(`${found[1]}\n`), raw)).slice(0, 4);
    need(hex(id) === found[2], "this is not a key: its parts do not fit", Unreadable);
    return { text, name: found[1], id, kind: raw[0], public: raw.slice(1) };
  };
  const readNote = (note) => {
    const gap = note.lastIndexOf("\n\n");
    const lines = note.slice(gap + 2).split("\n");
    need(gap > 0 && lines.pop() === "" && lines.length > 0 && lines.length <= 64,
      "this is not a signed note", Unreadable);
    const signatures = lines.map((line) => {
      const found = /^— ([^\s+]+) ([A-Za-z0-9+/]{7,}={0,2})$/.exec(line);
      need(found, "a signature is not in the right form", Unreadable);
      return { name: found[1], raw: unbase64(found[2]) };
    });
    return { text: note.slice(0, gap + 1), signatures };
  };
  const readCheckpoint = (text) => {
    const lines = text.split("\n");
    need(lines.pop() === "" && lines.length >= 3 && lines.every(Boolean),
      "this is not a head: name, size, root", Unreadable);
    return { origin: lines[0], size: whole(lines[1]), root: unbase64(lines[2], 32) };
  };
  const checkHead = async (note, key) => {
    const { text, signatures } = readNote(note);
    const known = signatures.filter((one) => one.name === key.name && same(one.raw.slice(0, 4), key.id));
    need(key.kind === 1 && known.length, "the head does not carry a signature of this key");
    const opened = await crypto.subtle.importKey("raw", key.public, "Ed25519", false, ["verify"]);
    for (const one of known) {
      const holds = await crypto.subtle.verify("Ed25519", opened, one.raw.slice(4), utf8.encode(text));
      need(holds, "the signature of the head is wrong");
    }
    return readCheckpoint(text);
  };

  // The receipt

  const readReceipt = async (given) => {
    const gap = given.indexOf("\n\n");
    need(gap > 0, "this is not a proof", Unreadable);
    const lines = given.slice(0, gap).split("\n");
    need(lines[0] === MAGIC && (lines[1] || "").startsWith("extra ")
      && (lines[2] || "").startsWith("index "), "this is not a proof of this kind", Unreadable);
    let extra;
    try { extra = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(unbase64(lines[1].slice(6)))); }
    catch (problem) { throw problem instanceof Unreadable ? problem : new Unreadable("extra is no table"); }
    const names = extra && typeof extra === "object" ? Object.keys(extra).sort() : [];
    need(names.join() === [...TEXTS, "lines"].sort().join() && Array.isArray(extra.lines)
      && TEXTS.every((name) => typeof extra[name] === "string"), "extra is not the table it should be",
    Unreadable);
    need(extra.form === FORM, `this page reads proofs of the form ${FORM}`, Unreadable);
    const state = unbase64(extra.state, extra.state ? 104 : 0);
    const since = unbase64(extra.since);
    need(since.length === 0 || since.length >= 8, "the proof since is cut off", Unreadable);
    return {
      note: given.slice(gap + 2),
      place: whole(lines[2].slice(6)),
      proof: lines.slice(3).map((line) => unbase64(line, 32)),
      key: await readKey(extra.key),
      epoch: unbase64(extra.epoch, 49),
      label: unbase64(extra.label, 32),
      state: state.length ? {
        lines: number(state.slice(0, 8)), raw: state,
        root: state.slice(8, 40), keys: state.slice(40, 72), entries: state.slice(72),
      } : null,
      path: pieces(unbase64(extra.path), 34).map((step) => [number(step.slice(0, 2)), step.slice(2)]),
      other: unbase64(extra.other),
      lines: extra.lines.map(readLine),
      since: since.length ? number(since.slice(0, 8)) : null,
      consistency: pieces(since.slice(8), 32),
    };
  };
  const readLine = (line) => {
    need(Array.isArray(line) && (line.length === 1 || line.length === 3)
      && line.every((part) => typeof part === "string"), "a line is neither closed nor open", Unreadable);
    const leaf = unbase64(line[0], 138);
    if (line.length === 1) return { leaf, secret: null, body: null };
    return { leaf, secret: unbase64(line[1], 32), body: line[2] };
  };
  const checkEpoch = async (receipt, head) => {
    const covered = number(receipt.epoch.slice(1, 9));
    need(receipt.epoch[0] === 2 && covered === receipt.place && covered === head.size - 1,
      "the head may hold lines that are not covered");
    await checkInclusion(receipt.place, head.size, await leafHash(receipt.epoch), receipt.proof, head.root);
  };
  const checkMap = async ({ label, state, path, other, epoch }) => {
    let root;
    if (state) {
      const value = await sha(byte(4), state.raw);
      root = await mapRoot(label, joined(byte(2), label, value), path, 256);
    } else {
      root = await mapRootWithout(label, other, path);
    }
    need(same(root, epoch.slice(9, 41)), "the map of the ledger does not hold this state");
  };
  const checkLines = async ({ label, state, lines }) => {
    const known = state || { lines: 0, root: await sha(), keys: ZERO, entries: ZERO };
    need(known.lines === lines.length,
      `the ledger counts ${known.lines} lines, and the proof shows ${lines.length}`);
    const bound = [ZERO, ZERO, ZERO];
    lines.forEach(({ leaf }, place) => {
      const slot = leaf[1];
      need(leaf[0] === 1 && slot < bound.length && same(leaf.slice(2, 34), label)
        && number(leaf.slice(34, 42)) === place, `line ${place + 1} stands out of place`);
      bound[slot] = leaf.slice(106);
    });
    need(same(await treeRoot(lines.map((line) => line.leaf)), known.root),
      "the lines are not the ones in the ledger: at least one was changed");
    need(same(bound[0], ZERO) && same(bound[1], known.keys) && same(bound[2], known.entries),
      "what the lines bind is not what the ledger holds");
    await Promise.all(lines.map(checkOpening));
  };
  const checkOpening = async ({ leaf, secret, body }, place) => {
    if (secret === null) return;
    const key = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const told = new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8.encode(body)));
    need(same(told, leaf.slice(42, 74)), `line ${place + 1}: its text is not the one written down`);
  };
  const checkGrowth = async (receipt, older, head) => {
    need(older.origin === head.origin, "the older head belongs to another ledger");
    need(older.size <= head.size, "the older head holds more: the ledger was set back");
    need(older.size === receipt.since || older.size === head.size,
      `this proof says nothing of what was added since ${older.size}`);
    const proof = older.size === head.size ? [] : receipt.consistency;
    await checkConsistency(older.size, head.size, older.root, head.root, proof);
  };
  const verify = async (text, keyText, older) => {
    const receipt = await readReceipt(text);
    const key = keyText ? await readKey(keyText) : receipt.key;
    const head = await checkHead(receipt.note, key);
    await checkEpoch(receipt, head);
    await checkMap(receipt);
    await checkLines(receipt);
    if (!older) return { receipt, head, key };
    if (!older.startsWith(MAGIC)) {
      await checkGrowth(receipt, await checkHead(older, key), head);
      return { receipt, head, key };
    }
    const old = await verify(older, keyText, "");
    need(old.key.text === key.text, "the two proofs carry different keys");
    await checkGrowth(receipt, old.head, head);
    const before = old.receipt.lines;
    need(same(receipt.label, old.receipt.label)
      && before.every((line, at) => receipt.lines[at] && same(line.leaf, receipt.lines[at].leaf)),
    "lines of the older proof are missing or changed in the newer one");
    return { receipt, head, key };
  };

  // The page

  const older = document.getElementById("older");
  const olderFile = document.getElementById("older-file");
  const keyField = document.getElementById("key");
  const found = document.getElementById("found");
  const button = document.getElementById("check-now");
  const add = (kind, text, into = found) => {
    const one = document.createElement(kind);
    one.textContent = text;
    into.append(one);
    return one;
  };
  const sentence = ({ body }) => {
    if (body === null) return "Closed: a blank line, or one that the law opens later.";
    try {
      const said = JSON.parse(body);
      const by = said.by && said.by.name ? `, by ${said.by.name}` : "";
      return `${said.at.slice(0, 16).replace("T", " ")}: ${said.kind.replaceAll("_", " ")}${by}`;
    } catch { return "A text that this page can not read."; }
  };
  const since = (text) => {
    if (!text) return "";
    const note = text.startsWith(MAGIC) ? text.slice(text.indexOf("\n\n") + 2) : text;
    return String(readCheckpoint(readNote(note).text).size);
  };
  const show = ({ receipt, head, key }, kept, typed) => {
    found.className = "said";
    add("h3", "It holds");
    add("p", `All ${receipt.lines.length} of your lines are there. None was changed.`);
    if (kept) add("p", "Nothing that stood there last time is gone.");
    if (!typed) add("p", `The key came with the proof: ${key.text}. Compare it with your paper.`);
    const details = add("details", "");
    add("summary", "The lines, as the proof holds them", details);
    const list = add("ol", "", details);
    for (const line of receipt.lines) add("li", sentence(line), list);
    const label = add("label", "For next time, keep this text yourself. We do not store it here.");
    const text = add("textarea", receipt.note);
    label.htmlFor = text.id = "to-keep";
    text.readOnly = true;
    text.className = "short-text";
    text.rows = Math.min(head.size ? 8 : 4, 8);
  };
  const fail = (problem) => {
    found.className = "wrong";
    if (problem instanceof NotProved) {
      add("h3", "It does not hold");
      add("p", `${problem.message}. Save the proof, and show it to someone you trust.`);
    } else if (problem instanceof AskedAgain) {
      add("h3", "Say once more who you are");
      add("p", "You signed in some time ago. Save the proof as a file first: that asks who you are. Then check here.");
    } else if (problem instanceof Unreadable) {
      add("h3", "This can not be read");
      add("p", `${problem.message}.`);
    } else {
      add("h3", "Your browser can not do this check");
      add("p", "Nothing is wrong with your list. Save the proof and check it at home.");
    }
  };

  button.addEventListener("click", async () => {
    found.replaceChildren();
    found.className = "";
    button.disabled = true;
    try {
      const file = olderFile.files[0];
      const kept = (file ? await file.text() : older.value).replaceAll("\r\n", "\n");
      const told = kept.trim() ? `${kept.trim()}\n` : "";
      const asked = new URLSearchParams(new FormData(form));
      asked.set("since", since(told));
      asked.set("once", hex(crypto.getRandomValues(new Uint8Array(16)))); // each press asks anew
      const answer = await fetch(form.action, { method: "POST", body: asked, credentials: "same-origin" });
      need(answer.status !== 403, "", AskedAgain);
      need(answer.ok, "the proof could not be fetched", Unreadable);
      show(await verify(await answer.text(), keyField.value.trim(), told), told, keyField.value.trim());
    } catch (problem) {
      fail(problem);
    } finally {
      button.disabled = false;
    }
  });
  document.querySelector("[data-with-script]").hidden = false;
})();
