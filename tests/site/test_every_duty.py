"""Each scenario of danger and abuse, in the pages: what must be told can be, what may not leaves.

The duty is carried out in at most twelve clicks, and its time limit stands on the way; where the
rules say no, nothing leaves by any way that a person can try. What somebody asks for on paper is
answered among the requests, and is none of these.
"""

import json
from dataclasses import replace

import msgspec
import pytest

from angerona.practice.durations import in_words
from angerona.practice.telling import KINDS, new_case, whom_one
from conftest import SHARED
from prepared_practice import AT, quick_passwords
from running_site import over
from small_practice import founded
from walker import Walker

CLICKS_MAX = 12
PURPOSES = {one for kind in KINDS.values() for one in kind.purposes}


def scenarios(outcome):
    path = SHARED / "scenarios" / "open.json"
    if not path.is_file():
        return [pytest.param(None, id="none")]
    return [
        pytest.param(one, id=one["id"])
        for one in json.loads(path.read_text(encoding="utf-8"))
        if one["ask"]["purpose"] in PURPOSES
        and one["expect"]["outcome"] == outcome
        and one["ask"]["instrument"] == "none"
    ]


def kind_of(ask):
    return "report" if ask["purpose"] == "abuse_report" else "danger"


def word(value):
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


class Place:
    """A practice under the law of a scenario, with somebody who treats Ada, and the pages."""

    def __init__(self, practice, site, ask, client_id):
        self.practice, self.site, self.ask, self.client_id = practice, site, ask, client_id
        self.kind = kind_of(ask)
        self.about = f"/clients/{client_id.hex()}"
        self.tab = f"{self.about}/{'abuse' if self.kind == 'report' else 'danger'}"

    def must(self, facts):
        with self.practice.visit("Tess") as visit:
            case = new_case(
                self.practice.door, visit, self.client_id, self.kind, learned=AT, facts=facts
            )
            to, declared = self.ask["to"], self.practice.door.packs.facts
            mine = {name: value for name, value in facts.items() if declared[name].telling}
            asked = msgspec.structs.replace(case.asked, more={"tellings": {to: mine}})
            return whom_one(replace(case, asked=asked), to).outcome == "require"

    def left(self):
        """What left: lines that say how, also where they are held back."""
        ledger = self.practice.vault.ledger
        lines = [
            *ledger.lines_of(self.client_id),
            *ledger.lines_of(self.practice.vault.practice_id),
        ]
        return [one for one in lines if {"announced", "how"} <= one.body.keys()]


@pytest.fixture
def place(tmp_path, request):
    scenario = request.param
    if scenario is None:
        pytest.skip(f"the scenarios are not in {SHARED}: set ANGERONA_SHARED")
    ask = scenario["ask"]
    on_file = {
        name: value
        for name, value in ask["facts"].items()
        if name.startswith(("client.", "record."))
    }
    with quick_passwords():
        practice = founded(tmp_path / "practice", packs=tuple(ask["packs"]))
        practice.enrol("Tess", roles=(ask["by"]["role"],))
    client_id = practice.client("Ada", treating="Tess", facts=on_file or {"client.age": 34})
    with over(practice) as site:
        made = Place(practice, site, ask, client_id)
        made.scenario = scenario
        yield made
    practice.vault.store.close()


def needed(place, walker, known):
    """Of what can be answered on this page, what is enough; all that is known, where none is."""
    there = (
        one.name.removeprefix("fact:")
        for form in walker.shown.forms
        for one in form.fields
        if one.name.startswith("fact:")
    )
    told = place.ask["facts"]
    facts = {name: told[name] for name in there if name in told and name not in known}
    if not place.must(known | facts):
        return facts
    for name in list(facts):
        less = {one: value for one, value in facts.items() if one != name}
        if place.must(known | less):
            facts = less
    return facts


@pytest.mark.parametrize("place", scenarios("require"), indirect=True)
def test_what_must_be_told_is_told_in_a_few_clicks(place):
    walker, known, to = Walker(place.site.in_session("Tess"), place.about), {}, place.ask["to"]
    walker.follow(place.tab)
    limits = []
    while not place.must(known) or not walker.path.endswith(f"/tell/{to}"):
        limits.append(walker.page.text)
        given = {} if place.must(known) else needed(place, walker, known)
        if given:
            known |= given
            walker.send((), {f"fact:{name}": word(value) for name, value in given.items()})
        else:  # what is asked about this telling alone stands on its own page
            walker.follow(next(one for one in walker.shown.links if one.endswith(f"/tell/{to}")))
    limits.append(walker.page.text)
    form = next(one for one in walker.shown.forms if one.action.endswith(f"/tell/{to}"))
    checked = {"checked": "yes"} if ("checked", "yes") in form.buttons else {}
    assert walker.send(("said",), checked).status == 303
    assert place.left(), "nothing was written down"
    assert walker.clicks <= CLICKS_MAX, walker.clicks
    if deadline := place.scenario["expect"]["deadline"]:
        said = {in_words(deadline), in_words(deadline, working=True)} - {""} or {"at once"}
        assert any(one in page for page in limits for one in said), limits[-1]


@pytest.mark.parametrize("place", scenarios("deny"), indirect=True)
def test_what_may_not_be_told_leaves_by_no_way(place):
    to, facts = place.ask["to"], place.ask["facts"]
    tess = place.site.in_session("Tess")
    tess.get(place.tab)
    place.practice.keep("Tess", place.client_id, KINDS[place.kind].of_class, "what was said")
    asked = {f"fact:{name}": word(value) for name, value in facts.items()}
    begun = tess.post(place.tab, {**asked, "learned": ""})
    assert begun.status == 303, begun.text
    about = f"/matters/{begun.to.split('/')[2].partition('?')[0]}"
    page = tess.get(f"{'/reports' if place.kind == 'report' else '/dangers'}/{about[9:]}")
    assert "Always open to you" in page.text, "never a bare no"
    assert "Whom to call" in page.text
    tess.post(f"{about}/found", {**asked, "to": to})
    for sent in ({"checked": "yes", "said": "all of it"}, {"said": "all of it"}, {}):
        tess.post(f"{about}/tell/{to}", sent)
    tess.post(f"{about}/tell/{to}/writing", {"wants": list(KINDS[place.kind].wants)})
    entries = [one.entry_id.hex() for one in place.practice.vault.places(place.client_id)]
    tess.post(f"{about}/choose", {"entry": entries})
    shown = tess.get(f"{about}/leaves")
    assert 'name="seen"' not in shown.text
    form = {"seen": "0" * 64, "how": "by post", "form": "json"}
    assert not tess.post(f"{about}/leaves", form).data.startswith(b"{")
    assert not place.left()
