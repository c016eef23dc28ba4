"""Whom to call for help now: the lines of the packs that bind a practice, whose number was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from angerona.rules.compile import Packs

HARM: Final = "harm"
ABUSE: Final = "abuse"
ANY: Final = "any"
_ORDER: Final = (ANY, HARM, ABUSE)
_NUMBER: Final = re.compile(r"[0-9][0-9 -]*[0-9]")


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A line: who answers, how to reach it, when, for what; where its number was read, and when."""

    who: str
    reach: str
    when_open: str
    serves: tuple[str, ...]
    cite: str
    as_of: str

    @property
    def is_for_danger(self) -> bool:
        """Whether it is for whoever is in danger or in despair, and not for abuse alone."""
        return bool({ANY, HARM}.intersection(self.serves))

    @property
    def number(self) -> str:
        """The digits to dial, where `reach` begins with a number; else nothing."""
        found = _NUMBER.match(self.reach)
        return re.sub(r"\D", "", found[0]) if found else ""


def help_lines(packs: Packs, pack_ids: Iterable[str]) -> list[HelpLine]:
    """The lines in force: emergency numbers first, then those for despair, then those for abuse.

    Of two packs with the same number the more local one, named later, counts. A line whose number
    nobody has seen in print is left out, and so is whom to complain to.
    """
    found: dict[str, HelpLine] = {}
    for pack_id in pack_ids:
        for one in packs.packs[pack_id].helps:
            if one.enabled and one.verified and not set(_ORDER).isdisjoint(one.serves):
                found[one.reach] = HelpLine(
                    one.who,
                    one.reach,
                    one.when_open,
                    one.serves,
                    one.cite,
                    one.as_of.isoformat(),
                )
    return sorted(found.values(), key=_place)


def _place(line: HelpLine) -> int:
    return min(_ORDER.index(one) for one in line.serves)
