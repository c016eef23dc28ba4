"""When what a client writes may mean danger: help is shown at once, and whoever is on call is told.

The words are a list (`crisis_words.toml`), not a judgement. What was written is kept as it is.
"""

from __future__ import annotations

import os
import re
import tomllib
import unicodedata
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.gate.announcing import Act, announced
from angerona.practice.colleagues import on_call
from angerona.practice.duties import CALL
from angerona.practice.own_choices import own_authority
from angerona.practice.paging import pages_of_call, put_pages
from angerona.sealed.duties import Duty, DutyRow

if TYPE_CHECKING:
    from angerona.sealed.vault import Visit

WHY: Final = {
    "words": "words in a message",
    "measure": "an answer in a form",
    "asked": "the client asked for it",
}
"""What led to a call; nothing of what was written."""


def is_crisis(text: str) -> bool:
    """Whether a text has one of the words, in any of the languages there are."""
    return _words().search(_plain(text)) is not None


def on_call_now(visit: Visit) -> list[str]:
    """The names of those who hold the post of being on call."""
    return [one.row.name for one in on_call(visit.vault, visit.at)]


def call_for_help(visit: Visit, *, why: str) -> list[str]:
    """Have whoever is on call reach the client who is signed in; gives their names.

    Owed from now on, with a line in the client's list, until somebody says that it was done
    (`duties.fulfil`); whoever said where is paged by mail too (`paging.py`). `why` is a word of
    `WHY`. Raises `NotPermitted` for anybody but a client, `AuthorityMoved`.
    """
    vault, authority = visit.vault, own_authority(visit)
    owed = {
        "id": CALL,
        "kind": "review",
        "mode": "required",
        "what": f"reach the client now, by the ways the client allows ({WHY[why]})",
        "due": "PT0S",
        "due_from": "the act",
        "sure": True,
    }
    row = DutyRow(
        client_id=authority.client_id,
        act="call",
        by=visit.person.person_id,
        at=visit.at,
        owed=msgspec.json.encode(owed),
        due=visit.at,
    )
    names = on_call_now(visit)
    body = {"by": visit.person.described, "what": WHY[why], "called": names}
    pages = partial(put_pages, vault, pages_of_call(vault, visit.at))
    owes = (Duty(os.urandom(16), row),)
    act = Act(authority.client_id, "call", body, owes=owes, change=pages)
    announced(vault, act, visit.at, authority=None)
    return names


@cache
def _words() -> re.Pattern[str]:
    found = resources.files("angerona.practice").joinpath("crisis_words.toml")
    told = tomllib.loads(found.read_text(encoding="utf-8"))
    words = {_plain(word) for language in told.values() for word in language}
    return re.compile(r"\b(?:" + "|".join(re.escape(one) for one in sorted(words)) + r")\b")


def _plain(text: str) -> str:
    """A text without capitals, accents, apostrophes, and with one space between words."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in folded if not unicodedata.combining(sign))
    return " ".join(re.sub(r"['\u2019]", "", bare).split())
