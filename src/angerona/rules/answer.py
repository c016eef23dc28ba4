"""The Answer: `Permit | AskFirst | Refuse`, frozen, and without a truth value.

Who writes `if decide(...)` has forgotten that a question is not a yes; Python stops that at once
(`__bool__` raises) and a type checker earlier. Only `decide.py` makes a `Permit` (a test holds
that).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.rules.entries import Due


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One duty of an Answer. `sure` is false where an unknown fact decides whether it is owed."""

    id: str
    kind: str
    mode: str
    what: str
    due: str = ""
    due_from: str = ""
    sure: bool = True
    to: str = ""
    days: str = "calendar"
    standard: str = ""
    later_of: tuple[Due, ...] = ()
    not_before: str = ""
    ways: tuple[str, ...] = ()
    cite: str = ""

    def as_json(self) -> dict[str, object]:
        """The seven keys of docs/LANGUAGE.md section 5, and those the pack adds, where it does."""
        out: dict[str, object] = {
            "id": self.id,
            "kind": self.kind,
            "mode": self.mode,
            "what": self.what,
            "due": self.due or None,
            "due_from": self.due_from or None,
            "sure": self.sure,
        }
        extra: dict[str, object] = {
            "to": self.to,
            "days": self.days if self.due and self.days != "calendar" else "",
            "standard": self.standard,
            "later_of": [{"due": one.due, "due_from": one.due_from} for one in self.later_of],
            "not_before": self.not_before,
            "ways": list(self.ways),
        }
        return out | {key: value for key, value in extra.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Instead:
    """The lawful ways that remain when nothing may be told to the one who asks.

    Under limit harm or abuse. `tell`: recipients with the classes that may go to them now;
    `tell_if`: with those that may once the recipient is checked; `tell_once`: with the question
    that decides first; `say`: what may be said without identifying anyone; `call`: whom to call.
    """

    tell: Mapping[str, tuple[str, ...]]
    tell_if: Mapping[str, tuple[str, ...]]
    tell_once: Mapping[str, str]
    say: tuple[str, ...]
    call: tuple[str, ...]


class RulingFields(TypedDict):
    """The fields that all three kinds of Answer share."""

    outcome: str
    classes: Mapping[str, str]
    grounds: tuple[str, ...]
    locks: tuple[str, ...]
    questions: tuple[str, ...]
    conflicts: tuple[str, ...]
    duties: tuple[Owed, ...]
    notice: str
    ask_before_telling: tuple[str, ...]
    because: tuple[str, ...]
    instead: Instead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruling:
    """What every Answer holds (docs/LANGUAGE.md section 5), and, for the faces.

    `instead` in parts.
    """

    outcome: str
    classes: Mapping[str, str]
    grounds: tuple[str, ...]
    locks: tuple[str, ...]
    questions: tuple[str, ...]
    conflicts: tuple[str, ...]
    duties: tuple[Owed, ...]
    notice: str
    ask_before_telling: tuple[str, ...]
    because: tuple[str, ...]
    instead: Instead | None = None

    def __bool__(self) -> NoReturn:
        """Refuse to be taken for a yes or a no."""
        message = "an Answer is neither true nor false: match on Permit, AskFirst and Refuse"
        raise TypeError(message)

    def as_json(self) -> dict[str, object]:
        """The Answer as plain values, with exactly the keys of docs/LANGUAGE.md section 5."""
        return {
            "outcome": self.outcome,
            "classes": dict(self.classes),
            "grounds": list(self.grounds),
            "locks": list(self.locks),
            "questions": list(self.questions),
            "conflicts": list(self.conflicts),
            "duties": [duty.as_json() for duty in self.duties],
            "notice": self.notice,
            "ask_before_telling": list(self.ask_before_telling),
            "because": list(self.because),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit(_Ruling):
    """Outcome `require` or `permit`: the items named in `released` may go, and nothing else.

    `scopes` says of each how much: what was named, what was ordered, or the least that serves.
    """

    released: frozenset[str]
    scopes: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFirst(_Ruling):
    """Outcome `ask`: silence until the questions are answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(_Ruling):
    """Outcome `deny` or `conflict`: silence."""


Answer = Permit | AskFirst | Refuse
