"""Lists of clients: which column says what, and the rows as people to be enrolled.

Columns are matched by their names, and whoever brings the list may say otherwise; a column that
nobody placed is never dropped unasked. A row that cannot be told apart from an earlier one, or that
does not fit, is rejected by its line and a reason, so that no row is lost and nobody is made twice.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, one_of
from angerona.practice.caseload import BORN
from angerona.practice.clients import CONTACT_CHARACTERS_MAX, NAME_CHARACTERS_MAX, NewClient
from angerona.practice.contact import ADDRESS_OF, CHANNELS, WORDS_MAX, NewContact, reachable
from angerona.practice.importing_notes import YEAR_LEAST
from angerona.practice.importing_rows import PLACE, Rejected, Row, Wrong, plain_line
from angerona.sealed.rows import OwnChoices, Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from angerona.practice.importing_rows import Table

MEANINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "Name",
        "first": "First name",
        "last": "Last name",
        "born": "Date of birth",
        "phone": "Phone number",
        "mail": "E-mail address",
        "address": "Postal address",
        "may_phone": "May be called (yes or no)",
        "may_text": "May be sent text messages (yes or no)",
        "may_mail": "May be sent e-mail (yes or no)",
        "may_post": "May be sent letters (yes or no)",
        "never": "What must never be done",
        "code_word": "Code word",
    }
)
"""What a column can say."""
LEFT_OUT: Final = ""
"""The meaning of a column that is not brought in, because somebody said so."""
DATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ymd": "1990-05-17: year, month, day",
        "dmy": "17.05.1990: day, month, year",
        "mdy": "05/17/1990: month, day, year",
    }
)
"""The ways in which days of birth are written."""
_CALLED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "name": "name|client|clientname|fullname|patient|patientname",
        "first": "first|firstname|givenname|forename",
        "last": "last|lastname|surname|familyname",
        "born": "born|birth|birthday|birthdate|dateofbirth|dob",
        "phone": "phone|phonenumber|telephone|tel|mobile|mobilephone|cell|cellphone",
        "mail": "mail|email|emailaddress|mailaddress",
        "address": "address|postaladdress|homeaddress",
        "may_phone": "mayphone|maycall|oktocall|maybecalled",
        "may_text": "maytext|oktotext|maysms",
        "may_mail": "maymail|mayemail|oktoemail",
        "may_post": "maypost|mayletter|oktowrite",
        "never": "never|donot|nevercontact",
        "code_word": "codeword",
    }
)
_MEANING_OF: Final = {
    called: meaning for meaning, names in _CALLED.items() for called in names.split("|")
}
_YES: Final = frozenset({"yes", "y", "true", "1", "ok", "x"})
_NO: Final = frozenset({"no", "n", "false", "0"})
_DAY: Final = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})\Z", re.ASCII)


@dataclass(frozen=True, slots=True, repr=False)
class Listed:
    """One row of a list: the line it begins on, and who stands there."""

    line: int
    who: NewClient


def matched(columns: Iterable[str]) -> dict[str, str]:
    """What each column says by its own name; nothing (`LEFT_OUT`) for one that is not known."""
    found: dict[str, str] = {}
    for column in columns:
        meaning = _MEANING_OF.get("".join(one for one in column.casefold() if one.isalnum()), "")
        found[column] = LEFT_OUT if meaning in found.values() else meaning
    return found


def ways_written(days: Iterable[str]) -> tuple[str, ...]:
    """In which of the ways (`DATES`) most of these days can be read: one, several, or none."""
    given = [day for day in days if day.strip()]
    read = {way: sum(_day(day, way) is not None for day in given) for way in DATES}
    most = max(read.values())
    return tuple(way for way in DATES if most and read[way] == most)


def clients_of(
    table: Table, columns: Mapping[str, str], *, dates: str = "ymd"
) -> Iterator[Listed | Rejected]:
    """The people of a list, by what each of its columns says and how its days are written.

    Raises `BadInput` where a column has no place, a meaning is given twice, or no column says a
    name.
    """
    _check(table.columns, columns)
    if dates not in DATES:
        raise BadInput("dates", "are written in none of the ways", one_of(DATES, dates))
    return _each(table.rows, columns, dates)


def _check(there: Sequence[str], columns: Mapping[str, str]) -> None:
    if not there:
        raise BadInput(PLACE, "is no list with a line of column names", "CSV in UTF-8")
    for number, column in enumerate(there, 1):
        if column not in columns:
            raise BadInput(f"column {number}", "would be lost", "say what it is, or leave it out")
        if columns[column] not in {*MEANINGS, LEFT_OUT}:
            raise BadInput(f"column {number}", "is placed nowhere", one_of(MEANINGS))
    said = [columns[column] for column in there if columns[column]]
    if twice := next((one for one in said if said.count(one) > 1), ""):
        raise BadInput("columns", f"two of them say “{MEANINGS[twice]}”", "each once")
    if "name" not in said and not {"first", "last"} & set(said):
        raise BadInput("columns", "none of them says a name", "a column for it")
    if "name" in said and {"first", "last"} & set(said):
        raise BadInput("columns", "two of them say a name", "the whole name, or its parts")


def _each(
    rows: Iterable[Row | Rejected], columns: Mapping[str, str], dates: str
) -> Iterator[Listed | Rejected]:
    seen: dict[str, dict[str, int]] = {}
    for row in rows:
        if isinstance(row, Rejected):
            yield row
            continue
        try:
            who = _who(row, columns, dates)
        except Wrong as wrong:
            yield Rejected(row.line, str(wrong))
            continue
        born = who.contact.get(BORN, "")
        days = seen.setdefault(who.name.casefold(), {})
        if (line := _same(days, born)) is not None:
            yield Rejected(row.line, f"cannot be told apart from line {line}; give days of birth")
            continue
        days[born] = row.line
        yield Listed(row.line, who)


def _same(days: Mapping[str, int], born: str) -> int | None:
    """The earlier line of the same name that may be the same person."""
    if born in days:
        return days[born]
    if not born and days:
        return next(iter(days.values()))
    return days.get("")


def _who(row: Row, columns: Mapping[str, str], dates: str) -> NewClient:
    said = {meaning: row.fields[column] for column, meaning in columns.items() if meaning}
    parts = (said.get(one, "") for one in ("name", "first", "last"))
    name = plain_line("name", " ".join(parts), NAME_CHARACTERS_MAX)
    contact = {
        one: plain_line(says, said.get(one, ""), CONTACT_CHARACTERS_MAX, empty=True)
        for one, says in MEANINGS.items()
        if one in ADDRESS_OF.values()
    }
    if said.get("born", "").strip():
        contact[BORN] = _born(said["born"], dates)
    return NewClient(
        name=name,
        contact={one: text for one, text in contact.items() if text},
        own=reachable(OwnChoices(), _reached(said)),
    )


def _reached(said: Mapping[str, str]) -> NewContact:
    answers = {one: said.get(f"may_{one}", "").strip().casefold() for one in CHANNELS}
    for one, answer in answers.items():
        if answer and answer not in _YES | _NO:
            raise Wrong(f"“{MEANINGS[f'may_{one}']}” is neither yes nor no")
    is_said = any(answers.values())
    return NewContact(
        ways={one: Way(allowed=answers[one] in _YES) for one in CHANNELS} if is_said else {},
        addresses={},
        code_word=plain_line("code word", said.get("code_word", ""), WORDS_MAX, empty=True),
        never=plain_line("never", said.get("never", ""), WORDS_MAX, empty=True),
    )


def _born(given: str, dates: str) -> str:
    day = _day(given, dates)
    if day is None or day.year < YEAR_LEAST:
        raise Wrong(f"date of birth is not written as in {DATES[dates].partition(':')[0]}")
    return day.isoformat()


def _day(given: str, way: str) -> datetime.date | None:
    found = _DAY.match(given.strip())
    if found is None:
        return None
    parts = dict(zip(way, found.groups(), strict=True))
    if len(parts["y"]) != len("1990"):
        return None
    try:
        return datetime.date(int(parts["y"]), int(parts["m"]), int(parts["d"]))
    except ValueError:
        return None
