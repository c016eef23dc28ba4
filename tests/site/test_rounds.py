"""What is due each day is done beside the requests, a backup too, and nothing stops it."""

import datetime

import pytest

import owed_duties
from angerona.cli.backing_up import daily_backup
from angerona.errors import Altered, BackupFault, Unopenable
from angerona.practice.backups import sets_in
from angerona.practice.caseload import met
from angerona.practice.matters import open_matters
from angerona.site.rounds import Rounds
from prepared_practice import prepared
from running_site import Clock

DAY = datetime.timedelta(days=1)
MINUTE = datetime.timedelta(minutes=1)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with copy.opened() as opened:
        yield opened


def rounds(practice, back_up):
    clock, heads = Clock(), []
    packs = practice.door.packs
    kept = Rounds(practice.vault, clock, packs=packs, remember=heads.append, back_up=back_up)
    return kept, clock, heads


def test_a_backup_is_made_each_day_while_the_practice_is_open(practice, tmp_path):
    places = tmp_path / "content", tmp_path / "keysets"
    kept, clock, heads = rounds(practice, daily_backup(*map(str, places)))
    kept.go()
    kept.go()
    assert [len(sets_in(tmp_path / "content" / "content")), len(sets_in(places[1]))] == [1, 1]
    clock.at += DAY
    kept.go()
    assert len(sets_in(tmp_path / "content" / "content")) == 2
    assert len(heads) == 2
    assert "begun" in {
        line.body.get("what")
        for line in practice.vault.ledger.lines_of(practice.vault.practice_id)
        if line.kind == "backup"
    }


def noticed(practice):
    with practice.vault.store.snapshot() as reading:
        return len(owed_duties.noticed(practice.vault, reading))


def test_each_round_watches_what_was_looked_at_since_the_last(practice):
    kept, clock, _ = rounds(practice, None)
    kept.go()
    assert noticed(practice) == 0
    [client_id, *_] = [row[0] for row in clients(practice)]
    with practice.visit("Bill") as visit:
        met(visit, client_id)
    clock.at += MINUTE
    kept.go()
    kept.go()
    assert noticed(practice) == 1


@pytest.mark.parametrize("what", ["watch", "remind", "pass_on_due", "raise_what_comes"])
def test_what_cannot_be_done_holds_up_nothing_else(practice, monkeypatch, what):
    def unreadable(*_):
        raise Unopenable("an appointment")

    monkeypatch.setattr(f"angerona.site.rounds.{what}", unreadable)
    made = []
    kept, _, heads = rounds(practice, lambda _vault, at: made.append(at))
    kept.go()
    assert (len(heads), len(made)) == (1, 1)


def clients(practice):
    return practice.vault.store.rows("clients.ids", practice_id=practice.vault.practice_id)


def test_rows_that_are_not_what_the_ledger_holds_open_an_incident(practice, monkeypatch):
    def altered(*_):
        raise Altered("rows")

    monkeypatch.setattr("angerona.site.rounds.keep_up", altered)
    kept, _, _ = rounds(practice, None)
    kept.go()
    kept.go()
    with practice.visit("Olaf") as visit:
        [one] = open_matters(visit, ("incident",))
    assert one.content["alarm"] == "tampering"


def test_one_backup_a_day_is_enough(practice):
    made = []
    kept, clock, _ = rounds(practice, lambda _vault, at: made.append(at))
    kept.go()
    clock.goes_on(hours=1)
    kept.go()
    assert len(made) == 1
    clock.at += DAY
    kept.go()
    assert len(made) == 2


def test_a_backup_that_fails_is_tried_again_and_nothing_else_waits_for_it(practice):
    tries = []

    def fails(_vault, at):
        tries.append(at)
        raise BackupFault("target", "is full", "make room")

    kept, _, heads = rounds(practice, fails)
    kept.go()
    kept.go()
    assert len(tries) == 2
    assert len(heads) == 1, "the upkeep was done once"


def test_without_a_place_no_backup_is_made(practice, tmp_path):
    kept, _, heads = rounds(practice, None)
    kept.go()
    assert len(heads) == 1
    assert not (tmp_path / "content").exists()
