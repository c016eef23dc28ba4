"""Whoever is told, and in which words (doors.py)."""

import datetime

from angerona.errors import BadInput
from angerona.gate.keeping import Draft
from angerona.practice.calendar import NewAppointment, make_appointment
from angerona.practice.contact import NewContact, change_contact
from angerona.practice.messages import tell_of_message
from angerona.practice.notices import Sent, leave_untold, notice_of, send_notice
from angerona.practice.own_choices import ITEMS, choose_shown, read_about_staying_unseen
from angerona.practice.putting_off import Later, put_off, weigh_again
from angerona.practice.reminders import STAGES, remind, set_practice_reminders, set_reminders
from angerona.sealed.rows import Way
from owed_duties import SAFE, told_to_police
from small_practice import AT


def notices(desk):
    """A client is told, or not, or later, and by mail that a message waits."""
    ada = desk.clients["Ada"]
    mail = desk.words.secret("where to write to Ada", "crepuscular.ada@example.org")
    with desk.visit("Ada") as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ITEMS)
        new = NewContact(ways={"mail": Way(allowed=True)}, addresses={"mail": mail})
        change_contact(visit, ada, new)
    for _ in range(2):
        duty_id = told_to_police(desk.practice, ada).duty_id
        with desk.visit("Tess") as visit:
            assert notice_of(desk.door, visit, ada, duty_id)
            with desk.refused(BadInput):
                later = Later(until=AT, reason=desk.typed("whylater"))
                put_off(desk.door, visit, ada, duty_id, later)
            sent = Sent(
                way="pages",
                ping="mail",
                text=desk.typed("notice"),
                reason=desk.typed("whytold"),
                facts=SAFE,
            )
            assert send_notice(desk.door, visit, ada, duty_id, sent)
    duty_id = told_to_police(desk.practice, ada).duty_id
    with desk.visit("Tess") as visit:
        assert leave_untold(visit, ada, duty_id, desk.typed("whynot"))


def reminded(desk):
    """Members and clients are reminded, and mail says that a message waits."""
    ada, soon = desk.clients["Ada"], AT + datetime.timedelta(hours=20)
    address = desk.words.secret("where Tess is reminded", "matutinal.tess@example.org")
    told_to_police(desk.practice, ada)
    with desk.visit("Tess") as visit:
        set_reminders(visit, address, STAGES)
        new = NewAppointment(person_id=desk.person("Tess"), starts=soon, minutes=50)
        make_appointment(visit, ada, new)
        with tell_of_message(visit, ada):
            draft = Draft(wanted="correspondence", heading=desk.typed("about"), text="Come.")
            desk.door.keep(visit, ada, draft)
    with desk.visit("Olaf") as visit:
        set_practice_reminders(visit, STAGES)
    assert remind(desk.vault, AT + datetime.timedelta(days=14)) == 1
    assert remind(desk.vault, AT) == 1
    assert weigh_again(desk.vault, desk.door.packs, AT) == 0
