"""The envelope: nothing opens as another kind of thing, under another key or as another version."""

import io

import pytest

from angerona.ciphers.derive import derived
from angerona.ciphers.entries import open_entry, open_stream, seal_entry, seal_stream
from angerona.ciphers.rows import open_row, seal_row
from angerona.ciphers.suites import SealingKey, Suite, bound, key_id, sealing_key
from angerona.errors import BadInput, Unopenable


def stream(key, context, text):
    target = io.BytesIO()
    seal_stream(key, context, io.BytesIO(text), target)
    return target.getvalue()


def opened_stream(key, context, blob):
    target = io.BytesIO()
    open_stream(key, context, io.BytesIO(blob), target)
    return target.getvalue()


def bare_row(key, context, text):
    return seal_row(key, context, text, pad=False)


KINDS = {
    Suite.ENTRY: (seal_entry, open_entry),
    Suite.ROW: (seal_row, open_row),
    Suite.STREAM: (stream, opened_stream),
    Suite.BARE_ROW: (bare_row, open_row),
}
PAIRS = [(one, other) for one in KINDS for other in Suite if one is not other]


@pytest.mark.parametrize("suite", KINDS)
def test_a_sealed_thing_begins_with_its_suite_and_key(suite, key):
    seal, opened = KINDS[suite]
    blob = seal(key, b"context", b"text")
    assert blob[:9] == bytes([suite]) + key_id(key)
    assert opened(key, b"context", blob) == b"text"
    assert opened(SealingKey(key), b"context", blob) == b"text"
    assert opened(bytearray(key), b"context", seal(SealingKey(key), b"context", b"text")) == b"text"


@pytest.mark.parametrize("suite", KINDS)
@pytest.mark.parametrize("byte", [0, *Suite, 6, 0x81, 255])
def test_another_suite_is_not_opened(suite, byte, key):
    seal, opened = KINDS[suite]
    blob = bytes([byte]) + seal(key, b"context", b"text")[1:]
    if byte != suite:
        with pytest.raises(Unopenable):
            opened(key, b"context", blob)


@pytest.mark.parametrize("suite", KINDS)
def test_another_key_or_context_does_not_open(suite, key):
    seal, opened = KINDS[suite]
    blob = seal(key, b"context", b"text")
    other = bytes(32)
    forged = blob[:1] + key_id(other) + blob[9:]
    for attempt in [
        (other, b"context", blob),
        (other, b"context", forged),
        (key, b"contexts", blob),
        (key, b"", blob),
        (key, b"context", forged),
    ]:
        with pytest.raises(Unopenable):
            opened(*attempt)


@pytest.mark.parametrize("suite", KINDS)
def test_the_same_text_is_never_sealed_the_same_twice(suite, key):
    seal, _ = KINDS[suite]
    assert seal(key, b"context", b"text") != seal(key, b"context", b"text")


@pytest.mark.parametrize("suite", KINDS)
def test_nothing_shows_in_what_is_sealed(suite, key):
    seal, _ = KINDS[suite]
    blob = seal(key, b"a secret context", b"a secret text" * 40)
    assert b"secret" not in blob
    assert key not in blob


@pytest.mark.parametrize("suite", KINDS)
@pytest.mark.parametrize("given", [b"", bytes(31), bytes(33), "k" * 32, None])
def test_a_key_has_32_bytes(suite, given):
    seal, opened = KINDS[suite]
    for call in (seal, opened):
        with pytest.raises(BadInput, match="key"):
            call(given, b"context", b"text")


@pytest.mark.parametrize("suite", [Suite.ENTRY, Suite.ROW, Suite.BARE_ROW])
def test_what_is_not_bytes_is_neither_sealed_nor_opened(suite, key):
    seal, opened = KINDS[suite]
    for call in (seal, opened):
        with pytest.raises(BadInput, match="a text; bytes"):
            call(key, b"context", "text")


def test_the_refusal_says_nothing_of_why(key):
    blob = seal_entry(key, b"context", b"text")
    said = set()
    for attempt in [(bytes(32), b"context", blob), (key, b"", blob), (key, b"context", blob[:-1])]:
        with pytest.raises(Unopenable) as refusal:
            open_entry(*attempt)
        said.add(str(refusal.value))
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    assert said == {"an entry: another key, another context, or altered"}


def test_each_suite_binds_its_own_domain():
    made = {bound(suite, b"head", b"context") for suite in Suite}
    assert len(made) == len(Suite)


def test_a_key_s_id_is_derived_and_kept(key):
    held = SealingKey(key)
    assert held.id == key_id(key) == derived(key, "angerona/key-id/v1", length=8)
    assert sealing_key(held) is held
    assert held.key is key


def test_a_key_does_not_show_itself(key):
    assert repr(key)[2:20] not in repr(SealingKey(key))
