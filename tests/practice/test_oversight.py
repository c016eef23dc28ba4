"""The privacy officer's desk: what waits, who may settle it, what is left owed."""

import datetime

import pytest

from angerona.errors import BadInput, Conflicting, NotPermitted, StoreFull, Unknown
from angerona.gate.door import Shown
from angerona.gate.emergency import absorb, look_in_emergency
from angerona.practice.caseload import met, short_id
from angerona.practice.duties import TALK, fulfil, owed
from angerona.practice.matters import open_matters
from angerona.practice.openings import contribute, open_record, state_request
from angerona.practice.oversight import (
    OUTCOMES,
    SETTLED,
    WATCHED,
    desk,
    law_in_use,
    review,
    settle,
    watch_record,
)
from angerona.practice.watching import watch
from angerona.practice.who_looked import in_words
from angerona.sealed.checking import check_rows
from owed_duties import GLASS
from prepared_practice import AT, packs, prepared
from small_practice import founded

DAY = datetime.timedelta(days=1)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "copy")
    with copy.opened() as practice:
        watch(practice.vault, AT)
        practice.clients = copy.clients
        yield practice


def the_desk(practice, name="Olaf", at=AT):
    if at != AT:
        practice.open(name, at)
    with practice.visit(name, at) as visit:
        return desk(visit)


def broken_glass(practice, name="Nina"):
    shown = practice.look(name, practice.clients["Ada"], reason="he said goodbye", **GLASS)
    assert isinstance(shown, Shown)


def emergency(practice, tmp_path, monkeypatch):
    def refuses(*_args, **_more):
        raise StoreFull

    spool = tmp_path / "spool"
    with monkeypatch.context() as patch, practice.visit("Nina") as visit:
        patch.setattr(type(practice.vault.ledger), "append", refuses)
        look_in_emergency(
            practice.door,
            visit,
            practice.clients["Ada"],
            purpose="treatment",
            reason="he rang and said goodbye",
            spool=spool,
        )
    assert absorb(practice.vault, spool, AT).taken == 1


def opening(practice, *, until=None):
    with practice.visit("Olaf") as visit:
        request = state_request(
            visit,
            practice.clients["Ada"],
            ["progress"],
            limit="court",
            reason="an order",
            expires=AT + 3 * DAY,
            hold_until=until,
        )
        parts = [contribute(practice.vault, request, one.secret, AT) for one in practice.papers[:2]]
        open_record(visit, request, parts)


def noticed(practice):
    """Bill looks at a record to which no tie and no appointment leads."""
    with practice.visit("Bill") as visit:
        met(visit, practice.clients["Ada"])
    assert watch(practice.vault, AT) == 1
    [found] = the_desk(practice).noticed
    return found


def said(practice, subject_id):
    return in_words([practice.vault.ledger.lines_of(subject_id)[-1]], datetime.UTC)[0].sentence


def all_well(practice):
    return [one for one in check_rows(practice.vault, AT) if one.check == "duties"] == []


def test_broken_glass_waits_for_its_review_within_the_time_of_the_pack(practice):
    broken_glass(practice)
    [one] = the_desk(practice).reviews
    assert (one.client, one.person, one.may) == ("Ada", "Nina (nurse)", True)
    assert one.duty.row.due == AT + DAY
    assert not one.is_overdue
    assert the_desk(practice, at=AT + DAY + DAY / 24).reviews[0].is_overdue


def test_an_emergency_waits_for_one_whatever_the_rules_say(practice, tmp_path, monkeypatch):
    emergency(practice, tmp_path, monkeypatch)
    [one] = the_desk(practice).reviews
    assert (one.duty.row.act, one.person) == ("emergency", "Nina (nurse)")
    assert all_well(practice)


def test_an_opening_waits_for_one_and_its_officer_does_not_review_it(practice):
    opening(practice)
    [one] = the_desk(practice, "Thea").reviews
    assert (one.duty.row.act, one.may) == ("opened", True)
    assert [one.may for one in the_desk(practice).reviews] == [False]
    with practice.visit("Olaf") as visit, pytest.raises(BadInput, match="not yours"):
        review(visit, packs(), one.duty.duty_id, "in_order")
    with practice.visit("Thea") as visit:
        review(visit, packs(), one.duty.duty_id, "in_order")
    assert "in order" in said(practice, practice.clients["Ada"])
    assert all_well(practice)


def test_the_review_of_a_held_opening_stands_under_the_practice(practice):
    before = practice.vault.ledger.lines_of(practice.clients["Ada"])
    opening(practice, until=AT + 30 * DAY)
    [one] = the_desk(practice, "Thea").reviews
    with practice.visit("Thea") as visit:
        review(visit, packs(), one.duty.duty_id, "talk", why="ask what it was for")
    assert practice.vault.ledger.lines_of(practice.clients["Ada"]) == before
    assert len(the_desk(practice).follow_ups) == 1
    assert all_well(practice)


@pytest.mark.parametrize(
    ("outcome", "why", "sentence", "left"),
    [
        ("in_order", "", "(in order).", []),
        ("in_order", "he was in danger", "(in order: he was in danger).", []),
        ("not_in_order", "there was no danger", "(not in order: there was no danger).", []),
        ("talk", "the reason is short", "(it needs a talk: the reason is short).", [TALK]),
    ],
)
def test_a_review_has_an_outcome_that_the_client_can_read(practice, outcome, why, sentence, left):
    broken_glass(practice)
    [one] = the_desk(practice).reviews
    with practice.visit("Olaf") as visit:
        review(visit, packs(), one.duty.duty_id, outcome, why=why)
    assert said(practice, practice.clients["Ada"]).endswith(sentence)
    after = the_desk(practice)
    assert (after.reviews, [one.duty.row.duty["id"] for one in after.follow_ups]) == ((), left)
    assert all_well(practice)
    with practice.visit("Olaf") as visit, pytest.raises(Conflicting):
        review(visit, packs(), one.duty.duty_id, outcome, why=why)


def incidents(practice):
    with practice.visit("Olaf") as visit:
        return [one.content for one in open_matters(visit, ("incident",))]


def test_a_look_that_was_not_in_order_is_an_incident_from_then_on(practice):
    broken_glass(practice)
    one, other = the_desk(practice).reviews[0], noticed(practice)
    with practice.visit("Olaf") as visit:
        review(visit, packs(), one.duty.duty_id, "not_in_order", why="there was no danger")
        settle(visit, packs(), other.duty.duty_id, "incident", why="no reason was given")
    found = incidents(practice)
    assert [one["cause"] for one in found] == ["insider", "insider"]
    short = short_id(practice.clients["Ada"])
    assert {one["affected"] for one in found} == {f"the record {short}"}
    assert not any(name in str(found) for name in ("Ada", "Nina", "Bill"))
    assert all_well(practice)


@pytest.mark.parametrize("outcome", [one for one in OUTCOMES if one != "in_order"])
def test_what_is_not_in_order_needs_a_reason(practice, outcome):
    broken_glass(practice)
    [one] = the_desk(practice).reviews
    with practice.visit("Olaf") as visit, pytest.raises(BadInput, match="why"):
        review(visit, packs(), one.duty.duty_id, outcome)


@pytest.mark.parametrize("outcome", ["", "fine", "explained"])
def test_there_is_no_other_outcome(practice, outcome):
    broken_glass(practice)
    [one] = the_desk(practice).reviews
    with practice.visit("Olaf") as visit, pytest.raises(BadInput, match="outcome"):
        review(visit, packs(), one.duty.duty_id, outcome)


@pytest.mark.parametrize("name", ["Tess", "Nina", "Fay", "Sue"])
def test_nobody_but_a_privacy_officer_sees_the_desk_or_settles_anything(practice, name):
    broken_glass(practice)
    [one] = the_desk(practice).reviews
    with practice.visit(name) as visit:
        for act in (desk, lambda visit: review(visit, packs(), one.duty.duty_id, "in_order")):
            with pytest.raises(NotPermitted):
                act(visit)
        with pytest.raises((BadInput, Unknown)):
            fulfil(visit, practice.clients["Ada"], one.duty.duty_id, how="read")


def test_in_a_practice_of_one_somebody_outside_is_named(tmp_path):
    practice = founded(tmp_path / "one")
    client = practice.client("Ada Invented")
    practice.keep("Thea", client, "risk", "safety plan")
    practice.look("Thea", client, reason="he said goodbye", **GLASS)
    [one] = the_desk(practice, "Thea").reviews
    assert one.needs_outside
    with practice.visit("Thea") as visit:
        with pytest.raises(BadInput, match="outside"):
            review(visit, packs(), one.duty.duty_id, "in_order")
        review(visit, packs(), one.duty.duty_id, "in_order", outside="Ruth Adair")
    assert "read by Ruth Adair, from outside" in said(practice, client)
    practice.vault.store.close()


@pytest.mark.parametrize(
    ("outcome", "left"), [("explained", []), ("talk", [TALK]), ("incident", [])]
)
def test_what_was_noticed_is_settled_under_the_practice(practice, outcome, left):
    one = noticed(practice)
    before = practice.vault.ledger.lines_of(practice.clients["Ada"])
    assert (one.client, one.person) == ("Ada", "Bill")
    assert [kind.title for kind in one.reasons] == ["No appointment and no tie"]
    with practice.visit("Olaf") as visit:
        settle(visit, packs(), one.duty.duty_id, outcome, why="a bill was sent back")
    assert practice.vault.ledger.lines_of(practice.clients["Ada"]) == before
    body = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1].body
    assert body["how"] == f"{SETTLED[outcome]}: a bill was sent back"
    after = the_desk(practice)
    assert (after.noticed, [one.duty.row.duty["id"] for one in after.follow_ups]) == ((), left)
    for follow in after.follow_ups:
        assert (follow.client, follow.person) == (one.client, one.person)
        with practice.visit("Thea") as visit:
            fulfil(visit, follow.duty.row.client_id, follow.duty.duty_id, how="it was done")
    assert the_desk(practice).follow_ups == ()
    assert all_well(practice)


def test_what_was_noticed_is_shown_to_nobody_else_and_not_to_whom_it_concerns(practice):
    one = noticed(practice)
    for name, count in (("Bill", 0), ("Tess", 0), ("Sue", 0), ("Olaf", 1)):
        with practice.visit(name) as visit:
            assert len(owed(visit)) == count, name
    with practice.visit("Bill") as visit, pytest.raises(Unknown):
        fulfil(visit, practice.vault.practice_id, one.duty.duty_id, how="nothing")


def test_an_officer_does_not_settle_the_own_look(practice):
    with practice.visit("Olaf") as visit:
        met(visit, practice.clients["Ada"])
    watch(practice.vault, AT)
    [one] = the_desk(practice).noticed
    assert not one.may
    with practice.visit("Olaf") as visit, pytest.raises(BadInput, match="not yours"):
        settle(visit, packs(), one.duty.duty_id, "explained", why="I read the letter")
    with practice.visit("Thea") as visit:
        settle(visit, packs(), one.duty.duty_id, "explained", why="he read the letter")


def test_a_review_is_not_settled_and_what_was_noticed_is_not_reviewed(practice):
    one = noticed(practice)
    broken_glass(practice)
    [other] = the_desk(practice).reviews
    with practice.visit("Olaf") as visit:
        with pytest.raises(Unknown):
            review(visit, packs(), one.duty.duty_id, "in_order")
        with pytest.raises(Unknown):
            settle(visit, packs(), other.duty.duty_id, "explained", why="so")


def test_the_mark_lies_sealed_and_those_who_treat_and_the_officer_set_it(practice):
    ada = practice.clients["Ada"]
    for name, is_watched in (("Tess", True), ("Olaf", False), ("Olaf", True)):
        with practice.visit(name) as visit:
            watch_record(visit, ada, is_watched=is_watched)
        assert practice.vault.authority(ada).client.watched is is_watched
    assert said(practice, ada) == f"Olaf chose {WATCHED}."
    size = practice.vault.ledger.size
    with practice.visit("Tess") as visit:
        watch_record(visit, ada, is_watched=True)
    assert practice.vault.ledger.size == size, "what is so already is not written again"
    for name, wrong in (("Fay", NotPermitted), ("Cora", NotPermitted), ("Theo", Unknown)):
        with practice.visit(name) as visit, pytest.raises(wrong):
            watch_record(visit, ada, is_watched=False)


def test_the_law_in_use_says_which_rules_bar_because_their_text_was_not_seen():
    found = law_in_use(packs(), ("house", "uk", "us-va", "none"))
    assert [one.pack.id for one in found] == ["house", "uk", "us-va"]
    assert "uk.d.s170" in found[1].unverified
    assert any(one.startswith("us-va.") for one in found[2].contested)
