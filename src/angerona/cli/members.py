"""`angerona member`: who works here, posts, and a code for the drawer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from angerona.cli.days import day_of
from angerona.cli.entrance import inside, new_password, now
from angerona.cli.out_files import checked_target, write_out
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.errors import BadInput, one_of
from angerona.notices.packet_files import PAPERS
from angerona.notices.papers import recovery_code_sheet
from angerona.notices.paragraphs import day
from angerona.practice.colleagues import colleague_of, colleagues, give_post
from angerona.practice.members import NewMember, enrol_member, renew_recovery_code
from angerona.practice.roles import SAID, end_role, give_role, set_end
from angerona.rules.because import listed
from angerona.sealed.zones import end_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence
    from pathlib import Path

    from angerona.cli.entrance import Entry, Inside
    from angerona.sealed.rows import PersonRow
    from angerona.sealed.vault import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Whether and where the recovery code is also set on a page to be printed."""

    file: str | None
    paper: str
    force: bool

    def checked(self) -> Path | None:
        """Where to write it, if that could be written at the end. Raises `BadInput`."""
        if self.paper not in PAPERS:
            raise BadInput("--paper", "no such paper", one_of(PAPERS, self.paper))
        return None if self.file is None else checked_target(self.file, force=self.force)


def list_members(entry: Entry) -> None:
    """Everybody who works here, with professions and posts."""
    with inside(entry) as here:
        visit = here.now()
        found = [one.at(visit.at) for one in colleagues(visit)]
        zone = here.practice.zone
    page = Page()
    for one in found:
        page.item(_said(one, zone), "", indent=0)
    say_styled(page.lines(width_now()))


def _said(person: Person, zone: datetime.tzinfo) -> str:
    row = person.row
    parts = [listed(_lasting(row, role, zone) for role in row.roles)] if row.roles else []
    if row.posts:
        parts.append(f"holds the posts: {listed(_lasting(row, post, zone) for post in row.posts)}")
    return f"{row.name} ({'; '.join(parts)})" if parts else row.name


def _lasting(row: PersonRow, name: str, zone: datetime.tzinfo) -> str:
    until = row.until_of(name)
    return SAID[name] if until is None else f"{SAID[name]} until {day(until.astimezone(zone))}"


def enrol(
    entry: Entry,
    name: str,
    *,
    roles: Sequence[str],
    posts: Sequence[str],
    new_file: str | None,
    sheet: Sheet,
) -> None:
    """Enrol a colleague, and hand over the recovery code."""
    target = sheet.checked()
    who = NewMember(name=name, roles=tuple(roles), posts=tuple(posts))
    with inside(entry) as here:
        password = new_password(new_file, f"A first password for {name}")
        made = enrol_member(here.now(), who, password)
        page = Page()
        page.headline(f"{name.strip()} is enrolled.", "bold green")
        page.item("The password is a first one; angerona password chooses another.")
        hand_over_code(here, page, made.recovery_code, name.strip(), sheet, target)


def post(entry: Entry, name: str, given: str, *, until: str | None) -> None:
    """Give a post to a colleague."""
    last = None if until is None else day_of("--until", until)
    with inside(entry) as here:
        visit = here.now()
        whom = colleague_of(visit, name)
        give_post(visit, whom.person_id, given, until=_ends(here, last))
    _say(f"{whom.row.name} holds this post too now: {SAID[given]}.")


def role(entry: Entry, name: str, given: str, *, until: str | None) -> None:
    """Give a colleague a further profession."""
    last = None if until is None else day_of("--until", until)
    with inside(entry) as here:
        visit = here.now()
        whom = colleague_of(visit, name)
        give_role(visit, whom.person_id, given, until=_ends(here, last))
    _say(f"{whom.row.name} has a further role now: {SAID[given]}.")


def end(entry: Entry, name: str, ended: str) -> None:
    """End a profession of a colleague now."""
    with inside(entry) as here:
        visit = here.now()
        whom = colleague_of(visit, name)
        end_role(visit, whom.person_id, ended)
    _say(f"{whom.row.name} has this role no more: {SAID[ended]}.")


def until(entry: Entry, name: str, what: str, last: str | None) -> None:
    """Say until when a colleague has a role or a post."""
    named = None if last is None else day_of("DAY", last)
    with inside(entry) as here:
        visit = here.now()
        whom = colleague_of(visit, name)
        when = _ends(here, named)
        set_end(visit, whom.person_id, what, when)
        local = here.practice.local(when) if when is not None else None
    said = "has no end now" if local is None else f"lasts until {day(local)}"
    _say(f"{whom.row.name}: {SAID[what]} {said}.")


def _ends(here: Inside, last: datetime.date | None) -> datetime.datetime | None:
    """When the last day of something is over, by the practice's clock."""
    return None if last is None else end_of(last, here.practice.zone)


def _say(headline: str) -> None:
    page = Page()
    page.headline(headline, "bold green")
    say_styled(page.lines(width_now()))


def recovery_code(entry: Entry, sheet: Sheet) -> None:
    """Give the one who asks another recovery code."""
    target = sheet.checked()
    with inside(entry) as here:
        code = renew_recovery_code(here.now())
        page = Page()
        page.headline("The former recovery code lets nobody in any more.", "bold green")
        hand_over_code(here, page, code, here.visit.person.row.name, sheet, target)


def hand_over_code(
    here: Inside, page: Page, code: str, name: str, sheet: Sheet, target: Path | None
) -> None:
    """Show the code before anything else can fail: it is shown this once and kept nowhere."""
    page.item("The recovery code, shown this once; it lets in who forgets the password:")
    page.paragraph(code, indent=4, style="bold")
    say_styled(page.lines(width_now()))
    if target is None:
        return
    data = recovery_code_sheet(
        code,
        practice=here.practice.row.name,
        person=name,
        at=here.practice.local(now()),
        paper=sheet.paper,
    )
    write_out(target, data, force=sheet.force)
    page = Page()
    page.item(f"It stands in {target.name} too: print it, and delete that file.")
    say_styled(page.lines(width_now()))
