"""A consent as a page says it, for the practice and for the client alike."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from angerona.errors import BadInput
from angerona.practice.consent_forms import classes_named, missing
from angerona.practice.consents import WAYS, elements_to_affirm
from angerona.practice.contradictions import Signing
from angerona.practice.relying import relying_on
from angerona.rules.because import listed
from angerona.sealed.rows import Signed
from angerona.words import CLASSES, PURPOSES, RECIPIENTS, SIGNERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.practice.consent_forms import Form, Missing
    from angerona.practice.relying import Relied
    from angerona.sealed.rows import ConsentRow
    from angerona.web.turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """A consent in words. `ended` says why it holds no more, or nothing.

    `missing` is what it lacks, `asked` what of it the practice may still answer, `gone` the classes
    that were taken out of it, `relied` what went out on it.
    """

    consent_id: bytes
    to: str
    purposes: str
    classes: tuple[str, ...]
    since: datetime.date | None
    until: datetime.date | None
    ended: str
    signer: str
    way: str
    entry_id: bytes | None
    missing: tuple[Missing, ...]
    asked: Mapping[str, str]
    gone: tuple[str, ...]
    relied: tuple[Relied, ...]
    untold: bool

    @property
    def kinds(self) -> str:
        """What may go, in words."""
        return listed(CLASSES[one] for one in self.classes) if self.classes else "nothing"

    @property
    def kinds_gone(self) -> str:
        """What was taken out of it, in words."""
        return listed(CLASSES[one] for one in self.gone)


def yes_of(turn: Turn, client_id: bytes, consent_id: bytes, row: ConsentRow) -> Yes:
    """A consent on file, as of today by the practice's clock."""
    said = json.loads(row.document)
    signed = row.signed
    whom = [RECIPIENTS[one] for one in said["to"]] or ["nobody"]
    packs, ids = turn.door.packs, turn.door.vault.practice().row.packs
    before = {**said, "classes": [*said["classes"], *row.left_out]}
    return Yes(
        consent_id=consent_id,
        to=f"{signed.recipient} ({listed(whom)})" if signed and signed.recipient else listed(whom),
        purposes=listed([PURPOSES[one] for one in said["purposes"]] or ["nothing"]),
        classes=classes_named(said),
        since=_day(said["from"]),
        until=_day(said["until"]),
        ended=_ended(said, signed, turn.local.date().isoformat()),
        signer=f"{signed.name} ({SIGNERS[said['by']]})" if signed else SIGNERS[said["by"]],
        way=WAYS[signed.way] if signed else "filed as a document",
        entry_id=signed.entry_id if signed else None,
        missing=tuple(missing(packs, ids, said)),
        asked=elements_to_affirm(turn.visit, packs, row),
        gone=tuple(one for one in CLASSES if one in row.left_out),
        relied=tuple(relying_on(turn.door.vault, client_id, said, classes=_named(before))),
        untold=row.untold,
    )


def _named(document: Mapping[str, Any]) -> set[str]:
    """Every class that it ever covered."""
    return set(classes_named(document)) | set(document["classes"])


def _day(said: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(said) if said else None


def _ended(said: Mapping[str, Any], signed: Signed | None, today: str) -> str:
    if said["revoked"]:
        return "a no" if signed and signed.way == "refused" else "taken back"
    return "over" if said["until"] and said["until"] < today else ""


def signed_here(
    turn: Turn, form: Form, *, way: str, seen: tuple[str, ...] = ()
) -> tuple[Signing, Signed]:
    """What a form came back with: each tick is an element, and what was seen is named.

    `said` are the ticks; one tick `read` stands for all that the form tells. `despite` is what did
    not fit and was shown, which counts with the tick `known`; `seen` need not be shown.
    """
    ticked = {*turn.form.several("said")}
    if turn.form.text("read") == "yes":
        ticked |= {one.id for one in form.sentences if not one.is_own}
    if turn.form.text("known") == "yes":
        seen = (*seen, *turn.form.several("despite"))
    signing = Signing(
        terms=form.terms, elements=form.elements(ticked), at=turn.at, is_on_screen=True
    )
    signed = Signed(
        way=way,
        name=turn.form.text("name"),
        recipient=form.terms.recipient,
        told=tuple(one.says for one in form.sentences if one.id in ticked),
        forms=tuple(one.id for one in form.demanded),
        authority=turn.form.text("authority"),
        despite=seen,
    )
    return signing, signed


def day_of(given: str, place: str, *, default: datetime.date | None) -> datetime.date | None:
    """A day as a form gives it; the default where nothing is typed. Raises `BadInput`."""
    if not given:
        return default
    try:
        return datetime.date.fromisoformat(given)
    except ValueError:
        raise BadInput(place, "is no day", "a day, or nothing") from None
