"""A notice that a pack prohibits is owed by nobody and open to nobody, over all packs."""

import datetime
from types import SimpleNamespace

import pytest

from angerona.errors import BadInput
from angerona.gate.gathering import Wish
from angerona.gate.owing import TELL_LATER, TELL_OR_NOT, owing, tells_client
from angerona.practice.notices import may_be_told
from angerona.rules.answer import Permit
from angerona.rules.ask import read_ask
from angerona.rules.client_notice import forbidding_facts, telling
from angerona.rules.decide import decide, events_of
from naive_reader import load
from prepared_practice import AT, packs
from random_asks import asks, stacks_of

COUNT = 3_000
LATER = AT + datetime.timedelta(days=30)


@pytest.fixture(scope="module")
def drawn():
    """Asks against every stack of packs, each with its Answer and what it leaves owed."""
    import angerona.packs  # noqa: PLC0415 -- only for where the packs lie

    raw_packs = load(angerona.packs.__path__[0])
    found = []
    for raw in asks(11, COUNT, raw_packs, stacks_of(raw_packs)):
        ask = read_ask(raw, packs().facts, packs().packs)
        answer = decide(ask, packs())
        held_until = LATER if answer.notice == "prohibited" else None
        kind = "disclosure" if isinstance(answer, Permit) else "refusal"
        wish = Wish(wants=tuple(raw["wants"]), purpose=ask.purpose, orders=raw.get("orders", ()))
        gathered = SimpleNamespace(
            ask=ask,
            wish=wish,
            own=False,
            zone=datetime.UTC,
            person=SimpleNamespace(person_id=bytes(16)),
            authority=SimpleNamespace(client_id=b"\x01" * 16),
        )
        owes = owing(gathered, answer, kind, AT, held_until)
        found.append(
            (raw, ask, answer, [one for one in owes if one.row.duty.get("to") == "client"])
        )
    return found


def notices(owes):
    return [one for one in owes if one.row.duty["kind"] == "notice"]


def test_every_mode_is_drawn(drawn):
    modes = [answer.notice for _, _, answer, _ in drawn]
    counts = {one: modes.count(one) for one in set(modes)}
    assert counts.keys() == {"none", "discretionary", "required", "prohibited"}
    assert min(counts.values()) > 20


def test_where_it_is_forbidden_only_telling_later_is_owed(drawn):
    for _, ask, answer, owes in drawn:
        ids = [one.row.duty["id"] for one in notices(owes)]
        if answer.notice == "prohibited":
            outside = ask.to not in {"workforce", "client"}
            assert ids == ([TELL_LATER] if outside else [])
            assert all(one.row.not_before == one.row.held_until == LATER for one in notices(owes))
        else:
            assert TELL_LATER not in ids


def test_it_is_a_choice_exactly_where_the_law_leaves_it_open(drawn):
    for _, ask, answer, owes in drawn:
        if ask.to in {"workforce", "client"}:
            continue
        ids = [one.row.duty["id"] for one in notices(owes)]
        assert (TELL_OR_NOT in ids) == (answer.notice == "discretionary")
        if answer.notice == "required":
            assert ids


def test_weighed_again_with_the_same_facts_it_is_as_it_was(drawn):
    for _, ask, answer, _ in drawn:
        events = events_of(answer.classes, answer.outcome)
        again = telling(ask, packs(), answer.grounds, events)
        assert (again.mode, again.ask_first) == (answer.notice, answer.ask_before_telling)
        if answer.notice == "prohibited":
            assert again.cites or not any(
                tells_client(one) and one.cite for one in answer.duties if one.mode == "prohibited"
            )


def test_whatever_is_answered_what_is_forbidden_is_not_told(drawn):
    """Facts that were open are answered yes and no: it is told only where no pack prohibits."""
    tried = forbidden = 0
    for raw, _, answer, _ in drawn:
        events = events_of(answer.classes, answer.outcome)
        for said in (True, False):
            stated = raw["facts"] | dict.fromkeys(answer.ask_before_telling, said)
            ask = read_ask({**raw, "facts": stated}, packs().facts, packs().packs)
            found = telling(ask, packs(), answer.grounds, events)
            anew = decide(ask, packs())
            if anew.notice == "prohibited" and anew.grounds == answer.grounds:
                assert found.mode == "prohibited"
            if found.mode == "prohibited" or found.ask_first:
                forbidden += 1
                with pytest.raises(BadInput):
                    may_be_told(found)
            tried += 1
    assert forbidden > 100
    assert tried == 2 * len(drawn)


def test_what_decides_whether_telling_is_forbidden_is_answered_yes_or_no(drawn):
    """The page of a notice asks for nothing else."""
    asked = {one for _, _, answer, _ in drawn for one in answer.ask_before_telling}
    assert asked
    assert {packs().facts[one].type for one in asked} == {"bool"}


def test_what_forbids_hangs_on_facts_that_are_named(drawn):
    for _, ask, answer, _ in drawn:
        if answer.ask_before_telling:
            events = events_of(answer.classes, answer.outcome)
            named = forbidding_facts(ask, packs(), answer.grounds, events)
            assert named.issuperset(answer.ask_before_telling)
