"""When the ledger cannot be written: silence, but for what keeps somebody safe tonight."""

import base64

import msgspec
import pytest

from angerona.errors import BadInput, StoreFull, Unknown
from angerona.gate import emergency
from angerona.gate.door import Shown
from angerona.gate.emergency import absorb, look_in_emergency
from small_practice import AT, MINUTE

WHY = "he rang and said goodbye"


@pytest.fixture
def client(practice):
    client_id = practice.client("Ada Invented")
    practice.keep("Thea", client_id, "risk", "safety plan: call her sister")
    practice.keep("Thea", client_id, "medication", "sertraline 50 mg")
    practice.keep("Thea", client_id, "progress_note", "spoke of the garden")
    return client_id


@pytest.fixture
def spool(tmp_path):
    return tmp_path / "spool"


@pytest.fixture
def full(practice, monkeypatch, client):  # noqa: ARG001 -- the client is enrolled before the disk is full
    def refuses(*_args, **_more):
        raise StoreFull

    with monkeypatch.context() as patch:
        patch.setattr(type(practice.vault.ledger), "append", refuses)
        yield patch


def look(practice, client, spool, *, who="Nina", reason=WHY):
    with practice.visit(who) as visit:
        return look_in_emergency(
            practice.door, visit, client, purpose="treatment", reason=reason, spool=spool
        )


def kinds(practice, client):
    return [line.kind for line in practice.vault.ledger.lines_of(client)]


@pytest.mark.usefixtures("full")
def test_what_keeps_someone_safe_opens_once_the_spool_has_it(practice, client, spool):
    with pytest.raises(StoreFull):
        practice.look("Nina", client)
    shown = look(practice, client, spool)
    assert {entry.text for _, entry in shown.entries} == {
        "safety plan: call her sister",
        "sertraline 50 mg",
    }
    assert len(spool.read_bytes().splitlines()) == 1


@pytest.mark.usefixtures("full")
def test_nothing_else_opens_even_for_who_may_read_all(practice, client, spool):
    shown = look(practice, client, spool, who="Thea")
    assert {place.wanted for place, _ in shown.entries} == {"risk", "medication"}


@pytest.mark.usefixtures("full")
def test_nothing_opens_where_the_spool_cannot_be_written(practice, client, spool):
    spool.mkdir()
    with pytest.raises(BadInput, match="the spool: cannot be written"):
        look(practice, client, spool)


@pytest.mark.usefixtures("full")
def test_nothing_opens_without_a_reason_or_for_a_stranger(practice, client, spool):
    with pytest.raises(BadInput, match="reason"):
        look(practice, client, spool, reason=" ")
    with pytest.raises((Unknown, StoreFull)):
        look(practice, client, spool, who="Sue")
    assert not spool.exists()


@pytest.mark.usefixtures("full")
def test_the_spool_reveals_nothing(practice, client, spool):
    look(practice, client, spool)
    held = spool.read_bytes()
    for word in (b"goodbye", b"Nina", b"risk"):
        assert word not in held


def test_while_the_ledger_works_it_is_an_ordinary_look(practice, client, spool):
    assert isinstance(look(practice, client, spool), Shown)
    assert not spool.exists()
    assert kinds(practice, client)[-1] == "look"


def test_the_ledger_takes_the_events_over_once(practice, client, spool, full):
    look(practice, client, spool)
    look(practice, client, spool)
    full.undo()
    assert absorb(practice.vault, spool, AT + MINUTE).taken == 2
    assert kinds(practice, client)[-2:] == ["emergency", "emergency"]
    last = practice.vault.ledger.lines_of(client)[-1]
    assert last.body["by"]["name"] == "Nina"
    assert last.body["spooled_at"] == AT.isoformat()
    assert "goodbye" not in str(dict(last.body))
    assert absorb(practice.vault, spool, AT + MINUTE).taken == 0


def test_a_forged_event_is_counted_and_not_taken_over(practice, client, spool, full):
    look(practice, client, spool)
    good = spool.read_bytes()
    full.undo()
    spool.write_bytes(
        good + b"not an event\n" + good[:-2_000] + bytes([good[-2_000] ^ 1]) + good[-1_999:]
    )
    done = absorb(practice.vault, spool, AT + MINUTE)
    assert (done.taken, done.broken) == (1, (2, 3))


def test_a_run_that_was_broken_off_takes_nothing_over_twice(practice, client, spool, full):
    look(practice, client, spool)
    event = spool.read_bytes()
    full.undo()
    assert absorb(practice.vault, spool, AT + MINUTE).taken == 1
    spool.write_bytes(event)
    assert absorb(practice.vault, spool, AT + 2 * MINUTE).taken == 0
    assert kinds(practice, client).count("emergency") == 1


def test_an_event_about_nobody_here_stops_no_other(practice, client, spool, full):
    look(practice, client, spool)
    real = spool.read_bytes()
    full.undo()
    event = msgspec.msgpack.decode(base64.b64decode(real))
    of_nobody = base64.b64encode(msgspec.msgpack.encode({**event, "subject_id": bytes(16)}))
    spool.write_bytes(of_nobody + b"\n" + real)
    done = absorb(practice.vault, spool, AT + MINUTE)
    assert (done.taken, done.broken) == (1, (1,))


def test_an_event_that_was_broken_off_takes_no_other_with_it(practice, client, spool, full):
    """The power went, or the disk was full, in the midst of a line."""
    look(practice, client, spool)
    spool.write_bytes(spool.read_bytes()[:-700])
    look(practice, client, spool)
    full.undo()
    done = absorb(practice.vault, spool, AT + MINUTE)
    assert (done.taken, done.broken) == (1, (1,))


def test_an_event_that_comes_while_others_are_taken_over_is_not_lost(
    practice, client, spool, full, monkeypatch
):
    look(practice, client, spool)
    first = spool.read_bytes()
    look(practice, client, spool)
    second = spool.read_bytes()[len(first) :]
    spool.write_bytes(first)
    full.undo()
    real = emergency.announced

    def meanwhile(*given, **more):
        monkeypatch.setattr(emergency, "announced", real)
        with spool.open("ab") as file:
            file.write(second)
        return real(*given, **more)

    monkeypatch.setattr(emergency, "announced", meanwhile)
    assert absorb(practice.vault, spool, AT + MINUTE).taken == 2
    assert kinds(practice, client).count("emergency") == 2
