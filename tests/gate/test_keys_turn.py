"""Keys that are given, turned, and put together again by a quorum."""

import msgspec
import pytest

from angerona.errors import BadInput, NotPermitted, TooFewSeats, Unknown, Unopenable
from angerona.gate.door import Shown
from angerona.practice.openings import (
    contribute,
    contribution_file,
    open_record,
    read_contribution,
    read_request,
    request_file,
    state_request,
)
from angerona.practice.portal import give_way_in
from angerona.practice.ties import begin_tie, end_tie, share_notes, turn_keys
from angerona.sealed.compartments import process_compartment
from angerona.sealed.holding import held_keys, key_for
from small_practice import AT, MINUTE, PASSWORD

LATER = AT + 5 * MINUTE


@pytest.fixture
def client(practice):
    client_id = practice.client("Ada Invented")
    practice.keep("Thea", client_id, "progress_note", "before")
    return client_id


def texts(shown):
    assert isinstance(shown, Shown), shown
    return [entry.text for _, entry in shown.entries]


def test_whoever_leaves_cannot_open_what_is_written_afterwards(practice, client):
    with practice.visit("Thea") as visit:
        tie_id = begin_tie(visit, client, practice.people["Sue"], "treating", until=None)
    assert texts(practice.look("Sue", client)) == ["before"]
    with practice.visit("Sue") as visit:
        before = held_keys(visit, practice.vault.authority(client))
    with practice.visit("Thea") as visit:
        end_tie(visit, client, tie_id)
    practice.keep("Thea", client, "progress_note", "after")
    assert texts(practice.look("Thea", client)) == ["before", "after"]
    with practice.visit("Sue") as visit:
        authority = practice.vault.authority(client)
        apart = process_compartment(practice.people["Sue"])
        assert set(held_keys(visit, authority)) == {apart}, (
            "authors keep the key of their own notes"
        )
        with pytest.raises(Unopenable):
            key_for(visit, authority, "progress", authority.sheet.newest("progress"))
    assert before["progress"][0] < authority.sheet.newest("progress")


def test_posts_read_on_after_the_keys_turn(practice, client):
    practice.keep("Thea", client, "risk", "safety plan")
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
        turn_keys(visit, client)
    practice.keep("Thea", client, "risk", "safety plan, second")
    assert texts(practice.look("Nina", client)) == ["safety plan", "safety plan, second"]


def test_notes_kept_apart_stay_with_their_author_when_the_next_therapist_comes(practice, client):
    practice.keep("Thea", client, "psychotherapy_note", "my own thoughts")
    with practice.visit("Thea") as visit:
        begin_tie(visit, client, practice.people["Sue"], "treating", until=None)
    with practice.visit("Sue") as visit:
        held = held_keys(visit, practice.vault.authority(client))
    assert process_compartment(practice.people["Thea"]) not in held
    assert process_compartment(practice.people["Sue"]) in held


def test_only_who_treats_or_supervises_ties_a_colleague(practice, client):
    for who, silence in (("Sue", Unknown), ("Olaf", NotPermitted), ("Fay", NotPermitted)):
        with practice.visit(who) as visit, pytest.raises(silence):
            begin_tie(visit, client, practice.people["Nina"], "treating", until=None)


def test_nobody_prolongs_or_raises_the_own_tie(practice, client):
    with practice.visit("Thea") as visit:
        own = next(iter(practice.vault.authority(client).ties))
        begin_tie(visit, client, practice.people["Sue"], "supervisor", until=LATER)
    with practice.visit("Sue") as visit:
        for relation in ("treating", "supervisor", "covering"):
            with pytest.raises(NotPermitted):
                begin_tie(visit, client, practice.people["Sue"], relation, until=None)
        for relation in ("treating", "supervisor"):
            with pytest.raises(NotPermitted):
                begin_tie(visit, client, practice.people["Nina"], relation, until=LATER)
        with pytest.raises(BadInput, match="later than the own tie"):
            begin_tie(visit, client, practice.people["Nina"], "covering", until=None)
        with pytest.raises(NotPermitted):
            end_tie(visit, client, own)
        begin_tie(visit, client, practice.people["Nina"], "covering", until=LATER)


def test_who_treats_for_a_time_ends_no_tie_that_lasts(practice, client):
    own = next(iter(practice.vault.authority(client).ties))
    with practice.visit("Thea") as visit:
        begin_tie(visit, client, practice.people["Sue"], "treating", until=LATER)
    with practice.visit("Sue") as visit, pytest.raises(BadInput):
        end_tie(visit, client, own)


def test_an_opening_outlives_a_turning_of_the_keys(practice, client):
    opened(practice, asked(practice, client, "progress"), 0, 1)
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
    practice.keep("Thea", client, "progress_note", "after the turning")
    with practice.visit("Olaf") as visit:
        authority = practice.vault.authority(client)
        newest = authority.sheet.newest("progress")
        assert set(held_keys(visit, authority)) == {"progress"}
        assert len(key_for(visit, authority, "progress", newest)) == 32
    with practice.visit("Olaf", LATER) as visit, pytest.raises(Unopenable):
        key_for(visit, authority, "progress", newest)


def test_a_request_that_the_ledger_does_not_hold_opens_nothing(practice, client):
    request = asked(practice, client, "progress")
    unheard = msgspec.structs.replace(request, expires=AT + 10 * MINUTE)
    with pytest.raises(NotPermitted):
        contribute(practice.vault, unheard, practice.papers[0].secret, AT)
    with pytest.raises(NotPermitted):
        contribute(practice.vault, request, practice.papers[0].secret, LATER)


def test_a_tie_is_one_that_can_be_given_and_ends_later(practice, client):
    with practice.visit("Thea") as visit:
        with pytest.raises(BadInput):
            begin_tie(visit, client, practice.people["Sue"], "own", until=None)
        with pytest.raises(BadInput):
            begin_tie(visit, client, practice.people["Sue"], "covering", until=AT)
        with pytest.raises(Unknown):
            end_tie(visit, client, bytes(16))


def asked(practice, client, *names, limit="court"):
    with practice.visit("Olaf") as visit:
        return state_request(
            visit, client, names, limit=limit, reason="an order of the court", expires=LATER
        )


def opened(practice, request, *papers):
    parts = [contribute(practice.vault, request, practice.papers[one].secret, AT) for one in papers]
    with practice.visit("Olaf") as visit:
        return open_record(visit, request, parts)


def test_two_of_three_seats_open_what_was_asked_for(practice, client):
    request = asked(practice, client, "progress")
    assert opened(practice, request, 0, 2) == ("progress",)
    with practice.visit("Olaf") as visit:
        held = held_keys(visit, practice.vault.authority(client))
    assert set(held) == {"progress"}
    kinds = [(one.kind, one.body.get("what")) for one in practice.vault.ledger.lines_of(client)]
    assert kinds[-2:] == [
        ("quorum", "opening requested"),
        ("opened", "record opened by key holders"),
    ]


def test_the_keys_end_with_the_request(practice, client):
    opened(practice, asked(practice, client, "risk"), 0, 1)
    authority = practice.vault.authority(client)
    with practice.visit("Olaf", LATER) as visit:
        assert held_keys(visit, authority) == {}


def test_a_quorum_opens_what_was_kept_apart_too(practice, client):
    practice.keep("Thea", client, "psychotherapy_note", "my own thoughts")
    name = process_compartment(practice.people["Thea"])
    assert opened(practice, asked(practice, client, name), 1, 2) == (name,)


def test_a_quorum_opens_the_record_after_its_keys_turned(practice, client):
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
    opened(practice, asked(practice, client, "progress"), 0, 1)
    with practice.visit("Olaf") as visit:
        authority = practice.vault.authority(client)
        assert len(key_for(visit, authority, "progress", 1)) == 32
        assert len(key_for(visit, authority, "progress", 2)) == 32


@pytest.mark.parametrize("papers", [(), (0,), (1, 1)])
def test_one_seat_opens_nothing(practice, client, papers):
    request = asked(practice, client, "progress")
    with pytest.raises(TooFewSeats):
        opened(practice, request, *papers)
    with practice.visit("Olaf") as visit:
        assert held_keys(visit, practice.vault.authority(client)) == {}


def test_nobody_but_the_officer_who_asked_is_given_the_keys(practice, client):
    request = asked(practice, client, "progress")
    parts = [contribute(practice.vault, request, one.secret, AT) for one in practice.papers[:2]]
    with practice.visit("Thea") as visit, pytest.raises(NotPermitted):
        open_record(visit, request, parts)
    with practice.visit("Fay") as visit, pytest.raises(NotPermitted):
        state_request(visit, client, ["risk"], limit="court", reason="because", expires=LATER)


def test_a_secret_that_is_no_seats_gives_nothing(practice, client):
    with pytest.raises(Unopenable):
        contribute(practice.vault, asked(practice, client, "risk"), bytes(range(32)), AT)


def test_requests_and_contributions_go_by_file(practice, client):
    request = asked(practice, client, "risk")
    again = read_request(practice.vault, request_file(practice.vault, request))
    assert again == request
    part = contribute(practice.vault, request, practice.papers[0].secret, AT)
    assert read_contribution(contribution_file(part)) == part
    with pytest.raises(Unopenable):
        read_request(practice.vault, request_file(practice.vault, request)[:-1] + b"x")
    with pytest.raises(BadInput):
        read_contribution(b"not a file of ours")


@pytest.mark.parametrize(
    ("names", "limit", "reason"),
    [
        ((), "court", "an order"),
        (("client",), "court", "an order"),
        (("everything",), "court", "an order"),
        (("risk",), "consent", "curiosity"),
        (("risk",), "court", "  "),
    ],
)
def test_a_request_names_compartments_a_limit_and_a_reason(practice, client, names, limit, reason):
    with practice.visit("Olaf") as visit, pytest.raises(BadInput):
        state_request(visit, client, names, limit=limit, reason=reason, expires=LATER)


def test_an_author_shares_notes_with_the_supervisor_and_nobody_else_can(practice, client):
    practice.keep("Thea", client, "psychotherapy_note", "my own thoughts")
    sue = practice.people["Sue"]
    with practice.visit("Thea") as visit:
        tie_id = begin_tie(visit, client, sue, "supervisor", until=None)
    name = process_compartment(practice.people["Thea"])
    with practice.visit("Sue") as visit:
        assert name not in held_keys(visit, practice.vault.authority(client))
    with practice.visit("Sue") as visit, pytest.raises(Unopenable):
        share_notes(visit, client, tie_id)
    with practice.visit("Thea") as visit:
        share_notes(visit, client, tie_id)
    facts = {"us_hipaa.own_training_program": True}
    shown = practice.look("Sue", client, purpose="supervision", facts=facts)
    assert texts(shown) == ["before", "my own thoughts"]
    with practice.visit("Thea") as visit:
        end_tie(visit, client, tie_id)
    with practice.visit("Sue") as visit:
        assert held_keys(visit, practice.vault.authority(client)) == {}


def test_a_shared_record_has_a_key_that_whoever_treats_is_given(practice, client):
    practice.keep("Thea", client, "shared_record", "spoke with both of them")
    assert texts(practice.look("Thea", client)) == ["before", "spoke with both of them"]
    with practice.visit("Thea") as visit:
        begin_tie(visit, client, practice.people["Sue"], "treating", until=None)
    assert "spoke with both of them" in texts(practice.look("Sue", client))
    assert not isinstance(practice.look("Nina", client), Shown)


def test_a_client_with_a_way_in_is_tied_to_no_other_client(practice, client):
    other = practice.client("Otto Invented")
    with practice.visit("Thea") as visit:
        made = give_way_in(visit, other, "otto of the keys", PASSWORD)
        for relation in ("treating", "supervisor", "covering"):
            with pytest.raises(NotPermitted):
                begin_tie(visit, client, made.person_id, relation, until=None)
