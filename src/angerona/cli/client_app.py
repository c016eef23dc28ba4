"""The commands for one client: enrolled, what stands on file, facts, an own way in."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.members_app import FirstPassword, SheetFile
from angerona.cli.record_app import (
    As,
    Client,
    Data,
    Facts,
    Force,
    Paper,
    PasswordFile,
    entry_of,
    group,
)

client = group("One client: enrolled, and what stands on file.")


@client.command("enrol")
def client_enrol(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE.json|-]", help="name, contact, facts; else the name is asked for."
        ),
    ] = None,
    *,
    treating: Annotated[
        str | None, typer.Option("--treating", metavar="NAME", help="Who treats; you, if left out.")
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Enrol a client, with keys of the record's own from the first moment."""
    from angerona.cli import on_file  # noqa: PLC0415 -- --help opens nothing

    on_file.enrol(entry_of(data, who, password_file), file, treating=treating)


@client.command("show")
def client_show(
    client_id: Client,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Show what stands on file: ties, consents, facts, ways to be reached, keys."""
    from angerona.cli import on_file  # noqa: PLC0415 -- --help opens nothing

    on_file.show(entry_of(data, who, password_file), client_id)


@client.command("facts")
def client_facts(
    client_id: Client,
    file: Annotated[
        str, typer.Argument(metavar="FILE.json|-", help="The facts; null takes one off.")
    ],
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Put facts on file that the rules ask for, such as an age, for a client whom you treat."""
    from angerona.cli import on_file  # noqa: PLC0415 -- --help opens nothing

    on_file.set_facts(entry_of(data, who, password_file), client_id, file)


@client.command("way-in")
def client_way_in(  # noqa: PLR0913 -- each is an option of the command
    client_id: Client,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")],
    *,
    new_file: FirstPassword = None,
    sheet: SheetFile = None,
    paper: Paper = "a4",
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Give a client whom you treat an own way in; the recovery code is shown once."""
    from angerona.cli import on_file  # noqa: PLC0415 -- --help opens nothing
    from angerona.cli.members import Sheet  # noqa: PLC0415 -- the same

    on_file.way_in(
        entry_of(data, who, password_file),
        client_id,
        name,
        new_file=new_file,
        sheet=Sheet(file=sheet, paper=paper, force=force),
    )


@client.command("erase")
def client_erase(
    client_id: Client,
    *,
    facts: Facts = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Erase a client's record for good, as the privacy officer, where the law lets all of it go."""
    from angerona.cli import erasing  # noqa: PLC0415 -- --help opens nothing

    erasing.erase(entry_of(data, who, password_file), client_id, facts=facts)
