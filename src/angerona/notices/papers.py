"""Papers that are kept in a safe: the recovery kit, whole or in shares, a seat, a recovery code.

Each is one page, black on white, in large type, with the secret in words or groups that can be read
aloud and as a QR code. A paper is set in memory and given back as bytes; who prints it must not
leave a copy on disk.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from angerona.ciphers.recovery import read_code, share_from_words, to_words, written_code
from angerona.errors import BadInput, MissingExtra, one_of
from angerona.notices.packet_files import PAPERS
from angerona.notices.paragraphs import day
from angerona.notices.typesetting import typeset

if TYPE_CHECKING:
    import datetime

    from angerona.notices.typesetting import Json

NAME_MAX: Final = 100
_EXTRA: Final = "papers need the extra 'pdf': pip install 'angerona[pdf]'"


def recovery_kit(
    secret: bytes, *, practice: str, command: str, at: datetime.datetime, paper: str
) -> bytes:
    """The PDF of the practice's recovery kit: its boot secret (32 bytes) as 24 words.

    `command` is what to run to use it. Raises `BadInput`, `MissingExtra`, `PrintFailure`.
    """
    return _typeset_secret(
        "recovery-kit.typ",
        to_words(secret),
        {"practice": _line("practice", practice), "command": _line("command", command)},
        at=at,
        paper=paper,
    )


def kit_share(  # noqa: PLR0913 -- each line of the paper is asked for by name
    words: str,
    *,
    practice: str,
    number: int,
    needed: int,
    shares: int,
    set_name: str,
    at: datetime.datetime,
    paper: str,
) -> bytes:
    """The PDF of one share of the recovery kit: `number` of `shares`, of which `needed` suffice.

    `words` are the 55 of the share, `set_name` what tells its set. Raises as `recovery_kit` does.
    """
    if not (1 <= number <= shares and 1 <= needed <= shares):
        raise BadInput("share", "no such share", "1 to the number of shares, and as many suffice")
    share_from_words(words)
    facts: dict[str, Json] = {
        "practice": _line("practice", practice),
        "number": number,
        "needed": needed,
        "shares": shares,
        "set": _line("set", set_name),
    }
    return _typeset_secret("kit-share.typ", words, facts, at=at, paper=paper)


def seat_paper(  # noqa: PLR0913 -- each line of the paper is asked for by name
    secret: bytes,
    *,
    practice: str,
    seat: int,
    needed: int,
    seats: int,
    command: str,
    at: datetime.datetime,
    paper: str,
) -> bytes:
    """The PDF of one key holder's seat: number `seat` of `seats`, of which `needed` must act.

    `secret` is the 32 bytes of this seat's key. Raises as `recovery_kit` does.
    """
    if not (1 <= seat <= seats and 1 <= needed <= seats):
        raise BadInput("seat", "no such seat", "1 to the number of seats, and as many must act")
    facts: dict[str, Json] = {
        "practice": _line("practice", practice),
        "command": _line("command", command),
        "seat": seat,
        "needed": needed,
        "seats": seats,
    }
    return _typeset_secret("seat.typ", to_words(secret), facts, at=at, paper=paper)


def recovery_code_sheet(
    code: str, *, practice: str, person: str, at: datetime.datetime, paper: str
) -> bytes:
    """The PDF of one person's recovery code, as `ciphers.recovery.new_code` makes it.

    Raises as `recovery_kit` does, `BadInput` also for a code that was not written rightly.
    """
    facts: dict[str, Json] = {
        "practice": _line("practice", practice),
        "person": _line("person", person),
    }
    written = written_code(read_code(code))
    return _typeset_secret("recovery-code.typ", written, facts, at=at, paper=paper)


def _typeset_secret(
    template: str, secret: str, facts: dict[str, Json], *, at: datetime.datetime, paper: str
) -> bytes:
    if paper not in PAPERS:
        raise BadInput("paper", "no such paper", one_of(PAPERS, paper))
    words: list[Json] = [*secret.replace("-", " ").split()]
    data: dict[str, Json] = {**facts, "words": words, "made_on": day(at), "paper": paper}
    return typeset(template, data, at=at, figures={"qr": _qr(secret)})


def _qr(text: str) -> str:
    """The text as a QR code in SVG, in capitals, which take less room; 25% may be lost."""
    try:
        import segno  # noqa: PLC0415 -- an extra
    except ModuleNotFoundError as missing:
        raise MissingExtra(_EXTRA) from missing
    drawn = io.BytesIO()
    code = segno.make(text.upper(), error="q", boost_error=False, micro=False)
    code.save(drawn, kind="svg", xmldecl=False, border=4)
    return drawn.getvalue().decode()


def _line(place: str, text: str) -> str:
    if not text.strip() or len(text) > NAME_MAX or not text.isprintable():
        raise BadInput(place, "empty, too long or not one line", f"1 to {NAME_MAX} characters")
    return text
