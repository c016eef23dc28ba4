"""Every page: its address, and who may open it. What is not here does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from angerona.web import caseload, front, kept_apart, looks, notes, own, records

if TYPE_CHECKING:
    from angerona.web.turn import Route

ROUTES: Final[tuple[Route, ...]] = (
    *front.ROUTES,
    *caseload.ROUTES,
    *records.ROUTES,
    *notes.ROUTES,
    *kept_apart.ROUTES,
    *looks.ROUTES,
    *own.ROUTES,
)
