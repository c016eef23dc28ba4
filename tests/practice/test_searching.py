"""Search over one's own caseload: by looks that each client can see, and nothing kept."""

import pytest

from angerona.errors import BadInput
from angerona.notices.structured import Medicine, Medicines, structured_text
from angerona.practice.searching import search
from prepared_practice import prepared


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "copy").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def found(practice, words, by="Tess"):
    with practice.visit(by) as visit:
        return search(practice.door, visit, words)


def test_words_are_found_whatever_their_capitals_and_marks(practice, ada):
    practice.keep("Tess", ada, "risk", "Sie war in der GROẞEN Straße, cafe\u0301 daneben.")
    for words in ("große", "GROSSEN", "strasse,", "café", "  der   große"):
        [hit] = found(practice, words).hits
        assert hit.known.name == "Ada"
    [hit] = found(practice, "strasse").hits
    assert (hit.before[-8:], hit.found, hit.after[:1]) == ("GROẞEN ", "Straße", ",") or (
        hit.found == "Straße"
    )


def test_data_is_searched_as_it_reads(practice, ada):
    form = Medicines(medicines=(Medicine(name="sertraline", dose="50 mg"),))
    practice.keep("Tess", ada, "medication", structured_text(form))
    [hit] = found(practice, "sertraline, 50").hits
    assert "form" not in hit.before


def test_only_those_whom_one_treats_are_looked_through_each_with_a_line(practice, ada):
    otto = prepared().clients["Otto"]
    lines = {one: len(practice.vault.ledger.lines_of(one)) for one in (ada, otto)}
    searched = found(practice, "nobody else")
    assert searched.looked == 1
    assert searched.hits
    assert {hit.known.client_id for hit in searched.hits} == {ada}
    after = practice.vault.ledger.lines_of(ada)
    assert len(after) == lines[ada] + 1
    assert after[-1].kind == "look"
    assert len(practice.vault.ledger.lines_of(otto)) == lines[otto]
    for by in ("Sue", "Cora", "Nina", "Olaf", "Stan"):
        nothing = found(practice, "nobody else", by=by)
        assert (nothing.hits, nothing.looked) == ((), 0)


def test_what_is_kept_apart_is_not_searched(practice, ada):
    practice.keep("Tess", ada, "psychotherapy_note", "a thought of her own")
    assert found(practice, "thought of her own").hits == ()


@pytest.mark.parametrize("words", ["", "  ", "ab", "x" * 101, "two\nlines"])
def test_what_is_no_word_is_refused_and_nothing_is_opened(practice, ada, words):
    before = len(practice.vault.ledger.lines_of(ada))
    with pytest.raises(BadInput):
        found(practice, words)
    assert len(practice.vault.ledger.lines_of(ada)) == before
