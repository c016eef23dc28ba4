"""Lock A: what a person gives opens that person's keys, and nothing else does."""

import dataclasses
import os

import pytest

from angerona.errors import BadInput, Unopenable
from angerona.sealed.people import Lock, PublicKeys, new_person

PERSON = os.urandom(16)
PASSWORD = "a long and quiet sentence"


@pytest.fixture(scope="module")
def lock():
    return Lock(os.urandom(16), os.urandom(32))


@pytest.fixture(scope="module")
def keys():
    return new_person()


@pytest.fixture(scope="module")
def by_password(lock, keys):
    return lock.with_password(PERSON, keys, PASSWORD)


def test_the_password_opens_the_keys(lock, keys, by_password):
    assert lock.open_with_password(by_password, PASSWORD).seed == keys.seed


def test_the_same_password_typed_on_another_keyboard_opens_them(lock, keys):
    credential = lock.with_password(PERSON, keys, "caf\u00e9 caf\u00e9 caf\u00e9")
    typed = "cafe\u0301 cafe\u0301 cafe\u0301"
    assert lock.open_with_password(credential, typed).seed == keys.seed


def test_another_password_opens_nothing(lock, by_password):
    with pytest.raises(Unopenable):
        lock.open_with_password(by_password, PASSWORD + ".")


def test_without_the_pepper_the_right_password_opens_nothing(lock, by_password):
    with pytest.raises(Unopenable):
        Lock(lock.practice_id, os.urandom(32)).open_with_password(by_password, PASSWORD)


def test_a_passkey_and_a_recovery_code_open_the_same_keys(lock, keys):
    secret = os.urandom(32)
    passkey = lock.with_passkey(PERSON, keys, secret)
    assert lock.open_with_passkey(passkey, secret).seed == keys.seed
    credential, code = lock.with_recovery_code(PERSON, keys)
    assert lock.open_with_recovery_code(credential, code.lower()).seed == keys.seed
    with pytest.raises(Unopenable):
        lock.open_with_passkey(passkey, os.urandom(32))
    with pytest.raises(Unopenable):
        lock.open_with_recovery_code(credential, lock.with_recovery_code(PERSON, keys)[1])


@pytest.mark.parametrize("part", ["person_id", "credential_id", "salt", "private", "seed"])
def test_an_altered_credential_opens_nothing(lock, by_password, part):
    value = getattr(by_password, part)
    altered = dataclasses.replace(by_password, **{part: value[:-1] + bytes([value[-1] ^ 1])})
    with pytest.raises(Unopenable):
        lock.open_with_password(altered, PASSWORD)


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 1_025])
def test_a_password_too_short_or_too_long_is_refused(lock, keys, password):
    with pytest.raises(BadInput, match="12 to 1024 characters"):
        lock.with_password(PERSON, keys, password)


def test_a_passkey_without_its_secret_is_refused(lock, keys):
    with pytest.raises(BadInput, match="32 bytes"):
        lock.with_passkey(PERSON, keys, b"")


def test_public_keys_come_back_from_their_row(keys):
    assert PublicKeys.read(keys.public.stored) == keys.public
    assert len(keys.public.stored) == 2_560
    with pytest.raises(Unopenable):
        PublicKeys.read(keys.public.stored[:-1])


def test_nothing_secret_shows_when_printed(keys, by_password):
    for shown in (repr(keys), repr(by_password)):
        assert keys.seed.hex() not in shown
        assert "b'" not in shown
