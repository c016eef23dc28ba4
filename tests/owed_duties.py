"""Acts that leave something owed, and looking at what they left."""

import datetime
from dataclasses import replace

import pytest

from angerona.gate import door as door_module
from angerona.gate.gathering import Wish
from angerona.practice.watching import UNUSUAL
from angerona.rules.answer import Owed, Permit
from angerona.sealed.checking import check_rows
from angerona.sealed.duties import find
from prepared_practice import AT, prepared

DAY, MINUTE = datetime.timedelta(days=1), datetime.timedelta(minutes=1)
GLASS = {"purpose": "emergency", "facts": {"care.break_glass_reason": True}}
REVIEW = "house.duty.break_glass_review"
REPORT = Owed(
    id="xx.report",
    kind="deadline",
    mode="required",
    what="send the written report",
    due="PT36H",
    due_from="the oral report",
)
TELL = Owed(id="xx.tell", kind="notice", mode="required", what="tell the client", to="client")
MAY = Owed(id="xx.may", kind="notice", mode="discretionary", what="may tell", to="client")
SAY = Owed(id="xx.say", kind="statement", mode="required", what="say so")


@pytest.fixture
def copy(tmp_path):
    return prepared().copied(tmp_path / "copy")


@pytest.fixture
def practice(copy):
    with copy.opened() as practice:
        yield practice


def there(practice):
    with practice.vault.store.snapshot() as reading:
        return find(practice.vault, reading, "duties.all")


def noticed(vault, reading):
    """What was noticed of looks and is not settled."""
    there = find(vault, reading, "duties.of_client", client_id=vault.practice_id)
    return [one for one in there if one.row.duty["id"] == UNUSUAL]


def rules(practice):
    return sorted(one.row.duty["id"] for one in there(practice))


def wrong(practice):
    return [one.sentence for one in check_rows(practice.vault, AT) if one.check == "duties"]


def last(practice, subject_id):
    return practice.vault.ledger.lines_of(subject_id)[-1]


def glass(practice, client_id):
    return practice.look("Nina", client_id, reason="he said goodbye", **GLASS)


THREAT = Wish(
    wants=("risk", "identity"),
    purpose="protection",
    to="police",
    instrument="own_initiative",
)


DANGER = replace(
    THREAT,
    facts={
        "client.restriction": False,
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
"""A threat that may be told to the police, and whose telling the client is left open."""
SAFE = {"client.unsafe_to_tell": False, "house.secrecy_ordered": False}
"""What the packs of this practice ask before a client is told of something."""


def told_to_police(practice, client_id):
    """What a threat leaves to be told to the client, or not."""
    places = practice.vault.places(client_id)
    entries = [one.entry_id for one in places if one.wanted in THREAT.wants]
    with practice.visit("Tess") as visit:
        found = practice.door.release(
            visit, client_id, DANGER, entry_ids=entries, recipient="the officer on duty"
        )
    return next(one for one in found.owed if one.row.duty.get("to") == "client")


def released(practice, client_id, wish):
    with practice.visit("Tess") as visit:
        return practice.door.release(visit, client_id, wish, recipient="the officer on duty")


@pytest.fixture
def always(monkeypatch):
    """Whatever is asked for is released, and owes what a test says."""
    real = door_module.decide

    def answer(*duties, notice="none"):
        def decide(ask, loaded):
            found = real(replace(ask, to="workforce", purpose="treatment"), loaded)
            names = found.__dataclass_fields__
            fields = {name: getattr(found, name) for name in names}
            fields |= {
                "released": frozenset(ask.wants),
                "scopes": dict.fromkeys(ask.wants, "named"),
            }
            return Permit(**{**fields, "duties": duties, "notice": notice})

        monkeypatch.setattr(door_module, "decide", decide)

    return answer
