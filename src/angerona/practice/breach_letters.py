"""The letters of an incident: to each client by the way he or she chose, to authorities, to media.

What all letters say is written once, into the blanks that the packs' letters have
(`notices/letters.py`). Then every client on the list is given a notice of his or her own: a duty
under the client, due when the law says, seen by the officer and by whoever treats. Each goes alone,
by a way that the client allowed, and is kept in the record as it went. Where the law lets notice
wait, or it would put somebody in danger now, the line and the duty are held back meanwhile.
"""

from __future__ import annotations

import datetime
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.ciphers.derive import derived
from angerona.errors import BadInput, Conflicting, NotPermitted, Unknown, one_line, one_of
from angerona.gate.announcing import Act, announced
from angerona.gate.keeping import Draft
from angerona.notices.letters import (
    Letterhead,
    draft,
    fitting_letters,
    letter_named,
    open_blanks,
    set_letter,
)
from angerona.packs.texts import Occasion, load_texts
from angerona.practice.breach_clocks import (
    CLIENT,
    INCIDENT,
    OF_INCIDENT,
    ONE,
    OPEN,
    held_by_law,
    notifications,
    owed_json,
)
from angerona.practice.breach_searches import carry, digest_of, what_of, whole
from angerona.practice.breaches import WHY_MAX, answer_none, propose_none, step_on
from angerona.practice.caseload import known_to, short_id
from angerona.practice.contact import contact_of
from angerona.practice.duties import ended, owed
from angerona.practice.messages import CORRESPONDENCE, pages_closed
from angerona.practice.notices import NOT_TOLD, NoticeWay, ways_to
from angerona.practice.supervision import name_as_met
from angerona.sealed.duties import PART_OF, Duty, DutyRow, find
from angerona.sealed.held_lines import HELD

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.notices.letters import Draft as Filled
    from angerona.packs.texts import Text
    from angerona.practice.breach_clocks import Notification
    from angerona.practice.breach_searches import Row
    from angerona.practice.contact import Contact
    from angerona.practice.duties import Owing
    from angerona.practice.matters import Matter
    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit

HOW: Final[Mapping[str, str]] = {
    "in_person": "given or said in person",
    "pages": "on the client's own pages",
    "post": "by letter",
    "phone": "said on the phone",
}
"""By which ways a client is told of an incident (`notices.WAYS`), as the line says it."""
GIVEN_AT_ONCE: Final = 10
"""To how many clients a notice is given at a time."""
TYPES: Final = "types of information"
"""The blank that each client's letter fills from what was reached of that client."""
SENDER: Final = "sender"
_NOTICE: Final = "breach_notice"
_MEDIA: Final = "breach_media"
_AUTHORITY: Final = "breach_authority"
_WOULD_HARM: Final = "incident.notice_would_harm"
_LETTER: Final = "A letter from us"
_ENTRY: Final = "angerona/incident/entry/v1"
HOLD_MAX: Final = datetime.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Letter:
    """A client's notice that is still to go: its duty, what it says, how the client is reached.

    `contact` is none for whoever holds no key to it; then the own pages are left, and speaking.
    """

    owing: Owing
    letter: Text
    filled: Filled
    contact: Contact | None
    ways: tuple[NoticeWay, ...]
    has_died: bool


def letter_to(visit: Visit, packs: Packs, to: str) -> Text:
    """The letter that is true for the packs in force, by whom it goes to."""
    kind = {CLIENT: _NOTICE, "media": _MEDIA}.get(to, _AUTHORITY)
    ids = [one for one in visit.vault.practice().row.packs if one in packs.packs]
    return fitting_letters(load_texts(), kind, Occasion(packs=ids, to=to))[0]


def write(visit: Visit, packs: Packs, matter: Matter, values: Mapping[str, str]) -> Matter:
    """Keep what all letters of an incident say, by the names of their blanks; no client's name.

    Raises `BadInput` for a blank that no letter has.
    """
    kept = {**matter.content.get("letter", {}), **values}
    draft(letter_to(visit, packs, CLIENT), kept)
    content = {**matter.content, "letter": {name: one for name, one in kept.items() if one.strip()}}
    return step_on(visit, packs, matter, content, "wrote what the letters of an incident say", {})


def filled(visit: Visit, packs: Packs, matter: Matter, to: str) -> tuple[Text, Filled]:
    """A letter with what is known of an incident put in; the other blanks are open."""
    letter = letter_to(visit, packs, to)
    return letter, draft(letter, matter.content.get("letter", {}))


def letter_pdf(visit: Visit, letter: Text, text: str, *, to: str = "", paper: str = "a4") -> bytes:
    """A letter as somebody has read and edited it. Raises as `notices.letters.set_letter`."""
    practice = visit.vault.practice()
    head = Letterhead(practice=practice.row.name, to=to)
    return set_letter(letter, text, head=head, at=practice.local(visit.at), paper=paper)


def hold_notice(
    visit: Visit,
    packs: Packs,
    matter: Matter,
    client_id: bytes,
    until: datetime.datetime,
    *,
    why: str,
) -> Matter:
    """Let one client's notice wait until a day, because now it would put somebody in danger.

    To be said before the notices are given out. Raises `BadInput` for one who is not on the list,
    and for a day that is past or too far away.
    """
    if client_id.hex() not in {one.client for one in whole(visit, matter).rows}:
        raise BadInput("client", "is not on the list", "a client from the list")
    if not visit.at < until <= visit.at + HOLD_MAX:
        raise BadInput("until", "is past or too far away", f"{HOLD_MAX.days} days at most")
    entry = {"until": until.isoformat(), "why": one_line("why", why, WHY_MAX)}
    held = {**matter.content["held"], client_id.hex(): entry}
    what = "let the notice of one client wait"
    return step_on(visit, packs, matter, {**matter.content, "held": held}, what, {})


def issue(visit: Visit, packs: Packs, matter: Matter) -> tuple[int, int]:
    """Give the next clients of the list a notice of their own; gives how many, and of how many.

    To be called until it is all of them; one who has it is not given it twice. Raises `BadInput`
    where the list is not whole or is another by now, where a letter has a blank that nobody filled,
    and while it is not known whether the notice itself would harm, where a pack asks that.
    """
    held, found = whole(visit, matter), matter.content["found"]
    if digest_of(visit, held) != found.get("digest"):
        raise BadInput("the list", "is another than the one that was kept", "working it out again")
    tells = _client_tells(visit, packs, matter)
    left = [one.name for one in filled(visit, packs, matter, CLIENT)[1].open]
    if missing := [one for one in left if one not in {TYPES, SENDER}]:
        raise BadInput("the letter", f"has a blank: {missing[0]}", "filling it first")
    given = _given_before(visit, matter)
    for row in held.rows[held.issued : held.issued + GIVEN_AT_ONCE]:
        if row.client not in given:
            _give(visit, packs, matter, row, tells)
    held.issued = min(held.issued + GIVEN_AT_ONCE, len(held.rows))
    carry(visit, held)
    if held.issued >= len(held.rows):
        issued = {
            "at": visit.at.isoformat(),
            "clients": len(held.rows),
            "digest": found["digest"],
            "keys": [one.key for one in tells],
        }
        content = {**matter.content, "issued": issued}
        step_on(visit, packs, matter, content, "gave each client concerned a notice", {})
    return held.issued, len(held.rows)


def _client_tells(visit: Visit, packs: Packs, matter: Matter) -> list[Notification]:
    every = notifications(visit.vault, packs, matter.content)
    tells = [one for one in every if one.to == CLIENT and one.state == OPEN]
    if not tells:
        raise BadInput("notices", "are owed to nobody, or given out", "a rule that asks for them")
    if any(_WOULD_HARM in one.telling.asks for one in tells):
        raise BadInput("notices", "wait for an answer", packs.facts[_WOULD_HARM].ask)
    return tells


def _given_before(visit: Visit, matter: Matter) -> set[str]:
    """Whose notice of this incident is held back: such a line stands under the practice."""
    digits = matter.matter_id.hex()
    lines = visit.vault.ledger.lines_of(visit.vault.practice_id)
    return {
        str(one.body["client"])
        for one in lines
        if one.kind == HELD and one.body.get("matter") == digits
    }


def _give(
    visit: Visit, packs: Packs, matter: Matter, row: Row, tells: Iterable[Notification]
) -> None:
    vault, client_id, digits = visit.vault, bytes.fromhex(row.client), matter.matter_id.hex()
    if any(
        one.kind == INCIDENT and one.body.get("matter") == digits
        for one in vault.ledger.lines_of(client_id)
    ):
        return
    first, *others = tells
    held_until = _held_until(visit, packs, matter, row.client, [first, *others])
    said = {
        **{name: one for name, one in owed_json(first).items() if name != PART_OF},
        "what": "tell the client of an incident",
        "cite": "; ".join(one.rule.cite for one in (first, *others)),
        OF_INCIDENT: digits,
        "letter": letter_to(visit, packs, CLIENT).id,
        "values": {**matter.content.get("letter", {}), TYPES: what_of(row)},
    }
    duty = Duty(
        os.urandom(16),
        DutyRow(
            client_id=client_id,
            act=INCIDENT,
            by=matter.handler_id,
            at=visit.at,
            owed=msgspec.json.encode(said),
            due=first.due,
            held_until=held_until,
        ),
    )
    body = {
        "by": visit.person.described,
        "what": "found that this record may be concerned by an incident",
        "matter": digits,
    }
    act = Act(client_id, INCIDENT, body, owes=(duty,), held_until=held_until)
    announced(vault, act, visit.at, authority=vault.authority(client_id).version)


def _held_until(
    visit: Visit, packs: Packs, matter: Matter, client: str, tells: list[Notification]
) -> datetime.datetime | None:
    """Until when it waits: as was said of this client, or as every law that asks for it lets."""
    ends = []
    if client in matter.content["held"]:
        ends.append(datetime.datetime.fromisoformat(matter.content["held"][client]["until"]))
    waits = held_by_law(visit.vault, packs, matter.content)
    if all(one.telling.pack.id in waits for one in tells):
        ends.append(max(waits[one.telling.pack.id] for one in tells))
    return max((one for one in ends if one > visit.at), default=None)


def propose_untold(
    visit: Visit, packs: Packs, matter: Matter, duty_id: bytes, *, why: str, consultant: str = ""
) -> Matter:
    """Write down why one client need not be told, by the id of the notice. As `propose_none`."""
    if all(one.duty.duty_id != duty_id for one in to_send(visit, matter.matter_id)):
        raise BadInput("notice", "is none of this incident", "one that is still to go")
    key = f"{ONE}{duty_id.hex()}"
    after = propose_none(visit, packs, matter, key, why=why, consultant=consultant)
    _leave_untold(visit, after, duty_id)
    return after


def answer_untold(
    visit: Visit, packs: Packs, matter: Matter, duty_id: bytes, *, agrees: bool, why: str
) -> Matter:
    """Agree as the second person that one client is not told, or object. As `answer_none`.

    The notice ends with the reason, sealed to the officer and the client.
    """
    key = f"{ONE}{duty_id.hex()}"
    after = answer_none(visit, packs, matter, key, agrees=agrees, why=why)
    _leave_untold(visit, after, duty_id)
    return after


def untold(visit: Visit, matter: Matter) -> list[tuple[bytes, str, Mapping[str, Any]]]:
    """Whom somebody proposed not to tell: the notice's id, the client as met or by a short id, why.

    Also those to whom a second person has agreed, while their notice stands.
    """
    found = []
    mine = {one.client_id for one in known_to(visit)}
    with visit.vault.store.snapshot() as reading:
        for key, said in matter.content["unneeded"].items():
            if not key.startswith(ONE):
                continue
            duty_id = bytes.fromhex(key.removeprefix(ONE))
            for one in find(visit.vault, reading, "duties.by_key", duty_id=duty_id):
                whom = one.row.client_id
                authority = visit.vault.authority(whom)
                name = name_as_met(visit, authority) if whom in mine else short_id(whom)
                found.append((duty_id, name, said))
    return found


def _leave_untold(visit: Visit, matter: Matter, duty_id: bytes) -> None:
    """End a notice that two people left, with the reason."""
    said = matter.content["unneeded"].get(f"{ONE}{duty_id.hex()}")
    if said is None or not said["agreed"]:
        return
    with visit.vault.store.snapshot() as reading:
        there = find(visit.vault, reading, "duties.by_key", duty_id=duty_id)
    for one in there:
        sealed = visit.vault.reason_sealed(one.row.client_id, said["why"])
        with suppress(Conflicting):
            ended(
                visit, one, says={"way": NOT_TOLD, "said": one.row.duty["what"], "reason": sealed}
            )


def to_send(visit: Visit, matter_id: bytes | None = None) -> list[Owing]:
    """The notices to clients that are this person's to see to, of one incident or of all.

    With a line under the person, as what is owed. Raises `Altered`, `Unopenable`.
    """
    wanted = None if matter_id is None else matter_id.hex()
    return [
        one
        for one in owed(visit)
        if OF_INCIDENT in one.duty.row.duty and wanted in {None, one.duty.row.duty[OF_INCIDENT]}
    ]


def letter_of(visit: Visit, duty_id: bytes) -> Letter:
    """One client's notice, and how he or she is reached; that it was asked is in the client's list.

    Raises `Unknown` for one that is not this person's to see to.
    """
    found = next((one for one in to_send(visit) if one.duty.duty_id == duty_id), None)
    if found is None:
        raise Unknown
    says = found.duty.row.duty
    letter = letter_named(load_texts(), says["letter"])
    values = {**says["values"], SENDER: visit.person.row.name}
    client_id = found.duty.row.client_id
    authority = visit.vault.authority(client_id)
    contact, ways = None, tuple[NoticeWay, ...]()
    with suppress(NotPermitted):
        contact = contact_of(visit, client_id)
        ways = ways_to(contact, authority)
    if contact is None:
        ways = (NoticeWay("in_person"), NoticeWay("pages", closed=pages_closed(authority)))
    has_died = authority.client.standing.death is not None
    if has_died:  # somebody may act in the client's place, and is spoken to
        ways = (NoticeWay("in_person"),)
    return Letter(found, letter, draft(letter, values), contact, ways, has_died)


def sent(
    door: Door, visit: Visit, duty_id: bytes, way: str, *, text: str, never_read: bool = False
) -> None:
    """Note that a client was told, by which way, and keep the letter in the record as it went.

    `never_read`: that what the client said must never be done was read. What was broken off is done
    once when it is tried again. Raises `BadInput` for a way that is closed, while it has to wait,
    and for a blank that is not filled; as `letter_of`.
    """
    found = letter_of(visit, duty_id)
    row = found.owing.duty.row
    if row.held_until is not None and row.held_until > visit.at:
        raise BadInput("notice", "has to wait", f"from {row.held_until.date().isoformat()} on")
    opened = [one.name for one in found.ways if not one.closed]
    if way not in opened:
        why = next((one.closed for one in found.ways if one.name == way), "is none")
        raise BadInput("way", f"is closed: {why}", one_of(opened))
    if found.contact and found.contact.never and not never_read:
        raise BadInput("what must never be done", "was not read", "reading it, and saying so")
    if still := open_blanks(text):
        raise BadInput("text", f"[{still[0].name}] is not filled", "fill it, or take it out")
    entry_id = derived(duty_id, _ENTRY, visit.vault.practice_id)[:16]
    kept = Draft(wanted=CORRESPONDENCE, heading=_LETTER, text=text, entry_id=entry_id)
    with suppress(Conflicting):  # an earlier try got this far
        door.deposit(visit, row.client_id, kept)
    with suppress(Conflicting):  # somebody else marked it as told meanwhile
        ended(visit, found.owing.duty, says={"how": HOW[way]})
