"""What a client takes home: every part of it tampered with, and the one file that checks it."""

import base64
import hashlib
import json

import pytest

from angerona.ciphers.signing import Signer
from angerona.errors import Forged
from angerona.ledger import verifying
from angerona.ledger.leaves import EpochLeaf, EventLeaf
from angerona.ledger.notes import ed25519_key, signed
from angerona.ledger.remembering import compare
from angerona.ledger.verifying import (
    FORM,
    Checkpoint,
    NotProved,
    State,
    leaf_hash,
    map_leaf,
    state_value,
    told,
    tree_root,
    verify,
    vkey,
)
from ledgers import ORIGIN, SIGNER, size_of
from naive_trees import naive_path, naive_proof
from receipt_papers import Paper, flipped

MALLORY = Signer.from_seed(b"mallory's seed of 32 bytes here!")
LINES = 7
OPEN = [0, 1, 2, 4, 6]


def test_a_receipt_proves_every_line(case):
    proved = verify(case.new, key=case.key, since=None)
    assert (proved.head.origin, proved.label) == (ORIGIN, case.label)
    assert [line.body is not None for line in proved.lines] == [
        place in OPEN for place in range(LINES)
    ]
    assert json.loads(proved.lines[1].body)["by"] == "Dr. Thea Vale"
    assert verify(case.new, key=None, since=None) == proved


def test_a_receipt_continues_an_older_one(case):
    proved = verify(case.new, key=case.key, since=case.old)
    assert (proved.older.size, proved.before) == (size_of(case.old), 3)
    said = "\n".join(told(proved))
    assert "lines added since then: 2 open, 2 closed" in said


def test_a_receipt_proves_silence(case):
    proved = verify(case.quiet, key=case.key, since=case.old)
    assert len(proved.lines) == proved.before == 3
    assert "since then no line was added here: by this software, nobody looked" in told(proved)[-1]
    assert verify(case.new, key=case.key, since=case.new).before == LINES


def test_one_without_lines_proves_that_there_are_none(case):
    proved = verify(case.silent, key=case.key, since=case.early)
    assert (proved.lines, proved.before) == ([], None)
    assert ": 0, all of them" in told(proved)[1]


def test_a_receipt_continues_a_remembered_head(case):
    proved = verify(case.new, key=case.key, since=case.early)
    assert (proved.older.size, proved.before) == (size_of(case.early), None)
    with pytest.raises(NotProved, match="was set back"):
        verify(case.old, key=case.key, since=case.head)


def swap(paper, one, two):
    lines = paper.extra["lines"]
    lines[one], lines[two] = lines[two], lines[one]


def drop_last_with_count(paper):
    del paper.extra["lines"][-1]
    paper.state(lines=LINES - 1, root=paper.root_over_lines())


def renumbered(paper, place, number):
    raw = paper.leaf(place)
    paper.put_leaf(place, raw[:34] + number.to_bytes(8) + raw[42:])


def drop_and_renumber(paper):
    del paper.extra["lines"][2]
    for place in range(2, LINES - 1):
        renumbered(paper, place, place)


def open_the_held_one(paper):
    paper.extra["lines"][3] += [base64.b64encode(bytes(32)).decode(), '{"kind": "blank"}']


def other_epoch(paper, **new):
    raw = paper.bytes_of("epoch")
    covered = new.get("covered", int.from_bytes(raw[1:9])).to_bytes(8)
    kind, root = new.get("kind", raw[:1]), new.get("root", raw[9:41])
    paper.put("epoch", kind + covered + root + raw[41:])


def change_in(name, place=0):
    return lambda paper: paper.put(name, flipped(paper.bytes_of(name), place))


def resigned(paper, signer=SIGNER, **new):
    """A head that the log signed indeed, with something else in it."""
    head = verifying.read_checkpoint(verifying.read_note(paper.note)[0])
    paper.note = signed(head._replace(**new), signer)


def change_body(paper):
    paper.extra["lines"][1][2] = paper.extra["lines"][1][2].replace("Thea", "Theo")


TAMPERED = {
    "drop the last line": (lambda p: p.extra["lines"].pop(), "counts 7 lines, and .* shows 6"),
    "drop a middle line": (lambda p: p.extra["lines"].pop(2), "counts 7 lines, and .* shows 6"),
    "drop every line": (lambda p: p.extra["lines"].clear(), "counts 7 lines, and .* shows 0"),
    "drop the closed ones": (
        lambda p: p.extra.update(lines=[one for one in p.extra["lines"] if len(one) > 1]),
        "counts 7 lines, and .* shows 5",
    ),
    "double a line": (
        lambda p: p.extra["lines"].insert(3, p.extra["lines"][3]),
        "counts 7 lines, and .* shows 8",
    ),
    "one line in the place of another": (
        lambda p: p.extra["lines"].__setitem__(3, p.extra["lines"][2]),
        "line 4 stands out of place",
    ),
    "swap two lines": (lambda p: swap(p, 1, 2), "line 2 stands out of place"),
    "swap two and renumber": (
        lambda p: (swap(p, 1, 2), renumbered(p, 1, 1), renumbered(p, 2, 2)),
        "at least one was changed",
    ),
    "drop one, count and root to match": (drop_last_with_count, "does not hold this state"),
    "drop one and renumber": (drop_and_renumber, "counts 7 lines, and .* shows 6"),
    "a changed commitment": (
        lambda p: p.put_leaf(3, flipped(p.leaf(3), 50)),
        "at least one was changed",
    ),
    "a changed envelope": (
        lambda p: p.put_leaf(3, flipped(p.leaf(3), 80)),
        "at least one was changed",
    ),
    "a changed binding": (
        lambda p: p.put_leaf(0, flipped(p.leaf(0), 120)),
        "at least one was changed",
    ),
    "a changed slot": (lambda p: p.put_leaf(0, flipped(p.leaf(0), 1)), "at least one was changed"),
    "an unknown slot": (lambda p: p.put_leaf(3, b"\1\3" + p.leaf(3)[2:]), "line 4 stands out of"),
    "another kind of leaf": (lambda p: p.put_leaf(3, b"\2" + p.leaf(3)[1:]), "line 4 stands out"),
    "a line of someone else": (
        lambda p: p.put_leaf(3, p.leaf(3)[:2] + bytes(32) + p.leaf(3)[34:]),
        "line 4 .* belongs to someone else",
    ),
    "a changed body": (change_body, "line 2: its text is not the one"),
    "a changed secret": (
        lambda p: p.extra["lines"][1].__setitem__(1, base64.b64encode(bytes(32)).decode()),
        "line 2: its text is not the one",
    ),
    "the opening of another line": (
        lambda p: p.extra["lines"][1].__setitem__(slice(1, 3), p.extra["lines"][2][1:]),
        "line 2: its text is not the one",
    ),
    "a made-up opening of a held line": (open_the_held_one, "line 4: its text is not the one"),
    "a changed label": (change_in("label"), "does not hold this state"),
    "another count": (lambda p: p.state(lines=6), "does not hold this state"),
    "another root of the lines": (lambda p: p.state(root=bytes(32)), "does not hold this state"),
    "other keys bound": (lambda p: p.state(keys=bytes(32)), "does not hold this state"),
    "other entries bound": (lambda p: p.state(entries=bytes(32)), "does not hold this state"),
    "a changed map proof": (change_in("path", 5), "does not hold this state"),
    "another fork in the map proof": (change_in("path", 1), "map"),
    "a shorter map proof": (lambda p: p.put("path", p.bytes_of("path")[34:]), "does not hold"),
    "a longer map proof": (
        lambda p: p.put("path", p.bytes_of("path") + p.bytes_of("path")),
        "does not lead straight up",
    ),
    "no state at all": (lambda p: p.extra.update(state=""), "map proof ends at no node"),
    "a made-up absence": (
        lambda p: (p.extra.update(state=""), p.put("other", b"\2" + bytes(64))),
        "map",
    ),
    "another map root": (lambda p: other_epoch(p, root=bytes(32)), "does not stand in the tree"),
    "another covered size": (lambda p: other_epoch(p, covered=3), "may hold lines not covered"),
    "an event for an epoch": (lambda p: other_epoch(p, kind=b"\1"), "may hold lines not covered"),
    "another index": (lambda p: setattr(p, "index", "3"), "may hold lines not covered"),
    "a changed inclusion proof": (
        lambda p: p.proof.__setitem__(0, base64.b64encode(bytes(32)).decode()),
        "does not stand in the tree",
    ),
    "a shorter inclusion proof": (lambda p: p.proof.pop(), "too short"),
    "a longer inclusion proof": (lambda p: p.proof.append(p.proof[-1]), "too long"),
    "another size in the head": (
        lambda p: setattr(p, "note", p.note.replace("\n19\n", "\n18\n")),
        "signature of the head is wrong",
    ),
    "another name in the head": (
        lambda p: setattr(p, "note", p.note.replace("example.org", "example.com", 1)),
        "signature of the head is wrong",
    ),
    "a head that ends later": (lambda p: resigned(p, size=20), "may hold lines not covered"),
    "a head over another root": (lambda p: resigned(p, root=bytes(32)), "does not stand in"),
    "a head that someone else signed": (
        lambda p: resigned(p, MALLORY),
        "does not carry a signature of this key",
    ),
    "no signature that counts": (
        lambda p: setattr(p, "note", p.note.replace("— example.org", "— example.com")),
        "does not carry a signature of this key",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_a_tampered_receipt_is_refused_with_a_plain_sentence(case, name):
    tamper, sentence = TAMPERED[name]
    paper = Paper.of(case.new)
    tamper(paper)
    with pytest.raises(NotProved, match=sentence) as refusal:
        verify(paper.text(), key=case.key, since=None)
    assert len(str(refusal.value)) < 120
    assert "\n" not in str(refusal.value)


def test_the_papers_are_put_together_as_they_were(case):
    """Without this, the tests above could be refusing what the test itself broke."""
    assert size_of(case.new) == 19
    paper = Paper.of(case.new)
    assert verify(paper.text(), key=case.key, since=None).lines
    drop_last_with_count(paper)
    assert paper.root_over_lines() != Paper.of(case.new).root_over_lines()
    assert Paper.of(case.new).root_over_lines() == Paper.of(case.new).bytes_of("state")[8:40]


def long_ago(paper):
    paper.put("since", (1).to_bytes(8) + paper.bytes_of("since")[8:])


def test_tampering_with_the_past_is_refused(case):
    other_key = read_key(MALLORY)
    forged = Paper.of(case.old)
    resigned(forged, MALLORY)
    forged.extra["key"] = other_key
    older = {
        "the older head is someone else's": (case.new, forged.text(), None, "different keys"),
        "the older receipt is another client's": (case.new, case.other, case.key, "missing or"),
        "the newer one is older": (case.old, case.new, case.key, "was set back"),
        "no proof was asked for": (case.silent, case.old, case.key, None),
    }
    for name, (newer, old, key, sentence) in older.items():
        with pytest.raises(NotProved, match=sentence):
            verify(newer, key=key, since=old)
        assert name
    for tamper, sentence in [
        (long_ago, "ask for a receipt"),
        (change_in("since", 9), "the past was changed"),
        (lambda p: p.put("since", p.bytes_of("since")[:-32]), "too short"),
        (lambda p: p.put("since", p.bytes_of("since") + bytes(32)), "too long"),
        (lambda p: p.put("since", p.bytes_of("since")[:8]), "does not prove that it continues"),
        (lambda p: p.extra.update(since=""), "ask for a receipt"),
    ]:
        paper = Paper.of(case.new)
        tamper(paper)
        assert verify(paper.text(), key=case.key, since=None), "the receipt itself is untouched"
        with pytest.raises(NotProved, match=sentence):
            verify(paper.text(), key=case.key, since=case.old)


def read_key(signer):
    return vkey(ed25519_key(ORIGIN, signer.public))


def test_a_rewritten_past_is_refused(case):
    """A log that signs another history, with the same key and no change in size."""
    older = signed(Checkpoint(ORIGIN, size_of(case.early), bytes(32)), SIGNER)
    with pytest.raises(NotProved, match="the past was changed"):
        verify(case.new, key=case.key, since=older)
    same = signed(Checkpoint(ORIGIN, size_of(case.new), bytes(32)), SIGNER)
    with pytest.raises(NotProved, match="does not prove that it continues"):
        verify(case.new, key=case.key, since=same)


def test_without_a_key_a_forged_receipt_shows_another_key(case):
    """It is signed by someone else throughout, so only the key can tell: the output says so."""
    paper = Paper.of(case.new)
    resigned(paper, MALLORY)
    paper.extra["key"] = read_key(MALLORY)
    assert verify(paper.text(), key=None, since=None).key.public == MALLORY.public.ed25519
    with pytest.raises(NotProved, match="does not carry a signature of this key"):
        verify(paper.text(), key=case.key, since=None)


def crooked(lines, state, *, in_map=None, other=b"", log=None, since=None):
    """A receipt as a crooked practice could sign it: a log of these lines (or other), an epoch.

    `since` is a size that the log continues.
    """
    label = bytes(range(32))
    leaves = [line.packed() for line in (lines if log is None else log)]
    told_state = state and state.lines.to_bytes(8) + b"".join(state[1:])
    map_root = hashlib.sha256(in_map or map_leaf(label, state_value(state))).digest()
    epoch = EpochLeaf(len(leaves), map_root, 0).packed()
    hashes = [leaf_hash(leaf) for leaf in [*leaves, epoch]]
    note = signed(Checkpoint(ORIGIN, len(hashes), tree_root(hashes)), SIGNER)

    def text(raw):
        return base64.b64encode(raw).decode()

    extra = {
        "form": FORM,
        "key": read_key(SIGNER),
        "epoch": text(epoch),
        "label": text(label),
        "state": text(told_state or b""),
        "path": "",
        "other": text(other),
        "since": text(since.to_bytes(8) + b"".join(naive_proof(since, hashes))) if since else "",
        "lines": [[text(line.packed())] for line in lines],
    }
    proof = naive_path(len(leaves), hashes)
    return Paper(extra, str(len(leaves)), [text(step) for step in proof], note).text()


LABEL = bytes(range(32))
FIRST = EventLeaf(1, LABEL, 0, b"c" * 32, b"e" * 32, b"k" * 32)
SECOND = EventLeaf(0, LABEL, 1, b"c" * 32, b"e" * 32, bytes(32))
TWO = tree_root(leaf_hash(line.packed()) for line in (FIRST, SECOND))


def test_a_practice_that_signs_what_does_not_hold_together_is_found_out():
    state = State(2, TWO, b"k" * 32, bytes(32))
    assert len(verify(crooked([FIRST, SECOND], state), key=None, since=None).lines) == 2
    for wrong in (state._replace(keys=bytes(32)), state._replace(entries=b"x" * 32)):
        with pytest.raises(NotProved, match="what the lines bind"):
            verify(crooked([FIRST, SECOND], wrong), key=None, since=None)
    bound = SECOND._replace(binding=b"x" * 32)
    root = tree_root(leaf_hash(line.packed()) for line in (FIRST, bound))
    with pytest.raises(NotProved, match="what the lines bind"):
        verify(crooked([FIRST, bound], state._replace(root=root)), key=None, since=None)
    neighbour = map_leaf(LABEL[:31] + b"x", b"v" * 32)
    absent = crooked([], None, in_map=neighbour, other=neighbour)
    assert verify(absent, key=None, since=None).lines == []
    with pytest.raises(NotProved, match="counts 0 lines, and the receipt shows 2"):
        verify(
            crooked([FIRST, SECOND], None, in_map=neighbour, other=neighbour), key=None, since=None
        )


def test_a_practice_that_rewrites_a_client_s_lines_is_found_out(case):
    """Its log only grew, and its newest map holds other lines than the one before."""
    state = State(2, TWO, b"k" * 32, bytes(32))
    old = crooked([FIRST, SECOND], state)
    rewritten = SECOND._replace(commit=b"x" * 32)
    root = tree_root(leaf_hash(line.packed()) for line in (FIRST, rewritten))
    one = tree_root([leaf_hash(FIRST.packed())])
    log = [FIRST, SECOND, EpochLeaf(2, epoch_root(state), 0), rewritten]
    for lines, shown in [
        ([FIRST, SECOND], state),
        ([FIRST, rewritten], state._replace(root=root)),
        ([FIRST], state._replace(lines=1, root=one)),
    ]:
        new = crooked(lines, shown, log=log, since=3)
        assert len(verify(new, key=None, since=None).lines) == len(lines)
        if lines == [FIRST, SECOND]:
            assert verify(new, key=None, since=old).before == 2
            continue
        with pytest.raises(NotProved, match="missing or changed in the newer one"):
            verify(new, key=None, since=old)
    nobody = Paper.of(case.silent)
    assert nobody.extra["lines"] == []
    with pytest.raises(NotProved, match="missing or changed"):
        verify(case.new, key=case.key, since=case.nobody)


def epoch_root(state):
    return hashlib.sha256(map_leaf(LABEL, state_value(state))).digest()


def test_a_head_of_another_log_under_the_same_key_is_refused(case):
    text = f"example.org/other\n3\n{base64.b64encode(bytes(32)).decode()}\n"
    line = signed(Checkpoint(ORIGIN, 3, bytes(32)), SIGNER).splitlines()[-1]
    raw = base64.b64decode(line.split(" ")[2])[:4] + SIGNER.sign_ed25519(text.encode())
    note = f"{text}\n— {ORIGIN} {base64.b64encode(raw).decode()}\n"
    with pytest.raises(NotProved, match="belongs to another ledger"):
        verify(case.new, key=case.key, since=note)
    key = verifying.read_vkey(case.key)
    with pytest.raises(Forged, match="another ledger's"):
        compare(note, key, 100, lambda _: bytes(32))
