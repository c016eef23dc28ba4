"""What a judge orders of a record, and asking a second reader before it leaves."""

from angerona.gate.gathering import Wish
from angerona.gate.owing import AFTER
from angerona.practice.passing_on import pass_on_due
from angerona.practice.second_readers import Leaving, ask_reader
from owed_duties import there
from prepared_practice import AT

WISH = Wish(
    wants=("progress_note", "risk"),
    purpose="legal_proceeding",
    to="court",
    instrument="court_order",
    purpose_by="asker",
    facts={
        "order.signed_by_judge": True,
        "order.covers_these": True,
        "order.secrecy": False,
        "record.privileged": False,
        "order.privilege_decided": True,
        "order.privilege_waived": True,
        "us_hipaa.federal_case": False,
    },
)
COURT = "the court of the county"
THREAT = Wish(
    wants=("risk",),
    purpose="protection",
    to="police",
    instrument="own_initiative",
    facts={
        "client.restriction": False,
        "client.unsafe_to_tell": False,
        "record.joint": False,
        "record.part2": False,
        "threat.made": True,
        "threat.serious": True,
        "threat.imminent": True,
        "threat.necessary": True,
        "threat.intent": True,
        "threat.ability": True,
        "threat.target": "identified_person",
        "threat.told_by_family": False,
        "recipient.identity_verified": True,
        "recipient.able_to_prevent": True,
        "recipient.is_target": False,
        "house.notes_necessary": False,
    },
)
"""Somebody is to be warned of a threat, and nothing of it waits."""


def chosen(practice, ada, *wanted):
    wanted = wanted or WISH.wants
    return frozenset(one.entry_id for one in practice.vault.places(ada) if one.wanted in wanted)


def leaving(practice, ada, *wanted, wish=WISH, recipient=COURT):
    return Leaving(wish=wish, recipient=recipient, entry_ids=chosen(practice, ada, *wanted))


def ask(practice, ada, one, reader="Olaf", by="Tess", at=AT, **more):
    with practice.visit(by, at) as visit:
        return ask_reader(
            practice.door, visit, ada, one, practice.people[reader], why="the order is here", **more
        )


def left_at_once(practice, ada):
    """What left to keep somebody from harm, and is put to a reader: the id of the reading."""
    with practice.visit("Tess") as visit:
        practice.door.release(
            visit, ada, THREAT, entry_ids=chosen(practice, ada, "risk"), recipient="the police"
        )
    pass_on_due(practice.vault, AT)
    [duty] = [one for one in there(practice) if one.row.duty["id"] == AFTER]
    return duty.duty_id


def who_reads(practice, duty_id):
    """The name of whoever is asked to read."""
    [duty] = [one for one in there(practice) if one.duty_id == duty_id]
    names = {person_id.hex(): name for name, person_id in practice.people.items()}
    return names[duty.row.duty["reader"]]
