"""The commands for members: who works here, a new colleague, posts, recovery codes."""

from __future__ import annotations

from typing import Annotated

import typer

from angerona.cli.record_app import As, Data, Force, Paper, PasswordFile, entry_of, group

member = group("Members: who works here, and with which posts.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The name colleagues know them by.")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DAY", help="The last day; else no end.")
]
FirstPassword = Annotated[
    str | None,
    typer.Option("--new-file", metavar="FILE", help="A first password (0600); else typed."),
]
SheetFile = Annotated[
    str | None,
    typer.Option("--sheet", metavar="FILE.pdf", help="Set the recovery code on a page (0600)."),
]


@member.command("list")
def member_list(*, data: Data = None, who: As = None, password_file: PasswordFile = None) -> None:
    """List who works here, with professions and posts."""
    from angerona.cli.members import list_members  # noqa: PLC0415 -- --help opens nothing

    list_members(entry_of(data, who, password_file))


@member.command("enrol")
def member_enrol(  # noqa: PLR0913 -- each option is one question of the enrolment
    name: Name,
    *,
    role: Annotated[
        list[str] | None, typer.Option("--role", help="A profession; may be repeated.")
    ] = None,
    post: Annotated[
        list[str] | None,
        typer.Option("--post", help="A post that you hold yourself; may be repeated."),
    ] = None,
    new_file: FirstPassword = None,
    sheet: SheetFile = None,
    paper: Paper = "a4",
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Enrol a colleague, as the privacy officer; the recovery code is shown once."""
    from angerona.cli import members  # noqa: PLC0415 -- --help opens nothing

    members.enrol(
        entry_of(data, who, password_file),
        name,
        roles=role or (),
        posts=post or (),
        new_file=new_file,
        sheet=members.Sheet(file=sheet, paper=paper, force=force),
    )


@member.command("post")
def member_post(
    name: Name,
    post: Annotated[str, typer.Argument(metavar="POST", help="Such as on_call.")],
    *,
    until: Until = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Give a post that you hold to a colleague too, as the privacy officer."""
    from angerona.cli import members  # noqa: PLC0415 -- --help opens nothing

    members.post(entry_of(data, who, password_file), name, post, until=until)


@member.command("role")
def member_role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A profession, such as nurse.")],
    *,
    until: Until = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Give a colleague a further profession, as the privacy officer."""
    from angerona.cli import members  # noqa: PLC0415 -- --help opens nothing

    members.role(entry_of(data, who, password_file), name, role, until=until)


@member.command("end-role")
def member_end_role(
    name: Name,
    role: Annotated[str, typer.Argument(metavar="ROLE", help="A profession, such as nurse.")],
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """End a profession of a colleague now, as the privacy officer."""
    from angerona.cli import members  # noqa: PLC0415 -- --help opens nothing

    members.end(entry_of(data, who, password_file), name, role)


@member.command("until")
def member_until(
    name: Name,
    what: Annotated[str, typer.Argument(metavar="ROLE-OR-POST", help="A role or a post.")],
    day: Annotated[
        str | None, typer.Argument(metavar="DAY", help="The last day; else no end.")
    ] = None,
    *,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Say until when a colleague has a role or a post, as the privacy officer."""
    from angerona.cli import members  # noqa: PLC0415 -- --help opens nothing

    members.until(entry_of(data, who, password_file), name, what, day)


PostsTo = Annotated[
    str | None,
    typer.Option("--posts-to", metavar="NAME", help="Who is given posts that nobody else holds."),
]


@member.command("take")
def member_take(
    name: Name,
    post: Annotated[str, typer.Argument(metavar="POST", help="Such as on_call.")],
    *,
    give_to: Annotated[
        str | None, typer.Option("--give-to", metavar="NAME", help="Who holds it from now on.")
    ] = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Take a post away from one person, as the privacy officer; its keys turn."""
    from angerona.cli import leaving  # noqa: PLC0415 -- --help opens nothing

    leaving.take(entry_of(data, who, password_file), name, post, give_to=give_to)


@member.command("leave")
def member_leave(
    name: Name,
    *,
    clients_to: Annotated[
        str | None,
        typer.Option(
            "--clients-to", metavar="NAME", help="Who treats those whom nobody else treats."
        ),
    ] = None,
    posts_to: PostsTo = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """End a membership, your own or as the privacy officer; no client is left alone."""
    from angerona.cli import leaving  # noqa: PLC0415 -- --help opens nothing

    entry = entry_of(data, who, password_file)
    leaving.leave(entry, name, clients_to=clients_to, posts_to=posts_to)


@member.command("shut-out")
def member_shut_out(
    name: Name,
    *,
    posts_to: PostsTo = None,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """End somebody's access at once, as the privacy officer; the ties stay for now."""
    from angerona.cli import leaving  # noqa: PLC0415 -- --help opens nothing

    leaving.lock_out(entry_of(data, who, password_file), name, posts_to=posts_to)


@member.command("recovery-code")
def recovery_code(
    *,
    sheet: SheetFile = None,
    paper: Paper = "a4",
    force: Force = False,
    data: Data = None,
    who: As = None,
    password_file: PasswordFile = None,
) -> None:
    """Have a new recovery code; the former one lets nobody in any more."""
    from angerona.cli import members  # noqa: PLC0415 -- --help opens nothing

    entry = entry_of(data, who, password_file)
    members.recovery_code(entry, members.Sheet(file=sheet, paper=paper, force=force))
