"""`angerona ask`: from a file, from standard input, or by interview."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from angerona.cli.explaining import close, explain
from angerona.cli.files import ASK_LIMIT, check_target, read_json, write_json
from angerona.cli.output import complain, say, say_styled, speaks_unicode
from angerona.cli.page import width_now
from angerona.errors import BadAsk
from angerona.packs import load, load_folder
from angerona.packs.loading import warnings_of
from angerona.practice.answers import Told
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide

if TYPE_CHECKING:
    from angerona.rules.compile import Packs


def loaded(folder: str | None) -> Packs:
    """The packs of a folder, or those that ship."""
    return load() if folder is None else load_folder(Path(folder))


def answer_file(name: str, *, readable: bool, folder: str | None) -> None:
    """Answer the Ask in a file: as JSON, or for a person."""
    raw = read_json(name, ASK_LIMIT)
    packs = loaded(folder)
    ask = read_ask(raw, packs.facts, packs.packs)
    answer = decide(ask, packs)
    if readable:
        page = close(explain(Told(ask, answer, packs)))
        say_styled(page.lines(width_now()))
        return
    for warning in warnings_of(packs, ask.packs):
        complain(f"note: {warning}")
    unicode = speaks_unicode(sys.stdout)  # escapes are UTF-8 too, and safe on any other terminal
    say(json.dumps(answer.as_json(), indent=2, ensure_ascii=not unicode))


def answer_interview(*, save: str | None, force: bool, folder: str | None) -> None:
    """Ask a person, and answer for a person."""
    from angerona.cli.interview import hold  # noqa: PLC0415 -- a file needs no interview
    from angerona.cli.steps import add_steps  # noqa: PLC0415 -- the same

    if save is not None:
        check_target(save, force=force)
    packs = loaded(folder)
    raw = hold(packs)
    if save is not None:
        write_json(save, raw, force=force)
    ask = read_ask(raw, packs.facts, packs.packs)
    told = Told(ask, decide(ask, packs), packs)
    page = explain(told)
    add_steps(page, told)
    say_styled(close(page).lines(width_now()))


def check_options(file: str | None, *, save: str | None, force: bool) -> None:
    """Refuse options that would do nothing. Raises `BadAsk`."""
    if file is not None and save is not None:
        raise BadAsk("--save", "goes with the interview", "leave the file out, or leave --save out")
    if force and save is None:
        raise BadAsk("--force", "goes with --save")
