"""The ledger as files of C2SP tlog-tiles, read back by hand and by another project's program."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from angerona.errors import Altered, BadInput
from angerona.ledger.notes import ed25519_key
from angerona.ledger.tiles import export_tiles, tile_path, tiles_of
from angerona.ledger.verifying import (
    Checkpoint,
    leaf_hash,
    read_vkey,
    tree_root,
    verify_checkpoint,
    vkey,
)
from angerona.store import open_store
from ledgers import AT, ORIGIN, SIGNER, enrolled, look, opened, write
from receipt_papers import Paper


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """A ledger of some six hundred leaves, exported at two checkpoints."""
    folder = tmp_path_factory.mktemp("tiles")
    store = open_store(f"sqlite://{folder}/practice/angerona.db")
    ledger = opened(store)
    with pytest.raises(BadInput, match="checkpoint"):
        ledger.export(folder / "log")
    subjects = enrolled(store, ledger, 3)
    write(ledger, *[look(subjects[turn % 3]) for turn in range(300)])
    early = ledger.checkpoint(AT)
    assert ledger.export(folder / "log") == len(list(tiles_of(301)))
    write(ledger, *[look(subjects[turn % 3]) for turn in range(300)])
    late = ledger.checkpoint(AT)
    new = ledger.export(folder / "log")
    receipt = ledger.receipt(subjects[0], since=301, at=AT)
    yield folder / "log", early, late, new, receipt
    store.close()


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "000"),
        (5, 7, "005.p/7"),
        (999, 256, "999"),
        (1000, 256, "x001/000"),
        (1234067, 256, "x001/x234/067"),
        (1234067, 8, "x001/x234/067.p/8"),
    ],
)
def test_numbers_become_paths(number, width, path):
    assert tile_path(number, width) == path


def test_the_specification_s_example_of_seventy_thousand():
    tiles = list(tiles_of(70_000))
    assert sum(level == 0 and width == 256 for level, _, width in tiles) == 273
    partial = [(level, width) for level, _, width in tiles if width != 256]
    assert partial == [(0, 112), (1, 17), (2, 1)]
    assert sum(level == 1 and width == 256 for level, _, width in tiles) == 1
    assert list(tiles_of(256)) == [(0, 0, 256), (1, 0, 1)]
    assert list(tiles_of(0)) == []


def test_the_files_hold_the_tree(case):
    log, _, late, new, _ = case
    head = verify_checkpoint(
        (log / "checkpoint").read_text("utf-8"), ed25519_key(ORIGIN, SIGNER.public)
    )
    assert (log / "checkpoint").read_text("utf-8") == late
    hashes, leaves = b"", []
    for level, number, width in tiles_of(head.size):
        content = (log / "tile" / str(level) / tile_path(number, width)).read_bytes()
        assert len(content) == width * 32
        if level == 0:
            hashes += content
            bundle = (log / "tile" / "entries" / tile_path(number, width)).read_bytes()
            while bundle:
                end = 2 + int.from_bytes(bundle[:2])
                leaves.append(bundle[2:end])
                bundle = bundle[end:]
    assert b"".join(map(leaf_hash, leaves)) == hashes
    assert tree_root(map(leaf_hash, leaves)) == head.root
    assert {len(leaf) for leaf in leaves} == {138, 49}
    assert new == 3, "the first full tile was there already"


def test_what_does_not_fit_is_not_exported(tmp_path):
    leaves = [bytes([n]) for n in range(3)]
    hashes = b"".join(map(leaf_hash, leaves))
    for tile, given in [(hashes[:-1], leaves), (hashes, leaves[:2]), (hashes[::-1], leaves)]:
        with pytest.raises(Altered):
            export_tiles(
                tmp_path, "note", 3, tile=lambda *_, t=tile: t, leaves=lambda *_, g=given: iter(g)
            )
        assert not (tmp_path / "checkpoint").exists()


# --- aics-tlog, a program of other hands


@pytest.fixture(scope="module")
def other():
    """It asks for a newer Python than ours and runs on ours: see requirements/."""
    return pytest.importorskip("aics_tlog")


def test_another_program_authenticates_every_tile_and_leaf(case, other):
    log, early, late, _, _ = case
    key = other.parse_vkey(vkey(ed25519_key(ORIGIN, SIGNER.public)))
    note = other.parse_note((log / "checkpoint").read_bytes())
    result = other.verify_checkpoint(note, key, expected_origin=ORIGIN)
    assert result.ok, result
    head = verify_checkpoint(late, ed25519_key(ORIGIN, SIGNER.public))
    reader = other.FileSystemTileReader(log)
    assert other.tree_root_from_tiles(reader, head.size) == head.root
    report = other.audit_tiles(reader, head.size, head.root)
    assert report
    earlier = verify_checkpoint(early, ed25519_key(ORIGIN, SIGNER.public))
    proof = other.consistency_proof_from_tiles(reader, earlier.size, head.size)
    assert other.verify_consistency(earlier.size, head.size, earlier.root, head.root, proof)


def test_another_program_verifies_our_proofs(case, other):
    _, _, late, _, receipt = case
    paper = Paper.of(receipt)
    head = verify_checkpoint(late, ed25519_key(ORIGIN, SIGNER.public))
    proof = [base64.b64decode(line) for line in paper.proof]
    epoch = paper.bytes_of("epoch")
    assert other.verify_leaf_inclusion(epoch, int(paper.index), head.size, proof, head.root)
    assert not other.verify_leaf_inclusion(epoch, 3, head.size, proof, head.root)


def test_another_program_refuses_what_we_refuse(case, other):
    _, _, late, _, _ = case
    key = other.parse_vkey(vkey(ed25519_key(ORIGIN, SIGNER.public)))
    crooked = late.replace("\n602\n", "\n601\n")
    assert crooked != late
    assert not other.verify_checkpoint(other.parse_note(crooked), key).ok


def test_we_verify_what_another_program_signs(other):
    signer = Ed25519PrivateKey.from_private_bytes(bytes(32))
    tree = other.MerkleTree([b"one", b"two", b"three"])
    head = other.Checkpoint("log.example/x", 3, tree.root())
    note = other.sign_checkpoint(head, signer, "log.example/x")
    key = other.format_vkey(other.vkey_from_ed25519("log.example/x", signer.public_key()))
    signed = verify_checkpoint(note.serialise(), read_vkey(key))
    assert signed == Checkpoint("log.example/x", 3, tree.root())
