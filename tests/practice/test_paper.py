"""Paper: no purpose, no page; a name on each, a line for it, and an end that is said."""

import datetime
import io

import pikepdf
import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.notices.typesetting import answer
from angerona.practice import night_sheet as night
from angerona.practice.duties import owed
from angerona.practice.exporting import copy_record
from angerona.practice.paper import ENDS, FOR, PAPER, end_paper, purpose_of, sheets
from angerona.practice.who_looked import in_words
from angerona.sealed.checking import check_rows
from notices.reading_pages import texts_of
from prepared_practice import AT, prepared

DAY = datetime.timedelta(days=1)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "copy")
    with copy.opened() as practice:
        practice.clients = copy.clients
        yield practice


def copied(practice, name="Tess", word="meeting", until=None):
    with practice.visit(name) as visit:
        purpose = purpose_of(word, visit.at, until)
        return copy_record(practice.door, visit, practice.clients["Ada"], purpose=purpose)


def papers(practice, name="Tess", at=AT):
    if at != AT:
        practice.open(name, at)
    with practice.visit(name, at) as visit:
        return sheets(visit)


def pages(found):
    given = found.pages(paper="a4", zone=datetime.UTC)
    return texts_of(answer(template="record.typ", data=given, figures={}, attached="", at=0))


def test_without_a_purpose_nothing_is_copied_and_nothing_is_opened(practice):
    before = practice.vault.ledger.size
    with practice.visit("Tess") as visit, pytest.raises(BadInput, match="what for"):
        copy_record(practice.door, visit, practice.clients["Ada"])
    assert practice.vault.ledger.size == before


@pytest.mark.parametrize("word", ["", "because", "treatment"])
def test_a_purpose_is_one_of_a_few(word):
    with pytest.raises(BadInput, match="what for"):
        purpose_of(word, AT)


@pytest.mark.parametrize("until", [AT, AT - DAY, AT + 367 * DAY])
def test_paper_has_an_end_within_a_year(until):
    with pytest.raises(BadInput, match="destroyed or filed by"):
        purpose_of("read", AT, until)
    assert purpose_of("read", AT).until == AT + 7 * DAY


def test_every_page_bears_who_printed_it_when_and_what_for(practice):
    found = pages(copied(practice))
    mark = f"Printed by Tess, 2 March 2026, {FOR['meeting']}"
    assert len(found) > 1
    assert all(one.count(mark) >= 1 for one in found)
    assert all(mark in " ".join(one.split()[-40:]) for one in found), "at the foot, too"


def test_the_watermark_lies_behind_the_text_and_the_page_stays_tagged(practice):
    given = copied(practice).pages(paper="a4", zone=datetime.UTC)
    bare = answer(template="record.typ", data={**given, "mark": ""}, figures={}, attached="", at=0)
    full = answer(template="record.typ", data=given, figures={}, attached="", at=0)
    with pikepdf.open(io.BytesIO(full)) as document:
        assert document.Root.MarkInfo.Marked
    assert len(texts_of(bare)) == len(texts_of(full)), "it takes no room"


def test_the_client_reads_that_it_was_copied_and_what_for(practice):
    copied(practice)
    line = practice.vault.ledger.lines_of(practice.clients["Ada"])[-1]
    said = in_words([line], datetime.UTC)[0].sentence
    assert said.endswith(f"out of this system, {FOR['meeting']}.")


@pytest.mark.parametrize("end", ENDS)
def test_it_waits_for_whoever_printed_it_until_its_end_is_said(practice, end):
    copied(practice, until=AT + 2 * DAY)
    [one] = papers(practice)
    assert (one.client, one.is_overdue) == ("Ada", False)
    assert papers(practice, at=AT + 3 * DAY)[0].is_overdue
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        assert [one.duty.row.duty["id"] for one in owed(visit)] == [PAPER]
        with pytest.raises(Unknown):
            end_paper(visit, one.duty.duty_id, end)
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput, match="became of it"):
            end_paper(visit, one.duty.duty_id, "lost")
        end_paper(visit, one.duty.duty_id, end)
    assert papers(practice) == []
    line = practice.vault.ledger.lines_of(practice.clients["Ada"])[-1]
    assert line.body["how"] == ENDS[end]
    assert not [one for one in check_rows(practice.vault, AT) if one.check == "duties"]


def test_a_night_sheet_is_one_paper_with_a_line_for_each_client(practice, monkeypatch):
    given = {}

    def typeset(template, data, *, at):
        given.update(data)
        return answer(template=template, data=data, figures={}, attached="", at=int(at.timestamp()))

    monkeypatch.setattr(night, "typeset", typeset)
    with practice.visit("Nina") as visit:
        purpose = purpose_of("night", visit.at)
        night.night_sheet(practice.door, visit, paper="a4", purpose=purpose)
    assert given["mark"].startswith("Printed by Nina, 2 March 2026")
    [one] = papers(practice, "Nina")
    assert one.client == ""
    lines = practice.vault.ledger.lines_of(practice.vault.practice_id)
    assert [line.body["clients"] for line in lines if line.body.get("what") == "put on paper"] == [
        2
    ]
    for client_id in practice.clients.values():
        assert practice.vault.ledger.lines_of(client_id)[-1].body["for"] == FOR["night"]
    with practice.visit("Nina") as visit:
        end_paper(visit, one.duty.duty_id, "destroyed")
    assert not [one for one in check_rows(practice.vault, AT) if one.check == "duties"]


def test_who_does_not_treat_takes_nothing_along_whatever_it_is_for(practice):
    with pytest.raises(NotPermitted):
        copied(practice, "Sue")
