"""What an act leaves owed is written with its line, and what the line fulfils is not."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import Altered, StoreFull
from angerona.gate import door as door_module
from angerona.gate.door import Prepared
from angerona.gate.gathering import Wish
from angerona.gate.owing import FULFILLED, TELL_LATER
from angerona.packs.texts import load_texts
from angerona.practice.zones import change_zone
from angerona.rules.answer import Refuse
from owed_duties import (
    DAY,
    MAY,
    REPORT,
    REVIEW,
    SAY,
    TELL,
    THREAT,
    always,
    copy,
    glass,
    last,
    practice,
    released,
    rules,
    there,
    wrong,
)
from prepared_practice import AT, packs

__all__ = ["always", "copy", "practice"]


def test_breaking_the_glass_leaves_a_review_owed_by_a_day(practice, copy):
    shown = glass(practice, copy.clients["Ada"])
    [duty] = shown.owed
    assert there(practice) == [duty]
    assert (duty.row.duty["id"], duty.row.due, duty.row.act) == (REVIEW, AT + DAY, "look")
    assert duty.row.by == practice.people["Nina"]
    line = last(practice, copy.clients["Ada"])
    assert line.body["owes"] == [duty.digest(copy.practice_id)]
    assert not wrong(practice)


def test_what_the_line_fulfils_by_itself_is_not_owed(practice, copy):
    shown = practice.look("Tess", copy.clients["Ada"])
    assert "house.duty.ledger" in {one.id for one in shown.permit.duties}
    assert shown.owed == ()
    assert "owes" not in last(practice, copy.clients["Ada"]).body
    practice.keep("Tess", copy.clients["Ada"], "progress_note", "spoke of the sea")
    with practice.visit("Tess") as visit:
        practice.door.list(visit, copy.clients["Ada"], purpose="treatment")
    with practice.visit("Olaf") as visit:
        practice.door.who_looked(visit, copy.clients["Ada"])
    assert there(practice) == []


def test_whatever_is_said_to_be_fulfilled_is_a_duty_or_a_kind_of_the_packs():
    duties = [duty for pack in packs().packs.values() for duty in pack.duties]
    known = {one.id for one in duties} | {one.kind for one in duties}
    for of_act in FULFILLED.values():
        assert set(of_act) <= known
        assert all(of_act.values())


def test_only_what_is_required_is_owed_and_what_may_not_be_told_is_not(practice, copy, always):
    ada = copy.clients["Ada"]
    always(TELL, MAY, REPORT, notice="required")
    prepared_one = released(practice, ada, THREAT)
    assert isinstance(prepared_one, Prepared)
    assert [one.row.duty["id"] for one in prepared_one.owed] == ["xx.tell", "xx.report"]
    always(TELL, MAY, REPORT, notice="prohibited")
    held = released(practice, ada, THREAT)
    assert [one.row.duty["id"] for one in held.owed] == ["xx.report", TELL_LATER]
    assert held.owed[0].row.held_until == held.held_until


def test_a_time_limit_runs_from_what_is_known_or_names_what_it_runs_from(practice, copy, always):
    always(REPORT)
    [open_one] = released(practice, copy.clients["Ada"], THREAT).owed
    assert (open_one.row.due, open_one.row.duty["due_from"]) == (None, "the oral report")
    wish = replace(THREAT, moments={"the oral report": AT - DAY})
    [known] = released(practice, copy.clients["Ada"], wish).owed
    assert known.row.due == AT - DAY + datetime.timedelta(hours=36)


@pytest.mark.parametrize(
    ("moments", "due"),
    [({}, None), ({"a": AT}, None), ({"a": AT, "b": AT + 3 * DAY}, AT + 4 * DAY)],
)
def test_of_two_limits_the_later_counts_once_both_are_known(practice, copy, always, moments, due):
    from angerona.rules.entries import Due  # noqa: PLC0415 -- only here

    always(replace(REPORT, due="", due_from="", later_of=(Due("P2D", "a"), Due("P1D", "b"))))
    [duty] = released(practice, copy.clients["Ada"], replace(THREAT, moments=moments)).owed
    assert duty.row.due == due


def test_working_days_are_counted_where_the_practice_is(practice, copy, always):
    """Asked for on a Friday afternoon in Los Angeles, which is Saturday in UTC."""
    with practice.visit("Olaf") as visit:
        change_zone(visit, "America/Los_Angeles")
    always(replace(REPORT, due="P1D", due_from="the request", days="working"))
    asked = datetime.datetime(2026, 3, 7, 1, 30, tzinfo=datetime.UTC)
    wish = replace(THREAT, moments={"the request": asked})
    [duty] = released(practice, copy.clients["Ada"], wish).owed
    assert duty.row.due.isoformat() == "2026-03-10T00:30:00+00:00"


def test_a_time_to_wait_is_worked_out_too(practice, copy, always):
    always(replace(REPORT, due="", due_from="the disclosure", not_before="P21D"))
    [duty] = released(practice, copy.clients["Ada"], THREAT).owed
    assert (duty.row.due, duty.row.not_before) == (None, AT + 21 * DAY)


def test_a_refusal_owes_what_the_law_says(practice, copy):
    ada = copy.clients["Ada"]
    wish = Wish(wants=("progress_note",), purpose="marketing", to="media")
    answer = released(practice, ada, wish)
    assert isinstance(answer, Refuse)
    assert "house.duty.refusal" in rules(practice)
    assert last(practice, ada).kind == "refusal"
    assert len(last(practice, ada).body["owes"]) == len(there(practice))
    assert not wrong(practice)


def test_what_the_packet_carries_is_done_when_it_is_handed_over(practice, copy, always):
    always(SAY, REPORT)
    prepared_one = released(practice, copy.clients["Ada"], THREAT)
    practice.door.handed_over(
        prepared_one, AT, how="by hand", packet_id=bytes(16), carried=["xx.say", "xx.other"]
    )
    assert rules(practice) == ["xx.report"]
    assert len(last(practice, copy.clients["Ada"]).body["done"]) == 1
    assert not wrong(practice)


@pytest.mark.parametrize("notice", ["required", "prohibited"])
def test_a_release_that_fails_leaves_nothing_owed(practice, copy, always, monkeypatch, notice):
    """Nothing left, so there is nothing to report; the next try owes it once."""
    ada = copy.clients["Ada"]
    always(REPORT, notice=notice)
    with practice.visit("Tess") as visit:
        practice.door.failed(released(practice, ada, THREAT), visit.at, why="no paper")
    assert rules(practice) == []

    def broken(*_args, **_more):
        raise Altered("an entry")

    with monkeypatch.context() as patched:
        patched.setattr(door_module, "unsealed", broken)
        with pytest.raises(Altered):
            released(practice, ada, THREAT)
    assert rules(practice) == []
    assert not wrong(practice)
    released(practice, ada, THREAT)
    later = [TELL_LATER] if notice == "prohibited" else []
    assert rules(practice) == [*later, "xx.report"]
    assert not wrong(practice)


def test_a_look_that_fails_is_reviewed_all_the_same(practice, copy, monkeypatch):
    def broken(*_args, **_more):
        raise Altered("an entry")

    monkeypatch.setattr(door_module, "unsealed", broken)
    with pytest.raises(Altered):
        glass(practice, copy.clients["Ada"])
    assert rules(practice) == [REVIEW]
    assert not wrong(practice)


def test_no_line_no_duty(practice, copy, monkeypatch):
    from angerona.ledger.appending import Appender  # noqa: PLC0415 -- only here

    def broken(*_args):
        raise StoreFull("no room")

    monkeypatch.setattr(Appender, "write", broken)
    with pytest.raises(StoreFull):
        glass(practice, copy.clients["Ada"])
    assert there(practice) == []


def test_the_statements_of_the_packs_can_be_told_from_other_duties():
    """What a packet says it carries is a duty that a line can end."""
    statements = {one.duty for one in load_texts() if one.kind == "statement"}
    duties = {duty.id for pack in packs().packs.values() for duty in pack.duties}
    assert statements <= duties
