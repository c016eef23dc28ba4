"""`angerona who-looked`, `receipt` and `verify`: the list, its proof, and checking the proof."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from angerona.cli.deciding import read_established, settle, stop_inside, stop_leaving, told_of
from angerona.cli.entrance import inside, now
from angerona.cli.files import place_of
from angerona.cli.out_files import checked_target, write_out
from angerona.cli.output import say, say_styled, speaks_unicode
from angerona.cli.page import QUIET, Page, width_now
from angerona.errors import BadInput
from angerona.gate.gathering import RECEIPT, WHO_LOOKED
from angerona.gate.results import Receipt
from angerona.ledger import verifying
from angerona.ledger.verifying import MAGIC, NotProved, Unreadable
from angerona.notices.paragraphs import day
from angerona.practice.caseload import client_of
from angerona.practice.who_looked import in_words
from angerona.practice.zones import times_are
from angerona.rules.answer import AskFirst, Refuse
from angerona.sealed.zones import hour_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from angerona.cli.entrance import Entry, Inside
    from angerona.gate.gathering import Wish
    from angerona.ledger.lines import OpenedLine
    from angerona.practice.who_looked import Said

HONEST: Final = (
    "This is what this software wrote down. It cannot know what was seen or said outside it, and "
    "the law may delay some lines."
)


def who_looked(entry: Entry, client: str, *, as_json: bool, facts: str | None) -> None:
    """Every line about a client, in plain sentences or as JSON."""
    given = read_established(facts)
    with inside(entry) as here:
        client_id = client_of(here.now(), client)
        wish = settle(here, client_id, _with(WHO_LOOKED, given.facts))
        lines = here.door.who_looked(here.now(), client_id, facts=wish.facts)
        if isinstance(lines, AskFirst | Refuse):
            stop_inside("Who looked is not shown.", told_of(here, client_id, wish), lines)
        practice = here.practice
    if as_json:
        unicode = speaks_unicode(sys.stdout)
        say(json.dumps(_json(lines, practice.zone), indent=2, ensure_ascii=not unicode))
        return
    said = in_words(lines, practice.zone)
    say_styled(_page(said, practice.zone, times_are(practice.row.zone)).lines(width_now()))


def _json(lines: Iterable[OpenedLine], zone: datetime.tzinfo) -> list[dict[str, object]]:
    found = list(lines)
    return [
        {
            "line": said.place,
            "at": line.at.isoformat() if line.at else None,
            "kind": said.kind,
            "sentence": said.sentence,
            "body": dict(line.body),
        }
        for line, said in zip(found, in_words(found, zone), strict=True)
    ]


def _page(said: Iterable[Said], zone: datetime.tzinfo, clock: str) -> Page:
    page = Page()
    today = ""
    for one in said:
        that_day = day(one.at) if one.at else "Erased"
        if that_day != today:
            page.heading(that_day)
            today = that_day
        page.item(one.sentence, f"{hour_of(one.at, zone)}  " if one.at else "- ")
    page.space()
    page.paragraph(f"{clock} {HONEST}", style=QUIET)
    return page


def receipt(
    entry: Entry, client: str, *, out: str, since: str | None, facts: str | None, force: bool
) -> None:
    """Write the proof that a client takes home."""
    target = checked_target(out, force=force)
    older = None if since is None else _text(since)
    given = read_established(facts)
    with inside(entry) as here:
        client_id = client_of(here.now(), client)
        size = None if older is None else _size_of(older, here)
        wish = settle(here, client_id, _with(RECEIPT, given.facts))
        made = here.door.receipt(here.now(), client_id, facts=wish.facts, since=size)
        if not isinstance(made, Receipt):
            stop_leaving(told_of(here, client_id, wish))
        try:
            write_out(target, made.text.encode(), force=force)
        except BaseException:
            here.door.failed(made.prepared, now(), why="the receipt was not written")
            raise
        here.door.handed_over(
            made.prepared, now(), how="as a file", packet_id=made.prepared.written.event_id
        )
        key, _ = here.door.vault.ledger.published_keys()
    page = Page()
    page.headline(f"The proof of who looked is written: {target.name}", "bold green")
    page.item("Give it to the client, with the program that checks it: angerona verify, or")
    page.paragraph("the one file angerona/ledger/verifying.py, which needs Python alone.", indent=4)
    page.item("Whoever checks it should have the practice's key from elsewhere:")
    page.paragraph(key, indent=4)
    say_styled(page.lines(width_now()))


def verify(name: str, *, since: str | None, key: str | None) -> int:
    """Check a receipt as the file does that stands alone: 0 proved, 1 not proved, 2 unreadable."""
    options = [f"--since={since}"] if since is not None else []
    options += [f"--key={key}"] if key is not None else []
    return verifying.main([*options, "--", name])


def _with(wish: Wish, facts: dict[str, Any]) -> Wish:
    return replace(wish, facts=facts)


def _text(name: str) -> str:
    place = place_of(name)
    try:
        with Path(name).open("rb") as source:
            return source.read(verifying.SIZE_MAX).decode()
    except (OSError, ValueError):
        raise BadInput(place, "no readable text file", "an older receipt, or a head") from None


def _size_of(older: str, here: Inside) -> int:
    """How large the ledger was in an older receipt or head. Raises `BadInput`."""
    try:
        note = verifying.read_receipt(older).note if older.startswith(MAGIC) else older
        return verifying.verify_checkpoint(note, here.door.vault.ledger.key).size
    except (NotProved, Unreadable) as problem:
        raise BadInput("--since", f"no receipt of this ledger: {problem}") from None
