"""The board of deadlines: its groups, the time left in words, who else can do it, and its feed."""

import datetime
from dataclasses import replace
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.announcing import Act, announced
from angerona.practice.calendar import DUE, feed, new_feed
from angerona.practice.deadlines import GROUPS, board, group_of, left_in_words, working_days
from angerona.practice.duties import fulfil, owed
from angerona.practice.portal import give_way_in
from angerona.sealed.duties import Duty, DutyRow
from owed_duties import (
    DAY,
    REPORT,
    THREAT,
    always,
    copy,
    glass,
    last,
    practice,
    released,
    there,
    wrong,
)
from prepared_practice import AT, PASSWORD, quick_passwords

__all__ = ["always", "copy", "practice"]

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime.datetime(2026, 3, 4, 12, 0, tzinfo=BERLIN)
"""A Wednesday."""
HOUR = datetime.timedelta(hours=1)


@pytest.mark.parametrize(
    ("later", "words", "group"),
    [
        (-3 * DAY, "3 days late", "late"),
        (-1 * DAY, "1 day late", "late"),
        (-13 * HOUR, "1 day late", "late"),
        (-2 * HOUR, "2 hours late", "late"),
        (-HOUR / 2, "less than an hour late", "late"),
        (0 * DAY, "today by 12:00", "today"),
        (5 * HOUR, "today by 17:00", "today"),
        (21 * HOUR, "tomorrow by 09:00", "this week"),
        (3 * DAY, "in 3 days", "this week"),
        (4 * DAY, "in 4 days", "this week"),
        (5 * DAY, "in 5 days", "later"),
        (400 * DAY, "in 400 days", "later"),
    ],
)
def test_how_long_there_is_in_words(later, words, group):
    due = NOON + later
    assert (left_in_words(due, NOON), group_of(due, NOON)) == (words, group)


@pytest.mark.parametrize(
    ("later", "words"),
    [
        (2 * DAY, "in 2 working days"),
        (5 * DAY, "in 3 working days"),
        (7 * DAY, "in 5 working days"),
        (-2 * DAY, "2 working days late"),
        (-4 * DAY, "3 working days late"),
        (-7 * DAY, "5 working days late"),
    ],
)
def test_working_days_leave_out_the_weekend(later, words):
    assert left_in_words(NOON + later, NOON, working=True) == words


def test_what_was_due_on_friday_is_late_on_sunday_although_nobody_worked():
    friday = NOON + 2 * DAY
    assert left_in_words(friday, friday + 2 * DAY, working=True) == "2 days late"


DATES = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 12, 31))


@given(DATES, st.integers(0, 800))
def test_working_days_are_those_one_finds_by_counting(first, length):
    days = [first + datetime.timedelta(days=one + 1) for one in range(length)]
    assert working_days(first, first + datetime.timedelta(days=length)) == sum(
        one.isoweekday() < 6 for one in days
    )


def test_the_clock_of_the_practice_decides_which_day_it_is():
    due = datetime.datetime(2026, 3, 4, 22, 30, tzinfo=datetime.UTC)
    here, later = due.astimezone(BERLIN), (due + HOUR).astimezone(BERLIN)
    assert left_in_words(here, here - HOUR) == "today by 23:30"
    assert left_in_words(later, here - HOUR) == "tomorrow by 00:30"
    assert left_in_words(due + HOUR, due - HOUR) == "today by 23:30"


def shown(practice, name, at=AT):
    practice.open(name, at)
    with practice.visit(name, at) as visit:
        found = board(visit)
    assert tuple(found) == GROUPS
    return {group: several for group, several in found.items() if several}


def test_the_board_says_what_is_owed_whose_act_it_was_and_who_else_can_do_it(
    practice, copy, always
):
    ada = copy.clients["Ada"]
    always(REPORT)
    released(practice, ada, replace(THREAT, moments={"the oral report": AT}))
    [one] = shown(practice, "Tess")["this week"]
    assert (one.owing.client, one.left, one.by) == ("Ada", "tomorrow by 21:30", "Tess")
    assert set(one.others) == {"Olaf", "Thea"}
    [one] = shown(practice, "Olaf", AT + 3 * DAY)["late"]
    assert (one.left, one.others) == ("2 days late", ("Thea",))
    assert shown(practice, "Theo") == {}


def test_what_has_no_time_stands_last(practice, copy, always):
    always(REPORT, replace(REPORT, id="xx.some_time", due="", due_from=""))
    released(practice, copy.clients["Ada"], replace(THREAT, moments={"the oral report": AT}))
    groups = shown(practice, "Olaf")
    assert list(groups) == ["this week", "no time set"]
    assert [one.left for one in groups["no time set"]] == [""]


def test_a_client_has_no_board(practice, copy):
    with quick_passwords(), practice.visit("Tess") as visit:
        made = give_way_in(visit, copy.clients["Ada"], "Ada", PASSWORD)
    practice.people["Ada"] = made.person_id
    with quick_passwords():
        practice.sign_in("Ada")
    with practice.visit("Ada") as visit, pytest.raises(NotPermitted):
        board(visit)


def owed_by_the_practice(practice, by="Olaf"):
    """A duty that is about no client."""
    rule = {"id": "xx.tell", "kind": "deadline", "mode": "required", "what": "tell the authority"}
    row = DutyRow(
        client_id=practice.vault.practice_id,
        act="incident",
        by=practice.people[by],
        at=AT,
        owed=msgspec.json.encode({**rule, "sure": True}),
        due=AT + 3 * DAY,
    )
    duty = Duty(b"\x05" * 16, row)
    act = Act(practice.vault.practice_id, "setting", {"what": "an incident"}, owes=(duty,))
    announced(practice.vault, act, AT, authority=None)
    return duty


def test_what_is_about_the_practice_itself_is_shown_and_done_too(practice, copy):
    duty = owed_by_the_practice(practice)
    assert [shown(practice, one) for one in ("Tess", "Fay")] == [{}, {}]
    [one] = shown(practice, "Olaf")["this week"]
    assert (one.owing.client, one.left, one.others) == ("", "in 3 days", ("Thea",))
    with practice.visit("Tess") as visit, pytest.raises(Unknown):
        fulfil(visit, copy.practice_id, duty.duty_id, how="no")
    with practice.visit("Thea") as visit:
        assert fulfil(visit, copy.practice_id, duty.duty_id, how="rang them")
        assert fulfil(visit, copy.practice_id, duty.duty_id, how="rang them") is None
        assert [one.duty for one in owed(visit)] == []
    line = next(
        one for one in practice.vault.ledger.lines_of(copy.practice_id)[::-1] if one.kind == "done"
    )
    assert line.body["how"] == "rang them"
    assert wrong(practice) == there(practice) == []


def test_what_is_done_needs_a_word_how(practice, copy):
    ada = copy.clients["Ada"]
    glass(practice, ada)
    [duty] = there(practice)
    with practice.visit("Olaf") as visit, pytest.raises(BadInput):
        fulfil(visit, ada, duty.duty_id, how=" ")
    assert last(practice, ada).kind != "done"


def test_a_feed_says_that_something_is_due_and_nothing_else(practice, copy, always):
    always(REPORT)
    released(practice, copy.clients["Ada"], replace(THREAT, moments={"the oral report": AT}))
    owed_by_the_practice(practice, "Tess")
    with practice.visit("Tess") as visit:
        secret = new_feed(visit, DUE)
    text = feed(practice.vault, secret, AT)
    said = {one.partition(":")[0] for one in text.split("\r\n")[4:-2]}
    assert said == {"BEGIN", "UID", "DTSTAMP", "DTSTART", "SUMMARY", "END"}
    assert text.count("SUMMARY:Something is due") == text.count("SUMMARY") == 2
    assert "DTSTART:20260303T213000Z" in text
    needles = ("Ada", "Tess", "Quiet", "report", "authority", "police", "send", "client")
    assert not [one for one in needles if one.casefold() in text.casefold()]
    with practice.visit("Theo") as visit:
        assert feed(practice.vault, new_feed(visit, DUE), AT).count("SUMMARY") == 0


def test_each_kind_of_feed_ends_only_the_former_one_of_its_kind(practice):
    owed_by_the_practice(practice, "Tess")
    with practice.visit("Tess") as visit:
        busy, former, new = new_feed(visit), new_feed(visit, DUE), new_feed(visit, DUE)
    counts = [feed(practice.vault, one, AT).count("SUMMARY") for one in (former, new)]
    assert counts == [0, 1]
    assert "SUMMARY:Something" not in feed(practice.vault, busy, AT)
