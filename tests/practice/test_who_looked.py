"""Lines of the ledger in plain sentences."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ledger.leaves import EventLeaf
from angerona.ledger.lines import OpenedLine
from angerona.practice.who_looked import ERASED, in_words, who
from angerona.words import LINES

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
THEA = {"id": "0a" * 16, "name": "Thea", "roles": ["psychologist"]}
T = "Thea (psychologist)"
SUE = {"id": "0b" * 16, "name": "Sue", "roles": []}
ZERO = bytes(32)


def line(kind, body, *, place=0, event_id=b"e" * 16):
    leaf = EventLeaf(0, ZERO, place, ZERO, ZERO, ZERO)
    return OpenedLine(place, event_id, leaf, kind, AT, None, body, ZERO, b"")


def said(kind, **body):
    (one,) = in_words([line(kind, {"by": THEA, **body})], datetime.UTC)
    assert (one.place, one.at, one.kind) == (1, AT, kind)
    return one.sentence


@pytest.mark.parametrize(
    ("kind", "body", "sentence"),
    [
        (
            "look",
            {"what": "", "classes": ["risk", "medication"], "purpose": "treatment"},
            f"{T} looked at risk and safety plan and medication, for treatment.",
        ),
        ("look", {"what": "who looked"}, f"{T} saw who looked."),
        ("look", {"what": "consents"}, f"{T} saw which consents there are."),
        (
            "look",
            {"what": "listed", "classes": ["risk"], "purpose": "treatment"},
            f"{T} saw which entries there are, for treatment.",
        ),
        (
            "look",
            {"what": "caseload", "clients": 7},
            f"{T} had the names of 7 clients listed.",
        ),
        (
            "disclosure",
            {
                "what": "Harbor Mutual",
                "to": "insurer",
                "classes": ["diagnosis"],
                "purpose": "insurance",
                "instrument": "consent",
            },
            (
                f"{T} prepared diagnosis to hand over to an insurer (Harbor Mutual), for "
                "insurance, on a consent form."
            ),
        ),
        (
            "disclosure",
            {"what": "receipt", "to": "client"},
            f"{T} made the proof of who looked, for the client to take home.",
        ),
        (
            "refusal",
            {
                "to": "opposing_attorney",
                "what": "the other side's lawyer",
                "wanted": ["progress_note"],
                "purpose": "legal_proceeding",
                "instrument": "subpoena_attorney",
                "outcome": "deny",
            },
            (
                "The other side's lawyer asked for session notes, for a legal proceeding, on a "
                f"lawyer's subpoena; {T} put the question. Refused."
            ),
        ),
        (
            "refusal",
            {"to": "workforce", "wanted": ["risk"], "outcome": "ask", "purpose": "training"},
            (
                f"{T} asked to see risk and safety plan, for training. Nothing was shown: "
                "something had to be found out first."
            ),
        ),
        (
            "refusal",
            {"to": "workforce", "wanted": ["risk"], "what": "kept", "outcome": "conflict"},
            f"{T} asked to write risk and safety plan. Refused: two laws disagree.",
        ),
        (
            "kept",
            {"what": "written", "classes": ["risk"]},
            f"{T} wrote: risk and safety plan.",
        ),
        (
            "kept",
            {"what": "brought", "classes": ["legal"]},
            f"{T} brought in: lawyers' papers.",
        ),
        (
            "kept",
            {"what": "amended", "classes": ["risk"]},
            f"{T} amended: risk and safety plan.",
        ),
        (
            "grant",
            {"what": "consent", "to": ["insurer"], "classes": ["risk"]},
            f"{T} put a consent on file: risk and safety plan, to an insurer.",
        ),
        (
            "grant",
            {"whom": SUE, "relation": "supervisor", "until": "2026-05-01T00:00:00+00:00"},
            f"{T} let Sue in as supervisor, until 1 May 2026 at 00:00.",
        ),
        (
            "revocation",
            {"what": "consent taken back"},
            f"{T} took a consent back, as the client wished.",
        ),
        (
            "revocation",
            {"what": "tie ended", "whom": SUE, "relation": "covering"},
            f"{T} ended the tie of Sue as covering clinician.",
        ),
        (
            "keys",
            {"what": "record opened", "treating": SUE},
            f"{T} opened this record; Sue treats.",
        ),
        (
            "keys",
            {"what": "record opened", "treating": THEA},
            f"{T} opened this record and treats.",
        ),
        (
            "keys",
            {"what": "opening requested", "limit": "court"},
            (f"{T} asked the key holders to open a part of the record (a court's order)."),
        ),
        (
            "keys",
            {"what": "keys turned"},
            f"{T} changed the keys of the record, so that old ones open nothing new.",
        ),
        ("keys", {"what": "something newer"}, f"{T}: something newer."),
        (
            "opened",
            {"seats": [1, 3], "limit": "harm", "until": "2026-03-05T10:30:00+00:00"},
            (
                f"Key holders 1 and 3 opened a part of the record together for {T} "
                "(imminent risk of harm), until 5 March 2026 at 10:30."
            ),
        ),
        ("sign_in", {}, f"Someone signed in ({T})."),
    ],
)
def test_each_line_is_a_sentence(kind, body, sentence):
    assert said(kind, **body) == sentence


def test_many_classes_are_counted():
    assert "looked at 7 kinds of information." in said("look", classes=list("abcdefg"))


def test_a_line_that_follows_up_says_which():
    first = line("disclosure", {"by": THEA}, event_id=b"f" * 16)
    follows = [
        line(kind, {"by": THEA, "announced": (b"f" * 16).hex(), **more}, place=1)
        for kind, more in (
            ("handed_over", {"how": "as a file", "packet": "5f0c0a6e" + "00" * 12}),
            ("failed", {"why": "stopped"}),
        )
    ]
    assert [one.sentence for one in in_words([first, *follows], datetime.UTC)[1:]] == [
        (
            f"{T} handed over what was prepared on 2 March 2026 at 09:30 (as a file, "
            "packet 5f0c-0a6e)."
        ),
        (
            "What was announced on 2 March 2026 at 09:30 came to nothing: stopped. Nothing was "
            "shown and nothing left."
        ),
    ]


def test_an_erased_line_still_counts():
    leaf = EventLeaf(0, ZERO, 4, ZERO, ZERO, ZERO)
    (one,) = in_words(
        [OpenedLine(9, b"e" * 16, leaf, None, None, None, {}, None, None)], datetime.UTC
    )
    assert (one.place, one.at, one.kind, one.sentence) == (5, None, "erased", ERASED)


def test_somebody_without_a_name_is_somebody():
    assert who(None) == who({}) == "somebody"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)
KEYS = ["by", "what", "to", "purpose", "instrument", "outcome", "classes", "wanted", "whom"]
KEYS += ["relation", "until", "limit", "seats"]


ODD = [("opened", "seats"), ("call", "called"), ("look", "by"), ("disclosure", "passages")]


@pytest.mark.parametrize(("kind", "key"), ODD)
@pytest.mark.parametrize("value", [1, None, "x", {"roles": 1}, {"a": "x"}, [[1]]])
def test_nor_one_with_something_else_where_a_list_is_known(kind, key, value):
    assert in_words([line(kind, {key: value})], datetime.UTC)[0].sentence


@pytest.mark.parametrize(
    ("kind", "what"), [("grant", "consent"), ("revocation", "consent narrowed")]
)
@pytest.mark.parametrize("to", [1, None, "x", [[1]], {"a": 1}])
def test_nor_a_consent_for_nobody_known(kind, what, to):
    assert in_words([line(kind, {"what": what, "to": to})], datetime.UTC)[0].sentence


@given(st.sampled_from(sorted(LINES)), st.dictionaries(st.sampled_from(KEYS), JSON))
def test_no_line_of_another_release_fails(kind, body):
    (one,) = in_words([line(kind, body)], datetime.UTC)
    assert one.sentence
