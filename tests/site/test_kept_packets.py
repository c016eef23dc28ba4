"""A file that was handed over and did not arrive: the very same again, for one, for a while."""

import datetime
import hashlib
import http.client
import re
import threading
import urllib.parse

import pytest

from angerona.errors import Altered
from angerona.practice.consents import take_back_consent
from angerona.practice.kept_packets import KEPT_FOR, have_again
from angerona.practice.ties import begin_tie, end_tie
from angerona.practice.upkeep import keep_up
from angerona.practice.who_looked import in_words
from angerona.sealed.kept_packets import PacketPlace, opened_packet, sealed_packet
from prepared_practice import AT
from running_site import HOST, running
from second_readings import WISH
from taken_down import (
    COURT,
    INSURER,
    answered,
    chosen,
    consented,
    kinds,
    leaving,
    matter_of,
    taken_down,
)

TRIES = 400


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def cut_off(site, ada, visitor, address, form):
    """Send a form, and hang up once its work is done and before a byte of the answer was read."""
    body = urllib.parse.urlencode({**form, "token": visitor.token}, doseq=True).encode()
    sent = {
        "content-type": "application/x-www-form-urlencoded",
        "sec-fetch-site": "same-origin",
        "origin": "null",
        "cookie": "; ".join(f"{one}={said}" for one, said in visitor.cookies.items()),
    }
    connection = http.client.HTTPConnection(HOST, site.port, 30)
    connection.request("POST", address, body, sent)
    for _ in range(TRIES):
        if "handed_over" in kinds(site, ada):
            break
        threading.Event().wait(0.05)
    connection.close()
    assert "handed_over" in kinds(site, ada)


def ready(site, ada, **more):
    """A request of an insurer, to be handed over: the visitor, its address, the form."""
    consent_id = consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    chosen(visitor, path)
    form = {**leaving(visitor, path, **more), "once": "a" * 32}
    return visitor, f"{matter_of(path)}/leaves", form, consent_id


def handed_over(site, ada):
    """A packet that was handed over by Tess: her browser, the id of it, the file."""
    visitor, address, form, consent_id = ready(site, ada)
    got = visitor.post(address, form)
    assert got.status == 200, got.text
    [packet] = listed(visitor)
    return visitor, packet, got.data, consent_id


def listed(visitor):
    return re.findall(r'action="/packets/(\w{32})/again"', visitor.get("/packets").text)


def bodies(site, ada, kind, what=None):
    lines = [one.body for one in site.practice.vault.ledger.lines_of(ada) if one.kind == kind]
    return [one for one in lines if what in {None, one.get("what")}]


def row_of(site, packet):
    [row] = site.practice.vault.store.rows(
        "packets.by_key",
        practice_id=site.practice.vault.practice_id,
        packet_id=bytes.fromhex(packet),
        person_id=site.practice.people["Tess"],
    )
    return row


def test_after_a_cut_connection_the_very_same_file_is_had_again(site, ada):
    visitor, address, form, _ = ready(site, ada)
    cut_off(site, ada, visitor, address, form)
    again = visitor.post(address, form)
    assert (again.status, again.to) == (303, "/packets")
    lost = site.in_session("Tess")  # the session may be gone as well
    [packet] = listed(lost)
    got = [lost.post(f"/packets/{packet}/again") for _ in range(2)]
    assert [one.status for one in got] == [200, 200]
    assert got[0].data == got[1].data
    assert b"what there is of diagnosis" in got[0].data
    [line] = bodies(site, ada, "handed_over")
    assert line["packet"] == packet
    assert line["file"] == hashlib.sha256(got[0].data).hexdigest()
    assert len(bodies(site, ada, "disclosure")) == 1
    assert [one["packet"] for one in bodies(site, ada, "look", "packet again")] == [packet] * 2
    said = in_words(site.practice.vault.ledger.lines_of(ada), datetime.UTC)[-1].sentence
    assert re.fullmatch(r"Tess \(psychologist\) had the file of packet [\w-]+ once more\.", said)


def test_nobody_else_has_it(site, ada):
    _, packet, _, _ = handed_over(site, ada)
    for name in ("Olaf", "Cora", "Theo", "Stan"):
        other = site.in_session(name)
        assert listed(other) == []
        assert other.post(f"/packets/{packet}/again").status == 404
        assert other.post(f"/packets/{packet}/arrived").status == 404
    assert bodies(site, ada, "look", "packet again") == []
    assert row_of(site, packet)


def test_what_the_rules_let_go_no_more_is_not_given_again(site, ada):
    visitor, packet, _, consent_id = handed_over(site, ada)
    site.practice.open("Tess")
    with site.practice.visit("Tess") as visit:
        take_back_consent(visit, ada, consent_id)
    got = visitor.post(f"/packets/{packet}/again")
    assert got.status == 422
    assert "do not let this go any more" in got.text
    assert "what there is of" not in got.text


def test_who_treats_no_more_has_it_no_more(site, ada):
    visitor, packet, _, _ = handed_over(site, ada)
    ties = site.practice.vault.authority(ada).ties
    tess = site.practice.people["Tess"]
    [tie_id] = [one for one, tie in ties.items() if tie.person_id == tess]
    site.practice.open("Tess")
    with site.practice.visit("Tess") as visit:
        begin_tie(visit, ada, site.practice.people["Theo"], "treating", until=None)
    site.practice.open("Theo")
    with site.practice.visit("Theo") as visit:
        end_tie(visit, ada, tie_id)
    assert visitor.post(f"/packets/{packet}/again").status == 404
    page = visitor.get("/packets").text
    assert "Nothing can be had again" in page
    assert "Harbour Mutual" not in page, "nor does it say of whom, or to whom it went"


def test_it_is_kept_for_a_week_and_then_gone(site, ada):
    _, packet, _, _ = handed_over(site, ada)
    assert row_of(site, packet)
    site.clock.at = AT + KEPT_FOR - datetime.timedelta(minutes=1)
    assert site.in_session("Tess").post(f"/packets/{packet}/again").status == 200
    site.clock.at = AT + KEPT_FOR
    tess = site.in_session("Tess")
    assert listed(tess) == []
    assert tess.post(f"/packets/{packet}/again").status == 404
    keep_up(site.practice.vault, site.clock.at)
    rows = site.practice.vault.store.rows(
        "packets.all", practice_id=site.practice.vault.practice_id
    )
    assert rows == []


def test_what_has_arrived_is_kept_no_longer(site, ada):
    visitor, packet, _, _ = handed_over(site, ada)
    assert visitor.post(f"/packets/{packet}/arrived").to == "/packets?done=packet-gone"
    assert listed(visitor) == []
    assert visitor.post(f"/packets/{packet}/again").status == 404
    assert len(bodies(site, ada, "handed_over")) == 1


def test_the_words_of_a_locked_file_are_not_lost(site, ada):
    visitor, address, form, _ = ready(site, ada, form="pdf", locked="yes")
    shown = re.search(r'name="words" value="([^"]+)"', visitor.get(address).text)[1]
    cut_off(site, ada, visitor, address, {**form, "words": shown})
    assert f"<strong>{shown}</strong>" in visitor.get("/packets").text


def test_another_file_in_its_place_is_not_given(site, ada):
    """Who can write to the database can seal anything to the public key of the one who sends."""
    _, packet, data, _ = handed_over(site, ada)
    practice, vault = site.practice, site.practice.vault
    keys = practice.keys["Tess"]
    place = PacketPlace(vault.practice_id, ada, practice.people["Tess"], bytes.fromhex(packet))
    row, blob = row_of(site, packet)
    kept = opened_packet(keys.pair, place, blob)
    assert kept.data == data
    planted = type(kept)(
        **{one: getattr(kept, one) for one in kept.__struct_fields__} | {"data": b"another"}
    )
    columns = {
        "practice_id": vault.practice_id,
        "person_id": place.person_id,
        "packet_id": place.packet_id,
    }

    def job(writing):
        writing.run("packets.delete", **columns)
        writing.run(
            "packets.insert",
            **columns,
            row=row,
            blob=sealed_packet(keys.public.wrap, place, planted),
        )

    vault.store.write(job).result()
    practice.open("Tess")
    with practice.visit("Tess") as visit, pytest.raises(Altered):
        have_again(practice.door, visit, place.packet_id)
    assert bodies(site, ada, "look", "packet again") == []


def test_having_it_again_is_silent_where_the_law_forbids_telling(site, ada):
    visitor, path = taken_down(site, {**COURT, "may_tell": "no"}, client=ada)
    answered(visitor, path, {**WISH.facts, "order.secrecy": None})
    chosen(visitor, path)
    about = matter_of(path)
    visitor.get(f"{about}/leaves")
    reader = site.practice.people["Olaf"].hex()
    visitor.post(f"{about}/reader", {"reader": reader, "why": "the order is here"})
    olaf = site.in_session("Olaf")
    reading = re.search(r"(/second-readings/\w{32})", olaf.get("/second-readings").text)[1]
    olaf.post(reading, {"verdict": "agreed", "why": "as ordered"})
    assert visitor.post(f"{about}/leaves", leaving(visitor, path)).status == 200
    before = len(kinds(site, ada))
    [packet] = listed(visitor)
    assert visitor.post(f"/packets/{packet}/again").status == 200
    assert len(kinds(site, ada)) == before
