"""Calls for help: what a client writes may mean danger, or a colleague heard of one.

Help is shown at once, and whoever is on call is told. The words are a list (`crisis_words.toml`),
not a judgement. What was written is kept as it is.
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

from angerona.errors import BadInput, NotPermitted, one_of
from angerona.gate.announcing import Act, announced
from angerona.gate.saying import HELD_AT_FIRST
from angerona.practice.clients import known_authority
from angerona.practice.colleagues import everybody, on_call
from angerona.practice.duties import CALL
from angerona.practice.own_choices import own_authority
from angerona.practice.paging import pages_of_call, put_pages
from angerona.sealed.duties import Duty, DutyRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from angerona.sealed.vault import Visit

WHY: Final = {
    "words": "words in a message",
    "measure": "an answer in a form",
    "asked": "the client asked for it",
}
"""What led to a call; nothing of what was written."""
HEARD: Final = {
    "caller": "from a caller",
    "client": "from the client",
    "letter": "from something in writing",
    "here": "from what was seen or heard here",
}
"""How a colleague came to hear of a danger; nothing of what was said."""


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
    authority = own_authority(visit)
    names = on_call_now(visit)
    what = f"reach the client now, by the ways the client allows ({WHY[why]})"
    _called(visit, authority.client_id, what, {"what": WHY[why], "called": names})
    return names


def who_weighs(visit: Visit, client_id: bytes) -> list[str]:
    """The names of those who weigh a danger to a client or from one: who treats, who is on call.

    Raises `Unknown` for a client this person has nothing to do with, `NotPermitted` in a client's
    own session.
    """
    if visit.person.row.client_id is not None:
        raise NotPermitted
    vault, authority = visit.vault, known_authority(visit, client_id)
    treats = [
        one.row.name
        for one in everybody(vault, visit.at)
        if "treating" in authority.relations(one.person_id, visit.at)
    ]
    return list(dict.fromkeys([*treats, *on_call_now(visit)]))


def pass_on_danger(visit: Visit, client_id: bytes, *, how: str) -> list[str]:
    """Call those who weigh a danger (`who_weighs`), because a colleague heard of one.

    For whoever knows that somebody comes here and may not weigh it: the desk, most of all. Gives
    their names. `how` is a word of `HEARD`; what was said is told from mouth to mouth and stands
    nowhere. The client's list is silent of it at first, as of the danger itself. Raises `BadInput`,
    `AuthorityMoved`, and as `who_weighs`.
    """
    if how not in HEARD:
        raise BadInput("how", "is no way to hear of it", one_of(HEARD, how))
    names = who_weighs(visit, client_id)
    what = f"speak with {visit.person.row.name} now, who heard of a danger {HEARD[how]}"
    said = {"what": "a colleague heard of a danger", "called": names}
    _called(visit, client_id, what, said, held_until=visit.at + HELD_AT_FIRST)
    return names


def _called(
    visit: Visit,
    client_id: bytes,
    what: str,
    said: Mapping[str, object],
    *,
    held_until: datetime.datetime | None = None,
) -> None:
    vault = visit.vault
    owed = {
        "id": CALL,
        "kind": "review",
        "mode": "required",
        "what": what,
        "due": "PT0S",
        "due_from": "the act",
        "sure": True,
    }
    row = DutyRow(
        client_id=client_id,
        act="call",
        by=visit.person.person_id,
        at=visit.at,
        owed=msgspec.json.encode(owed),
        due=visit.at,
        held_until=held_until,
    )
    body = {"by": visit.person.described, **said}
    pages = partial(put_pages, vault, pages_of_call(vault, visit.at))
    owes = (Duty(os.urandom(16), row),)
    act = Act(client_id, "call", body, owes=owes, held_until=held_until, change=pages)
    announced(vault, act, visit.at, authority=None)


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
