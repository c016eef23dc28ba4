"""Heads of the ledger as signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature).

Reading and the check of Ed25519 are those of verifying.py. Here heads are signed, and the second
signature is checked: ML-DSA-44 over the cosigned message of tlog-cosignature, which holds when a
quantum computer has made Ed25519 forgeable. It names the time at which it was given.
"""

from __future__ import annotations

import base64
import datetime
from typing import TYPE_CHECKING, Final

from angerona.ciphers.signing import MLDSA44_SIGNATURE_BYTES, verify_mldsa44
from angerona.errors import BadInput, Forged
from angerona.ledger.verifying import (
    Checkpoint,
    Key,
    NotProved,
    key_id,
    read_checkpoint,
    read_note,
    verify_checkpoint,
)

if TYPE_CHECKING:
    from angerona.ciphers.signing import Signer, SignerPublic

ED25519: Final = 0x01
MLDSA44: Final = 0x06
_LABEL: Final = b"subtree/v1\n\0"
_NAME_BYTES_MAX: Final = 255
_TIME_BYTES: Final = 8


def ed25519_key(origin: str, public: SignerPublic) -> Key:
    """The key under which a log signs its heads, named like the log."""
    _check(origin)
    return Key(origin, key_id(origin, ED25519, public.ed25519), ED25519, public.ed25519)


def mldsa44_key(origin: str, public: SignerPublic) -> Key:
    """The key under which a log cosigns its own heads."""
    _check(origin)
    return Key(origin, key_id(origin, MLDSA44, public.mldsa44), MLDSA44, public.mldsa44)


def head_text(head: Checkpoint) -> str:
    """The text of a checkpoint: what is signed."""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def signed(head: Checkpoint, signer: Signer) -> str:
    """The head as a note with the Ed25519 signature."""
    text = head_text(head)
    key = ed25519_key(head.origin, signer.public)
    return f"{text}\n{_line(key, signer.sign_ed25519(text.encode()))}"


def cosigned(note: str, signer: Signer, at: datetime.datetime) -> str:
    """The signed head with the ML-DSA-44 cosignature of this moment added."""
    head = read_checkpoint(read_note(note)[0])
    time = int(at.timestamp()).to_bytes(_TIME_BYTES)
    key = mldsa44_key(head.origin, signer.public)
    signature = signer.sign_mldsa44(_cosigned_message(key, head, time))
    return note + _line(key, time + signature)


def verify_cosignature(note: str, key: Key) -> datetime.datetime:
    """When this ML-DSA-44 key cosigned the head of the note. Raises `Forged`, `Unreadable`."""
    text, signatures = read_note(note)
    head = read_checkpoint(text)
    known = [raw[4:] for name, raw in signatures if (name, raw[:4]) == (key.name, key.key_id)]
    if not known or {len(raw) for raw in known} != {_TIME_BYTES + MLDSA44_SIGNATURE_BYTES}:
        raise Forged("the head does not carry an ML-DSA-44 cosignature of this key")
    for raw in known:
        message = _cosigned_message(key, head, raw[:_TIME_BYTES])
        verify_mldsa44(key.public, message, raw[_TIME_BYTES:])
    seconds = int.from_bytes(known[0][:_TIME_BYTES])
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


def verify_head(note: str, key: Key, cosigner: Key) -> Checkpoint:
    """The head in a note that both of a log's keys signed, or the first alone.

    Raises `Forged` where either signature is wrong, `Unreadable`.
    """
    try:
        head = verify_checkpoint(note, key)
    except NotProved as problem:
        raise Forged(str(problem)) from None
    if any(raw[: len(cosigner.key_id)] == cosigner.key_id for _, raw in read_note(note)[1]):
        verify_cosignature(note, cosigner)
    return head


def _cosigned_message(key: Key, head: Checkpoint, time: bytes) -> bytes:
    """The `cosigned_message` of tlog-cosignature, for a whole tree."""
    name, origin = (
        bytes((len(text.encode()),)) + text.encode() for text in (key.name, head.origin)
    )
    return _LABEL + name + time + origin + bytes(8) + head.size.to_bytes(8) + head.root


def _line(key: Key, signature: bytes) -> str:
    return f"— {key.name} {base64.b64encode(key.key_id + signature).decode()}\n"


def _check(origin: str) -> None:
    """A name that the forms allow: no spaces, no plus, at most 255 bytes."""
    plain = origin.isprintable() and not any(sign.isspace() or sign == "+" for sign in origin)
    if not plain or not 0 < len(origin.encode()) <= _NAME_BYTES_MAX:
        raise BadInput("origin of the ledger", "no name of a log", "1 to 255 bytes, no space or +")
