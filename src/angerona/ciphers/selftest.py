"""A known answer for each cipher, asked for before anything is sealed or opened.

A wheel may be built against a library that lacks one of them, or has it wrong. Then nothing
starts: a practice that cannot open its records today is better off than one that seals them
tomorrow so that nobody ever can.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from angerona.ciphers import answers
from angerona.ciphers.answers import CONTEXT, KEY, TEXT
from angerona.ciphers.derive import derived
from angerona.ciphers.entries import open_entry, seal_entry
from angerona.ciphers.passwords import argon2id
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.shamir import combine
from angerona.ciphers.signing import Signer, verify, verify_ed25519
from angerona.ciphers.wraps import WrapPair, fingerprint, unwrap, wrap
from angerona.errors import Forged, SuiteFailure, Unopenable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def self_test() -> None:
    """Return if every cipher gives its known answer and refuses an altered one.

    Takes well under 200 ms. Raises `SuiteFailure` naming the cipher that does not.
    """
    for name, is_right in _CHECKS.items():
        try:
            right = is_right()
        except Exception as problem:
            raise SuiteFailure(f"{name}: the self-test broke off") from problem
        if not right:
            raise SuiteFailure(f"{name}: not the known answer")


def _derives() -> bool:
    return derived(KEY, "angerona/self-test/v1", CONTEXT) == answers.DERIVED


def _entry_opens() -> bool:
    return (
        open_entry(KEY, CONTEXT, answers.ENTRY) == TEXT
        and open_entry(KEY, CONTEXT, seal_entry(KEY, CONTEXT, TEXT)) == TEXT
        and _refused(lambda: open_entry(KEY, CONTEXT, _altered(answers.ENTRY)))
        and _refused(lambda: open_entry(KEY, b"another", answers.ENTRY))
    )


def _row_opens() -> bool:
    return (
        open_row(KEY, CONTEXT, answers.ROW) == TEXT
        and open_row(KEY, CONTEXT, seal_row(KEY, CONTEXT, TEXT)) == TEXT
        and _refused(lambda: open_row(KEY, CONTEXT, _altered(answers.ROW)))
        and _refused(lambda: open_row(KEY, b"another", answers.ROW))
    )


def _wrap_opens() -> bool:
    pair = WrapPair.from_seed(KEY)
    return (
        fingerprint(pair.public) == answers.WRAP_PUBLIC
        and unwrap(pair, CONTEXT, answers.WRAP) == TEXT
        and unwrap(pair, CONTEXT, wrap(pair.public, CONTEXT, TEXT)) == TEXT
        and _refused(lambda: unwrap(pair, CONTEXT, _altered(answers.WRAP)))
        and _refused(lambda: unwrap(pair, b"another", answers.WRAP))
    )


def _signs() -> bool:
    signer = Signer.from_seed(KEY)
    public, signature = signer.public, signer.sign(TEXT)
    verify(public, TEXT, signature)
    verify_ed25519(answers.ED25519_PUBLIC, TEXT, answers.ED25519_SIGNATURE)
    altered = _altered(answers.ED25519_SIGNATURE)
    return (
        public.ed25519 == answers.ED25519_PUBLIC
        and hashlib.sha256(public.mldsa44).digest() == answers.MLDSA44_PUBLIC
        and signer.sign_ed25519(TEXT) == answers.ED25519_SIGNATURE
        and _refused(lambda: verify_ed25519(public.ed25519, TEXT, altered))
        and _refused(lambda: verify(public, TEXT, _altered(signature)))
        and _refused(lambda: verify(public, CONTEXT, signature))
    )


def _stretches() -> bool:
    """With 1 MiB, not 64: the same code in a hundredth of the time."""
    return argon2id(TEXT, KEY[:16], KEY, memory_kib=1024, rounds=3) == answers.STRETCHED


def _combines() -> bool:
    return combine([answers.SHARE_3, answers.SHARE_1], 2, CONTEXT) == KEY


def _altered(blob: bytes) -> bytes:
    return blob[:-1] + bytes((blob[-1] ^ 1,))


def _refused(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except (Unopenable, Forged):
        return True
    return False


_CHECKS: Final[Mapping[str, Callable[[], bool]]] = {
    "HKDF-SHA256": _derives,
    "Cobblestone-256": _entry_opens,
    "AES-256-GCM": _row_opens,
    "HPKE with X-Wing": _wrap_opens,
    "Ed25519 and ML-DSA-44": _signs,
    "Argon2id": _stretches,
    "Shamir's shares": _combines,
}
