"""Incidents, with what people write of them."""

import datetime

from angerona.practice.breach_alarms import open_by_itself, watch
from angerona.practice.breach_clocks import NOBODY, held_by_law, key_of
from angerona.practice.breach_letters import (
    answer_untold,
    filled,
    hold_notice,
    issue,
    letter_of,
    letter_pdf,
    propose_untold,
    sent,
    to_send,
    untold,
    write,
)
from angerona.practice.breach_register import register, register_csv, register_on_paper
from angerona.practice.breach_scopes import Place, members, sessions_of
from angerona.practice.breach_searches import (
    go_on,
    keep,
    leave_out,
    listed,
    listed_csv,
    places_of,
    search,
    search_of,
)
from angerona.practice.breaches import (
    Report,
    answer,
    answer_none,
    close,
    incident,
    name_second,
    propose_none,
    report,
    told,
)
from prepared_practice import AT

KNOWN = {
    "incident.unsecured": True,
    "incident.impermissible": True,
    "incident.excluded": False,
    "incident.low_probability": False,
    "incident.people": 3,
    "incident.people_in_one_state": 3,
    "incident.at_business_associate": False,
}
TOLD_RULE = "us-hipaa.breach.hhs_small"


def incidents(desk):
    """One is reported, weighed, told of and left open; another is settled, and nobody is told."""
    packs = desk.packs
    watch(desk.vault, AT)
    open_by_itself(desk.vault, "tampering", AT)
    for is_told in (True, False):
        said = Report(
            words=desk.typed("happened"), cause="paper", discovered=AT, affected=desk.typed("whom")
        )
        with desk.visit("Tess") as visit:
            matter_id = report(visit, packs, said)
        with desk.visit("Olaf") as visit:
            matter = incident(visit, matter_id)
            matter = name_second(visit, packs, matter, desk.person("Sue"))
            known = {**KNOWN, "incident.low_probability": not is_told}
            matter = answer(visit, packs, matter, known, {})
            held_by_law(desk.vault, packs, matter.content)
            if is_told:
                [rule] = [one for one in packs.packs["us-hipaa"].breaches if one.id == TOLD_RULE]
                key = key_of(rule, "data_protection_authority")
                told(visit, packs, matter, key, how=desk.typed("how"))
                notice = letters(desk, visit, incident(visit, matter_id))
            else:
                propose_none(visit, packs, matter, NOBODY, why=desk.typed("whynot"))
        if is_told:
            with desk.visit("Sue") as visit:
                matter, why = incident(visit, matter_id), desk.typed("object")
                answer_untold(visit, packs, matter, notice, agrees=False, why=why)
            continue
        with desk.visit("Sue") as visit:
            matter = incident(visit, matter_id)
            answer_none(visit, packs, matter, NOBODY, agrees=True, why=desk.typed("agreed"))
        with desk.visit("Olaf") as visit:
            close(visit, packs, incident(visit, matter_id), result=desk.typed("result"))
            found = register(visit)
            register_csv(found, desk.vault.practice().zone)
            register_on_paper(visit, found, paper="a4")


def letters(desk, visit, matter):
    """Whose records it reached, what the letters say, and each client's notice."""
    packs, ada = desk.packs, desk.clients["Ada"]
    tess = desk.person("Tess").hex()
    assert members(visit)
    assert sessions_of(visit, desk.person("Tess"))
    for place in (
        Place(by="person", since=AT, until=AT, person=tess),
        Place(by="client", since=AT, until=AT, client=ada.hex()),
    ):
        search(visit, matter, place)
        while not search_of(visit, matter).is_over:
            go_on(visit, matter)
        matter = keep(visit, packs, matter)
    listed_csv(*listed(visit, matter), desk.vault.practice().zone)
    blanks = {
        blank.name: desk.typed("letter")
        for blank in filled(visit, packs, matter, "client")[0].blanks
    }
    matter = write(visit, packs, matter, blanks)
    matter = hold_notice(
        visit, packs, matter, ada, AT + datetime.timedelta(days=1), why=desk.typed("danger")
    )
    while issue(visit, packs, matter) < (1, 1):
        pass
    [last] = [one.duty.duty_id for one in to_send(visit) if one.duty.row.held_until is not None]
    why = desk.typed("untold")
    matter = propose_untold(visit, packs, incident(visit, matter.matter_id), last, why=why)
    assert untold(visit, matter)
    told_of = [one for one in to_send(visit) if one.duty.row.held_until is None]
    for one in told_of:
        found = letter_of(visit, one.duty.duty_id)
        text = f"{found.filled.text} {desk.typed('edited')}"
        letter_pdf(visit, found.letter, text)
        sent(desk.door, visit, one.duty.duty_id, "in_person", text=text, never_read=True)
    matter = incident(visit, matter.matter_id)
    assert places_of(matter)
    leave_out(visit, packs, matter, 0, why=desk.typed("mistake"))
    return last
