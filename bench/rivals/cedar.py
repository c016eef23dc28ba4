"""Looks by Cedar, through cedarpy."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import cedarpy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.looks import Look


class Cedar:
    """The policies and the (empty) entities are parsed once and held as handles.

    A request names principal, action and resource as tables, which cedarpy reads faster than its
    surface syntax; the context goes as JSON, which is what cedarpy makes of it in any case.
    """

    def __init__(self) -> None:
        text = resources.files("bench.rivals").joinpath("look.cedar").read_text(encoding="utf-8")
        self._policies = cedarpy.PolicySet.from_str(text)
        self._entities = cedarpy.Entities.from_json_str("[]")

    def verdict(self, look: Look) -> str:
        """One look, from its plain table."""
        found = cedarpy.is_authorized(_request(look), self._policies, self._entities)
        return "may" if found.allowed else "silence"

    def verdicts(self, looks: Sequence[Look]) -> list[str]:
        """Many looks in one call."""
        found = cedarpy.is_authorized_batch(
            [_request(look) for look in looks], self._policies, self._entities
        )
        return ["may" if one.allowed else "silence" for one in found]


def _request(look: Look) -> Mapping[str, Any]:
    return {
        "principal": {"type": "Relation", "id": look["relation"]},
        "action": {"type": "Action", "id": look["purpose"]},
        "resource": {"type": "Class", "id": look["class"]},
        "context": {"role": look["role"], **look["facts"]},
    }
