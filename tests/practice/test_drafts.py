"""Drafts: sealed to the author alone, offered again, never lost between two windows."""

import datetime
import os

import pytest

from angerona.errors import BadInput, Unknown, Unopenable
from angerona.practice import drafts, erasure
from angerona.practice.backups import CONTENT_TABLES, KEYSET_TABLES
from angerona.practice.drafts import draft_of, drafts_of, save_draft, throw_away
from angerona.practice.erasure import erase_client
from angerona.sealed.drafts import (
    DraftPlace,
    NoteDraft,
    NoteSection,
    opened_draft_row,
    sealed_draft_row,
)
from angerona.sealed.people import new_person
from prepared_practice import AT, prepared, quick_passwords
from small_practice import founded

ID = bytes(range(16))
ESTABLISHED = {
    "recipient.identity_verified": True,
    "eu.retention_required": False,
    "eu.claims_needed": False,
}


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "copy").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def note(text, heading="Session", at=AT):
    return NoteDraft(
        heading=heading,
        sections=(NoteSection(says="", wanted="progress_note", text=text),),
        saved=at,
    )


def saved(practice, client, text, *, by="Tess", after="", draft_id=ID, at=AT):
    with practice.visit(by, at) as visit:
        return save_draft(visit, client, draft_id, note(text, at=at), after=after)


def texts(practice, client, by="Tess"):
    with practice.visit(by) as visit:
        return [one.draft.sections[0].text for one in drafts_of(visit, client)]


def test_a_draft_is_offered_again_until_it_is_thrown_away(practice, ada):
    first = saved(practice, ada, "She sle")
    second = saved(practice, ada, "She slept.", after=first.mark)
    assert not second.is_apart
    assert texts(practice, ada) == ["She slept."]
    with practice.visit("Tess") as visit:
        assert draft_of(visit, ada, ID).mark == second.mark
        throw_away(visit, ada, ID)
        throw_away(visit, ada, ID)
        assert drafts_of(visit, ada) == []
        with pytest.raises(Unknown):
            draft_of(visit, ada, ID)


def test_of_two_windows_neither_loses_anything(practice, ada):
    first = saved(practice, ada, "both began here")
    one = saved(practice, ada, "one window", after=first.mark)
    later = AT + datetime.timedelta(minutes=1)
    other = saved(practice, ada, "the other", after=first.mark, at=later)
    assert not one.is_apart
    assert other.is_apart
    assert other.draft_id != ID
    assert texts(practice, ada) == ["the other", "one window"]
    again = saved(practice, ada, "the other goes on", after=other.mark, draft_id=other.draft_id)
    assert not again.is_apart


def test_the_same_text_saved_twice_is_one_draft(practice, ada):
    first = saved(practice, ada, "sent twice")
    second = saved(practice, ada, "sent twice")
    assert (second.draft_id, second.mark, second.is_apart) == (ID, first.mark, False)
    assert texts(practice, ada) == ["sent twice"]


def test_what_is_saved_after_the_draft_was_kept_is_a_new_draft(practice, ada):
    first = saved(practice, ada, "kept by another window")
    with practice.visit("Tess") as visit:
        throw_away(visit, ada, ID)
    after = saved(practice, ada, "and typed on here", after=first.mark)
    assert after.is_apart
    assert texts(practice, ada) == ["and typed on here"]


def test_nobody_else_is_offered_a_draft_and_no_other_key_opens_it(practice, ada):
    saved(practice, ada, "for Tess alone")
    for name in ("Sue", "Cora", "Nina", "Olaf", "Thea"):
        assert texts(practice, ada, by=name) == []
    for name in ("Theo", "Stan"):
        with practice.visit(name) as visit, pytest.raises(Unknown):
            drafts_of(visit, ada)
        with practice.visit(name) as visit, pytest.raises(Unknown):
            save_draft(visit, ada, ID, note("a stranger's"), after="")
    tess, other = new_person(), new_person()
    place = DraftPlace(*(os.urandom(16) for _ in range(4)))
    blob = sealed_draft_row(tess.public.wrap, place, note("sealed"))
    assert opened_draft_row(tess.pair, place, blob) == note("sealed")
    elsewhere = DraftPlace(place.practice_id, place.client_id, place.person_id, bytes(16))
    for pair, there in ((other.pair, place), (tess.pair, elsewhere)):
        with pytest.raises(Unopenable):
            opened_draft_row(pair, there, blob)


def test_a_draft_is_no_entry_and_leaves_no_line(practice, ada):
    before = practice.vault.ledger.size
    places = practice.vault.places(ada)
    saved(practice, ada, "not yet kept")
    texts(practice, ada)
    assert practice.vault.ledger.size == before
    assert practice.vault.places(ada) == places


def test_a_draft_goes_with_an_erasure(tmp_path):
    with quick_passwords():
        practice = founded(tmp_path / "data", packs=("house", "eu", "ie"))
    ada = practice.client("Ada Invented")
    practice.keep("Thea", ada, "progress_note", "The garden.")
    saved(practice, ada, "half a thought", by="Thea")
    vault = practice.vault
    place = {"practice_id": vault.practice_id, "client_id": ada}
    place["person_id"] = practice.people["Thea"]
    assert len(vault.store.rows("drafts.of_author", **place)) == 1
    with practice.visit("Thea") as visit:
        reason = "She asked in writing."
        done = erase_client(visit, practice.door.packs, ada, reason=reason, facts=ESTABLISHED)
    assert done.written
    assert vault.store.rows("drafts.of_author", **place) == []
    vault.store.close()


def test_no_draft_comes_back_after_an_erasure(practice, ada, monkeypatch):
    """Somebody is erased while another window's draft is ready to be written."""

    def meanwhile(*args):
        monkeypatch.setattr(drafts, "sealed_draft_row", sealed_draft_row)
        with practice.visit("Tess") as visit:
            erasure._erase(visit, practice.vault.authority(ada), {"what": "erasure"})  # noqa: SLF001 -- as though the law had said yes
        return sealed_draft_row(*args)

    monkeypatch.setattr(drafts, "sealed_draft_row", meanwhile)
    with pytest.raises(Unknown):
        saved(practice, ada, "half a thought")
    place = {"practice_id": practice.vault.practice_id, "client_id": ada}
    assert practice.vault.store.rows("drafts.any_of_client", **place) in ([], [(None,)])


def test_drafts_are_backed_up_where_an_erasure_reaches():
    assert "drafts" in KEYSET_TABLES
    assert "drafts" not in CONTENT_TABLES


def test_half_a_character_is_refused(practice, ada):
    with pytest.raises(BadInput):
        saved(practice, ada, "\ud800")


def test_the_length_shows_as_a_class_of_sizes_alone():
    place, keys = DraftPlace(ID, ID, ID, ID), new_person()
    sizes = {
        len(sealed_draft_row(keys.public.wrap, place, note("x" * length)))
        for length in (1, 50, 300)
    }
    assert len(sizes) == 1
