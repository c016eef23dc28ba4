"""A small practice as it lies on disk, closed, with commands run on it as a person would."""

import shutil
import subprocess
import sys

from angerona.ciphers.recovery import to_words
from angerona.cli.settings import Settings, write_settings
from angerona.sealed.keepers import keeper_at
from small_practice import PASSWORD, founded

COMMAND = [sys.executable, "-c", "from angerona.cli import main; main()"]


def closed_practice(place, **more):
    """In this folder: its data, the boot secret, Thea's password, the words of each seat.

    `more`: as `founded`.
    """
    place.mkdir(exist_ok=True)
    (place / "data").mkdir(mode=0o700)
    practice = founded(place / "data", **more)
    practice.client("Ada Invented")
    keeper_at(f"file:{place / 'boot'}", folder=place, ask=None).create(practice.boot)
    settings = Settings(
        store=f"sqlite:///{place}/data/practice.db",
        keeper=f"file:{place / 'boot'}",
        practice=practice.vault.practice_id.hex(),
    )
    write_settings(place / "data", settings, replace=False)
    _secret(place / "password", PASSWORD)
    _secret(place / "code", practice.recovery_code)
    for paper in practice.papers:
        _secret(place / f"seat-{paper.number}", to_words(paper.secret))
    practice.vault.store.close()
    return place


def copied(source, place, monkeypatch):
    """The same in another folder, for one test, and an account that remembers for itself."""
    shutil.copytree(source, place)
    settings = place / "data" / "angerona.toml"
    text = settings.read_text(encoding="utf-8").replace(str(source), str(place))
    settings.write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    return place


def _secret(path, text):
    path.write_text(text + "\n", encoding="utf-8")
    path.chmod(0o600)


def run(place, *arguments, reason=""):
    return subprocess.run(
        [*COMMAND, *arguments, "--data", str(place / "data")],
        input=reason,
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        start_new_session=True,
    )


def as_thea(place):
    return ["--as", "Thea", "--password-file", str(place / "password")]
