"""Every page: its address, and who may open it. What is not here does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.web import (
    account,
    care,
    caseload,
    contact,
    front,
    kept_apart,
    leaving,
    limits,
    looks,
    notes,
    own,
    own_choices,
    portal,
    records,
    sharing,
    supervision,
)

if TYPE_CHECKING:
    from angerona.web.turn import Route

ROUTES: Final[tuple[Route, ...]] = (
    *front.ROUTES,
    *account.ROUTES,
    *caseload.ROUTES,
    *records.ROUTES,
    *notes.ROUTES,
    *kept_apart.ROUTES,
    *supervision.ROUTES,
    *care.ROUTES,
    *looks.ROUTES,
    *own.ROUTES,
    *own_choices.ROUTES,
    *contact.ROUTES,
    *sharing.ROUTES,
    *portal.ROUTES,
    *limits.ROUTES,
    *leaving.ROUTES,
)
