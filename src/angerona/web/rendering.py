"""Setting a page: one environment of templates, strict about every name, with nothing unescaped."""

from __future__ import annotations

import base64
import contextlib
import datetime
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from angerona.errors import AngeronaError
from angerona.notices.paragraphs import day
from angerona.notices.structured import in_words, read_structured
from angerona.practice.caseload import short_id
from angerona.practice.supervision import masked
from angerona.practice.watching import alarms_waiting
from angerona.practice.zones import times_are
from angerona.sealed.rows import OwnChoices
from angerona.sealed.zones import UTC_NAME, hour_of, is_day, noted, zone_named
from angerona.web.choices import asked, capital, options, said_as
from angerona.web.done import DONE
from angerona.web.static_files import static_address
from angerona.web.turn import MEMBER, faces_of
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS, RELATIONS, ROLES

if TYPE_CHECKING:
    from angerona.sealed.vault import Person
    from angerona.web.turn import House, Page

ZONES_AT_ONCE: Final = 8
"""For how many zones the templates are kept at hand; a practice has one at a time."""
NEUTRAL_TITLE: Final = "Folder"
"""What a browser's history and a passkey call this site: nothing that tells."""

_THOUSAND: Final = 1_000
_MORE: Final = "More"
_PRACTICE: Final = "Practice"
_MENU: Final = (
    ("member", "", "/clients", "Clients"),
    ("member", "", "/desk", "Calendar"),
    ("clinic", "", "/search", "Search"),
    ("clinic", "", "/calls", "Calls"),
    ("member", "", "/at-the-door", "At the door"),
    ("member", "", "/deadlines", "Deadlines"),
    ("member", _MORE, "/requests", "Requests"),
    ("member", _MORE, "/rights", "Rights"),
    ("clinic", _MORE, "/second-readings", "To read"),
    ("officer", _MORE, "/second-readings", "To read"),
    ("member", _MORE, "/incidents", "Incidents"),
    ("member", _MORE, "/papers", "Your papers"),
    ("officer", _PRACTICE, "/oversight", "Oversight"),
    ("officer", _PRACTICE, "/oversight/evidence", "Evidence for an audit"),
    ("officer", _PRACTICE, "/oversight/rules", "Law and hours"),
    ("officer", _PRACTICE, "/incidents/register", "Register of incidents"),
    ("officer", _PRACTICE, "/members", "Members"),
    ("officer", _PRACTICE, "/practice", "The practice"),
)
"""Who has a page at the top, behind which word it stands, its address and name.

What is needed every day stands open; the rest is two clicks away.
"""
_OWN_MENU: Final = (
    ("record", "/me/record", "My record"),
    ("looks", "/me/who-looked", "Who looked"),
    ("sharing", "/me/sharing", "Sharing"),
    ("messages", "/me/messages", "Messages"),
    ("measures", "/me/measures", "Forms"),
    ("appointments", "/me/appointments", "When I come"),
    ("rights", "/me/rights", "My rights"),
)
"""What stands at the top for a client, where it is turned on."""
_NAMING: Final = frozenset(
    {"/clients", "/desk", "/search", "/calls", "/second-readings", "/oversight", "/requests"}
)
"""Pages that name clients and are about none alone."""
_TABS: Final = (
    ("clinic", "", "Record"),
    ("officer", "", "Record"),
    ("clinic", "/care", "Care"),
    ("clinic", "/danger", "Danger"),
    ("desk", "/heard", "Danger"),
    ("officer", "/heard", "Danger"),
    ("clinic", "/abuse", "Abuse or neglect"),
    ("clinic", "/messages", "Messages"),
    ("clinic", "/requests", "Requests"),
    ("member", "/rights", "Rights"),
    ("clinic", "/kept-apart", "Kept apart"),
    ("clinic", "/consents", "Consents"),
    ("officer", "/consents", "Consents"),
    ("officer", "/who-looked", "Who looked"),
    ("member", "/appointments", "Appointments"),
    ("member", "/people", "People"),
    ("member", "/reach", "How to reach"),
    ("clinic", "/own-pages", "Own pages"),
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every form of a page carries: the token of its session, and a key of its own."""

    token: str
    once: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What stands around a page: whose house it is, who is signed in, the stamp of its forms."""

    house: House
    person: Person | None
    path: str
    stamp: Stamp
    done: str
    at: datetime.datetime | None = None


def rendered(page: Page, around: Around) -> str:
    """The page as HTML."""
    person = around.person
    faces = faces_of(person) if person is not None else frozenset()
    return (
        _templates(_zone(around))
        .get_template(page.template)
        .render(
            **page.says,
            house=around.house,
            person=person,
            faces=faces,
            path=around.path,
            token=around.stamp,
            done=DONE.get(around.done, ""),
            title=NEUTRAL_TITLE,
            own=_own(around),
            alarms=_alarms(around, faces),
            at=around.at,
            stays=_stays(page, around, faces),
        )
    )


def rendered_before(page: Page, token: str, done: str) -> str:
    """A page from before there is a practice, for whoever founds it: nobody who signed in."""
    return (
        _templates(UTC_NAME)
        .get_template(page.template)
        .render(
            **page.says,
            house={"is_sample": False, "title": NEUTRAL_TITLE, "away": ""},
            person=None,
            faces=frozenset({MEMBER}),
            path="",
            token=Stamp(token, ""),
            done=DONE.get(done, ""),
            title=NEUTRAL_TITLE,
            own=OwnChoices(),
            alarms=0,
            at=None,
            stays=False,
        )
    )


@dataclass(frozen=True, slots=True)
class MenuPart:
    """Pages of the menu that stand open, where `says` is empty, or behind one word.

    `here` is the address of the page that one is on or below; empty where it is another part's.
    """

    says: str
    pages: tuple[tuple[str, str], ...]
    here: str


def menu(faces: frozenset[str], own: OwnChoices, path: str) -> list[MenuPart]:
    """The pages that stand at the top, for these faces; a client's as far as they are turned on."""
    found: dict[str, dict[str, str]] = {}
    for face, part, to, says in _MENU:
        if face in faces:
            found.setdefault(part, {})[to] = says
    if "client" in faces:
        shown = {to: says for item, to, says in _OWN_MENU if item in own.shown}
        found[""] = {**found.get("", {}), "/me": "Home", **shown}
    every = (to for pages in found.values() for to in pages)
    lies = [to for to in every if path == to or (to != "/me" and path.startswith(f"{to}/"))]
    here = max(lies, key=len, default="")
    return [
        MenuPart(part, tuple(pages.items()), here if here in pages else "")
        for part, pages in found.items()
    ]


def _own(around: Around) -> OwnChoices:
    """What the client who is signed in chose; nothing is turned on where it cannot be read."""
    client_id = around.person.row.client_id if around.person is not None else None
    if client_id is not None:
        with contextlib.suppress(AngeronaError):
            return around.house.door.vault.authority(client_id).client.own
    return OwnChoices()


def _stays(page: Page, around: Around, faces: frozenset[str]) -> bool:
    """Whether a page says something of clients, and so is not printed as it stands."""
    return "member" in faces and (page.says.get("head") is not None or around.path in _NAMING)


def _alarms(around: Around, faces: frozenset[str]) -> int:
    """How many alarms wait for the privacy officer who is signed in."""
    if "officer" in faces:
        with contextlib.suppress(AngeronaError):
            vault = around.house.door.vault
            with vault.store.snapshot() as reading:
                return alarms_waiting(vault, reading)
    return 0


def tabs(client_id: bytes, faces: frozenset[str]) -> list[tuple[str, str]]:
    """The pages about one client, for these faces: of each name the first that is theirs."""
    found: dict[str, str] = {}
    for face, behind, says in _TABS:
        if face in faces:
            found.setdefault(says, f"/clients/{client_id.hex()}{behind}")
    return [(path, says) for says, path in found.items()]


def _zone(around: Around) -> str:
    """The practice's zone; UTC, and said so, on a page that tells that it cannot be read."""
    with contextlib.suppress(AngeronaError):
        name = around.house.door.vault.practice().row.zone
        zone_named(name)
        return name
    return UTC_NAME


@lru_cache(maxsize=ZONES_AT_ONCE)
def _templates(zone: str) -> Environment:
    """The templates, by the clock of a zone."""
    clock = Clock(zone_named(zone))
    found = Environment(
        loader=PackageLoader("angerona.web"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals |= {
        "menu": menu,
        "options": options,
        "read_structured": read_structured,
        "static": static_address,
        "tabs": tabs,
        "times": times_are(zone),
        "CLASSES": CLASSES,
        "INSTRUMENTS": INSTRUMENTS,
        "PURPOSES": PURPOSES,
        "RECIPIENTS": RECIPIENTS,
        "RELATIONS": RELATIONS,
        "ROLES": ROLES,
    }
    found.filters |= {
        "clock": clock.hour,
        "day": clock.day,
        "moment": clock.moment,
        "month": clock.month,
        "noted": clock.noted,
        "masked": masked,
        "in_words": in_words,
        "size": size,
        "base64": _base64,
        "asked": asked,
        "said_as": said_as,
        "short": short_id,
        "hex": bytes.hex,
        "cap": capital,
    }
    return found


@dataclass(frozen=True, slots=True)
class Clock:
    """How days and hours read on pages, in one zone."""

    zone: datetime.tzinfo

    def day(self, at: datetime.date) -> str:
        """The day of a moment, or a day: `23 November 2026`."""
        return day(noted(at, self.zone) if isinstance(at, datetime.datetime) else at)

    def hour(self, at: datetime.datetime) -> str:
        """The hour of a moment: `09:30` (`sealed.zones.hour_of`)."""
        return hour_of(at, self.zone)

    def moment(self, at: datetime.datetime) -> str:
        """A moment: `23 November 2026, 09:30`."""
        return f"{day(at.astimezone(self.zone))}, {self.hour(at)}"

    def noted(self, at: datetime.datetime) -> str:
        """When something was written; the day alone where no hour was noted."""
        return day(at) if is_day(at) else self.moment(at)

    def month(self, at: datetime.datetime) -> str:
        """The month in which something was written: `November 2026`."""
        return self.day(at).split(" ", 1)[1]


def size(count: int) -> str:
    """A number of bytes as people read one: `340 kB`."""
    if count < _THOUSAND * _THOUSAND:
        return f"{max(1, round(count / _THOUSAND))} kB"
    return f"{count / _THOUSAND**2:.1f} MB"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
