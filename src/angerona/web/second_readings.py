"""Second readings: what somebody is asked to read, before it leaves or after, and the answers."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.gate.gathering import Wish
from angerona.gate.paring import LeftOut
from angerona.gate.reading_first import ToRead
from angerona.notices.paragraphs import day
from angerona.practice.deeds import READ_AFTERWARDS
from angerona.practice.passing_on import others_for, pass_on, step_aside
from angerona.practice.read_afterwards import TO_DO, say_afterwards, say_for_consultant
from angerona.practice.redacting import sentences
from angerona.practice.second_readers import (
    VERDICTS,
    answer,
    asked_by,
    kept_on,
    late,
    read,
    reading_purpose,
    waiting,
)
from angerona.practice.supervision import is_by_initials
from angerona.sealed.zones import noted
from angerona.web.answers import answered as told
from angerona.web.answers import stated
from angerona.web.breaches import left_of
from angerona.web.turn import MEMBER, Form, Moved, Page, Route, Turn, read_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.gate.reading_first import ReadEntry
    from angerona.practice.second_readers import Waiting
    from angerona.web.turn import Result

_HOME: Final = "/second-readings"
_ON_ITS_PAGE: Final = "read"
_LEAVE_OUT: Final = "out"


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading on a page, how long is left for it, and to whom it could be passed on."""

    one: Waiting
    left: str
    others: dict[str, str]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence that would leave: the value of its tick, and its words."""

    value: str
    text: str
    is_out: bool


def readings(turn: Turn, problem: BadInput | None = None) -> Page:
    """What waits for whoever is signed in, what others read for him or her, and what is late."""
    found = [_shown(turn, one) for one in waiting(turn.visit)]
    asked, agreed = asked_by(turn.visit)
    mine = {shown.one.duty.duty_id for shown in found} | {one.duty.duty_id for one in asked}
    says = {
        "readings": found,
        "asked": [_shown(turn, one) for one in asked],
        "agreed": agreed,
        "late": [_shown(turn, one) for one in late(turn.visit) if one.duty.duty_id not in mine],
        "founds": READ_AFTERWARDS,
        "to_do": {name: one["what"] for name, one in TO_DO.items()},
        "problem": problem,
        "wrong_at": turn.given.get("reading", "") if problem else None,
        "typed": turn.form,
        "none_typed": Form(),
    }
    return Page("second_readings.html", says, 422 if problem else 200)


def read_one(turn: Turn, problem: BadInput | None = None) -> Page:
    """Exactly what would leave, or has left, by day; a look, with its line."""
    facts = stated(turn)
    one, found = read(turn.door, turn.visit, turn.id_of("reading"), facts=facts)
    if not isinstance(found, ToRead):
        client_id = one.duty.row.client_id
        wanted = tuple(dict.fromkeys(wanted for *_, wanted in one.terms["entries"]))
        purpose = reading_purpose(turn.visit, client_id)
        wish = Wish(wants=wanted, purpose=purpose, facts=facts)
        return told(turn, client_id, wish, found)
    kept = kept_on(turn.door, turn.visit, one.duty) if found.shut else {}
    says = {
        "shown": _shown(turn, one),
        "hidden": _hidden(turn, one),
        "days": list(_days(turn, found.entries)),
        "shut": [(place, kept.get(place.entry_id)) for place in found.shut],
        "founds": READ_AFTERWARDS,
        "to_do": {name: what["what"] for name, what in TO_DO.items()},
        "problem": problem,
        "typed": turn.form,
    }
    return Page("second_reading.html", says, 422 if problem else 200)


def answered(turn: Turn) -> Result:
    """Agree, narrow or object; whoever asked sees it, and so does the client, if the law lets."""
    one = _asked(turn)
    verdict = turn.form.choice("verdict", VERDICTS)
    chosen = [read_id(entry) for entry in turn.form.several("entry")]
    is_narrowed = verdict == "narrowed"
    answer(
        turn.visit,
        one.duty.duty_id,
        verdict,
        why=turn.form.text("why"),
        entry_ids=chosen if is_narrowed else None,
        left_out=_left_out(turn, chosen) if is_narrowed else (),
    )
    return Moved(_HOME, done="answered")


def said_after(turn: Turn) -> Result:
    """Say of what has left whether it was in order, and what has to be done."""
    form, duty_id = turn.form, turn.id_of("reading")
    found, why = form.choice("found", READ_AFTERWARDS, says="what you found"), form.text("why")
    to_do = form.several("to_do")
    if form.text("consultant"):
        say_for_consultant(
            turn.visit, duty_id, found, consultant=form.text("consultant"), why=why, to_do=to_do
        )
    else:
        say_afterwards(turn.visit, duty_id, found, why=why, to_do=to_do)
    return Moved(_HOME, done="answered")


def passed_on(turn: Turn) -> Result:
    """Pass it on to somebody else."""
    form = turn.form
    pass_on(turn.visit, turn.id_of("reading"), read_id(form.text("reader")), why=form.text("why"))
    return Moved(_HOME, done="passed-on")


def stepped_aside(turn: Turn) -> Result:
    """Say that one should not read this; nobody is told why."""
    step_aside(turn.visit, turn.id_of("reading"))
    return Moved(_HOME, done="aside")


def again(turn: Turn, problem: BadInput) -> Page:
    """The page that the form came from, with what was typed."""
    is_on_its_page = turn.form.text("page") == _ON_ITS_PAGE
    return read_one(turn, problem) if is_on_its_page else readings(turn, problem)


def _asked(turn: Turn) -> Waiting:
    for one in waiting(turn.visit):
        if one.duty.duty_id == turn.id_of("reading") and not one.is_after:
            return one
    raise Unknown


def _shown(turn: Turn, one: Waiting) -> Shown:
    others = others_for(turn.visit, one.duty)
    names = {each.person_id.hex(): each.row.name for each in others}
    return Shown(one, left_of(turn, one.duty.row.due), names)


def _hidden(turn: Turn, one: Waiting) -> str:
    """The client's name, where this person meets the client by initials."""
    authority = turn.door.vault.authority(one.duty.row.client_id)
    relations = authority.relations(turn.person.person_id, turn.at)
    by_initials = is_by_initials(relations, turn.person.row.posts)
    return authority.client.name if by_initials else ""


def _days(
    turn: Turn, entries: Iterable[ReadEntry]
) -> Iterable[tuple[str, list[tuple[ReadEntry, list[Piece]]]]]:
    """The entries by the day they were written, each with the sentences of it that would leave."""
    out = turn.form.several(_LEAVE_OUT)

    def written(one: ReadEntry) -> str:
        return day(noted(one.entry.written, turn.zone))

    ordered = sorted(entries, key=lambda one: (one.entry.written, one.place.place))
    for when, some in groupby(ordered, key=written):
        yield when, [(one, _pieces(one, out)) for one in some]


def _pieces(one: ReadEntry, out: tuple[str, ...]) -> list[Piece]:
    pieces = []
    about = f"{one.place.entry_id.hex()}:{one.place.version}"
    for start, text in one.kept:
        for first, past in sentences(text):
            value = f"{about}:{start + first}-{start + past}"
            pieces.append(Piece(value, text[first:past], value in out))
    return pieces


def _left_out(turn: Turn, chosen: list[bytes]) -> list[LeftOut]:
    """The sentences that are ticked as not to leave, of entries that may. Raises `BadInput`."""
    spans: dict[tuple[bytes, int], list[tuple[int, int]]] = {}
    for value in turn.form.several(_LEAVE_OUT):
        try:
            entry, version, span = value.split(":")
            first, past = (int(one) for one in span.split("-"))
            place = (bytes.fromhex(entry), int(version))
        except ValueError:
            raise BadInput(
                "passages", "are none of what would leave", "those on the page"
            ) from None
        if place[0] in chosen:
            spans.setdefault(place, []).append((first, past))
    return [LeftOut(*place, tuple(some)) for place, some in spans.items()]


ROUTES: Final = (
    Route(method="GET", path=_HOME, do=readings, face=MEMBER),
    Route(method="GET", path="/second-readings/{reading}/read", do=read_one, face=MEMBER),
    Route(
        method="POST",
        path="/second-readings/{reading}/read",
        do=read_one,
        face=MEMBER,
        again=read_one,
    ),
    *(
        Route(
            method="POST",
            path=f"/second-readings/{{reading}}{path}",
            do=do,
            face=MEMBER,
            again=again,
            step_up=True,
        )
        for path, do in (
            ("", answered),
            ("/afterwards", said_after),
            ("/passed-on", passed_on),
            ("/aside", stepped_aside),
        )
    ),
)
