"""The rights of one client: what is open, kept from whom and how long, to be told, and shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted
from angerona.gate.gathering import Wish
from angerona.practice.accounting import Account, account_of, suspend
from angerona.practice.duties import owed, tells_client
from angerona.practice.keeping_times import (
    in_a_sentence,
    must_stay,
    set_treatment_ended,
    still_running,
)
from angerona.practice.restrictions import end, restrictions_of
from angerona.practice.zones import FIRST, read_moment
from angerona.web.answers import answered, stated
from angerona.web.consent_words import day_of
from angerona.web.records import head_of
from angerona.web.rights import FROM_WHOM, PAPER, listed
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn

if TYPE_CHECKING:
    from angerona.sealed.duties import Duty
    from angerona.web.turn import Result


def of_client(turn: Turn, problem: BadInput | None = None) -> Page:
    """What one client asked for, what is kept from whom, and the account of what was shared."""
    head = head_of(turn)
    try:
        kept = restrictions_of(turn.visit, head.client_id)
    except NotPermitted:
        kept = []
    stays = still_running(must_stay(turn.door, turn.visit, head.client_id), turn.at)
    standing = turn.door.vault.authority(head.client_id).client.standing
    says = {
        "head": head,
        "rights": listed(turn, head.client_id),
        "restrictions": kept,
        "to_tell": _to_tell(turn, head.client_id),
        "keeps": [in_a_sentence(each, turn.zone) for each in stays],
        "ended": turn.form.text("ended") or standing.ended or "",
        "from_whom": FROM_WHOM,
        "problem": problem,
        "typed": turn.form,
    }
    return Page("rights.html", says, 422 if problem else 200)


def _to_tell(turn: Turn, client_id: bytes) -> list[tuple[str, Duty]]:
    """What is still to be told the client, or others of a correction, and where it is done."""
    about = f"/clients/{client_id.hex()}"
    return [
        (f"{about}/notices/{digits}" if tells_client(duty) else f"/deadlines#d{digits}", duty)
        for duty in (one.duty for one in owed(turn.visit))
        if duty.row.client_id == client_id and duty.row.duty["kind"] == "notice"
        for digits in (duty.duty_id.hex(),)
    ]


def account(turn: Turn) -> Result:
    """The account of what was shared, as a file for the client."""
    head = head_of(turn)
    facts = {**stated(turn), "recipient.identity_verified": True}
    found_ = account_of(turn.door, turn.visit, head.client_id, facts=facts)
    if not isinstance(found_, Account):
        wish = Wish(wants=("ledger",), purpose="client_request", facts=facts)
        return answered(turn, head.client_id, wish, found_, head=head)
    return account_file(found_, turn.form.choice("form", ("pdf", "csv"), default="pdf"))


def account_file(found_: Account, form: str) -> Download:
    """An account as a file to keep, under a name that tells nothing."""
    if form == "csv":
        return Download("account.csv", "text/csv; charset=utf-8", found_.as_csv())
    return Download("account.pdf", "application/pdf", found_.as_pages(paper=PAPER))


def end_restriction(turn: Turn) -> Result:
    """End what is kept from somebody, as the client said."""
    head = head_of(turn)
    end(turn.visit, head.client_id, turn.id_of("restriction"))
    return Moved(f"/clients/{head.client_id.hex()}/rights", done="restriction-ended")


def suspend_account(turn: Turn) -> Result:
    """Leave somebody out of the account, because a lawful hold says so."""
    head, form = head_of(turn), turn.form
    suspend(
        turn.visit,
        head.client_id,
        to=form.choice("to", FROM_WHOM),
        recipient=form.text("recipient"),
        until=read_moment("until", f"{form.text('until')}T23:59", turn.zone, which=FIRST),
        is_oral=form.text("oral") == "yes",
    )
    return Moved(f"/clients/{head.client_id.hex()}/rights", done="kept")


def treatment_ended(turn: Turn) -> Result:
    """Put down on which day the treatment ended; nothing takes it off."""
    head = head_of(turn)
    ended = day_of(turn.form.text("ended"), "ended", default=None)
    set_treatment_ended(turn.visit, head.client_id, ended)
    return Moved(f"/clients/{head.client_id.hex()}/rights", done="kept")


ROUTES: Final = (
    Route(method="GET", path="/clients/{client}/rights", do=of_client, face=MEMBER),
    Route(
        method="POST",
        path="/clients/{client}/rights/account",
        do=account,
        face=MEMBER,
        again=of_client,
    ),
    Route(
        method="POST",
        path="/clients/{client}/rights/suspend",
        do=suspend_account,
        face="officer",
        again=of_client,
    ),
    Route(
        method="POST",
        path="/clients/{client}/rights/ended",
        do=treatment_ended,
        face=MEMBER,
        again=of_client,
    ),
    Route(
        method="POST",
        path="/clients/{client}/restrictions/{restriction}/end",
        do=end_restriction,
        face=MEMBER,
        again=of_client,
        step_up=True,
    ),
)
