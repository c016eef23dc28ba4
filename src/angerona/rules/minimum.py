"""How much of what may go: what was named, what was ordered, or the least that serves.

45 CFR 164.502(b) and its like: a permission is for a purpose, and carries no more than that needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.rules.judging import MET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.rules.ask import Ask
    from angerona.rules.judging import Judged

NARROWEST_FIRST: Final = ("minimum", "ordered", "named")


def scopes(ask: Ask, judged: Iterable[Judged], released: frozenset[str]) -> Mapping[str, str]:
    """For each item that may go, its scope; a passage takes the narrowest of its classes."""
    of_class = {one.wanted: _of_class(one) for one in judged}
    found = {name: of_class[name] for name in ask.wants if name in released}
    for passage in ask.passages:
        if passage.id in released:
            found[passage.id] = _narrowest(of_class[name] for name in passage.classes)
    return found


def _of_class(judged: Judged) -> str:
    """The narrowest over the layers that speak of it; within a layer any met ground is enough."""
    widest: dict[int, str] = {}
    for ground, status in judged.grounds:
        if status is MET:
            before = widest.get(ground.layer, NARROWEST_FIRST[0])
            widest[ground.layer] = max(before, ground.ground.scope, key=NARROWEST_FIRST.index)
    return _narrowest(widest.values())


def _narrowest(found: Iterable[str]) -> str:
    return min(found, key=NARROWEST_FIRST.index, default=NARROWEST_FIRST[0])
