"""Rights that somebody asks for in a client's place: weighed for that person, right by right."""

import json

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.access import Decision, decide_copy, take_copy
from angerona.practice.asked_for import (
    AS,
    ASKER,
    READY,
    asker_by_word,
    asker_in,
    asker_on_file,
    check_stands,
    is_stranger,
    may_know_of,
    says_asker,
    weighed,
)
from angerona.practice.corrections import correct, place_statement
from angerona.practice.erasure_asked import itemised, refuse_in_part
from angerona.practice.matters import open_matters
from angerona.practice.representatives import (
    NewRepresentative,
    end_representative,
    enter_representative,
    freeze,
)
from angerona.practice.restrictions import Wanted, agree, restrictions_of
from angerona.practice.rights import RIGHT, RIGHTS, answer, extend, longer, reasons
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst, Permit
from angerona.words import CLASSES
from asking_rights import LETTER, OPEN, asked, matter_of, way_in
from owed_duties import copy, practice
from prepared_practice import AT

__all__ = ["copy", "practice"]

TODAY = AT.date()
ABOUT = {
    **OPEN,
    "recipient.suspected_abuser": False,
    "us_ca.detriment": False,
    "record.joint": False,
}
"""What the rules ask about somebody who asks in a client's place."""
PAYER = Wanted(classes=("history",), to=("payer",), purposes=("payment",))
ASKED = sorted(RIGHTS.keys() - {"review"})


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


@pytest.fixture
def guardian(practice, ada):
    new = NewRepresentative(
        name="Wanda Invented",
        standing="guardian",
        paper="an order of the court",
        powers=("copies",),
        since=TODAY,
    )
    with practice.visit("Tess") as visit:
        return enter_representative(visit, ada, new)


def decision():
    words = {"why": "It is a colleague's.", "contact": "Olaf, 555 0100", "letter": LETTER}
    return Decision(facts=ABOUT, **words)


def history(practice, ada):
    return next(one.entry_id for one in practice.vault.places(ada) if one.wanted == "history")


def begun(practice, ada, right="copy", on_file=None, asker=None):
    """A right that somebody asks for in the place of Ada, with all answered that the rules ask."""
    more = {"notes": False}
    if right in {"correction", "statement"}:
        more = {"entry": history(practice, ada).hex()}
    elif right == "restriction":
        more = PAYER.as_json()
    with practice.visit("Tess") as visit:
        who = asker or asker_on_file(visit, ada, on_file)
    matter_id = asked(practice, "Tess", ada, right, more={**more, ASKER: who.as_json()})
    with practice.visit("Tess") as visit:
        known = type(who)(
            to=who.to, name=who.name, paper=who.paper, on_file=who.on_file, facts=ABOUT
        )
        says_asker(visit, matter_of(visit, matter_id), known)
    return matter_id


def told(practice, matter_id):
    with practice.visit("Tess") as visit:
        return weighed(practice.door, visit, matter_of(visit, matter_id))


def granted(practice, matter_id):
    """Say yes to it, by the way of its right."""
    door, name = practice.door, "Tess"
    with practice.visit(name) as visit:
        matter = matter_of(visit, matter_id)
        right = matter.content[RIGHT]
        if right in {"copy", "portable"}:
            found = decide_copy(door, visit, matter, decision())
            if isinstance(found, type(matter)):
                take_copy(door, visit, found, how="by hand")
            return found
        if right == "correction":
            return correct(door, visit, matter, "It was May.", letter=LETTER, facts=ABOUT)
        if right == "statement":
            return place_statement(door, visit, matter, facts=ABOUT)
        if right == "restriction":
            return agree(door, visit, matter, letter=LETTER)
    if right == "erasure":
        with practice.visit("Olaf") as visit:
            matter = matter_of(visit, matter_id)
            return refuse_in_part(
                door,
                visit,
                matter,
                letter=LETTER,
                reason=_reason(practice, right),
                forget_contact=False,
            )
    with practice.visit(name) as visit:
        return answer(door, visit, matter_of(visit, matter_id), "granted", LETTER)


def _reason(practice, right):
    return next((one.key for one in reasons(practice.door, right)), "")


def is_open(practice, matter_id):
    with practice.visit("Tess") as visit:
        return matter_id in {one.matter_id for one in open_matters(visit, (RIGHT,))}


@pytest.mark.parametrize("right", ASKED)
def test_who_stands_for_the_client_gets_each_right(practice, ada, guardian, right):
    matter_id = begun(practice, ada, right, guardian)
    assert isinstance(told(practice, matter_id), Permit)
    granted(practice, matter_id)
    assert not is_open(practice, matter_id)
    lines = [one for one in practice.vault.ledger.lines_of(ada) if one.kind == RIGHT]
    sentences = [one.sentence for one in in_words(lines, AT.tzinfo)]
    assert any("in the client's place" in one for one in sentences)
    assert not any("Wanda" in one for one in sentences), "lines name nobody outside"


@pytest.mark.parametrize("right", ASKED)
def test_who_is_set_aside_gets_what_a_stranger_gets(practice, ada, guardian, right):
    frozen = begun(practice, ada, right, guardian)
    with practice.visit("Tess") as visit:
        freeze(visit, ada, guardian, "a reason")
    stranger = begun(practice, ada, right, asker=asker_by_word("representative", "Xu", "a paper"))
    assert told(practice, frozen) == told(practice, stranger)
    assert json.dumps(told(practice, frozen).as_json()) == json.dumps(
        told(practice, stranger).as_json()
    )
    before = practice.vault.authority(ada).version
    for matter_id in (frozen, stranger):
        if right in {"copy", "portable"}:
            assert granted(practice, matter_id) == told(practice, matter_id)
        else:
            with pytest.raises(BadInput, match="who asks: may not have this"):
                granted(practice, matter_id)
        assert is_open(practice, matter_id)
        with practice.visit("Tess") as visit:
            assert is_stranger(practice.door, visit, matter_of(visit, matter_id))
            answer(practice.door, visit, matter_of(visit, matter_id), "refused", LETTER)
        assert not is_open(practice, matter_id)
    assert practice.vault.authority(ada).version == before, "and nothing was changed for them"


def test_who_has_stopped_standing_between_the_asking_and_the_answer(practice, ada, guardian):
    matter_id = begun(practice, ada, "restriction", guardian)
    with practice.visit("Tess") as visit:
        check_stands(practice.door, visit, matter_of(visit, matter_id))
        end_representative(visit, ada, guardian)
    with pytest.raises(BadInput):
        granted(practice, matter_id)
    with practice.visit("Tess") as visit:
        assert restrictions_of(visit, ada) == []


def test_a_copy_that_was_decided_is_not_given_to_one_who_was_set_aside(practice, ada, guardian):
    matter_id = begun(practice, ada, "copy", guardian)
    with practice.visit("Tess") as visit:
        decide_copy(practice.door, visit, matter_of(visit, matter_id), decision())
        freeze(visit, ada, guardian, "a reason")
    with practice.visit("Tess") as visit, pytest.raises(BadInput, match="any more"):
        take_copy(practice.door, visit, matter_of(visit, matter_id), how="by hand")


def test_what_was_found_and_decided_of_one_does_not_count_for_another(practice, ada, guardian):
    """Not who asks was made sure of, and not what goes was decided, but of somebody else."""
    matter_id = begun(practice, ada, "copy", guardian)
    with practice.visit("Tess") as visit:
        ready = decide_copy(practice.door, visit, matter_of(visit, matter_id), decision())
        assert ready.content["checked"]
        same = asker_on_file(visit, ada, guardian)
        ready = says_asker(visit, ready, same)
        assert (bool(ready.content["checked"]), READY in ready.content) == (True, True)
        another = says_asker(visit, ready, asker_by_word("representative", "Xu", "a power"))
        assert (another.content["checked"], another.content["identified"]) == ("", "")
        with pytest.raises(BadInput, match="not ready"):
            take_copy(practice.door, visit, another, how="by hand")
        with pytest.raises(BadInput, match="not made sure"):
            decide_copy(practice.door, visit, another, decision())


def test_a_stranger_is_not_written_to_for_more_time(practice, ada, guardian):
    """That letter says that there is a record; the one to strangers says neither yes nor no."""
    matter_id = begun(practice, ada, "correction", guardian)
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, matter_id)
        assert longer(practice.door, matter) is not None
        freeze(visit, ada, guardian, "a reason")
        with pytest.raises(BadInput, match="in the client's place"):
            extend(practice.door, visit, matter, LETTER)
        assert matter_of(visit, matter_id).due == matter.due


def test_lists_name_the_classes_alone_that_one_may_know_of(practice, ada, guardian):
    matter_id = begun(practice, ada, "erasure", guardian)
    by_client = asked(practice, "Tess", ada, "erasure")
    stranger = begun(practice, ada, "erasure", asker=asker_by_word("parent", "Xu", ""))
    with practice.visit("Tess") as visit:
        known = [
            may_know_of(practice.door, visit, matter_of(visit, one))
            for one in (matter_id, by_client, stranger)
        ]
        assert known == [told(practice, matter_id).released, None, frozenset()]
        whole = itemised(practice.door, visit, ada)
        some = itemised(practice.door, visit, ada, {"history"})
        none = itemised(practice.door, visit, ada, ())
    assert CLASSES["risk"] in whole
    assert CLASSES["history"] in some
    assert CLASSES["risk"] not in some
    assert not [one for one in CLASSES.values() if f"- {one}:" in none]


def test_a_paper_that_was_seen_counts_and_a_word_alone_is_asked_about(practice, ada):
    for paper, kind in (("a power of 2025", Permit), ("", AskFirst)):
        who = asker_by_word("representative", "Wanda Invented", paper)
        assert isinstance(told(practice, begun(practice, ada, "copy", asker=who)), kind)


def test_the_copy_goes_to_who_asked_and_the_client_cannot_take_it(practice, ada, guardian):
    way_in(practice, ada)
    matter_id = begun(practice, ada, "copy", guardian)
    with practice.visit("Tess") as visit:
        ready = decide_copy(practice.door, visit, matter_of(visit, matter_id), decision())
    with practice.visit("ada") as visit, pytest.raises(NotPermitted):
        take_copy(practice.door, visit, ready, how="in the own pages")
    with practice.visit("Tess") as visit:
        take_copy(practice.door, visit, ready, how="by hand")
    went = [one.body for one in practice.vault.ledger.lines_of(ada) if one.kind == "disclosure"]
    assert (went[-1]["to"], went[-1]["what"]) == ("representative", "Wanda Invented")


@pytest.mark.parametrize("name", ["Fay", "Nina", "Stan"])
def test_who_may_not_know_who_stands_names_nobody_on_file(practice, ada, guardian, name):
    with practice.visit(name) as visit, pytest.raises(Unknown):
        asker_on_file(visit, ada, guardian)


@pytest.mark.parametrize(("to", "name"), [("police", "Xu"), ("parent", " ")])
def test_somebody_by_word_is_of_a_kind_and_has_a_name(to, name):
    with pytest.raises(BadInput):
        asker_by_word(to, name, "")


def test_what_is_kept_of_who_asks_is_read_back(practice, ada, guardian):
    with practice.visit("Tess") as visit:
        one = asker_on_file(visit, ada, guardian)
    assert asker_in({ASKER: json.loads(json.dumps(one.as_json()))}) == one
    assert asker_in({}) is None
    assert one.to in AS
