"""One turn of a conversation with a browser: what came in, and what goes back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, SignedOut, Unknown
from angerona.practice.clients import CLINICAL

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

    from angerona.gate.door import Door
    from angerona.sealed.vault import Person, Visit

ID_BYTES: Final = 16
FIELD_CHARACTERS_MAX: Final = 200_000
"""Of one field of a form; what an entry can hold is bounded where it is sealed."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form. `data` is held in memory, bounded by the site."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Form:
    """The fields of a form as text; each may be given several times."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, tuple[Upload, ...]] = field(default_factory=dict)

    def text(self, name: str, default: str = "") -> str:
        """One field, line ends as LF, without white space around it."""
        return self.raw(name, default).replace("\r\n", "\n").strip()

    def raw(self, name: str, default: str = "") -> str:
        """One field as it was typed: a password may begin with a space."""
        found = self.fields.get(name, ())
        return found[-1] if found else default

    def several(self, name: str) -> tuple[str, ...]:
        """Every value of a field that may be ticked more than once."""
        return self.fields.get(name, ())

    def file(self, name: str) -> Upload | None:
        """The file of a field; nothing where none was chosen."""
        found = self.files.get(name, ())
        return found[-1] if found else None

    def choice(
        self, name: str, allowed: Iterable[str], default: str | None = None, *, says: str = ""
    ) -> str:
        """One of the words allowed; `says` is what the page calls the field. Raises `BadInput`.

        The words themselves are for the code: the page shows how people read them.
        """
        found = self.text(name) or (default or "")
        if found not in tuple(allowed):
            wrong = "is none of the choices" if found else "is not chosen yet"
            raise BadInput(says or name.replace("_", " "), wrong, "one of those listed")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What every page may say of the practice it belongs to, and what the site was told to be.

    `is_sample` is true for an invented practice alone: then no second factor is demanded. `away` is
    where the way off the pages leads; without one, to a page of our own that says nothing.
    """

    door: Door
    title: str
    origin: str
    is_sample: bool = False
    away: str = ""

    @property
    def second_factor(self) -> bool:
        """Whether members must have a second factor before they see anything."""
        return not self.is_sample


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Turn:
    """What a page is given: the house, the moment, the visit of whoever is signed in, the form.

    `given` holds the parts of the address in braces, `asked` those behind its question mark.
    `cookie` is the session's (32 bytes), for the pages that end sessions; `browser` the same, or
    the visitor's before there is a session, for what is asked of one browser alone. `place` is the
    address it all comes from, as tries are counted by it; `path` that of the page.
    """

    house: House
    at: datetime.datetime
    given: Mapping[str, str]
    asked: Mapping[str, str]
    form: Form
    signed_in: Visit | None = None
    cookie: bytes = b""
    browser: bytes = b""
    place: str = ""
    path: str = ""

    @property
    def door(self) -> Door:
        """The gate of this practice."""
        return self.house.door

    @property
    def local(self) -> datetime.datetime:
        """The moment by the practice's clock, whose day is today."""
        return self.door.vault.practice().local(self.at)

    @property
    def zone(self) -> datetime.tzinfo:
        """The practice's clock."""
        return self.door.vault.practice().zone

    @property
    def visit(self) -> Visit:
        """The visit of whoever is signed in. Raises `SignedOut` where nobody is."""
        if self.signed_in is None:
            raise SignedOut
        return self.signed_in

    @property
    def person(self) -> Person:
        """Who is signed in."""
        return self.visit.person

    def id_of(self, name: str) -> bytes:
        """An id (16 bytes) out of the address. Raises `Unknown` for what is none."""
        return read_id(self.given.get(name, ""))


def read_id(digits: str) -> bytes:
    """An id (16 bytes) from its 32 hexadecimal digits. Raises `Unknown`, as for no such thing."""
    try:
        found = bytes.fromhex(digits)
    except ValueError:
        raise Unknown from None
    if len(found) != ID_BYTES:
        raise Unknown
    return found


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """A page: its template, and what it says. `status` is 200 where all is as it should be.

    `cookie`: a session that begins with this page, where it must be seen before another one.
    `once`: the key of its forms, where it is not for a new one. `stays`: whoever sends the form
    again that led here may see it again; then what it says is plain data.
    """

    template: str
    says: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    cookie: bytes | None = None
    once: str = ""
    stays: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Moved:
    """Another address to go to (303). `cookie`: a session to begin there; `ends`: the session ends.

    `done` names what was done, for one calm sentence on the page that follows; `back` a page to go
    to after signing in.
    """

    to: str
    done: str = ""
    back: str = ""
    cookie: bytes | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Download:
    """A file to keep, never to show in place. `again`: where it can be had again, if it can."""

    name: str
    media_type: str
    data: bytes
    again: str = ""


Result = Page | Moved | Download


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A page and its address. `face`: who may open it (`faces_of`).

    `again` shows the page with what was typed where `do` finds something wrong with it.
    `file_bytes_max`: how much the files sent to it may hold together; none is taken without it.
    `files_max`: how many.
    `needs_token` is false for the way off the pages alone, which must work from any page.
    `step_up`: it asks for the password, a code or a passkey again, unless that was given minutes
    ago; where it does so for some forms alone, a function says for which. `before_second`: it may
    be opened before there is a second factor. `by_itself`: a script asks for it again and again,
    with nobody at hand perhaps, so that it keeps no session open. `resumes`: done again, its act
    does only what an earlier try that was broken off left undone.
    """

    method: str
    path: str
    do: Callable[[Turn], Result]
    face: str
    again: Callable[[Turn, BadInput], Result] | None = None
    file_bytes_max: int = 0
    files_max: int = 1
    needs_token: bool = True
    step_up: bool | Callable[[Turn], bool] = False
    before_second: bool = False
    by_itself: bool = False
    resumes: bool = False

    def asks_again(self, turn: Turn) -> bool:
        """Whether this form asks again who it is."""
        return self.step_up(turn) if callable(self.step_up) else self.step_up


VISITOR: Final = "visitor"
"""Who is not signed in, or need not be."""
MEMBER: Final = "member"
"""Whoever is signed in and no client."""
ANYBODY: Final = "anybody"
"""Whoever is signed in."""
FACES: Final = ("clinic", "client", "desk", "officer")


READS: Final = frozenset({"clinic", "officer", "client"})
"""The faces that may learn of which kinds something stands in a record."""


def faces_of(person: Person) -> frozenset[str]:
    """Which faces a person has: by roles, posts, and whether it is a client.

    That a face opens says nothing about any record; each page asks the gate.
    """
    if person.row.client_id is not None:
        return frozenset({ANYBODY, "client"})
    found = {ANYBODY, MEMBER}
    posts = set(person.row.posts)
    treats = CLINICAL.intersection(person.row.roles)
    if posts & {"front_desk", "biller"}:
        treats -= {"unlicensed"}  # of the desk, and not somebody who treats without a licence
    if treats or "on_call" in posts:
        found.add("clinic")
    if posts & {"front_desk", "biller"}:
        found.add("desk")
    if "privacy_officer" in posts:
        found.add("officer")
    return frozenset(found)
