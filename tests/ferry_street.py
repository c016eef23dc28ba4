"""The practice on Ferry Street as it lies on disk, and commands run in it."""

import contextlib
import datetime
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from angerona.cli import demo
from angerona.cli.entrance import now, opened
from angerona.practice.caseload import client_of
from angerona.practice.members import sign_in_with_password
from angerona.practice.sample_world import PASSWORD

COMMAND = [sys.executable, "-c", "from angerona.cli import main; main()"]
DAY = datetime.timedelta(days=1)
NEAR_MIDNIGHT = datetime.timedelta(minutes=2)
INES, TOMAS, GRACE = "Ines Halloran", "Tomas Birk", "Grace Tamura"
NOOR, PAVEL, DANA, RUTH = "Noor Eskander", "Pavel Lind", "Dana Whitlock", "Ruth Adair"


@dataclass(frozen=True)
class House:
    """A copy of the practice that a test may do anything to."""

    folder: Path
    direct: object

    @property
    def data(self):
        return self.folder / demo.DATA

    @property
    def password(self):
        return self.folder / demo.PASSWORD_FILE

    def options(self, who, *, by="--as"):
        signed = [] if who is None else [by, who, "--password-file", str(self.password)]
        return ["--data", str(self.data), *signed]

    def run(self, *arguments, who=None, stdin=""):
        """In this process: exit code, stdout, stderr."""
        by = "--by" if arguments[0] == "import" else "--as"
        return self.direct(*arguments, *self.options(who, by=by), stdin=stdin)

    def launch(self, *arguments, who=None, by="--as", prefix=(), **more):
        """In a process of its own, without a terminal."""
        return subprocess.Popen(
            [*prefix, *COMMAND, *arguments, *self.options(who, by=by)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"COLUMNS": "80"},
            cwd=self.folder,
            start_new_session=True,
            **more,
        )

    @contextlib.contextmanager
    def vault(self):
        """The practice opened, to look at what the commands left there."""
        with opened(self.data) as vault:
            yield vault

    def lines(self, client, *, who=GRACE):
        """The ledger's lines about a client, looking them up without a trace."""
        with self.vault() as vault:
            return vault.ledger.lines_of(find(vault, client, who))

    def kinds(self, client):
        return [one.kind for one in self.lines(client)]

    def entries(self, client):
        with self.vault() as vault:
            return vault.places(find(vault, client, GRACE))

    def practice_kinds(self):
        """The kinds of the lines about the practice itself."""
        with self.vault() as vault:
            return [one.kind for one in vault.ledger.lines_of(vault.practice_id)]


def wait_for_a_day():
    """What is done once a day is to be done twice within one: near midnight, wait for the next."""
    at = now()
    midnight = (at + DAY).replace(hour=0, minute=0, second=0, microsecond=0)
    if midnight - at < NEAR_MIDNIGHT:
        time.sleep((midnight - at).total_seconds())


def find(vault, client, who):
    cookie = sign_in_with_password(vault, who, PASSWORD, now())
    with vault.visit(cookie, now()) as visit:
        return client_of(visit, client)


def laid_out(source, folder):
    """What `demo.lay_out` makes in a folder, without its being built anew."""
    copied(source, folder / "made", None)
    for path in (folder / "made").iterdir():
        path.rename(folder / path.name)
    settings = folder / demo.DATA / "angerona.toml"
    text = settings.read_text(encoding="utf-8").replace(f"{folder}/made", str(folder))
    settings.write_text(text, encoding="utf-8")
    return SimpleNamespace(people=range(7), clients=range(12))


def copied(source, target, direct):
    """A copy, with its settings pointing at itself."""
    shutil.copytree(source, target)
    settings = target / demo.DATA / "angerona.toml"
    text = settings.read_text(encoding="utf-8").replace(str(source), str(target))
    settings.write_text(text, encoding="utf-8")
    return House(target, direct)
