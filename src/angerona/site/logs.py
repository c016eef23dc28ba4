"""What the server may say of its work: that something failed, and which kind of failure.

Never an id, a name, an address or what was asked for. Our own lines hold plain words and the names
of kinds of errors alone. Of other people's lines only the words their authors wrote down are kept:
what is filled into them, and tracebacks, can hold anything.
"""

from __future__ import annotations

import logging
from typing import Final

OURS: Final = "angerona"
_FORM: Final = "%(asctime)s %(levelname)s %(message)s"


class PlainWords(logging.Formatter):
    """Formats a line without anything that speaks of somebody."""

    def __init__(self) -> None:
        super().__init__(_FORM)

    def format(self, record: logging.LogRecord) -> str:
        """The line, with the kind of the error where there is one, and never its words."""
        plain = logging.makeLogRecord(record.__dict__)
        if record.name.partition(".")[0] != OURS:
            first, _, _ = str(record.msg).partition("\n")
            plain.msg, plain.args = f"{record.name}: {first}", None
        if record.exc_info and record.exc_info[0]:
            plain.msg, plain.args = f"{plain.getMessage()} ({record.exc_info[0].__name__})", None
        plain.exc_info = plain.exc_text = plain.stack_info = None
        return super().format(plain)


def log_plainly() -> None:
    """Have everything that this process logs go to stderr in plain words."""
    handler = logging.StreamHandler()
    handler.setFormatter(PlainWords())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)
