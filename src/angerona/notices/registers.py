"""A register on paper: an entry under a heading of its own, each line of it as it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.errors import BadInput, one_of
from angerona.notices.letters import TEMPLATE
from angerona.notices.packet_files import PAPERS
from angerona.notices.paragraphs import day, paragraphs
from angerona.notices.typesetting import typeset

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Sequence

    from angerona.notices.typesetting import Json


def register_pdf(
    heading: str,
    entries: Iterable[tuple[str, Sequence[str]]],
    *,
    practice: str,
    at: datetime.datetime,
    paper: str,
) -> bytes:
    """The PDF of a register: each entry's title and lines, in the order given.

    Dated `at`, by the practice's clock. Its title says "Sheet". Raises `BadInput` for no paper,
    `MissingExtra`, `PrintFailure`.
    """
    return typeset(
        TEMPLATE, register_page(heading, entries, practice=practice, at=at, paper=paper), at=at
    )


def register_page(
    heading: str,
    entries: Iterable[tuple[str, Sequence[str]]],
    *,
    practice: str,
    at: datetime.datetime,
    paper: str,
) -> dict[str, Json]:
    """What the typesetter is given for a register."""
    if paper not in PAPERS:
        raise BadInput("paper", "no such paper", one_of(PAPERS, paper))
    blocks: list[Json] = []
    for title, lines in entries:
        blocks.append({"is": "heading", "lines": [title], "rtl": False})
        blocks += [
            {**one, "is": "paragraph"} if isinstance(one, dict) else one
            for one in paragraphs("\n\n".join(line for line in lines if line))
        ]
    return {
        "paper": paper,
        "title": "Sheet",
        "heading": heading,
        "practice": practice,
        "address": [],
        "to": [],
        "reference": "",
        "made_on": day(at),
        "blocks": blocks,
    }
