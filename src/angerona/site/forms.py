"""Reading what a browser sends, within bounds, and never onto a disk.

The parser's own habit of writing larger files to a temporary file is switched off: what somebody
sends in is readable there until it is sealed.
"""

from __future__ import annotations

import re
import urllib.parse
from typing import TYPE_CHECKING, Final

from anyio import fail_after
from python_multipart.multipart import parse_options_header
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from angerona.errors import BadInput
from angerona.web.turn import Form, Upload

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

FORM_S_MAX: Final = 60
FILE_S_MAX: Final = 900
"""A file on a slow line may take its time; nobody else may hold the server by sending slowly."""
FIELDS_MAX: Final = 400
FORM_BYTES_MAX: Final = 1_000_000
"""Of all fields of a form together, without its files: several of the longest entries."""
_UTF_8: Final = b"utf-8"
"""Others could hide what no browser sends, or take long to read."""
_PLAIN: Final = "application/x-www-form-urlencoded"
_NAME_CHARACTERS_MAX: Final = 120
_PARTS_END: Final = b"--"
_LAST_BYTES: Final = 16
_NO_TEXT: Final = re.compile("[\\0\\ud800-\\udfff]")
"""NUL, and halves of characters."""
_NOT_IN_A_NAME: Final = re.compile(r"[\x00-\x1f\x7f/\\]+")


async def read_form(request: Request, *, file_bytes_max: int) -> Form:
    """The form of a request.

    Raises `BadInput` for one that is too large, cannot be read, or does not arrive in time.
    """
    try:
        with fail_after(FILE_S_MAX if file_bytes_max else FORM_S_MAX):
            return await _read(request, file_bytes_max)
    except TimeoutError:
        raise BadInput("the form", "did not arrive in time", "send it once more") from None


async def _read(request: Request, file_bytes_max: int) -> Form:
    said, given = parse_options_header(request.headers.get("content-type", ""))
    kind = said.decode("latin-1").strip().lower()
    if given.get(b"charset", _UTF_8).lower() != _UTF_8:
        raise BadInput("the form", "is written in another way than UTF-8", "UTF-8")
    if kind == _PLAIN:
        return _plain(await _bounded(request, FORM_BYTES_MAX))
    if kind == "multipart/form-data":
        return await _with_files(request, file_bytes_max)
    raise BadInput("the form", "came in another form than a browser sends")


def _plain(body: bytes) -> Form:
    try:
        pairs = urllib.parse.parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    except ValueError:  # UnicodeDecodeError is one
        raise BadInput("the form", "cannot be read", f"UTF-8, {FIELDS_MAX} fields") from None
    return Form(_gathered(pairs))


async def _with_files(request: Request, file_bytes_max: int) -> Form:
    limit = FORM_BYTES_MAX + file_bytes_max
    last = b""

    async def stream() -> AsyncGenerator[bytes, None]:
        nonlocal last
        size = 0
        async for piece in request.stream():
            size += len(piece)
            last = (last + piece)[-_LAST_BYTES:]
            if size > limit:
                raise BadInput("the form", "is too large", f"up to {limit // 1_000_000} MB")
            yield piece

    parser = MultiPartParser(
        request.headers,
        stream(),
        max_files=1 if file_bytes_max else 0,
        max_fields=FIELDS_MAX,
        max_part_size=FORM_BYTES_MAX,
    )
    parser.spool_max_size = limit + 1
    try:
        found = await parser.parse()
    except MultiPartException:
        raise BadInput("the form", "cannot be read", f"UTF-8, {FIELDS_MAX} fields") from None
    if not last.rstrip().endswith(_PARTS_END):
        raise BadInput("the form", "ends in the midst", "the whole of it")
    pairs: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    try:
        for name, value in found.multi_items():
            if isinstance(value, UploadFile):
                data = await value.read()
                if data:
                    files[name] = Upload(_plain_name(value.filename or ""), data)
            else:
                pairs.append((name, value))
    finally:
        await found.close()
    return Form(_gathered(pairs), files)


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The pairs by name. Raises `BadInput` for what no person can have typed."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        if _NO_TEXT.search(name + value):
            raise BadInput("the form", "holds what is no text", "plain text")
        fields[name] = (*fields.get(name, ()), value)
    return fields


def _plain_name(given: str) -> str:
    """The last part of a file's name, without what could steer a path or a terminal."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return _NOT_IN_A_NAME.sub("", last)[-_NAME_CHARACTERS_MAX:].strip() or "file"


async def _bounded(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            raise BadInput("the form", "is too large", f"up to {limit // 1_000} kB")
    return bytes(body)
