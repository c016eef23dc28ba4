"""`angerona demo`: an invented practice in a temporary folder, and what happens in it, as a story.

Every step is a command as a person would type it, run on a real practice with a real ledger.
"""

from __future__ import annotations

import importlib.util
import json
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from angerona.cli import asking
from angerona.cli.entrance import KEYSET_FILE, now
from angerona.cli.founding import STORE_FILE
from angerona.cli.output import complain, say_styled
from angerona.cli.page import QUIET, Page, width_now
from angerona.cli.settings import Settings, make_folder, write_settings
from angerona.errors import BadInput
from angerona.ledger import verifying
from angerona.practice.sample_world import PASSWORD, Sample, build
from angerona.sealed.boot import BootSecret
from angerona.sealed.keepers.file import FileKeeper
from angerona.sealed.private_files import write_private
from angerona.store import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED: Final = 130
DATA: Final = "practice"
PASSWORD_FILE: Final = "password"  # noqa: S105 -- the name of a file
WORDS: Final = (
    *("Benedikt", "Halloran", "Lindqvist", "Ferry Street", "555-0104"),
    *("cardiologist", "sertraline", "harbour", "insurer"),
)
"""What a thief might search the database for; all of it stands in the sample."""


@dataclass(frozen=True, slots=True)
class _Step:
    """What is told first, the command (after `angerona`), and how it must end."""

    title: str
    tells: str
    command: tuple[str, ...]
    code: int = 0


def lay_out(folder: Path) -> Sample:
    """The sample world in an empty folder: data, boot secret and password file beside each other.

    For trying out and for tests: nothing of a real practice may lie like this.
    """
    data = folder / DATA
    make_folder(data)
    keeper = FileKeeper(folder / "boot")
    address = f"sqlite:///{quote(str(data / STORE_FILE))}"
    with BootSecret.fresh() as boot:
        keeper.create(boot)
        store = open_store(address)
        try:
            sample = build(store, boot, data / KEYSET_FILE, asking.loaded(None), at=now())
        finally:
            store.close()
    practice = sample.founded.vault.practice_id.hex()
    settings = Settings(store=address, keeper=f"file:{keeper.path}", practice=practice)
    write_settings(data, settings, replace=False)
    _write(folder / PASSWORD_FILE, f"{PASSWORD}\n")
    return sample


def tell(keep: str | None) -> int:
    """Tell the whole story; 1 if anything ended otherwise than it should."""
    folder = Path(keep).absolute() if keep is not None else Path(tempfile.mkdtemp())
    if keep is not None and folder.exists():
        raise BadInput("--keep", "the folder is there already", "a new folder")
    try:
        make_folder(folder)
        return _told(folder)
    finally:
        if keep is None:
            shutil.rmtree(folder)


def _told(folder: Path) -> int:
    _say("A practice on Ferry Street", _BEGINNING)
    began = now()
    sample = lay_out(folder)
    took = (now() - began).total_seconds()
    count = len(sample.clients)
    _say(
        "", f"There it is, after {took:.0f} seconds: {len(sample.people)} people, {count} clients."
    )
    _write(folder / "letter.json", json.dumps({"facts": _CHECKED}))
    _write(folder / "asked.json", json.dumps({"facts": _ASKED}))
    ended = [_run(folder, step) for step in _steps(folder)]
    ended += [_thief(folder), _alone(folder), _run(folder, _WHOLE)]
    _say("The end", _ENDING)
    return int(not all(ended))


_BEGINNING: Final = (
    "Seven people work here, all invented, as are their clients. Everything below is done by the "
    "same commands that a real practice uses, on a real database with a real ledger, in a folder "
    "that is deleted at the end. (Each command is also told where the data lies, and a file with "
    "the password: --data and --password-file.)"
)
_ENDING: Final = (
    "Found your own practice with: angerona init. Put a question of law without any record with: "
    "angerona ask. What every command does: docs/COMMANDS.md."
)
_CHECKED: Final = {
    "purpose.established": True,
    "recipient.identity_verified": True,
    "record.joint": False,
    "client.unsafe_to_tell": False,
    "house.secrecy_ordered": False,
}
_ASKED: Final = {"recipient.identity_verified": True, "us_hipaa.accounting_hold": False}
_WHOLE: Final = _Step(
    "Is the ledger whole?",
    "Last, everything is worked out again from the first line on, and compared.",
    ("ledger", "fsck"),
)


def _steps(folder: Path) -> list[_Step]:
    packet = folder / ("packet.pdf" if _sets_pages() else "packet.json")
    ines, grace = ("--as", "Ines Halloran"), ("--as", "Grace Tamura")
    return [
        _Step(
            "A therapist and her clients",
            "Ines Halloran, psychologist, asks for her clients.",
            ("clients", *ines),
        ),
        _Step(
            "A colleague's client",
            "Carmen Ibarra is a client of her colleague Tomas. Ines has no tie to her, so what she "
            "hears is silence:",
            ("look", "Carmen Ibarra", *ines),
            code=2,
        ),
        _Step(
            "Nobody at all",
            "and it is the very same silence as for somebody whom nobody here knows.",
            ("look", "Norbert Nobody", *ines),
            code=2,
        ),
        _Step(
            "Saturday night, on call",
            "Dov Lindqvist rings at night. Dana, on call, has never met him. She reads what keeps "
            "him safe, and nothing of his sessions: her keys open no more than that.",
            ("look", "Dov Lindqvist", "--as", "Dana Whitlock"),
        ),
        _Step(
            "The insurer's letter",
            "An insurer asks for Benedikt Sorel's diagnosis, plan and session notes. He has signed "
            "a consent, which names the first two. Ines has called the insurer back on a number "
            "that she looked up; what she established stands in a file.",
            (
                *("disclose", "Benedikt Sorel", "--to", "insurer", "--purpose", "insurance"),
                *("--instrument", "consent", "--wants", "diagnosis,treatment_plan,progress_note"),
                *("--for", "Harbor Mutual", "--facts", str(folder / "letter.json")),
                *("--out", str(packet), "--yes", *ines),
            ),
        ),
        _Step(
            "What the insurer receives",
            "The packet is signed. Whoever holds it can check that nothing was added or left out.",
            ("packet", "verify", str(packet)),
        ),
        _Step(
            "The lawyer's letter",
            "The other side's lawyer in a lawsuit writes to Tomas and wants everything about Kofi "
            "Brandt.",
            (
                *("disclose", "Kofi Brandt", "--to", "opposing_attorney"),
                *("--purpose", "legal_proceeding", "--instrument", "written_request"),
                *("--for", "Stone and Partners", "--out", str(folder / "none.json")),
                *("--as", "Tomas Birk"),
            ),
            code=1,
        ),
        _Step(
            "Who looked?",
            "Benedikt asks who has seen his record. Grace, the privacy officer, has the list.",
            ("who-looked", "Benedikt Sorel", *grace),
        ),
        _Step(
            "Something to take home",
            "He need not believe her. She gives him the proof, as a file.",
            (
                *("receipt", "Benedikt Sorel", "--out", str(folder / "receipt")),
                *("--facts", str(folder / "asked.json"), *grace),
            ),
        ),
    ]


def _sets_pages() -> bool:
    """Whether the extra that sets PDFs is installed."""
    return all(importlib.util.find_spec(name) for name in ("typst", "pikepdf"))


def _run(folder: Path, step: _Step) -> bool:
    """Tell and run one step; whether it ended as it must."""
    from angerona.cli.edge import run  # noqa: PLC0415 -- the edge itself loads the commands

    _say(step.title, step.tells, shlex.join(("angerona", *_short(folder, step.command))))
    more = ["--data", str(folder / DATA)]
    if "--as" in step.command:
        more += ["--password-file", str(folder / PASSWORD_FILE)]
    code = run([*step.command, *more])
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code != step.code:
        complain(f"this step should have ended with {step.code}, and ended with {code}")
    return code == step.code


def _short(folder: Path, command: Sequence[str]) -> list[str]:
    return [part.replace(f"{folder}/", "") for part in command]


def _thief(folder: Path) -> bool:
    """Search everything that lies in the data folder, as a thief would."""
    _say(
        "A thief in the night",
        "Somebody copies the whole data folder, and searches it for names and words that stand in "
        f"it: {', '.join(WORDS)}.",
    )
    stolen = b"".join(path.read_bytes() for path in sorted((folder / DATA).iterdir()))
    found = [word for word in WORDS if word.lower().encode() in stolen.lower()]
    page = Page()
    page.paragraph(f"{len(stolen):,} bytes searched; found: {', '.join(found) or 'nothing'}.")
    say_styled(page.lines(width_now()))
    return not found


def _alone(folder: Path) -> bool:
    """Check the receipt with the one file that stands alone, in a Python of its own."""
    program = Path(verifying.__file__)
    _say(
        "At home",
        "Benedikt checks the proof on his own computer. He needs Python and one file, and neither "
        "this software nor the practice.",
        f"python {program.name} receipt",
    )
    command = [sys.executable, "-I", str(program), str(folder / "receipt")]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 -- our own file


def _say(title: str, tells: str, command: str = "") -> None:
    page = Page()
    if title:
        page.heading("")
        page.headline(f"== {title}", "bold cyan")
    page.space()
    page.paragraph(tells)
    if command:
        page.space()
        page.paragraph(f"$ {command}", indent=2, style=QUIET)
        page.space()
    say_styled(page.lines(width_now()))


def _write(path: Path, text: str) -> None:
    write_private(path, text.encode(), partial(BadInput, path.name), replace=False)
