"""Second readers at the command line: asked by `disclose`, answered by `packet answer`."""

import json
import re

import pytest

from ferry_street import GRACE, INES, TOMAS
from second_readings import THREAT, WISH

ID = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")
COURT = (
    *("disclose", "Benedikt Sorel", "--to", "court", "--purpose", "legal_proceeding"),
    *("--instrument", "court_order", "--wants", "diagnosis,progress_note", "--yes"),
)
ASKS = ("--reader", "Grace Tamura", "--why", "the order is here")


@pytest.fixture
def hand_over(house):
    """Hand over what the order names."""
    facts = house.folder / "order.json"
    facts.write_text(json.dumps({"facts": dict(WISH.facts)}), encoding="utf-8")
    out = house.folder / "packet.json"

    def run(*more):
        code, said, wrong = house.run(*COURT, "--facts", facts, "--out", out, *more, who=INES)
        return code, f"{said}{wrong}", out

    return run


def waiting(house, who=GRACE):
    return house.run("packet", "waiting", who=who)[1]


def answer(house, *given, who=GRACE):
    reading = ID.search(waiting(house))[0]
    code, said, wrong = house.run("packet", "answer", reading, *given, who=who)
    return code, f"{said}{wrong}"


def test_what_a_judge_orders_leaves_once_a_colleague_agreed(house, hand_over):
    code, said, out = hand_over()
    assert (code, out.exists()) == (2, False)
    assert "A second reader must have agreed to exactly this" in said
    code, said, out = hand_over(*ASKS)
    assert (code, out.exists()) == (1, False)
    assert "Grace Tamura is asked to read it first" in said
    assert "Nothing waits for you." in waiting(house, who=TOMAS)
    shown = waiting(house)
    for words in ("Benedikt Sorel", "the order is here", "Session notes: 6", "the court"):
        assert words in shown
    assert answer(house, "--agree", "--why", "it is signed", who=TOMAS)[0] == 2
    assert answer(house, "--agree", "--why", "it is signed") == (
        0,
        "Written down: agreed. Whoever asked sees it.\n",
    )
    code, said, out = hand_over()
    assert (code, out.exists()) == (0, True)
    assert house.lines("Benedikt Sorel")[-2].body["read_by"]["name"] == "Grace Tamura"


def test_a_reader_narrows_it(house, hand_over):
    hand_over(*ASKS)
    entry = ID.findall(waiting(house))[1]
    assert answer(house, "--entry", entry, "--why", "no more is named")[0] == 0
    assert hand_over()[0] == 2
    code, _, out = hand_over("--entry", entry)
    assert code == 0
    assert len(json.loads(out.read_text(encoding="utf-8"))["parts"]) == 1


def test_a_reading_goes_on_to_whom_one_names_or_steps_aside_for(house, hand_over):
    hand_over(*ASKS)
    reading = ID.search(waiting(house))[0]
    for wrong in ((), ("--aside", "--to", "Ruth Adair")):
        code, _, said = house.run("packet", "pass-on", reading, *wrong, who=GRACE)
        assert code == 2
        assert "--to NAME with --why, or --aside alone" in said
    code, _, said = house.run("packet", "found", reading, "in_order", "--why", "x", who=GRACE)
    assert code == 2
    assert "has not left yet" in said
    named = ("--to", "Ruth Adair", "--why", "I am away")
    code, said, wrong = house.run("packet", "pass-on", reading, *named, who=GRACE)
    assert (code, said) == (2, ""), wrong
    assert "second reader" in wrong
    code, said, wrong = house.run("packet", "pass-on", reading, "--aside", who=GRACE)
    assert (code, wrong) == (0, "")
    assert said == "Written down. You are not asked about this client again.\n"
    assert "Nothing waits for you." in waiting(house)


def test_what_could_not_wait_is_read_afterwards(house):
    facts, out = house.folder / "threat.json", house.folder / "told.json"
    facts.write_text(json.dumps({"facts": dict(THREAT.facts)}), encoding="utf-8")
    told = (
        *("disclose", "Benedikt Sorel", "--to", "police", "--purpose", "protection", "--yes"),
        *("--instrument", "own_initiative", "--wants", "risk", "--facts", facts, "--out", out),
    )
    kept = ("note", "Benedikt Sorel", "--class", "risk")
    assert house.run(*kept, who=INES, stdin="He has a plan.")[0] == 0
    listed = house.run("look", "Benedikt Sorel", "--list", who=INES)[1]
    [entry] = re.findall(r"([0-9a-f]{4}-[0-9a-f]{4}).*[Rr]isk", listed)
    code, said, wrong = house.run(*told, "--entry", entry, who=INES)
    assert (code, out.exists()) == (0, True), f"{said}{wrong}"
    house.run("ledger", "upkeep")
    reading = ID.search(waiting(house))[0]
    given = ("packet", "found", reading, "less", "--why", "the second half was not needed")
    code, _, wrong = house.run(*given, who=GRACE)
    assert code == 2, wrong
    code, said, wrong = house.run(*given, "--to-do", "tell", who=GRACE)
    assert (code, said) == (0, "Written down. What has to be done is owed from now on.\n"), wrong


def test_what_was_objected_to_stays(house, hand_over):
    hand_over(*ASKS)
    assert answer(house, "--object", "--why", "no seal")[0] == 0
    assert hand_over()[0] == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--reader", "Grace Tamura"), "--why: is missing"),
        (("--consultant", "Dr Amal Invented"), "--why: is missing"),
        ((*ASKS, "--consultant", "Dr Amal Invented"), "one of the two"),
        (("--reader", "Nobody Invented", "--why", "x"), "is nobody's who works here"),
        (("--consultant", "Dr Amal Invented", "--why", "x"), "only where nobody here can read"),
    ],
)
def test_what_cannot_be_asked_is_said(hand_over, given, said):
    code, heard, out = hand_over(*given)
    assert (code, out.exists()) == (2, False)
    assert said in heard


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "the answer: is not one"),
        (("--agree", "--object"), "the answer: is not one"),
        (("--entry", "0000-0000"), "none of those that would leave"),
    ],
)
def test_an_answer_is_one_of_three(house, hand_over, given, said):
    hand_over(*ASKS)
    code, heard = answer(house, *given, "--why", "because")
    assert code == 2
    assert said in heard
