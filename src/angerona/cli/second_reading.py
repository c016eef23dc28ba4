"""Second readers at the command line: asking one, what waits for oneself, and answering."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

import typer

from angerona.cli.deciding import REFUSED
from angerona.cli.entrance import inside
from angerona.cli.output import say, say_styled
from angerona.cli.page import Page, capital, width_now
from angerona.errors import BadInput, Unknown
from angerona.notices.paragraphs import moment
from angerona.practice.caseload import short_id
from angerona.practice.colleagues import colleague_of
from angerona.practice.passing_on import pass_on, step_aside
from angerona.practice.read_afterwards import say_afterwards
from angerona.practice.second_readers import answer, ask_reader, stand_in, waiting
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.cli.entrance import Entry, Inside
    from angerona.practice.second_readers import Leaving, Waiting
    from angerona.sealed.vault import Practice

_ID_DIGITS_MIN: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Whom to ask before it leaves, or who outside was asked where nobody here can read; and why.

    At most one of the two is named, and then the reason is.
    """

    reader: str | None
    consultant: str | None
    why: str | None

    def checked(self) -> str:
        """The reason. Raises `BadInput` where it is missing, or two are named."""
        if self.reader and self.consultant:
            raise BadInput("--consultant", "stands beside --reader", "one of the two")
        if (self.reader or self.consultant) and not self.why:
            raise BadInput("--why", "is missing", "why this should leave, in one line")
        return self.why or ""


def ask_first(here: Inside, client_id: bytes, leaving: Leaving, reading: Reading) -> None:
    """Ask the reader named, and end there; or let the consultant named stand in, and go on."""
    why = reading.checked()
    if reading.reader:
        _asked(here, client_id, leaving, reading.reader, why)
    if reading.consultant:
        stand_in(
            here.door, here.now(), client_id, leaving, consultant=reading.consultant, reason=why
        )


def _asked(here: Inside, client_id: bytes, leaving: Leaving, name: str, why: str) -> NoReturn:
    reader = colleague_of(here.now(), name)
    duty_id = ask_reader(here.door, here.now(), client_id, leaving, reader.person_id, why=why)
    say(
        f"{reader.row.name} is asked to read it first ({short_id(duty_id)}). Nothing was opened, "
        "and nothing left. Once it is agreed to, the same command hands it over."
    )
    raise typer.Exit(REFUSED)


def list_waiting(entry: Entry) -> None:
    """What one is asked to read, and what would leave."""
    with inside(entry) as here:
        found = waiting(here.now())
        practice = here.door.vault.practice()
    page = Page()
    for one in found:
        _add(page, one, practice)
    if not found:
        page.paragraph("Nothing waits for you.")
    say_styled(page.lines(width_now()))


def _add(page: Page, one: Waiting, practice: Practice) -> None:
    terms, row = one.terms, one.duty.row
    page.headline(f"{short_id(one.duty.duty_id)}  {one.client}", "bold")
    page.item(f"{one.asked_by} asks: {one.why}")
    page.item(
        f"To {RECIPIENTS[terms['to']]} ({terms['recipient']}), for {PURPOSES[terms['purpose']]}, "
        f"on {INSTRUMENTS[terms['instrument']]}."
    )
    for wanted, count in Counter(wanted for *_, wanted in terms["entries"]).items():
        page.item(f"{capital(CLASSES[wanted])}: {count}")
    for entry_id, *_, wanted in terms["entries"]:
        page.item(f"{short_id(bytes.fromhex(entry_id))}  {CLASSES[wanted]}", indent=4)
    if row.due is not None:
        page.item(f"Please answer by {moment(practice.local(row.due))}.")
    page.space()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer: agree, object, or narrow to some entries; and why."""

    is_agreed: bool
    is_objected: bool
    entries: Sequence[str]
    why: str

    @property
    def verdict(self) -> str:
        """The verdict's word. Raises `BadInput` unless exactly one is given."""
        given = {
            "agreed": self.is_agreed,
            "objected": self.is_objected,
            "narrowed": bool(self.entries),
        }
        chosen = [word for word, is_given in given.items() if is_given]
        if len(chosen) != 1:
            raise BadInput("the answer", "is not one", "--agree, --object, or --entry to narrow it")
        return chosen[0]


def say_so(entry: Entry, digits: str, said: Said) -> None:
    """Answer one that waits, by its id."""
    verdict = said.verdict
    with inside(entry) as here:
        there = waiting(here.now())
        one = _of(there, digits)
        chosen = {_entry_of(one, given) for given in said.entries}
        answer(
            here.now(),
            one.duty.duty_id,
            verdict,
            why=said.why,
            entry_ids=chosen or None,
        )
    say(f"Written down: {verdict}. Whoever asked sees it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoesOn:
    """To whom a reading goes on, by name, and why; or that one steps aside."""

    to: str | None
    why: str
    aside: bool


def let_go_on(entry: Entry, digits: str, given: GoesOn) -> None:
    """Pass one that waits on, or step aside."""
    if given.aside == bool(given.to):
        raise BadInput("who reads it", "is not said", "--to NAME with --why, or --aside alone")
    with inside(entry) as here:
        one = _of(waiting(here.now()), digits)
        if given.to is None:
            step_aside(here.now(), one.duty.duty_id)
            page = "Written down. You are not asked about this client again."
        else:
            reader = colleague_of(here.now(), given.to)
            pass_on(here.now(), one.duty.duty_id, reader.person_id, why=given.why)
            page = f"{reader.row.name} is asked to read it."
    say(page)


def say_what_was_found(
    entry: Entry, digits: str, found: str, *, why: str, to_do: Sequence[str]
) -> None:
    """Say of what has left whether it was in order, and what is to be done."""
    with inside(entry) as here:
        one = _of(waiting(here.now()), digits)
        if not one.is_after:
            raise BadInput("this one", "has not left yet", "angerona packet answer")
        say_afterwards(here.now(), one.duty.duty_id, found, why=why, to_do=to_do)
    say("Written down. What has to be done is owed from now on.")


def _of(there: Sequence[Waiting], digits: str) -> Waiting:
    wanted = digits.replace("-", "").lower()
    found = [one for one in there if one.duty.duty_id.hex().startswith(wanted)]
    if len(wanted) < _ID_DIGITS_MIN or len(found) != 1:
        raise Unknown
    return found[0]


def _entry_of(one: Waiting, digits: str) -> bytes:
    wanted = digits.replace("-", "").lower()
    found = [entry for entry, *_ in one.terms["entries"] if entry.startswith(wanted)]
    if len(wanted) < _ID_DIGITS_MIN or len(found) != 1:
        raise BadInput("--entry", "is none of those that would leave", "an id of the list")
    return bytes.fromhex(found[0])
