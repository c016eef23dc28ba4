"""Who relies on a consent: to whom something went under it, and that they are told when it ends.

What went stays gone, and what was done on it before stays right; but whoever still works with it is
to know. The letter to them names the packet and the day, and nobody: who has the packet knows.
Where the client does not want them told, or the one who got it may be a danger, nothing is written
until somebody has decided.
"""

from __future__ import annotations

import datetime
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import Unknown
from angerona.notices.paragraphs import day
from angerona.practice.caseload import short_id
from angerona.practice.consent_forms import classes_named
from angerona.rules.because import listed
from angerona.sealed.duties import Duty, DutyRow, find
from angerona.words import RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from angerona.ledger.lines import OpenedLine
    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import ConsentRow
    from angerona.sealed.vault import Vault, Visit

TELL: Final = "own.tell_who_relies"
"""The duty to write to somebody that a consent ended."""
ASK: Final = "own.ask_before_telling"
"""The duty to decide whether somebody is written to who may be a danger."""
RUNS_OUT: Final = "own.consent_runs_out"
"""The duty to ask the client anew before a consent ends on which things still go."""
ASKED_AHEAD: Final = datetime.timedelta(days=30)
"""How long before its last day that is raised: this practice's own rule, as `TOLD_WITHIN` is."""
TOLD_WITHIN: Final = datetime.timedelta(days=2)
"""By when: a rule of the practice's own, for no pack that was read sets a time."""
CONSENT: Final = "consent"
"""Under which key such a duty names its consent."""
_DANGEROUS: Final = "recipient.suspected_abuser"


@dataclass(frozen=True, slots=True)
class Relied:
    """Something that went out on a consent: when, to whom, of what, as which packet.

    `event_id` is that of its line (16 bytes); `packet` the packet's id, or nothing where it was
    announced and no line says that it left. `is_dangerous`: it was said of whoever got it.
    """

    event_id: bytes
    at: datetime.datetime
    to: str
    recipient: str
    classes: tuple[str, ...]
    packet: bytes
    is_dangerous: bool

    @property
    def whom(self) -> str:
        """Who got it, in words."""
        kind = RECIPIENTS.get(self.to, "someone")
        return f"{self.recipient} ({kind})" if self.recipient not in {"", kind} else kind

    @property
    def named(self) -> str:
        """The packet as a letter names it."""
        return f"packet {short_id(self.packet)}" if self.packet else "what we prepared"


def relying_on(
    vault: Vault,
    client_id: bytes,
    document: Mapping[str, Any],
    *,
    classes: Collection[str] | None = None,
) -> list[Relied]:
    """What went out that may rest on a consent, oldest first; of some classes of it, or of all.

    An announcement counts too that came to an end nowhere: it may have left.
    """
    wanted = set(classes_named(document) if classes is None else classes)
    lines = vault.ledger.lines_of(client_id)
    failed = {one.body.get("announced") for one in lines if one.kind == "failed"}
    packets = {
        one.body.get("announced"): str(one.body.get("packet", ""))
        for one in lines
        if one.kind == "handed_over"
    }
    found = []
    for one in lines:
        went = wanted.intersection(one.body.get("classes", ())) if _is_of(one, document) else ()
        digits = one.event_id.hex()
        if went and one.at is not None and digits not in failed:
            found.append(_relied(one, one.at, packets.get(digits, ""), tuple(sorted(went))))
    return found


def _is_of(line: OpenedLine, document: Mapping[str, Any]) -> bool:
    """Whether a line announces a disclosure of the kind that the consent was for."""
    body = line.body
    return (
        line.kind == "disclosure"
        and body.get("instrument") == "consent"
        and body.get("to") in document["to"]
        and body.get("purpose") in document["purposes"]
    )


def _relied(
    line: OpenedLine, at: datetime.datetime, packet: str, classes: tuple[str, ...]
) -> Relied:
    body = line.body
    stated = body.get("stated", {})
    return Relied(
        line.event_id,
        at,
        str(body.get("to", "")),
        str(body.get("what", "")),
        classes,
        bytes.fromhex(packet),
        stated.get(_DANGEROUS) is True,
    )


def duties_to_tell(
    visit: Visit, client_id: bytes, consent_id: bytes, found: Sequence[Relied]
) -> tuple[Duty, ...]:
    """A duty for each who got something: to be told, or to be thought about first.

    The latter where it was said of one that he or she may be a danger, or where somebody who stands
    for the client as such a one is set aside.
    """
    by_whom: dict[str, list[Relied]] = {}
    for one in found:
        by_whom.setdefault(one.whom, []).append(one)
    return tuple(
        _duty(visit, (client_id, consent_id), whom, those) for whom, those in by_whom.items()
    )


def open_duties(vault: Vault, client_id: bytes, consent_id: bytes) -> tuple[Duty, ...]:
    """Those that `duties_to_tell` made of a consent and nobody has done yet."""
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.of_client", client_id=client_id)
    named = consent_id.hex()
    return tuple(
        one
        for one in there
        if one.row.duty.get(CONSENT) == named and one.row.duty["id"] in {TELL, ASK}
    )


def running_out(
    vault: Vault, authority: Authority, day: datetime.date, ages: Iterable[int]
) -> Iterator[tuple[bytes, str, datetime.date]]:
    """The consents that end within `ASKED_AHEAD` and on which something went: what to do, by when.

    Of a consent that nothing has gone on nobody is asked, nor of one that counts no more, nor where
    another that counts goes on in its place. Whether a signer is set aside decides nothing here:
    the line of what is raised stands in the client's list, and its want would tell.
    """
    counts = {
        one: row
        for one, row in authority.consents.items()
        if not authority.why_void(row, day, ages, quiet=True)
    }
    for one, row in counts.items():
        said = json.loads(row.document)
        if said["revoked"] or not said["until"]:
            continue
        until = datetime.date.fromisoformat(said["until"])
        others = [other for key, other in counts.items() if key != one]
        goes_on = any(carries_on(authority, row, other) for other in others)
        if goes_on or not day <= until <= day + ASKED_AHEAD:
            continue
        relied = relying_on(vault, authority.client_id, said)
        if relied:
            whom = listed(dict.fromkeys(went.whom for went in relied))
            what = (
                f"ask the client whether the consent is to go on for {whom}: it ends on "
                f"{until.isoformat()}, and then nothing more goes"
            )
            yield one, what, until


def carries_on(authority: Authority, before: ConsentRow, after: ConsentRow) -> bool:
    """Whether a consent lets all go on that another lets go, beyond its last day and at once.

    In a joint record each party signs apart: the yes of one does not stand for that of another.
    """
    was, now = json.loads(before.document), json.loads(after.document)
    if now["revoked"] or not was["until"]:
        return False
    if authority.client.parties and before.signer != after.signer:
        return False
    past = datetime.date.fromisoformat(was["until"]) + datetime.timedelta(days=1)
    return (
        (now["until"] is None or now["until"] > was["until"])
        and (now["from"] or "") <= past.isoformat()
        and set(was["to"]) <= set(now["to"])
        and set(was["purposes"]) <= set(now["purposes"])
        and set(classes_named(was)) <= set(classes_named(now))
    )


def no_more_to_ask(
    vault: Vault, authority: Authority, ended: Collection[bytes]
) -> tuple[Duty, ...]:
    """The duties to ask anew that some consents need no more, since they ended or go on."""
    named = {one.hex() for one in ended}
    with vault.store.snapshot() as reading:
        there = find(vault, reading, "duties.of_client", client_id=authority.client_id)
    return tuple(
        one
        for one in there
        if one.row.duty["id"] == RUNS_OUT and one.row.duty.get(CONSENT) in named
    )


def _duty(visit: Visit, about: tuple[bytes, bytes], whom: str, those: Sequence[Relied]) -> Duty:
    client_id, consent_id = about
    days = listed(dict.fromkeys(_day(visit, one.at) for one in those))
    standing = visit.vault.authority(client_id).client.standing
    is_dangerous = any(one.is_dangerous for one in those) or standing.is_frozen_for(those[0].to)
    ask = f"decide whether {whom} may be told that the consent ended (given on {days})"
    tell = f"write to {whom} that the consent ended on which something was given on {days}"
    owed = {
        "id": ASK if is_dangerous else TELL,
        "kind": "review" if is_dangerous else "notice",
        "mode": "required",
        "what": ask if is_dangerous else tell,
        "to": "workforce" if is_dangerous else those[0].to,
        "due": f"P{TOLD_WITHIN.days}D",
        "due_from": "the act",
        "sure": True,
        CONSENT: consent_id.hex(),
    }
    row = DutyRow(
        client_id=client_id,
        act="revocation",
        by=visit.person.person_id,
        at=visit.at,
        owed=msgspec.json.encode(owed),
        due=visit.at + TOLD_WITHIN,
    )
    return Duty(os.urandom(16), row)


def told_in(
    visit: Visit, found: Sequence[Relied], event_id: bytes, *, ended: datetime.date
) -> tuple[str, dict[str, str]]:
    """To whom a letter of the kind `consent_ended` goes, and what is known for its blanks.

    `event_id`: of a line of what that one was given. Raises `Unknown`.
    """
    whom = next((one.whom for one in found if one.event_id == event_id), None)
    if whom is None:
        raise Unknown
    those = [one for one in found if one.whom == whom]
    given = listed(f"{one.named} of {_day(visit, one.at)}" for one in those)
    sender = f"{visit.person.row.name}, {visit.vault.practice().row.name}"
    return whom, {"consent": given, "ended on": day(ended), "sender": sender}


def _day(visit: Visit, at: datetime.datetime) -> str:
    return day(visit.vault.practice().local(at).date())
