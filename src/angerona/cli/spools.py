"""The spool of an emergency: where this account keeps it, and how it comes into the ledger.

It lies with the heads that the account remembers, outside of the practice's own folder, and so
often on another disk. Whoever comes in next takes it over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.cli import heads
from angerona.cli.output import complain
from angerona.gate.emergency import Absorbed, absorb

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from angerona.sealed.vault import Vault


def spool_of(practice_id: bytes) -> Path:
    """Where this account spools what it looks at in an emergency; it need not be there."""
    return heads.state_file("spool", practice_id)


def take_over(vault: Vault, spool: Path, at: datetime.datetime) -> Absorbed:
    """Take over what waits in a spool, and say on stderr what came of it. Raises as `absorb`."""
    done = absorb(vault, spool, at)
    if done.taken:
        complain(f"note: {done.taken} looks of an emergency were taken over into the ledger")
    for number in done.broken:
        complain(f"note: line {number} of the spool is no event that anybody here signed; kept")
    return done
