"""Watching the looks: what is put down of them, once, as the ledger grows."""

import datetime

import pytest

from angerona.errors import Altered, Conflicting
from angerona.ledger.lines import Line
from angerona.practice import watching
from angerona.practice.calendar import NewAppointment, cancel_appointment, make_appointment
from angerona.practice.caseload import met
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.exporting import copy_record
from angerona.practice.hours import hours_of, set_hours
from angerona.practice.oversight import watch_record
from angerona.practice.paging import due_pages, set_paged_at
from angerona.practice.paper import purpose_of
from angerona.practice.searching import search
from angerona.practice.ties import begin_tie
from angerona.practice.unusual import FEWEST_RECORDS, FEWEST_SEARCHES
from angerona.practice.watching import alarms_waiting, watch
from angerona.sealed.checking import check_rows
from angerona.sealed.held_lines import hold
from owed_duties import noticed
from prepared_practice import AT, prepared

DAY, HOUR, MINUTE = (datetime.timedelta(**{one: 1}) for one in ("days", "hours", "minutes"))
NIGHT = AT.replace(hour=23)


@pytest.fixture
def copy(tmp_path):
    return prepared().copied(tmp_path / "copy")


@pytest.fixture
def practice(copy):
    with copy.opened() as practice:
        watch(practice.vault, AT)
        practice.clients = dict(copy.clients)
        yield practice


def client(practice, name, *, treating="Tess", discreet=False):
    with practice.visit(treating) as visit:
        who = NewClient(name=name, facts={"client.age": 34}, discreet=discreet)
        return enrol_client(visit, who, treating=practice.people[treating])


def comes(practice, client_id, *, days=0, to="Tess"):
    with practice.visit("Tess") as visit:
        starts = AT + days * DAY + HOUR
        new = NewAppointment(person_id=practice.people[to], starts=starts, minutes=50)
        return make_appointment(visit, client_id, new)


def looks(practice, name, client_id, at=AT):
    """The smallest look there is: whose page it is."""
    if at != AT:
        practice.open(name, at)
    with practice.visit(name, at) as visit:
        met(visit, client_id)


def put_down(practice, at=AT):
    watch(practice.vault, at)
    with practice.vault.store.snapshot() as reading:
        return noticed(practice.vault, reading)


def kinds(found):
    return [(one.row.duty["who"]["name"], tuple(one.row.duty["kinds"])) for one in found]


def a_namesake(practice):
    namesake = client(practice, "Ines Fay")
    comes(practice, namesake)
    looks(practice, "Fay", namesake)


def a_colleague(practice):
    colleague = client(practice, "Stan")
    comes(practice, colleague)
    looks(practice, "Fay", colleague)


def somebody_close(practice):
    close = client(practice, "Ines Quiet", discreet=True)
    comes(practice, close)
    looks(practice, "Bill", close)


def a_marked_record(practice):
    comes(practice, practice.clients["Ada"])
    with practice.visit("Tess") as visit:
        watch_record(visit, practice.clients["Ada"], is_watched=True)
    looks(practice, "Bill", practice.clients["Ada"])


def a_late_look(practice):
    comes(practice, practice.clients["Ada"])
    looks(practice, "Bill", practice.clients["Ada"], NIGHT)


def nothing_near(practice):
    comes(practice, practice.clients["Ada"], days=15)
    looks(practice, "Bill", practice.clients["Ada"])


def a_cancelled_appointment(practice):
    one = comes(practice, practice.clients["Ada"])
    with practice.visit("Tess") as visit:
        cancel_appointment(visit, one)
    looks(practice, "Bill", practice.clients["Ada"])


def a_held_look(practice):
    """One that a court keeps from the client's list: under the practice stands a duty alone."""
    comes(practice, practice.clients["Ada"])
    with practice.visit("Bill") as visit:
        body = {"by": visit.person.described, "what": "head"}
    line = Line(practice.clients["Ada"], "look", body)
    hold(practice.vault, line, NIGHT, until=NIGHT + DAY, authority=None)


@pytest.mark.parametrize(
    ("acts", "found"),
    [
        (a_namesake, ("Fay", ("own_name",))),
        (a_colleague, ("Fay", ("colleague",))),
        (somebody_close, ("Bill", ("colleague",))),
        (a_marked_record, ("Bill", ("marked",))),
        (a_late_look, ("Bill", ("after_hours",))),
        (nothing_near, ("Bill", ("no_tie",))),
        (a_cancelled_appointment, ("Bill", ("no_tie",))),
        (a_held_look, ("Bill", ("after_hours",))),
    ],
)
def test_what_is_unusual_is_put_down(practice, acts, found):
    acts(practice)
    assert kinds(put_down(practice, NIGHT)) == [found]


def test_what_is_ordinary_is_not(practice):
    ada = practice.clients["Ada"]
    comes(practice, ada)
    for name in ("Fay", "Bill", "Sue", "Cora"):
        looks(practice, name, ada)
    practice.open("Tess", NIGHT)
    practice.look("Tess", ada, NIGHT)
    looks(practice, "Nina", ada, NIGHT)
    practice.look("Nina", ada, NIGHT, purpose="emergency", reason="he called")
    assert put_down(practice, NIGHT + HOUR) == []


def test_it_is_put_down_once_a_day_and_again_the_next(practice):
    ada = practice.clients["Ada"]
    for minutes in (0, 2, 40):
        looks(practice, "Bill", ada, AT + minutes * MINUTE)
        watch(practice.vault, AT + HOUR)
    assert len(put_down(practice, AT + HOUR)) == 1
    looks(practice, "Bill", ada, AT + DAY)
    assert len(put_down(practice, AT + DAY)) == 2


def test_no_row_tells_whom_it_is_about_and_the_line_says_no_name(practice, copy):
    a_colleague(practice)
    [duty] = put_down(practice)
    rows = practice.vault.store.rows("duties.all", practice_id=copy.practice_id)
    assert {subject_id for _, subject_id, _ in rows} == {copy.practice_id}
    line = practice.vault.ledger.lines_of(copy.practice_id)[-1]
    assert (line.kind, line.body["kinds"]) == ("oversight", {"colleague": 1})
    assert "Fay" not in str(line.body)
    assert duty.row.duty["client"] not in str(line.body)
    assert not [one for one in check_rows(practice.vault, AT) if one.check == "duties"]


def test_what_is_read_is_not_read_again(practice, monkeypatch):
    a_late_look(practice)
    put_down(practice, NIGHT)
    watch(practice.vault, NIGHT)
    size = practice.vault.ledger.size
    looked = []
    monkeypatch.setattr(watching, "unusual", lambda *given: looked.append(given) or ())
    assert watch(practice.vault, NIGHT) == 0
    assert practice.vault.ledger.size == size
    assert looked == []
    looks(practice, "Bill", practice.clients["Otto"], NIGHT)
    watch(practice.vault, NIGHT)
    assert len(looked) == 1


def test_two_rounds_at_once_put_it_down_once(practice, monkeypatch):
    a_late_look(practice)
    real = watching.hours_of

    def meanwhile(vault):
        monkeypatch.setattr(watching, "hours_of", real)
        watch(vault, NIGHT)
        return real(vault)

    monkeypatch.setattr(watching, "hours_of", meanwhile)
    with pytest.raises(Conflicting):
        watch(practice.vault, NIGHT)
    assert len(put_down(practice, NIGHT)) == 1


def test_what_lies_long_back_is_put_to_nobody(practice):
    a_late_look(practice)
    assert put_down(practice, NIGHT + 31 * DAY) == []


def crowd(practice, number, *, treating="Tess"):
    return [client(practice, f"Ines Quiet{one}", treating=treating) for one in range(number)]


def test_many_records_in_an_hour_are_an_alarm_at_once_and_page_the_officer(practice):
    with practice.visit("Olaf") as visit:
        set_paged_at(visit, "olaf@example.org")
    for one in crowd(practice, FEWEST_RECORDS + 2):
        practice.look("Tess", one)
    [found] = put_down(practice)
    assert kinds([found]) == [("Tess", ("many",))]
    assert (found.row.duty["count"], found.row.duty["limit"]) == (16, 15)
    assert found.row.due == AT + DAY
    with practice.vault.store.snapshot() as reading:
        assert alarms_waiting(practice.vault, reading) == 1
    assert [one.row.to for one in due_pages(practice.vault, AT)] == ["olaf@example.org"]


def test_a_copy_of_everything_is_an_alarm(practice):
    with practice.visit("Tess") as visit:
        for one in crowd(practice, FEWEST_RECORDS + 1):
            copy_record(practice.door, visit, one, purpose=purpose_of("moving", AT))
    assert kinds(put_down(practice)) == [("Tess", ("many",))]


def test_those_who_come_today_do_not_count(practice):
    for one in crowd(practice, FEWEST_RECORDS + 2):
        comes(practice, one)
        practice.look("Tess", one)
    assert put_down(practice) == []


def test_a_search_through_ones_own_records_is_one_act(practice):
    crowd(practice, FEWEST_RECORDS + 2)
    with practice.visit("Tess") as visit:
        search(practice.door, visit, "nothing of the kind")
    assert put_down(practice) == []


def test_many_searches_are_an_alarm(practice):
    for one in range(FEWEST_SEARCHES + 1):
        practice.open("Tess", AT + one * MINUTE)
        with practice.visit("Tess", AT + one * MINUTE) as visit:
            search(practice.door, visit, "nothing of the kind")
    assert kinds(put_down(practice, AT + HOUR)) == [("Tess", ("searching",))]


def test_a_client_who_looks_at_the_own_record_is_no_matter_of_the_watch(practice):
    body = {"by": {"id": practice.clients["Ada"].hex(), "name": "Ada", "roles": []}}
    practice.vault.record(practice.clients["Ada"], "look", body, NIGHT)
    practice.vault.record(practice.clients["Ada"], "look", {"by": {"id": "no"}}, NIGHT)
    practice.vault.record(practice.clients["Ada"], "look", {}, NIGHT)
    assert put_down(practice, NIGHT) == []


def test_the_hours_of_the_practice_count_by_its_own_clock(practice):
    with practice.visit("Olaf") as visit:
        set_hours(visit, range(7), datetime.time(0), datetime.time(23, 59))
    assert hours_of(practice.vault).are_open(NIGHT)
    a_late_look(practice)
    assert put_down(practice, NIGHT) == []


def test_a_tie_that_has_begun_explains_a_look(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, practice.people["Stan"], "covering", until=None)
    looks(practice, "Stan", ada)
    assert put_down(practice) == []


def test_one_altered_row_does_not_blind_the_watch(copy):
    ada, otto = copy.clients["Ada"], copy.clients["Otto"]

    def older(writing):
        writing.run("clients.move_authority", practice_id=copy.practice_id, client_id=ada)

    with copy.opened() as practice:
        watch(practice.vault, AT)
        looks(practice, "Bill", ada)
        looks(practice, "Bill", otto)
        practice.vault.store.write(older).result()
    with copy.opened() as practice:
        with pytest.raises(Altered):
            watch(practice.vault, AT)
        with practice.vault.store.snapshot() as reading:
            [one] = noticed(practice.vault, reading)
        assert one.row.duty["client"] == otto.hex()
        assert watch(practice.vault, AT) == 0, "it has read on"
