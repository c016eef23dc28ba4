"""The night sheet from the browser: its words first, then the file that they open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.notices.packet_locks import new_passphrase, read_passphrase
from angerona.notices.typesetting import is_installed
from angerona.practice.night_sheet import night_sheet
from angerona.web.paper import asked_what_for, what_for
from angerona.web.turn import Download, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.web.turn import Result

PAPER: Final = "a4"
_NIGHT: Final = "night"
"""What a night sheet is put on paper for."""


def sheet_page(turn: Turn, problem: BadInput | None = None) -> Page:
    """What the sheet is for, by when it is destroyed, and the button that makes words for it."""
    says = {"can": is_installed(), "problem": problem, **asked_what_for(turn)}
    return Page("night_sheet.html", says, 422 if problem else 200)


def sheet_words(turn: Turn) -> Result:
    """New words, shown this once. They are kept in the form of this page alone, nowhere here."""
    what_for(turn, word=_NIGHT)
    return Page(
        "night_sheet_words.html", {"words": new_passphrase(), "until": turn.form.text("until")}
    )


def sheet_file(turn: Turn) -> Result:
    """Make the sheet, locked under the words of the form."""
    words = read_passphrase(turn.form.text("words"))
    purpose = what_for(turn, word=_NIGHT)
    made = night_sheet(turn.door, turn.visit, paper=PAPER, purpose=purpose, passphrase=words)
    return Download("night-sheet.pdf", "application/pdf", made.locked.pdf)


ROUTES: Final = (
    Route(method="GET", path="/night-sheet", do=sheet_page, face="clinic"),
    Route(
        method="POST",
        path="/night-sheet",
        do=sheet_words,
        face="clinic",
        again=sheet_page,
        step_up=True,
    ),
    Route(method="POST", path="/night-sheet/file", do=sheet_file, face="clinic", step_up=True),
)
