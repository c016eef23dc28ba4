"""What could not wait is read afterwards, by somebody else, and what is to be done is owed."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import BadInput, NotAgreed, Unknown
from angerona.gate import door as door_module
from angerona.gate.door import Prepared
from angerona.gate.owing import AFTER
from angerona.gate.paring import LeftOut
from angerona.practice.duties import fulfil, owed
from angerona.practice.leaving import shut_out
from angerona.practice.notices import Sent, send_notice
from angerona.practice.passing_on import pass_on_due, step_aside
from angerona.practice.read_afterwards import say_afterwards, say_for_consultant
from angerona.practice.second_readers import answer, waiting
from angerona.practice.who_looked import in_words
from angerona.rules.answer import Owed
from owed_duties import DAY, copy, practice, there, wrong
from prepared_practice import AT
from second_readings import THREAT, WISH

__all__ = ["copy", "practice"]


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def released(practice, client_id, by="Tess", at=AT, **more):
    places = practice.vault.places(client_id)
    chosen = [one.entry_id for one in places if one.wanted == "risk"]
    with practice.visit(by, at) as visit:
        return practice.door.release(
            visit, client_id, THREAT, entry_ids=chosen, recipient="the officer on duty", **more
        )


def the_duty(practice):
    [duty] = [one for one in there(practice) if one.row.duty["id"] == AFTER]
    return duty


def say(practice, found, by="Olaf", **more):
    with practice.visit(by) as visit:
        return say_afterwards(
            visit, the_duty(practice).duty_id, found, why="I read the line", **more
        )


def last_said(practice, ada):
    return in_words(practice.vault.ledger.lines_of(ada), datetime.UTC)[-1].sentence


def test_a_threat_leaves_at_once_and_owes_a_reading_of_what_left(practice, ada):
    [place] = [one for one in practice.vault.places(ada) if one.wanted == "risk"]
    gap = LeftOut(place.entry_id, place.version, ((0, 3),))
    assert isinstance(released(practice, ada, left_out=[gap]), Prepared)
    duty = the_duty(practice)
    assert duty.row.due == AT + DAY
    terms = duty.row.duty["terms"]
    assert terms["entries"] == [[place.entry_id.hex(), 1, "risk"]]
    assert terms["gaps"] == [[place.entry_id.hex(), 1, [[0, 3]]]]
    assert terms["recipient"] == "the officer on duty"
    assert duty.row.duty["rule"] == "house.duty.second_reader"
    assert [one.row.duty["kind"] for one in there(practice)].count("second_reader") == 1
    assert not wrong(practice)


def test_it_is_put_to_a_reader_who_is_not_the_one_who_released_it(practice, ada):
    released(practice, ada)
    assert pass_on_due(practice.vault, AT) == 1
    assert "Olaf is asked to read second" in last_said(practice, ada)
    with practice.visit("Olaf") as visit:
        [one] = waiting(visit)
    assert (one.is_after, one.client, one.asked_by) == (True, "Ada", "Tess")
    assert the_duty(practice).row.due == AT + DAY, "its time runs from the disclosure"
    assert pass_on_due(practice.vault, AT) == 0
    say(practice, "in_order")
    assert "read afterwards what had left, and found it in order" in last_said(practice, ada)
    assert AFTER not in [one.row.duty["id"] for one in there(practice)]
    assert not wrong(practice)


def test_whoever_releases_it_neither_reads_it_nor_marks_it_as_done(practice, ada):
    released(practice, ada)
    pass_on_due(practice.vault, AT)
    duty = the_duty(practice)
    with pytest.raises(Unknown):
        say(practice, "in_order", by="Tess")
    for who in ("Tess", "Olaf", "Thea"):
        with practice.visit(who) as visit, pytest.raises(Unknown):
            fulfil(visit, ada, duty.duty_id, how="done")
    with practice.visit("Olaf") as visit, pytest.raises(Unknown):
        answer(visit, duty.duty_id, "agreed", why="x")


@pytest.mark.parametrize(
    ("found", "to_do", "ids"),
    [
        ("less", ["correct"], ["own.after.correct"]),
        (
            "none",
            ["incident", "tell", "correct"],
            ["own.after.tell", "own.after.correct", "own.after.incident"],
        ),
    ],
)
def test_what_is_to_be_done_is_owed(practice, ada, found, to_do, ids):
    released(practice, ada)
    pass_on_due(practice.vault, AT)
    before = {one.duty_id for one in there(practice)}
    say(practice, found, to_do=to_do)
    new = [one for one in there(practice) if one.duty_id not in before]
    assert sorted(one.row.duty["id"] for one in new) == sorted(ids)
    with practice.visit("Olaf") as visit:
        assert set(ids) <= {one.duty.row.duty["id"] for one in owed(visit)}
    found_safe = {"client.unsafe_to_tell": False, "house.secrecy_ordered": False}
    sent = Sent(way="in_person", text="We want you to know what left.", facts=found_safe)
    with practice.visit("Tess") as visit:
        for one in new:
            if one.row.duty["id"] == "own.after.tell":
                assert send_notice(practice.door, visit, ada, one.duty_id, sent)
            else:
                assert fulfil(visit, ada, one.duty_id, how="by telephone")
    kinds = [one.kind for one in practice.vault.ledger.lines_of(ada)]
    assert ("notice" in kinds) == ("tell" in to_do)
    assert not wrong(practice)


@pytest.mark.parametrize(
    ("found", "to_do"),
    [("in_order", ["tell"]), ("less", []), ("perhaps", []), ("none", ["shout"])],
)
def test_what_does_not_fit_is_said(practice, ada, found, to_do):
    released(practice, ada)
    pass_on_due(practice.vault, AT)
    with pytest.raises(BadInput, match=r"what (you found|is to be done)"):
        say(practice, found, to_do=to_do)


def test_a_reader_who_steps_aside_afterwards_is_followed_by_another(practice, ada):
    released(practice, ada)
    pass_on_due(practice.vault, AT)
    with practice.visit("Olaf") as visit:
        step_aside(visit, the_duty(practice).duty_id)
    reader = bytes.fromhex(the_duty(practice).row.duty["reader"])
    assert practice.vault.person(reader).row.name == "Thea"
    say(practice, "in_order", by="Thea")


def test_a_release_that_failed_owes_no_reading(practice, ada):
    prepared = released(practice, ada)
    practice.door.failed(prepared, AT, why="nobody answered")
    assert there(practice) == []


def test_in_a_practice_of_one_somebody_outside_is_asked_and_named(practice):
    alone = practice.client("Una Grove", treating="Thea")
    practice.keep("Thea", alone, "risk", "nothing")
    assert isinstance(released(practice, alone, by="Thea"), Prepared)
    more = {"consultant": "Dr Amal Invented", "why": "we went through it"}
    with practice.visit("Thea") as visit, pytest.raises(BadInput, match="nobody here can read"):
        say_for_consultant(visit, the_duty(practice).duty_id, "in_order", **more)
    with practice.visit("Thea") as visit:
        shut_out(visit, practice.people["Olaf"], posts={})
    assert pass_on_due(practice.vault, AT) == 0
    with practice.visit("Sue") as visit, pytest.raises(Unknown):
        say_for_consultant(visit, the_duty(practice).duty_id, "in_order", **more)
    with practice.visit("Thea") as visit:
        say_for_consultant(visit, the_duty(practice).duty_id, "in_order", **more)
    assert "having asked Dr Amal Invented, and found it in order" in last_said(practice, alone)
    assert not wrong(practice)


def _law(monkeypatch, **fields):
    """Answer with another outcome, other duties, other grounds."""
    real = door_module.decide

    def decide(ask, packs):
        found = real(ask, packs)
        return replace(found, **{name: some(found) for name, some in fields.items()})

    monkeypatch.setattr(door_module, "decide", decide)


def test_a_must_never_waits_and_is_read_afterwards_in_the_time_of_the_pack(
    practice, ada, monkeypatch
):
    """Under a court's order, too; the due time is that of the pack's own duty."""
    rule = Owed(
        id="xx.reader",
        kind="second_reader",
        mode="discretionary",
        what="a second person reads it straight after",
        due="PT2H",
        due_from="the act",
        cite="an act",
    )
    _law(
        monkeypatch,
        outcome=lambda _: "require",
        classes=lambda found: dict.fromkeys(found.classes, "must"),
        duties=lambda _: (rule,),
    )
    wish = replace(WISH, wants=("risk",))
    with practice.visit("Tess") as visit:
        chosen = [one.entry_id for one in practice.vault.places(ada) if one.wanted == "risk"]
        preview = practice.door.preview(visit, ada, wish)
        prepared = practice.door.release(visit, ada, wish, entry_ids=chosen, recipient="the court")
    assert not preview.is_awaited
    assert isinstance(prepared, Prepared)
    duty = the_duty(practice)
    assert duty.row.due == AT + datetime.timedelta(hours=2)
    assert (duty.row.duty["rule"], duty.row.duty["cite"]) == ("xx.reader", "an act")


def test_what_is_merely_permitted_waits_though_a_must_goes_along(practice, ada, monkeypatch):
    """Nobody gets something past the second reader by wanting a thing that must go as well."""
    _law(
        monkeypatch,
        outcome=lambda _: "require",
        classes=lambda found: {**found.classes, "risk": "must"},
    )

    def asked(*wanted):
        places = practice.vault.places(ada)
        ids = [one.entry_id for one in places if one.wanted in wanted]
        with practice.visit("Tess") as visit:
            wish = replace(WISH, wants=WISH.wants)
            return practice.door.release(visit, ada, wish, entry_ids=ids, recipient="the court")

    with pytest.raises(NotAgreed):
        asked("risk", "progress_note")
    assert isinstance(asked("risk"), Prepared)
