"""The night sheet: what whoever is on call needs on the day this software cannot be reached.

For each client within reach: how to reach him or her and how never, who treats, the safety plan and
the medicines, as far as the rules let the one who makes it read them. It is printed, and lies in a
sealed envelope until it is needed; the file itself is locked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import NotPermitted
from angerona.gate.results import Shown
from angerona.notices.packet_locks import lock
from angerona.notices.paragraphs import moment, paragraphs
from angerona.notices.structured import in_words
from angerona.notices.typesetting import typeset
from angerona.practice.caseload import caseload, short_id
from angerona.practice.colleagues import on_call
from angerona.practice.contact import CHANNELS, contact_of
from angerona.practice.paper import announce_copy, mark, put_on_paper
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.gate.door import Door
    from angerona.notices.packet_locks import Locked
    from angerona.practice.caseload import Known
    from angerona.practice.contact import Contact
    from angerona.practice.paper import Purpose
    from angerona.sealed.entries import EntryText
    from angerona.sealed.vault import Visit

NEEDED: Final = frozenset({"risk", "medication"})
"""The classes of what keeps somebody safe at night."""
REASON: Final = "for the night sheet"
_CONTACT: Final = "identity"
"""The class of a name and how to reach somebody."""
NOTHING: Final = "No safety plan and no medicines on file."


@dataclass(frozen=True, slots=True, repr=False)
class NightSheet:
    """The pages, locked under words that are shown once; of how many clients, of how many not."""

    locked: Locked
    clients: int
    left_out: int


def night_sheet(
    door: Door,
    visit: Visit,
    *,
    paper: str,
    purpose: Purpose,
    step: Callable[[int, int], None] = lambda _done, _of: None,
    passphrase: str = "",
) -> NightSheet:
    """Make it for all whom this person may be spoken to about. `step`: how many of how many.

    `purpose`: as `copy_record`; `passphrase`: as `lock`. Each look is in the ledger of its client,
    with the line that a copy was taken. Raises as `caseload`, and `MissingExtra` or `PrintFailure`
    where no pages can be set.
    """
    parts: list[dict[str, Any]] = []
    found = caseload(visit)
    for number, known in enumerate(found, 1):
        part = _part(door, visit, known, purpose)
        if part is not None:
            parts.append(part)
        step(number, len(found))
    made = moment(door.vault.practice().local(visit.at))
    left_out = len(found) - len(parts)
    facts = [["Made", made], ["By", visit.person.row.name], *_on_call(visit)]
    if left_out:
        facts.append(["Left out", f"{left_out}, of whom the rules do not let that person read"])
    data: dict[str, Any] = {
        "paper": paper,
        "title": "Night sheet",
        "short_id": made,
        "facts": facts,
        "parts": parts,
        "mark": mark(visit, purpose),
    }
    put_on_paper(visit, purpose, clients=len(parts))
    pages = typeset("record.typ", data, at=visit.at)
    return NightSheet(lock(pages, passphrase), len(parts), left_out)


def _part(door: Door, visit: Visit, known: Known, purpose: Purpose) -> dict[str, Any] | None:
    """What stands about one client; nothing where it is not this person's to read."""
    client_id, classes = known.client_id, {_CONTACT}
    wanted = {one.entry_id for one in door.vault.places(client_id) if one.wanted in NEEDED}
    said: list[str] = []
    if wanted:
        found = door.look(visit, client_id, purpose="emergency", entry_ids=wanted, reason=REASON)
        if not isinstance(found, Shown):
            return None
        classes |= {place.wanted for place, _ in found.entries}
        said = [f"{_title(text)}\n{in_words(text.text)}" for _, text in found.entries]
    try:
        contact = contact_of(visit, client_id)
    except NotPermitted:
        return None
    announce_copy(visit, client_id, classes, purpose, one=False)
    authority = door.vault.authority(client_id)
    treating = [
        door.vault.person(tie.person_id).row.name
        for tie in authority.ties.values()
        if tie.relation == "treating" and (tie.until is None or visit.at < tie.until)
    ]
    places = [[name.capitalize(), how] for name, how in authority.client.contact.items()]
    return {
        "title": known.name,
        "facts": [
            ["Id", short_id(client_id)],
            *places,
            *_ways(contact),
            ["Treated by", ", ".join(treating)],
        ],
        "paragraphs": paragraphs("\n\n".join(said) or NOTHING),
    }


def _ways(contact: Contact) -> list[list[str]]:
    """By which ways the client may be reached, and how never, as far as he or she said it."""
    if not contact.is_said:
        return []
    may = ((says, contact.way(channel)) for channel, says in CHANNELS.items())
    ways = [f"{says}{f' ({way.times})' if way.times else ''}" for says, way in may if way.allowed]
    rows = (("By", ", ".join(ways) or "no way"), ("Never", " ".join(contact.never.split())))
    return [[name, said] for name, said in (*rows, ("Code word", contact.code_word)) if said]


def _title(text: EntryText) -> str:
    kind = CLASSES[text.wanted]
    named = f"{kind[:1].upper()}{kind[1:]}"
    return f"{named}: {text.heading}" if text.heading else named


def _on_call(visit: Visit) -> list[list[str]]:
    """Who holds the post, to be called first."""
    names = [one.row.name for one in on_call(visit.vault, visit.at)]
    return [["On call", ", ".join(names)]] if names else []
