"""Bringing notes in: once each, through the door, into the right record."""

import datetime
import io
from contextlib import contextmanager
from dataclasses import replace

import pytest

from angerona.errors import BadInput, Unknown
from angerona.gate import door as door_module
from angerona.practice import importing
from angerona.practice.caseload import caseload
from angerona.practice.importing import Taken, import_notes
from angerona.practice.importing_notes import notes_of
from angerona.practice.importing_rows import Rejected, read_table
from angerona.practice.ties import begin_tie, end_tie
from angerona.practice.zones import change_zone
from small_practice import AT, MINUTE, founded

pytestmark = pytest.mark.usefixtures("quickly")

HEADER = "client,date,class,heading,text,born\n"
ROWS = (
    "Ada,2026-02-01,progress_note,One,Slept badly.,\n"
    "Ada,2026-02-08,progress_note,Two,Slept better.,\n"
    "Ben,2026-02-01,risk,Plan,Calls his brother.,1990-02-03\n"
)


@pytest.fixture(scope="module")
def everyone(tmp_path_factory):
    made = founded(tmp_path_factory.mktemp("practice") / "data")
    made.enrol("Tom", roles=("psychologist",))
    yield made
    made.vault.store.close()


@pytest.fixture
def practice(everyone):
    """The same practice for all tests, with a caseload that no other test has seen."""
    with everyone.visit("Thea") as visit:
        for one in caseload(visit):
            ties = everyone.vault.authority(one.client_id).ties if one.relations else {}
            for tie_id, tie in ties.items():
                if tie.person_id == everyone.people["Thea"]:
                    tom = everyone.people["Tom"]
                    begin_tie(visit, one.client_id, tom, "treating", until=None)
                    end_tie(visit, one.client_id, tie_id)
    assert not named(everyone)
    return everyone


def bring(practice, text, *, by="Thea", clock=lambda: AT):
    with practice.visit(by) as visit:
        notes = notes_of(read_table(io.BytesIO(text.encode())))
        return list(import_notes(practice.door, visit, notes, clock=clock))


def named(practice, by="Thea"):
    with practice.visit(by) as visit:
        return {one.name: one.client_id for one in caseload(visit) if one.relations}


def lines(practice, name):
    return practice.vault.ledger.lines_of(named(practice)[name])


def texts(practice, name):
    shown = practice.look("Thea", named(practice)[name])
    return [(text.heading, text.text, text.written.date()) for _, text in shown.entries]


def test_each_note_is_kept_with_its_own_date_and_a_line(practice):
    assert bring(practice, HEADER + ROWS) == [
        Taken(2, kept=True, enrolled=True),
        Taken(3, kept=True, enrolled=False),
        Taken(4, kept=True, enrolled=True),
    ]
    assert texts(practice, "Ada") == [
        ("One", "Slept badly.", datetime.date(2026, 2, 1)),
        ("Two", "Slept better.", datetime.date(2026, 2, 8)),
    ]
    said = [(one.kind, one.body.get("what")) for one in lines(practice, "Ada")]
    assert said[:3] == [("keys", "record opened"), ("kept", "brought"), ("kept", "brought")]


@contextmanager
def by_the_clock_of(practice, zone):
    for one in (zone, "UTC"):
        with practice.visit("Thea") as visit:
            change_zone(visit, one)
        if one == zone:
            yield


def written(practice, name):
    shown = practice.look("Thea", named(practice)[name])
    return [text.written.isoformat() for _, text in shown.entries]


def test_a_day_is_that_day_and_an_hour_that_of_the_practice(practice):
    rows = HEADER + (
        "Ada,2026-02-01,progress_note,One,T.,\n"
        "Ada,2026-02-08T09:30,progress_note,Two,T.,\n"
        "Ada,2026-02-09T09:30+01:00,progress_note,Three,T.,\n"
        "Ada,2026-02-09T16:00,progress_note,Four,T.,\n"
    )
    with by_the_clock_of(practice, "America/Los_Angeles"):
        assert all(one.kept for one in bring(practice, rows))
        assert written(practice, "Ada") == [
            *("2026-02-01T00:00:00+00:00", "2026-02-08T17:30:00+00:00"),
            *("2026-02-09T08:30:00+00:00", "2026-02-10T00:00:00.000001+00:00"),
        ]
        assert next(day for _, _, day in texts(practice, "Ada")) == datetime.date(2026, 2, 1)
    assert not any(one.kept for one in bring(practice, rows))  # by whatever clock it comes again


def test_today_has_begun_where_it_has(practice):
    """In Auckland the next day has begun at noon of UTC."""
    row, late = HEADER + "Ada,{},progress_note,One,T.,\n", AT.replace(hour=12)
    with by_the_clock_of(practice, "Pacific/Auckland"):
        assert bring(practice, row.format("2026-03-03"), clock=lambda: late)[0].kept
        assert bring(practice, row.format("2026-03-04"), clock=lambda: late) == [
            Rejected(2, "date lies in the future")
        ]


def test_what_is_still_to_come_at_the_practice_is_rejected(practice):
    """Half past nine in UTC is half past one in Los Angeles."""
    row = HEADER + "Ada,2026-03-02T05:00,progress_note,One,T.,\n"
    with by_the_clock_of(practice, "America/Los_Angeles"):
        (rejected,) = bring(practice, row)
        assert rejected == Rejected(2, "date lies in the future")
    assert bring(practice, row) == [Taken(2, kept=True, enrolled=True)]


def test_the_same_file_adds_nothing_twice(practice):
    bring(practice, HEADER + ROWS)
    before = len(lines(practice, "Ada"))
    assert all(not one.kept and not one.enrolled for one in bring(practice, HEADER + ROWS))
    assert len(lines(practice, "Ada")) == before


def test_a_mended_file_adds_what_is_new_wherever_it_stands(practice):
    bring(practice, HEADER + ROWS)
    new = "Ada,2026-02-15,progress_note,Three,Sleeps.,\n"
    found = bring(practice, HEADER + new + ROWS)
    assert [one.kept for one in found] == [True, False, False, False]
    assert len(texts(practice, "Ada")) == 3


def test_a_run_that_was_cut_off_goes_on(practice):
    text = HEADER + ROWS
    with practice.visit("Thea") as visit:
        notes = notes_of(read_table(io.BytesIO(text.encode())))
        running = import_notes(practice.door, visit, notes, clock=lambda: AT)
        next(running)
        running.close()
    assert [one.kept for one in bring(practice, text)] == [False, True, True]


def test_the_same_row_twice_is_one_note(practice):
    found = bring(practice, HEADER + ROWS.splitlines(keepends=True)[0] * 2)
    assert [one.kept for one in found] == [True, False]


def test_a_note_goes_to_the_client_of_that_name_and_birthday(practice):
    ada = practice.client("Ada")
    found = bring(
        practice, HEADER + "ADA,2026-02-01,risk,,One.,\nAda,2026-02-01,risk,,Two.,1980-01-01\n"
    )
    assert [one.enrolled for one in found] == [False, True]
    assert len(practice.vault.places(ada)) == 1
    (rejected,) = bring(practice, HEADER + "Ada,2026-02-02,risk,,Three.,\n")
    assert rejected == Rejected(2, "names more than one client; say which by the day of birth")
    (taken,) = bring(practice, HEADER + "Ada,2026-02-02,risk,,Three.,1980-01-01\n")
    assert taken == Taken(2, kept=True, enrolled=False)


def test_a_colleagues_client_of_the_same_name_is_another_person(practice):
    theirs = practice.client("Ada", treating="Tom")
    (taken,) = bring(practice, HEADER + "Ada,2026-02-01,risk,,One.,\n")
    assert taken.enrolled
    assert not practice.vault.places(theirs)


def test_what_lies_ahead_is_rejected(practice):
    late = (AT + MINUTE).isoformat()
    (rejected,) = bring(practice, HEADER + f"Ada,{late},risk,,One.,\n")
    assert rejected == Rejected(2, "date lies in the future")
    assert not named(practice)


def test_a_rejected_row_does_not_end_the_run(practice):
    found = bring(practice, HEADER + "Ada,2026-02-01,nonsense,,One.,\n" + ROWS)
    assert [isinstance(one, Rejected) for one in found] == [True, False, False, False]


def test_a_tie_that_ends_meanwhile_rejects_the_rest(practice):
    client = practice.client("Cy", treating="Tom")
    (tie_id,) = practice.vault.authority(client).ties

    def meanwhile():
        text = HEADER + ROWS.replace("Ada", "Cy")
        first, second, _ = notes_of(read_table(io.BytesIO(text.encode())))
        yield first
        with practice.visit("Tom") as visit:
            begin_tie(visit, client, practice.people["Thea"], "treating", until=None)
            end_tie(visit, client, tie_id)
        yield second

    with practice.visit("Tom") as visit:
        found = list(import_notes(practice.door, visit, meanwhile(), clock=lambda: AT))
    assert found[0] == Taken(2, kept=True, enrolled=False)
    assert found[1] == Rejected(3, str(Unknown()))
    assert len(practice.vault.places(client)) == 1


def test_what_the_law_bars_from_being_written_is_rejected(tmp_path, monkeypatch):
    """No law that is loaded bars a note of one's own: the rules are asked as for the media."""
    real = door_module.decide

    def barring(ask, packs):
        return real(replace(ask, purpose="marketing", to="media"), packs)

    monkeypatch.setattr(door_module, "decide", barring)
    practice = founded(tmp_path / "practice", packs=("house", "uk"))
    row = "Ada,2026-02-01,psychotherapy_note,,For myself.,\n"
    (rejected,) = bring(practice, HEADER + row)
    practice.vault.store.close()
    assert rejected == Rejected(2, "the rules do not let you write this class into this record")


def test_too_many_rejections_end_the_run(practice, monkeypatch):
    monkeypatch.setattr(importing, "REJECTED_MAX", 2)
    with pytest.raises(BadInput, match="2 rows cannot be taken"):
        bring(practice, HEADER + "x,,,,,\ny,,,,,\nz,,,,,\n")


def test_each_line_has_the_time_it_was_written(practice):
    moments = iter([AT + n * MINUTE for n in range(3)])
    bring(practice, HEADER + ROWS, clock=lambda: next(moments))
    kept = [one.at for one in lines(practice, "Ada") if one.kind == "kept"]
    assert kept == [AT, AT + MINUTE]


def test_an_id_hangs_on_a_key_that_only_its_author_holds(practice):
    """The same note of the same client has another id when another author brings it."""
    client = practice.client("Dee")
    with practice.visit("Thea") as visit:
        begin_tie(visit, client, practice.people["Tom"], "treating", until=None)
    row = HEADER + "Dee,2026-02-01,progress_note,One,Slept badly.,\n"
    assert [bring(practice, row, by=who)[0].kept for who in ("Thea", "Tom")] == [True, True]
    first, second = practice.vault.places(client)
    assert first.entry_id != second.entry_id


def test_two_who_bring_the_same_at_once_keep_it_once(practice):
    """The second finds it there only when it is about to be written."""
    client = practice.client("Ada")
    note = next(iter(notes_of(read_table(io.BytesIO((HEADER + ROWS).encode())))))
    with practice.visit("Thea") as visit:
        door = Unseeing(practice.door, lambda: bring(practice, HEADER + ROWS))
        (taken,) = import_notes(door, visit, [note], clock=lambda: AT)
    assert taken == Taken(2, kept=False, enrolled=False)
    assert len(practice.vault.places(client)) == 2


class Unseeing:
    """The door, with somebody who was a moment quicker."""

    def __init__(self, door, quicker):
        self.vault, self._door, self._quicker = door.vault, door, quicker

    def keep(self, *given):
        self._quicker()
        return self._door.keep(*given)
