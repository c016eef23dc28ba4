"""How a client may be reached, and how never: by channel, as the client says.

What was not said is no. Changes are quiet: nothing is sent to the old address or to the new one.
Whoever holds the key of who somebody is may ask how to reach the person, and each asking is a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.errors import BadInput, NotPermitted, one_line, one_of
from angerona.practice.clients import check_treating, known_authority, rewrite_client
from angerona.sealed.compartments import BY_POST, BY_TIE
from angerona.sealed.rows import ContactPerson, Way

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import OwnChoices
    from angerona.sealed.vault import Visit

CHANNELS: Final[Mapping[str, str]] = {
    "phone": "Phone call",
    "text": "Text message",
    "mail": "E-mail",
    "post": "Letter",
}
"""The ways to reach somebody."""
ADDRESS_OF: Final[Mapping[str, str]] = {
    "phone": "phone",
    "text": "phone",
    "mail": "mail",
    "post": "address",
}
"""Under which name the address of a channel stands in the client's row."""
TOPICS: Final[Mapping[str, str]] = {
    "appointments": "appointments",
    "care": "my care",
    "law": "what the law makes you tell me",
    "money": "bills",
}
"""What a message can be about; each way may be kept to some of them."""
FOR_OTHERS: Final = ("appointments", "money")
"""What somebody whom the client names may be told about; nothing else is for anybody else."""
PERSONS_MAX: Final = 3
WORDS_MAX: Final = 300
TIMES_MAX: Final = 120
_NEEDED: Final = "identity"


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """How to reach somebody: `addresses` (phone, mail, address), the way of each channel.

    `is_said` is false where the client has said nothing yet: then only ask, in person.
    `quiet_pages`: nothing new shall appear on the client's own pages.
    """

    name: str
    addresses: Mapping[str, str]
    ways: Mapping[str, Way]
    code_word: str
    never: str
    quiet_pages: bool
    persons: tuple[ContactPerson, ...] = ()
    """Who may take a message, as the client said, and about what."""

    @property
    def is_said(self) -> bool:
        """Whether the client ever said how."""
        return bool(self.ways)

    def way(self, channel: str) -> Way:
        """How one channel may be used; what was not said is never."""
        return self.ways.get(channel, Way())

    def address(self, channel: str) -> str:
        """The number or address of a channel; empty where there is none."""
        return self.addresses.get(ADDRESS_OF[channel], "")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class NewContact:
    """What is to hold from now on. `addresses`: only those that change; an empty one goes."""

    ways: Mapping[str, Way]
    addresses: Mapping[str, str]
    code_word: str = ""
    never: str = ""
    quiet_pages: bool = False
    persons: tuple[ContactPerson, ...] = ()


def carries(way: Way, about: str) -> bool:
    """Whether a way may be used for a topic (a word of `TOPICS`)."""
    return way.allowed and (not way.only or about in way.only)


def contact_of(visit: Visit, client_id: bytes) -> Contact:
    """How to reach a client, with a line in the client's list.

    For the client, and for whoever holds the key of who the client is, by a tie or a post. Raises
    `Unknown` for a client one has nothing to do with, `NotPermitted` for the holder of another post
    alone.
    """
    authority = known_authority(visit, client_id)
    person = visit.person
    own = authority.client.person_id == person.person_id
    if not own:
        tied = authority.relations(person.person_id, visit.at)
        keys = (BY_TIE.get(one, frozenset()) for one in tied)
        posts = (BY_POST.get(one, frozenset()) for one in person.row.posts)
        if not any(_NEEDED in found for found in (*keys, *posts)):
            raise NotPermitted
        body = {"by": person.described, "what": "how to reach"}
        visit.vault.record(client_id, "look", body, visit.at)
    return _contact(authority)


def change_contact(visit: Visit, client_id: bytes, new: NewContact) -> None:
    """Change how a client may be reached. Nothing is sent to anyone.

    By the client, or by whoever treats and was told. Raises `BadInput` for a channel that is none
    or a text that is too long, `Unknown`, `NotPermitted`.
    """
    authority = known_authority(visit, client_id)
    if authority.client.person_id != visit.unlocked.person_id:
        check_treating(visit, authority)
    client = authority.client
    addresses = {name: _address(name, given) for name, given in new.addresses.items()}
    contact = {**client.contact, **addresses}
    row = msgspec.structs.replace(
        client,
        contact={name: text for name, text in contact.items() if text},
        own=reachable(client.own, new),
    )
    rewrite_client(visit, authority, row, "setting", what="how to reach")


def reachable(own: OwnChoices, new: NewContact) -> OwnChoices:
    """The choices of a client with what was said of how he or she may be reached.

    Raises `BadInput` for a channel that is none or a text that is too long.
    """
    return msgspec.structs.replace(
        own,
        ways={name: _way(name, given) for name, given in new.ways.items()},
        code_word=_short("code word", new.code_word),
        never=_short("never", new.never),
        quiet_pages=new.quiet_pages,
        persons=_persons(new.persons),
    )


def _contact(authority: Authority) -> Contact:
    client = authority.client
    known = {name: client.contact.get(name, "") for name in dict.fromkeys(ADDRESS_OF.values())}
    own = client.own
    return Contact(
        client.name, known, own.ways, own.code_word, own.never, own.quiet_pages, own.persons
    )


def _way(channel: str, way: Way) -> Way:
    if channel not in CHANNELS:
        raise BadInput("channel", "is none", one_of(CHANNELS, channel))
    times = one_line("times", way.times, TIMES_MAX) if way.times.strip() else ""
    return msgspec.structs.replace(way, times=times, only=_topics("only for", way.only, TOPICS))


def _persons(given: tuple[ContactPerson, ...]) -> tuple[ContactPerson, ...]:
    if len(given) > PERSONS_MAX:
        raise BadInput("persons", "are too many", f"up to {PERSONS_MAX}")
    return tuple(
        ContactPerson(
            name=one_line("person: name", one.name, TIMES_MAX),
            reach=one_line("person: how to reach", one.reach, TIMES_MAX),
            about=_topics("person: about", one.about, FOR_OTHERS),
        )
        for one in given
    )


def _topics(place: str, given: Collection[str], allowed: Collection[str]) -> tuple[str, ...]:
    for one in given:
        if one not in allowed:
            raise BadInput(place, "is none of the choices", one_of(allowed, one))
    return tuple(one for one in allowed if one in given)


def _address(name: str, given: str) -> str:
    if name not in ADDRESS_OF.values():
        raise BadInput("address", "is none", one_of(ADDRESS_OF.values(), name))
    return one_line(name, given, WORDS_MAX) if given.strip() else ""


def _short(place: str, given: str) -> str:
    text = given.strip()
    if len(text) > WORDS_MAX or not text.replace("\n", "").isprintable():
        raise BadInput(place, "is too long", f"up to {WORDS_MAX} characters")
    return text
