"""The command line: questions in, answers out, one plain line for everything that is wrong."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run one command and leave with its exit code (`edge.py` lists them)."""
    try:
        from angerona.cli.edge import run  # noqa: PLC0415 -- Ctrl-C is calm from the first moment

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
