"""What is said to be wrong: bound to the entry, told to whoever got it, and never lost."""

import random

import pytest

from angerona.errors import BadInput, Conflicting, NotPermitted
from angerona.gate.door import Prepared
from angerona.gate.gathering import Wish
from angerona.gate.keeping import SealedDraft
from angerona.gate.paring import LeftOut
from angerona.gate.results import Kept
from angerona.notices.packet_files import sign_packet
from angerona.notices.packet_pages import pages_of
from angerona.practice.access import packet_of
from angerona.practice.consents import keep_consent
from angerona.practice.corrections import (
    CORRECTED,
    DISAGREES,
    REBUTTED,
    TELL,
    correct,
    given_to,
    place_statement,
    rebut,
    state,
)
from angerona.practice.duties import owed
from angerona.practice.rights import answer
from angerona.sealed.checking import check_rows
from asking_rights import LETTER, asked, matter_of, way_in
from owed_duties import copy, practice, wrong
from prepared_practice import AT

__all__ = ["copy", "practice"]

CONSENT = {
    "by": "client",
    "form": "release",
    "classes": ["diagnosis", "history"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-01-01",
    "until": None,
    "revoked": None,
    "elements": {},
}
ACCURATE = "us-hipaa.right.amend:3"
WORDS = "I was never in that town. My sister was."


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def entry_of(practice, client_id, wanted):
    return next(one.entry_id for one in practice.vault.places(client_id) if one.wanted == wanted)


def consented(practice, client_id):
    elements = {
        one.key: True
        for pack in ("house", "us-hipaa", "us-ca")
        for form in practice.door.packs.packs[pack].consent_forms
        for one in form.elements
    }
    with practice.visit("Tess") as visit:
        keep_consent(visit, client_id, {**CONSENT, "elements": elements})


def given(practice, client_id, entries, at=AT, **more):
    """A packet to the insurer, on the client's consent."""
    wish = Wish(
        wants=("diagnosis", "history"),
        purpose="insurance",
        to="insurer",
        instrument="consent",
        facts={
            "care.minimum_ok": True,
            "recipient.identity_verified": True,
            "record.joint": False,
            "record.part2": False,
            "client.restriction": False,
        },
        **{"between": None, **more},
    )
    with practice.visit("Tess", at) as visit:
        prepared = practice.door.release(
            visit, client_id, wish, entry_ids=entries, recipient="Harbour Mutual"
        )
        assert isinstance(prepared, Prepared), prepared
        packet = packet_of(practice.door, visit, prepared, name="Harbour Mutual", blanks={})
        practice.door.handed_over(prepared, at, how="post", packet_id=packet.packet_id)
        return packet


def disputed(practice, client_id, entry_id, text=WORDS, by="Tess"):
    with practice.visit(by) as visit:
        kept = state(practice.door, visit, client_id, entry_id, DISAGREES, text, facts={})
    assert isinstance(kept, Kept)
    return kept.entry_id


def test_a_correction_stands_beside_the_entry_and_the_old_words_stay(practice, ada):
    consented(practice, ada)
    entry_id = entry_of(practice, ada, "history")
    matter_id = asked(practice, "Tess", ada, "correction", more={"entry": entry_id.hex()})
    with practice.visit("Tess") as visit:
        correct(
            practice.door,
            visit,
            matter_of(visit, matter_id),
            "It was 1998.",
            letter=LETTER,
            facts={},
        )
    parts = given(practice, ada, [entry_id]).parts
    assert [one.heading for one in parts] == ["Session", CORRECTED]
    assert "Ada and nobody else" in parts[0].text
    assert parts[1].text == "It was 1998."
    assert wrong(practice) == []


def test_a_refusal_has_a_reason_and_the_clients_own_words_go_with_every_later_packet(practice, ada):
    consented(practice, ada)
    way_in(practice, ada)
    entry_id = entry_of(practice, ada, "history")
    more = {"entry": entry_id.hex()}
    first = asked(practice, "ada", ada, "correction", own=True, more=more)
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, first)
        answer(practice.door, visit, matter, "refused", LETTER, reason=ACCURATE)
    assert len(given(practice, ada, [entry_id]).parts) == 1
    second = asked(practice, "ada", ada, "statement", own=True, more=more, text=WORDS)
    with practice.visit("Tess") as visit:
        kept = place_statement(practice.door, visit, matter_of(visit, second), facts={})
        assert isinstance(kept, Kept)
    with practice.visit("Tess") as visit:
        rebut(practice.door, visit, ada, entry_id, "The file of 1998 says so.", facts={})
    packet = given(practice, ada, [entry_id, entry_of(practice, ada, "diagnosis")])
    assert [(one.of_class, one.heading) for one in packet.parts] == [
        ("history", "Session"),
        ("history", DISAGREES),
        ("history", REBUTTED),
        ("diagnosis", "Session"),
    ]
    assert packet.parts[1].text == WORDS
    signer = practice.vault.keyset.signer()
    assert pages_of(sign_packet(packet, signer=signer, paper="a4")).startswith(b"%PDF-")


def test_whoever_got_it_is_told_each_once_and_the_client_reads_to_whom(practice, ada):
    consented(practice, ada)
    entry_id = entry_of(practice, ada, "history")
    for _ in range(2):
        given(practice, ada, [entry_id])
    given(practice, ada, [entry_of(practice, ada, "diagnosis")])
    with practice.visit("Tess") as visit:
        [one] = given_to(visit, ada, entry_id)
        assert (one.to, one.recipient) == ("insurer", "Harbour Mutual")
    matter_id = asked(practice, "Tess", ada, "correction", more={"entry": entry_id.hex()})
    with practice.visit("Tess") as visit:
        correct(
            practice.door,
            visit,
            matter_of(visit, matter_id),
            "It was 1998.",
            letter=LETTER,
            facts={},
        )
        tell = [one.duty.row.duty for one in owed(visit) if one.duty.row.duty["id"] == TELL]
    assert [one["what"] for one in tell] == ["tell Harbour Mutual of it"]
    said = [one.body.get("what", "") for one in practice.vault.ledger.lines_of(ada)]
    assert any("Harbour Mutual" in one and one.startswith("is to tell") for one in said)
    assert wrong(practice) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_statement_is_never_lost_however_a_packet_is_chosen(practice, ada, seed):
    """Whatever is chosen, an entry that is disputed never leaves without what disputes it."""
    dice = random.Random(seed)
    consented(practice, ada)
    entries = [
        practice.keep("Tess", ada, dice.choice(["history", "diagnosis"]), f"said {n}").entry_id
        for n in range(5)
    ]
    stated = {}
    for _ in range(dice.randint(1, 4)):
        about = dice.choice(entries)
        stated.setdefault(about, []).append(disputed(practice, ada, about, f"no: {dice.random()}"))
    for _ in range(4):
        chosen = dice.sample(entries, dice.randint(1, 5))
        ids = [one.entry_id for one in given(practice, ada, chosen).parts]
        assert set(ids) == {*chosen, *(one for about in chosen for one in stated.get(about, ()))}
        for about in chosen:
            at = ids.index(about)
            behind = stated.get(about, [])
            assert ids[at + 1 : at + 1 + len(behind)] == behind


def test_days_that_an_order_names_do_not_part_a_statement_from_its_entry(practice, ada):
    consented(practice, ada)
    entry_id = entry_of(practice, ada, "history")
    later = AT.replace(day=9)
    practice.open("Tess", later)
    with practice.visit("Tess", later) as visit:
        state(practice.door, visit, ada, entry_id, DISAGREES, WORDS, facts={})
    day = AT.date()
    assert len(given(practice, ada, [entry_id], at=later, between=(day, day)).parts) == 2


def test_no_passage_of_a_statement_is_left_out(practice, ada):
    consented(practice, ada)
    entry_id = entry_of(practice, ada, "history")
    statement = disputed(practice, ada, entry_id)
    wish = Wish(
        wants=("history",),
        purpose="client_request",
        to="client",
        facts={"recipient.identity_verified": True, "us_hipaa.access_endangers": False},
    )
    with practice.visit("Tess") as visit, pytest.raises(BadInput, match="statement"):
        practice.door.release(
            visit,
            ada,
            wish,
            entry_ids=[entry_id],
            left_out=[LeftOut(statement, 1, ((0, 3),))],
            recipient="Ada",
        )


def test_it_is_kept_and_bound_in_one_transaction_or_not_at_all(practice, ada, monkeypatch):
    """A power cut between the two would leave words that go nowhere, or a link to nothing."""
    entry_id = entry_of(practice, ada, "history")
    vault = practice.vault
    before = len(vault.places(ada)), len(vault.ledger.lines_of(ada))
    for step in ("bind", "insert"):
        with monkeypatch.context() as patch:
            patch.setattr(SealedDraft, step, broken)
            with pytest.raises(Conflicting):
                disputed(practice, ada, entry_id)
        assert (len(vault.places(ada)), len(vault.ledger.lines_of(ada))) == before
        assert vault.authority(ada).client.statements == ()
    statement = disputed(practice, ada, entry_id)
    [stated] = vault.authority(ada).client.statements
    assert (stated.entry_id, stated.statement_id) == (entry_id, statement)
    kept, bound = vault.ledger.lines_of(ada)[-2:]
    assert (kept.kind, bound.kind, bound.body["what"]) == (
        "kept",
        "right",
        f"put beside an entry: {DISAGREES}",
    )
    assert list(check_rows(vault, AT)) == []


def broken(*_):
    raise Conflicting("the power went")


def test_who_may_write_beside_an_entry(practice, ada):
    door = practice.door
    entry_id = entry_of(practice, ada, "history")
    for name in ("Olaf", "Cora"):
        with practice.visit(name) as visit, pytest.raises(NotPermitted):
            state(door, visit, ada, entry_id, DISAGREES, WORDS, facts={})
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput, match="text"):
            state(door, visit, ada, entry_id, DISAGREES, "  ", facts={})
        with pytest.raises(BadInput, match="not disputed"):
            rebut(door, visit, ada, entry_id, "So it was.", facts={})
    apart = entry_of(practice, ada, "psychotherapy_note")
    assert disputed(practice, ada, apart)
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, asked(practice, "Tess", ada, "copy"))
        with pytest.raises(NotPermitted):
            correct(door, visit, matter, "x", letter=LETTER, facts={})
