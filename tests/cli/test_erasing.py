"""`angerona client erase`: only where the law lets all of it go, and a person types the word."""

import json

import pytest

from angerona.cli.entrance import opened
from closed_practice import as_thea, closed_practice, copied, run
from terminal import talk

ADA = "Ada Invented"
ESTABLISHED = {
    "recipient.identity_verified": True,
    "eu.retention_required": False,
    "eu.claims_needed": False,
}
WORD = "Type erase to erase it: "


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A practice where the law knows a right to be erased."""
    place = closed_practice(
        tmp_path_factory.mktemp("erasing") / "place", packs=("house", "eu", "ie")
    )
    (place / "facts").write_text(json.dumps({"facts": ESTABLISHED}), encoding="utf-8")
    for wanted in ("progress_note", "diagnosis"):
        given = ("note", ADA, "--class", wanted, *as_thea(place))
        assert run(place, *given, reason="The garden.").returncode == 0
    return place


@pytest.fixture
def place(begun, tmp_path, monkeypatch):
    return copied(begun, tmp_path / "place", monkeypatch)


def typed(place, *answers):
    given = ("client", "erase", ADA, "--facts", place / "facts", *as_thea(place))
    reason = ("at whose request: ", "She asked in writing.\n")
    data = ("--data", place / "data")
    return talk([*given, *data], reason, *answers, state=place / "state")


def entries(place):
    with opened(place / "data") as vault:
        [(client_id,)] = vault.store.rows("clients.ids", practice_id=vault.practice_id)
        return len(vault.places(client_id))


def test_a_record_is_erased_once_the_word_is_typed(place):
    code, said = typed(place, (WORD, "erase\n"))
    assert code == 0, said
    assert "Session notes: 1" in said
    assert "What stays" in said
    assert "is erased." in said
    assert run(place, "clients", *as_thea(place)).stdout.startswith("No clients yet.")
    assert run(place, "ledger", "fsck").returncode == 0


@pytest.mark.parametrize("word", ["yes\n", "\n"])
def test_another_word_erases_nothing(place, word):
    code, said = typed(place, (WORD, word))
    assert (code, said.rstrip().endswith("Nothing was erased.")) == (1, True)
    assert entries(place) == 2


def test_without_a_terminal_nothing_is_erased_and_nothing_refused(place):
    given = ("client", "erase", ADA, "--facts", "facts", *as_thea(place))
    done = run(place, *given, reason="She asked in writing.")
    assert done.returncode == 2
    assert done.stderr.startswith("angerona: the terminal: nobody is here to be asked")
    assert entries(place) == 2


def test_what_is_not_established_erases_nothing_and_is_written(place):
    given = ("client", "erase", ADA, *as_thea(place))
    done = run(place, *given, reason="She asked in writing.")
    assert (done.returncode, done.stdout.startswith("Nothing was erased.")) == (1, True)
    assert "eu.retention_required" in done.stdout
    assert entries(place) == 2


def test_a_record_of_which_the_law_keeps_a_part_stays(place):
    kept = ("note", ADA, "--class", "shared_record", *as_thea(place))
    assert run(place, *kept, reason="Of two people.").returncode == 0
    given = ("client", "erase", ADA, "--facts", "facts", *as_thea(place))
    done = run(place, *given, reason="She asked in writing.")
    assert done.returncode == 1
    assert done.stdout.startswith("Nothing was erased: a record goes whole, or stays.")
    assert "What the law keeps\n  - Couple, family or group record" in done.stdout
    assert entries(place) == 3


def test_only_the_officer_erases_and_only_with_a_reason(place):
    enrol = ("member", "enrol", "Mira", "--role", "nurse", "--new-file", "password")
    assert run(place, *enrol, *as_thea(place)).returncode == 0
    as_mira = ["--as", "Mira", "--password-file", "password"]
    done = run(place, "client", "erase", ADA, *as_mira, reason="I wish it.")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("angerona: nothing is opened without a permit")
    done = run(place, "client", "erase", ADA, *as_thea(place))
    assert done.stderr.startswith("angerona: the terminal: nobody is here to be asked")
    done = run(place, "client", "erase", "Nobody", *as_thea(place), reason="She asked.")
    assert done.stderr == "angerona: there is nothing here that can be shown\n"
