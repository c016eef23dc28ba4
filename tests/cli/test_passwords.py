"""`angerona password`: by the old one, and by the recovery code; nothing else."""

import pytest

from closed_practice import as_thea, closed_practice, copied, run


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    place = closed_practice(tmp_path_factory.mktemp("passwords") / "place")
    for name, text in (("new", "a third long sentence"), ("bad", "short"), ("no-code", "AAAAA")):
        (place / name).write_text(text + "\n", encoding="utf-8")
        (place / name).chmod(0o600)
    return place


@pytest.fixture
def place(begun, tmp_path, monkeypatch):
    return copied(begun, tmp_path / "place", monkeypatch)


def test_a_new_password_replaces_the_old_one(place):
    done = run(place, "password", *as_thea(place), "--new-file", "new")
    assert (done.returncode, done.stderr) == (0, "")
    assert run(place, "clients", *as_thea(place)).returncode == 2
    assert run(place, "clients", "--as", "Thea", "--password-file", "new").returncode == 0


def test_the_recovery_code_lets_one_choose_a_new_one(place):
    by_code = ["--as", "Thea", "--recovery-file", "code", "--new-file", "new"]
    assert run(place, "password", *by_code).returncode == 0
    assert run(place, "clients", "--as", "Thea", "--password-file", "new").returncode == 0


def test_a_wrong_code_or_a_short_password_changes_nothing(place):
    wrong = ["--as", "Thea", "--recovery-file", "no-code", "--new-file", "new"]
    assert run(place, "password", *wrong).returncode == 2
    done = run(place, "password", *as_thea(place), "--new-file", "bad")
    assert "12 to 1024 characters" in done.stderr
    assert run(place, "clients", *as_thea(place)).returncode == 0
