"""The sample world: an invented practice with a dozen invented clients and six weeks of notes.

It is built through the same doors as a real practice, by the people who would do each thing, on the
day they would do it; so its ledger is a real one. The texts are in `sample/`. Nobody in them is or
was anybody, and every password is the same one, printed here: it is for trying things out.
"""

from __future__ import annotations

import datetime
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput
from angerona.gate.door import Door
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept, Shown
from angerona.practice.calendar import NewAppointment, make_appointment
from angerona.practice.clients import NewClient, enrol_client, establish
from angerona.practice.consents import keep_consent
from angerona.practice.founding import NewPractice, found
from angerona.practice.members import NewMember, enrol, sign_in_with_password, sign_out
from angerona.practice.own_choices import choose_shown, read_about_staying_unseen
from angerona.practice.portal import give_way_in, questions_before_opening
from angerona.practice.ties import begin_tie
from angerona.sealed.holding import seeds_of
from angerona.sealed.zones import zone_named

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from angerona.practice.founding import Founded
    from angerona.rules.compile import Packs
    from angerona.sealed.boot import BootSecret
    from angerona.sealed.vault import Visit
    from angerona.store import Store

PASSWORD: Final = "a quiet door on ferry street"  # noqa: S105 -- of invented people, and printed
WEEKS: Final = 6
WEEKS_AHEAD: Final = 3
SESSION_MINUTES: Final = 50
_PRACTICE: Final = "practice.toml"
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BEFORE: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sample:
    """The practice as it stands at the end, nobody signed in; people and clients by name."""

    founded: Founded
    people: Mapping[str, bytes]
    clients: Mapping[str, bytes]


@dataclass(frozen=True, slots=True, repr=False)
class _Event:
    """Something that happens to a client: `kind` is entry, consent or look."""

    at: datetime.datetime
    client: str
    kind: str
    by: str
    told: Mapping[str, Any]


def build(
    store: Store, boot: BootSecret, keyset_path: Path, packs: Packs, *, at: datetime.datetime
) -> Sample:
    """Build it in an empty store, ending in the week before `at`. Raises what a door raises."""
    told = _read(_PRACTICE)
    stories = [_read(name) for name in _stories()]
    calendar = _Calendar.before(at, zone_named(told["zone"]))
    begins = calendar.moment(1, days=-3)
    founded, people = _founded(store, boot, keyset_path, told, begins)
    with ExitStack() as stack:
        vault = founded.vault
        visits: dict[str, Visit] = {}
        for name in people:
            cookie = sign_in_with_password(vault, name, PASSWORD, begins)
            stack.callback(vault.agent.close, cookie)
            visits[name] = stack.enter_context(vault.visit(cookie, begins))
        play = _Play(Door(vault, packs), visits, people)
        for story in stories:
            play.enrol(story, calendar.moment(1) - _BEFORE)
        events = [event for story in stories for event in _events(story, calendar)]
        for event in sorted(events, key=lambda one: (one.at, one.client)):
            play.happen(event)
        for story in stories:
            play.let_in(story, calendar.moment(WEEKS + 1) - _BEFORE)
            play.expect(story, calendar)
    return Sample(founded, people, play.clients)


def _founded(
    store: Store,
    boot: BootSecret,
    keyset_path: Path,
    told: Mapping[str, Any],
    at: datetime.datetime,
) -> tuple[Founded, dict[str, bytes]]:
    first, *others = (
        NewMember(name=one["name"], roles=tuple(one["roles"]), posts=tuple(one["posts"]))
        for one in told["member"]
    )
    practice = NewPractice(
        name=told["name"],
        place=told["place"],
        zone=told["zone"],
        packs=tuple(told["packs"]),
        seats=tuple(told["seats"]),
        quorum=told["quorum"],
    )
    founded = found(store, boot, keyset_path, practice, first, password=PASSWORD, at=at)
    vault = founded.vault
    people = {first.name: founded.first.person_id}
    cookie = sign_in_with_password(vault, first.name, PASSWORD, at)
    with vault.visit(cookie, at) as visit:
        for who in others:
            seeds = seeds_of(visit, who.posts)
            by = visit.person.described
            made = enrol(vault, who, PASSWORD, at, by=by, post_seeds=seeds)
            people[who.name] = made.person_id
    sign_out(vault, cookie, at)
    return founded, people


@dataclass(frozen=True, slots=True, repr=False)
class _Play:
    """What happens, each by the person who would do it."""

    door: Door
    visits: Mapping[str, Visit]
    people: Mapping[str, bytes]
    clients: dict[str, bytes] = field(default_factory=dict)

    def enrol(self, story: Mapping[str, Any], at: datetime.datetime) -> None:
        """Enrol the client of a story, with whoever supervises the case."""
        visit = replace(self.visits[story["treating"]], at=at)
        who = NewClient(name=story["name"], contact=story["contact"], facts=story["facts"])
        client_id = enrol_client(visit, who, treating=visit.unlocked.person_id)
        self.clients[who.name] = client_id
        if "supervisor" in story:
            begin_tie(visit, client_id, self.people[story["supervisor"]], "supervisor", until=None)

    def expect(self, story: Mapping[str, Any], calendar: _Calendar) -> None:
        """Put the client of a story into the calendar of this week and the next two.

        Each comes on the day and at the hour of the last session.
        """
        last = [one["when"] for one in story["entry"] if one["class"] == "progress_note"][-1]
        _, day, clock = last.split()
        visit = replace(self.visits[story["treating"]], at=calendar.moment(WEEKS + 1) - _BEFORE)
        for week in range(WEEKS + 1, WEEKS + 1 + WEEKS_AHEAD):
            new = NewAppointment(
                person_id=visit.person.person_id,
                starts=calendar.told(f"{week} {day} {clock}"),
                minutes=SESSION_MINUTES,
            )
            make_appointment(visit, self.clients[story["name"]], new)

    def happen(self, event: _Event) -> None:
        """Let one thing happen. Raises `BadInput` where the rules do not let it."""
        visit = replace(self.visits[event.by], at=event.at)
        client_id, told = self.clients[event.client], event.told
        match event.kind:
            case "consent":
                here = self.door.vault.practice().local(event.at)
                keep_consent(visit, client_id, _document(told, here))
                return
            case "look":
                places = self.door.vault.places(client_id)
                chosen = [one.entry_id for one in places if one.wanted in told["classes"]]
                done: object = self.door.look(
                    visit, client_id, purpose=told["purpose"], entry_ids=chosen
                )
            case _:
                draft = Draft(
                    wanted=told["class"],
                    heading=told["heading"],
                    text=told["text"].strip(),
                    purpose=told.get("purpose", "treatment"),
                )
                done = self.door.keep(visit, client_id, draft)
        if not isinstance(done, Kept | Shown):
            raise BadInput("the sample", f"an {event.kind} that the rules do not let happen")

    def let_in(self, story: Mapping[str, Any], at: datetime.datetime) -> None:
        """Give the client of a story the way in that it tells of, and what he or she turned on."""
        told, name = story.get("way_in"), story["name"]
        if told is None:
            return
        client_id, vault = self.clients[name], self.door.vault
        visit = replace(self.visits[story["treating"]], at=at)
        asked = questions_before_opening(visit, self.door.packs, client_id)
        establish(visit, self.door.packs, client_id, {one: told["facts"][one] for one in asked})
        give_way_in(visit, client_id, name, PASSWORD)
        if told["shown"]:
            cookie = sign_in_with_password(vault, name, PASSWORD, at)
            with vault.visit(cookie, at) as own:
                read_about_staying_unseen(own)
                choose_shown(own, told["shown"])
            sign_out(vault, cookie, at)


def _document(told: Mapping[str, Any], at: datetime.datetime) -> dict[str, object]:
    """The consent as the rules read one, from that day on."""
    until = at.date() + datetime.timedelta(days=told["days"])
    plain = ("by", "form", "classes", "to", "purposes")
    return {
        **{name: told[name] for name in plain},
        "from": at.date().isoformat(),
        "until": until.isoformat(),
        "revoked": None,
        "elements": dict.fromkeys(told["elements"], True),
    }


def _events(story: Mapping[str, Any], calendar: _Calendar) -> Iterator[_Event]:
    for kind in ("entry", "consent", "look"):
        for told in story.get(kind, ()):
            by = told.get("by") if kind != "consent" else None
            yield _Event(
                calendar.told(told["when"]), story["name"], kind, by or story["treating"], told
            )


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The weeks of the stories, by the practice's clock, the first from its `monday`."""

    monday: datetime.date
    zone: datetime.tzinfo

    @classmethod
    def before(cls, at: datetime.datetime, zone: datetime.tzinfo) -> _Calendar:
        """As many weeks as there are, ending before the week of a moment."""
        today = at.astimezone(zone).date()
        ends = today - datetime.timedelta(days=today.weekday())
        return cls(ends - datetime.timedelta(weeks=WEEKS), zone)

    def moment(
        self, week: int, *, days: int = 0, clock: datetime.time = datetime.time()
    ) -> datetime.datetime:
        """An hour on a day of a week, counted from 1, in UTC."""
        day = self.monday + datetime.timedelta(weeks=week - 1, days=days)
        return datetime.datetime.combine(day, clock, self.zone).astimezone(datetime.UTC)

    def told(self, when: str) -> datetime.datetime:
        """The moment of words such as `3 Thu 11:00`: week, day and hour."""
        week, day, clock = when.split()
        hours = datetime.time.fromisoformat(clock)
        return self.moment(int(week), days=_DAYS.index(day), clock=hours)


def _stories() -> list[str]:
    folder = resources.files("angerona.practice").joinpath("sample")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return [name for name in names if name != _PRACTICE]


def _read(name: str) -> dict[str, Any]:
    found = resources.files("angerona.practice").joinpath("sample", name)
    return tomllib.loads(found.read_text(encoding="utf-8"))
