"""Signatures: Ed25519 by the published vectors and PyNaCl, ML-DSA-44 by tink; both must hold."""

import nacl.signing
import pytest
import tink
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.exceptions import BadSignatureError
from tink import signature as tink_signature
from tink.proto import ml_dsa_pb2, tink_pb2

from angerona.ciphers.derive import derived
from angerona.ciphers.signing import (
    Signer,
    SignerPublic,
    verify,
    verify_ed25519,
    verify_mldsa44,
)
from angerona.errors import BadInput, Forged

SEED = bytes(range(32))
SIGNER = Signer.from_seed(SEED)
OTHER = Signer.from_seed(bytes(32))
MESSAGE = b"a checkpoint"
SIGNATURE = SIGNER.sign(MESSAGE)


def test_ed25519_gives_the_published_answers(wycheproof):
    for case in wycheproof("ed25519"):
        public = bytes.fromhex(case["publicKey"]["pk"])
        message, signature = bytes.fromhex(case["msg"]), bytes.fromhex(case["sig"])
        if case["result"] == "valid":
            verify_ed25519(public, message, signature)
        else:
            with pytest.raises(Forged):
                verify_ed25519(public, message, signature)


@settings(max_examples=25)
@given(st.binary(max_size=200))
def test_pynacl_makes_and_takes_the_same_ed25519(message):
    theirs = nacl.signing.SigningKey(derived(SEED, "angerona/ed25519/v1"))
    assert theirs.verify_key.encode() == SIGNER.public.ed25519
    assert theirs.sign(message).signature == SIGNER.sign_ed25519(message)
    theirs.verify_key.verify(message, SIGNER.sign_ed25519(message))
    with pytest.raises(BadSignatureError):
        theirs.verify_key.verify(message + b"!", SIGNER.sign_ed25519(message))


def tink_verifier(public):
    params = ml_dsa_pb2.MlDsaParams(ml_dsa_instance=ml_dsa_pb2.ML_DSA_44)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.MlDsaPublicKey",
        value=ml_dsa_pb2.MlDsaPublicKey(key_value=public, params=params).SerializeToString(),
        key_material_type=tink_pb2.KeyData.ASYMMETRIC_PUBLIC,
    )
    one = tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[one]).SerializeToString()
    handle = tink.proto_keyset_format.parse_without_secret(keyset)
    return handle.primitive(tink_signature.PublicKeyVerify)


def test_tink_takes_our_ml_dsa_and_no_other():
    tink_signature.register()
    signature = SIGNER.sign_mldsa44(MESSAGE)
    tink_verifier(SIGNER.public.mldsa44).verify(signature, MESSAGE)
    with pytest.raises(tink.TinkError):
        tink_verifier(OTHER.public.mldsa44).verify(signature, MESSAGE)


def test_a_full_signature_is_both_in_order():
    assert len(SIGNATURE) == 64 + 2420
    verify(SIGNER.public, MESSAGE, SIGNATURE)
    verify_ed25519(SIGNER.public.ed25519, MESSAGE, SIGNATURE[:64])
    verify_mldsa44(SIGNER.public.mldsa44, MESSAGE, SIGNATURE[64:])


def test_one_half_is_not_enough():
    forged = OTHER.sign(MESSAGE)
    for signature in (
        SIGNATURE[:64] + forged[64:],
        forged[:64] + SIGNATURE[64:],
        SIGNATURE[:64] + SIGNER.sign_mldsa44(b"another"),
        SIGNER.sign_ed25519(b"another") + SIGNATURE[64:],
    ):
        with pytest.raises(Forged):
            verify(SIGNER.public, MESSAGE, signature)


def test_every_byte_of_a_signature_counts():
    for at in range(0, len(SIGNATURE), 3):
        altered = SIGNATURE[:at] + bytes([SIGNATURE[at] ^ 1 << at % 8]) + SIGNATURE[at + 1 :]
        with pytest.raises(Forged):
            verify(SIGNER.public, MESSAGE, altered)


@pytest.mark.parametrize("size", [0, 64, 2420, 2483])
def test_a_signature_of_another_length_is_none(size):
    with pytest.raises(Forged, match="another length"):
        verify(SIGNER.public, MESSAGE, SIGNATURE[:size])
    with pytest.raises(Forged, match="another length"):
        verify(SIGNER.public, MESSAGE, SIGNATURE + b"\0")


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_a_bare_ed25519_signature_of_any_length_is_refused(signature):
    with pytest.raises(Forged, match="Ed25519"):
        verify_ed25519(SIGNER.public.ed25519, MESSAGE, signature)


@pytest.mark.parametrize("signature", [b"", bytes(2419), bytes(2420), bytes(2421)])
def test_a_bare_ml_dsa_signature_of_any_length_is_refused(signature):
    with pytest.raises(Forged, match="ML-DSA"):
        verify_mldsa44(SIGNER.public.mldsa44, MESSAGE, signature)


def test_other_words_and_other_signers_do_not_verify():
    for public, message in [(OTHER.public, MESSAGE), (SIGNER.public, b""), (SIGNER.public, b"x")]:
        with pytest.raises(Forged):
            verify(public, message, SIGNATURE)


def test_lengths_and_kinds_are_said():
    with pytest.raises(BadInput, match="seed: 31 bytes"):
        Signer.from_seed(bytes(31))
    with pytest.raises(BadInput, match="ed25519: 31 bytes"):
        SignerPublic(bytes(31), bytes(1312))
    with pytest.raises(BadInput, match="mldsa44: 32 bytes"):
        SignerPublic(bytes(32), bytes(32))
    with pytest.raises(BadInput, match="a text"):
        verify(SIGNER.public, MESSAGE, "signature")
    with pytest.raises(BadInput, match="public key: 3 bytes"):
        verify_ed25519(b"key", MESSAGE, bytes(64))
    with pytest.raises(BadInput, match="public key: 3 bytes"):
        verify_mldsa44(b"key", MESSAGE, bytes(2420))


def test_a_seed_gives_the_same_signer_and_no_two_the_same():
    assert Signer.from_seed(bytearray(SEED)).public == SIGNER.public
    assert OTHER.public.ed25519 != SIGNER.public.ed25519
    assert OTHER.public.mldsa44 != SIGNER.public.mldsa44


def test_a_signer_does_not_show_its_seed():
    assert str(SEED) not in repr(SIGNER)
