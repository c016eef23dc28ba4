"""The commands for backups: making one in two sets, and restoring a practice from them."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import Data, group

backup = group("Backups.")

Keysets = Annotated[
    str | None,
    typer.Option(
        "--keysets", metavar="DIR", help="Where the keyset sets lie; best on another disk."
    ),
]
Identity = Annotated[
    str | None,
    typer.Option("--identity", metavar="FILE", help="Age identities, one of which opens it."),
]


@backup.command("backup")
def back_up(
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="Where the backups go; not in the data folder.")
    ],
    *,
    keysets: Keysets = None,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="age1...", help="A further age recipient of the keyset."),
    ] = None,
    identity: Identity = None,
    prune: Annotated[
        bool, typer.Option("--prune", help="Delete keyset sets older than 35 days.")
    ] = False,
    data: Data = None,
) -> None:
    """Make a backup in two sets; exit 1 if older keysets should be gone, or rows were changed."""
    from angerona.cli.backing_up import back_up as work  # noqa: PLC0415 -- --help opens nothing

    code = work(data, folder, keysets=keysets, to=to or (), identity=identity, prune=prune)
    raise typer.Exit(code)


@backup.command()
def restore(  # noqa: PLR0913 -- each is a thing that a restore needs, or may be told
    folder: Annotated[
        str, typer.Argument(metavar="DIR", help="The folder that `angerona backup` wrote to.")
    ],
    *,
    into: Annotated[str, typer.Option("--into", metavar="DATA", help="A new data folder.")],
    keysets: Keysets = None,
    content: Annotated[
        str | None,
        typer.Option("--content", metavar="NAME", help="An older content set; else the newest."),
    ] = None,
    identity: Identity = None,
    seat_file: Annotated[
        str | None,
        typer.Option(
            "--seat-file", metavar="FILE", help="A key holder's 24 words; typed if left out."
        ),
    ] = None,
    kit_file: Annotated[
        list[str] | None,
        typer.Option(
            "--kit-file",
            metavar="FILE",
            help="The recovery kit's words; once for each share of it.",
        ),
    ] = None,
    head: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="FILE", help="A head remembered elsewhere; repeatable."),
    ] = None,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Go on though newer lines are known.")
    ] = False,
    store: Annotated[
        str | None, typer.Option("--store", metavar="ADDRESS", help="SQLite inside, if left out.")
    ] = None,
    keeper: Annotated[
        str, typer.Option("--keeper", metavar="ADDRESS", help="What keeps the boot secret.")
    ] = "prompt:",
) -> None:
    """Restore a practice: a content set, the newest keyset, a key holder, the boot secret."""
    from angerona.cli.restoring import Wanted, restore_practice  # noqa: PLC0415 -- as above

    restore_practice(
        Wanted(
            folder=folder,
            into=into,
            keysets=keysets,
            content=content,
            identity=identity,
            seat_file=seat_file,
            kit_files=kit_file or (),
            heads=head or (),
            accept_loss=accept_loss,
            store=store,
            keeper=keeper,
        )
    )
