"""The tree against vectors of the transparency-dev project, and against RFC 6962 read naively."""

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.errors import Altered
from angerona.ledger.growing import GrowingTree, TiledNodes
from angerona.ledger.tree import (
    Frontier,
    prove_consistency,
    prove_inclusion,
    range_root,
    root_at,
)
from angerona.ledger.verifying import (
    EMPTY_ROOT,
    NotProved,
    leaf_hash,
    node_hash,
    tree_root,
    verify_consistency,
    verify_inclusion,
)
from naive_trees import naive_path, naive_proof, naive_root

LEAVES = [leaf_hash(bytes([n & 255, n >> 8])) for n in range(1500)]
SIZES = [*range(70), 127, 128, 129, 255, 256, 257, 511, 512, 513, 768, 1023, 1025]


class Plain:
    """Subtrees straight out of a list of leaf hashes."""

    def __init__(self, hashes):
        self.hashes = hashes

    def node(self, height, number):
        part = self.hashes[number << height : (number + 1) << height]
        assert len(part) == 1 << height, "asked for a subtree that is not full"
        return naive_root(part)


def raw(text):
    return base64.b64decode(text or "")


def vectors(shared, name):
    with (shared / "vectors" / "merkle" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def holds(check, *given):
    try:
        check(*given)
    except NotProved:
        return False
    return True


def test_inclusion_proofs_good_and_bad(shared):
    tried = vectors(shared, "inclusion")
    assert len(tried) == 98
    for one in tried:
        proof = [raw(step) for step in one["proof"] or []]
        given = (one["leafIdx"], one["treeSize"], raw(one["leafHash"]), proof, raw(one["root"]))
        assert holds(verify_inclusion, *given) is not one["wantErr"], one["_file"]


def test_consistency_proofs_good_and_bad(shared):
    tried = vectors(shared, "consistency")
    assert len(tried) == 98
    for one in tried:
        proof = [raw(step) for step in one["proof"] or []]
        roots = raw(one["root1"]), raw(one["root2"])
        given = (one["size1"], one["size2"], *roots, proof)
        assert holds(verify_consistency, *given) is not one["wantErr"], one["_file"]


@pytest.mark.parametrize("size", SIZES)
def test_roots_are_those_of_rfc_6962(size):
    hashes = LEAVES[:size]
    frontier = Frontier()
    for hashed in hashes:
        frontier.append(hashed)
    right = naive_root(hashes)
    assert tree_root(hashes) == frontier.root() == root_at(size, Plain(hashes)) == right
    assert Frontier.of(size, Plain(hashes)).peaks == frontier.peaks
    assert Frontier.unpacked(size, frontier.packed()).root() == right


def test_the_empty_tree_has_the_hash_of_nothing():
    assert Frontier().root() == EMPTY_ROOT == hashlib.sha256(b"").digest()


@given(st.data())
def test_proofs_are_those_of_rfc_6962(data):
    size = data.draw(st.integers(1, 400))
    hashes, index = LEAVES[:size], data.draw(st.integers(0, size - 1))
    proof = prove_inclusion(index, size, Plain(hashes))
    assert proof == naive_path(index, hashes)
    verify_inclusion(index, size, hashes[index], proof, naive_root(hashes))
    before = data.draw(st.integers(1, size))
    proof = prove_consistency(before, size, Plain(hashes))
    assert proof == naive_proof(before, hashes)
    verify_consistency(before, size, naive_root(hashes[:before]), naive_root(hashes), proof)


@given(st.data())
def test_a_proof_for_anything_else_is_refused(data):
    size = data.draw(st.integers(2, 200))
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    hashes = LEAVES[:size]
    proof, root = prove_inclusion(index, size, Plain(hashes)), naive_root(hashes)
    if other != index:
        assert not holds(verify_inclusion, other, size, hashes[index], proof, root)
        assert not holds(verify_inclusion, index, size, hashes[other], proof, root)
    changed = [*LEAVES[: size - 1], leaf_hash(b"changed")]
    assert not holds(verify_inclusion, index, size, hashes[index], proof, naive_root(changed))
    before = data.draw(st.integers(1, size - 1))
    proof = prove_consistency(before, size, Plain(hashes))
    roots = naive_root(hashes[:before]), root
    assert not holds(verify_consistency, before, size, roots[0], naive_root(changed), proof)
    assert not holds(verify_consistency, before, size, roots[1], roots[1], proof)
    for place in range(len(proof)):
        shorter = proof[:place] + proof[place + 1 :]
        assert not holds(verify_consistency, before, size, *roots, shorter)


@pytest.mark.parametrize(
    ("prove", "given"),
    [
        (prove_inclusion, (3, 3)),
        (prove_inclusion, (-1, 3)),
        (prove_consistency, (0, 3)),
        (prove_consistency, (4, 3)),
    ],
)
def test_nothing_is_proved_off_the_tree(prove, given):
    with pytest.raises(ValueError, match="tree"):
        prove(*given, Plain(LEAVES[:3]))


def test_a_frontier_of_another_size_is_refused():
    with pytest.raises(ValueError, match="one hash for each bit"):
        Frontier(3, LEAVES[:1])
    with pytest.raises(ValueError, match="whole hashes"):
        Frontier.unpacked(1, bytes(33))


def test_a_copy_grows_on_its_own():
    frontier = Frontier()
    frontier.append(LEAVES[0])
    other = frontier.copy()
    other.append(LEAVES[1])
    assert (frontier.size, frontier.root()) == (1, LEAVES[0])
    assert other.root() == node_hash(LEAVES[0], LEAVES[1])


def grown(size, every=1):
    """A growing tree and its stored tiles; stored after every so many leaves."""
    tree, tiles = GrowingTree(Frontier(), []), {}
    for place, hashed in enumerate(LEAVES[:size], 1):
        tree.append(hashed)
        if place % every == 0 or place == size:
            tiles |= {(level, number): hashes for level, number, hashes in tree.tiles_to_store()}
    return tree, tiles


def reader(tiles, size):
    """Tiles as the store gives them: the last of level 0 stands in the events."""

    def read(level, number):
        if level == 0 and (level, number) not in tiles:
            return b"".join(LEAVES[:size][number * 256 : number * 256 + 256])
        return tiles.get((level, number), b"")

    return read


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 300, 512, 769, 1500])
@pytest.mark.parametrize("every", [1, 7, 1000])
def test_a_growing_tree_is_taken_up_where_it_was_left(size, every):
    tree, tiles = grown(size, every)
    taken = GrowingTree.load(size, reader(tiles, size))
    assert taken.frontier.peaks == tree.frontier.peaks
    assert taken.size == size
    more = LEAVES[size : size + 300]
    for hashed in more:
        taken.append(hashed)
        tree.append(hashed)
    assert taken.frontier.root() == tree.frontier.root() == naive_root(LEAVES[:size] + more)
    assert list(taken.tiles_to_store()) == list(tree.tiles_to_store())


def test_tiles_of_every_level_fill_up():
    """65,536 leaves fill a tile of level 1; their hashes do not matter."""
    tree = GrowingTree(Frontier(), [])
    tiles = {}
    for n in range(65_536 + 256):
        tree.append(LEAVES[n % 1500])
        if n % 256 == 255:
            tiles |= {(level, number): hashes for level, number, hashes in tree.tiles_to_store()}
    assert {level for level, _ in tiles} == {0, 1, 2}
    assert len(tiles[1, 0]) == 256 * 32
    assert len(tiles[1, 1]) == len(tiles[2, 0]) == 32
    taken = GrowingTree.load(65_536 + 256, lambda level, number: tiles.get((level, number), b""))
    assert taken.frontier.root() == tree.frontier.root()


@pytest.mark.parametrize("size", [1, 256, 300, 1030])
def test_subtrees_come_out_of_tiles(size):
    _, tiles = grown(size)
    nodes = TiledNodes(reader(tiles, size))
    assert root_at(size, nodes) == naive_root(LEAVES[:size])
    for before in {1, size // 2 or 1, size}:
        assert prove_consistency(before, size, nodes) == naive_proof(before, LEAVES[:size])
    assert range_root(0, size, nodes) == naive_root(LEAVES[:size])


def test_a_tile_that_is_missing_or_short_is_noticed():
    _, tiles = grown(1030)
    short = reader(tiles | {(1, 0): tiles[1, 0][:-32]}, 1030)
    with pytest.raises(Altered, match="tile"):
        GrowingTree.load(1030, short)
    with pytest.raises(Altered, match="tile"):
        root_at(1030, TiledNodes(short))
