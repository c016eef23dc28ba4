"""The commands for a whole practice: its founding, and the clock of its times."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import As, Data, Paper, Papers, PasswordFile, entry_of, group

practice = group("The practice.")

Name = Annotated[str | None, typer.Option("--name", metavar="NAME", help="The practice's name.")]
Place = Annotated[str | None, typer.Option("--place", metavar="PLACE", help="Such as US-CA or UK.")]
Zone = Annotated[
    str | None, typer.Option("--zone", metavar="ZONE", help="Its clock, if the place has several.")
]
Packs = Annotated[
    str | None, typer.Option("--packs", metavar="A,B", help="Its law; else that of the place.")
]
Member = Annotated[str | None, typer.Option("--member", metavar="NAME", help="Your own name.")]
Roles = Annotated[
    list[str] | None,
    typer.Option("--role", metavar="ROLE", help="Your profession; may be repeated."),
]
Posts = Annotated[
    list[str] | None,
    typer.Option("--post", metavar="POST", help="A post you hold; all, if left out."),
]
Seats = Annotated[
    list[str] | None,
    typer.Option("--seat", metavar="WHO", help="Who keeps a key paper; three at least."),
]
Quorum = Annotated[
    int | None,
    typer.Option("--quorum", metavar="COUNT", help="How many papers open one record; else most."),
]
Store = Annotated[
    str | None, typer.Option("--store", metavar="ADDRESS", help="SQLite beside, if left out.")
]
Keeper = Annotated[
    str, typer.Option("--keeper", metavar="ADDRESS", help="What keeps the boot secret.")
]


@practice.command()
def init(  # noqa: PLR0913 -- each option is one question of the founding
    *,
    data: Data = None,
    name: Name = None,
    place: Place = None,
    zone: Zone = None,
    packs: Packs = None,
    member: Member = None,
    role: Roles = None,
    post: Posts = None,
    seat: Seats = None,
    quorum: Quorum = None,
    store: Store = None,
    keeper: Keeper = "prompt:",
    papers: Papers = None,
    paper: Paper = "a4",
    kit_shares: Annotated[
        str | None,
        typer.Option(
            "--kit-shares", metavar="K/N", help="The recovery kit also as shares, such as 2/3."
        ),
    ] = None,
    password_file: PasswordFile = None,
) -> None:
    """Found a practice: one person is enough. What is left out is asked for."""
    from angerona.cli.founding import Wanted, found_practice  # noqa: PLC0415 -- --help is quick

    found_practice(
        Wanted(
            data=data,
            name=name,
            place=place,
            zone=zone,
            packs=packs,
            member=member,
            roles=role or (),
            posts=post or (),
            seats=seat or (),
            quorum=quorum,
            store=store,
            keeper=keeper,
            papers=papers,
            paper=paper,
            kit_shares=kit_shares,
            password_file=password_file,
        )
    )


@practice.command(hidden=True)
def zone(
    chosen: Annotated[
        str | None, typer.Argument(metavar="ZONE", help="Another one, such as Europe/Berlin.")
    ] = None,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Say by which clock times are read, or choose another, as the privacy officer."""
    from angerona.cli import zones  # noqa: PLC0415 -- --help opens nothing

    zones.show_or_change(entry_of(data, who, password_file), chosen)
