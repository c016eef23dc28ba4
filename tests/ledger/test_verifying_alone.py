"""The one file that checks receipts: what it reads, what it says, and that it needs no other."""

import base64
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from angerona.ledger import verifying
from angerona.ledger.verifying import (
    NotProved,
    Unreadable,
    told,
    verify,
)
from receipt_papers import Paper

UNREADABLE = {
    "nothing": lambda _: "",
    "no receipt": lambda _: "hello\n",
    "another magic": lambda text: text.replace("@v1", "@v2"),
    "no extra": lambda text: "\n".join(text.split("\n")[:1] + text.split("\n")[2:]),
    "no index": lambda text: text.replace("\nindex ", "\nplace "),
    "a leading zero": lambda text: text.replace("\nindex ", "\nindex 0"),
    "an index too long": lambda text: text.replace("\nindex ", "\nindex " + "9" * 5000),
    "Windows line ends": lambda text: text.replace("\n", "\r\n"),
    "a text cut off": lambda text: text[: len(text) // 2],
    "a note cut off": lambda text: text[:-2],
    "extra that is not base64": lambda text: text.replace("extra ", "extra !"),
    "a hash that is not base64": lambda text: text.replace("\nindex 18\n", "\nindex 18\nAAA\n"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_receipt_cannot_be_read(case, name):
    with pytest.raises(Unreadable):
        verify(UNREADABLE[name](case.new), key=None, since=None)


def test_an_extra_that_says_a_thing_twice_cannot_be_read(case):
    """Two programs could take one for the other."""
    lines = case.new.split("\n")
    text = base64.b64decode(lines[1].removeprefix("extra "))
    lines[1] = "extra " + base64.b64encode(b'{"lines":[],' + text[1:]).decode()
    with pytest.raises(Unreadable, match="extra"):
        verify("\n".join(lines), key=None, since=None)


CROOKED = [
    ("form", "angerona/receipt/v2"),
    ("key", "example.org+00000000+AAAA"),
    ("key", 7),
    ("label", "AAAA"),
    ("state", "AAAA"),
    ("epoch", "AAAA"),
    ("path", "AAAA"),
    ("since", base64.b64encode(bytes(9)).decode()),
    ("since", base64.b64encode(bytes(3)).decode()),
    ("other", None),
    ("lines", {}),
    ("lines", [[]]),
    ("lines", [["AAAA"]]),
    ("lines", [7]),
    ("lines", [[7]]),
    ("lines", [["AAAA", "AAAA"]]),
    ("lines", [["AAAA", "AAAA", "AAAA", "AAAA"]]),
    ("more", ""),
]


@pytest.mark.parametrize(("name", "value"), CROOKED)
def test_an_extra_of_another_form_cannot_be_read(case, name, value):
    paper = Paper.of(case.new)
    paper.extra[name] = value
    with pytest.raises(Unreadable):
        verify(paper.text(), key=None, since=None)


@pytest.mark.parametrize(
    "extra",
    [b"", b"[]", b"{", b"\xff", b'{"form":1,"form":1}', b"[" * 100_000, b"9" * 10_000, b"null"],
)
def test_an_extra_that_is_no_table_cannot_be_read(case, extra):
    lines = case.new.split("\n")
    lines[1] = "extra " + base64.b64encode(extra).decode()
    with pytest.raises(Unreadable):
        verify("\n".join(lines), key=None, since=None)


@settings(max_examples=60)
@given(st.data())
def test_no_change_of_a_single_sign_is_taken_for_a_proof(case, data):
    """Whatever is changed, the receipt is refused or proves exactly the same."""
    place = data.draw(st.integers(0, len(case.new) - 1))
    sign = data.draw(st.sampled_from('AB09+/= \n{}"x—'))
    text = case.new[:place] + sign + case.new[place + 1 :]
    try:
        proved = verify(text, key=case.key, since=None)
    except (NotProved, Unreadable):
        return
    assert proved == verify(case.new, key=case.key, since=None)


@pytest.fixture
def alone(tmp_path):
    """Runs a copy of the one file, isolated, in a folder that holds nothing else of ours."""
    shutil.copy(verifying.__file__, tmp_path / "verifying.py")

    def run(*arguments, **files):
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else content.encode()
            (tmp_path / f"{name}.txt").write_bytes(raw)
        command = [sys.executable, "-I", "-S", "verifying.py", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, check=False, env={"PATH": os.defpath}
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done.returncode, done.stdout.decode()

    return run


def test_the_one_file_proves_and_says_what_it_proved(alone, case):
    arguments = ("new.txt", "--since", "old.txt", "--key", case.key)
    code, said = alone(*arguments, new=case.new, old=case.old)
    assert code == 0
    assert said.startswith("PROVED")
    assert "  2. 2026-03-02T09:30:00Z  look; by: Dr. Thea Vale; what: risk\n" in said
    assert said.count("(closed)") == 2
    assert "that nothing happened which this software did not write down" in said
    assert "ML-DSA-44" in said
    assert "the law delays it" in said
    assert case.key not in said
    assert f"out of the receipt itself: {case.key}" in alone("new.txt")[1]


def test_the_one_file_shows_nothing_that_steers_a_terminal(alone, case):
    code, said = alone("new.txt", new=case.new)
    assert code == 0
    assert "\x1b" not in said
    assert "why: <b>?[31m; what: nothing" in " ".join(said.split())


def test_the_one_file_refuses_and_says_why(alone, case):
    paper = Paper.of(case.new)
    paper.extra["lines"][1][2] = paper.extra["lines"][1][2].replace("Thea", "Theo")
    code, said = alone("new.txt", new=paper.text())
    assert (code, said) == (
        1,
        "NOT PROVED: line 2: its text is not the one that was written down.\n",
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"x" * 100,
        b"\0" * 1000,
        b"[" * 100_000,
        b"c2sp.org/tlog-proof@v1\n",
    ],
)
def test_the_one_file_says_that_it_cannot_read(alone, content):
    code, said = alone("new.txt", new=content)
    assert code == 2
    assert said.startswith("CANNOT BE READ: ")
    assert said.count("\n") == 1


def test_the_one_file_reads_no_endless_file(alone, case):
    assert alone("/dev/zero")[0] == 2
    assert alone("nowhere.txt")[0] == 2
    assert alone(".")[0] == 2
    assert alone("new.txt", "--since", "nowhere.txt", new=case.new)[0] == 2
    assert alone("new.txt", "--key", "no key", new=case.new)[0] == 2
    assert alone()[0] == 2


def test_the_program_says_the_same_when_it_is_called(case, tmp_path, capfdbinary):
    for name, text in [("new", case.new), ("old", case.old), ("broken", case.new[:-9])]:
        (tmp_path / name).write_text(text, "utf-8")
    new, old, broken = (str(tmp_path / name) for name in ("new", "old", "broken"))
    calls = {
        (new,): 0,
        (new, "--since", old, "--key", case.key): 0,
        (old, "--since", new): 1,
        (broken,): 2,
        (str(tmp_path),): 2,
    }
    assert {call: verifying.main(call) for call in calls} == calls
    said = capfdbinary.readouterr().out.decode()
    assert said.count("PROVED, in the ledger") == 2
    assert "NOT PROVED: the older head holds more: the ledger was set back." in said
    assert said.count("CANNOT BE READ") == 2


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(verifying, "SIZE_MAX", 10)
    (tmp_path / "new").write_text("x" * 11, "utf-8")
    assert verifying.main([str(tmp_path / "new")]) == 2


def test_the_one_file_imports_nothing_of_ours():
    source = Path(verifying.__file__).read_text("utf-8").splitlines()
    imported = [line for line in source if line.lstrip().startswith(("import ", "from "))]
    assert not [line for line in imported if "angerona" in line or "cryptography" in line]


def test_a_text_that_is_no_table_is_still_shown(case):
    proved = verify(case.new, key=case.key, since=None)
    leaf = proved.lines[0].leaf
    long = json.dumps({"kind": "look", "why": "x" * 500}).encode()
    said = told(
        proved._replace(lines=[verifying.Shown(leaf, b"", body) for body in (b"[1]", long)])
    )
    assert "(a text this program cannot read)" in said[3]
    assert said[-1].endswith("x...")


def test_of_somebody_the_name_is_shown_and_nothing_that_is_empty(case):
    proved = verify(case.new, key=case.key, since=None)
    body = {
        "kind": "kept",
        "by": {"id": "0a" * 16, "name": "Thea", "roles": ["nurse"]},
        "as": {"relations": ["treating", "author"], "roles": []},
        "locks": [],
        "rules": ["a.b"],
    }
    line = verifying.Shown(proved.lines[0].leaf, b"", json.dumps(body).encode())
    said = told(proved._replace(lines=[line]))
    assert said[3] == "  1.   kept; as: treating, author; by: Thea; rules: a.b"
    assert all(len(line) <= 79 for line in said[3:])
