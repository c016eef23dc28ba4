"""Who stands for a client: on what paper, for what, until when; set aside without a sound."""

import datetime
import json

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.gate.gathering import Wish
from angerona.practice.consents import keep_consent
from angerona.practice.duties import owed
from angerona.practice.maturity import find_mature, raise_what_comes, set_born
from angerona.practice.portal import give_way_in
from angerona.practice.representatives import (
    NewRepresentative,
    check_again,
    end_representative,
    enter_representative,
    freeze,
    own_representatives,
    representatives_in,
    standing_of,
    thaw,
)
from angerona.practice.who_looked import in_words
from angerona.practice.zones import change_zone
from angerona.rules.answer import Permit
from prepared_practice import AT, PASSWORD, packs, prepared, quick_passwords

TODAY = AT.date()
YEAR = datetime.timedelta(days=366)
ASKED = {
    "recipient.identity_verified": True,
    "recipient.suspected_abuser": False,
    "us_hipaa.access_endangers": False,
    "us_ca.detriment": False,
    "record.joint": False,
}


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as found:
        found.clients = copy.clients
        yield found


def new(standing="parent", **more):
    given = {
        "name": "Wilhelmina Invented",
        "standing": standing,
        "paper": "birth certificate",
        "powers": ("consent", "copies"),
        "since": TODAY,
        **more,
    }
    return NewRepresentative(**given)


def entered(practice, client="Ada", by="Tess", **more):
    with practice.visit(by) as visit:
        return enter_representative(visit, practice.clients[client], new(**more))


def born(practice, years, client="Ada", by="Tess"):
    day = TODAY.replace(year=TODAY.year - years) - datetime.timedelta(days=100)
    with practice.visit(by) as visit:
        set_born(visit, practice.clients[client], day)
    return day


def asked(practice, asker=None, *, to="parent", at=AT, client="Ada", by="Tess", **more):
    """The answer to somebody who asks for the record in the client's place."""
    wish = Wish(
        wants=("progress_note", "treatment_plan"),
        to=to,
        purpose="client_request",
        instrument="written_request",
        facts={**ASKED, **more},
        asker=asker,
    )
    with practice.visit(by, at) as visit:
        return practice.door.preview(visit, practice.clients[client], wish).answer


def sentences(practice, client="Ada"):
    lines = practice.vault.ledger.lines_of(practice.clients[client])
    return [one.sentence for one in in_words(lines, datetime.UTC)]


def test_a_parent_whose_paper_was_seen_may_ask(practice):
    born(practice, 9)
    with practice.visit("Tess") as visit:
        find_mature(
            *(visit, practice.clients["Ada"], "talking"),
            mature=False,
            own_consent=False,
            why="too young to weigh it",
        )
    parent = entered(practice)
    assert isinstance(asked(practice, parent), Permit)
    assert asked(practice).outcome == "ask", "nobody has seen a paper of somebody else"
    assert asked(practice, bytes(16)).outcome == "deny"
    assert asked(practice, parent, to="representative").outcome == "deny", "as another kind"


@pytest.mark.parametrize("standing", ["guardian", "attorney"])
def test_a_guardian_asks_as_a_representative(practice, standing):
    found = entered(practice, standing=standing, paper="court order of 3 May, seen")
    assert asked(practice, found, to="representative").outcome == "require"
    assert asked(practice, found, to="estate").outcome == "deny"


def test_what_is_not_for_copies_gives_none(practice):
    found = entered(practice, standing="attorney", powers=("consent",))
    assert asked(practice, found, to="representative").outcome == "deny"


def test_it_ends_by_itself(practice):
    until = TODAY + datetime.timedelta(days=10)
    found = entered(practice, standing="attorney", until=until)
    for days, outcome in ((0, "require"), (10, "require"), (11, "deny")):
        at = AT + datetime.timedelta(days=days)
        practice.open("Tess", at)
        assert asked(practice, found, to="representative", at=at).outcome == outcome


def test_it_ends_when_somebody_says_so(practice):
    found = entered(practice, standing="attorney")
    with practice.visit("Olaf") as visit:
        end_representative(visit, practice.clients["Ada"], found)
    assert asked(practice, found, to="representative").outcome == "deny"
    with practice.visit("Olaf") as visit:
        standing = standing_of(visit, practice.clients["Ada"])
        [one] = representatives_in(standing, visit, packs())
    assert (one.row.name, one.is_in_force) == ("Wilhelmina Invented", False)


def test_an_end_that_is_past_stays_as_it_was(practice):
    long_past = TODAY - datetime.timedelta(days=60)
    parent = entered(practice, since=TODAY - datetime.timedelta(days=90), until=long_past)
    with practice.visit("Tess") as visit:
        end_representative(visit, practice.clients["Ada"], parent)
    standing = practice.vault.authority(practice.clients["Ada"]).client.standing
    assert standing.representatives[parent].until == long_past


def test_a_frozen_one_is_answered_as_a_stranger_is(practice):
    found = entered(practice, standing="attorney")
    with practice.visit("Tess") as visit:
        freeze(visit, practice.clients["Ada"], found, "She said that he makes her sign.")
    frozen = asked(practice, found, to="representative")
    stranger = asked(practice, bytes(16), to="representative")
    assert frozen == stranger
    assert json.dumps(frozen.as_json()) == json.dumps(stranger.as_json())
    stated = {"recipient.has_legal_authority": True}
    assert asked(practice, to="representative", **stated) == stranger, "no word stands in for it"
    with practice.visit("Olaf") as visit:
        thaw(visit, practice.clients["Ada"], found, "He lives elsewhere now; she is safe.")
    assert asked(practice, found, to="representative").outcome == "require"
    with practice.visit("Tess") as visit:
        one = standing_of(visit, practice.clients["Ada"]).representatives[found]
    assert [change.why for change in one.log] == [
        "She said that he makes her sign.",
        "He lives elsewhere now; she is safe.",
    ]


def test_every_change_leaves_the_same_line_and_the_same_place(practice):
    """So neither the client's list nor its proof tells a freezing from another look at a paper."""
    lines, texts = [], []
    found = entered(practice, standing="attorney")
    ada = practice.clients["Ada"]
    steps = (
        lambda visit: check_again(visit, ada, found, review=TODAY + YEAR),
        lambda visit: freeze(visit, ada, found, "a reason"),
        lambda visit: thaw(visit, ada, found, "another reason"),
        lambda visit: set_born(visit, ada, TODAY - 40 * YEAR),
    )
    for step in steps:
        with practice.visit("Tess") as visit:
            step(visit)
        line = practice.vault.ledger.lines_of(ada)[-1]
        lines.append((line.kind, line.body))
        texts.append(sentences(practice)[-1])
    assert len({str(one) for one in lines}) == len(set(texts)) == 1
    assert "frozen" not in texts[0]
    assert "Wilhelmina" not in str(lines)


def test_the_client_s_own_pages_show_no_change(practice):
    with practice.visit("Tess") as visit:
        made = give_way_in(visit, practice.clients["Ada"], "Ada", PASSWORD)
    practice.people["Ada"] = made.person_id
    practice.sign_in("Ada")
    found = entered(practice, standing="attorney")
    with practice.visit("Ada") as visit:
        before = [(one.name, one.standing) for one in own_representatives(visit)]
    with practice.visit("Tess") as visit:
        freeze(visit, practice.clients["Ada"], found, "a reason")
    with practice.visit("Ada") as visit:
        assert [(one.name, one.standing) for one in own_representatives(visit)] == before
        with pytest.raises(NotPermitted):
            freeze(visit, practice.clients["Ada"], found, "a reason")


def test_a_parent_s_standing_pauses_at_each_age_and_ends_at_eighteen(practice):
    day = born(practice, 9)
    parent = entered(practice)
    ada = practice.clients["Ada"]
    ages = (12, 18)  # as of a law that names twelve
    standing = practice.vault.authority(ada).client.standing
    for years, counts in ((11, True), (12, False), (17, False), (18, False)):
        assert standing.stands(parent, "copies", day.replace(year=day.year + years), ages) is counts
    later = AT.replace(year=day.year + 13)
    practice.open("Tess", later)
    with practice.visit("Tess", later) as visit:
        check_again(visit, ada, parent, review=None)
    standing = practice.vault.authority(ada).client.standing
    assert standing.stands(parent, "copies", later.date(), ages), "somebody looked again"
    grown = day.replace(year=day.year + 18)
    assert not standing.stands(parent, "copies", grown, ages)
    assert standing.age_on(grown) == 18


@pytest.mark.parametrize(("zone", "hour"), [("America/Los_Angeles", 2), ("Australia/Sydney", 20)])
def test_who_looked_again_before_the_birthday_looked_before_it_by_the_clock_here(
    practice, zone, hour
):
    """Midnight of the practice is not midnight of UTC, in the west or in the east."""
    practice.open("Olaf", AT)
    with practice.visit("Olaf") as visit:
        change_zone(visit, zone)
    at = (AT + datetime.timedelta(days=1)).replace(hour=hour)
    here = practice.vault.practice().local(at).date()
    before = zone.startswith("America")
    birthday = here + datetime.timedelta(days=1) if before else here
    with practice.visit("Tess") as visit:
        set_born(visit, practice.clients["Ada"], birthday.replace(year=birthday.year - 12))
    parent = entered(practice, since=AT.date() - datetime.timedelta(days=3))
    practice.open("Tess", at)
    with practice.visit("Tess", at) as visit:
        check_again(visit, practice.clients["Ada"], parent, review=None)
    standing = practice.vault.authority(practice.clients["Ada"]).client.standing
    assert standing.stands(parent, "copies", birthday, (12, 18)) is not before


def test_consents_of_somebody_who_stands_no_more_count_no_more(practice):
    found = entered(practice, standing="guardian")
    ada = practice.clients["Ada"]
    document = {
        "by": "representative",
        "form": "general",
        "classes": ["diagnosis"],
        "to": ["school"],
        "purposes": ["education"],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": {},
    }
    with practice.visit("Tess") as visit:
        keep_consent(visit, ada, document, signer=found)
        with pytest.raises(BadInput):
            keep_consent(visit, ada, {**document, "by": "parent"}, signer=found)
        with pytest.raises(BadInput):
            keep_consent(visit, ada, document, signer=bytes(16))
    authority = practice.vault.authority(ada)
    [one] = authority.documents_on(TODAY, (18,))
    assert one["elements"] == {"signer_authority": True}
    with practice.visit("Tess") as visit:
        freeze(visit, ada, found, "a reason")
        keep_consent(visit, ada, document)
    assert practice.vault.authority(ada).documents_on(TODAY, (18,)) == []


@pytest.mark.parametrize("name", ["Sue", "Cora", "Nina", "Fay", "Bill"])
def test_only_who_treats_and_the_officer_change_it(practice, name):
    with practice.visit(name) as visit, pytest.raises(NotPermitted):
        enter_representative(visit, practice.clients["Ada"], new())


@pytest.mark.parametrize("name", ["Cora", "Nina", "Fay", "Bill", "Stan", "Theo"])
def test_who_does_not_treat_sees_nothing_of_it(practice, name):
    entered(practice)
    before = len(practice.vault.ledger.lines_of(practice.clients["Ada"]))
    with practice.visit(name) as visit, pytest.raises(Unknown):
        standing_of(visit, practice.clients["Ada"])
    assert len(practice.vault.ledger.lines_of(practice.clients["Ada"])) == before


@pytest.mark.parametrize(
    ("place", "more"),
    [
        ("name", {"name": " "}),
        ("paper", {"paper": ""}),
        ("stands as", {"standing": "neighbour"}),
        ("may", {"powers": ()}),
        ("may", {"powers": ("everything",)}),
        ("until", {"until": TODAY - YEAR}),
        ("look again", {"review": TODAY - YEAR}),
    ],
)
def test_what_cannot_be_is_said(practice, place, more):
    with practice.visit("Tess") as visit, pytest.raises(BadInput) as found:
        enter_representative(visit, practice.clients["Ada"], new(**more))
    assert found.value.place == place


def test_the_round_says_once_who_comes_of_age(practice):
    ada = practice.clients["Ada"]
    birthday = TODAY + datetime.timedelta(days=30)
    with practice.visit("Tess") as visit:
        set_born(visit, ada, birthday.replace(year=birthday.year - 18))
    entered(practice, review=TODAY + datetime.timedelta(days=20))
    assert raise_what_comes(practice.vault, packs(), AT) == 2
    assert raise_what_comes(practice.vault, packs(), AT) == 0
    with practice.visit("Tess") as visit:
        found = {one.duty.row.duty["id"]: one.duty for one in owed(visit)}
    grown = found["own.comes_of_age"]
    assert f"comes of age on {birthday}" in grown.row.duty["what"]
    assert grown.row.due.date() == birthday + datetime.timedelta(days=1)
    assert "own.representative_review" in found
