"""Step 1 of the path: the facts an Ask needs, from what the ledger vouches for and nothing else."""

from __future__ import annotations

import datetime  # noqa: TC003 -- msgspec reads the annotations of a Wish when it runs
import json
from collections.abc import Mapping, Sequence  # noqa: TC003 -- as above
from contextlib import suppress
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import SignedOut, Unknown
from angerona.rules.ages import ages_named
from angerona.rules.ask import read_ask, read_consent
from angerona.rules.consents import covers
from angerona.sealed.compartments import COMPARTMENT_OF, PROCESS
from angerona.sealed.standing import ASKS_AS
from angerona.words import ROLES

if TYPE_CHECKING:
    from angerona.rules.ask import Ask
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.entries import EntryPlace
    from angerona.sealed.rows import ClientRow
    from angerona.sealed.vault import Person, Vault, Visit

POST_RELATIONS: Final = frozenset({"on_call"})
"""Posts that are a relation to every client; the others are roles."""
OWN: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "to": "client",
        "purpose": "client_request",
        "purpose_by": "practice",
        "instrument": "none",
        "act": "hand_over",
        "facts": MappingProxyType({}),
        "orders": (),
        "as_author": False,
    }
)
"""What a client asks for his or her own record is asked as a client, whatever the session says.

Neither the purpose nor a fact is the client's to state: they decide what the law holds back.
"""
AUTHORITY: Final = "recipient.has_legal_authority"
"""The fact that somebody has shown by what right he or she asks in the client's place."""
SECRECY: Final = "house.secrecy_ordered"
"""The fact that a court or a statute forbids telling the client."""
JOINT: Final = "shared_record"
"""The class of everything that is kept in a joint record."""
OF_A_PARTY: Final = frozenset({"client", "co_client", "representative", "parent", "estate"})
"""Recipients who are a party of a joint record, or stand for one."""
UNSAFE: Final = "client.unsafe_to_tell"
"""The fact that telling the client would put somebody in danger."""
CLOSING: Final = (UNSAFE, SECRECY)
"""Facts that only ever close: who finds them so now is believed over what stands on file."""
WRITING: Final = frozenset({"treating", "covering", "on_call"})
"""Relations in which one writes into a record, and so is the author of what one keeps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody in the practice wants of the gate: which classes, to whom, what for, on what.

    `facts` and `orders` are what the caller established for this Ask; ties, consents and the
    client's own facts are gathered. `hold_until`: until when a line that the client must not see
    yet is held, where the order says so.
    `moments`: when something began that a time limit runs from, by the words of the pack ("the
    request"). `between`: the first and last day, by the practice's clock, of which an order or a
    consent names the record. `asker`: the id of who asks, where he or she stands on file for the
    client. `care`: the kind of care it is about, where maturity was judged for each. `party`: of a
    joint record, whose own words alone are to go (a client's id). `unsettled`: nobody has settled
    yet whether the client may hear of it, so that the line is held back. `in_camera`: it goes to a
    court, for the judge alone to read.
    """

    wants: tuple[str, ...]
    purpose: str
    to: str = "workforce"
    instrument: str = "none"
    purpose_by: str = "practice"
    act: str = "hand_over"
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)
    orders: Sequence[Mapping[str, object]] = ()
    reason: str = ""
    hold_until: datetime.datetime | None = None
    as_author: bool = False
    moments: Mapping[str, datetime.datetime] = field(default_factory=dict)
    between: tuple[datetime.date, datetime.date] | None = None
    asker: bytes | None = None
    care: str = ""
    party: bytes | None = None
    unsettled: bool = False
    in_camera: bool = False


WHO_LOOKED: Final = Wish(wants=("ledger",), purpose="operations")
"""What somebody of the practice wants who asks who looked."""
RECEIPT: Final = Wish(wants=("ledger",), purpose="client_request", to="client")
"""What the client wants who asks the same, or asks for the proof of it."""


@dataclass(frozen=True, slots=True)
class Preparing:
    """The purpose of a look, and what it prepares, as its line says it.

    `hold_until`: until when that line is held back, where its matter is.
    """

    purpose: str
    what: str = ""
    hold_until: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything step 2 decides on, and the authority version it was gathered at."""

    person: Person
    authority: Authority
    wish: Wish
    ask: Ask
    own: bool
    authors: frozenset[bytes]
    """Whose notes that are kept apart this person may read: one's own, and those shared."""
    zone: datetime.tzinfo
    """The practice's clock, by which days are counted."""
    documents: tuple[object, ...]
    """The consents that counted, as the rules read them."""

    @property
    def statements(self) -> frozenset[bytes]:
        """The entries that are statements about other entries, and go wherever those go."""
        return frozenset(one.statement_id for one in self.authority.client.statements)

    def reaches(self, place: EntryPlace) -> bool:
        """Whether an entry is not kept apart from this person, where its class may be read."""
        return COMPARTMENT_OF[place.wanted] != PROCESS or place.author_id in self.authors

    @property
    def hats(self) -> dict[str, object]:
        """How the ledger line says in which hats the person asked."""
        return {"roles": list(self.ask.roles), "relations": list(self.ask.relations)}


def gather(visit: Visit, packs: Packs, client_id: bytes, wish: Wish) -> Gathered:
    """Gather for one Ask.

    Raises `Unknown` where there is no such client and, the same, where the person has no tie to the
    client and no post; `Altered` where rows are not what the ledger holds; `BadAsk` for a wish that
    uses a word on no list; `SignedOut` for somebody who was shut out while this visit lasts.
    """
    vault, at, person = visit.vault, visit.at, visit.person
    if not person.credentials:
        raise SignedOut
    authority = vault.authority(client_id)
    own = person.row.client_id == client_id and authority.client.person_id == person.person_id
    relations = () if own else _relations(person, authority, at)
    if own:
        wish = replace(wish, **OWN, asker=None, care="", party=None)
    elif wish.as_author and WRITING.intersection(relations):
        relations = (*relations, "author")
    roles = ("client",) if own else _roles(person)
    if not (relations or own or person.row.posts):
        raise Unknown
    sharing = authority.authors_sharing(person.person_id, at)
    practice = vault.practice()
    day = practice.local(at).date()
    documents = authority.documents_on(day, ages := ages_named(packs.law(practice.row.packs)))
    raw = {
        "packs": list(practice.row.packs),
        "at": practice.local(at).isoformat(),  # a day in a document is a day here
        "by": {"role": list(roles), "relation": list(relations or ("none",))},
        "to": wish.to,
        "purpose": wish.purpose,
        "purpose_by": wish.purpose_by,
        "instrument": wish.instrument,
        "act": wish.act,
        "wants": list(wish.wants),
        "consents": documents,
        "restrictions": authority.restrictions(at),
        "orders": list(wish.orders),
        "facts": {
            **({"care.minimum_ok": True} if _is_own_treatment(wish, relations) else {}),
            **wish.facts,
            **authority.facts_on(day, wish.care),
            **{one: True for one in CLOSING if wish.facts.get(one) is True},
            **_standing(vault, authority, wish, day, ages),
            **_established(relations, own=own, shared=bool(sharing)),
            **({"care.minimum_ok": True} if wish.as_author else {}),  # writing shows nobody more
        },
    }
    ask = _joint(authority, wish, read_ask(raw, packs.facts, packs.packs))
    authors = sharing | {person.person_id}
    zone = practice.zone
    return Gathered(person, authority, wish, ask, own, authors, zone, tuple(documents))


def _standing(
    vault: Vault, authority: Authority, wish: Wish, day: datetime.date, ages: tuple[int, ...]
) -> dict[str, bool | int | str]:
    """Whether who asks in the client's place may, from the papers on file.

    Where somebody was frozen, no word of the caller's stands in for a paper; of a joint record, who
    was frozen for one of its parties.
    """
    standing = authority.client.standing
    if wish.asker is None:
        clients = [authority.client]
        if wish.to in OF_A_PARTY:
            clients += _parties_here(vault, authority)
        is_frozen = any(one.standing.is_frozen_for(wish.to) for one in clients)
        return {AUTHORITY: False} if is_frozen else {}
    one = standing.representatives.get(wish.asker)
    is_kind = one is not None and wish.to in ASKS_AS[one.standing]
    return {AUTHORITY: is_kind and standing.stands(wish.asker, "copies", day, ages)}


def _parties_here(vault: Vault, authority: Authority) -> list[ClientRow]:
    """The rows of those whose joint record it is, without who was erased."""
    found = []
    for one in authority.client.parties:
        with suppress(Unknown):
            found.append(vault.authority(one.client_id).client)
    return found


def _joint(authority: Authority, wish: Wish, ask: Ask) -> Ask:
    """The Ask about a joint record, with whether everybody agreed whose record it is.

    Each party signs apart; who left is a party still of what was said. Where one party's own words
    alone are to go, that party alone is asked, and has said so where they go to him or her. To one
    of them or of theirs, letters about it are as joint as its sessions. Raises `Unknown` for who is
    no party.
    """
    parties = {one.client_id for one in authority.client.parties}
    if wish.party is not None and wish.party not in parties:
        raise Unknown
    if not parties:
        return ask
    signed = {
        row.signer
        for row in authority.consents.values()
        if covers(read_consent(json.loads(row.document)), ask, JOINT) is True
    }
    if wish.party is not None:
        parties = set() if wish.to == "client" else {wish.party}
    facts = {"record.joint": True, "record.all_parties_consent": parties <= signed}
    if wish.to in OF_A_PARTY and (wish.party is not None or not parties <= signed):
        ask = replace(ask, wants=(JOINT,), passages=())
    return replace(ask, facts={**ask.facts, **facts})


def _is_own_treatment(wish: Wish, relations: tuple[str, ...]) -> bool:
    """Whether somebody looks at the record of a client whom he or she treats, in order to treat.

    Such a look is no wider than it needs to be, unless whoever looks says so: the tie was made for
    it, and ends with it. Who covers, supervises or holds a post is asked.
    """
    return (
        "treating" in relations
        and (wish.to, wish.purpose, wish.act) == ("workforce", "treatment", "hand_over")
        and wish.instrument == "none"
    )


def _relations(person: Person, authority: Authority, at: datetime.datetime) -> tuple[str, ...]:
    tied = authority.relations(person.person_id, at)
    by_post = tuple(post for post in person.row.posts if post in POST_RELATIONS)
    return tuple(dict.fromkeys((*tied, *by_post)))


def _roles(person: Person) -> tuple[str, ...]:
    by_post = tuple(post for post in person.row.posts if post in ROLES)
    roles = tuple(dict.fromkeys((*person.row.roles, *by_post)))
    return roles or ("system",)


def _established(
    relations: tuple[str, ...], *, own: bool, shared: bool
) -> dict[str, bool | int | str]:
    """What ties and sessions establish by themselves."""
    facts: dict[str, bool | int | str] = {"care.relationship": bool(relations)}
    if "supervisor" in relations:
        facts["care.supervision_assigned"] = True
        facts["house.author_shares"] = shared
    if own:
        facts["recipient.identity_verified"] = True
    return facts
