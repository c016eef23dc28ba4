"""The words for the one who asks: for every answer, read strictly, silent about everybody."""

import dataclasses
import re

import pytest

from angerona.errors import BadPack
from angerona.packs.texts import KINDS, Blank, fitting, load_texts, read_texts
from angerona.rules.ask import read_ask
from angerona.words import INSTRUMENTS, OUTCOMES, PURPOSES, RECIPIENTS

ONE = """
[texts]
language = "xx"

[[text]]
id = "a"
kind = "spoken"
outcomes = ["deny"]
to = ["police"]
says = "Nothing."
"""


LETTER = """
[texts]
language = "xx"

[[blank]]
name = "reason"
ask = "Why?"
lines = true

[[text]]
id = "b"
kind = "letter"
title = "A letter"
packs = ["us-ca", "ca*"]
says = "No, because [reason]."
"""


@pytest.fixture
def ask(packs):
    raw = {
        "packs": ["house"],
        "at": "2026-11-23T10:00:00Z",
        "by": {"role": "nurse", "relation": "treating"},
        "to": "police",
        "purpose": "protection",
        "instrument": "none",
        "wants": ["risk"],
    }
    return read_ask(raw, packs.facts, packs.packs)


def test_every_answer_has_words_to_say(ask):
    texts = load_texts()
    for outcome in OUTCOMES:
        for to in RECIPIENTS:
            for purpose in PURPOSES:
                one = dataclasses.replace(ask, to=to, purpose=purpose)
                assert fitting(texts, "spoken", outcome=outcome, ask=one), (outcome, to, purpose)


def test_every_refusal_says_what_one_may_do_instead_and_all_but_colleagues_get_a_letter(ask):
    texts = load_texts()
    for to in RECIPIENTS:
        for instrument in INSTRUMENTS:
            one = dataclasses.replace(ask, to=to, instrument=instrument)
            assert fitting(texts, "instead", outcome="deny", ask=one)
            inside = to in {"workforce", "supervisor", "business_associate", "own_attorney"}
            if not inside:
                assert fitting(texts, "letter", outcome="deny", ask=one), (to, instrument)


def test_the_letter_neither_confirms_nor_denies(ask):
    texts = load_texts()
    for to in RECIPIENTS:
        for outcome in ("deny", "ask", "conflict"):
            one = dataclasses.replace(ask, to=to, instrument="written_request")
            letter = fitting(texts, "letter", outcome=outcome, ask=one)
            if letter is not None and to != "client":
                assert "neither confirm nor deny" in letter.says
                assert not re.search(r"\b(client|patient|our file|his|her|she|he)\b", letter.says)


def test_nothing_fits_where_nothing_does(ask):
    assert fitting(load_texts(), "note", outcome="deny", ask=ask) is None


def test_the_kinds_are_all_used():
    assert {text.kind for text in load_texts()} == set(KINDS)


WRONG = [
    ("[texts]", "[words]", "xx.toml: texts: missing"),
    ('language = "xx"', 'language = "en"', "xx.toml: [texts] language: differs from the folder's"),
    ('language = "xx"', 'language = "xx"\nmore = 1', "xx.toml: [texts] more: unknown key"),
    ('id = "a"', 'id = "a b"', "xx.toml: text no. 1: id: not a plain name"),
    ('kind = "spoken"', 'kind = "sung"', "xx.toml: text no. 1: kind: unknown word ('sung')"),
    ('"deny"', '"maybe"', "xx.toml: text no. 1: outcomes[0]: unknown word ('maybe')"),
    ('"police"', '"polise"', "xx.toml: text no. 1: to[0]: unknown word ('polise'); did you mean"),
    ('to = ["police"]', "why = 1", "xx.toml: text no. 1: why: unknown key"),
    ('"Nothing."', '" "', "xx.toml: text no. 1: says: says nothing"),
    ('id = "a"', 'id = "a"\ntitle = "b"', "xx.toml: text no. 1: title: goes with letters"),
    ('id = "a"', 'id = "a"\nbefore = "b"', "xx.toml: text no. 1: before: goes with letters only"),
    ('id = "a"', 'id = "a"\npacks = ["us-xx"]', "xx.toml: text no. 1: packs[0]: no such pack"),
    ('id = "a"', 'id = "a"\npacks = ["*"]', "xx.toml: text no. 1: packs[0]: no such pack"),
    ('id = "a"', 'id = "a"\npacks = []', "xx.toml: text no. 1: packs: an empty list"),
    ('id = "a"', 'id = "a"\ncite = "x"', "xx.toml: text no. 1: kind: a source on what is only"),
    ('kind = "spoken"', 'kind = "letter"', "xx.toml: text no. 1: title: goes with letters"),
    (
        'says = "Nothing."',
        'says = "N"\n[[blank]]\nname = "A"',
        "xx.toml: blank no. 1: name: no name of a blank",
    ),
    (
        'says = "Nothing."',
        f'says = "N"{ONE[ONE.index("[[text]]") - 1 :]}',
        "xx.toml: text a: id: used",
    ),
    ('says = "Nothing."', 'says = "N"\n[more]', "xx.toml: more: unknown key"),
    ('kind = "spoken"', 'kind = "statement"', "xx.toml: text no. 1: kind: a statement without its"),
    ('id = "a"', 'id = "a"\nduty = "x.y"', "xx.toml: text no. 1: kind: a duty on what is no"),
    ("[texts]", "[texts", "xx.toml: not TOML"),
]


WRONG_LETTERS = [
    ("[reason]", "[raeson]", "xx.toml: text no. 1: says: no blank is called [raeson]; did you"),
    ('title = "A letter"', 'title = ""', "xx.toml: text no. 1: title: goes with letters"),
    ('id = "b"', 'id = "b"\ncite = "x"', "xx.toml: text no. 1: kind: half a source"),
]


@pytest.mark.parametrize(("good", "bad", "said"), WRONG_LETTERS)
def test_a_wrong_letter_names_file_text_and_key(tmp_path, good, bad, said):
    with pytest.raises(BadPack) as caught:
        read_texts(_folder(tmp_path, LETTER.replace(good, bad, 1)))
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(("good", "bad", "said"), WRONG)
def test_a_wrong_text_names_file_text_and_key(tmp_path, good, bad, said):
    with pytest.raises(BadPack) as caught:
        read_texts(_folder(tmp_path, ONE.replace(good, bad, 1)))
    assert str(caught.value).startswith(said)


def test_a_good_file_and_a_language_that_does_not_ship(tmp_path):
    assert [text.says for text in read_texts(_folder(tmp_path, ONE))] == ["Nothing."]
    with pytest.raises(BadPack, match="no texts in this language"):
        load_texts("xx")


def test_a_name_is_used_once_in_all_the_files_of_a_language(tmp_path):
    folder = _folder(tmp_path, ONE)
    (folder / "yy.toml").write_text(ONE, encoding="utf-8")
    with pytest.raises(BadPack, match=r"yy\.toml: text a: id: used twice"):
        read_texts(folder)
    (folder / "yy.toml").write_text(LETTER, encoding="utf-8")
    (folder / "zz.toml").write_text(LETTER, encoding="utf-8")
    with pytest.raises(BadPack, match=r"zz\.toml: blank reason: name: used twice"):
        read_texts(folder)


def test_a_letter_has_its_packs_and_its_blanks(tmp_path):
    (letter,) = read_texts(_folder(tmp_path, LETTER))
    assert letter.packs == {"us-ca", "ca", "ca-ab", "ca-bc", "ca-on", "ca-qc"}
    assert letter.blanks == (Blank("reason", "Why?", lines=True),)


def _folder(tmp_path, text):
    folder = tmp_path / "xx"
    folder.mkdir()
    (folder / "xx.toml").write_text(text, encoding="utf-8")
    return folder
