"""A packet: what is handed over in a disclosure, made from the Permit of its Ask.

`prepare` is the only way to make one that is to leave. It takes no part that the Permit did not
release, names the grounds with their citations, and puts on the first page the terms, and every
statement that a pack demands, in the words of packs/texts. A pack tells the practice what to do
(`Owed.what`); that is never printed, for it can give away more than the parts do (that somebody
else will be told, that a hold is on). What the recipient reads is written for the recipient.

Nothing says that a part was kept back, unless a statement demands it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from angerona.errors import BadInput, kind_of, one_of
from angerona.notices.structured import in_words
from angerona.packs.texts import fitting
from angerona.rules.answer import Permit
from angerona.sealed.zones import noted
from angerona.words import CLASSES

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from angerona.packs.texts import Text
    from angerona.rules.answer import Owed
    from angerona.rules.ask import Ask
    from angerona.rules.compile import Packs
    from angerona.sealed.entries import EntryPlace, EntryText

ID_BYTES: Final = 16
LINE_MAX: Final = 200
PARTS_MAX: Final = 2000
PART_CHARACTERS_MAX: Final = 1_000_000
PACKET_CHARACTERS_MAX: Final = 3_000_000
FIRST_PAGE_CHARACTERS_MAX: Final = 3200
"""What the terms and statements may fill, so that they stand on the first page whole."""

_BLANK: Final = re.compile(r"\[([^\[\]]+)\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One entry, or a marked passage of one, as it is handed over.

    `of_class` is a word of `words.CLASSES`; `passage` the name under which a passage was asked for
    and released, empty for a whole entry. `entry_id` is 16 bytes, `version` counts from 1.
    """

    of_class: str
    heading: str
    written_at: datetime.datetime
    author: str
    text: str
    entry_id: bytes
    version: int
    passage: str = ""

    @classmethod
    def of(cls, place: EntryPlace, text: EntryText, zone: datetime.tzinfo) -> Self:
        """An entry as it was released: in words, by the practice's clock."""
        return cls(
            of_class=place.wanted,
            heading=text.heading,
            written_at=noted(text.written, zone),
            author=text.author_name,
            text=in_words(text.text),
            entry_id=place.entry_id,
            version=place.version,
        )

    @property
    def item(self) -> str:
        """What the Permit must have released for this part to go."""
        return self.passage or self.of_class


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A ground on which the packet leaves, by title and citation."""

    title: str
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Words that must go along: the duty that demands them, its citation, the text."""

    duty: str
    cite: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """What is handed over, whole.

    `to` is a word of `words.RECIPIENTS` with `name` beside it, `purpose` a word of
    `words.PURPOSES`, `reference` the recipient's own sign for the matter. `scopes` pairs each item
    released with how much of it (`words.SCOPES`). `in_camera`: for the judge alone to read. `owed`
    is what the practice has still to do: it stays with the practice, and is no part of what is
    written, signed or compared.
    """

    packet_id: bytes
    practice: str
    prepared_at: datetime.datetime
    prepared_by: str
    to: str
    name: str
    reference: str
    purpose: str
    grounds: tuple[Reason, ...]
    condition: str
    statements: tuple[Statement, ...]
    scopes: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    in_camera: bool = False
    owed: tuple[Owed, ...] = field(default=(), compare=False)

    @property
    def short_id(self) -> str:
        """The first four bytes of the id, as they stand at the foot of every page."""
        digits = self.packet_id.hex()
        return f"{digits[:4]}-{digits[4:8]}"

    def file_name(self, ending: str) -> str:
        """A name for the file that says nothing about anybody."""
        return f"packet-{self.short_id}.{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the one who prepares a packet writes on it. Each line has at most 200 characters.

    `in_camera`: it is for the judge alone; its terms say so first.
    """

    practice: str
    prepared_by: str
    name: str
    reference: str = ""
    in_camera: bool = False


def prepare(  # noqa: PLR0913 -- each is asked for by name, and none has a safe default
    permit: Permit,
    *,
    ask: Ask,
    packs: Packs,
    texts: Sequence[Text],
    cover: Cover,
    parts: Sequence[Part],
    blanks: Mapping[str, str],
    packet_id: bytes,
    at: datetime.datetime,
) -> Packet:
    """A packet of these parts, or `BadInput`.

    `permit` is the Answer to `ask` under `packs`. `blanks` fills the square brackets of the
    statements that the packs demand: name of the blank to its text. Refused are: a part of
    anything the Permit did not release, an empty packet, a blank unfilled or unknown, a statement
    of which it is not settled whether it is owed, and anything too long.
    """
    if not isinstance(permit, Permit):
        raise BadInput("permit", f"{kind_of(permit)} where a Permit is needed")
    if len(packet_id) != ID_BYTES:
        raise BadInput("packet_id", f"not {ID_BYTES} bytes")
    _check_moment("at", at)
    _check_cover(cover)
    _check_parts(permit, parts)
    kinds = ("judge_alone", "condition") if cover.in_camera else ("condition",)
    terms = [fitting(texts, kind, outcome=permit.outcome, ask=ask) for kind in kinds]
    packet = Packet(
        packet_id=packet_id,
        practice=cover.practice,
        prepared_at=at,
        prepared_by=cover.prepared_by,
        to=ask.to,
        name=cover.name,
        reference=cover.reference,
        purpose=ask.purpose,
        grounds=_grounds(permit, ask, packs),
        condition="\n\n".join(one.says.strip() for one in terms if one),
        statements=_statements(permit.duties, texts, blanks),
        scopes=tuple(sorted(permit.scopes.items())),
        parts=tuple(parts),
        in_camera=cover.in_camera,
        owed=permit.duties,
    )
    length = len(packet.condition) + sum(len(one.text) for one in packet.statements)
    if length > FIRST_PAGE_CHARACTERS_MAX:
        allowed = f"at most {FIRST_PAGE_CHARACTERS_MAX} characters; write less into the blanks"
        raise BadInput("statements", "too long for the first page", allowed)
    return packet


def _check_cover(cover: Cover) -> None:
    for key in ("practice", "prepared_by", "name"):
        if not getattr(cover, key).strip():
            raise BadInput(f"cover.{key}", "empty")
    for key in ("practice", "prepared_by", "name", "reference"):
        _check_line(f"cover.{key}", getattr(cover, key))


def _check_parts(permit: Permit, parts: Sequence[Part]) -> None:
    if not 0 < len(parts) <= PARTS_MAX:
        raise BadInput("parts", f"{len(parts)} of them", f"1 to {PARTS_MAX}")
    for index, part in enumerate(parts):
        place = f"parts[{index}]"
        if part.of_class not in CLASSES:
            raise BadInput(f"{place}.of_class", "no class of the record", one_of(CLASSES))
        if part.item not in permit.released:
            what = "a passage" if part.passage else CLASSES[part.of_class]
            raise BadInput(place, f"{what} was not released", "only what the Permit names may go")
        if len(part.entry_id) != ID_BYTES or part.version < 1:
            raise BadInput(place, "not an entry", f"an id of {ID_BYTES} bytes, a version from 1")
        _check_moment(f"{place}.written_at", part.written_at)
        _check_line(f"{place}.heading", part.heading)
        _check_line(f"{place}.author", part.author)
        _check_text(f"{place}.text", part.text, PART_CHARACTERS_MAX)
    if sum(len(part.text) for part in parts) > PACKET_CHARACTERS_MAX:
        raise BadInput("parts", "too long together", f"at most {PACKET_CHARACTERS_MAX} characters")


def _check_line(place: str, text: str) -> None:
    if len(text) > LINE_MAX or "\n" in text or "\r" in text:
        raise BadInput(place, "too long or of several lines", f"one line of {LINE_MAX} characters")
    _check_unicode(place, text)


def _check_text(place: str, text: str, characters_max: int) -> None:
    if not text.strip() or len(text) > characters_max:
        raise BadInput(place, "empty or too long", f"1 to {characters_max} characters")
    _check_unicode(place, text)


def _check_unicode(place: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput(place, "text that is not Unicode") from None


def _check_moment(place: str, at: datetime.datetime) -> None:
    if at.tzinfo is None:
        raise BadInput(place, "a time without its zone")


def _grounds(permit: Permit, ask: Ask, packs: Packs) -> tuple[Reason, ...]:
    """The grounds used, in the order of the Permit, each title with its citation once."""
    by_id = {one.ground.id: one.ground for one in packs.law(ask.packs).grounds}
    named = (by_id[ground] for ground in permit.grounds)
    return tuple(dict.fromkeys(Reason(title=one.title, cite=one.cite) for one in named))


def blanks_of(duties: Iterable[Owed], texts: Iterable[Text]) -> tuple[str, ...]:
    """The blanks of the statements that these duties demand of the recipient's copy, in order."""
    by_duty = {text.duty: text for text in texts if text.kind == "statement"}
    says = [by_duty[one.id].says for one in duties if one.id in by_duty and one.mode == "required"]
    return tuple(dict.fromkeys(name for text in says for name in _BLANK.findall(text)))


def _statements(
    duties: Iterable[Owed], texts: Iterable[Text], blanks: Mapping[str, str]
) -> tuple[Statement, ...]:
    """The statements that these duties demand of the recipient's copy, with their blanks filled."""
    by_duty = {text.duty: text for text in texts if text.kind == "statement"}
    owed = [one for one in duties if one.id in by_duty and one.mode == "required"]
    for one in owed:
        if not one.sure:
            raise BadInput(f"duty {one.id}", "not settled whether it is owed", "settle it first")
    demanded = [by_duty[one.id] for one in owed]
    known = {name for text in demanded for name in _BLANK.findall(text.says)}
    for name in blanks:
        if name not in known:
            raise BadInput(
                "blanks", "a blank that no statement here has", one_of(known or {"none"})
            )
    return tuple(
        Statement(duty=text.duty, cite=text.cite, text=_filled(text, blanks)) for text in demanded
    )


def _filled(text: Text, blanks: Mapping[str, str]) -> str:
    """The statement with each blank filled, once; what fills a blank is not searched for blanks."""

    def given(blank: re.Match[str]) -> str:
        name = blank[1]
        place = f"blanks.{name}"
        if name not in blanks:
            raise BadInput(place, "not filled", f"{text.cite} demands it")
        _check_text(place, blanks[name], FIRST_PAGE_CHARACTERS_MAX)
        return blanks[name].strip()

    return _BLANK.sub(given, text.says.strip())
