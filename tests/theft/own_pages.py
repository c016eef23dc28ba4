"""What a client does alone: turns on what is shown, says how to be reached, writes, calls."""

from angerona.notices.structured import Measured
from angerona.practice import help_lines, limits, messages
from angerona.practice.contact import NewContact, change_contact, contact_of
from angerona.practice.duties import fulfil, owed
from angerona.practice.own_choices import (
    ITEMS,
    choose_exit,
    choose_shown,
    own_choices,
    read_about_staying_unseen,
)
from angerona.sealed.rows import Way
from small_practice import AT
from theft.words import TELEPHONE


def own_pages(desk):
    """The client turns on what is shown, and says how to be reached; the desk asks how."""
    ada = desk.clients["Ada"]
    new = NewContact(
        ways={"phone": Way(allowed=True, times=desk.typed("times"))},
        addresses={"phone": TELEPHONE, "address": desk.typed("street")},
        code_word=desk.typed("codeword"),
        never=desk.typed("never"),
    )
    with desk.visit("Ada") as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ITEMS)
        choose_exit(visit, hidden=own_choices(visit).told)
        change_contact(visit, ada, new)
    with desk.visit("Olaf") as visit:
        contact_of(visit, ada)
    with desk.visit("Ada") as visit:
        messages.leave_message(desk.door, visit, desk.typed("about"), desk.typed("I want to die"))
        messages.own_messages(desk.door, visit)
        form = Measured(measure="phq9", answers=(3,) * 9)
        messages.leave_measure(desk.door, visit, form)
        messages.own_measures(desk.door, visit)
    with desk.visit("Olaf") as visit:
        for one in owed(visit):
            fulfil(visit, ada, one.duty.duty_id, how=desk.typed("how"))
    row = desk.vault.practice().row
    help_lines.help_lines(desk.packs, row.packs)
    limits.cases(limits.Law(row.place, row.packs, desk.packs, AT), "card")
