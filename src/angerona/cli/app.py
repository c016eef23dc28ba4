"""The commands and their options; each hands over to a module that is loaded only when used."""

from __future__ import annotations

from typing import Annotated, Final

import typer

from angerona.cli.backup_app import backup
from angerona.cli.client_app import client
from angerona.cli.consents_app import consent
from angerona.cli.entries_app import entries
from angerona.cli.export_app import export
from angerona.cli.keys_app import keys
from angerona.cli.members_app import member
from angerona.cli.output import say
from angerona.cli.packet_app import packet
from angerona.cli.practice_app import practice
from angerona.cli.record_app import CODE, record
from angerona.cli.site_app import site
from angerona.cli.ties_app import tie

_SETTINGS: Final = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    help="May this reach this person, now? Answered from the law that is loaded.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)
pack = typer.Typer(
    help="Look at the packs of law.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)
app.add_typer(pack, name="pack")
app.add_typer(practice)
app.add_typer(record)
app.add_typer(packet, name="packet")
app.add_typer(entries)
app.add_typer(client, name="client")
app.add_typer(tie, name="tie")
app.add_typer(consent, name="consent")
app.add_typer(member, name="member")
app.add_typer(keys, name="keys")
app.add_typer(backup)
app.add_typer(export)
app.add_typer(site)

Folder = Annotated[
    str | None, typer.Option("--packs", metavar="DIR", help="Use the packs in this folder.")
]


@app.callback(invoke_without_command=True)
def angerona(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Say the version and stop.")] = False,
    code: Annotated[
        str | None,
        typer.Option("--code", metavar="DIGITS", help="What your authenticator app shows now."),
    ] = None,
) -> None:
    """May this reach this person, now? Answered from the law that is loaded."""
    CODE.set(code)
    if version:
        from angerona.cli.version import version_in_words  # noqa: PLC0415 -- only here

        say(version_in_words())
        raise typer.Exit
    _help_if_alone(context)


@pack.callback(invoke_without_command=True)
def packs(context: typer.Context) -> None:
    """Look at the packs of law."""
    _help_if_alone(context)


def _help_if_alone(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        say(context.get_help().rstrip())
        raise typer.Exit


@app.command()
def ask(
    file: Annotated[
        str | None,
        typer.Argument(metavar="[FILE.json|-]", help="The question; - reads it from a pipe."),
    ] = None,
    *,
    explain: Annotated[bool, typer.Option("--explain", help="Answer for a person.")] = False,
    save: Annotated[
        str | None,
        typer.Option(metavar="FILE.json", help="Write the question that the interview built."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over that file.")] = False,
    folder: Folder = None,
) -> None:
    """Put a question; without a file, be asked for it step by step."""
    from angerona.cli import asking  # noqa: PLC0415 -- --help needs no packs

    asking.check_options(file, save=save, force=force)
    if file is None:
        asking.answer_interview(save=save, force=force, folder=folder)
    else:
        asking.answer_file(file, readable=explain, folder=folder)


@app.command(hidden=True)  # for who writes law; the list of commands keeps to one screen
def scenarios(
    file: Annotated[str, typer.Argument(metavar="FILE.json", help="A list of cases.")],
    folder: Folder = None,
) -> None:
    """Run cases with their expected answers; exit 1 if one comes out otherwise."""
    from angerona.cli.cases import run_file  # noqa: PLC0415 -- --help needs no packs

    raise typer.Exit(run_file(file, folder))


@app.command()
def doctor(
    data: Annotated[
        str | None,
        typer.Option("--data", metavar="DIR", help="The folder of a practice's data."),
    ] = None,
) -> None:
    """Look at this machine and the data folder; exit 1 if something must be mended first."""
    from angerona.cli.doctor import examine  # noqa: PLC0415 -- --help needs no libraries

    raise typer.Exit(examine(data))


@pack.command("list")
def pack_list(folder: Folder = None) -> None:
    """List the packs that are loaded."""
    from angerona.cli.pack import list_packs  # noqa: PLC0415 -- --help needs no packs

    list_packs(folder)


@pack.command("show")
def pack_show(
    name: Annotated[str, typer.Argument(metavar="ID", help="A pack, such as us-ca.")],
    folder: Folder = None,
) -> None:
    """Show one pack: each rule with its source."""
    from angerona.cli.pack import show_pack  # noqa: PLC0415 -- --help needs no packs

    show_pack(name, folder)


@pack.command("check")
def pack_check(
    folder: Annotated[
        str | None, typer.Argument(metavar="[DIR]", help="A folder of packs.")
    ] = None,
) -> None:
    """Load packs and say whether all is well."""
    from angerona.cli.pack import check_packs  # noqa: PLC0415 -- --help needs no packs

    check_packs(folder)


@pack.command("prove")
def pack_prove(folder: Folder = None) -> None:
    """Prove what must always hold, for every question there could be; exit 1 if it does not."""
    from angerona.cli.proving import prove_packs  # noqa: PLC0415 -- needs the extra `prove`

    raise typer.Exit(prove_packs(folder))


@pack.command("diff")
def pack_diff(
    old: Annotated[str, typer.Argument(metavar="OLD.toml", help="The pack as it was.")],
    new: Annotated[str, typer.Argument(metavar="NEW.toml", help="The pack as it would be.")],
    folder: Folder = None,
) -> None:
    """Show which questions two versions of a pack answer differently."""
    from angerona.cli.proving import diff_packs  # noqa: PLC0415 -- needs the extra `prove`

    diff_packs(old, new, folder)
