"""A copy of the record: deciding entry by entry what goes, and handing it over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted
from angerona.gate.results import Shown
from angerona.practice.access import (
    COPIES,
    Decision,
    decide_copy,
    previewed,
    take_copy,
    wish_for,
)
from angerona.practice.asked_for import READY
from angerona.practice.matters import Matter
from angerona.practice.rights import RIGHT, RIGHTS, reasons
from angerona.rules.answer import Permit
from angerona.web.answers import FACT, answered, stated
from angerona.web.choices import Fixed
from angerona.web.rights import letter_for, right_of
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result

GOES: Final = ""
"""What is chosen for an entry that goes."""
WAYS: Final = Fixed({one: one for one in ("by hand", "by post", "by secure mail", "on a stick")})


def choose(turn: Turn, problem: BadInput | None = None) -> Page:
    """What may go, entry by entry, for whoever treats; what the rules keep back is said."""
    matter = _copy_of(turn)
    facts = stated(turn)
    found = previewed(turn.door, turn.visit, matter, facts)
    if not isinstance(found.answer, Permit):
        wish = wish_for(turn.door, matter, facts)
        return answered(turn, matter.client_id or b"", wish, found.answer)
    again = matter.content.get("again")
    going = [one for one in found.would_go if again is None or one.entry_id.hex() in again]
    words = _words(turn, matter, {one.entry_id for one in going})
    says = {
        "matter": matter,
        "kind": RIGHTS[matter.content[RIGHT]],
        "going": [(one, words.get(one.entry_id)) for one in going],
        "kept_by_law": sorted({one.wanted for one in found.would_stay}),
        "unopened": sorted({one.wanted for one in found.unopened}),
        "reasons": {one.key: one for one in reasons(turn.door, "copy")},
        "facts": {f"{FACT}{name}": value for name, value in facts.items()},
        "letter": turn.form.text("letter") or letter_for(turn, matter, "partly"),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("right_copy.html", says, 422 if problem else 200)


def decide(turn: Turn) -> Result:
    """Decide it; a form that only answers a question leads back to the entries."""
    form = turn.form
    if form.text("act") != "decide":
        return choose(turn)
    matter = _copy_of(turn)
    entries = [one.hex() for one in _entries(turn, matter)]
    kept = {bytes.fromhex(one): why for one in entries if (why := form.text(f"keep:{one}"))}
    left_out = {
        bytes.fromhex(one): tuple(line for line in out.split("\n") if line.strip())
        for one in entries
        if (out := form.text(f"out:{one}"))
    }
    decision = Decision(
        kept_back=kept,
        left_out=left_out,
        facts=stated(turn),
        why=form.text("why"),
        contact=form.text("contact"),
        letter=form.text("letter"),
        outside=form.text("outside"),
    )
    found = decide_copy(turn.door, turn.visit, matter, decision)
    if found is None:
        return Moved("/rights", done="right-answered")
    if not isinstance(found, Matter):
        return answered(
            turn, matter.client_id or b"", wish_for(turn.door, matter, decision.facts), found
        )
    return Moved(f"/rights/{matter.matter_id.hex()}", done="copy-ready")


def give(turn: Turn) -> Result:
    """Make the copy and hand it over; it is announced before it is made."""
    matter = _copy_of(turn)
    made = take_copy(turn.door, turn.visit, matter, how=turn.form.choice("how", WAYS))
    return Download(made.name, "application/zip", made.data)


def ways(turn: Turn, problem: BadInput | None = None) -> Page:
    """By which way a copy that is ready is given."""
    matter = _copy_of(turn)
    if READY not in matter.content:
        raise NotPermitted
    says = {"matter": matter, "ways": WAYS, "problem": problem}
    return Page("right_give.html", says, 422 if problem else 200)


def _copy_of(turn: Turn) -> Matter:
    matter = right_of(turn)
    if matter.content[RIGHT] not in COPIES:
        raise NotPermitted
    return matter


def _entries(turn: Turn, matter: Matter) -> list[bytes]:
    places = turn.door.vault.places(matter.client_id or b"")
    return list(dict.fromkeys(one.entry_id for one in places))


def _words(turn: Turn, matter: Matter, ids: set[bytes]) -> dict[bytes, object]:
    """The entries as they can be looked at, so that whoever decides knows of what."""
    if not ids:
        return {}
    found = turn.door.look(
        turn.visit,
        matter.client_id or b"",
        purpose="treatment",
        pick=lambda rows: tuple(
            {one.entry_id: one for one in rows if one.entry_id in ids}.values()
        ),
    )
    return (
        {place.entry_id: text for place, text in found.entries} if isinstance(found, Shown) else {}
    )


ROUTES: Final = (
    Route(method="GET", path="/rights/{asked}/copy", do=choose, face=MEMBER),
    Route(
        method="POST",
        path="/rights/{asked}/copy",
        do=decide,
        face=MEMBER,
        again=choose,
        step_up=lambda turn: turn.form.text("act") == "decide",
    ),
    Route(method="GET", path="/rights/{asked}/give", do=ways, face=MEMBER),
    Route(
        method="POST",
        path="/rights/{asked}/give",
        do=give,
        face=MEMBER,
        again=ways,
        step_up=True,
    ),
)
