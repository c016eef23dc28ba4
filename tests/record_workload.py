"""A real practice at work, for kills and power cuts: looks, notes, ties, consents, duties, clients.

The practice is founded once; every place begins as a copy of it, so that no password is stretched
where a kill should fall. What is handed in is done through the door or by the practice's own
functions, in threads of its own. `problems` holds what is left against what the ledger says, line
by line, and reads everything through the door.
"""

import atexit
import contextlib
import functools
import shutil
import tempfile
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from angerona.errors import AngeronaError, AuthorityMoved
from angerona.gate.door import Door
from angerona.gate.keeping import Brought, Draft
from angerona.gate.results import Kept, Shown
from angerona.ledger.checking import fsck
from angerona.practice.bindings import not_vouched
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.consents import keep_consent, take_back_consent
from angerona.practice.oversight import review
from angerona.practice.ties import begin_tie, end_tie
from angerona.sealed.duties import difference
from angerona.sealed.keyset import Keyset
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault, origin_of
from angerona.store import open_store
from prepared_practice import packs, quick_passwords
from small_practice import AT, founded
from workloads import content

THREADS = 6
KINDS = ("keep",) * 8 + ("look",) * 4 + ("tie", "consent", "amend", "client", "duty")
CONSENT = {
    "by": "client",
    "form": "hipaa_authorization",
    "classes": ["diagnosis"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-01-01",
    "until": "2026-12-31",
    "revoked": None,
    "elements": {},
}
SAID = {
    "tie begun": "ties",
    "tie ended": "ended ties",
    "consent": "consents",
    "consent taken back": "revoked consents",
}


def kind_of(ident):
    """What is done for a number: its first byte says it, so whoever judges knows it too."""
    return KINDS[ident[0] % len(KINDS)]


def text_of(ident, version=1):
    """What the entry of a number says in a version: no two say the same."""
    return content(bytes((version,)) + ident, 700).hex()


@functools.cache
def prepared(server):
    """The practice: Thea treats two clients, and Cora works there. In a server, or in a file."""
    folder = Path(tempfile.mkdtemp(prefix="angerona-records-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with quick_passwords():
        practice = founded(folder, address=server)
        practice.enrol("Cora", roles=("nurse",))
    practice.given = [practice.client(name) for name in ("Ada", "Otto")]
    practice.vault.store.close()
    practice.folder = folder
    return practice


class Records:
    """Opens the practice at an address, which begins as a copy of the prepared one."""

    def __init__(self, address):
        server = address if address.startswith("postgres") else None
        self.prepared = prepared(server)
        if server is None:
            _copied(self.prepared.folder / "practice.db", Path(urlsplit(address).path))
        practice_id = self.prepared.vault.practice_id
        self.keys = self.prepared.boot.derived(practice_id)
        self.keyset = Keyset.load(self.prepared.folder / "keyset", practice_id, self.keys)
        self.store = open_store(address)
        try:
            self.vault = Vault(self.store, self.keys, self.keyset, Agent())
        except BaseException:
            self.store.close()
            raise
        self.door = Door(self.vault, packs())
        self.people = self.prepared.people
        thea = self.people["Thea"], self.prepared.keys["Thea"]
        self.cookie = self.vault.agent.open(practice_id, *thea, AT)
        self.pool = ThreadPoolExecutor(THREADS)

    @staticmethod
    def prepare(address):
        """Load the law and found the practice, before the first fork; what a file begins with."""
        packs()
        database = prepared(address).folder / "practice.db"
        return database.read_bytes() if address is None else b""

    def hand_in(self, ident):
        """Do what the number says, in a thread; the future is done when it is."""
        return self.pool.submit(self._done, ident)

    def _done(self, ident):
        client_id = self.prepared.given[ident[1] % len(self.prepared.given)]
        do = getattr(self, f"_{kind_of(ident)}")
        while True:
            try:
                with self.vault.visit(self.cookie, AT) as visit:
                    return do(visit, client_id, ident)
            except AuthorityMoved:
                continue  # Somebody else changed the ties or consents of this client meanwhile.

    def _keep(self, visit, client_id, ident):
        draft = Draft(
            wanted="progress_note",
            heading="Session",
            text=text_of(ident),
            brought=Brought(ident, AT),
        )
        kept = self.door.keep(visit, client_id, draft)
        assert isinstance(kept, Kept)

    def _amend(self, visit, client_id, ident):
        self._keep(visit, client_id, ident)
        draft = Draft(
            wanted="progress_note", heading="Session", text=text_of(ident, 2), amends=ident
        )
        kept = _insisted(lambda: self.door.keep(visit, client_id, draft))
        assert isinstance(kept, Kept)

    def _look(self, visit, client_id, _ident):
        assert isinstance(self.door.look(visit, client_id, purpose="treatment"), Shown)

    def _duty(self, visit, client_id, _ident):
        """A look that leaves a review owed, and the review."""
        facts = {"care.break_glass_reason": True}
        shown = self.door.look(visit, client_id, purpose="emergency", facts=facts)
        [duty] = shown.owed
        _insisted(lambda: review(visit, packs(), duty.duty_id, "in_order", outside="the notary"))

    def _tie(self, visit, client_id, _ident):
        tie_id = begin_tie(visit, client_id, self.people["Cora"], "covering", until=None)
        _insisted(lambda: end_tie(visit, client_id, tie_id))

    def _consent(self, visit, client_id, _ident):
        consent_id = keep_consent(visit, client_id, CONSENT)
        _insisted(lambda: take_back_consent(visit, client_id, consent_id))

    def _client(self, visit, _client_id, ident):
        who = NewClient(name=ident.hex(), facts={"client.age": 34})
        enrol_client(visit, who, treating=self.people["Thea"])

    def problems(self, acknowledged):
        """Sentences about what is wrong; none if every promise was kept."""
        try:
            yield from self._of_the_ledger()
        except AngeronaError as problem:
            yield f"torn: the ledger cannot be read: {problem!r}"
        done, entries, names = Counter(), {}, set()
        for client_id, _, _ in self.store.rows("clients.all", practice_id=self.vault.practice_id):
            try:
                authority = self.vault.authority(client_id)
                lines = self.vault.ledger.lines_of(client_id)
                names.add(authority.client.name)
                done.update(line.kind for line in lines)
                yield from self._torn(client_id, authority, lines)
                entries |= self._read(client_id)
            except AngeronaError as problem:
                yield f"torn: a record cannot be read: {problem!r}"
        yield from _lost(acknowledged, entries, names, done)

    def _of_the_ledger(self):
        practice_id = self.vault.practice_id
        yield from (
            f"ledger: {one.check}: {one.sentence}"
            for one in fsck(
                self.store,
                practice_id,
                origin=origin_of(practice_id),
                public=self.keyset.signer().public,
                directory_key=self.keys.directory,
                keys=self.vault.event_keys,
                remembered=[],
            )
        )
        with self.store.snapshot() as reading:
            for subject in not_vouched(self.vault, reading):
                yield f"torn: the rows of a {subject.kind} are not what the ledger binds"
            found = difference(self.vault, reading)
        if found.missing or found.extra:
            yield f"torn: {len(found.missing)} duties missing, {len(found.extra)} without a line"

    def _torn(self, client_id, authority, lines):
        """Every row has its line, and every line has its row."""
        places = self.vault.places(client_id)
        rows = Counter((one.entry_id.hex(), one.version) for one in places)
        seen, kept = Counter(), Counter()
        for line in lines:
            if line.kind == "kept":
                seen[line.body["entry"]] += 1
                kept[line.body["entry"], seen[line.body["entry"]]] += 1
        if rows != kept:
            yield f"torn: {len(rows - kept)} entries without a line, {len(kept - rows)} lines alone"
        said = Counter(SAID.get(line.body.get("what")) for line in lines)
        ties, consents = authority.ties.values(), authority.documents()
        there = {
            "ties": len(ties) - 1,
            "ended ties": sum(tie.until is not None for tie in ties),
            "consents": len(consents),
            "revoked consents": sum(one["revoked"] is not None for one in consents),
        }
        for what, count in there.items():
            if said[what] != count:
                yield f"torn: {count} {what}, and {said[what]} lines that say so"

    def _read(self, client_id):
        """What every entry says, through the door."""
        if not self.vault.places(client_id):
            return {}
        with self.vault.visit(self.cookie, AT) as visit:
            shown = self.door.look(visit, client_id, purpose="treatment")
        return {place.entry_id: (place.version, entry.text) for place, entry in shown.entries}

    def close(self):
        self.pool.shutdown()
        self.store.close()


def _lost(acknowledged, entries, names, done):
    """What was acknowledged and is not there, or says something else."""
    asked = Counter(kind_of(ident) for ident in acknowledged)
    for ident in acknowledged:
        kind = kind_of(ident)
        version = {"keep": 1, "amend": 2}.get(kind)
        if version and entries.get(ident) != (version, text_of(ident, version)):
            yield f"lost: an entry, or its text ({kind})"
        if kind == "client" and ident.hex() not in names:
            yield "lost: a client"
    for kind, lines in {"look": "look", "tie": "revocation", "duty": "done"}.items():
        if done[lines] < asked[kind]:
            yield f"lost: {asked[kind]} times {kind}, and {done[lines]} lines"


def _insisted(do):
    """The second half of what was begun; others may have moved the authority."""
    while True:
        with contextlib.suppress(AuthorityMoved):
            return do()


def _copied(source, target):
    """Whole or not at all: a kill may fall here as well."""
    if not target.exists():
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = target.with_suffix(".copy")
        shutil.copyfile(source, beside)
        beside.chmod(0o600)
        beside.rename(target)


class HastyRecords(Records):
    """Wrong on purpose: says that it is done before it is."""

    def hand_in(self, ident):
        super().hand_in(ident)
        done = Future()
        done.set_result(None)
        return done


class ApartRecords(Records):
    """Wrong on purpose: a new client's rows go into a group of their own, before their line."""

    def __init__(self, address):
        super().__init__(address)
        append = self.vault.ledger.append

        def apart(line, at, *, authority, changes):
            if changes is None:
                return append(line, at, authority=authority, changes=None)
            bound = self.store.write(changes).result()
            return append(line, at, authority=authority, changes=lambda _: bound)

        self.vault.ledger.append = apart

    def _done(self, ident):
        """A new client each time: a note without its line would stop the others at once."""
        with self.vault.visit(self.cookie, AT) as visit:
            self._client(visit, None, ident)
