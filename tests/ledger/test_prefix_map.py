"""The map of labels against a naive one over a dictionary, and its proofs against each other."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.errors import Altered
from angerona.ledger.prefix_map import PrefixMap, packed_path, place_of
from angerona.ledger.verifying import (
    EMPTY_MAP,
    NotProved,
    map_leaf,
    map_root,
    map_root_without,
)

# Labels that share long beginnings, beside random ones: forks at every depth.
FEW = st.sampled_from([0, 1, 0x80, 0xFF])
CLOSE = st.builds(
    lambda head, place, byte: (bytes(head).ljust(32, b"\0")[:place] + bytes([byte])).ljust(
        32, b"\0"
    ),
    st.lists(FEW, min_size=1, max_size=3),
    st.integers(1, 31),
    FEW,
)
LABELS = CLOSE | st.binary(min_size=32, max_size=32)
VALUES = st.binary(min_size=32, max_size=32)


class Nodes(dict):
    def read(self, label, depth, _):
        return self.get(place_of(label, depth))

    def write(self, label, depth, hashed, node):
        assert hashlib.sha256(node).digest() == hashed
        self[place_of(label, depth)] = node


def bits(label):
    return f"{int.from_bytes(label):0256b}"


def naive(values):
    """The root by definition: fork where labels differ first, hash what is said in the forms."""
    if not values:
        return hashlib.sha256(b"\5").digest()
    if len(values) == 1:
        [(label, value)] = values.items()
        return hashlib.sha256(b"\2" + label + value).digest()
    length = 0
    while len({bits(label)[length] for label in values}) == 1:
        length += 1
    sides = [
        naive({label: value for label, value in values.items() if bits(label)[length] == side})
        for side in "01"
    ]
    prefix = int(bits(next(iter(values)))[:length].ljust(256, "0"), 2).to_bytes(32)
    return hashlib.sha256(b"\3" + length.to_bytes(2) + prefix + sides[0] + sides[1]).digest()


def proves(found, label, root):
    """Whether a proof shows just what was found."""
    try:
        if found.value is None:
            return map_root_without(label, found.other, found.path) == root
        return map_root(label, map_leaf(label, found.value), found.path, above=256) == root
    except NotProved:
        return False


@given(
    st.lists(st.dictionaries(LABELS, VALUES, max_size=6), max_size=6), st.lists(LABELS, max_size=5)
)
def test_it_is_what_the_naive_one_is(changes, others):
    tree, values = PrefixMap(Nodes()), {}
    for change in changes:
        values |= change
        assert tree.put(change) == tree.root == naive(values)
    for label in [*values, *others]:
        found = tree.find(label)
        assert found.value == values.get(label)
        assert proves(found, label, tree.root)


@given(st.dictionaries(LABELS, VALUES, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(values, chance):
    nodes, other_nodes = Nodes(), Nodes()
    together, one_by_one = PrefixMap(nodes), PrefixMap(other_nodes)
    together.put(values)
    items = list(values.items())
    chance.shuffle(items)
    for label, value in items:
        one_by_one.put({label: value})
    assert together.root == one_by_one.root
    assert nodes == other_nodes


@given(st.dictionaries(LABELS, VALUES, min_size=1, max_size=12), st.data())
def test_a_proof_shows_nothing_else(values, data):
    tree = PrefixMap(Nodes())
    tree.put(values)
    label = data.draw(st.sampled_from(sorted(values)))
    found = tree.find(label)
    other = data.draw(VALUES.filter(lambda value: value != values[label]))
    assert not proves(found._replace(value=other), label, tree.root)
    assert not proves(found._replace(value=None), label, tree.root)
    for name in {*data.draw(st.lists(LABELS, max_size=3)), *values} - {label}:
        assert not proves(found, name, tree.root)
        absent = tree.find(name)
        if absent.value is None:
            assert not proves(absent, label, tree.root), (
                "absence was shown of a label that is there"
            )
    if found.path:
        assert not proves(found._replace(path=found.path[1:]), label, tree.root)
        assert not proves(found._replace(path=[*found.path, found.path[-1]]), label, tree.root)


def test_an_empty_map_holds_nothing():
    tree = PrefixMap(Nodes())
    assert tree.root == EMPTY_MAP == tree.put({})
    found = tree.find(bytes(32))
    assert (found.value, found.other, found.path) == (None, b"", [])
    assert proves(found, bytes(32), EMPTY_MAP)
    with pytest.raises(NotProved, match="no node"):
        map_root_without(bytes(32), b"", [(3, bytes(32))])


LEFT, RIGHT, NEAR = bytes(32), b"\x80" + bytes(31), bytes(31) + b"\1"


def test_a_changed_or_missing_node_is_noticed():
    nodes = Nodes()
    tree = PrefixMap(nodes)
    tree.put({LEFT: b"a" * 32, RIGHT: b"b" * 32, NEAR: b"c" * 32})
    for place in list(nodes):
        kept = nodes[place]
        nodes[place] = bytes([*kept[:-1], kept[-1] ^ 1])
        with pytest.raises(Altered, match="map"):
            [tree.find(label) for label in (LEFT, RIGHT, NEAR)]
        del nodes[place]
        with pytest.raises(Altered, match="map"):
            [tree.find(label) for label in (LEFT, RIGHT, NEAR)]
        with pytest.raises(Altered, match="map"):
            tree.put({LEFT: bytes(32), RIGHT: bytes(32), NEAR: bytes(32), b"\xff" * 32: bytes(32)})
        nodes[place] = kept
    assert tree.find(NEAR).value == b"c" * 32


def test_nodes_stand_where_their_branch_begins():
    nodes = Nodes()
    PrefixMap(nodes).put({LEFT: b"a" * 32, RIGHT: b"b" * 32, NEAR: b"c" * 32})
    assert set(nodes) == {
        place_of(LEFT, 0),
        place_of(LEFT, 1),
        place_of(RIGHT, 1),
        place_of(LEFT, 256),
        place_of(NEAR, 256),
    }


@pytest.mark.parametrize(
    "other",
    [
        b"\2" + RIGHT + b"v" * 31,
        b"\2" + RIGHT + b"v" * 33,
        b"\3" + RIGHT + b"v" * 32,
        b"\2" + LEFT + b"v" * 32,
        b"\4" + RIGHT + b"v" * 32,
        b"\3" + (0).to_bytes(2) + LEFT + b"l" * 32 + b"r" * 32,
        b"\3" + (5).to_bytes(2) + LEFT + b"l" * 32 + b"r" * 32,
        b"\3" + (999).to_bytes(2) + LEFT + b"l" * 32 + b"r" * 32,
    ],
)
def test_what_does_not_show_absence_is_refused(other):
    with pytest.raises(NotProved):
        map_root_without(LEFT, other, [])


def test_forks_must_lead_straight_up():
    with pytest.raises(NotProved, match="straight"):
        map_root(LEFT, map_leaf(LEFT, bytes(32)), [(3, bytes(32)), (3, bytes(32))], above=256)
    with pytest.raises(NotProved, match="straight"):
        map_root(LEFT, map_leaf(LEFT, bytes(32)), [(256, bytes(32))], above=256)
    with pytest.raises(NotProved, match="straight"):
        map_root_without(LEFT, map_leaf(RIGHT, bytes(32)), [(0, bytes(32))])


def test_a_path_is_packed_deepest_first():
    assert (
        packed_path([(9, b"a" * 32), (2, b"b" * 32)]) == b"\0\x09" + b"a" * 32 + b"\0\2" + b"b" * 32
    )
