"""`angerona ask` without a file: scripted in a pipe, and by a person at a terminal."""

import contextlib
import json
import os
import pty
import select
import signal
import stat
import subprocess
import sys

import pytest

from angerona.cli import talking
from angerona.rules.facts import Fact

COMMAND = [sys.executable, "-c", "from angerona.cli import main; main()", "ask"]
SUBPOENA = [
    "the other side's lawyer",
    "a lawyer's subpoena",
    "legal proceeding",
    "asker",
    "privacy officer",
    "no tie",
    "us-ca",
    "process notes, session notes",
]
THREAT = [
    "police",
    "none",
    "protection",
    "psychologist",
    "treating",
    "california",
    "risk, identity",
]


def script(*answers):
    return "".join(f"{answer}\n" for answer in answers)


def text_of(out):
    return " ".join(out.split())


def test_a_subpoena_is_refused_with_words_and_a_letter(direct):
    code, out, err = direct("ask", stdin=script(*SUBPOENA, "no", "no"))
    text = text_of(out)
    assert code == 0
    assert text.startswith("Do not send this. You may instead answer the paper in time")
    assert "What to do next 1. Send nothing." in text
    assert "Words you can say We cannot say whether any person is or is not known to us." in text
    assert "We can neither confirm nor deny that any person is or was known to us" in text
    assert text.count("not legal advice") == 1
    assert "Is this a record of a substance-use programme under 42 CFR Part 2?" in text_of(err)


def answers_by_heart(monkeypatch, facts):
    """Somebody who knows these facts and nothing else, whatever the order of the questions."""
    asked = []

    def answered(fact):
        asked.append(fact.key)
        assert asked.count(fact.key) == 1
        return facts.get(fact.key)

    monkeypatch.setattr("angerona.cli.interview.established", answered)
    return asked


def test_a_threat_is_asked_about_until_nothing_is_open(direct, monkeypatch, examples):
    facts = json.loads((examples / "threat-california.json").read_text(encoding="utf-8"))["facts"]
    asked = answers_by_heart(monkeypatch, facts)
    code, out, err = direct("ask", stdin=script(*THREAT, "no", "no", "no", "no"))
    text = text_of(out)
    assert code == 0
    assert text.startswith("You must, within 24 hours of communication of the threat.")
    assert "Send the police this and nothing else, within 24 hours" in text
    assert "A note to go with it" in text
    assert "A letter you can send" not in text
    assert "What may go is settled. What follows decides what you owe." in text_of(err)
    assert asked[0] == "threat.serious"
    assert "client.age" not in asked


def asked(err):
    return [line for line in err.splitlines() if line.endswith("?")]


def test_no_question_is_put_twice_and_all_unknown_ends(direct):
    code, out, err = direct("ask", stdin=script(*THREAT, *[""] * 60))
    questions = asked(err)
    assert code == 0
    assert len(questions) == len(set(questions))
    assert 8 < len(questions) < 40
    assert text_of(out).startswith("One thing decides:")


def test_the_rules_decide_again_after_each_answer(direct, tmp_path):
    saved = tmp_path / "ask.json"
    direct("ask", "--save", saved, stdin=script(*THREAT, "no", "no"))
    raw = json.loads(saved.read_text(encoding="utf-8"))
    assert raw["facts"] == {"record.part2": False, "threat.serious": False}
    assert raw["packs"] == ["house", "us-hipaa", "us-ca"]
    _, again, _ = direct("ask", saved)
    first = json.loads(again)
    for fact in first["questions"]:
        assert fact not in raw["facts"]


def test_the_end_of_the_answers_stops_with_what_is_known(direct):
    for end in ([], ["stop"], ["Enough"]):
        code, out, _ = direct("ask", stdin=script(*THREAT, *end))
        assert code == 0
        assert "What remains" in out
        assert "What to do next" in out


@pytest.mark.parametrize("count", range(len(SUBPOENA)))
def test_without_a_whole_question_there_is_no_answer(direct, count):
    code, out, err = direct("ask", stdin=script(*SUBPOENA[:count]))
    assert (code, out) == (2, "")
    assert err.splitlines()[-1].startswith("angerona: the interview: ended before the question")


def test_what_fits_nothing_or_several_is_asked_again(direct):
    answers = [
        "zebra",
        "",
        "attorney",
        "999",
        "own lawyer",
        *SUBPOENA[1:7],
        "notes",
        "zebra, risk",
        ",",
        "7",
    ]
    code, _, err = direct("ask", stdin=script(*answers))
    assert code == 0
    assert err.count("That fits none of them.") == 5
    assert "Several fit: 32 the other side's lawyer; 33 the client's lawyer" in text_of(err)
    assert err.count("Several fit:") == 2


def test_answers_to_questions_are_asked_again_too(direct, tmp_path):
    saved = tmp_path / "ask.json"
    abuse = [
        "child protection",
        "own initiative",
        "abuse",
        "nurse",
        "treating",
        "scotland",
        "abuse, identity",
    ]
    wrong = ["perhaps", "yes", "a", "twelve", "-1", "99999999999999999999", "12", "y"]
    code, _, err = direct("ask", "--save", saved, stdin=script(*abuse, *wrong))
    assert code == 0
    facts = json.loads(saved.read_text(encoding="utf-8"))["facts"]
    assert facts["uk.nation"] == "scotland"
    assert "Please type yes or no" in err


@pytest.mark.parametrize("kind", ["bool", "int", "enum"])
def test_each_kind_of_fact_takes_its_answers(monkeypatch, kind):
    said = {
        "bool": [("maybe", None), ("Yes", True), ("n", False), ("?", None)],
        "int": [("x", None), ("-3", None), ("10001", None), ("17", 17), ("", None)],
        "enum": [("zebra", None), ("elder", "elder"), ("2", "elder"), ("don't know", None)],
    }[kind]
    fact = Fact("x", kind, "What?", ("child", "elder") if kind == "enum" else ())
    lines = iter([one for one, _ in said])
    monkeypatch.setattr(talking, "hear", lambda _prompt="": next(lines).lower())
    found = []
    with contextlib.suppress(StopIteration):
        while True:
            found.append(talking.established(fact))
    expected = [
        value for typed, value in said if value is not None or typed in {"?", "", "don't know"}
    ]
    assert found == expected


def test_the_place_is_asked_again_until_it_is_one(direct, tmp_path):
    saved = tmp_path / "ask.json"
    answers = [*SUBPOENA[:6], "", "atlantis", "new", "us-wy", "risk", "no"]
    code, out, err = direct("ask", "--save", saved, stdin=script(*answers))
    raw = json.loads(saved.read_text(encoding="utf-8"))
    assert code == 0
    assert (raw["place"], raw["packs"]) == ("US-WY", ["house", "us-hipaa"])
    assert "The law of US-WY is not loaded" in text_of(out)
    assert err.count("That is no place I know.") == 2
    assert "Several fit: NZ New Zealand" in err


def test_a_programme_record_nobody_is_sure_of_keeps_its_pack(direct, tmp_path):
    for answer, packs in ((["yes"], 4), ([""], 4), ([], 4), (["no"], 3)):
        saved = tmp_path / "ask.json"
        direct("ask", "--save", saved, "--force", stdin=script(*SUBPOENA, *answer))
        assert len(json.loads(saved.read_text(encoding="utf-8"))["packs"]) == packs


CONSENT = ["family", "consent form", "family", "we have", "psychologist", "treating", "germany"]


def consents(direct, tmp_path, *answers):
    saved = tmp_path / "ask.json"
    code, out, err = direct("ask", "--save", saved, stdin=script(*CONSENT, *answers))
    assert code == 0
    return json.loads(saved.read_text(encoding="utf-8"))["consents"], text_of(out), text_of(err)


def test_a_whole_consent_opens_what_it_names(direct, tmp_path):
    found, out, _ = consents(
        direct,
        tmp_path,
        "session notes, diagnosis",
        *["yes"] * 3,
        "the client",
        "session",
        *["yes"] * 40,
    )
    assert [one["classes"] for one in found] == [["progress_note"]]
    assert all(found[0]["elements"].values())
    assert len(found[0]["elements"]) >= 5
    assert "What may go - Session notes" in out
    assert "1. Decide whether to send it; nobody can make you, and silence is lawful." in out
    assert "2. Send family this and nothing else: session notes." in out


@pytest.mark.parametrize("needed", range(3))
def test_a_consent_that_does_not_fit_is_left_out(direct, tmp_path, needed):
    found, out, err = consents(direct, tmp_path, "session notes", *["yes"] * needed, "no")
    assert found == []
    assert "Then it cannot be relied on" in err
    assert "What may go" not in out


def test_elements_are_asked_one_by_one_where_not_all_are_there(direct, tmp_path):
    found, _, _ = consents(
        direct,
        tmp_path,
        "session notes",
        *["yes"] * 3,
        "client",
        "everything",
        "no",
        "yes",
        "no",
        *[""] * 40,
    )
    assert list(found[0]["elements"].values())[:2] == [True, False]
    assert len(found[0]["elements"]) < 5


def test_process_notes_need_a_paper_of_their_own(direct, tmp_path):
    wants = "process notes, session notes"
    rest = ["yes", "yes", "yes", "client", "everything", "yes"]
    apart, _, _ = consents(direct, tmp_path, wants, *rest, "yes")
    (tmp_path / "ask.json").unlink()
    together, _, err = consents(direct, tmp_path, wants, *rest, "no")
    assert [one["classes"] for one in apart] == [["progress_note"], ["psychotherapy_note"]]
    assert [one["classes"] for one in together] == [["progress_note"]]
    assert "Then it does not count for the process notes" in err


def test_a_client_is_asked_what_is_to_be_done(direct, tmp_path):
    saved = tmp_path / "ask.json"
    own = [
        "client",
        "written",
        "client's own request",
        "we have",
        "erase",
        "nurse",
        "treating",
        "ie",
        "everything",
    ]
    code, out, _ = direct("ask", "--save", saved, stdin=script(*own))
    raw = json.loads(saved.read_text(encoding="utf-8"))
    assert (code, raw["act"], raw["wants"]) == (0, "erase", ["everything"])
    assert "neither confirm nor deny" not in text_of(out)


def test_a_colleague_is_asked_who_would_look(direct):
    look = ["colleague", "none", "treatment", "nurse", "treating", "uk", "session", "no"]
    code, out, err = direct("ask", stdin=script(*look))
    assert code == 0
    assert "Who would look?" in err
    assert "A letter you can send" not in out


def test_what_is_saved_is_the_question_and_only_its_owner_reads_it(direct, tmp_path):
    saved = tmp_path / "ask.json"
    _, out, _ = direct("ask", "--save", saved, stdin=script(*SUBPOENA, "no", "no"))
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    _, again, _ = direct("ask", saved, "--explain")
    assert out.startswith(again[: again.index("These are the rules")].rstrip())


def test_nothing_is_written_over_unasked(direct, tmp_path):
    saved = tmp_path / "ask.json"
    saved.write_text("mine", encoding="utf-8")
    code, _, err = direct("ask", "--save", saved, stdin=script(*SUBPOENA))
    assert code == 2
    assert err == "angerona: ask.json: exists already; --force writes over it\n"
    assert saved.read_text(encoding="utf-8") == "mine"
    assert direct("ask", "--save", saved, "--force", stdin=script(*SUBPOENA))[0] == 0
    assert json.loads(saved.read_text(encoding="utf-8"))["to"] == "opposing_attorney"
    for wrong in (tmp_path, tmp_path / "none" / "a.json"):
        assert "cannot be written" in direct("ask", "--save", wrong)[2]


def test_a_file_that_appears_meanwhile_is_not_written_over(direct, tmp_path, monkeypatch):
    saved = tmp_path / "ask.json"
    monkeypatch.setattr("angerona.cli.asking.check_target", lambda *_, **__: saved.touch())
    assert "exists already" in direct("ask", "--save", saved, stdin=script(*SUBPOENA))[2]
    assert (
        "cannot be written"
        in direct("ask", "--save", tmp_path, "--force", stdin=script(*SUBPOENA))[2]
    )


def test_an_endless_answer_is_refused(direct):
    code, _, err = direct("ask", stdin="x" * 5000)
    assert code == 2
    assert "an answer is too long" in err


def read_all(master):
    said = b""
    while select.select([master], [], [], 60)[0]:
        try:
            part = os.read(master, 4096)
        except OSError:
            break
        if not part:
            break
        said += part
    return said.decode()


def test_a_person_at_a_terminal_sees_colours():
    master, slave = pty.openpty()
    process = subprocess.Popen(
        COMMAND,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={"PATH": os.environ["PATH"], "TERM": "xterm-256color", "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    os.close(slave)
    os.write(master, script(*SUBPOENA, "no", "no", "no", "").encode())
    os.write(master, script("stop").encode())
    said = read_all(master)
    os.close(master)
    assert process.wait(60) == 0
    assert "Who asks, or who would be told?" in said
    assert "\x1b[1;31mDo not send this." in said
    assert "\x1b[1mWhat must stay" in said
    assert "neither confirm nor deny" in text_of(said)


def test_ctrl_c_leaves_calmly(tmp_path):
    saved = tmp_path / "ask.json"
    process = subprocess.Popen(
        [*COMMAND, "--save", str(saved)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    first = process.stderr.read(20)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert first
    assert out == b""
    assert err.splitlines()[-1].endswith(b"angerona: stopped")
    assert b"Traceback" not in err
    assert not saved.exists()


def test_the_steps_of_a_conflict(direct, small_packs, monkeypatch):
    monkeypatch.setattr("angerona.cli.interview.packs_of", lambda *_: ("zz", "yy"))
    answers = ["the school", "none", "education", "nurse", "treating", "zz", "risk"]
    _, out, _ = direct("ask", "--packs", small_packs, stdin=script(*answers))
    assert "2. Call the privacy officer and a lawyer now" in text_of(out)
