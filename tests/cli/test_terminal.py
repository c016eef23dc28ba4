"""What is asked of somebody who sits at a terminal: names, passwords, facts, a yes."""

import pytest

from angerona.practice.sample_world import PASSWORD
from ferry_street import INES
from terminal import talk


@pytest.fixture
def at_terminal(house):
    def call(*arguments):
        *words, answers = arguments
        given = [*words, "--data", house.data]
        return talk(given, *answers, state=house.folder / "state")

    return call


def test_name_and_password_are_asked_for_and_the_password_is_not_seen(at_terminal):
    code, said = at_terminal(
        "clients",
        [("Your name in this practice: ", f"{INES}\n"), (f"Password of {INES}: ", f"{PASSWORD}\n")],
    )
    assert code == 0
    assert PASSWORD not in said
    assert "Amara Nwosu (treating clinician)" in said


def test_facts_are_asked_for_and_nothing_leaves_without_a_yes(house, at_terminal):
    disclose = (
        *("disclose", "Benedikt Sorel", "--to", "insurer", "--purpose", "insurance"),
        *("--instrument", "consent", "--wants", "diagnosis", "--as", INES),
        *("--out", house.folder / "packet.json"),
    )
    asked = [
        (f"Password of {INES}: ", f"{PASSWORD}\n"),
        ("Is there a medical emergency?", "no\n"),
        ("Has the practice itself established", "yes\n"),
    ]
    code, said = at_terminal(*disclose, [*asked, ("Hand this over?", "\n")])
    assert (code, "Nothing was opened, and nothing left." in said) == (1, True)
    assert "disclosure" not in house.kinds("Benedikt Sorel")
    code, said = at_terminal(*disclose, [*asked, ("Hand this over?", "yes\n")])
    assert (code, "is written: packet.json" in said) == (0, True)


def test_who_answers_no_more_is_told_what_is_missing(at_terminal):
    code, said = at_terminal(
        *("disclose", "Benedikt Sorel", "--to", "insurer", "--purpose", "insurance"),
        *("--instrument", "consent", "--as", INES, "--out", "x.json"),
        [(f"Password of {INES}: ", f"{PASSWORD}\n"), ("Is there a medical emergency?", "stop\n")],
    )
    assert (code, "One thing decides:" in said) == (1, True)


def test_a_note_is_written_at_the_terminal(at_terminal):
    code, said = at_terminal(
        *("note", "Hana Mori", "--as", INES),
        [(f"Password of {INES}: ", f"{PASSWORD}\n"), ("end it with Ctrl-D", "She called.\n\x04")],
    )
    assert (code, "Kept as " in said) == (0, True)


def test_a_new_password_is_typed_twice_the_same(tmp_path):
    init = (
        *("init", "--data", tmp_path / "data", "--keeper", f"file:{tmp_path / 'boot'}"),
        *("--place", "UK", "--role", "psychotherapist"),
    )
    answers = [
        ("Who keeps the key papers? Three or more, with commas between: ", "me, Ann, the bank\n"),
        ("The name of the practice: ", "Still Water\n"),
        ("Your own name, as colleagues know you: ", "Thea\n"),
        ("a sentence is good: ", "one long sentence of mine\n"),
    ]
    wrong = [*answers, ("The same again: ", "another long sentence\n")]
    code, said = talk(init, *wrong, state=tmp_path / "state")
    assert (code, "the two were not the same" in said) == (2, True)
    assert not (tmp_path / "data").exists()
    right = [*answers, ("The same again: ", "one long sentence of mine\n")]
    code, said = talk(init, *right, state=tmp_path / "state")
    assert (code, "The law loaded: house, uk." in said) == (0, True)


def test_an_import_shows_how_far_it_is_and_clears_up(house, at_terminal):
    rows = "".join(f"Client {n},2026-01-05,risk,,Text {n}.\n" for n in range(80))
    (house.folder / "notes.csv").write_text("client,date,class,heading,text\n" + rows, "utf-8")
    code, said = at_terminal(
        *("import", house.folder / "notes.csv", "--by", INES),
        [(f"Password of {INES}: ", f"{PASSWORD}\n")],
    )
    assert (code, "Bringing in" in said) == (0, True)
    assert said.rstrip().splitlines()[-1].endswith("80 notes brought in, for 80 new clients.")
