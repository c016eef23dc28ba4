"""What the outside sees where something went wrong: what to do next, nothing about anyone.

And what was typed goes back to who typed it, in the page that says so: nothing is kept here.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from angerona.errors import (
    AngeronaError,
    AuthorityMoved,
    BadInput,
    Conflicting,
    NotPermitted,
    SentBefore,
    SignedOut,
    StoreError,
    Tampered,
    Unknown,
    Unopenable,
    WrongSignIn,
)
from angerona.site.guards import TOKEN_FIELD
from angerona.site.sendings import ONCE_FIELD, PROOF_FIELDS, key_of
from angerona.web.answers import ANSWER
from angerona.web.turn import Moved, Page

if TYPE_CHECKING:
    from angerona.web.turn import Form, Result

WORDS_TYPED: Final = 3
"""From how many words on a field is worth giving back."""
PROBLEM: Final = "problem.html"
_LOG: Final = logging.getLogger("angerona.site")
_SECRETS: Final = ("password", "code_word", "secret", "words")
"""Parts of the names of fields whose value is never sent back."""
_SECRET_FIELDS: Final = frozenset({TOKEN_FIELD, ONCE_FIELD, *PROOF_FIELDS, "new", "repeated"})
"""The other fields whose value is never sent back: passwords under plainer names."""
_SAID: Final[tuple[tuple[tuple[type[AngeronaError], ...], str, int], ...]] = (
    ((Unknown, NotPermitted), "nothing_here", 404),
    ((WrongSignIn,), "wrong_sign_in", 403),
    ((SentBefore,), "sent_before", 409),
    ((BadInput,), "bad_input", 422),
    ((Conflicting, AuthorityMoved), "moved", 409),
    ((Tampered, Unopenable), "altered", 500),
    ((StoreError,), "store", 503),
    ((AngeronaError,), "our_fault", 500),
)
"""Which error is told in which words, the first that fits."""


def problem_page(said: str, status: int, wrong: AngeronaError | None = None) -> Page:
    """The page that says a kind of error in the words of `problem.html`."""
    return Page(PROBLEM, {"problem": said, "wrong": wrong, "typed": (), "fresh": ""}, status)


def page_of(problem: AngeronaError, back: str = "") -> Page | Moved:
    """The page of an error; `back`: the page to go on with once signed in."""
    if isinstance(problem, SignedOut):
        return Moved("/sign-in", done="signed-out", back=back)
    said, status = next(
        (said, status) for kinds, said, status in _SAID if isinstance(problem, kinds)
    )
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("%s: %s", said, type(problem).__name__)
    return problem_page(said, status, problem)


def given_back(told: Result, form: Form, path: str) -> Result:
    """The page with what was typed, where what was typed went nowhere; nobody types it twice.

    `path`: where it was sent. Of what is no such page nothing is changed.
    """
    if not isinstance(told, Page):
        return told
    typed = typed_in(form)
    if told.template == ANSWER:
        says = {**told.says, "typed": typed, "has_file": bool(form.files)}
        return replace(told, says=says, once=key_of(form))
    is_worth_it = any(len(value.split()) >= WORDS_TYPED for _, value in typed)
    if told.template != PROBLEM or told.says["problem"] == "done_before" or not is_worth_it:
        return told
    # Sent again it is the same form, but where that was found out to be done: then it is another.
    once = "" if told.says["problem"] in {"sent_before", "broken_off"} else key_of(form)
    return replace(told, says={**told.says, "typed": typed, "again": path}, once=once)


def typed_in(form: Form) -> list[tuple[str, str]]:
    """What was typed into a form, by field, but for what nobody who looks on should read."""
    return [
        (name, value)
        for name, values in form.fields.items()
        if name not in _SECRET_FIELDS and not any(one in name for one in _SECRETS)
        for value in values
    ]
