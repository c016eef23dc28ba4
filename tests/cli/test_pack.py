"""`angerona pack`, `angerona scenarios`, help and version."""

import json
import sys
import types

import pytest


def test_the_list_has_a_line_for_each_pack(direct, packs):
    code, out, err = direct("pack", "list")
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert len(lines) == len(packs.packs) + 1
    assert lines[0].startswith("id ")
    row = next(line for line in lines if line.startswith("us-ca "))
    one = packs.packs["us-ca"]
    counts = [str(len(kind)) for kind in (one.grounds, one.locks, one.duties)]
    expected = ["us-ca", "US-CA", *counts, one.as_of.isoformat(), "defer", "California"]
    assert row.split() == expected


def test_a_pack_is_shown_with_its_sources(direct, packs):
    for name, pack in packs.packs.items():
        code, out, _ = direct("pack", "show", name)
        text = " ".join(out.split())
        assert code == 0
        for rule in (*pack.grounds, *pack.locks, *pack.duties):
            assert rule.id in text
            assert " ".join(rule.cite.split()) in text
            if not rule.enabled:
                assert f"not in use: {' '.join(rule.disabled_because.split())}" in text


def test_what_nobody_has_read_and_what_is_disputed_is_said(direct, small_packs):
    _, out, _ = direct("pack", "show", "zz", "--packs", small_packs)
    text = " ".join(out.split())
    assert "zz.unseen: Perhaps the coroner" in text
    assert "text not seen: bars, never opens contested: nobody has read it" in text
    assert "text seen on 2026-01-01" in text
    assert "verified" not in text
    assert "within 3 working days of the day you knew" in text
    assert "builds on zz" in direct("pack", "show", "yy", "--packs", small_packs)[1]
    assert "not in use: repealed" in direct("pack", "show", "yy", "--packs", small_packs)[1]


def test_a_pack_that_is_not_there(direct):
    code, out, err = direct("pack", "show", "us-caa")
    assert (code, out) == (2, "")
    assert err.startswith("angerona: pack show: no such pack; did you mean us-ca")


def test_check_counts(direct, small_packs):
    assert (
        direct("pack", "check", small_packs)[1]
        == "2 packs, 3 grounds, 1 locks, 4 duties: all well\n"
    )
    assert direct("pack", "check")[0] == 0


def test_without_the_prover_one_line_says_how_to_get_it(direct, monkeypatch, tmp_path):
    for name in [one for one in sys.modules if one.startswith("angerona.packs.")]:
        if name.rpartition(".")[2] in {"proofs", "changes", "terms"} or ".proving" in name:
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "z3", None)
    for module in ("proofs", "changes"):
        monkeypatch.setitem(sys.modules, f"angerona.packs.{module}", Needing("z3"))
    for command in (["prove"], ["diff", tmp_path / "a.toml", tmp_path / "b.toml"]):
        code, _, err = direct("pack", *command)
        assert code == 2
        assert err == "angerona: this needs the prover: pip install 'angerona[prove]'\n"


class Needing(types.ModuleType):
    """A module that cannot be had because another one is not installed."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise ModuleNotFoundError(self.__name__, name=self.__name__)


def test_another_missing_module_is_a_fault_of_ours(direct, monkeypatch):
    monkeypatch.setitem(sys.modules, "angerona.packs.proofs", Needing("numpy"))
    code, _, err = direct("pack", "prove")
    assert code == 70
    assert "ModuleNotFoundError" in err


@pytest.mark.parametrize(("holds", "code"), [(True, 0), (False, 1)])
def test_prove_reports_and_leaves_with_what_was_found(direct, monkeypatch, packs, holds, code):
    def prove(given, report):
        assert given is packs
        report("nothing leaves without a reason: holds")
        return holds

    module = types.SimpleNamespace(prove=prove)
    monkeypatch.setitem(sys.modules, "angerona.packs.proofs", module)
    found, out, err = direct("pack", "prove")
    last = "every proof holds" if holds else "not every proof holds"
    assert found == code
    assert out == f"nothing leaves without a reason: holds\n{last}\n"
    assert err == f"proving over {len(packs.packs)} packs\n"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_diff_says_each_change_with_a_question_that_shows_it(direct, monkeypatch, count):
    change = types.SimpleNamespace(sentence="Now the police may know.", ask={"to": "police"})
    module = types.SimpleNamespace(changes=lambda _old, _new, _packs: [change] * count)
    monkeypatch.setitem(sys.modules, "angerona.packs.changes", module)
    code, out, _ = direct("pack", "diff", "a.toml", "b.toml")
    last = "1 change\n" if count == 1 else f"{count} changes\n"
    assert code == 0
    assert out == 'Now the police may know.\n  {"to": "police"}\n' * count + last


def cases(tmp_path, examples, **expect):
    ask = json.loads((examples / "threat-california.json").read_text(encoding="utf-8"))
    listed = [
        {"id": "C1", "title": "As it should", "ask": ask, "expect": {"outcome": "require"}},
        {"id": "C2", "title": "The other", "ask": ask, "expect": expect},
    ]
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(listed), encoding="utf-8")
    return path


def test_cases_as_expected(direct, tmp_path, examples):
    path = cases(tmp_path, examples, deadline="PT24H")
    assert direct("scenarios", path) == (0, "2/2 as expected\n", "")


def test_each_mismatch_and_last_how_many(direct, tmp_path, examples):
    path = cases(tmp_path, examples, outcome="deny", deadline="PT36H")
    code, out, err = direct("scenarios", path)
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        "C2 The other",
        "  - Outcome: expected deny, got require",
        "  - Deadline: expected PT36H, got PT24H",
        "1/2 as expected",
    ]


def test_an_ask_that_cannot_be_read_is_a_mismatch_and_no_crash(direct, tmp_path):
    path = tmp_path / "cases.json"
    path.write_text('[{"id": "C1", "title": "t", "ask": {}, "expect": {}}]', encoding="utf-8")
    code, out, _ = direct("scenarios", path)
    assert code == 1
    assert out == "C1 t\n  - The ask cannot be read: by: missing\n0/1 as expected\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "cases.json: the cases: a table where a list of cases is needed"),
        ('[{"id": "C1", "tittle": "t"}]', "cases.json: case C1: title: missing"),
        ('[{"id": "C1", "id": "C2"}]', "cases.json: a key stands twice; in [0]"),
        ("[NaN]", "cases.json: holds a number no question needs"),
    ],
)
def test_wrong_files_of_cases(direct, tmp_path, text, said):
    path = tmp_path / "cases.json"
    path.write_text(text, encoding="utf-8")
    code, out, err = direct("scenarios", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"angerona: {said}")
    assert err.count("\n") == 1


def test_progress_is_said_only_where_it_takes_long(direct, tmp_path, examples, monkeypatch):
    path = cases(tmp_path, examples)
    monkeypatch.setattr("angerona.cli.progress.EVERY_SECONDS", 0.0)
    assert direct("scenarios", path) == (0, "2/2 as expected\n", "cases: 1 of 2\ncases: 2 of 2\n")


@pytest.mark.parametrize(
    "arguments", [[], ["pack"], ["--help"], ["ask", "-h"], ["pack", "diff", "-h"]]
)
def test_help_is_plain_and_short(process, arguments):
    run = process(*arguments)
    out = run.stdout.decode()
    assert (run.returncode, run.stderr) == (0, b"")
    assert out.startswith("Usage: angerona")
    assert len(out.splitlines()) < 40
    assert "\x1b" not in out


def test_the_version(process):
    run = process("--version")
    assert run.returncode == 0
    assert run.stdout.startswith(b"angerona")
