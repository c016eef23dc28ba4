"""Attachments: long, in little memory, and broken off wherever they were tampered with."""

import hashlib
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers import entries
from angerona.ciphers.encoding import packed
from angerona.ciphers.entries import ATTACHMENT_MAX, SealedStream, open_stream, seal_stream
from angerona.ciphers.padding import padme
from angerona.ciphers.suites import key_id
from angerona.errors import BadInput, Unopenable
from ciphers.conftest import KEY
from naive_cobblestone import CHUNK, TAG, naive_open, naive_seal

HEAD = b"\x04" + key_id(KEY)
INSIDE = packed("angerona/stream/v1", HEAD, b"context")
START = 9 + 56
STEP = CHUNK + TAG


def sealed(text):
    target = io.BytesIO()
    made = seal_stream(KEY, b"context", io.BytesIO(text), target)
    blob = target.getvalue()
    assert made == SealedStream(len(blob), hashlib.sha256(blob).digest())
    return blob


def opened(blob):
    target = io.BytesIO()
    size = open_stream(KEY, b"context", io.BytesIO(blob), target)
    assert size == len(target.getvalue())
    return target.getvalue()


def refused(blob):
    """What was written before the refusal."""
    target = io.BytesIO()
    with pytest.raises(Unopenable, match="an attachment: another key"):
        open_stream(KEY, b"context", io.BytesIO(blob), target)
    return target.getvalue()


def numbered(size):
    """A text in which every place differs from every other."""
    return b"".join(n.to_bytes(4, "big") for n in range(-(-size // 4)))[:size]


@given(st.integers(0, 3 * CHUNK))
def test_an_attachment_comes_back(size):
    text = numbered(size)
    assert opened(sealed(text)) == text


@pytest.mark.parametrize("size", [0, 1, 504, 505, CHUNK - 8, CHUNK, 2**20, 2**20 + 1, 3_000_000])
def test_it_comes_back_at_the_edges(size):
    text = numbered(size)
    blob = sealed(text)
    assert opened(blob) == text
    whole = size.to_bytes(8, "big") + text
    assert naive_open(KEY, INSIDE, blob[9:]) == whole.ljust(max(512, padme(len(whole))), b"\0")


def test_only_the_padme_class_shows():
    assert {len(sealed(bytes(size))) for size in range(98_297, 100_345, 89)} == {100_352 + 177}
    assert len(sealed(bytes(98_296))) != len(sealed(bytes(98_297)))
    assert len(sealed(b"")) == len(sealed(bytes(504))) == START + 512 + TAG


def test_it_is_cut_at_every_boundary_and_noticed():
    text = numbered(5 * CHUNK)
    blob = sealed(text)
    edges = {0, 1, 8, 9, 9 + 24, START, len(blob) - 1, len(blob) - TAG}
    edges |= {START + n * STEP + d for n in range(6) for d in (-1, 0, 1, TAG, TAG + 1)}
    for size in sorted(edges - {len(blob)}):
        if size < len(blob):
            written = refused(blob[:size])
            assert text.startswith(written)


def test_chunks_moved_doubled_dropped_or_added_are_noticed():
    text, other = numbered(5 * CHUNK), bytes(5 * CHUNK)
    blob, foreign = sealed(text), sealed(other)
    chunks = [blob[at : at + STEP] for at in range(START, len(blob), STEP)]
    strange = [foreign[at : at + STEP] for at in range(START, len(foreign), STEP)]
    assert len(chunks) == 6
    for first in range(6):
        without = chunks[:first] + chunks[first + 1 :]
        doubled = chunks[: first + 1] + chunks[first:]
        replaced = [*chunks[:first], strange[first], *chunks[first + 1 :]]
        swapped = chunks.copy()
        swapped[first], swapped[first - 1] = swapped[first - 1], swapped[first]
        for tampered in (without, doubled, replaced, swapped):
            written = refused(blob[:START] + b"".join(tampered))
            assert text.startswith(written)
            assert len(written) <= max(0, first + 1) * CHUNK
    for tail in (b"\0", chunks[-1], foreign, bytes(STEP)):
        assert text.startswith(refused(blob + tail))


def test_a_flipped_bit_in_each_chunk_stops_there():
    text = numbered(5 * CHUNK)
    blob = sealed(text)
    for number in range(6):
        at = START + number * STEP + 100
        at = min(at, len(blob) - 1)
        written = refused(blob[:at] + bytes([blob[at] ^ 1]) + blob[at + 1 :])
        assert text.startswith(written)
        assert len(written) <= number * CHUNK


@pytest.mark.parametrize(
    "inside",
    [
        b"",
        bytes(7),
        bytes(8),  # no padding
        bytes(511),
        bytes(513),
        bytes(1024),
        bytes(511) + b"\1",
        (505).to_bytes(8, "big") + bytes(504),  # says more than there is
        (1).to_bytes(8, "big") + b"x" + bytes(502) + b"\1",
        (ATTACHMENT_MAX + 1).to_bytes(8, "big") + bytes(504),
        b"\xff" * 512,
        (1).to_bytes(8, "big") + bytes(3 * CHUNK),  # padded far too long
        (3 * CHUNK).to_bytes(8, "big") + bytes(CHUNK),
    ],
)
def test_the_inside_is_as_strict_as_the_outside(inside):
    blob = HEAD + naive_seal(KEY, INSIDE, bytes(24), inside)
    refused(blob)


def test_a_right_inside_made_by_another_hand_opens():
    inside = (1).to_bytes(8, "big") + b"x" + bytes(503)
    assert opened(HEAD + naive_seal(KEY, INSIDE, bytes(24), inside)) == b"x"


class Trickle(io.BytesIO):
    """A source that gives three bytes at a time."""

    def read(self, size=-1):
        return super().read(min(size, 3))


def test_a_source_may_trickle():
    text = numbered(1000)
    target = io.BytesIO()
    seal_stream(KEY, b"context", Trickle(text), target)
    out = io.BytesIO()
    assert open_stream(KEY, b"context", Trickle(target.getvalue()), out) == 1000
    assert out.getvalue() == text


def test_a_source_is_read_from_where_it_stands():
    source, target = io.BytesIO(b"not this: but this"), io.BytesIO()
    source.seek(10)
    seal_stream(KEY, b"context", source, target)
    assert opened(target.getvalue()) == b"but this"


class Zeros(io.RawIOBase):
    """As many zero bytes as one asks for, out of nothing."""

    def __init__(self, size, given=None):
        self.size, self.at, self.given = size, 0, size if given is None else given

    def tell(self):
        return self.at

    def seek(self, offset, whence=0):
        self.at = self.size + offset if whence == 2 else offset
        return self.at

    def read(self, size=-1):
        count = min(size, self.given - self.at)
        self.at += count
        return bytes(count)


@pytest.mark.parametrize("given", [0, 9, 11, 5_000_000])
def test_a_source_that_changes_while_it_is_read_is_refused(given):
    with pytest.raises(BadInput, match="changed while it was read"):
        seal_stream(KEY, b"context", Zeros(10, given), io.BytesIO())


def test_more_than_a_gibibyte_is_refused_before_anything_is_read():
    source = Zeros(ATTACHMENT_MAX + 1, 0)
    with pytest.raises(BadInput, match="at most 1073741824 bytes"):
        seal_stream(KEY, b"context", source, io.BytesIO())


def test_nothing_longer_than_may_be_is_opened(monkeypatch):
    blob = sealed(numbered(1000))
    monkeypatch.setattr(entries, "ATTACHMENT_MAX", 999)
    assert refused(blob) == b""


class Sink(io.RawIOBase):
    def __init__(self):
        self.size = 0

    def write(self, piece):
        self.size += len(piece)


def test_a_long_attachment_takes_little_memory(tmp_path):
    size = 96 * 2**20 + 12_345
    path = tmp_path / "sealed"
    tracemalloc.start()
    try:
        with path.open("wb") as target:
            made = seal_stream(KEY, b"context", Zeros(size), target)
        with path.open("rb") as source:
            sink = Sink()
            assert open_stream(KEY, b"context", source, sink) == size == sink.size
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert made.size == path.stat().st_size
    assert peak < 16 * 2**20


def test_pieces_need_not_be_chunks(monkeypatch):
    text = numbered(70_000)
    blob = sealed(text)
    for piece in (1000, CHUNK, STEP, STEP + 1, 2 * STEP):
        monkeypatch.setattr(entries, "_PIECE_BYTES", piece)
        assert opened(blob) == text
        assert opened(sealed(text)) == text
