"""`angerona ask FILE`: the Answer as JSON, and for a person."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from angerona.rules.ask import read_ask
from angerona.rules.decide import decide

COMMAND = [sys.executable, "-c", "from angerona.cli import main; main()"]
TEN_KEYS = [
    "outcome",
    "classes",
    "grounds",
    "locks",
    "questions",
    "conflicts",
    "duties",
    "notice",
    "ask_before_telling",
    "because",
]
EXAMPLES = ["child-abuse-uk", "subpoena-california", "threat-california"]


def example(examples, name="threat-california", **changes):
    raw = json.loads((examples / f"{name}.json").read_text(encoding="utf-8"))
    return raw | changes


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_answer_is_that_of_the_rules_with_the_ten_keys(direct, packs, examples, name):
    code, out, err = direct("ask", examples / f"{name}.json")
    answer = decide(read_ask(example(examples, name), packs.facts, packs.packs), packs)
    assert (code, err) == (0, "")
    assert list(json.loads(out)) == TEN_KEYS
    assert out == json.dumps(answer.as_json(), indent=2, ensure_ascii=False) + "\n"


def test_standard_input_and_a_byte_order_mark_are_read(process, examples):
    data = (examples / "threat-california.json").read_bytes()
    plain = process("ask", str(examples / "threat-california.json"))
    piped = process("ask", "-", stdin=b"\xef\xbb\xbf" + data)
    assert plain.returncode == piped.returncode == 0
    assert plain.stdout == piped.stdout
    assert json.loads(plain.stdout)["outcome"] == "require"


def test_an_ascii_terminal_gets_valid_json_and_readable_text(process, tmp_path, small_packs):
    law = (small_packs / "zz.toml").read_text(encoding="utf-8")
    named = law.replace("It must be told", "\u00a7 5 \u2013 Pr\u00e9venir \u2018now\u2019 \u4eba")
    (small_packs / "zz.toml").write_text(named, encoding="utf-8")
    ask = tmp_path / "a.json"
    ask.write_text(
        '{"packs": ["zz"], "at": "2026-11-23T10:00:00Z", "by": {"role": "nurse", "relation":'
        '"none"}, "to": "police", "purpose": "treatment", "instrument": "none", "wants": ["risk"]}',
        encoding="utf-8",
    )
    ascii_only = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    as_json = process("ask", str(ask), "--packs", str(small_packs), **ascii_only)
    for_a_person = process("ask", str(ask), "--explain", "--packs", str(small_packs), **ascii_only)
    assert any("\u00a7 5" in reason for reason in json.loads(as_json.stdout)["because"])
    assert b"s. 5 - Prevenir 'now' ?" in for_a_person.stdout
    assert as_json.stderr == for_a_person.stderr == b""


def test_a_parent_that_is_left_out_is_said(direct, small_packs, small_ask):
    path = small_ask(packs=["yy"])
    code, out, err = direct("ask", path, "--packs", small_packs)
    assert (code, json.loads(out)["outcome"]) == (0, "deny")
    assert err == "angerona: note: yy builds on zz, which is not among the laws asked\n"
    explained = direct("ask", path, "--explain", "--packs", small_packs)[1]
    assert "yy builds on zz" in " ".join(explained.split())


HEADLINES = [
    (
        example,
        {"name": "subpoena-california"},
        "Do not send this. You may instead answer the paper",
    ),
    (example, {"name": "child-abuse-uk"}, "You may; you do not have to."),
    (example, {}, "You must, within 24 hours of communication of the threat."),
    (
        example,
        {"facts": {"record.part2": False}},
        "One thing decides: Is the threat to life or body serious?",
    ),
]


@pytest.mark.parametrize(("make", "changes", "headline"), HEADLINES)
def test_a_person_reads_the_outcome_first(direct, examples, make, changes, headline):
    _, out, _ = direct("ask", "-", "--explain", stdin=json.dumps(make(examples, **changes)))
    assert out.replace("\n", " ").startswith(headline)


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_pipe_gets_plain_text_that_fits(process, examples, name):
    run = process("ask", str(examples / f"{name}.json"), "--explain", COLUMNS="60", FORCE_COLOR="1")
    out = run.stdout.decode()
    assert run.returncode == 0
    assert "\x1b" not in out
    assert all(len(line) <= 60 or " " not in line.strip() for line in out.splitlines())
    assert " ".join(out.split()).count("not legal advice") == 1
    assert out.rstrip().endswith("ask a lawyer.")


def test_what_goes_what_stays_why_and_what_is_owed(direct, examples):
    _, out, _ = direct("ask", examples / "threat-california.json", "--explain")
    text = " ".join(out.split())
    assert "What must go - Risk and safety plan - Name and contact" in text
    assert "What must stay - Session notes" in text
    assert "must go to the police: Duty to protect (California) [Cal. Civ. Code 43.92" in text
    assert "- Within 24 hours of communication of the threat: report the identity" in text
    assert "Before you tell the client anything, find out: - Does a court" in text
    assert "us-ca." not in text
    assert "verified" not in text


def test_the_facts_of_the_case_are_not_repeated(direct, examples):
    _, out, _ = direct("ask", examples / "threat-california.json", "--explain")
    assert "34" not in re.sub(r"\[[^\]]*\]", "", out)
    assert "threat." not in out.replace("threat.\n", "")


def test_where_nothing_may_be_told_the_ways_that_remain_are_shown(direct, examples):
    facts = {"threat.serious": False}
    raw = json.dumps(example(examples, facts=facts, wants=["risk"]))
    _, out, _ = direct("ask", "-", "--explain", stdin=raw)
    text = " ".join(out.split())
    for heading in ("What remains", "What you may say without naming anyone", "Whom to call"):
        assert out.count(f"\n{heading}\n") == 1
    assert "You may instead use one of the ways that remain" in text
    assert text.count("You may describe the danger and ask what to do") == 1


def test_questions_come_in_order_in_their_wording(direct, packs, examples):
    raw = example(examples, facts={"record.part2": False})
    _, out, _ = direct("ask", "-", "--explain", stdin=json.dumps(raw))
    answer = decide(read_ask(raw, packs.facts, packs.packs), packs)
    text = " ".join(out.split())
    places = [text.index(packs.facts[key].ask) for key in answer.questions[:4]]
    assert len(answer.questions) > 3
    assert places == sorted(places)


def explained(direct, small_packs, path):
    code, out, err = direct("ask", path, "--explain", "--packs", small_packs)
    assert (code, err) == (0, "")
    return " ".join(out.split())


def test_two_laws_that_disagree(direct, small_packs, small_ask):
    text = explained(direct, small_packs, small_ask(packs=["zz", "yy"], to="school"))
    assert text.startswith("Two laws disagree: call the privacy officer and a lawyer now")
    assert "Two laws disagree about this: it stays - Risk and safety plan" in text


def test_working_days_and_the_later_of_two(direct, small_packs, small_ask):
    text = explained(direct, small_packs, small_ask())
    assert text.startswith("You must, within 3 working days of the day you knew.")
    assert "within 5 days of the call or at once on the hearing, whichever is later" in text.lower()


def test_a_sure_prohibition_silences_the_rules_that_would_tell(direct, small_packs, small_ask):
    text = explained(direct, small_packs, small_ask())
    assert "Do not tell the client about this" in text
    assert "tell the client today" not in text.lower()


def test_a_rule_nobody_has_read_asks_for_a_signature(direct, small_packs, small_ask):
    text = explained(direct, small_packs, small_ask(to="coroner"))
    assert text.startswith(
        'One thing decides: A lawyer must sign the rule "Perhaps the coroner" (zz.unseen)'
    )


def test_a_marked_passage_has_its_name(direct, small_packs, small_ask):
    wants = [{"passage": "p1", "classes": ["risk"]}]
    text = explained(direct, small_packs, small_ask(wants=wants))
    assert "What must go - The marked passage p1" in text


def test_no_file_can_steer_the_terminal(direct, small_packs, small_ask):
    law = (small_packs / "zz.toml").read_text(encoding="utf-8")
    steering = law.replace("It must be told", "\\u001b[2J\\u001b]0;owned\\u0007 It must")
    (small_packs / "zz.toml").write_text(steering, encoding="utf-8")
    _, out, _ = direct("ask", small_ask(), "--explain", "--packs", small_packs)
    assert "It must" in out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", out)


def left_with(stdout):
    run = subprocess.run(
        [*COMMAND, "pack", "list"], stdout=stdout, stderr=subprocess.PIPE, check=False
    )
    return run.returncode, run.stderr


def test_nobody_reading_the_output_is_no_fault():
    reading, writing = os.pipe()
    os.close(reading)
    assert left_with(writing) == (141, b"")
    os.close(writing)


def test_a_full_disk_is_one_line():
    with Path("/dev/full").open("wb") as full:
        code, err = left_with(full)
    assert code == 2
    assert err == b"angerona: the output: cannot be written; No space left on device\n"


def test_whom_one_may_tell_instead(direct, examples):
    raw = example(examples, to="media", wants=["risk", "identity"])
    _, out, _ = direct("ask", "-", "--explain", stdin=json.dumps(raw))
    text = text_between(out, "What remains", "What you may say")
    assert "you may tell" in text
    assert "the police" in text


def text_between(out, first, last):
    text = " ".join(out.split())
    return text[text.index(first) : text.index(last)]
