"""The commands of a practice: its founding, its records, its ledger, its packets and consents."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from angerona.cli.output import say

_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}


def _group(about: str) -> typer.Typer:
    return typer.Typer(
        help=about,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
    )


record = _group("The records of a practice.")
consent = _group("The consents of a client: put on file, listed, taken back.")
ledger = _group("The ledger as a whole.")
packet = _group("What was handed over.")
for _name, _part in (("consent", consent), ("ledger", ledger), ("packet", packet)):
    record.add_typer(_part, name=_name)

Data = Annotated[
    str | None, typer.Option("--data", metavar="DIR", help="The folder of the practice's data.")
]
As = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Who you are; asked for if left out.")
]
PasswordFile = Annotated[
    str | None,
    typer.Option(
        "--password-file", metavar="FILE", help="Your password (0600); asked for if left out."
    ),
]
Client = Annotated[
    str, typer.Argument(metavar="CLIENT", help="An id from `angerona clients`, or a whole name.")
]
Out = Annotated[str, typer.Option("--out", metavar="FILE", help="Where to write it (0600).")]
Force = Annotated[bool, typer.Option("--force", help="Write over that file.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]


@record.command()
def init(  # noqa: PLR0913 -- each option is one question of the founding
    *,
    data: Data = None,
    name: Annotated[str | None, typer.Option("--name", help="The practice's name.")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Such as US-CA or UK.")] = None,
    packs: Annotated[
        str | None, typer.Option("--packs", metavar="A,B", help="Its law; else that of the place.")
    ] = None,
    member: Annotated[str | None, typer.Option("--member", help="Your own name.")] = None,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="Your profession; may be repeated.")
    ] = None,
    post: Annotated[
        list[str] | None, typer.Option("--post", help="A post you hold; all, if left out.")
    ] = None,
    seat: Annotated[
        list[str] | None, typer.Option("--seat", help="Who keeps a key paper; three at least.")
    ] = None,
    quorum: Annotated[
        int | None, typer.Option("--quorum", help="How many papers open one record; else most.")
    ] = None,
    store: Annotated[
        str | None, typer.Option("--store", metavar="ADDRESS", help="SQLite beside, if left out.")
    ] = None,
    keeper: Annotated[
        str, typer.Option("--keeper", metavar="ADDRESS", help="What keeps the boot secret.")
    ] = "prompt:",
    papers: Annotated[
        str | None, typer.Option("--papers", metavar="DIR", help="Where to put the papers.")
    ] = None,
    paper: Annotated[str, typer.Option("--paper", help="a4 or us-letter.")] = "a4",
    password_file: PasswordFile = None,
) -> None:
    """Found a practice: one person is enough. What is left out is asked for."""
    from angerona.cli.founding import Wanted, found_practice  # noqa: PLC0415 -- --help is quick

    found_practice(
        Wanted(
            data=data,
            name=name,
            place=place,
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
            password_file=password_file,
        )
    )
