"""Files in and out: JSON read strictly, an Ask written so that only its owner can read it."""

from __future__ import annotations

import json
import os
import re
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from angerona.errors import BadAsk

if TYPE_CHECKING:
    from collections.abc import Iterator

ASK_LIMIT: Final = 1_000_000
CASES_LIMIT: Final = 50_000_000
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}\Z")
_OWNER_ONLY: Final = 0o600


class _Twice(dict[str, object]):
    """A table in which a key stands twice."""


def read_json(name: str, limit: int) -> object:
    """The one JSON document in a file (`-`: standard input), at most `limit` bytes.

    Raises `BadAsk` for anything but one document of UTF-8 JSON without NaN, infinity and keys that
    stand twice.
    """
    place = place_of(name)
    try:
        text = _bytes(name, limit, place).decode("utf-8-sig")
        found = json.loads(text, parse_constant=_constant, object_pairs_hook=_table)
    except UnicodeDecodeError as problem:
        raise BadAsk(place, "not UTF-8 text") from problem
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, column {problem.colno}"
        raise BadAsk(place, f"not JSON: {problem.msg} ({where})") from problem
    except RecursionError as problem:
        raise BadAsk(place, "nested too deep") from problem
    except ValueError as problem:
        raise BadAsk(
            place, "holds a number no question needs", "true, false, words, ages"
        ) from problem
    for path in _twice(found):
        raise BadAsk(place, "a key stands twice", f"in {path or 'the outermost table'}")
    return found


def place_of(name: str) -> str:
    """How a file is named in a message: by its last name, if that can hold no more than a name."""
    if name == "-":
        return "standard input"
    last = Path(name).name
    return last if _NAME.match(last) else "the file"


def _bytes(name: str, limit: int, place: str) -> bytes:
    try:
        if name == "-":
            data = b"" if sys.stdin is None else sys.stdin.buffer.read(limit + 1)
        else:
            with Path(name).open("rb") as source:
                data = source.read(limit + 1)
    except FileNotFoundError as problem:
        raise BadAsk(place, "no such file") from problem
    except IsADirectoryError as problem:
        raise BadAsk(place, "is a folder", "give one JSON file") from problem
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a file name"
        raise BadAsk(place, "cannot be read", reason) from problem
    if len(data) > limit:
        raise BadAsk(place, "too large", f"at most {limit} bytes")
    if not data.strip():
        raise BadAsk(place, "is empty")
    return data


def _constant(_name: str) -> NoReturn:
    raise ValueError


def _table(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    return table if len(table) == len(pairs) else _Twice(table)


def _twice(found: object) -> Iterator[str]:
    """Where a key stands twice, outermost first."""
    waiting: deque[tuple[str, object]] = deque([("", found)])
    while waiting:
        path, value = waiting.popleft()
        if isinstance(value, _Twice):
            yield path
        if isinstance(value, dict):
            names = [f"{path}.{key if _NAME.match(key) else '(a key)'}".strip(".") for key in value]
            waiting += zip(names, value.values(), strict=True)
        elif isinstance(value, list):
            waiting += [(f"{path}[{index}]", one) for index, one in enumerate(value)]


def check_target(name: str, *, force: bool) -> None:
    """Refuse early a file that could not be written at the end. Raises `BadAsk`."""
    target = Path(name)
    if target.is_dir() or not target.parent.is_dir():
        raise BadAsk(place_of(name), "cannot be written", "give a file in a folder that exists")
    if target.exists() and not force:
        raise BadAsk(place_of(name), "exists already", "--force writes over it")


def write_json(name: str, value: object, *, force: bool) -> None:
    """Write JSON that only its owner can read, for it holds what somebody told. Raises `BadAsk`."""
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if force else os.O_EXCL)
    try:
        number = os.open(name, flags, _OWNER_ONLY)
        with os.fdopen(number, "w", encoding="utf-8") as target:
            target.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")
    except FileExistsError as problem:
        raise BadAsk(place_of(name), "exists already", "--force writes over it") from problem
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or "not a file name"
        raise BadAsk(place_of(name), "cannot be written", reason) from problem
