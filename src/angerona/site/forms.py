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
from starlette.requests import ClientDisconnect

from angerona.errors import BadInput
from angerona.web.turn import Form, Upload

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from anyio import CancelScope
    from starlette.datastructures import FormData
    from starlette.requests import Request

    from angerona.site.strangers import Stranger

FORM_S_MAX: Final = 60
FILE_S_MAX: Final = 900
"""A file on a slow line may take its time; nobody else may hold the server by sending slowly."""
FIELDS_MAX: Final = 400
FORM_BYTES_MAX: Final = 1_000_000
"""Of all fields of a form together, without its files: several of the longest entries."""
HELD_BYTES_MAX: Final = 4_000_000
"""What is read of a longer form of somebody who is signed in, to be given back and not used."""
_UTF_8: Final = b"utf-8"
"""Others could hide what no browser sends, or take long to read."""
_PLAIN: Final = "application/x-www-form-urlencoded"
_NAME_CHARACTERS_MAX: Final = 120
_PARTS_END: Final = b"--"
_LAST_BYTES: Final = 16
_NO_TEXT: Final = re.compile("[\\0\\ud800-\\udfff]")
"""NUL, and halves of characters."""
_NOT_IN_A_NAME: Final = re.compile(r"[\x00-\x1f\x7f/\\]+")


async def read_form(
    request: Request,
    *,
    file_bytes_max: int = 0,
    files_max: int = 1,
    is_somebody: bool = False,
    stranger: Stranger | None = None,
) -> tuple[Form, BadInput | None]:
    """The form of a request, and what is wrong with it; of a stranger, as far as there is room.

    Of somebody who is signed in, what is too large and what holds signs that are no text is read
    all the same, without these signs, so that it can be given back; there is nothing in the form
    where it cannot be read at all, or did not arrive in time.
    """
    try:
        with fail_after(FILE_S_MAX if file_bytes_max else FORM_S_MAX) as scope:
            most = HELD_BYTES_MAX if is_somebody else FORM_BYTES_MAX
            pieces = _pieces(request, stranger, scope)
            form, size = await _read(request, pieces, (file_bytes_max, files_max), most)
    except (TimeoutError, ClientDisconnect):  # who is gone hears nothing, and fills no log
        return Form(), BadInput("the form", "did not arrive in time", "send it once more")
    except BadInput as problem:
        return Form(), problem
    if form.files and not file_bytes_max:
        return Form(form.fields), BadInput("the form", "holds a file", "a form without one")
    if size > FORM_BYTES_MAX:
        return form, _too_large(FORM_BYTES_MAX + file_bytes_max)
    plain = _without_no_text(form)
    if plain is not form:
        return plain, BadInput("the form", "held signs that are no text; they are gone", "text")
    return form, None


def _too_large(limit: int) -> BadInput:
    return BadInput("the form", "is too large", f"up to {limit // 1_000} kB")


def _without_no_text(form: Form) -> Form:
    """The form without signs that no person can have typed; the form itself where it has none."""
    if not any(_NO_TEXT.search(one) for pair in form.fields.items() for one in (pair[0], *pair[1])):
        return form
    fields = {
        _NO_TEXT.sub("", name): tuple(_NO_TEXT.sub("", one) for one in values)
        for name, values in form.fields.items()
    }
    return Form(fields, form.files)


async def _pieces(
    request: Request, stranger: Stranger | None, scope: CancelScope
) -> AsyncGenerator[bytes, None]:
    """What comes of a form, piece by piece; of a stranger as far as there is room."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if stranger is not None:
            stranger.holds(size, scope)
        yield piece


async def _read(
    request: Request, pieces: AsyncGenerator[bytes, None], bounds: tuple[int, int], most: int
) -> tuple[Form, int]:
    """The form, and how many bytes it took."""
    said, given = parse_options_header(request.headers.get("content-type", ""))
    kind = said.decode("latin-1").strip().lower()
    if given.get(b"charset", _UTF_8).lower() != _UTF_8:
        raise BadInput("the form", "is written in another way than UTF-8", "UTF-8")
    if kind == _PLAIN:
        body = await _bounded(pieces, most)
        return _plain(body), len(body)
    if kind == "multipart/form-data":
        return await _with_files(request, pieces, bounds, most)
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


async def _with_files(
    request: Request, pieces: AsyncGenerator[bytes, None], bounds: tuple[int, int], most: int
) -> tuple[Form, int]:
    """Of one with a file that is too large, the fields before it."""
    file_bytes_max, files_max = bounds
    limit = most + file_bytes_max
    last, size = b"", 0

    async def stream() -> AsyncGenerator[bytes, None]:
        nonlocal last, size
        async for piece in pieces:
            size += len(piece)
            last = (last + piece)[-_LAST_BYTES:]
            if size > limit and file_bytes_max:
                continue  # to the end, unkept: who still sends hears no answer
            if size > limit:
                return
            yield piece

    parser = MultiPartParser(
        request.headers,
        stream(),
        max_files=files_max,
        max_fields=FIELDS_MAX,
        max_part_size=most,
    )
    parser.spool_max_size = limit + 1
    try:
        found = await parser.parse()
    except MultiPartException:
        allowed = f"UTF-8, {FIELDS_MAX} fields, {files_max} files"
        raise BadInput("the form", "cannot be read", allowed) from None
    if size <= limit and not last.rstrip().endswith(_PARTS_END):
        raise BadInput("the form", "ends in the midst", "the whole of it")
    try:
        pairs, files = await _told_apart(found)
    finally:
        await found.close()
        for begun in parser._files_to_close_on_error:  # noqa: SLF001 -- a cut one
            begun.close()
    typed = sum(len(name.encode()) + len(value.encode()) for name, value in pairs)
    return Form(_gathered(pairs), files), size if size > limit else typed


async def _told_apart(
    found: FormData,
) -> tuple[list[tuple[str, str]], dict[str, tuple[Upload, ...]]]:
    """The fields, and the files that hold something."""
    pairs: list[tuple[str, str]] = []
    files: dict[str, tuple[Upload, ...]] = {}
    for name, value in found.multi_items():
        if not isinstance(value, UploadFile):
            pairs.append((name, value))
        elif data := await value.read():
            upload = Upload(_plain_name(value.filename or ""), data)
            files[name] = (*files.get(name, ()), upload)
    return pairs, files


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """The pairs by name."""
    fields: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        fields[name] = (*fields.get(name, ()), value)
    return fields


def _plain_name(given: str) -> str:
    """The last part of a file's name, without what could steer a path or a terminal."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return _NOT_IN_A_NAME.sub("", last)[-_NAME_CHARACTERS_MAX:].strip() or "file"


async def _bounded(pieces: AsyncGenerator[bytes, None], limit: int) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)
