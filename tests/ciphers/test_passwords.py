"""Passwords: Argon2id by the published vectors and PyNaCl; one form for every keyboard."""

import re
import threading

import nacl.pwhash
import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from angerona.ciphers import passwords
from angerona.ciphers.passwords import PASSWORD_MAX, argon2id, stretched
from angerona.errors import BadInput

SALT, PEPPER = bytes(range(16)), bytes(range(32))


def vectors(text):
    for block in re.split(r"\nCOUNT = \d+\n", text)[1:]:
        yield {
            name.strip(): value.strip()
            for name, _, value in (line.partition("=") for line in block.splitlines() if line)
        }


def test_argon2id_gives_the_published_answers(published):
    cases = list(vectors(published("kdf/argon2id.txt")))
    assert len(cases) == 6
    for case in cases:
        secret, extra = (bytes.fromhex(case[n]) if n in case else None for n in ("secret", "ad"))
        kdf = Argon2id(
            salt=bytes.fromhex(case["salt"]),
            length=int(case["length"]),
            iterations=int(case["iter"]),
            lanes=int(case["lanes"]),
            memory_cost=int(case["memcost"]),
            secret=secret,
            ad=extra,
        )
        assert kdf.derive(bytes.fromhex(case["pass"])).hex() == case["output"]


def test_a_password_is_stretched_with_the_settings_that_are_promised():
    expected = Argon2id(
        salt=SALT, length=32, iterations=3, lanes=4, memory_cost=65536, secret=PEPPER
    ).derive(b"correct horse")
    assert stretched("correct horse", SALT, PEPPER) == expected
    assert stretched("correct horse", SALT, bytearray(PEPPER)) == expected


def test_pynacl_agrees_where_it_can():
    """It has one lane and no pepper; the rest is the same function."""
    theirs = nacl.pwhash.argon2id.kdf(32, b"password", SALT, opslimit=3, memlimit=8192 * 1024)
    ours = Argon2id(salt=SALT, length=32, iterations=3, lanes=1, memory_cost=8192)
    assert ours.derive(b"password") == theirs


def test_another_password_salt_or_pepper_gives_another_key():
    def small(typed, salt, pepper):
        return argon2id(typed, salt, pepper, memory_kib=64, rounds=1)

    made = {
        small(b"password", SALT, PEPPER),
        small(b"Password", SALT, PEPPER),
        small(b"password", bytes(16), PEPPER),
        small(b"password", SALT, bytes(32)),
    }
    assert len(made) == 4


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("caf\u00e9", "cafe\u0301", True),
        ("\u1e9b\u0323", "\u017f\u0323\u0307", True),
        ("\ufb01", "fi", False),  # NFC, not NFKC
        ("a", "A", False),
        ("a ", "a", False),
    ],
)
def test_two_keyboards_give_one_password(monkeypatch, one, other, same):
    monkeypatch.setattr(passwords, "_MEMORY_KIB", 64)
    assert (stretched(one, SALT, PEPPER) == stretched(other, SALT, PEPPER)) == same


@pytest.mark.parametrize("password", ["", "x" * (PASSWORD_MAX + 1)])
def test_a_password_is_neither_empty_nor_endless(password):
    with pytest.raises(BadInput, match="1 to 1024 characters"):
        stretched(password, SALT, PEPPER)


def test_half_a_character_is_no_password():
    with pytest.raises(BadInput, match="not Unicode"):
        stretched("\ud83d", SALT, PEPPER)


@pytest.mark.parametrize(
    ("salt", "pepper", "place"),
    [
        (bytes(15), PEPPER, "salt"),
        (b"", PEPPER, "salt"),
        (SALT, b"", "pepper"),
        (SALT, bytes(16), "pepper"),
        (SALT, None, "pepper"),
        ("s" * 16, PEPPER, "salt"),
    ],
)
def test_salt_and_pepper_have_their_lengths(salt, pepper, place):
    with pytest.raises(BadInput, match=f"password: {place}"):
        stretched("password", salt, pepper)


def test_passwords_take_turns(monkeypatch):
    """Many sign-ins at once never take the memory of more than one."""
    inside, most = [], []

    def counted(*_given, **_settings):
        inside.append(1)
        most.append(len(inside))
        threading.Event().wait(0.005)
        inside.pop()
        return bytes(32)

    monkeypatch.setattr(passwords, "argon2id", counted)
    signing_in = [
        threading.Thread(target=stretched, args=("password", SALT, PEPPER)) for _ in range(8)
    ]
    for one in signing_in:
        one.start()
    for one in signing_in:
        one.join()
    assert most == [1] * 8
