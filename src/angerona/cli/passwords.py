"""`angerona password`: another password, by the old one or by the recovery code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from angerona.cli.entrance import (
    ask_unseen,
    asked_for,
    new_password,
    now,
    opened,
    read_secret,
    sign_in_here,
)
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.settings import data_folder
from angerona.practice.members import (
    change_password,
    sign_in_with_recovery_code,
)

if TYPE_CHECKING:
    from angerona.cli.entrance import Entry


def change(entry: Entry, *, by_code: bool, recovery_file: str | None, new_file: str | None) -> None:
    """Sign in, and give another password; every session of this person ends with it."""
    with opened(data_folder(entry.data)) as vault:
        if by_code:
            name = entry.name if entry.name is not None else asked_for("Your name in this practice")
            code = _code(recovery_file)
            cookie = sign_in_with_recovery_code(vault, name, code, now())
        else:
            cookie = sign_in_here(vault, entry)
        new = new_password(new_file, "The new password")
        with vault.visit(cookie, now()) as visit:
            change_password(visit, new)
    page = Page()
    page.headline("The password is changed; the old one opens nothing any more.", "bold green")
    page.item("Your recovery code stays as it is.")
    say_styled(page.lines(width_now()))


def _code(file: str | None) -> str:
    if file is None:
        return ask_unseen("Your recovery code")
    return read_secret(file, "the recovery file")
