"""The measure of reading, held against a dictionary of how words are said."""

from pathlib import Path

import pytest

from reading import grade, sentences, sentences_of_template, syllables

FILE = Path(__file__).parent / "vectors" / "syllables.txt"
KNOWN = {
    word: set(map(int, counts))
    for line in FILE.read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
    for word, *counts in [line.split()]
}
EXACT_MIN, OFF_MAX = 0.98, 0.01


def off(count):
    """How many words in a hundred `count` gets exactly right, and by how much its sum is off."""
    nearest = {
        word: min(many, key=lambda one: abs(one - count(word))) for word, many in KNOWN.items()
    }
    exact = sum(count(word) in many for word, many in KNOWN.items()) / len(KNOWN)
    whole = sum(nearest.values())
    return exact, abs(sum(map(count, KNOWN)) - whole) / whole


def test_syllables_are_counted_as_the_dictionary_has_them():
    assert len(KNOWN) > 1000
    exact, wrong = off(syllables)
    assert exact >= EXACT_MIN
    assert wrong <= OFF_MAX


def test_a_coarser_count_would_be_seen():
    exact, wrong = off(lambda word: max(1, sum(sign in "aeiouy" for sign in word)))
    assert exact < EXACT_MIN
    assert wrong > OFF_MAX


def test_the_grade_is_that_of_flesch_and_kincaid():
    """11.8 syllables a word, 0.39 words a sentence, less 15.59: Kincaid and others, 1975."""
    found = [["the", "cat", "sat", "on", "the", "mat"], ["confidential", "information"]]
    assert [syllables(word) for word in found[1]] == [4, 4]
    assert grade(found) == pytest.approx(0.39 * 8 / 2 + 11.8 * 14 / 8 - 15.59)


def test_what_is_spelt_out_counts_by_its_letters():
    assert [syllables(word) for word in ("PDF", "A", "2026", "client\u2019s")] == [3, 1, 1, 2]


def test_a_template_is_measured_without_its_machinery():
    source = "{# no #}{% if x %}<p>You can {{ verb }} it.</p>{% endif %}<p>No {% x\n%}way.</p>"
    assert sentences_of_template(source) == sentences(
        "<main><p>You can this it.</p><p>No way.</p></main>"
    )
