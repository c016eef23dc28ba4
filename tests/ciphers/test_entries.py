"""Entries: Cobblestone-256 by two hands, and no bit of a sealed entry may change."""

import hashlib
import os
import zlib

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.encoding import packed
from angerona.ciphers.entries import open_entry, seal_entry
from angerona.ciphers.padding import padded
from angerona.ciphers.suites import key_id
from angerona.errors import BadInput, Unopenable
from ciphers.conftest import KEY
from naive_cobblestone import CHUNK, TAG, naive_open, naive_seal


def library_open(key, context, message):
    cipher = Cobblestone256Decryptor(key, context)
    return cipher.update(message) + cipher.finalize()


@pytest.mark.parametrize("decrypt", [library_open, naive_open])
def test_both_hands_give_the_published_answers(wycheproof, decrypt):
    for case in wycheproof("c2sp_chunked_encryption_aes_256_gcm"):
        key, context = bytes.fromhex(case["key"]), bytes.fromhex(case["ctx"])
        message = zlib.decompress(bytes.fromhex(case["ct"]))
        if case["result"] == "valid":
            text = decrypt(key, context, message)
            assert len(text) == case["msgLength"]
            assert hashlib.sha512(text).hexdigest() == case["msgSha512"]
        else:
            with pytest.raises((InvalidTag, ValueError)):
                decrypt(key, context, message)


def test_a_valid_message_is_remade_byte_for_byte(wycheproof):
    for case in wycheproof("c2sp_chunked_encryption_aes_256_gcm"):
        if case["result"] == "valid":
            key, context = bytes.fromhex(case["key"]), bytes.fromhex(case["ctx"])
            message = zlib.decompress(bytes.fromhex(case["ct"]))
            text = naive_open(key, context, message)
            assert naive_seal(key, context, message[:24], text) == message


def inside(context):
    return packed("angerona/entry/v1", b"\x01" + key_id(KEY), context)


@given(st.binary(max_size=40_000), st.binary(max_size=40))
def test_an_entry_is_opened_by_the_other_hand_and_the_other_way(text, context):
    blob = seal_entry(KEY, context, text)
    assert naive_open(KEY, inside(context), blob[9:]) == padded(text)
    other = blob[:9] + naive_seal(KEY, inside(context), os.urandom(24), padded(text))
    assert open_entry(KEY, context, other) == text
    assert open_entry(KEY, context, blob) == text


@pytest.mark.parametrize("size", [16_379, 16_380, 16_381, 40_000])
def test_a_long_entry_comes_back_and_its_end_is_its_end(size):
    text = os.urandom(size)
    blob = seal_entry(KEY, b"context", text)
    assert open_entry(KEY, b"context", blob) == text
    for end in range(9 + 56, len(blob), CHUNK + TAG):
        with pytest.raises(Unopenable):
            open_entry(KEY, b"context", blob[:end])


def test_every_single_bit_counts():
    blob = seal_entry(KEY, b"context", b"text")
    whole = int.from_bytes(blob, "big")
    for bit in range(8 * len(blob)):
        with pytest.raises(Unopenable):
            open_entry(KEY, b"context", (whole ^ 1 << bit).to_bytes(len(blob), "big"))


def test_every_cut_is_noticed_and_every_tail():
    blob = seal_entry(KEY, b"context", b"text")
    for size in range(len(blob)):
        with pytest.raises(Unopenable):
            open_entry(KEY, b"context", blob[:size])
    for tail in (b"\0", bytes(16), blob, blob[9:]):
        with pytest.raises(Unopenable):
            open_entry(KEY, b"context", blob + tail)


def test_a_block_that_is_not_padded_as_it_must_be_is_refused():
    for block in (b"", b"text", bytes(511) + b"\1", padded(b"text") + bytes(512)):
        blob = b"\x01" + key_id(KEY) + naive_seal(KEY, inside(b""), bytes(24), block)
        with pytest.raises(Unopenable):
            open_entry(KEY, b"", blob)


def test_the_size_of_an_entry_is_that_of_its_class():
    sizes = {len(seal_entry(KEY, b"", bytes(size))) for size in range(0, 509, 4)}
    assert sizes == {9 + 56 + 512 + 16}
    assert len(seal_entry(KEY, b"", bytes(20_000))) == 9 + 56 + 32_768 + 3 * 16


def test_a_very_long_entry_is_an_attachment():
    with pytest.raises(BadInput, match="too long"):
        seal_entry(KEY, b"", bytes(2**26))
