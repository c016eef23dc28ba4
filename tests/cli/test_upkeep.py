"""`angerona ledger upkeep`: once a day, and harmless twice."""

import contextlib
import sqlite3

import pytest

from closed_practice import closed_practice, run
from ferry_street import wait_for_a_day


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return closed_practice(tmp_path_factory.mktemp("upkeep"))


def test_a_practice_is_kept_up_once_a_day(tmp_path):
    place = closed_practice(tmp_path / "of its own")
    wait_for_a_day()
    first = run(place, "ledger", "upkeep")
    assert (first.returncode, first.stderr) == (0, "")
    assert "1 blank lines written" in first.stdout
    assert "0 blank lines written" in run(place, "ledger", "upkeep").stdout
    assert run(place, "ledger", "fsck").returncode == 0


def test_a_check_that_finds_a_row_gone_opens_an_incident(tmp_path):
    place = closed_practice(tmp_path / "of its own")
    with contextlib.closing(sqlite3.connect(place / "data" / "practice.db")) as store:
        practice = store.execute("SELECT practice_id FROM practices").fetchone()[0]
        owed = (practice, bytes(16), practice, b"no row that anybody sealed")
        store.execute(
            "INSERT INTO duties (practice_id, duty_id, client_id, row) VALUES (?, ?, ?, ?)", owed
        )
        store.commit()
    assert run(place, "ledger", "fsck").returncode == 1
    assert run(place, "ledger", "fsck").returncode == 1
    with contextlib.closing(sqlite3.connect(place / "data" / "practice.db")) as store:
        assert store.execute("SELECT count(*) FROM duties").fetchone() == (2,), "one, and once"


def test_a_spool_that_is_not_there_holds_nothing(place):
    done = run(place, "ledger", "upkeep", "--spool", str(place / "none"))
    assert "0 looks of an emergency" in done.stdout


def test_a_spool_of_something_else_is_kept_and_said(place):
    (place / "spool").write_text("not an event\n", encoding="utf-8")
    done = run(place, "ledger", "upkeep", "--spool", str(place / "spool"))
    assert "Line 1 of the spool is not an event anybody here signed" in done.stdout
    [kept] = place.glob("spool.*.done")
    assert kept.read_text(encoding="utf-8") == "not an event\n"
