"""Who reads second: nobody whom it concerns, and nobody is got rid of by the one who asks."""

from dataclasses import replace

import pytest

from angerona.errors import BadInput, Conflicting, NotAgreed, Unknown
from angerona.gate.door import Prepared
from angerona.gate.paring import LeftOut
from angerona.practice.absences import say_away
from angerona.practice.closeness import note_close, say_close
from angerona.practice.colleagues import give_post
from angerona.practice.leaving import shut_out
from angerona.practice.second_readers import answer, asked_by, readers, stand_in, waiting
from owed_duties import DAY, copy, practice, wrong
from prepared_practice import AT
from second_readings import COURT, WISH, ask, chosen, leaving

__all__ = ["copy", "practice"]
STANDS = {"consultant": "Dr Amal Invented", "reason": "the order is signed and covers this"}


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def names(practice, ada, by="Tess", recipient=""):
    with practice.visit(by) as visit:
        return [one.row.name for one in readers(visit, ada, recipient=recipient)]


def say(practice, duty_id, verdict, by, **more):
    with practice.visit(by) as visit:
        return answer(visit, duty_id, verdict, why="I read the order", **more)


def release(practice, ada, one):
    with practice.visit("Tess") as visit:
        return practice.door.release(
            visit,
            ada,
            one.wish,
            entry_ids=one.entry_ids,
            left_out=one.left_out,
            recipient=one.recipient,
        )


def close(practice, name, *others):
    with practice.visit(name) as visit:
        say_close(visit, [practice.people[one] for one in others])


def away(practice, name, by=None):
    with practice.visit(by or name) as visit:
        say_away(visit, practice.people[name], AT, AT + 7 * DAY, practice.people["Stan"])


def test_whoever_is_close_to_the_asker_or_the_client_is_not_asked(practice, ada):
    assert names(practice, ada) == ["Cora", "Olaf", "Sue", "Thea"]
    close(practice, "Sue", "Tess")
    close(practice, "Tess", "Cora")
    assert names(practice, ada) == ["Olaf", "Thea"]
    with practice.visit("Tess") as visit:
        note_close(visit, ada, [practice.people["Olaf"]])
    assert names(practice, ada) == ["Thea"]
    for reader in ("Sue", "Cora", "Olaf"):
        with pytest.raises(BadInput, match="second reader: cannot be this person"):
            ask(practice, ada, leaving(practice, ada), reader=reader)


def test_nobody_of_the_family_name_of_the_asker_or_the_recipient_is_asked(practice, ada):
    for name in ("Rosa Field", "Ida Grove"):
        practice.enrol(name, posts=("privacy_officer",))
    assert {"Rosa Field", "Ida Grove"} <= set(names(practice, ada))
    assert "Rosa Field" not in names(practice, ada, recipient="Judge J. Field, County Court")
    practice.enrol("Uma GROVE", posts=("privacy_officer",))
    assert "Ida Grove" not in names(practice, ada, by="Uma GROVE")


def test_whoever_was_asked_and_is_close_now_neither_sees_nor_answers(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada), reader="Sue")
    with practice.visit("Tess") as visit:
        note_close(visit, ada, [practice.people["Sue"]])
    with practice.visit("Sue") as visit:
        assert waiting(visit) == []
    with pytest.raises(Unknown):
        say(practice, duty_id, "agreed", by="Sue")


def test_whoever_is_away_is_not_asked(practice, ada):
    away(practice, "Sue")
    assert names(practice, ada) == ["Cora", "Olaf", "Thea"]
    with pytest.raises(BadInput, match="second reader: is out of office"):
        ask(practice, ada, leaving(practice, ada), reader="Sue")


@pytest.fixture
def alone(practice):
    """A client whom Thea treats, where Olaf alone could read."""
    client_id = practice.client("Una Grove", treating="Thea")
    practice.keep("Thea", client_id, "risk", "nothing")
    return client_id


def try_standing_in(practice, alone, recipient=COURT):
    wish = replace(WISH, wants=("risk",))
    one = leaving(practice, alone, "risk", wish=wish, recipient=recipient)
    with practice.visit("Thea") as visit:
        return stand_in(practice.door, visit, alone, one, **STANDS)


@pytest.mark.parametrize("trick", ["close to me", "close to the client", "away", "named so"])
def test_nobody_gets_rid_of_a_reader_by_his_or_her_own_word(practice, alone, trick):
    recipient = COURT
    if trick == "close to me":
        close(practice, "Thea", "Olaf")
    if trick == "close to the client":
        with practice.visit("Thea") as visit:
            note_close(visit, alone, [practice.people["Olaf"]])
    if trick == "away":
        away(practice, "Olaf", by="Thea")
    if trick == "named so":
        recipient = "the court, for the attention of Mr Olaf"
    assert names(practice, alone, by="Thea", recipient=recipient) == []
    with pytest.raises(BadInput, match="only where nobody here can read"):
        try_standing_in(practice, alone, recipient)


@pytest.mark.parametrize("why", ["close", "away", "left"])
def test_where_the_reader_says_so_a_consultant_stands_in(practice, alone, why):
    if why == "close":
        close(practice, "Olaf", "Thea")
    if why == "away":
        away(practice, "Olaf")
    if why == "left":
        with practice.visit("Thea") as visit:
            shut_out(visit, practice.people["Olaf"], posts={})
    assert try_standing_in(practice, alone)


def test_an_objection_ends_what_another_agreed_to_meanwhile(practice, ada):
    """Two are asked at one time, and the one who agrees is not the last word."""
    one = leaving(practice, ada)
    first, second, third = (ask(practice, ada, one, reader=who) for who in ("Sue", "Cora", "Olaf"))
    say(practice, first, "agreed", by="Sue")
    say(practice, second, "objected", by="Cora")
    with pytest.raises(NotAgreed):
        release(practice, ada, one)
    assert not wrong(practice)
    say(practice, third, "agreed", by="Olaf")
    assert isinstance(release(practice, ada, one), Prepared)


@pytest.mark.parametrize("verdict", ["agreed", "narrowed"])
def test_after_an_objection_others_who_were_asked_agree_to_nothing(practice, ada, verdict):
    one = leaving(practice, ada)
    first, second = (ask(practice, ada, one, reader=who) for who in ("Sue", "Cora"))
    say(practice, first, "objected", by="Sue")
    more = {"entry_ids": chosen(practice, ada, "risk")} if verdict == "narrowed" else {}
    with pytest.raises(BadInput, match="objected to this"):
        say(practice, second, verdict, by="Cora", **more)


def test_the_next_reader_sees_what_was_objected_to_of_the_same_recipient(practice, ada):
    say(practice, ask(practice, ada, leaving(practice, ada), reader="Sue"), "objected", by="Sue")
    ask(practice, ada, leaving(practice, ada, "risk"), reader="Cora")
    with practice.visit("Cora") as visit:
        [one] = waiting(visit)
    assert one.objections == ("Sue (psychologist): I read the order",)


def span(practice, ada, wanted, *spans):
    [place] = [one for one in practice.vault.places(ada) if one.wanted == wanted]
    return LeftOut(place.entry_id, place.version, spans)


def test_a_reader_narrows_it_by_passages_and_whoever_asked_hands_over_exactly_that(practice, ada):
    one = leaving(practice, ada)
    duty_id = ask(practice, ada, one)
    gone = span(practice, ada, "risk", (4, 8), (0, 5))
    say(practice, duty_id, "narrowed", by="Olaf", left_out=[gone])
    with pytest.raises(NotAgreed):
        release(practice, ada, one)
    with practice.visit("Tess") as visit:
        waits, [agreed] = asked_by(visit)
    assert waits == []
    assert (agreed.client, agreed.reader) == ("Ada", "Olaf")
    less = one.as_agreed(agreed.terms)
    assert less.left_out == (span(practice, ada, "risk", (0, 8)),)
    prepared = release(practice, ada, less)
    [text] = [text.text for place, text in prepared.entries if place.wanted == "risk"]
    assert text.startswith("[...]nobody else")


def test_what_was_left_out_before_stays_left_out(practice, ada):
    """And the gaps of two entries count in any order."""
    before = (
        span(practice, ada, "risk", (0, 3)),
        span(practice, ada, "progress_note", (0, 3)),
    )
    one = replace(leaving(practice, ada), left_out=before)
    more = span(practice, ada, "risk", (3, 9))
    say(practice, ask(practice, ada, one), "narrowed", by="Olaf", left_out=[more])
    both = (before[1], span(practice, ada, "risk", (0, 9)))
    assert isinstance(release(practice, ada, replace(one, left_out=both)), Prepared)


@pytest.mark.parametrize(
    ("verdict", "spans", "entry", "says"),
    [
        ("agreed", ((0, 3),), "risk", "narrowing alone"),
        ("narrowed", ((3, 3),), "risk", "empty or backwards"),
        ("narrowed", ((-1, 3),), "risk", "empty or backwards"),
        ("narrowed", ((0, 3),), "history", "no entry that may leave"),
    ],
)
def test_passages_that_cannot_be_left_out_are_said(practice, ada, verdict, spans, entry, says):
    duty_id = ask(practice, ada, leaving(practice, ada))
    gone = span(practice, ada, entry, *spans)
    with pytest.raises(BadInput, match=says):
        say(practice, duty_id, verdict, by="Olaf", left_out=[gone])


def test_an_objection_at_the_moment_of_another_s_release_is_told(practice, ada, monkeypatch):
    """What another agreed to left while the objection was on its way."""
    from angerona.practice import second_readers  # noqa: PLC0415 -- to answer from an old reading

    one = leaving(practice, ada)
    first, second = (ask(practice, ada, one, reader=who) for who in ("Sue", "Cora"))
    say(practice, first, "agreed", by="Sue")
    with practice.vault.store.snapshot() as reading:
        stale = second_readers.agreements(practice.vault, reading, ada)
    release(practice, ada, one)
    monkeypatch.setattr(second_readers, "agreements", lambda *_: stale)
    with pytest.raises(Conflicting):
        say(practice, second, "objected", by="Cora")


def test_an_officer_of_today_reads_in_the_posts_of_the_moment(practice, ada):
    with practice.visit("Thea") as visit:
        give_post(visit, practice.people["Stan"], "privacy_officer", until=AT + DAY)
    assert "Stan" in names(practice, ada)
