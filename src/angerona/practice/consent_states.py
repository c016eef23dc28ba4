"""What a consent is worth on a day: in force, over, taken back, or signed by who stands no more.

That somebody was set aside shows to those alone who may know of it. To anybody else, the client
too, such a consent stands as it stood before: whoever looks over a shoulder sees no change.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.practice.contradictions import entitled
from angerona.practice.representatives import ages_of, may_see_standing, today
from angerona.sealed.standing import WHY_NOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import ConsentRow
    from angerona.sealed.vault import Visit

NOT_ENTITLED: Final = "whoever signed it may not sign this, by what is on file"


@dataclass(frozen=True, slots=True)
class State:
    """`ended`: why it is over for good, or nothing; `void`: why it opens nothing today, or nothing.

    What is void may count again, when what stands on file changes. `is_to_come`: its first day is
    not here yet.
    """

    ended: str = ""
    void: str = ""
    is_to_come: bool = False

    @property
    def is_in_force(self) -> bool:
        """Whether something may go on it today, if it has all its elements."""
        return not (self.ended or self.void or self.is_to_come)


def state_of(visit: Visit, packs: Packs, authority: Authority, row: ConsentRow) -> State:
    """What a consent is worth today by the practice's clock, as this person may know it.

    Writes no line: for whoever has read the consents already (`consents.listed_consents`).
    """
    document, day = json.loads(row.document), today(visit)
    if ended := _ended(document, row, day.isoformat()):
        return State(ended)
    to_come = bool(document["from"] and document["from"] > day.isoformat())
    knows = may_see_standing(visit, authority)
    why = authority.why_void(row, day, ages_of(visit.vault, packs), quiet=not knows)
    if why:
        return State("", WHY_NOT[why], to_come)
    practice = visit.vault.practice()
    if (
        knows
        and not row.signer
        and entitled(packs, practice, authority, document, visit.at) is False
    ):
        return State("", NOT_ENTITLED, to_come)
    return State("", "", to_come)


def _ended(document: Mapping[str, Any], row: ConsentRow, today: str) -> str:
    if document["revoked"]:
        return "a no" if row.signed and row.signed.way == "refused" else "taken back"
    return "over" if document["until"] and document["until"] < today else ""
