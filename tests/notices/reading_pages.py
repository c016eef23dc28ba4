"""Reads a PDF as a person and a thief would: the text of each page, and every byte inflated."""

import io
import re
import zlib

import pikepdf

STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def texts_of(pdf, password=""):
    """The text of each page, words parted by single spaces."""
    with pikepdf.open(io.BytesIO(pdf), password=password) as document:
        return [
            " ".join("".join(text for _, text in _runs(page)).split()) for page in document.pages
        ]


def left_edges_of(pdf, number):
    """Each run of text of one page, counted from 0, with where it begins, in points."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return _runs(document.pages[number])


def _runs(page):
    fonts = {
        name: _signs(font)
        for name, font in page.Resources.get("/Font", pikepdf.Dictionary()).items()
    }
    said, signs, moved, before = [], {}, 0.0, []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                signs = fonts[str(operands[0])]
            case "q":
                before.append(moved)
            case "Q":
                moved = before.pop()
            case "cm":
                moved += float(operands[4])
            case "Tm":
                said.append((moved + float(operands[4]), " "))
            case "TJ":
                text = "".join(_shown(one, signs) for one in operands[0] if _is_text(one))
                said.append((said[-1][0], text))
            case "Tj":
                said.append((said[-1][0], _shown(operands[0], signs)))
    return said


def _is_text(operand):
    return isinstance(operand, pikepdf.String)


def _shown(operand, signs):
    codes = bytes(operand)
    pairs = (codes[at : at + 2] for at in range(0, len(codes), 2))
    return "".join(signs.get(pair, "\N{REPLACEMENT CHARACTER}") for pair in pairs)


def _signs(font):
    """Glyph number to text, from the font's own ToUnicode table."""
    table = font.ToUnicode.read_bytes().decode()
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(text).decode("utf-16-be")
    return found


def inflated(pdf):
    """The raw bytes and, where a stream can be inflated without any key, what it holds."""
    out = [pdf]
    for found in STREAM.finditer(pdf):
        try:
            out.append(zlib.decompressobj().decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(out)
