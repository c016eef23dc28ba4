"""The set-up: one form founds a practice, one page hands its papers over, once.

There is no practice yet and nobody to sign in, so these pages are not in `table.py`: a site of
their own serves them (`site/setting_up.py`), to the one browser that opened its secret address.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, Unknown
from angerona.rules.because import listed
from angerona.sealed.zones import every_zone
from angerona.web.members import CLINICAL_ROLES, POSTS
from angerona.web.turn import Download, Moved, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from angerona.web.turn import Form, Result

FORM: Final = "/set-up"
HAND_OVER: Final = "/papers"
KEEPERS: Final = ("file", "prompt", "other")
OPENS: Final = Moved("/sign-in", done="founded")
"""Where the site of the practice begins, once the set-up is over."""
PAPERS: Final = {"a4": "A4", "us-letter": "US letter"}
TICKS: Final = ("kit", "seats", "code")
"""What must be ticked as printed before the papers are deleted here."""
NOBODY: Final = "none"
"""Ticked by a founder who treats nobody."""
WHOLE, SHARES = "whole", "shares"
"""Whether the recovery kit is one paper alone, or also several of which some suffice."""
_TYPED: Final = (
    *("name", "place", "zone", "founder", "holders", "quorum", "address"),
    *("kit", "needed", "shares"),
)
"""The fields that are shown again with what was typed; no password is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """What the form offers: places with the law loaded for each, keepers, and where files go.

    `records` says where the records lie, in a folder or in a database. `boot_file` is where the
    boot secret lies if it lies in a file; `can_ask` whether somebody sits at the terminal of this
    process, who could type it.
    """

    places: Mapping[str, str]
    records: str
    boot_file: str
    papers: str
    can_ask: bool


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answers:
    """What the form says, read; the founding itself checks what it means.

    `kit_shares`: how many of how many shares of the recovery kit suffice, as 2/3, or nothing.
    """

    name: str
    place: str
    zone: str
    founder: str
    roles: tuple[str, ...]
    password: str
    holders: tuple[str, ...]
    quorum: int | None
    kit_shares: str
    keeper: str
    paper: str


@dataclass(frozen=True, slots=True, repr=False)
class Paper:
    """A paper to hand out: what it is called, its file."""

    says: str
    file: Download


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class HandOver:
    """What a founding leaves in the founder's hands, and the law that was loaded.

    `shares_needed`: how many of the shares of the recovery kit do what the whole kit does.
    """

    practice: str
    founder: str
    code: str
    kit: tuple[Paper, ...]
    shares: tuple[Paper, ...]
    shares_needed: int
    seats: tuple[Paper, ...]
    quorum: int
    law: tuple[str, ...]
    clock: str
    keeper: str
    is_typed: bool


class SetUp:
    """One founding, from the form to the papers in somebody's hands."""

    def __init__(
        self,
        offers: Offers,
        found: Callable[[Answers], HandOver],
        forget: Callable[[], None],
    ) -> None:
        """`found` founds the practice, `forget` deletes the papers that lie on this machine."""
        self.offers = offers
        self.hand_over: HandOver | None = None
        self.is_over = threading.Event()
        self._found = found
        self._forget = forget
        self._lock = threading.Lock()

    def found(self, answers: Answers) -> bool:
        """Found the practice; false where it is founded already. Raises as the founding."""
        with self._lock:
            if self.hand_over is not None:
                return False
            self.hand_over = self._found(answers)
            return True

    def end(self) -> None:
        """The papers are in somebody's hands: they are gone from here, and the set-up is over."""
        with self._lock:
            self._forget()
            self.hand_over = None
            self.is_over.set()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Step:
    """What a page of the set-up is given."""

    set_up: SetUp
    given: Mapping[str, str]
    form: Form

    @property
    def hand_over(self) -> HandOver:
        """What there is to hand over. Raises `Unknown` before and after."""
        if self.set_up.hand_over is None:
            raise Unknown
        return self.set_up.hand_over


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRoute:
    """A page of the set-up and its address; `again` shows it with what was typed."""

    method: str
    path: str
    do: Callable[[Step], Result]
    again: Callable[[Step, BadInput], Page] | None = None


def first(step: Step) -> Result:
    """The first address: to the form, or to the papers once there are some."""
    return Moved(FORM if step.set_up.hand_over is None else HAND_OVER)


def form(step: Step) -> Result:
    """The one form that founds a practice."""
    if step.set_up.hand_over is not None:
        return Moved(HAND_OVER)
    return _form(step)


def found_now(step: Step) -> Result:
    """Found the practice, once; then to its papers."""
    if not step.set_up.found(_answers(step)):
        return Moved(HAND_OVER, done="founded-before")
    return Moved(HAND_OVER)


def papers(step: Step) -> Result:
    """The papers, with what each is for, and what its loss means."""
    return _papers(step)


def paper(step: Step) -> Result:
    """One paper, as a file to print."""
    every = _every(step.hand_over)
    number = step.given.get("number", "")
    if not (number.isascii() and number.isdigit() and int(number[:4]) < len(every)):
        raise Unknown
    return every[int(number[:4])].file


def printed(step: Step) -> Result:
    """All is printed: the papers are deleted here, and the site opens."""
    _ = step.hand_over
    if not all(step.form.text(one) for one in TICKS):
        raise BadInput("the papers", "are not all ticked", "all of them printed and put away")
    step.set_up.end()
    return OPENS


def _answers(step: Step) -> Answers:
    form, offers = step.form, step.set_up.offers
    place = form.choice("place", offers.places)
    paper = form.choice("paper", PAPERS, default="a4")
    founder, password = form.text("founder"), form.raw("password")
    if not founder:
        raise BadInput("your name", "is missing", "your name, as colleagues know you")
    if password != form.raw("repeated"):
        raise BadInput("the same once more", "is not the same", "the password once more")
    holders = tuple(one.strip() for one in form.text("holders").splitlines() if one.strip())
    return Answers(
        name=form.text("name"),
        place=place,
        zone=form.choice("zone", ["", *every_zone()], default=""),
        founder=founder,
        roles=_roles(form),
        password=password,
        holders=holders,
        quorum=_number(form, "quorum", "how many must agree"),
        kit_shares=_kit_shares(form),
        keeper=_keeper(form, offers),
        paper=paper,
    )


def _roles(form: Form) -> tuple[str, ...]:
    """The founder's professions; none has to be said, so that nobody forgets to."""
    ticked = form.several("roles")
    if not ticked:
        raise BadInput("profession", "is not ticked", "one or more, or that you treat nobody")
    if NOBODY in ticked and len(ticked) > 1:
        raise BadInput("profession", "is ticked, and that you treat nobody", "one of the two")
    return tuple(one for one in ticked if one != NOBODY)


def _kit_shares(form: Form) -> str:
    """How many of how many shares of the recovery kit suffice, as 2/3; nothing for no shares."""
    if form.choice("kit", (WHOLE, SHARES), default=WHOLE) == WHOLE:
        return ""
    needed = _number(form, "needed", "how many shares suffice")
    count = _number(form, "shares", "of how many shares")
    if needed is None or count is None:
        raise BadInput("the shares", "are not counted", "such as any 2 of 3")
    return f"{needed}/{count}"


def _number(form: Form, name: str, says: str) -> int | None:
    given = form.text(name)
    if given and not (given.isascii() and given.isdigit()):
        raise BadInput(says, "is no number", "such as 2")
    return int(given[:4]) if given else None


def _keeper(form: Form, offers: Offers) -> str:
    kinds = [one for one in KEEPERS if one != "prompt" or offers.can_ask]
    match form.choice("keeper", kinds, default="file"):
        case "file":
            return f"file:{form.text('file') or offers.boot_file}"
        case "prompt":
            return "prompt:"
        case _:
            return form.text("address")


def _form(step: Step, problem: BadInput | None = None) -> Page:
    offers = step.set_up.offers
    says = {
        "typed": {name: step.form.text(name) for name in _TYPED},
        "keeper": step.form.text("keeper") or "file",
        "file": step.form.text("file") or offers.boot_file,
        "paper": step.form.text("paper") or "a4",
        "offers": offers,
        "professions": {**CLINICAL_ROLES, NOBODY: "none: I treat nobody here"},
        "ticked": step.form.several("roles"),
        "posts": listed(POSTS.values()),
        "papers": PAPERS,
        "zones": every_zone(),
        "problem": problem,
    }
    return Page("set_up.html", says, 200 if problem is None else 422)


def _papers(step: Step, problem: BadInput | None = None) -> Page:
    found = step.hand_over
    says = {
        "found": found,
        "lie": step.set_up.offers.papers,
        "records": step.set_up.offers.records,
        "every": {one.file.name: at for at, one in enumerate(_every(found))},
        "ticked": {one: bool(step.form.text(one)) for one in TICKS},
        "problem": problem,
    }
    return Page("set_up_papers.html", says, 200 if problem is None else 422)


def _every(found: HandOver) -> tuple[Paper, ...]:
    lines = (f"Recovery code of {found.founder}", found.practice, "", found.code, "")
    code = Download("recovery-code.txt", "text/plain; charset=utf-8", "\n".join(lines).encode())
    return (*found.kit, *found.shares, *found.seats, Paper("Recovery code", code))


ROUTES: Final = (
    StepRoute(method="GET", path="/", do=first),
    StepRoute(method="GET", path=FORM, do=form),
    StepRoute(method="POST", path=FORM, do=found_now, again=_form),
    StepRoute(method="GET", path=HAND_OVER, do=papers),
    StepRoute(method="POST", path=HAND_OVER, do=printed, again=_papers),
    StepRoute(method="GET", path=f"{HAND_OVER}/{{number}}", do=paper),
)
