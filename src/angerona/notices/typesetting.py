"""Sets pages with typst, in a process of their own that ends with them.

The typesetter keeps what it has set in memory for as long as it lives (measured: 230 MB for 400
notes, never given back). So it runs in a child that takes a request on its standard input, answers
with the PDF and ends; with it end the words, and the keys on papers. Nothing is written to disk.

Data reaches a template as JSON and is never part of its source: no text can be a command. The pages
come out the same, byte for byte, wherever `set_by` is the same: only the typesetter's own fonts are
used, and the date comes from the caller.

What those fonts cannot show is named in square brackets, as are signs that steer the direction of
writing, because they can make a line read as another. The data beside the pages keeps them.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import unicodedata
from functools import cache
from importlib import resources, util
from typing import TYPE_CHECKING, Final, TypeAlias

from angerona.errors import MissingExtra, PrintFailure

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json]"

SECONDS_MAX: Final = 120
WORD_MAX: Final = 40
"""Longer words get places where a line may break; else they would run off the page."""

_ROUNDS_MAX: Final = 6
_EXTRA: Final = "pages need the extra 'pdf': pip install 'angerona[pdf]'"
_UNSHOWN: Final = re.compile(r'the text `"((?:[^"\\]|\\.)+)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}|\\(.)")
_UNSAFE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LONG: Final = re.compile(rf"\S{{{WORD_MAX}}}(?=\S)")
_LINE_MAY_BREAK: Final = "\u200b"


def is_installed() -> bool:
    """Whether pages can be set here."""
    return util.find_spec("typst") is not None


@cache
def set_by() -> str:
    """What sets the pages here: same name, same bytes. Empty where pages cannot be set."""
    from importlib import metadata  # noqa: PLC0415 -- costs the child, which needs it not, 30 ms

    if not is_installed():
        return ""
    marked = hashlib.sha256()
    for file in sorted(_templates().iterdir(), key=lambda one: one.name):
        marked.update(file.read_bytes())
    version, signs = metadata.version("typst"), unicodedata.unidata_version
    return f"typst {version}, Unicode {signs}, templates {marked.hexdigest()[:16]}"


def typeset(
    template: str,
    data: Mapping[str, Json],
    *,
    at: datetime.datetime,
    figures: Mapping[str, str] | None = None,
    attached: str = "",
) -> bytes:
    """The PDF of a template: tagged, PDF/UA-1, dated `at`.

    `figures` are SVG by name; `attached` is JSON text that the PDF carries as `packet.json`.
    Raises `MissingExtra`, or `PrintFailure`, which repeats nothing.
    """
    if not is_installed():
        raise MissingExtra(_EXTRA)
    request: dict[str, object] = {
        "template": template,
        "data": data,
        "figures": figures or {},
        "attached": attached,
        "at": int(at.timestamp()),
    }
    try:
        done = subprocess.run(  # our own module, under the interpreter that runs us
            [sys.executable, "-I", "-m", "angerona.notices.typesetting"],
            input=json.dumps(request).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a complaint of the typesetter quotes the text
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PrintFailure(f"the pages were not set within {SECONDS_MAX} seconds") from None
    except OSError:
        raise PrintFailure("the typesetter could not be started") from None
    if done.returncode != 0 or not done.stdout:
        raise PrintFailure("the typesetter failed")
    return done.stdout


def _templates() -> resources.abc.Traversable:
    return resources.files("angerona.notices").joinpath("templates")


# What follows runs in the child.


def answer(*, template: str, data: Json, figures: Json, attached: str, at: int) -> bytes:
    """The PDF for one request; `at` in seconds of Unix time.

    Signs that no font has are found by trying: the typesetter names those it has met.
    """
    import typst  # noqa: PLC0415 -- the typesetter is an extra

    unshown = unsafe(data)
    with resources.as_file(_templates()) as folder:
        fonts = typst.Fonts(include_system_fonts=False)
        compiler = typst.Compiler(root=folder, font_paths=fonts, ignore_system_fonts=True)
        for _ in range(_ROUNDS_MAX):
            inputs = {
                "data": json.dumps(shown(data, unshown)),
                "figures": json.dumps(figures),
                "attached": attached,
                "unshown": json.dumps(bool(unshown)),
            }
            try:
                pdf = compiler.compile(
                    folder / template,
                    format="pdf",
                    pdf_standards=["ua-1"],
                    timestamp=at,
                    sys_inputs=inputs,
                )
            except typst.TypstError as problem:
                found = _unshown(problem.diagnostic) - unshown
                if not found:
                    raise
                unshown |= found
            else:
                return pdf if isinstance(pdf, bytes) else b""
    raise PrintFailure("the typesetter failed")


def _unshown(complaint: str) -> frozenset[str]:
    """The texts that the typesetter says it cannot display."""

    def sign(escape: re.Match[str]) -> str:
        return chr(int(escape[1], 16)) if escape[1] else escape[2]

    return frozenset(_ESCAPED.sub(sign, found) for found in _UNSHOWN.findall(complaint))


def unsafe(data: Json) -> frozenset[str]:
    """The signs in these texts that are never printed as they are."""
    found: set[str] = set()

    def note(given: str) -> str:
        found.update(_UNSAFE.findall(given))
        return given

    _mapped(data, note)
    return frozenset(found)


def shown(data: Json, unshown: frozenset[str]) -> Json:
    """The same data, what cannot be shown named, and long words made breakable."""
    longest_first = sorted(unshown, key=lambda text: (-len(text), text))
    hidden = re.compile("|".join(map(re.escape, longest_first))) if unshown else None

    def text(given: str) -> str:
        named = hidden.sub(_named, given) if hidden else given
        return _LONG.sub(lambda word: word[0] + _LINE_MAY_BREAK, named)

    return _mapped(data, text)


def _mapped(data: Json, change: Callable[[str], str]) -> Json:
    match data:
        case str():
            return change(data)
        case list():
            return [_mapped(one, change) for one in data]
        case dict():
            return {key: _mapped(one, change) for key, one in data.items()}
        case _:
            return data


def _named(found: re.Match[str]) -> str:
    """Signs by their name where they have a telling one, else by number: `[grinning face]`."""
    return "".join(f"[{_name(sign)}]" for sign in found[0])


def _name(sign: str) -> str:
    known = unicodedata.name(sign, "") if unicodedata.category(sign) == "So" else ""
    return known.lower() or f"U+{ord(sign):04X}"


if __name__ == "__main__":
    sys.stdout.buffer.write(answer(**json.load(sys.stdin.buffer)))
