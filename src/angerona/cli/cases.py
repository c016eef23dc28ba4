"""`angerona scenarios`: cases with their lawful outcome, and each that came out otherwise."""

from __future__ import annotations

from angerona.cli.asking import loaded
from angerona.cli.files import CASES_LIMIT, place_of, read_json
from angerona.cli.output import say_styled
from angerona.cli.page import HEADING, Page, width_now
from angerona.cli.progress import Progress
from angerona.errors import BadAsk
from angerona.packs.scenarios import read_cases, run_case


def run_file(name: str, folder: str | None) -> int:
    """Run the cases of one file; 1 if one came out otherwise than expected."""
    raw = read_json(name, CASES_LIMIT)
    try:
        cases = read_cases(raw)
    except BadAsk as problem:
        raise BadAsk(f"{place_of(name)}: {problem.place}", problem.wrong, problem.allowed) from None
    packs = loaded(folder)
    progress = Progress("cases", len(cases))
    right = 0
    for case in cases:
        mismatch = run_case(case, packs)
        progress.step()
        if mismatch is None:
            right += 1
            continue
        page = Page()
        page.headline(f"{case.id}  {case.title}", HEADING)
        page.items(mismatch.differences)
        say_styled(page.lines(width_now()))
    page = Page()
    page.paragraph(f"{right}/{len(cases)} as expected")
    say_styled(page.lines(width_now()))
    return 0 if right == len(cases) else 1
