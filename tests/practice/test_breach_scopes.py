"""Who could have seen what: who was never reached is not there, who was listed only is said so."""

import csv
import datetime
import io

import apsw
import msgspec
import pytest

from angerona.errors import Altered, BadInput, Unknown
from angerona.ledger.lines import Line
from angerona.practice import breach_scopes
from angerona.practice.breach_scopes import PLACES, Place, members, sessions_of
from angerona.practice.breach_searches import (
    SLICE,
    go_on,
    keep,
    leave_out,
    listed,
    listed_csv,
    places_of,
    search,
    search_of,
)
from angerona.practice.breaches import incident, report
from angerona.practice.caseload import caseload, known_to
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.members import sign_out
from angerona.practice.ties import begin_tie
from angerona.sealed.held_lines import HAPPENED
from owed_duties import THREAT, always, copy, practice, released
from practice.test_breaches import SAID
from prepared_practice import AT, packs
from small_practice import MINUTE

__all__ = ["always", "copy", "practice"]

DAY = datetime.timedelta(days=1)
LATER = AT + 2 * DAY
SINCE = AT + DAY


@pytest.fixture
def begun(practice):
    with practice.visit("Stan") as visit:
        return report(visit, packs(), SAID)


def again(practice, *names):
    for name in names:
        practice.open(name, LATER)


def scoped(practice, matter_id, *places, by="Olaf"):
    """What each client's row says, by name, after looking in these places and keeping it."""
    practice.open(by, LATER)
    with practice.visit(by, LATER) as visit:
        for place in places:
            matter = incident(visit, matter_id)
            held = search(visit, matter, place)
            while not held.is_over:
                held = go_on(visit, matter)
            keep(visit, packs(), matter)
        seen, others = listed(visit, incident(visit, matter_id))
        return {one.name: one.row for one in seen}, others


def of(practice, name, by="person", since=SINCE, until=LATER, **more):
    return Place(by=by, since=since, until=until, person=practice.people[name].hex(), **more)


def test_a_client_whom_somebody_never_reached_is_not_there(practice, copy, begun):
    practice.open("Tess", SINCE + MINUTE)
    practice.look("Tess", copy.clients["Ada"], SINCE + MINUTE)
    found, others = scoped(practice, begun, of(practice, "Tess"))
    assert (set(found), others) == ({"Ada"}, 0)
    assert {"progress_note", "risk"} <= set(found["Ada"].classes)


def test_one_who_was_listed_only_is_said_to_be(practice, begun):
    practice.open("Theo", SINCE + MINUTE)
    with practice.visit("Theo", SINCE + MINUTE) as visit:
        caseload(visit)
    found, _ = scoped(practice, begun, of(practice, "Theo"))
    assert {name: (one.is_listed_only, one.lines) for name, one in found.items()} == {
        "Otto": (True, 1)
    }


def test_a_look_at_which_entries_there_are_is_a_list_too(practice, copy, begun):
    at, tess = SINCE + MINUTE, practice.people["Tess"].hex()
    body = {"by": {"id": tess}, "what": "listed", "classes": ["risk", "progress_note"]}
    practice.vault.record(copy.clients["Ada"], "look", body, at)
    found, _ = scoped(practice, begun, of(practice, "Tess"))
    assert found["Ada"].is_listed_only
    body = {"by": {"id": tess}, "what": "how to reach"}
    practice.vault.record(copy.clients["Ada"], "look", body, at)
    found, _ = scoped(practice, begun, of(practice, "Tess"))
    assert found["Ada"].classes == ("identity",)


def test_whoever_holds_a_post_had_everybody_listed(practice, begun):
    practice.open("Fay", SINCE + MINUTE)
    with practice.visit("Fay", SINCE + MINUTE) as visit:
        caseload(visit)
    found, _ = scoped(practice, begun, of(practice, "Fay"))
    assert {name: one.is_listed_only for name, one in found.items()} == {"Ada": True, "Otto": True}


def test_what_lies_outside_the_time_and_what_others_did_is_left_out(practice, copy, begun):
    for name, client, at in (("Tess", "Ada", SINCE - MINUTE), ("Theo", "Otto", SINCE + MINUTE)):
        practice.open(name, at)
        practice.look(name, copy.clients[client], at)
    found, _ = scoped(practice, begun, of(practice, "Tess"))
    assert found == {}


def test_a_session_is_what_was_done_in_it(practice, copy, begun):
    at = SINCE + MINUTE
    practice.vault.record(
        practice.people["Tess"], "sign_in", {"by": {"id": practice.people["Tess"].hex()}}, at
    )
    practice.open("Tess", at)
    practice.look("Tess", copy.clients["Ada"], at + MINUTE)
    sign_out(practice.vault, practice.cookies["Tess"], at + 2 * MINUTE)
    practice.open("Olaf", LATER)
    with practice.visit("Olaf", LATER) as visit:
        first, last = sessions_of(visit, practice.people["Tess"])[0]
    assert (first, last) == (at, at + 2 * MINUTE)
    place = of(practice, "Tess", by="session", since=first, until=last)
    found, _ = scoped(practice, begun, place)
    assert set(found) == {"Ada"}
    after = of(practice, "Tess", by="session", since=last, until=LATER)
    assert scoped(practice, begun, after)[0] == found


def test_a_packet_says_what_it_carried(practice, copy, begun, always):
    always()
    prepared = released(practice, copy.clients["Ada"], THREAT)
    number = prepared.written.event_id.hex()
    for packet in (number, f"{number[:4]}-{number[4:8]}"):
        place = Place(by="packet", since=AT, until=LATER, packet=packet)
        found, _ = scoped(practice, begun, place)
        assert {name: set(one.classes) for name, one in found.items()} == {
            "Ada": {"risk", "identity"}
        }
    with practice.visit("Olaf", LATER) as visit:
        matter = incident(visit, begun)
        for packet in ("5f", "zzzzzzzz"):
            with pytest.raises(BadInput, match="no number"):
                search(visit, matter, Place(by="packet", since=AT, until=LATER, packet=packet))


def test_what_was_announced_and_came_to_nothing_is_left_out(practice, copy, begun, always):
    always()
    prepared = released(practice, copy.clients["Ada"], THREAT)
    body = {"announced": prepared.written.event_id.hex()}
    practice.vault.record(copy.clients["Ada"], "failed", body, AT)
    number = prepared.written.event_id.hex()
    found, _ = scoped(practice, begun, Place(by="packet", since=AT, until=LATER, packet=number))
    assert found == {}


@pytest.mark.parametrize(
    ("keys", "ada", "otto"),
    [
        ("none", set(), set()),
        ("boot", {"identity", "attendance", "ledger"}, {"identity", "attendance", "ledger"}),
    ],
)
def test_a_disk_that_is_gone_says_what_its_keys_open(practice, begun, keys, ada, otto):
    place = Place(by="stolen", since=AT, until=AT, keys=keys)
    found, _ = scoped(practice, begun, place)
    assert {name: set(one.classes) for name, one in found.items()} == {"Ada": ada, "Otto": otto}
    assert {one.is_sealed for one in found.values()} == {keys == "none"}
    assert not any(one.is_listed_only for one in found.values())


def test_with_a_password_too_it_is_what_that_member_s_keys_open(practice, begun):
    place = of(practice, "Cora", by="stolen", keys="password")
    found, _ = scoped(practice, begun, place)
    assert "risk" in found["Ada"].classes
    assert "progress_note" not in found["Ada"].classes
    assert set(found["Otto"].classes) == {"identity", "attendance", "ledger"}
    tess = of(practice, "Tess", by="stolen", keys="password")
    found, _ = scoped(practice, begun, tess)
    assert {"progress_note", "psychotherapy_note"} <= set(found["Ada"].classes)


def test_with_the_password_of_a_post_it_is_what_the_post_opens_of_everybody(practice, begun):
    bill = of(practice, "Bill", by="stolen", keys="password")
    found, _ = scoped(practice, begun, bill)
    for name in ("Ada", "Otto"):
        assert {"billing", "diagnosis"} <= set(found[name].classes), name
        assert "progress_note" not in found[name].classes


def test_with_the_password_of_a_supervisor_it_is_what_several_share_too(practice, copy, begun):
    with practice.visit("Tess") as visit:
        colleague = practice.people["Theo"]
        begin_tie(visit, copy.clients["Ada"], colleague, "supervisor", until=None)
    found, _ = scoped(practice, begun, of(practice, "Theo", by="stolen", keys="password"))
    assert {"progress_note", "shared_record"} <= set(found["Ada"].classes)
    assert "psychotherapy_note" not in found["Ada"].classes, "nobody shared what is kept apart"


@pytest.mark.parametrize("what", ["calendar", "duties", "oversight", "second readings"])
def test_every_page_of_names_is_a_list(practice, begun, what):
    by = {"by": practice.vault.person(practice.people["Theo"]).described, "what": what}
    practice.vault.record(practice.people["Theo"], "look", by, SINCE + MINUTE)
    found, _ = scoped(practice, begun, of(practice, "Theo"))
    assert {name: one.is_listed_only for name, one in found.items()} == {"Otto": True}


def test_one_client_s_own_lines_and_no_other_s(practice, copy, begun):
    place = Place(by="client", since=AT - DAY, until=LATER, client=copy.clients["Otto"].hex())
    found, _ = scoped(practice, begun, place)
    assert set(found) == {"Otto"}
    strange = Place(by="client", since=AT, until=LATER, client=bytes(16).hex())
    with pytest.raises(Unknown):
        scoped(practice, begun, strange)


def test_a_line_that_is_held_back_counts(practice, copy, begun, always):
    always(notice="prohibited")
    before = practice.vault.ledger.lines_of(copy.clients["Ada"])
    practice.open("Tess", SINCE + MINUTE)
    with practice.visit("Tess", SINCE + MINUTE) as visit:
        practice.door.release(visit, copy.clients["Ada"], THREAT, recipient="the officer on duty")
    assert practice.vault.ledger.lines_of(copy.clients["Ada"]) == before
    found, _ = scoped(practice, begun, of(practice, "Tess"))
    assert set(found["Ada"].classes) == {"risk", "identity"}


def test_places_add_up_and_the_same_places_give_the_same_list(practice, copy, begun):
    practice.open("Tess", SINCE + MINUTE)
    practice.look("Tess", copy.clients["Ada"], SINCE + MINUTE)
    gone = Place(by="stolen", since=AT, until=LATER, keys="none")
    found, _ = scoped(practice, begun, of(practice, "Tess"), gone)
    assert set(found) == {"Ada", "Otto"}
    assert not found["Ada"].is_sealed
    assert found["Otto"].is_sealed
    practice.open("Olaf", LATER)
    with practice.visit("Olaf", LATER) as visit:
        matter = incident(visit, begun)
        assert search_of(visit, matter) is None
        kept = matter.content["found"]
        assert (kept["clients"], kept["sealed"], len(places_of(matter))) == (2, 1, 2)
        held = search(visit, matter)
        while not held.is_over:
            held = go_on(visit, matter)
        matter = keep(visit, packs(), matter)
        assert matter.content["found"]["digest"] == kept["digest"]
        assert "rows" not in str(matter.content)
        matter = leave_out(visit, packs(), matter, 1, why="it was found again")
        assert matter.content["found"] == {}
        with pytest.raises(BadInput):
            leave_out(visit, packs(), matter, 7, why="x")


def test_whoever_has_no_tie_sees_a_number_in_place_of_names(practice, begun):
    place = Place(by="stolen", since=AT, until=AT, keys="none")
    scoped(practice, begun, place)
    again(practice, "Stan")
    with practice.visit("Stan", LATER) as visit:
        assert list(known_to(visit)) == []
        matter = incident(visit, begun)
        held = search(visit, matter)
        while not held.is_over:
            held = go_on(visit, matter)
        seen, others = listed(visit, matter)
    assert (seen, others) == ([], 2)
    assert others < SLICE


def test_as_a_list_to_take_along_no_cell_runs(practice):
    with practice.visit("Tess") as visit:
        who = NewClient(name="=cmd|calc", facts={"client.age": 34})
        enrol_client(visit, who, treating=practice.people["Tess"])
    with practice.visit("Stan") as visit:
        matter_id = report(visit, packs(), SAID)
    practice.open("Olaf", LATER)
    place = Place(by="stolen", since=AT, until=LATER, keys="none")
    scoped(practice, matter_id, place)
    with practice.visit("Olaf", LATER) as visit:
        seen, others = listed(visit, incident(visit, matter_id))
    rows = list(csv.reader(io.StringIO(listed_csv(seen, others + 1, datetime.UTC).decode())))
    assert [row[0] for row in rows[1:]] == ["'=cmd|calc", "Ada", "Otto", "and 1 others"]


def test_what_cannot_be_looked_at(practice, begun):
    good = of(practice, "Tess")
    with practice.visit("Olaf") as visit:
        matter = incident(visit, begun)
        wrong = [
            {"by": "dream"},
            {"until": AT + 9 * DAY},
            {"since": LATER + DAY},
            {"by": "stolen", "keys": "some"},
        ]
        for change in wrong:
            with pytest.raises(BadInput):
                search(visit, matter, msgspec.structs.replace(good, **{"until": AT, **change}))
        with pytest.raises(BadInput):
            search(visit, matter)
        with pytest.raises(BadInput):
            go_on(visit, matter)
        with pytest.raises(BadInput):
            listed(visit, matter)
    assert set(PLACES) == {"person", "session", "packet", "stolen", "client"}


def test_every_member_there_ever_was_can_be_looked_at(practice):
    with practice.visit("Olaf") as visit:
        assert {name for _, name in members(visit)} == set(practice.people)


def slowly(practice, place):
    """What a person's place reached, client by client from each one's own list; naive."""
    ledger, found = practice.vault.ledger, {}
    for name, client_id in practice.clients.items():
        lines = [one for one in ledger.lines_of(client_id) if HAPPENED not in one.body]
        nothing = {one.body.get("announced") for one in lines if one.kind == "failed"}
        seen = [
            one
            for one in lines
            if one.kind in {"look", "disclosure", "emergency", "opened", "kept"}
            and one.body["by"]["id"] == place.person
            and place.since <= one.at <= place.until
            and one.event_id.hex() not in nothing
        ]
        if seen:
            classes = {wanted for one in seen for wanted in one.body.get("classes", ())}
            times = [one.at for one in seen]
            found[name] = (classes, len(seen), min(times), max(times))
    return found


def test_one_pass_finds_what_each_client_s_own_list_says(practice, copy, begun, monkeypatch):
    practice.clients, told = copy.clients, [["progress_note"], ["risk", "identity"], ["billing"]]
    vault, kinds = practice.vault, ("look", "disclosure", "kept", "failed", "handed_over")
    monkeypatch.setattr(breach_scopes, "PAGES", 1)
    before = {}
    for number in range(400):
        name = ("Ada", "Otto")[number % 3 == 0]
        who, kind = practice.people[("Tess", "Theo")[number % 5 == 0]], kinds[number * 7 % 5]
        at = SINCE + (number % 90 - 45) * MINUTE
        body = {"by": {"id": who.hex()}, "classes": told[number % 3]}
        if kind in {"failed", "handed_over"}:
            body = {"announced": before[name]}
        made = vault.record(copy.clients[name], kind, body, at)
        before[name] = made.event_id.hex()
    body = {"by": {"id": practice.people["Tess"].hex()}, "classes": ["portal"]}
    more = [Line(copy.clients["Otto"], "look", body)] * 900
    vault.ledger.append_all(more, SINCE, authority={}, changes=None).result()
    for name in ("Tess", "Theo", "Olaf"):
        place = of(practice, name)
        practice.open("Olaf", LATER)
        with practice.visit("Olaf", LATER) as visit:
            held, steps = search(visit, incident(visit, begun), place), 0
            while not held.is_over:
                held, steps = go_on(visit, incident(visit, begun)), steps + 1
        names = {client_id.hex(): one for one, client_id in copy.clients.items()}
        found = {
            names[one.client]: (set(one.classes), one.lines, one.first, one.last)
            for one in held.rows
        }
        assert found == slowly(practice, place), name
        assert held.done == held.total
    assert steps > 1


def test_a_ledger_that_was_cut_or_exchanged_is_not_scoped(practice, copy, begun):
    place = of(practice, "Tess")
    practice.open("Olaf", LATER)
    with practice.visit("Olaf", LATER) as visit:
        search(visit, incident(visit, begun), place)
        connection = apsw.Connection(str(copy.database))
        connection.execute("DELETE FROM events WHERE seq = (SELECT max(seq) - 3 FROM events)")
        connection.close()
        with pytest.raises(Altered):
            go_on(visit, incident(visit, begun))
