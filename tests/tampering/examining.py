"""What a practice does all day, and its checks: each says whether it finds something wrong.

What is found is named as `moment: kind`, as in `reading: Altered` or `fsck: head`.
"""

import io
from dataclasses import dataclass

from angerona.errors import AngeronaError, Unknown
from angerona.gate.door import Shown
from angerona.ledger.checking import fsck
from angerona.practice.members import sign_in_with_password
from angerona.sealed.checking import check_rows
from angerona.sealed.event_keys import EventKeys
from angerona.sealed.holding import held_keys
from angerona.sealed.keyset import Keyset
from angerona.sealed.vault import origin_of
from angerona.store import open_store
from prepared_practice import AT, PASSWORD, quick_passwords

PURPOSE = {"Fay": "operations", "Bill": "payment", "Sue": "supervision"}


@dataclass(frozen=True)
class Found:
    """Something wrong: at which moment, what kind, and the sentence that a person reads."""

    moment: str
    kind: str
    sentence: str

    def __str__(self):
        return f"{self.moment}: {self.kind}"


class Examination:
    """Goes through everything, whatever fails on the way."""

    def __init__(self, copy, remembered):
        self.copy = copy
        self.remembered = remembered
        self.found = []

    def run(self):
        """All that is wrong."""
        self._fsck()
        self._try("start", self._day)
        return self.found

    def _try(self, moment, act):
        try:
            act()
        except AngeronaError as problem:
            self.found.append(Found(moment, type(problem).__name__, str(problem)))

    def _fsck(self):
        def check():
            store = open_store(f"sqlite:///{self.copy.database}")
            try:
                keys = self.copy.practice_keys
                keyset = Keyset.load(self.copy.folder / "keyset", self.copy.practice_id, keys)
                findings = fsck(
                    store,
                    self.copy.practice_id,
                    origin=origin_of(self.copy.practice_id),
                    public=keyset.signer().public,
                    directory_key=keys.directory,
                    keys=EventKeys(store, keyset),
                    remembered=self.remembered,
                )
            finally:
                store.close()
            self.found += [Found("fsck", one.check, one.sentence) for one in findings]

        self._try("fsck", check)

    def _day(self):
        with self.copy.opened() as practice:
            vault = practice.vault
            rows = check_rows(vault, AT)
            self.found += [Found("rows", one.check, one.sentence) for one in rows]
            self._try("reading", vault.practice)
            for person_id in self.copy.people.values():
                self._try("reading", lambda who=person_id: vault.person(who))
            for client_id in self.copy.clients.values():
                self._try("reading", lambda whose=client_id: vault.places(whose))
                self._try("who looked", lambda whose=client_id: self._lines(practice, whose))
            for name in ("Tess", "Theo"):
                self._try("signing in", lambda who=name: self._sign_in(vault, who))
            for name in self.copy.people:
                for client_id in self.copy.clients.values():
                    self._try("looking", lambda of=(name, client_id): self._look(practice, *of))
                    self._try("holding", lambda of=(name, client_id): self._keys(practice, *of))
            for client, by in (("Ada", "Tess"), ("Otto", "Theo")):
                self._try(
                    "writing",
                    lambda of=(by, self.copy.clients[client]): practice.keep(
                        *of, "progress_note", "One more"
                    ),
                )

    def _sign_in(self, vault, name):
        with quick_passwords():
            sign_in_with_password(vault, name, PASSWORD, AT)

    def _lines(self, practice, client_id):
        if any(one.kind is None for one in practice.vault.ledger.lines_of(client_id)):
            self.found.append(Found("who looked", "erased", "lines whose text is gone"))

    def _look(self, practice, name, client_id):
        try:
            practice.vault.authority(client_id)
            shown = practice.look(name, client_id, purpose=PURPOSE.get(name, "treatment"))
        except Unknown:
            if self._may_know(name, client_id):
                raise
            return
        mine = [
            one.entry_id
            for one in practice.vault.places(client_id)
            if one.author_id == self.copy.people[name]
        ]
        apart = practice.look(name, client_id, entry_ids=mine) if mine else None
        for given in (shown, apart):
            for place, entry in given.entries if isinstance(given, Shown) else ():
                if entry.attachment:
                    practice.door.fetch(client_id, given, place.entry_id, io.BytesIO())

    def _may_know(self, name, client_id):
        """Who must not be met with silence."""
        ada, otto = self.copy.clients["Ada"], self.copy.clients["Otto"]
        known = {"Tess": {ada}, "Sue": {ada}, "Cora": {ada}, "Theo": {otto}, "Stan": set()}
        return client_id in known.get(name, {ada, otto})

    def _keys(self, practice, name, client_id):
        with practice.visit(name) as visit:
            held_keys(visit, practice.vault.authority(client_id))
