"""The account of what was shared: what each pack lists, leaves out and suspends; as a property."""

import csv
import datetime
import io
import random
from dataclasses import replace

import pytest

from angerona.errors import BadInput, NotPermitted
from angerona.notices.typesetting import is_installed
from angerona.practice.accounting import (
    NOBODY_OUTSIDE,
    Account,
    Shared,
    account_of,
    is_listed,
    shared_in,
    suspend,
    suspended_now,
)
from angerona.practice.matters import open_matters
from angerona.practice.rights import rules_of
from angerona.words import CLASSES, PURPOSES, RECIPIENTS
from asking_rights import DAY, practice_under, way_in
from owed_duties import THREAT, copy, practice, wrong
from prepared_practice import AT

__all__ = ["copy", "practice"]

UTC = datetime.UTC
HELD = {"recipient.identity_verified": True}
THREAT_FACTS = {
    **dict.fromkeys(("client.restriction", "client.unsafe_to_tell", "record.joint"), False),
    **dict.fromkeys(("record.part2", "threat.told_by_family", "recipient.is_target"), False),
    **dict.fromkeys(("threat.made", "threat.serious", "threat.imminent"), True),
    **dict.fromkeys(("threat.necessary", "threat.intent", "threat.ability"), True),
    "threat.target": "identified_person",
    "recipient.identity_verified": True,
    "recipient.able_to_prevent": True,
    "house.notes_necessary": False,
}


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


def one(at=AT, grounds=("us-hipaa.threat",), **changed):
    given = {
        "to": "police",
        "recipient": "the officer on duty",
        "purpose": "protection",
        "classes": ("risk",),
        "entries": 1,
    }
    return Shared(at=at, grounds=tuple(grounds), **{**given, **changed})


def listed(here, shared, at=AT):
    return is_listed(shared, rules_of(here.door, "accounting"), at, UTC)


def test_what_hipaa_leaves_out_and_what_it_lists(practice):
    for ground, is_so in {
        "us-hipaa.threat": True,
        "us-hipaa.child_abuse": True,
        "us-hipaa.court_order": True,
        "us-hipaa.subpoena": True,
        "us-hipaa.public_health": True,
        "us-hipaa.treatment": False,
        "us-hipaa.payment": False,
        "us-hipaa.authorization": False,
        "us-hipaa.custody": False,
        "us-hipaa.national_security": False,
    }.items():
        assert listed(practice, one(grounds=[ground, "house.consent"])) is is_so, ground
    assert listed(practice, one(grounds=["us-hipaa.treatment", "us-hipaa.court_order"]))
    assert listed(practice, one(grounds=["house.harm"]))


def test_an_account_goes_back_as_far_as_the_pack_says(practice):
    now = datetime.datetime(2032, 3, 2, 9, 30, tzinfo=UTC)
    assert listed(practice, one(), now)
    assert not listed(practice, one(), now + DAY)


def test_part_2_lists_what_went_on_consent_and_several_packs_list_what_any_lists(tmp_path):
    with practice_under(tmp_path / "one", "house", "us-hipaa", "us-part2") as here:
        on_consent = ["us-hipaa.authorization", "us-part2.consent"]
        assert listed(here, one(grounds=on_consent))
        assert not listed(here, one(grounds=on_consent), AT + 1200 * DAY)
        assert listed(here, one(grounds=["us-hipaa.threat"]), AT + 1200 * DAY)


def test_where_no_pack_defines_one_everything_that_left_is_listed(tmp_path):
    with practice_under(tmp_path / "one", "house", "uk") as here:
        assert rules_of(here.door, "accounting") == ()
        assert listed(here, one(grounds=["uk.consent"]), AT + 9000 * DAY)


@pytest.mark.parametrize(
    "packs", [("house", "us-hipaa", "us-part2"), ("house", "uk")], ids="+".join
)
def test_an_account_never_lists_what_is_excluded_and_never_misses_one(tmp_path, packs):
    """Against the definition, said a second time and in another way."""
    dice = random.Random(7)
    with practice_under(tmp_path / "one", *packs) as here:
        rules = rules_of(here.door, "accounting")
        grounds = [g.id for p in packs for g in here.door.packs.packs[p].grounds]
        for _ in range(3_000):
            used = dice.sample(grounds, dice.randint(1, 3))
            at = AT - dice.randint(0, 3_000) * DAY
            wanted = not rules
            for rule in rules:
                own = [one for one in used if one.startswith(rule.id.split(".")[0] + ".")]
                years = int(rule.back[1:-1])
                is_in_time = at >= AT.replace(year=AT.year - years)
                if rule.only:
                    wanted |= is_in_time and any(one in rule.only for one in own)
                else:
                    is_out = bool(own) and all(one in rule.leaves_out for one in own)
                    wanted |= is_in_time and not is_out
            assert listed(here, one(at=at, grounds=used)) is wanted, (used, at)


def warned(practice, client_id, to="police", recipient="the officer on duty"):
    """The police are told of a threat, and it is handed over."""
    with practice.visit("Tess") as visit:
        entries = [
            place.entry_id
            for place in practice.vault.places(client_id)
            if place.wanted in THREAT.wants
        ]
        wish = replace(THREAT, to=to, facts=THREAT_FACTS)
        given = practice.door.release(
            visit, client_id, wish, entry_ids=entries, recipient=recipient
        )
        practice.door.handed_over(given, AT, how="by phone", packet_id=bytes(16))


def account(practice, client_id, by="Olaf", at=AT):
    with practice.visit(by, at) as visit:
        found = account_of(practice.door, visit, client_id, facts=HELD)
    assert isinstance(found, Account), found
    return found


def test_the_account_of_a_client(practice, ada):
    warned(practice, ada)
    found = account(practice, ada)
    [only] = found.shared
    assert (only.to, only.recipient, only.purpose) == (
        "police",
        "the officer on duty",
        "protection",
    )
    assert "first in twelve months free" in found.steps
    rows = list(csv.reader(io.StringIO(found.as_csv().decode())))
    assert rows[0][0] == "when"
    assert rows[1][1:4] == ["the police", "the officer on duty", "protecting someone from harm"]
    assert "the officer on duty" in found.as_text()
    assert is_installed()
    assert found.as_pages(paper="a4").startswith(b"%PDF-")
    way_in(practice, ada)
    assert account(practice, ada, "ada").shared == found.shared


def test_what_came_to_nothing_and_what_the_client_got_are_not_in_it(practice, ada):
    with practice.visit("Olaf") as visit:
        receipt = practice.door.receipt(
            visit, ada, facts={**HELD, "us_hipaa.accounting_hold": False}, since=None
        )
        practice.door.handed_over(receipt.prepared, AT, how="by hand", packet_id=bytes(16))
    assert account(practice, ada).shared == ()
    assert shared_in(practice.vault.ledger.lines_of(ada), AT) == []


def test_a_suspension_is_a_filter_that_ends_by_itself_and_tells_nothing(practice, ada):
    way_in(practice, ada)
    warned(practice, ada)
    until = AT + 20 * DAY
    before = len(practice.vault.ledger.lines_of(ada))
    with practice.visit("Olaf") as visit:
        suspend(visit, ada, to="police", recipient="", until=until, is_oral=True)
    assert len(practice.vault.ledger.lines_of(ada)) == before
    assert account(practice, ada).shared == ()
    assert account(practice, ada, "ada").shared == ()
    with practice.visit("ada") as visit:
        assert open_matters(visit) == []
    later = until + DAY
    practice.open("Olaf", later)
    assert len(account(practice, ada, at=later).shared) == 1
    assert suspended_now(practice.vault, ada, later) == ()
    assert wrong(practice) == []


def test_a_suspension_names_one_agency_and_lasts_no_longer_than_the_law_lets(practice, ada):
    warned(practice, ada)
    given = {"to": "police", "recipient": "", "until": AT + 20 * DAY, "is_oral": False}
    with practice.visit("Olaf") as visit:
        for changed in (
            {"until": AT + 31 * DAY, "is_oral": True},
            {"until": AT + 400 * DAY},
            {"until": AT},
            {"to": "client"},
            {"to": "nobody"},
        ):
            with pytest.raises(BadInput):
                suspend(visit, ada, **{**given, **changed})
        suspend(visit, ada, **{**given, "recipient": "another officer"})
    assert len(account(practice, ada).shared) == 1
    with practice.visit("Tess") as visit, pytest.raises(NotPermitted):
        suspend(visit, ada, **given)


def test_no_cell_is_a_formula():
    found = Account(AT, "x", (one(recipient="=cmd()"),), (), UTC)
    assert list(csv.reader(io.StringIO(found.as_csv().decode())))[1][2] == "'=cmd()"


def test_everybody_outside_can_be_in_an_account():
    assert set(RECIPIENTS) - NOBODY_OUTSIDE
    assert one(purpose="payment").words()[2] == PURPOSES["payment"]
    assert one().words()[3] == CLASSES["risk"]
