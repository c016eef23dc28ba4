"""What is owed after looks, disclosures and refusals: who sees it, and how it is marked as done.

The gate writes a duty with the line of its act (`gate/owing.py`); here it ends, with a line of its
own. The privacy officer sees every duty, whoever treats a client that client's, everybody those of
his or her own acts, whoever is on call the calls for help, and a second reader what he or she is
asked to read. A duty can be about the practice itself, and then it has no client.
"""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Conflicting, Unknown, one_line
from angerona.gate.announcing import Act, announced
from angerona.gate.owing import AFTER
from angerona.gate.second_reading import READ
from angerona.practice.absences import deputy_of
from angerona.practice.matters import is_matter, sees
from angerona.practice.members import OFFICER
from angerona.practice.supervision import name_as_met
from angerona.practice.who_reads import is_asked
from angerona.sealed.duties import MATTER, PART_OF, find, sighted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.ledger.lines import Written
    from angerona.sealed.duties import Duty, Glance
    from angerona.sealed.vault import Person, Vault, Visit
    from angerona.store import Writing

HOW_CHARACTERS_MAX: Final = 200
CALL: Final = "own.call_for_help"
"""The duty to reach a client who may be in danger (`crisis.py`): whoever is on call has it too."""
GLASS: Final = "house.duty.break_glass_review"
"""The packs' duty to review an emergency look; their other reviews are not the officer's."""
TALK: Final = "own.talk"
"""The duty to speak with whoever looked, after a review or a settling (`oversight.py`)."""
_REVIEWED: Final = frozenset({"look", "emergency", "opened"})
"""The acts whose reviews are the privacy officer's (`oversight.py`)."""
_TRIES: Final = 64
_LAST: Final = datetime.datetime.max.replace(tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class Owing:
    """A duty that somebody is shown: its client by the name met by, whether its time is past.

    `client` is empty where the duty is about the practice itself.
    """

    duty: Duty
    client: str
    is_overdue: bool


def owed(visit: Visit) -> list[Owing]:
    """What is owed, as far as this person sees it: first what is due first, last what has no time.

    With a line under the person, like a caseload. Raises `Altered` where rows are not what the
    ledger holds, `Unopenable`.
    """
    vault, person = visit.vault, visit.person
    with vault.store.snapshot() as reading:
        there = [
            one.opened(vault)
            for one in sighted(vault, reading, "duties.all")
            if _could_concern(visit, person, one.glance)
        ]
    seen = [one for one in there if _concerns(visit, one)]
    seen.sort(key=lambda one: (one.row.due or _LAST, one.row.at, one.duty_id))
    body = {"by": person.described, "what": "duties", "duties": len(seen)}
    vault.record(person.person_id, "look", body, visit.at)
    return [
        Owing(one, client_met(visit, one), one.row.due is not None and one.row.due < visit.at)
        for one in seen
    ]


def client_met(visit: Visit, duty: Duty) -> str:
    """The client's name as this person meets it; empty for what is the practice's own.

    Raises `Unknown` for a client who was erased.
    """
    if is_of_practice(visit.vault, duty):
        return ""
    return name_as_met(visit, visit.vault.authority(duty.row.client_id))


def is_of_practice(vault: Vault, duty: Duty) -> bool:
    """Whether a duty is about the practice itself, and about no client."""
    return duty.row.client_id == vault.practice_id


def is_review(glance: Glance) -> bool:
    """Whether it is a review by the privacy officer: of a look, an emergency, an opening."""
    is_ours = glance.rule == GLASS or (glance.rule.startswith("own.") and glance.rule != CALL)
    return glance.kind == "review" and is_ours and glance.act in _REVIEWED


def may_review(visit: Visit, duty: Duty) -> bool:
    """Whether this person may: a privacy officer, and not the one whose act it was."""
    own = duty.row.duty.get("who", {}).get("id") == visit.unlocked.person_id.hex()
    is_own = own or duty.row.by == visit.unlocked.person_id
    return OFFICER in visit.person.row.posts and not is_own


def calls_waiting(visit: Visit) -> int:
    """How many calls for help wait that are this person's to answer; a number, and so no line."""
    vault, person, at = visit.vault, visit.person, visit.at
    with vault.store.snapshot() as reading:
        there = [one.glance for one in sighted(vault, reading, "duties.all")]
    return sum(one.rule == CALL and concerns(vault, person, at, one) for one in there)


def fulfil(visit: Visit, client_id: bytes, duty_id: bytes, *, how: str) -> Written | None:
    """Mark a client's duty (16 bytes) as done, with a line: who, what, and `how` in a few words.

    `client_id` is the practice's id for what is about the practice itself. Gives nothing where it
    was done before: then nothing is written. Raises `Unknown` as `duty_of`; `BadInput`, also for a
    review of what one did oneself, or without being privacy officer, and for telling a client
    something, which is weighed and told where that is done (`notices.py`); `AuthorityMoved`.
    """
    found = duty_of(visit, client_id, duty_id)
    said = one_line("how", how, HOW_CHARACTERS_MAX)
    if found is None:
        return None
    if is_review(found.glance) and not may_review(visit, found):
        raise BadInput("review", "is not yours to do", "another privacy officer")
    if tells_client(found):
        allowed = "telling the client on the page of the notice, where it is weighed first"
        raise BadInput("notice", "is not done by saying so", allowed)
    try:
        return ended(visit, found, says={"how": said})
    except Conflicting:
        return None


def duty_of(visit: Visit, client_id: bytes, duty_id: bytes) -> Duty | None:
    """A client's duty that concerns this person; nothing where it was done before.

    Raises `Unknown`, the same for no such duty, for one that is not this person's to see, and for a
    matter, what belongs to one, or a reading, which are settled where they are shown.
    """
    vault = visit.vault
    for _ in range(_TRIES):
        size = vault.ledger.size
        with vault.store.snapshot() as reading:
            there = find(vault, reading, "duties.by_key", duty_id=duty_id)
        found = [
            one
            for one in there
            if one.row.client_id == client_id
            and not has_a_page(visit, one)
            and _concerns(visit, one)
        ]
        if found:
            return found[0]
        if not there and _was_done(visit, client_id, duty_id):
            return None
        if there or vault.ledger.is_still_at(size):
            break  # else somebody's line is durable, and this process is yet to hear of it
    vault.refused_stranger(visit.at)
    raise Unknown


def has_a_page(visit: Visit, duty: Duty) -> bool:
    """Whether something ends on a page of its own; a reading ends here by whoever asked for it."""
    if duty.row.duty["id"] == READ:
        return duty.row.by != visit.unlocked.person_id
    return is_matter(duty) or PART_OF in duty.row.duty or duty.row.duty["id"] == AFTER


def tells_client(duty: Duty) -> bool:
    """Whether a duty is to tell the client something."""
    rule = duty.row.duty
    return rule["kind"] == "notice" and rule.get("to") == "client"


def ended(
    visit: Visit,
    duty: Duty,
    *,
    says: Mapping[str, object],
    owes: tuple[Duty, ...] = (),
    change: Callable[[Writing], None] = lambda _: None,
) -> Written:
    """End a duty that somebody may end, with its line; `owes` it leaves, `says` it says besides.

    `change` is made with it. The line is held back as long as a duty that it leaves. Raises
    `BadInput` where the client must not be told yet, `Conflicting` where it was ended meanwhile,
    `AuthorityMoved`.
    """
    vault, row, rule = visit.vault, duty.row, duty.row.duty
    tells = tells_client(duty)
    if tells and row.held_until is not None and visit.at < row.held_until:
        raise BadInput("notice", "must wait: the law forbids telling the client now", "a later day")
    body = {
        "by": visit.person.described,
        "duty": duty.duty_id.hex(),
        "rule": rule["id"],
        "what": rule["what"],
        "after": row.act,
        "happened": row.at.isoformat(),
        **says,
    }

    def changes(writing: Writing) -> None:
        if not find(vault, writing, "duties.by_key", duty_id=duty.duty_id):
            raise Conflicting("this was marked as done meanwhile")
        change(writing)

    held = [one.row.held_until for one in (duty, *owes) if one.row.held_until is not None]
    until = max(held, default=visit.at)
    act = Act(
        row.client_id,
        "notice" if tells else "done",
        body,
        owes=owes,
        done=(duty,),
        held_until=until if until > visit.at else None,
        change=changes,
    )
    version = None if is_of_practice(vault, duty) else vault.authority(row.client_id).version
    return announced(vault, act, visit.at, authority=version)


def _concerns(visit: Visit, duty: Duty) -> bool:
    if is_matter(duty):
        return sees(visit, duty)
    return concerns(visit.vault, visit.person, visit.at, duty.glance) or is_asked(visit, duty)


def _could_concern(visit: Visit, person: Person, glance: Glance) -> bool:
    """Whether a duty has to be opened to know if it is this person's to see: see `_concerns`."""
    return (
        glance.rule.startswith(MATTER)
        or glance.reader == person.person_id.hex()
        or concerns(visit.vault, person, visit.at, glance)
    )


def concerns(vault: Vault, person: Person, at: datetime.datetime, glance: Glance) -> bool:
    """Whether a duty is a member's to see and to do, but for what one is asked to read."""
    if glance.rule == TALK:
        return OFFICER in person.row.posts
    if glance.rule == CALL:
        return _is_called(vault, person, at, glance.client_id)
    if glance.by == person.person_id or _answers_for(vault, person, at, glance.client_id):
        return True
    return instead_of(vault, person, at, glance) is not None


def instead_of(vault: Vault, person: Person, at: datetime.datetime, glance: Glance) -> bytes | None:
    """For whom, who is away, a member stands in with a duty (an id); nobody where for nobody.

    For whoever did it or treats the client, and only where the member is tied to the client too. A
    matter, and a review, go to nobody in this way: the privacy officer sees them.
    """
    if glance.rule.startswith(MATTER) or is_review(glance) or glance.client_id == vault.practice_id:
        return None
    try:
        authority = vault.authority(glance.client_id)
    except Unknown:
        return None
    if not authority.relations(person.person_id, at):
        return None
    treating = (one.person_id for one in authority.ties.values() if one.relation == "treating")
    for whose in dict.fromkeys((glance.by, *treating)):
        with suppress(Unknown):  # the system's own, or somebody who was erased
            deputy = deputy_of(vault, whose, at)
            if deputy is not None and deputy.person_id == person.person_id:
                return whose
    return None


def _is_called(vault: Vault, person: Person, at: datetime.datetime, client_id: bytes) -> bool:
    """Whether a call for help is this person's to answer, and never the client's own."""
    return "on_call" in person.row.posts or _answers_for(vault, person, at, client_id)


def _answers_for(vault: Vault, person: Person, at: datetime.datetime, client_id: bytes) -> bool:
    """Whether somebody sees to all that is owed about a client."""
    if OFFICER in person.row.posts:
        return True
    if client_id == vault.practice_id:
        return False
    try:
        return "treating" in vault.authority(client_id).relations(person.person_id, at)
    except Unknown:
        return False


def _was_done(visit: Visit, client_id: bytes, duty_id: bytes) -> bool:
    """Whether a line says that it was done, one's own or of what one sees to."""
    vault, person, digits = visit.vault, visit.person, duty_id.hex()
    answers, me = _answers_for(vault, person, visit.at, client_id), person.person_id.hex()
    for subject_id in (client_id, vault.practice_id):
        try:
            lines = vault.ledger.lines_of(subject_id)
        except Unknown:
            continue
        for one in lines:
            if one.body.get("duty") == digits:
                is_call = one.body.get("rule") == CALL
                concerned = _is_called(vault, person, visit.at, client_id) if is_call else answers
                return concerned or one.body["by"]["id"] == me
    return False
