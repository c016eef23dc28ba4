"""Supervision: by initials until the name is asked for; agreement bound to what was read."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.results import Kept
from angerona.practice.care import cosignatures
from angerona.practice.supervision import (
    cosign,
    initials,
    is_by_initials,
    masked,
    name_shown,
)
from angerona.practice.who_looked import in_words
from prepared_practice import prepared


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "copy").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def place_of(practice, client, wanted):
    return next(one for one in practice.vault.places(client) if one.wanted == wanted)


def agreed(practice, client, place, by="Sue", version=None):
    with practice.visit(by) as visit:
        read = version or place.version
        return cosign(practice.door, visit, client, place.entry_id, read, "well seen")


def test_agreement_is_bound_to_the_version_that_was_read(practice, ada):
    place = place_of(practice, ada, "progress_note")
    assert isinstance(agreed(practice, ada, place), Kept)
    practice.keep("Tess", ada, "progress_note", "another text", amends=place.entry_id)
    shown = practice.look("Tess", ada, pick=tuple)
    of = (place.entry_id.hex(), 1, place.digest.hex())
    found = cosignatures(shown.entries)
    assert list(found) == [of]
    [(by, entry, form)] = found[of]
    assert (by.author_id, entry.author_name, form.remark) == (
        practice.people["Sue"],
        "Sue",
        "well seen",
    )
    assert practice.vault.ledger.lines_of(ada)[-3].body["by"]["name"] == "Sue"


@pytest.mark.parametrize(
    ("by", "wanted", "error"),
    [
        ("Tess", "progress_note", NotPermitted),
        ("Cora", "risk", NotPermitted),
        ("Olaf", "risk", NotPermitted),
        ("Stan", "risk", Unknown),
        ("Sue", "psychotherapy_note", NotPermitted),
    ],
)
def test_only_who_supervises_agrees_and_not_to_what_is_kept_apart(practice, ada, by, wanted, error):
    before = practice.vault.places(ada)
    with pytest.raises(error):
        agreed(practice, ada, place_of(practice, ada, wanted), by=by)
    assert practice.vault.places(ada) == before


def test_nobody_agrees_to_what_is_not_there_or_is_his_own(practice, ada):
    with pytest.raises(Unknown):
        agreed(practice, ada, place_of(practice, ada, "risk"), version=2)
    practice.keep("Sue", ada, "risk", "hers")
    with pytest.raises(BadInput):
        agreed(practice, ada, practice.vault.places(ada)[-1])


def test_the_name_is_shown_with_a_line_the_client_can_read(practice, ada):
    with practice.visit("Sue") as visit:
        assert name_shown(visit, ada) == "Ada"
    said = in_words(practice.vault.ledger.lines_of(ada), datetime.UTC)[-1].sentence
    assert said == "Sue (psychologist) saw the name behind the initials."
    for by, error in (("Tess", NotPermitted), ("Stan", Unknown)):
        with practice.visit(by) as visit, pytest.raises(error):
            name_shown(visit, ada)


def test_a_text_is_cleared_of_the_name_and_of_nothing_else():
    assert initials("Ada van der Invented") == "A. v. d. I."
    assert initials("7") == "?"
    said = masked("ADA came; Invented's Al, and Adamant.", "Ada Al Invented")
    assert said == "A. came; I.'s Al, and Adamant."
    assert masked("Ada", "") == "Ada"


def test_who_also_treats_or_holds_a_post_meets_the_client_by_name():
    assert is_by_initials(("supervisor",), ())
    assert not is_by_initials(("supervisor", "treating"), ())
    assert not is_by_initials(("supervisor",), ("on_call",))
    assert not is_by_initials((), ())
