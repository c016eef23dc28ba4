"""What stands now of a client's care: diagnoses, plan, medicines, safety plan, measures.

Each is an entry whose text is data (`notices/structured.py`). A change by the same author is a
further version, so that what stood there before stays; a change by somebody else is an entry of
its own, and the one kept last is the one that stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.keeping import Draft
from angerona.gate.results import latest
from angerona.notices.structured import (
    Cosigned,
    Diagnoses,
    Form,
    Measured,
    Medicines,
    Plan,
    SafetyPlan,
    read_structured,
    structured_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.gate.results import Kept
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

CLASS_OF: Final[Mapping[type[Form], str]] = MappingProxyType(
    {
        SafetyPlan: "risk",
        Diagnoses: "diagnosis",
        Plan: "treatment_plan",
        Medicines: "medication",
        Measured: "assessment",
    }
)
"""The class that each is kept under."""
HEADING_OF: Final[Mapping[type[Form], str]] = MappingProxyType(
    {
        SafetyPlan: "Safety plan",
        Diagnoses: "Diagnoses",
        Plan: "Treatment plan",
        Medicines: "Medicines",
        Measured: "Measure",
    }
)
CARE: Final = frozenset(CLASS_OF.values())
"""The classes that a look at the care needs."""


@dataclass(frozen=True, slots=True)
class Standing:
    """An entry of data: its place, its text, and what the text holds."""

    place: EntryPlace
    entry: EntryText
    form: Form


@dataclass(frozen=True, slots=True)
class Care:
    """What stands, by form; and every measure, the oldest first."""

    now: Mapping[type[Form], Standing]
    measured: tuple[Standing, ...]

    @property
    def alarm(self) -> Standing | None:
        """The newest measure of those that ask about suicide, where that was answered with yes.

        It is none once the same measure was filled in again and the answer is "not at all".
        """
        newest: dict[str, Standing] = {}
        for one in self.measured:
            if isinstance(one.form, Measured):
                newest[one.form.measure] = one
        alarms = [
            one for one in newest.values() if isinstance(one.form, Measured) and one.form.alarm
        ]
        return max(alarms, key=lambda one: one.entry.written, default=None)


def care_of(entries: Iterable[tuple[EntryPlace, EntryText]]) -> Care:
    """What of these entries is data and stands; only the newest version of each is asked."""
    held = {place.place: (place, entry) for place, entry in entries}
    newest = latest(place for place, _ in sorted(held.values(), key=lambda one: one[0].place))
    found = []
    for place in newest:
        form = read_structured(held[place.place][1].text)
        if form is not None and CLASS_OF.get(type(form)) == place.wanted:
            found.append(Standing(place, held[place.place][1], form))
    found.sort(key=lambda one: (one.entry.written, one.place.place))
    return Care(
        MappingProxyType({type(one.form): one for one in found}),
        tuple(one for one in found if isinstance(one.form, Measured)),
    )


def keep_form(
    door: Door,
    visit: Visit,
    client_id: bytes,
    form: Form,
    *,
    over: tuple[bytes, int] | None,
    facts: Mapping[str, bool | int | str] = MappingProxyType({}),
) -> Kept | AskFirst | Refuse:
    """Keep data as it stands now; `over`: the id and version of the entry it was changed from.

    `facts`: as for a look.
    Raises `BadInput` for what nobody can have meant, and where somebody changed that entry since;
    else as `Door.keep`.
    """
    wanted, amends = CLASS_OF[type(form)], None
    if over is not None:
        entry_id, version = over
        rows = [one for one in door.vault.places(client_id) if one.entry_id == entry_id]
        if not rows or rows[-1].version != version or rows[-1].wanted != wanted:
            raise BadInput("this", "was changed by somebody meanwhile", "look at it, and change it")
        amends = entry_id if rows[-1].author_id == visit.unlocked.person_id else None
    draft = Draft(
        wanted=wanted,
        heading=HEADING_OF[type(form)],
        text=structured_text(form),
        amends=amends,
        over=over[1] if over is not None and amends is not None else None,
        facts=facts,
    )
    return door.keep(visit, client_id, draft)


def cosignatures(
    entries: Iterable[tuple[EntryPlace, EntryText]],
) -> dict[tuple[str, int, str], list[tuple[EntryPlace, EntryText, Cosigned]]]:
    """Who read and agreed to what: by the id, version and digest of the entry that was read."""
    found: dict[tuple[str, int, str], list[tuple[EntryPlace, EntryText, Cosigned]]] = {}
    for place, entry in entries:
        form = read_structured(entry.text)
        if isinstance(form, Cosigned):
            signed = (form.entry, form.version, form.digest)
            found.setdefault(signed, []).append((place, entry, form))
    return found
