"""What several ways through the door share: gathering, keeping, and the second line.

`door.py` says in which order; here stands what is the same in each.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from angerona.errors import Unknown
from angerona.gate.announcing import Act, announced
from angerona.gate.gathering import gather

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from angerona.gate.gathering import Gathered, Wish
    from angerona.gate.keeping import SealedDraft
    from angerona.gate.results import Prepared
    from angerona.ledger.lines import Written
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.duties import Duty
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing


@dataclass(frozen=True, slots=True)
class Steps:
    """A practice's vault, and the law that is loaded."""

    vault: Vault
    packs: Packs

    def _gathered(self, visit: Visit, client_id: bytes, wish: Wish) -> Gathered:
        """Step 1; whoever is met with silence leaves a line under the practice."""
        try:
            return gather(visit, self.packs, client_id, wish)
        except Unknown:
            self.vault.refused_stranger(visit.at)
            raise

    def _kept(
        self,
        authority: Authority,
        sealed: SealedDraft,
        body: dict[str, object],
        at: datetime.datetime,
        owes: tuple[Duty, ...] = (),
    ) -> Written:
        beside = None
        if sealed.beside is not None:
            says = {"by": body["by"], "what": f"put beside an entry: {sealed.heading}"}
            bind = partial(sealed.bind, self.vault, authority)
            beside = Act(authority.client_id, "right", says, slot="keys", change=bind)
        act = Act(
            authority.client_id,
            "kept",
            {**body, "entry": sealed.entry_id.hex()},
            owes,
            slot="entries",
            change=partial(sealed.insert, self.vault, authority),
            also=beside,
        )
        return announced(self.vault, act, at, authority=authority.version)

    def _followed(
        self,
        prepared: Prepared,
        kind: str,
        body: Mapping[str, object],
        at: datetime.datetime,
        done: tuple[Duty, ...] = (),
        again: tuple[Duty, ...] = (),
        *,
        change: Callable[[Writing], None] | None = None,
    ) -> Written:
        gathered = prepared.gathered
        first = {"by": gathered.person.described, "announced": prepared.written.event_id.hex()}
        act = Act(
            gathered.authority.client_id,
            kind,
            {**first, **body},
            owes=again,
            done=done,
            held_until=prepared.held_until,
            change=change,
        )
        return announced(self.vault, act, at, authority=None)
