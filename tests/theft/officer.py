"""The privacy officer's doors: hours, marks, the watch, reviews, what was noticed; and nights."""

import datetime

import pyrage

from angerona.practice import backups
from angerona.practice.caseload import met
from angerona.practice.duties import owed
from angerona.practice.evidence import evidence
from angerona.practice.hours import hours_of, set_hours
from angerona.practice.oversight import desk as the_desk
from angerona.practice.oversight import law_in_use, review, settle, watch_record
from angerona.practice.paging import pages_of_alarm
from angerona.practice.upkeep import keep_up
from angerona.practice.watching import alarms_waiting, watch
from small_practice import AT

DAY = datetime.timedelta(days=1)
GLASS = {"purpose": "emergency", "facts": {"care.break_glass_reason": True}}


def overseen(desk):
    """A record is watched, somebody looks, glass breaks; what was noticed is settled."""
    vault, ada = desk.vault, desk.clients["Ada"]
    with desk.visit("Olaf") as visit:
        set_hours(visit, range(5), datetime.time(7), datetime.time(21))
        watch_record(visit, ada, is_watched=True)
        met(visit, ada)
    assert hours_of(vault).days
    desk.practice.look("Thea", ada, reason=desk.typed("why the glass broke"), **GLASS)
    assert watch(vault, AT)
    with vault.store.snapshot() as reading:
        alarms_waiting(vault, reading)
    for name in ("Thea", "Olaf"):
        with desk.visit(name) as visit:
            owed(visit)
            found = the_desk(visit)
            mine = [one for one in found.reviews if one.may and not one.needs_outside]
            for one in mine:
                review(visit, desk.packs, one.duty.duty_id, "not_in_order", why=desk.typed("why"))
            for one in found.noticed:
                if one.may and not one.needs_outside:
                    settle(visit, desk.packs, one.duty.duty_id, "talk", why=desk.typed("explained"))
    assert pages_of_alarm(vault, AT) == []
    with desk.visit("Olaf") as visit:
        made = evidence(visit, desk.packs, AT - DAY, AT + DAY)
        assert made.as_csv()
        assert made.as_pdf(visit, paper="a4")
    assert law_in_use(desk.packs, vault.practice().row.packs)


def nights(desk):
    """What is done once a day, and a backup of everything."""
    keep_up(desk.vault, AT)
    recipient = str(pyrage.x25519.Identity.generate().to_public())
    places = backups.Places.below(desk.folder / "backups", None)
    backups.back_up(
        desk.vault,
        places,
        to=[recipient],
        identities=[],
        by={"name": desk.typed("who")},
        at=AT,
        tell=lambda *_: None,
    )
    assert backups.overdue(places.keyset, desk.vault.practice_id, AT) == []
    assert backups.prune_keysets(places.keyset, desk.vault.practice_id, AT) == []
    assert len(backups.sets_in(places.content)) == 1
