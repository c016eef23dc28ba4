"""The commands for consents: put on file, listed, proved, taken back."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import As, Client, Data, Force, Out, PasswordFile, entry_of, group

consent = group("The consents of a client: put on file, listed, proved, taken back.")


@consent.command("add")
def consent_add(
    client: Client,
    file: Annotated[str, typer.Argument(metavar="FILE.json", help="docs/LANGUAGE.md section 6.")],
    *,
    despite: Annotated[
        list[str] | None,
        typer.Option("--despite", metavar="WORD", help="What does not fit, and was seen."),
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Put a consent on file."""
    from angerona.cli import consents  # noqa: PLC0415 -- --help opens nothing

    consents.add(entry_of(data, who, password_file), client, file, despite=despite or [])


@consent.command("list")
def consent_list(
    client: Client,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """List the consents of a client."""
    from angerona.cli import consents  # noqa: PLC0415 -- --help opens nothing

    consents.list_all(entry_of(data, who, password_file), client)


@consent.command("receipt")
def consent_receipt(
    client: Client,
    consent_id: Annotated[str, typer.Argument(metavar="ID", help="From `consent list`.")],
    out: Out,
    *,
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Write the receipt of a consent, for the client: FILE.pdf or FILE.json."""
    from angerona.cli import consents  # noqa: PLC0415 -- --help opens nothing

    consents.receipt(entry_of(data, who, password_file), client, consent_id, out, force=force)


@consent.command("revoke")
def consent_revoke(
    client: Client,
    consent_id: Annotated[str, typer.Argument(metavar="ID", help="From `consent list`.")],
    *,
    untold: Annotated[
        bool, typer.Option("--untold", help="Do not tell those who were given something on it.")
    ] = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Take a consent back, with effect at once."""
    from angerona.cli import consents  # noqa: PLC0415 -- --help opens nothing

    consents.revoke(entry_of(data, who, password_file), client, consent_id, tell=not untold)
