"""The door: every look and every disclosure, in five steps, in this order, without exception.

1. **gather** the facts the Ask needs, with the client's authority version (`gathering.py`);
2. **decide** (`rules/decide.py`; never from memory);
3. **write the ledger**: one transaction with whatever it announces, refusals too, and only if the
   authority version is still the one gathered, else back to 1;
4. **unseal** only the classes permitted, only with keys the caller holds (`sealed/opening.py`);
5. **pare** to the least that serves and hand over; a disclosure is followed by a second line,
   `handed_over` or `failed`, a look by one only where it failed.

Authority is two things at once: the rules say yes, and the keys are held. With the rules switched
off, a stranger still reads nothing.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final

from angerona.errors import (
    AngeronaError,
    AuthorityMoved,
    Conflicting,
    NotPermitted,
    Unknown,
)
from angerona.gate.announcing import Act, announced
from angerona.gate.gathering import RECEIPT, WHO_LOOKED, Preparing, Wish
from angerona.gate.keeping import begin_shared_key, deposited_draft, left_body, sealed_draft
from angerona.gate.owing import once, owing
from angerona.gate.paring import Choice, pared
from angerona.gate.previews import check_recipient, previewed, proposed
from angerona.gate.reaching import (
    NOTHING,
    classes_of,
    named_and_stated,
    named_places,
    reach_of,
    released,
    whole,
    withheld,
)
from angerona.gate.results import (
    Asked,
    FileLeft,
    Kept,
    Prepared,
    Previewed,
    Proposed,
    Receipt,
    Shown,
    latest,
)
from angerona.gate.saying import held_until_of, line_body
from angerona.gate.second_reading import (
    agreed,
    given_back,
    is_awaited,
    is_read_afterwards,
    proposal_of,
    seen_of,
    used,
)
from angerona.gate.steps import Steps
from angerona.gate.unsealing import unsealed
from angerona.gate.waiting import check_waited
from angerona.rules.answer import AskFirst, Permit, Refuse
from angerona.rules.decide import decide
from angerona.sealed.held_lines import lines_now, receipt_now
from angerona.sealed.opening import open_attachment
from angerona.words import CLASSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from angerona.gate.gathering import Gathered
    from angerona.gate.keeping import Draft
    from angerona.gate.paring import LeftOut
    from angerona.gate.reaching import Pick, Reach
    from angerona.ledger.lines import OpenedLine, Written
    from angerona.sealed.entries import EntryPlace, EntryText
    from angerona.sealed.vault import Visit

_TRIES: Final = 5


class Door(Steps):
    """The gate of one practice."""

    __slots__ = ()

    def look(
        self,
        visit: Visit,
        client_id: bytes,
        *,
        purpose: str | Preparing,
        entry_ids: Iterable[bytes] | None = None,
        facts: Mapping[str, bool | int | str] | None = None,
        reason: str = "",
        pick: Pick = latest,
    ) -> Shown | AskFirst | Refuse:
        """Read entries of a record: those named, or all that the rules permit and the keys open.

        `pick` says which rows count: the newest version of each entry, where nothing else is said.
        What no key that is held opens stays shut, is listed (`Shown.unopened`) and stands in the
        line; an entry that was named fails the whole. What an author keeps apart is read by its
        author where nothing but his or her own entries is named. Raises `Unknown`, the same for no
        such client, no such entry and nobody to whom the client may be spoken of; `Altered` and
        `Planted` where the store is not what the ledger holds; `Unopenable` where the rules say
        yes and the key of an entry that was named is not held.
        """
        chosen = None if entry_ids is None else frozenset(entry_ids)
        said = purpose if isinstance(purpose, Preparing) else Preparing(purpose)

        def wish(places: Sequence[EntryPlace]) -> Wish:
            mine = (one.author_id == visit.unlocked.person_id for one in places)
            return Wish(
                wants=classes_of(places) or tuple(CLASSES),
                purpose=said.purpose,
                facts=facts or {},
                reason=reason,
                as_author=bool(chosen) and all(mine),
                hold_until=said.hold_until,
                unsettled=said.hold_until is not None,
            )

        def reach(gathered: Gathered, permit: Permit, places: Sequence[EntryPlace]) -> Reach:
            released = [one for one in places if one.wanted in permit.released]
            if chosen:
                return whole(permit, released)
            permitted = [one for one in released if gathered.reaches(one)]
            return reach_of(visit, gathered.authority, permit, permitted)

        rows = partial(named_places, chosen=chosen, pick=pick)
        asked = self._asked(
            visit, client_id, wish=wish, pick=rows, kind="look", what=said.what, reach=reach
        )
        if not isinstance(asked.answer, Permit):
            return asked.answer
        entries = self._opened(visit, asked, asked.answer)
        return Shown(entries, asked.answer, asked.written, asked.reach.unopened, asked.owed)

    def fetch(
        self,
        client_id: bytes,
        opened: Shown | Prepared,
        entry_id: bytes,
        target: BinaryIO,
    ) -> None:
        """Open the file of an entry that a look or a release has just opened, into `target`.

        Raises `Unknown` where the entry was not among them or has no file, and as `look`; what is
        in `target` when it raises must be thrown away.
        """
        found = [entry for place, entry in opened.entries if place.entry_id == entry_id]
        attachment = found[0].attachment if found else None
        if attachment is None:
            raise Unknown
        place = next(place for place, _ in opened.entries if place.entry_id == entry_id)
        open_attachment(
            attachment,
            place.wanted,
            target,
            store=self.vault.store,
            whose=self.vault.authority(client_id).whose(self.vault.practice_id),
            permit=opened.permit,
            written=opened.written,
        )

    def list(
        self,
        visit: Visit,
        client_id: bytes,
        *,
        purpose: str,
        facts: Mapping[str, bool | int | str] | None = None,
    ) -> tuple[EntryPlace, ...] | AskFirst | Refuse:
        """Which entries of a record this person may see: class, author and order, nothing opened.

        Written like a look. Raises as `look`.
        """
        asked = self._asked(
            visit,
            client_id,
            wish=lambda _: Wish(wants=tuple(CLASSES), purpose=purpose, facts=facts or {}),
            kind="look",
            what="listed",
        )
        if not isinstance(asked.answer, Permit):
            return asked.answer
        return tuple(
            one
            for one in asked.places
            if one.wanted in asked.answer.released and asked.gathered.reaches(one)
        )

    def preview(self, visit: Visit, client_id: bytes, wish: Wish) -> Previewed:
        """What a disclosure would hand over. Nothing is opened, and no line is written.

        Without a Permit no entry is named. Raises as `look`.
        """
        gathered = self._gathered(visit, client_id, wish)
        return previewed(visit, self.packs, gathered, decide(gathered.ask, self.packs))

    def proposed(
        self, visit: Visit, client_id: bytes, wish: Wish, choice: Choice, *, recipient: str
    ) -> Proposed | AskFirst | Refuse:
        """What exactly `release` would let leave, to be looked at first; nothing is opened.

        No line is written. Raises as `release`.
        """
        gathered = self._gathered(visit, client_id, wish)
        answer = decide(gathered.ask, self.packs)
        if not isinstance(answer, Permit):
            return answer
        return proposed(visit, self.packs, (gathered, answer), choice, recipient)

    def release(  # noqa: PLR0913 -- each is one thing that decides what leaves
        self,
        visit: Visit,
        client_id: bytes,
        wish: Wish,
        *,
        entry_ids: Iterable[bytes] | None = None,
        left_out: Iterable[LeftOut] = (),
        recipient: str,
        seen: str | None = None,
        along: Callable[[Act], Act] | None = None,
    ) -> Prepared | AskFirst | Refuse:
        """Open what may be disclosed, once the ledger has announced it, and pare it.

        `entry_ids` must be given where a scope lets not everything go (`gate/paring.py`); what is
        stated about an entry goes with it. `left_out` are passages that do not go. What no key that
        is held opens stays, is listed, and is not announced; where nothing else is left, or where
        it was named, it fails the whole. `recipient` is who it is in words; `seen` is what somebody
        saw of it (`proposed`) and agreed to; `along` adds to what is announced. Then call
        `handed_over` or `failed`. Raises as `look`; `BadInput`, also before its time; `NotAgreed`;
        `Conflicting` where it is not what was seen.
        """
        chosen = None if entry_ids is None else frozenset(entry_ids)
        choice = Choice(chosen, tuple(left_out))
        what = check_recipient(wish, recipient)

        def pick(rows: Sequence[EntryPlace]) -> tuple[EntryPlace, ...]:
            return named_and_stated(self.vault.authority(client_id), rows, chosen)

        def reach(gathered: Gathered, permit: Permit, places: Sequence[EntryPlace]) -> Reach:
            if places != named_and_stated(gathered.authority, self.vault.places(client_id), chosen):
                raise AuthorityMoved
            found = replace(released(visit, choice, gathered, permit, places), along=along)
            terms = proposal_of(gathered, found, choice, what)
            if seen is not None and seen != seen_of(gathered, permit, terms):
                raise Conflicting("something changed since this was looked at; look again")
            check_waited(gathered, permit, self.packs, visit.at)
            if is_awaited(permit, self.packs, found.classes):
                return agreed(visit, gathered, found, terms)
            return replace(found, to_read=terms if is_read_afterwards(permit, self.packs) else None)

        asked = self._asked(
            visit,
            client_id,
            wish=lambda _places: wish,
            pick=pick,
            kind="disclosure",
            what=what,
            reach=reach,
        )
        answer = asked.answer
        if not isinstance(answer, Permit):
            return answer
        entries = self._opened(visit, asked, answer, choice)
        return asked.prepared(answer, entries, withheld(asked.gathered, answer, asked.places))

    def keep(self, visit: Visit, client_id: bytes, draft: Draft) -> Kept | AskFirst | Refuse:
        """Seal what somebody writes. Raises as `look`; `BadInput` for what cannot be kept."""
        for _ in range(_TRIES):
            try:
                places = self.vault.places(client_id)
            except Unknown:
                self.vault.refused_stranger(visit.at)
                raise
            wish = Wish(
                wants=(draft.wanted,), purpose=draft.purpose, facts=draft.facts, as_author=True
            )
            gathered = self._gathered(visit, client_id, wish)
            if gathered.own:
                raise NotPermitted
            authority = gathered.authority
            answer = decide(gathered.ask, self.packs)
            if not isinstance(answer, Permit):
                body = line_body(gathered, answer, what="kept")
                owes = owing(gathered, answer, "refusal", visit.at, None)
                act = Act(client_id, "refusal", body, owes)
                announced(self.vault, act, visit.at, authority=None)
                return answer
            try:
                if begin_shared_key(visit, authority, draft.wanted):
                    continue
            except AuthorityMoved:
                continue
            sealed = sealed_draft(visit, authority, draft, places)
            first = "written" if draft.brought is None else "brought"
            body = line_body(gathered, answer, what=first if sealed.version == 1 else "amended")
            owes = owing(gathered, answer, "kept", visit.at, None)
            try:
                written = self._kept(authority, sealed, body, visit.at, owes)
            except AuthorityMoved:
                continue
            return Kept(sealed.entry_id, sealed.version, written)
        raise AuthorityMoved

    def who_looked(
        self,
        visit: Visit,
        client_id: bytes,
        *,
        facts: Mapping[str, bool | int | str] | None = None,
    ) -> tuple[OpenedLine, ...] | AskFirst | Refuse:
        """Every line about a client, first to last, this look's own included. Raises as `look`.

        Blank lines are left out, and for the client whatever the law still holds back.
        """
        own = visit.person.row.client_id == client_id
        wish = replace(RECEIPT if own else WHO_LOOKED, facts=facts or {})
        asked = self._asked(
            visit,
            client_id,
            wish=lambda _places: wish,
            kind="look",
            what="who looked",
        )
        if not isinstance(asked.answer, Permit):
            return asked.answer
        lines = lines_now(self.vault, client_id)
        return tuple(
            one for one in lines if (one.is_open(visit.at) if own else one.kind != "blank")
        )

    def receipt(
        self,
        visit: Visit,
        client_id: bytes,
        *,
        facts: Mapping[str, bool | int | str],
        since: int | None,
    ) -> Receipt | AskFirst | Refuse:
        """The proof of who looked, as a disclosure to the client. Raises as `look`.

        `since`: the size of an older head that it shall continue. Every line up to the one that
        announces it is in it. The caller hands over and then calls `handed_over` or `failed`.
        """
        if visit.person.row.client_id != client_id:
            # It goes through the hands of whoever makes it, so that person must be let see it.
            seen = self.who_looked(visit, client_id, facts=facts)
            if isinstance(seen, AskFirst | Refuse):
                return seen
        wish = replace(RECEIPT, facts=facts)
        asked = self._asked(
            visit, client_id, wish=lambda _places: wish, kind="disclosure", what="receipt"
        )
        if not isinstance(asked.answer, Permit):
            return asked.answer
        prepared = asked.prepared(asked.answer)
        self.vault.ledger.checkpoint(visit.at)
        try:
            text = receipt_now(self.vault, client_id, since=since, at=visit.at)
        except AngeronaError:
            self.failed(prepared, visit.at, why="no receipt could be made")
            raise
        return Receipt(text, prepared)

    def deposit(self, visit: Visit, client_id: bytes, draft: Draft) -> Kept:
        """Take in what somebody writes who may not read the record: a scan, a message, a call.

        Whoever may be spoken to of the client at all may leave something; nothing is shown for it.
        Raises `Unknown` as `look`, `BadInput` for a class that takes no deposit.
        """
        for _ in range(_TRIES):
            wish = Wish(wants=(draft.wanted,), purpose=draft.purpose)
            gathered = self._gathered(visit, client_id, wish)
            body, authority = left_body(gathered, draft), gathered.authority
            sealed = deposited_draft(visit, authority, draft)
            try:
                written = self._kept(authority, sealed, body, visit.at)
            except AuthorityMoved:
                continue
            return Kept(sealed.entry_id, sealed.version, written)
        raise AuthorityMoved

    def handed_over(
        self,
        prepared: Prepared,
        at: datetime.datetime,
        *,
        how: str,
        packet_id: bytes | None = None,
        carried: Iterable[str] = (),
        file: FileLeft | None = None,
        produced: Mapping[str, object] | None = None,
    ) -> Written:
        """Step 5 of a disclosure: it has left. `how`: by which way.

        `packet_id`: as what; what was told by word of mouth is no packet. `carried`: ids of the
        duties that this itself fulfils, as by the statements in the packet. `file`: as which file.
        `produced`: what stands in it, piece by piece (`notices.packet_files.produced`).
        """
        body: dict[str, object] = {"how": how, **({"produced": produced} if produced else {})}
        body |= {"packet": packet_id.hex()} if packet_id else {}
        body |= {"file": file.digest.hex()} if file else {}
        ids = frozenset(carried)
        done = tuple(one for one in prepared.owed if one.row.duty["id"] in ids)
        return self._followed(prepared, "handed_over", body, at, done, change=file and file.change)

    def failed(self, prepared: Prepared, at: datetime.datetime, *, why: str) -> Written:
        """Step 5 of a disclosure that came to nothing: nothing has left. `why`: in a few words.

        What it left owed is owed no more: whoever tries again owes it for that.
        """
        return self._followed(
            prepared, "failed", {"why": why}, at, prepared.owed, given_back(prepared)
        )

    def _asked(
        self,
        visit: Visit,
        client_id: bytes,
        *,
        wish: Callable[[Sequence[EntryPlace]], Wish],
        kind: str,
        pick: Pick = latest,
        what: str = "",
        reach: Callable[[Gathered, Permit, Sequence[EntryPlace]], Reach] | None = None,
    ) -> Asked:
        """Steps 1 to 3, again where the authority moved between gathering and writing.

        `reach` says what is to be opened, where anything is.
        """
        for _ in range(_TRIES):
            try:
                places = pick(self.vault.places(client_id))
            except Unknown:
                self.vault.refused_stranger(visit.at)
                raise
            gathered = self._gathered(visit, client_id, wish(places))
            answer = decide(gathered.ask, self.packs)
            said, reached = "refusal", None
            try:
                if isinstance(answer, Permit):
                    said, reached = kind, reach and reach(gathered, answer, places)
                body = line_body(gathered, answer, what=what, reach=reached)
                if gathered.wish.reason:
                    body["reason"] = self.vault.reason_sealed(client_id, gathered.wish.reason)
                held_until = held_until_of(answer, gathered.wish, visit.at)
                agreement = None if reached is None else reached.agreement
                owes = owing(
                    *(gathered, answer, said, visit.at, held_until),
                    is_read=agreement is not None,
                    to_read=None if reached is None else reached.to_read,
                )
                owes = once(self.vault, gathered, owes)
                act = Act(client_id, said, body, owes, held_until=held_until)
                if agreement is not None:
                    act = used(act, self.vault, agreement)
                if reached is not None and reached.along is not None:
                    act = reached.along(act)
                version = gathered.authority.version
                written = announced(self.vault, act, visit.at, authority=version)
            except AuthorityMoved:
                continue
            return Asked(gathered, answer, written, places, held_until, reached or NOTHING, owes)
        raise AuthorityMoved

    def _opened(
        self,
        visit: Visit,
        asked: Asked,
        permit: Permit,
        choice: Choice | None = None,
    ) -> tuple[tuple[EntryPlace, EntryText], ...]:
        """Steps 4 and 5. A failure is written, and nothing of the rest is shown.

        A disclosure that fails leaves nothing owed; a look was tried, and is reviewed all the same.
        """
        authority, going = asked.gathered.authority, asked.reach.going
        try:
            opened = unsealed(visit, authority, going, permit=permit, written=asked.written)
            return opened if choice is None else pared(opened, asked.gathered, choice)
        except AngeronaError as problem:
            done = () if choice is None else asked.owed
            why = {"why": type(problem).__name__}
            failed = asked.prepared(permit)
            self._followed(failed, "failed", why, visit.at, done, given_back(failed))
            raise
