"""The sample world: whole, varied, in order, and built through the doors."""

import collections
import datetime

import pytest

from angerona.errors import BadInput
from angerona.notices.structured import read_structured
from angerona.packs import load
from angerona.practice import sample_world
from angerona.practice.sample_world import PASSWORD, WEEKS, build
from angerona.sealed.boot import BootSecret
from angerona.store import open_store

AT = datetime.datetime(2026, 11, 26, 10, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample")
    store = open_store(f"sqlite:///{folder}/practice.db")
    yield build(store, BootSecret.fresh(), folder / "keyset", load(), at=AT)
    store.close()


def test_a_dozen_clients_each_with_six_weeks_of_notes(world):
    vault = world.founded.vault
    assert len(world.clients) == 12
    assert len(world.people) == 7
    for client_id in world.clients.values():
        kinds = collections.Counter(one.wanted for one in vault.places(client_id))
        assert kinds["progress_note"] >= 5
    everything = {one.wanted for each in world.clients.values() for one in vault.places(each)}
    assert everything >= {
        *("psychotherapy_note", "risk", "medication", "substance_use", "correspondence"),
        *("substance_use_counseling_note", "billing", "attendance", "gender_history"),
    }


def test_it_ends_before_now_and_its_ledger_is_in_order(world):
    vault = world.founded.vault
    for client_id in world.clients.values():
        times = [one.at for one in vault.ledger.lines_of(client_id)]
        assert times == sorted(times)
        assert times[-1] < AT
        assert AT - times[0] < datetime.timedelta(weeks=WEEKS + 2)


def test_every_entry_that_is_data_can_be_read():
    texts = [
        told["text"].strip()
        for name in sample_world._stories()  # noqa: SLF001 -- the stories themselves
        for told in sample_world._read(name)["entry"]  # noqa: SLF001 -- the same
    ]
    data = [one for one in texts if one.startswith("{")]
    assert len(data) == 10
    assert all(read_structured(one) for one in data)


def test_a_consent_is_on_file_and_in_force(world):
    vault = world.founded.vault
    consents = [vault.authority(one).documents() for one in world.clients.values()]
    (document,) = (one for documents in consents for one in documents)
    assert document["to"] == ["insurer"]
    assert document["from"] < AT.date().isoformat() < document["until"]


def test_nobody_is_left_signed_in(world):
    assert len(world.founded.vault.agent) == 0
    assert len(PASSWORD) >= 12


def test_supervision_stands_where_it_was_told(world):
    vault, ruth = world.founded.vault, world.people["Ruth Adair"]
    supervised = [
        name
        for name, client_id in world.clients.items()
        if vault.authority(client_id).relations(ruth, AT) == ("supervisor",)
    ]
    assert sorted(supervised) == ["Carmen Ibarra", "Elif Karaca"]


def test_what_the_rules_do_not_let_happen_does_not_happen(tmp_path, monkeypatch):
    """The sample has no way past the doors."""
    read = sample_world._read  # noqa: SLF001 -- one story is bent on its way in

    def bent(name):
        told = read(name)
        for entry in told.get("entry", ()):
            if entry.get("by") == "Pavel Lind":
                entry["class"] = "progress_note"
        return told

    monkeypatch.setattr(sample_world, "_read", bent)
    store = open_store(f"sqlite:///{tmp_path}/practice.db")
    with pytest.raises(BadInput, match="an entry that the rules do not let happen"):
        build(store, BootSecret.fresh(), tmp_path / "keyset", load(), at=AT)
    store.close()
