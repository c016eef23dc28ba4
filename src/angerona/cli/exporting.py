"""`angerona export` and `night-sheet`: records taken along; the sheet for the night."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

from angerona.cli.deciding import read_established
from angerona.cli.entrance import inside
from angerona.cli.out_files import checked_target, write_out
from angerona.cli.output import say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.progress import Bar
from angerona.errors import AngeronaError, BadInput, MissingExtra, PrintFailure
from angerona.notices.typesetting import is_installed
from angerona.practice import night_sheet as pages
from angerona.practice.caseload import caseload, client_of, short_id
from angerona.practice.exporting import Copy, copy_record
from angerona.practice.paper import purpose_of, put_on_paper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.cli.entrance import Entry, Inside

DRAFT: Final = ".draft"
_MOVING: Final = "moving"
"""What records are taken along for."""


def export(entry: Entry, clients: Sequence[str], *, to: str, facts: str | None, paper: str) -> int:
    """Write a folder for each record; those that are there already are left alone.

    1 where one could not be taken along: the rest is there all the same.
    """
    target = Path(to)
    given = read_established(facts).facts
    page, left_out = Page(), 0
    with inside(entry) as here:
        wanted = [client_of(here.now(), one) for one in clients]
        ids = wanted or [one.client_id for one in caseload(here.now())]
        _make(target)
        with Bar("Copying", len(ids)) as bar:
            for count, client_id in enumerate(ids, 1):
                try:
                    said = _taken(here, client_id, target, given, paper)
                except (AngeronaError, OSError) as problem:
                    said, left_out = f"not copied: {_why(problem)}", left_out + 1
                page.item(said, f"{short_id(client_id)}  ", indent=0)
                bar.at(count)
        visit, copied = here.now(), len(ids) - left_out
        if copied:
            put_on_paper(visit, purpose_of(_MOVING, visit.at), clients=copied)
    page.space()
    page.paragraph(
        "What was written is in clear: keep it where nobody else can read it, and delete it when "
        "it has served. Each copy stands in the client's ledger, and waits under your papers until "
        "you say that it was destroyed or filed.",
        style=QUIET,
    )
    say_styled(page.lines(width_now()))
    return int(left_out > 0)


def night_sheet(entry: Entry, *, out: str, paper: str, force: bool) -> None:
    """Write the night sheet, locked; the words that open it are shown once."""
    target = checked_target(out, force=force)
    with inside(entry) as here, Bar("Copying", 1) as bar:
        visit = here.now()
        made = pages.night_sheet(
            here.door,
            visit,
            paper=paper,
            purpose=purpose_of("night", visit.at),
            step=lambda done, of: bar.at(done / of),
        )
        write_out(target, made.locked.pdf, force=force)
    page = Page()
    page.headline(f"The night sheet is written: {target.name}", "bold green")
    page.item(f"It speaks of {made.clients} clients; each look is in that client's ledger.")
    if made.left_out:
        page.item(f"{made.left_out} are left out: the rules do not let you read what is needed.")
    page.item("The words that open it, shown this once:")
    page.paragraph(made.locked.passphrase, indent=6, style="bold")
    page.item("Print it, seal it in an envelope, and make a new one when it has been opened.")
    say_styled(page.lines(width_now()))


def _taken(
    here: Inside,
    client_id: bytes,
    target: Path,
    given: dict[str, bool | int | str],
    paper: str,
) -> str:
    """Copy one record; what became of it."""
    folder = target / short_id(client_id)
    if folder.exists():
        return "there already"
    visit = here.now()
    purpose = purpose_of(_MOVING, visit.at)
    found = copy_record(here.door, visit, client_id, purpose=purpose, is_one=False, facts=given)
    if not isinstance(found, Copy):
        return "not copied: the rules do not let you read it"
    draft = target / f"{folder.name}{DRAFT}"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        _write(draft / "record.json", found.as_json())
        has_pages = _add_pages(draft, found, paper)
        for name in found.files:
            with os.fdopen(_opened(draft / name), "wb") as file:
                found.fetch(name, file)
        draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    count = len(found.document["entries"])
    return f"{count} entries, {len(found.files)} files{'' if has_pages else ', no pages'}"


def _add_pages(folder: Path, found: Copy, paper: str) -> bool:
    """Set the pages beside the JSON, where pages can be set."""
    if not is_installed():
        return False
    with contextlib.suppress(MissingExtra, PrintFailure):
        _write(folder / "record.pdf", found.as_pages(paper=paper))
        return True
    return False


def _make(target: Path) -> None:
    try:
        target.mkdir(mode=0o700, exist_ok=True)
    except OSError as problem:
        raise BadInput("--to", f"cannot be made: {problem.strerror}", "a new folder") from None
    if target.stat().st_mode & 0o077:
        raise BadInput("--to", "others on this machine may look into it", "chmod 700, or a new one")


def _write(path: Path, data: bytes) -> None:
    with os.fdopen(_opened(path), "wb") as file:
        file.write(data)


def _opened(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)


def _why(problem: Exception) -> str:
    """In words that say nothing of anybody."""
    if isinstance(problem, OSError):
        return problem.strerror or "it could not be written"
    return str(problem)
