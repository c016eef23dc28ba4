"""Rows of the directory, rebuilt by another hand; no bit of one may change."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.encoding import packed
from angerona.ciphers.padding import padded
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.suites import key_id
from angerona.errors import Unopenable
from ciphers.conftest import KEY
from ciphers.test_derive import naive_hkdf


def test_aes_gcm_gives_the_published_answers(wycheproof):
    run = 0
    for case in wycheproof("aes_gcm"):
        if (case["keySize"], case["ivSize"], case["tagSize"]) != (256, 96, 128):
            continue
        run += 1
        key, nonce, text, extra, sealed = (
            bytes.fromhex(case[name]) for name in ("key", "iv", "msg", "aad", "ct")
        )
        sealed += bytes.fromhex(case["tag"])
        if case["result"] == "valid":
            assert AESGCM(key).encrypt(nonce, text, extra) == sealed
            assert AESGCM(key).decrypt(nonce, sealed, extra) == text
        else:
            with pytest.raises(InvalidTag):
                AESGCM(key).decrypt(nonce, sealed, extra)
    assert run > 60


@pytest.mark.parametrize(("suite", "name"), [(2, "row"), (5, "bare_row")])
@given(st.binary(max_size=1200), st.binary(max_size=40))
def test_a_row_is_what_its_docstring_says(suite, name, row, context):
    blob = seal_row(KEY, context, row, pad=suite == 2)
    head, salt, sealed = blob[:9], blob[9:41], blob[41:]
    assert head == bytes([suite]) + key_id(KEY)
    info = packed("angerona/row-key/v1", packed(f"angerona/{name}/v1", head, context))
    inside = AESGCM(naive_hkdf(KEY, salt, info, 32)).decrypt(bytes(12), sealed, None)
    assert inside == (padded(row) if suite == 2 else row)
    assert open_row(KEY, context, blob) == row


@pytest.mark.parametrize("pad", [True, False])
@pytest.mark.parametrize("row", [b"", bytes(512), padded(b"a row"), bytes(5000)])
def test_a_row_comes_back_as_it_was_padded_or_not(row, pad):
    assert open_row(KEY, b"context", seal_row(KEY, b"context", row, pad=pad)) == row


@pytest.mark.parametrize("pad", [True, False])
def test_every_single_bit_and_every_cut_counts(pad):
    blob = seal_row(KEY, b"context", b"a row", pad=pad)
    whole = int.from_bytes(blob, "big")
    for bit in range(8 * len(blob)):
        with pytest.raises(Unopenable):
            open_row(KEY, b"context", (whole ^ 1 << bit).to_bytes(len(blob), "big"))
    for size in range(len(blob)):
        with pytest.raises(Unopenable):
            open_row(KEY, b"context", blob[:size])
    with pytest.raises(Unopenable):
        open_row(KEY, b"context", blob + b"\0")


def test_rows_of_one_class_look_alike_and_bare_ones_do_not():
    assert {len(seal_row(KEY, b"", bytes(size))) for size in (0, 1, 100, 508)} == {9 + 32 + 528}
    assert len(seal_row(KEY, b"", bytes(100), pad=False)) == 9 + 32 + 100 + 16


def test_every_version_has_a_salt_of_its_own():
    assert len({seal_row(KEY, b"", b"")[9:41] for _ in range(100)}) == 100
