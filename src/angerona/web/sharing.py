"""What a client shares: said yes to, narrowed, taken back on one page, with the effect at once."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.consent_forms import OF_THE_TERMS, Terms, form_for
from angerona.practice.consents import (
    contradicted,
    decide_telling,
    listed_consents,
    narrow_consent,
    sign_consent,
    take_back_consent,
)
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst, Refuse
from angerona.web.consent_words import signed_here, yes_of
from angerona.web.consents import receipt_of
from angerona.web.own import client_id_of
from angerona.web.own_choices import turned_on
from angerona.web.turn import Moved, Page, Route, Turn
from angerona.words import CLASSES, PROCESS_NOTES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.practice.consent_forms import Form
    from angerona.practice.who_looked import Said
    from angerona.web.turn import Result

TO: Final = (
    *("family", "friend", "parent", "representative", "treating_provider", "hospital"),
    *("payer", "insurer", "employer", "occupational_health", "school", "client_attorney"),
    *("probation", "other"),
)
"""To whom a client can let something go by this form."""
FOR: Final = (
    *("care_coordination", "treatment", "family_involvement", "payment", "insurance"),
    *("employment", "education", "legal_proceeding", "client_request"),
)
"""What for."""
SHAREABLE: Final = tuple(one for one in CLASSES if one != "ledger")
DAYS_MAX: Final = 366
AGAINST: Final[Mapping[str, str]] = {
    "twice": "You said yes to this before. That yes still counts. To stop, take both back.",
    "taken_back": "You took back a yes to the same before.",
    "refused": "You said no to the same before.",
    "narrowed": "You took this out of a yes before.",
    "restriction": "You asked us to hold this back. That still counts, till you say it does not.",
    "paid_in_full": "You paid for this alone, so that your plan is not told.",
}
"""What does not fit with a yes, as a client reads it; of the rest a clinician has to think."""
BARS: Final = "You can not sign this alone. Please talk to us first."
_FOR_THE_PRACTICE: Final = ("element", "not_settled")
"""What is not the client's to see to: nothing goes until the practice has."""
_SENT: Final = frozenset({"disclosure", "handed_over"})


def sharing(turn: Turn, problem: BadInput | None = None) -> Page:
    """What may go to whom now, what no longer, and what was sent."""
    client_id = client_id_of(turn)
    rows = listed_consents(turn.visit, client_id)[::-1]
    found = [yes_of(turn, client_id, one, row) for one, row in rows]
    says = {
        "now": [one for one in found if one.is_open],
        "ended": [one for one in found if not one.is_open],
        "sent": _sent(turn),
        "problem": problem,
    }
    return Page("own_sharing.html", says, 422 if problem else 200)


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form to say yes, with what was typed where something was wrong."""
    form = turn.form
    names = ("to", "recipient", "purpose", "until", "read", "name")
    usual = _form(turn, _terms("other", "client_request", ("diagnosis",), turn.local.date()))
    says = {
        "recipients": {one: RECIPIENTS[one] for one in TO},
        "purposes": {one: PURPOSES[one] for one in FOR},
        "shareable": {one: CLASSES[one] for one in SHAREABLE},
        "sentences": [one for one in usual.sentences if one.id not in OF_THE_TERMS],
        "against": _against(turn) if problem else {},
        "typed": {name: form.text(name) for name in names},
        "ticked": form.several("classes"),
        "said": form.several("said"),
        "soonest": turn.local.date().isoformat(),
        "latest": (turn.local.date() + datetime.timedelta(days=DAYS_MAX)).isoformat(),
        "problem": problem,
    }
    return Page("own_sharing_new.html", says, 422 if problem else 200)


def say_yes(turn: Turn) -> Result:
    """Put the yes on file as it was signed; it holds from now on."""
    terms = terms_of(turn)
    form = _form(turn, terms)
    said = turn.form.several("said")
    if turn.form.text("read") != "yes":
        raise BadInput("that you read this", "is not ticked", "a tick, or no form at all")
    if any(one.is_own and one.id not in said for one in form.sentences):
        raise BadInput("what you say", "is not ticked", "a tick each, or no form at all")
    signing, signed = signed_here(turn, form, way="own", seen=_FOR_THE_PRACTICE)
    sign_consent(turn.visit, turn.door.packs, client_id_of(turn), signing, signed)
    return Moved("/me/sharing", done="consent")


def terms_of(turn: Turn) -> Terms:
    """The terms that the form names. Raises `BadInput`."""
    form, today = turn.form, turn.local.date()
    classes = tuple(one for one in SHAREABLE if one in form.several("classes"))
    if not classes:
        raise BadInput("what may go", "is not said", "one kind at least")
    if PROCESS_NOTES.intersection(classes) and not PROCESS_NOTES.issuperset(classes):
        allowed = "these notes in a yes of their own"
        raise BadInput("what may go", "names process notes and other kinds", allowed)
    until = _day(form.text("until"), today)
    to = form.choice("to", TO, says="who may get it")
    purpose = form.choice("purpose", FOR, says="what for")
    return _terms(to, purpose, classes, today, until=until, recipient=form.text("recipient")[:200])


def take_back(turn: Turn) -> Result:
    """Take a yes back; it ends now."""
    tell = turn.form.text("untold") != "yes"
    take_back_consent(turn.visit, client_id_of(turn), turn.id_of("consent"), tell=tell)
    return Moved("/me/sharing", done="taken-back")


def narrow(turn: Turn) -> Result:
    """Leave less in a yes."""
    form = turn.form
    until = _day(form.text("until"), turn.local.date()) if form.text("until") else None
    classes = form.several("classes")
    narrow_consent(
        turn.visit,
        client_id_of(turn),
        turn.id_of("consent"),
        classes=classes,
        until=until,
        tell=form.text("untold") != "yes",
    )
    return Moved("/me/sharing", done="narrowed")


def telling(turn: Turn) -> Result:
    """Decide anew whether those are told who got something on a yes that is over, or is less."""
    tell = turn.form.choice("tell", ("yes", "no")) == "yes"
    decide_telling(turn.visit, client_id_of(turn), turn.id_of("consent"), tell=tell)
    return Moved("/me/sharing", done="telling-decided")


def receipt(turn: Turn) -> Result:
    """The receipt of a yes, to take home."""
    return receipt_of(turn, client_id_of(turn))


def _terms(
    to: str,
    purpose: str,
    classes: tuple[str, ...],
    today: datetime.date,
    *,
    until: datetime.date | None = None,
    recipient: str = "",
) -> Terms:
    return Terms(
        by="client",
        classes=classes,
        to=to,
        purpose=purpose,
        recipient=recipient,
        starts=today,
        until=until or today,
    )


def _form(turn: Turn, terms: Terms) -> Form:
    vault = turn.door.vault
    return form_for(
        turn.door.packs,
        vault.practice().row.packs,
        terms,
        practice=turn.house.title,
        client=vault.authority(client_id_of(turn)).client.name,
    )


def _against(turn: Turn) -> dict[str, str]:
    """What does not fit with the yes of the form, in words for the client, by its short name."""
    try:
        form = _form(turn, terms_of(turn))
    except BadInput:
        return {}
    signing, _ = signed_here(turn, form, way="own")
    found = contradicted(turn.visit, turn.door.packs, client_id_of(turn), signing)
    shown = (one for one in found if one.bars or one.what not in _FOR_THE_PRACTICE)
    return {one.what: BARS if one.bars else AGAINST.get(one.what, one.says) for one in shown}


def _sent(turn: Turn) -> list[Said]:
    """What was sent, newest first, as far as the client may know."""
    lines = turn.door.who_looked(turn.visit, client_id_of(turn))
    if isinstance(lines, AskFirst | Refuse):
        return []
    return [one for one in in_words(lines, turn.zone) if one.kind in _SENT][::-1]


def _day(given: str, today: datetime.date) -> datetime.date:
    allowed = "a day from today to a year from now"
    try:
        found = datetime.date.fromisoformat(given)
    except ValueError:
        raise BadInput("until", "is no day", allowed) from None
    if not today <= found <= today + datetime.timedelta(days=DAYS_MAX):
        raise BadInput("until", "is past or too far away", allowed)
    return found


ROUTES: Final = (
    Route(method="GET", path="/me/sharing", do=turned_on("sharing", sharing), face="client"),
    Route(method="GET", path="/me/sharing/new", do=turned_on("sharing", new), face="client"),
    Route(
        method="POST",
        path="/me/sharing/new",
        do=turned_on("sharing", say_yes),
        face="client",
        again=new,
        step_up=True,
    ),
    Route(
        method="POST",
        path="/me/sharing/{consent}/take-back",
        do=turned_on("sharing", take_back),
        face="client",
    ),
    Route(
        method="POST",
        path="/me/sharing/{consent}/narrow",
        do=turned_on("sharing", narrow),
        face="client",
        again=sharing,
    ),
    Route(
        method="POST",
        path="/me/sharing/{consent}/telling",
        do=turned_on("sharing", telling),
        face="client",
        again=sharing,
    ),
    Route(
        method="POST",
        path="/me/sharing/{consent}/receipt",
        do=turned_on("sharing", receipt),
        face="client",
    ),
)
