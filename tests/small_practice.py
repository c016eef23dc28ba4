"""A small invented practice, founded through the same doors as a real one."""

import contextlib
import datetime
from dataclasses import dataclass, field

from angerona.gate.door import Door
from angerona.gate.keeping import Draft
from angerona.packs import load
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.founding import NewPractice, found
from angerona.practice.members import NewMember, enrol_member, sign_in_with_password
from angerona.sealed.boot import BootSecret
from angerona.sealed.compartments import BY_POST
from angerona.store import open_store

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
MINUTE = datetime.timedelta(minutes=1)
PASSWORD = "a long and quiet sentence"
PACKS = ("house", "us-hipaa", "us-ca")
POSTS = tuple(BY_POST)


@dataclass
class SmallPractice:
    """The open practice, and who is signed in by which cookie."""

    vault: object
    door: Door
    boot: BootSecret
    papers: tuple
    people: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)
    keys: dict = field(default_factory=dict)
    recovery_code: str = ""

    @contextlib.contextmanager
    def visit(self, name, at=AT):
        with self.vault.visit(self.cookies[name], at) as visit:
            yield visit

    def enrol(self, name, *, roles=(), posts=()):
        return self.enrol_by("Thea", name, roles=roles, posts=posts)

    def enrol_by(self, officer, name, *, roles=(), posts=()):
        who = NewMember(name=name, roles=roles, posts=posts)
        with self.visit(officer) as visit:
            made = enrol_member(visit, who, PASSWORD)
        self.people[name] = made.person_id
        self.sign_in(name)
        return made.person_id

    def sign_in(self, name, password=PASSWORD):
        self.cookies[name] = sign_in_with_password(self.vault, name, password, AT)
        with self.visit(name) as visit:
            self.keys[name] = visit.unlocked.keys

    def client(self, name, *, treating="Thea", facts=None):
        with self.visit(treating) as visit:
            who = NewClient(name=name, facts=facts or {"client.age": 34})
            return enrol_client(visit, who, treating=self.people[treating])

    def open(self, name, at=AT):
        """A new session for somebody, without paying for the password again."""
        keys, person_id = self.keys[name], self.people[name]
        self.cookies[name] = self.vault.agent.open(self.vault.practice_id, person_id, keys, at)

    def keep(self, by, client_id, wanted, text, *, heading="Session", at=AT, **more):
        draft = Draft(wanted=wanted, heading=heading, text=text, **more)
        with self.visit(by, at) as visit:
            return self.door.keep(visit, client_id, draft)

    def look(self, by, client_id, at=AT, *, purpose="treatment", **more):
        with self.visit(by, at) as visit:
            return self.door.look(visit, client_id, purpose=purpose, **more)


def founded(  # noqa: PLR0913 -- each is one thing that a test may want otherwise
    folder,
    *,
    name="Quiet Rooms",
    address=None,
    packs=PACKS,
    seats=("Thea", "Notary", "Sister"),
    quorum=2,
    password=PASSWORD,
    zone="UTC",
):
    """A practice of one: Thea treats, and holds every post."""
    folder.mkdir(parents=True, exist_ok=True)
    store = open_store(address or f"sqlite:///{folder}/practice.db")
    boot = BootSecret.fresh()
    made = found(
        store,
        boot,
        folder / "keyset",
        NewPractice(name=name, place="US-CA", zone=zone, packs=packs, seats=seats, quorum=quorum),
        NewMember(name="Thea", roles=("psychologist",), posts=POSTS),
        password=password,
        at=AT,
    )
    practice = SmallPractice(made.vault, Door(made.vault, load()), boot, made.papers)
    practice.recovery_code = made.first.recovery_code
    practice.people["Thea"] = made.first.person_id
    practice.sign_in("Thea", password)
    return practice
