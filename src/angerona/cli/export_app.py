"""The command that takes records along."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import (
    As,
    Data,
    Facts,
    Force,
    Out,
    Paper,
    PasswordFile,
    entry_of,
    group,
)

export = group("Records taken along.")


@export.command("export")
def export_records(
    client: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLIENT]...", help="Ids or whole names; all of yours, if left out."
        ),
    ] = None,
    *,
    to: Annotated[str, typer.Option("--to", metavar="DIR", help="A folder (0700).")],
    facts: Facts = None,
    paper: Paper = "a4",
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Copy records out of this system: JSON, pages and files, in clear."""
    from angerona.cli import exporting  # noqa: PLC0415 -- --help opens nothing

    raise typer.Exit(
        exporting.export(
            entry_of(data, who, password_file),
            client or (),
            to=to,
            facts=facts,
            paper=paper,
        )
    )


@export.command("night-sheet")
def night_sheet(
    *,
    out: Out,
    paper: Paper = "a4",
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Set the pages for whoever is on call when this cannot be reached; print and seal them."""
    from angerona.cli import exporting  # noqa: PLC0415 -- --help opens nothing

    exporting.night_sheet(entry_of(data, who, password_file), out=out, paper=paper, force=force)
