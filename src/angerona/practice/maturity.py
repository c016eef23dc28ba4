"""The young: the day of birth, from which the age is told, and what was found of maturity.

What a parent may see or sign is the packs' to say. They ask for the age, whether the client is
mature enough, and whether he or she alone agreed to the care; each is kept here with who found it.
"""

from __future__ import annotations

import datetime
import os
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import (
    Altered,
    AuthorityMoved,
    BadInput,
    Tampered,
    Unknown,
    one_line,
    one_of,
)
from angerona.gate.announcing import Act, announced
from angerona.practice.clients import check_treating, known_authority
from angerona.practice.relying import CONSENT, RUNS_OUT, running_out
from angerona.practice.representatives import (
    LINE,
    WORDS_MAX,
    ages_of,
    changeable,
    put_standing,
    today,
)
from angerona.rules.consents import ADULT_AGE
from angerona.sealed.authority import moved_authority
from angerona.sealed.duties import Duty, DutyRow
from angerona.sealed.standing import Changed, Maturity
from angerona.sealed.zones import end_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import ClientRow
    from angerona.sealed.standing import Standing
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing

CARES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "talking": "talking with a therapist",
        "medication": "medication",
        "substance_use": "care for substance use",
        "sexual": "care after sexual violence, or about sexual health",
        "family": "sessions with the family",
        "other": "other care",
    }
)
"""The kinds of care for which maturity is found, each by itself."""
AGES: Final = range(131)
AHEAD: Final = datetime.timedelta(days=60)
"""How long before a birthday or a review the round says so."""
OF_AGE: Final = "own.comes_of_age"
REVIEW: Final = "own.representative_review"
_ROUND: Final = {"name": "the daily round", "roles": ["system"]}


def set_born(visit: Visit, client_id: bytes, born: datetime.date | None) -> None:
    """Put the day of birth on file, from which the age is told on each day; `None` takes it off.

    By whoever treats, or the privacy officer. Raises `BadInput` for a day to come or long past,
    `Unknown`, `NotPermitted`, `AuthorityMoved`.
    """
    authority, day = changeable(visit, client_id), today(visit)
    if born is not None and not (born <= day and day.year - born.year in AGES):
        raise BadInput("born", "is no day of birth", "a day that is past")
    before = authority.client.standing
    told = tuple(one for one in before.told if one.startswith(CONSENT))  # no birthday's doing
    standing = msgspec.structs.replace(before, born=born, told=told)
    put_standing(visit, authority, standing)


def find_mature(
    visit: Visit,
    client_id: bytes,
    care: str,
    *,
    mature: bool | None,
    own_consent: bool | None,
    why: str,
) -> None:
    """Keep what this person found of a young client for a kind of care, and on what ground.

    By whoever treats. `own_consent`: whether the client alone agreed to it, as the law here lets.
    Raises `BadInput` for a kind that is none and a ground that says nothing, else as `set_born`.
    """
    authority = known_authority(visit, client_id)
    check_treating(visit, authority)
    if care not in CARES:
        raise BadInput("kind of care", "is none of the choices", one_of(CARES))
    found = Changed(
        at=visit.at, by=visit.unlocked.person_id, why=one_line("ground", why, WORDS_MAX)
    )
    standing = authority.client.standing
    one = Maturity(mature=mature, own_consent=own_consent, found=found)
    changed = msgspec.structs.replace(standing, maturity={**standing.maturity, care: one})
    put_standing(visit, authority, changed)


def raise_what_comes(vault: Vault, packs: Packs, at: datetime.datetime) -> int:
    """The round of a day: who comes of age soon, whose paper is to be looked at again, what ends.

    Each becomes a duty of whoever treats, once; gives how many. One whose record is changed at the
    same moment waits for the next round. Raises what the store and the ledger raise; where the rows
    of a client were altered, that is raised once all the others were looked at.
    """
    day, ages, count = vault.practice().local(at).date(), ages_of(vault, packs), 0
    is_altered = False
    for (client_id,) in vault.store.rows("clients.ids", practice_id=vault.practice_id):
        try:
            authority = vault.authority(client_id)
        except Unknown:
            continue  # erased since
        except Tampered:
            is_altered = True
            continue
        standing = authority.client.standing
        coming = [*_coming(standing, day, ages), *_ending(vault, authority, day, ages)]
        new = [one for one in coming if one[0] not in standing.told]
        if not new or standing.death is not None:
            continue
        told = (*standing.told, *(name for name, *_ in new))
        changed = msgspec.structs.replace(standing, told=told)
        row = msgspec.structs.replace(authority.client, standing=changed)
        try:
            _raise(vault, authority, row, [one[1:] for one in new], at)
        except AuthorityMoved:
            continue
        count += len(new)
    if is_altered:
        raise Altered("the ties, consents or keys of a client")
    return count


def _coming(
    standing: Standing, day: datetime.date, ages: tuple[int, ...]
) -> Iterator[tuple[str, str, str, datetime.date]]:
    """What comes within `AHEAD`, or came and was not said: its name, rule, words, day."""
    for age in ages:
        birthday = standing.birthday(age)
        if birthday is not None and day - AHEAD <= birthday <= day + AHEAD:
            what = _grown_up(birthday) if age == ADULT_AGE else _turns(age, birthday)
            yield f"age {age}", OF_AGE, what, birthday
    for one, row in standing.representatives.items():
        ends = [("review", row.review), ("end", row.until)]
        for name, end in ends:
            if end is not None and day - AHEAD <= end <= day + AHEAD:
                what = f"look again at who stands for the client: the day for it is {end}"
                yield f"{name} {one.hex()} {end}", REVIEW, what, end


def _ending(
    vault: Vault, authority: Authority, day: datetime.date, ages: tuple[int, ...]
) -> Iterator[tuple[str, str, str, datetime.date, bytes]]:
    """The consents that end soon and are in use, in the same way, with their ids."""
    for one, what, until in running_out(vault, authority, day, ages):
        yield f"{CONSENT} {one.hex()} {until}", RUNS_OUT, what, until, one


def _grown_up(birthday: datetime.date) -> str:
    return (
        f"comes of age on {birthday}: parents stand for the client no more, what they signed ends; "
        "ask the client anew for consents and how to be reached"
    )


def _turns(age: int, birthday: datetime.date) -> str:
    return (
        f"turns {age} on {birthday}, an age at which the law here changes: look again at who "
        "stands for the client, at consents and at how to be reached; parents pause until then"
    )


def _raise(
    vault: Vault,
    authority: Authority,
    row: ClientRow,
    new: Sequence[tuple[Any, ...]],
    at: datetime.datetime,
) -> None:
    client_id = authority.client_id
    owes = tuple(_duty(vault, client_id, *one, at=at) for one in new)

    def change(writing: Writing) -> bytes:
        writing.run(
            "clients.update",
            practice_id=vault.practice_id,
            client_id=client_id,
            authority=authority.version,
            row=vault.directory.seal(row, client_id),
        )
        return moved_authority(writing, vault.practice_id, client_id)

    body = {"by": _ROUND, "what": LINE}
    act = Act(client_id, "keys", body, owes, slot="keys", change=change)
    announced(vault, act, at, authority=authority.version)


def _duty(
    vault: Vault,
    client_id: bytes,
    rule: str,
    what: str,
    day: datetime.date,
    consent_id: bytes = b"",
    *,
    at: datetime.datetime,
) -> Duty:
    due = end_of(day, vault.practice().zone)
    owed = {
        "id": rule,
        "kind": "review",
        "mode": "required",
        "what": what,
        "due": "",
        "due_from": "",
        "sure": True,
        **({CONSENT: consent_id.hex()} if consent_id else {}),
    }
    return Duty(
        os.urandom(16),
        DutyRow(
            client_id=client_id,
            act="keys",
            by=vault.practice_id,
            at=at,
            owed=msgspec.json.encode(owed),
            due=due,
        ),
    )
