"""The client is told as the law says and by the ways the client allows, and never otherwise."""

import datetime
from dataclasses import replace

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.owing import TELL_LATER, TELL_OR_NOT
from angerona.practice.clients import establish
from angerona.practice.contact import NewContact, change_contact
from angerona.practice.deadlines import board
from angerona.practice.deaths import record_death
from angerona.practice.duties import fulfil
from angerona.practice.notices import (
    PINGS,
    WAYS,
    Sent,
    leave_untold,
    notice_of,
    send_notice,
)
from angerona.practice.own_choices import ITEMS, choose_shown, read_about_staying_unseen
from angerona.practice.portal import give_way_in
from angerona.practice.putting_off import Later, put_off
from angerona.practice.upkeep import keep_up
from angerona.practice.who_looked import in_words
from angerona.rules.answer import Owed
from angerona.sealed.pages import all_pages
from angerona.sealed.rows import Way
from owed_duties import (
    DAY,
    SAFE,
    TELL,
    THREAT,
    always,
    copy,
    last,
    practice,
    released,
    there,
    wrong,
)
from prepared_practice import AT, PASSWORD, packs, quick_passwords

__all__ = ["always", "copy", "practice"]

NEVER = Owed(
    id="us-ca.never", kind="notice", mode="prohibited", what="do not tell", to="client", cite="C 1"
)
MAY = Owed(id="us-ca.may", kind="notice", mode="discretionary", what="Tell them.", to="client")
WORDS = "We want you to know that something went to the police on Monday."
ADDRESSES = {"phone": "0131 496 0024", "mail": "ada@example.org", "address": "1 Invented Road"}
EVERY = {name: Way(allowed=True) for name in ("phone", "text", "mail", "post")}


@pytest.fixture
def ada(practice, copy):
    """Ada, with a way in, messages turned on, and every way to reach her allowed."""
    client_id = copy.clients["Ada"]
    with quick_passwords(), practice.visit("Tess") as visit:
        made = give_way_in(visit, client_id, "Ada", PASSWORD)
        practice.people["Ada"] = made.person_id
    with quick_passwords():
        practice.sign_in("Ada")
    with practice.visit("Ada") as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ITEMS)
    reach(practice, client_id, EVERY)
    return client_id


def reach(practice, client_id, ways, *, addresses=ADDRESSES, by="Ada", **more):
    with practice.visit(by) as visit:
        change_contact(visit, client_id, NewContact(ways=ways, addresses=addresses, **more))


def told(practice, client_id, duty, at=AT, by="Tess", **how):
    practice.open(by, at)
    how = {"way": "in_person", "text": WORDS, "facts": SAFE} | how
    with practice.visit(by, at) as visit:
        return send_notice(practice.door, visit, client_id, duty.duty_id, Sent(**how))


def put_off_until(practice, visit, client_id, duty, until, **facts):
    later = Later(until=until, reason="It is not safe.", facts=facts)
    return put_off(practice.door, visit, client_id, duty.duty_id, later)


def waiting(practice):
    with practice.vault.store.snapshot() as reading:
        return all_pages(practice.vault, reading)


def letters_of(practice, client_id):
    return [one for one in practice.vault.places(client_id) if one.wanted == "correspondence"]


def owed(practice, client_id, wish=THREAT):
    return [one for one in released(practice, client_id, wish).owed if one.row.duty["to"]]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_tells_marks_as_done_and_keeps_the_words(practice, ada, always, way):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    before = len(letters_of(practice, ada))
    assert told(practice, ada, duty, way=way)
    assert there(practice) == waiting(practice) == []
    assert len(letters_of(practice, ada)) == before + 1
    line = last(practice, ada)
    assert (line.kind, line.body["way"], line.body["rule"]) == ("notice", way, "xx.tell")
    [said] = in_words([line], datetime.UTC)
    assert said.sentence.startswith("Tess (psychologist) told the client ")
    assert "prepared name and contact and risk" in said.sentence
    where = {"post": "\u2026 ad", "phone": "\u2026 24"}.get(way, "")
    assert where in said.sentence
    assert told(practice, ada, duty, way=way) is None, "it is told once"
    assert len(letters_of(practice, ada)) == before + 1
    assert not wrong(practice)


def test_the_client_reads_it_on_the_own_pages(practice, ada, always, monkeypatch):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    told(practice, ada, duty, way="pages", ping="mail")
    monkeypatch.undo()
    with practice.visit("Tess") as visit:
        establish(visit, packs(), ada, {"client.unsafe_to_tell": False})
    texts = [text.text for _, text in practice.look("Tess", ada).entries]
    assert WORDS in texts
    [mail] = waiting(practice)
    assert (mail.row.to, mail.row.says, mail.row.client_id) == ("ada@example.org", "message", ada)


CLOSED = [
    ("post", {"ways": {}}, "closed"),
    ("phone", {"ways": {"phone": Way(), "post": Way(allowed=True)}}, "does not want"),
    ("phone", {"ways": EVERY, "addresses": {"phone": ""}}, "on file"),
    ("post", {"ways": EVERY, "addresses": {"address": ""}}, "on file"),
    ("post", {"ways": {**EVERY, "post": Way(allowed=True, only=("care",))}}, "for other things"),
    ("pages", {"ways": EVERY, "quiet_pages": True}, "nothing new"),
    ("owl", {"ways": EVERY}, "is none"),
]


@pytest.mark.parametrize(("way", "said", "why"), CLOSED)
def test_a_way_that_the_client_did_not_open_stays_closed(practice, ada, always, way, said, why):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    reach(practice, ada, **said)
    before = letters_of(practice, ada)
    with pytest.raises(BadInput, match=why):
        told(practice, ada, duty, way=way)
    assert (letters_of(practice, ada), waiting(practice)) == (before, [])
    assert there(practice) == [duty]
    assert told(practice, ada, duty, way="in_person"), "one can always speak"


@pytest.mark.parametrize("way", sorted(set(WAYS) - {"in_person"}))
def test_nothing_goes_to_the_address_of_a_client_who_has_died(practice, ada, always, way):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    with practice.visit("Tess") as visit:
        record_death(visit, ada, day=None, source="her sister wrote")
    with pytest.raises(BadInput, match="the client has died"):
        told(practice, ada, duty, way=way)
    assert there(practice) == [duty]
    assert told(practice, ada, duty, way="in_person"), "somebody may act in the client's place"


@pytest.mark.parametrize("hidden", ["messages", "everything", "way in"])
def test_pages_that_show_no_messages_are_sent_none(practice, copy, ada, always, hidden):
    always(TELL, notice="required")
    client_id = copy.clients["Otto"] if hidden == "way in" else ada
    with practice.visit("Theo" if hidden == "way in" else "Tess") as visit:
        found = practice.door.release(visit, client_id, THREAT, recipient="the police").owed
    if hidden != "way in":
        with practice.visit("Ada") as visit:
            choose_shown(visit, set(ITEMS) - {"messages"} if hidden == "messages" else set())
    by = "Theo" if hidden == "way in" else "Tess"
    with pytest.raises(BadInput, match="closed"):
        told(practice, client_id, found[0], way="pages", by=by)
    assert waiting(practice) == []


@pytest.mark.parametrize(
    ("way", "ping", "said"),
    [
        ("pages", "mail", {"ways": {**EVERY, "mail": Way()}}),
        ("pages", "text", {"ways": {**EVERY, "text": Way()}}),
        ("pages", "mail", {"ways": {**EVERY, "mail": Way(allowed=True, only=("appointments",))}}),
        ("pages", "mail", {"ways": EVERY, "addresses": {"mail": ""}}),
        ("post", "mail", {"ways": EVERY}),
        ("pages", "owl", {"ways": EVERY}),
    ],
)
def test_no_word_goes_that_something_waits_unless_the_client_allows_it(
    practice, ada, always, way, ping, said
):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    reach(practice, ada, **said)
    with pytest.raises(BadInput, match="word that it waits"):
        told(practice, ada, duty, way=way, ping=ping)
    assert waiting(practice) == []


def test_what_must_never_be_done_is_read_first(practice, ada, always):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    reach(practice, ada, EVERY, never="Never write to my home.")
    with pytest.raises(BadInput, match="never"):
        told(practice, ada, duty, way="post")
    assert told(practice, ada, duty, way="in_person", never_read=True)


@pytest.mark.parametrize("text", ["", "  ", "On [day] something went.", "x" * 20_001])
def test_words_that_are_missing_or_have_a_gap_are_not_sent(practice, ada, always, text):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    text = text.replace("[day]", "[reason]")
    with pytest.raises(BadInput, match="words"):
        told(practice, ada, duty, text=text)
    assert there(practice) == [duty]


def test_what_must_be_told_is_not_done_by_saying_so(practice, ada, always):
    """Whoever marks it as done has weighed nothing, told nothing, and kept no words."""
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    before = letters_of(practice, ada)
    for who in ("Tess", "Olaf"):
        with practice.visit(who) as visit, pytest.raises(BadInput, match="not done by saying so"):
            fulfil(visit, ada, duty.duty_id, how="by phone")
    assert there(practice) == [duty]
    assert letters_of(practice, ada) == before
    assert told(practice, ada, duty, way="phone")


def test_who_has_nothing_to_do_with_it_tells_nobody(practice, ada, always):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    with pytest.raises(Unknown):
        told(practice, ada, duty, by="Theo")
    with pytest.raises(NotPermitted):
        told(practice, ada, duty, by="Olaf")
    assert there(practice) == [duty]


# Weighed again.


def test_what_decides_whether_it_is_forbidden_is_asked_first(practice, ada, always):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    with practice.visit("Tess") as visit:
        assert set(notice_of(practice.door, visit, ada, duty.duty_id).telling.ask_first) == {*SAFE}
    for facts in ({}, {"client.unsafe_to_tell": False}, {"client.age": True}):
        with pytest.raises(BadInput, match="not answered"):
            told(practice, ada, duty, facts=facts)
    for one in SAFE:
        with pytest.raises(BadInput, match="forbids"):
            told(practice, ada, duty, way="pages", ping="mail", facts={**SAFE, one: True})
    assert waiting(practice) == []
    assert there(practice) == [duty]


def test_what_is_on_file_since_counts_over_what_is_said_now(practice, ada, always):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    with practice.visit("Tess") as visit:
        establish(visit, packs(), ada, {"client.unsafe_to_tell": True})
    with pytest.raises(BadInput, match="forbids"):
        told(practice, ada, duty)
    later = AT + 30 * DAY
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        for day in (AT, AT + 400 * DAY):
            with pytest.raises(BadInput, match="until"):
                put_off_until(practice, visit, ada, duty, day)
        assert put_off_until(practice, visit, ada, duty, later)
    [again] = there(practice)
    assert (again.row.duty["id"], again.row.due, again.row.held_until) == (TELL_LATER, later, later)
    held = last(practice, practice.vault.practice_id)
    assert (held.body["held"], held.body["way"]) == ("notice", "later")
    with pytest.raises(BadInput, match="forbids"):
        told(practice, ada, again)
    with practice.visit("Tess") as visit:
        establish(visit, packs(), ada, {"client.unsafe_to_tell": False})
    assert told(practice, ada, again, at=later)
    assert not wrong(practice)


# Forbidden.


def test_while_it_is_forbidden_nothing_is_sent_whatever_is_pressed(practice, ada, always):
    keep_up(practice.vault, AT)
    always(NEVER, TELL, notice="prohibited")
    [duty] = owed(practice, ada)
    before = practice.vault.ledger.lines_of(ada), letters_of(practice, ada)
    with practice.visit("Tess") as visit:
        found = notice_of(practice.door, visit, ada, duty.duty_id)
    assert found.is_forbidden
    seen = len(practice.vault.ledger.lines_of(ada)) - len(before[0])
    for way in WAYS:
        for ping in PINGS:
            with pytest.raises(BadInput, match="forbids"):
                told(practice, ada, duty, way=way, ping=ping, never_read=True, reason="why")
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput):
            leave_untold(visit, ada, duty.duty_id, "why")
        with pytest.raises(BadInput):
            put_off_until(practice, visit, ada, duty, AT + DAY)
        with pytest.raises(BadInput, match="not done by saying so"):
            fulfil(visit, ada, duty.duty_id, how="by phone")
    assert letters_of(practice, ada) == before[1]
    assert waiting(practice) == []
    assert there(practice) == [duty]
    after = practice.vault.ledger.lines_of(ada)
    assert {one.kind for one in after[len(before[0]) :]} == {"look"}
    assert len(after) == len(before[0]) + seen * (1 + len(WAYS) * len(PINGS))


def test_what_is_held_back_cannot_be_told_from_silence(practice, ada, always):
    """One line a day, as long as a blank one, whatever waits to be told."""
    keep_up(practice.vault, AT)
    start = len(practice.vault.ledger.lines_of(ada))
    always(NEVER, notice="prohibited")
    owed(practice, ada, replace(THREAT, hold_until=AT + 30 * DAY))
    for days in range(1, 4):
        keep_up(practice.vault, AT + days * DAY)
    lines = practice.vault.ledger.lines_of(ada)[start:]
    shown = [one for one in lines if one.is_open(AT + 3 * DAY)]
    assert len(lines) == 3, "one closed line a day, whatever happened"
    assert shown == []
    rows = practice.vault.store.rows(
        "events.of_subject", practice_id=practice.vault.practice_id, subject_id=ada, past=10**9
    )
    assert len({(len(stub), len(body)) for *_, stub, body in rows[start:]}) == 1
    practice.open("Ada", AT + 3 * DAY)
    with practice.visit("Ada", AT + 3 * DAY) as visit:
        seen = practice.door.who_looked(visit, ada)
    assert not [one for one in seen if one.kind in {"disclosure", "notice", "held"}]


def test_when_the_hold_ends_telling_is_due_and_the_line_is_on_the_list(practice, ada, always):
    keep_up(practice.vault, AT)
    always(NEVER, notice="prohibited")
    until = AT + 5 * DAY
    [duty] = owed(practice, ada, replace(THREAT, hold_until=until))
    assert (duty.row.duty["id"], duty.row.due, duty.row.not_before) == (TELL_LATER, until, until)
    for days in range(1, 6):
        keep_up(practice.vault, AT + days * DAY)
    practice.open("Tess", until)
    with practice.visit("Tess", until) as visit:
        found = board(visit)
    assert [one.owing.duty for one in found["today"]] == [duty]
    assert "disclosure" in [
        one.kind for one in practice.vault.ledger.lines_of(ada) if one.is_open(until)
    ]
    practice.open("Ada", until)
    assert told(practice, ada, duty, at=until, way="pages")
    line = last(practice, ada)
    assert (line.kind, line.body["rule"], line.held_until) == ("notice", TELL_LATER, None)
    assert "police" in in_words([line], datetime.UTC)[0].sentence
    assert there(practice) == []
    assert not wrong(practice)


# Left open.


def choice(practice, ada, always):
    always(MAY, notice="discretionary")
    [duty] = owed(practice, ada)
    assert (duty.row.duty["id"], duty.row.duty["mode"]) == (TELL_OR_NOT, "discretionary")
    assert duty.row.due == AT + 7 * DAY, "five working days, the practice's own"
    return duty


def test_a_choice_needs_a_reason_either_way(practice, ada, always):
    duty = choice(practice, ada, always)
    with pytest.raises(BadInput, match="reason"):
        told(practice, ada, duty, way="phone")
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput):
            leave_untold(visit, ada, duty.duty_id, " ")
        with pytest.raises(BadInput, match="not done by saying so"):
            fulfil(visit, ada, duty.duty_id, how="done")
    assert there(practice) == [duty]
    assert told(practice, ada, duty, way="phone", reason="She asked to be told.")
    assert "She asked" not in str(last(practice, ada).body)


def test_not_telling_is_written_down_with_its_reason_sealed(practice, ada, always):
    duty = choice(practice, ada, always)
    with practice.visit("Tess") as visit:
        assert leave_untold(visit, ada, duty.duty_id, "It would frighten her now.")
        assert leave_untold(visit, ada, duty.duty_id, "Again.") is None
    line = last(practice, ada)
    assert "frighten" not in str(line.body)
    assert "chose not to tell" in in_words([line], datetime.UTC)[0].sentence
    assert waiting(practice) == there(practice) == []


def test_what_must_be_told_is_no_choice(practice, ada, always):
    always(TELL, notice="required")
    [duty] = owed(practice, ada)
    with practice.visit("Tess") as visit, pytest.raises(BadInput, match="left open"):
        leave_untold(visit, ada, duty.duty_id, "I would rather not.")
