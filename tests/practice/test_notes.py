"""A note is an entry for each class, kept whole or not at all, and once for each form."""

import pytest

from angerona.errors import BadInput, Unknown
from angerona.practice.drafts import drafts_of, save_draft
from angerona.practice.notes import by_class, keep_note, writable
from angerona.rules.answer import Refuse
from angerona.sealed.compartments import COMPARTMENT_OF, EVENTS, PROCESS
from angerona.sealed.drafts import NoteDraft, NoteSection
from prepared_practice import AT, prepared

ID = bytes(range(16))


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "copy").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def note(*sections, heading="Session 7"):
    parts = tuple(
        NoteSection(says=says, wanted=wanted, text=text) for says, wanted, text in sections
    )
    return NoteDraft(heading=heading, sections=parts, saved=AT)


SOAP = note(
    ("Subjective", "progress_note", "She slept."),
    ("Objective", "progress_note", "  "),
    ("Plan", "progress_note", "Again in a week.\n"),
    ("", "third_party", "Her mother called."),
)


def kept(practice, client, draft, by="Tess", draft_id=ID):
    with practice.visit(by) as visit:
        return keep_note(practice.door, visit, client, draft_id, draft)


def test_sections_of_one_class_are_one_entry_and_each_class_is_its_own(practice, ada):
    made = kept(practice, ada, SOAP)
    shown = practice.look("Tess", ada, entry_ids=[one.entry_id for one in made])
    assert {(place.wanted, entry.heading, entry.text) for place, entry in shown.entries} == {
        ("progress_note", "Session 7", "Subjective\nShe slept.\n\nPlan\nAgain in a week."),
        ("third_party", "Session 7", "Her mother called."),
    }
    assert len({entry.written for _, entry in shown.entries}) == 1


def test_the_draft_is_gone_once_its_note_is_kept(practice, ada):
    with practice.visit("Tess") as visit:
        save_draft(visit, ada, ID, SOAP, after="")
        keep_note(practice.door, visit, ada, ID, SOAP)
        assert drafts_of(visit, ada) == []


def test_what_another_window_saved_since_is_not_thrown_away_with_it(practice, ada):
    longer = note(("", "progress_note", "She slept, and much more from another window."))
    with practice.visit("Tess") as visit:
        first = save_draft(visit, ada, ID, SOAP, after="")
        save_draft(visit, ada, ID, longer, after=first.mark)
        keep_note(practice.door, visit, ada, ID, SOAP, after=first.mark)
        assert [one.draft.sections for one in drafts_of(visit, ada)] == [longer.sections]


def test_of_what_was_saved_before_the_last_words_nothing_is_left(practice, ada):
    with practice.visit("Tess") as visit:
        first = save_draft(visit, ada, ID, note(("", "progress_note", "She sle")), after="")
        keep_note(practice.door, visit, ada, ID, SOAP, after=first.mark)
        assert drafts_of(visit, ada) == []


def test_a_form_that_is_sent_twice_keeps_its_note_once(practice, ada):
    before = len(practice.vault.places(ada))
    assert len(kept(practice, ada, SOAP)) == 2
    assert kept(practice, ada, SOAP) == ()
    assert len(practice.vault.places(ada)) == before + 2


def test_another_text_is_never_taken_for_what_was_kept(practice, ada):
    kept(practice, ada, SOAP)
    other = note(("", "progress_note", "something else"))
    with practice.visit("Tess") as visit:
        save_draft(visit, ada, ID, other, after="")
        with pytest.raises(BadInput, match="kept from this form before"):
            keep_note(practice.door, visit, ada, ID, other)
        assert len(drafts_of(visit, ada)) == 1, "and it is still there to be kept elsewhere"


def test_where_the_rules_refuse_a_part_nothing_is_kept(practice, ada):
    before = len(practice.vault.places(ada))
    draft = note(("", "risk", "fine"), ("", "psychotherapy_note", "not hers to write"))
    refused = kept(practice, ada, draft, by="Sue")
    assert isinstance(refused, Refuse)
    assert len(practice.vault.places(ada)) == before
    assert practice.vault.ledger.lines_of(ada)[-1].kind == "refusal"


@pytest.mark.parametrize(
    "draft",
    [
        note(("", "progress_note", "")),
        note(("", "risk", "fine"), ("", "progress_note", "x" * 1_000_001)),
        note(("", "risk", "fine"), heading="x" * 201),
    ],
)
def test_what_cannot_be_kept_keeps_nothing(practice, ada, draft):
    before = len(practice.vault.places(ada))
    with pytest.raises(BadInput):
        kept(practice, ada, draft)
    assert len(practice.vault.places(ada)) == before


def test_a_stranger_keeps_nothing(practice, ada):
    with pytest.raises(Unknown):
        kept(practice, ada, SOAP, by="Stan")


def test_whoever_writes_is_offered_the_classes_whose_keys_are_held(practice, ada):
    every = {one for one, name in COMPARTMENT_OF.items() if name != EVENTS}
    apart = {one for one in every if COMPARTMENT_OF[one] == PROCESS}

    def offered(name):
        with practice.visit(name) as visit:
            return set(writable(visit, ada))

    assert offered("Tess") == every
    assert offered("Sue") == every - apart
    assert offered("Cora") == {"identity", "diagnosis", "risk", "medication"}
    for name, classes in (("Tess", every), ("Cora", offered("Cora"))):
        for wanted in classes:
            practice.keep(name, ada, wanted, "it opens")


def test_a_section_without_text_is_left_out():
    assert by_class(SOAP.sections[1:2]) == {}
