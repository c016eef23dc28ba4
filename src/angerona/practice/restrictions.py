"""Restrictions: what a client asks to be kept from somebody, and the practice agreed to keep.

What was agreed stands in the client's row, bound by the ledger like a consent, and closes: the
rules read it with every Ask (docs/LANGUAGE.md section 6). It ends when the client says so, and not
otherwise. What was paid in full, and is to be kept from a plan, cannot be refused where the law
says so.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown, one_of
from angerona.practice.asked_for import check_stands
from angerona.practice.clients import known_authority, rewrite_client
from angerona.practice.members import OFFICER
from angerona.practice.rights import (
    RIGHT,
    answer,
    check_answerable,
    check_decides,
    rules_of,
)
from angerona.sealed.rows import Restriction
from angerona.words import CLASSES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

PLANS: Final = frozenset({"payer", "insurer"})
"""Who pays instead of the client; towards them alone counts that the client paid."""
PLAN_PURPOSES: Final = frozenset({"payment", "operations", "insurance"})
_PAID: Final = "restriction_paid"
_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be kept from whom: words of `words.CLASSES`, `RECIPIENTS` and `PURPOSES`.

    `paid`: the client paid for it in full.
    """

    classes: tuple[str, ...]
    to: tuple[str, ...]
    purposes: tuple[str, ...]
    paid: bool = False

    def as_json(self) -> dict[str, Any]:
        """What a matter holds of it, for `rights.Asked.more`. Raises `BadInput`."""
        for place, names, words in (
            ("what", self.classes, CLASSES),
            ("from whom", self.to, RECIPIENTS),
            ("what for", self.purposes, PURPOSES),
        ):
            _check(place, names, words)
        return {
            "classes": list(self.classes),
            "to": list(self.to),
            "purposes": list(self.purposes),
            "paid": self.paid,
        }

    @classmethod
    def of(cls, matter: Matter) -> Wanted:
        """What was asked for in a matter. Raises `NotPermitted` where it is of another right."""
        content = matter.content
        if content.get(RIGHT) != "restriction" or "classes" not in content:
            raise NotPermitted
        return cls(
            classes=tuple(content["classes"]),
            to=tuple(content["to"]),
            purposes=tuple(content["purposes"]),
            paid=bool(content["paid"]),
        )


def must_agree(door: Door, wanted: Wanted) -> str:
    """The law under which it cannot be refused; empty where it can."""
    if not wanted.paid or not PLANS.issuperset(wanted.to):
        return ""
    if not PLAN_PURPOSES.issuperset(wanted.purposes):
        return ""
    found = (one for one in rules_of(door, "restriction") if one.kind == _PAID and one.no_refusal)
    return next((one.cite for one in found), "")


def agree(door: Door, visit: Visit, matter: Matter, *, letter: str) -> bytes:
    """Agree to what was asked; it binds from now on. Gives the restriction's id (16 bytes).

    By whoever treats, or the privacy officer. Raises `BadInput`, `NotPermitted`.
    """
    check_decides(visit, matter)
    check_answerable(matter)
    check_stands(door, visit, matter)
    wanted = Wanted.of(matter)
    restriction = Restriction(
        restriction_id=os.urandom(_ID_BYTES),
        classes=wanted.classes,
        to=wanted.to,
        purposes=wanted.purposes,
        paid=wanted.paid,
        since=visit.at,
        by=visit.unlocked.person_id,
    )
    authority = known_authority(visit, matter.client_id or b"")
    _rewrite(
        visit,
        authority,
        (*authority.client.restrictions, restriction),
        what="agreed to keep something from somebody, as the client asked",
        restriction=restriction,
    )
    answer(door, visit, matter, "granted", letter)
    return restriction.restriction_id


def refuse(door: Door, visit: Visit, matter: Matter, *, letter: str, reason: str = "") -> bytes:
    """Refuse it, with reasons in the letter. Raises `BadInput` where the law does not let one."""
    if cite := must_agree(door, Wanted.of(matter)):
        raise BadInput("a refusal", "is not open here: it was paid in full", f"agree ({cite})")
    return answer(door, visit, matter, "refused", letter, reason=reason)


def restrictions_of(visit: Visit, client_id: bytes) -> list[Restriction]:
    """What binds now, oldest first, with a line. For the client, whoever treats, and the officer.

    Raises `Unknown`, `NotPermitted`.
    """
    authority = _seen(visit, client_id)
    body = {"by": visit.person.described, "what": "restrictions"}
    visit.vault.record(client_id, "look", body, visit.at)
    return [one for one in authority.client.restrictions if one.until is None]


def end(visit: Visit, client_id: bytes, restriction_id: bytes) -> None:
    """End a restriction, as the client wishes; what it covered is open again from now on.

    By the client, or by whoever treats or the officer, whom the client told. Raises `Unknown`,
    `NotPermitted`.
    """
    authority = _seen(visit, client_id)
    now = [one for one in authority.client.restrictions if one.restriction_id == restriction_id]
    if not now or now[0].until is not None:
        raise Unknown
    ended = msgspec.structs.replace(now[0], until=visit.at)
    after = tuple(ended if one is now[0] else one for one in authority.client.restrictions)
    what = "ended a restriction, as the client wished"
    _rewrite(visit, authority, after, what=what, restriction=ended)


def _rewrite(
    visit: Visit,
    authority: Authority,
    restrictions: tuple[Restriction, ...],
    *,
    what: str,
    restriction: Restriction,
) -> None:
    row = msgspec.structs.replace(authority.client, restrictions=restrictions)
    said = {
        "restriction": restriction.restriction_id.hex(),
        "from": list(restriction.to),
        "wanted": list(restriction.classes),
    }
    rewrite_client(visit, authority, row, RIGHT, what=what, **said)


def _seen(visit: Visit, client_id: bytes) -> Authority:
    authority = known_authority(visit, client_id)
    me = visit.unlocked.person_id
    own, officer = authority.client.person_id == me, OFFICER in visit.person.row.posts
    if not (own or officer or "treating" in authority.relations(me, visit.at)):
        raise NotPermitted
    return authority


def _check(place: str, names: Collection[str], words: Mapping[str, str]) -> None:
    if not names:
        raise BadInput(place, "names nothing", one_of(words))
    for one in names:
        if one not in words:
            raise BadInput(place, "is none of the choices", one_of(words, one))
