"""The night sheet from the browser: its words first, then the file that they open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.notices.packet_locks import new_passphrase, read_passphrase
from angerona.notices.typesetting import is_installed
from angerona.practice.night_sheet import night_sheet
from angerona.web.turn import Download, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result

PAPER: Final = "a4"


def sheet_page(_turn: Turn) -> Result:
    """What the sheet is for, and the button that makes words for it."""
    return Page("night_sheet.html", {"can": is_installed()})


def sheet_words(_turn: Turn) -> Result:
    """New words, shown this once. They are kept in the form of this page alone, nowhere here."""
    return Page("night_sheet_words.html", {"words": new_passphrase()})


def sheet_file(turn: Turn) -> Result:
    """Make the sheet, locked under the words of the form."""
    words = read_passphrase(turn.form.text("words"))
    made = night_sheet(turn.door, turn.visit, paper=PAPER, passphrase=words)
    return Download("night-sheet.pdf", "application/pdf", made.locked.pdf)


ROUTES: Final = (
    Route(method="GET", path="/night-sheet", do=sheet_page, face="clinic"),
    Route(method="POST", path="/night-sheet", do=sheet_words, face="clinic", step_up=True),
    Route(method="POST", path="/night-sheet/file", do=sheet_file, face="clinic", step_up=True),
)
