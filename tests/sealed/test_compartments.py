"""The rules say who may, the tables of keys say who can, and the two say the same.

For every tie and post: what the house permits it unconditionally for a look is exactly what its
keys open, and under every other stack of packs the law permits no more than that. So no key opens
what the rules would never give, and no rule gives what no key opens.
"""

import itertools

import pytest

from angerona.errors import BadInput
from angerona.gate import gathering
from angerona.rules.tables import Looks, Way, table_of
from angerona.sealed.compartments import (
    BY_POST,
    BY_TIE,
    CLASS_NAMES,
    CLASS_NUMBERS,
    COMPARTMENT_OF,
    COMPARTMENTS,
    DEPOSITS,
    EVENTS,
    PROCESS,
    SHARED,
    classes_opened,
    compartment_of,
    process_compartment,
    shared_compartment,
)
from angerona.words import CLASSES, PURPOSES, RELATIONS, ROLES
from prepared_practice import packs

ID = bytes(range(16))
CLINICIANS = ("psychiatrist", "psychologist", "psychotherapist", "counselor", "nurse", "trainee")
KINDS_OF_THEIR_OWN = frozenset({"shared_record", "ledger"})
"""Opened by the wrap of a shared record, and by the event key, for whom a rule admits to them."""

WAYS = {
    # tie or post: the ways in which it looks (role, relation), as gathering.py says them
    "treating": [(role, "treating") for role in CLINICIANS],
    "supervisor": [(role, "supervisor") for role in CLINICIANS],
    "covering": [(role, "covering") for role in CLINICIANS],
    "on_call": [(role, "on_call") for role in CLINICIANS],
    "front_desk": [("front_desk", "none")],
    "biller": [("biller", "none")],
    "privacy_officer": [("privacy_officer", "none")],
}
USUAL = dict.fromkeys(WAYS, ("treatment",)) | {
    "supervisor": ("supervision",),
    "front_desk": ("operations",),
    "biller": ("payment",),
    "privacy_officer": ("operations",),
}
"""What each looks for. The house has been asked about every purpose; it is part of every stack."""
STANDING = {
    "none": {"care.relationship": False},
    "supervisor": {
        "care.relationship": True,
        "care.supervision_assigned": True,
        "house.author_shares": False,
    },
}
"""What a tie establishes by itself, as the gate gathers it."""
KEYS = {**{name: BY_TIE[name] for name in BY_TIE if name != "own"}, **BY_POST}


def permitted(stack, name, purposes=PURPOSES, roles=CLINICIANS):
    """The classes that a stack of packs lets a tie or post look at, for one purpose or another.

    Known is only what the tie establishes by itself, as it does at the gate.
    """
    looks = Looks(packs().law(stack))
    found = set()
    for (role, relation), purpose in itertools.product(WAYS[name], purposes):
        if role in CLINICIANS and role not in roles:
            continue
        table = looks.table(role, relation, purpose)
        known = table.literals(STANDING.get(relation, {"care.relationship": True}))
        found |= {one for one in CLASSES if table.verdict(one, known) != "silence"}
    return found


def own_permitted(stack, purposes=PURPOSES):
    found = set()
    for purpose in purposes:
        table = table_of(packs().law(stack), Way("client", "none", "client", purpose))
        known = table.literals({"recipient.identity_verified": True})
        found |= {one for one in CLASSES if table.verdict(one, known) != "silence"}
    return found


def stacks():
    """The house with each other pack, and with whole countries: federal law under each state's."""
    others = [one for one in packs().packs if one != "house"]
    yield from (("house", one) for one in others)
    for one in others:
        country = one.partition("-")[0]
        if one.startswith("us-") and one not in {"us-hipaa", "us-part2"}:
            yield ("house", "us-hipaa", "us-part2", one)
        elif country != one and country in others:
            yield ("house", country, one)


STACKS = tuple(stacks())


@pytest.mark.parametrize("name", WAYS)
def test_what_the_house_permits_a_tie_or_post_is_what_its_keys_open(name):
    assert permitted(("house",), name) - KINDS_OF_THEIR_OWN == classes_opened(KEYS[name])


@pytest.mark.parametrize("stack", STACKS, ids="+".join)
def test_no_law_permits_a_tie_or_post_what_its_keys_do_not_open(stack):
    for name, purposes in USUAL.items():
        found = permitted(stack, name, purposes=purposes, roles=CLINICIANS[:1])
        assert found - KINDS_OF_THEIR_OWN <= classes_opened(KEYS[name]), name


def test_a_client_is_given_by_the_house_exactly_what_a_clients_keys_open():
    assert own_permitted(("house",)) - KINDS_OF_THEIR_OWN == classes_opened(BY_TIE["own"])


@pytest.mark.parametrize("stack", STACKS, ids="+".join)
def test_no_law_gives_a_client_at_once_what_a_clients_keys_do_not_open(stack):
    """Process notes, which some laws give the client, are opened by their author for that."""
    given = (
        own_permitted(stack, purposes=("client_request",))
        - KINDS_OF_THEIR_OWN
        - classes_opened({PROCESS})
    )
    assert given <= classes_opened(BY_TIE["own"])


def test_an_author_reads_with_the_process_key_what_a_treating_clinician_does_not():
    """Who treats is the author of what he or she writes, and holds a process key for it."""
    looks = Looks(packs().law(("house",)))
    table = looks.table("psychologist", "author", "treatment")
    known = table.literals({"care.relationship": True})
    author = {one for one in CLASSES if table.verdict(one, known) != "silence"}
    opened = classes_opened({*BY_TIE["treating"], process_compartment(ID)})
    assert author - KINDS_OF_THEIR_OWN == opened
    assert opened - classes_opened(BY_TIE["treating"]) == classes_opened({PROCESS})


def test_only_the_privacy_officer_and_the_client_are_let_at_the_ledger():
    admitted = {name for name in WAYS if "ledger" in permitted(("house",), name)}
    assert admitted == {"privacy_officer"}
    assert "ledger" in own_permitted(("house",))


def test_every_tie_and_post_is_looked_at_here():
    assert set(WAYS) == set(KEYS)
    assert set(BY_TIE) - {"own"} | gathering.POST_RELATIONS <= set(RELATIONS)
    assert set(BY_POST) - gathering.POST_RELATIONS <= set(ROLES)


def test_every_class_has_a_compartment_and_every_compartment_is_of_some_use():
    assert set(COMPARTMENT_OF) == set(CLASSES)
    used = set(COMPARTMENT_OF.values())
    assert used - {PROCESS, SHARED, EVENTS} == set(COMPARTMENTS)
    assert set(DEPOSITS) <= set(COMPARTMENTS)


def test_the_numbers_of_classes_are_stored_for_ever():
    """Never change a line here; a new class adds one."""
    assert dict(CLASS_NUMBERS) == {
        "attendance": 1,
        "identity": 2,
        "billing": 3,
        "history": 4,
        "diagnosis": 5,
        "treatment_plan": 6,
        "progress_note": 7,
        "psychotherapy_note": 8,
        "assessment": 9,
        "medication": 10,
        "substance_use": 11,
        "substance_use_counseling_note": 12,
        "risk": 13,
        "abuse": 14,
        "third_party": 15,
        "shared_record": 16,
        "correspondence": 17,
        "sexual_violence": 18,
        "legal": 19,
        "ledger": 20,
        "gender_history": 21,
        "report_summary": 22,
        "fitness_opinion": 23,
    }


def test_every_class_has_one_number_and_every_number_one_class():
    assert set(CLASS_NUMBERS) == set(CLASSES)
    assert {number: name for name, number in CLASS_NUMBERS.items()} == dict(CLASS_NAMES)
    assert all(0 < number < 256 for number in CLASS_NAMES)


@pytest.mark.parametrize("wanted", [one for one in CLASSES if COMPARTMENT_OF[one] != EVENTS])
def test_the_compartment_of_an_entry_is_that_of_its_class(wanted):
    name = compartment_of(wanted, author_id=ID, record_id=ID[::-1])
    expected = {
        PROCESS: f"process:{ID.hex()}",
        SHARED: f"shared:{ID[::-1].hex()}",
    }
    assert name == expected.get(COMPARTMENT_OF[wanted], COMPARTMENT_OF[wanted])
    assert wanted in classes_opened({name})


@pytest.mark.parametrize("wanted", ["ledger", "gossip"])
def test_what_is_no_class_of_entries_has_no_compartment(wanted):
    with pytest.raises(BadInput, match="has no entries"):
        compartment_of(wanted, author_id=ID, record_id=ID)


def test_two_authors_and_two_shared_records_never_share_a_compartment():
    assert process_compartment(ID) != process_compartment(ID[::-1])
    assert shared_compartment(ID) != shared_compartment(ID[::-1])
    assert process_compartment(ID) != shared_compartment(ID)
