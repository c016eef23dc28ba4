"""What a client asks for by right, walked in the browser: a copy, a correction, an erasure."""

import contextlib
import io
import json
import re
import zipfile

import pytest

from angerona.practice.own_choices import ITEMS, choose_shown, read_about_staying_unseen
from angerona.practice.portal import give_way_in
from angerona.site.application import Site
from angerona.site.serving import listening, origin_at, served
from angerona.web.turn import House
from asking_rights import practice_under
from browsing import barriers, browsing, too_wide
from forms_of_rights import TAKEN
from prepared_practice import text_of
from running_site import HOST, PASSWORD, TITLE, Clock, RunningSite, settle
from walking import Walk, left, nothing_left

WHY = "It could put somebody in danger."
LETTER = "You asked for a copy of your record. A part stays with us. This is why."
CLICKS_MAX = 12


@contextlib.contextmanager
def practice_at(folder, *packs, zone):
    """A practice of one under other packs, with its pages; its client has them all turned on."""
    with practice_under(folder, *packs, zone=zone) as practice:
        practice.keep("Thea", practice.ada, "history", "spoke of the garden")
        with practice.visit("Thea") as visit:
            made = give_way_in(visit, practice.ada, "Ada", PASSWORD)
            practice.people["Ada"] = made.person_id
            settle(visit, practice.door.packs, practice.ada)
        practice.sign_in("Ada")
        with practice.visit("Ada") as visit:
            read_about_staying_unseen(visit)
            choose_shown(visit, ITEMS)
        bound = listening(HOST, 0)
        port = bound.getsockname()[1]
        origin = origin_at(HOST, port, is_secure=False)
        house = House(door=practice.door, title=TITLE, origin=origin, is_sample=True)
        clock = Clock()
        with served(Site(house, clock).application(), bound):
            yield RunningSite(practice, None, port, clock, HOST)


def copy_in(data):
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return json.loads(packed.read("copy.json"))


def test_a_copy_with_process_notes_asked_for(chromium, site):
    """The client asks in the own pages; a part is kept back, and somebody else looks again."""
    ada = browsing(chromium, site, "Ada")
    client = Walk(ada)
    ada.to("/me")
    client.on("nav >> text=My rights")
    client.on("text=Give me a copy of my record")
    client.tick("[name=notes]")
    client.page.fill("#text", "All of it, please.")
    client.on("button:text-is('Ask for it')")
    assert "We have it" in client.page.inner_text("[role=status]")
    assert "We answer by 9 March 2026" in ada.text
    tess = browsing(chromium, site, "Tess")
    member = Walk(tess)
    tess.to("/rights")
    member.on("main ul.list >> text=Copy")
    member.on("text=Choose what goes")
    assert "process notes kept apart" in member.page.inner_text(".decides")
    risk = member.page.locator("article:has(.tag:text-is('risk and safety plan')) select")
    risk.select_option(
        label="Kept back: danger to life or physical safety (can be looked at again)"
    )
    member.page.fill("#why", WHY)
    member.page.fill("#contact", "Olaf Invented, 555 0100")
    member.page.fill("#letter", LETTER)
    member.on("button:text-is('This is the copy')")
    assert "It is decided" in member.page.inner_text("[role=status]")
    ada.to("/me/rights")
    client.on("main >> text=Give me a copy of my record >> nth=1")
    assert "We give it to you in person" in ada.text, "its author alone opens a part of it"
    member.on("a:text-is('Hand it over')")
    packet = copy_in(member.takes("text=Make it"))
    assert member.clicks <= CLICKS_MAX
    classes = {one["class"] for one in packet["parts"]}
    assert classes.isdisjoint({"psychotherapy_note", "risk"})
    assert "substance_use_counseling_note" in classes
    assert "history" in classes
    assert WHY in packet["statements"][0]
    said = json.dumps(packet)
    assert text_of("Ada", "history") in said
    assert not any(text_of("Ada", one) in said for one in ("psychotherapy_note", "risk"))
    lines = left(site, site.prepared.clients["Ada"])
    assert [one.kind for one in lines[-2:]] == ["disclosure", "handed_over"]
    client.menu("Who looked")
    assert "handed over what was prepared" in ada.text
    assert client.clicks <= CLICKS_MAX
    ada.to("/me/rights")
    assert "granted in part" in ada.text
    client.on("text=Have somebody else look at it again")
    assert "Look again at what you kept back" in ada.text
    looked_again(chromium, site, tess)
    assert [one["class"] for one in taken_again(ada, client)["parts"]] == ["risk"]
    assert ada.heard == tess.heard == []


def taken_again(ada, client):
    """What the client gets after a second look."""
    ada.to("/me/rights")
    client.on("main >> text=Look again at what you kept back >> nth=0")
    return copy_in(client.takes("button:text-is('Take my copy')"))


def looked_again(chromium, site, tess):
    """Whoever decided cannot decide it again; another clinician reads it and lets it go."""
    member = Walk(tess)
    tess.to("/rights")
    member.on("main ul.list >> text=Review")
    address = member.page.url
    member.on("text=Choose what goes")
    member.on("button:text-is('This is the copy')")
    assert "decided the first time" in tess.text
    assert "422" in tess.heard.pop(), "the browser says that it was refused"
    member.page.goto(address)
    member.page.select_option("#handler", label="Sue")
    member.on("button:text-is('Pass on')")
    sue = browsing(chromium, site, "Sue")
    second = Walk(sue)
    sue.to("/rights")
    second.on("main ul.list >> text=Review")
    second.on("text=Choose what goes")
    second.opens("What it says")
    second.on("button:text-is('This is the copy')")
    assert "It is decided" in second.page.inner_text("[role=status]")
    assert second.clicks <= CLICKS_MAX
    assert sue.heard == []
    sue.context.close()


def test_a_copy_that_the_client_takes_alone(chromium, site):
    otto, theo = browsing(chromium, site, "Otto"), browsing(chromium, site, "Theo")
    client, member = Walk(otto), Walk(theo)
    otto.to("/me/rights/new/portable")
    client.page.fill("#text", "For my new therapist.")
    client.on("button:text-is('Ask for it')")
    theo.to("/rights")
    member.on("main ul.list >> text=Portable")
    member.on("text=Choose what goes")
    member.page.fill("#why", WHY)
    member.page.fill("#contact", "Olaf Invented, 555 0100")
    member.page.fill("#letter", LETTER)
    member.on("button:text-is('This is the copy')")
    otto.to("/me/rights")
    client.on("main >> text=Give me my record in a form >> nth=1")
    assert copy_in(client.takes("button:text-is('Take my copy')"))["parts"]
    otto.to("/me/rights")
    assert "Nothing is open" in otto.text
    assert otto.heard == theo.heard == []


def test_something_is_wrong_and_the_clients_own_words_go_beside_it(chromium, site):
    otto, theo = browsing(chromium, site, "Otto"), browsing(chromium, site, "Theo")
    client, member = Walk(otto), Walk(theo)
    otto.to("/me/record")
    client.on("#history + article >> text=Put my own words beside it")
    client.page.fill("#text", "I was never in that town.")
    client.on("button:text-is('Ask for it')")
    theo.to("/rights")
    member.on("main ul.list >> text=Statement")
    member.page.fill("#letter", "We put your words beside what we wrote.")
    member.on("button:text-is('Answer')")
    assert "Answered" in member.page.inner_text("[role=status]")
    otto.to("/me/record")
    assert "I was never in that town." in client.page.inner_text("section:has(#history)")
    assert otto.heard == theo.heard == []


PLACES = {
    "uk": (("house", "uk"), "Europe/London", "2046", "0303 123 1113"),
    "de": (("house", "eu", "de"), "Europe/Berlin", "2 March 2036", "Ask our privacy officer"),
}


@pytest.mark.parametrize("place", PLACES)
def test_an_erasure_inside_the_time_of_keeping(chromium, tmp_path, place):
    """What can go goes; what stays is named with its rule and its day, and whom to complain to."""
    packs, zone, until, outside = PLACES[place]
    with practice_at(tmp_path / place, *packs, zone=zone) as site:
        ada, thea = browsing(chromium, site, "Ada"), browsing(chromium, site, "Thea")
        client, member = Walk(ada), Walk(thea)
        ada.to("/me/rights")
        assert outside in ada.text
        client.on("text=Erase what you have about me")
        client.page.fill("#text", "Please erase all of it.")
        client.on("button:text-is('Ask for it')")
        assert "We answer by 2 April 2026" in ada.text
        thea.to("/rights")
        member.on("main ul.list >> text=Erasure")
        assert until in member.page.inner_text("section:has-text('What has to stay')")
        member.page.select_option("#outcome", "partly")
        member.on("text=Begin the letter that fits")
        letter = member.page.input_value("#letter")
        assert until in letter
        assert "personal history: 1" in letter
        member.page.fill("#letter", re.sub(r"\[[a-z ]+\]", "our office", letter))
        member.page.select_option("#reason", index=1)
        member.tick("[name=forget]")
        member.on("button:text-is('Answer')")
        assert member.clicks <= CLICKS_MAX
        ada.to("/me/rights")
        assert "granted in part" in ada.text
        assert "training" in str(
            site.practice.vault.authority(site.practice.ada).client.restrictions
        )
        ada.to("/me/messages")
        assert until in ada.text
        nothing_left(site, site.practice.ada)
        assert ada.heard == thea.heard == []


def test_what_is_kept_from_a_plan_and_the_list_of_what_was_shared(chromium, site):
    ada, tess = browsing(chromium, site, "Ada"), browsing(chromium, site, "Tess")
    client, member = Walk(ada), Walk(tess)
    ada.to("/me/rights/new/restriction")
    client.tick("[name=to][value=payer]")
    client.tick("[name=classes][value=diagnosis]")
    client.tick("[name=paid]")
    client.page.fill("#text", "I paid for it.")
    client.on("button:text-is('Ask for it')")
    tess.to("/rights")
    member.on("main ul.list >> text=Restriction")
    assert "This cannot be refused" in tess.text
    letter = member.page.input_value("#letter")
    assert "We cannot say no to this" in letter
    member.page.fill("#letter", re.sub(r"\[[a-z ]+\]", "our office", letter))
    member.on("button:text-is('Answer')")
    ada.to("/me/rights")
    assert "From the health plan or payer" in ada.text
    assert client.takes("text=Save the list (CSV)").startswith(b"when,to,name")
    assert client.takes("text=Save the list (PDF)").startswith(b"%PDF-")
    client.on("button:text-is('End it')")
    assert "It has ended" in client.page.inner_text("[role=status]")


def test_the_pages_of_one_right_stand_in_nobodys_way(chromium, site):
    """Those with an id in their address, which the table alone does not lead to."""
    otto, theo = browsing(chromium, site, "Otto"), browsing(chromium, site, "Theo")
    otto.to("/me/rights/new/copy")
    otto.page.fill("#text", "please")
    otto.follow("button:text-is('Ask for it')")
    otto.follow("main ul.list >> text=Give me a copy of my record >> nth=1")
    theo.to("/rights")
    theo.follow("main ul.list >> text=Copy")
    here = theo.path
    for window, paths in (
        (otto, (otto.path, "/me/rights", "/me/rights/new/restriction")),
        (theo, (here, f"{here}/copy")),
    ):
        for path in paths:
            assert window.to(path) == 200
            assert barriers(window.page) == []
            assert too_wide(window.page) == []


@pytest.mark.parametrize("entry", ["", "0a1b", "the first one"])
def test_an_entry_that_is_not_named_whole_loses_nothing_typed(site, entry):
    tess = site.in_session("Tess")
    path = f"/clients/{site.prepared.clients['Ada'].hex()}/rights/new"
    tess.get(path)
    asked = {**TAKEN, "right": "correction", "text": "kept words", "entry": entry}
    told = tess.post(path, asked)
    assert told.status == 422
    assert "is not given, or not whole" in told.text
    assert "kept words" in told.text


@pytest.mark.parametrize(
    ("right", "status"),
    [("copy", 303), ("portable", 303), ("accounting", 303), ("erasure", 303), ("complaint", 422)],
)
def test_nobody_must_say_why_a_right_is_asked_for(site, right, status):
    ada = site.in_session("Ada")
    page = ada.get(f"/me/rights/new/{right}")
    field = page.text.partition('name="text"')[2].partition(">")[0]
    assert ("required" in field) == (status == 422)
    assert ada.post(f"/me/rights/new/{right}", {"text": ""}).status == status
