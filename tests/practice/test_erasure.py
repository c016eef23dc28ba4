"""Epochs roll, and what was erased stays erased: in old copies, in old backups, in any mixture."""

import datetime
import os
import shutil
import threading

import pytest

from angerona.errors import (
    Altered,
    BadInput,
    Conflicting,
    NotPermitted,
    Unknown,
    Unopenable,
    WrongSignIn,
)
from angerona.ledger.lines import Line
from angerona.ledger.verifying import verify
from angerona.practice import epochs as rolling
from angerona.practice import erasure
from angerona.practice.bindings import not_vouched
from angerona.practice.consents import keep_consent
from angerona.practice.epochs import roll_epoch
from angerona.practice.erasure import erase_client
from angerona.practice.members import find
from angerona.practice.portal import give_way_in
from angerona.practice.ties import end_tie
from angerona.practice.upkeep import keep_up
from angerona.rules.answer import AskFirst, Permit
from angerona.sealed.checking import check_rows
from angerona.sealed.held_lines import hold, waiting
from angerona.sealed.keyset import epoch_of
from angerona.sealed.wraps import Wrap, names_in, unwrapped
from holder_of_one_seat import content_tried, everything_tried, sealed_under
from prepared_practice import AT, prepared, quick_passwords
from restored_practice import backed_up, identity, reopened, restored, sources
from small_practice import PASSWORD, founded

DAY = datetime.timedelta(days=1)
MONTH = 30 * DAY
CONSENT = {
    "by": "client",
    "form": "hipaa_authorization",
    "classes": ["attendance"],
    "to": ["insurer"],
    "purposes": ["insurance"],
    "from": "2026-01-01",
    "until": "2026-12-31",
    "revoked": None,
    "elements": {"written": True, "signed": True, "dated": True},
}


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "data").opened() as practice:
        yield practice


def epochs(practice):
    """Every epoch under which something lies."""
    vault = practice.vault
    found = set()
    with vault.store.snapshot() as reading:
        for client_id in prepared().clients.values():
            place = {"practice_id": vault.practice_id, "client_id": client_id}
            for noun in ("wraps", "shares"):
                found |= {row[2] for row in reading.rows(f"{noun}.of_client", **place)}
            found |= {row[0] for row in reading.rows("event_keys.by_key", **place)}
    return found


def look(practice, at=AT):
    practice.open("Tess", at)
    return len(practice.look("Tess", prepared().clients["Ada"], at=at).entries)


def rows_under_epochs(practice):
    vault = practice.vault
    count = 0
    for noun in ("wraps", "shares", "event_keys"):
        place = {"practice_id": vault.practice_id, "epoch": 0, "after": b"", "most": 10_000}
        count += len(vault.store.rows(f"{noun}.of_other_epochs", **place))
    return count


def test_a_roll_seals_everything_again_and_the_next_one_destroys_the_old_key(practice):
    before, (old,) = look(practice), practice.vault.keyset.epochs
    assert roll_epoch(practice.vault, AT) == (found := roll_epoch(practice.vault, AT))
    assert (found.moved, found.destroyed) == (0, ()), "nothing was due"

    at, told = AT + MONTH, []
    rolled = roll_epoch(practice.vault, at, moved=told.append)
    assert rolled.moved == told[-1] == rows_under_epochs(practice) > 20
    assert rolled.destroyed == ()
    assert practice.vault.keyset.epochs == (old, epoch_of(at))
    assert epochs(practice) == {epoch_of(at)}
    assert look(practice, at) == before

    rolled = roll_epoch(practice.vault, at + DAY)
    assert (rolled.moved, rolled.destroyed) == (0, (old,))
    assert practice.vault.keyset.epochs == (epoch_of(at),)
    assert look(practice, at + DAY) == before
    with pytest.raises(Unopenable, match="destroyed"):
        practice.vault.keyset.vault(old)
    line = practice.vault.ledger.lines_of(practice.vault.practice_id)[-1]
    assert (line.kind, line.body["destroyed"]) == ("keys", [old])


def test_after_a_restart_everything_opens_under_the_new_key_alone(practice):
    before = look(practice)
    for days in (0, 1):
        roll_epoch(practice.vault, AT + MONTH + days * DAY)
    practice.vault.store.close()
    folder = practice.vault.keyset.path.parent
    with reopened(prepared(), folder) as again:
        assert look(again) == before
        assert again.vault.ledger.lines_of(prepared().clients["Ada"])[0].body


def test_a_roll_that_was_interrupted_goes_on_where_it_was(practice, monkeypatch):
    monkeypatch.setattr(rolling, "BATCH", 3)
    whole = rows_under_epochs(practice)

    def stopping(count):
        if count > 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        roll_epoch(practice.vault, AT + MONTH, moved=stopping)
    assert len(epochs(practice)) == 2
    assert len(practice.vault.keyset.epochs) == 2
    assert look(practice)
    rest = roll_epoch(practice.vault, AT + MONTH)
    assert 0 < rest.moved < whole
    assert len(epochs(practice)) == 1
    assert look(practice)


def test_while_it_rolls_others_write_and_read(practice, monkeypatch):
    monkeypatch.setattr(rolling, "BATCH", 2)
    stop, problems, looks = threading.Event(), [], []

    def working():
        while not stop.is_set():
            try:
                practice.keep("Tess", prepared().clients["Ada"], "progress_note", "meanwhile")
                looks.append(len(practice.look("Tess", prepared().clients["Ada"]).entries))
            except Exception as problem:  # noqa: BLE001 -- told below
                problems.append(problem)

    thread = threading.Thread(target=working)
    thread.start()
    try:
        for days in range(4):
            roll_epoch(practice.vault, AT + (days + 1) * MONTH)
    finally:
        stop.set()
        thread.join()
    assert problems == []
    assert looks == sorted(looks)
    assert len(practice.vault.keyset.epochs) == 2


def test_months_without_a_roll_are_caught_up_and_a_clock_set_back_does_nothing(practice):
    late = AT + 7 * MONTH
    roll_epoch(practice.vault, late)
    assert practice.vault.keyset.newest == epoch_of(late)
    roll_epoch(practice.vault, AT)
    assert practice.vault.keyset.epochs == (epoch_of(late),)


def test_what_was_sealed_under_an_older_key_meanwhile_stops_the_destroying(practice, monkeypatch):
    roll_epoch(practice.vault, AT + MONTH)
    monkeypatch.setattr(rolling, "_move", lambda *_, **__: (0, 0, None))
    old = practice.vault.keyset.epochs[0]
    place = {"practice_id": practice.vault.practice_id, "share_id": os.urandom(16)}
    given = {"client_id": bytes(16), "seat_id": bytes(16), "epoch": old, "blob": b""}
    practice.vault.store.write(
        lambda writing: writing.run("shares.insert", **place, **given)
    ).result()
    with pytest.raises(Conflicting):
        roll_epoch(practice.vault, AT + MONTH + DAY)
    assert old in practice.vault.keyset.epochs


def erased(practice, name):
    """Erase a client as though the law had said yes; `test_the_law_decides` is about that."""
    with practice.visit("Thea") as visit:
        authority = practice.vault.authority(prepared().clients[name])
        return erasure._erase(visit, authority, {"what": "erasure"})  # noqa: SLF001 -- see above


def test_an_old_copy_of_the_database_opens_nobody_who_was_erased(practice, tmp_path):
    """A thief's copy, with the boot secret, the newest keyset file and every password."""
    data = practice.vault.keyset.path.parent
    practice.vault.store.write(lambda _: None).result()
    (tmp_path / "thief").mkdir()
    for path in data.glob("practice.db*"):
        if not path.name.endswith(".lock"):
            shutil.copy(path, tmp_path / "thief")
    erased(practice, "Ada")
    for days in (0, 1):
        roll_epoch(practice.vault, AT + MONTH + days * DAY)
    shutil.copy(data / "keyset", tmp_path / "thief")
    with reopened(prepared(), tmp_path / "thief") as copy:
        with pytest.raises(Unopenable, match="destroyed"):
            copy.look("Tess", prepared().clients["Ada"])
        for stored in everything_of(copy, prepared().clients["Ada"]):
            with pytest.raises(Unopenable, match="destroyed"):
                names_in(copy.vault.keyset, stored)


def everything_of(practice, client_id):
    place = {"practice_id": practice.vault.practice_id, "client_id": client_id}
    rows = practice.vault.store.rows("wraps.of_client", **place)
    assert rows
    return [Wrap(one, client_id, recipient, epoch, blob) for one, recipient, epoch, blob in rows]


def test_old_content_with_the_newest_keyset_brings_nobody_back(practice, tmp_path):
    """Content from before, keyset from after: an erasure, an ended tie, a new client, a consent."""
    ada, otto = prepared().clients["Ada"], prepared().clients["Otto"]
    before = backed_up(practice, tmp_path / "before")
    erased(practice, "Ada")
    with practice.visit("Theo") as visit:
        consent_id = keep_consent(visit, otto, CONSENT)
    late = practice.client("Late Invented", treating="Theo")
    with quick_passwords():
        practice.enrol("Newcomer", roles=("nurse",))
    for days in (0, 1):
        roll_epoch(practice.vault, AT + MONTH + days * DAY)
    after = backed_up(practice, tmp_path / "after", at=AT + MONTH + DAY)
    practice.vault.store.close()

    found = sources(prepared(), before, keyset=after.keyset, accept_loss=True)
    restore = restored(found, tmp_path / "anew", at=AT + MONTH + DAY)
    assert restore.erased_rows > 20
    assert restore.lost > 0
    with reopened(prepared(), tmp_path / "anew") as again:
        with pytest.raises(Unknown):
            again.look("Tess", ada)
        assert held_of(again, ada) == 0
        assert all(line.kind is None for line in again.vault.ledger.lines_of(ada))
        looked = again.look("Theo", otto)
        assert looked.entries, "whoever was not erased is read as before"
        assert consent_id in again.vault.authority(otto).consents
        assert find(again.vault, "Newcomer").row.roles == ("nurse",)
        again.keep("Theo", late, "progress_note", "the one whom the old ledger never knew")
        assert len(again.look("Theo", late).entries) == 1
        line = next(
            one
            for one in again.vault.ledger.lines_of(again.vault.practice_id)
            if one.kind == "restored"
        )
        assert line.body["bound_again"] == restore.bound_again >= 2
        assert check_rows(again.vault, AT + MONTH + DAY) == []
        last = again.vault.ledger.lines_of(otto)
        assert "bound again after a restore" in {one.body.get("what") for one in last}


def held_on(practice, client_id, what, at=AT):
    said = {"what": what, "until": "of its own"}
    line = Line(client_id, "look", said)
    hold(practice.vault, line, at, until=at + MONTH, authority=None)


def test_old_content_with_the_newest_keyset_loses_no_line_that_is_held(practice, tmp_path):
    """One waited in the content and was told since, one was held since, one waits in both."""
    ada = prepared().clients["Ada"]
    held_on(practice, ada, "first")
    held_on(practice, ada, "second")
    before = backed_up(practice, tmp_path / "before")
    keep_up(practice.vault, AT)
    late = practice.client("Late Invented", treating="Theo")
    held_on(practice, ada, "third", AT + DAY)
    held_on(practice, late, "fourth", AT + DAY)
    assert check_rows(practice.vault, AT) == []
    after = backed_up(practice, tmp_path / "after", at=AT + DAY)
    practice.vault.store.close()
    found = sources(prepared(), before, keyset=after.keyset, accept_loss=True)
    restored(found, tmp_path / "anew", at=AT + DAY)
    with reopened(prepared(), tmp_path / "anew") as again:
        vault = again.vault
        assert check_rows(vault, AT + DAY) == []
        for days in range(1, 4):
            keep_up(vault, AT + days * DAY)
        told = [one for one in vault.ledger.lines_of(ada) if "happened" in one.body]
        assert [one.body["what"] for one in told] == ["first", "second", "third"]
        assert {one.body["happened"] for one in told[:2]} == {AT.isoformat()}
        assert {one.body["until"] for one in told} == {"of its own"}
        assert told[2].body["happened"] == (AT + DAY).isoformat()
        [one] = [one for one in vault.ledger.lines_of(late) if "happened" in one.body]
        assert one.body["what"] == "fourth"
        with vault.store.snapshot() as reading:
            assert waiting(vault, reading) == {}
        assert check_rows(vault, AT + 3 * DAY) == []


def held_of(practice, client_id):
    place = {"practice_id": practice.vault.practice_id, "client_id": client_id}
    nouns = ("entries", "wraps", "shares", "ties", "consents")
    return sum(len(practice.vault.store.rows(f"{one}.of_client", **place)) for one in nouns)


def test_a_tie_that_ended_since_the_content_stays_ended(practice, tmp_path):
    ada = prepared().clients["Ada"]
    before = backed_up(practice, tmp_path / "before")
    with practice.visit("Tess") as visit:
        end_tie(visit, ada, tie_of(visit, ada, "Cora"))
    after = backed_up(practice, tmp_path / "after", at=AT + DAY)
    practice.vault.store.close()
    found = sources(prepared(), before, keyset=after.keyset, accept_loss=True)
    restored(found, tmp_path / "anew", at=AT + DAY)
    with reopened(prepared(), tmp_path / "anew") as again:
        later = AT + DAY
        again.open("Cora", later)
        with pytest.raises(Unknown):
            again.look("Cora", ada, at=later)
        again.open("Tess", later)
        assert again.look("Tess", ada, at=later).entries


def tie_of(visit, client_id, name):
    ties = visit.vault.authority(client_id).ties
    person_id = prepared().people[name]
    return next(tie_id for tie_id, tie in ties.items() if tie.person_id == person_id)


def test_one_key_holder_with_both_sets_and_the_boot_secret_opens_no_client(practice, tmp_path):
    """A seat's paper opens the backup's outer layer, and of the records nothing at all."""
    made = backed_up(practice, tmp_path / "out")
    practice.vault.store.close()
    restored(sources(prepared(), made, identities=[identity(prepared(), 1)]), tmp_path / "anew")
    seat = prepared().papers[1]
    with reopened(prepared(), tmp_path / "anew") as thief:
        opened = everything_tried(thief, seat)
        whoever_may = [key for _, key in keys_held(thief, "Tess").values()]
        place = {"practice_id": thief.vault.practice_id, "client_id": prepared().clients["Ada"]}
        entries = thief.vault.store.rows("entries.of_client", **place)
        assert any(sealed_under(row[-1], whoever_may) for row in entries), "it would be seen"
    assert opened["names"] >= {"Ada", "Otto"}, "names and ties, as the boot secret alone gives"
    assert opened["own shares"] > 0
    assert opened["others' shares"] == opened["keys"] == opened["words"] == 0


def keys_held(practice, name):
    """The keys of Ada's record that a member's own wrap gives."""
    vault, ada = practice.vault, prepared().clients["Ada"]
    authority = vault.authority(ada)
    whose, pair = authority.whose(vault.practice_id), practice.keys[name].pair
    return {
        key: one
        for stored in everything_of(practice, ada)
        if stored.recipient_id == practice.people[name]
        for key, one in unwrapped(vault.keyset, whose, authority.sheet, pair, stored, AT).items()
    }


def test_content_alone_opens_nothing_of_a_client_even_with_the_boot_secret(practice, tmp_path):
    made = backed_up(practice, tmp_path / "out")
    clients = set(prepared().clients.values())
    opened = content_tried(made.content, prepared().boot, prepared().practice_id, clients)
    assert opened["lines of clients"] == opened["entries"] == 0
    assert opened["lines of the practice"] > 0, "the boot secret opens these: so it was tried"


ESTABLISHED = {
    "recipient.identity_verified": True,
    "eu.retention_required": False,
    "eu.claims_needed": False,
}


@pytest.fixture
def european(tmp_path):
    """A practice where the law knows a right to be erased, with a client who can sign in."""
    with quick_passwords():
        practice = founded(tmp_path / "data", packs=("house", "eu", "ie"))
        ada = practice.client("Ada Invented")
        practice.keep("Thea", ada, "progress_note", "The garden.")
        practice.keep("Thea", ada, "diagnosis", "None.")
        with practice.visit("Thea") as visit:
            give_way_in(visit, ada, "Ada", PASSWORD)
        yield practice, ada
    practice.vault.store.close()


def erase(practice, client_id, *, by="Thea", reason="She asked in writing.", facts=ESTABLISHED):
    with practice.visit(by) as visit:
        return erase_client(visit, practice.door.packs, client_id, reason=reason, facts=facts)


def test_the_law_decides_whether_a_record_is_erased(european):
    practice, ada = european
    asked = erase(practice, ada, facts={})
    assert (type(asked.answer), asked.written) == (AskFirst, None)
    assert practice.vault.ledger.lines_of(ada)[-1].kind == "refusal"
    assert len(practice.vault.places(ada)) == 2
    assert erase(practice, ada).written is not None


def test_where_the_law_knows_no_such_right_nothing_is_erased(practice):
    ada = prepared().clients["Ada"]
    found = erase(practice, ada, facts={"recipient.identity_verified": True})
    assert found.written is None
    assert not isinstance(found.answer, Permit)
    assert practice.look("Tess", ada).entries


def test_a_record_of_which_a_part_must_stay_stays_whole(european):
    practice, ada = european
    practice.keep("Thea", ada, "shared_record", "of two people")
    found = erase(practice, ada)
    assert isinstance(found.answer, Permit)
    assert "shared_record" not in found.answer.released
    assert found.written is None
    assert len(practice.vault.places(ada)) == 3


def test_only_the_officer_erases_and_only_with_a_reason(practice):
    ada = prepared().clients["Ada"]
    with pytest.raises(NotPermitted):
        erase(practice, ada, by="Tess")
    for reason in ("", " ", "x" * 4_001):
        with pytest.raises(BadInput):
            erase(practice, ada, by="Olaf", reason=reason)
    with pytest.raises(Unknown):
        erase(practice, bytes(16), by="Olaf")


def test_whoever_was_erased_is_gone_and_the_ledger_stays_whole(european):
    practice, ada = european
    otto = practice.client("Otto Invented")
    vault = practice.vault
    lines = len(vault.ledger.lines_of(ada))
    person_id = vault.authority(ada).client.person_id
    written = erase(practice, ada).written
    assert written.subject_id == ada

    with pytest.raises(Unknown):
        practice.look("Thea", ada)
    with pytest.raises(Unknown):
        vault.person(person_id)
    with pytest.raises(WrongSignIn):
        practice.sign_in("Ada")
    assert held_of(practice, ada) == 0
    assert (
        vault.store.rows("people.by_key", practice_id=vault.practice_id, person_id=person_id) == []
    )
    left = vault.ledger.lines_of(ada)
    assert len(left) == lines + 1
    assert {line.kind for line in left} == {None}, "the lines count, and say nothing"
    said = [one for one in vault.ledger.lines_of(vault.practice_id) if one.kind == "erased"]
    assert [one.body["client"] for one in said] == [ada.hex()]
    assert practice.keep("Thea", otto, "progress_note", "as before")
    vault.ledger.checkpoint(AT)
    verify(vault.ledger.receipt(otto, since=None, at=AT), key=None, since=None)
    with vault.store.snapshot() as reading:
        assert not_vouched(vault, reading) == []
    assert check_rows(vault, AT) == []


def test_lines_that_wait_for_the_erased_wait_no_more(european):
    practice, ada = european
    otto = practice.client("Otto Invented")
    for client_id in (ada, otto, ada):
        line = Line(client_id, "look", {"what": "held"})
        hold(practice.vault, line, AT, until=AT + MONTH, authority=None)
    erase(practice, ada)
    with practice.vault.store.snapshot() as reading:
        assert set(waiting(practice.vault, reading)) == {otto}


def test_whose_rows_are_merely_gone_was_not_erased(european):
    practice, ada = european
    vault = practice.vault
    place = {"practice_id": vault.practice_id, "client_id": ada}

    def deleted(writing):
        writing.run("clients.delete", **place)
        writing.run("event_keys.delete", **place)

    vault.store.write(deleted).result()
    with pytest.raises(Altered, match="whom the ledger knows"):
        practice.look("Thea", ada)
