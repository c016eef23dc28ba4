"""Codes of an app: those of RFC 6238, within a half minute, and nothing that is no code."""

import datetime
import urllib.parse

import pytest

from angerona.ciphers.one_time import (
    SECRET_BYTES,
    address_of,
    new_secret,
    read_secret,
    step_of,
    written_secret,
)
from angerona.errors import BadInput

SECRET = b"12345678901234567890"
TOLD = {
    59: "94287082",
    1111111109: "07081804",
    1111111111: "14050471",
    1234567890: "89005924",
    2000000000: "69279037",
    20000000000: "65353130",
}
"""RFC 6238, appendix B: seconds and the code of eight digits; an app shows the last six."""


def moment(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)


@pytest.mark.parametrize(("seconds", "code"), TOLD.items())
def test_the_codes_of_the_rfc_fit(seconds, code):
    assert step_of(SECRET, code[-6:], moment(seconds)) == seconds // 30


@pytest.mark.parametrize("away", [-30, 30])
def test_the_half_minute_before_and_after_are_taken_as_what_they_are(away):
    assert step_of(SECRET, "081804", moment(1111111109 + away)) == 1111111109 // 30


@pytest.mark.parametrize("away", [-60, 60])
def test_no_other_half_minute_is_taken(away):
    assert step_of(SECRET, "081804", moment(1111111109 + away)) is None


@pytest.mark.parametrize(
    "code", ["", "08180", "0818040", "١٢٣٤٥٦", "abcdef", "081805", "-81804", "\ud83d"]
)
def test_what_is_no_code_of_it_is_none(code):
    assert step_of(SECRET, code, moment(1111111109)) is None


def test_spaces_in_a_code_do_no_harm():
    assert step_of(SECRET, " 081 804 ", moment(1111111109)) is not None


def test_a_secret_is_read_as_it_was_written():
    secret = new_secret()
    assert len(secret) == SECRET_BYTES
    assert read_secret(written_secret(secret)) == secret
    assert read_secret(written_secret(secret).lower().replace(" ", "")) == secret


@pytest.mark.parametrize("text", ["", "MZXW6", "1" * 32, "MZXW6YTB" * 5, "é" * 32])
def test_what_was_not_written_so_is_refused(text):
    with pytest.raises(BadInput):
        read_secret(text)


def test_the_address_names_account_and_site_and_holds_the_secret():
    found = urllib.parse.urlsplit(address_of(SECRET, account="Ines H.", site="Folder"))
    assert (found.scheme, found.netloc) == ("otpauth", "totp")
    asked = urllib.parse.parse_qs(found.query)
    assert asked["issuer"] == ["Folder"]
    assert read_secret(asked["secret"][0]) == SECRET
