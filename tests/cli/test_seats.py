"""`angerona keys seats` and `share-anew`: other key holders, and never fewer than a quorum."""

import pytest

from angerona.cli.entrance import opened
from closed_practice import as_thea, closed_practice, copied, run

ADA = "Ada Invented"
AGREED = ("--seat-file", "seat-1", "--seat-file", "seat-2")


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    return closed_practice(tmp_path_factory.mktemp("seats") / "place")


@pytest.fixture
def place(begun, tmp_path, monkeypatch):
    return copied(begun, tmp_path / "place", monkeypatch)


def seats(place, *given, agreed=AGREED):
    return run(place, "keys", "seats", *given, *agreed, *as_thea(place))


def opens(place, *papers):
    """Whether these papers open a record."""
    asked = ("--compartments", "risk", "--limit", "court", "--out", "asked", "--force")
    assert run(place, "keys", "request", ADA, *asked, *as_thea(place), reason="x").returncode == 0
    parts = []
    for number, paper in enumerate(papers):
        words = ("--seat-file", paper, "--yes", "--force", "--out", f"part-{number}")
        given = run(place, "keys", "give", "--request", "asked", *words)
        parts += ["--part", f"part-{number}"] if given.returncode == 0 else []
    return run(place, "keys", "open", "--request", "asked", *parts, *as_thea(place)).returncode == 0


def words_of(place, paper):
    """The words of a paper that was written as text, in a file as they are given."""
    text = (place / "data-papers" / f"{paper}.txt").read_text(encoding="utf-8")
    file = place / f"new-{paper}"
    file.write_text(text.strip().splitlines()[-1] + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file.name


def test_a_seat_is_replaced_and_the_records_are_shared_anew(place):
    done = seats(place, "--remove", "3", "--add", "A cousin")
    assert (done.returncode, done.stderr) == (0, "")
    [paper] = (place / "data-papers").iterdir()
    assert paper.stem == "seat-3"
    assert paper.stat().st_mode & 0o777 == 0o600
    assert opens(place, "seat-1", "seat-2")
    assert not opens(place, "seat-1", "seat-3")
    anew = run(place, "keys", "share-anew", *AGREED, *as_thea(place))
    assert (anew.returncode, anew.stderr) == (0, ""), anew.stdout
    assert run(place, "ledger", "fsck").returncode == 0
    if paper.suffix == ".txt":
        assert opens(place, "seat-1", words_of(place, "seat-3"))


@pytest.mark.parametrize(
    ("given", "agreed", "said"),
    [
        (("--add", "A"), ("--seat-file", "seat-1", "--seat-file", "seat-1"), "1 key holders have"),
        (("--add", "A"), ("--seat-file", "seat-1"), "the terminal: nobody is here to type it"),
        (("--add", "A"), ("--seat-file", "seat-1", "--seat-file", "password"), ""),
        (("--remove", "9"), AGREED, "seats: are none of this practice"),
        (("--remove", "3"), AGREED, "seats: too few or too many"),
        (("--quorum", "4"), AGREED, "quorum"),
        (("--add", "A", "--paper", "a5"), AGREED, "--paper: no such paper"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(place, given, agreed, said):
    done = seats(place, *given, agreed=agreed)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith(f"angerona: {said}"), done.stderr
    assert not (place / "data-papers").exists()


def test_only_the_officer_changes_seats(place):
    enrol = ("member", "enrol", "Mira", "--role", "nurse", "--new-file", "password")
    assert run(place, *enrol, *as_thea(place)).returncode == 0
    as_mira = ["--as", "Mira", "--password-file", "password"]
    for command in (("seats", "--add", "A"), ("share-anew",)):
        done = run(place, "keys", *command, *AGREED, *as_mira)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("angerona: nothing is opened without a permit")


def test_where_no_paper_can_be_written_no_seat_is_changed(place):
    done = seats(place, "--add", "A cousin", "--papers", "password/papers")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    with opened(place / "data") as vault:
        assert len(vault.practice().seats) == 3
