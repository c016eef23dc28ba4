"""Forms: what the packs in force demand is on them, and what they make covers what was ticked."""

import datetime
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.packs import load
from angerona.practice.consent_forms import (
    Terms,
    asked_of_paper,
    classes_named,
    demanded,
    document_of,
    form_for,
    missing,
    terms_of,
)
from angerona.rules.ask import read_ask, read_consent
from angerona.rules.consents import consent_values, names
from angerona.words import (
    CLASSES,
    EVERYTHING,
    NAMED_ONE_BY_ONE,
    PROCESS_NOTES,
    PURPOSES,
    RECIPIENTS,
    SIGNERS,
)
from reading import grade, sentences

PACKS = load()
STACKS = (
    ("house", "us-hipaa", "us-ca"),
    ("house", "us-hipaa", "us-part2", "us-il"),
    ("house", "us-hipaa", "us-nc"),
    ("house", "uk"),
    ("house", "eu", "de"),
    ("house", "eu", "fr"),
    ("house", "eu", "ie"),
    ("house", "eu", "nl"),
    ("house", "ca", "ca-ab"),
    ("house", "ca", "ca-bc"),
    ("house", "ca", "ca-on"),
    ("house", "ca", "ca-qc"),
    ("house", "au", "au-vic"),
    ("house", "nz"),
)
TODAY = datetime.date(2026, 3, 2)
TERMS = Terms(
    by="client",
    classes=("diagnosis",),
    to="insurer",
    purpose="insurance",
    starts=TODAY,
    until=datetime.date(2026, 12, 1),
    recipient="Harbour Mutual",
)
some_terms = st.builds(
    Terms,
    by=st.sampled_from(sorted(SIGNERS)),
    classes=st.lists(
        st.sampled_from([*CLASSES, EVERYTHING]), unique=True, min_size=1, max_size=4
    ).map(tuple),
    to=st.sampled_from(sorted(RECIPIENTS)),
    purpose=st.sampled_from(sorted(PURPOSES)),
    starts=st.just(TODAY),
    until=st.sampled_from([None, datetime.date(2026, 12, 1)]),
    recipient=st.sampled_from(["", "Harbour Mutual"]),
)


def made(ids, terms, ticked=None):
    form = form_for(PACKS, ids, terms, practice="Quiet Rooms", client="Ada")
    whole = {*(one.id for one in form.sentences), *(one.key for one in form.asked)}
    elements = form.elements(whole if ticked is None else ticked)
    return form, document_of(terms, elements, form="screen")


def test_every_pack_is_in_a_stack_that_is_tried():
    with_forms = {one.id for one in PACKS.packs.values() if one.consent_forms}
    assert with_forms <= set(itertools.chain(*STACKS))


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
@given(terms=some_terms)
def test_it_covers_exactly_what_was_ticked_and_no_more(ids, terms):
    _, document = made(ids, terms)
    said = read_consent(document)
    notes, others = PROCESS_NOTES.intersection(terms.classes), set(terms.classes) - PROCESS_NOTES
    wanted = set(terms.classes) - {EVERYTHING}
    if EVERYTHING in terms.classes:
        wanted |= set(CLASSES) - NAMED_ONE_BY_ONE
    if others:
        wanted -= notes  # never beside anything else
    assert set(classes_named(document)) == wanted
    assert (said.to, said.purposes) == ({terms.to}, {terms.purpose})
    assert (said.starts, said.ends) == (terms.starts, terms.until)


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
@given(terms=some_terms)
def test_no_form_covers_process_notes_with_others(ids, terms):
    said = read_consent(made(ids, terms)[1])
    covered = {one for one in CLASSES if names(said, one)}
    assert not covered & PROCESS_NOTES or covered <= PROCESS_NOTES


def test_only_notes_alone_stand_alone():
    for classes in (("psychotherapy_note", "diagnosis"), ("everything", "psychotherapy_note")):
        _, document = made(STACKS[0], replace(TERMS, classes=classes))
        assert "stands_alone" not in document["elements"]
    _, document = made(STACKS[0], replace(TERMS, classes=("psychotherapy_note",)))
    assert document["elements"]["stands_alone"] is True


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
@pytest.mark.parametrize("classes", [("diagnosis",), ("psychotherapy_note",), ("substance_use",)])
def test_a_form_with_all_its_ticks_has_what_the_rules_ask(ids, classes):
    terms = replace(TERMS, classes=classes)
    _, document = made(ids, terms)
    assert missing(PACKS, ids, document) == []
    for wanted in classes:
        values = dict(consent_values(PACKS.law(ids), ask_of(ids, document, classes), wanted))
        assert values["consent.covers"] is True
        assert all(said for name, said in values.items() if name.startswith("consent.form_ok"))


def ask_of(ids, document, classes):
    raw = {
        "packs": list(ids),
        "at": "2026-03-02T10:00:00Z",
        "by": {"role": "psychologist", "relation": "treating"},
        "to": document["to"][0],
        "purpose": document["purposes"][0],
        "instrument": "consent",
        "wants": list(classes),
        "consents": [document],
        "facts": {"client.age": 34},
    }
    return read_ask(raw, PACKS.facts, PACKS.packs)


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
def test_one_tick_less_is_an_element_less(ids):
    form, _ = made(ids, TERMS)
    needed = {one.key for part in form.demanded for one in part.elements}
    whole = {*(one.id for one in form.sentences), *(one.key for one in form.asked)}
    for sentence in form.sentences:
        _, document = made(ids, TERMS, whole - {sentence.id})
        lacks = {one.key for part in missing(PACKS, ids, document) for one in part.elements}
        assert lacks == needed & set(sentence.keys), sentence.id
    for one in form.asked:
        _, document = made(ids, TERMS, whole - {one.key})
        lacks = {one.key for part in missing(PACKS, ids, document) for one in part.elements}
        assert lacks == {one.key}


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
def test_a_form_that_nobody_ticked_says_nothing_of_its_own(ids):
    form, document = made(ids, TERMS, ())
    held = {name for name, present in document["elements"].items() if present}
    assert held == form.itself
    assert missing(PACKS, ids, document)


def test_an_element_of_two_sentences_needs_both():
    for left_out in ("what", "purpose"):
        form, _ = made(("house", "uk"), TERMS)
        ticked = {one.id for one in form.sentences} - {left_out}
        assert form.elements(ticked)["scope_named"] is False


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
def test_what_shows_that_a_representative_may_sign_is_asked_wherever(ids):
    terms = replace(TERMS, by="representative")
    form, document = made(ids, terms)
    assert "signer_authority" in {one.key for one in form.asked}
    assert "signer_authority" in {one.key for one in asked_of_paper(PACKS, ids, terms)}
    assert document["elements"]["signer_authority"] is True
    assert made(ids, terms, ())[1]["elements"]["signer_authority"] is False


def test_a_parent_says_who_he_or_she_is():
    form, _ = made(("house", "us-hipaa", "us-ca"), replace(TERMS, by="parent"))
    assert "signer_authority" in {key for one in form.sentences for key in one.keys}
    assert "signer_authority" not in form.itself


def test_an_element_that_no_sentence_gives_is_asked_in_the_words_of_the_pack():
    form, _ = made(("house", "us-hipaa", "us-il"), TERMS)
    assert [one.key for one in form.asked] == ["witnessed"]
    assert form.asked[0].ask.startswith("Is the signature witnessed")


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
def test_a_paper_is_asked_about_element_by_element_each_once(ids):
    asked = [one.key for one in asked_of_paper(PACKS, ids, TERMS)]
    needed = {one.key for form in demanded(PACKS, ids, TERMS.classes) for one in form.elements}
    assert len(asked) == len(set(asked))
    assert set(asked) == needed


@given(terms=some_terms)
def test_terms_come_back_out_of_their_document(terms):
    _, document = made(STACKS[0], terms)
    assert terms_of(document, terms.recipient) == terms


@pytest.mark.parametrize("ids", STACKS, ids=" ".join)
@pytest.mark.parametrize("by", SIGNERS)
def test_the_sentences_are_plain(ids, by):
    terms = Terms(
        by=by, classes=("risk",), to="family", purpose="payment", starts=TODAY, until=TODAY
    )
    form = form_for(PACKS, ids, terms, practice="We", client="you")
    read = sentences("<main>" + "".join(f"<p>{one.says}</p>" for one in form.sentences))
    assert grade(read) <= 6
    assert max(map(len, read)) <= 20
