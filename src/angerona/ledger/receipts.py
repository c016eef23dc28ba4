"""What a client takes home: a C2SP tlog-proof of the whole of their part of the ledger.

Its head ends with the epoch leaf, whose map holds the state under the client's label; all lines of
that state are there, open or closed. `verifying.py` reads and checks it; here it is written, and
nothing is handed out that did not pass that check.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.ledger.prefix_map import packed_path
from angerona.ledger.verifying import FORM, MAGIC, verify, vkey

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.ledger.prefix_map import Found
    from angerona.ledger.verifying import Key, Shown, State


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything a receipt is made of. `state` is nothing for a label without lines.

    `since` is the size of an older head with the consistency proof from it, where one was asked.
    """

    note: str
    key: Key
    epoch_index: int
    epoch: bytes
    inclusion: Sequence[bytes]
    label: bytes
    state: State | None
    found: Found
    lines: Sequence[Shown]
    since: tuple[int, Sequence[bytes]] | None


def receipt_text(parts: Parts) -> str:
    """The receipt, checked as its reader will check it. Raises `NotProved` where it would fail."""
    state, since = parts.state, parts.since
    extra = {
        "form": FORM,
        "key": vkey(parts.key),
        "epoch": _base64(parts.epoch),
        "label": _base64(parts.label),
        "state": _base64(state.lines.to_bytes(8) + b"".join(state[1:]) if state else b""),
        "path": _base64(packed_path(parts.found.path)),
        "other": _base64(parts.found.other),
        "since": _base64(since[0].to_bytes(8) + b"".join(since[1]) if since else b""),
        "lines": [_line(line) for line in parts.lines],
    }
    told = json.dumps(extra, ensure_ascii=False, separators=(",", ":")).encode()
    above = [MAGIC, f"extra {_base64(told)}", f"index {parts.epoch_index}"]
    above += [_base64(hashed) for hashed in parts.inclusion]
    text = "\n".join([*above, "", parts.note])
    verify(text, key=vkey(parts.key), since=None)
    return text


def _line(line: Shown) -> list[str]:
    if line.secret is None or line.body is None:
        return [_base64(line.leaf)]
    return [_base64(line.leaf), _base64(line.secret), line.body.decode()]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
