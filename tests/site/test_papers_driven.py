"""Every paper of the specification that opens nothing, through the pages that tell papers apart.

Whoever is asked writes down a letter, looks at the paper, says what stands on it and reads it off.
What the paper is follows from that; and nothing leaves, whatever is pressed or forged.
"""

import html
from collections import defaultdict

import pytest

from angerona.practice.court_orders import STATED
from angerona.practice.legal_holds import PROCESS
from angerona.practice.matters import found
from angerona.practice.speaking import asked_in
from driven import MORNING, Driven, practice_of
from spec.gathering import all_cases

SEEN = {
    "court_order": ("order", "judge", "yes"),
    "protective_order": ("protective", "judge", "yes"),
    "search_warrant": ("warrant", "judge", "yes"),
    "administrative_warrant": ("warrant", "officer", "no"),
    "grand_jury_subpoena": ("grand_jury", "clerk", "yes"),
    "subpoena_court": ("subpoena", "clerk", "yes"),
    "administrative_subpoena": ("subpoena", "agency", "no"),
    "subpoena_attorney": ("subpoena", "attorney", "yes"),
    "discovery_request": ("discovery", "attorney", "yes"),
    "statutory_demand": ("demand", "agency", "no"),
}
"""What is seen of each kind: what stands at its top, who signed, whether it names a court."""
ANOTHER = "billing"
"""What a paper names that does not cover what is asked for."""
DENIED = [
    one
    for one in all_cases()
    if one.expect["outcome"] == "deny"
    and one.ask["to"] != "workforce"
    and one.ask["instrument"] in PROCESS
]
GROUPS = defaultdict(list)
for _case in DENIED:
    GROUPS[tuple(_case.ask["packs"])].append(_case)


def in_hand(case):
    """Which paper there is: the document of the case, or else what it was said to be."""
    [order, *_] = case.ask.get("orders") or [{}]
    return order.get("kind", case.ask["instrument"])


def signed_by(case):
    """Who signed the paper of a case, as far as it says so."""
    [order, *_] = case.ask.get("orders") or [{}]
    signer = order.get("signed_by", SEEN[in_hand(case)][1])
    is_a_judge_s = case.ask["facts"].get("order.signed_by_judge", True)
    return "clerk" if signer == "judge" and not is_a_judge_s else signer


def told_apart(driven, visitor):
    """Taken down as a letter, then told apart by what is seen on it: the path, and what it is."""
    title, _, names_court = SEEN[in_hand(driven.case)]
    fields = {
        "client": driven.client_id.hex(),
        "to": driven.ask["to"],
        "name": "Whoever asks",
        "instrument": "written_request",
        "purpose": driven.ask["purpose"],
        "wants": driven.ask["wants"],
        "received": MORNING.strftime("%Y-%m-%dT%H:%M"),
        "may_tell": "yes",
    }
    visitor.get("/requests/new")
    taken = visitor.post("/requests/new", fields)
    if taken.status != 303:
        return None, ""
    path = taken.to.partition("?")[0]
    seen = {"title": title, "signer": signed_by(driven.case), "names_court": names_court}
    given = visitor.post(f"{path}/paper", {**seen, "commands": "records"})
    assert given.status == 303, (driven.case.id, given.text)
    with driven.practice.visit(driven.who, MORNING) as visit:
        matter = found(visit, bytes.fromhex(path.rpartition("/")[2]))
    return path, asked_in(matter).instrument


def read_off(driven, visitor, path):
    """What stands on the paper of the case, as the form asks for it."""
    facts = driven.ask["facts"]
    [order, *_] = driven.ask.get("orders") or [{}]
    covers = facts.get("order.covers_these", True)
    said = {f"fact:{one}": "yes" if facts[one] else "no" for one in STATED if one in facts}
    fields = {
        "names": order.get("classes") or (driven.ask["wants"] if covers else [ANOTHER]),
        "to": (order.get("to") or [driven.ask["to"]])[0],
        "starts": order.get("from") or "",
        "ends": order.get("until") or "",
        "part2_findings": "yes" if facts.get("order.part2_findings") else "",
        "secret": "no",
        **said,
    }
    given = visitor.post(f"{path}/paper/read", fields)
    assert given.status == 303, (driven.case.id, given.text)


@pytest.mark.parametrize(
    ("packs", "some"), [pytest.param(*one, id="+".join(one[0])) for one in GROUPS.items()]
)
def test_a_paper_that_opens_nothing_opens_nothing_through_its_pages(packs, some, tmp_path):
    with practice_of(packs, tmp_path / "practice") as site:
        for case in some:
            driven = Driven(site, case)
            visitor = driven.enters()
            path, kind = told_apart(driven, visitor)
            if path is not None:
                is_as_it_looks = signed_by(case) == SEEN[in_hand(case)][1]
                assert (kind == in_hand(case)) == is_as_it_looks, (case.id, kind)
                read_off(driven, visitor, path)
                covers = case.ask["facts"].get("order.covers_these", True)
                texts = driven.pressed(visitor, path, is_shut=covers)
                for needle in driven.needles.values():
                    assert not any(needle in html.unescape(one.text) for one in texts), case.id
            assert driven.left() == [], case.id


def test_enough_papers_are_driven():
    assert len(DENIED) >= 29
    assert {one.ask["instrument"] for one in DENIED} <= SEEN.keys()
