"""The command line as a door: a practice of its own, founded and used by commands alone."""

import contextlib
import io
import json
import sys
from unittest import mock

from angerona.cli.edge import run
from theft.words import TELEPHONE


def command_line(desk):
    """A practice of its own, founded and used from the command line; one command is misused.

    What a person brings or is handed (passwords, imports, papers, packets) lies elsewhere.
    """
    own, data = desk.elsewhere, desk.folder / "cli"
    name, word = desk.typed("member"), desk.typed("password")
    password = own / "password"
    password.write_text(word)
    password.chmod(0o600)
    notes = own / "notes.csv"
    client = desk.typed("client")
    notes.write_text(f"client,date,class,heading,text\n{client},2025-03-01,risk,,{word}\n")
    signed = ["--data", data, "--as", name, "--password-file", password]
    founding = ["--data", data, "--keeper", f"file:{own / 'boot'}", "--papers", own / "papers"]
    founding += ["--name", desk.typed("practice"), "--place", "us-ca", "--member", name]
    founding += ["--role", "psychologist", "--password-file", password]
    founding += [part for _ in range(3) for part in ("--seat", desk.typed("seat"))]
    packet = ["--to", "client", "--purpose", "client_request", "--out", own / "packet", "--yes"]
    colleague = desk.typed("colleague")
    brought = own / f"{desk.typed('filename')}.txt"
    brought.write_text(desk.typed("file") * 9)
    told = own / "facts.json"
    told.write_text(json.dumps({"recipient.identity_verified": True}))
    for expected, typed, *command in (
        (0, "", "init", *founding),
        (0, "", "import", notes, "--data", data, "--by", name, "--password-file", password),
        (0, "", "clients", *signed),
        (0, desk.typed("note"), "note", client, "--class", "progress_note", *signed),
        (0, desk.typed("note"), "note", client, "--file", brought, *signed),
        (0, desk.typed("left"), "leave", client, "--heading", desk.typed("h"), *signed),
        (0, "", "look", client, *signed),
        (0, desk.typed("why"), "emergency", client, *signed),
        (2, "", "fetch", client, desk.typed("entry"), "--to", own / "fetched", *signed),
        (0, "", "look", client, "--list", *signed),
        (0, "", "who-looked", client, *signed),
        (None, "", "disclose", client, *packet, "--facts", told, "--for", desk.typed("f"), *signed),
        (0, "", "member", "enrol", colleague, "--role", "nurse", "--new-file", password, *signed),
        (0, "", "member", "list", *signed),
        (0, "", "member", "recovery-code", "--sheet", own / "code.pdf", *signed),
        (0, json.dumps(told_of(desk)), "client", "enrol", "-", *signed),
        (0, "", "client", "show", client, *signed),
        (0, '{"facts": {"client.age": 40}}', "client", "facts", client, "-", *signed),
        (0, "", "client", "way-in", client, desk.typed("own"), "--new-file", password, *signed),
        (0, "", "tie", "begin", client, colleague, "treating", *signed),
        (0, "", "tie", "list", client, *signed),
        (2, json.dumps({desk.typed("key"): 1}), "client", "enrol", "-", *signed),
        (2, "", "tie", "begin", client, desk.typed("w"), desk.typed("relation"), *signed),
        (2, "", "tie", "end", client, desk.typed("tie"), *signed),
        (2, "", "look", desk.typed("stranger"), *signed),
        (2, "", "member", "post", desk.typed("nobody"), desk.typed("post"), *signed),
        (2, desk.typed("n"), "note", client, "--class", desk.typed("class"), *signed),
        (2, "", "clients", *signed[:3], desk.typed("nobody"), *signed[4:]),
    ):
        with mock.patch("angerona.cli.asking.load", return_value=desk.packs):  # Once.
            code = commanded([str(part) for part in command], typed)
        assert expected in {None, code}, (command[0], code)


def told_of(desk):
    """A client as a file tells of one."""
    mail = f"{desk.typed('mail')}@example.org"
    return {"name": desk.typed("enrolled"), "contact": {"telephone": TELEPHONE, "mail": mail}}


def commanded(arguments, typed):
    """A command in this process; what it shows on stdout is for the eyes of who asked."""
    shown = io.StringIO()
    before, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(typed.encode()))
    hook = sys.excepthook
    try:
        with contextlib.redirect_stdout(shown):
            return run(arguments)
    finally:
        sys.stdin, sys.excepthook = before, hook
