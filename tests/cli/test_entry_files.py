"""`note --file`, `leave` and `fetch`: a file kept with an entry comes out again, whole or not."""

import os
import re

import pytest

from closed_practice import as_thea, closed_practice, run

SILENCE = (2, "", "angerona: there is nothing here that can be shown\n")
ADA = "Ada Invented"
SCAN = os.urandom(1_500_000)
AS_FAY = ["--as", "Fay", "--password-file", "first"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = closed_practice(tmp_path_factory.mktemp("files"))
    (place / "first").write_text("a first long sentence\n", encoding="utf-8")
    (place / "first").chmod(0o600)
    (place / "scan.pdf").write_bytes(SCAN)
    enrol = ("member", "enrol", "Fay", "--post", "front_desk", "--new-file", "first")
    assert run(place, *enrol, *as_thea(place)).returncode == 0
    return place


def done(place, *given, who=None, stdin=""):
    ended = run(place, *given, *(who or as_thea(place)), reason=stdin)
    return ended.returncode, ended.stdout, ended.stderr


def kept(place, *given, stdin="", who=None):
    code, out, err = done(place, *given, stdin=stdin, who=who)
    assert (code, err) == (0, ""), err
    return re.match(r"(?:Kept|Left) as ([0-9a-f-]{9})", out)[1]


@pytest.fixture(scope="module")
def entry(place):
    note = ("note", ADA, "--file", "scan.pdf", "--heading", "From the hospital")
    return kept(place, *note, stdin="A letter.")


def test_a_file_comes_out_as_it_went_in(place, entry):
    assert "With a file (scan.pdf), which angerona fetch writes out." in done(
        place, "look", ADA, "--entry", entry
    )[1].replace("\n  ", " ")
    code, out, err = done(place, "fetch", ADA, entry, "--to", "out.pdf")
    assert (code, err) == (0, "")
    assert out.startswith("Written: out.pdf, 1500000 bytes.\n  - It was kept as scan.pdf.")
    assert (place / "out.pdf").read_bytes() == SCAN
    assert (place / "out.pdf").stat().st_mode & 0o777 == 0o600
    assert "looked at session notes" in done(place, "who-looked", ADA)[1]
    again = ("fetch", ADA, entry, "--to", "out.pdf")
    assert done(place, *again) == (
        2,
        "",
        "angerona: out.pdf: exists already; --force writes over it\n",
    )
    assert done(place, *again, "--force")[0] == 0


def test_a_file_without_a_word_is_kept_with_its_name(place):
    short = kept(place, "note", ADA, "--file", "scan.pdf")
    assert "  scan.pdf\n" in done(place, "look", ADA, "--entry", short)[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["note", ADA, "--file", "none.pdf"], "--file: is no plain file; a file that exists"),
        (["note", ADA, "--file", "data"], "--file: is no plain file"),
        (["note", ADA, "--file", "/dev/stdin"], "--file: is no plain file"),
        (["note", ADA, "--file", "a\nb"], "--file: is empty, too long or not one line"),
        (["leave", ADA, "--class", "gossip"], "--class: no class of the record"),
        (["leave", ADA, "--class", "billing"], "class: takes no deposit"),
        (["leave", ADA], "text: is empty; something to keep"),
        (["fetch", ADA, "0a0a0a0a", "--to", "x"], "there is nothing here that can be shown"),
        (["fetch", "Nobody", "0a0a", "--to", "x"], "there is nothing here that can be shown"),
        (["fetch", ADA, "0a0a0a0a", "--to", "none/x"], "x: cannot be written"),
        (["fetch", ADA, "0a0a0a0a", "--to", "scan.pdf"], "scan.pdf: exists already"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(place, given, said):
    code, out, err = done(place, *given)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"angerona: {said}"), err
    assert not (place / "x").exists()


def test_an_entry_without_a_file_writes_none(place):
    short = kept(place, "note", ADA, stdin="No more than this.")
    code, _, err = done(place, "fetch", ADA, short, "--to", "x")
    assert (code, err.startswith("angerona: the entry: has no file")) == (2, True)
    assert not (place / "x").exists()


def test_the_desk_leaves_a_scan_and_does_not_read_it_again(place):
    left = ("leave", ADA, "--file", "scan.pdf", "--heading", "Came by post")
    short = kept(place, *left, who=AS_FAY)
    fetched = ("fetch", ADA, short, "--to", "x", "--purpose", "operations")
    code, out, _ = done(place, *fetched, who=AS_FAY)
    assert (code, out.startswith("Nothing is shown.")) == (1, True)
    assert not (place / "x").exists()
    assert done(place, "fetch", ADA, short, "--to", "scanned.pdf")[0] == 0
    assert (place / "scanned.pdf").read_bytes() == SCAN
    assert run(place, "ledger", "fsck").returncode == 0


def test_a_file_that_was_altered_in_the_store_is_not_half_written(place, entry):
    """A piece of another length: the beginning was true, and none of it is left behind."""
    import apsw  # noqa: PLC0415 -- the thief's own way in

    database = apsw.Connection(str(place / "data" / "practice.db"))
    [(rowid, blob)] = list(
        database.execute(
            "SELECT rowid, blob FROM attachments WHERE piece = 1 ORDER BY rowid LIMIT 1"
        )
    )
    flipped = blob[:-1] + bytes([blob[-1] ^ 1])
    database.execute("UPDATE attachments SET blob = ? WHERE rowid = ?", (flipped, rowid))
    code, out, err = done(place, "fetch", ADA, entry, "--to", "x")
    database.execute("UPDATE attachments SET blob = ? WHERE rowid = ?", (blob, rowid))
    database.close()
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert list(place.glob("*x")) == list(place.glob(".x*")) == []
