"""`angerona import`: the whole way in, broken files, and a run that is cut off."""

import contextlib
import os
import re
import signal
import time

import apsw
import pytest

from ferry_street import INES

HEADER = "client,date,class,heading,text\n"
NEEDLE = "hunter2"
LOCKED_MS_MAX = 60_000
ROWS = HEADER + (
    f"New N.,2026-01-05,progress_note,One,{NEEDLE} first.\n"
    f"New N.,soon,progress_note,Two,{NEEDLE} second.\n"
    f'New N.,2026-01-07,progress_note,Three,"{NEEDLE} never closed\n'
    f"Other O.,2026-01-08,gossip,Four,{NEEDLE} fourth.\n"
)


@pytest.fixture
def bring(house):
    """Writes a file of notes and brings it in."""

    def write_and_bring(text, *options, name="notes.csv"):
        data = text if isinstance(text, bytes) else text.encode()
        (house.folder / name).write_bytes(data)
        return house.run("import", house.folder / name, "--as", "notes", *options, who=INES)

    return write_and_bring


def many(count):
    return HEADER + "".join(
        f"Client {number % 7},2026-01-05,progress_note,Note {number},Text {number}.\n"
        for number in range(count)
    )


def test_what_fits_is_taken_and_the_rest_is_listed_by_line_and_reason(house, bring):
    code, out, err = bring(ROWS)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "1 note brought in, for 1 new client.",
        "3 rows could not be taken:",
        "  - Line 3: date is not a day such as 2026-03-04 or 2026-03-04T09:30",
        "  - Line 4: its quotation marks do not fit",
        "  - Line 5: class is none of those that docs/IMPORTING.md lists",
        "All of them, by line and reason: notes.csv.rejects.csv. Mend them in the file",
        "and run it again: nothing is brought in twice.",
    ]
    rejects = house.folder / "notes.csv.rejects.csv"
    assert rejects.stat().st_mode & 0o777 == 0o600
    assert rejects.read_text().splitlines()[:2] == [
        "line,reason",
        "3,date is not a day such as 2026-03-04 or 2026-03-04T09:30",
    ]
    assert NEEDLE not in rejects.read_text()
    _, out, _ = house.run("look", "New N.", who=INES)
    assert f"5 January 2026, by {INES}" in out
    assert f"{NEEDLE} first." in out


def test_the_same_file_adds_nothing_twice(house, bring):
    bring(ROWS)
    _, out, _ = bring(ROWS)
    assert out.startswith("0 notes brought in, for 0 new clients; 1 there already.\n")
    assert len(house.entries("New N.")) == 1


def test_the_list_of_rejects_may_stand_elsewhere(house, bring):
    bring(ROWS, "--rejects", house.folder / "no.csv")
    assert (house.folder / "no.csv").exists()
    assert not (house.folder / "notes.csv.rejects.csv").exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "the file: is empty"),
        (b"\xff\xfec\x00", "the file: not UTF-8 text; save it as UTF-8"),
        (f"client,{NEEDLE}\nA,B\n", "the file: a column is missing: date, class, heading, text"),
        (f"client,client\n{NEEDLE},B\n", "the file: a column name stands twice"),
        (f'[{{"client": "{NEEDLE}"', "the file: not a JSON list"),
        (f'"{NEEDLE}\n', "the file: the line of column names cannot be read"),
    ],
)
def test_a_file_that_is_no_import_is_refused_in_one_line(bring, text, said):
    code, out, err = bring(text)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"angerona: {said}")
    assert NEEDLE not in err


@pytest.mark.parametrize(
    ("file", "options", "said"),
    [
        ("none.csv", (), "none.csv: cannot be read; No such file or directory"),
        (".", (), "house: cannot be read; Is a directory"),
        ("/dev/null", (), "the file: is empty"),
        (
            "notes.csv",
            ("--as", "calendar"),
            "--as: no kind that can be imported; allowed: clients, files, notes",
        ),
        ("notes.csv", ("--rejects", "/nowhere/x"), "--rejects: no such folder"),
    ],
)
def test_what_cannot_be_brought_in_is_said(house, file, options, said):
    (house.folder / "notes.csv").write_text(ROWS, encoding="utf-8")
    place = file if file.startswith("/") else house.folder / file
    code, out, err = house.run("import", place, *options, who=INES)
    assert (code, out) == (2, "")
    assert err.startswith(f"angerona: {said}")


def test_a_pipe_is_no_file(house):
    os.mkfifo(house.folder / "pipe")
    process = house.launch("import", "pipe", who=INES, by="--by")
    with contextlib.suppress(BrokenPipeError), (house.folder / "pipe").open("wb") as pipe:
        pipe.write(ROWS.encode())
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (
        2,
        b"angerona: pipe: cannot be read twice; a file, no pipe\n",
    )


def test_every_note_has_its_line(house, bring):
    bring(many(14))
    assert house.kinds("Client 3") == ["keys", "kept", "kept"]
    code, out, _ = house.run("ledger", "fsck")
    assert (code, "The ledger is whole." in out) == (0, True)


def kept(house):
    """How many entries lie in the store, seen from outside: after whoever just opens or ends it."""
    connection = apsw.Connection(str(house.data / "practice.db"), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(LOCKED_MS_MAX)
    try:
        return next(connection.execute("SELECT count(*) FROM entries"))[0]
    finally:
        connection.close()


def cut_off(house, how, *, after):
    """Start an import, and send a signal once so many more entries are there."""
    before = kept(house)
    process = house.launch("import", "notes.csv", who=INES, by="--by")
    deadline = time.monotonic() + 60
    while kept(house) < before + after and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    process.send_signal(how)
    out, err = process.communicate(timeout=60)
    return process.returncode, out.decode(), err.decode(), kept(house) - before


@pytest.mark.parametrize("after", [3, 60])
def test_a_run_that_is_killed_goes_on_where_it_was(house, after):
    (house.folder / "notes.csv").write_text(many(400), encoding="utf-8")
    total = kept(house) + 400
    code, out, _, done = cut_off(house, signal.SIGKILL, after=after)
    assert (code, out) == (-signal.SIGKILL, "")
    assert after <= done < 400
    code, out, _ = house.run("import", house.folder / "notes.csv", who=INES)
    assert code == 0
    there = int(re.search(r"(\d+) there already", out)[1])
    assert there == done
    assert out.startswith(f"{400 - done} notes brought in")
    assert kept(house) == total
    assert (
        len([1 for one in house.run("clients", who=INES)[1].splitlines() if "Client " in one]) == 7
    )
    code, out, _ = house.run("ledger", "fsck")
    assert (code, "The ledger is whole." in out) == (0, True)


def test_a_run_that_is_stopped_says_what_was_done(house):
    (house.folder / "notes.csv").write_text(many(400), encoding="utf-8")
    code, out, err, done = cut_off(house, signal.SIGINT, after=20)
    assert (code, err) == (130, "angerona: stopped\n")
    assert out.startswith("Stopped before the end. Run it again to go on from here.\n")
    assert f"{done} notes brought in" in out or f"{done - 1} notes brought in" in out


def test_real_conversations_come_in_whole(house, shared):
    code, out, _ = house.run(
        "import", shared / "data" / "annomi.csv", "--rejects", house.folder / "no", who=INES
    )
    assert (code, out) == (0, "133 notes brought in, for 133 new clients.\n")
    assert kept(house) == 113 + 133
    _, out, _ = house.run(
        "import", shared / "data" / "annomi.csv", "--rejects", house.folder / "no", who=INES
    )
    assert out == "0 notes brought in, for 0 new clients; 133 there already.\n"
    _, out, _ = house.run("look", "AnnoMI 0", who=INES)
    assert out.count("Therapist: ") > 10
    assert not (house.folder / "no").exists()


def test_a_list_of_clients_comes_in_once(house):
    file = house.folder / "list.csv"
    file.write_text(
        "Full name;DOB;Mobile;Shoe size\nList A.;17.05.1990;555 0101;44\nList B.;May;;\n", "utf-8"
    )

    def bring(*options):
        return house.run("import", file, "--as", "clients", *options, who=INES)

    code, out, err = bring("--dates", "dmy")
    assert (code, out) == (2, "")
    assert err.startswith("angerona: column 4: would be lost")
    code, out, err = bring("--dates", "dmy", "--column", "Shoe size=")
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == [
        "1 client brought in.",
        "1 row could not be taken:",
        "  - Line 3: date of birth is not written as in 17.05.1990",
    ]
    code, out, _ = bring("--dates", "dmy", "--column", "Shoe size=")
    assert out.startswith("0 clients brought in; 1 there already.")
    code, out, _ = house.run("clients", who=INES)
    assert out.count("List A.") == 1
    for wrong in ("Hat=", "=name"):
        code, _, err = bring("--column", wrong)
        assert (code, "--column: names no column" in err) == (2, True)
