"""Every word of the language, and every word of the house, is explained once, and no other."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from angerona import words

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "GLOSSARY.md"
HOUSE = "The words of the house"
SECTIONS = {
    "Classes of information": "CLASSES",
    "Roles": "ROLES",
    "Relations to the client or the note": "RELATIONS",
    "Purposes": "PURPOSES",
    "Instruments": "INSTRUMENTS",
    "Recipients": "RECIPIENTS",
    "Acts": "ACTS",
    "Limits": "LIMITS",
    "Force": "FORCES",
    "Scope": "SCOPES",
    "Kinds of duty": "DUTY_KINDS",
    "Modes of a duty": "MODES",
    "Events that bring duties": "EVENTS",
    "What a pack does where it is silent": "DEFAULTS",
    "Outcomes": "OUTCOMES",
    "Verdicts": "VERDICTS",
    "Who signs a consent": "SIGNERS",
    "What a right gives": "RIGHT_KINDS",
    "Who signs an order": "ORDER_SIGNERS",
    "Local law that a pack may lack": "LOCAL_LAWS",
    "Lines of the ledger": "LINES",
    "Facts the rules work out themselves": "DERIVED",
}
HOUSE_WORDS = {
    *(
        "practice",
        "member",
        "client",
        "record",
        "entry",
        "draft",
        "class",
        "look",
        "disclosure",
        "ask",
    ),
    *("answer", "ground", "lock", "duty", "pack", "layer", "limit", "consent", "request"),
    *("packet", "second reader", "notice", "silence", "ledger", "line", "subject", "label"),
    *("leaf", "commitment", "slot", "binding", "map", "epoch", "head", "checkpoint"),
    *("remembered head", "tile", "receipt", "proof of silence", "blank line", "held line"),
    *("client key", "compartment", "generation", "key sheet", "wrap", "post", "tie", "authority"),
    *("deposit", "directory", "boot secret", "keeper", "pepper", "recovery kit", "recovery code"),
    *("wrap vault", "keyset", "event key", "session", "key holder", "seat", "share", "quorum"),
    *("spool", "manifest", "fingerprint", "content"),
    *("out of office", "deputy", "close", "passing on", "stepping aside", "reading afterwards"),
    *("appointment", "feed", "invitation", "second factor", "passkey", "proof anew"),
}


def explained(text):
    """Heading -> its words with what is said of them."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return {
        heading: re.findall(r"^- \*\*(.+?)\*\*: (.+)$", body, flags=re.MULTILINE)
        for heading, body in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.fixture(scope="module")
def glossary():
    return explained(GLOSSARY.read_text("utf-8"))


def lists_of_words():
    """Every closed list in words.py; ATTRIBUTES only points to others."""
    return {
        name: set(value)
        for name, value in vars(words).items()
        if isinstance(value, Mapping) and name.isupper() and name != "ATTRIBUTES"
    }


def test_every_list_has_its_section(glossary):
    assert set(SECTIONS.values()) == set(lists_of_words())
    assert {HOUSE, *SECTIONS} == set(glossary)


@pytest.mark.parametrize(("heading", "name"), SECTIONS.items())
def test_every_word_is_explained_and_no_unknown_one(glossary, heading, name):
    told = [word for word, _ in glossary[heading]]
    assert len(told) == len(set(told))
    assert set(told) == lists_of_words()[name]


def test_the_words_of_the_house_are_explained(glossary):
    told = [word for word, _ in glossary[HOUSE]]
    assert set(told) >= HOUSE_WORDS
    assert len(told) == len(set(told))


def test_each_explanation_is_one_sentence(glossary):
    for entries in glossary.values():
        for word, meaning in entries:
            assert meaning.endswith((".", "?")), word
            assert not re.search(r"[.!?] [A-Z]", meaning), word


def test_nothing_but_explanations_is_listed():
    lines = GLOSSARY.read_text("utf-8").splitlines()
    assert all(line.startswith("- **") for line in lines if line.startswith("- "))


def test_a_missing_word_would_be_seen(glossary):
    shorter = explained("## Force\n\n- **may**: it may go.\n")
    assert {word for word, _ in shorter["Force"]} != lists_of_words()["FORCES"]
    assert {word for word, _ in glossary["Force"]} == lists_of_words()["FORCES"]
