"""Telling a client, in a browser: what decides is asked, closed ways are shut, it is done once."""

import datetime

import pytest

from angerona.gate.owing import TELL_LATER
from angerona.notices.typesetting import is_installed
from angerona.practice.contact import NewContact, change_contact
from angerona.practice.deaths import record_death
from angerona.practice.who_looked import in_words
from angerona.sealed.rows import Way
from browsing import barriers, browsing, too_wide
from owed_duties import SAFE, last, there, told_to_police
from running_site import running

SMALL = {"width": 360, "height": 640}
ADDRESSES = {"phone": "0131 496 0024", "address": "1 Invented Road, Invented"}
TOLD = "We want you to know that we told the police on Monday."


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Nothing of what the law asks is on file yet."""
    folder = tmp_path_factory.mktemp("site") / "practice"
    with running(folder, ways_in=("Ada",), turned_on=False) as found:
        yield found


@pytest.fixture
def path(site):
    """What is owed to be told to Ada, who may be called and written to."""
    ada = site.prepared.clients["Ada"]
    ways = {"phone": Way(allowed=True), "post": Way(allowed=True)}
    with site.practice.visit("Tess") as visit:
        change_contact(visit, ada, NewContact(ways=ways, addresses=ADDRESSES))
    duty = told_to_police(site.practice, ada)
    return f"/clients/{ada.hex()}/notices/{duty.duty_id.hex()}"


def answered(site, path, name="Tess", **more):
    visitor = site.in_session(name)
    visitor.get(path)
    facts = {f"fact:{one}": "no" for one in SAFE}
    return visitor.post(path, {"act": "send", "text": TOLD, **facts, **more})


@pytest.mark.parametrize("scripts", [True, False])
def test_a_client_is_told_from_the_board_on_a_small_screen(site, chromium, path, scripts):
    window = browsing(chromium, site, "Tess", java_script_enabled=scripts)
    assert window.to("/deadlines") == 200
    page = window.page
    page.set_viewport_size(SMALL)
    page.locator(f'a[href="{path}"]').click()
    for name in SAFE:
        page.locator(f'input[name="fact:{name}"][value=no]').check()
    page.get_by_role("button", name="Go on").click()
    page.locator("input[name=way][value=phone]").check()
    if scripts:
        assert barriers(page) == too_wide(page) == []
    page.locator("#text").fill(TOLD)
    page.locator("#reason").fill("He asked to know.")
    page.get_by_role("button", name="It is told").click()
    page.get_by_text("kept in the record").wait_for()
    assert page.locator(f'a[href="{path}"]').count() == 0
    window.to(f"{path.partition('/notices')[0]}/messages")
    assert TOLD in page.content()
    window.context.close()


def test_the_rights_of_a_client_lead_to_what_is_still_to_be_told(site, path):
    page = site.in_session("Tess").get(f"{path.partition('/notices')[0]}/rights").text
    assert "Still to be told" in page
    assert f'href="{path}"' in page


def test_while_a_delay_is_on_the_page_lets_it_go_on_with_a_reason(site, path):
    unsafe = {"fact:client.unsafe_to_tell": "yes"}
    visitor, until = site.in_session("Tess"), {"until": "2026-04-20T12:00", "reason": "not safe"}
    visitor.get(path)
    assert visitor.post(path, {"act": "later", **until, **unsafe}).to == "/deadlines?done=put-off"
    client_id = site.prepared.clients["Ada"]
    [duty] = [
        one
        for one in there(site.practice)
        if one.row.duty["id"] == TELL_LATER and one.row.client_id == client_id
    ]
    held = f"{path.partition('/notices')[0]}/notices/{duty.duty_id.hex()}"
    page = visitor.get(held).text
    assert "Do not tell the client now" in page
    assert "Still forbidden after that day?" in page
    refused = visitor.post(held, {"act": "later", **until, **unsafe})
    assert (refused.status, "after the delay" in refused.text) == (422, True)
    until["until"] = "2026-05-20T12:00"
    answer = visitor.post(held, {"act": "later", **until, "fact:client.unsafe_to_tell": "no"})
    assert (answer.status, "need not be put off" in answer.text) == (422, True)
    assert visitor.post(held, {"act": "later", **until, **unsafe}).to == "/deadlines?done=put-off"


def test_nothing_is_told_before_what_decides_is_answered(site, path):
    visitor = site.in_session("Tess")
    page = visitor.get(path)
    assert "One thing decides" in page.text
    assert 'name="way"' not in page.text
    answer = visitor.post(path, {"act": "send", "way": "phone", "text": TOLD, "reason": "so"})
    assert answer.status == 422
    assert "not answered" in answer.text


def test_where_it_is_unsafe_the_page_offers_only_to_put_it_off(site, path):
    facts = {"fact:client.unsafe_to_tell": "yes"}
    answer = answered(site, path, way="phone", reason="so", **facts)
    assert answer.status == 422
    assert "Do not tell the client now" in answer.text
    assert 'name="way"' not in answer.text


@pytest.mark.parametrize(("way", "why"), [("pages", "closed"), ("owl", "none"), ("", "none")])
def test_a_closed_way_gives_back_what_was_typed(site, path, way, why):
    answer = answered(site, path, way=way, reason="because he asked")
    assert answer.status == 422
    assert why in answer.text
    assert TOLD in answer.text
    assert "because he asked" in answer.text


def test_a_choice_can_be_not_to_tell(site, path):
    assert answered(site, path, act="not").status == 422
    told = answered(site, path, act="not", reason="It would put somebody else in danger.")
    assert told.to == "/deadlines?done=not-told"
    assert site.in_session("Tess").get(path).status == 404


def test_who_may_not_see_how_to_reach_the_client_is_told_whom_to_ask(site, path):
    visitor = site.in_session("Olaf")
    visitor.get(path)
    facts = {f"fact:{one}": "no" for one in SAFE}
    page = visitor.post(path, {"act": "words", **facts})
    assert "Ask whoever treats this client" in page.text
    assert "0024" not in page.text
    assert site.in_session("Theo").get(path).status == 404


def test_a_letter_can_be_printed_and_marks_nothing_as_done(site, path):
    assert is_installed()
    visitor = site.in_session("Tess")
    visitor.get(path)
    facts = {f"fact:{one}": "no" for one in SAFE}
    letter = visitor.post(f"{path}/letter", {"text": TOLD, **facts})
    assert (letter.status, letter.data[:5]) == (200, b"%PDF-")
    assert "letter.pdf" in letter.headers["content-disposition"]
    assert visitor.get(path).status == 200, "it is still to be told"
    refused = visitor.post(f"{path}/letter", {"text": TOLD})
    assert refused.status == 404, "nothing is printed before what decides is answered"


def test_the_line_says_by_which_way_and_of_what(site, path):
    answered(site, path, way="phone", reason="he asked")
    line = last(site.practice, site.prepared.clients["Ada"])
    [said] = in_words([line], datetime.UTC)
    assert "told the client by phone (\u2026 24)" in said.sentence
    assert "prepared name and contact" in said.sentence


def test_no_letter_is_printed_for_the_address_of_a_client_who_has_died(tmp_path):
    with running(tmp_path / "practice", turned_on=False) as site:
        ada = site.prepared.clients["Ada"]
        visitor = site.in_session("Tess")
        with site.practice.visit("Tess") as visit:
            ways = {"post": Way(allowed=True)}
            change_contact(visit, ada, NewContact(ways=ways, addresses=ADDRESSES))
        duty = told_to_police(site.practice, ada)
        path = f"/clients/{ada.hex()}/notices/{duty.duty_id.hex()}"
        said = {"text": TOLD, **{f"fact:{one}": "no" for one in SAFE}}
        visitor.get(path)
        assert visitor.post(f"{path}/letter", said).status == 200
        with site.practice.visit("Tess") as visit:
            record_death(visit, ada, day=None, source="her sister wrote")
        refused = visitor.post(f"{path}/letter", said)
        assert refused.status == 422
        assert "the client has died" in refused.text
