"""Every page: its address, and who may open it. What is not here does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.web import (
    account,
    calls,
    care,
    caseload,
    contact,
    copies,
    correspondence,
    desk,
    files,
    front,
    help_lines,
    joining,
    kept_apart,
    leaving,
    limits,
    looks,
    members,
    notes,
    own,
    own_choices,
    own_measures,
    own_messages,
    people,
    portal,
    practice,
    records,
    searching,
    second_readings,
    sharing,
    supervision,
)

if TYPE_CHECKING:
    from angerona.web.turn import Route

ROUTES: Final[tuple[Route, ...]] = (
    *front.ROUTES,
    *account.ROUTES,
    *joining.ROUTES,
    *members.ROUTES,
    *practice.ROUTES,
    *people.ROUTES,
    *desk.ROUTES,
    *caseload.ROUTES,
    *records.ROUTES,
    *files.ROUTES,
    *notes.ROUTES,
    *kept_apart.ROUTES,
    *supervision.ROUTES,
    *care.ROUTES,
    *correspondence.ROUTES,
    *copies.ROUTES,
    *searching.ROUTES,
    *looks.ROUTES,
    *own.ROUTES,
    *own_choices.ROUTES,
    *contact.ROUTES,
    *sharing.ROUTES,
    *portal.ROUTES,
    *own_messages.ROUTES,
    *own_measures.ROUTES,
    *limits.ROUTES,
    *help_lines.ROUTES,
    *calls.ROUTES,
    *second_readings.ROUTES,
    *leaving.ROUTES,
)
