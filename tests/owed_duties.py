"""Acts that leave something owed, and looking at what they left."""

import datetime
from dataclasses import replace

import pytest

from angerona.gate import door as door_module
from angerona.gate.gathering import Wish
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
