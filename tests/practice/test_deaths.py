"""A client who has died: what could be sent or asked ends, and silence goes on."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, WrongSignIn
from angerona.gate.gathering import Wish
from angerona.practice.calendar import NewAppointment, appointments_of, make_appointment
from angerona.practice.deaths import goes_on, record_death, take_back_death
from angerona.practice.maturity import raise_what_comes, set_born
from angerona.practice.members import sign_in_with_password
from angerona.practice.portal import give_way_in, renew_way_in
from angerona.practice.representatives import NewRepresentative, enter_representative
from angerona.sealed.checking import check_rows
from prepared_practice import AT, PASSWORD, packs, prepared, quick_passwords

TODAY = AT.date()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as found:
        found.clients = copy.clients
        with found.visit("Tess") as visit:
            give_way_in(visit, copy.clients["Ada"], "Ada", PASSWORD)
        yield found


def died(practice, by="Tess", day=TODAY):
    with practice.visit(by) as visit:
        record_death(visit, practice.clients["Ada"], day=day, source="a letter of her sister")


def coming(practice, days):
    starts = AT + days * DAY
    return NewAppointment(person_id=practice.people["Tess"], starts=starts, minutes=50)


def asked(practice, to, *, asker=None, purpose="client_request", instrument="written_request"):
    facts = {"recipient.identity_verified": True, "record.joint": False}
    if asker is None:
        facts["recipient.has_legal_authority"] = True
    wish = Wish(
        wants=("progress_note",),
        to=to,
        purpose=purpose,
        instrument=instrument,
        facts={**facts, "recipient.suspected_abuser": False},
        asker=asker,
    )
    with practice.visit("Tess") as visit:
        return practice.door.preview(visit, practice.clients["Ada"], wish).answer


def test_the_way_in_is_shut_as_for_somebody_who_never_was(practice):
    died(practice)
    with pytest.raises(WrongSignIn):
        sign_in_with_password(practice.vault, "Ada", PASSWORD, AT)
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput):
            renew_way_in(visit, practice.clients["Ada"], PASSWORD, "somebody came")
        new = coming(practice, 1)
        with pytest.raises(BadInput):
            make_appointment(visit, practice.clients["Ada"], new)


def test_what_was_to_come_is_cancelled_and_what_was_stays(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Tess") as visit:
        for days in (-3, 4, 11):
            make_appointment(visit, ada, coming(practice, days))
    died(practice)
    with practice.visit("Tess") as visit:
        found = [one.row.is_cancelled for one in appointments_of(visit, ada)]
    assert found == [False, True, True]
    assert check_rows(practice.vault, AT) == []


def test_powers_of_the_living_end_and_an_estate_begins(practice):
    ada, ids = practice.clients["Ada"], {}
    for standing in ("attorney", "estate"):
        new = NewRepresentative(
            name="Wanda Invented",
            standing=standing,
            paper="papers seen",
            powers=("copies",),
            since=TODAY,
        )
        with practice.visit("Tess") as visit:
            ids[standing] = enter_representative(visit, ada, new)
    attorney = {"to": "representative", "asker": ids["attorney"]}
    estate = {"to": "estate", "asker": ids["estate"]}
    assert asked(practice, **attorney).outcome == "ask", "whether she would be endangered"
    assert asked(practice, **estate).outcome == "deny"
    died(practice)
    assert asked(practice, **attorney).outcome == "deny"
    assert asked(practice, **estate).outcome == "require"


def test_a_coroner_is_answered_once_the_client_has_died(practice):
    coroner = {"purpose": "death_inquiry", "instrument": "statutory_demand"}
    assert asked(practice, "coroner", **coroner).outcome == "ask"
    died(practice)
    assert asked(practice, "coroner", **coroner).outcome == "permit"
    assert asked(practice, "family").outcome == "deny", "a relative is told nothing"


def test_it_can_be_taken_back(practice):
    ada = practice.clients["Ada"]
    died(practice, by="Olaf", day=None)
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        record_death(visit, ada, day=None, source="again")
    with practice.visit("Tess") as visit:
        take_back_death(visit, ada)
        renew_way_in(visit, ada, PASSWORD, "she sat before me")
    assert sign_in_with_password(practice.vault, "Ada", PASSWORD, AT)
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        take_back_death(visit, ada)


def test_the_dead_grow_no_older(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Tess") as visit:
        set_born(visit, ada, (TODAY + 20 * DAY).replace(year=TODAY.year - 18))
    died(practice, day=TODAY - DAY)
    standing = practice.vault.authority(ada).client.standing
    assert standing.age_on(TODAY + 4000 * DAY) == 17
    assert standing.facts_on(TODAY) == {"client.age": 17, "client.deceased": True}
    assert raise_what_comes(practice.vault, packs(), AT) == 0


@pytest.mark.parametrize("day", [TODAY + DAY, TODAY.replace(year=1890)])
def test_a_day_that_cannot_be_is_refused(practice, day):
    ada = practice.clients["Ada"]
    with practice.visit("Tess") as visit:
        set_born(visit, ada, TODAY.replace(year=1990))
    with pytest.raises(BadInput):
        died(practice, day=day)


@pytest.mark.parametrize("name", ["Sue", "Cora", "Nina", "Fay"])
def test_only_who_treats_and_the_officer_say_so(practice, name):
    with pytest.raises(NotPermitted):
        died(practice, by=name)


def test_what_goes_on_comes_from_the_packs(practice):
    found = goes_on(practice.vault, packs())
    assert [(one.length, one.cite) for one in found] == [("50 years", "45 CFR 164.502(f)")]
