"""What is owed is shown to whom it concerns, ends once, and neither goes nor comes unseen."""

import datetime
import threading
from dataclasses import replace

import pytest

from angerona.errors import BadInput, StoreFull, Unknown
from angerona.gate.door import Shown
from angerona.gate.emergency import absorb, look_in_emergency
from angerona.gate.owing import TELL_LATER
from angerona.practice.duties import fulfil, owed
from angerona.practice.erasure import erase_client
from angerona.practice.notices import Sent, send_notice
from angerona.practice.ties import begin_tie
from angerona.practice.upkeep import keep_up
from angerona.practice.who_looked import in_words
from angerona.rules.answer import Owed, Permit
from owed_duties import (
    DAY,
    MINUTE,
    REPORT,
    REVIEW,
    SAFE,
    TELL,
    THREAT,
    always,
    copy,
    glass,
    last,
    practice,
    released,
    there,
    wrong,
)
from prepared_practice import AT, packs
from restored_practice import backed_up, reopened, restored, sources

__all__ = ["always", "copy", "practice"]


def shown_to(practice, name, at=AT):
    with practice.visit(name, at) as visit:
        return [one.duty.row.duty["id"] for one in owed(visit)]


def test_who_sees_what_is_owed(practice, copy):
    ada = copy.clients["Ada"]
    glass(practice, ada)
    assert {name: shown_to(practice, name) for name in ("Olaf", "Tess", "Nina", "Theo", "Fay")} == {
        "Olaf": [REVIEW],
        "Tess": [REVIEW],
        "Nina": [REVIEW],
        "Theo": [],
        "Fay": [],
    }
    with practice.visit("Olaf") as visit:
        [one] = owed(visit)
    assert (one.client, one.is_overdue) == ("Ada", False)
    line = last(practice, practice.people["Olaf"])
    assert (line.kind, line.body["what"], line.body["duties"]) == ("look", "duties", 1)
    assert "owed" in in_words([line], datetime.UTC)[0].sentence


def test_what_is_due_first_comes_first_and_what_is_past_says_so(practice, copy, always):
    ada, later = copy.clients["Ada"], replace(THREAT, moments={"the oral report": AT})
    always(REPORT)
    released(practice, ada, THREAT)
    released(practice, ada, later)
    always(replace(REPORT, id="xx.soon", due="PT1H"))
    released(practice, ada, later)
    practice.open("Olaf", AT + DAY)
    with practice.visit("Olaf", AT + DAY) as visit:
        found = owed(visit)
    assert [one.duty.row.duty["id"] for one in found] == ["xx.soon", "xx.report", "xx.report"]
    assert [one.is_overdue for one in found] == [True, False, False]


def test_a_duty_is_done_once_with_a_line_that_says_how_and_by_whom(practice, copy):
    ada = copy.clients["Ada"]
    [duty] = glass(practice, ada).owed
    with practice.visit("Olaf") as visit:
        assert fulfil(visit, ada, duty.duty_id, how="read it with Nina") is not None
    line = last(practice, ada)
    assert (line.kind, line.body["by"]["name"], line.body["how"]) == (
        "done",
        "Olaf",
        "read it with Nina",
    )
    assert line.body["done"] == [duty.digest(copy.practice_id)]
    assert "Olaf did what was owed" in in_words([line], datetime.UTC)[0].sentence
    assert there(practice) == []
    before = practice.vault.ledger.size
    for name in ("Olaf", "Tess"):
        with practice.visit(name) as visit:
            assert fulfil(visit, ada, duty.duty_id, how="again") is None
    assert practice.vault.ledger.size == before
    assert not wrong(practice)


def test_telling_the_client_is_a_line_of_its_own_kind(practice, copy, always):
    always(TELL, notice="required")
    [duty] = released(practice, copy.clients["Ada"], THREAT).owed
    sent = Sent(way="in_person", text="We told the police.", facts=SAFE)
    with practice.visit("Tess") as visit:
        assert send_notice(practice.door, visit, copy.clients["Ada"], duty.duty_id, sent)
    assert last(practice, copy.clients["Ada"]).kind == "notice"


def test_who_has_nothing_to_do_with_it_cannot_tell_whether_it_is_there(practice, copy):
    ada, otto = copy.clients["Ada"], copy.clients["Otto"]
    [duty] = glass(practice, ada).owed
    said = []
    for name, client_id, duty_id in (
        ("Theo", ada, duty.duty_id),
        ("Theo", ada, bytes(16)),
        ("Fay", ada, duty.duty_id),
        ("Olaf", otto, duty.duty_id),
        ("Olaf", bytes(16), duty.duty_id),
    ):
        with practice.visit(name) as visit, pytest.raises(Unknown) as silence:
            fulfil(visit, client_id, duty_id, how="done")
        said.append(str(silence.value))
    assert len(set(said)) == 1
    assert there(practice) == [duty]
    with practice.visit("Olaf") as visit:
        fulfil(visit, ada, duty.duty_id, how="read")
    with practice.visit("Theo") as visit, pytest.raises(Unknown):
        fulfil(visit, ada, duty.duty_id, how="read")
    with practice.visit("Nina") as visit, pytest.raises(Unknown):
        fulfil(visit, ada, duty.duty_id, how="read")


@pytest.mark.parametrize("how", ["", "x" * 201, "two\nlines", None])
def test_how_it_was_done_is_one_line(practice, copy, how):
    [duty] = glass(practice, copy.clients["Ada"]).owed
    with practice.visit("Olaf") as visit, pytest.raises(BadInput, match="how"):
        fulfil(visit, copy.clients["Ada"], duty.duty_id, how=how)


def test_two_who_mark_it_at_once_write_one_line(practice, copy):
    ada = copy.clients["Ada"]
    [duty] = glass(practice, ada).owed
    found, together = [], threading.Barrier(6)

    def mark(name):
        with practice.visit(name) as visit:
            together.wait()
            found.append(fulfil(visit, ada, duty.duty_id, how="read"))

    threads = [threading.Thread(target=mark, args=(name,)) for name in ("Olaf", "Thea") * 3]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len([one for one in found if one is not None]) == 1
    assert [one.kind for one in practice.vault.ledger.lines_of(ada)].count("done") == 1


def test_nothing_owed_is_lost_over_a_restart(copy):
    with copy.opened() as practice:
        owed_before = glass(practice, copy.clients["Ada"]).owed
    with copy.opened() as practice:
        assert tuple(there(practice)) == owed_before
        assert shown_to(practice, "Olaf") == [REVIEW]


def tampered(copy, sql, **given):
    """What a thief with the database does: a statement past every door."""
    import apsw  # noqa: PLC0415 -- only here

    connection = apsw.Connection(str(copy.database))
    connection.execute(sql, given)
    connection.close()


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("DELETE FROM duties", "missing"),
        ("UPDATE duties SET row = zeroblob(900)", "altered"),
        ("UPDATE duties SET client_id = practice_id", "altered"),
        ("UPDATE duties SET duty_id = zeroblob(16)", "altered"),
    ],
)
def test_a_duty_that_was_deleted_or_changed_is_found(copy, sql, said):
    with copy.opened() as practice:
        glass(practice, copy.clients["Ada"])
    tampered(copy, sql)
    with copy.opened() as practice:
        assert any(said in one for one in wrong(practice))


def test_a_duty_that_was_put_back_is_found(copy):
    with copy.opened() as practice:
        [duty] = glass(practice, copy.clients["Ada"]).owed
        [row] = practice.vault.store.rows("duties.all", practice_id=copy.practice_id)
        with practice.visit("Olaf") as visit:
            fulfil(visit, copy.clients["Ada"], duty.duty_id, how="read")
        assert not wrong(practice)
    tampered(
        copy,
        "INSERT INTO duties VALUES (:practice, :duty, :client, :row)",
        practice=copy.practice_id,
        duty=row[0],
        client=row[1],
        row=row[2],
    )
    with copy.opened() as practice:
        assert any("elsewhere" in one for one in wrong(practice))


def test_what_a_held_act_owes_stands_under_the_practice(practice, copy, always):
    ada = copy.clients["Ada"]
    keep_up(practice.vault, AT)
    before = practice.vault.ledger.lines_of(ada)
    always(REPORT, notice="prohibited")
    duty, later = released(practice, ada, THREAT).owed
    rows = practice.vault.store.rows("duties.all", practice_id=copy.practice_id)
    assert {one[1] for one in rows} == {copy.practice_id}, "the table does not tell of whom"
    assert later.row.not_before == later.row.held_until
    assert shown_to(practice, "Olaf") == [TELL_LATER, "xx.report"]
    with practice.visit("Tess") as visit:
        fulfil(visit, ada, duty.duty_id, how="sent by post")
    assert practice.vault.ledger.lines_of(ada) == before
    assert last(practice, copy.practice_id).body["held"] == "done"
    assert not wrong(practice)
    with practice.visit("Tess") as visit:
        assert fulfil(visit, ada, duty.duty_id, how="again") is None
    for days in (1, 2):
        keep_up(practice.vault, AT + days * DAY)
    kinds = [one.kind for one in practice.vault.ledger.lines_of(ada)[len(before) :]]
    assert kinds == ["disclosure", "done"]
    assert not wrong(practice)


def test_a_held_duty_that_is_done_after_its_hold_is_told(practice, copy, always):
    ada = copy.clients["Ada"]
    always(REPORT, notice="prohibited")
    duty, _ = released(practice, ada, replace(THREAT, hold_until=AT + DAY)).owed
    practice.open("Tess", AT + DAY)
    with practice.visit("Tess", AT + DAY) as visit:
        fulfil(visit, ada, duty.duty_id, how="sent by post")
    assert last(practice, ada).kind == "done"
    assert not wrong(practice)


@pytest.mark.parametrize("notice", ["none", "prohibited"])
@pytest.mark.parametrize("is_done", [False, True])
def test_with_a_client_goes_what_is_owed(practice, copy, always, monkeypatch, notice, is_done):
    una, soon = practice.client("Una Invented", treating="Tess"), AT + 5 * MINUTE
    practice.keep("Tess", una, "risk", "a plan")
    always(REPORT, notice=notice)
    released(practice, copy.clients["Ada"], replace(THREAT, hold_until=soon))
    stays = there(practice)
    duty, *_ = released(practice, una, replace(THREAT, wants=("risk",), hold_until=soon)).owed
    if is_done:
        with practice.visit("Tess", soon) as visit:
            fulfil(visit, una, duty.duty_id, how="sent by post")
    monkeypatch.undo()
    from angerona.practice import erasure  # noqa: PLC0415 -- only here

    real = erasure.decide
    monkeypatch.setattr(erasure, "decide", lambda ask, loaded: _let(ask, real(ask, loaded)))
    with practice.visit("Thea") as visit:
        erased = erase_client(visit, packs(), una, reason="she asked for it", facts={})
    assert erased.written is not None
    assert there(practice) == stays
    assert not wrong(practice)


def _let(ask, answer):
    fields = {name: getattr(answer, name) for name in answer.__dataclass_fields__}
    return Permit(**{**fields, "released": frozenset(ask.wants), "scopes": {}})


def test_what_an_emergency_leaves_owed_comes_with_the_spool(practice, copy, monkeypatch, tmp_path):
    real = type(practice.vault.ledger).append

    def full(*_args, **_more):
        raise StoreFull("the disk is full")

    monkeypatch.setattr(type(practice.vault.ledger), "append", full)
    wish = {"purpose": "emergency", "reason": "he said goodbye", "spool": tmp_path / "spool"}
    monkeypatch.setattr("angerona.gate.emergency.decide", _with_review)
    with practice.visit("Nina") as visit:
        shown = look_in_emergency(practice.door, visit, copy.clients["Ada"], **wish)
    assert isinstance(shown, Shown)
    assert there(practice) == []
    monkeypatch.setattr(type(practice.vault.ledger), "append", real)
    assert absorb(practice.vault, tmp_path / "spool", AT + DAY).taken == 1
    [duty] = there(practice)
    assert (duty.row.duty["id"], duty.row.at, duty.row.due) == (REVIEW, AT, AT + DAY)
    assert not wrong(practice)


def _with_review(ask, loaded):
    from angerona.rules.decide import decide  # noqa: PLC0415 -- only here

    review = Owed(
        id=REVIEW, kind="review", mode="required", what="review", due="P1D", due_from="the look"
    )
    return replace(decide(ask, loaded), duties=(review,))


def test_a_colleague_who_treats_too_sees_what_is_owed(practice, copy):
    ada = copy.clients["Ada"]
    glass(practice, ada)
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, practice.people["Stan"], "treating", until=None)
    assert shown_to(practice, "Stan") == [REVIEW]


def test_after_a_restore_what_is_owed_is_what_the_newest_keyset_holds(
    practice, copy, always, tmp_path
):
    """An older content knows neither that a duty was done nor that another was owed since."""
    ada, otto = copy.clients["Ada"], copy.clients["Otto"]
    always(REPORT)
    [early] = released(practice, ada, THREAT).owed
    always(REPORT, notice="prohibited")
    held, _ = released(practice, ada, THREAT).owed
    before = backed_up(practice, tmp_path / "before")
    with practice.visit("Tess") as visit:
        fulfil(visit, ada, early.duty_id, how="sent")
    always(REPORT)
    with practice.visit("Theo") as visit:
        [late] = practice.door.release(visit, otto, THREAT, recipient="the police").owed
    after = backed_up(practice, tmp_path / "after", at=AT + DAY)
    practice.vault.store.close()
    found = sources(copy, before, keyset=after.keyset, accept_loss=True)
    restored(found, tmp_path / "anew", at=AT + DAY)
    with reopened(copy, tmp_path / "anew") as again:
        assert {held.duty_id, late.duty_id} <= {one.duty_id for one in there(again)}
        assert early.duty_id not in {one.duty_id for one in there(again)}
        assert not wrong(again)
        with again.visit("Olaf") as visit:
            fulfil(visit, otto, late.duty_id, how="sent")
        assert not wrong(again)


def test_a_backup_as_it_is_brings_back_what_is_owed(practice, copy, tmp_path):
    [duty] = glass(practice, copy.clients["Ada"]).owed
    made = backed_up(practice, tmp_path / "made")
    practice.vault.store.close()
    restored(sources(copy, made), tmp_path / "anew")
    with reopened(copy, tmp_path / "anew") as again:
        assert there(again) == [duty]
        assert not wrong(again)
