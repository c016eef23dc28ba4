"""Whoever is on call is paged by mail: that somebody waits, and not a word more."""

import datetime

import pytest

from angerona.errors import BadInput
from angerona.practice.paging import LASTS, due_pages
from angerona.sealed.checking import check_rows
from angerona.site.mail import SUBJECT, MailServer, Pager
from mail_server import mail_box
from prepared_practice import AT
from running_site import running

NINA = "nina.night@example.org"
TELLING = ("Ada", "Nina", "Quiet Rooms", "therap", "clinic", "call", "client", "help")


@pytest.fixture
def box():
    with mail_box() as box:
        yield box


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice", ways_in=("Ada",), turned_on=True) as found:
        yield found


def paged(site, name="Nina", address=NINA):
    visitor = site.in_session(name)
    visitor.get("/account")
    return visitor.post("/account/paged", {"paged_at": address})


def called(site):
    ada = site.in_session("Ada")
    ada.get("/help")
    assert ada.post("/me/call").status in {200, 303}


def pager(site, box):
    server = MailServer.at(box.address, "pages@example.org")
    return Pager(site.practice.vault, site.clock, server, site.origin)


def test_who_is_on_call_gets_one_mail_that_tells_nothing(site, box):
    assert paged(site).to == "/account?done=paged"
    assert NINA in site.in_session("Nina").get("/account").text
    called(site)
    assert pager(site, box).go() == 1
    [(to, message, data)] = box.taken
    assert (to, message["To"]) == (f"TO:<{NINA}>", NINA)
    assert (message["Subject"], message["From"]) == (SUBJECT, "pages@example.org")
    assert site.origin in message.get_content()
    plain = data.decode().replace(NINA, "")
    assert not [one for one in TELLING if one.casefold() in plain.casefold()]
    assert pager(site, box).go() == 0, "it is sent once"
    assert not [one for one in check_rows(site.practice.vault, AT) if one.check == "held"]


def test_the_address_lies_nowhere_in_clear(site):
    paged(site)
    called(site)
    assert [one.row.to for one in due_pages(site.practice.vault, site.clock.at)] == [NINA]
    written = b"".join(one.read_bytes() for one in site.prepared.folder.rglob("*") if one.is_file())
    assert NINA.encode() not in written


def test_what_no_server_takes_is_tried_again_ever_more_seldom_and_comes_once(site, box):
    paged(site)
    called(site)
    box.refuses = True
    waits, vault = [], site.practice.vault
    for _ in range(4):
        before = site.clock.at
        assert pager(site, box).go() == 0
        assert due_pages(vault, site.clock.at) == []
        while not due_pages(vault, site.clock.at):
            site.clock.at += datetime.timedelta(seconds=5)
        waits.append(site.clock.at - before)
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    box.refuses = False
    assert pager(site, box).go() == 1
    assert [message["To"] for _, message, _ in box.taken] == [NINA]


def test_a_page_that_waits_survives_and_is_given_up_after_a_day(site):
    paged(site)
    called(site)
    [before] = due_pages(site.practice.vault, site.clock.at)
    nobody = MailServer.at("smtp://127.0.0.1:9", "pages@example.org")
    server = Pager(site.practice.vault, site.clock, nobody, site.origin)
    assert server.go() == 0
    site.clock.at += LASTS
    [after] = due_pages(site.practice.vault, site.clock.at)
    assert (after.message_id, after.row.tries) == (before.message_id, 1)
    assert server.go() == 0
    site.clock.at += LASTS
    assert due_pages(site.practice.vault, site.clock.at) == []


def test_a_login_that_cannot_be_sent_leaves_the_page_waiting_and_the_thread_alive(site, box):
    paged(site)
    called(site)
    server = MailServer.at(box.address, "pages@example.org", ("pages", "p\u00e4ssword"))
    assert Pager(site.practice.vault, site.clock, server, site.origin).go() == 0
    site.clock.at += datetime.timedelta(minutes=1)
    assert pager(site, box).go() == 1


def test_who_said_no_address_or_is_not_on_call_gets_none(site, box):
    paged(site, "Tess", "tess@example.org")
    called(site)
    paged(site)
    paged(site, address="")
    called(site)
    assert pager(site, box).go() == 0
    assert box.taken == []


@pytest.mark.parametrize(
    "given",
    ["nina", "nina@", "@x.org", "a@b", "a b@example.org", "a@b.org\nBcc: x@y.org", "x" * 255],
)
def test_what_is_no_address_is_said_and_kept_in_the_field(site, given):
    answer = paged(site, address=given)
    assert answer.status == 422
    assert "is none" in answer.text


def test_a_client_is_never_paged(site):
    ada = site.in_session("Ada")
    ada.get("/account")
    assert ada.post("/account/paged", {"paged_at": "ada@example.org"}).status == 404


@pytest.mark.parametrize(
    "address", ["mail.example.org", "http://x.org", "smtp://", "smtp://u@h.org", "smtp://h:99999"]
)
def test_what_is_no_mail_server_is_said(address):
    with pytest.raises(BadInput, match="--mail"):
        MailServer.at(address, "pages@example.org")


def test_nothing_goes_unencrypted_beyond_this_machine(site, box, monkeypatch):
    assert MailServer.at("smtps://mail.example.org", "p@example.org").is_secure
    paged(site)
    called(site)
    monkeypatch.setattr("angerona.site.mail.is_near", lambda _: False)
    assert pager(site, box).go() == 0, "this server speaks no TLS"
    assert box.taken == []
