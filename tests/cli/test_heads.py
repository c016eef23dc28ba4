"""What an account remembers of a ledger finds a practice that was set back as a whole."""

import os
import shutil
from pathlib import Path

import pytest

from closed_practice import as_thea, closed_practice, run


@pytest.fixture
def place(tmp_path):
    return closed_practice(tmp_path / "place")


def test_a_practice_that_was_set_back_as_a_whole_is_not_opened(place, tmp_path):
    assert run(place, "keys", "turn", "Ada Invented", *as_thea(place)).returncode == 0
    shutil.copytree(place / "data", tmp_path / "before")
    assert run(place, "keys", "turn", "Ada Invented", *as_thea(place)).returncode == 0
    shutil.rmtree(place / "data")
    shutil.copytree(tmp_path / "before", place / "data")
    done = run(place, "keys", "turn", "Ada Invented", *as_thea(place))
    assert done.returncode == 2
    assert "the ledger holds less than it held then: it was set back" in done.stderr
    assert run(place, "ledger", "remember").returncode == 2
    assert run(place, "ledger", "remember", "--anew").returncode == 0
    assert run(place, "keys", "turn", "Ada Invented", *as_thea(place)).returncode == 0


def test_what_is_remembered_lies_apart_and_is_of_this_account_alone(place):
    run(place, "ledger", "remember")
    heads = Path(os.environ["XDG_STATE_HOME"], "angerona", "heads")
    for head in heads.iterdir():
        assert head.stat().st_mode & 0o777 == 0o600
        assert head.read_text(encoding="utf-8").startswith(f"angerona.invalid/{head.name}\n")
    settings = (place / "data" / "angerona.toml").read_text(encoding="utf-8")
    assert any(head.name in settings for head in heads.iterdir())
