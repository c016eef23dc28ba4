"""Reminders as they go: said on the own account page, put to wait by a round, sent by the pager."""

import datetime
from dataclasses import replace

import pytest

from angerona.practice.deadlines import board
from angerona.practice.paging import due_pages
from angerona.site.mail import MailServer, Pager
from angerona.site.rounds import Rounds
from mail_server import mail_box
from owed_duties import glass
from running_site import running

OLAF = "olaf.late@example.org"


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice", ways_in=("Ada",), turned_on=True) as found:
        glass(found.practice, found.prepared.clients["Ada"])
        yield found


def said(site, **fields):
    visitor = site.in_session("Olaf")
    visitor.get("/account")
    return visitor.post("/account/reminded", fields)


def goes_round(site):
    vault = site.practice.vault
    packs = site.practice.door.packs
    Rounds(vault, site.clock, packs=packs, remember=lambda _: None).go()


def test_who_asked_for_it_gets_one_mail_that_says_that_something_is_due(site):
    assert said(site, reminded_at=OLAF, when=["one"]).to == "/account?done=reminded"
    page = site.in_session("Olaf").get("/account").text
    assert OLAF in page
    assert page.count(' name="when" value="one" checked') == 1
    for _ in range(3):
        goes_round(site)
    with mail_box() as box:
        server = MailServer.at(box.address, "pages@folder.example")
        pager = Pager(site.practice.vault, site.clock, server, site.origin)
        assert (pager.go(), pager.go()) == (1, 0)
    [(_, message, data)] = box.taken
    assert (message["To"], message["Subject"]) == (OLAF, "Something is due")
    assert site.origin in message.get_content()
    with site.practice.visit("Olaf") as visit:
        owing = [one.owing for several in board(visit).values() for one in several]
    needles = {"Ada", "Quiet Rooms", "Tess", *(one.duty.row.duty["what"] for one in owing)}
    plain = data.decode().replace(OLAF, "").casefold()
    assert not [one for one in needles if one.casefold() in plain]


def test_what_goes_to_a_client_names_not_even_the_site(site):
    with mail_box() as box:
        server = MailServer.at(box.address, "pages@folder.example")
        server.send("ada@example.org", bytes(16), site.origin, "message")
        told = replace(server, sender="hello@quiet-counselling.example")
        with pytest.raises(ValueError, match="tells"):
            told.send("ada@example.org", bytes(16), site.origin, "message")
    [(_, message, data)] = box.taken
    text = "You have a new message. Sign in when it is safe to read it."
    assert message.get_content().strip() == text
    assert site.origin.encode() not in data


def test_a_round_goes_on_where_nobody_is_to_be_reminded(site):
    goes_round(site)
    site.clock.at += datetime.timedelta(days=2)
    goes_round(site)
    assert due_pages(site.practice.vault, site.clock.at) == []


@pytest.mark.parametrize(
    "fields", [{"reminded_at": "olaf", "when": ["one"]}, {"reminded_at": OLAF, "when": ["soon"]}]
)
def test_what_is_wrong_is_said_and_kept_in_the_fields(site, fields):
    answer = said(site, **fields)
    assert answer.status == 422
    assert fields["reminded_at"] in answer.text


def test_a_client_sets_no_reminders(site):
    ada = site.in_session("Ada")
    ada.get("/account")
    assert ada.post("/account/reminded", {"reminded_at": "ada@example.org"}).status == 404
