"""Bringing one's practice along: what became of each row or file that somebody brought."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.practice.importing_rows import Rejected

if TYPE_CHECKING:
    from angerona.practice.importing import Taken

_FORMULA: Final = tuple("=+-@\t\r")
"""How a cell begins that a spreadsheet would work out."""


class Reject(msgspec.Struct, frozen=True):
    """What could not be taken: the line or file it is, and why, without a word of its content."""

    where: str
    reason: str


class Tally(msgspec.Struct):
    """What became of what was brought so far: `kept`, `there` already, new `clients`, rejects."""

    kept: int = 0
    there: int = 0
    clients: int = 0
    rejected: list[Reject] = []

    def add(self, taken: Taken | Rejected, where: str) -> None:
        """Count one; `where` is the line or the file that it is."""
        if isinstance(taken, Rejected):
            self.rejected.append(Reject(where, taken.reason))
            return
        self.kept += taken.kept
        self.there += not taken.kept
        self.clients += taken.enrolled

    def rejects(self, head: str) -> bytes:
        """The rejects as CSV, with this name above their lines or files."""
        text = io.StringIO(newline="")
        rows = csv.writer(text)
        rows.writerow((head, "reason"))
        for one in self.rejected:
            where = f"'{one.where}" if one.where.startswith(_FORMULA) else one.where
            rows.writerow((where, one.reason))
        return text.getvalue().encode()
