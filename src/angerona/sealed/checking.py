"""Checks the rows that stand beside the ledger: those that it binds, and those that it does not.

The ledger binds the practice, people, ties, consents, key sheets and lists of entries; here each is
read and compared, as it is whenever it is used. Wraps, shares, event keys and the keys of posts are
bound by nothing, because they are sealed anew every 30 days: a planted one opens nothing, but one
that is missing shuts a record, and one that was put back gives an old key to somebody who should
have none. So it is worked out who is due what, and compared with what is there. No record is
opened, and nobody needs to be signed in.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.ciphers.suites import HEADER_BYTES
from angerona.ciphers.wraps import is_sealed_to
from angerona.errors import AngeronaError, Sealed, Unknown
from angerona.ledger.checking import Finding
from angerona.sealed.comparing import CHECKS as COMPARED
from angerona.sealed.comparing import (
    check_appointments,
    check_duties,
    check_erasures,
    check_held,
)
from angerona.sealed.compartments import (
    BY_POST,
    BY_TIE,
    COMPARTMENTS,
    brought_by,
    process_compartment,
)
from angerona.sealed.event_keys import EventKeys
from angerona.sealed.key_holders import opened_share
from angerona.sealed.owed import forgotten, shared_names, stored_shares, stored_wraps
from angerona.sealed.wraps import names_in

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import ShareRow, WrapRow
    from angerona.sealed.vault import Vault
    from angerona.sealed.wraps import Wrap

CHECKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "practice": "the practice, its posts and its key holders are those that the ledger binds",
        "people": "everybody's keys, credentials, roles and posts are those that the ledger binds",
        "posts": "everybody who holds a post has the post's key",
        "authority": "every client's ties, consents and key sheet are those that the ledger binds",
        "entries": "every record holds exactly the entries that were kept",
        "event keys": "every client's lines in the ledger can be opened",
        "wraps": "every wrap is for somebody who is due it",
        "due": "everybody who is due keys of a record holds some",
        "turning": "what has to turn since a tie is over has turned, or a row says that it has to",
        "shares": "every key has a share for each key holder, or enough until it is shared anew",
        **COMPARED,
    }
)


def check_rows(vault: Vault, at: datetime.datetime) -> list[Finding]:
    """Everything that is wrong with the rows beside the ledger; nothing, if all is well.

    `at`: who is tied to whom is asked for this moment. Raises what the store raises.
    """
    check = _Check(vault, at)
    place = {"practice_id": vault.practice_id}
    if check.holds("practice", "the practice", vault.practice):
        for row in vault.store.rows("people.all", **place):
            check.person(row[0])
        for (client_id,) in vault.store.rows("clients.ids", **place):
            check.client(client_id)
        check.compare("erasures", check_erasures)
        check.compare("held", check_held)
        check.compare("duties", check_duties)
        check.compare("appointments", check_appointments)
    return check.findings


@dataclass(slots=True)
class _Check:
    """Goes from one to the next, whatever is found on the way."""

    vault: Vault
    at: datetime.datetime
    findings: list[Finding] = field(default_factory=list)

    def holds(self, check: str, where: str, read: Callable[[], object]) -> bool:
        """Whether something can be read; if not, that is a finding."""
        try:
            read()
        except AngeronaError as problem:
            self.find(check, f"{where}: {problem}")
            return False
        return True

    def compare(self, check: str, compared: Callable[[Vault], Iterator[Finding]]) -> None:
        """What a comparison with the practice's own list finds, as far as it comes."""
        self.holds(
            check, "the practice's own list", lambda: self.findings.extend(compared(self.vault))
        )

    def find(self, check: str, sentence: str) -> None:
        self.findings.append(Finding(check, sentence))

    def person(self, person_id: bytes) -> None:
        """One person, and the keys of the posts that he or she holds, and of no others.

        After a succession (key holders put somebody in) only the successor has the newest ones.
        """
        where = f"person {person_id.hex()}"
        if not self.holds("people", where, partial(self.vault.person, person_id)):
            return
        place = {"practice_id": self.vault.practice_id, "person_id": person_id}
        there = {row[0] for row in self.vault.store.rows("post_keys.of_person", **place)}
        posts = self.vault.practice().posts
        for name in self.vault.person(person_id).row.posts:
            if name in posts and posts[name].post_id not in there:
                self.find("posts", f"{where}: the key of a post is missing")
        held = {
            posts[one].post_id for one in self.vault.person(person_id).row.posts if one in posts
        }
        if there - held:
            self.find("posts", f"{where}: there is the key of a post that was taken away")

    def client(self, client_id: bytes) -> None:
        """One client: what decides about the record, its entries, and its keys."""
        vault, where = self.vault, f"client {client_id.hex()}"
        try:
            EventKeys(vault.store, vault.keyset).of(client_id)  # As stored, not as kept at hand.
        except (Unknown, Sealed):
            self.find("event keys", f"{where}: the key of its lines is missing or altered")
        if self.holds("authority", where, partial(vault.authority, client_id)):
            self.holds("entries", where, partial(vault.check_entries, client_id))
            authority = vault.authority(client_id)
            self._wraps(authority, where)
            self._turning(authority, where)
            self._shares(authority, where)

    def _wraps(self, authority: Authority, where: str) -> None:
        """A grant that ends by itself may be anybody's: a quorum opens a record to an officer.

        An author keeps the key of what he or she keeps apart. Who took a record over holds what
        was asked for, and not all.
        """
        due = self._due(authority)
        held: dict[bytes, set[str]] = {}
        pairs: dict[bytes, set[bytes]] = {}
        for wrap in stored_wraps(self.vault, authority.client_id):
            try:
                row = names_in(self.vault.keyset, wrap)
            except Sealed:
                self.find("wraps", f"{where}: a wrap was altered, or put there from elsewhere")
                continue
            if row.expires is not None and row.expires <= self.at:
                continue
            apart = (process_compartment(wrap.recipient_id),)
            if row.expires is None and wrap.recipient_id not in due and row.names != apart:
                self.find("wraps", f"{where}: a wrap is for somebody who is due none")
            named = zip(row.names, row.generations, strict=True)
            newest = {name for name, number in named if number == authority.sheet.newest(name)}
            if newest != set(row.names):
                self.find("wraps", f"{where}: a wrap is of keys that have turned since")
            if self._is_misdirected(wrap, row):
                self.find("wraps", f"{where}: a wrap is sealed to other keys than its recipient's")
            pairs.setdefault(wrap.recipient_id, set()).add(row.message[:HEADER_BYTES])
            held.setdefault(wrap.recipient_id, set()).update(newest)
        for recipient_id, names in due.items():
            has_none = not held.get(recipient_id, set()) & names & set(COMPARTMENTS)
            if has_none and not self._is_shut_out(recipient_id):
                self.find("due", f"{where}: {recipient_id.hex()} has no keys of this record")
        if any(len(of_one) > 1 for of_one in pairs.values()):
            self.find("wraps", f"{where}: a wrap stands on keys of a post that were left behind")

    def _turning(self, authority: Authority, where: str) -> None:
        """Whoever deletes what is left of a wrap that ended would keep its keys from turning."""
        with contextlib.suppress(AngeronaError):  # a wrap or a person altered is named for that
            if forgotten(self.vault, authority, self.at):
                self.find("turning", f"{where}: keys have to turn, and no row says so any more")

    def _is_misdirected(self, wrap: Wrap, row: WrapRow) -> bool:
        """Whether a wrap to a person is sealed to another key than the person's.

        One to a post may stand on a former pair until keys turn, and then all of the post do.
        """
        try:
            public = self.vault.person(wrap.recipient_id).public.wrap
        except AngeronaError:  # a post, or somebody who is not due it and named for that
            return False
        return not is_sealed_to(public, row.message)

    def _is_shut_out(self, recipient_id: bytes) -> bool:
        """Whether somebody was, whose ties stand: keys that turned since are not given again."""
        try:
            return not self.vault.person(recipient_id).row.is_here(self.at)
        except AngeronaError:  # a post, or somebody who is named for being altered
            return False

    def _due(self, authority: Authority) -> dict[bytes, frozenset[str]]:
        """Who is due which keys of those that there are: by ties, by posts, and the client."""
        client_id = authority.client_id
        there = {one.name for one in authority.sheet.keys}
        due: dict[bytes, frozenset[str]] = {}
        for tie in authority.ties.values():
            if tie.since <= self.at and (tie.until is None or self.at < tie.until):
                brought = brought_by(
                    tie.relation,
                    person_id=tie.person_id,
                    client_id=client_id,
                    notes_of=tie.notes_of,
                )
                due[tie.person_id] = due.get(tie.person_id, frozenset()) | (brought & there)
        for post in self.vault.practice().posts.values():
            if BY_POST[post.name]:
                due[post.post_id] = BY_POST[post.name]
        if authority.client.person_id is not None:
            due[authority.client.person_id] = BY_TIE["own"]
        return due

    def _shares(self, authority: Authority, where: str) -> None:
        """The client key and each key of its own kind, newest generation, once for every seat.

        A key that stands wholly on seats of an earlier list is to be shared anew; until then the
        seats that stay must be able to open it.
        """
        seats = {seat.seat_id: seat.public for seat in self.vault.practice().seats}
        there: dict[tuple[str, int], list[tuple[bytes, ShareRow]]] = {}
        for share in stored_shares(self.vault, authority.client_id):
            try:
                row = opened_share(self.vault.keyset, share)
            except Sealed:
                self.find("shares", f"{where}: a share was altered, or put there from elsewhere")
                continue
            there.setdefault((row.name, row.generation), []).append((share.seat_id, row))
        for name in sorted(shared_names(authority)):
            found = there.get((name, authority.sheet.newest(name)), [])
            on = {seat_id for seat_id, _ in found}
            if on & set(seats):
                if missing := set(seats) - on:
                    self.find("shares", f"{where}: {len(missing)} shares of a key are missing")
                if on - set(seats):
                    self.find("shares", f"{where}: a share stands on a seat of an earlier list")
                continue
            held = [row for _, row in found if _is_any_of(seats.values(), row.message)]
            if not held or len(held) < held[0].needed:
                self.find("shares", f"{where}: too few shares of a key are left")


def _is_any_of(publics: Iterable[bytes], message: bytes) -> bool:
    """Whether a wrap is sealed to one of some public keys."""
    return any(is_sealed_to(one, message) for one in publics)
