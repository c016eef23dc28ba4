"""Whoever reaches the files may do a hundred things to them. Each is found, and this says by what.

The checks are those of every day (reading, looking, writing, signing in, who looked), those of the
start, and the two that go over everything: `fsck` over the ledger (ledger/checking.py) and `rows`
over what stands beside it (sealed/checking.py). Two acts leave a ledger that is whole in itself:
then only a head that was remembered elsewhere tells.
"""

import re

import pytest

from angerona.ledger.checking import CHECKS as LEDGER_CHECKS
from angerona.sealed.checking import CHECKS as ROW_CHECKS
from tampering import acts_on_lists as acts
from tampering.attacker import Attacker
from tampering.examining import Examination
from tampering.history import history, put_away

FOUND_BY = {
    # entries and files
    "delete an entry from the middle": "reading: Altered",
    "delete the newest entry": "reading: Altered",
    "delete every entry of a record": "reading: Altered",
    "turn over a bit of an entry": "looking: Altered",
    "cut an entry short": "looking: Altered",
    "let two entries change places": "reading: Altered",
    "put another client's entry in place of one": "reading: Altered",
    "put the first version back in place of the amendment": "reading: Altered",
    "delete the amendment": "reading: Altered",
    "put all entries back as they were": "reading: Altered",
    "call a session note attendance, for the front desk to see": "reading: Altered",
    "give an entry another author": "reading: Altered",
    "give an entry a class that there is not": "reading: Altered",
    "copy an entry to the end of a record": "reading: Altered",
    "delete files": "looking: Altered",
    "turn over a bit of files": "looking: Unopenable",
    "let two files change places": "looking: Unopenable",
    # wraps, key sheets, shares, event keys
    "delete somebody's wraps": "rows: due",
    "turn over a bit of a wrap": "rows: wraps",
    "let two people's wraps change places": "rows: wraps",
    "give somebody a copy of a colleague's wrap": "rows: wraps",
    "put back the wrap of a tie that has ended": "rows: wraps",
    "put all wraps back as they were before the keys turned": "rows: due",
    "move a wrap to another client": "rows: wraps",
    "wrap planted keys to a clinician": "looking: Planted",
    "let a wrap last for ever": "looking: Unopenable",
    "put an older key sheet back": "reading: Altered",
    "turn over a bit of a key sheet": "reading: Altered",
    "commit to other keys in the key sheet": "reading: Altered",
    "delete a key holder's share": "rows: shares",
    "delete all shares of a client": "rows: shares",
    "let two key holders' shares change places": "rows: shares",
    "delete what says that keys have to turn": "rows: turning",
    "delete the event key of a client": "fsck: Altered",
    "let the event keys of two clients change places": "rows: event keys",
    # who may
    "delete a tie": "reading: Altered",
    "put a tie that has ended back as it was": "reading: Altered",
    "move a tie to another client": "reading: Altered",
    "make up a tie": "reading: Altered",
    "put a consent back that was taken back": "reading: Altered",
    "delete a consent": "reading: Altered",
    "copy a consent to another client": "reading: Altered",
    "set a client's authority version back": "reading: Altered",
    "put everything that decides about a client back as it was": "reading: Altered",
    "let two clients change names": "reading: Altered",
    "write another name for a client": "reading: Altered",
    "delete a client": "reading: Altered",
    "let two people change keys": "reading: Altered",
    "put one's own public keys in a colleague's place": "reading: Altered",
    "make oneself the privacy officer": "reading: Altered",
    "delete a person": "reading: Altered",
    "delete somebody's credentials": "signing in: Altered",
    "let two people's credentials change places": "signing in: Altered",
    "put a credential with one's own keys under a colleague's name": "signing in: Altered",
    "let two posts change keys": "reading: Altered",
    "put one's own public key in a post's place": "reading: Altered",
    "delete a post": "reading: Altered",
    "delete the key that somebody has of a post": "rows: posts",
    "let the keys that two people have of posts change places": "looking: Altered",
    "let two key holders' seats change keys": "reading: Altered",
    "add a seat of one's own": "reading: Altered",
    "take a law out of the practice's": "reading: Altered",
    "let one key holder be enough": "reading: Altered",
    # the ledger
    "delete a line from the middle": "fsck: numbering",
    "delete the last three lines": "start: Altered",
    "let two lines change places": "who looked: Altered",
    "overwrite a line with a copy of another": "who looked: Altered",
    "turn over a bit in the body of a line": "fsck: envelope",
    "turn over a bit in the stub of a line": "fsck: stub",
    "turn over a bit in the hash of a line": "fsck: stub",
    "put a line under another client": "fsck: subject",
    "hide a line from the client's list": "start: Altered",
    "write a line that nobody wrote": "fsck: head",
    "delete the newest head": "start: Altered",
    "delete all heads": "start: Altered",
    "turn over a bit of the signature of a head": "start: Altered",
    "let a head name another epoch": "start: Altered",
    "put an old head back and cut the lines after it": "reading: Altered",
    "put the state of a subject back as it was": "start: Altered",
    "delete the state of a subject": "start: Altered",
    "let the states of two subjects change places": "start: Altered",
    "turn over a bit in every node of the map": "start: Altered",
    "turn over a bit in one node of the map": "fsck: map",
    "delete a tile": "fsck: tiles",
    "turn over a bit of a tile": "fsck: tiles",
    "put the whole database back as it was": "fsck: remembered",
    "write another history from an old copy on": "fsck: remembered",
    # what is held, and who was erased
    "delete a line that waits for a client's list": "rows: held",
    "turn over a bit of a line that waits": "rows: held",
    "put a line that was told back among those that wait": "rows: held",
    "let a line wait for ever": "rows: held",
    "write other words into a line that waits": "rows: held",
    "let a line wait for another client": "rows: held",
    "put everything of somebody who was erased back": "rows: erasures",
    "put the event key of somebody who was erased back": "rows: erasures",
    "put a file of somebody who was erased back": "rows: erasures",
    "delete every row of a client, as an erasure would": "rows: erasures",
    "erase a client, and say so nowhere but in the client's own list": "rows: erasures",
    "say that a client was erased who is there": "rows: erasures",
    # the calendar
    "delete an appointment": "rows: appointments",
    "put an appointment back that was cancelled": "rows: appointments",
    "move an appointment to another client": "rows: appointments",
    "let an appointment be at another hour": "rows: appointments",
    # the files themselves
    "turn over a bit of the keyset": "rows: wraps",
    "let a table be a view of another": "reading: StoreError",
    "say that the tables are of a later release": "start: StoreTooNew",
    "write noise into the middle of the file": "start: StoreDamaged",
}
HARMLESS = {"have the database run something by itself"}
"""Acts that come to nothing, and so are noticed by nobody."""
ONLY_REMEMBERED = {
    "put the whole database back as it was",
    "write another history from an old copy on",
}
ACTS = acts.PEN | acts.BOOT | acts.ALL


@pytest.fixture(scope="module")
def past():
    yield history()
    put_away()


def found_after(act, past, folder, remembered):
    copy = past.late.copied(folder)
    attacker = Attacker(copy, past)
    try:
        act(attacker)
    finally:
        attacker.close()
    return Examination(copy, remembered).run()


def test_a_practice_that_nobody_touched_is_found_whole(past, tmp_path):
    assert found_after(lambda _: None, past, tmp_path / "copy", past.remembered) == []


@pytest.mark.parametrize("name", FOUND_BY)
def test_what_was_done_to_the_files_is_found(past, tmp_path, name):
    found = found_after(ACTS[name], past, tmp_path / "copy", past.remembered)
    assert FOUND_BY[name] in {str(one) for one in found}
    for one in found:
        if one.moment in {"fsck", "rows"} and one.kind[0].islower():
            assert one.kind in {**LEDGER_CHECKS, **ROW_CHECKS}
        said = re.sub(
            r"(?:person|client|subject|appointment) [0-9a-f]{32}|[0-9a-f]{32} has", "", one.sentence
        )
        assert re.fullmatch(r"[^\n]{10,400}", said), "a plain sentence in one line"
        assert not re.search(r"[0-9a-f]{16}|\\x|Ada|Otto|Tess", said)


@pytest.mark.parametrize("name", sorted(ONLY_REMEMBERED))
def test_what_is_whole_in_itself_only_a_remembered_head_tells(past, tmp_path, name):
    found = found_after(ACTS[name], past, tmp_path / "copy", past.remembered)
    assert {str(one) for one in found} == {"fsck: remembered"}
    assert found_after(ACTS[name], past, tmp_path / "again", ()) == []


def test_a_remembered_head_tells_setting_back_from_rewriting(past, tmp_path):
    said = {}
    for name in ONLY_REMEMBERED:
        [*_, one] = found_after(ACTS[name], past, tmp_path / name[:9], past.remembered)
        said[name] = one.sentence
    assert "set back" in said["put the whole database back as it was"]
    assert "rewritten" in said["write another history from an old copy on"]


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_comes_to_nothing_changes_nothing(past, tmp_path, name):
    """The trigger would delete every line as it is written."""
    assert found_after(ACTS[name], past, tmp_path / "copy", past.remembered) == []


def test_every_act_has_somebody_who_finds_it():
    assert set(FOUND_BY) | HARMLESS == set(ACTS)
    assert len(ACTS) >= 30
