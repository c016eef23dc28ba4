"""Tables as CSV, for whoever keeps them in a spreadsheet: every cell is text and nothing else."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORKED_OUT: Final = re.compile(r"(?:\A|(?<=[;\n]))(?=[ \n]*[=+\-@\t\r])")
"""Where a cell would be worked out: at its start, and past what parts cells in other countries."""


def csv_of(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8, each cell as text that no spreadsheet works out."""
    text = io.StringIO(newline="")
    written = csv.writer(text)
    written.writerow(head)
    for row in rows:
        written.writerow([_WORKED_OUT.sub("'", str(one)) for one in row])
    return text.getvalue().encode()
