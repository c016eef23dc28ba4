"""A form that is sent twice does its work once, and the second answer is the first one.

What is sent while the same form is still being worked on (a double click) waits for it and gets the
very answer; what comes later (a page loaded again, a step back, another tab) gets what is
remembered of it (`practice/sending.py`).
"""

from __future__ import annotations

import os
import re
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.encoding import digest
from angerona.practice.sending import Sending
from angerona.site.guards import TOKEN_FIELD
from angerona.web.turn import Download, Moved, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.sealed.vault import Visit
    from angerona.web.turn import Form, Result

ONCE_FIELD: Final = "once"
"""The field with a form's own key."""
AGAIN_FIELD: Final = "again"
"""The field of a form in which somebody proves it anew."""
AGAIN_BEFORE: Final = "again_"
"""What the names of the fields begin with in which a passkey does."""
PROOF_FIELDS: Final = frozenset(
    {AGAIN_FIELD, *(f"{AGAIN_BEFORE}{one}" for one in ("passkey", "challenge", "secret"))}
)
KEY_BYTES: Final = 16
_KEY: Final = re.compile(r"[0-9a-f]{32}")
_CONTENT: Final = "angerona/sent/content/v1"
_NO_CONTENT: Final = frozenset({TOKEN_FIELD, *PROOF_FIELDS, ONCE_FIELD, "mark"})
"""Fields that nobody typed, or that prove who typed the others."""


class _Page(msgspec.Struct, frozen=True, tag="page"):
    template: str
    says: dict[str, object]
    status: int


class _Moved(msgspec.Struct, frozen=True, tag="moved"):
    to: str
    done: str


class Sendings:
    """The forms that are being worked on."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._open: dict[tuple[bytes, bytes], Future[Result]] = {}

    def one(self, sending: Sending, act: Callable[[], Result]) -> Result:
        """What `act` gives, or what it is about to give for the same form sent a moment ago."""
        name = (sending.place.sent_id, sending.content)
        mine: Future[Result] = Future()
        with self._lock:
            first = self._open.setdefault(name, mine)
        if first is not mine:
            return first.result()
        try:
            mine.set_result(act())
        except BaseException as problem:
            mine.set_exception(problem)
            raise
        finally:
            with self._lock:
                del self._open[name]
        return mine.result()


def new_key() -> str:
    """The key of a form that is shown for the first time."""
    return os.urandom(KEY_BYTES).hex()


def key_of(form: Form) -> str:
    """The key that a form came with; empty where that is none."""
    given = form.text(ONCE_FIELD)
    return given if _KEY.fullmatch(given) else ""


def sending_of(visit: Visit, page: str, form: Form) -> Sending:
    """A form as it came now. It must have a key (`key_of`)."""
    return Sending.of(visit, page, bytes.fromhex(key_of(form)), content_of(form))


def content_of(form: Form) -> bytes:
    """The digest (32 bytes) of what was typed into a form, and of its files."""
    parts: list[bytes | str | int] = []
    for name, values in sorted(form.fields.items()):
        if name not in _NO_CONTENT:
            parts += [name, len(values), *(one.replace("\r\n", "\n") for one in values)]
    for name, files in sorted(form.files.items()):
        parts += [name, len(files)]
        for file in files:
            parts += [file.name, file.data]
    return digest(_CONTENT, *parts)


def remembered(result: Result) -> bytes | None:
    """What can be given again to who sends the form again; nothing of what is shown but once."""
    if isinstance(result, Moved) and result.cookie is None and not result.ends:
        return msgspec.msgpack.encode(_Moved(result.to, result.done))
    if isinstance(result, Download) and result.again:
        return msgspec.msgpack.encode(_Moved(result.again, ""))
    if isinstance(result, Page) and result.stays:
        return msgspec.msgpack.encode(_Page(result.template, dict(result.says), result.status))
    return None


def given_again(told: bytes) -> Page | Moved:
    """The answer that was remembered."""
    found = msgspec.msgpack.decode(told, type=_Page | _Moved)
    if isinstance(found, _Moved):
        return Moved(found.to, found.done)
    return Page(found.template, found.says, found.status)
