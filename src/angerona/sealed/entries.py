"""Entries of a record: how each is sealed, and the chain that shows that none is missing.

An entry is sealed for one place alone: practice, client, compartment, key generation, entry,
version, and the hash of the version before it. The rows of a client form a chain of hashes whose
newest link the ledger binds with every entry that is kept, so that a row that was removed, swapped
or put back as it once was is found when the record is next read.
"""

from __future__ import annotations

import dataclasses
import datetime  # noqa: TC003 -- msgspec reads the annotations when it runs
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.entries import open_entry, seal_entry
from angerona.ciphers.suites import KEY_BYTES, SealingKey, Suite
from angerona.ciphers.wraps import WRAPPED_BYTES, unwrap, wrap
from angerona.errors import Altered, BadInput, Unopenable
from angerona.sealed.attachments import Attachment  # noqa: TC001 -- msgspec reads it, as above
from angerona.sealed.client_keys import deposit_pair
from angerona.sealed.compartments import CLASS_NAMES
from angerona.sealed.passages import Words  # noqa: TC001 -- the same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.sealed.client_keys import SheetRow, Whose

SCHEMA: Final = 1
TEXT_BYTES_MAX: Final = 1_000_000
HEADING_CHARACTERS_MAX: Final = 200
NONE_YET: Final = bytes(32)
"""The chain of a record without entries, and what stands for the version before the first."""
_GENERATION_BYTES: Final = 4


class EntryText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an entry says. `heading` joins the entries of one session note.

    `of`: in a joint record, whose words its passages are, in what a person reads of the text.
    """

    wanted: str
    heading: str
    text: str
    written: datetime.datetime
    author_name: str
    attachment: Attachment | None = None
    of: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class EntryPlace:
    """Where an entry stands, as its clear columns say. `number` is the class (`CLASS_NUMBERS`)."""

    place: int
    entry_id: bytes
    version: int
    number: int
    author_id: bytes
    digest: bytes

    @property
    def wanted(self) -> str:
        """The class of the entry. Raises `Altered` for a number that stands for none."""
        name = CLASS_NAMES.get(self.number)
        if name is None:
            raise Altered("the list of entries of a record")
        return name


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryKey:
    """The key that seals entries of a compartment, and where in the record it belongs."""

    whose: Whose
    compartment: str
    generation: int
    sealing: SealingKey


def checked(entry: EntryText) -> EntryText:
    """The entry, if it is of a size that can be kept. Raises `BadInput`."""
    checked_words(entry.heading, entry.text)
    return entry


def checked_words(heading: str, text: str) -> str:
    """The text, if it and its heading can be kept. Raises `BadInput`."""
    if not text.strip():
        raise BadInput("text", "is empty", "something to keep")
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES_MAX:
        raise BadInput("text", "is too long", f"up to {TEXT_BYTES_MAX} bytes; more as a file")
    if len(heading) > HEADING_CHARACTERS_MAX:
        raise BadInput("heading", "is too long", f"up to {HEADING_CHARACTERS_MAX} characters")
    try:
        (text + heading).encode()
    except UnicodeEncodeError:
        raise BadInput("text", "holds half a character", "Unicode text") from None
    return text


def sealed_entry(
    key: EntryKey, entry_id: bytes, version: int, previous: bytes, entry: EntryText
) -> bytes:
    """The sealed row of an entry. `previous`: the digest of the version before (32 bytes)."""
    context = _context(key, entry_id, version, previous)
    text = msgspec.msgpack.encode(checked(entry))
    head = key.generation.to_bytes(_GENERATION_BYTES, "big")
    return head + seal_entry(key.sealing, context, text)


def opened_entry(
    key: EntryKey, entry_id: bytes, version: int, previous: bytes, blob: bytes
) -> EntryText:
    """What an entry says. Raises `Unopenable`. Called by `opening.py` alone."""
    context = _context(key, entry_id, version, previous)
    text = open_entry(key.sealing, context, blob[_GENERATION_BYTES:])
    try:
        return msgspec.msgpack.decode(text, type=EntryText)
    except msgspec.MsgspecError:
        raise Unopenable("an entry") from None


def deposited_entry(
    whose: Whose, sheet: SheetRow, compartment: str, entry_id: bytes, entry: EntryText
) -> bytes:
    """The sealed row of an entry by somebody who may write into a compartment and not read it.

    It is sealed under a random key, and that to the compartment's pair. Raises `BadInput` for a
    compartment that takes none.
    """
    public = sheet.deposits.get(compartment)
    if public is None:
        raise BadInput("class", "takes no deposit", "risk, session notes or correspondence")
    content, generation = os.urandom(32), sheet.newest(compartment)
    key = EntryKey(
        whose=whose, compartment=compartment, generation=generation, sealing=SealingKey(content)
    )
    row = sealed_entry(key, entry_id, 1, NONE_YET, entry)
    sealed = wrap(public, _context(key, entry_id, 1, NONE_YET), content)
    return row[:_GENERATION_BYTES] + sealed + row[_GENERATION_BYTES:]


def is_deposited(blob: bytes) -> bool:
    """Whether a row was sealed by somebody who could not read it."""
    return blob[_GENERATION_BYTES : _GENERATION_BYTES + 1] == bytes((Suite.WRAP,))


def taken_up(key: EntryKey, entry_id: bytes, blob: bytes) -> tuple[EntryKey, bytes]:
    """For whoever holds the compartment's key: the key of a deposited row, and the row under it.

    Raises `Unopenable`.
    """
    end = _GENERATION_BYTES + WRAPPED_BYTES + KEY_BYTES
    sealed = blob[_GENERATION_BYTES:end]
    context = _context(key, entry_id, 1, NONE_YET)
    content = unwrap(deposit_pair(key.sealing.key), context, sealed)
    row = blob[:_GENERATION_BYTES] + blob[end:]
    return dataclasses.replace(key, sealing=SealingKey(content)), row


def generation_of(blob: bytes) -> int:
    """The generation of the key that a row is sealed under; the context binds it."""
    return int.from_bytes(blob[:_GENERATION_BYTES], "big")


def row_digest(blob: bytes) -> bytes:
    """The digest of a sealed row, as its column and the chain hold it (32 bytes)."""
    return hashlib.sha256(blob).digest()


def link(before: bytes, whose: Whose, place: EntryPlace) -> bytes:
    """The next link of a record's chain (32 bytes): what the ledger binds."""
    return digest(
        "angerona/entries/v1",
        whose.practice_id,
        whose.label,
        before,
        place.place,
        place.entry_id,
        place.version,
        place.number,
        place.author_id,
        place.digest,
    )


def check_chain(
    whose: Whose, places: Sequence[EntryPlace], *, after: tuple[bytes, int], bound: bytes
) -> None:
    """Raise `Altered` unless these are all rows of the record, in order, as they were kept.

    `after`: a link that was checked before, and how many of the rows lead to it.
    """
    head, known = after
    for expected, place in enumerate(places[known:], known):
        if place.place != expected:
            raise Altered("the entries of a record")
        head = link(head, whose, place)
    if head != bound:
        raise Altered("the entries of a record")


def _context(key: EntryKey, entry_id: bytes, version: int, previous: bytes) -> bytes:
    return packed(
        "angerona/entry-version/v1",
        key.whose.practice_id,
        key.whose.client_id,
        key.whose.label,
        key.compartment,
        key.generation,
        entry_id,
        version,
        SCHEMA,
        previous,
    )
