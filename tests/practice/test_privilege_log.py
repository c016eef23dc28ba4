"""The privilege log: every entry that was asked for and does not go, and not a word of any."""

import csv
import datetime
import io

import pytest

from angerona.errors import Unknown
from angerona.gate.keeping import Draft
from angerona.practice.privilege_log import COLUMNS, log_csv, log_pdf, privilege_log
from angerona.practice.requests import NewRequest, request, take_down
from angerona.practice.speaking import Asked, choose
from owed_duties import copy, practice
from prepared_practice import AT
from second_readings import COURT, WISH

__all__ = ["copy", "practice"]
WANTS = ("progress_note", "risk")


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def taken_down(practice, client_id, **more):
    fields = {"to": "opposing_attorney", "instrument": "subpoena_attorney", "wants": WANTS}
    asked = Asked(
        **(fields | {"purpose": "legal_proceeding", "received": AT, "name": COURT} | more)
    )
    with practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=client_id, may_tell=True)
        return take_down(practice.door, visit, new)


def log(practice, matter_id, by="Tess"):
    with practice.visit(by) as visit:
        return privilege_log(practice.door, visit, request(visit, matter_id))


def asked_for(practice, client_id, wants=WANTS):
    found = practice.vault.places(client_id)
    return list(dict.fromkeys(one.entry_id for one in found if one.wanted in wants))


def test_where_nothing_goes_everything_asked_for_is_in_it(practice, ada):
    found = log(practice, taken_down(practice, ada))
    assert [one.entry_id for one in found] == asked_for(practice, ada)
    assert all(one.claim and one.author for one in found)
    assert {one.of_class for one in found} == set(WANTS)


def test_what_goes_is_not_in_it_and_the_rest_is(practice, ada):
    entries = asked_for(practice, ada)
    more = {"to": "court", "instrument": "court_order", "facts": dict(WISH.facts)}
    matter_id = taken_down(practice, ada, **more)
    assert log(practice, matter_id) == []
    with practice.visit("Tess") as visit:
        choose(visit, request(visit, matter_id), entries[:1])
    assert [one.entry_id for one in log(practice, matter_id)] == entries[1:]


def test_its_days_are_a_look_that_the_client_can_see(practice, ada):
    matter_id = taken_down(practice, ada)
    found = log(practice, matter_id)
    assert practice.vault.ledger.lines_of(ada)[-1].kind == "look"
    assert all(one.written for one in found)


def test_whoever_may_not_read_an_entry_learns_no_day_of_it(practice, ada):
    found = log(practice, taken_down(practice, ada), by="Olaf")
    assert found
    assert all(one.written is None for one in found)
    assert b"not opened" in log_csv(found)


def test_entries_of_other_days_were_not_asked_for(practice, ada):
    days = (datetime.date(1999, 1, 1), datetime.date(1999, 12, 31))
    assert log(practice, taken_down(practice, ada, between=days)) == []


def test_it_holds_no_word_of_an_entry_and_runs_nothing(practice, ada):
    draft = Draft(wanted="risk", heading="=1+1", text="a needle that nobody else wrote")
    with practice.visit("Tess") as visit:
        practice.door.keep(visit, ada, draft)
    found = log(practice, taken_down(practice, ada))
    text = log_csv(found).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert tuple(head) == COLUMNS
    assert len(rows) == len(found)
    assert "needle" not in text
    assert "1+1" not in text
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    pdf = log_pdf(found, practice="Quiet Rooms", at=AT, paper="a4")
    assert pdf.startswith(b"%PDF")


def test_about_nobody_there_is_none(practice):
    with pytest.raises(Unknown):
        log(practice, taken_down(practice, None))
