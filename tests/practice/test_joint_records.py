"""A record of several: each may have his or her own words, and nobody another's."""

import datetime
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.door import Kept, Prepared
from angerona.gate.gathering import Wish, gather
from angerona.gate.keeping import Draft
from angerona.gate.paring import GAP
from angerona.practice.clients import establish
from angerona.practice.consents import (
    contradicted_document,
    keep_consent,
    take_back_consent,
)
from angerona.practice.joint_records import (
    begin_joint,
    joint_records_of,
    leave_joint,
    lines_for_party,
    own_words,
    parties_of,
)
from angerona.practice.own_choices import read_about_staying_unseen
from angerona.practice.portal import give_way_in
from angerona.practice.representatives import NewRepresentative, enter_representative, freeze
from angerona.practice.ties import begin_tie
from angerona.practice.who_looked import in_words
from angerona.sealed.checking import check_rows
from angerona.sealed.passages import Party, others_than, words_in
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

TODAY = AT.date()
SESSION = """Both came late.

Ada: I do not sleep since the spring.
It is the letters.

Otto: She reads what I write.
All: They agree to pause.
Otto: I shall move out.
"""
OWN = {"recipient.identity_verified": True, "us_hipaa.access_endangers": False}
KNOWN = {**OWN, "care.minimum_ok": True}


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as found:
        found.clients = dict(copy.clients)
        with found.visit("Theo") as visit:
            tess = found.people["Tess"]
            begin_tie(visit, copy.clients["Otto"], tess, "treating", until=None)
        with found.visit("Tess") as visit:
            people = {copy.clients["Ada"]: "Ada", copy.clients["Otto"]: "Otto"}
            found.clients["both"] = begin_joint(visit, "Thursday, seven", people)
        yield found


def kept(practice, text=SESSION, heading="Ada and Otto, third session"):
    made = practice.keep("Tess", practice.clients["both"], "shared_record", text, heading=heading)
    assert isinstance(made, Kept), made
    return made


def signed(practice, name, to="insurer", purpose="insurance"):
    document = {
        "by": "client",
        "form": "general",
        "classes": ["shared_record"],
        "to": [to],
        "purposes": [purpose],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": {},
    }
    with practice.visit("Tess") as visit:
        both = practice.clients["both"]
        return keep_consent(visit, both, document, signer=practice.clients[name])


def outside(**more):
    given = {"wants": ("shared_record",), "to": "insurer", "purpose": "insurance"}
    return Wish(**{**given, "instrument": "consent", "facts": KNOWN, **more})


def answer(practice, wish):
    with practice.visit("Tess") as visit:
        return practice.door.preview(visit, practice.clients["both"], wish).answer


def alone(practice, name, wish=None):
    """What one party gets who asks for the own words, with nobody else asked."""
    asks = wish or Wish(wants=(), to="client", purpose="client_request", facts=OWN)
    both = practice.clients["both"]
    with practice.visit("Tess") as visit:
        found = own_words(practice.door, visit, both, practice.clients[name], asks)
        return practice.door.release(
            visit, both, found.wish, entry_ids=found.entry_ids, recipient="a party"
        )


def texts(prepared_):
    assert isinstance(prepared_, Prepared), prepared_
    return [(one.heading, one.text) for _, one in prepared_.entries]


def test_marks_say_whose_words_they_are():
    parties = [Party(client_id=b"a" * 16, known_as="Ada", since=TODAY)]
    parties += [Party(client_id=b"o" * 16, known_as="Otto", since=TODAY)]
    found = [(one.of[:1], SESSION[one.first : one.past]) for one in words_in(SESSION, parties)]
    assert found == [
        (b"a", "Ada: I do not sleep since the spring.\nIt is the letters.\n"),
        (b"o", "Otto: She reads what I write.\n"),
        (b"o", "Otto: I shall move out.\n"),
    ]


def test_each_may_have_the_own_words_without_the_other(practice):
    kept(practice)
    [(heading, text)] = texts(alone(practice, "Ada"))
    assert heading == "Session"
    assert text == f"{GAP}Ada: I do not sleep since the spring.\nIt is the letters.\n{GAP}"
    [(_, other)] = texts(alone(practice, "Otto"))
    assert other.count(GAP) == 2
    assert "sleep" not in other
    assert "pause" not in other, "what they said together is of both"


def test_an_entry_without_a_word_of_the_party_does_not_go(practice):
    kept(practice)
    kept(practice, "Otto: Only mine this time.\n")
    assert len(texts(alone(practice, "Ada"))) == 1
    assert len(texts(alone(practice, "Otto"))) == 2
    places = practice.vault.places(practice.clients["both"])
    wish = Wish(
        wants=("shared_record",),
        to="client",
        purpose="client_request",
        facts=OWN,
        party=practice.clients["Ada"],
    )
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        practice.door.release(
            *(visit, practice.clients["both"], wish),
            entry_ids=[one.entry_id for one in places],
            recipient="Ada",
        )


def test_what_is_of_all_needs_everybody(practice):
    kept(practice)
    assert answer(practice, outside()).outcome == "deny"
    signed(practice, "Ada")
    assert answer(practice, outside()).outcome == "deny", "one consent of two"
    otto = signed(practice, "Otto")
    assert answer(practice, outside()).outcome in {"permit", "ask"}
    assert "house.lock.shared_record" not in answer(practice, outside()).locks
    with practice.visit("Tess") as visit:
        take_back_consent(visit, practice.clients["both"], otto)
    assert "house.lock.shared_record" in answer(practice, outside()).locks


def test_nobody_s_word_stands_in_for_a_signature(practice):
    kept(practice)
    stated = outside(facts={**KNOWN, "record.all_parties_consent": True, "record.joint": False})
    assert "house.lock.shared_record" in answer(practice, stated).locks


def test_own_words_to_somebody_else_need_that_party_alone(practice):
    kept(practice)
    wish = outside(party=practice.clients["Ada"])
    signed(practice, "Otto")
    assert "house.lock.shared_record" in answer(practice, wish).locks
    signed(practice, "Ada")
    assert "house.lock.shared_record" not in answer(practice, wish).locks


def test_who_is_frozen_for_one_of_them_is_a_stranger_here_too(practice):
    kept(practice)
    ada, both = practice.clients["Ada"], practice.clients["both"]
    signed(practice, "Ada", to="representative", purpose="client_request")
    wish = Wish(
        wants=("shared_record",),
        to="representative",
        purpose="client_request",
        instrument="written_request",
        facts={**KNOWN, "recipient.has_legal_authority": True},
        party=ada,
    )

    def authority():
        with practice.visit("Tess") as visit:
            facts = gather(visit, practice.door.packs, both, wish).ask.facts
            return facts["recipient.has_legal_authority"]

    with practice.visit("Tess") as visit:
        new = NewRepresentative(
            name="Ines Invented",
            standing="guardian",
            paper="an order of the court",
            powers=("copies",),
            since=TODAY,
        )
        guardian = enter_representative(visit, ada, new)
    assert authority() is True
    with practice.visit("Tess") as visit:
        freeze(visit, ada, guardian, "she reads it out at home")
    assert authority() is False


def test_after_a_separation_the_veto_on_own_words_is_nobody_s(practice):
    kept(practice)
    with practice.visit("Tess") as visit:
        leave_joint(visit, practice.clients["both"], practice.clients["Otto"])
        with pytest.raises(BadInput):
            leave_joint(visit, practice.clients["both"], practice.clients["Otto"])
    assert texts(alone(practice, "Ada"))
    assert texts(alone(practice, "Otto"))
    signed(practice, "Ada")
    assert "house.lock.shared_record" in answer(practice, outside()).locks, "he said it too"


def test_who_is_no_party_has_no_words(practice):
    kept(practice)
    stranger = practice.client("Dora Invented", treating="Tess")
    with practice.visit("Tess") as visit, pytest.raises(Unknown):
        own_words(practice.door, visit, practice.clients["both"], stranger, outside())
    wish = outside(party=stranger)
    with practice.visit("Tess") as visit, pytest.raises(Unknown):
        practice.door.preview(visit, practice.clients["both"], wish)


def test_a_letter_about_it_goes_to_none_of_them_alone(practice):
    both = practice.clients["both"]
    draft = Draft(wanted="correspondence", heading="", text="From his lawyer.")
    with practice.visit("Fay") as visit:
        practice.door.deposit(visit, both, draft)
    for to in ("client", "co_client"):
        wish = Wish(wants=("correspondence",), to=to, purpose="client_request", facts=OWN)
        assert answer(practice, wish).outcome in {"deny", "conflict"}


def test_it_ends_with_the_day(practice):
    kept(practice)
    both = practice.clients["both"]
    with practice.visit("Tess") as visit:
        leave_joint(visit, both)
    tomorrow = AT + datetime.timedelta(days=1)
    practice.open("Tess", tomorrow)
    draft = Draft(wanted="shared_record", heading="", text="Ada: late words")
    with practice.visit("Tess", tomorrow) as visit, pytest.raises(BadInput):
        practice.door.keep(visit, both, draft)
    assert texts(alone(practice, "Ada")), "what was said stays hers"


def test_only_sessions_belong_into_it(practice):
    for wanted in ("progress_note", "diagnosis", "psychotherapy_note"):
        with pytest.raises(BadInput):
            practice.keep("Tess", practice.clients["both"], wanted, "Ada: no")
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        give_way_in(visit, practice.clients["both"], "both", PASSWORD)


@pytest.mark.parametrize(
    "people",
    [("Ada",), ("Ada", "ada"), ("Ada Invented", "Otto"), ("Both", "Otto"), ("A:", "Otto")],
)
def test_parties_are_known_by_one_word_each(practice, people):
    ids = (practice.clients["Ada"], practice.clients["Otto"])
    named = dict(zip(ids, people, strict=False))
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        begin_joint(visit, "a pair", named)


def test_only_who_treats_each_begins_one(practice):
    ids = {practice.clients["Ada"]: "Ada", practice.clients["Otto"]: "Otto"}
    for name, error in (("Theo", Unknown), ("Sue", Unknown), ("Olaf", NotPermitted)):
        with practice.visit(name) as visit, pytest.raises(error):
            begin_joint(visit, "a pair", ids)


def test_neither_reads_of_the_other_in_any_list(practice):
    """The lists of both, and what each is shown of the joint one."""
    kept(practice)
    for name in ("Ada", "Otto"):
        with practice.visit("Tess") as visit:
            made = give_way_in(visit, practice.clients[name], name, PASSWORD)
            hold = {"us_hipaa.accounting_hold": False}
            establish(visit, practice.door.packs, practice.clients[name], hold)
        practice.people[name] = made.person_id
        practice.sign_in(name)
        with practice.visit(name) as visit:
            read_about_staying_unseen(visit)
    signed(practice, "Otto")
    texts(alone(practice, "Otto"))
    with practice.visit("Tess") as visit:
        begin_tie(
            *(visit, practice.clients["both"], practice.people["Sue"], "supervisor"), until=None
        )
        parties_of(visit, practice.clients["both"])
        [(joint, _)] = joint_records_of(visit, practice.clients["Ada"])
    assert joint == practice.clients["both"]
    for name, other in (("Ada", "Otto"), ("Otto", "Ada")):
        own = practice.vault.ledger.lines_of(practice.clients[name])
        assert practice.clients[other].hex() not in json.dumps([one.body for one in own])
        with practice.visit(name) as visit:
            [lines] = lines_for_party(practice.door, visit).values()
        bodies = json.dumps([one.body for one in lines])
        assert practice.clients[other].hex() not in bodies
        said = " ".join(one.sentence for one in in_words(lines, datetime.UTC))
        assert "Tess" in said
        assert other not in said
    assert check_rows(practice.vault, AT) == []


LETTERS = {"Ada": "abcdé", "Otto": "opqrß", "": "xyz ß"[:4]}
LINES = st.lists(
    st.tuples(st.sampled_from(["Ada", "Otto", "All", "", "stays"]), st.integers(0, 6)), max_size=9
)


def composed(lines):
    """A text in which each party writes in letters of its own, and the others in none of them."""
    out, who = [], ""
    for name, length in lines:
        mark = {"": "\n", "stays": ""}.get(name, f"{name}: ")
        who = {"stays": who, "All": ""}.get(name, name)
        body = (LETTERS[who] * 3)[:length]
        who = who if mark.strip() or body.strip() else ""
        out.append(f"{mark}{body}")
    return "\n".join(out)


@given(LINES)
@settings(max_examples=300, deadline=None)
def test_no_character_of_anybody_else_is_left(lines):
    ids = {"Ada": b"a" * 16, "Otto": b"o" * 16}
    parties = [Party(client_id=one, known_as=name, since=TODAY) for name, one in ids.items()]
    text = composed(lines)
    words = words_in(text, parties)
    for name, one in ids.items():
        gone = list(others_than(one, words, len(text)))
        left = "".join(
            sign
            for at, sign in enumerate(text)
            if not any(first <= at < past for first, past in gone)
        )
        mine = set(LETTERS[name]) | set(f"{name}: \n")
        assert set(left) <= mine, (text, left)


@given(LINES)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_character_of_anybody_else_leaves(practice, lines):
    text = composed(lines)
    kept(practice, f"{text}\nAda: a\nOtto: o", heading="xyz")
    for name in ("Ada", "Otto"):
        for heading, left in texts(alone(practice, name)):
            mine = set(LETTERS[name]) | set(f"{name}: \n{GAP}")
            assert heading == "Session"
            assert set(left) <= mine


def test_a_group_of_three_needs_three_and_each_has_the_own_words(practice):
    """Two signatures of three open nothing; one taken back closes it again for all."""
    practice.clients["Iris"] = practice.client("Iris", treating="Tess")
    three = {practice.clients[one]: one for one in ("Ada", "Otto", "Iris")}
    with practice.visit("Tess") as visit:
        practice.clients["both"] = begin_joint(visit, "Monday, six", three)
    kept(practice, f"{SESSION}\nIris: Nobody asked me.\n")
    for name in ("Ada", "Otto"):
        signed(practice, name)
    assert answer(practice, outside()).outcome == "deny"
    last = signed(practice, "Iris")
    before = answer(practice, outside()).outcome
    assert before != "deny"
    [(_, own)] = texts(alone(practice, "Iris"))
    assert "Nobody asked me" in own
    assert "sleep" not in own
    with practice.visit("Tess") as visit:
        take_back_consent(visit, practice.clients["both"], last)
    assert answer(practice, outside()).outcome == "deny"


def test_another_party_s_yes_contradicts_nobody_s(practice):
    """Each signs apart: only the own earlier yes or no is held against a new one."""
    signed(practice, "Ada")
    packs, both = practice.door.packs, practice.clients["both"]
    [row] = practice.vault.authority(both).consents.values()
    document = json.loads(row.document)
    found = {}
    for name in ("Ada", "Otto"):
        with practice.visit("Tess") as visit:
            said = contradicted_document(
                visit, packs, both, document, signer=practice.clients[name]
            )
        found[name] = {one.what for one in said}
    assert "twice" in found["Ada"]
    assert "twice" not in found["Otto"]
