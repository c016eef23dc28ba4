"""The same path on PostgreSQL: kept, looked at, turned, left, opened again after a restart."""

import io

import pytest

from angerona.errors import Unknown
from angerona.gate.keeping import Draft
from angerona.ledger.checking import fsck
from angerona.ledger.verifying import verify
from angerona.practice.members import sign_in_with_password
from angerona.practice.ties import begin_tie, end_tie
from angerona.sealed.event_keys import EventKeys
from angerona.sealed.keyset import Keyset
from angerona.sealed.sessions import Agent
from angerona.sealed.vault import Vault, origin_of
from angerona.store import open_store
from databases import postgres_server
from small_practice import AT, PASSWORD, founded

__all__ = ["postgres_server"]


def test_one_note_goes_the_whole_way_on_postgresql(postgres_server, tmp_path):
    address = postgres_server.empty()
    practice = founded(tmp_path / "data", address=address)
    practice.enrol("Sue", roles=("psychologist",))
    client_id = practice.client("Ada Invented")
    practice.keep("Thea", client_id, "progress_note", "spoke of the garden")
    with practice.visit("Thea") as visit:
        tie_id = begin_tie(visit, client_id, practice.people["Sue"], "treating", until=None)
    assert practice.look("Sue", client_id).entries[0][1].text == "spoke of the garden"
    with practice.visit("Thea") as visit:
        end_tie(visit, client_id, tie_id)
        file = io.BytesIO(bytes(range(256)) * 9_000)
        draft = Draft(
            wanted="correspondence", heading="", text="A scan", file=file, file_name="scan.pdf"
        )
        practice.door.deposit(visit, client_id, draft)
    with pytest.raises(Unknown):
        practice.look("Sue", client_id)
    practice.vault.ledger.checkpoint(AT)
    practice.vault.store.close()

    with_store = open_store(address)
    practice_id = practice.vault.practice_id
    keys = practice.boot.derived(practice_id)
    keyset = Keyset.load(tmp_path / "data" / "keyset", practice_id, keys)
    vault = Vault(with_store, keys, keyset, Agent())
    practice.vault, practice.door = vault, type(practice.door)(vault, practice.door.packs)
    practice.cookies["Thea"] = sign_in_with_password(vault, "Thea", PASSWORD, AT)
    shown = practice.look("Thea", client_id)
    assert [entry.text for _, entry in shown.entries] == ["spoke of the garden", "A scan"]
    target = io.BytesIO()
    practice.door.fetch(client_id, shown, shown.entries[1][0].entry_id, target)
    assert target.getvalue() == file.getvalue()
    vault.ledger.checkpoint(AT)
    receipt = vault.ledger.receipt(client_id, since=None, at=AT)
    proved = verify(receipt, key=vault.ledger.published_keys()[0], since=None)
    assert len(proved.lines) == len(vault.ledger.lines_of(client_id))
    vault.check_entries(client_id)
    with_store.close()
    store = open_store(address)
    findings = fsck(
        store,
        practice_id,
        origin=origin_of(practice_id),
        public=keyset.signer().public,
        directory_key=keys.directory,
        keys=EventKeys(store, keyset),
        remembered=[],
    )
    store.close()
    assert findings == []
