"""`angerona keys`: request, parts, opening; turning a record's keys."""

import datetime

import pytest

from angerona.cli.entrance import now
from closed_practice import as_thea, closed_practice, run


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return closed_practice(tmp_path_factory.mktemp("keys"))


def request(place, name, *, client="Ada Invented", compartments="risk,progress", limit="court"):
    options = ["--compartments", compartments, "--limit", limit, "--out", name]
    return run(
        place, "keys", "request", client, *options, *as_thea(place), reason="an order of the court"
    )


def test_a_record_is_opened_by_two_of_three(place):
    assert request(place, "asked").returncode == 0
    for seat in (1, 3):
        given = run(
            place,
            *("keys", "give", "--request", "asked", "--seat-file", f"seat-{seat}", "--yes"),
            *("--out", f"part-{seat}"),
        )
        assert given.returncode == 0, given.stderr
        assert (place / f"part-{seat}").stat().st_mode & 0o777 == 0o600
    parts = ["--part", "part-1", "--part", "part-3"]
    opened = run(place, "keys", "open", "--request", "asked", *parts, *as_thea(place))
    assert opened.returncode == 0, opened.stderr
    assert "Compartments: risk, progress" in opened.stdout
    lines = run(place, "ledger", "fsck")
    assert lines.returncode == 0, lines.stdout + lines.stderr


def test_one_part_opens_nothing_and_nobody_can_be_asked(place):
    request(place, "again")
    run(
        place,
        "keys",
        "give",
        "--request",
        "again",
        "--seat-file",
        "seat-2",
        "--yes",
        "--out",
        "part-2",
    )
    opened = run(place, "keys", "open", "--request", "again", "--part", "part-2", *as_thea(place))
    assert opened.returncode == 2
    assert opened.stderr == ("angerona: 1 key holders have given their part, 2 are needed\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["keys", "give", "--request", "password", "--seat-file", "seat-1"], "--request"),
        (["keys", "give", "--request", "none", "--seat-file", "seat-1"], "cannot be read"),
        (["keys", "give", "--request", "good", "--seat-file", "password"], "words"),
    ],
)
def test_what_is_no_request_and_no_seat_is_said(place, arguments, said):
    if not (place / "good").exists():
        request(place, "good")
    done = run(place, *arguments, "--yes", "--out", "never")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert said in done.stderr
    assert not (place / "never").exists()


def test_a_request_for_an_unknown_client_or_limit_writes_no_file(place):
    for case in ({"client": "Nobody"}, {"limit": "consent"}, {"compartments": "everything"}):
        done = request(place, "refused", **case)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert not (place / "refused").exists()


def test_keys_are_turned(place):
    done = run(place, "keys", "turn", "Ada Invented", *as_thea(place))
    assert (done.returncode, done.stderr) == (0, "")
    assert "turned" in done.stdout


def test_key_holders_put_a_successor_in_who_takes_a_record_over(place):
    _secret = place / "of-sue"
    _secret.write_text("the password of a successor\n", encoding="utf-8")
    _secret.chmod(0o600)
    seats = ["--seat-file", "seat-1", "--seat-file", "seat-2"]
    done = run(
        place,
        *("keys", "succeed", "--name", "Sue", "--role", "psychologist", *seats),
        *("--password-file", "of-sue"),
    )
    assert done.returncode == 0, done.stderr
    assert "No record is open by this." in done.stdout
    as_sue = ["--as", "Sue", "--password-file", "of-sue"]
    ada = ["Ada Invented", "--compartments", "risk,progress", "--limit", "care"]
    asked = run(place, "keys", "request", *ada, "--out", "care", *as_sue, reason="Thea died")
    assert asked.returncode == 0, asked.stderr
    for seat in (1, 2):
        words = ["--seat-file", f"seat-{seat}", "--yes", "--out", f"care-{seat}"]
        assert run(place, "keys", "give", "--request", "care", *words).returncode == 0
    parts = ["--part", "care-1", "--part", "care-2"]
    assert run(place, "keys", "open", "--request", "care", *parts, *as_sue).returncode == 0
    assert run(place, "ledger", "fsck").returncode == 0
    few = run(
        place,
        *("keys", "succeed", "--name", "Tom", "--seat-file", "seat-1", "--seat-file", "seat-1"),
        *("--password-file", "of-sue"),
    )
    assert (few.returncode, few.stderr.count("\n")) == (2, 1)


def test_a_court_that_forbids_telling_holds_the_lines(place):
    ada = ("Ada Invented", "--compartments", "risk", "--limit", "court")
    until = ("--hold-until", f"{now() + datetime.timedelta(days=90):%Y-%m-%d}")
    before = run(place, "who-looked", "Ada Invented", *as_thea(place)).stdout
    asked = run(
        place, "keys", "request", *ada, *until, "--out", "held", *as_thea(place), reason="an order"
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "The ledger has the request, held until" in asked.stdout
    for seat in (1, 2):
        words = ["--seat-file", f"seat-{seat}", "--yes", "--out", f"held-{seat}"]
        given = run(place, "keys", "give", "--request", "held", *words)
        assert "The client must not be told before" in given.stdout
    parts = ["--part", "held-1", "--part", "held-2"]
    assert run(place, "keys", "open", "--request", "held", *parts, *as_thea(place)).returncode == 0
    after = run(place, "who-looked", "Ada Invented", *as_thea(place)).stdout
    assert after.count("key holders") == before.count("key holders")
    assert run(place, "ledger", "fsck").returncode == 0
    harm = ("Ada Invented", "--compartments", "risk", "--limit", "harm")
    for wrong, said in (
        ((*harm, *until), "hold until: is for a court's order alone"),
        ((*ada, "--hold-until", "2001-01-01"), "hold until: is past or too far away"),
        ((*ada, "--hold-until", "soon"), "--hold-until: is no day"),
        ((*ada, "--hold-until", "0001-01-01"), "--hold-until: is no day"),
    ):
        done = run(
            place, "keys", "request", *wrong, "--out", "never", *as_thea(place), reason="an order"
        )
        assert (done.returncode, done.stderr.startswith(f"angerona: {said}")) == (2, True)
        assert not (place / "never").exists()
