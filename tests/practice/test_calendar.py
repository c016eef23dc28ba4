"""The calendar: who sees what, what it never says, and a feed that says busy."""

import datetime

import pytest

from angerona.errors import AuthorityMoved, BadInput, NotPermitted, Unknown
from angerona.ledger.ledger import Ledger
from angerona.practice import erasure
from angerona.practice.calendar import (
    MINUTES_MAX,
    NewAppointment,
    appointments_of,
    calendar,
    cancel_appointment,
    feed,
    make_appointment,
    new_feed,
    own_appointments,
)
from angerona.practice.caseload import caseload, found_by
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.erasure import _OF_CLIENT
from angerona.practice.portal import give_way_in
from angerona.practice.who_looked import in_words
from angerona.sealed.checking import check_rows
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

DAY = datetime.timedelta(days=1)
TOMORROW = AT + DAY


@pytest.fixture
def practice(tmp_path):
    with quick_passwords():
        copy = prepared().copied(tmp_path / "practice")
        with copy.opened() as practice:
            practice.ada, practice.otto = copy.clients["Ada"], copy.clients["Otto"]
            yield practice


def made(practice, client, by="Tess", to="Tess", starts=TOMORROW, **more):
    new = NewAppointment(
        person_id=practice.people[to], starts=starts, minutes=more.pop("minutes", 50), **more
    )
    with practice.visit(by) as visit:
        return make_appointment(visit, client, new)


def seen(practice, who, since=AT, until=AT + 7 * DAY):
    with practice.visit(who) as visit:
        return [(one.client, one.person) for one in calendar(visit, since, until)]


def test_an_appointment_stands_in_the_calendar_in_order(practice):
    made(practice, practice.ada, starts=TOMORROW + DAY)
    made(practice, practice.otto, by="Fay", to="Theo")
    assert seen(practice, "Fay") == [("Otto", "Theo"), ("Ada", "Tess")]
    assert seen(practice, "Fay", until=TOMORROW) == []
    assert seen(practice, "Fay", since=TOMORROW, until=TOMORROW + DAY) == [("Otto", "Theo")]


@pytest.mark.parametrize(
    ("who", "sees"),
    [("Tess", 1), ("Sue", 1), ("Theo", 0), ("Stan", 0), ("Cora", 0), ("Olaf", 0), ("Bill", 1)],
)
def test_only_who_may_schedule_sees_it(practice, who, sees):
    made(practice, practice.ada)
    assert len(seen(practice, who)) == sees


def test_whom_a_client_comes_to_sees_it(practice):
    made(practice, practice.ada, by="Fay", to="Stan")
    assert seen(practice, "Stan") == [("Ada", "Stan")]


@pytest.mark.parametrize(
    ("who", "error"), [("Stan", Unknown), ("Theo", Unknown), ("Olaf", NotPermitted)]
)
def test_nobody_else_makes_lists_or_cancels_one(practice, who, error):
    one = made(practice, practice.ada)
    new = NewAppointment(person_id=practice.people["Tess"], starts=TOMORROW, minutes=50)
    with practice.visit(who) as visit:
        for attempt in (
            lambda: make_appointment(visit, practice.ada, new),
            lambda: appointments_of(visit, practice.ada),
            lambda: cancel_appointment(visit, one),
        ):
            with pytest.raises(error):
                attempt()
    assert len(seen(practice, "Fay")) == 1


def test_one_that_is_none_and_a_strangers_look_the_same(practice):
    with practice.visit("Stan") as visit, pytest.raises(Unknown):
        cancel_appointment(visit, bytes(16))


@pytest.mark.parametrize("minutes", [0, -5, MINUTES_MAX + 1])
def test_a_length_that_is_none_is_refused(practice, minutes):
    with pytest.raises(BadInput):
        made(practice, practice.ada, minutes=minutes)


@pytest.mark.parametrize(
    "starts",
    [
        datetime.datetime(9999, 12, 31, 23, 30, tzinfo=datetime.UTC),
        datetime.datetime(1, 1, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=14))),
    ],
)
def test_a_day_beyond_every_calendar_is_refused(practice, starts):
    with pytest.raises(BadInput):
        made(practice, practice.ada, starts=starts)


@pytest.mark.parametrize("title", ["x" * 61, "two\nlines"])
def test_a_title_is_short_and_one_line(practice, title):
    with pytest.raises(BadInput):
        made(practice, practice.ada, title=title)


def test_a_cancelled_one_stays_and_says_so(practice):
    one = made(practice, practice.ada)
    with practice.visit("Fay") as visit:
        cancel_appointment(visit, one)
        [found] = appointments_of(visit, practice.ada)
    assert found.row.is_cancelled


def test_each_step_is_a_line_that_tells_no_more_than_attendance(practice):
    one = made(practice, practice.ada, title="Room 2")
    with practice.visit("Tess") as visit:
        cancel_appointment(visit, one)
        appointments_of(visit, practice.ada)
    lines = practice.vault.ledger.lines_of(practice.ada)[-3:]
    assert [one.body["what"] for one in lines] == [
        "appointment",
        "appointment cancelled",
        "appointments",
    ]
    assert all(one.body["classes"] == ["attendance"] for one in lines)
    assert all(one.sentence for one in in_words(lines, datetime.UTC))
    assert "Room 2" not in str([one.body for one in lines])


def test_a_client_sees_when_he_or_she_comes(practice):
    made(practice, practice.ada)
    gone = made(practice, practice.ada, starts=TOMORROW + DAY)
    made(practice, practice.ada, starts=AT - DAY)
    made(practice, practice.otto, by="Theo", to="Theo")
    with practice.visit("Tess") as visit:
        cancel_appointment(visit, gone)
        practice.people["ada"] = give_way_in(visit, practice.ada, "ada", PASSWORD).person_id
    practice.sign_in("ada")
    with practice.visit("ada") as visit:
        assert [one.row.starts for one in own_appointments(visit)] == [TOMORROW]
        for attempt in (lambda: calendar(visit, AT, TOMORROW), lambda: new_feed(visit)):
            with pytest.raises(NotPermitted):
                attempt()


def test_a_feed_says_busy_and_nothing_else(practice):
    made(practice, practice.ada, title="Room 2")
    with practice.visit("Tess") as visit:
        cancel_appointment(visit, made(practice, practice.ada, starts=TOMORROW + DAY))
        secret = new_feed(visit)
    text = feed(practice.vault, secret, AT)
    assert text.count("BEGIN:VEVENT") == 1
    assert "DTSTART:20260303T093000Z\r\nDTEND:20260303T102000Z\r\nSUMMARY:Busy" in text
    for word in ("Ada", "Tess", "Room", "Quiet Rooms", practice.ada.hex()):
        assert word not in text


def test_a_feed_that_is_none_is_empty(practice):
    made(practice, practice.ada)
    with practice.visit("Theo") as visit:
        mine = new_feed(visit)
    empty = feed(practice.vault, mine, AT)
    for given in ("", "00", "00" * 32, "no digits", "ü" * 40):
        assert feed(practice.vault, given, AT) == empty


def test_a_new_feed_ends_the_former_one_and_only_ones_own(practice):
    made(practice, practice.ada)
    made(practice, practice.otto, by="Theo", to="Theo")
    with practice.visit("Theo") as visit:
        theos = new_feed(visit)
    with practice.visit("Tess") as visit:
        former, new = new_feed(visit), new_feed(visit)
    busy = [feed(practice.vault, one, AT).count("SUMMARY:Busy") for one in (former, new, theos)]
    assert busy == [0, 1, 1]


def test_an_erased_client_leaves_no_appointment():
    assert "appointments" in _OF_CLIENT


@pytest.mark.parametrize("act", ["make", "cancel"])
def test_no_appointment_comes_back_after_an_erasure(practice, monkeypatch, act):
    """Somebody is erased while another has the line of an appointment ready."""
    one, real = made(practice, practice.otto, by="Theo", to="Theo"), Ledger._prepared  # noqa: SLF001 -- to come in between

    def meanwhile(self, line, at):
        found = real(self, line, at)
        monkeypatch.setattr(Ledger, "_prepared", real)
        with practice.visit("Theo") as visit:
            erasure._erase(visit, practice.vault.authority(practice.otto), {"what": "erasure"})  # noqa: SLF001 -- as though the law had said yes
        return found

    with practice.visit("Theo") as visit:
        monkeypatch.setattr(Ledger, "_prepared", meanwhile)
        new = NewAppointment(person_id=practice.people["Theo"], starts=TOMORROW, minutes=50)
        acts = {
            "make": lambda: make_appointment(visit, practice.otto, new),
            "cancel": lambda: cancel_appointment(visit, one),
        }
        with pytest.raises(AuthorityMoved):
            acts[act]()
    place = {"practice_id": practice.vault.practice_id, "client_id": practice.otto}
    assert practice.vault.store.rows("appointments.of_client", **place) == []
    assert check_rows(practice.vault, AT) == []


@pytest.mark.parametrize(("words", "found"), [("ad", 1), ("ADA", 1), ("0182", 1), ("zz", 0)])
def test_somebody_is_found_by_name_or_phone(practice, words, found):
    with practice.visit("Tess") as visit:
        who = NewClient(name="Vera", contact={"phone": "+1 415 555 0182"})
        enrol_client(visit, who, treating=practice.people["Tess"])
    with practice.visit("Fay") as visit:
        assert len(found_by(visit, words)) == found
    with practice.visit("Theo") as visit:
        assert found_by(visit, words) == []


def test_one_letter_finds_nobody(practice):
    with practice.visit("Fay") as visit, pytest.raises(BadInput):
        found_by(visit, "a")


@pytest.mark.parametrize("who", [NewClient(name="Vera", discreet=True), NewClient(name="Stan")])
def test_who_works_here_or_belongs_to_somebody_is_not_found_at_the_desk(practice, who):
    with practice.visit("Tess") as visit:
        enrol_client(visit, who, treating=practice.people["Tess"])
    for name, is_found in (("Fay", False), ("Bill", False), ("Tess", True), ("Nina", True)):
        with practice.visit(name) as visit:
            assert bool(found_by(visit, who.name)) == is_found
            assert any(one.name == who.name for one in caseload(visit)) == is_found
