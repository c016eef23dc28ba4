"""The commands for what lies with an entry, is left for others, or cannot wait."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import (
    As,
    Class,
    Client,
    Data,
    Facts,
    File,
    Force,
    Heading,
    PasswordFile,
    entry_of,
    group,
)

entries = group("Entries.")


@entries.command("fetch")
def fetch(  # noqa: PLR0913 -- each is an option of the command
    client: Client,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="Its id, as a look shows it.")],
    *,
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="Where to write it (0600).")],
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="PURPOSE", help="What for.")
    ] = "treatment",
    facts: Facts = None,
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Write out the file that was kept with an entry; it is a look like any other."""
    from angerona.cli import clients  # noqa: PLC0415 -- --help opens nothing

    at = clients.Fetched(entry=entry, to=to, purpose=purpose, facts=facts, force=force)
    clients.fetch(entry_of(data, who, password_file), client, at)


@entries.command("leave")
def leave(  # noqa: PLR0913 -- each is an option of the command
    client: Client,
    *,
    wanted: Class = "correspondence",
    heading: Heading = "",
    file: File = None,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="PURPOSE", help="What for.")
    ] = "operations",
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Leave in a record what stands on standard input, though you may not read there."""
    from angerona.cli import writing  # noqa: PLC0415 -- --help opens nothing

    leaf = writing.Leaf(wanted=wanted, heading=heading, purpose=purpose, file=file)
    writing.leave(entry_of(data, who, password_file), client, leaf)


@entries.command("emergency")
def emergency(
    client: Client,
    *,
    spool: Annotated[
        str | None,
        typer.Option("--spool", metavar="FILE", help="Where the look is written; best elsewhere."),
    ] = None,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="PURPOSE", help="What for.")
    ] = "treatment",
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """When the ledger cannot be written and somebody may die: risk, safety plan, medication."""
    from angerona.cli import emergency as work  # noqa: PLC0415 -- --help opens nothing

    work.look(entry_of(data, who, password_file), client, purpose=purpose, spool=spool)
