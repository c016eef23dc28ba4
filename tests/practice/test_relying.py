"""A consent that ends: nothing more goes, and those who were given something are to be told."""

import contextlib
import datetime
import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from angerona.errors import BadInput, Unknown
from angerona.gate.door import Prepared
from angerona.practice.consent_forms import classes_named, document_of
from angerona.practice.consents import (
    affirm_elements,
    decide_telling,
    elements_to_affirm,
    keep_consent,
    narrow_consent,
    refuse_consent,
    take_back_consent,
)
from angerona.practice.duties import fulfil, owed
from angerona.practice.joint_records import begin_joint
from angerona.practice.maturity import raise_what_comes, set_born
from angerona.practice.relying import (
    ASK,
    ASKED_AHEAD,
    RUNS_OUT,
    TELL,
    TOLD_WITHIN,
    Relied,
    carries_on,
    duties_to_tell,
    relying_on,
    told_in,
)
from angerona.practice.representatives import (
    NewRepresentative,
    end_representative,
    enter_representative,
    freeze,
)
from angerona.practice.ties import begin_tie
from angerona.practice.who_looked import in_words
from angerona.rules.ask import read_consent
from angerona.rules.consents import names
from angerona.sealed.duties import difference
from angerona.words import CLASSES
from consenting import PACKET, TERMS, WISH, sent, signed
from prepared_practice import AT, prepared

TODAY = AT.date()
END = TERMS.until
MUTUAL = "Harbour Mutual (an insurer)"


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as found:
        found.ada, found.otto = copy.clients["Ada"], copy.clients["Otto"]
        yield found


def waits(practice):
    with practice.visit("Tess") as visit:
        return [one.duty for one in owed(visit) if one.duty.row.duty["id"] in {TELL, ASK}]


def take_back(practice, consent_id, **more):
    with practice.visit("Tess") as visit:
        return take_back_consent(visit, practice.ada, consent_id, **more)


def test_it_is_refused_at_once_and_who_got_something_is_to_be_told(practice):
    consent_id = signed(practice, practice.ada)
    assert isinstance(sent(practice, practice.ada), Prepared)
    [relied] = take_back(practice, consent_id)
    assert (relied.whom, relied.classes, relied.packet) == (
        MUTUAL,
        ("diagnosis",),
        PACKET,
    )
    assert not isinstance(sent(practice, practice.ada), Prepared)
    [duty] = waits(practice)
    assert duty.row.due == AT + TOLD_WITHIN
    assert duty.row.duty["what"] == (
        f"write to {MUTUAL} that the consent ended on which something was given on 2 March 2026"
    )
    with practice.visit("Tess") as visit:
        fulfil(visit, practice.ada, duty.duty_id, how="by letter")
    assert waits(practice) == []


def test_nobody_who_got_nothing_is_told(practice):
    assert take_back(practice, signed(practice, practice.ada)) == []
    assert waits(practice) == []


@pytest.mark.parametrize(("name", "other"), [("to", "payer"), ("purpose", "payment")])
def test_what_went_to_another_or_for_something_else_rests_on_another_yes(practice, name, other):
    consent_id = signed(practice, practice.ada)
    signed(practice, practice.ada, replace(TERMS, **{name: other}))
    assert isinstance(sent(practice, practice.ada, replace(WISH, **{name: other})), Prepared)
    assert take_back(practice, consent_id) == []
    assert waits(practice) == []


def test_what_was_prepared_and_failed_is_relied_on_by_nobody(practice):
    consent_id = signed(practice, practice.ada)
    with practice.visit("Tess") as visit:
        found = practice.door.release(visit, practice.ada, WISH, recipient="Harbour Mutual")
    document = practice.vault.authority(practice.ada).documents()[0]
    [announced] = relying_on(practice.vault, practice.ada, document)
    assert (announced.packet, announced.named) == (b"", "what we prepared")
    practice.door.failed(found, AT, why="the printer")
    assert take_back(practice, consent_id) == []


def test_narrowing_tells_those_who_have_what_is_left_out_and_no_others(practice):
    consent_id = signed(practice, practice.ada)
    sent(practice, practice.ada)
    with practice.visit("Tess") as visit:
        kept = narrow_consent(visit, practice.ada, consent_id, classes=["diagnosis"], until=None)
    assert kept == []
    assert waits(practice) == []
    with practice.visit("Tess") as visit:
        sooner = narrow_consent(visit, practice.ada, consent_id, classes=["diagnosis"], until=TODAY)
    assert [one.whom for one in sooner] == [MUTUAL]
    assert len(waits(practice)) == 1


def test_each_who_got_something_is_told_once(practice):
    consent_id = signed(practice, practice.ada)
    for name in ("Harbour Mutual", "Harbour Mutual", "Quay Life"):
        sent(practice, practice.ada, recipient=name)
    assert len(take_back(practice, consent_id)) == 3
    assert sorted(one.row.duty["what"].split(" (")[0] for one in waits(practice)) == [
        "write to Harbour Mutual",
        "write to Quay Life",
    ]


def test_nobody_is_told_where_the_client_does_not_want_it(practice):
    consent_id = signed(practice, practice.ada)
    sent(practice, practice.ada)
    take_back(practice, consent_id, tell=False)
    assert waits(practice) == []
    assert practice.vault.authority(practice.ada).consents[consent_id].untold


def decide(practice, consent_id, *, tell, by="Tess"):
    with practice.visit(by) as visit:
        return decide_telling(visit, practice.ada, consent_id, tell=tell)


def test_whether_they_are_told_is_decided_anew_both_ways(practice):
    consent_id = signed(practice, practice.ada)
    sent(practice, practice.ada)
    with pytest.raises(BadInput, match="has not ended"):
        decide(practice, consent_id, tell=False)
    take_back(practice, consent_id, tell=False)
    assert waits(practice) == []
    with pytest.raises(BadInput, match="decided so before"):
        decide(practice, consent_id, tell=False)
    assert [one.whom for one in decide(practice, consent_id, tell=True)] == [MUTUAL]
    assert len(waits(practice)) == 1
    assert decide(practice, consent_id, tell=False) == []
    assert waits(practice) == []
    assert practice.vault.authority(practice.ada).consents[consent_id].untold
    last = in_words(practice.vault.ledger.lines_of(practice.ada), datetime.UTC)[-1]
    assert last.sentence.endswith("are not told that a consent ended.")
    assert difference_of(practice) == (frozenset(), {})


def test_what_was_left_out_is_decided_anew_for_who_has_it_alone(practice):
    consent_id = signed(practice, practice.ada)
    sent(practice, practice.ada)
    with practice.visit("Tess") as visit:
        narrow_consent(
            visit, practice.ada, consent_id, classes=["treatment_plan"], until=None, tell=False
        )
    assert waits(practice) == []
    assert [one.whom for one in decide(practice, consent_id, tell=True)] == [MUTUAL]
    assert len(waits(practice)) == 1
    take_back(practice, consent_id, tell=False)
    assert waits(practice) == [], "who does not want them told means what waits too"


def test_a_no_and_a_stranger_decide_nothing(practice):
    consent_id = signed(practice, practice.ada)
    take_back(practice, consent_id)
    with practice.visit("Tess") as visit:
        a_no = refuse_consent(visit, practice.ada, TERMS, name="Ada")
    with pytest.raises(BadInput):
        decide(practice, a_no, tell=False)
    with pytest.raises(Unknown):
        decide(practice, consent_id, tell=False, by="Stan")


def rounds(practice, at=AT):
    """How many things a round raises, and what is owed of consents that end."""
    count = raise_what_comes(practice.vault, practice.door.packs, at)
    with practice.visit("Tess", at) as visit:
        owing = [one.duty.row for one in owed(visit)]
    return count, [one for one in owing if one.duty["id"] == RUNS_OUT]


SOON = replace(TERMS, until=TODAY + ASKED_AHEAD)


def test_a_consent_in_use_that_ends_soon_is_raised_once_before_it_does(practice):
    consent_id = signed(practice, practice.ada, SOON)
    assert rounds(practice) == (0, []), "nothing went on it"
    sent(practice, practice.ada)
    early = AT - datetime.timedelta(days=1)
    assert raise_what_comes(practice.vault, practice.door.packs, early) == 0
    count, [duty] = rounds(practice)
    assert count == 1
    assert MUTUAL in duty.duty["what"]
    assert duty.duty["consent"] == consent_id.hex()
    assert duty.due.date() == SOON.until + datetime.timedelta(days=1), "the end of the day, in UTC"
    assert rounds(practice) == (0, [duty])
    with practice.visit("Tess") as visit:
        set_born(visit, practice.ada, TODAY.replace(year=1990))
    assert rounds(practice) == (0, [duty]), "nor again once something else is on file"


@pytest.mark.parametrize("how", ["renewed", "taken back"])
def test_nobody_is_asked_any_more_once_it_goes_on_or_is_over(practice, how):
    consent_id = signed(practice, practice.ada, SOON)
    sent(practice, practice.ada)
    assert rounds(practice)[0] == 1
    if how == "renewed":
        document = document_of(TERMS, {}, form="general")
        with practice.visit("Tess") as visit:
            keep_consent(visit, practice.ada, {**document, "classes": ["diagnosis"]})
        assert len(rounds(practice)[1]) == 1, "less than before does not go on in its place"
        with practice.visit("Tess") as visit:
            keep_consent(visit, practice.ada, document)
    else:
        take_back(practice, consent_id)
    assert rounds(practice) == (0, [])
    assert difference_of(practice) == (frozenset(), {})


def test_one_that_ends_sooner_now_is_asked_about_by_its_new_day_and_once(practice):
    consent_id = signed(practice, practice.ada, SOON)
    sent(practice, practice.ada)
    assert rounds(practice)[0] == 1
    sooner, classes = SOON.until - datetime.timedelta(days=3), list(SOON.classes)
    with practice.visit("Tess") as visit:
        narrow_consent(visit, practice.ada, consent_id, classes=classes, until=sooner)
    count, [duty] = rounds(practice)
    assert count == 1
    assert sooner.isoformat() in duty.duty["what"]
    assert difference_of(practice) == (frozenset(), {})


def test_what_goes_on_already_is_not_asked_about(practice):
    signed(practice, practice.ada)
    sent(practice, practice.ada)
    document = document_of(SOON, {}, form="general")
    with practice.visit("Tess") as visit:
        keep_consent(visit, practice.ada, document)
    assert rounds(practice) == (0, [])


def guarded(practice, standing="guardian"):
    """Somebody who may sign for Ada."""
    new = NewRepresentative(
        name="Wanda Invented", standing=standing, paper="a deed", powers=("consent",), since=TODAY
    )
    with practice.visit("Tess") as visit:
        return enter_representative(visit, practice.ada, new)


def by_guardian(practice, terms, guardian):
    document = document_of(replace(terms, by="representative"), {}, form="general")
    with practice.visit("Tess") as visit:
        return keep_consent(visit, practice.ada, document, signer=guardian)


def test_what_counts_no_more_or_begins_too_late_does_not_go_on_in_its_place(practice):
    guardian = guarded(practice)
    signed(practice, practice.ada, SOON)
    sent(practice, practice.ada)
    by_guardian(practice, TERMS, guardian)
    assert rounds(practice) == (0, []), "it goes on"
    with practice.visit("Tess") as visit:
        end_representative(visit, practice.ada, guardian)
        gap = replace(TERMS, starts=SOON.until + datetime.timedelta(days=2))
        keep_consent(visit, practice.ada, document_of(gap, {}, form="general"))
    assert len(rounds(practice)[1]) == 1


def test_whose_signer_is_set_aside_is_raised_like_any_other(practice):
    """The line of what is raised is one of the client's: its want would tell."""
    guardian, first = guarded(practice), signed(practice, practice.ada)
    sent(practice, practice.ada)
    take_back(practice, first)
    consent_id = by_guardian(practice, SOON, guardian)
    with practice.visit("Tess") as visit:
        freeze(visit, practice.ada, guardian, "a reason")
    count, [duty] = rounds(practice)
    assert (count, duty.duty["consent"]) == (1, consent_id.hex())


def test_each_party_of_a_joint_record_goes_on_apart(practice):
    with practice.visit("Theo") as visit:
        begin_tie(visit, practice.otto, practice.people["Tess"], "treating", until=None)
    with practice.visit("Tess") as visit:
        people = {practice.ada: "Ada", practice.otto: "Otto"}
        both = begin_joint(visit, "Thursday, seven", people)
        terms = replace(SOON, classes=("shared_record",))
        of_ada, of_otto, later = (
            keep_consent(visit, both, document_of(one, {}, form="general"), signer=party)
            for one, party in (
                (terms, practice.ada),
                (replace(terms, until=END), practice.otto),
                (replace(terms, until=END), practice.ada),
            )
        )
    authority = practice.vault.authority(both)
    rows = authority.consents
    assert not carries_on(authority, rows[of_ada], rows[of_otto])
    assert carries_on(authority, rows[of_ada], rows[later])


def test_one_who_is_set_aside_is_thought_about_before_being_told(practice):
    parent = guarded(practice, "parent")
    went = Relied(bytes(16), AT, "parent", "Wanda", ("history",), b"", is_dangerous=False)
    with practice.visit("Tess") as visit:
        [before] = duties_to_tell(visit, practice.ada, bytes(16), [went])
        freeze(visit, practice.ada, parent, "a reason")
        [after] = duties_to_tell(visit, practice.ada, bytes(16), [went])
    assert [one.row.duty["id"] for one in (before, after)] == [TELL, ASK]


def difference_of(practice):
    with practice.vault.store.snapshot() as reading:
        found = difference(practice.vault, reading)
    return found.missing, found.extra


def test_one_who_may_be_a_danger_is_thought_about_first(practice):
    consent_id = signed(practice, practice.ada)
    facts = {**WISH.facts, "recipient.suspected_abuser": True}
    assert isinstance(sent(practice, practice.ada, replace(WISH, facts=facts)), Prepared)
    take_back(practice, consent_id)
    [duty] = waits(practice)
    assert duty.row.duty["id"] == ASK
    assert duty.row.duty["what"].startswith(f"decide whether {MUTUAL} may be told")


def test_the_letter_names_the_packet_and_nobody(practice):
    consent_id = signed(practice, practice.ada)
    sent(practice, practice.ada)
    found = take_back(practice, consent_id)
    with practice.visit("Tess") as visit:
        whom, values = told_in(visit, found, found[0].event_id, ended=TODAY)
        with pytest.raises(Unknown):
            told_in(visit, found, bytes(16), ended=TODAY)
    assert whom == MUTUAL
    assert values["consent"] == "packet 0001-0203 of 2 March 2026"
    assert "Ada" not in " ".join(values.values())


def test_the_practice_answers_what_it_is_asked_and_nothing_else(practice):
    consent_id = signed(practice, practice.ada, replace(TERMS, by="representative"))
    row = practice.vault.authority(practice.ada).consents[consent_id]
    with practice.visit("Tess") as visit:
        assert elements_to_affirm(visit, practice.door.packs, row) == {}
        for keys in ([], ["st_revoke"], ["signer_authority"]):
            with pytest.raises(BadInput):
                affirm_elements(visit, practice.door.packs, practice.ada, consent_id, keys)


every = st.lists(st.sampled_from(sorted(CLASSES)), unique=True, min_size=1, max_size=5)


@given(before=every, after=every, end=st.sampled_from([None, TODAY, END]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
def test_narrowing_and_taking_back_never_open_more(shared_practice, before, after, end):
    practice = shared_practice
    document = document_of(replace(TERMS, classes=tuple(before)), {}, form="file")
    with practice.visit("Tess") as visit:
        consent_id = keep_consent(visit, practice.ada, document)
        with contextlib.suppress(BadInput):
            narrow_consent(visit, practice.ada, consent_id, classes=after, until=end)
        rows = practice.vault.authority(practice.ada).consents
        now = json.loads(rows[consent_id].document)
        assert set(classes_named(now)) <= set(classes_named(document))
        assert now["until"] <= document["until"]
        take_back_consent(visit, practice.ada, consent_id)
        rows = practice.vault.authority(practice.ada).consents
        gone = read_consent(json.loads(rows[consent_id].document))
        assert gone.revoked == TODAY
        assert {one for one in CLASSES if names(gone, one)} <= set(classes_named(document))


@pytest.fixture(scope="module")
def shared_practice(tmp_path_factory):
    copy = prepared().copied(tmp_path_factory.mktemp("relying") / "practice")
    with copy.opened() as found:
        found.ada = copy.clients["Ada"]
        yield found
