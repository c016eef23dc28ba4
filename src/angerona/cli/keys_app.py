"""The commands for keys: opening one record by quorum, and turning a record's keys."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import (
    As,
    Client,
    Data,
    Force,
    HoldUntil,
    Out,
    Paper,
    Papers,
    PasswordFile,
    Yes,
    entry_of,
    group,
)

keys = group("Keys: opening one record by its key holders, and turning a record's keys.")

Request = Annotated[
    str, typer.Option("--request", metavar="FILE", help="What `angerona keys request` wrote.")
]


@keys.command("request")
def keys_request(  # noqa: PLR0913 -- each option is one part of the request
    client: Client,
    *,
    compartments: Annotated[
        str, typer.Option("--compartments", metavar="A,B", help="Such as risk,progress.")
    ],
    limit: Annotated[str, typer.Option("--limit", help="harm, abuse, court; or care: take over.")],
    hours: Annotated[int, typer.Option("--hours", help="How long the keys are to last.")] = 72,
    hold_until: HoldUntil = None,
    out: Out,
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Ask the key holders to open a record; the reason is asked for, or read from a pipe."""
    from angerona.cli import keys as work  # noqa: PLC0415 -- --help opens nothing

    work.request(
        entry_of(data, who, password_file),
        client,
        compartments=compartments,
        limit=limit,
        hours=hours,
        hold_until=hold_until,
        out=out,
        force=force,
    )


@keys.command("give")
def keys_give(
    *,
    request: Request,
    seat_file: Annotated[
        str | None,
        typer.Option("--seat-file", metavar="FILE", help="The seat's 24 words (0600); else typed."),
    ] = None,
    out: Out,
    yes: Yes = False,
    force: Force = False,
    data: Data = None,
) -> None:
    """As a key holder, give your part to a request. You open nothing by it alone."""
    from angerona.cli import keys as work  # noqa: PLC0415 -- --help opens nothing

    work.give(data, request, seat_file=seat_file, out=out, force=force, yes=yes)


@keys.command("open")
def keys_open(
    *,
    request: Request,
    part: Annotated[
        list[str] | None,
        typer.Option("--part", metavar="FILE", help="What a key holder gave; may be repeated."),
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Open what the request names, with enough parts; missing ones can be typed here."""
    from angerona.cli import keys as work  # noqa: PLC0415 -- --help opens nothing

    work.open_with_parts(entry_of(data, who, password_file), request, parts=part or ())


@keys.command("succeed")
def keys_succeed(
    *,
    name: Annotated[str, typer.Option("--name", help="The successor's name.")],
    role: Annotated[
        list[str] | None, typer.Option("--role", help="A profession; may be repeated.")
    ] = None,
    seat_file: Annotated[
        list[str] | None,
        typer.Option("--seat-file", metavar="FILE", help="A seat's 24 words (0600); else typed."),
    ] = None,
    data: Data = None,
    password_file: PasswordFile = None,
) -> None:
    """When nobody can sign in any more: key holders put a successor in, who holds every post."""
    from angerona.cli import keys as work  # noqa: PLC0415 -- --help opens nothing

    work.put_in(
        data, name, roles=role or (), seat_files=seat_file or (), password_file=password_file
    )


@keys.command("turn")
def keys_turn(
    client: Client,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Give a record new keys: who lost access cannot open what is kept from now on."""
    from angerona.cli import keys as work  # noqa: PLC0415 -- --help opens nothing

    work.turn(entry_of(data, who, password_file), client)


@keys.command("kit")
def keys_kit(
    *,
    shares: Annotated[
        str | None,
        typer.Option(
            "--shares", metavar="K/N", help="As shares, such as 2/3; the whole, if left out."
        ),
    ] = None,
    papers: Papers = None,
    paper: Paper = "a4",
    data: Data = None,
) -> None:
    """Print the recovery kit once more: whole, or as shares of which some suffice."""
    from angerona.cli import kit  # noqa: PLC0415 -- --help opens nothing

    kit.print_again(data, split=shares, papers=papers, paper=paper)


SeatFiles = Annotated[
    list[str] | None,
    typer.Option("--seat-file", metavar="FILE", help="A seat's 24 words (0600); else typed."),
]


@keys.command("seats")
def keys_seats(  # noqa: PLR0913 -- each option is one part of the change
    *,
    remove: Annotated[
        list[int] | None,
        typer.Option("--remove", metavar="NUMBER", help="A seat that goes; may be repeated."),
    ] = None,
    add: Annotated[
        list[str] | None,
        typer.Option("--add", metavar="WHO", help="Who keeps a new paper; may be repeated."),
    ] = None,
    quorum: Annotated[
        int | None, typer.Option("--quorum", metavar="COUNT", help="How many open one record.")
    ] = None,
    seat_file: SeatFiles = None,
    papers: Papers = None,
    paper: Paper = "a4",
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Replace, add or remove seats of key holders, on the word of a quorum of today's."""
    from angerona.cli import seats  # noqa: PLC0415 -- --help opens nothing

    wanted = seats.Wanted(
        removed=remove or (),
        added=add or (),
        quorum=quorum,
        seat_files=seat_file or (),
        papers=papers,
        paper=paper,
    )
    seats.change(entry_of(data, who, password_file), wanted)


@keys.command("share-anew")
def keys_share_anew(
    *,
    seat_file: SeatFiles = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Share out to the seats of today what stands on former ones; exit 1 if some still does."""
    from angerona.cli import seats  # noqa: PLC0415 -- --help opens nothing

    entry = entry_of(data, who, password_file)
    raise typer.Exit(seats.share_anew(entry, seat_files=seat_file or ()))
