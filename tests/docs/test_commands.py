"""docs/COMMANDS.md and docs/IMPORTING.md keep step with the command line."""

import re

import typer
from typer.main import get_command

from angerona.cli.app import app
from angerona.practice.importing import REJECTED_MAX
from angerona.practice.importing_notes import CLASSES_TAKEN, OPTIONAL, OWN_COLUMNS
from angerona.practice.importing_rows import FILE_BYTES_MAX, LIST_BYTES_MAX, ROW_BYTES_MAX
from angerona.sealed.entries import HEADING_CHARACTERS_MAX, TEXT_BYTES_MAX


def commands():
    """Every command as it is typed, groups with their subcommands."""
    for name, command in get_command(app).commands.items():
        inner = getattr(command, "commands", None)
        yield from ([f"{name} {one}" for one in inner] if inner else [name])


def test_every_command_is_in_its_document(root):
    text = (root / "docs" / "COMMANDS.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| `angerona ")]
    listed = set()
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row.split("|")[1])
        words = first.removeprefix("angerona ").split()
        group = [word for word in words[:2] if word.islower() and not word.startswith("-")]
        listed.add(" ".join(group))
        for other in others:
            plain = other.removeprefix("angerona ")
            listed.update({plain, f"{group[0]} {plain}"})
    assert set(commands()) <= listed


def test_every_help_says_what_it_does():
    for name in commands():
        command = get_command(app)
        for part in name.split():
            command = command.commands[part]
        assert command.help, name
    assert isinstance(app, typer.Typer)


def test_the_columns_classes_and_bounds_of_an_import_are_told(root):
    text = (root / "docs" / "IMPORTING.md").read_text(encoding="utf-8")
    for column in (*OWN_COLUMNS, OPTIONAL):
        assert f"| `{column}` |" in text
    listed = re.search(r"^Classes: (.*?)\.$", text, re.MULTILINE | re.DOTALL)[1]
    assert set(re.findall(r"`(\w+)`", listed)) == set(CLASSES_TAKEN)
    bounds = (REJECTED_MAX, FILE_BYTES_MAX, LIST_BYTES_MAX, ROW_BYTES_MAX, TEXT_BYTES_MAX)
    for bound in (*bounds, HEADING_CHARACTERS_MAX):
        assert f"{bound:,}" in text
