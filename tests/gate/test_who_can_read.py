"""Who can read what: the practice against a model of it that was written from its promises.

The model knows no key and no rule engine. It is read off DESIGN.md and VAULT.md: whoever treats or
supervises reads the working record while the tie lasts; whoever covers or is on call reads what
keeps somebody safe; the front desk and the biller read what they need; an author alone reads what
he or she keeps apart, and a supervisor with whom it was shared; nothing leaves without a consent
that is in force and names it. Whatever hypothesis has people do, what the practice shows must be
exactly that, with the right words, and each look leaves exactly one more line.
"""

import datetime
import itertools
import random
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from angerona.errors import BadInput, NotPermitted, Sealed, SignedOut, Unknown
from angerona.gate.door import Kept, Prepared, Shown
from angerona.gate.gathering import Wish
from angerona.practice.consents import keep_consent, take_back_consent
from angerona.practice.ties import begin_tie, end_tie, share_notes
from angerona.rules.answer import AskFirst, Refuse
from angerona.words import CLASSES
from prepared_practice import AT, prepared

MINUTE = datetime.timedelta(minutes=1)
IDLE = 15 * MINUTE
APART = {"psychotherapy_note", "substance_use_counseling_note", "legal"}
WORKING = set(CLASSES) - APART - {"ledger"}
SAFETY = {"risk", "medication", "identity", "diagnosis"}
BY_RELATION = {"treating": WORKING, "supervisor": WORKING, "covering": SAFETY, "on_call": SAFETY}
BY_ROLE = {
    "front_desk": {"attendance", "identity"},
}
POSTS = {"Nina": "on_call", "Fay": "front_desk", "Olaf": "privacy_officer"}
PURPOSES = {"Fay": "operations", "Olaf": "operations"}
CLINICIANS = ("Tess", "Theo", "Sue", "Stan")
PEOPLE = (*CLINICIANS, *POSTS)
CLIENTS = ("Una", "Vera")
WRITABLE = ("progress_note", "risk", "attendance", "psychotherapy_note", "legal", "shared_record")
ELEMENTS = (
    "info_described",
    "discloser_named",
    "recipient_named",
    "purpose_each",
    "expiry",
    "signature_date",
    "signer_authority",
    "st_revoke",
    "st_conditioning",
    "st_redisclosure",
    "plain_language",
)
KNOWN_OF_THE_INSURER = {
    "care.minimum_ok": True,
    "recipient.identity_verified": True,
    "client.restriction": False,
    "client.paid_out_of_pocket": False,
    "record.joint": False,
    "record.part2": False,
}

RELATIONS = ("treating", "supervisor", "covering")
people = st.sampled_from(PEOPLE)
clinicians = st.sampled_from(CLINICIANS)
picks = st.integers(0, 9_999)
clients = st.sampled_from(("Una", "Una", "Una", "Vera"))
"""Most of it happens to one client; the other one is there to be mixed up with."""
classes = st.sets(st.sampled_from(["risk", "attendance", "progress_note"]), min_size=1)


@dataclass
class Tie:
    """A tie as people speak of it; `id` is only its handle at the practice."""

    person: str
    client: str
    relation: str
    until: datetime.datetime | None
    id: bytes
    shared_by: set = field(default_factory=set)

    def holds(self, at):
        return self.until is None or at < self.until


@dataclass
class Entry:
    """What was written."""

    client: str
    author: str
    wanted: str
    text: str
    id: bytes


class Model:
    """The promises, and nothing of how they are kept."""

    def __init__(self):
        self.now = AT
        self.ties = []
        self.entries = []
        self.consents = {}
        self.seen = dict.fromkeys(PEOPLE, AT)
        self.have_treated = set()

    def relations(self, person, client):
        tied = {one.relation for one in self.ties_of(person, client)}
        return tied | ({"on_call"} if POSTS.get(person) == "on_call" else set())

    def may_know(self, person, client):
        return bool(self.relations(person, client)) or person in POSTS

    def readable(self, person, client):
        found = set(BY_ROLE.get(POSTS.get(person), ()))
        return found.union(*(BY_RELATION.get(one, ()) for one in self.relations(person, client)))

    def texts(self, person, client, *, supervised=False):
        """What one look at everything shows; `supervised`: in the practice's own training."""
        classes = self.readable(person, client)
        return [
            one.text
            for one in self.entries
            if one.client == client
            and (one.wanted in classes or (supervised and self.is_shared_with(person, one)))
        ]

    def is_shared_with(self, person, entry):
        """Some author chose to share notes kept apart (papers of lawyers are not among them)."""
        sharing = set().union(*(one.shared_by for one in self.ties_of(person, entry.client)))
        shown = sharing | {person} if sharing else set()
        return entry.wanted in APART - {"legal"} and entry.author in shown

    def ties_of(self, person, client):
        return [
            one
            for one in self.ties
            if (one.person, one.client) == (person, client) and one.holds(self.now)
        ]

    def writes(self, person, client, wanted):
        """Who writes is the author of it; notes apart take a key that came with treating."""
        if wanted in APART:
            return self.is_author(person, client) and (person, client) in self.have_treated
        return wanted in self.readable(person, client)

    def is_author(self, person, client):
        return bool({"treating", "covering", "on_call"} & self.relations(person, client))

    def gives(self, by, person, client, relation):
        given = {"treating": {"treating", "supervisor", "covering"}, "supervisor": {"covering"}}
        may = set().union(*(given.get(one, ()) for one in self.relations(by, client)))
        return by != person and relation in may

    def outlasts(self, by, client, until):
        """Whether a moment is later than the last tie of somebody ends."""
        own = [one.until for one in self.ties_of(by, client)]
        return None not in own and (until is None or until > max(own))

    def is_last(self, tie):
        left = [one for one in self.ties if one is not tie and one.holds(self.now)]
        treated = {one.client for one in left if one.relation == "treating"}
        return tie.relation == "treating" and tie.client not in treated


class Practice(RuleBasedStateMachine):
    """The practice itself, beside the model."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed):
        self.folder = Path(tempfile.mkdtemp(prefix="angerona-who-"))
        self.copy = prepared().copied(self.folder / "practice")
        self.model = Model()
        self.numbers = itertools.count(1)
        self.open()
        self.clients = {
            "Una": self.practice.client("Una Invented", treating="Tess"),
            "Vera": self.practice.client("Vera Invented", treating="Theo"),
        }
        for client, person in (("Una", "Tess"), ("Vera", "Theo")):
            authority = self.practice.vault.authority(self.clients[client])
            [tie_id] = authority.ties
            self.model.ties.append(Tie(person, client, "treating", None, tie_id))
            self.model.have_treated.add((person, client))
        self.busy_hour(seed)

    def open(self):
        self.opening = self.copy.opened()
        self.practice = self.opening.__enter__()
        for person in PEOPLE:
            self.sign_in(person)

    def sign_in(self, person):
        self.practice.open(person, self.model.now)
        self.model.seen[person] = self.model.now

    def teardown(self):
        """At the end everybody looks at everything."""
        if not hasattr(self, "practice"):
            return
        try:
            for person, client in itertools.product(PEOPLE, CLIENTS):
                self.look(person, client)
            for person, client in itertools.product(CLINICIANS, CLIENTS):
                self.look_in_supervision(person, client)
                self.look_at_what_one_keeps_apart(person, client)
        finally:
            self.opening.__exit__(None, None, None)
            shutil.rmtree(self.folder)

    # What people do.

    def visit(self, person):
        """A visit, after signing in again where the session is over, which must be so then."""
        now = self.model.now
        if now - self.model.seen[person] > IDLE:
            try:
                with self.practice.visit(person, now):
                    raise AssertionError("a session outlived its time")
            except SignedOut:
                self.sign_in(person)
        self.model.seen[person] = now
        return self.practice.visit(person, now)

    def lines(self, client):
        return len(self.practice.vault.ledger.lines_of(self.clients[client]))

    @rule(seed=st.integers(0, 2**32))
    def busy_hour(self, seed):
        """Many things at once, so that what is rare by chance happens too."""
        dice = random.Random(seed)
        for _ in range(25):
            self.one_thing(dice)

    def one_thing(self, dice):
        client, person = dice.choice(("Una", "Una", "Una", "Vera")), dice.choice(CLINICIANS)
        pick, which = dice.randrange(10_000), dice.randrange(10_000)
        some = set(dice.sample(["risk", "attendance", "progress_note"], 2))
        match dice.choice(
            ("grant", "grant", "end", "share", *["write"] * 4, "consent", "look", "time")
        ):
            case "grant":
                until = dice.choice((None, pick % 30 + 1))
                self.grant(pick, person, client, dice.choice(RELATIONS), until)
            case "end" if self.model.ties:
                self.end(pick, which)
            case "share" if self.supervising():
                self.share(pick, which)
            case "write":
                self.write(pick, client, dice.choice(WRITABLE))
            case "consent":
                self.give_consent(client, some, some)
                if pick % 2 and self.model.consents:
                    self.take_consent_back(which, some)
            case "look":
                self.look(dice.choice(PEOPLE), client)
                self.look_in_supervision(person, client)
            case "time":
                self.time_passes(pick % 15 + 1)

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes):
        self.model.now += minutes * MINUTE

    @rule()
    def restart(self):
        self.opening.__exit__(None, None, None)
        self.open()

    @rule(
        pick=picks,
        person=clinicians,
        client=clients,
        relation=st.sampled_from(RELATIONS),
        minutes=st.none() | st.integers(1, 30),
    )
    def grant(self, pick, person, client, relation, minutes):
        model = self.model
        by = self.mostly(pick, [one for one in CLINICIANS if model.relations(one, client)])
        until = None if minutes is None else model.now + minutes * MINUTE
        may = model.gives(by, person, client, relation) and not model.outlasts(by, client, until)
        with self.visit(by) as visit:
            person_id = self.practice.people[person]
            try:
                tie_id = begin_tie(visit, self.clients[client], person_id, relation, until=until)
            except (BadInput, NotPermitted, SignedOut, Unknown):
                assert not may
                return
        assert may
        if relation == "treating":
            model.have_treated.add((person, client))
        model.ties.append(Tie(person, client, relation, until, tie_id))
        self.look(person, client)

    @precondition(lambda self: self.model.ties)
    @rule(pick=picks, which=picks)
    def end(self, pick, which):
        model = self.model
        tie = model.ties[-1 - which % len(model.ties)]
        by = self.mostly(pick, [tie.person, self.treating(tie.client) or tie.person])
        may = by == tie.person and bool(model.relations(by, tie.client))
        if by != tie.person and "treating" in model.relations(by, tie.client):
            may = not model.outlasts(by, tie.client, tie.until)
        may = may and tie.holds(model.now) and not model.is_last(tie)
        with self.visit(by) as visit:
            try:
                end_tie(visit, self.clients[tie.client], tie.id)
            except (BadInput, NotPermitted, SignedOut, Unknown):
                assert not may
                return
        assert may
        tie.until = model.now
        self.look(tie.person, tie.client)

    def supervising(self):
        return [one for one in self.model.ties if one.relation == "supervisor"]

    @precondition(lambda self: self.supervising())
    @rule(pick=picks, which=picks)
    def share(self, pick, which):
        model, supervising = self.model, self.supervising()
        tie = supervising[-1 - which % len(supervising)]
        by = self.mostly(pick, [one for one, whose in model.have_treated if whose == tie.client])
        may = (by, tie.client) in model.have_treated and model.relations(by, tie.client)
        may = may and tie.holds(model.now)
        with self.visit(by) as visit:
            try:
                share_notes(visit, self.clients[tie.client], tie.id)
            except (Sealed, NotPermitted, SignedOut, Unknown):
                assert not may
                return
        assert may
        tie.shared_by.add(by)
        self.look_in_supervision(tie.person, tie.client)

    def mostly(self, pick, likely):
        """Most often one of the likely people, now and then anybody."""
        among = PEOPLE if pick % 8 == 0 else sorted(set(likely)) or PEOPLE
        return among[pick // 8 % len(among)]

    @rule(pick=picks, client=clients, wanted=st.sampled_from(WRITABLE))
    def write(self, pick, client, wanted):
        likely = [one for one in PEOPLE if self.model.writes(one, client, wanted)]
        by = self.mostly(pick, likely)
        text = f"{next(self.numbers)}: {by} of {client}, {wanted}"
        may = self.model.writes(by, client, wanted)
        purpose = PURPOSES.get(by, "treatment")
        with self.visit(by):
            try:
                kept = self.practice.keep(
                    by, self.clients[client], wanted, text, at=self.model.now, purpose=purpose
                )
            except (Unknown, Sealed, SignedOut):
                kept = None
        assert isinstance(kept, Kept) == may
        if may:
            self.model.entries.append(Entry(client, by, wanted, text, kept.entry_id))

    @rule(person=people, client=clients)
    def look(self, person, client):
        self.looked(person, client, purpose=PURPOSES.get(person, "treatment"))

    @rule(person=clinicians, client=clients)
    def look_in_supervision(self, person, client):
        self.looked(person, client, purpose="supervision", supervised=True)

    def looked(self, person, client, *, purpose, supervised=False):
        model, before = self.model, self.lines(client)
        facts = {"us_hipaa.own_training_program": True} if supervised else {}
        with self.visit(person) as visit:
            try:
                shown = self.practice.door.look(
                    visit, self.clients[client], purpose=purpose, facts=facts
                )
            except (SignedOut, Unknown):
                assert not model.may_know(person, client)
                assert self.lines(client) == before
                return
        assert model.may_know(person, client)
        expected = model.texts(person, client, supervised=supervised)
        read = [entry.text for _, entry in shown.entries] if isinstance(shown, Shown) else []
        assert sorted(read) == sorted(expected)
        assert self.lines(client) == before + 1

    @rule(person=people, client=clients)
    def list(self, person, client):
        before = self.lines(client)
        purpose = PURPOSES.get(person, "treatment")
        with self.visit(person) as visit:
            try:
                places = self.practice.door.list(visit, self.clients[client], purpose=purpose)
            except (SignedOut, Unknown):
                assert not self.model.may_know(person, client)
                return
        assert self.lines(client) == before + 1
        if isinstance(places, tuple):
            texts = self.model.texts(person, client)
            mine = {one.id for one in self.model.entries if one.text in texts}
            assert mine <= {one.entry_id for one in places}

    @rule(person=clinicians, client=clients)
    def look_at_what_one_keeps_apart(self, person, client):
        model = self.model
        mine = [
            one
            for one in model.entries
            if (one.client, one.author) == (client, person) and one.wanted in APART
        ]
        if not mine:
            return
        may = model.is_author(person, client)
        for entry in mine:
            with self.visit(person) as visit:
                try:
                    shown = self.practice.door.look(
                        visit, self.clients[client], purpose="treatment", entry_ids=[entry.id]
                    )
                except (Unknown, Sealed, SignedOut):
                    shown = None
            read = [one.text for _, one in shown.entries] if isinstance(shown, Shown) else []
            assert read == ([entry.text] if may else [])

    @rule(client=clients, named=classes, wanted=classes)
    def give_consent(self, client, named, wanted):
        by = self.treating(client)
        if by is None:
            return
        document = {
            "by": "client",
            "form": "hipaa_authorization",
            "classes": sorted(named),
            "to": ["insurer"],
            "purposes": ["insurance"],
            "from": "2026-01-01",
            "until": "2026-12-31",
            "revoked": None,
            "elements": dict.fromkeys(ELEMENTS, True),
        }
        with self.visit(by) as visit:
            consent_id = keep_consent(visit, self.clients[client], document)
        self.model.consents[consent_id] = (client, named)
        self.release(client, wanted)

    @precondition(lambda self: self.model.consents)
    @rule(which=picks, wanted=classes)
    def take_consent_back(self, which, wanted):
        consent_id = list(self.model.consents)[which % len(self.model.consents)]
        client, named = self.model.consents[consent_id]
        by = self.treating(client)
        if by is None:
            return
        with self.visit(by) as visit:
            take_back_consent(visit, self.clients[client], consent_id)
        del self.model.consents[consent_id]
        self.release(client, wanted | named)

    @rule(client=clients, wanted=classes)
    def release(self, client, wanted):
        by = self.treating(client)
        if by is None:
            return
        wish = Wish(
            wants=tuple(sorted(wanted)),
            purpose="insurance",
            to="insurer",
            instrument="consent",
            facts=KNOWN_OF_THE_INSURER,
        )
        of_client = [named for whose, named in self.model.consents.values() if whose == client]
        may = wanted & set().union(*of_client)
        with self.visit(by) as visit:
            given = self.practice.door.release(
                visit, self.clients[client], wish, recipient="Harbour Mutual"
            )
        if not may:
            assert isinstance(given, AskFirst | Refuse)
            return
        assert isinstance(given, Prepared)
        expected = [
            one.text for one in self.model.entries if one.client == client and one.wanted in may
        ]
        assert sorted(entry.text for _, entry in given.entries) == sorted(expected)
        self.practice.door.failed(given, self.model.now, why="only to see")

    def treating(self, client):
        """Somebody who treats the client now."""
        found = self.model
        return next((one for one in CLINICIANS if "treating" in found.relations(one, client)), None)


TestWhoCanRead = Practice.TestCase
TestWhoCanRead.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
