"""Who may do what with one client's record, as stored, and its digest, which the ledger holds.

Ties, consents, the key sheet and the client's own row decide what opens. Each is sealed, but a
sealed row can still be put back as it was last year. So every change of any of them raises the
client's authority version and binds a digest over all of them in the ledger, in the same
transaction; what is read later counts only if it gives that digest again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.ciphers.encoding import digest
from angerona.errors import Altered, Unknown
from angerona.sealed.client_keys import SheetRow, Whose
from angerona.sealed.rows import ClientRow, ConsentRow, TieRow

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping
    from typing import Any

    from angerona.sealed.rows import Directory
    from angerona.store import Reading, Writing


@dataclass(frozen=True, slots=True)
class Authority:
    """What decides about one client's record at one authority version."""

    client_id: bytes
    version: int
    client: ClientRow
    sheet: SheetRow
    ties: Mapping[bytes, TieRow]
    consents: Mapping[bytes, ConsentRow]

    def whose(self, practice_id: bytes) -> Whose:
        """Whose keys the sheet lists."""
        return Whose(practice_id, self.client_id, self.client.label)

    def relations(self, person_id: bytes, at: datetime.datetime) -> tuple[str, ...]:
        """How a person is tied to the client at a moment, each relation once."""
        now = (
            tie.relation
            for tie in self.ties.values()
            if tie.person_id == person_id
            and tie.since <= at
            and (tie.until is None or at < tie.until)
        )
        return tuple(dict.fromkeys(now))

    def authors_sharing(self, person_id: bytes, at: datetime.datetime) -> frozenset[bytes]:
        """The authors who let this person read what they keep apart, by a tie of that moment."""
        return frozenset(
            author
            for tie in self.ties.values()
            if tie.person_id == person_id
            and tie.since <= at
            and (tie.until is None or at < tie.until)
            for author in tie.notes_of
        )

    def facts_on(self, day: datetime.date, care: str = "") -> dict[str, bool | int | str]:
        """The facts on file, with what follows from how the client stands on a day."""
        return {**self.client.facts, **self.client.standing.facts_on(day, care)}

    def documents(self) -> list[object]:
        """The consents as they were put on file."""
        return [json.loads(row.document) for row in self.consents.values()]

    def documents_on(self, day: datetime.date, ages: Iterable[int]) -> list[object]:
        """The consents as the rules read them on a day, without those whose signer stands no more.

        `ages`: at which the packs in force change (`rules/ages.py`).
        """
        return [
            self._signed(row, json.loads(row.document))
            for row in self.consents.values()
            if not self.why_void(row, day, ages)
        ]

    def why_void(
        self, row: ConsentRow, day: datetime.date, ages: Iterable[int], *, quiet: bool = False
    ) -> str:
        """Why the signature under a consent does not count: a key of `WHY_NOT`, or nothing.

        `quiet`: as whoever must not learn of a freezing sees it.
        """
        by = json.loads(row.document)["by"]
        if by == "client":
            return ""
        standing = self.client.standing.unfrozen() if quiet else self.client.standing
        if row.signer:
            return standing.why_not(row.signer, "consent", day, ages)
        return "aside" if standing.is_frozen_for(by) else ""

    def _signed(self, row: ConsentRow, document: dict[str, Any]) -> object:
        """Whoever stands on file has shown the authority to sign."""
        if not row.signer:
            return document
        return {**document, "elements": {**document["elements"], "signer_authority": True}}

    def restrictions(self, at: datetime.datetime) -> list[object]:
        """What was agreed to be kept from whom and binds at a moment, as the rules read it."""
        return [
            {
                "classes": list(one.classes),
                "to": list(one.to),
                "purposes": list(one.purposes),
                "paid": one.paid,
            }
            for one in self.client.restrictions
            if one.since <= at and (one.until is None or at < one.until)
        ]


@dataclass(frozen=True, slots=True)
class StoredAuthority:
    """The rows that make it up, as they lie in the store."""

    version: int
    client: bytes
    sheet_version: int
    sheet: bytes
    ties: tuple[tuple[bytes, bytes], ...]
    consents: tuple[tuple[bytes, bytes], ...]


def stored_authority(reading: Reading, practice_id: bytes, client_id: bytes) -> StoredAuthority:
    """Read the rows of one client. Raises `Unknown` where there is no such client."""
    place = {"practice_id": practice_id, "client_id": client_id}
    found = reading.rows("clients.by_key", **place)
    sheets = reading.rows("key_sheets.newest", **place)
    if not found or not sheets:
        raise Unknown
    (version, client), (sheet_version, sheet) = found[0], sheets[0]
    return StoredAuthority(
        version,
        client,
        sheet_version,
        sheet,
        tuple((one, row) for one, row in reading.rows("ties.of_client", **place)),
        tuple((one, row) for one, row in reading.rows("consents.of_client", **place)),
    )


def authority_digest(practice_id: bytes, client_id: bytes, stored: StoredAuthority) -> bytes:
    """What the ledger binds (32 bytes). Rows count in the order of their ids."""
    parts: list[bytes | int] = [stored.version, _hash(stored.client)]
    parts += [stored.sheet_version, _hash(stored.sheet)]
    for rows in (stored.ties, stored.consents):
        parts.append(len(rows))
        for one, row in sorted(rows):
            parts += [one, _hash(row)]
    return digest("angerona/authority/v1", practice_id, client_id, *parts)


def bound_authority(reading: Reading, practice_id: bytes, client_id: bytes) -> bytes:
    """What the ledger is to bind of a client's authority, as a transaction has it now."""
    stored = stored_authority(reading, practice_id, client_id)
    return authority_digest(practice_id, client_id, stored)


def moved_authority(writing: Writing, practice_id: bytes, client_id: bytes) -> bytes:
    """Raise the authority version of a client; gives what the ledger is to bind of it."""
    writing.run("clients.move_authority", practice_id=practice_id, client_id=client_id)
    return bound_authority(writing, practice_id, client_id)


ERASED: Final = "erased"
"""The kind of such a line, and under what the practice's own one names everybody it erased."""


def erased_digest(practice_id: bytes, subject_id: bytes) -> bytes:
    """What the ledger binds of somebody who was erased (32 bytes): no row of theirs is left."""
    return digest("angerona/erased/v1", practice_id, subject_id)


def opened_authority(
    directory: Directory, client_id: bytes, stored: StoredAuthority, *, bound: bytes
) -> Authority:
    """The rows opened, if they are those that the ledger binds; else `Altered`."""
    practice_id = directory.practice_id
    if authority_digest(practice_id, client_id, stored) != bound:
        raise Altered("the ties, consents or keys of a client")
    return Authority(
        client_id,
        stored.version,
        directory.open(ClientRow, stored.client, client_id),
        directory.open(SheetRow, stored.sheet, client_id),
        {one: directory.open(TieRow, row, client_id, one) for one, row in stored.ties},
        {one: directory.open(ConsentRow, row, client_id, one) for one, row in stored.consents},
    )


def _hash(row: bytes) -> bytes:
    return hashlib.sha256(row).digest()
