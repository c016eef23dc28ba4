"""A file that can be had again tells nobody of whom it is, and is silent as its first lines are."""

from dataclasses import replace

from angerona.gate import door as door_module
from angerona.practice.erasure import erase_client
from angerona.practice.handing_over import HandedOver, Outgoing, hand_over
from angerona.practice.kept_packets import have_again, kept_packets
from angerona.practice.produced import produced_of
from angerona.practice.requests import NewRequest, request, take_down
from angerona.practice.second_readers import Leaving
from angerona.practice.speaking import Asked, leaving_of
from angerona.practice.ties import begin_tie
from angerona.sealed.checking import check_rows
from angerona.sealed.held_lines import lines_now
from owed_duties import DAY, THREAT, always, copy, practice, wrong
from practice.test_erasure import ESTABLISHED, european
from practice.test_notices import NEVER, ada
from practice.test_putting_off import goes_on, unsafe
from prepared_practice import AT

__all__ = ["ada", "always", "copy", "european", "practice"]


def handed_over(practice, client_id, wish, by="Tess"):
    """The id of a packet that can be had again."""
    places = practice.vault.places(client_id)
    entries = frozenset(one.entry_id for one in places if one.wanted in wish.wants)
    leaving = Leaving(wish=wish, recipient="the officer on duty", entry_ids=entries)
    with practice.visit(by) as visit:
        made = hand_over(
            practice.door, visit, client_id, Outgoing(leaving=leaving, form="json", is_kept=True)
        )
    assert isinstance(made, HandedOver), made
    return made.packet.packet_id


def rows(practice):
    return practice.vault.store.rows("packets.all", practice_id=practice.vault.practice_id)


def test_it_keeps_silent_as_long_as_its_first_lines_do(practice, ada, always, monkeypatch):
    real = door_module.decide
    always(NEVER, notice="prohibited")
    wish = replace(THREAT, hold_until=AT + 3 * DAY)
    packet_id = handed_over(practice, ada, wish)
    monkeypatch.setattr(door_module, "decide", real)
    unsafe(practice, ada)
    goes_on(practice, 1, 4)
    at = AT + 4 * DAY
    always()
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        assert have_again(practice.door, visit, packet_id)
    shown = [one.body.get("packet") for one in lines_now(practice.vault, ada) if one.is_open(at)]
    assert packet_id.hex() not in shown
    assert not wrong(practice)


def produced_to(practice, client_id, who, at):
    practice.open(who, at)
    with practice.visit(who, at) as visit:
        found = produced_of(practice.door, visit, client_id)
    assert all(one.is_as_announced for one in found)
    return [one.packet_id for one in found]


def test_what_was_produced_is_shown_as_long_as_it_is_held_to_who_did_it(
    practice, ada, always, monkeypatch
):
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, practice.people["Theo"], "treating", until=None)
    real = door_module.decide
    always(NEVER, notice="prohibited")
    packet_id = handed_over(practice, ada, replace(THREAT, hold_until=AT + 4 * DAY))
    monkeypatch.setattr(door_module, "decide", real)
    unsafe(practice, ada)
    goes_on(practice, 1, 5)
    for days in (3, 5):  # beyond its first end a delay goes on
        at = AT + days * DAY
        for who, found in (("Tess", [packet_id]), ("Olaf", [packet_id]), ("Theo", [])):
            assert produced_to(practice, ada, who, at) == found, (days, who)


def test_no_row_says_of_whom_it_is(practice, ada, always):
    always()
    packet_id = handed_over(practice, ada, THREAT)
    [row] = rows(practice)
    assert row[:2] == (practice.people["Tess"], packet_id)
    [clear] = practice.vault.store.rows(
        "packets.of_person",
        practice_id=practice.vault.practice_id,
        person_id=practice.people["Tess"],
    )
    assert not any(ada in column for column in clear)


def test_it_goes_with_the_client_and_is_found_where_it_was_put_back(european, always):
    practice, client_id = european
    always()
    wish = replace(THREAT, wants=("diagnosis",))
    packet_id = handed_over(practice, client_id, wish, by="Thea")
    place = {"practice_id": practice.vault.practice_id, "person_id": practice.people["Thea"]}
    [(_, row, blob)] = practice.vault.store.rows("packets.of_person", **place)
    with practice.visit("Thea") as visit:
        erased = erase_client(
            visit, practice.door.packs, client_id, reason="She asked.", facts=ESTABLISHED
        )
    assert erased.written
    assert rows(practice) == []
    assert check_rows(practice.vault, AT) == []
    practice.vault.store.write(
        lambda writing: writing.run(
            "packets.insert", packet_id=packet_id, row=row, blob=blob, **place
        )
    ).result()
    assert [one.check for one in check_rows(practice.vault, AT)] == ["erasures"]
    with practice.visit("Thea") as visit:
        assert kept_packets(visit) == []


def test_a_silent_matter_under_which_something_left_openly_stands_in_no_ones_way(european, always):
    practice, ada = european
    always()
    asked = Asked(
        to="police",
        purpose="protection",
        instrument="own_initiative",
        received=AT,
        wants=("diagnosis",),
    )
    with practice.visit("Thea") as visit:
        new = NewRequest(asked=asked, client_id=ada, may_tell=False)
        matter = request(visit, take_down(practice.door, visit, new))
        leaving = leaving_of(practice.door, matter)
        outgoing = Outgoing(leaving=leaving, form="json", matter=matter)
        assert isinstance(hand_over(practice.door, visit, ada, outgoing), HandedOver)
    assert "disclosure" in [one.kind for one in practice.vault.ledger.lines_of(ada)]
    with practice.visit("Thea") as visit:
        erased = erase_client(
            visit, practice.door.packs, ada, reason="She asked.", facts=ESTABLISHED
        )
    assert erased.written
    assert check_rows(practice.vault, AT) == []
