"""Shares: any k give the secret, k - 1 give nothing, and a bad one is named."""

import itertools
import os

import pyshamir
import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.encoding import digest
from angerona.ciphers.polynomials import (
    combine_points,
    inverse,
    split_points,
    times,
    value_at,
)
from angerona.ciphers.shamir import combine, number_of, split
from angerona.errors import BadInput, Unopenable

SECRET = bytes(range(32))
TAIL = 24
KEY_BYTES = 16


def naive_product(one, other):
    """Multiplication in the field of AES, as FIPS 197 section 4.2 writes it out."""
    product = 0
    for bit in range(8):
        if other >> bit & 1:
            product ^= one << bit
    for bit in reversed(range(8, 15)):
        if product >> bit & 1:
            product ^= 0x11B << bit - 8
    return product


def test_the_field_is_that_of_aes():
    everything = int.from_bytes(bytes(range(256)), "big")
    for scalar in range(256):
        product = times(everything, scalar, 256).to_bytes(256, "big")
        assert product == bytes(naive_product(value, scalar) for value in range(256))
    for scalar in range(1, 256):
        assert naive_product(scalar, inverse(scalar)) == 1


@pytest.mark.parametrize(("k", "n"), [(2, 2), (2, 3), (3, 5), (5, 5)])
def test_any_k_shares_in_any_order_give_the_secret(k, n):
    shares = split(SECRET, k, n, b"context")
    assert [share[-TAIL - 1] for share in shares] == list(range(1, n + 1))
    for some in range(k, n + 1):
        for chosen in itertools.permutations(shares, some):
            assert combine(chosen, k, b"context") == SECRET


@given(
    st.binary(min_size=16, max_size=70), st.integers(2, 6), st.integers(0, 4), st.binary(max_size=9)
)
def test_every_size_comes_back(secret, k, more, context):
    shares = split(secret, k, k + more, context)
    assert combine(shares[more:], k, context) == secret
    assert {len(share) for share in shares} == {len(secret) + KEY_BYTES + 1 + TAIL}


def test_the_largest_split_comes_back():
    shares = split(bytes(1024), 40, 255, b"")
    assert combine(shares[-40:], 40, b"") == bytes(1024)


@given(st.binary(min_size=1, max_size=40), st.integers(2, 5), st.integers(0, 3))
def test_pyshamir_combines_ours_and_we_combine_pyshamir_s(secret, k, more):
    ours = split_points(secret, k, range(1, k + more + 1))
    assert bytes(pyshamir.combine([bytearray(point) for point in ours[more:]])) == secret
    theirs = pyshamir.split(secret, k + more, k)
    assert combine_points([bytes(point) for point in theirs[more:]]) == secret


def test_pyshamir_combines_the_points_of_whole_shares():
    shares = split(SECRET, 3, 5, b"context")
    whole = pyshamir.combine([bytearray(share[:-TAIL]) for share in shares[1:4]])
    assert bytes(whole[:32]) == SECRET


@pytest.mark.parametrize("secret", [0, 1, 0x53, 255])
def test_k_minus_one_points_are_equally_likely_for_every_secret(secret):
    """All polynomials at once: each byte of a vector is one of them.

    Whatever the secret byte, the points of one holder (of two needed) and of two (of three)
    take every value exactly once.
    """
    one = int.from_bytes(bytes(range(256)), "big")
    first = int.from_bytes(bytes([secret]) * 256, "big")
    for x in (1, 2, 255):
        assert set(value_at(x, first, [one], 256).to_bytes(256, "big")) == set(range(256))
    pairs = bytes(range(256)) * 256, bytes(n >> 8 for n in range(2**16))
    rest = [int.from_bytes(vector, "big") for vector in pairs]
    first = int.from_bytes(bytes([secret]) * 2**16, "big")
    held = [value_at(x, first, rest, 2**16).to_bytes(2**16, "big") for x in (1, 3)]
    assert len(set(zip(*held, strict=True))) == 2**16


def test_any_secret_explains_a_whole_share(monkeypatch):
    """The MAC under a random key does not change that: the same share, with another secret."""
    key, mark, slope = b"k" * KEY_BYTES, b"mark", bytes(range(48))
    point = bytes(a ^ b for a, b in zip(SECRET + key, slope, strict=True))  # at x = 1
    shares = []
    chance = {}
    monkeypatch.setattr(os, "urandom", lambda size: chance[size])
    for secret in (SECRET, bytes(32), b"\xff" * 32):
        other = bytes(a ^ b for a, b in zip(secret + key, point, strict=True))
        chance.update({KEY_BYTES: key, 4: mark, 48: other})
        shares.append(split(secret, 2, 3, b"context"))
    assert shares[0][0] == shares[1][0] == shares[2][0]
    assert len({made[1] for made in shares}) == 3
    assert combine(shares[1][1:], 2, b"context") == bytes(32)


def test_two_splits_have_nothing_in_common():
    one, other = split(SECRET, 2, 3, b""), split(SECRET, 2, 3, b"")
    assert not set(one) & set(other)
    assert one[0][-TAIL : -TAIL + 4] != other[0][-TAIL : -TAIL + 4]


def refusal(shares, k, context=b"context"):
    with pytest.raises(Unopenable) as raised:
        combine(shares, k, context)
    return raised.value


def checked(start, k):
    """What a forger can do: the check anyone can compute."""
    return start + digest("angerona/share-check/v1", b"context", k, start)[:4]


def test_too_few_shares_are_too_few():
    shares = split(SECRET, 3, 5, b"context")
    for few in ([], shares[:1], shares[:2]):
        assert str(refusal(few, 3)) == "shares: too few"
    for k in (-1, 0, 1):
        assert str(refusal(shares, k)) == "shares: too few"
    assert refusal(shares, 2).which == (0, 1, 2, 3, 4)


def test_a_share_given_twice_is_named():
    shares = split(SECRET, 2, 3, b"context")
    refused = refusal([shares[2], shares[0], shares[2]], 2)
    assert refused.which == (2,)
    assert str(refused) == "shares: number 3 of those given: given twice"


def test_a_share_of_another_client_is_named():
    shares = split(SECRET, 2, 3, b"context")
    foreign = split(SECRET, 2, 3, b"another")
    assert refusal([shares[0], foreign[1], shares[2]], 2).which == (1,)
    assert refusal(shares, 2, b"another").which == (0, 1, 2)


def test_a_share_of_another_split_is_named():
    shares, older = split(SECRET, 2, 3, b"context"), split(SECRET, 2, 3, b"context")
    refused = refusal([older[0], shares[1], shares[2]], 2)
    assert refused.which == (0,)
    assert "of another split than the rest" in str(refused)


@pytest.mark.parametrize("k", [2, 3])
def test_a_share_with_any_bit_flipped_is_named(k):
    shares = split(SECRET, k, 3, b"context")
    whole = int.from_bytes(shares[1], "big")
    for bit in range(8 * len(shares[1])):
        flipped = (whole ^ 1 << bit).to_bytes(len(shares[1]), "big")
        assert refusal([shares[0], flipped, shares[2]], k).which == (1,)


def test_a_share_of_another_length_is_named():
    shares = split(SECRET, 2, 3, b"context")
    for other in (b"", shares[1][:-1], shares[1] + b"\0", checked(b"", 2)):
        assert refusal([shares[0], other, shares[2]], 2).which == (1,)
    short = [checked(bytes(20) + bytes([x]) + bytes(20), 2) for x in (1, 2)]
    assert refusal(short, 2).which == (0, 1)


def test_a_share_for_nought_would_be_the_secret_and_is_refused():
    shares = split(SECRET, 2, 3, b"context")
    forged = checked(shares[1][: -TAIL - 1] + b"\0" + shares[1][-TAIL:-4], 2)
    assert refusal([shares[0], forged], 2).which == (1,)


@pytest.mark.parametrize("at", [0, 31])
def test_a_forger_who_alters_the_secret_s_part_is_named(at):
    shares = split(SECRET, 2, 3, b"context")
    start = bytearray(shares[1][:-4])
    start[at] ^= 1
    refused = refusal([shares[0], checked(bytes(start), 2), shares[2]], 2)
    assert refused.which == (1,)
    assert str(refused) == "shares: number 2 of those given: altered"


@pytest.mark.parametrize("at", [32, 47, 48])
def test_a_forger_who_alters_the_key_s_part_or_the_number_is_noticed(at):
    shares = split(SECRET, 2, 3, b"context")
    start = bytearray(shares[1][:-4])
    start[at] ^= 0x40
    refused = refusal([shares[0], checked(bytes(start), 2), shares[2]], 2)
    assert refused.which == ()
    assert "cannot be told which" in str(refused)
    refused = refusal([shares[0], shares[2], checked(bytes(start), 2)], 2)
    assert refused.which == (2,)


def test_a_forger_who_alters_the_mac_is_named():
    shares = split(SECRET, 2, 3, b"context")
    start = bytearray(shares[1][:-4])
    start[-1] ^= 1
    assert refusal([shares[0], checked(bytes(start), 2)], 2).which == (1,)


@pytest.mark.parametrize(("k", "n"), [(0, 3), (1, 3), (4, 3), (2, 256), (2, 1), (-1, 2)])
def test_what_cannot_be_a_quorum_is_refused(k, n):
    with pytest.raises(BadInput, match="k of n"):
        split(SECRET, k, n, b"")


@pytest.mark.parametrize("secret", [b"", bytes(15), bytes(1025), "s" * 32, None])
def test_what_cannot_be_a_secret_is_refused(secret):
    with pytest.raises(BadInput, match="split: secret"):
        split(secret, 2, 3, b"")


def test_what_is_not_bytes_is_no_share():
    with pytest.raises(BadInput, match="a text"):
        combine(["share", "share"], 2, b"")


def test_a_secret_may_lie_in_memory_that_can_be_wiped():
    assert combine(split(bytearray(SECRET), 2, 2, b""), 2, b"") == SECRET


@pytest.mark.parametrize("share", [b"", b"x" * 40])
def test_what_is_too_short_has_no_number(share):
    with pytest.raises(Unopenable):
        number_of(share)


def test_a_share_says_its_number():
    shares = split(bytes(range(32)), 2, 5, b"context")
    assert [number_of(share) for share in shares] == [1, 2, 3, 4, 5]
