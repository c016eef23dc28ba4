"""At the door: what to say to officers, for anybody at work, about nobody in particular."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import Unknown
from angerona.notices.letters import (
    Letterhead,
    draft,
    file_name,
    fitting_letters,
    left_to_write,
    page_of,
    set_letter,
)
from angerona.notices.packet_files import PAPERS
from angerona.notices.typesetting import is_installed
from angerona.packs.texts import Occasion, load_texts
from angerona.practice.absences import deputy_of, is_away
from angerona.practice.colleagues import colleagues
from angerona.practice.members import OFFICER
from angerona.web.turn import MEMBER, Download, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.errors import BadInput
    from angerona.packs.texts import Text
    from angerona.web.turn import Result

SCREEN: Final = "a4"


def sheet(turn: Turn, problem: BadInput | None = None) -> Page:
    """The sheet, to be read on whatever is at hand. No client is looked at, and no line written."""
    found = _sheet(turn)
    text = left_to_write(found, draft(found, {"contact": _whom(turn)}).text)
    head = Letterhead(practice=turn.door.vault.practice().row.name)
    made = page_of(found, text, head=head, at=turn.local, paper=SCREEN)
    says = {
        "sheet": found,
        "blocks": made["blocks"],
        "whom": _whom(turn),
        "papers": PAPERS,
        "can": is_installed(),
        "typed": turn.form,
        "problem": problem,
    }
    return Page("at_the_door.html", says, 422 if problem else 200)


def on_paper(turn: Turn) -> Result:
    """The same as a PDF, to hang where the door is opened."""
    found, form = _sheet(turn), turn.form
    text = left_to_write(found, draft(found, {"contact": form.text("contact")}).text)
    head = Letterhead(practice=turn.door.vault.practice().row.name)
    paper = form.choice("paper", PAPERS, default=SCREEN)
    pdf = set_letter(found, text, head=head, at=turn.local, paper=paper)
    return Download(file_name(found), "application/pdf", pdf)


def whom_to_call(turn: Turn) -> list[str]:
    """The privacy officers, each with who stands in where one is away."""
    vault, said = turn.door.vault, []
    for one in colleagues(turn.visit):
        if OFFICER not in one.row.posts:
            continue
        if not is_away(vault, one.person_id, turn.at):
            said.append(one.row.name)
            continue
        deputy = deputy_of(vault, one.person_id, turn.at)
        stands_in = f"{deputy.row.name} stands in" if deputy else "nobody stands in"
        said.append(f"{one.row.name} is away: {stands_in}")
    return said


def _whom(turn: Turn) -> str:
    return "; ".join(whom_to_call(turn))


def _sheet(turn: Turn) -> Text:
    occasion = Occasion(packs=turn.door.vault.practice().row.packs)
    for found in fitting_letters(load_texts(), "door_sheet", occasion):
        return found
    raise Unknown


ROUTES: Final = (
    Route(method="GET", path="/at-the-door", do=sheet, face=MEMBER),
    Route(method="POST", path="/at-the-door", do=on_paper, face=MEMBER, again=sheet),
)
