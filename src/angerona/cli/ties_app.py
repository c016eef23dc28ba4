"""The commands for ties: who treats, covers or supervises a client."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import As, Client, Data, PasswordFile, entry_of, group

tie = group("Ties: who treats, covers or supervises a client, and with which keys.")

TieId = Annotated[str, typer.Argument(metavar="ID", help="From `tie list`.")]


@tie.command("list")
def tie_list(
    client: Client,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """List who is and was tied to a client."""
    from angerona.cli import ties  # noqa: PLC0415 -- --help opens nothing

    ties.list_ties(entry_of(data, who, password_file), client)


@tie.command("begin")
def tie_begin(
    client: Client,
    name: Annotated[str, typer.Argument(metavar="NAME", help="A colleague.")],
    relation: Annotated[
        str, typer.Argument(metavar="RELATION", help="treating, covering or supervisor.")
    ],
    *,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DAY", help="The last day; else no end.")
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Tie a colleague to a client whom you treat, with the keys that go with it."""
    from angerona.cli import ties  # noqa: PLC0415 -- --help opens nothing

    ties.begin(entry_of(data, who, password_file), client, name, relation, until=until)


@tie.command("share")
def tie_share(
    client: Client,
    tie_id: TieId,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Let a supervisor read what you keep apart about a client, while the tie lasts."""
    from angerona.cli import ties  # noqa: PLC0415 -- --help opens nothing

    ties.share(entry_of(data, who, password_file), client, tie_id)


@tie.command("end")
def tie_end(
    client: Client,
    tie_id: TieId,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """End a tie now: your own, or another's to a client whom you treat."""
    from angerona.cli import ties  # noqa: PLC0415 -- --help opens nothing

    ties.end(entry_of(data, who, password_file), client, tie_id)
