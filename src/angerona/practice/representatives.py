"""Who stands for a client: as what, on whose check of which paper, for what, and until when.

Representatives have no pages of their own (docs/adr/0026-who-stands-for-a-client.md): they ask and
sign as anybody does, and what stands here decides whether it counts. Somebody can be **frozen**:
then every ask and every signature of that person is answered as a stranger's is, and nothing tells.
So each change of what stands here leaves one and the same line, whatever it was.
"""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, Unknown, one_line, one_of
from angerona.practice.clients import check_treating, known_authority, rewrite_client
from angerona.practice.members import OFFICER
from angerona.practice.own_choices import own_authority
from angerona.rules.ages import ages_named
from angerona.sealed.standing import POWERS, STANDINGS, Changed, Representative

if TYPE_CHECKING:
    from collections.abc import Collection

    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.standing import Standing
    from angerona.sealed.vault import Vault, Visit

LINE: Final = "standing"
"""What the line of every change says it was about."""
MOST: Final = 20
WORDS_MAX: Final = 200
_SEEING: Final = frozenset({"treating", "supervisor"})


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewRepresentative:
    """Who is to stand for a client. `paper`: what was seen; `review`: when to look at it again."""

    name: str
    standing: str
    paper: str
    powers: tuple[str, ...]
    since: datetime.date
    until: datetime.date | None = None
    review: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Stands:
    """One representative as the practice sees it; `paused`: the birthday that set it aside."""

    representative_id: bytes
    row: Representative
    is_in_force: bool
    paused: datetime.date | None


def standing_of(visit: Visit, client_id: bytes) -> Standing:
    """How a client stands, with a line in the client's list.

    For whoever treats or supervises, and for the privacy officer; nobody else learns of it, and so
    of no freezing. Raises `Unknown` for anybody else.
    """
    authority = known_authority(visit, client_id)
    if not may_see_standing(visit, authority):
        visit.vault.refused_stranger(visit.at)
        raise Unknown
    visit.vault.record(client_id, "look", {"by": visit.person.described, "what": LINE}, visit.at)
    return authority.client.standing


def may_see_standing(visit: Visit, authority: Authority) -> bool:
    """Whether this person may know who stands for a client, and so who is set aside."""
    tied = _SEEING.intersection(authority.relations(visit.person.person_id, visit.at))
    return bool(tied) or OFFICER in visit.person.row.posts


def representatives_in(standing: Standing, visit: Visit, packs: Packs) -> list[Stands]:
    """Each of them with whether it counts today, by the ages that the packs in force name."""
    day = today(visit)
    ages = ages_of(visit.vault, packs)
    return [
        Stands(
            one,
            row,
            any(standing.stands(one, power, day, ages) for power in row.powers),
            standing.paused_since(row, day, ages),
        )
        for one, row in standing.representatives.items()
    ]


def enter_representative(visit: Visit, client_id: bytes, new: NewRepresentative) -> bytes:
    """Put on file who stands for a client, whose paper this person has seen; gives an id (16).

    By whoever treats, or the privacy officer. Raises `BadInput` for words that are none, an end
    before the beginning, or too many; `Unknown`, `NotPermitted`, `AuthorityMoved`.
    """
    authority = changeable(visit, client_id)
    standing = authority.client.standing
    if len(standing.representatives) >= MOST:
        raise BadInput("representatives", "are too many", f"up to {MOST}")
    checked = Changed(at=visit.at, by=visit.unlocked.person_id, day=today(visit))
    representative_id = os.urandom(16)
    row = Representative(
        name=one_line("name", new.name, WORDS_MAX),
        standing=_word("stands as", new.standing, STANDINGS),
        paper=one_line("paper", new.paper, WORDS_MAX),
        powers=tuple(_word("may", one, POWERS) for one in dict.fromkeys(new.powers)),
        since=new.since,
        until=new.until,
        review=new.review,
        checked=checked,
    )
    if not row.powers:
        raise BadInput("may", "is empty", one_of(POWERS))
    for place, given in (("until", new.until), ("look again", new.review)):
        if given is not None and given < new.since:
            raise BadInput(place, "is before the first day", "a later day, or none")
    put(visit, authority, {**standing.representatives, representative_id: row})
    return representative_id


def check_again(
    visit: Visit, client_id: bytes, representative_id: bytes, *, review: datetime.date | None
) -> None:
    """This person has looked at the paper again: it counts from today, as the law is now.

    Raises as `enter_representative`, `Unknown` where nobody is on file under this id.
    """
    authority, row = _found(visit, client_id, representative_id)
    checked = Changed(at=visit.at, by=visit.unlocked.person_id, day=today(visit))
    _replace(visit, authority, representative_id, row, checked=checked, review=review)


def end_representative(visit: Visit, client_id: bytes, representative_id: bytes) -> None:
    """Somebody stands for the client no more, from today; that he or she did stays on file.

    An end that is past already stays as it was. Raises as `check_again`.
    """
    authority, row = _found(visit, client_id, representative_id)
    last = today(visit) - datetime.timedelta(days=1)
    _replace(visit, authority, representative_id, row, until=min(last, row.until or last))


def freeze(visit: Visit, client_id: bytes, representative_id: bytes, reason: str) -> None:
    """Set somebody aside in silence: from now on he or she gets what a stranger gets.

    The reason stands with the rest, for whoever treats and the officer. Raises as `check_again`,
    and `BadInput` for a reason that says nothing.
    """
    authority, row = _found(visit, client_id, representative_id)
    said = Changed(at=visit.at, by=visit.unlocked.person_id, why=_reason(reason))
    _replace(visit, authority, representative_id, row, frozen=said, log=(*row.log, said))


def thaw(visit: Visit, client_id: bytes, representative_id: bytes, reason: str) -> None:
    """Let somebody stand again who was frozen, with a reason. Raises as `freeze`."""
    authority, row = _found(visit, client_id, representative_id)
    said = Changed(at=visit.at, by=visit.unlocked.person_id, why=_reason(reason))
    _replace(visit, authority, representative_id, row, frozen=None, log=(*row.log, said))


def own_representatives(visit: Visit) -> list[Representative]:
    """Who stands for the client who is signed in. Raises `NotPermitted` for anybody else.

    Somebody who is frozen stands here as before: whoever looks over the client's shoulder sees no
    change.
    """
    found = own_authority(visit).client.standing.representatives.values()
    return [one for one in found if one.until is None or one.until >= today(visit)]


def today(visit: Visit) -> datetime.date:
    """The day here, by the practice's clock."""
    return visit.vault.practice().local(visit.at).date()


def ages_of(vault: Vault, packs: Packs) -> tuple[int, ...]:
    """The ages at which the law of this practice changes."""
    return ages_named(packs.law(vault.practice().row.packs))


def changeable(visit: Visit, client_id: bytes) -> Authority:
    """The client, for whoever treats and for the privacy officer. Raises as `check_treating`."""
    authority = known_authority(visit, client_id)
    if OFFICER not in visit.person.row.posts:
        check_treating(visit, authority)
    elif authority.client.person_id == visit.unlocked.person_id:
        raise NotPermitted
    return authority


def put(visit: Visit, authority: Authority, representatives: dict[bytes, Representative]) -> None:
    """Write them anew, with the line that every such change leaves."""
    standing = msgspec.structs.replace(authority.client.standing, representatives=representatives)
    put_standing(visit, authority, standing)


def put_standing(visit: Visit, authority: Authority, standing: Standing) -> None:
    """Write how a client stands anew, with the same line whatever changed."""
    row = msgspec.structs.replace(authority.client, standing=standing)
    rewrite_client(visit, authority, row, "keys", what=LINE)


def _found(
    visit: Visit, client_id: bytes, representative_id: bytes
) -> tuple[Authority, Representative]:
    authority = changeable(visit, client_id)
    row = authority.client.standing.representatives.get(representative_id)
    if row is None:
        raise Unknown
    return authority, row


def _replace(
    visit: Visit,
    authority: Authority,
    representative_id: bytes,
    row: Representative,
    **changes: object,
) -> None:
    changed = msgspec.structs.replace(row, **changes)
    there = authority.client.standing.representatives
    put(visit, authority, {**there, representative_id: changed})


def _reason(given: str) -> str:
    return one_line("reason", given, WORDS_MAX)


def _word(place: str, given: str, allowed: Collection[str]) -> str:
    if given not in allowed:
        raise BadInput(place, "is none of the choices", one_of(allowed))
    return given
