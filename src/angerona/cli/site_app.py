"""The commands for the site: serving a practice to browsers."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import Data, group

site = group("The site.")


Mail = Annotated[
    str | None,
    typer.Option(
        "--mail", metavar="ADDRESS", help="The mail server that pages whoever is on call."
    ),
]
MailFrom = Annotated[
    str | None, typer.Option("--mail-from", metavar="ADDRESS", help="From whom its mail comes.")
]
MailLogin = Annotated[
    str | None,
    typer.Option("--mail-login", metavar="FILE", help="Its user and password: two lines (0600)."),
]


@site.command()
def serve(  # noqa: PLR0913 -- each is an option of the command
    *,
    data: Data = None,
    host: Annotated[
        str, typer.Option("--host", help="The address of this machine to listen on.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port to listen on.")] = 8420,
    certificate: Annotated[
        str | None, typer.Option("--certificate", metavar="FILE", help="For TLS (PEM).")
    ] = None,
    key: Annotated[
        str | None, typer.Option("--key", metavar="FILE", help="The certificate's key (PEM, 0600).")
    ] = None,
    origin: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="How browsers call the site, behind a proxy."),
    ] = None,
    away: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Where the way off a client's pages leads."),
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", metavar="ADDRESS", help="Where a first run founds the practice; else a file."
        ),
    ] = None,
    spool: Annotated[
        str | None,
        typer.Option("--spool", metavar="FILE", help="Emergencies that the ledger lacks still."),
    ] = None,
    backups: Annotated[
        str | None,
        typer.Option("--backups", metavar="DIR", help="Make a backup there each day."),
    ] = None,
    keysets: Annotated[
        str | None,
        typer.Option("--keysets", metavar="DIR", help="Where its keysets go; best another disk."),
    ] = None,
    mail: Mail = None,
    mail_from: MailFrom = None,
    mail_login: MailLogin = None,
) -> None:
    """Serve the practice to browsers, until you press Ctrl-C."""
    from angerona.sealed.forgetting import (  # noqa: PLC0415 -- before all that takes time to load
        start_again_forgetting,
    )

    start_again_forgetting()
    from angerona.cli import serving  # noqa: PLC0415 -- --help opens nothing

    where = serving.Where(
        host=host, port=port, certificate=certificate, key=key, origin=origin, away=away
    )
    server = serving.mail_server(mail, mail_from, mail_login)
    code = serving.run(
        data, where, store=store, spool=spool, backups=backups, keysets=keysets, mail=server
    )
    raise typer.Exit(code)
