"""Derivation is HKDF-SHA256, told apart by domain and fields."""

import hashlib
import hmac

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.errors import BadInput


def naive_hkdf(key, salt, info, length):
    """RFC 5869 with the standard library alone."""
    secret = hmac.digest(salt or bytes(32), key, hashlib.sha256)
    stream, block = b"", b""
    for counter in range(1, -(-length // 32) + 1):
        block = hmac.digest(secret, block + info + bytes([counter]), hashlib.sha256)
        stream += block
    return stream[:length]


def test_both_ways_of_hkdf_give_the_published_answers(wycheproof):
    for case in wycheproof("hkdf_sha256"):
        key, salt, info = (bytes.fromhex(case[name]) for name in ("ikm", "salt", "info"))
        if case["result"] == "invalid":
            assert case["flags"] == ["SizeTooLarge"]
            with pytest.raises(ValueError, match="larger"):
                HKDF(SHA256(), case["size"], salt, info)
            continue
        expected = bytes.fromhex(case["okm"])
        assert HKDF(SHA256(), case["size"], salt, info).derive(key) == expected
        assert naive_hkdf(key, salt, info, case["size"]) == expected


def test_the_standard_library_s_hmac_gives_the_published_answers(wycheproof):
    for case in wycheproof("hmac_sha256"):
        made = hmac.digest(bytes.fromhex(case["key"]), bytes.fromhex(case["msg"]), hashlib.sha256)
        right = made[: case["tagSize"] // 8].hex() == case["tag"]
        assert right == (case["result"] == "valid"), case["tcId"]


@pytest.mark.parametrize("length", [1, 8, 32, 33, 64, 8160])
@pytest.mark.parametrize("salt", [None, bytes(32), b"salt"])
def test_derived_is_hkdf_over_the_encoding(key, length, salt):
    expected = naive_hkdf(key, salt, packed("d", b"x", "y", 3), length)
    assert derived(key, "d", b"x", "y", 3, length=length, salt=salt) == expected


def test_another_key_domain_field_or_salt_gives_another_key(key):
    made = {
        derived(key, "d", b"x"),
        derived(key[1:] + b"!", "d", b"x"),
        derived(key[:-1], "d", b"x"),
        derived(key, "e", b"x"),
        derived(key, "d", b"y"),
        derived(key, "d", "x"),
        derived(key, "d"),
        derived(key, "d", b"x", salt=b"salt"),
    }
    assert len(made) == 8


def test_a_key_may_lie_in_memory_that_can_be_wiped(key):
    assert derived(bytearray(key), "d") == derived(key, "d")


@pytest.mark.parametrize("given", [b"", bytes(15), "k" * 32, None])
def test_what_is_no_key_derives_nothing(given):
    with pytest.raises(BadInput, match="derived: key"):
        derived(given, "d")


@pytest.mark.parametrize("length", [0, -1, 8161])
def test_a_length_is_one_that_hkdf_has(key, length):
    with pytest.raises(BadInput, match="length"):
        derived(key, "d", length=length)
