"""Wrong input is one line on stderr and exit 2: no traceback, and nothing that anyone told."""

import json
import sys

import pytest

NEEDLE = "she drank with Mr Halloran"


def case(**changes):
    ask = {
        "packs": ["house"],
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": "nurse", "relation": "treating"},
        "to": "police",
        "purpose": "protection",
        "instrument": "none",
        "wants": ["risk"],
    }
    return json.dumps({key: value for key, value in (ask | changes).items() if value is not ...})


def deep(levels):
    return '{"packs": ' + "[" * levels + "]" * levels + "}"


ASKS = {
    "unknown word": (case(to=NEEDLE), "to: unknown word (a text)", "allowed: adult"),
    "near word": (case(to="polise"), "to: unknown word (a text)", "did you mean police"),
    "unknown class": (case(wants=[NEEDLE]), "wants[0]: unknown class", "allowed:"),
    "missing key": (case(wants=...), "wants: missing", ""),
    "unknown key": (case(**{NEEDLE: 1}), "(a key): unknown key", "allowed:"),
    "unknown fact": (case(facts={NEEDLE: True}), "facts.(a key): unknown fact", "allowed"),
    "wrong type": (
        case(facts={"client.age": NEEDLE}),
        "facts.client.age: cannot be a text",
        "whole",
    ),
    "wrong pack": (case(packs=["us-zz"]), "packs[0]: unknown word (a text)", "allowed:"),
    "wrong time": (case(at="yesterday"), "at: not a date and time", "such as"),
    "no table": (f'["{NEEDLE}"]', "the input: a list where a table is needed", ""),
    "a bare text": (f'"{NEEDLE}"', "the input: a text where a table is needed", ""),
    "broken": (f'{{"to": "{NEEDLE}",, }}', "standard input: not JSON:", "line 1, column"),
    "cut off": (f'{{"to": "{NEEDLE}', "standard input: not JSON:", "line 1, column"),
    "two documents": ("{} {}", "standard input: not JSON:", "Extra data"),
    "not a number": (case(facts={"client.age": float("nan")}), "holds a number", ""),
    "infinite": (case(facts={"client.age": float("inf")}), "holds a number", ""),
    "endless number": ('{"at": ' + "9" * 5000 + "}", "holds a number", ""),
    "huge float": (
        case().replace('["house"]', "1e999"),
        "packs: a number where a list is needed",
        "",
    ),
    "twice": (f'{{"to": "{NEEDLE}", "to": "police"}}', "a key stands twice", "outermost"),
    "twice within": ('{"by": [{"role": 1, "role": 2}]}', "a key stands twice", "in by[0]"),
    "twice, unnamed": (f'{{"{NEEDLE}": 1, "{NEEDLE}": 2}}', "a key stands twice", ""),
    "too deep": (deep(200_000), "standard input: nested too deep", ""),
    "deep, yet readable": (case(packs=[[[[]]]]), "packs[0]: unknown word (a list)", ""),
    "too large": (case() + " " * 1_000_001, "standard input: too large", "at most 1000000"),
    "empty": ("", "standard input: is empty", ""),
    "blank": (" \n\t ", "standard input: is empty", ""),
    "binary": (b"\x7fELF\x02\x01\x01\x00\xff\xfe", "standard input: not UTF-8 text", ""),
    "latin": (NEEDLE.encode() + b"\xe9", "standard input: not UTF-8 text", ""),
    "utf-16": (case().encode("utf-16"), "standard input: not UTF-8 text", ""),
    "nul": (b"\x00\x00\x00", "standard input: not JSON:", "line 1"),
}


def only_line(err):
    assert err.count("\n") == 1
    assert err.startswith("angerona: ")
    assert "Traceback" not in err
    assert NEEDLE not in err
    assert "Halloran" not in err
    return err


@pytest.mark.parametrize("name", ASKS)
def test_a_wrong_ask_is_one_line(direct, name):
    stdin, place, allowed = ASKS[name]
    code, out, err = direct("ask", "-", stdin=stdin)
    assert (code, out) == (2, "")
    assert place in only_line(err)
    assert allowed in err


@pytest.mark.parametrize("name", ["unknown word", "broken", "binary", "too deep", "twice"])
def test_the_same_in_a_process_of_its_own(process, name):
    stdin, place, _ = ASKS[name]
    run = process("ask", "-", stdin=stdin if isinstance(stdin, bytes) else stdin.encode())
    assert (run.returncode, run.stdout) == (2, b"")
    assert place in only_line(run.stderr.decode())


def test_a_byte_order_mark_does_not_hide_what_is_wrong(direct):
    _, _, err = direct("ask", "-", stdin=b"\xef\xbb\xbf" + case(to=NEEDLE).encode())
    assert "to: unknown word" in only_line(err)


def test_files_that_cannot_be_read(direct, tmp_path, monkeypatch):
    secret = tmp_path / f"{NEEDLE}.json"
    for path, said in (
        (tmp_path / "none.json", "none.json: no such file"),
        (tmp_path, "is a folder; give one JSON file"),
        (secret, "the file: no such file"),
        ("/dev/zero", "zero: too large"),
        ("a\0b", "the file: cannot be read; not a file name"),
        ("x" * 5000, "the file: cannot be read; File name too long"),
        (tmp_path / "none.json" / "more", "no such file"),
    ):
        code, out, err = direct("ask", path)
        assert (code, out) == (2, "")
        assert said in only_line(err)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert "cannot be read; Permission denied" in only_line(direct("ask", "a.json")[2])


USAGE = [
    (["bogus"], "No such command"),
    (["ask", "--bogus"], "No such option: --bogus"),
    (["ask", "a.json", NEEDLE, "b"], "unexpected extra argument"),
    (["ask", "--packs"], "requires an argument"),
    (["scenarios"], "Missing argument"),
    (["pack", "bogus"], "No such command"),
    (["pack", "show"], "Missing argument"),
    (["ask", "a.json", "--save", "b.json"], "--save: goes with the interview"),
    (["ask", "a.json", "--force"], "--force: goes with --save"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE)
def test_a_wrong_command_is_one_line(direct, arguments, said):
    code, out, err = direct(*arguments)
    assert (code, out) == (2, "")
    assert said in only_line(err)


WRONG_PACKS = [
    ('default = "closed"', 'default = "shut"', "zz.toml: [pack] default: unknown word ('shut')"),
    ('force = "must"', 'force = "shall"', "zz.toml: ground zz.must: force: unknown word ('shall')"),
    ('what = "tell them"', "", "zz.toml: duty zz.wait: what: missing"),
    ('what = "tell them"', f'whom = "{NEEDLE}"', "zz.toml: duty zz.wait: "),
    ('id = "zz.lock"', 'id = "yy.lock"', "zz.toml: lock yy.lock: id: belongs to another pack"),
    ('[[lock]]\nid = "zz.lock"', '[[lock]\nid = "zz.lock"', "zz.toml: not TOML: "),
    ('default = "closed"', 'default = "closed"\ndefault = "closed"', "zz.toml: not TOML: "),
    ('to = ["media"]', f'to = ["media"]\nwhen = "{NEEDLE}"', "zz.toml: lock zz.lock: when"),
]


@pytest.mark.parametrize(("good", "bad", "said"), WRONG_PACKS)
def test_a_wrong_pack_names_file_entry_and_key(direct, small_packs, good, bad, said):
    path = small_packs / "zz.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(good, bad, 1), encoding="utf-8")
    code, out, err = direct("pack", "check", small_packs)
    assert (code, out) == (2, "")
    assert said in only_line(err)


def test_no_folder_an_empty_folder_and_a_file(direct, tmp_path):
    (tmp_path / "file.toml").touch()
    for folder in (tmp_path / "none", tmp_path / "file.toml"):
        assert "no such folder" in only_line(direct("pack", "check", folder)[2])
    (tmp_path / "empty").mkdir()
    assert "holds no pack" in only_line(
        direct("ask", "-", "--packs", tmp_path / "empty", stdin="{}")[2]
    )


def test_a_fault_of_ours_is_one_line_that_repeats_nothing(direct, monkeypatch):
    def broken(*_args):
        raise RuntimeError(NEEDLE)

    monkeypatch.setattr("angerona.cli.asking.decide", broken)
    code, out, err = direct("ask", "-", stdin=case())
    assert (code, out) == (70, "")
    assert "a fault in angerona itself: RuntimeError in test_bad_input.py" in only_line(err)


def test_closed_streams_are_no_fault(direct, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    assert direct("pack", "list")[0] == 0
