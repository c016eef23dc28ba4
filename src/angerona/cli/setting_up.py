"""`angerona serve` where there is no practice yet: it is founded in a browser of this machine.

The practice is made by what `angerona init` uses (`founding.py`), its papers in a folder beside the
data as there; when the founder has ticked that they are printed, that folder is deleted.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from angerona.cli import asking
from angerona.cli.entrance import can_ask
from angerona.cli.founding import Asked, check_empty, lay
from angerona.cli.kit import papers_beside, split_of
from angerona.cli.output import complain, say
from angerona.cli.places import NAMES, packs_of, zone_of
from angerona.cli.settings import SETTINGS_FILE
from angerona.errors import BadInput, KeeperFailure, StoreError
from angerona.practice.founding import NewPractice
from angerona.practice.members import NewMember
from angerona.practice.zones import times_are
from angerona.sealed.compartments import BY_POST
from angerona.sealed.hardening import harden
from angerona.sealed.people import check_password
from angerona.site.serving import is_near, served
from angerona.site.setting_up import SetUpSite
from angerona.store import open_store
from angerona.web.set_up import HandOver, Offers, Paper, SetUp
from angerona.web.turn import Download

if TYPE_CHECKING:
    import socket
    import threading

    from angerona.rules.compile import Packs
    from angerona.site.serving import Tls
    from angerona.web.set_up import Answers

WAITS_S: Final = 0.2
"""How often it is looked whether the server still runs."""
_TYPES: Final = {".pdf": "application/pdf", ".txt": "text/plain; charset=utf-8"}


def is_to_found(folder: Path, host: str, *, is_named: bool) -> bool:
    """Whether there is no practice in a folder, so that one is founded first.

    `is_named`: browsers elsewhere call the site by a name of its own. Raises `BadInput` where a
    founding could be reached from elsewhere, or what lies in the folder is in its way.
    """
    if (folder / SETTINGS_FILE).exists():
        return False
    check_empty(folder)
    if is_named or not is_near(host):
        raise BadInput(
            "the data folder",
            "there is no practice in it, and one is founded only from this machine",
            "angerona init, or angerona serve without --host and --origin",
        )
    if papers_beside(folder).exists():
        raise BadInput(
            "the folder for the papers",
            "is there already, beside the data folder",
            "move it away, or angerona init --papers NEW-FOLDER",
        )
    return True


def founded_in_browser(
    folder: Path, called: str, bound: socket.socket, tls: Tls | None, store: str | None
) -> bool:
    """Serve the set-up until the practice is founded and its papers are printed.

    `store` is the address of another store than the usual file.
    False where it ended before; then what there is stays as it is. The socket stays open, so that
    the founder's browser waits at it for the site itself.
    """
    harden()
    papers = papers_beside(folder)
    packs = asking.loaded(None)
    set_up = SetUp(
        _offers(folder, packs, store),
        lambda answers: _found(folder, packs, store, answers),
        lambda: shutil.rmtree(papers),
    )
    site = SetUpSite(set_up, called)
    is_stopped = False
    try:
        with served(site.application(), bound.dup(), tls=tls) as thread:
            say(
                "There is no practice here yet. Found it in a browser of this machine, at this "
                f"address, which is good once:\n{site.address}"
            )
            _wait(thread, set_up)
    except KeyboardInterrupt:
        is_stopped = True
    if set_up.hand_over is not None:
        complain(f"the practice is founded; print and hand out what lies in {papers}, delete it")
    return set_up.is_over.is_set() and not is_stopped


def _wait(thread: threading.Thread, set_up: SetUp) -> None:
    while thread.is_alive() and not set_up.is_over.wait(WAITS_S):
        pass


def check_store(store: str) -> None:
    """Open a store once, so that what is wrong with it is said before anybody fills in a form.

    Raises `BadInput` for no address of one, `StoreError` for one that cannot be opened.
    """
    open_store(store).close()


def _said(store: str | None, folder: Path) -> str:
    """Where the records lie, without whatever else stands in the address of a database."""
    if store is None:
        return f"in the folder {folder}"
    parts = urlsplit(store)
    name = parts.path.rpartition("/")[2]
    if parts.scheme == "sqlite":
        return f"in the file {parts.path}"
    at = f" on {parts.hostname}" if parts.hostname else ""
    return f"in the PostgreSQL database {name}{at}" if name else f"in PostgreSQL{at}"


def _offers(folder: Path, packs: Packs, store: str | None) -> Offers:
    country = {code: name for code, name in NAMES.items() if "-" not in code}
    places = {}
    for code, name in NAMES.items():
        loaded = ", ".join(packs_of(code, packs))
        above = country[code.partition("-")[0]]
        places[code] = f"{name if name == above else f'{above}: {name}'} (law: {loaded})"
    return Offers(
        places=dict(sorted(places.items(), key=lambda one: one[1])),
        records=_said(store, folder),
        boot_file=str(folder.with_name(f"{folder.name}-boot")),
        papers=str(papers_beside(folder)),
        can_ask=can_ask(),
    )


def _found(folder: Path, packs: Packs, store: str | None, answers: Answers) -> HandOver:
    """Found what the form says. Raises `BadInput`."""
    check_password(answers.password)
    _check_file(answers.keeper, folder)
    split = split_of(answers.kit_shares or None)
    quorum = answers.quorum if answers.quorum is not None else len(answers.holders) // 2 + 1
    practice = NewPractice(
        name=answers.name,
        place=answers.place,
        zone=zone_of(answers.place, answers.zone),
        packs=packs_of(answers.place, packs),
        seats=answers.holders,
        quorum=quorum,
    )
    member = NewMember(name=answers.founder, roles=answers.roles, posts=tuple(BY_POST))
    papers = papers_beside(folder)
    asked = Asked(
        folder=folder,
        papers=papers,
        store=store,
        keeper=answers.keeper,
        paper=answers.paper,
        split=split,
        practice=practice,
        member=member,
        password=answers.password,
    )
    try:
        laid = lay(asked)
    except KeeperFailure as problem:
        raise BadInput("the boot secret", problem.what, problem.remedy) from problem
    except StoreError as problem:
        wrong, allowed = "cannot be written to just now", "the same again, once it can be reached"
        raise BadInput("where the records lie", wrong, allowed) from problem
    ending = ".pdf" if laid.kinds == "PDFs" else ".txt"
    seats = [
        _paper(papers / f"seat-{one.number}{ending}", f"Seat {one.number}: {one.title}")
        for one in laid.made.papers
    ]
    return HandOver(
        practice=practice.name,
        founder=member.name,
        code=laid.made.first.recovery_code,
        kit=(_paper(papers / f"recovery-kit{ending}", "The recovery kit"),),
        shares=tuple(
            _paper(papers / f"kit-share-{number}{ending}", f"Share {number} of {split[1]}")
            for number in range(1, split[1] + 1)
        )
        if split
        else (),
        shares_needed=split[0] if split else 0,
        seats=tuple(seats),
        quorum=quorum,
        law=tuple(f"{packs.packs[one].title} ({packs.packs[one].as_of})" for one in practice.packs),
        clock=times_are(practice.zone),
        keeper=laid.keeper.describe(),
        is_typed=laid.keeper.name == "prompt",
    )


def _check_file(keeper: str, folder: Path) -> None:
    """Raise `BadInput` for a boot secret beside the records, or where the papers are deleted."""
    kind, _, rest = keeper.partition(":")
    file = Path(rest).resolve()
    if kind == "file" and any(
        file.is_relative_to(one.resolve()) for one in (folder, papers_beside(folder))
    ):
        raise BadInput(
            "where the file lies", "is in a folder of the records or papers", "beside them"
        )


def _paper(path: Path, says: str) -> Paper:
    return Paper(says, Download(path.name, _TYPES[path.suffix], path.read_bytes()))
