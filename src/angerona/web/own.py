"""The client's own pages: what is kept, who can read it, who looked last; the record."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.gate.results import Shown
from angerona.practice.calendar import CANCELLED
from angerona.practice.own_choices import own_choices
from angerona.practice.representatives import own_representatives
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst, Refuse
from angerona.rules.because import listed
from angerona.sealed.compartments import BY_POST, classes_opened
from angerona.sealed.standing import POWERS, STANDINGS
from angerona.web.own_choices import once_told, turned_on
from angerona.web.records import newest_first
from angerona.web.turn import Page, Route, Turn
from angerona.words import CLASSES, RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.gate.results import Shown as Opened
    from angerona.ledger.lines import OpenedLine
    from angerona.practice.who_looked import Said
    from angerona.rules.answer import Answer
    from angerona.sealed.authority import Authority
    from angerona.web.turn import Result

POSTS: Final = {
    "on_call": "Whoever is on call at night",
    "front_desk": "The front desk",
    "biller": "Whoever writes the bills",
}
"""The posts whose keys open something of every record, as a client reads them."""
_LOOKS: Final = frozenset({"look", "disclosure", "opened", "emergency"})
_KEPT_BACK: Final = frozenset({"barred", "open", "conflict"})


@dataclass(frozen=True, slots=True)
class Around:
    """Who can read, and what was: people with their ties, posts, the last look, what is kept.

    `quorum` of the holders of `seats` parts of a spare key open a record together. `stands`: who
    may act for the client, as what, to do what.
    """

    people: list[tuple[str, str]]
    posts: list[tuple[str, str]]
    seats: int
    quorum: int
    last: Said | None
    stands: list[tuple[str, str, str]]
    kept: list[tuple[str, int]]


def client_id_of(turn: Turn) -> bytes:
    """The id (16 bytes) of the client who is signed in."""
    return turn.person.row.client_id or b""


def home(turn: Turn) -> Result:
    """The first page of a client: of what is turned on, the beginning."""
    own = own_choices(turn.visit)
    around, waits = None, False
    if "looks" in own.shown:
        found = turn.door.who_looked(turn.visit, client_id_of(turn))
        waits = isinstance(found, AskFirst | Refuse)
        around = None if isinstance(found, AskFirst | Refuse) else _around(turn, found)
    return Page("own_home.html", {"around": around, "waits": waits})


def own_record(turn: Turn) -> Result:
    """The client's record, as the law opens it to the client."""
    found = turn.door.look(turn.visit, client_id_of(turn), purpose="client_request")
    if not isinstance(found, Shown):
        return kept_back(found)
    by_class: dict[str, list[object]] = {name: [] for name in CLASSES}
    for place, entry in newest_first(found):
        by_class[place.wanted].append((place, entry))
    says = {
        "by_class": {name: entries for name, entries in by_class.items() if entries},
        "kept_back": _classes_kept_back(found),
        "unopened": sorted({CLASSES[one.wanted] for one in found.unopened}),
    }
    return Page("own_record.html", says)


def kept_back(answer: Answer) -> Page:
    """What a client is told where nothing is shown: what to do, and why as far as it may be told.

    The questions of an Answer are the practice's to answer and are not put to the client.
    """
    silent = answer.notice == "prohibited"
    return Page("own_kept_back.html", {"because": () if silent else answer.because}, 403)


def _classes_kept_back(found: Opened) -> list[str]:
    if found.permit.notice == "prohibited":
        return []
    verdicts = found.permit.classes.items()
    return [CLASSES[one] for one, verdict in verdicts if verdict in _KEPT_BACK and one in CLASSES]


def _around(turn: Turn, lines: Iterable[OpenedLine]) -> Around:
    found = list(lines)
    me, practice = turn.person.person_id.hex(), turn.door.vault.practice()
    others = [one for one in in_words(found, turn.zone) if one.kind in _LOOKS and one.by != me]
    kept: Counter[str] = Counter()
    for line in found:
        if line.kind != "kept" or line.body.get("what") == "amended":
            continue
        classes = [one for one in line.body.get("classes", ()) if one in CLASSES]
        (kept.subtract if line.body.get("what") == CANCELLED else kept.update)(classes)
    return Around(
        people=_people(turn, turn.door.vault.authority(client_id_of(turn))),
        posts=[
            (says, listed(CLASSES[one] for one in CLASSES if one in classes_opened(BY_POST[post])))
            for post, says in POSTS.items()
        ],
        seats=len(practice.seats),
        quorum=practice.row.quorum,
        last=others[-1] if others else None,
        stands=[
            (one.name, STANDINGS[one.standing], listed(POWERS[power] for power in one.powers))
            for one in own_representatives(turn.visit)
        ],
        kept=[(CLASSES[one], kept[one]) for one in CLASSES if kept[one] > 0],
    )


def _people(turn: Turn, authority: Authority) -> list[tuple[str, str]]:
    vault = turn.door.vault
    now = (
        tie
        for tie in authority.ties.values()
        if tie.since <= turn.at and (tie.until is None or turn.at < tie.until)
    )
    return [(vault.person(one.person_id).row.name, RELATIONS[one.relation]) for one in now]


ROUTES: Final = (
    Route(method="GET", path="/me", do=once_told(home), face="client"),
    Route(method="GET", path="/me/record", do=turned_on("record", own_record), face="client"),
)
