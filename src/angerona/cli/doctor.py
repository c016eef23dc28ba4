"""`angerona doctor`: look at the machine and the folder, and say what is wrong in plain words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Final

from angerona.cli import folder_checks, key_checks, machine_checks
from angerona.cli.findings import Finding, Level, Scene
from angerona.cli.output import say_styled
from angerona.cli.page import Page, capital, width_now
from angerona.cli.settings import data_folder, read_settings
from angerona.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from angerona.cli.findings import Check

CHECKS: Final[tuple[Check, ...]] = (
    machine_checks.libraries,
    machine_checks.ciphers,
    machine_checks.memory,
    machine_checks.clock,
    machine_checks.zones,
    machine_checks.disk,
    folder_checks.settings,
    folder_checks.rights,
    folder_checks.keeper,
    key_checks.papers,
    key_checks.spool,
    key_checks.keys,
)
"""In the order in which they are shown. Each is a function of a `Scene` (findings.py)."""

_STYLES: Final = {Level.FINE: "", Level.LOOK: "bold yellow", Level.STOP: "bold red"}


def examine(given: str | None) -> int:
    """Run every check and print what it found; 1 if something must be mended first, else 0."""
    scene = _scene(data_folder(given))
    findings = [finding for check in CHECKS for finding in check(scene)]
    say_styled(page_of(findings).lines(width_now()))
    return int(any(finding.level is Level.STOP for finding in findings))


def _scene(folder: Path) -> Scene:
    at = datetime.datetime.now(datetime.UTC)
    try:
        return Scene(folder, read_settings(folder), at)
    except BadInput:
        return Scene(folder, None, at)  # `folder_checks.settings` says what is wrong with them


def page_of(findings: Sequence[Finding]) -> Page:
    """What is fine in a line each, then what is not, the worst last, and the sum of it."""
    page = Page()
    for finding in findings:
        if finding.level is Level.FINE:
            page.item(finding.what, "fine  ", indent=0)
    for level in (Level.LOOK, Level.STOP):
        for finding in findings:
            if finding.level is level:
                _tell(page, finding)
    page.space()
    page.headline(*_sum(findings))
    return page


def _tell(page: Page, finding: Finding) -> None:
    page.space()
    page.headline(f"{capital(finding.level)}: {finding.what}", _STYLES[finding.level])
    page.item(finding.why, "why  ")
    page.item(finding.remedy, "do   ")


def _sum(findings: Iterable[Finding]) -> tuple[str, str]:
    levels = [finding.level for finding in findings]
    stops, looks = levels.count(Level.STOP), levels.count(Level.LOOK)
    if stops:
        return f"Not fit for use: {stops} to mend first, {looks} to look at.", _STYLES[Level.STOP]
    if looks:
        return f"Fit for use; {looks} to look at.", _STYLES[Level.LOOK]
    return "All is well.", "bold green"
