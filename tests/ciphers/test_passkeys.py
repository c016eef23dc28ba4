"""What a passkey says is checked before it counts; tests/site tries real ones in a browser."""

import sys

import pytest

from angerona.ciphers.passkeys import (
    ANSWER_CHARACTERS_MAX,
    Registered,
    checked_assertion,
    checked_registration,
    from_browser,
    host_of,
    in_browser,
    named_in,
)
from angerona.errors import Forged, MissingExtra, Unopenable

ORIGIN = "https://folder.example"
CHALLENGE = bytes(32)
KNOWN = Registered(b"id", b"public", 0)
NO_ANSWERS = ["", "no JSON", "[]", "[" * 100_000, "x" * (ANSWER_CHARACTERS_MAX + 1)]
OTHERS = ["{}", '{"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": {}}']


def registered(answer):
    return checked_registration(answer, CHALLENGE, ORIGIN)


def asserted(answer):
    return checked_assertion(answer, CHALLENGE, ORIGIN, KNOWN, by_person=True)


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
@pytest.mark.parametrize("check", [registered, asserted, named_in])
def test_what_is_no_answer_opens_nothing(check, answer):
    with pytest.raises(Unopenable):
        check(answer)


@pytest.mark.parametrize("answer", OTHERS)
@pytest.mark.parametrize("check", [registered, asserted])
def test_an_answer_to_something_else_is_forged(check, answer):
    with pytest.raises(Forged):
        check(answer)


def test_which_passkey_answers_and_for_whom_is_read_unchecked():
    assert named_in('{"rawId": "YWI", "response": {"userHandle": "Y2Q"}}') == (b"ab", b"cd")
    assert named_in('{"rawId": "YWI", "response": {}}') == (b"ab", b"")
    assert named_in('{"rawId": "YWI"}') == (b"ab", b"")


@pytest.mark.parametrize("answer", ["{}", '{"rawId": 5}', '{"rawId": "\u00e9"}'])
def test_one_that_does_not_say_which_is_none(answer):
    with pytest.raises(Unopenable):
        named_in(answer)


@pytest.mark.parametrize("octets", [b"", b"a", b"ab", b"abc", bytes(range(256))])
def test_bytes_come_back_from_a_browser(octets):
    assert from_browser(in_browser(octets)) == octets


@pytest.mark.parametrize("text", ["\u00e9", "A"])
def test_what_a_browser_never_writes_is_refused(text):
    with pytest.raises(Unopenable):
        from_browser(text)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        (ORIGIN, "folder.example"),
        ("http://localhost:8420", "localhost"),
        ("http://127.0.0.1:8420", None),
        ("http://[::1]:8420", None),
    ],
)
def test_a_passkey_belongs_to_a_name_and_never_to_a_number(origin, host):
    assert host_of(origin) == host


@pytest.mark.parametrize("check", [registered, asserted])
def test_without_the_extra_it_is_said(check, monkeypatch):
    monkeypatch.setitem(sys.modules, "webauthn", None)
    with pytest.raises(MissingExtra, match="passkeys"):
        check("{}")
