"""The commands of packets: what is to be handed over, read first by a colleague, and checked."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import As, Data, PasswordFile, entry_of, group

packet = group("What is handed over: read by a colleague first, and checked when it comes back.")


@packet.command("verify")
def packet_verify(
    name: Annotated[str, typer.Argument(metavar="FILE", help="A packet: PDF or JSON.")],
    *,
    key: Annotated[
        str | None,
        typer.Option(
            "--key", metavar="KEY", help="The practice's fingerprint; else that of --data."
        ),
    ] = None,
    passphrase_file: Annotated[
        str | None,
        typer.Option("--passphrase-file", metavar="FILE", help="The words that open it (0600)."),
    ] = None,
    data: Data = None,
) -> None:
    """Check that a packet is the one that left; exit 1 if it is not."""
    from angerona.cli import packets  # noqa: PLC0415 -- --help opens nothing

    raise typer.Exit(packets.check(name, key=key, passphrase_file=passphrase_file, data=data))


@packet.command("waiting")
def packet_waiting(
    *, data: Data = None, who: As = None, password_file: PasswordFile = None
) -> None:
    """List what you are asked to read before it leaves, as a second reader."""
    from angerona.cli import second_reading  # noqa: PLC0415 -- --help opens nothing

    second_reading.list_waiting(entry_of(data, who, password_file))


@packet.command("answer")
def packet_answer(  # noqa: PLR0913 -- each is an option of the command
    reading: Annotated[
        str, typer.Argument(metavar="ID", help="An id from `angerona packet waiting`.")
    ],
    *,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, in one line.")],
    agree: Annotated[bool, typer.Option("--agree", help="It may leave as it is.")] = False,
    objects: Annotated[bool, typer.Option("--object", help="It must not leave.")] = False,
    entry: Annotated[
        list[str] | None,
        typer.Option("--entry", metavar="ID", help="Only this may leave; may be repeated."),
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Agree to what would leave, narrow it, or object."""
    from angerona.cli import second_reading  # noqa: PLC0415 -- --help opens nothing

    said = second_reading.Said(is_agreed=agree, is_objected=objects, entries=entry or (), why=why)
    second_reading.say_so(entry_of(data, who, password_file), reading, said)


@packet.command("pass-on")
def packet_pass_on(
    reading: Annotated[
        str, typer.Argument(metavar="ID", help="An id from `angerona packet waiting`.")
    ],
    *,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help="Who reads it; with --why.")
    ] = None,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, in one line.")] = "",
    aside: Annotated[
        bool, typer.Option("--aside", help="Step aside, and never be asked of this client again.")
    ] = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Let somebody else read it: whom you name, or, where you step aside, who is next."""
    from angerona.cli import second_reading  # noqa: PLC0415 -- --help opens nothing

    given = second_reading.GoesOn(to=to, why=why, aside=aside)
    second_reading.let_go_on(entry_of(data, who, password_file), reading, given)


@packet.command("found")
def packet_found(
    reading: Annotated[
        str, typer.Argument(metavar="ID", help="An id from `angerona packet waiting`.")
    ],
    found: Annotated[str, typer.Argument(metavar="WORD", help="in_order, less or none.")],
    *,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why, in one line.")],
    to_do: Annotated[
        list[str] | None,
        typer.Option("--to-do", metavar="WORD", help="tell, correct or incident; may be repeated."),
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Say what you found, having read what could not wait and has left."""
    from angerona.cli import second_reading  # noqa: PLC0415 -- --help opens nothing

    entry = entry_of(data, who, password_file)
    second_reading.say_what_was_found(entry, reading, found, why=why, to_do=to_do or ())
