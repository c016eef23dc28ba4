"""Lines: what may stand in them, when they open, and what is left of them."""

import datetime
import os

import pytest

from angerona.errors import (
    BadInput,
    Unknown,
)
from angerona.ledger.lines import KEYS, Line
from angerona.ledger.verifying import ZERO, verify
from ledgers import (
    AT,
    DAY,
    ON_SQLITE,
    PRACTICE,
    Keys,
    enrolled,
    findings,
    look,
    opened,
    size_of,
    write,
)

A, B = b"a" * 32, b"b" * 32


@ON_SQLITE
def test_a_line_is_written_and_read_again(store, ledger):
    [client] = enrolled(store, ledger)
    [written] = write(ledger, look(client, why="treatment", rule="us-hipaa.treatment"))
    [line] = ledger.lines_of(client)
    assert (line.event_id, line.leaf.commit) == (written.event_id, written.commit)
    assert written.subject_id == client
    assert (line.kind, line.at, line.held_until) == ("look", AT, None)
    assert line.body == {
        "by": "Dr. Thea Vale",
        "what": ["risk"],
        "why": "treatment",
        "rule": "us-hipaa.treatment",
    }
    assert line.raw.startswith(b'{"at":"2026-03-02T09:30:00Z","by":')


@ON_SQLITE
def test_an_erased_subject_still_counts(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client), look(client))
    ledger.checkpoint(AT)
    keys = Keys()
    keys.erased.add(client)
    ledger = opened(store, keys=keys)
    lines = ledger.lines_of(client)
    assert [(line.kind, line.body, line.raw) for line in lines] == [(None, {}, None)] * 2
    proved = verify(ledger.receipt(client, since=None, at=AT), key=None, since=None)
    assert [line.body for line in proved.lines] == [None, None]
    with pytest.raises(Unknown):
        write(ledger, look(client))
    assert findings(store, keys=keys) == []


UNTIL = AT + 2 * DAY


@ON_SQLITE
def test_a_held_line_opens_when_its_hold_ends(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client), Line(client, "disclosure", {"to": "police"}, held_until=UNTIL))
    ledger.checkpoint(AT)

    def shown(at):
        text = ledger.receipt(client, since=None, at=at)
        return [line.body is not None for line in verify(text, key=None, since=None).lines]

    assert shown(UNTIL - datetime.timedelta(seconds=1)) == [True, False]
    assert shown(UNTIL) == [True, True]
    assert [line.held_until for line in ledger.lines_of(client)] == [None, UNTIL]


@ON_SQLITE
def test_a_held_line_cannot_be_told_from_a_blank_one(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, Line(client, "disclosure", {"to": "police"}, held_until=UNTIL))
    write(ledger, Line(client, "blank"))
    ledger.checkpoint(AT)
    text = ledger.receipt(client, since=None, at=AT)
    held_line, blank_line = verify(text, key=None, since=None).lines
    assert (
        (held_line.body, held_line.secret) == (blank_line.body, blank_line.secret) == (None, None)
    )
    # What is left of them is a label, a place and two hashes.
    assert held_line.leaf[:34] == blank_line.leaf[:34]
    assert held_line.leaf[106:] == blank_line.leaf[106:] == ZERO
    rows = store.rows("events.page", practice_id=PRACTICE, first=0)
    assert len({len(row[4]) for row in rows[:2]}) == len({len(row[5]) for row in rows[:2]}) == 1
    opens = verify(ledger.receipt(client, since=None, at=UNTIL), key=None, since=None).lines
    assert [line.body is not None for line in opens] == [True, False]


@ON_SQLITE
def test_a_receipt_reaches_back_only_to_where_there_was_something(store, ledger):
    [client] = enrolled(store, ledger)
    write(ledger, look(client))
    size = size_of(ledger.checkpoint(AT))
    for since in (0, -1, size + 1):
        with pytest.raises(BadInput, match="receipt"):
            ledger.receipt(client, since=since, at=AT)
    for since in range(1, size + 1):
        assert ledger.receipt(client, since=since, at=AT)
    with pytest.raises(Unknown):
        ledger.receipt(os.urandom(16), since=None, at=AT)


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"kind": "peek"}, "no kind of line"),
        ({"body": {"kind": "look"}}, "'kind' is set by the ledger"),
        ({"body": {"at": 1}}, "'at' is set by the ledger"),
        ({"body": {"held_until": 1}}, "'held_until' is set by the ledger"),
        ({"slot": 3, "binding": A}, "no such binding"),
        ({"slot": KEYS, "binding": b"short"}, "no such binding"),
        ({"binding": A}, "a binding without a slot"),
        ({"held_until": UNTIL, "slot": KEYS, "binding": A}, "binds nothing"),
        ({"held_until": UNTIL.replace(tzinfo=None)}, "must have a zone"),
    ],
)
def test_a_line_that_could_not_be_read_again_is_refused(given, wrong):
    with pytest.raises(BadInput, match=wrong):
        Line(**({"subject_id": b"s" * 16, "kind": "look"} | given))


@pytest.mark.parametrize("body", [{"a": object()}, {"a": {1j: 2}}, {"a": "\ud800"}])
def test_a_body_that_json_cannot_say_is_refused(file_store, body):
    ledger = opened(file_store)
    with pytest.raises(BadInput, match="JSON"):
        ledger.append(Line(b"s" * 16, "look", body), AT, authority=None, changes=None)


def test_a_time_without_a_zone_is_refused(file_store):
    with pytest.raises(BadInput, match="zone"):
        opened(file_store).append(
            look(b"s" * 16), AT.replace(tzinfo=None), authority=None, changes=None
        )


@ON_SQLITE
def test_times_are_told_in_utc(store, ledger):
    [client] = enrolled(store, ledger)
    zone = datetime.timezone(datetime.timedelta(hours=-8))
    write(ledger, look(client), at=AT.astimezone(zone))
    assert ledger.lines_of(client)[0].raw.startswith(b'{"at":"2026-03-02T09:30:00Z"')
