"""The record as a page: months, classes, every version, files, and what stays shut."""

import datetime
import re

import pytest

from angerona.practice.requests import NewRequest, take_down
from angerona.practice.speaking import Asked
from angerona.web.kept_apart import standing
from angerona.web.records import RECENT
from prepared_practice import AT, text_of
from second_readings import COURT, WISH
from taken_down import INSURER


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def address(client, behind=""):
    return f"/clients/{client.hex()}{behind}"


def last_line(site, client):
    return site.practice.vault.ledger.lines_of(client)[-1].body


def amended(site, client, text, **more):
    """An entry of Tess's with two versions."""
    kept = site.practice.keep("Tess", client, "history", "what she said first", **more)
    return site.practice.keep("Tess", client, "history", text, amends=kept.entry_id, **more)


def test_the_desk_does_not_learn_of_which_kinds_something_stands_there(site):
    client = site.practice.client("Gil Invented", treating="Tess")
    site.practice.keep("Tess", client, "gender_history", "a needle about that")
    fay, tess = site.in_session("Fay"), site.in_session("Tess")
    refused = fay.get(address(client))
    assert refused.status == 403
    paper = {"to": "opposing_attorney", "instrument": "subpoena_attorney", "wants": []}
    asked = fay.post("/requests/new", {**INSURER, **paper, "client": client.hex()}).to
    assert "gender history" in tess.get(asked).text.lower(), "whoever treats reads why"
    for page in (refused, fay.get(asked)):
        assert "gender history" not in page.text.lower()


def test_nor_by_what_would_go_what_a_paper_names_and_what_stays(site):
    client = site.practice.client("Gil Invented", treating="Tess")
    site.practice.keep("Tess", client, "progress_note", "he came")
    site.practice.keep("Tess", client, "gender_history", "a needle about that")
    asked = Asked(
        to="court",
        instrument=WISH.instrument,
        purpose=WISH.purpose,
        received=AT,
        name=COURT,
        facts=dict(WISH.facts),
    )
    for who, is_told in (("Fay", False), ("Tess", True)):
        with site.practice.visit(who) as visit:
            new = NewRequest(asked=asked, client_id=client, may_tell=True)
            digits = take_down(site.practice.door, visit, new).hex()
        visitor = site.in_session(who)
        pages = [
            visitor.get(f"/requests/{digits}"),
            visitor.get(f"/matters/{digits}/leaves"),
        ]
        kinds = re.compile("gender history|progress note", re.IGNORECASE)
        told = [bool(kinds.search(one.text)) for one in pages]
        assert told == [is_told] * 2, who
        listed = visitor.post(f"/requests/{digits}/privilege-log", {"form": "csv"})
        assert (listed.status == 200) == is_told, who


def test_one_class_is_opened_alone_and_the_line_says_so(site, visitor_of, ada):
    tess = visitor_of("Tess")
    whole = tess.get(address(ada)).text
    assert text_of("Ada", "diagnosis") in whole
    assert text_of("Ada", "medication") in whole
    one = tess.post(address(ada), {"class": "diagnosis"}).text
    assert text_of("Ada", "diagnosis") in one
    assert text_of("Ada", "medication") not in one
    assert last_line(site, ada)["classes"] == ["diagnosis"]


def test_the_order_can_be_turned(site, visitor_of, ada):
    later = AT + datetime.timedelta(minutes=1)
    site.practice.keep("Tess", ada, "risk", "the newer one", heading="Later", at=later)
    tess = visitor_of("Tess")
    one, other = text_of("Ada", "risk"), "the newer one"
    first = tess.post(address(ada), {"order": "oldest"}).text
    assert first.index(one) < first.index(other)
    last = tess.post(address(ada), {"order": "newest"}).text
    assert last.index(other) < last.index(one)


def test_of_a_long_record_what_was_kept_last_is_opened_first(site, visitor_of):
    otto = site.prepared.clients["Otto"]
    for number in range(RECENT):
        site.practice.keep("Theo", otto, "risk", f"number {number}.", heading=f"Call {number}")
    theo = visitor_of("Theo")
    page = theo.get(address(otto)).text
    assert page.count("<h3>") == RECENT
    assert text_of("Otto", "diagnosis") not in page
    assert "number 0." in page
    assert text_of("Otto", "diagnosis") in theo.post(address(otto), {"much": "all"}).text
    assert "How much" not in visitor_of("Tess").get(address(site.prepared.clients["Ada"])).text


def test_what_stood_there_before_is_there_still(site, visitor_of, ada):
    amended(site, ada, "what she says now")
    tess = visitor_of("Tess")
    page = tess.get(address(ada)).text
    before = page.index("what she said first")
    assert page.index("what she says now") < page.index("What stood here before") < before


def test_what_no_key_opens_is_named_and_not_shown(site, visitor_of, ada):
    nina = visitor_of("Nina")
    nina.get("/clients")
    stated = {"purpose": "emergency", "fact:care.break_glass_reason": "yes"}
    assert nina.post(address(ada), stated).status == 422, "a reason is said, not only claimed"
    page = nina.post(address(ada), {**stated, "reason": "he said goodbye"}).text
    assert "Not opened here, because you hold no key for it" in page
    assert "session notes (" in page
    assert text_of("Ada", "progress_note") not in page
    assert text_of("Ada", "risk") in page
    assert "reason" in last_line(site, ada)
    assert "Not opened here" not in visitor_of("Tess").get(address(ada)).text


def test_what_is_kept_apart_has_a_door_of_its_own(site, visitor_of, ada):
    tess = visitor_of("Tess")
    apart = text_of("Ada", "psychotherapy_note")
    assert apart not in tess.get(address(ada)).text
    assert apart in tess.get(address(ada, "/kept-apart")).text
    assert "psychotherapy_note" in last_line(site, ada)["classes"]
    for name in ("Sue", "Cora"):
        page = visitor_of(name).get(address(ada, "/kept-apart"))
        assert page.status == 200
        assert apart not in page.text
        assert "You have kept nothing apart" in page.text


@pytest.mark.parametrize(
    ("packs", "said"),
    [
        (("house", "us-hipaa", "us-ca"), "special"),
        (("house", "uk"), "none"),
        (("house", "eu", "de"), "none"),
        (("house", "au", "au-nsw"), "none"),
        (("house",), "unknown"),
    ],
)
def test_the_label_of_what_is_kept_apart_is_true_for_the_country(packs, said):
    assert standing(packs) == said


def test_a_file_comes_out_as_what_it_is_under_a_name_that_tells_nothing(site, visitor_of, ada):
    tess = visitor_of("Tess")
    page = tess.get(address(ada)).text
    entry = re.search(r"/entries/([0-9a-f]{32})/file", page)[1]
    before = len(site.practice.vault.ledger.lines_of(ada))
    answer = tess.post(address(ada, f"/entries/{entry}/file"), {"version": "1", "for": "read"})
    assert answer.status == 200
    assert answer.text.startswith("The file: Ada and nobody else")
    assert answer.headers["content-type"].startswith("text/plain"), "whatever its name says"
    named = f'attachment; filename="{entry[:4]}-{entry[4:8]}.txt"'
    assert answer.headers["content-disposition"] == named
    assert len(site.practice.vault.ledger.lines_of(ada)) == before + 2, "a look, and that it left"
    assert (
        tess.post(address(ada, f"/entries/{entry}/file"), {"version": "9", "for": "read"}).status
        == 404
    )
    assert visitor_of("Theo").post(address(ada, f"/entries/{entry}/file")).status == 404


def test_the_name_and_the_people_of_a_client_are_seen_with_a_line_by_whoever_holds_a_post(
    site, visitor_of, ada
):
    def seen():
        lines = site.practice.vault.ledger.lines_of(ada)
        return [(one.body["by"]["name"], one.body.get("what")) for one in lines]

    before = len(seen())
    assert "Ada" in visitor_of("Tess").get(address(ada, "/people")).text
    assert len(seen()) == before
    assert "Ada" in visitor_of("Olaf").get(address(ada, "/people")).text
    assert {("Olaf", "head"), ("Olaf", "people")} <= set(seen()[before:])
    own = visitor_of("Ada").get("/me/who-looked").text
    assert "Olaf saw whose record this is" in own
    assert "Olaf saw who treats" in own
