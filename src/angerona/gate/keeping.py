"""Keeping: what somebody writes into a record is sealed, and announced by its ledger line.

It goes through the same steps as a look. Who may read a class may write it; who treats, covers or
is on call is the author of what he or she writes, and so may keep notes apart. Nothing is ever
overwritten: an amendment is a further version, and the earlier text stays.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from angerona.errors import BadInput, Conflicting, one_of
from angerona.gate.gathering import JOINT
from angerona.gate.unsealing import compartment_key
from angerona.notices.structured import in_words
from angerona.sealed.attachments import sealed_attachment
from angerona.sealed.authority import moved_authority
from angerona.sealed.compartments import (
    CLASS_NUMBERS,
    SHARED_WITH,
    compartment_of,
    shared_compartment,
)
from angerona.sealed.entries import (
    NONE_YET,
    EntryKey,
    EntryPlace,
    EntryText,
    deposited_entry,
    link,
    row_digest,
    sealed_entry,
)
from angerona.sealed.key_changes import KeyChange
from angerona.sealed.passages import words_in
from angerona.sealed.rows import Statement

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence

    from angerona.gate.gathering import Gathered
    from angerona.sealed.authority import Authority
    from angerona.sealed.client_keys import Whose
    from angerona.sealed.vault import Vault, Visit
    from angerona.store import Writing


CLIENT_LEAVES: Final = frozenset({"correspondence", "assessment"})
"""What clients can leave in their own record: messages, papers, answers to forms."""
LETTERS: Final = "correspondence"
"""What may be left in a joint record besides its sessions: a letter that speaks of it."""


@dataclass(frozen=True, slots=True)
class Brought:
    """That an entry comes from elsewhere: the id it has here (16 bytes), and when it was written.

    The same thing always brings the same id, so that it is kept once however often it is brought.
    The id must say nothing of the text to who does not hold the author's keys.
    """

    entry_id: bytes
    written: datetime.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is to be kept: its class, heading and text; `amends` names the entry it corrects.

    `over` is the version of it that whoever corrects it has seen, so that the same is kept once.
    `file`, which must be able to seek, is kept with it under `file_name`. `entry_id` (16 bytes) is
    the id of a new entry where whoever keeps it must be able to keep it only once. `facts` are what
    was established for this Ask, as for a look. `beside` (16 bytes) is the entry that a new one
    speaks of, with which it goes from now on.
    """

    wanted: str
    heading: str
    text: str
    amends: bytes | None = None
    over: int | None = None
    purpose: str = "treatment"
    brought: Brought | None = None
    entry_id: bytes | None = None
    file: BinaryIO | None = None
    file_name: str = ""
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)
    beside: bytes | None = None


@dataclass(frozen=True, slots=True)
class SealedDraft:
    """A draft sealed and ready to be written: all but its place in the record.

    `beside` and `heading` are the draft's.
    """

    entry_id: bytes
    version: int
    number: int
    author_id: bytes
    blob: bytes
    beside: bytes | None = None
    heading: str = ""

    def insert(self, vault: Vault, authority: Authority, writing: Writing) -> bytes:
        """Write the row at the end of the record; gives the new link of the chain.

        Raises `Conflicting` where this or another version was kept meanwhile.
        """
        client_id = authority.client_id
        here = {"practice_id": vault.practice_id, "client_id": client_id}
        [(last,)] = writing.rows("entries.last", **here)
        place = 0 if last is None else last + 1
        [(newest,)] = writing.rows(
            "entries.newest_version", practice_id=vault.practice_id, entry_id=self.entry_id
        )
        if (newest or 0) != self.version - 1:
            raise Conflicting("this entry was kept or amended meanwhile")
        digest = row_digest(self.blob)
        writing.run(
            "entries.insert",
            place=place,
            entry_id=self.entry_id,
            version=self.version,
            class_byte=self.number,
            author_id=self.author_id,
            digest=digest,
            blob=self.blob,
            **here,
        )
        at_end = EntryPlace(place, self.entry_id, self.version, self.number, self.author_id, digest)
        before = vault.ledger.now(writing, client_id).entries
        return link(before, authority.whose(vault.practice_id), at_end)

    def bind(self, vault: Vault, authority: Authority, writing: Writing) -> bytes:
        """Bind it in the client's row to the entry `beside`; gives the authority's new digest."""
        client, client_id = authority.client, authority.client_id
        stated = Statement(entry_id=self.beside or b"", statement_id=self.entry_id)
        row = msgspec.structs.replace(client, statements=(*client.statements, stated))
        place = {"practice_id": vault.practice_id, "client_id": client_id}
        sealed = vault.directory.seal(row, client_id)
        writing.run("clients.update", authority=authority.version, row=sealed, **place)
        return moved_authority(writing, vault.practice_id, client_id)


def sealed_draft(
    visit: Visit, authority: Authority, draft: Draft, places: Sequence[EntryPlace]
) -> SealedDraft:
    """Seal a draft under the newest key of its class.

    Raises `BadInput` for an amendment to what is not there or is of another class or author,
    `Conflicting` for one over a version that is not the newest any more, `Unopenable` where the
    key is not held.
    """
    _check_joint(visit, authority, draft.wanted)
    author_id, brought = visit.unlocked.person_id, draft.brought
    entry_id, written = draft.entry_id or _new_id(), visit.at
    if brought is not None:
        entry_id, written = brought.entry_id, brought.written
    version, previous = 1, NONE_YET
    if draft.amends is not None:
        before = [one for one in places if one.entry_id == draft.amends]
        if not before or before[-1].wanted != draft.wanted:
            raise BadInput("amends", "is no entry of this class", "an entry of the same class")
        if before[-1].author_id != author_id:
            raise BadInput("amends", "is another author's entry", "an entry of one's own")
        if draft.over not in {None, before[-1].version}:
            raise Conflicting("this entry was amended meanwhile")
        entry_id, version, previous = draft.amends, before[-1].version + 1, before[-1].digest
    key = writing_key(visit, authority, draft.wanted)
    text = _text(visit, key.whose, draft, written)
    if authority.client.parties:
        of = words_in(in_words(draft.text), authority.client.parties)
        text = msgspec.structs.replace(text, of=of)
    blob = sealed_entry(key, entry_id, version, previous, text)
    number = CLASS_NUMBERS[draft.wanted]
    return SealedDraft(
        entry_id, version, number, author_id, blob, beside=draft.beside, heading=draft.heading
    )


def _check_joint(visit: Visit, authority: Authority, wanted: str) -> None:
    """Raise `BadInput` for what does not belong into a joint record, or comes after its end."""
    parties = authority.client.parties
    if not parties:
        return
    if wanted != JOINT:
        raise BadInput("class", "does not belong into a joint record", JOINT)
    today = visit.vault.practice().local(visit.at).date()
    if all(one.until is not None and one.until < today for one in parties):
        raise BadInput("record", "has ended", "a record that goes on")


def left_body(gathered: Gathered, draft: Draft) -> dict[str, object]:
    """What the line says of what somebody leaves who may not read the record. Raises `BadInput`."""
    if gathered.own and draft.wanted not in CLIENT_LEAVES:
        raise BadInput("class", "is not for clients to leave", one_of(CLIENT_LEAVES))
    return {
        "by": gathered.person.described,
        "as": gathered.hats,
        "classes": [draft.wanted],
        "what": "left",
    }


def deposited_draft(visit: Visit, authority: Authority, draft: Draft) -> SealedDraft:
    """Seal a draft to the pair of its class's compartment, without holding its key.

    Raises `BadInput` for a class that takes no deposit, and for an amendment.
    """
    if authority.client.parties and draft.wanted != LETTERS:
        raise BadInput("class", "does not belong into a joint record", LETTERS)
    if draft.amends is not None:
        raise BadInput("amends", "cannot be left by who may not read", "a new entry")
    author_id, entry_id = visit.unlocked.person_id, draft.entry_id or _new_id()
    whose = authority.whose(visit.vault.practice_id)
    name = compartment_of(draft.wanted, author_id=author_id, record_id=authority.client_id)
    text = _text(visit, whose, draft, visit.at)
    blob = deposited_entry(whose, authority.sheet, name, entry_id, text)
    return SealedDraft(entry_id, 1, CLASS_NUMBERS[draft.wanted], author_id, blob)


def _text(visit: Visit, whose: Whose, draft: Draft, written: datetime.datetime) -> EntryText:
    """What a draft says, its file sealed into the store."""
    attachment = None
    if draft.file is not None:
        draft.file.seek(0)
        attachment = sealed_attachment(visit.vault.store, whose, draft.file, draft.file_name)
    return EntryText(
        wanted=draft.wanted,
        heading=draft.heading,
        text=draft.text,
        written=written,
        author_name=visit.person.row.name,
        attachment=attachment,
    )


def _new_id() -> bytes:
    return os.urandom(16)


def begin_shared_key(visit: Visit, authority: Authority, wanted: str) -> bool:
    """Make the key of a shared record where there is none yet; gives whether one was made.

    Only who holds the working record can. The key goes to everybody who treats the client or
    supervises now, while the tie lasts, and is shared out to the key holders.
    """
    vault, client_id, person = visit.vault, authority.client_id, visit.person
    name, sheet = shared_compartment(client_id), authority.sheet
    if wanted != "shared_record" or sheet.newest(name):
        return False
    writing_key(visit, authority, "progress_note")
    whose = authority.whose(vault.practice_id)
    change = KeyChange(
        vault, whose, sheet, written=sheet.version, granter=person.person_id, at=visit.at
    )
    key = change.own_key(name)
    for tie in authority.ties.values():
        is_current = tie.since <= visit.at and (tie.until is None or visit.at < tie.until)
        if is_current and tie.relation in SHARED_WITH:
            change.give_to_person(tie.person_id, {name: key}, expires=tie.until)

    def changes(writing: Writing) -> bytes:
        change.write(writing)
        return moved_authority(writing, vault.practice_id, client_id)

    vault.record(
        client_id,
        "keys",
        {"by": person.described, "what": "shared record begun"},
        visit.at,
        authority=authority.version,
        slot="keys",
        changes=changes,
    )
    return True


def writing_key(visit: Visit, authority: Authority, wanted: str) -> EntryKey:
    """The newest key that seals this class for this author. Raises `Unopenable` if not held."""
    name = compartment_of(wanted, author_id=visit.unlocked.person_id, record_id=authority.client_id)
    return compartment_key(visit, authority, name, authority.sheet.newest(name))
