"""Padding tells the size class alone, and is taken off strictly."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from angerona.ciphers.padding import BLOCK_MAX, padded, padme, unpadded
from angerona.errors import BadInput, Unopenable


@given(st.binary(max_size=3000))
def test_padding_comes_off_again(text):
    block = padded(text)
    assert unpadded(block) == text
    assert len(block) >= 512
    assert len(block).bit_count() == 1
    assert len(block) == 512 or len(block) < 2 * (len(text) + 4)


@pytest.mark.parametrize(
    ("size", "block"),
    [(0, 512), (508, 512), (509, 1024), (1020, 1024), (1021, 2048), (2**20 - 4, 2**20)],
)
def test_the_classes_are_powers_of_two(size, block):
    assert len(padded(bytes(size))) == block
    assert unpadded(padded(bytes(size))) == bytes(size)


def test_a_larger_least_block_comes_off_only_where_it_is_asked_for():
    for size in (0, 508, 1020, 1021):
        block = padded(bytes(size), 1024)
        assert len(block) == (1024 if size <= 1020 else 2048)
        assert unpadded(block, 1024) == bytes(size)
    with pytest.raises(Unopenable):
        unpadded(padded(b"text", 1024))
    with pytest.raises(Unopenable):
        unpadded(padded(b"text"), 1024)


def test_within_a_class_nothing_shows():
    assert {len(padded(b"x" * size)) for size in range(509, 1021)} == {1024}


@given(st.binary(max_size=600), st.integers(0, 511), st.integers(1, 255))
def test_a_block_with_one_byte_altered_reads_otherwise_or_not_at_all(text, at, change):
    block = bytearray(padded(text))
    block[at] ^= change
    try:
        read = unpadded(bytes(block))
    except Unopenable:
        return
    assert read != text
    assert padded(read) == bytes(block)


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\0\0\0",
        bytes(4),
        bytes(511),
        bytes(513),
        bytes(1024),  # one class too large
        b"\0\0\1\xfd" + bytes(508),  # longer than its block
        b"\xff\xff\xff\xff" + bytes(508),
        bytes(511) + b"\1",  # padding that is not zero
        b"\0\0\0\1a\1" + bytes(506),
        padded(b"x") + bytes(512),
        bytes(4) + b"\0" * 1020,
    ],
)
def test_no_other_block_is_taken(block):
    with pytest.raises(Unopenable):
        unpadded(block)


def test_a_text_above_the_largest_block_is_refused():
    with pytest.raises(BadInput, match="at most 67108860 bytes"):
        padded(bytes(BLOCK_MAX - 3))
    assert len(padded(bytes(BLOCK_MAX - 4))) == BLOCK_MAX
    with pytest.raises(Unopenable):
        unpadded((BLOCK_MAX - 3).to_bytes(4, "big") + bytes(2 * BLOCK_MAX - 4))


@pytest.mark.parametrize("call", [padded, unpadded])
def test_only_bytes_are_padded(call):
    with pytest.raises(BadInput, match="a text"):
        call("text")


@given(st.integers(0, 2**40))
@example(2**30)
def test_padme_adds_at_most_an_eighth(size):
    whole = padme(size)
    assert size <= whole <= size + size // 8
    assert padme(whole) == whole


@given(st.integers(0, 2**40), st.integers(0, 2**12))
def test_padme_keeps_the_order(size, more):
    assert padme(size) <= padme(size + more)


def test_padme_is_as_published():
    """Figures worked out by hand from the paper's algorithm."""
    sizes = {0: 0, 1: 1, 2: 2, 3: 3, 8: 8, 9: 10, 100: 104, 1000: 1024, 1025: 1088, 10**6: 1015808}
    assert {size: padme(size) for size in sizes} == sizes


def test_few_sizes_remain_of_many():
    assert len({padme(size) for size in range(2**16, 2**17)}) == 33
