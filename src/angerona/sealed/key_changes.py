"""A change of one client's keys, put together first and written in one transaction.

Whoever enrols, ties, rotates or opens by quorum says here which keys are made, to whom they are
wrapped and what is dropped; `write` puts all of it into the store together with the new key sheet.
Nothing is wrapped to whoever left or was shut out, though a tie may still stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec

from angerona.errors import AuthorityMoved, Unopenable
from angerona.sealed.client_keys import CLIENT_KEY, own_rotated, rotated, with_own_key
from angerona.sealed.compartments import BY_POST, BY_TIE, COMPARTMENTS
from angerona.sealed.key_holders import opened_share, shared_out
from angerona.sealed.owed import stored_shares
from angerona.sealed.wraps import Grant, Wrap, ended, names_in, wrapped

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from angerona.sealed.client_keys import SheetRow, Whose
    from angerona.sealed.key_holders import Share
    from angerona.sealed.rows import TieRow, WrapRow
    from angerona.sealed.vault import Vault
    from angerona.store import Writing


@dataclass(slots=True)
class KeyChange:
    """What becomes of one client's keys at a moment.

    `sheet` is the newest sheet; `written` the version of the stored one, 0 for a new client.
    """

    vault: Vault
    whose: Whose
    sheet: SheetRow
    written: int
    granter: bytes
    at: datetime.datetime
    wraps: list[Wrap] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    dropped_wraps: list[bytes] = field(default_factory=list)
    dropped_shares: list[bytes] = field(default_factory=list)
    must_be_here: set[bytes] = field(default_factory=set)
    """Whoever may not have left when it is written: everybody who is given keys."""

    def own_key(self, name: str) -> bytes:
        """Make a random key under a name of its own, shared out to the key holders."""
        key, sheet = with_own_key(self.whose, self.sheet, name)
        self._turned(sheet, (name,))
        self.share_out({name: key})
        return key

    def rotate(self, held: Mapping[str, bytes]) -> Mapping[str, bytes]:
        """A new generation of every compartment, shared out anew; gives its keys.

        `held`: the newest key of each compartment. Every wrap of compartments that stands so far
        is dropped: the caller gives again to whom they are due. Raises `Unopenable` where a key is
        missing.
        """
        compartments = {name: key for name, key in held.items() if name in COMPARTMENTS}
        keys, sheet = rotated(self.whose, self.sheet, compartments)
        self._turned(sheet, COMPARTMENTS)
        for wrap, row in self._standing():
            if set(row.names) <= set(COMPARTMENTS):
                self._drop(wrap)
        self.share_anew({CLIENT_KEY: keys.client})
        return keys.compartments

    def rotate_own(self, name: str, held: bytes) -> None:
        """A new generation of a key of its own kind, for everybody who holds the newest one.

        `held`: that newest one. Raises `Planted` where it is another.
        """
        key, sheet = own_rotated(self.whose, self.sheet, name, held)
        self._turned(sheet, (name,))
        found = [(wrap, row) for wrap, row in self._standing() if row.names == (name,)]
        for wrap, _ in found:
            self._drop(wrap)
        self.share_anew({name: key})
        again = ((wrap.recipient_id, row.expires) for wrap, row in found if self._brings(row))
        for recipient_id, expires in dict.fromkeys(again):
            self.give_to_person(recipient_id, {name: key}, expires=expires)

    def share_anew(self, keys: Mapping[str, bytes]) -> None:
        """Split the newest generation of some keys, in place of every share of them so far."""
        for share in stored_shares(self.vault, self.whose.client_id):
            if opened_share(self.vault.keyset, share).name in keys:
                self.dropped_shares.append(share.share_id)
        self.share_out(keys)

    def share_out(self, keys: Mapping[str, bytes]) -> None:
        """Split the newest generation of some keys among the key holders."""
        practice = self.vault.practice()
        self.shares += shared_out(
            self.vault.keyset,
            self.whose,
            self.sheet,
            keys,
            practice.seats,
            needed=practice.row.quorum,
        )

    def give(
        self,
        recipient_id: bytes,
        keys: Mapping[str, bytes],
        *,
        public: bytes,
        expires: datetime.datetime | None,
    ) -> None:
        """Wrap keys to a person or a post: compartments together, every other key by itself.

        So a rotation replaces the compartments without touching what an author keeps apart.
        """
        grant = Grant(
            recipient_id=recipient_id, public=public, granter=self.granter, expires=expires
        )
        together = {name: key for name, key in keys.items() if name in COMPARTMENTS}
        apart = [{name: key} for name, key in keys.items() if name not in COMPARTMENTS]
        for some in (together, *apart):
            if some:
                self.wraps.append(wrapped(self.vault.keyset, self.whose, self.sheet, some, grant))
                self.must_be_here.add(recipient_id)

    def give_to_person(
        self, person_id: bytes, keys: Mapping[str, bytes], *, expires: datetime.datetime | None
    ) -> None:
        """Wrap keys to somebody who has to do with the record, if he or she is still here."""
        person = self.vault.person(person_id)
        if person.row.until is None:
            self.give(person_id, keys, public=person.public.wrap, expires=expires)

    def give_to_posts(self, keys: Mapping[str, bytes]) -> None:
        """To each post what every client's record gives it."""
        for name, post in self.vault.practice().posts.items():
            given = {one: keys[one] for one in BY_POST[name]}
            self.give(post.post_id, given, public=post.public, expires=None)

    def give_to_ties(self, keys: Mapping[str, bytes], ties: Iterable[TieRow]) -> None:
        """To everybody who is tied to the client what the tie brings.

        Raises `Unopenable` where a key that a tie brings is not among `keys`.
        """
        for tie in ties:
            if tie.since <= self.at and (tie.until is None or self.at < tie.until):
                if not BY_TIE[tie.relation] <= set(keys):
                    raise Unopenable("a compartment whose key is not held")
                given = {one: keys[one] for one in BY_TIE[tie.relation]}
                self.give_to_person(tie.person_id, given, expires=tie.until)

    def end_wraps_of(
        self, recipient_id: bytes, *, but: Mapping[str, datetime.datetime | None]
    ) -> frozenset[str]:
        """End what somebody has of this client by wraps that bring more than `but`, or for longer.

        `but` says until when each name is still due, by a wrap of its own. Gives the names of the
        keys that are to turn now; that they are stands in place of each wrap until they do.
        """
        left: set[str] = set()
        for wrap, row in self._of_recipient(recipient_id):
            over = set(row.names) - but.keys()
            if over:
                self.wraps.append(ended(self.vault.keyset, wrap, but=but, at=self.at))
                left |= over
            if over or any(_outlasts(row.expires, but[name]) for name in row.names):
                self._drop(wrap)
        return frozenset(left)

    def drop_wraps_of(self, recipient_id: bytes) -> None:
        """Drop every wrap that somebody still has of this client, and leave nothing in its place.

        What is left of ended ones stays: those keys are to turn.
        """
        for wrap, row in self._of_recipient(recipient_id):
            if row.message:
                self._drop(wrap)

    def is_given(self, recipient_id: bytes, name: str) -> bool:
        """Whether somebody has the newest key of this name by a wrap that still holds."""
        newest = (name, self.sheet.newest(name))
        return any(
            newest in zip(row.names, row.generations, strict=True) and self._brings(row)
            for _, row in self._of_recipient(recipient_id)
        )

    def _of_recipient(self, recipient_id: bytes) -> list[tuple[Wrap, WrapRow]]:
        return [one for one in self._standing() if one[0].recipient_id == recipient_id]

    def write(self, writing: Writing) -> None:
        """Write all of it: sheet, wraps, shares, and what is dropped.

        Raises `AuthorityMoved` where somebody who is given keys left meanwhile, or was shut out.
        """
        vault, client_id = self.vault, self.whose.client_id
        practice_id = vault.practice_id
        if vault.have_left(writing, self.must_be_here):
            raise AuthorityMoved
        if self.sheet.version > self.written:
            writing.run(
                "key_sheets.insert",
                practice_id=practice_id,
                client_id=client_id,
                version=self.sheet.version,
                sheet=vault.directory.seal(self.sheet, client_id),
            )
        for wrap_id in self.dropped_wraps:
            writing.run("wraps.delete", practice_id=practice_id, wrap_id=wrap_id)
        for share_id in self.dropped_shares:
            writing.run("shares.delete", practice_id=practice_id, share_id=share_id)
        for wrap in self.wraps:
            writing.run("wraps.insert", **wrap.given(practice_id))
        for share in self.shares:
            writing.run("shares.insert", **share.given(practice_id))

    def guests(
        self, ties: Iterable[TieRow]
    ) -> list[tuple[bytes, tuple[str, ...], datetime.datetime]]:
        """Who holds compartments for a time and not by a tie, as after an opening by key holders.

        Each with the names and the end: a rotation gives them the new keys, and no more.
        """
        tied = {tie.person_id for tie in ties if tie.until is None or self.at < tie.until}
        out = []
        for wrap, row in self._standing():
            if row.expires is not None and self._brings(row) and wrap.recipient_id not in tied:
                names = tuple(name for name in row.names if name in COMPARTMENTS)
                if names:
                    out.append((wrap.recipient_id, names, row.expires))
        return out

    def _turned(self, sheet: SheetRow, names: Iterable[str]) -> None:
        made = {**sheet.made, **dict.fromkeys(names, self.at)}
        self.sheet = msgspec.structs.replace(sheet, made=made)

    def _drop(self, wrap: Wrap) -> None:
        """Drop a wrap, whether it is stored or only about to be."""
        if wrap in self.wraps:
            self.wraps.remove(wrap)
        else:
            self.dropped_wraps.append(wrap.wrap_id)

    def _standing(self) -> list[tuple[Wrap, WrapRow]]:
        """Every wrap of this client as this change leaves it so far, each with its outer side."""
        client_id = self.whose.client_id
        place = {"practice_id": self.vault.practice_id, "client_id": client_id}
        stored = (
            Wrap(wrap_id, client_id, recipient_id, epoch, blob)
            for wrap_id, recipient_id, epoch, blob in self.vault.store.rows(
                "wraps.of_client", **place
            )
            if wrap_id not in self.dropped_wraps
        )
        return [(one, names_in(self.vault.keyset, one)) for one in (*stored, *self.wraps)]

    def _brings(self, row: WrapRow) -> bool:
        """Whether a wrap brings its keys: it neither ended nor expired."""
        return bool(row.message) and (row.expires is None or self.at < row.expires)


def _outlasts(one: datetime.datetime | None, other: datetime.datetime | None) -> bool:
    """Whether one end is later than another, where nothing is no end."""
    return other is not None and (one is None or other < one)
