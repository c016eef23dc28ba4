"""Who looked: the ledger of a client, each line as a sentence, and the proof to take home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.gate.gathering import Wish
from angerona.gate.results import Receipt
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.answers import answered, stated
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.web.turn import Result

RECEIPT_NAME: Final = "receipt.txt"


def who_looked(turn: Turn) -> Result:
    """Everything the ledger holds about a client, newest first."""
    head, facts = head_of(turn), stated(turn)
    found = turn.door.who_looked(turn.visit, head.client_id, facts=facts)
    if isinstance(found, AskFirst | Refuse):
        wish = Wish(wants=("ledger",), purpose="operations", facts=facts)
        return answered(turn, head.client_id, wish, found, head=head)
    return Page("who_looked.html", {"head": head, "said": in_words(found)[::-1]})


def own_looks(turn: Turn) -> Result:
    """The same for the client."""
    client_id = turn.person.row.client_id or b""
    found = turn.door.who_looked(turn.visit, client_id)
    if isinstance(found, AskFirst | Refuse):
        wish = Wish(wants=("ledger",), purpose="client_request", to="client")
        return answered(turn, client_id, wish, found)
    return Page("own_looks.html", {"said": in_words(found)[::-1]})


def own_receipt(turn: Turn) -> Result:
    """The proof of who looked, for the client to check on a machine of his or her own."""
    client_id = turn.person.row.client_id or b""
    found = turn.door.receipt(turn.visit, client_id, facts={}, since=None)
    if not isinstance(found, Receipt):
        wish = Wish(wants=("ledger",), purpose="client_request", to="client")
        return answered(turn, client_id, wish, found)
    packet_id = found.prepared.written.event_id
    turn.door.handed_over(found.prepared, turn.at, how="downloaded", packet_id=packet_id)
    return Download(RECEIPT_NAME, "text/plain; charset=utf-8", found.text.encode())


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/who-looked", do=who_looked, face=MEMBER),
    Route(method="POST", path="/clients/{client}/who-looked", do=who_looked, face=MEMBER),
    Route(method="GET", path="/me/who-looked", do=own_looks, face="client"),
    Route(method="POST", path="/me/receipt", do=own_receipt, face="client"),
)
