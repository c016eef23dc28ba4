"""The edge: every way a command can end becomes an exit code and one line, never a traceback.

0 done; 1 a mismatch, or a proof that fails; 2 wrong input; 70 a fault of ours; 130 stopped with
Ctrl-C; 141 nobody reads the output.
"""

from __future__ import annotations

import re
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from angerona.cli.app import app
from angerona.cli.output import complain
from angerona.errors import AngeronaError

if TYPE_CHECKING:
    from collections.abc import Sequence

WRONG_INPUT: Final = 2
OUR_FAULT: Final = 70
INTERRUPTED: Final = 130
_GIVEN: Final = re.compile(r"\s*\((?!Possible|Did you mean).*\)", re.DOTALL)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and say how it ended."""
    try:
        code = app(args=list(arguments), prog_name="angerona", standalone_mode=False)
    except (AngeronaError, typer.TyperException) as problem:
        complain(_line(problem))
        return WRONG_INPUT
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except Exception as problem:  # noqa: BLE001 -- the edge: a fault of ours is one line too
        complain(_our_fault(problem))
        return OUR_FAULT
    if code == INTERRUPTED:
        complain("stopped")
    return code if isinstance(code, int) else 0


def _line(problem: AngeronaError | typer.TyperException) -> str:
    """One line. What was typed beside options is not repeated: it may name a client."""
    if isinstance(problem, AngeronaError):
        return str(problem)
    return f"{_GIVEN.sub('', problem.format_message())} (angerona --help says how)"


def _our_fault(problem: Exception) -> str:
    """Where it broke, and nothing of what it was working on."""
    last = traceback.extract_tb(problem.__traceback__)[-1]
    where = f"{Path(last.filename).name}, line {last.lineno}"
    return f"a fault in angerona itself: {type(problem).__name__} in {where}; nothing was answered"
