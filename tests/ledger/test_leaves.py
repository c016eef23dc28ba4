"""The forms that must never change: leaves, states, nodes of the map, receipts."""

import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.encoding import packed
from angerona.errors import Altered, BadInput
from angerona.ledger.leaves import EpochLeaf, EventLeaf, read_leaf
from angerona.ledger.lines import Line, body_of, erased, opened
from angerona.ledger.prefix_map import Found, PrefixMap, place_of
from angerona.ledger.receipts import Parts, receipt_text
from angerona.ledger.states import Standing
from angerona.ledger.tree import Frontier
from angerona.ledger.verifying import (
    FORM,
    ZERO,
    State,
    leaf_hash,
    read_receipt,
    read_vkey,
    state_value,
    verify,
)
from angerona.words import LINES
from ledgers import AT, DAY

LABEL, COMMIT, ENVELOPE, BINDING = bytes(range(32)), b"c" * 32, b"e" * 32, b"b" * 32
EVENT = EventLeaf(2, LABEL, 7, COMMIT, ENVELOPE, BINDING)
EPOCH = EpochLeaf(4096, b"m" * 32, 17)
HASH = st.binary(min_size=32, max_size=32)
COUNT = st.integers(0, 2**63)


@pytest.fixture(scope="module")
def frozen(root):
    """What was written once, and must be read and written the same for ever."""
    return json.loads((root / "tests" / "vectors" / "ledger.json").read_text("utf-8"))


def test_the_leaves_are_as_they_always_were(frozen):
    leaves = frozen["leaves"]
    assert EVENT.packed().hex() == leaves["event"]
    assert EPOCH.packed().hex() == leaves["epoch"]
    assert (
        EventLeaf(0, LABEL, 0, COMMIT, ENVELOPE, ZERO).packed().hex()
        == leaves["event_without_slot"]
    )
    by_hand = b"\1\2" + LABEL + (7).to_bytes(8) + COMMIT + ENVELOPE + BINDING
    assert leaves["event"] == by_hand.hex()
    assert leaves["epoch"] == (b"\2" + (4096).to_bytes(8) + b"m" * 32 + (17).to_bytes(8)).hex()


def test_the_value_of_a_state_is_as_it_always_was(frozen):
    state = frozen["state"]
    parts = [bytes.fromhex(state[name]) for name in ("root", "keys", "entries")]
    assert state_value(State(state["lines"], *parts)).hex() == state["value"]


def test_the_map_is_as_it_always_was(frozen):
    class Nodes(dict):
        def read(self, label, depth, _):
            return self.get(place_of(label, depth))

        def write(self, label, depth, _, node):
            self[place_of(label, depth)] = node

    nodes = Nodes()
    values = {
        bytes.fromhex(label): bytes.fromhex(one) for label, one in frozen["map"]["values"].items()
    }
    assert PrefixMap(nodes).put(values).hex() == frozen["map"]["root"]
    assert {place.hex(): node.hex() for place, node in nodes.items()} == frozen["map"]["nodes"]


def test_receipts_of_old_still_prove(frozen):
    receipts = frozen["receipts"]
    proved = verify(receipts["newer"], key=receipts["key"], since=receipts["older"])
    assert (proved.label.hex(), proved.before) == (receipts["label"], 2)
    kinds = [line.body and json.loads(line.body)["kind"] for line in proved.lines]
    assert kinds == ["keys", "look", None, "look", "kept", None]


def test_a_receipt_is_written_in_one_way(frozen):
    text = frozen["receipts"]["newer"]
    receipt = read_receipt(text)
    parts = Parts(
        note=receipt.note,
        key=read_vkey(frozen["receipts"]["key"]),
        epoch_index=receipt.place,
        epoch=receipt.epoch,
        inclusion=receipt.proof,
        label=receipt.label,
        state=receipt.state,
        found=Found(None, receipt.other, receipt.path),
        lines=receipt.lines,
        since=(receipt.since, receipt.consistency),
    )
    assert receipt_text(parts) == text
    assert FORM == "angerona/receipt/v1"


@given(st.integers(0, 2), HASH, COUNT, HASH, HASH, HASH)
def test_an_event_is_read_as_it_was_written(slot, label, place, commit, envelope, binding):
    leaf = EventLeaf(slot, label, place, commit, envelope, binding if slot else ZERO)
    assert read_leaf(leaf.packed()) == leaf
    assert len(leaf.packed()) == 138


@given(COUNT, HASH, COUNT)
def test_an_epoch_is_read_as_it_was_written(covered, root, previous):
    leaf = EpochLeaf(covered, root, min(previous, covered))
    assert read_leaf(leaf.packed()) == leaf
    assert len(leaf.packed()) == 49


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"\0" + EVENT.packed()[1:],
        b"\3" + EVENT.packed()[1:],
        b"\2" + EVENT.packed()[1:],
        b"\1" + EPOCH.packed()[1:],
        EVENT.packed() + b"\0",
        EVENT.packed()[:-1],
        EPOCH.packed() + b"\0",
        EPOCH.packed()[:-1],
        b"\1\3" + EVENT.packed()[2:],
        b"\1\0" + EVENT.packed()[2:],
        EpochLeaf(4, b"m" * 32, 5).packed(),
    ],
)
def test_any_other_form_is_refused(leaf):
    with pytest.raises(Altered, match="leaf"):
        read_leaf(leaf)


def test_a_line_must_be_the_next_of_its_label():
    before = Standing.new(LABEL)
    leaf = EventLeaf(1, LABEL, 0, COMMIT, ENVELOPE, BINDING)
    after = before.after(leaf, leaf_hash(leaf.packed()))
    assert (before.lines, after.lines, after.keys, after.entries) == (0, 1, BINDING, ZERO)
    for wrong in (leaf, leaf._replace(place=2), leaf._replace(place=1, label=COMMIT)):
        with pytest.raises(Altered, match="numbering"):
            after.after(wrong, COMMIT)


def test_a_state_is_read_as_it_was_written():
    frontier = Frontier()
    for _ in range(11):
        frontier.append(COMMIT)
    standing = Standing(LABEL, frontier, BINDING, ENVELOPE)
    again = Standing.read(standing.row())
    assert again.view() == standing.view()
    assert again.value() == standing.value()


def test_a_state_of_another_form_is_refused():
    row = Standing.new(LABEL).row()
    for changed in (row[:-1], row + b"x", b""):
        with pytest.raises(Altered, match="state"):
            Standing.read(changed)


@pytest.mark.parametrize(
    "fields",
    [
        (LABEL, 1, b"", BINDING, BINDING),
        (LABEL, 1, b"short", BINDING, BINDING),
        (LABEL, "1", COMMIT, BINDING, BINDING),
        (LABEL, 1, COMMIT, BINDING),
    ],
)
def test_a_state_of_other_fields_is_refused(fields):
    with pytest.raises(Altered, match="state"):
        Standing.read(packed("angerona/standing/v1", *fields))


def test_the_text_of_a_line_is_what_was_committed_to():
    raw = body_of(Line(b"s" * 16, "look", {"by": "x"}), AT)
    secret = b"s" * 32
    leaf = EVENT._replace(commit=hmac.digest(secret, raw, "sha256"))
    line = opened(3, b"id", leaf, secret + raw)
    assert (line.kind, line.at, line.body, line.seq) == ("look", AT, {"by": "x"}, 3)
    for text in (secret + raw + b" ", b"t" * 32 + raw, b""):
        with pytest.raises(Altered, match="text"):
            opened(3, b"id", leaf, text)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"kind":"look"}',
        b'{"kind":"look","at":"yesterday"}',
        b'{"kind":"look","at":7}',
    ],
)
def test_what_was_committed_to_must_be_a_line(raw):
    leaf = EVENT._replace(commit=hmac.digest(b"s" * 32, raw, "sha256"))
    with pytest.raises(Altered, match="text"):
        opened(3, b"id", leaf, b"s" * 32 + raw)


@pytest.mark.parametrize("kind", LINES)
def test_every_kind_but_the_blank_one_opens(kind):
    raw = body_of(Line(b"s" * 16, kind, held_until=AT + DAY), AT)
    leaf = EVENT._replace(commit=hmac.digest(b"s" * 32, raw, "sha256"))
    line = opened(3, b"id", leaf, b"s" * 32 + raw)
    assert not line.is_open(AT)
    assert line.is_open(AT + DAY) is (kind != "blank")
    assert not erased(3, b"id", leaf).is_open(AT + DAY)


def test_bytes_become_base64_in_a_body():
    assert b'"why":"AAE="' in body_of(Line(b"s" * 16, "look", {"why": b"\0\1"}), AT)
    with pytest.raises(BadInput):
        body_of(Line(b"s" * 16, "look", {"why": {1, object}}), AT)
