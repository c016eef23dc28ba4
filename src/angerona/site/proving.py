"""What a server shows itself before it lets anybody in, with an invented client it throws away.

A practice of its own is founded in a temporary folder, through the same doors, under the house's
own ethic, so that no question of a country stands between a therapist and a note. There

1. a note that is kept must come back, or the rest would prove nothing;
2. a deny must deny: an employer without a consent gets nothing, under the law of the real practice
   neither, and nobody at all is met with silence;
3. a seal must not open: not for who comes with a permit and without the keys, and not altered;
4. a ledger line must verify, with the program that clients check theirs with, and must not verify
   once a letter of it was changed.

If one of them does not hold, the server does not start. What it took is measured by `bench/`.
"""

from __future__ import annotations

import base64
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.errors import NotProven, Tampered, Unknown, Unopenable
from angerona.gate.door import Door
from angerona.gate.gathering import Wish
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown
from angerona.gate.unsealing import unsealed
from angerona.ledger.verifying import NotProved, Unreadable, verify
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.founding import NewPractice, found
from angerona.practice.members import NewMember, sign_in_with_password
from angerona.rules.answer import Permit, Refuse
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.sealed.boot import BootSecret
from angerona.sealed.people import new_person
from angerona.sealed.zones import UTC_NAME
from angerona.store import open_store

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable

    from angerona.rules.compile import Packs
    from angerona.sealed.vault import Visit
    from angerona.store import Store, Writing

_NAME: Final = "Nobody Invented"
_PASSWORD: Final = "nobody signs in with this sentence twice"  # noqa: S105 -- of nobody, thrown away
_NOTE: Final = "An invented note, kept to be thrown away."
_NO_CLIENT: Final = bytes(16)
_EMPLOYER: Final = Wish(wants=("progress_note",), purpose="employment", to="employer")
_LOOK: Final = b'"kind":"look"'
_EXTRA: Final = "extra "


def prove(packs: Packs, law: tuple[str, ...], at: datetime.datetime) -> None:
    """Prove it; `law` names the packs of the practice that is to be served. Raises `NotProven`."""
    _employer_is_denied(packs, law, at)
    with tempfile.TemporaryDirectory(prefix="angerona-proof-") as folder:
        store = open_store(f"sqlite:///{Path(folder).absolute()}/proof.db")
        try:
            _prove(store, Path(folder), packs, at)
        finally:
            store.close()


def _employer_is_denied(packs: Packs, law: tuple[str, ...], at: datetime.datetime) -> None:
    raw = {
        "packs": list(law),
        "at": at.isoformat(),
        "by": {"role": "psychologist", "relation": "treating"},
        "to": _EMPLOYER.to,
        "purpose": _EMPLOYER.purpose,
        "instrument": _EMPLOYER.instrument,
        "wants": list(_EMPLOYER.wants),
    }
    if isinstance(decide(read_ask(raw, packs.facts, packs.packs), packs), Permit):
        raise NotProven("a deny", "by the law of this practice an employer would get a note")


def _prove(store: Store, folder: Path, packs: Packs, at: datetime.datetime) -> None:
    practice = NewPractice(
        name=_NAME,
        place="ZZ",
        zone=UTC_NAME,
        packs=("house",),
        seats=("one", "two", "three"),
        quorum=2,
    )
    member = NewMember(name=_NAME, roles=("psychologist",), posts=())
    with BootSecret.fresh() as boot:
        made = found(store, boot, folder / "keyset", practice, member, password=_PASSWORD, at=at)
    vault = made.vault
    cookie = sign_in_with_password(vault, _NAME, _PASSWORD, at)
    with vault.visit(cookie, at) as visit:
        who = NewClient(name=_NAME, facts={"client.age": 40})
        client_id = enrol_client(visit, who, treating=made.first.person_id)
        proof = Proof(Door(vault, packs), visit, client_id)
        shown = proof.note_comes_back()
        proof.deny_denies()
        proof.seal_holds(shown)
        proof.line_verifies()


@dataclass(frozen=True, slots=True, repr=False)
class Proof:
    """The invented client of a practice that is thrown away, and what is tried on it.

    Each method raises `NotProven` where its guard does not hold.
    """

    door: Door
    visit: Visit
    client_id: bytes

    def _look(self, client_id: bytes) -> object:
        return self.door.look(self.visit, client_id, purpose="treatment")

    def note_comes_back(self) -> Shown:
        """What is kept can be read by its author."""
        draft = Draft(wanted="progress_note", heading="", text=_NOTE)
        kept = self.door.keep(self.visit, self.client_id, draft)
        shown = self._look(self.client_id)
        if not isinstance(kept, Kept) or not isinstance(shown, Shown):
            raise NotProven("a note", "its own author could not keep it and read it")
        if [entry.text for _, entry in shown.entries] != [_NOTE]:
            raise NotProven("a note", "it did not come back as it was kept")
        return shown

    def deny_denies(self) -> None:
        """No employer gets it, and nobody's client is spoken of."""
        told = self.door.release(self.visit, self.client_id, _EMPLOYER, recipient="an employer")
        if not isinstance(told, Refuse):
            raise NotProven("a deny", "an employer would get a note without a consent")
        if not _raises(Unknown, partial(self._look, _NO_CLIENT)):
            raise NotProven("a deny", "who is nobody's client was not met with silence")

    def seal_holds(self, shown: Shown) -> None:
        """Who has a permit and no keys opens nothing, and nothing altered opens."""
        vault, place = self.visit.vault, shown.entries[0][0]
        person_id = self.visit.unlocked.person_id
        cookie = vault.agent.open(vault.practice_id, person_id, new_person(), self.visit.at)
        with vault.visit(cookie, self.visit.at) as stranger:
            opening = partial(
                unsealed,
                stranger,
                vault.authority(self.client_id),
                [place],
                permit=shown.permit,
                written=shown.written,
            )
            if not _raises(Unopenable, opening):
                raise NotProven("a seal", "a note opened without its key")
        self.alter(place.place)
        if not _raises((Tampered, Unopenable), partial(self._look, self.client_id)):
            raise NotProven("a seal", "a note opened although it was altered")

    def alter(self, place: int) -> None:
        """Turn one bit of a sealed note in the store, as a thief with a pencil would."""
        vault = self.visit.vault
        here: dict[str, bytes | int] = {
            "practice_id": vault.practice_id,
            "client_id": self.client_id,
            "place": place,
        }
        [(*rest, blob)] = vault.store.rows("entries.by_key", **here)
        names = ("entry_id", "version", "class_byte", "author_id", "digest")
        kept = dict(zip(names, rest, strict=True))

        def changes(writing: Writing) -> None:
            writing.run("entries.delete", **here)
            writing.run("entries.insert", **here, **kept, blob=bytes([*blob[:-1], blob[-1] ^ 1]))

        vault.store.write(changes).result()

    def line_verifies(self) -> None:
        """The look left a line, which verifies, and does not with a letter changed."""
        ledger, at = self.visit.vault.ledger, self.visit.at
        ledger.checkpoint(at)
        receipt = ledger.receipt(self.client_id, since=None, at=at)
        key, _ = ledger.published_keys()
        try:
            proved = verify(receipt, key=key, since=None)
        except (NotProved, Unreadable):
            raise NotProven("a ledger line", "what was written does not verify") from None
        if not any(_LOOK in (line.body or b"") for line in proved.lines):
            raise NotProven("a ledger line", "a look left none")
        changed = partial(verify, _with_a_letter_changed(receipt), key=key, since=None)
        if not _raises(NotProved, changed):
            raise NotProven("a ledger line", "one verifies although a letter of it was changed")


def _with_a_letter_changed(receipt: str) -> str:
    """A receipt in which the same name has other letters in every line."""
    _, _, behind = receipt.partition(_EXTRA)
    extra, _, _ = behind.partition("\n")
    told = base64.b64decode(extra).replace(_NAME.encode(), _NAME.upper().encode())
    return receipt.replace(extra, base64.b64encode(told).decode())


def _raises(
    kinds: type[Exception] | tuple[type[Exception], ...], act: Callable[[], object]
) -> bool:
    try:
        act()
    except kinds:
        return True
    return False
