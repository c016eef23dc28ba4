"""What a client chooses alone: which of the own pages show anything, and the way off them.

Nothing is shown until the client turns it on, item by item; turning off takes as many steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, one_of
from angerona.practice.clients import known_authority, rewrite_client

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import OwnChoices
    from angerona.sealed.vault import Visit

ITEMS: Final[Mapping[str, str]] = {
    "record": "What is written about me",
    "looks": "Who looked, and who can",
    "sharing": "What I share, and with whom",
    "messages": "Messages",
    "measures": "My answers to forms",
    "appointments": "When I come",
    "rights": "What I can ask for, and what I asked",
}
"""What can be turned on, each by itself."""


def own_authority(visit: Visit) -> Authority:
    """What decides about the record of the client who is signed in.

    Raises `NotPermitted` in anybody else's session.
    """
    client_id = visit.person.row.client_id
    if client_id is None:
        raise NotPermitted
    authority = known_authority(visit, client_id)
    if authority.client.person_id != visit.unlocked.person_id:
        raise NotPermitted
    return authority


def own_choices(visit: Visit) -> OwnChoices:
    """The choices of the client who is signed in. Raises `NotPermitted` for anybody else."""
    return own_authority(visit).client.own


def read_about_staying_unseen(visit: Visit) -> None:
    """The client has read what the pages leave behind on a device, and how to leave them."""
    _choose(visit, "read about staying unseen", told=True)


def choose_shown(visit: Visit, items: Iterable[str]) -> None:
    """Show these items from now on, and no other. Raises `BadInput` for what can not be shown."""
    chosen = frozenset(items)
    for one in chosen - ITEMS.keys():
        raise BadInput("what is shown", "is no such thing", one_of(ITEMS, one))
    _choose(visit, "what is shown", shown=tuple(one for one in ITEMS if one in chosen))


def choose_exit(visit: Visit, *, hidden: bool) -> None:
    """Show the way off the pages, or hide it."""
    _choose(visit, "the way off the pages", hides_exit=hidden)


def _choose(visit: Visit, what: str, **changes: object) -> None:
    authority = own_authority(visit)
    own = msgspec.structs.replace(authority.client.own, **changes)
    if own == authority.client.own:
        return
    row = msgspec.structs.replace(authority.client, own=own)
    rewrite_client(visit, authority, row, "setting", what=what)
