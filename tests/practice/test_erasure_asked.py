"""An erasure against what must be kept: all of it, or item by item with the rule and the day."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.gathering import Wish
from angerona.practice.duties import owed
from angerona.practice.erasure_asked import (
    LOOK_AGAIN,
    erase_all,
    itemised,
    refuse_in_part,
)
from angerona.practice.keeping_times import must_stay, set_treatment_ended, still_running
from angerona.practice.maturity import set_born
from angerona.practice.restrictions import restrictions_of
from angerona.practice.rights import reasons
from angerona.rules.answer import Permit
from asking_rights import LETTER, asked, matter_of, practice_under
from prepared_practice import AT

ENGLAND = ("house", "uk")
GERMANY = ("house", "eu", "de")


def england(folder):
    return practice_under(folder / "uk", *ENGLAND, zone="Europe/London")


def germany(folder):
    return practice_under(folder / "de", *GERMANY, zone="Europe/Berlin")


def america(folder):
    return practice_under(folder / "us", "house", "us-hipaa", "us-ca")


def canada(folder):
    return practice_under(folder / "ca", "house", "ca", "ca-on")


def australia(folder):
    return practice_under(folder / "au", "house", "au", "au-nsw")


def test_what_must_stay_and_until_when(tmp_path):
    with germany(tmp_path) as here, here.visit("Thea") as visit:
        [one] = must_stay(here.door, visit, here.ada)
        assert (one.rule, one.until.date()) == ("de.retention.10y", datetime.date(2036, 3, 2))
        assert one.says == "10 years from treatment end"
        assert still_running((one,), one.until) == ()
    with england(tmp_path) as here, here.visit("Thea") as visit:
        [one] = must_stay(here.door, visit, here.ada)
        assert (one.cite.split(",")[0], one.until.year) == (
            "Records Management Code of Practice (NHS Transformation Directorate",
            2046,
        )
        assert "25th birthday" in one.children


def kept_until(here, ended=None, born=None):
    with here.visit("Thea") as visit:
        set_born(visit, here.ada, born)
        set_treatment_ended(visit, here.ada, ended)
        [one] = must_stay(here.door, visit, here.ada)
    return one.until.astimezone(here.vault.practice().zone).date(), one.children


def test_the_time_runs_from_the_end_of_treatment_or_the_last_entry(tmp_path):
    """The later counts: what was put down shortens nothing."""
    with germany(tmp_path) as here:
        assert kept_until(here, datetime.date(2020, 5, 4)) == (datetime.date(2036, 3, 2), "")
        with here.visit("Thea") as visit:
            for day in (datetime.date(2026, 3, 3), datetime.date(9999, 12, 31)):
                with pytest.raises(BadInput, match="ended"):
                    set_treatment_ended(visit, here.ada, day)
        assert kept_until(here, AT.date())[0] >= datetime.date(2036, 3, 2)


@pytest.mark.parametrize(
    ("born", "until"),
    [
        (datetime.date(2024, 6, 1), datetime.date(2049, 6, 1)),  # two years old: to the 25th
        (datetime.date(2008, 6, 1), datetime.date(2046, 3, 2)),  # 20 years are longer than the 26th
        (datetime.date(1990, 6, 1), datetime.date(2046, 3, 2)),
    ],
)
def test_the_record_of_a_child_is_kept_to_the_birthday_that_the_rule_names(tmp_path, born, until):
    with england(tmp_path) as here:
        found, children = kept_until(here, born=born)
        assert children == "", "it is worked out, and not said in words"
        assert found - until <= datetime.timedelta(days=1)
        assert found >= until


def test_it_is_answered_item_by_item_with_the_rule_and_the_day(tmp_path):
    with germany(tmp_path) as here:
        here.keep("Thea", here.ada, "history", "said")
        with here.visit("Thea") as visit:
            said = itemised(here.door, visit, here.ada)
        assert "- personal history: 1" in said
        assert (
            "We have to keep it 10 years from treatment end, until 2 March 2036 (BGB s630f)."
            in said
        )
        assert "this can go now" in said


@pytest.mark.parametrize("place", [england, germany, america, canada, australia])
def test_inside_the_time_what_can_go_goes_and_the_rest_is_only_kept(tmp_path, place):
    facts = {"client.restriction": False} if place is canada else {}
    with place(tmp_path) as here:
        assert here.keep("Thea", here.ada, "history", "said", facts=facts).entry_id
        matter_id = asked(here, "Thea", here.ada, "erasure")
        key = next((one.key for one in reasons(here.door, "erasure")), "")
        with here.visit("Thea") as visit:
            matter = matter_of(visit, matter_id)
            with pytest.raises(BadInput, match="letter"):
                refuse_in_part(
                    here.door, visit, matter, letter=" ", reason=key, forget_contact=True
                )
            ends = refuse_in_part(
                here.door, visit, matter, letter=LETTER, reason=key, forget_contact=True
            )
            [quiet] = restrictions_of(visit, here.ada)
            assert "research" in quiet.purposes
            [due] = [
                one.duty.row.due for one in owed(visit) if one.duty.row.duty["id"] == LOOK_AGAIN
            ]
            assert due == ends
            assert here.vault.authority(here.ada).client.contact == {}
            with pytest.raises(Unknown):
                matter_of(visit, matter_id)
        used = Wish(wants=("history",), purpose="research", to="researcher", instrument="consent")
        with here.visit("Thea") as visit:
            assert not isinstance(here.door.preview(visit, here.ada, used).answer, Permit)
        assert len(here.look("Thea", here.ada, facts=facts).entries) == 3


def test_when_no_rule_keeps_it_all_of_it_goes_and_the_matter_with_it(tmp_path):
    with germany(tmp_path) as here:
        matter_id = asked(here, "Thea", here.ada, "erasure")
        facts = {
            "eu.retention_required": False,
            "eu.claims_needed": False,
            "client.unsafe_to_tell": False,
        }
        with here.visit("Thea") as visit:
            matter = matter_of(visit, matter_id)
            done = erase_all(
                here.door, visit, matter, reason="asked, and nothing keeps it", facts=facts
            )
            assert done.written is not None, done.answer.because
            with pytest.raises(Unknown):
                matter_of(visit, matter_id)


def test_inside_the_time_nothing_is_erased_whatever_is_asked(tmp_path):
    with germany(tmp_path) as here:
        matter_id = asked(here, "Thea", here.ada, "erasure")
        facts = {"eu.retention_required": True, "eu.claims_needed": False}
        with here.visit("Thea") as visit:
            matter = matter_of(visit, matter_id)
            done = erase_all(here.door, visit, matter, reason="asked", facts=facts)
            assert done.written is None
            assert matter_of(visit, matter_id)


def test_nobody_erases_for_somebody_who_was_not_made_sure(tmp_path):
    with germany(tmp_path) as here:
        matter_id = asked(here, "Thea", here.ada, "erasure", checked="")
        with here.visit("Thea") as visit:
            matter = matter_of(visit, matter_id)
            with pytest.raises(BadInput, match="who asks"):
                erase_all(here.door, visit, matter, reason="asked", facts={})
            with pytest.raises(BadInput, match="who asks"):
                refuse_in_part(
                    here.door, visit, matter, letter=LETTER, reason="", forget_contact=False
                )


def test_only_the_officer_decides(tmp_path):
    with germany(tmp_path) as here:
        here.enrol("Tess", roles=("psychologist",))
        other = here.client("Otto", treating="Tess")
        matter_id = asked(here, "Tess", other, "erasure")
        with here.visit("Tess") as visit:
            matter = matter_of(visit, matter_id)
            with pytest.raises(NotPermitted):
                refuse_in_part(
                    here.door, visit, matter, letter=LETTER, reason="", forget_contact=False
                )
            with pytest.raises(NotPermitted):
                erase_all(here.door, visit, matter, reason="asked", facts={})
    assert AT
