"""Incidents, with what people write of them."""

from angerona.practice.breach_alarms import open_by_itself, watch
from angerona.practice.breach_clocks import held_by_law, key_of
from angerona.practice.breach_register import register, register_csv, register_on_paper
from angerona.practice.breaches import (
    NOBODY,
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
                continue
            propose_none(visit, packs, matter, NOBODY, why=desk.typed("whynot"))
        with desk.visit("Sue") as visit:
            matter = incident(visit, matter_id)
            answer_none(visit, packs, matter, NOBODY, agrees=True, why=desk.typed("agreed"))
        with desk.visit("Olaf") as visit:
            close(visit, packs, incident(visit, matter_id), result=desk.typed("result"))
            found = register(visit)
            register_csv(found, desk.vault.practice().zone)
            register_on_paper(visit, found, paper="a4")
