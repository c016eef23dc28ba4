"""What leaves is what was looked at last, of the classes that may go, or nothing."""

import json
from dataclasses import replace

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from angerona.errors import AngeronaError, BadInput, Conflicting
from angerona.gate.keeping import Draft
from angerona.gate.paring import LeftOut
from angerona.gate.results import Kept, Proposed
from angerona.practice.consents import take_back_consent
from angerona.practice.handing_over import HandedOver, Outgoing
from angerona.practice.preparing import as_it_goes
from angerona.practice.requests import NewRequest, answer_with, request, take_down
from angerona.practice.speaking import (
    Asked,
    asked_in,
    choose,
    leave_out,
    leaving_of,
    proposed,
)
from consenting import TERMS, WISH, signed
from prepared_practice import AT, prepared, quick_passwords

CLASSES = ("diagnosis", "treatment_plan", "history", "assessment", "medication")
CHANGES = ("nothing", "taken back", "another consent", "another version", "an entry more")


@pytest.fixture
def site(tmp_path_factory):
    """A practice of its own for each example."""

    def opened():
        copy = prepared().copied(tmp_path_factory.mktemp("speaking") / "copy")
        return copy, copy.opened()

    return opened


def some(of):
    return st.lists(st.sampled_from(of), min_size=1, unique=True)


@st.composite
def requests(draw):
    """What may go, what is asked for, what is chosen of it, and what has a gap."""
    wants = draw(some(CLASSES))
    chosen = draw(some(wants))
    allowed = sorted({*draw(some(CLASSES)), *(chosen if draw(st.integers(0, 4)) else ())})
    return allowed, wants, chosen, draw(st.sets(st.sampled_from(chosen)))


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(asked_for=requests(), change=st.sampled_from(CHANGES))
def test_what_leaves_is_what_was_looked_at_or_nothing(site, asked_for, change):
    allowed, wants, chosen, gaps = asked_for
    copy, opening = site()
    with quick_passwords(), opening as practice:
        ada, door = copy.clients["Ada"], practice.door
        consent_id = signed(practice, ada, replace(TERMS, classes=tuple(allowed)))
        entries = {one.wanted: one for one in practice.vault.places(ada) if one.wanted in chosen}
        asked = Asked(
            to="insurer",
            purpose="insurance",
            instrument="consent",
            received=AT,
            wants=tuple(wants),
            facts=dict(WISH.facts) | {"purpose.established": True},
        )
        may_go = set(allowed) & set(wants)
        with practice.visit("Tess") as visit:
            matter = request(visit, take_down(door, visit, NewRequest(asked=asked, client_id=ada)))
            matter = choose(visit, matter, [one.entry_id for one in entries.values()])
            for wanted in gaps & entries.keys():
                left = LeftOut(entries[wanted].entry_id, entries[wanted].version, ((0, 5),))
                matter = leave_out(visit, matter, left)
            try:
                seen = proposed(door, visit, matter)
            except BadInput:
                is_nothing = not may_go & set(chosen)
                assert is_nothing or not set(chosen) <= set(wants) or not gaps <= may_go
                return
            if not isinstance(seen, Proposed):
                assert not may_go
                return
            shown = {
                place.entry_id: text.text for place, text in as_it_goes(door, visit, matter, seen)
            }
        changed(practice, ada, consent_id, change, entries)
        with practice.visit("Tess") as visit:
            outgoing = Outgoing(leaving=leaving_of(door, matter), form="json", seen=seen.seen)
            try:
                made = answer_with(door, visit, request(visit, matter.matter_id), outgoing)
            except (Conflicting, BadInput):
                made = None
        is_as_it_was = change in {"nothing", "an entry more"}
        assert isinstance(made, HandedOver) == is_as_it_was, change
        if not isinstance(made, HandedOver):
            lines = practice.vault.ledger.lines_of(ada)
            assert "handed_over" not in {one.kind for one in lines}
            return
        parts = json.loads(made.data)["parts"]
        assert {one["class"] for one in parts} == may_go & set(chosen)
        assert {one["text"] for one in parts} == {
            text for entry_id, text in shown.items() if entry_id in {p.entry_id for p in seen.going}
        }


def changed(practice, ada, consent_id, change, entries):
    """Something happens between the last look and the handing over."""
    if change == "taken back":
        with practice.visit("Tess") as visit:
            take_back_consent(visit, ada, consent_id)
    elif change == "another consent":
        signed(practice, ada, replace(TERMS, to="hospital", purpose="treatment"))
    elif change == "another version":
        for wanted, place in entries.items():
            draft = Draft(
                wanted=wanted,
                heading="Session",
                text="another version",
                amends=place.entry_id,
                over=place.version,
            )
            with practice.visit("Tess") as visit:
                assert isinstance(practice.door.keep(visit, ada, draft), Kept)
    elif change == "an entry more":
        practice.keep("Tess", ada, "diagnosis", "one more")


def test_a_matter_of_another_release_is_said_to_be_one(site):
    copy, opening = site()
    with quick_passwords(), opening as practice:
        asked = Asked(to="insurer", purpose="insurance", instrument="consent", received=AT)
        with practice.visit("Tess") as visit:
            new = NewRequest(asked=asked, client_id=copy.clients["Ada"])
            matter = request(visit, take_down(practice.door, visit, new))
            assert asked_in(matter) == asked
            row = matter.duty.row
            state = {**row.duty, "content": {"to": 3}}
            other = replace_row(matter, json.dumps(state).encode())
            with pytest.raises(AngeronaError, match="is not one that this release reads"):
                asked_in(other)


def replace_row(matter, owed):
    row = msgspec.structs.replace(matter.duty.row, owed=owed)
    return replace(matter, duty=replace(matter.duty, row=row))
