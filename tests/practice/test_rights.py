"""What a client asks for: by when, by whom, and how it is answered."""

import datetime

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.matters import Step, advance, open_matters
from angerona.practice.rights import (
    RIGHTS,
    Asked,
    answer,
    ask,
    check_identity,
    clocks,
    complaint_lines,
    extend,
    longer,
    reasons,
    rules_of,
)
from angerona.practice.who_looked import in_words
from asking_rights import DAY, LETTER, asked, matter_of, practice_under, way_in
from owed_duties import copy, last, practice, wrong
from prepared_practice import AT

__all__ = ["copy", "practice"]

AMERICA = ("house", "us-hipaa", "us-ca")
STACKS = {
    ("house", "us-hipaa", "us-ca"): {
        "copy": (datetime.date(2026, 3, 9), datetime.date(2026, 3, 9)),  # five working days
        "correction": (datetime.date(2026, 5, 1), datetime.date(2026, 5, 31)),
        "accounting": (datetime.date(2026, 5, 1), datetime.date(2026, 5, 31)),
        "restriction": (datetime.date(2026, 4, 1), datetime.date(2026, 4, 1)),
        "erasure": (datetime.date(2026, 4, 1), datetime.date(2026, 4, 1)),
    },
    ("house", "us-hipaa", "us-tx"): {
        "copy": (datetime.date(2026, 4, 1), datetime.date(2026, 5, 1)),
    },
    ("house", "us-hipaa", "us-ny"): {
        "copy": (datetime.date(2026, 3, 12), datetime.date(2026, 3, 12)),
    },
    ("house", "uk"): {
        "copy": (datetime.date(2026, 4, 2), datetime.date(2026, 6, 2)),
        "erasure": (datetime.date(2026, 4, 2), datetime.date(2026, 6, 2)),
        "restriction": (datetime.date(2026, 4, 2), datetime.date(2026, 6, 2)),
        "complaint": (datetime.date(2026, 4, 1), datetime.date(2026, 4, 1)),
    },
    ("house", "eu", "de"): {
        "copy": (datetime.date(2026, 4, 2), datetime.date(2026, 4, 2)),  # s630g gives no more time
        "portable": (datetime.date(2026, 4, 2), datetime.date(2026, 4, 2)),
        "correction": (datetime.date(2026, 4, 2), datetime.date(2026, 6, 2)),
        "erasure": (datetime.date(2026, 4, 2), datetime.date(2026, 6, 2)),
    },
    ("house", "eu", "fr"): {"copy": (datetime.date(2026, 3, 10), datetime.date(2026, 3, 10))},
    ("house", "eu", "nl"): {"erasure": (datetime.date(2026, 4, 2), datetime.date(2026, 6, 2))},
    ("house", "ca", "ca-on"): {"copy": (datetime.date(2026, 4, 1), datetime.date(2026, 5, 1))},
    ("house", "au"): {"copy": (datetime.date(2026, 4, 1), datetime.date(2026, 4, 1))},
    ("house", "nz"): {"copy": (datetime.date(2026, 3, 30), datetime.date(2026, 3, 30))},
}
"""For what was asked on 2 March 2026: by which day, and by which at the latest."""


@pytest.fixture
def ada(copy):
    return copy.clients["Ada"]


@pytest.mark.parametrize("packs", STACKS, ids="+".join)
def test_what_is_asked_is_due_by_the_soonest_law(tmp_path, packs):
    with practice_under(tmp_path / "one", *packs) as here:
        for right, days in STACKS[packs].items():
            found = clocks(here.door, right, AT)
            ends = min(one.due for one in found), min(one.longest for one in found)
            assert tuple(one.date() for one in ends) == days, right
            assert list(found) == sorted(found, key=lambda one: (one.due, one.rule))


@pytest.mark.parametrize("packs", STACKS, ids="+".join)
def test_every_right_has_a_time_under_every_law(tmp_path, packs):
    with practice_under(tmp_path / "one", *packs) as here:
        for right in RIGHTS:
            assert clocks(here.door, right, AT), right


def test_a_day_is_a_day_of_the_practice_s_clock(tmp_path):
    late = datetime.datetime(2026, 1, 31, 23, 30, tzinfo=datetime.UTC)
    with practice_under(tmp_path / "one", "house", "uk", zone="Europe/London") as here:
        assert clocks(here.door, "copy", late)[0].due.date() == datetime.date(2026, 2, 28)
    with practice_under(tmp_path / "two", "house", "eu", "de", zone="Europe/Berlin") as here:
        [due] = {one.due for one in clocks(here.door, "copy", late)}
        assert due == datetime.datetime(2026, 2, 28, 23, 30, tzinfo=datetime.UTC)


def test_a_clock_waits_for_identity_only_where_the_pack_lets_it(tmp_path):
    later = AT + 5 * DAY
    with practice_under(tmp_path / "one", "house", "uk") as here:
        due = {one.rule: one.due.date().day for one in clocks(here.door, "copy", AT, later)}
        assert due == {"uk.right.access": 7, "uk.right.access_scotland_12": 2}
    with practice_under(tmp_path / "two", "house", "us-hipaa", "us-tx") as here:
        assert clocks(here.door, "copy", AT, later) == clocks(here.door, "copy", AT)


def test_a_client_asks_in_the_own_pages_and_sees_where_it_stands(practice, ada):
    way_in(practice, ada)
    matter_id = asked(practice, "ada", ada, "copy", own=True)
    with practice.visit("ada") as visit:
        [one] = open_matters(visit)
        assert (one.matter_id, one.content["right"], one.content["how"]) == (
            matter_id,
            "copy",
            "own pages",
        )
        assert one.due.date() == datetime.date(2026, 3, 9)
        assert one.handler_id == practice.people["Tess"]
        for attempt in (answer, extend):
            with pytest.raises(NotPermitted):
                attempt(
                    practice.door, visit, one, *(("granted",) if attempt is answer else ()), "x"
                )
    [said] = in_words([last(practice, ada)], datetime.UTC)
    assert said.sentence == "Ada (client) asked for a copy of the record."
    assert wrong(practice) == []


def test_a_member_takes_down_what_came_by_letter_and_nobody_answers_a_stranger(practice, ada):
    long_ago = AT - 3 * DAY
    matter_id = asked(practice, "Fay", ada, "copy", received=long_ago, checked="")
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, matter_id)
        assert matter.due.date() == datetime.date(2026, 3, 6)
        with pytest.raises(BadInput, match="who asks"):
            answer(practice.door, visit, matter, "granted", LETTER)
        matter = check_identity(practice.door, visit, matter, "she came by, passport seen")
        answer(practice.door, visit, matter, "granted", LETTER)
        assert open_matters(visit) == []
    assert last(practice, ada).body["outcome"] == "granted"
    assert wrong(practice) == []


def test_more_time_is_taken_once_in_time_and_with_a_letter(practice, ada):
    matter_id = asked(practice, "Tess", ada, "correction")
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, matter_id)
        first = matter.due
        assert longer(practice.door, matter).date() == datetime.date(2026, 5, 31)
        with pytest.raises(BadInput, match="letter"):
            extend(practice.door, visit, matter, " ")
        matter = extend(practice.door, visit, matter, "We need the old paper file first.")
        assert matter.due > first
        assert longer(practice.door, matter) is None
        with pytest.raises(BadInput, match="more time"):
            extend(practice.door, visit, matter, LETTER)
    kept = practice.look("Tess", ada).entries
    assert [text.heading for _, text in kept if text.text.startswith("We need")] == ["More time"]


def test_no_more_time_where_the_soonest_law_gives_none_or_it_is_over(practice, ada):
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, asked(practice, "Tess", ada, "copy"))
        with pytest.raises(BadInput, match="more time"):
            extend(practice.door, visit, matter, LETTER)
    late = AT + 61 * DAY
    matter_id = asked(practice, "Tess", ada, "accounting")
    practice.open("Tess", late)
    with practice.visit("Tess", late) as visit, pytest.raises(BadInput, match="before"):
        extend(practice.door, visit, matter_of(visit, matter_id), LETTER)


def test_only_a_reason_of_the_law_refuses(practice, ada):
    matter_id = asked(practice, "Tess", ada, "correction")
    known = {one.key: one for one in reasons(practice.door, "correction")}
    assert [one.says for one in known.values()] == [
        "not created here and originator available",
        "not in the record set",
        "not open to access",
        "accurate and complete",
    ]
    with practice.visit("Tess") as visit:
        matter = matter_of(visit, matter_id)
        for key in ("", "because", "us-hipaa.right.access:0"):
            with pytest.raises(BadInput, match="reason"):
                answer(practice.door, visit, matter, "refused", LETTER, reason=key)
        with pytest.raises(BadInput, match="answer"):
            answer(practice.door, visit, matter, "perhaps", LETTER)
        answer(practice.door, visit, matter, "refused", LETTER, reason=list(known)[3])
    assert last(practice, ada).body["reason"] == "us-hipaa.right.amend:3"


def test_what_can_be_looked_at_again_is_what_the_pack_marks(tmp_path, practice):
    marked = {one.says: one.is_reviewable for one in reasons(practice.door, "copy")}
    assert marked == {
        "psychotherapy notes": False,
        "compiled for a proceeding": False,
        "promise of confidentiality to a non-provider source": False,
        "danger to life or physical safety": True,
        "substantial harm to another": True,
    }
    with practice_under(tmp_path / "de", "house", "eu", "de") as here:
        says = [one.says for one in reasons(here.door, "copy")]
        assert says == [
            "Do substantial therapeutic reasons speak against inspection?",
            "Do substantial rights of third parties speak against inspection?",
        ]
    with practice_under(tmp_path / "uk", "house", "uk") as here:
        [one] = reasons(here.door, "copy")
        assert one.says.count("?") == 2  # harm is likely, and a health professional says so
        assert not one.is_reviewable


def test_who_decides_is_whoever_treats_and_the_officer(practice, ada):
    matter_id = asked(practice, "Fay", ada, "complaint")
    with practice.visit("Fay") as visit, pytest.raises(NotPermitted):
        answer(practice.door, visit, matter_of(visit, matter_id), "granted", LETTER)
    with practice.visit("Theo") as visit, pytest.raises(Unknown):
        matter_of(visit, matter_id)
    with practice.visit("Olaf") as visit:
        answer(practice.door, visit, matter_of(visit, matter_id), "granted", LETTER)


def test_what_cannot_be_asked(practice, ada, copy):
    door = practice.door
    with practice.visit("Tess") as visit:
        for changed, place in (
            ({"right": "everything"}, "right"),
            ({"text": " "}, "text"),
            ({"how": "own pages"}, "how it was asked"),
            ({"received": AT + DAY}, "when it was asked"),
        ):
            given = {"right": "copy", "text": "please", "how": "letter", **changed}
            with pytest.raises(BadInput, match=place):
                ask(door, visit, ada, Asked(**given))
        with pytest.raises(Unknown):
            ask(door, visit, copy.clients["Otto"], Asked(right="copy", text="x", how="letter"))
        with pytest.raises(BadInput):
            rules_of(door, "everything")


def test_words_of_danger_in_what_is_asked_bring_help(practice, ada):
    way_in(practice, ada)
    with practice.visit("ada") as visit:
        text = "Erase it all, I am going to kill myself tonight."
        matter_id, left = ask(practice.door, visit, ada, Asked(right="erasure", text=text))
        assert left.is_crisis
        assert matter_id


def test_whom_to_complain_to_is_said_only_where_it_was_read(tmp_path, practice):
    [line] = complaint_lines(practice.door)
    assert line.startswith("Office for Civil Rights")
    with practice_under(tmp_path / "de", "house", "eu", "de") as here:
        assert complaint_lines(here.door) == ()
    with practice_under(tmp_path / "ie", "house", "eu", "ie") as here:
        [line] = complaint_lines(here.door)
        assert line == "Data Protection Commission: 21 Fitzwilliam Square South, Dublin 2, D02 RD28"


WHOM = {
    ("house", "us-hipaa", "us-part2", "us-tx"): ["Office for Civil Rights"],
    ("house", "ca", "ca-on"): ["Office of the Privacy Commissioner", "Information and Privacy"],
    ("house", "ca", "ca-qc"): ["Office of the Privacy Commissioner", "Commission d'acc"],
    ("house", "ca", "ca-bc"): ["Office of the Privacy Commissioner", "Office of the Information"],
    ("house", "ca", "ca-ab"): ["Office of the Privacy Commissioner", "Office of the Information"],
    ("house", "au", "au-nsw"): ["Office of the Australian", "Information and Privacy"],
    ("house", "au", "au-vic"): ["Office of the Australian", "Health Complaints Commissioner"],
    ("house", "au", "au-qld"): ["Office of the Australian", "Office of the Health Ombudsman"],
    ("house", "uk"): ["Information Commissioner"],
    ("house", "nz"): ["Office of the Privacy Commissioner"],
    ("house", "eu", "nl"): ["Autoriteit Persoonsgegevens"],
    ("house", "eu", "fr"): ["CNIL"],
}


@pytest.mark.parametrize("packs", WHOM)
def test_each_place_names_its_offices_once_local_law_last(tmp_path, packs):
    with practice_under(tmp_path / "there", *packs) as here:
        lines = complaint_lines(here.door)
    assert len(lines) == len(WHOM[packs])
    for line, begins in zip(lines, WHOM[packs], strict=True):
        assert line.startswith(begins)


def test_a_held_step_is_not_the_client_s_to_see(practice, ada):
    way_in(practice, ada)
    matter_id = asked(practice, "ada", ada, "copy", own=True)
    with practice.visit("Tess") as visit:
        step = Step(what="looked at it", said={}, held_until=AT + DAY)
        advance(visit, matter_of(visit, matter_id), step)
    with practice.visit("ada") as visit:
        assert open_matters(visit) == []
