"""A consent is narrowed by the client: it never says more than before, and the line says what."""

import datetime
import json

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.consent_forms import classes_named
from angerona.practice.consents import (
    keep_consent,
    narrow_consent,
    take_back_consent,
)
from angerona.practice.portal import give_way_in
from angerona.practice.who_looked import in_words
from angerona.words import CLASSES, NAMED_ONE_BY_ONE
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

TODAY = AT.date()
YEAR_END = datetime.date(2026, 12, 31)
DOCUMENT = {
    "by": "client",
    "form": "portal",
    "classes": ["diagnosis", "treatment_plan", "risk"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": TODAY.isoformat(),
    "until": YEAR_END.isoformat(),
    "revoked": None,
    "elements": {},
}


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    copy = prepared().copied(tmp_path_factory.mktemp("consents") / "practice")
    with quick_passwords(), copy.opened() as found:
        with found.visit("Tess") as visit:
            made = give_way_in(visit, copy.clients["Ada"], "Ada", PASSWORD)
        found.people["Ada"] = made.person_id
        found.sign_in("Ada")
        found.ada = copy.clients["Ada"]
        yield found


def kept(practice, **changes):
    with practice.visit("Ada") as visit:
        return keep_consent(visit, practice.ada, {**DOCUMENT, **changes})


def narrow(practice, consent_id, by="Ada", *, classes, until=None):
    with practice.visit(by) as visit:
        narrow_consent(visit, practice.ada, consent_id, classes=classes, until=until)
    row = practice.vault.authority(practice.ada).consents[consent_id]
    return json.loads(row.document)


def test_what_is_left_holds_and_the_line_says_it(practice):
    left = narrow(practice, kept(practice), classes=["diagnosis"])
    assert left == {**DOCUMENT, "classes": ["diagnosis"]}
    last = in_words(practice.vault.ledger.lines_of(practice.ada), datetime.UTC)[-1]
    assert last.sentence == "Ada (client) narrowed a consent to diagnosis, to an insurer."


def test_an_end_can_come_earlier(practice):
    consent_id = kept(practice)
    earlier = datetime.date(2026, 6, 1)
    left = narrow(practice, consent_id, classes=DOCUMENT["classes"], until=earlier)
    assert left["until"] == "2026-06-01"
    with pytest.raises(BadInput):
        narrow(practice, consent_id, classes=DOCUMENT["classes"], until=YEAR_END)


def test_a_consent_without_an_end_is_given_one(practice):
    left = narrow(practice, kept(practice, until=None), classes=["risk"], until=YEAR_END)
    assert left["until"] == YEAR_END.isoformat()


@pytest.mark.parametrize("classes", [[], ["progress_note"], ["diagnosis", "progress_note"]])
def test_it_never_says_more_and_never_nothing(practice, classes):
    with pytest.raises(BadInput):
        narrow(practice, kept(practice), classes=classes)


def test_everything_is_narrowed_to_some(practice):
    consent_id = kept(practice, classes=["everything"])
    assert narrow(practice, consent_id, classes=["risk"])["classes"] == ["risk"]
    whole = classes_named({**DOCUMENT, "classes": ["everything"]})
    assert set(whole) == set(CLASSES) - NAMED_ONE_BY_ONE


def test_process_notes_beside_others_are_not_left_alone(practice):
    """Alone they would be covered, and were not before: narrowing would open more."""
    both = ["diagnosis", "psychotherapy_note"]
    with pytest.raises(BadInput):
        narrow(practice, kept(practice, classes=both), classes=["psychotherapy_note"])
    with pytest.raises(BadInput):
        narrow(practice, kept(practice, classes=both), classes=both)
    left = narrow(practice, kept(practice, classes=both), classes=["diagnosis"])
    assert left["classes"] == ["diagnosis"]


def test_nobody_else_narrows_it(practice):
    consent_id = kept(practice)
    with pytest.raises(NotPermitted):
        narrow(practice, consent_id, by="Sue", classes=["risk"])
    with pytest.raises(Unknown):
        narrow(practice, consent_id, by="Stan", classes=["risk"])
    with pytest.raises(Unknown):
        narrow(practice, bytes(16), classes=["risk"])


def test_what_was_taken_back_stays_so_as_of_that_day(practice):
    yesterday = TODAY - datetime.timedelta(days=1)
    consent_id = kept(practice, revoked=yesterday.isoformat())
    before = len(practice.vault.ledger.lines_of(practice.ada))
    with practice.visit("Ada") as visit:
        take_back_consent(visit, practice.ada, consent_id)
    row = practice.vault.authority(practice.ada).consents[consent_id]
    assert json.loads(row.document)["revoked"] == yesterday.isoformat()
    assert len(practice.vault.ledger.lines_of(practice.ada)) == before
