"""Supervision: a client by initials until the name is asked for, and the supervisor's agreement.

Who supervises reads the record without the name on it. The name is there on demand, with a line of
its own that the client can read. To agree to an entry is to keep one of one's own, bound to the
version that was read.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.keeping import Draft
from angerona.notices.structured import Cosigned, structured_text
from angerona.practice.clients import known_authority
from angerona.sealed.compartments import COMPARTMENT_OF, PROCESS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from angerona.gate.door import Door
    from angerona.gate.results import Kept
    from angerona.rules.answer import AskFirst, Refuse
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

COSIGNED: Final = "Co-signed"
_LETTERS_MIN: Final = 3
"""Shorter parts of a name are left as they are: they stand in too many other words."""


def is_by_initials(relations: Sequence[str], posts: Sequence[str]) -> bool:
    """Whether somebody meets a client by initials: who supervises, and has no other part in it."""
    return tuple(relations) == ("supervisor",) and not posts


def initials(name: str) -> str:
    """A name by its first letters: `A. N.`; the id beside it tells clients apart."""
    return " ".join(f"{part[0]}." for part in name.split() if part[0].isalpha()) or "?"


def name_as_met(visit: Visit, authority: Authority) -> str:
    """The name by which this person meets a client: by initials whom one supervises."""
    person, name = visit.person, authority.client.name
    relations = authority.relations(person.person_id, visit.at)
    return initials(name) if is_by_initials(relations, person.row.posts) else name


def masked(text: str, name: str) -> str:
    """A text with each part of a client's name cut to its first letter."""
    for part in re.findall(r"[^\W\d_]+", name):
        if len(part) >= _LETTERS_MIN:
            text = re.sub(rf"\b{re.escape(part)}\b", f"{part[0]}.", text, flags=re.IGNORECASE)
    return text


def name_shown(visit: Visit, client_id: bytes) -> str:
    """The name of a client one supervises, once the line that it was asked for is written.

    Raises `Unknown` as for no such client, `NotPermitted` for whoever does not supervise.
    """
    authority = known_authority(visit, client_id)
    if "supervisor" not in authority.relations(visit.unlocked.person_id, visit.at):
        raise NotPermitted
    body = {"by": visit.person.described, "what": "name"}
    visit.vault.record(client_id, "look", body, visit.at, authority=authority.version)
    return authority.client.name


def cosign(
    door: Door,
    visit: Visit,
    client_id: bytes,
    entry_id: bytes,
    version: int,
    remark: str,
    *,
    facts: Mapping[str, bool | int | str] = MappingProxyType({}),
) -> Kept | AskFirst | Refuse:
    """Keep that one read a version of an entry and agrees; `remark` may be empty.

    `facts`: as for a look.

    Raises `Unknown` where there is no such version; `NotPermitted` for whoever does not supervise
    the client, and for what its author keeps apart; `BadInput` for one's own entry.
    """
    authority = known_authority(visit, client_id)
    person_id = visit.unlocked.person_id
    if "supervisor" not in authority.relations(person_id, visit.at):
        raise NotPermitted
    rows = [one for one in door.vault.places(client_id) if one.entry_id == entry_id]
    read = next((one for one in rows if one.version == version), None)
    if read is None:
        raise Unknown
    if COMPARTMENT_OF[read.wanted] == PROCESS:
        raise NotPermitted
    if read.author_id == person_id:
        raise BadInput("entry", "is your own", "an entry of somebody you supervise")
    form = Cosigned(entry=entry_id.hex(), version=version, digest=read.digest.hex(), remark=remark)
    draft = Draft(
        wanted=read.wanted,
        heading=COSIGNED,
        text=structured_text(form),
        purpose="supervision",
        facts=facts,
    )
    return door.keep(visit, client_id, draft)
