"""The embedded check of Ed25519 against Wycheproof, against pyca, and against crooked points."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from angerona.ledger import verifying
from angerona.ledger.verifying import is_signed

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
# The eight points of small order, and the ways to write some of them a second time.
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
]
TWICE = [
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


def test_every_case_of_wycheproof(shared):
    path = shared / "vectors" / "wycheproof" / "ed25519_test.json"
    tried = 0
    for group in json.loads(path.read_text("utf-8"))["testGroups"]:
        public = bytes.fromhex(group["publicKey"]["pk"])
        for case in group["tests"]:
            message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
            expected = case["result"] == "valid"
            assert is_signed(public, message, signature) is expected, case["tcId"]
            tried += 1
    assert tried == 151


@settings(max_examples=20)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200), st.integers(0, 511))
def test_it_agrees_with_pyca(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert is_signed(public, message, signature)
    flipped = (int.from_bytes(signature) ^ 1 << bit).to_bytes(64)
    assert not is_signed(public, message, flipped)
    assert not is_signed(public, message + b"x", signature)


@pytest.mark.parametrize("point", [*SMALL, *TWICE])
def test_a_point_of_small_order_or_written_twice_signs_nothing(point):
    """With such a key, R = the key and S = 0 would be a signature of about every eighth message."""
    public = bytes.fromhex(point)
    for other in SMALL:
        for message in range(16):
            signature = bytes.fromhex(other) + bytes(32)
            assert not is_signed(public, bytes([message]), signature)


def test_a_point_is_written_in_one_way():
    """No signature can be made that would tell, so the reading of points is asked itself."""
    read = verifying._point  # noqa: SLF001 -- see above
    for value in range(19):
        assert read((P + value).to_bytes(32, "little")) is None
        assert read(((P + value) | 1 << 255).to_bytes(32, "little")) is None
    assert read((4).to_bytes(32, "little"))[1] == 4


def test_what_is_no_point_signs_nothing():
    assert not is_signed((2).to_bytes(32, "little"), b"", bytes(64))
    assert not is_signed(b"\xff" * 32, b"", bytes(64))


def test_a_second_signature_cannot_be_made_from_one():
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"a")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not is_signed(public, b"a", signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65, 128])
def test_other_lengths_are_refused(length):
    key = Ed25519PrivateKey.from_private_bytes(bytes(32))
    public, signature = key.public_key().public_bytes_raw(), key.sign(b"a")
    assert not is_signed(public, b"a", bytes(length))
    assert not is_signed(bytes(length), b"a", signature)
