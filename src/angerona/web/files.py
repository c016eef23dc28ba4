"""The file of an entry: saved, or its first pages shown. Each is a look of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.gate.gathering import Wish
from angerona.gate.results import Shown, latest
from angerona.practice.caseload import short_id
from angerona.practice.documents import file_of
from angerona.practice.messages import CORRESPONDENCE
from angerona.practice.paper import announce_copy
from angerona.web.answers import answered
from angerona.web.own import client_id_of, kept_back
from angerona.web.own_choices import turned_on
from angerona.web.paper import asked_what_for, what_for
from angerona.web.records import LOOK_PURPOSES, Head, head_of, usual_purpose
from angerona.web.turn import MEMBER, Download, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from angerona.errors import BadInput
    from angerona.practice.documents import File
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.web.turn import Result


@dataclass(frozen=True, slots=True, repr=False)
class _Opened:
    """An entry with its file, as a look opened them; `head` where it is not the client's own."""

    place: EntryPlace
    entry: EntryText
    file: File
    back: str
    head: Head | None = None


def save(opened: _Opened) -> Result:
    """The file, to keep. Its name tells nothing."""
    kind = opened.file.kind
    name = f"{short_id(opened.place.entry_id)}.{kind.ending}"
    return Download(name, kind.media_type, opened.file.data)


def gate(turn: Turn, problem: BadInput | None = None) -> Page:
    """Before a file is saved: what for. Nothing of it is opened yet."""
    head, form, entry_id = head_of(turn), turn.form, turn.id_of("entry")
    if all(one.entry_id != entry_id for one in turn.door.vault.places(head.client_id)):
        raise Unknown
    says = {
        "head": head,
        "back": f"/clients/{head.client_id.hex()}",
        "version": form.text("version", "1"),
        "purpose": form.text("purpose") or usual_purpose(head),
        "problem": problem,
        **asked_what_for(turn),
    }
    return Page("file_out.html", says, 422 if problem else 200)


def show(opened: _Opened) -> Result:
    """Its first pages, where they can be shown safely."""
    says = {
        "head": opened.head,
        "place": opened.place,
        "entry": opened.entry,
        "shown": opened.file.first_pages(),
        "back": opened.back,
    }
    return Page("own_file.html" if opened.head is None else "file.html", says)


def _of_a_client(do: Callable[[_Opened], Result]) -> Callable[[Turn], Result]:
    """For whoever works here: the file of the version that the form names."""

    def opened(turn: Turn) -> Result:
        head, entry_id = head_of(turn), turn.id_of("entry")
        purpose_of_copy = None
        if do is save:
            if not turn.form.text("for"):
                return gate(turn)
            purpose_of_copy = what_for(turn)
        purpose = turn.form.choice("purpose", LOOK_PURPOSES, default=usual_purpose(head))
        version = turn.form.text("version", "1")

        def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
            return tuple(one for one in rows if str(one.version) == version)

        found = turn.door.look(
            turn.visit, head.client_id, purpose=purpose, entry_ids=[entry_id], pick=pick
        )
        if not isinstance(found, Shown):
            wish = Wish(wants=tuple(CLASSES), purpose=purpose)
            return answered(turn, head.client_id, wish, found, head=head)
        file = _opened(turn, head.client_id, found, f"/clients/{head.client_id.hex()}", head)
        if purpose_of_copy is not None:
            classes = {file.place.wanted}
            announce_copy(turn.visit, head.client_id, classes, purpose_of_copy, one=True)
        return do(file)

    return opened


def _own(do: Callable[[_Opened], Result], back: str, *wanted: str) -> Callable[[Turn], Result]:
    """For the client: the file of an entry of the own record, of these classes."""

    def opened(turn: Turn) -> Result:
        client_id = client_id_of(turn)

        def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
            return tuple(one for one in latest(rows) if one.wanted in wanted)

        found = turn.door.look(
            turn.visit,
            client_id,
            purpose="client_request",
            entry_ids=[turn.id_of("entry")],
            pick=pick,
        )
        if not isinstance(found, Shown):
            return kept_back(found)
        return do(_opened(turn, client_id, found, back))

    return opened


def _opened(
    turn: Turn, client_id: bytes, found: Shown, back: str, head: Head | None = None
) -> _Opened:
    if not found.entries:
        raise Unknown
    place, entry = found.entries[0]
    file = file_of(turn.door, client_id, found, place.entry_id)
    return _Opened(place, entry, file, back, head)


_ENTRY: Final = "/clients/{client}/entries/{entry}"
_RECORD, _MESSAGES = "/me/record", "/me/messages"
_OWN: Final = (("record", _RECORD, tuple(CLASSES)), ("messages", _MESSAGES, (CORRESPONDENCE,)))
"""What a client turns on, where its entries stand, and of which classes they are."""

ROUTES: Final = (
    Route(method="POST", path=f"{_ENTRY}/file", do=_of_a_client(save), face=MEMBER, again=gate),
    Route(method="POST", path=f"{_ENTRY}/preview", do=_of_a_client(show), face=MEMBER),
    *(
        Route(
            method="POST",
            path=f"{path}/{{entry}}/{what}",
            do=turned_on(item, _own(do, path, *wanted)),
            face="client",
        )
        for item, path, wanted in _OWN
        for what, do in (("file", save), ("preview", show))
    ),
)
