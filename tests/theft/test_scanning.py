"""The scanner is shown what it must find before it is trusted to find nothing."""

import base64
import bz2
import gzip
import io
import json
import lzma
import os
import quopri
import random
import sqlite3
import zipfile
import zlib
from urllib.parse import quote, quote_plus

import pytest

from theft.scanning import Scanner

WORD = "Quölph Zinnia"
NOTE = f"On Monday {WORD} told me about the garden, and was glad to have come."
PLAIN = NOTE.encode()


def deflated(data, strategy=zlib.Z_DEFAULT_STRATEGY):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, strategy)
    return packer.compress(data) + packer.flush()


def zipped(data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes/one.txt", data)
    return out.getvalue()


def wrapped(data):
    whole = base64.b64encode(data)
    return b"\r\n".join(whole[at : at + 20] for at in range(0, len(whole), 20))


DICE = random.Random(3)
LONG = PLAIN + " ".join(str(DICE.random()) for _ in range(200)).encode()

WRITTEN = {
    "UTF-8": PLAIN,
    "capitals": NOTE.upper().encode(),
    "UTF-16-LE": NOTE.encode("utf-16-le"),
    "UTF-16-BE": NOTE.encode("utf-16-be"),
    "UTF-32": NOTE.encode("utf-32-le"),
    "Latin-1": NOTE.encode("latin-1"),
    **{f"base64, {n} bytes in": base64.b64encode(b"x" * n + PLAIN) for n in range(3)},
    **{f"base64 for URLs, {n}": base64.urlsafe_b64encode(b"\xff" * n + PLAIN) for n in range(3)},
    "base64 of UTF-16": base64.b64encode(NOTE.encode("utf-16-le")),
    "base64 in lines": wrapped(PLAIN),
    "hexadecimal": PLAIN.hex().encode(),
    "hexadecimal in capitals": PLAIN.hex().upper().encode(),
    "hexadecimal with colons": PLAIN.hex(":").encode(),
    "gzip": gzip.compress(LONG),
    "zlib, fast": zlib.compress(LONG, 1),
    "zlib, best": zlib.compress(LONG, 9),
    "deflate": deflated(LONG),
    "deflate, fixed code": deflated(PLAIN, zlib.Z_FIXED),
    "deflate, short": deflated(WORD.encode()),
    "deflate, cut off": deflated(LONG)[:-300],
    "zip": zipped(LONG),
    "bzip2": bz2.compress(LONG),
    "xz": lzma.compress(LONG),
    "JSON": json.dumps({"text": NOTE}).encode(),
    "the text of bytes": repr(PLAIN).encode(),
    "HTML": NOTE.encode("ascii", "xmlcharrefreplace"),
    "URL": quote(NOTE).encode(),
    "form": quote_plus(NOTE).encode(),
    "URL, every character": "".join(f"%{one:02x}" for one in PLAIN).encode(),
    "JSON, every character": "".join(f"\\u{ord(one):04x}" for one in NOTE).encode(),
    "quoted-printable": quopri.encodestring(PLAIN),
    "quoted-printable, folded": b"=\r\n".join(
        quopri.encodestring(PLAIN[at : at + 1]) for at in range(len(PLAIN))
    ),
    "base64 of gzip": base64.b64encode(gzip.compress(LONG)),
    "gzip of base64 in lines": gzip.compress(wrapped(LONG)),
    "zip in a zip": zipped(zipped(LONG)),
}


@pytest.mark.parametrize("before", [0, 1, 4_093])
@pytest.mark.parametrize("written", WRITTEN)
def test_a_word_is_found_however_it_is_written(written, before):
    noise = random.Random(before)
    data = noise.randbytes(before) + WRITTEN[written] + noise.randbytes(500)
    assert [hit.needle for hit in Scanner({"the name": WORD}).hits(data)], written


def test_bytes_are_found_raw_in_hexadecimal_and_in_base64():
    key = os.urandom(32)
    for written in (
        key,
        key.hex().encode(),
        base64.b64encode(b"1" + key + b"2"),
        gzip.compress(key),
    ):
        assert Scanner({"a key": key}).hits(written)


def test_what_was_deleted_from_a_database_and_still_lies_in_the_file_is_found(tmp_path):
    place = tmp_path / "careless.db"
    with sqlite3.connect(place) as careless:
        careless.execute("PRAGMA secure_delete = OFF")
        careless.execute("CREATE TABLE notes (text TEXT)")
        careless.executemany("INSERT INTO notes VALUES (?)", [(NOTE,)] * 9)
        careless.execute("DELETE FROM notes")
        assert careless.execute("SELECT count(*) FROM notes").fetchall() == [(0,)]
    careless.close()
    assert {hit.where for hit in Scanner({"the name": WORD}).hits_below(tmp_path)} == {str(place)}


def test_the_names_of_files_are_read_too(tmp_path):
    (tmp_path / f"{WORD}.txt").write_bytes(b"")
    [hit, *_] = Scanner({"the name": WORD}).hits_below(tmp_path)
    assert hit.where.endswith("(its name)")


def test_a_hit_names_the_needle_and_never_repeats_it():
    [hit, *_] = Scanner({"the name": WORD}).hits(PLAIN, "a file")
    assert (hit.needle, hit.where) == ("the name", "a file")
    assert WORD not in repr(hit)


def test_noise_gives_no_alarm():
    noise = random.Random(7).randbytes(2_000_000)
    assert Scanner({"the name": WORD, "telephone": "+1 415 555 0147"}).hits(noise) == []
