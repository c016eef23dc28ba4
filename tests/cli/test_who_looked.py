"""`who-looked`, `receipt`, `verify` and `ledger`: the list, its proof, and who tampers with it."""

import json
import subprocess
import sys

import apsw
import pytest

from angerona.cli.demo_story import ASKED
from angerona.cli.entrance import now
from angerona.cli.ledger import HOLDS
from angerona.ledger import verifying
from angerona.words import LINES
from ferry_street import GRACE, INES, TOMAS


@pytest.fixture
def asked(house):
    path = house.folder / "asked.json"
    path.write_text(json.dumps({"facts": ASKED}), encoding="utf-8")
    return path


@pytest.fixture
def prove(house, asked):
    """Writes a receipt for Dov, and gives its path."""

    def write(name, *more):
        given = ("receipt", "Dov Lindqvist", "--out", house.folder / name, "--facts", asked)
        code, _, err = house.run(*given, *more, who=GRACE)
        assert (code, err) == (0, "")
        return house.folder / name

    return write


def test_who_looked_is_told_in_plain_sentences_day_by_day(house):
    code, out, err = house.run("who-looked", "Dov Lindqvist", who=GRACE)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert "  12:20  Ines Halloran (psychologist) wrote: risk and safety plan." in lines
    assert "Dana Whitlock (nurse) looked at medication and risk and safety plan" in out
    assert "  23:00  Ines Halloran (psychologist) opened this record and treats." in lines
    assert any(line.endswith("Grace Tamura (social worker) saw who looked.") for line in lines)
    assert "theodolite" not in out


def test_for_a_program_each_line_is_whole(house):
    code, out, _ = house.run("who-looked", "Dov Lindqvist", "--json", who=GRACE)
    assert code == 0
    found = json.loads(out)
    assert [one["line"] for one in found] == list(range(1, len(found) + 1))
    assert {one["kind"] for one in found} <= set(LINES)
    assert found[-1]["sentence"] == "Grace Tamura (social worker) saw who looked."
    assert found[-1]["body"]["rules"] == ["house.look.privacy_officer", "us-hipaa.use.operations"]


def test_who_treats_is_not_shown_who_looked(house):
    code, out, _ = house.run("who-looked", "Dov Lindqvist", who=INES)
    assert code == 1
    assert out.startswith("Who looked is not shown.\n")
    assert house.lines("Dov Lindqvist")[-1].kind == "refusal"


def test_a_receipt_is_proved_by_us_and_by_the_one_file_alone(house, prove):
    receipt = prove("receipt")
    assert receipt.stat().st_mode & 0o777 == 0o600
    code, out, _ = house.direct("verify", receipt)
    assert (code, out.startswith("PROVED")) == (0, True)
    alone = subprocess.run(
        [sys.executable, "-I", verifying.__file__, receipt],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (alone.returncode, alone.stdout) == (0, out)
    announced, followed = house.lines("Dov Lindqvist")[-2:]
    assert (announced.kind, announced.body["what"]) == ("disclosure", "receipt")
    assert (followed.kind, followed.body["announced"]) == ("handed_over", announced.event_id.hex())
    shown = len(verifying.read_receipt(receipt.read_text(encoding="utf-8")).lines)
    assert shown == len(house.lines("Dov Lindqvist")) - 1  # what followed came later


def test_a_receipt_that_was_changed_or_is_none_is_found(house, prove):
    receipt = prove("receipt")
    text = receipt.read_text(encoding="utf-8")
    index = next(line for line in text.splitlines() if line.startswith("index "))
    receipt.write_text(text.replace(index, "index 3"), encoding="utf-8")
    code, out, _ = house.direct("verify", receipt)
    assert (code, out.startswith("NOT PROVED: ")) == (1, True)
    code, out, _ = house.direct("verify", house.folder / "none")
    assert (code, out.startswith("CANNOT BE READ: ")) == (2, True)


def test_a_newer_receipt_continues_the_older_one(house, prove):
    first = prove("first")
    second = prove("second", "--since", first)
    _, out, _ = house.direct("verify", second, "--since", first)
    assert "lines added since then: 3 open, 0 closed." in out
    house.run("look", "Dov Lindqvist", who=INES)
    third = prove("third", "--since", second)
    code, out, _ = house.direct("verify", third, "--since", second)
    assert code == 0
    code, out, _ = house.direct("verify", first, "--since", third)
    assert (code, "NOT PROVED" in out) == (1, True)


@pytest.mark.parametrize(
    ("older", "said"),
    [("asked.json", "--since: no receipt of this ledger"), ("none", "none: no readable text file")],
)
def test_an_older_receipt_that_is_none_is_said(house, asked, older, said):
    given = ("--out", house.folder / "x", "--since", house.folder / older, "--facts", asked)
    code, _, err = house.run("receipt", "Dov Lindqvist", *given, who=GRACE)
    assert (code, err.startswith(f"angerona: {said}")) == (2, True)
    assert not (house.folder / "x").exists()


def test_the_key_can_be_given_from_elsewhere(house, prove):
    receipt = prove("receipt")
    with house.vault() as vault:
        key, _ = vault.ledger.published_keys()
    code, out, _ = house.direct("verify", receipt, "--key", key)
    assert (code, "that the key is the practice's" in out) == (0, False)


def test_a_receipt_before_anybody_was_identified_is_not_given(house):
    out_file = house.folder / "x"
    code, out, _ = house.run("receipt", "Dov Lindqvist", "--out", out_file, who=GRACE)
    assert (code, out.startswith("One thing decides:")) == (1, True)
    assert not out_file.exists()
    assert house.lines("Dov Lindqvist")[-1].kind == "refusal"


def test_a_receipt_that_cannot_be_written_failed(house, asked):
    given = ("--out", "/proc/x", "--facts", asked)
    assert house.run("receipt", "Dov Lindqvist", *given, who=GRACE)[0] == 2
    assert house.kinds("Dov Lindqvist")[-2:] == ["disclosure", "failed"]


def change(house, statement):
    connection = apsw.Connection(str(house.data / "practice.db"))
    connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM events WHERE seq = 40",
        "UPDATE events SET body = zeroblob(1024) WHERE seq = 40",
        "UPDATE entries SET blob = zeroblob(1024) WHERE rowid = 5",
        "DELETE FROM entries WHERE rowid = 5",
        "DELETE FROM ties WHERE rowid = 1",
        "UPDATE people SET keys = zeroblob(2560) WHERE rowid = 1",
    ],
)
def test_whatever_is_changed_in_the_database_is_found(house, statement):
    code, out, err = house.run("ledger", "fsck")
    without_a_head_kept_elsewhere = len(HOLDS) - 1
    assert (code, out.count("fine  "), err) == (0, without_a_head_kept_elsewhere, "")
    change(house, statement)
    code, out, _ = house.run("ledger", "fsck")
    assert code == 1
    assert "Wrong: " in out
    assert "The ledger is not whole." in out


def test_a_ledger_that_was_set_back_is_found_by_a_head_kept_elsewhere(house):
    with house.vault() as vault:
        vault.ledger.checkpoint(now())
        (house.folder / "head").write_text(vault.ledger.head(), encoding="utf-8")
    code, out, _ = house.run("ledger", "fsck", "--remembered", house.folder / "head")
    assert (code, "Every remembered head is continued" in out) == (0, True)
    code, _, err = house.run("ledger", "fsck", "--remembered", house.folder / "none")
    assert (code, err) == (2, "angerona: none: no readable text file; a remembered head\n")


def test_tiles_are_written_once(house):
    folder = house.folder / "tiles"
    code, out, _ = house.run("ledger", "tiles", folder)
    assert (code, out.startswith("Written: the checkpoint, and ")) == (0, True)
    assert (folder / "keys").read_text(encoding="ascii").count("\n") == 2
    entries = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert TOMAS.encode() not in entries
    _, again, _ = house.run("ledger", "tiles", folder)
    assert "and 0 new tiles" in again or "and 1 new tiles" in again
    (house.folder / "file").write_text("", encoding="utf-8")
    code, _, err = house.run("ledger", "tiles", house.folder / "file")
    assert (code, err.startswith("angerona: the folder for the tiles: cannot be written")) == (
        2,
        True,
    )
