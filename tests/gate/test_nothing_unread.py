"""Nothing leaves past the second reader where one is owed: every way round, tried."""

import contextlib
import json
from dataclasses import fields, replace

import pytest

from angerona.errors import BadAsk, BadInput, NotAgreed, Unknown
from angerona.gate.door import Prepared
from angerona.gate.gathering import Wish
from angerona.gate.owing import AFTER
from angerona.gate.second_reading import AGREED
from angerona.practice.absences import say_away
from angerona.practice.duties import fulfil
from angerona.practice.leaving import shut_out
from angerona.practice.read_afterwards import say_afterwards
from angerona.practice.second_readers import answer, stand_in
from angerona.sealed.duties import DutyRow
from owed_duties import DAY, copy, practice, there
from prepared_practice import AT
from second_readings import COURT, THREAT, WISH, ask, chosen, leaving

__all__ = ["copy", "practice"]


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def release(practice, ada, one, by="Tess"):
    with practice.visit(by) as visit:
        return practice.door.release(
            visit,
            ada,
            one.wish,
            entry_ids=one.entry_ids,
            left_out=one.left_out,
            recipient=one.recipient,
        )


def agreed(practice, ada, one, reader="Olaf"):
    duty_id = ask(practice, ada, one, reader=reader)
    with practice.visit(reader) as visit:
        answer(visit, duty_id, "agreed", why="I read it")


def test_what_a_colleague_may_look_at_does_not_leave_as_a_look(practice, ada):
    """A Permit to look in hand, the name of a court on the packet: nothing leaves."""
    look = Wish(wants=("risk",), purpose="treatment", facts={"care.minimum_ok": True})
    one = leaving(practice, ada, "risk", wish=look)
    before = practice.vault.ledger.lines_of(ada)
    with pytest.raises(BadInput, match="recipient: is a colleague"):
        release(practice, ada, one)
    with practice.visit("Tess") as visit, pytest.raises(BadInput, match="recipient"):
        practice.door.proposed(visit, ada, look, one.choice, recipient=COURT)
    assert practice.vault.ledger.lines_of(ada) == before


def test_a_danger_that_is_stated_beside_an_order_lets_the_order_wait_all_the_same(practice, ada):
    wish = replace(WISH, wants=("risk",), facts={**WISH.facts, **THREAT.facts})
    with pytest.raises(NotAgreed):
        release(practice, ada, leaving(practice, ada, "risk", wish=wish))


TOLD_APART = {
    "wants": ("risk", "history"),
    "purpose": "protection",
    "to": "police",
    "instrument": "search_warrant",
    "purpose_by": "practice",
    "act": "notify",
    "facts": {**WISH.facts, "record.joint": False},
    "orders": ({"classes": ["risk"]},),
    "between": (AT.date(), AT.date()),
    "asker": bytes(16),
    "care": "counselling",
    "in_camera": True,
    "party": bytes(16),
}
SAME = {"reason", "hold_until", "unsettled", "as_author", "moments"}
"""What nobody is told of, and changes nothing of what leaves, to whom and on what."""


def test_every_part_of_a_wish_is_agreed_to_or_changes_nothing_of_what_leaves():
    assert {one.name for one in fields(Wish)} == TOLD_APART.keys() | SAME


@pytest.mark.parametrize("name", TOLD_APART)
def test_whatever_is_wished_otherwise_is_another_disclosure(practice, ada, name):
    """The rules may refuse it for reasons of their own: but it never leaves on this agreement."""
    one = leaving(practice, ada)
    agreed(practice, ada, one)
    other = replace(one, wish=replace(WISH, **{name: TOLD_APART[name]}))
    found = None
    with contextlib.suppress(NotAgreed, BadInput, BadAsk, Unknown):
        found = release(practice, ada, other)
    if isinstance(found, Prepared):
        assert found.permit.outcome == "require", "what a law requires waits for nobody"
        assert AFTER in [duty.row.duty["id"] for duty in found.owed]
    assert isinstance(release(practice, ada, one), Prepared)


def test_an_agreement_of_one_client_serves_for_no_other(practice, ada, copy):
    otto = copy.clients["Otto"]
    agreed(practice, ada, leaving(practice, ada))
    with pytest.raises(NotAgreed):
        release(practice, otto, leaving(practice, otto), by="Theo")


def test_an_agreement_that_somebody_wrote_into_the_rows_lets_nothing_leave(practice, ada):
    """With the directory's key in hand, and no line of the ledger."""
    one, vault = leaving(practice, ada), practice.vault
    agreed(practice, ada, one)
    [duty] = [duty for duty in there(practice) if duty.row.duty["id"] == AGREED]
    with practice.visit("Tess") as visit:
        fulfil(visit, ada, duty.duty_id, how="let be")
    row = replace_row(duty.row, reader={"id": "00" * 16, "name": "Nobody", "roles": []})
    forged = bytes(16)
    vault.store.write(
        lambda writing: writing.run(
            "duties.insert",
            practice_id=vault.practice_id,
            duty_id=forged,
            client_id=ada,
            row=vault.directory.seal(row, ada, forged),
        )
    ).result()
    with pytest.raises(NotAgreed):
        release(practice, ada, one)


def replace_row(row, **said):
    told = {name: getattr(row, name) for name in DutyRow.__struct_fields__}
    return DutyRow(**{**told, "owed": json.dumps({**row.duty, **said}).encode()})


def test_no_consultant_outweighs_an_objection(practice):
    """The one who objected goes away, and nobody else could read."""
    alone = practice.client("Una Grove", treating="Thea")
    practice.keep("Thea", alone, "risk", "nothing")
    one = leaving(practice, alone, "risk", wish=replace(WISH, wants=("risk",)))
    duty_id = ask(practice, alone, one, reader="Olaf", by="Thea")
    with practice.visit("Olaf") as visit:
        answer(visit, duty_id, "objected", why="no seal")
        say_away(visit, practice.people["Olaf"], AT, AT + DAY, practice.people["Stan"])
    said = {"consultant": "Dr Amal Invented", "reason": "it is signed"}
    with practice.visit("Thea") as visit, pytest.raises(BadInput, match="objection"):
        stand_in(practice.door, visit, alone, one, **said)
    with practice.visit("Thea") as visit:
        shut_out(visit, practice.people["Olaf"], posts={})
    with practice.visit("Thea") as visit, pytest.raises(BadInput, match="objection"):
        stand_in(practice.door, visit, alone, one, **said)


def test_a_reading_before_is_not_answered_as_one_afterwards(practice, ada):
    duty_id = ask(practice, ada, leaving(practice, ada))
    with practice.visit("Olaf") as visit, pytest.raises(Unknown):
        say_afterwards(visit, duty_id, "in_order", why="x")
    with pytest.raises(NotAgreed):
        release(practice, ada, leaving(practice, ada))


def test_a_release_that_failed_again_and_again_opens_what_was_agreed_to_and_nothing_else(
    practice, ada
):
    one = leaving(practice, ada)
    agreed(practice, ada, one)
    for _ in range(2):
        prepared = release(practice, ada, one)
        practice.door.failed(prepared, AT, why="the printer was off")
    more = replace(one, entry_ids=one.entry_ids | chosen(practice, ada, "history"))
    with pytest.raises((NotAgreed, BadInput)):
        release(practice, ada, more)
