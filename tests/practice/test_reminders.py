"""Reminders: once for each moment, written with what is remembered, and telling nothing."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import Altered, BadInput, Conflicting, NotPermitted, StoreFull
from angerona.gate.keeping import Draft
from angerona.notices.outgoing import telling_words
from angerona.practice import reminders
from angerona.practice.absences import take_back
from angerona.practice.calendar import NewAppointment, cancel_appointment, make_appointment
from angerona.practice.contact import NewContact, change_contact
from angerona.practice.deadlines import board
from angerona.practice.deaths import record_death
from angerona.practice.duties import fulfil
from angerona.practice.matters import Step, advance
from angerona.practice.messages import tell_of_message
from angerona.practice.own_choices import ITEMS, choose_shown, read_about_staying_unseen
from angerona.practice.paging import due_pages, page_sent
from angerona.practice.portal import give_way_in
from angerona.practice.reminders import (
    STAGES,
    RemindedRow,
    remind,
    set_practice_reminders,
    set_reminders,
)
from angerona.sealed.pages import DUE, MESSAGE
from angerona.sealed.rows import Way
from angerona.site.mail import TEXTS
from asking_rights import asked, matter_of
from owed_duties import DAY, REPORT, THREAT, always, copy, practice, released
from practice.test_absences import away
from practice.test_duties import tampered
from prepared_practice import AT, PASSWORD, quick_passwords

__all__ = ["always", "copy", "practice"]

TESS, ADA = "tess@example.org", "ada@example.org"
HOUR = datetime.timedelta(hours=1)
FRIDAY = datetime.datetime(2026, 3, 13, 16, 0, tzinfo=datetime.UTC)


def waiting(practice, at=AT):
    return sorted((one.row.to, one.row.says) for one in due_pages(practice.vault, at))


def sent(practice, at):
    found = waiting(practice, at)
    for one in due_pages(practice.vault, at):
        page_sent(practice.vault, one)
    return found


def wants(practice, name, address, *when):
    practice.open(name)
    with practice.visit(name) as visit:
        set_reminders(visit, address, when)


@pytest.fixture
def due(practice, copy, always):
    """Something of Tess's that is due on a Friday afternoon."""
    always(replace(REPORT, due="PT1H", due_from="the oral report"))
    moments = {"the oral report": FRIDAY - HOUR}
    [duty] = released(practice, copy.clients["Ada"], replace(THREAT, moments=moments)).owed
    assert duty.row.due == FRIDAY
    return duty


MOMENTS = [
    (("three",), [FRIDAY - 3 * DAY]),
    (("one",), [FRIDAY - DAY]),
    (("late",), [FRIDAY + HOUR]),
    (tuple(STAGES), [FRIDAY - 3 * DAY, FRIDAY - DAY, FRIDAY + HOUR]),
    ((), []),
]


@pytest.mark.usefixtures("due")
@pytest.mark.parametrize(("when", "told"), MOMENTS)
def test_each_is_reminded_once_at_each_moment_that_was_chosen(practice, when, told):
    wants(practice, "Tess", TESS, *when)
    found, at = [], FRIDAY - 8 * DAY
    while at < FRIDAY + 3 * DAY:
        remind(practice.vault, at)
        assert remind(practice.vault, at) == 0
        found += [at] * len(sent(practice, at))
        at += HOUR
    midnights = [one.replace(hour=0) if one < FRIDAY else one for one in told]
    assert found == midnights


@pytest.mark.usefixtures("due")
def test_a_duty_that_comes_late_is_told_at_once_and_once(practice):
    wants(practice, "Tess", TESS, "three")
    assert remind(practice.vault, FRIDAY - HOUR) == 1
    assert remind(practice.vault, FRIDAY + DAY) == 0
    assert sent(practice, FRIDAY + DAY) == [(TESS, DUE)]


@pytest.mark.usefixtures("due")
def test_however_much_is_due_one_mail_is_enough(practice, copy):
    released(practice, copy.clients["Ada"], replace(THREAT, moments={"the oral report": FRIDAY}))
    wants(practice, "Tess", TESS, "one")
    wants(practice, "Olaf", "olaf@example.org", "one")
    wants(practice, "Theo", "theo@example.org", *STAGES)
    assert remind(practice.vault, FRIDAY - HOUR) == 2
    assert waiting(practice, FRIDAY) == [("olaf@example.org", DUE), (TESS, DUE)]


def test_what_is_done_is_not_told_and_forgotten(practice, copy, due):
    wants(practice, "Tess", TESS, *STAGES)
    assert remind(practice.vault, FRIDAY - DAY) == 1
    with practice.visit("Tess") as visit:
        fulfil(visit, copy.clients["Ada"], due.duty_id, how="sent")
    assert remind(practice.vault, FRIDAY + DAY) == 0
    with practice.vault.store.snapshot() as reading:
        rows = reading.rows(
            "settings.by_key", practice_id=practice.vault.practice_id, name="reminded"
        )
    assert practice.vault.directory.open(RemindedRow, rows[0][0], b"reminded").told == {}


def test_what_is_due_a_little_later_than_it_was_is_told_again(practice, copy):
    """The end was told of already, and moves to the next week: the new one is told of too."""
    matter_id = asked(practice, "Tess", copy.clients["Ada"], "correction")
    with practice.visit("Tess") as visit:
        first = matter_of(visit, matter_id).due
    then = first + 5 * DAY
    wants(practice, "Tess", TESS, "one", "late")
    assert remind(practice.vault, first - HOUR) == 1
    practice.open("Tess", first - HOUR)
    with practice.visit("Tess", first - HOUR) as visit:
        later = Step(what="was given longer", said={"right": "correction"}, due=then)
        advance(visit, matter_of(visit, matter_id), later)
    assert [remind(practice.vault, at) for at in (first, then - HOUR, then + HOUR)] == [0, 1, 1]


@pytest.mark.usefixtures("due")
def test_who_has_left_or_takes_the_address_back_is_reminded_of_nothing(practice):
    wants(practice, "Tess", TESS, *STAGES)
    wants(practice, "Tess", "", *STAGES)
    assert remind(practice.vault, FRIDAY) == 0


@pytest.mark.usefixtures("due")
def test_mail_and_memory_are_written_together_or_not_at_all(practice, monkeypatch):
    wants(practice, "Tess", TESS, "one")

    def full(*_args):
        raise StoreFull("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "put_pages", full)
        with pytest.raises(StoreFull):
            remind(practice.vault, FRIDAY - HOUR)
    assert waiting(practice, FRIDAY) == []
    assert remind(practice.vault, FRIDAY - HOUR) == 1


@pytest.mark.usefixtures("due")
def test_two_rounds_at_once_tell_it_once(practice, monkeypatch):
    wants(practice, "Tess", TESS, "one")
    real = reminders.concerns

    def late(*given):
        monkeypatch.setattr(reminders, "concerns", real)
        assert remind(practice.vault, FRIDAY - HOUR) == 1
        return real(*given)

    monkeypatch.setattr(reminders, "concerns", late)
    with pytest.raises(Conflicting):
        remind(practice.vault, FRIDAY - HOUR)
    assert waiting(practice, FRIDAY) == [(TESS, DUE)]


@pytest.mark.parametrize(("address", "when"), [("tess", ["one"]), (TESS, ["never"])])
def test_what_is_no_address_or_no_moment_is_said(practice, address, when):
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        set_reminders(visit, address, when)


@pytest.mark.usefixtures("due")
def test_who_chooses_nothing_is_reminded_when_the_practice_has_it(practice):
    with practice.visit("Tess") as visit:
        set_reminders(visit, TESS, None)
        with pytest.raises(NotPermitted):
            set_practice_reminders(visit, ["one"])
    assert remind(practice.vault, FRIDAY - DAY) == 0, "the practice has said nothing yet"
    with practice.visit("Olaf") as visit:
        with pytest.raises(BadInput):
            set_practice_reminders(visit, ["never"])
        set_practice_reminders(visit, ["one"])
        set_reminders(visit, "olaf@example.org", ["late"])
    assert remind(practice.vault, FRIDAY - DAY) == 1
    assert waiting(practice, FRIDAY) == [(TESS, DUE)]


@pytest.mark.usefixtures("due")
def test_whoever_stands_in_for_somebody_who_is_away_is_reminded_and_sees_it(practice):
    """Whoever is tied to the client, and nobody else whom somebody away has named."""
    for name in ("Cora", "Theo"):
        wants(practice, name, f"{name.casefold()}@example.org", "one")
    assert remind(practice.vault, FRIDAY - DAY) == 0
    for deputy, seen in (("Theo", []), ("Cora", ["Tess"])):
        away(practice, "Tess", deputy, last=30)
        practice.open(deputy, FRIDAY - DAY)
        with practice.visit(deputy, FRIDAY - DAY) as visit:
            found = [one.instead for several in board(visit).values() for one in several]
        assert found == seen
        assert remind(practice.vault, FRIDAY - DAY) == len(seen)
        practice.open("Tess")
        with practice.visit("Tess") as visit:
            take_back(visit, practice.people["Tess"], AT)
    assert waiting(practice, FRIDAY) == [("cora@example.org", DUE)]


@pytest.mark.parametrize("table", ["duties", "appointments", "clients", "people"])
def test_one_row_that_was_altered_stops_nobody_else_and_is_reported(copy, always, table):
    """The others are reminded, each once; the round that finds it says so each time."""
    always(replace(REPORT, due="PT1H", due_from="the oral report"))
    wish = replace(THREAT, moments={"the oral report": FRIDAY - HOUR})
    with copy.opened() as practice:
        for name, address in (("Tess", TESS), ("Theo", "theo@example.org")):
            wants(practice, name, address, "one")
        released(practice, copy.clients["Ada"], wish)
        otto = copy.clients["Otto"]
        with practice.visit("Theo") as visit:
            [theirs] = practice.door.release(visit, otto, wish, recipient="the police").owed
        appointment(practice, otto, by="Theo")
        keys = {"duties": theirs.duty_id, "people": practice.people["Theo"]}
    column = {"duties": "duty_id", "people": "person_id"}.get(table, "client_id")
    sql = f"UPDATE {table} SET row = zeroblob(900) WHERE {column} = :key"  # noqa: S608 -- of this file's own names
    tampered(copy, sql, key=keys.get(table, otto))
    with copy.opened() as practice:
        expected = [[(TESS, DUE)], []]
        if table == "appointments":
            expected[0].append(("theo@example.org", DUE))
        for found in expected:
            with pytest.raises(Altered):
                remind(practice.vault, FRIDAY - HOUR)
            assert sent(practice, FRIDAY) == found


# Clients.


@pytest.fixture
def ada(practice, copy):
    """Ada, who may be written to by mail, and whose pages show everything."""
    client_id = copy.clients["Ada"]
    with quick_passwords(), practice.visit("Tess") as visit:
        made = give_way_in(visit, client_id, "Ada", PASSWORD)
        practice.people["Ada"] = made.person_id
    with quick_passwords():
        practice.sign_in("Ada")
    with practice.visit("Ada") as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ITEMS)
    allow(practice, client_id)
    return client_id


def allow(practice, client_id, way=None, address=ADA, **more):
    ways = {"mail": way or Way(allowed=True)}
    with practice.visit("Ada") as visit:
        new = NewContact(ways=ways, addresses={"mail": address}, **more)
        change_contact(visit, client_id, new)


def appointment(practice, client_id, by="Tess"):
    new = NewAppointment(
        person_id=practice.people[by], starts=FRIDAY, minutes=50, title="Appointment"
    )
    with practice.visit(by) as visit:
        return make_appointment(visit, client_id, new)


def test_a_client_is_reminded_of_an_appointment_the_day_before_once(practice, ada):
    appointment(practice, ada)
    assert remind(practice.vault, FRIDAY - DAY - HOUR) == 0
    assert remind(practice.vault, FRIDAY - DAY) == 1
    assert remind(practice.vault, FRIDAY - HOUR) == 0
    assert waiting(practice, FRIDAY) == [(ADA, MESSAGE)]


NOT = [
    {"way": Way()},
    {"way": Way(allowed=True, times="weekdays after six")},
    {"quiet_pages": True},
    {"address": ""},
    {"address": "by the back door"},
]


@pytest.mark.parametrize("said", NOT)
def test_none_goes_unless_mail_is_allowed_at_any_time(practice, ada, said):
    allow(practice, ada, **said)
    appointment(practice, ada)
    assert remind(practice.vault, FRIDAY - HOUR) == 0


def test_none_goes_where_the_pages_do_not_show_it_or_it_is_cancelled(practice, ada):
    one = appointment(practice, ada)
    with practice.visit("Ada") as visit:
        choose_shown(visit, {"messages"})
    assert remind(practice.vault, FRIDAY - HOUR) == 0
    with practice.visit("Ada") as visit:
        choose_shown(visit, ITEMS)
    with practice.visit("Tess") as visit:
        cancel_appointment(visit, one)
    assert remind(practice.vault, FRIDAY - HOUR) == 0


def test_what_waits_goes_only_while_it_is_allowed_and_to_the_address_on_file(practice, ada):
    appointment(practice, ada)
    remind(practice.vault, FRIDAY - HOUR)
    assert waiting(practice, FRIDAY) == [(ADA, MESSAGE)]
    allow(practice, ada, address="ada.new@example.org")
    assert waiting(practice, FRIDAY) == []
    allow(practice, ada)
    assert waiting(practice, FRIDAY) == [], "it waits no more"


@pytest.mark.parametrize("what", ["narrowed", "died"])
def test_what_waits_for_a_client_goes_for_its_own_topic_and_to_the_living(practice, ada, what):
    appointment(practice, ada)
    remind(practice.vault, FRIDAY - HOUR)
    allow(practice, ada, Way(allowed=True, only=("appointments", "care")))
    assert waiting(practice, FRIDAY) == [(ADA, MESSAGE)]
    if what == "narrowed":
        allow(practice, ada, Way(allowed=True, only=("care", "law")))
    else:
        with practice.visit("Tess") as visit:
            record_death(visit, ada, day=AT.date(), source="the family rang")
    assert waiting(practice, FRIDAY) == []


def write(practice, client_id):
    with practice.visit("Tess") as visit, tell_of_message(visit, client_id):
        draft = Draft(wanted="correspondence", heading="Thursday", text="See you then.")
        return practice.door.keep(visit, client_id, draft)


def test_a_message_to_a_client_brings_a_mail_that_says_nothing_of_it(practice, ada):
    write(practice, ada)
    assert waiting(practice) == [(ADA, MESSAGE)]
    allow(practice, ada, Way())
    write(practice, ada)
    assert waiting(practice) == []


def test_no_mail_says_a_word_that_tells():
    for subject, text in TEXTS.values():
        assert telling_words(f"{subject}\n{text}", ["Ada", "Tess", "Quiet Rooms"]) == []
    assert telling_words("Your Appointment, Ada", ["Ada"]) == ["appointment", "ada"]
    assert telling_words("a@gespr\u00e4chstherapie.example") == ["therap"]
