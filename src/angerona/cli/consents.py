"""`angerona consent add`, `list`, `receipt` and `revoke`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from angerona.cli.entrance import inside
from angerona.cli.files import ASK_LIMIT, read_json
from angerona.cli.out_files import checked_target, write_out
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.errors import BadAsk, Unknown, kind_of
from angerona.practice.caseload import client_of, short_id
from angerona.practice.consent_forms import missing
from angerona.practice.consent_papers import consent_receipt, receipt_json, receipt_pages
from angerona.practice.consent_states import state_of
from angerona.practice.consents import (
    bring_consent,
    contradicted_document,
    listed_consents,
    take_back_consent,
)
from angerona.rules.because import listed
from angerona.words import CLASSES, EVERYTHING, PURPOSES, RECIPIENTS, SIGNERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from angerona.cli.entrance import Entry, Inside
    from angerona.practice.consent_states import State
    from angerona.practice.contradictions import Contradiction
    from angerona.rules.compile import Packs
    from angerona.sealed.authority import Authority
    from angerona.sealed.vault import Visit

_ALL: Final = {EVERYTHING: "everything but what must be named"}


def add(entry: Entry, client: str, file: str, *, despite: list[str]) -> None:
    """Put the consent in a file on file (docs/LANGUAGE.md section 6), if it fits.

    What does not fit is said, and nothing is kept until `despite` names all of it.
    """
    document = read_json(file, ASK_LIMIT)
    if not isinstance(document, dict):
        raise BadAsk("consent", f"{kind_of(document)} where a table is needed")
    with inside(entry) as here:
        client_id, packs = client_of(here.now(), client), here.door.packs
        found = contradicted_document(here.now(), packs, client_id, document)
        _say_what_does_not_fit(found, despite)
        consent_id = bring_consent(here.now(), packs, client_id, document, despite=despite)
        ids = here.door.vault.practice().row.packs
        lacks = missing(packs, ids, document)
    page = Page()
    page.paragraph(f"On file as {short_id(consent_id)}: {_said(document)}")
    for one in lacks:
        page.paragraph(f"Under {one.cite} nothing goes on it until it has what is missing:")
        for element in one.elements:
            page.item(element.ask, "- ")
    page.paragraph("Whether it is enough is asked anew each time something is to leave.")
    say_styled(page.lines(width_now()))


def _say_what_does_not_fit(found: Sequence[Contradiction], despite: list[str]) -> None:
    if not found or ({one.what for one in found} <= set(despite) and not found[0].bars):
        return
    page = Page()
    page.paragraph("This does not fit:")
    for one in found:
        page.item(f"{one.says} {one.mend}".strip(), f"{'barred' if one.bars else one.what}  ")
    if not found[0].bars:
        words = " ".join(f"--despite {one}" for one in dict.fromkeys(one.what for one in found))
        page.paragraph(f"If it is to be kept all the same: {words}")
    say_styled(page.lines(width_now()))


def list_all(entry: Entry, client: str) -> None:
    """The consents of a client, newest last, with the state they are in today."""
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        listed_consents(visit, client_id)  # with its line, or not at all
        page = Page()
        add_consents(page, visit, here.door.packs, here.door.vault.authority(client_id))
    say_styled(page.lines(width_now()))


def add_consents(page: Page, visit: Visit, packs: Packs, authority: Authority) -> None:
    """Put a client's consents on a page, oldest first, each with its state today."""
    found = sorted(authority.consents.items(), key=lambda one: (one[1].kept, one[0]))
    for consent_id, row in found:
        document = json.loads(row.document)
        state = _state(document, state_of(visit, packs, authority, row))
        page.item(f"{state}. {_said(document)}", f"{short_id(consent_id)}  ", indent=0)
    if not found:
        page.paragraph("No consent is on file.")


def receipt(entry: Entry, client: str, consent: str, out: str, *, force: bool) -> None:
    """Write the receipt of a consent: as PDF, or as JSON where the file is called so."""
    target = checked_target(out, force=force)
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        consent_id = _named(here, client_id, consent)
        found = consent_receipt(visit, here.door.packs, client_id, consent_id)
        if target.suffix == ".json":
            data = receipt_json(found)
        else:
            data = receipt_pages(found, at=here.practice.local(visit.at), paper="a4")
    write_out(target, data, force=force)
    page = Page()
    page.paragraph("Written.")
    say_styled(page.lines(width_now()))


def revoke(entry: Entry, client: str, consent: str, *, tell: bool) -> None:
    """Take a consent back, with effect at once."""
    with inside(entry) as here:
        visit = here.now()
        client_id = client_of(visit, client)
        consent_id = _named(here, client_id, consent)
        relied = take_back_consent(visit, client_id, consent_id, tell=tell)
    page = Page()
    page.paragraph("Taken back. From now on nothing leaves on it.")
    if relied and tell:
        whom = listed(dict.fromkeys(one.whom for one in relied))
        page.paragraph(f"To be told, in two days at most: {whom}. It stands among what is owed.")
    elif relied:
        page.paragraph("Nobody is told who was given something on it, as the client wishes.")
    say_styled(page.lines(width_now()))


def _named(here: Inside, client_id: bytes, consent: str) -> bytes:
    """The consent that some first digits of its id name. Raises `Unknown`."""
    digits = consent.strip().replace("-", "").lower()
    known = here.door.vault.authority(client_id).consents
    fitting = [one for one in known if digits and one.hex().startswith(digits)]
    if len(fitting) != 1:
        raise Unknown
    return fitting[0]


def _said(document: dict[str, Any]) -> str:
    """A consent in a sentence. Its words are known: it was read strictly before it was kept."""
    classes = [{**CLASSES, **_ALL}[one] for one in document["classes"]]
    to, purposes = ([said[one] for one in document[key]] for key, said in _NAMED)
    return (
        f"{listed(classes or ['nothing'])}, to {listed(to or ['nobody'])}, "
        f"for {listed(purposes or ['nothing'])}; signed by {SIGNERS[document['by']]}."
    )


_NAMED: Final = (("to", RECIPIENTS), ("purposes", PURPOSES))


def _state(document: dict[str, Any], state: State) -> str:
    """As the rules count: the last day still counts, the day of the revocation no more."""
    if state.ended == "over":
        return f"Over since {document['until']}"
    if state.ended:
        return f"{state.ended.capitalize()} on {document['revoked']}"
    if state.void:
        return f"Opens nothing: {state.void}"
    if state.is_to_come:
        return f"From {document['from']} on"
    return f"In force until {document['until']}" if document.get("until") else "In force"
