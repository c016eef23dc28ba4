"""The encoding is canonical and injective, and reads back only what it wrote."""

import contextlib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.encoding import digest, packed, unpacked
from angerona.errors import BadInput, Unopenable

DOMAINS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
FIELDS = st.lists(
    st.one_of(
        st.binary(max_size=20),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.integers(0, 2**64 - 1),
    ),
    max_size=6,
)


def test_the_encoding_is_as_its_docstring_draws_it():
    assert packed("ab", b"\xff", "é", 258) == (
        b"\x00\x02ab"
        b"b\x00\x00\x00\x01\xff"
        b"s\x00\x00\x00\x02\xc3\xa9"
        b"i\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x01\x02"
    )
    assert packed("ab") == b"\x00\x02ab"


@given(DOMAINS, FIELDS)
def test_it_reads_back_what_it_wrote(domain, fields):
    assert unpacked(domain, packed(domain, *fields)) == tuple(fields)


@given(DOMAINS, FIELDS, DOMAINS, FIELDS)
def test_two_lists_never_give_the_same_bytes(domain, fields, other_domain, other_fields):
    same = (domain, fields) == (other_domain, other_fields)
    assert same == (packed(domain, *fields) == packed(other_domain, *other_fields))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((b"ab", b"c"), (b"a", b"bc")),
        ((b"ab",), ("ab",)),
        ((b"",), ()),
        ((b"", b""), (b"",)),
        ((1,), (bytes(7) + b"\x01",)),
        (("", b"x"), (b"x", "")),
        ((packed("d", b"x"),), (b"d", b"x")),
    ],
)
def test_what_could_be_confused_is_not(one, other):
    assert packed("d", *one) != packed("d", *other)
    assert digest("d", *one) != digest("d", *other)


def test_the_domain_is_no_field():
    assert packed("ds", b"x") != packed("d", "s", b"x")
    assert not packed("dx", b"x").startswith(packed("d"))


@given(st.binary(max_size=60))
def test_anything_else_is_refused(blob):
    try:
        fields = unpacked("d", b"\x00\x01d" + blob)
    except Unopenable:
        return
    assert packed("d", *fields) == b"\x00\x01d" + blob


@given(FIELDS, st.data())
def test_cutting_lengthening_and_flipping_never_reads_the_same(fields, data):
    blob = packed("d", *fields)
    cut = data.draw(st.integers(0, len(blob) - 1))
    bit = data.draw(st.integers(0, 8 * len(blob) - 1))
    flipped = (int.from_bytes(blob, "big") ^ 1 << bit).to_bytes(len(blob), "big")
    for altered in (blob[:cut], blob + b"\0", flipped):
        with contextlib.suppress(Unopenable):
            assert unpacked("d", altered) != tuple(fields)


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x00\x01e",  # another domain
        b"\x00\x02d",
        b"\x00\x01db",  # no length
        b"\x00\x01db\x00\x00\x00",
        b"\x00\x01db\x00\x00\x00\x01",  # no value
        b"\x00\x01dx\x00\x00\x00\x00",  # no such tag
        b"\x00\x01di\x00\x00\x00\x01\x05",  # a short number
        b"\x00\x01di\x00\x00\x00\x09" + bytes(9),  # a long one
        b"\x00\x01ds\x00\x00\x00\x01\xff",  # not UTF-8
        b"\x00\x01ds\x00\x00\x00\x03\xed\xa0\x80",  # half of a pair
        b"\x00\x01ds\x00\x00\x00\x02\xc1\xa1",  # a long form of "a"
    ],
)
def test_no_other_encoding_is_read(blob):
    with pytest.raises(Unopenable):
        unpacked("d", blob)


@pytest.mark.parametrize(
    "field", [None, 1.0, True, False, -1, 2**64, [], bytearray(b"x"), "\ud800"]
)
def test_other_values_are_refused(field):
    with pytest.raises(BadInput, match="field 1"):
        packed("d", b"first", field)


@pytest.mark.parametrize("domain", ["", "d" * 65536])
def test_a_domain_is_neither_empty_nor_endless(domain):
    with pytest.raises(BadInput, match="domain"):
        packed(domain)


def test_what_is_not_bytes_is_not_read():
    with pytest.raises(BadInput, match="a text"):
        unpacked("d", "\x00\x01d")


def test_a_digest_is_sha_256_of_the_encoding():
    assert digest("d", "x", 1) == hashlib.sha256(packed("d", "x", 1)).digest()
