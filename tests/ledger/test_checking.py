"""What an administrator of the database could do, and which check finds it."""

import base64
import os

import apsw
import pytest

from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.signing import Signer
from angerona.errors import Altered, AngeronaError
from angerona.ledger.checking import CHECKS, Finding, fsck
from angerona.ledger.lines import ENTRIES, KEYS, Line
from angerona.ledger.notes import cosigned, ed25519_key, signed
from angerona.ledger.verifying import Checkpoint, leaf_hash, tree_root
from angerona.store import open_store
from ledgers import (
    AT,
    DIRECTORY,
    EVERYTHING,
    ORIGIN,
    PRACTICE,
    SIGNER,
    Keys,
    enrolled,
    look,
    opened,
    size_of,
    write,
)

LINES = 300
COLUMNS = ("stub", "body", "leaf_hash")


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """A ledger of three hundred lines, closed; tests work on copies of its file."""
    path = tmp_path_factory.mktemp("practice") / "practice" / "angerona.db"
    store = open_store(f"sqlite://{path}")
    ledger = opened(store)
    subjects = enrolled(store, ledger, 9)
    write(ledger, Line(subjects[0], "keys", {}, slot=KEYS, binding=b"k" * 32))
    old = store.rows("subjects.by_key", practice_id=PRACTICE, subject_id=subjects[0])[0][0]
    write(ledger, *[look(subjects[turn % 8]) for turn in range(LINES)])
    remembered = [ledger.head(), ledger.checkpoint(AT)]
    write(ledger, Line(subjects[0], "kept", {}, slot=ENTRIES, binding=b"e" * 32))
    write(ledger, *[look(one) for one in subjects[:3]])
    found = {"bytes": None, "subjects": subjects, "old": old, "remembered": remembered}
    store.close()
    found["bytes"] = path.read_bytes()
    return found


@pytest.fixture
def place(tmp_path, practice):
    """The file of a copy."""
    folder = tmp_path / "practice"
    folder.mkdir(mode=0o700)
    path = folder / "angerona.db"
    path.touch(mode=0o600)
    path.write_bytes(practice["bytes"])
    return path


def found_in(place, **other):
    """What fsck finds in the file, by the names of the checks."""
    store = open_store(f"sqlite://{place}")
    try:
        given = {**EVERYTHING, "keys": Keys(), "remembered": []} | other
        return fsck(store, PRACTICE, **given)
    finally:
        store.close()


def names(findings):
    assert all(isinstance(one, Finding) and one.check in CHECKS for one in findings)
    assert all("\n" not in one.sentence and one.sentence for one in findings)
    return {one.check for one in findings}


def size(run):
    return run("SELECT max(seq) + 1 FROM events")[0][0]


def sql(text, **given):
    return lambda run, _: run(text, **given)


def swap(run, _):
    run("UPDATE events SET seq = 999 WHERE seq = 10")
    run("UPDATE events SET seq = 10 WHERE seq = 11")
    run("UPDATE events SET seq = 11 WHERE seq = 999")


def flip(column):
    def act(run, _):
        values = dict(
            zip(
                COLUMNS,
                run("SELECT stub, body, leaf_hash FROM events WHERE seq=30")[0],
                strict=True,
            )
        )
        values[column] = values[column][:-1] + bytes([values[column][-1] ^ 1])
        run("UPDATE events SET stub=:stub, body=:body, leaf_hash=:leaf_hash WHERE seq=30", **values)

    return act


def overwrite(run, _):
    [(stub, body, hashed)] = run("SELECT stub, body, leaf_hash FROM events WHERE seq = 20")
    run("UPDATE events SET stub=:s, body=:b, leaf_hash=:h WHERE seq = 28", s=stub, b=body, h=hashed)


def put_old_state_back(run, practice):
    client = practice["subjects"][0]
    run("UPDATE subjects SET row = :row WHERE subject_id = :id", row=practice["old"], id=client)


def swap_states(run, practice):
    one, two = practice["subjects"][:2]
    rows = dict(run("SELECT subject_id, row FROM subjects"))
    run("UPDATE subjects SET row = :row WHERE subject_id = :id", row=rows[one], id=two)


def cut_tail(run, _):
    run("DELETE FROM events WHERE seq >= :end", end=size(run) - 3)


def add_unsigned(run, _):
    end = size(run)
    run(
        "INSERT INTO events SELECT practice_id, :end, :id, subject_id, leaf_hash, stub, body"
        " FROM events WHERE seq = 5",
        end=end,
        id=os.urandom(16),
    )


def far_away(run, _):
    run("UPDATE events SET seq = 4611686018427387904 WHERE seq = :last", last=size(run) - 1)


def before_the_first(run, _):
    run("UPDATE events SET seq = -5 WHERE seq = 7")


def flip_tile(run, _):
    [(raw,)] = run("SELECT hashes FROM tiles WHERE level = 0")
    run("UPDATE tiles SET hashes = :h WHERE level = 0", h=raw[:-1] + bytes([raw[-1] ^ 1]))


def old_head(run, practice):
    note = practice["remembered"][0]
    run("UPDATE heads SET note = :note WHERE size = (SELECT max(size) FROM heads)", note=note)


def foreign_head(run, _):
    hashes = [row[0] for row in run("SELECT leaf_hash FROM events ORDER BY seq")]
    head = Checkpoint(ORIGIN, len(hashes), tree_root(hashes))
    note = signed(head, Signer.from_seed(bytes(32)))
    run("UPDATE heads SET note = :note WHERE size = :size", note=note, size=len(hashes))


def foreign_cosignature(run, _):
    [(note, at)] = run("SELECT note, size FROM heads ORDER BY size DESC LIMIT 1")
    line = cosigned(note, SIGNER, AT).removeprefix(note)
    crooked = note + line[:60] + ("A" if line[60] != "A" else "B") + line[61:]
    run("UPDATE heads SET note = :note WHERE size = :size", note=crooked, size=at)


def another_epoch(run, _):
    run("UPDATE heads SET state = :state", state=(3).to_bytes(8))


def mark_as_nobody(run, _):
    run("UPDATE events SET subject_id = :id WHERE seq = 9", id=bytes(16))


def hand_to_another(run, practice):
    run("UPDATE events SET subject_id = :id WHERE seq = 9", id=practice["subjects"][8])


def hand_an_epoch_over(run, practice):
    client = practice["subjects"][0]
    run("UPDATE events SET subject_id = :id WHERE subject_id = :zero", id=client, zero=bytes(16))


def flip_a_late_hash(run, _):
    [(raw,)] = run("SELECT leaf_hash FROM events WHERE seq = 300")
    run("UPDATE events SET leaf_hash = :h WHERE seq = 300", h=raw[:-1] + bytes([raw[-1] ^ 1]))


def call_the_newest_an_epoch(run, _):
    run("UPDATE heads SET state = :state", state=size(run).to_bytes(8))


def head_of_another_log(run, _):
    """Signed with the log's own key, for a log of another name."""
    [(size_then, note)] = run("SELECT size, note FROM heads ORDER BY size DESC LIMIT 1")
    text = note.partition("\n\n")[0].replace(ORIGIN, "example.org/other") + "\n"
    raw = ed25519_key(ORIGIN, SIGNER.public).key_id + SIGNER.sign_ed25519(text.encode())
    line = f"— {ORIGIN} {base64.b64encode(raw).decode()}\n"
    run("UPDATE heads SET note = :n WHERE size = :s", n=f"{text}\n{line}", s=size_then)


ACTS = {
    "put a head of another log": (head_of_another_log, "head"),
    "flip a bit of a late hash": (flip_a_late_hash, "stub"),
    "call the newest line an epoch": (call_the_newest_an_epoch, "head"),
    "hand an epoch to a client": (hand_an_epoch_over, "epoch"),
    "delete a line after the last epoch": (
        sql("DELETE FROM events WHERE seq = (SELECT max(seq) - 1 FROM events)"),
        "numbering",
    ),
    "delete a line in the middle": (sql("DELETE FROM events WHERE seq = 12"), "numbering"),
    "delete the first": (sql("DELETE FROM events WHERE seq = 0"), "numbering"),
    "delete the last three": (cut_tail, "head"),
    "delete every line": (sql("DELETE FROM events"), "head"),
    "move a line far away": (far_away, "numbering"),
    "move a line before the first": (before_the_first, "numbering"),
    "add a line that no head counts": (add_unsigned, "head"),
    "swap neighbours": (swap, "stub"),
    "overwrite with a copy": (overwrite, "stub"),
    "flip a bit of a body": (flip("body"), "envelope"),
    "empty a body": (sql("UPDATE events SET body = x'' WHERE seq = 30"), "envelope"),
    "flip a bit of a stub": (flip("stub"), "stub"),
    "flip a bit of a hash": (flip("leaf_hash"), "stub"),
    "change an event's id": (sql("UPDATE events SET event_id = x'00' WHERE seq = 30"), "stub"),
    "hand a line to another": (hand_to_another, "subject"),
    "mark a line as an epoch": (mark_as_nobody, "subject"),
    "put an old state back": (put_old_state_back, "states"),
    "swap two states": (swap_states, "states"),
    "delete the states": (sql("DELETE FROM subjects"), "states"),
    "delete a node of the map": (
        sql("DELETE FROM map_nodes WHERE place = (SELECT max(place) FROM map_nodes)"),
        "map",
    ),
    "change a node of the map": (
        sql("UPDATE map_nodes SET node = x'02' WHERE place = (SELECT min(place) FROM map_nodes)"),
        "map",
    ),
    "delete the tiles": (sql("DELETE FROM tiles"), "tiles"),
    "flip a bit of a tile": (flip_tile, "tiles"),
    "delete the heads": (sql("DELETE FROM heads"), "head"),
    "delete the head of the epoch": (
        sql("DELETE FROM heads WHERE size = (SELECT min(size) FROM heads)"),
        "head",
    ),
    "put an old head in place of the new": (old_head, "head"),
    "put a head of another key": (foreign_head, "head"),
    "change the second signature": (foreign_cosignature, "head"),
    "name another epoch": (another_epoch, "head"),
}


def tamper(place, act, practice):
    connection = apsw.Connection(str(place))
    act(lambda text, **given: connection.execute(text, given).fetchall(), practice)
    connection.close()


def test_nothing_is_found_in_a_whole_ledger(place, practice):
    assert found_in(place, remembered=practice["remembered"]) == []
    assert found_in(place, keys=None) == []


@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_found_by_its_check(place, practice, name):
    act, check = ACTS[name]
    tamper(place, act, practice)
    assert check in names(found_in(place))


@pytest.mark.parametrize("name", ACTS)
def test_every_act_is_met_by_a_start_or_by_whoever_reads(place, practice, name):
    """Nothing that was tampered with is shown as if it were right."""
    tamper(place, ACTS[name][0], practice)
    store = open_store(f"sqlite://{place}")
    try:
        with pytest.raises(Altered):
            look_at_everything(opened(store), practice["subjects"])
    finally:
        store.close()


# What is wrong at the right edge, or in a head, is met before a line is written on top of it.
MET_AT_THE_START = (
    *("delete the last three", "delete every line", "move a line far away"),
    *("add a line that no head counts", "delete the tiles", "delete the heads"),
    *("delete the head of the epoch", "put an old head in place of the new"),
    *("put a head of another key", "put a head of another log", "change the second signature"),
    *("name another epoch", "call the newest line an epoch", "flip a bit of a late hash"),
    *("delete a line after the last epoch", "delete the states"),
)


@pytest.mark.parametrize("name", MET_AT_THE_START)
def test_a_start_refuses_what_is_wrong_at_the_end(place, practice, name):
    tamper(place, ACTS[name][0], practice)
    store = open_store(f"sqlite://{place}")
    with pytest.raises(Altered):
        opened(store)
    store.close()


@pytest.mark.parametrize(
    "name", ["delete a line in the middle", "hand a line to another", "mark a line as an epoch"]
)
def test_who_reads_a_client_s_lines_is_told_that_they_are_not_all(place, practice, name):
    store = open_store(f"sqlite://{place}")
    subjects = {one[0]: one[2] for one in store.rows("events.page", practice_id=PRACTICE, first=0)}
    store.close()
    tamper(place, ACTS[name][0], practice)
    store = open_store(f"sqlite://{place}")
    with pytest.raises(Altered, match="the lines of a subject"):
        opened(store).lines_of(subjects[12 if "delete" in name else 9])
    store.close()


def look_at_everything(ledger, subjects):
    for subject_id in subjects:
        ledger.lines_of(subject_id)
    ledger.checkpoint(AT)
    for subject_id in subjects:
        ledger.receipt(subject_id, since=100, at=AT)


def test_looking_at_everything_meets_nothing_in_a_whole_ledger(place, practice):
    store = open_store(f"sqlite://{place}")
    look_at_everything(opened(store), practice["subjects"])
    store.close()


def test_a_text_under_another_key_is_found(place):
    class Other(Keys):
        def of(self, subject_id):
            return super().of(subject_id[::-1])

    assert names(found_in(place, keys=Other())) == {"text"}


def forge(run, practice, *, resign):
    """Rewrite line 40 with everything that a holder of the directory key and the log's key has."""
    client = run("SELECT subject_id FROM events WHERE seq = 40")[0][0]
    [(event_id, stub, old)] = run("SELECT event_id, stub, leaf_hash FROM events WHERE seq = 40")
    context = packed("angerona/stub/v1", PRACTICE, event_id, 40)
    leaf = open_row(DIRECTORY, context, stub)
    forged = leaf[:42] + os.urandom(32) + leaf[74:]
    run(
        "UPDATE events SET stub = :stub, leaf_hash = :hashed WHERE seq = 40",
        stub=seal_row(DIRECTORY, context, forged, pad=False),
        hashed=leaf_hash(forged),
    )
    assert client
    assert old != leaf_hash(forged)
    if resign:
        hashes = [row[0] for row in run("SELECT leaf_hash FROM events ORDER BY seq")]
        for (end,) in run("SELECT size FROM heads"):
            head = Checkpoint(ORIGIN, end, tree_root(hashes[:end]))
            run(
                "UPDATE heads SET note = :note WHERE size = :end",
                note=signed(head, SIGNER),
                end=end,
            )
    assert practice


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("UPDATE tiles SET hashes = zeroblob(8192) WHERE level = 0", "newest lines"),
        ("UPDATE tiles SET hashes = zeroblob(32) WHERE level = 1", "the head of the ledger"),
        ("DELETE FROM events WHERE seq = 230", "numbering of the ledger"),
        # The newest line is the first of its subject, so an empty map would be right for it.
        ("UPDATE heads SET state = x'000000000000012e'", "the last epoch"),
    ],
)
def test_a_start_looks_at_everything_since_the_last_epoch(tmp_path, text, said):
    """Also where that reaches back into a tile that has filled up since."""
    place = tmp_path / "practice" / "angerona.db"
    store = open_store(f"sqlite://{place}")
    ledger = opened(store)
    client, newcomer = enrolled(store, ledger, 2)
    write(ledger, *[look(client)] * 200)
    ledger.checkpoint(AT)
    write(ledger, *[look(client)] * 100)
    write(ledger, look(newcomer))
    assert size_of(ledger.head()) == 0x12E
    store.close()
    tamper(place, sql(text), None)
    store = open_store(f"sqlite://{place}")
    with pytest.raises(Altered, match=said):
        opened(store)
    store.close()


def test_an_epoch_that_was_forged_is_found(place, practice):
    def forge_epoch(run, _):
        epochs = "SELECT seq, event_id, stub FROM events WHERE subject_id = :zero ORDER BY seq"
        seq, event_id, stub = run(epochs, zero=bytes(16))[-1]
        context = packed("angerona/stub/v1", PRACTICE, event_id, seq)
        leaf = open_row(DIRECTORY, context, stub)
        forged = leaf[:41] + (1).to_bytes(8)
        run(
            "UPDATE events SET stub = :stub, leaf_hash = :hashed WHERE seq = :seq",
            stub=seal_row(DIRECTORY, context, forged, pad=False),
            hashed=leaf_hash(forged),
            seq=seq,
        )

    tamper(place, forge_epoch, practice)
    found = found_in(place)
    assert {"epoch", "head"} <= names(found)
    assert any("of another place" in one.sentence for one in found)


def test_a_forger_without_the_log_s_key_is_found_by_the_head(place, practice):
    tamper(place, lambda run, it: forge(run, it, resign=False), practice)
    assert {"head", "text", "epoch"} <= names(found_in(place))


def test_a_forger_with_every_key_is_found_by_what_he_did_not_rewrite_and_by_a_remembered_head(
    place, practice
):
    tamper(place, lambda run, it: forge(run, it, resign=True), practice)
    assert "head" not in names(found_in(place))
    assert {"epoch", "states", "text"} <= names(found_in(place))
    found = found_in(place, remembered=practice["remembered"])
    assert [one.check for one in found].count("remembered") == 2


def test_an_old_file_is_found_by_a_remembered_head_alone(tmp_path, place, practice):
    """The whole file put back as it once was: everything in it is right."""
    store = open_store(f"sqlite://{place}")
    ledger = opened(store)
    write(ledger, look(practice["subjects"][0]))
    newer = ledger.head()
    store.close()
    place.unlink()
    place.touch(mode=0o600)
    place.write_bytes(practice["bytes"])
    assert found_in(place) == []
    assert names(found_in(place, remembered=[newer])) == {"remembered"}
    assert names(found_in(place, remembered=["no note"])) == {"remembered"}
    assert tmp_path.exists()


def test_an_empty_ledger_is_whole(tmp_path):
    place = tmp_path / "practice" / "angerona.db"
    store = open_store(f"sqlite://{place}")
    ledger = opened(store)
    enrolled(store, ledger, 2)
    store.close()
    assert found_in(place) == []


def test_findings_are_in_no_hurry_to_raise(place, practice):
    """Whatever lies there, fsck reports: it never ends in an error."""
    for text in (
        "UPDATE events SET stub = x'00'",
        "UPDATE subjects SET row = x'00'",
        "UPDATE tiles SET hashes = x'00'",
        "UPDATE heads SET note = 'x'",
    ):
        tamper(place, sql(text), practice)
        try:
            assert found_in(place)
        except AngeronaError as problem:
            pytest.fail(f"{text}: {problem}")


def test_a_size_is_read_out_of_a_head(practice):
    assert size_of(practice["remembered"][1]) > LINES
