"""The self-test passes here, quickly, and each cipher that is broken stops it."""

import time

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA512

from angerona.ciphers import derive, entries, passwords, polynomials, rows, selftest, signing, wraps
from angerona.ciphers.answers import CONTEXT, KEY
from angerona.ciphers.selftest import self_test
from angerona.ciphers.suites import Suite, bound, header, key_id
from angerona.errors import SuiteFailure
from naive_cobblestone import naive_keys


def test_everything_is_as_it_must_be_in_little_time():
    before = time.process_time()
    self_test()
    assert time.process_time() - before < 0.2


class TrustingGcm:
    """AES-GCM that opens what was altered, too: its tag is never looked at."""

    def __init__(self, key):
        self._gcm = AESGCM(key)
        self.encrypt = self._gcm.encrypt

    def decrypt(self, nonce, data, _extra):
        return self._gcm.encrypt(nonce, data[:-16], None)[:-16]


class Trusting:
    """Cobblestone for one chunk that never looks at the tag."""

    def __init__(self, key, context):
        self._key, self._context = key, context

    def update(self, data):
        gcm, nonce, _ = naive_keys(self._key, self._context, data[:24])
        return gcm.encrypt(nonce, data[56:-16], None)[:-16]

    def finalize(self):
        return b""


def deaf(key, _context):
    """Cobblestone that takes no notice of its context."""
    head = header(Suite.ENTRY, key_id(KEY))
    return Cobblestone256Decryptor(key, bound(Suite.ENTRY, head, CONTEXT))


class Missing:
    """What an old library has instead of a cipher."""

    def __init__(self, *_given, **_settings):
        raise UnsupportedAlgorithm("not in this build")

    from_seed_bytes = from_private_bytes = __init__


X25519_ONLY = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
CHACHA = hpke.Suite(hpke.KEM.MLKEM768_X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def nothing(*_given):
    return None


@pytest.mark.parametrize(
    ("module", "name", "broken", "said"),
    [
        (derive, "_SHA256", SHA512(), "HKDF-SHA256: not the known answer"),
        (derive, "HKDF", Missing, "HKDF-SHA256: the self-test broke off"),
        (entries, "Cobblestone256Decryptor", Trusting, "Cobblestone-256: not the known answer"),
        (entries, "Cobblestone256Decryptor", deaf, "Cobblestone-256: not the known answer"),
        (entries, "Cobblestone256Encryptor", Missing, "Cobblestone-256: the self-test broke off"),
        (selftest, "open_entry", nothing, "Cobblestone-256: not the known answer"),
        (rows, "AESGCM", TrustingGcm, "AES-256-GCM: not the known answer"),
        (rows, "AESGCM", ChaCha20Poly1305, "AES-256-GCM: the self-test broke off"),
        (wraps, "_HPKE", X25519_ONLY, "HPKE with X-Wing: the self-test broke off"),
        (wraps, "_HPKE", CHACHA, "HPKE with X-Wing: the self-test broke off"),
        (wraps, "MLKEM768PrivateKey", Missing, "HPKE with X-Wing: the self-test broke off"),
        (selftest, "open_row", nothing, "AES-256-GCM: not the known answer"),
        (selftest, "unwrap", nothing, "HPKE with X-Wing: not the known answer"),
        (signing, "verify_mldsa44", nothing, "Ed25519 and ML-DSA-44: not the known answer"),
        (selftest, "verify_ed25519", nothing, "Ed25519 and ML-DSA-44: not the known answer"),
        (signing, "MLDSA44PrivateKey", Missing, "Ed25519 and ML-DSA-44: the self-test broke off"),
        (passwords, "_LANES", 1, "Argon2id: not the known answer"),
        (passwords, "Argon2id", Missing, "Argon2id: the self-test broke off"),
        (polynomials, "_FOLD", 0x1D, "Shamir's shares: the self-test broke off"),
    ],
)
def test_a_broken_cipher_stops_everything(monkeypatch, module, name, broken, said):
    monkeypatch.setattr(module, name, broken)
    with pytest.raises(SuiteFailure, match=f"^{said}$"):
        self_test()


def test_the_reason_is_kept_for_whoever_mends_it(monkeypatch):
    monkeypatch.setattr(passwords, "Argon2id", Missing)
    with pytest.raises(SuiteFailure) as failure:
        self_test()
    assert isinstance(failure.value.__cause__, UnsupportedAlgorithm)
