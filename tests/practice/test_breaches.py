"""Incidents: reported, weighed, told or not told with a reason and two people, settled, kept."""

import csv
import datetime
import io
from dataclasses import replace

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.notices.registers import register_page
from angerona.notices.typesetting import answer as set_here
from angerona.practice.breach_alarms import CODES_MAX, SIGN_INS_MAX, open_by_itself, watch
from angerona.practice.breach_clocks import (
    ASKED,
    NOBODY,
    OPEN,
    ORAL,
    TOLD,
    UNNEEDED,
    held_by_law,
    notifications,
)
from angerona.practice.breach_register import register, register_csv
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
from angerona.practice.duties import fulfil, owed
from angerona.practice.matters import open_matters
from angerona.practice.portal import give_way_in
from angerona.practice.seats import NewSeats, change_seats
from angerona.sealed.vault import WRONG_CODE
from notices.reading_pages import texts_of
from owed_duties import copy, last, practice, there, wrong
from prepared_practice import AT, PASSWORD, packs
from small_practice import founded

__all__ = ["copy", "practice"]

DAY = datetime.timedelta(days=1)
SAID = Report(
    words="A letter went to the wrong house",
    cause="misdelivery",
    discovered=AT - DAY,
    happened=AT - 3 * DAY,
    affected="one client",
)
HIPAA = {
    "incident.unsecured": True,
    "incident.impermissible": True,
    "incident.excluded": False,
    "incident.low_probability": False,
    "incident.people": 1,
    "incident.people_in_one_state": 1,
    "incident.at_business_associate": False,
}
LOW = {**HIPAA, "incident.low_probability": True}
HHS = "us-hipaa.breach.hhs_small:data_protection_authority"


def reported(practice, by="Stan", said=SAID):
    with practice.visit(by) as visit:
        return report(visit, packs(), said)


def step(practice, by, matter_id, do, *args, **more):
    with practice.visit(by) as visit:
        return do(visit, packs(), incident(visit, matter_id), *args, **more)


def on(practice, matter_id, by="Olaf"):
    with practice.visit(by) as visit:
        return incident(visit, matter_id)


def states(practice, matter_id):
    content = on(practice, matter_id).content
    return {one.key: one.state for one in notifications(practice.vault, packs(), content)}


def test_a_report_starts_the_clock_and_the_officer_and_a_second_person_see_it(practice):
    matter_id = reported(practice)
    seen = {}
    for name in ("Olaf", "Thea", "Stan", "Tess", "Fay"):
        with practice.visit(name) as visit:
            seen[name] = [one.matter_id for one in open_matters(visit, ("incident",))]
    officers = {"Olaf": [matter_id], "Thea": [matter_id], "Stan": [matter_id]}
    assert seen == {**officers, "Tess": [], "Fay": []}
    matter = on(practice, matter_id)
    assert matter.due == SAID.discovered + 60 * DAY
    assert matter.content["second"] == practice.people["Stan"].hex()
    line = last(practice, practice.vault.practice_id)
    assert (line.kind, line.body["incident"]["words"]) == ("incident", SAID.words)
    assert wrong(practice) == []


def test_an_officer_s_own_report_has_another_colleague_as_second_person(practice):
    matter = on(practice, reported(practice, "Olaf"))
    assert matter.handler_id == practice.people["Olaf"]
    assert matter.content["second"] == practice.people["Thea"].hex()


def test_each_notification_is_a_duty_from_the_report_on(practice):
    matter_id = reported(practice)
    rules = sorted(one.row.duty["id"] for one in there(practice))
    assert rules == [
        "own.matter.incident",
        "us-hipaa.breach.hhs_large",
        "us-hipaa.breach.hhs_small",
        "us-hipaa.breach.individual",
        "us-hipaa.breach.media",
        "us-hipaa.breach.to_covered_entity",
    ]
    assert not any(one.row.duty["sure"] for one in there(practice) if "hipaa" in one.row.duty["id"])
    step(practice, "Olaf", matter_id, answer, HIPAA, {})
    found = {one.row.duty["id"]: one.row for one in there(practice)}
    assert set(found) == {
        "own.matter.incident",
        "us-hipaa.breach.hhs_small",
        "us-hipaa.breach.individual",
    }
    assert found["us-hipaa.breach.hhs_small"].duty["sure"]
    assert found["us-hipaa.breach.hhs_small"].due == datetime.datetime(
        2027, 3, 1, tzinfo=datetime.UTC
    )
    assert wrong(practice) == []


def test_its_duties_are_done_on_its_own_page_alone(practice):
    reported(practice)
    with practice.visit("Olaf") as visit:
        mine = [one.duty for one in owed(visit)]
        for one in mine:
            with pytest.raises(Unknown):
                fulfil(visit, practice.vault.practice_id, one.duty_id, how="done")


def test_what_becomes_unknown_again_is_owed_again(practice):
    matter_id = reported(practice)
    step(practice, "Olaf", matter_id, answer, LOW, {})
    assert states(practice, matter_id) == {}
    step(practice, "Olaf", matter_id, answer, {"incident.low_probability": None}, {})
    assert HHS in states(practice, matter_id)
    assert wrong(practice) == []


def test_telling_an_authority_ends_its_duty_and_clients_are_told_one_by_one(practice):
    matter_id = reported(practice)
    step(practice, "Olaf", matter_id, answer, HIPAA, {})
    step(practice, "Olaf", matter_id, told, HHS, how="on the portal")
    assert states(practice, matter_id) == {HHS: TOLD, "us-hipaa.breach.individual:client": OPEN}
    with pytest.raises(BadInput, match="one by one"):
        step(practice, "Olaf", matter_id, told, "us-hipaa.breach.individual:client", how="x")
    with pytest.raises(BadInput, match="nobody to be told"):
        step(practice, "Olaf", matter_id, told, "us-hipaa.breach.media:media", how="x")
    with pytest.raises(BadInput, match="1 is still to tell"):
        step(practice, "Olaf", matter_id, close, result="it will not happen again")
    assert wrong(practice) == []


def test_no_notice_needs_a_reason_and_a_second_person(practice):
    matter_id = reported(practice)
    step(practice, "Olaf", matter_id, answer, HIPAA, {})
    step(practice, "Olaf", matter_id, propose_none, HHS, why="they asked us not to")
    assert states(practice, matter_id)[HHS] == ASKED
    with pytest.raises(BadInput, match="second person"):
        step(practice, "Olaf", matter_id, answer_none, HHS, agrees=True, why="so do I")
    with pytest.raises(Unknown):
        step(practice, "Tess", matter_id, answer_none, HHS, agrees=True, why="me too")
    step(practice, "Stan", matter_id, answer_none, HHS, agrees=False, why="that is no reason")
    assert states(practice, matter_id)[HHS] == OPEN
    step(practice, "Olaf", matter_id, propose_none, HHS, why="the agency has it from the police")
    step(practice, "Stan", matter_id, answer_none, HHS, agrees=True, why="I saw their letter")
    assert states(practice, matter_id)[HHS] == UNNEEDED
    with pytest.raises(BadInput, match="settled"):
        step(practice, "Stan", matter_id, answer_none, HHS, agrees=True, why="again")
    for why in ("", "x" * 2_000):
        with pytest.raises(BadInput):
            step(practice, "Olaf", matter_id, propose_none, HHS, why=why)


def test_an_incident_of_which_nobody_is_told_is_settled_by_two(practice):
    matter_id = reported(practice)
    step(practice, "Olaf", matter_id, answer, LOW, {})
    with pytest.raises(BadInput, match="nobody was told"):
        step(practice, "Olaf", matter_id, close, result="sealed all along")
    step(practice, "Olaf", matter_id, propose_none, NOBODY, why="it came back unopened")
    with pytest.raises(BadInput, match="nobody was told"):
        step(practice, "Olaf", matter_id, close, result="sealed all along")
    step(practice, "Stan", matter_id, answer_none, NOBODY, agrees=True, why="I saw it")
    step(practice, "Olaf", matter_id, close, result="it came back unopened")
    assert there(practice) == []
    assert wrong(practice) == []


def test_where_nobody_else_works_somebody_outside_takes_that_place(tmp_path, practice):
    matter_id = reported(practice)
    with pytest.raises(BadInput, match="stands in only"):
        step(practice, "Olaf", matter_id, propose_none, NOBODY, why="x", consultant="A lawyer")
    alone = founded(tmp_path / "alone")
    try:
        own = reported(alone, "Thea")
        assert on(alone, own, "Thea").content["second"] == ""
        step(alone, "Thea", own, answer, LOW, {})
        step(alone, "Thea", own, propose_none, NOBODY, why="back unopened", consultant="A lawyer")
        step(alone, "Thea", own, close, result="nothing was seen")
        with alone.visit("Thea") as visit:
            [one] = register(visit)
        assert one.not_told == [("anybody", "back unopened", "A lawyer")]
    finally:
        alone.vault.store.close()


def test_the_police_may_let_it_wait_and_only_from_when_they_asked(practice):
    matter_id = reported(practice)
    asked = AT - datetime.timedelta(hours=2)
    step(practice, "Olaf", matter_id, answer, {**HIPAA, "incident.police_delay": True}, {})
    assert held_by_law(practice.vault, packs(), on(practice, matter_id).content) == {}
    step(practice, "Olaf", matter_id, answer, {}, {ORAL: asked})
    content = on(practice, matter_id).content
    assert held_by_law(practice.vault, packs(), content) == {"us-hipaa": asked + 30 * DAY}
    with pytest.raises(BadInput):
        step(practice, "Olaf", matter_id, answer, {}, {ORAL: AT + DAY})
    with pytest.raises(BadInput):
        step(practice, "Olaf", matter_id, answer, {}, {"full moon": AT})
    step(practice, "Olaf", matter_id, answer, {"incident.police_delay": False}, {})
    assert held_by_law(practice.vault, packs(), on(practice, matter_id).content) == {}


def test_the_officer_names_another_second_person(practice):
    matter_id = reported(practice)
    with pytest.raises(NotPermitted):
        step(practice, "Stan", matter_id, name_second, practice.people["Tess"])
    with pytest.raises(BadInput):
        step(practice, "Olaf", matter_id, name_second, on(practice, matter_id).handler_id)
    step(practice, "Olaf", matter_id, name_second, practice.people["Tess"])
    assert on(practice, matter_id, "Tess").matter_id == matter_id


@pytest.mark.parametrize(
    "change",
    [
        {"words": ""},
        {"words": "two\nlines"},
        {"words": "x" * 201},
        {"cause": "bad luck"},
        {"discovered": AT + DAY},
        {"happened": AT},
        {"affected": "x" * 201},
    ],
)
def test_what_cannot_be_reported(practice, change):
    with pytest.raises(BadInput):
        reported(practice, said=replace(SAID, **change))
    assert there(practice) == []


def test_what_cannot_be_answered(practice):
    matter_id = reported(practice)
    for facts in (
        {"incident.nothing": True},
        {"incident.people": True},
        {"incident.excluded": 3},
        {"incident.excluded": "yes"},
    ):
        with pytest.raises(BadInput):
            step(practice, "Olaf", matter_id, answer, facts, {})


def test_a_client_reports_none(practice, copy):
    with practice.visit("Tess") as visit:
        made = give_way_in(visit, copy.clients["Ada"], "ada", PASSWORD)
    practice.people["ada"] = made.person_id
    practice.sign_in("ada")
    with pytest.raises(NotPermitted):
        reported(practice, "ada")


def settled(practice, said):
    matter_id = reported(practice, said=said)
    step(practice, "Olaf", matter_id, answer, LOW, {})
    step(practice, "Olaf", matter_id, propose_none, NOBODY, why="nothing was seen")
    step(practice, "Stan", matter_id, answer_none, NOBODY, agrees=True, why="so it is")
    step(practice, "Olaf", matter_id, close, result="a new lock")
    return matter_id


def test_the_register_holds_every_incident_ever_from_the_ledger_alone(practice):
    closed = settled(practice, replace(SAID, words="=1+1"))
    opened = reported(practice, said=replace(SAID, words="A laptop is gone", cause="device"))
    with practice.visit("Olaf") as visit:
        found = register(visit)
    assert {one.matter for one in found} == {closed.hex(), opened.hex()}
    by = {one.matter: one for one in found}
    assert by[closed.hex()].closed == AT
    assert by[closed.hex()].not_told[0][:2] == ("anybody", "nothing was seen")
    assert (by[opened.hex()].closed, by[opened.hex()].kind) == (
        None,
        "a device or a medium was lost or stolen",
    )
    rows = list(csv.DictReader(io.StringIO(register_csv(found, datetime.UTC).decode())))
    assert {row["what happened"] for row in rows} == {"'=1+1", "A laptop is gone"}
    assert {row["settled"] for row in rows} == {"open", "2 March 2026, 09:30"}
    for name in ("Stan", "Fay"):
        with practice.visit(name) as visit, pytest.raises(NotPermitted):
            register(visit)


def test_the_register_on_paper_holds_the_words():
    page = register_page(
        "Register of incidents",
        [("Incident 1", ["Kind: a #panic", "Result: none"])],
        practice="Quiet Rooms",
        at=AT,
        paper="a4",
    )
    pdf = set_here(
        template="letter.typ", data=page, figures={}, attached="", at=int(AT.timestamp())
    )
    [text] = texts_of(pdf)
    assert "Kind: a #panic" in text
    with pytest.raises(BadInput):
        register_page("x", [], practice="x", at=AT, paper="a5")


def test_what_the_ledger_shows_opens_an_incident_by_itself_once(practice):
    for _ in range(SIGN_INS_MAX + 1):
        practice.vault.refused_sign_in(AT)
    practice.vault.repeats.tick(AT + DAY / 24)
    [matter_id] = watch(practice.vault, AT + DAY / 12)
    assert watch(practice.vault, AT + DAY / 8) == []
    matter = on(practice, matter_id)
    assert matter.content["alarm"] == "sign-ins"
    assert matter.begun_by["name"] == "the system"
    assert matter.due == AT + DAY / 12 + 3 * DAY
    assert practice.people["Thea"].hex() in {matter.content["second"], matter.handler_id.hex()}
    assert wrong(practice) == []


def test_a_few_failed_sign_ins_open_none(practice):
    for _ in range(SIGN_INS_MAX):
        practice.vault.refused_sign_in(AT)
    practice.vault.repeats.tick(AT + DAY / 24)
    assert watch(practice.vault, AT + DAY / 12) == []


def test_wrong_codes_after_a_right_password_open_one(practice):
    for _ in range(CODES_MAX + 1):
        practice.vault.refused_code(practice.people["Tess"], AT)
    practice.vault.repeats.tick(AT + DAY / 24)
    [matter_id] = watch(practice.vault, AT + DAY / 12)
    assert on(practice, matter_id).content["alarm"] == "codes"
    body = last(practice, practice.people["Tess"]).body
    assert body["what"] == WRONG_CODE


def test_a_key_holder_s_seat_that_was_taken_off_opens_one(practice):
    secrets = [one.secret for one in practice.papers[:2]]
    with practice.visit("Thea") as visit:
        change_seats(visit, secrets, NewSeats(removed=(3,), added=("Bank",), quorum=2))
    [matter_id] = watch(practice.vault, AT)
    assert on(practice, matter_id).content["cause"] == "device"


def test_one_that_was_settled_opens_again_only_after_a_day(practice):
    matter_id = open_by_itself(practice.vault, "tampering", AT)
    assert open_by_itself(practice.vault, "tampering", AT) is None
    step(practice, "Olaf", matter_id, answer, LOW, {})
    step(practice, "Olaf", matter_id, propose_none, NOBODY, why="a broken disk")
    step(practice, "Thea", matter_id, answer_none, NOBODY, agrees=True, why="so it is")
    step(practice, "Olaf", matter_id, close, result="restored")
    assert open_by_itself(practice.vault, "tampering", AT + DAY / 2) is None
    assert open_by_itself(practice.vault, "tampering", AT + 2 * DAY) is not None
