"""How a client stands: how old, found mature for what, who may act in the client's place, death.

It lies in the client's own row, so the ledger binds it with all else that decides. Nothing here
asks a clock or the law: a day comes in, and the ages at which the packs in force change
(`rules/ages.py`).
"""

from __future__ import annotations

import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.rules.consents import ADULT_AGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STANDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "parent": "parent",
        "guardian": "guardian",
        "attorney": "attorney under a power",
        "estate": "personal representative of the dead",
    }
)
"""As what somebody stands for a client."""
POWERS: Final[Mapping[str, str]] = MappingProxyType(
    {"consent": "sign consents", "copies": "ask for copies"}
)
"""What somebody who stands for a client may do in the client's place."""
ASKS_AS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "parent": frozenset({"parent"}),
        "guardian": frozenset({"representative"}),
        "attorney": frozenset({"representative"}),
        "estate": frozenset({"estate", "representative"}),
    }
)
"""The kinds of recipient (`words.RECIPIENTS`) as which each may ask."""
SIGNS_AS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "parent": "parent",
        "guardian": "representative",
        "attorney": "representative",
        "estate": "representative",
    }
)
"""The word of `words.SIGNERS` under which each signs."""
WHY_NOT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nobody": "nobody on file who may sign consents signed it",
        "aside": "whoever signed it is set aside",
        "over": "whoever signed it does not stand for the client today",
        "death": "whoever signed it could sign only while the client lived, or only after",
        "grown": "a parent signed it, and the client is of age",
        "paused": "a parent signed it, and since a birthday nobody has looked at the paper again",
    }
)
"""Why somebody does not stand for a client on a day, as a consent says it."""
OF_THE_YOUNG: Final = frozenset({"parent"})
"""Standings that end when the client comes of age, and pause at each age the law names before."""


class Changed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That something was put on file: when, by whom (a person's id), and why in a few words.

    `day`: the day by the practice's clock, where a birthday is counted from it.
    """

    at: datetime.datetime
    by: bytes
    why: str = ""
    day: datetime.date | None = None


class Representative(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Somebody who stands for a client: as what, on what paper, for what, from when until when.

    `checked`: who saw the paper, and when. `frozen`: silently set aside, until it is taken off.
    `log`: every freezing and its end, in order.
    """

    name: str
    standing: str
    paper: str
    powers: tuple[str, ...]
    since: datetime.date
    checked: Changed
    until: datetime.date | None = None
    review: datetime.date | None = None
    frozen: Changed | None = None
    log: tuple[Changed, ...] = ()


class Maturity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was found of a young client for one kind of care; nothing where it was not asked.

    `own_consent`: whether the client alone agreed to it, as the law lets the young do.
    """

    mature: bool | None
    own_consent: bool | None
    found: Changed


class Death(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a client has died: the day if it is known, and from whom the practice has it."""

    day: datetime.date | None
    source: str
    kept: Changed


class Standing(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """All of it. `maturity` goes by kind of care; `told` names what a round has already raised.

    `ended` is the day on which the treatment ended, here or elsewhere.
    """

    born: datetime.date | None = None
    maturity: dict[str, Maturity] = {}
    representatives: dict[bytes, Representative] = {}
    death: Death | None = None
    told: tuple[str, ...] = ()
    ended: datetime.date | None = None

    def age_on(self, day: datetime.date) -> int | None:
        """How old the client is on a day, or was when he or she died; nothing if not known."""
        if self.born is None:
            return None
        if self.death is not None and self.death.day is not None:
            day = min(day, self.death.day)
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    def birthday(self, age: int) -> datetime.date | None:
        """The day on which the client reaches an age; who was born on 29 February, on 1 March."""
        if self.born is None:
            return None
        try:
            return self.born.replace(year=self.born.year + age)
        except ValueError:
            return datetime.date(self.born.year + age, 3, 1)

    def facts_on(self, day: datetime.date, care: str = "") -> dict[str, bool | int | str]:
        """What stands on file as the rules ask for it (docs/LANGUAGE.md).

        Maturity is that for one kind of care; where none is named, what all kinds agree on.
        """
        facts: dict[str, bool | int | str] = {}
        age = self.age_on(day)
        if age is not None and age >= 0:
            facts["client.age"] = age
        if self.death is not None:
            facts["client.deceased"] = True
        found = [one for name, one in self.maturity.items() if care in {"", name}]
        for fact, said in (
            ("client.mature_minor", {one.mature for one in found}),
            ("client.consented_own_care", {one.own_consent for one in found}),
        ):
            if len(said) == 1 and (value := next(iter(said))) is not None:
                facts[fact] = value
        return facts

    def stands(
        self, representative_id: bytes, power: str, day: datetime.date, ages: Iterable[int]
    ) -> bool:
        """Whether somebody on file may do this in the client's place, on a day.

        False the same for nobody on file, an end that is past, a paper that is to be looked at
        again, and somebody who is frozen.
        """
        return not self.why_not(representative_id, power, day, ages)

    def why_not(
        self, representative_id: bytes, power: str, day: datetime.date, ages: Iterable[int]
    ) -> str:
        """Why somebody may not do this in the client's place: a key of `WHY_NOT`, or nothing."""
        one = self.representatives.get(representative_id)
        if one is None or power not in one.powers:
            return "nobody"
        if one.frozen is not None:
            return "aside"
        if (self.death is not None) != (one.standing == "estate"):
            return "death"  # a power ends with the client's death; an estate begins with it
        if day < one.since or (one.until is not None and day > one.until):
            return "over"
        if self.paused_since(one, day, ages) is None:
            return ""
        age = self.age_on(day)
        return "grown" if age is not None and age >= ADULT_AGE else "paused"

    def unfrozen(self) -> Standing:
        """The same as whoever must not learn of a freezing sees it."""
        shown = {
            one: msgspec.structs.replace(row, frozen=None)
            for one, row in self.representatives.items()
        }
        return msgspec.structs.replace(self, representatives=shown)

    def paused_since(
        self, one: Representative, day: datetime.date, ages: Iterable[int]
    ) -> datetime.date | None:
        """The birthday that ended a standing, or since which nobody has looked at it again."""
        age = self.age_on(day)
        if one.standing not in OF_THE_YOUNG or age is None:
            return None
        if age >= ADULT_AGE:
            return self.birthday(ADULT_AGE)
        passed = [self.birthday(turn) for turn in ages if turn <= age]
        last = max((one for one in passed if one is not None), default=None)
        checked = one.checked.day or one.checked.at.date()
        return last if last is not None and checked < last else None

    def is_frozen_for(self, signs_as: str) -> bool:
        """Whether anybody on file who signs or asks so is frozen.

        Then nobody who is not on file by name is taken to stand for the client.
        """
        return any(
            one.frozen is not None and signs_as in {SIGNS_AS[one.standing], *ASKS_AS[one.standing]}
            for one in self.representatives.values()
        )
