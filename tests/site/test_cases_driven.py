"""Every case of the specification, driven: what must go goes in a few clicks, what may not never.

Where the law demands an answer, whoever treats gives it from the request's own page in at most
twelve clicks, and its time is shown. Where nothing may leave, nothing does, whatever is pressed,
forged or asked of the gate itself.
"""

import contextlib
import html
import re
from collections import defaultdict

import pytest

from angerona.errors import AngeronaError
from angerona.gate.door import Prepared, Shown
from angerona.gate.gathering import Wish
from angerona.practice.durations import in_words
from angerona.words import EVERYTHING, SPEAKING_PURPOSES
from driven import MORNING, Driven, practice_of
from spec.gathering import all_cases

CLICKS_MAX = 12
FROM_MEMORY = frozenset({"ca-ab", "ca-bc", "ca-qc"})
"""Their rules rest on no text that was seen, so that nothing can be written there yet."""
GROUPS = defaultdict(list)
for _case in all_cases():
    GROUPS[tuple(_case.ask["packs"]), _case.expect["outcome"]].append(_case)


def cases(outcome):
    """Those of an outcome, by the packs that bind."""
    found = {packs: some for (packs, ends), some in GROUPS.items() if ends == outcome}
    return [pytest.param(packs, some, id="+".join(packs)) for packs, some in found.items()]


def outside(case):
    return case.ask["to"] != "workforce" and case.ask.get("act", "hand_over") == "hand_over"


@pytest.mark.parametrize(("packs", "some"), cases("deny"))
def test_where_nothing_may_leave_nothing_does(packs, some, tmp_path):
    with practice_of(packs, tmp_path / "practice") as site:
        for case in some:
            driven = Driven(site, case)
            tried = refused if outside(case) else unseen
            tried(driven)
            assert driven.left() == [], case.id


def refused(driven):
    """Press whatever there is, and forge what there is not."""
    visitor, texts = driven.enters(), []
    taken = driven.request(visitor)
    if taken.status == 303:
        texts += driven.pressed(visitor, taken.to.partition("?")[0])
    for needle in driven.needles.values():
        assert not any(needle in html.unescape(one.text) for one in texts), driven.case.id
    asked_of_the_gate(driven)


def asked_of_the_gate(driven):
    ask = driven.ask
    wish = Wish(
        wants=tuple(driven.needles),
        purpose=ask["purpose"],
        to=ask["to"],
        instrument=ask["instrument"],
        facts=ask["facts"],
    )
    driven.practice.open(driven.who, MORNING)
    with driven.practice.visit(driven.who, MORNING) as visit, contextlib.suppress(AngeronaError):
        given = driven.practice.door.release(
            visit, driven.client_id, wish, recipient="whoever asks"
        )
        assert not isinstance(given, Prepared), driven.case.id


def unseen(driven):
    """Nobody inside sees what the rules keep from him or her."""
    driven.practice.open(driven.who, MORNING)
    with contextlib.suppress(AngeronaError):
        shown = driven.practice.look(
            driven.who,
            driven.client_id,
            MORNING,
            purpose=driven.ask["purpose"],
            facts=driven.ask["facts"],
        )
        entries = shown.entries if isinstance(shown, Shown) else ()
        kept_back = driven.case.expect["withhold"] or driven.ask["wants"]
        assert not {place.wanted for place, _ in entries}.intersection(kept_back), driven.case.id


@pytest.mark.parametrize(
    ("packs", "some"),
    [one for one in cases("require") if FROM_MEMORY.isdisjoint(one.values[0])],
)
def test_what_must_go_goes_in_a_few_clicks_and_its_time_is_shown(packs, some, tmp_path):
    with practice_of(packs, tmp_path / "practice") as site:
        for case in filter(outside, some):
            if case.ask["purpose"] in SPEAKING_PURPOSES or case.expect["release"] == ["ledger"]:
                continue  # these have pages of their own: what asks faster, who looked
            handed_over(Driven(site, case, treats=True))


def handed_over(driven):
    case, visitor = driven.case, driven.enters()
    taken = driven.request(visitor)
    assert taken.status == 303, (case.id, taken.text)
    path = taken.to.partition("?")[0]
    about = f"/matters/{path.rpartition('/')[2]}"
    expected = set(case.expect["release"]) & driven.needles.keys()

    def is_enough():
        outcome, released = driven.goes(path)
        return outcome == "require" and expected <= released

    page, answers = driven.answered(visitor, path, is_enough=is_enough)
    assert "Choose what goes" in page.text, (case.id, page.text)
    due = case.expect["deadline"]
    if due:
        assert in_words(due) in page.text or "at once" in page.text.lower(), (case.id, due)
    choose = visitor.get(f"{about}/choose")
    ticked = re.findall(r'name="entry" value="(\w{32})" checked', choose.text)
    assert visitor.post(f"{about}/choose", {"entry": ticked}).status == 303, case.id
    last = visitor.get(f"{about}/leaves")
    seen = re.search(r'name="seen" value="(\w{64})"', last.text)
    assert seen, (case.id, last.text)
    blanks = re.findall(r'name="(blank:[^"]+)"', last.text)
    form = {"seen": seen[1], "how": "by post", "form": "json", **dict.fromkeys(blanks, "as asked")}
    got = visitor.post(f"{about}/leaves", form)
    assert got.status == 200, (case.id, got.text)
    clicks = 2 + answers + 2 + 1
    assert clicks <= CLICKS_MAX, (case.id, clicks)
    went = {one for one, needle in driven.needles.items() if needle.encode() in got.data}
    wants = set(driven.classes)
    expected = (
        set(case.expect["release"]) & wants if EVERYTHING not in driven.ask["wants"] else set()
    )
    assert expected <= went, case.id
    assert went.isdisjoint(case.expect["withhold"]), case.id
