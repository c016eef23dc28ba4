"""The signed JSON: what was signed is read back, and nothing else passes."""

import base64
import copy
import dataclasses
import datetime
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.encoding import packed
from angerona.ciphers.signing import Signer, verify
from angerona.errors import AngeronaError, BadInput, Forged
from angerona.notices.packet_files import (
    DOMAIN,
    FILE_BYTES_MAX,
    canonical,
    fingerprint,
    sign_packet,
    verify_json,
)
from notices.handover import CLINICAL, part


@pytest.fixture
def file(signed):
    return json.loads(signed.as_json())


def refused(file, key):
    """The message with which a file is refused; it never repeats what is enclosed."""
    data = file if isinstance(file, bytes) else canonical(file)
    with pytest.raises((BadInput, Forged)) as caught:
        verify_json(data, key=key)
    assert not [word for word in CLINICAL if word in str(caught.value)]
    return str(caught.value)


def test_a_packet_comes_back_as_it_was_signed(signed, packet, key):
    read = verify_json(signed.as_json(), key=key)
    assert read == signed
    assert read.packet == packet
    assert not read.packet.owed


def test_layout_does_not_matter(signed, key, file):
    assert verify_json(json.dumps(file, indent=2).encode(), key=key) == signed


def test_the_signature_can_be_checked_with_nothing_but_the_description(file, signer):
    manifest = json.dumps(
        file["manifest"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    domain = DOMAIN.encode()
    message = len(domain).to_bytes(2, "big") + domain
    message += b"b" + len(manifest).to_bytes(4, "big") + manifest
    verify(signer.public, message, base64.b64decode(file["signature"]))
    for line, text in zip(file["manifest"]["statements"], file["statements"], strict=True):
        assert line["sha256"] == hashlib.sha256(text.encode()).hexdigest()


def test_the_digest_names_the_packet_and_not_the_signing(packet, signer, signed):
    again = sign_packet(packet, signer=signer, paper="a4")
    assert again.signature != signed.signature
    assert again.digest == signed.digest == hashlib.sha256(signed.manifest).digest()


def _paths(value, path=()):
    """The way to every text, number and empty list in the file."""
    if isinstance(value, dict) and value:
        for key, one in value.items():
            yield from _paths(one, (*path, key))
    elif isinstance(value, list) and value:
        for index, one in enumerate(value):
            yield from _paths(one, (*path, index))
    else:
        yield path


def _altered(value):
    match value:
        case str():
            return f"x{value[1:]}" if value[:1] != "x" else f"y{value[1:]}"
        case int():
            return value + 1
        case _:
            return [1]


def test_each_field_that_is_altered_is_found(file, key):
    paths = list(_paths(file))
    assert len(paths) > 50
    for path in paths:
        forged = copy.deepcopy(file)
        inner = forged
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = _altered(inner[path[-1]])
        assert refused(forged, key), path


def test_each_field_that_is_missing_or_of_another_kind_is_found(file, key):
    for path in _paths(file):
        for other in (None, [], {}, 7, True, "\ud800"):
            forged = copy.deepcopy(file)
            inner = forged
            for step in path[:-1]:
                inner = inner[step]
            if isinstance(inner, dict) and other is None:
                del inner[path[-1]]
            else:
                inner[path[-1]] = other
            assert refused(json.dumps(forged).encode(), key), (path, other)


def test_the_refusal_says_plainly_what_is_wrong(file, key, signed):
    def after(change):
        forged = copy.deepcopy(file)
        change(forged)
        return refused(forged, key)

    def text(forged):
        forged["parts"][1]["text"] += "."

    def terms(forged):
        forged["condition"] = "Do as you like."

    def statement(forged):
        forged["statements"][0] = forged["statements"][0].replace("NOT", "")

    def fewer(forged):
        forged["parts"].pop()

    def swapped(forged):
        forged["parts"].reverse()

    def more(forged):
        forged["note"] = "also this"

    assert after(text) == "part 2 is not the one that was signed"
    assert after(terms) == "the terms are not those that were signed"
    assert after(statement) == "statement 1 is not the one that was signed"
    assert after(fewer) == "2 parts were signed, and 1 are here"
    assert after(swapped) == "part 1 is not the one that was signed"
    assert after(more) == "the packet holds something that was not signed"
    other = fingerprint(Signer.from_seed(b"stranger" * 4).public)
    assert refused(signed.as_json(), other).startswith("the packet is signed with another key")


def test_a_manifest_signed_for_another_purpose_is_refused(signed, signer, key):
    alone = dataclasses.replace(signed, signature=signer.sign(signed.manifest))
    assert "signature" in refused(alone.as_json(), key)
    other = signer.sign(packed("angerona/other/v1", signed.manifest))
    assert "signature" in refused(dataclasses.replace(signed, signature=other).as_json(), key)


def test_one_of_two_signatures_is_not_enough(signed, signer, key):
    message = packed(DOMAIN, signed.manifest)
    for half in (
        signer.sign_ed25519(message) + bytes(2420),
        bytes(64) + signer.sign_mldsa44(message),
    ):
        refused(dataclasses.replace(signed, signature=half).as_json(), key)


HOSTILE = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b'{"format": "\xff"}',
    "a mark of byte order": b"\xef\xbb\xbf{}",
    "another format": b'{"format": "angerona-packet-2"}',
    "a list": b"[]",
    "a long number": b'{"format": ' + b"9" * 5000 + b"}",
    "too deep": b"[" * 100_000 + b"]" * 100_000,
    "deep enough to read": b'{"format": "angerona-packet-1", "manifest": '
    + b"[" * 900
    + b"]" * 900
    + b"}",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_is_refused_by_name(data, key):
    assert refused(data, key).startswith("packet: ")


def test_a_file_that_is_too_large_is_refused_though_it_is_true(signed, key):
    data = signed.as_json()
    padded = data + b" " * (FILE_BYTES_MAX - len(data))
    assert verify_json(padded, key=key) == signed
    assert refused(padded + b" ", key).startswith("packet: too large")


@pytest.mark.parametrize("other", [b"1.0", b"1e0", b"true", b"NaN", b"Infinity", b"10e400", b'"1"'])
def test_a_number_is_written_in_one_way_only(signed, key, other):
    data = signed.as_json()
    forged = data.replace(b'"version":1,', b'"version":' + other + b",")
    assert forged != data
    refused(forged, key)


def test_a_key_that_stands_twice_is_refused(signed, key):
    data = signed.as_json()
    twice = data.replace(b'"purpose":"treatment"', b'"purpose":"marketing","purpose":"treatment"')
    assert twice != data
    assert refused(twice, key) == "packet: a key stands twice in one table"


@given(place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_flipped_bit_passes(signed, key, place, bit):
    data = bytearray(signed.as_json())
    data[place % len(data)] ^= 1 << bit
    with pytest.raises((BadInput, Forged)):
        verify_json(bytes(data), key=key)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200)


@given(text=TEXT, heading=TEXT)
def test_whatever_was_written_comes_back(packet, signer, key, text, heading):
    one = dataclasses.replace(packet, parts=(part(text=text, heading=heading),))
    signed = sign_packet(one, signer=signer, paper="us-letter")
    assert verify_json(signed.as_json(), key=key).packet == one


@pytest.mark.parametrize("zone", [datetime.UTC, datetime.timezone(datetime.timedelta(hours=5.75))])
def test_a_time_keeps_its_zone(packet, signer, key, zone):
    moved = dataclasses.replace(packet, prepared_at=packet.prepared_at.astimezone(zone))
    read = verify_json(sign_packet(moved, signer=signer, paper="a4").as_json(), key=key)
    assert read.packet.prepared_at.isoformat() == moved.prepared_at.isoformat()


def test_an_unknown_paper_is_refused(packet, signer):
    with pytest.raises(BadInput, match="paper: no such paper"):
        sign_packet(packet, signer=signer, paper="a5")


def test_every_refusal_is_one_of_ours():
    assert issubclass(BadInput, AngeronaError)
    assert issubclass(Forged, AngeronaError)
