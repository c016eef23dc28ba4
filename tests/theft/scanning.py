"""Finds words in what a thief could carry off, however they were written down.

A **needle** is something a person typed. It is looked for in every **form** that text takes on its
way through software: UTF-8, UTF-16 and UTF-32, base64 at each alignment, hexadecimal, escapes of
JSON, URLs, mail and HTML. What is packed is unpacked first, wherever in a file it begins: gzip,
zlib, raw deflate, the members of a zip, whole runs of base64 (also wrapped) and of hexadecimal,
layer under layer. Letters count as the same in either case.
"""

import base64
import binascii
import bz2
import lzma
import os
import re
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus, unquote_to_bytes

import numpy as np

DEPTH = 3
UNPACKED_MAX = 64 * 2**20
RUN_MIN = 24
SHORTEST = 8
BASE64_RUN = re.compile(rb"[A-Za-z0-9+/_-](?:(?:\r?\n *)?[A-Za-z0-9+/_-]){%d,}" % RUN_MIN)
HEX_RUN = re.compile(rb"[0-9A-Fa-f](?:(?:\r?\n *|[: ])?[0-9A-Fa-f]){%d,}" % RUN_MIN)
TEXT_RUN = re.compile(rb"[\t\r\n -~]{%d,}" % RUN_MIN)
ESCAPED = re.compile(rb"%[0-9A-Fa-f]{2}|=(?:[0-9A-F]{2}|\r?\n)|\\u00[0-9A-Fa-f]{2}")
STEP = 256
PIECE = 8 * 2**20
UNPACKERS = {
    "gzip": lambda: zlib.decompressobj(31),
    "zlib": lambda: zlib.decompressobj(15),
    "deflate": lambda: zlib.decompressobj(-15),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=UNPACKED_MAX),
}
MARKS = {"gzip": rb"\x1f\x8b\x08", "bzip2": rb"BZh[1-9]1AY", "xz": rb"\xfd7zXZ\x00"}
# A deflate block gives so many lengths, of three bits each, for its own code (RFC 1951 3.2.7).
CODE_LENGTHS = 19


@dataclass(frozen=True)
class Hit:
    """Which needle was found, in which form, and where."""

    needle: str
    form: str
    where: str


class Scanner:
    """Looks for some needles, each under a name that may be printed where the needle may not."""

    def __init__(self, needles):
        """`needles` maps a name to a text or to bytes."""
        exact, folded = {}, {}
        for name, needle in needles.items():
            for form, pattern, is_folded in forms_of(needle):
                (folded if is_folded else exact).setdefault(pattern, (name, form))
        self._exact, self._folded = Patterns(exact), Patterns(folded)

    def hits(self, data, where=""):
        """Everything found in these bytes, packed or not."""
        return list(dict.fromkeys(self._hits(data, where, DEPTH)))

    def hits_below(self, *folders):
        """Everything found in the files of folders, and in the names of files."""
        found = []
        for folder in folders:
            for path in sorted(Path(folder).rglob("*")):
                found += self.hits(os.fsencode(path.name), f"{path} (its name)")
                if path.is_file() and not path.is_symlink():
                    found += self.hits(path.read_bytes(), str(path))
        return found

    def _hits(self, data, where, depth):
        for name, form in (*self._exact.found(data), *self._folded.found(data.lower())):
            yield Hit(name, form, where)
        if depth and len(data) >= RUN_MIN:
            for layer, inner in layers_of(data):
                if len(inner) >= SHORTEST:
                    yield from self._hits(inner, f"{where} > {layer}", depth - 1)


class Patterns:
    """Many byte strings looked for at once, by their first three bytes."""

    def __init__(self, meanings):
        """`meanings` maps each byte string (of three or more bytes) to what it means."""
        self._meanings = meanings
        self._longest = max(map(len, meanings), default=0)
        self._two, self._three = np.zeros(1 << 16, np.bool_), np.zeros(1 << 24, np.bool_)
        self._by_begin = {}
        for pattern in meanings:
            begin = int.from_bytes(pattern[:3])
            self._two[begin >> 8] = self._three[begin] = True
            self._by_begin.setdefault(begin, []).append(pattern)

    def found(self, data):
        """What is in some bytes; each pattern once."""
        seen = set()
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE + self._longest]
            for place, begin in self._places(np.frombuffer(piece, np.uint8)):
                for pattern in self._by_begin[begin]:
                    if pattern not in seen and piece.startswith(pattern, place):
                        seen.add(pattern)
                        yield self._meanings[pattern]

    def _places(self, octets):
        """Where a pattern may begin, and its first three bytes as a number."""
        two = octets[:-2].astype(np.uint16) << 8 | octets[1:-1]
        places = np.flatnonzero(self._two[two])
        begins = two[places].astype(np.uint32) << 8 | octets[places + 2]
        right = self._three[begins]
        return zip(places[right].tolist(), begins[right].tolist(), strict=True)


def forms_of(needle):
    """(form, bytes to look for, whether letters count as the same) for one needle."""
    if isinstance(needle, bytes):
        forms = {("raw", half, False) for half in (needle[:16], needle[-16:])}
        spellings = [needle]
    else:
        forms = set(_texts(needle))
        spellings = [one.encode() for one in _spellings(needle)]
    for raw in spellings:
        forms.add(("hexadecimal", raw.hex().encode(), True))
        forms.update(("deflate, fixed code", one, False) for one in _fixed_code(raw))
        for wide in (raw, _wide(raw, needle, "utf-16-le"), _wide(raw, needle, "utf-16-be")):
            forms.update(("base64", one, False) for one in _base64(wide))
    return sorted(forms)


def _spellings(text):
    return dict.fromkeys((text, text.lower(), text.upper(), text.title()))


def _wide(raw, needle, encoding):
    return raw if isinstance(needle, bytes) else raw.decode().encode(encoding)


def _texts(text):
    """A text as it stands in files. Only ASCII letters fold in bytes, so others are spelled out."""
    for spelled in _spellings(text):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            # Zeros begin whole pages of a database, and so are no beginning to look for.
            yield encoding, spelled.encode(encoding).lower().lstrip(b"\0"), True
        if not spelled.isascii():
            escaped = spelled.encode("ascii", "backslashreplace")
            yield "escaped", escaped.replace(rb"\x", rb"\u00").lower(), True
            yield "escaped", escaped.lower(), True
            yield "escaped", repr(spelled.encode())[2:-1].encode().lower(), True
            yield "markup", spelled.encode("ascii", "xmlcharrefreplace").lower(), True
            yield "latin-1", spelled.encode("latin-1", "replace"), False
        for quoted in (quote(spelled), quote_plus(spelled)):
            yield "in a URL", quoted.encode().lower(), True


def _base64(raw):
    """The characters that only these bytes decide, for each place where a run may begin."""
    for before in range(3):
        whole = base64.b64encode(bytes(before) + raw)
        first = -(-before * 8 // 6)
        last = (before + len(raw)) * 8 // 6
        sure = whole[first:last]
        yield sure
        yield sure.translate(bytes.maketrans(b"+/", b"-_"))


def _fixed_code(raw):
    """As deflate writes bytes with its fixed code (RFC 1951 3.2.6), at each of eight bit places."""
    bits = "".join(
        f"{0x30 + one:08b}" if one < 0x90 else f"{0x190 + one - 0x90:09b}" for one in raw
    )
    for shift in range(8):
        inside = bits[shift:]
        octets = [inside[at : at + 8] for at in range(0, len(inside) - 7, 8)]
        yield bytes(int(one[::-1], 2) for one in octets)


def layers_of(data):
    """(what it was, what was in it) for everything packed within some bytes."""
    for name, start in _starts(data):
        unpacked = _as_far_as_it_goes(UNPACKERS[name](), memoryview(data)[start:])
        if unpacked:
            yield f"{name} at {start}", unpacked
    yield from _decoded(data)


def _decoded(data):
    """Everything that is written in another way, all of a kind together."""
    base64_runs = [run for run in _runs(BASE64_RUN, data) if not HEX_RUN.fullmatch(run)]
    for offset in range(4):
        yield "base64", b"\n".join(_from_base64(run, offset) for run in base64_runs)
    hex_runs = [re.sub(rb"[^0-9A-Fa-f]", b"", run) for run in _runs(HEX_RUN, data)]
    for offset in range(2):
        yield (
            "hexadecimal",
            b"\n".join(
                binascii.unhexlify(run[offset : len(run) - len(run) % 2 + offset])
                for run in hex_runs
                if not offset or len(run) % 2
            ),
        )
    text = b"\n".join(run for run in _runs(TEXT_RUN, data) if ESCAPED.search(run))
    for name, inner in (
        ("URL escapes", unquote_to_bytes(text)),
        ("quoted-printable", binascii.a2b_qp(text)),
        ("JSON escapes", re.sub(rb"\\u00([0-9A-Fa-f]{2})", _character, text)),
    ):
        if inner != text:
            yield name, inner


def _runs(pattern, data):
    return [run[0] for run in pattern.finditer(data)]


def _character(escape):
    return bytes((int(escape[1], 16),))


def _from_base64(run, offset):
    joined = re.sub(rb"[\s]", b"", run).translate(bytes.maketrans(b"-_", b"+/"))[offset:]
    return binascii.a2b_base64(joined[: len(joined) // 4 * 4])


def _as_far_as_it_goes(unpacker, data):
    """All that comes out before the end or the first mistake: a cut stream is still readable."""
    out = bytearray()
    try:
        for start in range(0, len(data), STEP):
            if unpacker.eof or len(out) > UNPACKED_MAX:
                break
            out += unpacker.decompress(data[start : start + STEP])
    except (zlib.error, lzma.LZMAError, OSError):
        pass
    return bytes(out)


def _starts(data):
    """(by which packer, from which place on) for every place where a packed stream may begin."""
    for name, mark in MARKS.items():
        for found in re.finditer(mark, data):
            yield name, found.start()
    for member in re.finditer(rb"PK\x03\x04", data):
        head = data[member.start() : member.start() + 30]
        names = int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
        yield "deflate", member.start() + 30 + names
    for start in _zlib_starts(data):
        yield "zlib", start
    for start in _deflate_starts(data):
        yield "deflate", start


def _zlib_starts(data):
    """RFC 1950: method 8, a window up to 32 KiB, and a check over the two bytes."""
    octets = np.frombuffer(data, np.uint8).astype(np.int64)
    first, second = octets[:-1], octets[1:]
    right = (first & 15 == 8) & (first >> 4 < 8) & ((first * 256 + second) % 31 == 0)
    return (np.flatnonzero(right & (second & 32 == 0))).tolist()


def _deflate_starts(data):
    """Where a block with a code of its own may begin: the lengths of that code must be complete.

    A block with the fixed code needs no unpacking (`_fixed_code`), a stored one is raw.
    """
    octets = np.frombuffer(data + bytes(16), np.uint8).astype(np.uint64)
    count = len(data)
    if not count:
        return []
    places = np.flatnonzero(octets[:count] >> np.uint64(1) & np.uint64(3) == 2)
    low = _number(octets, places, 8)
    high = _number(octets, places + 8, 4)
    sizes = (low >> np.uint64(13) & np.uint64(15)).astype(np.int64) + 4
    kraft = np.zeros(len(places), np.int64)
    for number in range(CODE_LENGTHS):
        length = _three_bits(low, high, 17 + 3 * number)
        used = (length > 0) & (number < sizes)
        kraft += np.where(used, 1 << (7 - length), 0)
    codes = (low >> np.uint64(3) & np.uint64(31) < 30) & (low >> np.uint64(8) & np.uint64(31) < 30)
    return places[(kraft == 1 << 7) & codes].tolist()


def _number(octets, places, size):
    """The little-endian numbers of `size` bytes that begin at some places."""
    out = np.zeros(len(places), np.uint64)
    for at in range(size):
        out |= octets[places + at] << np.uint64(8 * at)
    return out


def _three_bits(low, high, first):
    """Three bits of a 96-bit number given as its lower 64 and upper 32 bits."""
    if first >= 64:
        found = high >> np.uint64(first - 64)
    elif first <= 61:
        found = low >> np.uint64(first)
    else:
        found = low >> np.uint64(first) | high << np.uint64(64 - first)
    return (found & np.uint64(7)).astype(np.int64)
