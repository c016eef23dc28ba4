"""`angerona pack prove` and `pack diff`: what a prover says. Needs the extra `prove`."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from angerona.cli.asking import loaded
from angerona.cli.output import ask_aloud, say, say_styled
from angerona.cli.page import Page, width_now
from angerona.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _with_prover() -> Iterator[None]:
    """Turn a prover that is not installed into one line that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as problem:
        if (problem.name or "").partition(".")[0] != "z3":
            raise
        raise MissingExtra("this needs the prover: pip install 'angerona[prove]'") from problem


def prove_packs(folder: str | None) -> int:
    """Try every proof; 1 if one does not hold."""
    with _with_prover():
        from angerona.packs.proofs import prove  # noqa: PLC0415 -- the prover is an extra

        packs = loaded(folder)
        ask_aloud(f"proving over {len(packs.packs)} packs\n")
        holds = prove(packs, say)
    say("every proof holds" if holds else "not every proof holds")
    return 0 if holds else 1


def diff_packs(old: str, new: str, folder: str | None) -> None:
    """Each difference as a sentence, with a question on which the two versions part."""
    with _with_prover():
        from angerona.packs.changes import changes  # noqa: PLC0415 -- the prover is an extra

        packs = loaded(folder)
        ask_aloud("comparing\n")
        found = changes(Path(old), Path(new), packs)
    for change in found:
        page = Page()
        page.headline(change.sentence, "bold")
        say_styled(page.lines(width_now()))
        say(f"  {json.dumps(change.ask)}")
    say(f"{len(found)} changes" if len(found) != 1 else "1 change")
