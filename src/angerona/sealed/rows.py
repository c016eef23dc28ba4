"""What the directory tier keeps: names, contact, ties, consents, each sealed row by row.

A row is sealed under a key of its kind, bound to the practice and to the ids it stands under, so
that no row can stand in another's place. Thieves of the database read none; a server that has been
given its boot secret reads all of them (docs/adr/0012-keys-and-ties.md).
"""

from __future__ import annotations

import datetime
from typing import ClassVar, Final, TypeVar

import msgspec

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.ciphers.padding import BLOCK_MIN
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.suites import SealingKey
from angerona.errors import Unopenable
from angerona.sealed.passages import Party  # noqa: TC001 -- msgspec reads it when it runs
from angerona.sealed.standing import Standing

Kind = TypeVar("Kind", bound="Row")
_LAST: Final = datetime.datetime.max.replace(tzinfo=datetime.UTC)


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root of what can be sealed in the directory tier; padded to `least` bytes at least."""

    domain: ClassVar[str] = ""
    least: ClassVar[int] = BLOCK_MIN


class PracticeRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The practice: its name, its law, how many key holders open a record, and its time zone.

    A practice that was founded before it had a zone reads its times in UTC, as it did. `reminded`:
    when members get mail before something is due, unless they choose themselves.
    """

    domain: ClassVar[str] = "angerona/row/practice/v1"
    name: str
    place: str
    packs: tuple[str, ...]
    label: bytes
    origin: str
    quorum: int
    founded: datetime.datetime
    zone: str = "UTC"
    reminded: tuple[str, ...] = ()


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when until when somebody has a role or a post, and who said so (a person's id)."""

    since: datetime.datetime
    until: datetime.datetime | None = None
    by: bytes


class Absence(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From when until when somebody is out of office, who said so, and who stands in, if named."""

    since: datetime.datetime
    until: datetime.datetime
    by: bytes
    deputy: bytes | None = None

    def is_on(self, at: datetime.datetime) -> bool:
        """Whether it covers a moment."""
        return self.since <= at < self.until


class PersonRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody with credentials: a member, or a client with a way in (`client_id`).

    `terms` holds the term of each role and post that was given or changed since the enrolment, by
    its name; the others are for as long as the membership. `paged_at` is a mail address, or empty;
    `reminded_at` another one, and `reminded` when it gets mail (`practice/reminders.py`), or
    nothing where that is as the practice has it.
    `absences` come in order and do not overlap; `close_to` are the ids of colleagues who are family
    or close to this person.
    """

    domain: ClassVar[str] = "angerona/row/person/v1"
    name: str
    label: bytes
    roles: tuple[str, ...]
    posts: tuple[str, ...]
    since: datetime.datetime
    until: datetime.datetime | None = None
    client_id: bytes | None = None
    terms: dict[str, Term] = {}
    paged_at: str = ""
    reminded_at: str = ""
    reminded: tuple[str, ...] | None = ()
    absences: tuple[Absence, ...] = ()
    close_to: tuple[bytes, ...] = ()

    def until_of(self, name: str) -> datetime.datetime | None:
        """When a role or a post ends by itself, if it does."""
        term = self.terms.get(name)
        return None if term is None else term.until

    def absence_at(self, at: datetime.datetime) -> Absence | None:
        """The absence that covers a moment, if there is one."""
        return next((one for one in self.absences if one.is_on(at)), None)

    def in_force(self, at: datetime.datetime) -> PersonRow:
        """The same without the roles and posts that have run out by then."""
        over = {name for name in self.terms if (self.until_of(name) or _LAST) <= at}
        if not over:
            return self
        roles = tuple(one for one in self.roles if one not in over)
        posts = tuple(one for one in self.posts if one not in over)
        return msgspec.structs.replace(self, roles=roles, posts=posts)

    def is_here(self, at: datetime.datetime) -> bool:
        """Whether somebody has not left and was not shut out at a moment."""
        return self.until is None or at < self.until


class PostRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A post that several members can hold, and the generation of its key pair."""

    domain: ClassVar[str] = "angerona/row/post/v1"
    name: str
    generation: int


class CredentialRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a person signs in with: `kind` is one of `sealed.people.KINDS`.

    `secret` is an app's; `passkey` and `public` are a passkey's own id and public key (COSE).
    `used`: the last half minute whose code was taken, or how often a passkey has signed.
    """

    domain: ClassVar[str] = "angerona/row/credential/v1"
    kind: str
    title: str
    since: datetime.datetime
    secret: bytes = b""
    passkey: bytes = b""
    public: bytes = b""
    used: int = 0


class Way(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way to be reached: whether at all, when, without our name, with a word on a machine.

    `only`: the topics for which it may be used (`practice/contact.py`); empty for all of them.
    """

    allowed: bool = False
    times: str = ""
    neutral: bool = True
    voicemail: bool = False
    only: tuple[str, ...] = ()


class ContactPerson(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who may take a message for a client, as the client said: how, and about what."""

    name: str
    reach: str
    about: tuple[str, ...]


class OwnChoices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a client chose alone: what the pages show, the way off them, how to be reached.

    `told` says that the page about staying unseen was read. Nothing is shown that is not in
    `shown`. `never` is what must never be done, in the client's words; `quiet_pages` says
    that nothing new shall appear on the own pages, for others may read them too.
    """

    told: bool = False
    shown: tuple[str, ...] = ()
    hides_exit: bool = False
    ways: dict[str, Way] = {}
    code_word: str = ""
    never: str = ""
    quiet_pages: bool = False
    persons: tuple[ContactPerson, ...] = ()


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That an entry (16 bytes) is disputed: the client's statement, or a rebuttal, is an entry too.

    Whoever is given the one is given the other.
    """

    entry_id: bytes
    statement_id: bytes


class Restriction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a practice agreed to keep from somebody: classes, recipients and purposes, by words.

    `paid`: the client paid for it in full. It binds from `since` until `until`; `by` is who agreed.
    """

    restriction_id: bytes
    classes: tuple[str, ...]
    to: tuple[str, ...]
    purposes: tuple[str, ...]
    paid: bool = False
    since: datetime.datetime
    until: datetime.datetime | None = None
    by: bytes


class ClientRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A client: how to address and reach the person, facts the rules ask for, own choices.

    `discreet`: somebody who works here, or belongs to somebody who does; `close_to` are the ids of
    members who are this client, or family or close to him or her, each with who noted it.
    `watched`: looks at this record are noticed (`practice/watching.py`). `standing`: age, maturity,
    who may act in the client's place, death. `statements`: which entries the
    client disputes; `restrictions`: what is kept from whom, at the client's request. `parties`:
    whom a joint record is about, each a client; `joint`: the joint records (ids) one is in.
    """

    domain: ClassVar[str] = "angerona/row/client/v1"
    name: str
    label: bytes
    since: datetime.datetime
    contact: dict[str, str] = {}
    facts: dict[str, bool | int | str] = {}
    person_id: bytes | None = None
    own: OwnChoices = OwnChoices()
    discreet: bool = False
    close_to: dict[bytes, bytes] = {}
    watched: bool = False
    standing: Standing = Standing()
    statements: tuple[Statement, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    parties: tuple[Party, ...] = ()
    joint: tuple[bytes, ...] = ()


class TieRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a person is tied to a client, from when until when, and who said so.

    `notes_of` names the authors who chose to share what they keep apart with this person.
    """

    domain: ClassVar[str] = "angerona/row/tie/v1"
    person_id: bytes
    relation: str
    since: datetime.datetime
    until: datetime.datetime | None
    by: bytes
    notes_of: tuple[bytes, ...] = ()


class Signed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a consent was given: which way, by whom, to what words, under which forms of the packs.

    `way` is a word of `practice.consents.WAYS`, `recipient` who it names, `authority` what showed
    that a representative may sign, `despite` what was contradicted and signed all the same. The
    scan of a paper is the entry `entry_id` (16 bytes).
    """

    way: str
    name: str
    recipient: str = ""
    told: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    authority: str = ""
    despite: tuple[str, ...] = ()
    entry_id: bytes | None = None


class ConsentRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A consent document as the rules read it (docs/LANGUAGE.md section 6), as JSON.

    `signer`: the id of the representative on file who signed it, if one did.
    `left_out`: classes that were taken out of it since, with the day (ISO 8601). `sooner`: the day
    on which its end was last brought nearer. `untold`: those who rely on it are not to be told that
    it ended, as the client wishes. `signed` is missing where a document came as a file.
    """

    domain: ClassVar[str] = "angerona/row/consent/v1"
    document: bytes
    kept: datetime.datetime
    by: bytes
    signer: bytes = b""
    signed: Signed | None = None
    left_out: dict[str, str] = {}
    sooner: str = ""
    untold: bool = False


class SeatRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A seat of a key holder: a member's, an outside person's, or a sealed paper.

    `age` is the recipient that keyset backups are sealed to (`ciphers/age_files.py`).
    """

    domain: ClassVar[str] = "angerona/row/seat/v1"
    title: str
    kind: str
    number: int
    person_id: bytes | None = None
    age: str = ""


class WrapRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The outer side of a wrap: for whom, which keys, until when; and the HPKE message."""

    domain: ClassVar[str] = "angerona/row/wrap/v1"
    names: tuple[str, ...]
    generations: tuple[int, ...]
    granter: bytes
    expires: datetime.datetime | None
    message: bytes


class ShareRow(Row, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The outer side of a key holder's share of one key of one client."""

    domain: ClassVar[str] = "angerona/row/share/v1"
    name: str
    generation: int
    needed: int
    message: bytes


class Directory:
    """Seals and opens rows for one practice, from the boot secret's directory key (32 bytes)."""

    def __init__(self, key: bytes, practice_id: bytes) -> None:
        """Begin with no kind's key; each is derived when first needed."""
        self._key = key
        self._practice_id = practice_id
        self._keys: dict[str, SealingKey] = {}

    @property
    def practice_id(self) -> bytes:
        """The practice whose rows these are."""
        return self._practice_id

    def seal(self, row: Row, *ids: bytes) -> bytes:
        """A row sealed for the place that `ids` name."""
        context = packed(row.domain, self._practice_id, *ids)
        text = msgspec.msgpack.encode(row)
        return seal_row(self._of(row.domain), context, text, least=row.least)

    def open(self, kind: type[Kind], blob: bytes, *ids: bytes) -> Kind:
        """The row that stands at the place `ids` name. Raises `Unopenable`."""
        context = packed(kind.domain, self._practice_id, *ids)
        text = open_row(self._of(kind.domain), context, blob, least=kind.least)
        try:
            return msgspec.msgpack.decode(text, type=kind)
        except msgspec.MsgspecError:
            raise Unopenable("a row of the directory") from None

    def resealed(self, kind: type[Row], blob: bytes, *ids: bytes, under: Directory) -> bytes:
        """The same row under another key, for the same place; not read. Raises `Unopenable`."""
        context = packed(kind.domain, self._practice_id, *ids)
        row = open_row(self._of(kind.domain), context, blob, least=kind.least)
        return seal_row(under._of(kind.domain), context, row, least=kind.least)

    def _of(self, domain: str) -> SealingKey:
        key = self._keys.get(domain)
        if key is None:
            key = SealingKey(derived(self._key, domain, self._practice_id))
            self._keys[domain] = key
        return key
