"""Checks a receipt of the ledger: one file, standard library only, runs alone.

    python verifying.py RECEIPT [--since OLDER] [--key VKEY]

RECEIPT is a receipt (a C2SP tlog-proof), OLDER an older receipt or a remembered head, VKEY the key
as the practice published it. Exit code 0: proved; 1: not proved; 2: cannot be read. `verify` lists
the steps. It is the reference: the product itself verifies with these functions.
Forms: C2SP signed-note, tlog-checkpoint, tlog-proof; RFC 6962; RFC 8032; docs/adr/0009.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hmac
import json
import re
import sys
import textwrap
from hashlib import sha256, sha512
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Path = Sequence[tuple[int, bytes]]  # the forks above a label, deepest first: bits, other side

SIZE_MAX: Final = 64 * 2**20
MAGIC: Final = "c2sp.org/tlog-proof@v1"
FORM: Final = "angerona/receipt/v1"
ZERO: Final = bytes(32)
EMPTY_ROOT: Final = sha256(b"").digest()
EMPTY_MAP: Final = sha256(b"\x05").digest()
EVENT_BYTES: Final = 138
EPOCH_BYTES: Final = 49
STATE_BYTES: Final = 104
_TEXTS: Final = ("form", "key", "epoch", "label", "state", "path", "other", "since")
_EXTRA: Final = {"lines": list, **dict.fromkeys(_TEXTS, str)}
_SIGNATURES_MAX: Final = 64
_SHOWN_MAX: Final = 160
_WIDTH: Final = 79
_NUMBER: Final = re.compile(r"(?:0|[1-9][0-9]{0,18})\Z", re.ASCII)
_SIGNATURE: Final = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]{7,}={0,2})\Z")
_VKEY: Final = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{3,}={0,2})\Z")
_LIMITS: Final = (
    "that nothing happened which this software did not write down;",
    "anything newer than this head;",
    "what a closed line says: it is blank, or the law delays it, and then it opens later;",
    "the head's second signature (ML-DSA-44), which this small program does not check;",
)


class Unreadable(Exception):
    """What was given is not in the form of a receipt, a note or a key."""


class NotProved(Exception):
    """It can be read, and does not prove what it should; the message says where it failed."""


class Checkpoint(NamedTuple):
    """The head of a log: its name, the number of its leaves, the root over them."""

    origin: str
    size: int
    root: bytes


class Key(NamedTuple):
    """A verifier key (C2SP signed-note); kind 1 is Ed25519, 6 an ML-DSA-44 cosigner."""

    name: str
    key_id: bytes
    kind: int
    public: bytes


class State(NamedTuple):
    """What the map holds for a label: number of lines, their root, the two bindings."""

    lines: int
    root: bytes
    keys: bytes
    entries: bytes


class Shown(NamedTuple):
    """A line as a receipt shows it: its leaf, and secret and body where it is open."""

    leaf: bytes
    secret: bytes | None
    body: bytes | None


class Receipt(NamedTuple):
    """A receipt, read and not yet believed. Without a state, `other` shows the label's absence."""

    note: str
    place: int
    proof: list[bytes]
    key: Key
    epoch: bytes
    label: bytes
    state: State | None
    path: Path
    other: bytes
    lines: list[Shown]
    since: int | None
    consistency: list[bytes]


class Proved(NamedTuple):
    """What was proved. `older` is the older head, `before` how many lines stood there then."""

    key: Key
    head: Checkpoint
    label: bytes
    lines: list[Shown]
    older: Checkpoint | None
    before: int | None


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 6962 2.1: the hash of one leaf."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 2.1: the hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


def tree_root(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes (RFC 6962 2.1), level by level; an odd last one moves up as is."""
    level = list(hashes)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        above = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
        level = above + level[-1:] if len(level) % 2 else above
    return level[0] if level else EMPTY_ROOT


def _sides(node: int, last: int, proof: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each hash of a proof, and whether it stands to the left (RFC 9162 2.1.3.2, step 4)."""
    for other in proof:
        if last == 0:
            raise NotProved("a proof in the tree is too long")
        is_left = node == last or node & 1 == 1
        while is_left and node and not node & 1:
            node, last = node >> 1, last >> 1
        yield other, is_left
        node, last = node >> 1, last >> 1
    if last:
        raise NotProved("a proof in the tree is too short")


def verify_inclusion(
    index: int, size: int, leaf: bytes, proof: Iterable[bytes], root: bytes
) -> None:
    """RFC 9162 2.1.3.2: the leaf hash stands at `index` of the tree. Raises `NotProved`."""
    if not 0 <= index < size or len(leaf) != len(ZERO):
        raise NotProved("the leaf stands beyond the end of the tree")
    for other, is_left in _sides(index, size - 1, proof):
        leaf = node_hash(other, leaf) if is_left else node_hash(leaf, other)
    if leaf != root:
        raise NotProved("the leaf does not stand in the tree where the proof says it does")


def verify_consistency(
    size: int, later: int, root: bytes, later_root: bytes, proof: Sequence[bytes]
) -> None:
    """RFC 9162 2.1.4.2: the later tree only added to the earlier, not empty one. `NotProved`."""
    if 0 < size == later and root == later_root and not proof:
        return
    if not 0 < size < later or not proof:
        raise NotProved("the later head does not prove that it continues the earlier one")
    node, last = size - 1, later - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first, *others = [root, *proof] if size & (size - 1) == 0 else proof
    old = new = first
    for other, is_left in _sides(node, last, others):
        old = node_hash(other, old) if is_left else old
        new = node_hash(other, new) if is_left else node_hash(new, other)
    if (old, new) != (root, later_root):
        raise NotProved("the later head does not continue the earlier one: the past was changed")


def bit_of(label: bytes, place: int) -> int:
    """Bit number `place` of a label, counted from the left, beginning with 0."""
    return label[place >> 3] >> (7 - (place & 7)) & 1


def prefix_of(label: bytes, bits: int) -> bytes:
    """The first `bits` bits of a 32-byte label, the rest zero."""
    return (int.from_bytes(label) >> (256 - bits) << (256 - bits)).to_bytes(32)


def map_leaf(label: bytes, value: bytes) -> bytes:
    """What is hashed for a label and its value."""
    return b"\x02" + label + value


def map_node(bits: int, prefix: bytes, left: bytes, right: bytes) -> bytes:
    """What is hashed for a fork after `bits` bits; every label below it begins with `prefix`."""
    return b"\x03" + bits.to_bytes(2) + prefix + left + right


def map_root(label: bytes, node: bytes, path: Path, *, above: int) -> bytes:
    """The root of the map over a node on the label's way; its forks end above bit `above`.

    Raises `NotProved` where the forks do not lead straight up.
    """
    hashed = sha256(node).digest()
    for bits, other in path:
        if bits >= above:
            raise NotProved("the map proof does not lead straight up")
        sides = (other, hashed) if bit_of(label, bits) else (hashed, other)
        hashed, above = sha256(map_node(bits, prefix_of(label, bits), *sides)).digest(), bits
    return hashed


def map_root_without(label: bytes, other: bytes, path: Path) -> bytes:
    """The root of a map in which the label's way ends at `other`, a node that is not the label's.

    `other` is a leaf with another label, a fork with another prefix, or nothing in an empty map.
    Raises `NotProved`.
    """
    if not other and not path:
        return EMPTY_MAP
    if len(other) == 65 and other[0] == 2:  # noqa: PLR2004 -- a leaf's form, see map_leaf
        prefix, end = other[1:33], 256
    elif len(other) == 99 and other[0] == 3:  # noqa: PLR2004 -- a fork's form, see map_node
        prefix, end = other[3:35], int.from_bytes(other[1:3])
    else:
        raise NotProved("the map proof ends at no node")
    shared = 256 - (int.from_bytes(prefix) ^ int.from_bytes(label)).bit_length()
    if shared >= min(end, 256):
        raise NotProved("the map proof does not show that the label is absent")
    return map_root(label, other, path, above=shared)


def state_value(state: State) -> bytes:
    """The value under a label: the hash of its state."""
    return sha256(b"\x04" + state.lines.to_bytes(8) + b"".join(state[1:])).digest()


_P: Final = 2**255 - 19  # RFC 8032 5.1: the field, the order of the base point, d, sqrt(-1)
_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_D: Final = -121665 * pow(121666, -1, _P) % _P
_ROOT: Final = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _point(raw: bytes) -> _Point | None:
    """RFC 8032 5.1.3; nothing for what is no point, or not written in the one allowed way."""
    sign, y = raw[31] >> 7, int.from_bytes(raw, "little") & (2**255 - 1)
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    x = x * _ROOT % _P if (x * x - square) % _P else x
    if y >= _P or (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return x, y, 1, x * y % _P


def _sum(one: _Point, two: _Point) -> _Point:
    a = (one[1] - one[0]) * (two[1] - two[0]) % _P
    b = (one[1] + one[0]) * (two[1] + two[0]) % _P
    c, d = 2 * one[3] * two[3] * _D % _P, 2 * one[2] * two[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _double(one: _Point) -> _Point:
    a, b = one[0] * one[0], one[1] * one[1]
    h, g = a + b, a - b
    e, f = h - (one[0] + one[1]) ** 2, 2 * one[2] * one[2] + g
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


_NEUTRAL: Final = (0, 1, 1, 0)
_BASE: Final = _point((4 * pow(5, -1, _P) % _P).to_bytes(32, "little")) or _NEUTRAL


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature holds (RFC 8032 5.1.7); points of small order sign nothing."""
    point = _point(public) if (len(public), len(signature)) == (32, 64) else None
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or scalar >= _ORDER or _double(_double(_double(point)))[0] == 0:
        return False
    hashed = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % _ORDER
    minus = (_P - point[0], point[1], 1, _P - point[3])
    steps = (_NEUTRAL, _BASE, minus, _sum(_BASE, minus))
    total: _Point = _NEUTRAL
    for place in range(252, -1, -1):
        step = (scalar >> place & 1) | (hashed >> place & 1) << 1
        total = _sum(_double(total), steps[step]) if step else _double(total)
    inverse = pow(total[2], -1, _P)
    x, y = total[0] * inverse % _P, total[1] * inverse % _P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def unbase64(text: str, place: str, length: int | None = None) -> bytes:
    """Strict base64 (RFC 4648 section 4; one way to write a value). Raises `Unreadable`."""
    try:
        raw = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except ValueError:
        raise Unreadable(f"{place} is not base64") from None
    if base64.b64encode(raw).decode() != text or length not in {None, len(raw)}:
        raise Unreadable(f"{place} is not base64 of the right length")
    return raw


def whole(text: str, place: str) -> int:
    """A whole number without sign or leading zeros. Raises `Unreadable`."""
    if not _NUMBER.match(text):
        raise Unreadable(f"{place} is not a number")
    return int(text)


def read_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a signed note, and its signatures as (name, key id and signature)."""
    text, gap, below = note.rpartition("\n\n")
    *lines, end = below.split("\n")
    if not text or not gap or end or not 0 < len(lines) <= _SIGNATURES_MAX:
        raise Unreadable("this is not a signed note: a text, an empty line, signatures")
    if any(sign < " " and sign != "\n" for sign in note):
        raise Unreadable("the note holds control characters")
    found = [_SIGNATURE.match(line) for line in lines]
    signatures = [(line[1], unbase64(line[2], "a signature")) for line in found if line]
    if len(signatures) != len(lines):
        raise Unreadable("a signature line of the note is not in the right form")
    return text + "\n", signatures


def key_id(name: str, kind: int, public: bytes) -> bytes:
    """C2SP signed-note: the four bytes that, with its name, tell a key."""
    return sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


def read_vkey(vkey: str) -> Key:
    """`name+hex key id+base64(kind, public key)`. Raises `Unreadable`."""
    found = _VKEY.match(vkey)
    raw = unbase64(found[3], "the key") if found else b""
    if not found or key_id(found[1], raw[0], raw[1:]).hex() != found[2]:
        raise Unreadable("this is not a verifier key: name+id+base64")
    return Key(found[1], bytes.fromhex(found[2]), raw[0], raw[1:])


def vkey(key: Key) -> str:
    """The text form of a verifier key, to be published and compared."""
    public = base64.b64encode(bytes([key.kind]) + key.public).decode()
    return f"{key.name}+{key.key_id.hex()}+{public}"


def read_checkpoint(text: str) -> Checkpoint:
    """C2SP tlog-checkpoint: origin, size, root; further lines are left alone."""
    *lines, end = text.split("\n")
    if len(lines) < 3 or end or not all(lines):  # noqa: PLR2004 -- origin, size, root
        raise Unreadable("this is not a checkpoint: name, size, root")
    return Checkpoint(lines[0], whole(lines[1], "the size"), unbase64(lines[2], "the root", 32))


def verify_checkpoint(note: str, key: Key) -> Checkpoint:
    """The head in a note that this Ed25519 key signed. Raises `Unreadable`, `NotProved`."""
    text, signatures = read_note(note)
    known = [raw[4:] for name, raw in signatures if (name, raw[:4]) == (key.name, key.key_id)]
    if key.kind != 1 or not known:
        raise NotProved("the head does not carry a signature of this key")
    if not all(is_signed(key.public, text.encode(), signature) for signature in known):
        raise NotProved("the signature of the head is wrong")
    return read_checkpoint(text)


def _json(raw: bytes) -> Any:  # noqa: ANN401 -- JSON is what it is until it is checked
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        table = dict(pairs)
        if len(table) != len(pairs):
            raise ValueError
        return table

    try:
        return json.loads(raw, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return None


def _pieces(raw: bytes, length: int) -> list[bytes]:
    if len(raw) % length:
        raise Unreadable("a list of hashes is cut off")
    return [raw[start : start + length] for start in range(0, len(raw), length)]


def read_state(raw: bytes) -> State:
    """A state from its 104 bytes, as it stands in receipts."""
    return State(int.from_bytes(raw[:8]), raw[8:40], raw[40:72], raw[72:])


def _shown(line: Any) -> Shown:  # noqa: ANN401 -- JSON is what it is until it is checked
    if type(line) is not list or [type(part) for part in line] not in ([str], [str] * 3):
        raise Unreadable("a line is neither closed nor open")
    leaf = unbase64(line[0], "a line", EVENT_BYTES)
    if len(line) == 1:
        return Shown(leaf, None, None)
    return Shown(leaf, unbase64(line[1], "a secret", 32), line[2].encode(errors="surrogatepass"))


def read_receipt(text: str) -> Receipt:
    """Read a C2SP tlog-proof and what stands in its `extra`. Raises `Unreadable`."""
    above, _, note = text.partition("\n\n")
    lines = above.split("\n")
    starts = [line.partition(" ")[0] for line in lines[:3]]
    if starts != [MAGIC, "extra", "index"] or lines[0] != MAGIC:
        raise Unreadable(f"this is not a receipt: it begins with {MAGIC}, extra, index")
    extra = _json(unbase64(lines[1][6:], "extra"))
    if type(extra) is not dict or {name: type(extra[name]) for name in extra} != _EXTRA:
        raise Unreadable("extra is not the table it should be")
    if extra["form"] != FORM:
        raise Unreadable(f"this program reads receipts of the form {FORM}")
    state = unbase64(extra["state"], "the state", STATE_BYTES if extra["state"] else 0)
    since = unbase64(extra["since"], "the proof since")
    if 0 < len(since) < 8:  # noqa: PLR2004 -- a size is eight bytes
        raise Unreadable("the proof since is cut off")
    steps = _pieces(unbase64(extra["path"], "the map proof"), 34)
    return Receipt(
        note=note,
        place=whole(lines[2][6:], "the index"),
        proof=[unbase64(line, "a hash of the proof", 32) for line in lines[3:]],
        key=read_vkey(extra["key"]),
        epoch=unbase64(extra["epoch"], "the epoch leaf", EPOCH_BYTES),
        label=unbase64(extra["label"], "the label", 32),
        state=read_state(state) if state else None,
        path=[(int.from_bytes(step[:2]), step[2:]) for step in steps],
        other=unbase64(extra["other"], "the other node"),
        lines=[_shown(line) for line in extra["lines"]],
        since=int.from_bytes(since[:8]) if since else None,
        consistency=_pieces(since[8:], 32),
    )


def verify(text: str, *, key: str | None, since: str | None) -> Proved:
    """Verify a receipt. Raises `Unreadable`, `NotProved`.

    1. its head is signed; 2. the head's last leaf is the epoch leaf; 3. the epoch's map holds the
    label's state, or shows that it has none; 4. the lines are exactly the lines of that state;
    5. each opening fits its line; 6. what stood in the older receipt or head stands there still.
    """
    receipt = read_receipt(text)
    trusted = read_vkey(key) if key else receipt.key
    head = verify_checkpoint(receipt.note, trusted)
    _check_epoch(receipt, head)
    _check_map(receipt)
    _check_lines(receipt)
    for place, line in enumerate(receipt.lines, 1):
        _check_opening(place, line)
    if since is None:
        return Proved(trusted, head, receipt.label, receipt.lines, None, None)
    if not since.startswith(MAGIC):
        older = verify_checkpoint(since, trusted)
        _check_growth(receipt, older, head)
        return Proved(trusted, head, receipt.label, receipt.lines, older, None)
    old = verify(since, key=key, since=None)
    if old.key != trusted:
        raise NotProved("the two receipts carry different keys: say with --key which one to trust")
    _check_growth(receipt, old.head, head)
    leaves = [line.leaf for line in receipt.lines[: len(old.lines)]]
    if receipt.label != old.label or leaves != [line.leaf for line in old.lines]:
        raise NotProved("lines of the older receipt are missing or changed in the newer one")
    return Proved(trusted, head, receipt.label, receipt.lines, old.head, len(old.lines))


def _check_epoch(receipt: Receipt, head: Checkpoint) -> None:
    covered = int.from_bytes(receipt.epoch[1:9])
    if receipt.epoch[0] != 2 or not covered == receipt.place == head.size - 1:  # noqa: PLR2004 -- an epoch leaf's type
        raise NotProved("the head does not end with the epoch leaf: it may hold lines not covered")
    hashed = leaf_hash(receipt.epoch)
    verify_inclusion(receipt.place, head.size, hashed, receipt.proof, head.root)


def _check_map(receipt: Receipt) -> None:
    label, state, path = receipt.label, receipt.state, receipt.path
    if state is None:
        root = map_root_without(label, receipt.other, path)
    else:
        root = map_root(label, map_leaf(label, state_value(state)), path, above=256)
    if root != receipt.epoch[9:41]:
        raise NotProved("the map of the ledger does not hold this state for the label")


def _check_lines(receipt: Receipt) -> None:
    """The lines are those of the state: as many, each in its place, none changed."""
    state = receipt.state or State(0, EMPTY_ROOT, ZERO, ZERO)
    if state.lines != len(receipt.lines):
        shown = len(receipt.lines)
        raise NotProved(f"the ledger counts {state.lines} lines, and the receipt shows {shown}")
    bound = [ZERO, ZERO, ZERO]
    for place, (leaf, _, _) in enumerate(receipt.lines):
        slot, its_place = leaf[1], int.from_bytes(leaf[34:42])
        if leaf[0] != 1 or slot >= len(bound) or leaf[2:34] != receipt.label or its_place != place:
            raise NotProved(f"line {place + 1} stands out of place, or belongs to someone else")
        bound[slot] = leaf[106:]
    if tree_root(leaf_hash(line.leaf) for line in receipt.lines) != state.root:
        raise NotProved("the lines are not the ones in the ledger: at least one was changed")
    if bound != [ZERO, state.keys, state.entries]:
        raise NotProved("what the lines bind is not what the ledger holds as bound")


def _check_opening(place: int, line: Shown) -> None:
    if line.secret is None or line.body is None:
        return
    if hmac.digest(line.secret, line.body, "sha256") != line.leaf[42:74]:
        raise NotProved(f"line {place}: its text is not the one that was written down")


def _check_growth(receipt: Receipt, older: Checkpoint, head: Checkpoint) -> None:
    if older.origin != head.origin:
        raise NotProved("the older head belongs to another ledger")
    if older.size > head.size:
        raise NotProved("the older head holds more: the ledger was set back")
    if older.size not in {receipt.since, head.size}:
        raise NotProved(f"ask for a receipt that proves what was added since size {older.size}")
    proof = receipt.consistency if older.size != head.size else []
    verify_consistency(older.size, head.size, older.root, head.root, proof)


def told(proved: Proved) -> list[str]:
    """What was proved, as lines for a person to read."""
    shown, head, older, before = proved.lines, proved.head, proved.older, proved.before
    said = [
        f"PROVED, in the ledger {_plain(head.origin)} up to its leaf {head.size}:",
        f"- lines under the label {proved.label.hex()}: {len(shown)}, all of them shown here;",
        "- none of them is missing, doubled, changed or out of order:",
    ]
    for place, line in enumerate(shown, 1):
        text = f"  {place}. {_sentence(line)}"
        said += textwrap.wrap(text, _WIDTH, subsequent_indent="     ", break_on_hyphens=False)
    if older:
        said.append(f"- since its leaf {older.size} the ledger was only added to;")
    if before is not None and before == len(shown):
        said.append("- since then no line was added here: by this software, nobody looked.")
    elif before is not None:
        opened = sum(line.body is not None for line in shown[before:])
        closed = len(shown) - before - opened
        said.append(f"- lines added since then: {opened} open, {closed} closed.")
        if not opened:
            said.append(
                "- so, by this software, nobody looked; but for what a closed line may say."
            )
    return said


def _sentence(line: Shown) -> str:
    if line.body is None:
        return "(closed)"
    body = _json(line.body)
    if type(body) is not dict:
        return "(a text this program cannot read)"
    first = f"{_plain(body.pop('at', ''))}  {_plain(body.pop('kind', '')).replace('_', ' ')}"
    rest = ((_plain(name), _plain(body[name])) for name in sorted(body))
    return "; ".join([first, *(f"{name}: {text}" for name, text in rest if text)])


def _plain(given: object) -> str:
    """A text that cannot steer a terminal, cut where it is long; of somebody, the name alone."""
    if type(given) is dict:
        given = given.get("name") or [_plain(value) for value in given.values() if value]
    parts = [str(part) for part in given] if type(given) is list else [str(given)]
    text = "".join(sign if sign.isprintable() else "?" for sign in ", ".join(parts))
    return text if len(text) <= _SHOWN_MAX else text[:_SHOWN_MAX] + "..."


def _file(name: str) -> str:
    try:
        with open(name, "rb") as source:  # noqa: PTH123 -- this file stays small and stands alone
            raw = source.read(SIZE_MAX + 1)
        text = raw.decode()
    except (OSError, ValueError):
        raise Unreadable(f"{_plain(name)}: no readable text file") from None
    if len(raw) > SIZE_MAX:
        raise Unreadable(f"{_plain(name)}: larger than {SIZE_MAX} bytes")
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Verify the files named on the command line; the exit code."""
    parser = argparse.ArgumentParser(description="Checks a receipt of the ledger.")
    parser.add_argument("receipt", metavar="RECEIPT", help="the receipt to check")
    parser.add_argument("--since", metavar="OLDER", help="an older receipt, or a remembered head")
    parser.add_argument("--key", metavar="VKEY", help="the key that the practice published")
    given = parser.parse_args(arguments)
    limits = list(_LIMITS)
    try:
        since = _file(given.since) if given.since else None
        proved = verify(_file(given.receipt), key=given.key, since=since)
        said, code = told(proved), 0
    except NotProved as problem:
        said, code, limits = [f"NOT PROVED: {problem}."], 1, []
    except Unreadable as problem:
        said, code, limits = [f"CANNOT BE READ: {problem}."], 2, []
    if code == 0 and not given.key:
        key = vkey(proved.key)
        limits.append(f"that this key is the practice's, out of the receipt itself: {key};")
    if limits:
        said += ["NOT PROVED, by this or by any receipt:", *(f"- {limit}" for limit in limits)]
    sys.stdout.buffer.write("\n".join([*said, ""]).encode(errors="replace"))
    return code


if __name__ == "__main__":  # pragma: no cover -- it runs in a process of its own in the tests
    sys.exit(main())
