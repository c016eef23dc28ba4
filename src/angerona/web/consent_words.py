"""A consent as a page says it, for the practice and for the client alike."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from angerona.errors import BadInput
from angerona.practice.consent_forms import classes_named, missing
from angerona.practice.consent_states import state_of
from angerona.practice.consents import WAYS, elements_to_affirm
from angerona.practice.contradictions import Signing
from angerona.practice.relying import ASKED_AHEAD, relying_on
from angerona.rules.because import listed
from angerona.sealed.rows import Signed
from angerona.words import CLASSES, PURPOSES, RECIPIENTS, SIGNERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.practice.consent_forms import Form, Missing
    from angerona.practice.relying import Relied
    from angerona.sealed.authority import Authority
    from angerona.sealed.rows import ConsentRow
    from angerona.web.turn import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Yes:
    """A consent in words. `ended` says why it holds no more, or nothing.

    `void` says why it opens nothing today, though it has not ended; `is_to_come`: it begins later,
    `is_ending`: it ends within `ASKED_AHEAD`.
    `missing` is what it lacks, `asked` what of it the practice may still answer, `gone` the classes
    that were taken out of it, `relied` what went out on it; `again` are its terms for a new form.
    """

    consent_id: bytes
    to: str
    purposes: str
    classes: tuple[str, ...]
    since: datetime.date | None
    until: datetime.date | None
    ended: str
    void: str
    is_to_come: bool
    is_ending: bool
    signer: str
    way: str
    entry_id: bytes | None
    missing: tuple[Missing, ...]
    asked: Mapping[str, str]
    gone: tuple[str, ...]
    relied: tuple[Relied, ...]
    is_sooner: bool
    untold: bool
    again: Mapping[str, str]

    @property
    def is_open(self) -> bool:
        """Whether it stands among what may go."""
        return not (self.ended or self.void)

    @property
    def is_less(self) -> bool:
        """Whether it ended, or covers less than it did: whoever relies on it is to know."""
        return self.ended == "taken back" or bool(self.gone) or self.is_sooner

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
    authority, until = turn.door.vault.authority(client_id), _day(said["until"])
    state = state_of(turn.visit, packs, authority, row)
    return Yes(
        consent_id=consent_id,
        to=f"{signed.recipient} ({listed(whom)})" if signed and signed.recipient else listed(whom),
        purposes=listed([PURPOSES[one] for one in said["purposes"]] or ["nothing"]),
        classes=classes_named(said),
        since=_day(said["from"]),
        until=until,
        ended=state.ended,
        void=state.void,
        is_to_come=state.is_to_come,
        is_ending=until is not None
        and not state.ended
        and until <= turn.local.date() + ASKED_AHEAD,
        signer=_signer(authority, row, said["by"]),
        way=WAYS[signed.way] if signed else "filed as a document",
        entry_id=signed.entry_id if signed else None,
        missing=tuple(missing(packs, ids, said)),
        asked=elements_to_affirm(turn.visit, packs, row),
        gone=tuple(one for one in CLASSES if one in row.left_out),
        relied=tuple(relying_on(turn.door.vault, client_id, said, classes=_named(before))),
        is_sooner=bool(row.sooner),
        untold=row.untold,
        again=_again(said, row),
    )


def _again(said: Mapping[str, Any], row: ConsentRow) -> dict[str, str]:
    """The fields of the form by which the same is signed anew, from today."""
    return {
        "to": next(iter(said["to"]), ""),
        "recipient": row.signed.recipient if row.signed else "",
        "purpose": next(iter(said["purposes"]), ""),
    }


def _named(document: Mapping[str, Any]) -> set[str]:
    """Every class that it ever covered."""
    return set(classes_named(document)) | set(document["classes"])


def _day(said: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(said) if said else None


def _signer(authority: Authority, row: ConsentRow, by: str) -> str:
    """Who signed, by name where it is known."""
    for party in authority.client.parties:
        if party.client_id == row.signer:
            return party.known_as
    on_file = authority.client.standing.representatives.get(row.signer)
    name = row.signed.name if row.signed else on_file.name if on_file else ""
    return f"{name} ({SIGNERS[by]})" if name else SIGNERS[by]


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
