"""What was produced is what the signed manifest has, piece by piece, byte for byte."""

import csv
import hashlib
import io
import json

import pytest

from angerona.errors import Forged, Unknown
from angerona.notices.packet_files import canonical, fingerprint, verify_json
from angerona.practice.handing_over import HandedOver, Outgoing
from angerona.practice.produced import COLUMNS, produced_csv, produced_of, produced_pdf
from angerona.practice.requests import NewRequest, answer_with, request, take_down
from angerona.practice.second_readers import answer, ask_reader, waiting
from angerona.practice.speaking import Asked, choose, leaving_of, proposed
from owed_duties import copy, practice
from prepared_practice import AT
from second_readings import COURT, WISH

__all__ = ["copy", "practice"]
WANTS = ("progress_note", "risk", "psychotherapy_note")


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


@pytest.fixture
def produced(practice, ada):
    """What left on a judge's order, one entry less than could have."""
    return handed_over(practice, ada)


def handed_over(practice, client_id, *, may_tell=True, **more):
    fields = {"to": "court", "instrument": "court_order", "facts": dict(WISH.facts)}
    asked = Asked(
        **(fields | {"purpose": WISH.purpose, "received": AT, "name": COURT, "wants": WANTS} | more)
    )
    with practice.visit("Tess") as visit:
        new = NewRequest(asked=asked, client_id=client_id, may_tell=may_tell)
        matter_id = take_down(practice.door, visit, new)
        matter = request(visit, matter_id)
        previewed = practice.door.preview(visit, client_id, leaving_of(practice.door, matter).wish)
        matter = choose(visit, matter, [one.entry_id for one in previewed.would_go][1:])
        leaving, now = leaving_of(practice.door, matter), proposed(practice.door, visit, matter)
        olaf = practice.people["Olaf"]
        ask_reader(practice.door, visit, client_id, leaving, olaf, why="the order is here")
    with practice.visit("Olaf") as visit:
        [one] = waiting(visit)
        answer(visit, one.duty.duty_id, "agreed", why="as ordered")
    with practice.visit("Tess") as visit:
        outgoing = Outgoing(leaving=leaving, form="json", seen=now.seen)
        made = answer_with(practice.door, visit, request(visit, matter_id), outgoing)
    assert isinstance(made, HandedOver), made
    return made


def listed(practice, client_id, by="Tess"):
    with practice.visit(by) as visit:
        return produced_of(practice.door, visit, client_id)


def pieces(raw):
    """Each part of a packet's file, as it is named: entry, version, class, bytes, SHA-256."""
    return [
        (one["entry"], one["version"], one["class"], len(data), hashlib.sha256(data).hexdigest())
        for one in raw["parts"]
        for data in [canonical(one)]
    ]


def of(found):
    return [
        (one.entry_id.hex(), one.version, one.of_class, one.length, one.sha256)
        for one in found.pieces
    ]


def test_the_list_is_the_signed_manifest_byte_for_byte(practice, ada, produced):
    [one] = listed(practice, ada)
    raw = json.loads(produced.data)
    assert of(one) == pieces(raw)
    signed = [(part["class"], part["length"], part["sha256"]) for part in raw["manifest"]["parts"]]
    assert [(cls, length, sha) for _, _, cls, length, sha in of(one)] == signed
    assert one.manifest == hashlib.sha256(canonical(raw["manifest"])).hexdigest()
    assert one.packet_id == produced.packet.packet_id
    assert (one.to, one.instrument) == ("court", "court_order")


def test_a_packet_with_another_letter_in_it_is_not_what_the_list_says(practice, ada, produced):
    [one] = listed(practice, ada)
    raw = json.loads(produced.data)
    raw["parts"][0]["text"] += "."
    assert pieces(raw)[0] != of(one)[0]
    assert pieces(raw)[1:] == of(one)[1:]
    key = fingerprint(practice.vault.keyset.signer().public)
    with pytest.raises(Forged):
        verify_json(canonical(raw), key=key)


def test_what_left_is_what_had_been_announced_and_what_stayed_is_named_by_kind_alone(practice, ada):
    handed_over(practice, ada)
    [one] = listed(practice, ada)
    assert one.is_as_announced
    assert one.unchosen == 1
    went = {piece.of_class for piece in one.pieces}
    assert went | set(one.stayed) == set(WANTS)
    assert went.isdisjoint(one.stayed)


def test_the_table_and_the_pages_say_it_with_no_word_of_what_is_in_it(practice, ada, produced):
    [one] = listed(practice, ada)
    head, *rows = csv.reader(io.StringIO(produced_csv(one).decode()))
    assert tuple(head) == COLUMNS
    assert [(row[1], int(row[2]), int(row[5]), row[6]) for row in rows] == [
        (entry, version, length, sha) for entry, version, _, length, sha in of(one)
    ]
    table = produced_csv(one).decode()
    assert not any(part.text in table for part in produced.packet.parts)
    zone = practice.vault.practice().zone
    pdf = produced_pdf(one, practice="Practice", zone=zone, at=AT, paper="a4")
    assert pdf.startswith(b"%PDF")


def test_what_the_client_may_not_hear_of_is_listed_for_who_sent_it_and_the_officer(practice, ada):
    made = handed_over(practice, ada, may_tell=False)
    for name in ("Tess", "Olaf"):
        [one] = listed(practice, ada, by=name)
        assert one.packet_id == made.packet.packet_id
        assert one.is_as_announced
    lines = practice.vault.ledger.lines_of(ada)
    assert not any("produced" in one.body for one in lines)


def test_the_desk_sees_nothing_of_what_left(practice, ada):
    handed_over(practice, ada)
    assert listed(practice, ada, by="Olaf")
    assert listed(practice, ada, by="Fay") == []
    with pytest.raises(Unknown):
        listed(practice, bytes(16))
