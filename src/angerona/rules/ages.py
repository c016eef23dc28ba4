"""The ages at which what the law says of somebody changes, read off the packs' own conditions."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from angerona.rules.compile import LAWS_KEPT
from angerona.rules.consents import ADULT_AGE
from angerona.rules.expressions import atoms, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from angerona.rules.compile import Law
    from angerona.rules.entries import Pack

AGE: Final = "client.age"


@lru_cache(maxsize=LAWS_KEPT)
def ages_named(law: Law) -> tuple[int, ...]:
    """The ages, in years and in order, at which a condition of these packs turns; 18 among them.

    A condition such as `client.age >= 14` turns on the fourteenth birthday, `client.age <= 12` on
    the thirteenth. At 18 a parent's signature counts no more (`rules/consents.py`).
    """
    found = {ADULT_AGE}
    for pack in law.packs:
        for text in _conditions(pack):
            for atom in atoms(parse(text, law.vocabulary, pack.id)):
                if atom.fact == AGE and isinstance(atom.value, int):
                    turns = {"lt": (0,), "le": (1,), "eq": (0, 1)}.get(atom.test, ())
                    found |= {atom.value + one for one in turns}
    return tuple(sorted(found))


def _conditions(pack: Pack) -> Iterator[str]:
    yield pack.applies_when
    for ground in pack.grounds:
        yield ground.when
        yield from (need.expr for need in ground.needs)
    for lock in pack.locks:
        yield lock.when
    for duty in pack.duties:
        yield duty.when
    for right in pack.rights:
        yield right.when
