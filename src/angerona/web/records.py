"""A client's record: what stands there as a timeline, by class, with every earlier version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.gathering import Wish
from angerona.gate.results import Shown, latest
from angerona.practice.care import care_of
from angerona.practice.caseload import met
from angerona.practice.drafts import drafts_of
from angerona.practice.legal_holds import is_held
from angerona.practice.supervision import initials, is_by_initials
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS
from angerona.sealed.drafts import FormDraft
from angerona.web.answers import answered, stated
from angerona.web.choices import Fixed
from angerona.web.timeline import shut, timeline
from angerona.web.turn import MEMBER, Page, Route, Turn
from angerona.words import CLASSES, PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from angerona.gate.results import Shown as Opened
    from angerona.practice.drafts import SavedDraft
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.web.turn import Result

LOOK_PURPOSES: Final = (
    "treatment",
    "supervision",
    "emergency",
    "care_coordination",
    "operations",
    "payment",
)
"""What somebody of a practice may say a look is for."""
CLASSES_SHOWN: Final = tuple(name for name in CLASSES if COMPARTMENT_OF[name] != EVENTS)
"""The classes that a look can be narrowed to."""
SAY_WITHHELD: Final = "house.duty.say_withheld"
"""The duty to say that something is kept back at the client's request, and never what."""
REASON_FACT: Final = "care.break_glass_reason"
"""The fact that a reason was given; who states it gives one."""
EVERY_CLASS: Final = "all"
RECENT: Final = 60
"""How many entries are opened where not everything was asked for: those kept last."""
HOW_MUCH: Final = Fixed({"recent": f"the {RECENT} entries kept last", "all": "all of them"})
ORDERS: Final = Fixed({"newest": "newest first", "oldest": "oldest first"})
CHOICES: Final = Fixed({name: CLASSES[name] for name in CLASSES_SHOWN})
PURPOSES_SHOWN: Final = Fixed({name: PURPOSES[name] for name in LOOK_PURPOSES})


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above every page of a client: who it is, and how one is tied to him or her."""

    client_id: bytes
    name: str
    relations: tuple[str, ...]
    hidden: str = ""
    """The name, where this person meets the client by initials: pages leave it out of texts."""
    is_held: bool = False
    """Whether a paper of process holds what is kept, as far as this person may see that."""


def head_of(turn: Turn) -> Head:
    """The head of the client whom the address names. Raises as `met`, and leaves a line as it."""
    found = met(turn.visit, turn.id_of("client"))
    held = is_held(turn.visit, found.client_id)
    if is_by_initials(found.relations, turn.person.row.posts):
        return Head(
            found.client_id, initials(found.name), found.relations, found.name, is_held=held
        )
    return Head(found.client_id, found.name, found.relations, is_held=held)


def usual_purpose(head: Head) -> str:
    """What a look is for, where nothing is said."""
    return "supervision" if head.relations == ("supervisor",) else "treatment"


def record(turn: Turn) -> Result:
    """The record, as far as the rules permit and the keys open it. The look is in the ledger.

    Where one class was chosen, nothing of another is opened; of a long record, what was kept last.
    """
    head, form = head_of(turn), turn.form
    purpose = form.choice("purpose", LOOK_PURPOSES, default=usual_purpose(head))
    wanted = form.choice("class", (EVERY_CLASS, *CLASSES_SHOWN), default=EVERY_CLASS)
    order = form.choice("order", ORDERS, default="newest")
    much = form.choice("much", HOW_MUCH, default="recent")
    facts, reason = stated(turn), form.text("reason")
    if facts.get(REASON_FACT) is True and not reason:
        raise BadInput("reason", "is missing", "a sentence, for the client and the officer")

    def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
        chosen = [one for one in rows if wanted in {EVERY_CLASS, one.wanted}]
        ids = list(dict.fromkeys(one.entry_id for one in chosen))
        recent = set(ids if much == "all" else ids[-RECENT:])
        return tuple(one for one in chosen if one.entry_id in recent)

    found = turn.door.look(
        turn.visit, head.client_id, purpose=purpose, facts=facts, reason=reason, pick=pick
    )
    if not isinstance(found, Shown):
        wish = Wish(wants=tuple(CLASSES), purpose=purpose, facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    says = {
        "head": head,
        "alarm": care_of(found.entries).alarm,
        "drafts": unfinished(turn, head.client_id),
        "months": timeline(found.entries, turn.zone, newest_first=order == "newest"),
        "shut": shut(found.unopened),
        "withheld": any(one.id == SAY_WITHHELD for one in found.permit.duties),
        "choices": CHOICES,
        "wanted": wanted,
        "much": much,
        "how_much": HOW_MUCH,
        "is_long": len(latest(turn.door.vault.places(head.client_id))) > RECENT,
        "orders": ORDERS,
        "order": order,
        "purposes": PURPOSES_SHOWN,
        "purpose": purpose,
        "me": turn.person.person_id,
    }
    return Page("record.html", says)


def unfinished(turn: Turn, client_id: bytes) -> list[tuple[str, SavedDraft]]:
    """One's own drafts about a client, each with its address; an addendum's has its entry's id."""
    entries = {one.entry_id for one in turn.door.vault.places(client_id)}
    about = f"/clients/{client_id.hex()}"
    return [
        (
            f"{about}/entries/{one.draft_id.hex()}/amend"
            if one.draft_id in entries
            else f"{page_of(one, f'{about}/notes/new')}?draft={one.draft_id.hex()}",
            one,
        )
        for one in drafts_of(turn.visit, client_id)
    ]


def page_of(saved: SavedDraft, notes: str) -> str:
    """The page that goes on with a draft; `notes` is the one for notes."""
    return saved.draft.page if isinstance(saved.draft, FormDraft) else notes


def newest_first(found: Opened) -> Iterable[tuple[EntryPlace, EntryText]]:
    """The entries by when they were written, the newest first; those of one moment as kept."""
    return sorted(found.entries, key=lambda one: (one[1].written, one[0].place), reverse=True)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}", do=record, face=MEMBER),
    Route(method="POST", path="/clients/{client}", do=record, face=MEMBER),
)
