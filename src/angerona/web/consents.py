"""Consents of a client, for the practice: signed here or on paper, narrowed, taken back, proved."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept
from angerona.notices.letters import Letterhead, draft, fitting_letters, set_letter
from angerona.notices.typesetting import is_installed
from angerona.packs.texts import Occasion, load_texts
from angerona.practice.consent_forms import Terms, asked_of_paper, demanded, form_for
from angerona.practice.consent_papers import (
    consent_receipt,
    printed_form,
    receipt_json,
    receipt_pages,
)
from angerona.practice.consents import (
    affirm_elements,
    check_seen,
    contradicted,
    decide_telling,
    listed_consents,
    narrow_consent,
    refuse_consent,
    sign_consent,
    take_back_consent,
)
from angerona.practice.contradictions import Signing, on_the_screen
from angerona.practice.documents import DOCUMENT_BYTES_MAX, TAKEN, keep_document
from angerona.practice.relying import told_in
from angerona.practice.representatives import ages_of
from angerona.rules.ask import CLASSES_OR_EVERYTHING
from angerona.sealed.rows import Signed
from angerona.sealed.standing import SIGNS_AS, STANDINGS
from angerona.web.answers import answered, as_kept, stated
from angerona.web.choices import Fixed
from angerona.web.consent_words import day_of, signed_here, yes_of
from angerona.web.records import head_of
from angerona.web.turn import MEMBER, Download, Moved, Page, Route, Turn, read_id
from angerona.words import CLASSES, EVERYTHING, PURPOSES, RECIPIENTS, SIGNERS

if TYPE_CHECKING:
    import datetime

    from angerona.practice.consent_forms import Form
    from angerona.practice.contradictions import Contradiction
    from angerona.sealed.rows import ConsentRow
    from angerona.web.consent_words import Yes
    from angerona.web.records import Head
    from angerona.web.turn import Result

HOW: Final = {
    "screen": "On this screen, now",
    "print": "On paper: print the form",
    "paper": "On paper: it is signed, and I have a scan",
    "refused": "Not at all: the client says no",
}
"""What is to be done with the terms of a yes."""
TO: Final = Fixed(
    {one: says for one, says in RECIPIENTS.items() if one not in {"workforce", "client"}}
)
WHAT_FOR: Final = Fixed(PURPOSES)
SHAREABLE: Final = {
    EVERYTHING: "everything but what must be named",
    **{one: says for one, says in CLASSES.items() if one != "ledger"},
}
SCAN: Final = "correspondence"
"""The class in which a signed paper is kept."""
PAPER: Final = "a4"
LETTER: Final = "consent_ended"
_AUTHORITY: Final = "signer_authority"
_NO_LETTER: Final = "no text for this is loaded"


def consents(turn: Turn) -> Page:
    """What may go to whom now, what no longer, and which noes were written down."""
    head = head_of(turn)
    found = [
        yes_of(turn, head.client_id, one, row)
        for one, row in listed_consents(turn.visit, head.client_id)[::-1]
    ]
    says = {
        "head": head,
        "now": [one for one in found if one.is_open],
        "ended": [one for one in found if not one.is_open],
        "may": "treating" in head.relations,
    }
    return Page("consents.html", says)


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The terms of a yes: who gets what, what for, how long, who signs, and how."""
    head, form = _treated(turn), turn.form
    names = ("to", "recipient", "purpose", "from", "until", "by", "how")
    says = {
        "head": head,
        "recipients": TO,
        "purposes": WHAT_FOR,
        "shareable": SHAREABLE,
        "signers": _signers(turn, head),
        "how": HOW,
        "typed": {one: form.text(one) for one in names},
        "ticked": form.several("classes"),
        "today": turn.local.date().isoformat(),
        "problem": problem,
    }
    return Page("consent_new.html", says, 422 if problem else 200)


def fill_in(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form for the terms that were chosen, with whatever contradicts a yes to them.

    Shown anew where something is wrong with it, with every tick; `change` leads back to the terms.
    """
    if turn.form.text("change") == "yes":
        return new(turn)
    head, terms = _treated(turn), terms_of(turn)
    how = turn.form.choice("how", HOW)
    form = _form(turn, head, terms)
    is_first = problem is None
    fields = {
        "to": terms.to,
        "recipient": terms.recipient,
        "purpose": terms.purpose,
        "from": terms.starts.isoformat(),
        "until": terms.until.isoformat() if terms.until else "",
        "by": terms.signer.hex() or terms.by,
        "how": how,
    }
    says = {
        "head": head,
        "how": how,
        "form": form,
        "paper": asked_of_paper(turn.door.packs, _ids(turn), terms),
        "against_it": _against(turn, head, form, is_first=is_first),
        "fields": fields,
        "classes": terms.classes,
        "signer": SIGNERS[terms.by],
        "shows": terms.by == "representative" and not terms.signer,
        "typed": {one: turn.form.text(one) for one in ("name", "authority")},
        "ticked": turn.form.several("said"),
        "can_print": is_installed(),
        "taken": tuple(TAKEN.values()),
        "most": DOCUMENT_BYTES_MAX // 1_000_000,
        "problem": problem,
    }
    return Page("consent_form.html", says, 422 if problem else 200)


def terms_of(turn: Turn) -> Terms:
    """The terms that a form names. Raises `BadInput` for words on no list."""
    form, today = turn.form, turn.local.date()
    given = form.several("classes")
    if not given or set(given) - CLASSES_OR_EVERYTHING:
        raise BadInput("what may go", "is not said", "one kind at least")
    by, signer = _signer(turn)
    return Terms(
        by=by,
        signer=signer,
        classes=tuple(one for one in SHAREABLE if one in given),
        to=form.choice("to", TO, says="who may get it"),
        purpose=form.choice("purpose", PURPOSES, says="what for"),
        recipient=form.text("recipient")[:200],
        starts=day_of(form.text("from"), "from", default=today) or today,
        until=day_of(form.text("until"), "until", default=None),
    )


def signed(turn: Turn) -> Result:
    """Keep what was signed on this screen."""
    head, terms = _treated(turn), terms_of(turn)
    signing, told = signed_here(turn, _form(turn, head, terms), way="screen")
    consent_id = sign_consent(turn.visit, turn.door.packs, head.client_id, signing, told)
    return Moved(f"{_at(head, consent_id)}/thanks", done="consent")


def thanks(turn: Turn) -> Page:
    """What whoever signed sees: that it is on file, and nothing of what it is worth here."""
    head, consent_id = _treated(turn), turn.id_of("consent")
    return Page("consent_thanks.html", {"head": head, "go_on": _at(head, consent_id)})


def printed(turn: Turn) -> Result:
    """The form on paper, to be signed by hand."""
    head, terms = _treated(turn), terms_of(turn)
    pdf = printed_form(
        _form(turn, head, terms),
        practice=turn.house.title,
        client=_name(turn, head),
        at=turn.local,
        paper=PAPER,
    )
    return Download("form.pdf", "application/pdf", pdf)


def on_paper(turn: Turn) -> Result:
    """Keep the scan of a signed paper, and what the paper says, bound to it."""
    head, terms, form = _treated(turn), terms_of(turn), turn.form
    upload = form.file("file")
    if upload is None:
        raise BadInput("file", "is missing", "the scan of the signed paper")
    signing = _of_paper(turn, terms, form.several("said"))
    seen = form.several("despite") if form.text("known") == "yes" else ()
    packs, client_id = turn.door.packs, head.client_id
    check_seen(contradicted(turn.visit, packs, client_id, signing), seen)
    scan = Draft(
        wanted=SCAN, heading="A signed consent", file_name=upload.name, text="", facts=stated(turn)
    )
    kept = keep_document(turn.door, turn.visit, client_id, scan, upload.data)
    if not isinstance(kept, Kept):
        return answered(turn, client_id, as_kept(scan), kept, head=head)
    told = Signed(
        way="paper",
        name=form.text("name"),
        recipient=terms.recipient,
        forms=tuple(one.id for one in demanded(packs, _ids(turn), terms.classes)),
        despite=seen,
        entry_id=kept.entry_id,
    )
    consent_id = sign_consent(turn.visit, packs, client_id, signing, told)
    return _to(head, consent_id, done="consent")


def refused(turn: Turn) -> Result:
    """Write down that the client says no."""
    head = _treated(turn)
    name = turn.form.text("name")
    consent_id = refuse_consent(turn.visit, head.client_id, terms_of(turn), name=name)
    return _to(head, consent_id, done="a-no")


def consent(turn: Turn, problem: BadInput | None = None) -> Page:
    """One consent: what it covers, what it lacks, what went out on it, how it ends."""
    head = head_of(turn)
    one, _ = _one(turn, head)
    says = {
        "head": head,
        "one": one,
        "may": "treating" in head.relations,
        "can_print": is_installed(),
        "problem": problem,
    }
    return Page("consent.html", says, 422 if problem else 200)


def narrowed(turn: Turn) -> Result:
    """Leave less in a consent, as the client says."""
    head, form = _treated(turn), turn.form
    until = day_of(form.text("until"), "until", default=None)
    classes, consent_id = form.several("classes"), turn.id_of("consent")
    narrow_consent(
        turn.visit, head.client_id, consent_id, classes=classes, until=until, tell=_tells(turn)
    )
    return _to(head, consent_id, done="narrowed")


def taken_back(turn: Turn) -> Result:
    """Take a consent back, as the client says; it ends now."""
    head, consent_id = _treated(turn), turn.id_of("consent")
    take_back_consent(turn.visit, head.client_id, consent_id, tell=_tells(turn))
    return _to(head, consent_id, done="taken-back")


def telling(turn: Turn) -> Result:
    """Decide anew, as the client says, whether those who rely on it are told."""
    head, consent_id = _treated(turn), turn.id_of("consent")
    tell = turn.form.choice("tell", ("yes", "no")) == "yes"
    decide_telling(turn.visit, head.client_id, consent_id, tell=tell)
    return _to(head, consent_id, done="telling-decided")


def affirmed(turn: Turn) -> Result:
    """Answer what the packs ask of the practice."""
    head, consent_id = _treated(turn), turn.id_of("consent")
    keys = turn.form.several("said")
    affirm_elements(turn.visit, turn.door.packs, head.client_id, consent_id, keys)
    return _to(head, consent_id, done="kept")


def receipt(turn: Turn) -> Result:
    """The receipt of a consent, for the client to take home."""
    return receipt_of(turn, head_of(turn).client_id)


def receipt_of(turn: Turn, client_id: bytes) -> Download:
    """The receipt as a file, on pages or as data."""
    found = consent_receipt(turn.visit, turn.door.packs, client_id, turn.id_of("consent"))
    if turn.form.choice("as", ("pdf", "json")) == "json":
        return Download("receipt.json", "application/json", receipt_json(found))
    pages = receipt_pages(found, at=turn.local, paper=PAPER)
    return Download("receipt.pdf", "application/pdf", pages)


def letter(turn: Turn, problem: BadInput | None = None) -> Page:
    """The letter to one who relies on a consent that ended, to be read and changed."""
    head = _treated(turn)
    one, row = _one(turn, head)
    event_id = read_id(turn.given.get("line", ""))
    whom, values = told_in(turn.visit, one.relied, event_id, ended=_ended_on(row))
    texts = fitting_letters(load_texts(), LETTER, Occasion(packs=_ids(turn)))
    if not texts:
        raise BadInput("letter", _NO_LETTER, "write to them by hand")
    says = {
        "head": head,
        "one": one,
        "whom": whom,
        "heading": texts[0].title,
        "text": turn.form.text("text") or draft(texts[0], values).text,
        "problem": problem,
    }
    return Page("consent_letter.html", says, 422 if problem else 200)


def letter_file(turn: Turn) -> Result:
    """The letter as it was read, as PDF."""
    head = _treated(turn)
    one, row = _one(turn, head)
    event_id = read_id(turn.given.get("line", ""))
    whom, _ = told_in(turn.visit, one.relied, event_id, ended=_ended_on(row))
    texts = fitting_letters(load_texts(), LETTER, Occasion(packs=_ids(turn)))
    if not texts:
        raise BadInput("letter", _NO_LETTER, "write to them by hand")
    pdf = set_letter(
        texts[0],
        turn.form.text("text"),
        head=Letterhead(practice=turn.house.title, to=whom),
        at=turn.local,
        paper=PAPER,
    )
    return Download("letter.pdf", "application/pdf", pdf)


def _treated(turn: Turn) -> Head:
    """The head of a client whom whoever is signed in treats. Raises `NotPermitted`."""
    head = head_of(turn)
    if "treating" not in head.relations:
        raise NotPermitted
    return head


def _one(turn: Turn, head: Head) -> tuple[Yes, ConsentRow]:
    consent_id = turn.id_of("consent")
    row = dict(listed_consents(turn.visit, head.client_id)).get(consent_id)
    if row is None:
        raise Unknown
    return yes_of(turn, head.client_id, consent_id, row), row


def _ended_on(row: ConsentRow) -> datetime.date:
    """The day on which it ended, or was last narrowed. Raises `Unknown` where it did neither."""
    said = json.loads(row.document)
    when = said["revoked"] or max(row.left_out.values(), default="")
    found = day_of(when, "day", default=None)
    if found is None:
        raise Unknown
    return found


def _signers(turn: Turn, head: Head) -> dict[str, str]:
    """Who may sign: each party of a joint record; else the client, and who stands on file today."""
    vault, packs = turn.door.vault, turn.door.packs
    client = vault.authority(head.client_id).client
    if client.parties:
        return {one.client_id.hex(): one.known_as for one in client.parties}
    standing = client.standing
    day, ages = turn.local.date(), ages_of(vault, packs)
    on_file = {
        one.hex(): f"{row.name} ({STANDINGS[row.standing]})"
        for one, row in standing.representatives.items()
        if standing.stands(one, "consent", day, ages)
    }
    return {**SIGNERS, **on_file}


def _signer(turn: Turn) -> tuple[str, bytes]:
    """As what somebody signs, and the id of who is on file. Raises `BadInput`."""
    by = turn.form.text("by") or "client"
    client = turn.door.vault.authority(turn.id_of("client")).client
    for party in client.parties:
        if party.client_id.hex() == by:
            return "client", party.client_id
    if by in SIGNERS and not client.parties:
        return by, b""
    for one, row in client.standing.representatives.items():
        if one.hex() == by:
            return SIGNS_AS[row.standing], one
    raise BadInput("who signs", "is none of the choices", "one of those listed")


def _ids(turn: Turn) -> tuple[str, ...]:
    return turn.door.vault.practice().row.packs


def _name(turn: Turn, head: Head) -> str:
    return turn.door.vault.authority(head.client_id).client.name


def _form(turn: Turn, head: Head, terms: Terms) -> Form:
    return form_for(
        turn.door.packs,
        _ids(turn),
        terms,
        practice=turn.house.title,
        client=_name(turn, head),
    )


def _of_paper(turn: Turn, terms: Terms, ticked: tuple[str, ...]) -> Signing:
    asked = asked_of_paper(turn.door.packs, _ids(turn), terms)
    elements = {one.key: one.key in ticked for one in asked}
    if terms.signer:
        elements[_AUTHORITY] = True  # somebody saw it, and it is on file
    return Signing(terms=terms, elements=elements, at=turn.at)


def _against(turn: Turn, head: Head, form: Form, *, is_first: bool) -> list[Contradiction]:
    """What does not fit; a form that nobody has filled in yet lacks no element."""
    how = turn.form.text("how")
    ticked: tuple[str, ...] = turn.form.several("said")
    if is_first:
        ids = (one.id for one in form.sentences)
        keys = (one.key for one in asked_of_paper(turn.door.packs, _ids(turn), form.terms))
        ticked = (*ids, *keys, *(one.key for one in form.asked))
    if how == "paper":
        signing = _of_paper(turn, form.terms, ticked)
    else:
        signing = Signing(
            terms=form.terms,
            elements=form.elements(ticked),
            at=turn.at,
            is_on_screen=how == "screen",
        )
    if how == "refused":
        return []
    found = contradicted(turn.visit, turn.door.packs, head.client_id, signing)
    return on_the_screen(found, form.terms.by) if signing.is_on_screen else found


def _tells(turn: Turn) -> bool:
    """Whether those who rely on it are to be told."""
    return turn.form.text("untold") != "yes"


def _to(head: Head, consent_id: bytes, *, done: str) -> Moved:
    return Moved(_at(head, consent_id), done=done)


def _at(head: Head, consent_id: bytes) -> str:
    return f"/clients/{head.client_id.hex()}/consents/{consent_id.hex()}"


_ALL: Final = "/clients/{client}/consents"
_ONE: Final = f"{_ALL}/{{consent}}"
_LETTER: Final = f"{_ONE}/letters/{{line}}"
ROUTES: Final = (
    Route(method="GET", path=_ALL, do=consents, face=MEMBER),
    Route(method="GET", path=f"{_ALL}/new", do=new, face="clinic"),
    Route(method="POST", path=f"{_ALL}/form", do=fill_in, face="clinic", again=new),
    Route(
        method="POST", path=f"{_ALL}/signed", do=signed, face="clinic", again=fill_in, step_up=True
    ),
    Route(method="POST", path=f"{_ALL}/printed", do=printed, face="clinic", again=fill_in),
    Route(
        method="POST",
        path=f"{_ALL}/paper",
        do=on_paper,
        face="clinic",
        again=fill_in,
        file_bytes_max=DOCUMENT_BYTES_MAX,
        step_up=True,
    ),
    Route(method="POST", path=f"{_ALL}/refused", do=refused, face="clinic", again=fill_in),
    Route(method="GET", path=_ONE, do=consent, face=MEMBER),
    Route(method="POST", path=f"{_ONE}/narrow", do=narrowed, face="clinic", again=consent),
    Route(method="GET", path=f"{_ONE}/thanks", do=thanks, face="clinic"),
    Route(method="POST", path=f"{_ONE}/take-back", do=taken_back, face="clinic"),
    Route(method="POST", path=f"{_ONE}/telling", do=telling, face="clinic", again=consent),
    Route(
        method="POST",
        path=f"{_ONE}/answers",
        do=affirmed,
        face="clinic",
        again=consent,
        step_up=True,
    ),
    Route(method="POST", path=f"{_ONE}/receipt", do=receipt, face=MEMBER),
    Route(method="GET", path=_LETTER, do=letter, face="clinic"),
    Route(method="POST", path=_LETTER, do=letter_file, face="clinic", again=letter),
)
