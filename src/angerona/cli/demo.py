"""`angerona demo --story`: what happens in an invented practice, as a story, in a temporary folder.

Every step is a command as a person would type it, run on a real practice with a real ledger.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from angerona.cli import asking
from angerona.cli.demo_story import (
    ALONE,
    ASKED,
    BEGINNING,
    ENDING,
    ESTABLISHED,
    STEPS,
    THIEF,
    WHOLE,
    WORDS,
    Step,
)
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
    from collections.abc import Iterator

INTERRUPTED: Final = 130
_STATE: Final = "XDG_STATE_HOME"
DATA: Final = "practice"
PASSWORD_FILE: Final = "password"  # noqa: S105 -- the name of a file


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
    with folder_of_the_demo(keep) as folder:
        return _told(folder)


@contextlib.contextmanager
def folder_of_the_demo(keep: str | None) -> Iterator[Path]:
    """An empty folder that is deleted with the block, or a new one that is kept.

    Raises `BadInput` where the one to keep is there already.
    """
    folder = Path(keep).absolute() if keep is not None else Path(tempfile.mkdtemp())
    if keep is not None and folder.exists():
        raise BadInput("--keep", "the folder is there already", "a new folder")
    try:
        make_folder(folder)
        with _state_in(folder / "state"):
            yield folder
    finally:
        if keep is None:
            shutil.rmtree(folder)


@contextlib.contextmanager
def _state_in(folder: Path) -> Iterator[None]:
    """Have heads remembered in this folder: of what is deleted nothing shall be left (heads.py)."""
    before = os.environ.get(_STATE)
    os.environ[_STATE] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_STATE]
        else:
            os.environ[_STATE] = before


def _told(folder: Path) -> int:
    _say("A practice on Ferry Street", BEGINNING)
    began = now()
    sample = lay_out(folder)
    took = (now() - began).total_seconds()
    count = len(sample.clients)
    _say(
        "", f"There it is, after {took:.0f} seconds: {len(sample.people)} people, {count} clients."
    )
    _write(folder / "letter.json", json.dumps({"facts": ESTABLISHED}))
    _write(folder / "asked.json", json.dumps({"facts": ASKED}))
    ended = [_run(folder, step) for step in STEPS]
    ended += [_thief(folder), _alone(folder), _run(folder, WHOLE)]
    _say("The end", ENDING)
    return int(not all(ended))


def _sets_pages() -> bool:
    """Whether the extra that sets PDFs is installed."""
    return all(importlib.util.find_spec(name) for name in ("typst", "pikepdf"))


def _run(folder: Path, step: Step) -> bool:
    """Tell and run one step; whether it ended as it must."""
    from angerona.cli.edge import run  # noqa: PLC0415 -- the edge itself loads the commands

    ending = "pdf" if _sets_pages() else "json"
    command = [part.format(ending=ending) for part in step.command]
    shown = [part.removeprefix("@") for part in command]
    _say(step.title, step.tells, shlex.join(("angerona", *shown)))
    given = [str(folder / part[1:]) if part.startswith("@") else part for part in command]
    given += ["--data", str(folder / DATA)]
    if "--as" in command:
        given += ["--password-file", str(folder / PASSWORD_FILE)]
    code = run(given)
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    if code != step.code:
        complain(f"this step should have ended with {step.code}, and ended with {code}")
    return code == step.code


def _thief(folder: Path) -> bool:
    """Search everything that lies in the data folder, as a thief would."""
    _say("A thief in the night", f"{THIEF} {', '.join(WORDS)}.")
    stolen = b"".join(path.read_bytes() for path in sorted((folder / DATA).iterdir()))
    found = [word for word in WORDS if word.lower().encode() in stolen.lower()]
    page = Page()
    page.paragraph(f"{len(stolen):,} bytes searched; found: {', '.join(found) or 'nothing'}.")
    say_styled(page.lines(width_now()))
    return not found


def _alone(folder: Path) -> bool:
    """Check the receipt with the one file that stands alone, in a Python of its own."""
    program = Path(verifying.__file__)
    _say("At home", ALONE, f"python {program.name} receipt")
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
