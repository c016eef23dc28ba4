"""What rows mean: our own form, and conversations."""

import datetime
import io

import pytest

from angerona.errors import BadInput
from angerona.practice import importing_notes
from angerona.practice.importing_notes import CLASSES_TAKEN, Note, notes_of
from angerona.practice.importing_rows import Rejected, read_table
from angerona.words import CLASSES

NEEDLE = "hunter2"
HEADER = "client,date,class,heading,text\n"
GOOD = "Ada R.,2026-03-04,progress_note,Session 1,Came on time."
TALK = "session,quality,topic,turn,speaker,text\n"


def notes(text):
    return list(notes_of(read_table(io.BytesIO(text.encode()))))


def only(text):
    (note,) = notes(text)
    return note


def reason(row, header=HEADER):
    (rejected,) = notes(header + row + "\n")
    assert isinstance(rejected, Rejected)
    assert NEEDLE not in rejected.reason
    return rejected.reason


def test_a_row_of_our_own_form_is_a_note():
    note = only(HEADER + GOOD)
    assert (note.line, note.client, note.wanted, note.heading, note.text) == (
        2,
        "Ada R.",
        "progress_note",
        "Session 1",
        "Came on time.",
    )
    assert note.written == datetime.datetime(2026, 3, 4)  # noqa: DTZ001 -- the practice says its zone
    assert note.born is None


def test_columns_may_stand_in_any_order_and_born_may_be_known():
    note = only(
        "born,text,heading,class,date,client\n1990-02-03,T,,risk,2026-03-04T09:30+01:00,A\n"
    )
    assert note.born == datetime.date(1990, 2, 3)
    assert note.written.utcoffset() == datetime.timedelta(hours=1)
    assert note.heading == ""


def test_json_says_the_same():
    text = (
        '{"client": "A", "date": "2026-03-04", "class": "risk", "heading": null, "text": "T", '
        '"born": "1990-02-03"}'
    )
    assert only(text).born == datetime.date(1990, 2, 3)


def test_line_ends_become_one_kind_and_a_heading_one_line():
    note = only(HEADER + '" A \u00a0 B ",2026-03-04,risk,"one\ntwo"," a\r\nb\rc "\n')
    assert (note.client, note.heading, note.text) == ("A B", "one two", "a\nb\nc")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f",2026-03-04,risk,{NEEDLE},T", "client is empty"),
        (f"{'x' * 201},2026-03-04,risk,{NEEDLE},T", "client is longer than 200 characters"),
        (f"A\x1b,2026-03-04,risk,{NEEDLE},T", "client is longer than 200 .* one plain line"),
        (f"A,2026-03-04,risk,{'x' * 201},{NEEDLE}", "heading is longer than 200 characters"),
        (f"{NEEDLE},04.03.2026,risk,,T", "date is not a day"),
        (f"{NEEDLE},,risk,,T", "date is not a day"),
        (f"{NEEDLE},1066-10-14,risk,,T", "date lies before 1900"),
        (f"A,2026-03-04,{NEEDLE},,T", "class is none of those"),
        (f"{NEEDLE},2026-03-04,ledger,,T", "class is none of those"),
        (f"{NEEDLE},2026-03-04,shared_record,,T", "class is none of those"),
        (f"{NEEDLE},2026-03-04,risk,, ", "text is empty"),
    ],
)
def test_what_does_not_fit_is_rejected_with_its_reason(row, said):
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(reason(row))


def test_a_text_that_is_too_long_is_rejected(monkeypatch):
    monkeypatch.setattr(importing_notes, "TEXT_BYTES_MAX", 10)
    assert reason("A,2026-03-04,risk,,ééééé.") == "text is longer than 10 bytes"


@pytest.mark.parametrize("born", ["soon", "1990"])
def test_a_day_of_birth_is_a_day(born):
    header = "client,date,class,heading,text,born\n"
    assert reason(f"A,2026-03-04,risk,,T,{born}", header) == "born is not a day such as 1990-05-17"


def test_every_class_that_a_record_keeps_can_be_imported_save_two():
    assert set(CLASSES) - set(CLASSES_TAKEN) == {"ledger", "shared_record"}
    for name in CLASSES_TAKEN:
        assert only(f"{HEADER}A,2026-03-04,{name},,T\n").wanted == name


@pytest.mark.parametrize(
    ("header", "wrong"),
    [
        ("client,date,class,text", "a column is missing: heading"),
        (GOOD, "a column is missing: client, date, class, heading, text"),
        (HEADER.strip() + f",{NEEDLE}", "has a column that would be lost"),
        (TALK.strip() + f",{NEEDLE}", "a column is missing"),
    ],
)
def test_a_header_of_neither_form_is_refused(header, wrong):
    with pytest.raises(BadInput, match=wrong) as refused:
        notes(header + "\n")
    assert NEEDLE not in str(refused.value)
    assert "Ada" not in str(refused.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{"client": "A"}', "lacks date, class, heading, text"),
        (
            '{"client": "A", "date": "", "class": "", "heading": "", "text": "", "x": ""}',
            "has a key that would be lost",
        ),
    ],
)
def test_a_json_row_has_its_keys_and_no_other(row, said):
    assert reason(row, header="") == said


def talk(*turns):
    return notes(TALK + "".join(f"{turn}\n" for turn in turns))


def test_a_conversation_is_one_note_of_one_client():
    note, other = talk(
        "0,high,smoking less,0,therapist,How are you?",
        '0,high,smoking less,2,client,"Not  so\nwell."',
        "1,low,asthma,0,client,Hello",
    )
    assert (note.line, note.client, note.wanted, note.heading) == (
        2,
        "AnnoMI 0",
        "progress_note",
        "Smoking less",
    )
    assert note.text == "Therapist: How are you?\nClient: Not so well."
    assert note.written is None
    assert (other.line, other.client, other.text) == (5, "AnnoMI 1", "Client: Hello")


@pytest.mark.parametrize(
    ("turn", "said"),
    [
        (f"0,high,t,1,{NEEDLE},x", "no such speaker; allowed: therapist, client"),
        (f"0,high,t,0,client,{NEEDLE}", "its turn does not follow the one before"),
        (f"0,high,t,-1,client,{NEEDLE}", "its turn is no number"),
        (f"0,high,t,²,client,{NEEDLE}", "its turn is no number"),
        (f"0,high,t,{'9' * 5000},client,{NEEDLE}", "its turn is no number"),
        ("0,high,t,1,client, ", "text is empty"),
        (f"{NEEDLE}", "1 fields where there are 6 columns"),
    ],
)
def test_a_session_with_a_broken_turn_is_left_out_whole(turn, said):
    first, second = talk(
        "0,high,t,0,client,one", turn, "0,high,t,2,client,three", "1,high,t,0,client,fine"
    )
    assert first == Rejected(2, f"the session is left out, for line 3: {said}")
    assert isinstance(second, Note)


def test_a_session_stands_in_one_place():
    found = talk("0,h,t,0,client,a", "1,h,t,0,client,b", "0,h,t,1,client,c")
    assert [isinstance(one, Note) for one in found] == [True, True, False]
    assert found[2] == Rejected(4, "the session stands in two places of the file")


def test_a_session_may_be_as_long_as_a_note(monkeypatch):
    monkeypatch.setattr(importing_notes, "TEXT_BYTES_MAX", 30)
    (found,) = talk("0,h,t,0,client,0123456789", "0,h,t,1,client,0123456789")
    assert "longer than 30 bytes" in found.reason


def test_no_note_shows_itself():
    assert "Came" not in repr(only(HEADER + GOOD))
