"""The clocks of an incident: whom to tell, by when, and the duties that this leaves open.

Everything here is worked out of what the incident holds (`breaches.py`) and the packs in force.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.rules.breaches import assess
from angerona.rules.durations import after
from angerona.sealed.duties import PART_OF, Duty, DutyRow
from angerona.sealed.zones import midnight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.rules.breaches import Assessment, Telling
    from angerona.rules.compile import Packs
    from angerona.rules.entries import Breach
    from angerona.sealed.vault import Vault, Visit

INCIDENT: Final = "incident"
OWN_LIMIT: Final = "PT72H"
"""Where no pack in force gives a time in figures, an incident is due this long after discovery."""
NOBODY: Final = "nobody"
"""The key under which it is settled that nobody at all is told."""
ONE: Final = "one:"
"""How the key begins under which it is settled that one client is not told; its notice follows."""
CLIENT: Final = "client"
ORAL: Final = "oral statement"
"""The moment at which the police asked for a delay, in the packs' word."""
END_OF_YEAR: Final = "end of the calendar year of discovery"
DISCOVERED: Final = frozenset({"discovery", "becoming aware", "awareness", "suspicion"})
"""The packs' words for the moment at which the practice knew."""
OF_INCIDENT: Final = "incident"
"""Under which key the duty of a client's notice names its incident, in hexadecimal digits."""
OPEN, TOLD, ASKED, UNNEEDED, ISSUED = "open", "told", "asked", "not needed", "one by one"


@dataclass(frozen=True, slots=True)
class Notification:
    """Somebody to tell, under a rule: a word of `words.RECIPIENTS`, by when, and where it stands.

    `due` is there where the law gives a time in figures; else `rule.standard` says it in words.
    `state` is `OPEN`, `TOLD`, `ASKED` (somebody proposes not to), `UNNEEDED` (and a second person
    agreed), or `ISSUED`: each client has a notice of his or her own. `says`: what was written down.
    """

    telling: Telling
    to: str
    due: datetime.datetime | None
    state: str
    says: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What names it within the incident."""
        return key_of(self.telling.rule, self.to)

    @property
    def rule(self) -> Breach:
        """The entry of the pack."""
        return self.telling.rule

    @property
    def is_settled(self) -> bool:
        """Whether nothing of it is left to do here."""
        return self.state in {TOLD, UNNEEDED, ISSUED}


def key_of(rule: Breach, to: str) -> str:
    """What names a notification within an incident."""
    return f"{rule.id}:{to}"


def weighed(vault: Vault, packs: Packs, content: Mapping[str, Any]) -> Assessment:
    """What the packs in force make of what is known of an incident."""
    return assess(packs, _in_force(vault, packs), content["facts"])


def _in_force(vault: Vault, packs: Packs) -> list[str]:
    return [one for one in vault.practice().row.packs if one in packs.packs]


def notifications(vault: Vault, packs: Packs, content: Mapping[str, Any]) -> list[Notification]:
    """Whom to tell of an incident, what is due first at the top."""
    last = datetime.datetime.max.replace(tzinfo=datetime.UTC)
    made = [
        Notification(
            one, to, _due(vault, one.rule, content), *_state(content, key_of(one.rule, to))
        )
        for one in weighed(vault, packs, content).owed
        for to in one.rule.to
    ]
    return sorted(made, key=lambda one: (one.due or last, one.key))


def held_by_law(
    vault: Vault, packs: Packs, content: Mapping[str, Any]
) -> dict[str, datetime.datetime]:
    """By pack: until when its telling may wait, where one of its rules is known to let it.

    A delay runs from a moment that was said; nothing waits from one that nobody knows.
    """
    waits: dict[str, datetime.datetime] = {}
    for one in weighed(vault, packs, content).delays:
        until = _due(vault, one.rule, content)
        if until is not None and one.rule.due_from in content["moments"]:
            waits[one.pack.id] = max(until, waits.get(one.pack.id, until))
    return waits


def duties(
    visit: Visit, packs: Packs, content: dict[str, Any], by: bytes
) -> tuple[tuple[Duty, ...], dict[str, Any]]:
    """The duties that come, and the content that names every duty that stands.

    A duty whose time or certainty moved is replaced by another one.
    """
    owes: list[Duty] = []
    names: dict[str, str] = {}
    for one in notifications(visit.vault, packs, content):
        if one.is_settled:
            continue
        told_of = owed_json(one)
        mark = f"{one.key}|{one.due.isoformat() if one.due else ''}|{one.telling.is_sure}"
        standing_id = content["duties"].get(mark)
        if standing_id is None:
            row = DutyRow(
                client_id=visit.vault.practice_id,
                act=INCIDENT,
                by=by,
                at=visit.at,
                owed=msgspec.json.encode(told_of),
                due=one.due,
            )
            duty = Duty(os.urandom(16), row)
            owes.append(duty)
            standing_id = duty.duty_id.hex()
        names[mark] = standing_id
    return tuple(owes), {**content, "duties": names}


def owed_json(one: Notification) -> dict[str, object]:
    """A notification as a duty says it."""
    rule = one.rule
    return {
        "id": rule.id,
        "kind": "notice",
        "mode": "required",
        "what": rule.what or "tell of an incident",
        "due": rule.due or None,
        "due_from": rule.due_from or None,
        "sure": one.telling.is_sure,
        "cite": rule.cite,
        PART_OF: INCIDENT,
        "to": one.to,
        **({"standard": rule.standard} if rule.standard else {}),
    }


def due_of_all(visit: Visit, packs: Packs, content: Mapping[str, Any]) -> datetime.datetime:
    """What is due first of what is open, or goes one by one; the own limit without a law's time."""
    found_now = notifications(visit.vault, packs, content)
    waits = [one for one in found_now if not one.is_settled or one.state == ISSUED]
    times = [one.due for one in waits if one.due]
    return min(times) if times else after(OWN_LIMIT, _discovered(visit.vault, content))


def _discovered(vault: Vault, content: Mapping[str, Any]) -> datetime.datetime:
    return vault.practice().local(datetime.datetime.fromisoformat(content["discovered"]))


def _due(vault: Vault, rule: Breach, content: Mapping[str, Any]) -> datetime.datetime | None:
    """By when, in UTC; what runs from a moment nobody knows runs from the discovery."""
    if not rule.due:
        return None
    start = _discovered(vault, content)
    if rule.due_from == END_OF_YEAR:
        start = midnight(datetime.date(start.year + 1, 1, 1), vault.practice().zone)
        start = vault.practice().local(start)
        start -= datetime.timedelta(days=1)
    elif rule.due_from not in DISCOVERED and rule.due_from in content["moments"]:
        start = vault.practice().local(
            datetime.datetime.fromisoformat(content["moments"][rule.due_from])
        )
    return after(rule.due, start).astimezone(datetime.UTC)


def _state(content: Mapping[str, Any], key: str) -> tuple[str, Mapping[str, Any]]:
    if key in content["told"]:
        return TOLD, content["told"][key]
    if key in content["issued"].get("keys", ()):
        return ISSUED, content["issued"]
    proposed = content["unneeded"].get(key)
    if proposed is not None:
        return (UNNEEDED if proposed["agreed"] else ASKED), proposed
    return OPEN, {}
