"""The commands of a practice: its founding, its records and its ledger."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from angerona.cli.entrance import Entry

CODE: Final[ContextVar[str | None]] = ContextVar("code", default=None)
"""The code that was given before the command (`app.py`): one option for all commands."""
_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}


def entry_of(data: str | None, name: str | None, password_file: str | None) -> Entry:
    """Who wants in, and where, from the options that every command of a practice has."""
    from angerona.cli.entrance import Entry  # noqa: PLC0415 -- --help opens nothing

    return Entry(data=data, name=name, password_file=password_file, code=CODE.get())


def group(about: str) -> typer.Typer:
    """A group of commands in the house's form."""
    return typer.Typer(
        help=about,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings=_SETTINGS,
    )


record = group("The records of a practice.")
ledger = group("The ledger as a whole.")
record.add_typer(ledger, name="ledger")

Data = Annotated[
    str | None, typer.Option("--data", metavar="DIR", help="The folder of the practice's data.")
]
As = Annotated[
    str | None,
    typer.Option("--as", "--by", metavar="NAME", help="Who you are; asked for if left out."),
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
Facts = Annotated[
    str | None,
    typer.Option("--facts", metavar="FILE", help="What was established (docs/COMMANDS.md)."),
]
HoldUntil = Annotated[
    str | None,
    typer.Option("--hold-until", metavar="DAY", help="Where telling is forbidden: until this day."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]
Papers = Annotated[
    str | None, typer.Option("--papers", metavar="DIR", help="Where to put the papers.")
]
Paper = Annotated[str, typer.Option("--paper", metavar="SIZE", help="a4 or us-letter.")]


@record.command()
def password(
    *,
    recovery_file: Annotated[
        str | None,
        typer.Option("--recovery-file", metavar="FILE", help="Your recovery code (0600)."),
    ] = None,
    recovery: Annotated[
        bool, typer.Option("--recovery", help="Sign in with your recovery code; it is asked for.")
    ] = False,
    new_file: Annotated[
        str | None,
        typer.Option("--new-file", metavar="FILE", help="The new password (0600); else typed."),
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Choose another password, signed in by the old one or by your recovery code."""
    from angerona.cli import passwords  # noqa: PLC0415 -- --help opens nothing

    passwords.change(
        entry_of(data, who, password_file),
        by_code=recovery or recovery_file is not None,
        recovery_file=recovery_file,
        new_file=new_file,
    )


@record.command("import")
def bring(  # noqa: PLR0913 -- each is an option of the command
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="CSV, JSON or JSON Lines; or a folder of files.")
    ],
    *,
    kind: Annotated[
        str, typer.Option("--as", metavar="notes|files|clients", help="What it holds.")
    ] = "notes",
    wanted: Annotated[
        str, typer.Option("--class", metavar="CLASS", help="Of files: the class of each.")
    ] = "correspondence",
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="NAME=WHAT", help="Of a list: what a column says."),
    ] = None,
    dates: Annotated[
        str, typer.Option("--dates", metavar="ymd|dmy|mdy", help="Of a list: how days are written.")
    ] = "ymd",
    rejects: Annotated[
        str | None,
        typer.Option("--rejects", metavar="FILE", help="Where to list the rows not taken."),
    ] = None,
    who: Annotated[
        str | None,
        typer.Option("--by", metavar="NAME", help="Who you are; asked for if left out."),
    ] = None,
    data: Data = None,
    password_file: PasswordFile = None,
) -> None:
    """Bring in clients or notes from a file, or files from a folder; nothing comes in twice."""
    from angerona.cli import bringing  # noqa: PLC0415 -- --help opens nothing

    told = bringing.Told(
        kind=kind, wanted=wanted, columns=column or (), dates=dates, rejects=rejects
    )
    bringing.bring(entry_of(data, who, password_file), file, told)


@record.command()
def clients(*, data: Data = None, who: As = None, password_file: PasswordFile = None) -> None:
    """List your clients, each with the id that other commands take."""
    from angerona.cli.clients import list_clients  # noqa: PLC0415 -- --help opens nothing

    list_clients(entry_of(data, who, password_file))


@record.command()
def look(  # noqa: PLR0913 -- each is an option of the command
    client: Client,
    *,
    entry: Annotated[
        list[str] | None, typer.Option("--entry", metavar="ID", help="Only this; may be repeated.")
    ] = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="What you wrote, and what you keep apart with it.")
    ] = False,
    listing: Annotated[bool, typer.Option("--list", help="Only which entries there are.")] = False,
    purpose: Annotated[
        str, typer.Option("--purpose", metavar="PURPOSE", help="What for.")
    ] = "treatment",
    facts: Facts = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Read what the rules let you read of a record."""
    from angerona.cli import clients  # noqa: PLC0415 -- --help opens nothing

    looked = clients.Looked(
        entries=entry or (), mine=mine, listing=listing, purpose=purpose, facts=facts
    )
    clients.look(entry_of(data, who, password_file), client, looked)


Class = Annotated[str, typer.Option("--class", metavar="CLASS", help="What kind of entry it is.")]
Heading = Annotated[str, typer.Option("--heading", metavar="TEXT", help="A line above it.")]
File = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="A file that is kept with it.")
]


@record.command()
def note(  # noqa: PLR0913 -- each is an option of the command
    client: Client,
    *,
    wanted: Class = "progress_note",
    heading: Heading = "",
    file: File = None,
    amends: Annotated[
        str | None, typer.Option("--amends", metavar="ID", help="The entry it corrects.")
    ] = None,
    purpose: Annotated[
        str,
        typer.Option(
            "--purpose",
            metavar="PURPOSE",
            help="What for; the desk: operations, the biller: payment.",
        ),
    ] = "treatment",
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Keep what stands on standard input as an entry of the record."""
    from angerona.cli import writing  # noqa: PLC0415 -- --help opens nothing

    leaf = writing.Leaf(wanted=wanted, heading=heading, purpose=purpose, file=file)
    writing.note(entry_of(data, who, password_file), client, leaf, amends=amends)


Reader = Annotated[
    str | None,
    typer.Option("--reader", metavar="NAME", help="Ask this colleague to read it first."),
]
Consultant = Annotated[
    str | None,
    typer.Option("--consultant", metavar="NAME", help="Where nobody here can read: who was asked."),
]
Why = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="For the reader: why it should go.")
]


@record.command()
def disclose(  # noqa: PLR0913 -- each is an option of the command
    client: Client,
    *,
    to: Annotated[str, typer.Option("--to", metavar="WHOM", help="Such as insurer.")],
    purpose: Annotated[str, typer.Option("--purpose", metavar="PURPOSE", help="Such as payment.")],
    out: Out,
    instrument: Annotated[
        str,
        typer.Option("--instrument", metavar="PAPER", help="The paper in hand, such as consent."),
    ] = "none",
    wants: Annotated[
        str | None,
        typer.Option("--wants", metavar="A,B", help="Classes; all of the record, if left out."),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--for", metavar="NAME", help="Who it is, by name.")
    ] = None,
    reference: Annotated[
        str, typer.Option("--reference", metavar="TEXT", help="Their sign for it.")
    ] = "",
    entries: Annotated[
        list[str] | None, typer.Option("--entry", metavar="ID", help="Only this; may be repeated.")
    ] = None,
    facts: Facts = None,
    locked: Annotated[bool, typer.Option("--lock", help="Lock the PDF with new words.")] = False,
    paper: Paper = "a4",
    hold_until: HoldUntil = None,
    reader: Reader = None,
    consultant: Consultant = None,
    why: Why = None,
    yes: Yes = False,
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Hand over what may go, as a signed packet."""
    from angerona.cli import handing_over  # noqa: PLC0415 -- --help opens nothing
    from angerona.cli.second_reading import Reading  # noqa: PLC0415 -- --help opens nothing

    request = handing_over.Request(
        to=to,
        purpose=purpose,
        instrument=instrument,
        wants=wants,
        name=name,
        reference=reference,
        facts=facts,
        out=out,
        locked=locked,
        paper=paper,
        hold_until=hold_until,
        yes=yes,
        force=force,
        reading=Reading(reader=reader, consultant=consultant, why=why),
        entries=entries or (),
    )
    handing_over.disclose(entry_of(data, who, password_file), client, request)


@record.command("who-looked")
def who_looked(
    client: Client,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
    facts: Facts = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Say who looked, what left, and what was refused, line by line."""
    from angerona.cli import who_looked as asked  # noqa: PLC0415 -- --help opens nothing

    asked.who_looked(entry_of(data, who, password_file), client, as_json=as_json, facts=facts)


@record.command()
def receipt(  # noqa: PLR0913 -- each is an option of the command
    client: Client,
    *,
    out: Out,
    since: Annotated[
        str | None, typer.Option("--since", metavar="OLD", help="The receipt they had before.")
    ] = None,
    facts: Facts = None,
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Write the proof of who looked, for the client to take home."""
    from angerona.cli import who_looked as asked  # noqa: PLC0415 -- --help opens nothing

    entry = entry_of(data, who, password_file)
    asked.receipt(entry, client, out=out, since=since, facts=facts, force=force)


@record.command()
def verify(
    name: Annotated[str, typer.Argument(metavar="RECEIPT", help="A receipt.")],
    *,
    since: Annotated[
        str | None, typer.Option("--since", metavar="OLD", help="An older receipt or head.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="The practice's key, as it was published."),
    ] = None,
) -> None:
    """Check a receipt, without the practice."""
    from angerona.cli import who_looked as asked  # noqa: PLC0415 -- --help opens nothing

    raise typer.Exit(asked.verify(name, since=since, key=key))


@ledger.command("fsck")
def ledger_fsck(
    *,
    remembered: Annotated[
        list[str] | None,
        typer.Option("--remembered", metavar="FILE", help="A head kept elsewhere."),
    ] = None,
    data: Data = None,
) -> None:
    """Work the whole ledger out again; exit 1 if anything does not fit."""
    from angerona.cli import ledger  # noqa: PLC0415 -- --help opens nothing

    raise typer.Exit(ledger.check(data, remembered or ()))


@ledger.command("upkeep")
def ledger_upkeep(
    *,
    spool: Annotated[
        str | None,
        typer.Option("--spool", metavar="FILE", help="Take over what an emergency left there."),
    ] = None,
    data: Data = None,
) -> None:
    """Do what a practice needs once a day: blank lines, counts, a checkpoint. Made for a timer."""
    from angerona.cli import ledger as work  # noqa: PLC0415 -- --help opens nothing

    work.upkeep(data, spool=spool)


@ledger.command("remember")
def ledger_remember(
    *,
    anew: Annotated[
        bool, typer.Option("--anew", help="Even if it was set back: after a restore on purpose.")
    ] = False,
    data: Data = None,
) -> None:
    """Have this account remember the ledger as it is now, to find out later if it was set back."""
    from angerona.cli import ledger as work  # noqa: PLC0415 -- --help opens nothing

    work.remember(data, anew=anew)


@ledger.command("tiles")
def ledger_tiles(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="Where to write them.")],
    *,
    data: Data = None,
) -> None:
    """Write the ledger as files that other people's tools check."""
    from angerona.cli import ledger  # noqa: PLC0415 -- --help opens nothing

    ledger.export(data, folder)


@record.command()
def demo(
    *,
    story: Annotated[
        bool, typer.Option("--story", help="Tell a story at the command line instead.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Sign in as each, say whether it went, and end.")
    ] = False,
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="DIR", help="Build it there, and leave it.")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="The port to listen on.")] = 8420,
) -> None:
    """Open an invented practice to your browser, until you press Ctrl-C."""
    if story:
        from angerona.cli.demo import tell  # noqa: PLC0415 -- --help opens nothing

        raise typer.Exit(tell(keep))
    from angerona.cli.demo_house import open_house  # noqa: PLC0415 -- --help opens nothing

    raise typer.Exit(open_house(keep, port=port, is_check=check))
