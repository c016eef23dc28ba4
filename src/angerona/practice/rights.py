"""Rights: what a client asks for, by when the packs in force want it answered, and the answer.

A right asked for is a matter of the kind "right" (`matters.py`), begun by the client in the own
pages or taken down by a member. What the client wrote is kept with the letters of the record; the
matter holds which right, when and how it was asked, how identity was checked, and what was decided
so far. Several packs at once give the same right: the earliest time counts. The answer is a letter
in the record, which the client reads like any other.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, NotPermitted, one_line, one_of
from angerona.gate.keeping import Draft
from angerona.practice.asked_for import ASKER, IN_PLACE, check_stands, is_stranger
from angerona.practice.clients import known_authority
from angerona.practice.colleagues import works_here
from angerona.practice.matters import Step, advance, begin, settle
from angerona.practice.members import OFFICER
from angerona.practice.messages import CORRESPONDENCE, TEXT_MAX, leave_message
from angerona.rules.durations import after
from angerona.rules.expressions import Or, parse, signed_atoms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.practice.messages import Left
    from angerona.rules.entries import Right
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

RIGHT: Final = "right"
OWN_PAGES: Final = "own pages"
HOWS: Final[Mapping[str, str]] = MappingProxyType(
    {"letter": "by letter", "phone": "by phone", "person": "in person", "mail": "by mail"}
)
"""How a client can ask who does not ask in the own pages."""
OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {"granted": "granted", "partly": "granted in part", "refused": "refused"}
)
CHECKED_MAX: Final = 200
REASONS_MAX: Final = 2_000
REVIEWABLE: Final = " (reviewable)"
"""How a pack marks a reason that can be looked at again."""
_WAITS_FOR_IDENTITY: Final = "identity"
_FALLBACK: Final = "answer"


@dataclass(frozen=True, slots=True)
class Kind:
    """A right that can be asked for: as the client reads it, as a line says it, as packs name it.

    `what` stands after "asked for" and "answered".
    """

    says: str
    what: str
    kinds: tuple[str, ...]


RIGHTS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "copy": Kind("Give me a copy of my record", "a copy of the record", ("access",)),
        "portable": Kind(
            "Give me my record in a form that another program can read",
            "the record for another program",
            ("portability", "access"),
        ),
        "correction": Kind("Something about me is wrong", "a correction", ("amendment",)),
        "restriction": Kind(
            "Keep something from somebody", "a restriction", ("restriction", "restriction_paid")
        ),
        "accounting": Kind(
            "Tell me what you shared, and with whom",
            "an account of what was shared",
            ("accounting",),
        ),
        "erasure": Kind("Erase what you have about me", "an erasure", ("erasure",)),
        "statement": Kind(
            "Put my own words beside it", "words of one's own beside an entry", ("amendment",)
        ),
        "review": Kind(
            "Look again at what you kept back", "a second look at what was kept back", ()
        ),
        "complaint": Kind("I want to complain", "something to be put right", ("complaint",)),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a client asks: a key of `RIGHTS`, in the client's words; and how it reached us.

    `how`: a key of `HOWS`, where a member takes it down, `received` when; `checked`: how it was
    made sure that it is the client, empty while it is not. `more`: what the right needs besides, as
    plain JSON; each right says what.
    """

    right: str
    text: str
    how: str = OWN_PAGES
    received: datetime.datetime | None = None
    checked: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clock:
    """By when one law wants an answer, and by when at the latest if more time is taken."""

    rule: str
    cite: str
    due: datetime.datetime
    longest: datetime.datetime

    @property
    def can_be_longer(self) -> bool:
        """Whether this law lets a practice take more time, once."""
        return self.longest > self.due


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a law lets something be refused. `review`: who looks at it again, where somebody does."""

    key: str
    says: str
    cite: str
    review: str = ""

    @property
    def is_reviewable(self) -> bool:
        """Whether the client can have it looked at again."""
        return bool(self.review)


def rules_of(door: Door, right: str) -> tuple[Right, ...]:
    """What the packs in force say of a right, in their order. Raises `BadInput` for none."""
    if right not in RIGHTS:
        raise BadInput("right", "is none that can be asked for", one_of(RIGHTS, right))
    return tuple(_in_force(door, RIGHTS[right].kinds))


def clocks(
    door: Door, right: str, received: datetime.datetime, identified: datetime.datetime | None = None
) -> tuple[Clock, ...]:
    """By when each law in force wants an answer to what was asked at `received`, soonest first.

    `identified`: when it was made sure who asks; it counts where a pack lets its time run from
    then. Where no law names a time, the house does. Times are by the practice's clock.
    """
    zone = door.vault.practice().zone
    timed = [one for one in rules_of(door, right) if one.due]
    found = []
    for rule in timed or [one for one in _in_force(door, (_FALLBACK,)) if one.due]:
        waits = _WAITS_FOR_IDENTITY in rule.due_from and identified is not None
        start = max(received, identified) if waits and identified else received
        due = after(rule.due, start.astimezone(zone), working=rule.days == "working")
        more = rule.extension.partition(" ")[0]
        longest = after(more, due) if more else due
        utc = datetime.UTC
        found.append(Clock(rule.id, rule.cite, due.astimezone(utc), longest.astimezone(utc)))
    return tuple(sorted(found, key=lambda one: (one.due, one.rule)))


def reasons(door: Door, right: str) -> tuple[Reason, ...]:
    """Every reason for which a law in force lets this right be refused."""
    return tuple(one for rule in rules_of(door, right) for one in _reasons(door, rule))


def ask(door: Door, visit: Visit, client_id: bytes, asked: Asked) -> tuple[bytes, Left | None]:
    """Begin a right; gives the matter's id (16 bytes) and, for a client, what was left.

    By the client, or by a member who takes it down for a client. Raises `BadInput`, `Unknown`.
    """
    authority = known_authority(visit, client_id)
    is_own = authority.client.person_id == visit.unlocked.person_id
    kind = RIGHTS.get(asked.right)
    if kind is None:
        raise BadInput("right", "is none that can be asked for", one_of(RIGHTS, asked.right))
    if not asked.text.strip() or len(asked.text) > TEXT_MAX:
        raise BadInput("text", "is empty or too long", f"1 to {TEXT_MAX} characters")
    received, checked = visit.at, "signed in to the own pages"
    if not is_own:
        received, checked = _taken_down(visit, asked)
    content: dict[str, Any] = {
        **asked.more,
        "right": asked.right,
        "how": OWN_PAGES if is_own else asked.how,
        "received": received.isoformat(),
        "checked": checked,
        "identified": visit.at.isoformat() if checked else "",
        "extended": False,
    }
    left = None
    if is_own:
        left = leave_message(door, visit, kind.says, asked.text)
        kept = left.kept
    else:
        draft = Draft(wanted=CORRESPONDENCE, heading=kind.says, text=asked.text)
        kept = door.deposit(visit, client_id, draft)
    content["asked"] = kept.entry_id.hex()
    asks = IN_PLACE if ASKER in content else "the client"
    step = Step(
        what=f"asked for {kind.what}" if is_own else f"took down that {asks} wants {kind.what}",
        said={RIGHT: asked.right},
        content=content,
        client_id=client_id,
        handler_id=_handler(visit, authority) if is_own else None,
        due=_due(door, content),
    )
    return begin(visit, RIGHT, step), left


def check_identity(door: Door, visit: Visit, matter: Matter, how: str) -> Matter:
    """Write down how it was made sure that it is the client who asks. Raises `BadInput`."""
    said = one_line("how it was checked", how, CHECKED_MAX)
    content = {**matter.content, "checked": said, "identified": visit.at.isoformat()}
    step = Step(
        what="made sure who asks",
        said={RIGHT: content[RIGHT]},
        content=content,
        due=_due(door, content),
    )
    return advance(visit, matter, step)


def longer(door: Door, matter: Matter) -> datetime.datetime | None:
    """By when the answer is due if more time is taken; nothing where no law gives any."""
    if matter.content["extended"]:
        return None
    ends = min((one.longest for one in _clocks(door, matter.content)), default=None)
    return ends if ends and matter.due and ends > matter.due else None


def extend(door: Door, visit: Visit, matter: Matter, text: str) -> Matter:
    """Take more time, once, with the reasons in a letter to the client.

    Raises `BadInput` where no law in force gives more, or the time is over, and for who may not ask
    in the client's place: such a letter says that there is a client. `NotPermitted`.
    """
    check_decides(visit, matter)
    check_stands(door, visit, matter)
    ends = longer(door, matter)
    if ends is None:
        raise BadInput("more time", "is given by no law here, or was taken before")
    if matter.due is not None and visit.at > matter.due:
        raise BadInput("more time", "can only be taken before the answer is due")
    keep_letter(door, visit, matter, "More time", text)
    step = Step(
        what=f"took more time to answer what the client asked for, until {ends.date().isoformat()}",
        said={RIGHT: matter.content[RIGHT]},
        content={**matter.content, "extended": True},
        due=ends,
    )
    return advance(visit, matter, step)


def answer(
    door: Door,
    visit: Visit,
    matter: Matter,
    outcome: str,
    text: str,
    *,
    reason: str = "",
) -> bytes:
    """Answer by a letter in the record, and settle the matter; gives the letter's entry (16 bytes).

    `outcome`: a key of `OUTCOMES`; whatever is refused needs the key of one of `reasons`, where the
    packs name any. Raises `BadInput`, `NotPermitted`, and as `Door.deposit`.
    """
    check_decides(visit, matter)
    check_answerable(matter)
    if outcome not in OUTCOMES:
        raise BadInput("answer", "is none of them", one_of(OUTCOMES, outcome))
    right = matter.content[RIGHT]
    is_known = not is_stranger(door, visit, matter)
    if outcome != "refused":
        check_stands(door, visit, matter)
    if outcome != "granted" and is_known:
        reason_named(door, right, reason)
    entry_id = keep_letter(door, visit, matter, f"Our answer: {RIGHTS[right].what}", text)
    step = Step(
        what=f"answered {_whom(matter)} for {RIGHTS[right].what}: {OUTCOMES[outcome]}",
        said={
            RIGHT: right,
            "outcome": outcome,
            "answer": entry_id.hex(),
            **({ASKER: True} if ASKER in matter.content else {}),
            **({"reason": reason} if reason else {}),
        },
    )
    settle(visit, matter, step)
    return entry_id


def _whom(matter: Matter) -> str:
    if ASKER in matter.content:
        return "somebody who asked in the client's place"
    return "the client, who asked"


def reason_named(door: Door, right: str, key: str) -> Reason | None:
    """A reason of the packs by its key; nothing where they name none and none is given.

    Raises `BadInput` for a reason that no law in force knows.
    """
    known = {one.key: one for one in reasons(door, right)}
    if not known and not key:
        return None
    if key not in known:
        raise BadInput("reason", "is none that the law here knows", one_of(known or {"none"}))
    return known[key]


def check_decides(visit: Visit, matter: Matter) -> None:
    """Raise `NotPermitted` for anybody but whoever treats the client, and the privacy officer."""
    if matter.kind != RIGHT or matter.client_id is None:
        raise NotPermitted
    authority = known_authority(visit, matter.client_id)
    treats = "treating" in authority.relations(visit.unlocked.person_id, visit.at)
    if not treats and OFFICER not in visit.person.row.posts:
        raise NotPermitted


def check_answerable(matter: Matter) -> None:
    """Raise `BadInput` while nobody has made sure who asks."""
    if not matter.content["checked"]:
        raise BadInput("who asks", "is not made sure yet", "how it was checked, first")


def keep_letter(door: Door, visit: Visit, matter: Matter, heading: str, text: str) -> bytes:
    """Keep a letter to the client in the record, where the client reads it; gives its entry."""
    if not text.strip() or len(text) > TEXT_MAX:
        raise BadInput("letter", "is empty or too long", f"1 to {TEXT_MAX} characters")
    client_id = matter.client_id or b""
    draft = Draft(wanted=CORRESPONDENCE, heading=heading, text=text)
    return door.deposit(visit, client_id, draft).entry_id


def complaint_lines(door: Door) -> tuple[str, ...]:
    """To whom one can complain, by the packs in force: name and how to reach, each office once.

    Local law comes last.
    """
    packs = door.packs.packs
    found = (
        f"{line.who}: {line.reach}"
        for pack_id in door.vault.practice().row.packs
        for line in packs[pack_id].helps
        if line.enabled and line.verified and "complaint" in line.serves
    )
    return tuple(dict.fromkeys(found))


def _in_force(door: Door, kinds: tuple[str, ...]) -> Iterator[Right]:
    for pack_id in door.vault.practice().row.packs:
        for one in door.packs.packs[pack_id].rights:
            if one.enabled and one.kind in kinds:
                yield one


def _reasons(door: Door, rule: Right) -> Iterator[Reason]:
    marked = any(one.endswith(REVIEWABLE) for one in rule.refuse_if)
    for index, says in enumerate(rule.refuse_if):
        is_open = says.endswith(REVIEWABLE) or not marked
        review = rule.review if is_open else ""
        yield Reason(f"{rule.id}:{index}", says.removesuffix(REVIEWABLE), rule.cite, review)
    if not rule.refuse_when:
        return
    condition = parse(rule.refuse_when, door.packs.facts, rule.id)
    for index, part in enumerate(condition.parts if isinstance(condition, Or) else (condition,)):
        asked = [atom.fact for atom, positive in signed_atoms(part) if positive]
        says = " ".join(door.packs.facts[one].ask for one in asked)
        yield Reason(f"{rule.id}:when:{index}", says, rule.cite, rule.review)


def _taken_down(visit: Visit, asked: Asked) -> tuple[datetime.datetime, str]:
    if visit.person.row.client_id is not None:
        raise NotPermitted
    if asked.how not in HOWS:
        raise BadInput("how it was asked", "is none of the ways", one_of(HOWS, asked.how))
    received = asked.received or visit.at
    if received > visit.at:
        raise BadInput("when it was asked", "is still to come", "today or before")
    checked = asked.checked.strip()
    return received, one_line("how it was checked", checked, CHECKED_MAX) if checked else ""


def _handler(visit: Visit, authority: Authority) -> bytes | None:
    """Who sees to what a client asks in the own pages: whoever treats, and works here."""
    for tie in authority.ties.values():
        treats = "treating" in authority.relations(tie.person_id, visit.at)
        if treats and works_here(visit.vault.person(tie.person_id), visit.at):
            return tie.person_id
    return None


def _clocks(door: Door, content: Mapping[str, Any]) -> tuple[Clock, ...]:
    identified = content["identified"]
    return clocks(
        door,
        content[RIGHT],
        datetime.datetime.fromisoformat(content["received"]),
        datetime.datetime.fromisoformat(identified) if identified else None,
    )


def _due(door: Door, content: Mapping[str, Any]) -> datetime.datetime | None:
    found = _clocks(door, content)
    ends = (one.longest if content["extended"] else one.due for one in found)
    return min(ends, default=None)
