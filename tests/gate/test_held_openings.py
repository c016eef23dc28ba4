"""An opening by key holders that a court forbids to tell: durable, and not on the client's list."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, TooFewSeats
from angerona.practice.openings import contribute, open_record, read_request, request_file
from angerona.practice.openings import state_request as stated
from angerona.practice.ties import begin_tie, end_tie, turn_keys
from angerona.practice.upkeep import keep_up
from angerona.sealed.checking import check_rows
from angerona.sealed.holding import held_keys
from small_practice import AT

DAY = datetime.timedelta(days=1)
UNTIL = AT + 30 * DAY


@pytest.fixture
def client(practice):
    for name in ("Thea", "Olaf"):  # a session of a later day swept theirs away
        practice.open(name)
    client_id = practice.client("Ada Invented")
    practice.keep("Thea", client_id, "progress_note", "spoke of the garden")
    return client_id


def state_request(practice, client, *, limit="court", until=UNTIL, expires=AT + 3 * DAY):
    with practice.visit("Olaf") as visit:
        return stated(
            visit,
            client,
            ["progress"],
            limit=limit,
            reason="an order",
            expires=expires,
            hold_until=until,
        )


def opened(practice, request, count=2, at=AT):
    practice.open("Olaf", at)
    papers = practice.papers[:count]
    parts = [contribute(practice.vault, request, one.secret, at) for one in papers]
    with practice.visit("Olaf", at) as visit:
        return open_record(visit, request, parts)


def seen_of(practice, client):
    """All that a list, its count or its proof could show, and what decides about the record."""
    vault = practice.vault
    return (
        vault.ledger.lines_of(client),
        vault.ledger.state_of(client),
        vault.authority(client).version,
    )


def test_nothing_of_it_stands_on_the_clients_list_and_the_record_is_open(practice, client):
    before = seen_of(practice, client)
    request = state_request(practice, client)
    request = read_request(practice.vault, request_file(practice.vault, request))
    assert opened(practice, request) == ("progress",)
    assert seen_of(practice, client) == before
    with practice.visit("Olaf") as visit:
        assert set(held_keys(visit, practice.vault.authority(client))) == {"progress"}
    held = [one.body for one in practice.vault.ledger.lines_of(practice.vault.practice_id)[-2:]]
    assert [one["held"] for one in held] == ["quorum", "opened"]
    assert check_rows(practice.vault, AT) == []


def test_the_lines_take_the_place_of_blank_ones_and_open_when_the_day_comes(practice, client):
    request = state_request(practice, client)
    keep_up(practice.vault, AT + DAY)
    assert opened(practice, request, at=AT + 2 * DAY) == ("progress",), "though the request is told"
    keep_up(practice.vault, AT + 2 * DAY)
    lines = practice.vault.ledger.lines_of(client)[-2:]
    assert [one.kind for one in lines] == ["quorum", "opened"]
    assert [one.is_open(UNTIL - DAY) for one in lines] == [False, False]
    assert [one.is_open(UNTIL) for one in lines] == [True, True]


def test_an_opening_after_the_day_is_told_at_once(practice, client):
    request = state_request(practice, client, until=AT + DAY)
    opened(practice, request, at=AT + 2 * DAY)
    assert practice.vault.ledger.lines_of(client)[-1].kind == "opened"


def test_who_was_tied_before_keeps_what_was_opened_when_the_keys_turn(practice, client):
    with practice.visit("Thea") as visit:
        tie = begin_tie(visit, client, practice.people["Olaf"], "covering", until=None)
        end_tie(visit, client, tie)
    opened(practice, state_request(practice, client))
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
    with practice.visit("Olaf") as visit:
        assert set(held_keys(visit, practice.vault.authority(client))) == {"progress"}


def test_fewer_seats_than_the_quorum_open_nothing(practice, client):
    request = state_request(practice, client)
    with pytest.raises(TooFewSeats):
        opened(practice, request, 1)


def test_a_request_that_the_ledger_does_not_hold_as_it_is_serves_nobody(practice, client):
    import msgspec  # noqa: PLC0415 -- the forger's tool

    request = msgspec.structs.replace(state_request(practice, client), held_until=None)
    with pytest.raises(NotPermitted):
        opened(practice, request)


@pytest.mark.parametrize(
    ("limit", "until", "said"),
    [
        ("harm", UNTIL, "is for a court's order alone"),
        ("care", UNTIL, "is for a court's order alone"),
        ("court", AT, "is past or too far away"),
        ("court", AT + 367 * DAY, "is past or too far away"),
    ],
)
def test_only_a_court_forbids_telling_and_for_a_year_at_most(practice, client, limit, until, said):
    before = practice.vault.ledger.size
    with pytest.raises(BadInput, match=said):
        state_request(practice, client, limit=limit, until=until)
    assert practice.vault.ledger.size == before
