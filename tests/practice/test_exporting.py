"""A record taken along: all that one may read, nothing else, and said in the ledger."""

import datetime
import io
import json

import pytest

from angerona.errors import NotPermitted, Unknown
from angerona.gate.results import Kept
from angerona.notices.typesetting import is_installed
from angerona.practice.clients import establish
from angerona.practice.exporting import FORM, Copy, copy_record
from angerona.practice.members import sign_in_with_password
from angerona.practice.paper import purpose_of
from angerona.practice.portal import give_way_in
from angerona.practice.who_looked import in_words
from angerona.practice.zones import change_zone
from notices.reading_pages import texts_of
from prepared_practice import AT, PASSWORD, WRITTEN, prepared, quick_passwords, text_of


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as opened:
        opened.clients = copy.clients
        yield opened


def copied(practice, who, client="Ada"):
    with practice.visit(who) as visit:
        return copy_record(
            practice.door, visit, practice.clients[client], purpose=purpose_of("read", AT)
        )


def test_who_treats_takes_everything_along_and_what_was_kept_apart(practice):
    document = copied(practice, "Tess").document
    assert document["form"] == FORM
    assert {one["text"] for one in document["entries"]} == {text_of("Ada", one) for one in WRITTEN}
    assert {one["class"] for one in document["entries"]} == set(WRITTEN)
    assert document["client"]["name"] == "Ada"
    assert {one["relation"] for one in document["people"]} == {
        "treating",
        "supervisor",
        "covering",
    }


def test_the_ledger_says_so_before_anything_is_given(practice):
    before = len(practice.vault.ledger.lines_of(practice.clients["Ada"]))
    copied(practice, "Tess")
    lines = practice.vault.ledger.lines_of(practice.clients["Ada"])
    assert len(lines) > before
    said = in_words(lines, datetime.UTC)[-1].sentence
    assert said.startswith("Tess")
    assert said.endswith("out of this system, to read away from a screen.")
    assert "kinds of information" in said


def test_the_json_can_be_read_by_anything(practice):
    found = copied(practice, "Tess")
    assert json.loads(found.as_json()) == found.document


def test_every_file_comes_along_under_a_name_that_cannot_leave_its_folder(practice):
    found = copied(practice, "Tess")
    assert len(found.files) == len(set(found.files)) == len(WRITTEN)
    for name in found.files:
        assert name.endswith(".pdf")
        assert "/" not in name
        data = io.BytesIO()
        found.fetch(name, data)
        assert data.getvalue().startswith(b"The file: Ada")
    with pytest.raises(Unknown):
        found.fetch("../boot", io.BytesIO())


@pytest.mark.parametrize("given", ["../../x.p/f", "x.exe\n", "no ending", ".", "x.\u0661\u0662"])
def test_a_hostile_name_of_a_file_is_not_kept(practice, given):
    kept = practice.keep(
        "Tess",
        practice.clients["Ada"],
        "correspondence",
        "with a file",
        file=io.BytesIO(b"x"),
        file_name=given,
    )
    assert isinstance(kept, Kept)
    name = next(
        one for one in copied(practice, "Tess").files if one.startswith(kept.entry_id.hex())
    )
    assert set(name.removeprefix(kept.entry_id.hex())) <= set(
        ".abcdefghijklmnopqrstuvwxyz0123456789"
    )


@pytest.mark.skipif(not is_installed(), reason="pages need the extra pdf")
def test_the_pages_hold_what_the_json_holds(practice):
    assert copied(practice, "Tess").as_pages(paper="a4").startswith(b"%PDF")


@pytest.mark.skipif(not is_installed(), reason="pages need the extra pdf")
def test_the_pages_read_by_the_clock_of_the_practice_and_the_json_does_not(practice):
    with practice.visit("Olaf") as visit:
        change_zone(visit, "America/Los_Angeles")
    found = copied(practice, "Tess")
    text = " ".join(texts_of(found.as_pages(paper="a4")))
    assert "2 March 2026, 01:30 (UTC-08:00), by Tess" in text
    assert "09:30" not in text
    assert found.document["copied"] == AT.isoformat()


def test_a_stranger_takes_nothing_along(practice):
    with pytest.raises(Unknown):
        copied(practice, "Stan")


@pytest.mark.parametrize("name", ["Sue", "Cora", "Nina", "Fay", "Olaf"])
def test_who_does_not_treat_takes_nothing_along(practice, name):
    with pytest.raises(NotPermitted):
        copied(practice, name)


def test_a_copy_is_dated_when_it_was_taken(practice):
    assert copied(practice, "Tess").document["copied"] == AT.isoformat()


def test_the_clients_own_copy_says_nothing_of_what_the_rules_were_told(practice):
    """A fact on file may be what the law keeps from the client."""
    ada, facts = practice.clients["Ada"], {"us_hipaa.access_endangers": False}
    with quick_passwords(), practice.visit("Tess") as visit:
        made = give_way_in(visit, ada, "ada", PASSWORD)
        establish(visit, practice.door.packs, ada, facts)
        told = copy_record(practice.door, visit, ada, purpose=purpose_of("read", AT)).document[
            "client"
        ]["facts"]
        assert facts.items() <= told.items()
    with quick_passwords():
        cookie = sign_in_with_password(practice.vault, "ada", PASSWORD, AT)
    with practice.vault.visit(cookie, AT) as visit:
        assert visit.unlocked.person_id == made.person_id
        found = copy_record(practice.door, visit, ada, purpose=purpose_of("read", AT))
    assert isinstance(found, Copy)
    assert found.document["client"]["facts"] == {}
