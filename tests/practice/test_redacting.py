"""What might not have to go of a text, and where a text is cut."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.gate.paring import merged
from angerona.practice.redacting import sentences, suggestions
from angerona.practice.speaking import least, spans_of
from angerona.sealed.compartments import CLASS_NUMBERS
from angerona.sealed.entries import EntryPlace
from prepared_practice import prepared


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    copy = prepared().copied(tmp_path_factory.mktemp("redacting") / "copy")
    with copy.opened() as practice:
        practice.ada = copy.clients["Ada"]
        yield practice


@pytest.mark.parametrize(
    ("text", "says", "why"),
    [
        ("Spoke with Theo about it.", "Theo", "somebody who works here"),
        ("Call 0171 555 019 tonight.", "0171 555 019", "a number to reach somebody by"),
        ("She wrote to x.y@mail.example twice.", "x.y@mail.example", "a mail address"),
        ("Born 3/4/1988, she said.", "3/4/1988", "a day in somebody's life"),
        ("Her sister came along.", "sister", "somebody else's life"),
        ("No alcohol since May.", "alcohol", "substance use, which some laws keep apart"),
    ],
)
def test_what_is_found_and_why(practice, text, says, why):
    with practice.visit("Tess") as visit:
        found = [(one.says, one.why) for one in suggestions(visit, practice.ada, text)]
    assert found == [(says, why)]


@pytest.mark.parametrize("text", ["Ada spoke of the garden.", "theo in small letters", ""])
def test_what_is_no_reason(practice, text):
    with practice.visit("Tess") as visit:
        assert suggestions(visit, practice.ada, text) == []


@given(st.text(alphabet="ab .!?\n", max_size=60))
def test_sentences_lie_in_order_and_hold_every_letter(text):
    found = sentences(text)
    assert all(first < past for first, past in found)
    assert all(one[1] <= two[0] for one, two in pairwise(found))
    inside = "".join(text[first:past] for first, past in found)
    assert sorted(one for one in inside if one in "ab") == sorted(
        one for one in text if one in "ab"
    )


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))))
def test_spans_that_touch_become_one_and_lose_nothing(pairs):
    spans = [(first, first + length) for first, length in pairs]
    found = merged(spans)
    assert all(one[1] < two[0] for one, two in pairwise(found))
    covered = {at for first, past in spans for at in range(first, past)}
    assert {at for first, past in found for at in range(first, past)} == covered


def test_words_are_found_whole_and_whatever_their_capitals():
    text = "Ann met ANN; Annie and joanna did not."
    assert spans_of(text, ["ann"]) == ((0, 3), (8, 11))
    assert spans_of(text, ["", "  "]) == ()


@pytest.mark.parametrize(
    ("text", "word", "says"),
    [
        ("Jose\u0301 came.", "Jos\u00e9", "Jose\u0301"),
        ("Jos\u00e9 came.", "Jose\u0301", "Jos\u00e9"),
        ("With John\nSmith.", "John Smith", "John\nSmith"),
        ("With John\u00a0 Smith.", " john  smith\r", "John\u00a0 Smith"),
        ("To O\u2019Brien.", "O'Brien", "O\u2019Brien"),
        ("Anne\u2011Marie came.", "anne-marie", "Anne\u2011Marie"),
        ("With Hart\u00admann.", "Hartmann", "Hart\u00admann"),
    ],
)
def test_words_are_found_however_they_were_written(text, word, says):
    [(first, past)] = spans_of(text, [word])
    assert text[first:past] == says


def test_no_letter_is_torn_from_its_mark():
    assert spans_of("Jose\u0301 came.", ["Jose"]) == ()


@pytest.mark.parametrize("one", ["a", "1", "+", ".", "a@", "a.", "1 ", "a@a."])
def test_no_text_is_slow_to_look_through(practice, one):
    """What tries each beginning to the end would take hours."""
    with practice.visit("Tess") as visit:
        suggestions(visit, practice.ada, one * (200_000 // len(one)))


def place(wanted, number):
    return EntryPlace(number, bytes([number]) * 16, 1, CLASS_NUMBERS[wanted], bytes(16), bytes(32))


def test_the_least_that_serves_is_the_last_of_each_class():
    old, new, named = place("risk", 1), place("risk", 2), place("diagnosis", 3)
    assert least((old, new, named), (old, new)) == {new.entry_id, named.entry_id}
