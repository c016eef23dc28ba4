"""The door: who is let through, what is written, and that nothing opens without its line."""

import dataclasses
import datetime

import pytest

from angerona.errors import Altered, BadInput, Conflicting, SignedOut, StoreFull, Unknown
from angerona.gate import unsealing
from angerona.gate.door import Kept, Prepared, Shown
from angerona.gate.gathering import Wish
from angerona.gate.results import Receipt
from angerona.ledger.verifying import read_receipt
from angerona.practice.consents import keep_consent, take_back_consent
from angerona.practice.ties import begin_tie, end_tie
from angerona.practice.upkeep import keep_up
from angerona.rules.answer import AskFirst, Permit, Refuse
from small_practice import AT, MINUTE

WORDS = {
    "attendance": "came on Monday",
    "identity": "lives by the harbour",
    "billing": "two sessions of fifty minutes",
    "diagnosis": "F41.1",
    "medication": "sertraline 50 mg",
    "risk": "safety plan: call her sister",
    "progress_note": "spoke of the garden",
    "substance_use": "four glasses a night",
    "correspondence": "a letter from the school",
    "psychotherapy_note": "my own thoughts on the dream",
    "legal": "from her lawyer",
}
KEPT_APART = {"psychotherapy_note", "legal"}


@pytest.fixture
def client(practice):
    """A client of Thea's with an entry of each of many classes."""
    client_id = practice.client("Ada Invented")
    for wanted, text in WORDS.items():
        assert isinstance(practice.keep("Thea", client_id, wanted, text), Kept)
    return client_id


def lines(practice, client_id):
    return [line.kind for line in practice.vault.ledger.lines_of(client_id)]


def read(shown):
    return {place.wanted: entry.text for place, entry in shown.entries}


def test_the_treating_clinician_reads_what_the_rules_give(practice, client):
    shown = practice.look("Thea", client)
    assert read(shown) == {one: text for one, text in WORDS.items() if one not in KEPT_APART}


def test_an_author_reads_what_he_or_she_keeps_apart_when_it_alone_is_named(practice, client):
    places = practice.vault.places(client)
    apart = {one.wanted: one.entry_id for one in places if one.wanted in KEPT_APART}
    shown = practice.look("Thea", client, entry_ids=apart.values())
    assert read(shown) == {one: WORDS[one] for one in KEPT_APART}
    assert practice.vault.ledger.lines_of(client)[-1].body["as"]["relations"][-1] == "author"


def test_nobody_reads_what_another_keeps_apart(practice, client):
    note = next(one for one in practice.vault.places(client) if one.wanted == "psychotherapy_note")
    with practice.visit("Thea") as visit:
        begin_tie(visit, client, practice.people["Sue"], "treating", until=None)
    assert isinstance(practice.look("Sue", client, entry_ids=[note.entry_id]), Refuse)
    own = practice.keep("Sue", client, "psychotherapy_note", "what Sue thinks of it")
    assert isinstance(practice.look("Thea", client, entry_ids=[own.entry_id]), Refuse)
    both = [note.entry_id, own.entry_id]
    assert isinstance(practice.look("Thea", client, entry_ids=both), Refuse)


def test_a_look_leaves_one_line_that_says_who_what_and_by_which_rule(practice, client):
    before = lines(practice, client)
    practice.look("Thea", client)
    *earlier, last = practice.vault.ledger.lines_of(client)
    assert [line.kind for line in earlier] == before
    assert (last.kind, last.body["by"]["name"]) == ("look", "Thea")
    assert "progress_note" in last.body["classes"]
    assert "house.look.treating" in last.body["rules"]


@pytest.mark.parametrize(
    ("who", "purpose", "classes"),
    [
        ("Fay", "operations", {"attendance", "identity"}),
        ("Bill", "payment", {"attendance", "identity", "billing", "diagnosis"}),
        ("Nina", "treatment", {"identity", "diagnosis", "risk", "medication"}),
    ],
)
def test_a_post_reads_its_classes_and_no_others(practice, client, who, purpose, classes):
    assert set(read(practice.look(who, client, purpose=purpose))) == classes


def test_a_post_is_refused_an_entry_of_another_class(practice, client):
    places = practice.vault.places(client)
    note = next(one for one in places if one.wanted == "progress_note")
    answer = practice.look("Fay", client, entry_ids=[note.entry_id])
    assert isinstance(answer, Refuse)
    assert lines(practice, client)[-1] == "refusal"


def test_a_stranger_and_an_unknown_client_are_met_with_the_same_silence(practice, client):
    before = lines(practice, client)
    said = []
    for client_id in (client, bytes(16)):
        with pytest.raises(Unknown) as silence:
            practice.look("Sue", client_id)
        said.append(str(silence.value))
    assert said[0] == said[1]
    assert lines(practice, client) == before, "the client's own list does not name a stranger"
    last = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1]
    assert last.kind == "refusal"


def test_an_entry_of_another_client_is_not_there(practice, client):
    other = practice.client("Otto Invented")
    entry_id = practice.vault.places(client)[0].entry_id
    with pytest.raises(Unknown):
        practice.look("Thea", other, entry_ids=[entry_id])


def test_a_list_shows_where_entries_stand_and_opens_nothing(practice, client):
    with practice.visit("Bill") as visit:
        places = practice.door.list(visit, client, purpose="payment")
    assert {one.wanted for one in places} == {"attendance", "identity", "billing", "diagnosis"}
    last = practice.vault.ledger.lines_of(client)[-1]
    assert (last.kind, last.body["what"]) == ("look", "listed")


def test_a_supervisor_reads_while_the_tie_lasts(practice, client):
    sue = practice.people["Sue"]
    with practice.visit("Thea") as visit:
        until = AT + 10 * MINUTE
        tie_id = begin_tie(visit, client, sue, "supervisor", until=until)
    assert "progress_note" in read(practice.look("Sue", client, purpose="supervision"))
    with pytest.raises(Unknown):
        practice.look("Sue", client, AT + 10 * MINUTE)
    assert "progress_note" in read(practice.look("Sue", client, purpose="supervision"))
    with practice.visit("Thea") as visit:
        end_tie(visit, client, tie_id)
    with pytest.raises(Unknown):
        practice.look("Sue", client)
    kinds = lines(practice, client)
    assert "grant" in kinds
    assert "revocation" in kinds


def test_an_amendment_keeps_the_earlier_text(practice, client):
    entry_id = next(
        one.entry_id for one in practice.vault.places(client) if one.wanted == "progress_note"
    )
    kept = practice.keep("Thea", client, "progress_note", "spoke of the rose", amends=entry_id)
    assert kept.version == 2
    shown = practice.look("Thea", client, entry_ids=[entry_id])
    assert [entry.text for _, entry in shown.entries] == ["spoke of the rose"]
    versions = [one.version for one in practice.vault.places(client) if one.entry_id == entry_id]
    assert versions == [1, 2]


def test_nobody_amends_what_another_wrote_or_of_another_class(practice, client):
    entry_id = practice.vault.places(client)[0].entry_id
    with pytest.raises(BadInput, match="same class"):
        practice.keep("Thea", client, "progress_note", "other", amends=entry_id)
    with pytest.raises(BadInput, match="another author"):
        practice.keep("Fay", client, "attendance", "x", amends=entry_id, purpose="operations")


def test_two_tabs_amend_the_same_entry_and_the_second_is_told(practice, client, monkeypatch):
    entry_id = practice.vault.places(client)[0].entry_id
    first = practice.vault.places(client)
    practice.keep("Thea", client, "attendance", "from the first tab", amends=entry_id)
    monkeypatch.setattr(type(practice.vault), "places", lambda *_: first)
    with pytest.raises(Conflicting):
        practice.keep("Thea", client, "attendance", "from the second tab", amends=entry_id)


@pytest.mark.parametrize("text", ["", "   \n", "x" * 1_000_001, "half \ud83d"])
def test_what_cannot_be_kept_is_named(practice, client, text):
    with pytest.raises(BadInput):
        practice.keep("Thea", client, "progress_note", text)


def test_nothing_opens_when_the_ledger_cannot_be_written(practice, client, monkeypatch):
    def broken(*_args, **_more):
        raise StoreFull

    opened = []
    monkeypatch.setattr(type(practice.vault.ledger), "append", broken)
    monkeypatch.setattr("angerona.gate.unsealing.open_sealed", lambda *_a, **_m: opened.append(1))
    with pytest.raises(StoreFull):
        practice.look("Thea", client)
    assert not opened


def test_entries_side_by_side_are_read_together_and_each_as_what_it_is(practice, monkeypatch):
    client = practice.client("Ada Invented")
    texts = [f"what was said in hour {number}" for number in range(40)]
    ids = [practice.keep("Thea", client, "progress_note", one).entry_id for one in texts]
    practice.keep("Thea", client, "progress_note", "and what was added", amends=ids[3])
    texts[3] = "and what was added"
    reads = []
    real = type(practice.vault.store).rows

    def counted(store, statement, /, **given):
        reads.append(statement)
        return real(store, statement, **given)

    practice.look("Thea", client)
    monkeypatch.setattr(type(practice.vault.store), "rows", counted)
    shown = practice.look("Thea", client)
    assert {place.entry_id: entry.text for place, entry in shown.entries} == dict(
        zip(ids, texts, strict=True)
    )
    assert len(reads) <= 4, "40 places, in stretches of 32, cut where one was changed"
    monkeypatch.undo()
    odd = practice.look("Thea", client, entry_ids=ids[::2])
    assert [entry.text for _, entry in odd.entries] == texts[::2]


def test_nothing_is_shown_of_a_look_when_one_entry_does_not_open(practice, client, monkeypatch):
    real = unsealing.sealed_entries

    def broken(visit, client_id, places):
        for sealed in real(visit, client_id, places):
            is_risk = sealed.place.wanted == "risk"
            blob = sealed.blob[:-1] + b"x" if is_risk else sealed.blob
            yield dataclasses.replace(sealed, blob=blob)

    monkeypatch.setattr(unsealing, "sealed_entries", broken)
    with pytest.raises(Altered):
        practice.look("Thea", client)
    assert lines(practice, client)[-2:] == ["look", "failed"]


ELEMENTS = (
    *("info_described", "discloser_named", "recipient_named", "purpose_each", "expiry"),
    *("signature_date", "signer_authority", "st_revoke", "st_conditioning", "st_redisclosure"),
    "plain_language",
)
CONSENT = {
    "by": "client",
    "form": "hipaa_authorization",
    "classes": ["diagnosis", "attendance"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-01-01",
    "until": "2026-12-31",
    "revoked": None,
    "elements": dict.fromkeys(ELEMENTS, True),
}
TO_THE_INSURER = Wish(
    wants=("diagnosis", "attendance", "progress_note"),
    purpose="insurance",
    to="insurer",
    instrument="consent",
    facts={
        "care.minimum_ok": True,
        "recipient.identity_verified": True,
        "client.restriction": False,
        "client.paid_out_of_pocket": False,
        "record.joint": False,
        "record.part2": False,
    },
)


def release(practice, client_id, wish):
    with practice.visit("Thea") as visit:
        return practice.door.release(visit, client_id, wish, recipient="Harbour Mutual")


def test_without_a_consent_nothing_leaves(practice, client):
    assert not isinstance(release(practice, client, TO_THE_INSURER), Prepared)
    assert lines(practice, client)[-1] == "refusal"


def test_with_a_consent_what_it_names_leaves_and_the_rest_stays(practice, client):
    with practice.visit("Thea") as visit:
        consent_id = keep_consent(visit, client, CONSENT)
        preview = practice.door.preview(visit, client, TO_THE_INSURER)
    assert isinstance(preview.answer, Permit), preview.answer.because
    prepared = release(practice, client, TO_THE_INSURER)
    assert read(prepared) == {"attendance": "came on Monday", "diagnosis": "F41.1"}
    assert [one.wanted for one in prepared.withheld] == ["progress_note"]
    practice.door.handed_over(prepared, AT, how="by hand", packet_id=bytes(16))
    assert lines(practice, client)[-2:] == ["disclosure", "handed_over"]
    with practice.visit("Thea") as visit:
        take_back_consent(visit, client, consent_id)
    assert isinstance(release(practice, client, TO_THE_INSURER), AskFirst | Refuse)


def test_a_disclosure_that_comes_to_nothing_is_written_as_such(practice, client):
    with practice.visit("Thea") as visit:
        keep_consent(visit, client, CONSENT)
    prepared = release(practice, client, TO_THE_INSURER)
    practice.door.failed(prepared, AT, why="the printer was out of paper")
    *_, announced, failed = practice.vault.ledger.lines_of(client)
    assert failed.kind == "failed"
    assert failed.body["announced"] == announced.event_id.hex()


def test_a_preview_writes_nothing(practice, client):
    before = lines(practice, client)
    with practice.visit("Thea") as visit:
        practice.door.preview(visit, client, TO_THE_INSURER)
    assert lines(practice, client) == before


def test_a_look_in_a_session_that_is_over_is_refused(practice, client):
    with pytest.raises(SignedOut):
        practice.look("Thea", client, AT + datetime.timedelta(days=1))
    practice.open("Thea")


def test_a_decision_is_never_older_than_the_authority_it_rests_on(practice, client, monkeypatch):
    """A tie that ends between gathering and writing sends the look back to the beginning."""
    sue = practice.people["Sue"]
    with practice.visit("Thea") as visit:
        tie_id = begin_tie(visit, client, sue, "supervisor", until=None)
    from angerona.gate import door  # noqa: PLC0415 -- to stand between two steps

    real, ended = door.decide, []

    def slow(ask, packs):
        answer = real(ask, packs)
        if not ended:
            ended.append(True)
            with practice.visit("Thea") as visit:
                end_tie(visit, client, tie_id)
        return answer

    monkeypatch.setattr(door, "decide", slow)
    with pytest.raises(Unknown):
        practice.look("Sue", client)
    assert lines(practice, client)[-1] == "revocation"


def test_an_empty_record_is_shown_empty(practice):
    shown = practice.look("Thea", practice.client("Una Invented"))
    assert isinstance(shown, Shown)
    assert shown.entries == ()


def test_what_must_not_be_told_yet_takes_the_place_of_a_blank_line(practice, client):
    with practice.visit("Thea") as visit:
        keep_consent(visit, client, CONSENT)
    keep_up(practice.vault, AT)
    before = practice.vault.ledger.lines_of(client)
    until = AT + datetime.timedelta(days=10)
    told = {**TO_THE_INSURER.facts, "client.unsafe_to_tell": True}
    prepared = release(
        practice, client, dataclasses.replace(TO_THE_INSURER, facts=told, hold_until=until)
    )
    assert prepared.permit.notice == "prohibited"
    practice.door.handed_over(prepared, AT, how="by hand", packet_id=bytes(16))
    assert practice.vault.ledger.lines_of(client) == before, "the client's list has not moved"
    *_, announced, handed_over = practice.vault.ledger.lines_of(practice.vault.practice_id)
    assert [one.kind for one in (announced, handed_over)] == ["held", "held"]
    assert announced.body["stated"]["client.unsafe_to_tell"] is True
    for days in (1, 2, 3):
        keep_up(practice.vault, AT + datetime.timedelta(days=days))
    first, second, blank = practice.vault.ledger.lines_of(client)[len(before) :]
    assert [one.kind for one in (first, second, blank)] == ["disclosure", "handed_over", "blank"]
    day = AT + datetime.timedelta(days=1)
    assert [one.is_open(day) for one in (first, second, blank)] == [False] * 3
    assert [one.is_open(until) for one in (first, second, blank)] == [True, True, False]
    assert first.body["happened"] == AT.isoformat()
    receipt = read_receipt(practice.vault.ledger.receipt(client, since=None, at=day))
    assert [line.body for line in receipt.lines[-3:]] == [None] * 3
    assert len({len(line.leaf) for line in receipt.lines}) == 1


def test_a_held_disclosure_that_fails_does_not_tell_on_itself(practice, client, monkeypatch):
    with practice.visit("Thea") as visit:
        keep_consent(visit, client, CONSENT)
    before = practice.vault.ledger.lines_of(client)
    told = {**TO_THE_INSURER.facts, "client.unsafe_to_tell": True}

    def broken(*_args, **_more):
        raise Altered("an entry")

    monkeypatch.setattr("angerona.gate.door.unsealed", broken)
    with pytest.raises(Altered):
        release(practice, client, dataclasses.replace(TO_THE_INSURER, facts=told))
    assert practice.vault.ledger.lines_of(client) == before
    *_, announced, failed = practice.vault.ledger.lines_of(practice.vault.practice_id)
    assert (announced.body["held"], failed.body["held"]) == ("disclosure", "failed")


@pytest.mark.parametrize("kind", ["handed_over", "failed"])
def test_both_lines_of_a_held_receipt_are_held_and_open_in_their_order(practice, client, kind):
    facts = {
        "recipient.identity_verified": True,
        "us_hipaa.accounting_hold": False,
        "us_hipaa.hold_entries_left_out": True,
        "client.unsafe_to_tell": True,
    }
    keep_up(practice.vault, AT)
    with practice.visit("Olaf") as visit:
        made = practice.door.receipt(visit, client, facts=facts, since=None)
    assert made.prepared.permit.notice == "prohibited"
    before = practice.vault.ledger.lines_of(client)
    if kind == "failed":
        practice.door.failed(made.prepared, AT, why="the receipt was not written")
    else:
        packet_id = made.prepared.written.event_id
        practice.door.handed_over(made.prepared, AT, how="as a file", packet_id=packet_id)
    assert practice.vault.ledger.lines_of(client) == before, "the client's list has not moved"
    for days in (1, 2, 3, 4):
        keep_up(practice.vault, AT + datetime.timedelta(days=days))
    told = practice.vault.ledger.lines_of(client)[len(before) :]
    assert [one.kind for one in told] == ["disclosure", kind, "blank", "blank"]
    until = made.prepared.held_until
    assert [one.is_open(until) for one in told] == [True, True, False, False]
    assert not any(one.is_open(until - MINUTE) for one in told)


@pytest.mark.parametrize("days", [0, -1, 367, 10_000])
def test_nothing_is_held_for_ever(practice, client, days):
    with practice.visit("Thea") as visit:
        keep_consent(visit, client, CONSENT)
    told = {**TO_THE_INSURER.facts, "client.unsafe_to_tell": True}
    until = AT + datetime.timedelta(days=days)
    with pytest.raises(BadInput, match="hold until"):
        release(practice, client, dataclasses.replace(TO_THE_INSURER, facts=told, hold_until=until))


def test_what_somebody_stated_stands_in_the_line(practice, client):
    practice.look("Thea", client, facts={"care.minimum_ok": True})
    assert practice.vault.ledger.lines_of(client)[-1].body["stated"] == {"care.minimum_ok": True}


def test_the_desk_makes_no_receipt_of_what_it_may_not_see(practice, client):
    facts = {
        "recipient.identity_verified": True,
        "us_hipaa.accounting_hold": False,
        "us_hipaa.hold_entries_left_out": True,
    }
    for who in ("Fay", "Bill"):
        with practice.visit(who) as visit:
            answer = practice.door.receipt(visit, client, facts=facts, since=None)
        assert isinstance(answer, AskFirst | Refuse)
    with practice.visit("Olaf") as visit:
        made = practice.door.receipt(visit, client, facts=facts, since=None)
    assert isinstance(made, Receipt), "with these facts the law does give the client a receipt"


def test_a_preview_names_no_entry_to_whom_the_rules_refuse(practice, client):
    wish = Wish(wants=("psychotherapy_note", "substance_use"), purpose="operations")
    with practice.visit("Fay") as visit:
        previewed = practice.door.preview(visit, client, wish)
        assert not isinstance(previewed.answer, Permit)
        assert previewed.would_go == previewed.would_stay == ()
        with pytest.raises(Unknown):
            practice.door.preview(visit, bytes(16), wish)


@pytest.mark.parametrize("reason", ["half \ud83d", "x" * 4_001])
def test_a_reason_that_cannot_be_kept_is_named(practice, client, reason):
    with pytest.raises(BadInput, match="reason"):
        practice.look("Thea", client, reason=reason)


@pytest.mark.parametrize("recipient", ["", "x" * 201, "two\nlines", "half \ud83d", None])
def test_a_recipient_is_one_line(practice, client, recipient):
    with practice.visit("Thea") as visit, pytest.raises(BadInput, match="recipient"):
        practice.door.release(visit, client, TO_THE_INSURER, recipient=recipient)
