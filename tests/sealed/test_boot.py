"""The boot secret in memory: hidden, not copied, wiped, and a key of its own for each use."""

import copy
import gc
import hashlib
import hmac
import pickle

import pytest

from angerona.errors import BadInput
from angerona.sealed.boot import BootSecret

SECRET = bytes(range(32))
PRACTICE = bytes(range(100, 116))


def hkdf(secret, info):
    """HKDF-SHA256 for one block of output, written down once more from RFC 5869."""
    extracted = hmac.digest(bytes(32), secret, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("directory", b"angerona/dir/v1"),
        ("pepper", b"angerona/pepper/v1"),
        ("wrap_vault", b"angerona/wrap-vault/v1"),
        ("log_key", b"angerona/log-key/v1"),
    ],
)
def test_each_key_of_a_practice_is_derived_under_its_own_domain(name, domain):
    keys = BootSecret(SECRET).derived(PRACTICE)
    info = len(domain).to_bytes(2, "big") + domain + b"b" + (16).to_bytes(4, "big") + PRACTICE
    assert getattr(keys, name) == hkdf(SECRET, info)


def test_two_practices_share_no_key():
    secret = BootSecret(SECRET)
    one, other = secret.derived(PRACTICE), secret.derived(bytes(16))
    names = ("directory", "pepper", "wrap_vault", "log_key")
    assert len({getattr(keys, name) for keys in (one, other) for name in names}) == 8


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_the_id_of_a_practice_is_sixteen_bytes(size):
    with pytest.raises(BadInput, match="16 bytes"):
        BootSecret(SECRET).derived(bytes(size))


@pytest.mark.parametrize("secret", [b"", SECRET[:31], SECRET + b"x", bytes(32), b"\xff" * 32])
def test_what_cannot_be_a_boot_secret_is_refused(secret):
    with pytest.raises(BadInput):
        BootSecret(secret)


def test_a_buffer_given_is_emptied_even_when_it_is_refused():
    right, wrong = bytearray(SECRET), bytearray(SECRET[:20])
    assert BootSecret(right).revealed() == SECRET
    with pytest.raises(BadInput):
        BootSecret(wrong)
    assert right == bytes(32)
    assert wrong == bytes(20)


def test_fresh_secrets_differ():
    assert not BootSecret.fresh().same_as(BootSecret.fresh())
    assert BootSecret(SECRET).same_as(BootSecret(SECRET))


def test_neither_repr_nor_str_shows_a_byte():
    secret = BootSecret(SECRET)
    keys = secret.derived(PRACTICE)
    for shown in (repr(secret), str(secret), f"{secret}", repr(keys), str(keys)):
        assert SECRET.hex()[:8] not in shown
        assert "x" not in shown.replace("hex", "")
        assert keys.directory.hex()[:8] not in shown
        assert repr(keys.directory)[2:10] not in shown


@pytest.mark.parametrize(
    "attempt",
    [copy.copy, copy.deepcopy, pickle.dumps, lambda one: pickle.dumps(one, protocol=0)],
    ids=["copy", "deep copy", "pickle", "old pickle"],
)
@pytest.mark.parametrize("made", ["secret", "keys"])
def test_nothing_is_copied_or_pickled(attempt, made):
    secret = BootSecret(SECRET)
    with pytest.raises(TypeError, match="neither copied nor pickled"):
        attempt(secret if made == "secret" else secret.derived(PRACTICE))


def test_wiping_overwrites_the_very_place():
    secret = BootSecret(SECRET)
    (place,) = (one for one in gc.get_referents(secret) if isinstance(one, bytearray))
    with memoryview(place) as seen:
        assert bytes(seen) == SECRET
        with pytest.raises(BufferError):  # the view keeps the place from being dropped
            secret.wipe()
        assert bytes(seen) == bytes(32)


@pytest.mark.parametrize(
    "use",
    [BootSecret.revealed, lambda one: one.derived(PRACTICE), lambda one: one.same_as(one)],
    ids=["revealed", "derived", "compared"],
)
def test_after_wiping_nothing_is_given(use):
    with BootSecret(SECRET) as secret:
        use(secret)
    secret.wipe()
    with pytest.raises(BadInput, match="was wiped"):
        use(secret)


def test_it_is_wiped_also_when_the_block_fails():
    secret = BootSecret(SECRET)
    with pytest.raises(ZeroDivisionError), secret:
        raise ZeroDivisionError
    with pytest.raises(BadInput, match="was wiped"):
        secret.revealed()
