"""A delay that ends is weighed again, and what a law forbids is told on no day and in no order."""

import random
from contextlib import suppress
from dataclasses import replace

import pytest

from angerona.errors import BadInput
from angerona.gate import door as door_module
from angerona.gate.owing import TELL_LATER
from angerona.ledger.verifying import read_receipt
from angerona.practice.clients import establish
from angerona.practice.duties import fulfil
from angerona.practice.notices import WAYS, Sent, is_held, leave_untold, send_notice
from angerona.practice.putting_off import weigh_again
from angerona.practice.requests import NewRequest, pass_on, request, take_down
from angerona.practice.speaking import Asked
from angerona.practice.upkeep import keep_up
from angerona.sealed.held_lines import lines_now, receipt_now
from owed_duties import (
    DAY,
    REPORT,
    SAFE,
    THREAT,
    always,
    copy,
    practice,
    released,
    there,
    wrong,
)
from practice.test_notices import (
    MAY,
    NEVER,
    WORDS,
    ada,
    letters_of,
    owed,
    put_off_until,
    told,
    waiting,
)
from prepared_practice import AT, packs

__all__ = ["ada", "always", "copy", "practice"]


STEPS = ("day",) * 4 + ("safe", "unsafe", "unsafe", "tell", "tell", "later", "not", "done")


def held(practice, ada, always, monkeypatch, days=5):
    """Something held back for some days, in a practice whose law is then the real one."""
    keep_up(practice.vault, AT)
    real = door_module.decide
    always(NEVER, notice="prohibited")
    [duty] = owed(practice, ada, replace(THREAT, hold_until=AT + days * DAY))
    monkeypatch.setattr(door_module, "decide", real)
    return duty


def goes_on(practice, first, last):
    """The rounds of some days."""
    for days in range(first, last + 1):
        weigh_again(practice.vault, packs(), AT + days * DAY)
        keep_up(practice.vault, AT + days * DAY)


def shown_to_ada(practice, ada, at):
    """The kinds of lines on her list, and of those that her receipt opens."""
    lines = [one for one in lines_now(practice.vault, ada) if one.is_open(at)]
    practice.vault.ledger.checkpoint(at)
    text = receipt_now(practice.vault, ada, since=None, at=at)
    assert len([one for one in read_receipt(text).lines if one.secret]) == len(lines)
    return {one.kind for one in lines}


def unsafe(practice, ada, at=AT, *, is_unsafe=True):
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        establish(visit, packs(), ada, {"client.unsafe_to_tell": is_unsafe})


def test_a_delay_that_the_law_forbids_to_end_goes_on(practice, ada, always, monkeypatch):
    held(practice, ada, always, monkeypatch)
    unsafe(practice, ada)
    goes_on(practice, 1, 5)
    [again] = there(practice)
    assert (again.row.duty["id"], again.row.held_until) == (TELL_LATER, AT + 34 * DAY)
    for days in (5, 20, 33):
        assert "disclosure" not in shown_to_ada(practice, ada, AT + days * DAY)
    unsafe(practice, ada, AT + 20 * DAY, is_unsafe=False)
    goes_on(practice, 6, 34)
    assert "disclosure" in shown_to_ada(practice, ada, AT + 34 * DAY)
    practice.open("Ada", AT + 34 * DAY)
    assert told(practice, ada, again, at=AT + 34 * DAY, way="pages")
    assert not wrong(practice)


def test_a_delay_that_nothing_on_file_forbids_to_end_ends(practice, ada, always, monkeypatch):
    [before] = [held(practice, ada, always, monkeypatch)]
    goes_on(practice, 1, 5)
    assert there(practice) == [before]
    assert "disclosure" in shown_to_ada(practice, ada, AT + 5 * DAY)


def test_somebody_can_let_a_delay_go_on_and_twice(practice, ada, always, monkeypatch):
    duty = held(practice, ada, always, monkeypatch)
    for until in (10, 20):
        with practice.visit("Tess") as visit:
            for day, facts in ((3, {"client.unsafe_to_tell": True}), (until, SAFE), (until, {})):
                with pytest.raises(BadInput):
                    put_off_until(practice, visit, ada, duty, AT + day * DAY, **facts)
            unsafely = {"client.unsafe_to_tell": True}
            assert put_off_until(practice, visit, ada, duty, AT + until * DAY, **unsafely)
        [duty] = there(practice)
    goes_on(practice, 1, 20)
    assert "disclosure" not in shown_to_ada(practice, ada, AT + 19 * DAY)
    assert "disclosure" in shown_to_ada(practice, ada, AT + 20 * DAY)
    assert not wrong(practice)


def test_a_choice_that_is_put_off_is_a_choice_still(practice, ada, always, monkeypatch):
    real = door_module.decide
    always(MAY, notice="discretionary")
    [duty] = owed(practice, ada)
    monkeypatch.setattr(door_module, "decide", real)
    until = AT + 9 * DAY
    with practice.visit("Tess") as visit:
        assert put_off_until(practice, visit, ada, duty, until, **{"client.unsafe_to_tell": True})
    [again] = [one for one in there(practice) if one.row.duty["id"] == TELL_LATER]
    practice.open("Tess", until)
    with practice.visit("Tess", until) as visit:
        assert leave_untold(visit, ada, again.duty_id, "It would frighten her still.")
    assert not wrong(practice)


def test_what_is_owed_beside_it_is_done_in_silence(practice, ada, always, monkeypatch):
    keep_up(practice.vault, AT)
    real = door_module.decide
    always(NEVER, REPORT, notice="prohibited")
    found = released(practice, ada, replace(THREAT, hold_until=AT + 5 * DAY)).owed
    [report] = [one for one in found if one.row.duty["id"] == REPORT.id]
    monkeypatch.setattr(door_module, "decide", real)
    unsafe(practice, ada)
    goes_on(practice, 1, 6)
    at = AT + 6 * DAY
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        assert fulfil(visit, ada, report.duty_id, how="by post")
    goes_on(practice, 7, 9)
    assert "done" not in shown_to_ada(practice, ada, AT + 9 * DAY)
    assert not wrong(practice)


def test_what_has_opened_is_not_closed_again(practice, ada, always, monkeypatch):
    duty = held(practice, ada, always, monkeypatch)
    goes_on(practice, 1, 6)
    at = AT + 6 * DAY
    assert "disclosure" in shown_to_ada(practice, ada, at)
    unsafe(practice, ada, at)
    with practice.visit("Tess", at) as visit:
        assert put_off_until(practice, visit, ada, duty, at + 9 * DAY)
    assert "disclosure" in shown_to_ada(practice, ada, at)


def test_a_silent_matter_stays_silent_with_what_is_held(practice, ada, always, monkeypatch):
    held(practice, ada, always, monkeypatch)
    asked = Asked(
        to="police",
        purpose="law_enforcement",
        instrument="written_request",
        received=AT,
        name="An officer",
        hold_until=AT + 5 * DAY,
    )
    with practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=ada, may_tell=False)
        matter_id = take_down(practice.door, visit, new)
    unsafe(practice, ada)
    goes_on(practice, 1, 6)
    at = AT + 6 * DAY
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        assert request(visit, matter_id).held_until == AT + 34 * DAY
        pass_on(visit, request(visit, matter_id), practice.people["Olaf"])
    assert "request" not in shown_to_ada(practice, ada, at)
    assert not wrong(practice)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_prohibited_is_never_told_in_any_order_of_steps(
    practice, ada, always, monkeypatch, seed
):
    """Whatever is pressed, on whatever day: nothing goes while the law forbids it.

    What opened once stays open; nothing opens on a day on which the file forbids it.
    """
    dice = random.Random(seed)
    held(practice, ada, always, monkeypatch, days=dice.randint(2, 4))
    day, is_unsafe, was_open = 0, False, False
    for _ in range(30):
        at = AT + day * DAY
        step = dice.choice(STEPS)
        found = [one for one in there(practice) if one.row.duty.get("to") == "client"]
        before = len(letters_of(practice, ada)), len(waiting(practice))
        forbidden = is_unsafe or any(is_held(one, at) for one in found)
        practice.open("Tess", at)
        if step == "day":
            day += 1
            goes_on(practice, day, day)
        elif step in {"safe", "unsafe"}:
            is_unsafe = step == "unsafe"
            unsafe(practice, ada, at, is_unsafe=is_unsafe)
        elif found:
            with suppress(BadInput):
                pressed(practice, ada, found[0], at, step, dice)
        if forbidden:
            after = len(letters_of(practice, ada)), len(waiting(practice))
            assert after == before, step
        at = AT + day * DAY
        weigh_again(practice.vault, packs(), at)  # each minute there is a round
        is_open = "disclosure" in shown_to_ada(practice, ada, at)
        assert is_open or not was_open, "what has opened is not closed again"
        assert was_open or not (is_open and is_unsafe and step == "day"), (
            "it opened while forbidden"
        )
        was_open = is_open
    assert not wrong(practice)


def pressed(practice, ada, duty, at, step, dice):
    with practice.visit("Tess", at) as visit:
        if step == "tell":
            facts = {one: dice.random() < 0.2 for one in SAFE}
            ping = dice.choice(["", "mail"])
            sent = Sent(way=dice.choice(list(WAYS)), text=WORDS, ping=ping, facts=facts)
            send_notice(practice.door, visit, ada, duty.duty_id, sent)
        elif step == "later":
            facts = dict.fromkeys(SAFE, dice.random() < 0.5)
            days = dice.randint(1, 9)
            put_off_until(practice, visit, ada, duty, at + days * DAY, **facts)
        elif step == "not":
            leave_untold(visit, ada, duty.duty_id, "why")
        else:
            fulfil(visit, ada, duty.duty_id, how="done")
