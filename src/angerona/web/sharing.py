"""What a client shares: said yes to, narrowed, taken back on one page, with the effect at once."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from angerona.errors import BadInput
from angerona.practice.consents import (
    classes_named,
    keep_consent,
    listed_consents,
    narrow_consent,
    take_back_consent,
)
from angerona.practice.who_looked import in_words
from angerona.rules.answer import AskFirst, Refuse
from angerona.rules.because import listed
from angerona.web.own import client_id_of
from angerona.web.own_choices import turned_on
from angerona.web.turn import Form, Moved, Page, Route, Turn
from angerona.words import CLASSES, PROCESS_NOTES, PURPOSES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

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
FORM: Final = "own_page"
"""The name of this form in the documents that it makes."""
SAID_BY_THE_FORM: Final = (
    *("info_described", "discloser_named", "recipient_named", "purpose_each", "expiry"),
    *("signature_date", "signer_authority", "st_revoke", "st_conditioning", "st_redisclosure"),
    *("plain_language", "explicit", "informed", "specific", "withdrawal_told", "scope_named"),
)
"""What the page says, and so every document made by it has (45 CFR 164.508(c); GDPR 4(11), 7)."""
SAID_ALONE: Final = "stands_alone"
FREELY: Final = "voluntary"
DAYS_MAX: Final = 366
_SENT: Final = frozenset({"disclosure", "handed_over"})


@dataclass(frozen=True, slots=True)
class Yes:
    """A consent as the page lists it. `ended` says why it holds no more, or nothing."""

    consent_id: bytes
    to: str
    purposes: str
    classes: tuple[str, ...]
    until: str
    ended: str

    @property
    def kinds(self) -> str:
        """What may go, in words."""
        return listed(CLASSES[one] for one in self.classes) if self.classes else "nothing"


def sharing(turn: Turn, problem: BadInput | None = None) -> Page:
    """What may go to whom now, what no longer, and what was sent."""
    found = [_yes(one, row.document, turn) for one, row in _consents(turn)]
    says = {
        "now": [one for one in found if not one.ended],
        "ended": [one for one in found if one.ended],
        "sent": _sent(turn),
        "problem": problem,
    }
    return Page("own_sharing.html", says, 422 if problem else 200)


def new(turn: Turn, problem: BadInput | None = None) -> Page:
    """The form to say yes, with what was typed where something was wrong."""
    form = turn.form
    says = {
        "recipients": {one: RECIPIENTS[one] for one in TO},
        "purposes": {one: PURPOSES[one] for one in FOR},
        "shareable": {one: CLASSES[one] for one in SHAREABLE},
        "practice": turn.house.title,
        "typed": {name: form.text(name) for name in ("to", "purpose", "until", "freely", "yes")},
        "ticked": form.several("classes"),
        "soonest": turn.local.date().isoformat(),
        "latest": (turn.local.date() + datetime.timedelta(days=DAYS_MAX)).isoformat(),
        "problem": problem,
    }
    return Page("own_sharing_new.html", says, 422 if problem else 200)


def say_yes(turn: Turn) -> Result:
    """Put the consent on file; it holds from now on."""
    keep_consent(turn.visit, client_id_of(turn), document(turn.form, turn.local.date()))
    return Moved("/me/sharing", done="consent")


def document(form: Form, today: datetime.date) -> dict[str, object]:
    """The consent of a form (docs/LANGUAGE.md section 6). Raises `BadInput`."""
    classes = [one for one in SHAREABLE if one in form.several("classes")]
    if not classes:
        raise BadInput("what may go", "is not said", "one kind at least")
    if PROCESS_NOTES.intersection(classes) and not PROCESS_NOTES.issuperset(classes):
        allowed = "these notes in a yes of their own"
        raise BadInput("what may go", "names process notes and other kinds", allowed)
    until = _day(form.text("until"), today)
    for name, says in (("freely", "that nobody makes you"), ("yes", "that you say yes")):
        if form.text(name) != "yes":
            raise BadInput(says, "is not ticked", "a tick, or no form at all")
    elements = [*SAID_BY_THE_FORM, FREELY]
    if PROCESS_NOTES.issuperset(classes):
        elements.append(SAID_ALONE)
    return {
        "by": "client",
        "form": FORM,
        "classes": classes,
        "to": [form.choice("to", TO)],
        "purposes": [form.choice("purpose", FOR)],
        "from": today.isoformat(),
        "until": until.isoformat(),
        "revoked": None,
        "elements": dict.fromkeys(elements, True),
    }


def take_back(turn: Turn) -> Result:
    """Take a yes back; it ends now."""
    take_back_consent(turn.visit, client_id_of(turn), turn.id_of("consent"))
    return Moved("/me/sharing", done="taken-back")


def narrow(turn: Turn) -> Result:
    """Leave less in a yes."""
    form = turn.form
    until = _day(form.text("until"), turn.local.date()) if form.text("until") else None
    classes = form.several("classes")
    narrow_consent(
        turn.visit, client_id_of(turn), turn.id_of("consent"), classes=classes, until=until
    )
    return Moved("/me/sharing", done="narrowed")


def _consents(turn: Turn) -> list[tuple[bytes, Any]]:
    return listed_consents(turn.visit, client_id_of(turn))[::-1]


def _yes(consent_id: bytes, told: bytes, turn: Turn) -> Yes:
    found = json.loads(told)
    return Yes(
        consent_id,
        listed(RECIPIENTS[one] for one in found["to"]) if found["to"] else "nobody",
        listed(PURPOSES[one] for one in found["purposes"]) if found["purposes"] else "nothing",
        classes_named(found),
        found["until"] or "",
        _ended(found, turn.local.date().isoformat()),
    )


def _ended(found: Mapping[str, Any], today: str) -> str:
    if found["revoked"]:
        return "taken back"
    return "over" if found["until"] and found["until"] < today else ""


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
)
