"""Who looked: the ledger of a client, each line as a sentence, and the proof to take home."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.gate.gathering import Wish
from angerona.gate.results import Receipt
from angerona.notices.paragraphs import day
from angerona.practice.joint_records import lines_for_party
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.answers import answered, stated
from angerona.web.own import client_id_of, kept_back
from angerona.web.own_choices import turned_on
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Page, Route, Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from angerona.practice.who_looked import Said
    from angerona.rules.compile import Packs
    from angerona.web.turn import Result

RECEIPT_NAME: Final = "receipt.txt"
_SIZE_DIGITS_MAX: Final = 18


@dataclass(frozen=True, slots=True)
class Row:
    """One line for the client: what was done, and the rules that let it, with their source."""

    said: Said
    rules: list[tuple[str, str]]


def who_looked(turn: Turn) -> Result:
    """Everything the ledger holds about a client, newest first."""
    head, facts = head_of(turn), stated(turn)
    found = turn.door.who_looked(turn.visit, head.client_id, facts=facts)
    if isinstance(found, AskFirst | Refuse):
        wish = Wish(wants=("ledger",), purpose="operations", facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    return Page("who_looked.html", {"head": head, "said": in_words(found, turn.zone)[::-1]})


def own_looks(turn: Turn) -> Result:
    """The same for the client, by day, with the rule that let each."""
    found = turn.door.who_looked(turn.visit, client_id_of(turn))
    if isinstance(found, AskFirst | Refuse):
        return kept_back(found)
    said = in_words(found, turn.zone)[::-1]
    says = {
        "days": list(by_day(said, turn.door.packs)),
        "many": len(said),
        "together": [
            list(by_day(in_words(lines, turn.zone)[::-1], turn.door.packs))
            for lines in lines_for_party(turn.door, turn.visit).values()
        ],
    }
    return Page("own_looks.html", says)


def by_day(said: Iterable[Said], packs: Packs) -> Iterator[tuple[str, list[Row]]]:
    """The lines under the day they were written, in the order given."""

    def written(one: Said) -> str:
        return day(one.at) if one.at else "Erased"

    for when, lines in groupby(said, key=written):
        yield when, [Row(one, _rules(one, packs)) for one in lines]


def _rules(said: Said, packs: Packs) -> list[tuple[str, str]]:
    """Title and source of each rule, as far as it is loaded here."""
    grounds = {one.id: one for pack in packs.packs.values() for one in pack.grounds}
    found = (grounds.get(one) for one in said.rules)
    return list(dict.fromkeys((one.title, one.cite) for one in found if one is not None))


def check(_turn: Turn) -> Result:
    """Where the client checks the list: on this page, or at home with a program of one file."""
    return Page("own_check.html", {})


def own_receipt(turn: Turn) -> Result:
    """The proof of who looked, for the client to check on a machine of his or her own.

    With `since`, the size of an older head, it proves that what stood there stands there still.
    """
    client_id = client_id_of(turn)
    since = _size(turn.form.text("since"))
    found = turn.door.receipt(turn.visit, client_id, facts={}, since=since)
    if not isinstance(found, Receipt):
        return kept_back(found)
    packet_id = found.prepared.written.event_id
    turn.door.handed_over(found.prepared, turn.at, how="downloaded", packet_id=packet_id)
    return Download(RECEIPT_NAME, "text/plain; charset=utf-8", found.text.encode())


def _size(given: str) -> int | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= _SIZE_DIGITS_MAX):
        raise BadInput("since", "is no size of an older proof", "a whole number")
    return int(given)


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/who-looked", do=who_looked, face=MEMBER),
    Route(method="POST", path="/clients/{client}/who-looked", do=who_looked, face=MEMBER),
    Route(method="GET", path="/me/who-looked", do=turned_on("looks", own_looks), face="client"),
    Route(method="GET", path="/me/check", do=turned_on("looks", check), face="client"),
    Route(
        method="POST",
        path="/me/receipt",
        do=turned_on("looks", own_receipt),
        face="client",
        step_up=True,
    ),
)
