"""Evidence for an audit: a period as tables, flat in the ledger, with nothing that is held."""

import csv
import datetime
import io

import pytest

from angerona.errors import BadInput, NotPermitted
from angerona.ledger.lines import Line
from angerona.notices.registers import register_page
from angerona.notices.typesetting import answer
from angerona.practice import evidence as evidences
from angerona.practice.caseload import met, short_id
from angerona.practice.evidence import (
    PAST_THE_USUAL_WAY,
    REVIEWS,
    WHAT_LEFT,
    Evidence,
    Table,
    evidence,
)
from angerona.practice.oversight import desk, review, settle
from angerona.practice.watching import watch
from notices.reading_pages import texts_of
from owed_duties import GLASS
from prepared_practice import AT, packs, prepared

DAY = datetime.timedelta(days=1)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "copy")
    with copy.opened() as practice:
        watch(practice.vault, AT)
        practice.clients = copy.clients
        yield practice


def made(practice, since=AT - DAY, until=AT + DAY, name="Olaf"):
    with practice.visit(name) as visit:
        return evidence(visit, packs(), since, until)


def table(found, title):
    return next(one for one in found.tables if one.title == title)


def a_day(practice):
    """Glass breaks and is reviewed, Bill looks and it is explained."""
    practice.look("Nina", practice.clients["Ada"], reason="he said goodbye", **GLASS)
    with practice.visit("Bill") as visit:
        met(visit, practice.clients["Ada"])
    watch(practice.vault, AT)
    with practice.visit("Olaf") as visit:
        found = desk(visit)
        review(visit, packs(), found.reviews[0].duty.duty_id, "in_order")
        settle(visit, packs(), found.noticed[0].duty.duty_id, "explained", why="a bill")


def test_it_says_what_was_looked_at_reviewed_and_noticed_by_short_ids(practice):
    a_day(practice)
    found = made(practice)
    short = short_id(practice.clients["Ada"])
    [glass] = table(found, PAST_THE_USUAL_WAY).rows
    assert glass[1:4] == [short, "Nina (nurse)", "broken glass"]
    assert {(row[1], row[4]) for row in table(found, REVIEWS).rows} == {
        (short, "in order"),
        ("", "explained: a bill"),
    }
    assert table(found, "What was noticed").rows == [["No appointment and no tie", "1"]]
    looked = {row[0]: row[1:] for row in table(found, "Who looked how much").rows}
    assert looked["Bill"] == ["1", "1", "0"]
    law = table(found, "The law in use").rows
    assert len(law) == 3
    assert not [cell for one in found.tables for row in one.rows for cell in row if cell == "Ada"]


def test_that_it_was_made_is_a_line_of_its_own_before_it_is_read(practice):
    made(practice)
    line = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1]
    assert (line.kind, line.body["what"], line.body["by"]["name"]) == ("look", "evidence", "Olaf")
    assert line.body["since"] == (AT - DAY).isoformat()


def test_what_the_law_still_holds_back_stands_in_no_table(practice):
    held = {"by": {"name": "Tess"}, "to": "police", "what": "the officer", "classes": ["risk"]}
    ada = practice.clients["Ada"]
    practice.vault.record(ada, "disclosure", held, AT)
    line = Line(ada, "disclosure", {**held, "what": "the secret"}, held_until=AT + DAY)
    practice.vault.ledger.append(line, AT, authority=None, changes=None).result()
    rows = table(made(practice), WHAT_LEFT).rows
    assert [row[3] for row in rows] == ["the police (the officer)"]


def test_only_the_period_is_read(practice):
    a_day(practice)
    assert table(made(practice, AT + DAY, AT + 2 * DAY), PAST_THE_USUAL_WAY).rows == []
    assert table(made(practice, AT - 9 * DAY, AT), PAST_THE_USUAL_WAY).rows == []
    assert table(made(practice, AT, AT + DAY), PAST_THE_USUAL_WAY).rows != []


def test_the_beginning_is_found_by_halving_and_not_by_reading_everything(practice, monkeypatch):
    for day in range(40):
        for _ in range(5):
            practice.vault.record(practice.vault.practice_id, "sign_in", {}, AT + day * DAY)
    first = evidences._first(practice.vault, AT + 39 * DAY)  # noqa: SLF001 -- what is halved
    lines, _ = practice.vault.ledger.lines_from(first)
    assert [line.at for _, line in lines] == [AT + 39 * DAY] * 5
    asked = []
    real = type(practice.vault.ledger).lines_from
    monkeypatch.setattr(
        type(practice.vault.ledger),
        "lines_from",
        lambda self, place: asked.append(place) or real(self, place),
    )
    evidences._first(practice.vault, AT + 39 * DAY)  # noqa: SLF001 -- as above
    assert len(asked) < 12


@pytest.mark.parametrize("name", ["Tess", "Fay", "Nina"])
def test_it_is_for_the_officer_alone(practice, name):
    with pytest.raises(NotPermitted):
        made(practice, name=name)


def test_a_period_has_an_end_after_its_beginning_and_not_too_many_lines(practice, monkeypatch):
    with pytest.raises(BadInput, match="until"):
        made(practice, AT, AT)
    monkeypatch.setattr(evidences, "LINES_MAX", 3)
    with pytest.raises(BadInput, match="period"):
        made(practice)


NEEDLES = ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"]


def test_no_cell_of_the_csv_runs_as_a_formula():
    rows = [[needle, "plain, with a comma"] for needle in NEEDLES]
    found = Evidence(AT, AT + DAY, "Olaf", (Table("One", ("a", "b"), rows),))
    read = list(csv.reader(io.StringIO(found.as_csv().decode(), newline="")))
    assert [row[1] for row in read[2:]] == [f"'{needle}" for needle in NEEDLES]
    assert {row[2] for row in read[2:]} == {"plain, with a comma"}


def test_the_pages_hold_every_row_and_no_command_of_theirs_runs():
    rows = [["#panic()", "$x$ *bold* <label>", ""], ["second", "", "third cell"]]
    found = Evidence(AT, AT + DAY, "Olaf", (Table("One", ("a", "b", "c"), rows),))
    given = register_page(found.heading, found.entries(), practice="Quiet Rooms", at=AT, paper="a4")
    pdf = answer(template="letter.typ", data=given, figures={}, attached="", at=0)
    text = " ".join(texts_of(pdf))
    for needle in ("#panic()", "$x$ *bold* <label>", "third cell", "made by Olaf"):
        assert needle in text
