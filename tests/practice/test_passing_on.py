"""Readings go on: by hand, when the reader is away or late, and where somebody steps aside."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import BadInput, Unknown
from angerona.gate.door import Prepared
from angerona.gate.second_reading import READ
from angerona.practice.absences import say_away
from angerona.practice.closeness import note_close
from angerona.practice.duties import fulfil
from angerona.practice.leaving import shut_out
from angerona.practice.passing_on import UNREAD, pass_on, pass_on_due, step_aside
from angerona.practice.second_readers import answer, asked_by, readers, waiting
from angerona.practice.upkeep import keep_up
from angerona.practice.who_looked import in_words
from angerona.site.rounds import Rounds
from owed_duties import DAY, copy, practice, rules, there, wrong
from prepared_practice import AT
from second_readings import WISH, ask, chosen, leaving

__all__ = ["copy", "practice"]


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def reader(practice):
    """Who has the one reading that waits."""
    [duty] = [one for one in there(practice) if one.row.duty["id"] == READ]
    return practice.vault.person(bytes.fromhex(duty.row.duty["reader"])).row.name


def the_duty(practice):
    [duty] = [one for one in there(practice) if one.row.duty["id"] == READ]
    return duty


def say(practice, ada):
    return in_words(practice.vault.ledger.lines_of(ada), datetime.UTC)[-1].sentence


def away(practice, name, deputy="Cora", at=AT, days=7):
    practice.open(name, at)
    with practice.visit(name, at) as visit:
        whom = practice.people[deputy]
        say_away(visit, practice.people[name], at, at + days * DAY, whom)


def agree(practice, by, at=AT):
    practice.open(by, at)
    with practice.visit(by, at) as visit:
        answer(visit, the_duty(practice).duty_id, "agreed", why="it is signed")


def release(practice, ada, at=AT):
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        return practice.door.release(
            visit,
            ada,
            WISH,
            entry_ids=chosen(practice, ada),
            recipient=leaving(practice, ada).recipient,
        )


def test_what_waits_for_somebody_who_goes_away_goes_on_to_the_deputy(practice, ada):
    ask(practice, ada, leaving(practice, ada), reader="Sue")
    assert pass_on_due(practice.vault, AT) == 0
    away(practice, "Sue")
    assert pass_on_due(practice.vault, AT) == 1
    assert reader(practice) == "Cora"
    assert say(practice, ada).startswith("Cora (nurse) is asked to read second, in place of Sue")
    assert pass_on_due(practice.vault, AT) == 0
    with practice.visit("Sue") as visit:
        assert waiting(visit) == []
    with practice.visit("Tess") as visit:
        [one], _ = asked_by(visit)
    assert (one.reader, one.passed_from) == ("Cora", ("Sue (psychologist): out of office",))
    agree(practice, "Cora")
    assert isinstance(release(practice, ada), Prepared)
    assert not wrong(practice)


def test_a_deputy_who_cannot_read_it_is_passed_by(practice, ada):
    ask(practice, ada, leaving(practice, ada), reader="Sue")
    away(practice, "Sue", deputy="Stan")
    pass_on_due(practice.vault, AT)
    assert reader(practice) == "Olaf", "an officer first"


def test_what_is_late_goes_on_to_each_once_and_then_stays_and_is_late(practice, ada):
    """Each has a working day; whoever is last keeps it, and it is never lost."""
    ask(practice, ada, leaving(practice, ada), reader="Sue")
    had, at = ["Sue"], AT
    for _ in range(3):
        at = the_duty(practice).row.due
        assert pass_on_due(practice.vault, at - datetime.timedelta(seconds=1)) == 0
        assert pass_on_due(practice.vault, at) == 1
        had.append(reader(practice))
    assert had == ["Sue", "Olaf", "Thea", "Cora"]
    late = the_duty(practice).row.due
    assert pass_on_due(practice.vault, late) == 0
    practice.open("Olaf", late)
    practice.open("Tess", late)
    with practice.visit("Tess", late) as visit:
        [one], _ = asked_by(visit)
    assert one.is_late
    assert len(one.passed_from) == 3
    agree(practice, "Cora", late)
    assert isinstance(release(practice, ada, late), Prepared)


def test_whoever_left_or_is_close_by_now_is_followed_by_another(practice, ada):
    ask(practice, ada, leaving(practice, ada), reader="Cora")
    with practice.visit("Thea") as visit:
        shut_out(visit, practice.people["Cora"], posts={})
    pass_on_due(practice.vault, AT)
    assert reader(practice) == "Olaf"
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        note_close(visit, ada, [practice.people["Olaf"]])
    pass_on_due(practice.vault, AT)
    assert reader(practice) == "Thea"
    assert "in place of Olaf" in say(practice, ada)


def test_the_rounds_pass_on_and_so_does_the_daily_upkeep(practice, ada):
    ask(practice, ada, leaving(practice, ada), reader="Sue")
    away(practice, "Sue")
    Rounds(practice.vault, lambda: AT, packs=practice.door.packs, remember=lambda _: None).go()
    assert reader(practice) == "Cora"
    away(practice, "Cora", deputy="Olaf")
    keep_up(practice.vault, AT + DAY)
    assert reader(practice) == "Olaf"


@pytest.mark.parametrize("who", ["Sue", "Tess", "Olaf"], ids=["reader", "asker", "officer"])
def test_it_is_passed_on_by_hand(practice, ada, who):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    with practice.visit(who) as visit:
        pass_on(visit, duty_id, practice.people["Cora"], why="she knows the court")
    assert reader(practice) == "Cora"
    assert "passed a reading on: Cora" in say(practice, ada)
    assert "she knows the court" in say(practice, ada)


def test_nobody_else_passes_it_on_nor_to_somebody_who_cannot_read_it(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    for who in ("Cora", "Stan"):
        with practice.visit(who) as visit, pytest.raises(Unknown):
            pass_on(visit, duty_id, practice.people["Cora"], why="x")
    away(practice, "Thea")
    for whom in ("Tess", "Stan", "Thea"):
        with practice.visit("Sue") as visit, pytest.raises(BadInput, match="second reader"):
            pass_on(visit, duty_id, practice.people[whom], why="x")


def test_what_was_objected_to_goes_on_to_an_officer_alone(practice, ada):
    one = leaving(practice, ada)
    first, second = (ask(practice, ada, one, reader=name) for name in ("Sue", "Cora"))
    with practice.visit("Sue") as visit:
        answer(visit, first, "objected", why="no seal")
    with practice.visit("Cora") as visit:
        with pytest.raises(BadInput, match="second reader"):
            pass_on(visit, second, practice.people["Sue"], why="x")
        step_aside(visit, second)
    assert reader(practice) == "Olaf"


def test_whoever_steps_aside_is_followed_by_another_and_never_asked_again(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    with practice.visit("Cora") as visit, pytest.raises(Unknown):
        step_aside(visit, duty_id)
    with practice.visit("Sue") as visit:
        step_aside(visit, duty_id)
    assert reader(practice) == "Olaf"
    assert "Sue (psychologist) stepped aside, and Olaf is asked to read second" in say(
        practice, ada
    )
    with practice.visit("Tess") as visit:
        assert "Sue" not in [one.row.name for one in readers(visit, ada)]
    with pytest.raises(BadInput, match="cannot be this person"):
        ask(practice, ada, leaving(practice, ada, "risk"), reader="Sue")


def test_where_nobody_is_left_whoever_asked_is_told(practice):
    alone = practice.client("Una Grove", treating="Thea")
    practice.keep("Thea", alone, "risk", "nothing")
    wish = leaving(practice, alone, "risk", wish=replace(WISH, wants=("risk",)))
    duty_id = ask(practice, alone, wish, reader="Olaf", by="Thea")
    with practice.visit("Olaf") as visit:
        step_aside(visit, duty_id)
    assert rules(practice) == [UNREAD]
    [left] = there(practice)
    assert left.row.by == practice.people["Thea"]
    assert "stepped aside, and nobody is left" in say(practice, alone)
    with practice.visit("Thea") as visit:
        assert fulfil(visit, alone, left.duty_id, how="asked Dr Amal Invented")
    assert not wrong(practice)


def test_where_telling_is_forbidden_the_client_sees_none_of_it(practice, ada):
    wish = replace(WISH, facts={**WISH.facts, "house.secrecy_ordered": True})
    before = practice.vault.ledger.lines_of(ada)
    duty_id = ask(practice, ada, leaving(practice, ada, wish=wish), reader="Sue")
    away(practice, "Sue")
    pass_on_due(practice.vault, AT)
    assert reader(practice) == "Cora"
    with practice.visit("Cora") as visit:
        step_aside(visit, the_duty(practice).duty_id)
    assert duty_id
    assert reader(practice) == "Olaf"
    assert practice.vault.ledger.lines_of(ada) == before
    assert not wrong(practice)


def test_a_reading_is_ended_by_whoever_asked_and_by_nobody_else(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    for who in ("Sue", "Olaf", "Thea"):
        with practice.visit(who) as visit, pytest.raises(Unknown):
            fulfil(visit, ada, duty_id, how="done")
    assert reader(practice) == "Sue"
    with practice.visit("Tess") as visit:
        fulfil(visit, ada, duty_id, how="withdrawn")
    assert rules(practice) == []
