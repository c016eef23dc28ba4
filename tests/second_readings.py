"""What a judge orders of a record, and asking a second reader before it leaves."""

from angerona.gate.gathering import Wish
from angerona.practice.second_readers import Leaving, ask_reader
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
