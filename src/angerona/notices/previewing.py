"""The first pages of a file as pictures, made where the file can do no harm.

What reads PDFs and pictures is large, and what somebody sends in may be made to break it. So it
runs in a child that shuts itself in before it takes the file (`confining.py`), on its standard
input; it answers with pictures alone and ends, or is ended when its time is over. Nothing is
written to disk. What comes back is bounded, and looked at before anybody sees it: even a child that
was taken over can give back nothing but WebP pictures, for the browser to read as such.
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import threading
from dataclasses import dataclass
from importlib import util
from typing import TYPE_CHECKING, Any, Final

from angerona.notices.confining import can_confine, confine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

PAGES_SHOWN: Final = 3
EDGE_MAX: Final = 1_200
"""Pixels along the longer side of a picture that comes back."""
SECONDS_MAX: Final = 20
AT_ONCE: Final = 2
ANSWER_BYTES_MAX: Final = 4_000_000

_NUMBER_BYTES: Final = 4
_QUALITY: Final = 70
_FORM, _WEBP, _FORM_HEAD = b"RIFF", b"WEBP", 8
TURNS: Final = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True, repr=False)
class FirstPages:
    """Pictures (WebP) of the first pages of a file, and how many pages it has, as it says."""

    pictures: tuple[bytes, ...]
    pages: int


def first_pages(data: bytes, media_type: str) -> FirstPages | None:
    """The first pages of a file as pictures, or None where there is no safe way to show it.

    That is so for a kind that is not among `READERS`, a file that is locked or broken or takes more
    memory or time than there is for it, a system where no process can be shut in, and without the
    extra `previews`.
    """
    if media_type not in READERS or not can_confine() or not _is_installed():
        return None
    if not TURNS.acquire(timeout=SECONDS_MAX):
        return None
    try:
        return _pages_in(_asked(data, media_type))
    finally:
        TURNS.release()


def _is_installed() -> bool:
    return all(util.find_spec(name) for name in ("PIL", "pypdfium2"))


def _asked(data: bytes, media_type: str) -> bytes:
    """What the child answers; nothing, or a part, where it fails or takes too long."""
    try:
        with (
            subprocess.Popen(  # noqa: S603 -- our own module, under the interpreter that runs us
                [sys.executable, "-I", "-m", "angerona.notices.previewing", media_type],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # a complaint of a reader may quote the file
                env={},
                cwd="/",
            ) as child,
            _ended_in_time(child),
        ):
            given, made = child.stdin, child.stdout
            if given is None or made is None:
                return b""
            given.write(data)
            given.close()
            return made.read(ANSWER_BYTES_MAX)
    except OSError:
        return b""


@contextlib.contextmanager
def _ended_in_time(child: subprocess.Popen[bytes]) -> Iterator[None]:
    timer = threading.Timer(SECONDS_MAX, child.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        child.kill()


def _pages_in(answer: bytes) -> FirstPages | None:
    """The answer of a child that nobody needs to trust: numbers within bounds, pictures alone."""
    held = io.BytesIO(answer)
    pages = _number(held)
    pictures: list[bytes] = []
    while size := _number(held):
        picture = held.read(size)
        stated = int.from_bytes(picture[len(_FORM) : _FORM_HEAD], "little") + _FORM_HEAD
        is_webp = picture.startswith(_FORM) and picture[_FORM_HEAD:].startswith(_WEBP)
        if not is_webp or stated != len(picture) or len(pictures) == PAGES_SHOWN:
            return None
        pictures.append(picture)
    return FirstPages(tuple(pictures), max(pages, len(pictures))) if pictures else None


def _number(held: io.BytesIO) -> int:
    return int.from_bytes(held.read(_NUMBER_BYTES), "big")


# What follows runs in the child.


def _pdf(data: bytes) -> tuple[int, Iterator[Any]]:
    """How many pages a PDF has, and pictures of them: forms filled in, nothing run."""
    import pypdfium2  # noqa: PLC0415 -- of the extra, and for the child alone

    document = pypdfium2.PdfDocument(data)
    document.init_forms()

    def pictures() -> Iterator[Any]:
        for number in range(len(document)):
            page = document[number]
            yield page.render(scale=EDGE_MAX / max(page.get_size()), fill_color=_WHITE).to_pil()
            page.close()

    return len(document), pictures()


def _jpeg(data: bytes) -> tuple[int, Iterator[Any]]:
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415 -- as above

    picture = JpegImageFile(io.BytesIO(data))
    picture.draft("RGB", (2 * EDGE_MAX, 2 * EDGE_MAX))
    return 1, iter([picture])


def _png(data: bytes) -> tuple[int, Iterator[Any]]:
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415 -- as above

    return 1, iter([PngImageFile(io.BytesIO(data))])


def _tiff(data: bytes) -> tuple[int, Iterator[Any]]:
    from PIL.TiffImagePlugin import TiffImageFile  # noqa: PLC0415 -- as above

    picture = TiffImageFile(io.BytesIO(data))

    def pictures() -> Iterator[Any]:
        for number in range(picture.n_frames):
            picture.seek(number)
            yield picture

    return picture.n_frames, pictures()


READERS: Final[Mapping[str, Callable[[bytes], tuple[int, Iterator[Any]]]]] = {
    "application/pdf": _pdf,
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/tiff": _tiff,
}
"""What can be shown, by media type."""
_WHITE: Final = (255, 255, 255, 255)


def _webp(picture: Any) -> bytes:  # noqa: ANN401 -- a picture of Pillow, or of what it reads
    """A picture the right way up, on white, no larger than it is to be."""
    from PIL import Image, ImageOps  # noqa: PLC0415 -- as above

    shown = ImageOps.exif_transpose(picture)
    if shown.has_transparency_data:
        below = Image.new("RGBA", shown.size, _WHITE)
        shown = Image.alpha_composite(below, shown.convert("RGBA"))
    if shown.mode.startswith("I;16"):  # sixteen bits of grey, of which half are enough to see
        shown = shown.point(lambda level: level / 256).convert("L")
    shown = shown.convert("RGB")
    shown.thumbnail((EDGE_MAX, EDGE_MAX), reducing_gap=2)
    target = io.BytesIO()
    shown.save(target, "WEBP", quality=_QUALITY, method=2)
    return target.getvalue()


def answer(data: bytes, media_type: str) -> bytes:
    """How many pages there are, then the first of them, each behind its length.

    Raises whatever the readers raise.
    """
    pages, pictures = READERS[media_type](data)
    parts = [pages.to_bytes(_NUMBER_BYTES, "big")]
    for picture, _ in zip(pictures, range(PAGES_SHOWN), strict=False):
        made = _webp(picture)
        parts += [len(made).to_bytes(_NUMBER_BYTES, "big"), made]
    return b"".join(parts)


def _warm_up(media_type: str) -> None:
    """Read one small file of the kind, so that nothing is left to load once the door is shut."""
    from PIL import Image  # noqa: PLC0415 -- as above

    sample = io.BytesIO()
    more = {"compression": "group4"} if media_type == "image/tiff" else {}
    Image.new("1", (8, 8)).save(sample, media_type.rpartition("/")[2].upper(), **more)
    answer(sample.getvalue(), media_type)


if __name__ == "__main__":
    _warm_up(sys.argv[1])
    confine()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), sys.argv[1]))
