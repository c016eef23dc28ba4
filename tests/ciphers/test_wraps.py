"""Wraps: X-Wing by the published vectors, by tink and by pyhpke; no bit of a wrap may change."""

import pyhpke
import pytest
import tink
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from tink import hybrid, secret_key_access
from tink.proto import hpke_pb2, tink_pb2

from angerona.ciphers.suites import Suite, bound
from angerona.ciphers.wraps import WrapPair, fingerprint, unwrap, wrap
from angerona.errors import BadInput, Unopenable

PAIR = WrapPair.from_seed(bytes(range(32)))
OTHER = WrapPair.from_seed(bytes(32))
HEAD = b"\x03" + fingerprint(PAIR.public)[:8]
SUITE = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
KDFS = {1: hpke.KDF.HKDF_SHA256, 17: hpke.KDF.SHAKE256}
AEADS = {1: hpke.AEAD.AES_128_GCM, 2: hpke.AEAD.AES_256_GCM, 3: hpke.AEAD.CHACHA20_POLY1305}


def first_opened(case, private):
    """The first message of a published exchange, opened by the library with its `aad`."""
    suite = hpke.Suite(
        hpke.KEM.X25519 if case["kem_id"] == 0x20 else hpke.KEM.MLKEM768_X25519,
        KDFS[case["kdf_id"]],
        AEADS[case["aead_id"]],
    )
    first = case["encryptions"][0]
    sealed = bytes.fromhex(case["enc"]) + bytes.fromhex(first["ct"])
    decrypt = hpke.rust_openssl.hpke._decrypt_with_aad  # noqa: SLF001 -- the public one takes no aad
    opened = decrypt(
        suite, sealed, private, bytes.fromhex(case["info"]), bytes.fromhex(first["aad"])
    )
    return opened == bytes.fromhex(first["pt"])


def test_our_seeds_expand_as_published_and_open_what_was_published(published):
    cases = [c for c in published("hpke/hpke-pq-test-vectors.json") if c["kem_id"] == 0x647A]
    assert len(cases) == 2
    for case in cases:
        pair = WrapPair.from_seed(bytes.fromhex(case["skRm"]))
        assert pair.public.hex() == case["pkRm"]
        assert first_opened(case, pair.private)


def test_hpke_over_x25519_opens_what_rfc_9180_published(published):
    cases = published("hpke/rfc9180-base-x25519-sha256.json")
    assert {case["aead_id"] for case in cases} == {1, 2, 3}
    for case in cases:
        private = X25519PrivateKey.from_private_bytes(bytes.fromhex(case["skRm"]))
        assert first_opened(case, private)


def tink_handle(pair):
    """The pair as a keyset of tink's, without a prefix."""
    params = hpke_pb2.HpkeParams(
        kem=hpke_pb2.X_WING, kdf=hpke_pb2.HKDF_SHA256, aead=hpke_pb2.AES_256_GCM
    )
    public = hpke_pb2.HpkePublicKey(params=params, public_key=pair.public)
    private = hpke_pb2.HpkePrivateKey(public_key=public, private_key=pair.seed)
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.HpkePrivateKey",
        value=private.SerializeToString(),
        key_material_type=tink_pb2.KeyData.ASYMMETRIC_PRIVATE,
    )
    one = tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[one])
    return tink.proto_keyset_format.parse(keyset.SerializeToString(), secret_key_access.TOKEN)


def test_tink_opens_our_wraps_and_we_open_tink_s():
    hybrid.register()
    handle = tink_handle(PAIR)
    info = bound(Suite.WRAP, HEAD, b"info")
    blob = wrap(PAIR.public, b"info", b"a secret")
    assert handle.primitive(hybrid.HybridDecrypt).decrypt(blob[9:], info) == b"a secret"
    theirs = handle.public_keyset_handle().primitive(hybrid.HybridEncrypt)
    assert unwrap(PAIR, b"info", HEAD + theirs.encrypt(b"another", info)) == b"another"


def test_pyhpke_and_the_library_open_each_other_s_over_x25519():
    """It has no X-Wing; what they share is everything of RFC 9180 but the encapsulation."""
    private = X25519PrivateKey.generate()
    theirs = pyhpke.CipherSuite.new(
        pyhpke.KEMId.DHKEM_X25519_HKDF_SHA256, pyhpke.KDFId.HKDF_SHA256, pyhpke.AEADId.AES256_GCM
    )
    ours = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
    their_public = pyhpke.KEMKey.from_pyca_cryptography_key(private.public_key())
    their_private = pyhpke.KEMKey.from_pyca_cryptography_key(private)
    enc, sender = theirs.create_sender_context(their_public, b"info")
    assert ours.decrypt(enc + sender.seal(b"a secret"), private, b"info") == b"a secret"
    blob = ours.encrypt(b"another", private.public_key(), b"info")
    recipient = theirs.create_recipient_context(blob[:32], their_private, b"info")
    assert recipient.open(blob[32:]) == b"another"


@settings(max_examples=25)
@given(st.binary(max_size=400), st.binary(max_size=60))
def test_a_wrap_is_opened_and_stands_as_its_docstring_says(secret, info):
    blob = wrap(PAIR.public, info, secret)
    assert unwrap(PAIR, info, blob) == secret
    assert len(blob) == len(secret) + 1145
    assert blob[:9] == HEAD
    assert SUITE.decrypt(blob[9:], PAIR.private, bound(Suite.WRAP, HEAD, info)) == secret


def test_every_single_bit_and_every_cut_counts():
    blob = wrap(PAIR.public, b"info", bytes(32))
    whole = int.from_bytes(blob, "big")
    for bit in range(8 * len(blob)):
        with pytest.raises(Unopenable):
            unwrap(PAIR, b"info", (whole ^ 1 << bit).to_bytes(len(blob), "big"))
    for size in range(0, len(blob), 7):
        with pytest.raises(Unopenable):
            unwrap(PAIR, b"info", blob[:size])
    with pytest.raises(Unopenable):
        unwrap(PAIR, b"info", blob + b"\0")


def test_another_pair_or_info_does_not_open():
    blob = wrap(PAIR.public, b"info", b"a secret")
    relabelled = b"\x03" + fingerprint(OTHER.public)[:8] + blob[9:]
    for pair, info, given_blob in [
        (OTHER, b"info", blob),
        (OTHER, b"info", relabelled),
        (PAIR, b"", blob),
        (PAIR, b"infos", blob),
    ]:
        with pytest.raises(Unopenable, match="a wrap: another key"):
            unwrap(pair, info, given_blob)


@pytest.mark.parametrize("point", [bytes(32), b"\1" + bytes(31), b"\xff" * 32])
def test_a_point_of_small_order_in_a_wrap_opens_nothing(point):
    blob = wrap(PAIR.public, b"info", b"a secret")
    with pytest.raises(Unopenable):
        unwrap(PAIR, b"info", blob[: 9 + 1088] + point + blob[9 + 1120 :])


@pytest.mark.parametrize(
    "public",
    [
        b"",
        PAIR.public[:-1],
        PAIR.public + b"\0",
        b"\xff" * 1216,  # numbers out of range
        PAIR.public[:1184] + bytes(32),  # a point that gives nought
        PAIR.public[:1184] + b"\1" + bytes(31),
        "x" * 1216,
        None,
    ],
)
def test_nothing_is_wrapped_to_what_is_no_public_key(public):
    with pytest.raises(BadInput, match="public key"):
        wrap(public, b"info", b"a secret")


def test_only_bytes_are_wrapped_and_unwrapped():
    with pytest.raises(BadInput, match="a text"):
        wrap(PAIR.public, b"info", "a secret")
    with pytest.raises(BadInput, match="a text"):
        unwrap(PAIR, b"info", "a wrap")
    blob = wrap(PAIR.public, b"info", bytearray(b"a secret"))
    assert unwrap(PAIR, b"info", blob) == b"a secret"


@pytest.mark.parametrize("seed", [b"", bytes(31), bytes(64), "s" * 32])
def test_a_pair_comes_from_32_bytes(seed):
    with pytest.raises(BadInput, match="seed"):
        WrapPair.from_seed(seed)


def test_pairs_differ_and_seeds_give_them_back():
    one, other = WrapPair.generate(), WrapPair.generate()
    assert one.public != other.public
    assert WrapPair.from_seed(one.seed).public == one.public
    assert len(one.public) == 1216
    assert len(one.seed) == 32
    assert str(one.seed) not in repr(one)
