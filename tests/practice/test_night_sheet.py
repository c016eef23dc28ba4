"""The sheet for the night: what keeps people safe, of whom one may be spoken to, and locked."""

import datetime
import io
import shutil
import subprocess

import pikepdf
import pytest

from angerona.notices.typesetting import is_installed
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.contact import NewContact, change_contact
from angerona.practice.night_sheet import night_sheet
from angerona.practice.paper import purpose_of
from angerona.practice.who_looked import in_words
from angerona.practice.zones import change_zone
from angerona.sealed.rows import Way
from prepared_practice import AT, prepared, text_of

pytestmark = pytest.mark.skipif(not is_installed(), reason="pages need the extra pdf")


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as opened:
        opened.clients = copy.clients
        yield opened


def made(practice, who):
    steps = []
    with practice.visit(who) as visit:
        sheet = night_sheet(
            practice.door,
            visit,
            paper="a4",
            purpose=purpose_of("night", AT),
            step=lambda done, of: steps.append((done, of)),
        )
    return sheet, steps


def words_in(sheet, folder):
    if not shutil.which("pdftotext"):
        pytest.skip("needs pdftotext (poppler-utils)")
    path = folder / "sheet.pdf"
    with pikepdf.open(io.BytesIO(sheet.locked.pdf), password=sheet.locked.passphrase) as opened:
        opened.save(path, encryption=False)
    done = subprocess.run(
        ["pdftotext", str(path), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(done.stdout.split())


def test_whoever_is_on_call_gets_what_keeps_people_safe_and_nothing_else(practice, tmp_path):
    sheet, steps = made(practice, "Nina")
    assert (sheet.clients, sheet.left_out) == (2, 0)
    assert steps == [(1, 2), (2, 2)]
    words = words_in(sheet, tmp_path)
    for client in ("Ada", "Otto"):
        for wanted in ("risk", "medication"):
            assert text_of(client, wanted) in words
        assert text_of(client, "progress_note") not in words
        assert text_of(client, "psychotherapy_note") not in words
    assert "Nina" in words
    assert {"Tess", "Theo"} <= set(words.split())
    assert "Risk and safety plan: Session" in words


def test_it_says_the_hour_by_the_clock_of_the_practice(practice, tmp_path):
    with practice.visit("Olaf") as visit:
        change_zone(visit, "America/Los_Angeles")
    words = words_in(made(practice, "Nina")[0], tmp_path)
    assert "2 March 2026, 01:30 (UTC-08:00)" in words
    with practice.visit("Olaf") as visit:
        change_zone(visit, "UTC")


def test_it_cannot_be_read_without_its_words(practice):
    sheet, _ = made(practice, "Nina")
    with pikepdf.open(io.BytesIO(sheet.locked.pdf), password=sheet.locked.passphrase) as opened:
        assert opened.encryption.bits == 256
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(io.BytesIO(sheet.locked.pdf))


def test_each_client_sees_that_a_copy_was_taken(practice):
    made(practice, "Nina")
    for client_id in practice.clients.values():
        said = [
            one.sentence
            for one in in_words(practice.vault.ledger.lines_of(client_id), datetime.UTC)
        ]
        assert said[-1].startswith("Nina")
        assert said[-1].endswith("out of this system, for the night.")


def test_who_may_not_read_makes_a_sheet_without_it(practice):
    sheet, _ = made(practice, "Fay")
    assert (sheet.clients, sheet.left_out) == (0, 2)


def with_nothing_to_keep_safe(practice):
    """A client of whom there is neither a safety plan nor a medicine."""
    with practice.visit("Tess") as visit:
        who = NewClient(name="Ivo", contact={"phone": "555-0100"})
        ivo = enrol_client(visit, who, treating=practice.people["Tess"])
        ways = {"phone": Way(allowed=True, times="after six"), "mail": Way()}
        never = "never call at work"
        change_contact(visit, ivo, NewContact(ways=ways, addresses={}, never=never))
    practice.clients = {**practice.clients, "Ivo": ivo}
    return ivo


def test_how_to_reach_somebody_is_not_copied_without_a_line(practice, tmp_path):
    ivo = with_nothing_to_keep_safe(practice)
    sheet, _ = made(practice, "Nina")
    assert sheet.clients == 3
    said = [one.sentence for one in in_words(practice.vault.ledger.lines_of(ivo), datetime.UTC)][
        -2:
    ]
    assert said == [
        "Nina (nurse) saw how to reach the client.",
        "Nina (nurse) took a copy of name and contact out of this system, for the night.",
    ]
    words = words_in(sheet, tmp_path)
    assert "Phone call (after six)" in words
    assert "never call at work" in words
    assert "E-mail" not in words


def test_nor_for_whoever_may_not_ask_how_to_reach_somebody(practice):
    with_nothing_to_keep_safe(practice)
    sheet, _ = made(practice, "Olaf")
    assert sheet.clients == 0
