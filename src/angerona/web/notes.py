"""Writing into a record: a note under one heading, an addendum to what stands there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.gate.gathering import Wish
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from angerona.web.answers import answered
from angerona.web.records import head_of
from angerona.web.turn import Moved, Page, Route, Turn
from angerona.words import CLASSES

if TYPE_CHECKING:
    from angerona.web.turn import Result

WRITABLE: Final = tuple(name for name in CLASSES if COMPARTMENT_OF[name] != EVENTS)
"""The classes in which an entry can be kept."""
USUAL: Final = "progress_note"


def new_note(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form for a note, with what was typed where something was wrong: nothing is lost."""
    form = turn.form
    says = {
        "head": head_of(turn),
        "wanted": form.text("class") or USUAL,
        "heading": form.text("heading"),
        "text": form.text("text"),
        "writable": {name: CLASSES[name] for name in WRITABLE},
        "problem": problem,
    }
    return Page("new_note.html", says, 422 if problem else 200)


def keep(turn: Turn) -> Result:
    """Keep a note."""
    form, head = turn.form, head_of(turn)
    draft = Draft(
        wanted=form.choice("class", WRITABLE),
        heading=form.text("heading"),
        text=form.text("text"),
    )
    kept = turn.door.keep(turn.visit, head.client_id, draft)
    if not isinstance(kept, Kept):
        wish = Wish(wants=(draft.wanted,), purpose=draft.purpose, as_author=True)
        return answered(turn, head.client_id, wish, kept, head=head)
    return Moved(f"/clients/{head.client_id.hex()}", done="kept")


def addendum(turn: Turn, problem: BadInput | None = None) -> Result:
    """The form for an addendum, over the entry as it stands."""
    head, entry_id = head_of(turn), turn.id_of("entry")
    found = turn.door.look(turn.visit, head.client_id, purpose="treatment", entry_ids=[entry_id])
    if not isinstance(found, Shown):
        wish = Wish(wants=tuple(CLASSES), purpose="treatment")
        return answered(turn, head.client_id, wish, found, head=head)
    if not found.entries:
        raise Unknown
    place, entry = found.entries[0]
    says = {
        "head": head,
        "place": place,
        "entry": entry,
        "text": turn.form.text("text") or entry.text,
        "heading": turn.form.text("heading") or entry.heading,
        "problem": problem,
    }
    return Page("addendum.html", says, 422 if problem else 200)


def amend(turn: Turn) -> Result:
    """Keep an addendum: a further version; the earlier text stays."""
    form, head, entry_id = turn.form, head_of(turn), turn.id_of("entry")
    draft = Draft(
        wanted=form.choice("class", WRITABLE),
        heading=form.text("heading"),
        text=form.text("text"),
        amends=entry_id,
    )
    kept = turn.door.keep(turn.visit, head.client_id, draft)
    if not isinstance(kept, Kept):
        wish = Wish(wants=(draft.wanted,), purpose=draft.purpose, as_author=True)
        return answered(turn, head.client_id, wish, kept, head=head)
    return Moved(f"/clients/{head.client_id.hex()}", done="amended")


def _again(turn: Turn, problem: BadInput) -> Page:
    page = addendum(turn, problem)
    if not isinstance(page, Page):
        raise problem
    return page


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/notes/new", do=new_note, face="clinic"),
    Route(
        method="POST", path="/clients/{client}/notes/new", do=keep, face="clinic", again=new_note
    ),
    Route(method="GET", path="/clients/{client}/entries/{entry}/amend", do=addendum, face="clinic"),
    Route(
        method="POST",
        path="/clients/{client}/entries/{entry}/amend",
        do=amend,
        face="clinic",
        again=_again,
    ),
)
