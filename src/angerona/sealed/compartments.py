"""Which key opens which class of information, and which keys come with which tie or post.

A client's record has a key for each **compartment**. Two kinds of compartment have keys of their
own kind: what an author keeps apart (`process:<author>`, one random key for each author) and what
belongs to several clients (`shared:<record>`). The class `ledger` has none: who looked is opened
with the event key.

The rules say who may; these tables say who can. A test holds the two together: whatever the house
permits a tie or a post without further conditions, its keys open, and nothing more.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_of
from angerona.words import CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

COMPARTMENTS: Final = (
    "identity",
    "scheduling",
    "billing",
    "diagnosis",
    "risk",
    "progress",
    "substance_use",
    "portal",
)
"""The compartments whose keys are derived from the client key, generation by generation."""
DEPOSITS: Final = ("risk", "progress", "portal")
"""The compartments into which one may write who may not read, by a key pair of each."""
PROCESS: Final = "process"
SHARED: Final = "shared"
EVENTS: Final = "events"

COMPARTMENT_OF: Final[Mapping[str, str]] = MappingProxyType(
    {
        "attendance": "scheduling",
        "identity": "identity",
        "billing": "billing",
        "history": "progress",
        "diagnosis": "diagnosis",
        "treatment_plan": "progress",
        "progress_note": "progress",
        "psychotherapy_note": PROCESS,
        "assessment": "progress",
        "medication": "risk",
        "substance_use": "substance_use",
        "substance_use_counseling_note": PROCESS,
        "risk": "risk",
        "abuse": "progress",
        "third_party": "progress",
        "shared_record": SHARED,
        "correspondence": "portal",
        "sexual_violence": "progress",
        "gender_history": "progress",
        "report_summary": "progress",
        "fitness_opinion": "progress",
        "legal": PROCESS,
        "ledger": EVENTS,
    }
)

CLASS_NUMBERS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "attendance": 1,
        "identity": 2,
        "billing": 3,
        "history": 4,
        "diagnosis": 5,
        "treatment_plan": 6,
        "progress_note": 7,
        "psychotherapy_note": 8,
        "assessment": 9,
        "medication": 10,
        "substance_use": 11,
        "substance_use_counseling_note": 12,
        "risk": 13,
        "abuse": 14,
        "third_party": 15,
        "shared_record": 16,
        "correspondence": 17,
        "sexual_violence": 18,
        "legal": 19,
        "ledger": 20,
        "gender_history": 21,
        "report_summary": 22,
        "fitness_opinion": 23,
    }
)
"""The byte that stands for a class in a row. Stored for ever: numbers are added, never changed."""
CLASS_NAMES: Final[Mapping[int, str]] = MappingProxyType(
    {number: name for name, number in CLASS_NUMBERS.items()}
)

_CLINICAL: Final = frozenset(COMPARTMENTS)
_ON_CALL: Final = frozenset({"identity", "diagnosis", "risk"})

BY_TIE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "treating": _CLINICAL,
        "supervisor": _CLINICAL,
        "covering": _ON_CALL,
        "own": _CLINICAL,
    }
)
"""What a tie to one client brings, each by a wrap to the person. `own` is the client."""
SHARED_WITH: Final = frozenset({"treating", "supervisor"})
"""Ties that also bring the key of a record that several clients share, once there is one."""
BY_POST: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "on_call": _ON_CALL,
        "front_desk": frozenset({"identity", "scheduling"}),
        "biller": frozenset({"identity", "scheduling", "billing", "diagnosis"}),
        "privacy_officer": frozenset(),
    }
)
"""What a post brings for every client, by one wrap to the key pair of the post."""


def brought_by(
    relation: str, *, person_id: bytes, client_id: bytes, notes_of: Iterable[bytes] = ()
) -> frozenset[str]:
    """Every compartment that a tie brings to a person: those of `BY_TIE`, and keys of other kinds.

    Whoever treats keeps notes apart under a key of his or her own; a supervisor reads those of the
    authors `notes_of` who chose to share them; both read what several clients share.
    """
    names = set(BY_TIE[relation])
    if relation in SHARED_WITH:
        names.add(shared_compartment(client_id))
    if relation == "treating":
        names.add(process_compartment(person_id))
    return frozenset(names.union(process_compartment(author) for author in notes_of))


def process_compartment(author_id: bytes) -> str:
    """The compartment of what one author keeps apart."""
    return f"{PROCESS}:{author_id.hex()}"


def shared_compartment(record_id: bytes) -> str:
    """The compartment of a record that several clients share."""
    return f"{SHARED}:{record_id.hex()}"


def compartment_of(wanted: str, *, author_id: bytes, record_id: bytes) -> str:
    """The compartment whose key seals an entry of this class.

    `author_id` decides for what is kept apart; a shared record has an id and keys of its own, like
    a client. Raises `BadInput` for a class that has no entries.
    """
    name = COMPARTMENT_OF.get(wanted)
    if name is None or name == EVENTS:
        allowed = [one for one in CLASSES if COMPARTMENT_OF[one] != EVENTS]
        raise BadInput("class", "has no entries", one_of(allowed))
    if name == PROCESS:
        return process_compartment(author_id)
    if name == SHARED:
        return shared_compartment(record_id)
    return name


def classes_opened(compartments: Iterable[str]) -> frozenset[str]:
    """The classes that the keys of these compartments open."""
    kinds = {name.partition(":")[0] for name in compartments}
    return frozenset(one for one, name in COMPARTMENT_OF.items() if name in kinds)
