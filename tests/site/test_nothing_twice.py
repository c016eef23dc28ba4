"""What a form does it does once: walked along the table, so that a new form is tried by itself."""

import contextlib
import datetime
import os
import re
import threading
import time
from importlib import resources

import pytest

from angerona.errors import StoreFull
from angerona.practice.sending import Sending, forget_sent, is_act
from angerona.practice.upkeep import keep_up
from angerona.web.table import ROUTES
from angerona.web.turn import VISITOR
from every_form import HAD_AGAIN, LOOKS, MAKES, OTHERWISE, SHOWN_ONCE, World, note
from running_site import running

FORM = re.compile(r'<form[^>]*method="post".*?</form>', re.DOTALL)
ONCE = re.compile(r'name="once" value="([0-9a-f]{32})"')


@pytest.fixture
def world(tmp_path, request):
    """Ada has read how to stay unseen, but where that is the very form."""
    tried = getattr(request.node, "callspec", None)
    is_read = not (tried and tried.params.get("path") == "/me/safety")
    with running(tmp_path / "practice", ways_in=("Ada",), turned_on=is_read) as site:
        found = World(site)
        for name in ("Tess", "Theo", "Sue", "Thea", "Bill", "Cora", "Ada"):
            found.visitor(name)
        yield found


def acts(world):
    """How many lines there are in the ledger that say more than that somebody looked."""
    vault = world.site.practice.vault
    clients = [row[0] for row in vault.store.rows("clients.ids", practice_id=vault.practice_id)]
    people = [row[0] for row in vault.store.rows("people.all", practice_id=vault.practice_id)]
    lines = [
        line
        for one in (*clients, *people, vault.practice_id)
        for line in vault.ledger.lines_of(one)
    ]
    return sum(is_act(line.kind, line.body) for line in lines)


def send(visitor, path, fields):
    if "file" in fields:
        rest = {name: value for name, value in fields.items() if name != "file"}
        return visitor.send_file(path, rest, "letter.txt", fields["file"])
    return visitor.post(path, fields)


def told(answer):
    """What an answer says, without the stamps of its forms."""
    return answer.status, answer.to, re.sub(r'name="(token|once)" value="\w+"', "", answer.text)


def test_every_form_is_tried_here():
    forms = {one.path for one in ROUTES if one.method == "POST" and one.face != VISITOR}
    assert forms == MAKES.keys() | LOOKS | OTHERWISE.keys()


def test_every_form_of_a_page_carries_its_stamp():
    """But for the way off the pages, which must work from any page, and does nothing here."""
    forms = [
        form
        for template in resources.files("angerona.web").joinpath("templates").iterdir()
        for form in FORM.findall(template.read_text("utf-8"))
    ]
    assert len(forms) > 40
    assert all("token_field(token)" in one or 'action="/leave"' in one for one in forms)


@pytest.mark.parametrize("path", MAKES)
def test_a_form_that_is_sent_twice_does_its_work_once(world, path):
    name, address, fields = MAKES[path](world)
    fields = {**fields, "once": os.urandom(16).hex()}
    before = acts(world)
    first = send(world.visitors[name], address, fields)
    assert first.status in {200, 303}, first.text
    done = acts(world)
    assert done > before, "it does something"
    second = send(world.visitors[name], address, fields)
    assert acts(world) == done, "and once"
    if path in SHOWN_ONCE:
        assert second.status == 409
        assert "This was done already" in second.text
    elif path in HAD_AGAIN:
        assert (second.status, second.to) == (303, "/packets")
    else:
        assert told(second) == told(first)


@pytest.mark.parametrize("path", ["/clients/new", "/me/sharing/new", "/members/invite", "/me/call"])
def test_two_clicks_at_once_get_the_same_answer(world, path, monkeypatch):
    name, address, fields = MAKES[path](world)
    fields = {**fields, "once": os.urandom(16).hex()}
    begun, real = threading.Event(), Sending.doing

    def slow(sending):
        begun.set()
        time.sleep(0.2)
        return real(sending)

    monkeypatch.setattr(Sending, "doing", slow)
    before, answers = acts(world), []
    clicks = [
        threading.Thread(target=lambda: answers.append(world.visitors[name].post(address, fields)))
        for _ in range(2)
    ]
    clicks[0].start()
    assert begun.wait(10)
    clicks[1].start()
    for one in clicks:
        one.join()
    assert told(answers[0]) == told(answers[1])
    assert answers[0].status in {200, 303}
    once = acts(world) - before
    send(world.visitors[name], address, {**fields, "once": os.urandom(16).hex(), "name": "Other"})
    assert acts(world) - before == 2 * once


@pytest.mark.parametrize("path", ["/clients/new", "/clients/{client}/messages", "/me/messages"])
def test_two_forms_with_the_same_words_are_two(world, path):
    name, address, fields = MAKES[path](world)
    before = acts(world)
    pages = [world.visitors[name].get(address).text for _ in range(2)]
    keys = {ONCE.search(page)[1] for page in pages}
    assert len(keys) == 2, "each page that is opened has a key of its own"
    for key in keys:
        assert send(world.visitors[name], address, {**fields, "once": key}).status == 303
    assert acts(world) == before + 2


def test_a_form_that_comes_again_with_other_words_is_shown_and_can_be_sent_as_another(world):
    name, address, fields = MAKES["/clients/{client}/messages"](world)
    tess = world.visitors[name]
    key = ONCE.search(tess.get(address).text)[1]
    assert tess.post(address, {**fields, "once": key}).status == 303
    before = acts(world)
    other = tess.post(address, {**fields, "text": "See you on Friday.", "once": key})
    assert other.status == 422
    assert "was sent before with other words" in other.text
    assert "See you on Friday." in other.text
    assert acts(world) == before
    fresh = ONCE.findall(other.text)[-1]
    assert fresh != key
    assert tess.post(address, {**fields, "text": "See you on Friday.", "once": fresh}).status == 303


def test_a_form_that_was_wrong_stays_the_same_form(world):
    tess = world.visitors["Tess"]
    key = ONCE.search(tess.get("/clients/new").text)[1]
    wrong = tess.post("/clients/new", {"name": "Dora", "age": "many", "once": key})
    assert wrong.status == 422
    assert key in ONCE.findall(wrong.text)


def test_proving_who_one_is_keeps_the_form_the_same(world):
    tess, key = world.visitors["Tess"], os.urandom(16).hex()
    world.site.clock.goes_on(minutes=6)
    asked = tess.post("/desk/feed", {"once": key})
    assert "Is it you?" in asked.text
    assert key in ONCE.findall(asked.text)


def test_a_form_without_its_key_does_nothing(world):
    tess, before = world.visitors["Tess"], acts(world)
    for key in ("", "x" * 32, "00" * 15):
        assert tess.post("/clients/new", {"name": "Dora Invented", "once": key}).status == 403
    assert acts(world) == before


def test_another_persons_form_of_the_same_key_is_another_form(world):
    key = os.urandom(16).hex()
    tess, theo = world.visitors["Tess"], world.visitors["Theo"]
    one = tess.post("/clients/new", {"name": "Dora Invented", "once": key})
    other = theo.post("/clients/new", {"name": "Dora Invented", "once": key})
    assert one.to != other.to


def test_after_another_sign_in_it_is_still_the_same_form(world):
    key = os.urandom(16).hex()
    one = world.visitors["Tess"].post("/clients/new", {"name": "Dora Invented", "once": key})
    again = world.visitor("Tess").post("/clients/new", {"name": "Dora Invented", "once": key})
    assert told(one) == told(again)


def test_what_was_broken_off_is_not_done_again_unseen(world, monkeypatch):
    """The act is durable, and the server dies before it can say what came of it."""
    tess, key = world.visitors["Tess"], os.urandom(16).hex()
    path = f"/clients/{world.ada}/messages"
    typed = {"subject": "", "text": "one two three four", "once": key}
    with monkeypatch.context() as patch:
        patch.setattr(Sending, "done", lambda *_: None)
        tess.post(path, typed)
    before = acts(world)
    again = tess.post(path, typed)
    assert again.status == 409
    assert "broken off" in again.text
    assert "one two three four" in again.text, "and what was typed comes back"
    assert acts(world) == before


def test_a_note_that_was_broken_off_is_taken_up(world, monkeypatch):
    name, path, fields = note(world)
    tess = world.visitors[name]
    parts = {"says": ["", ""], "class": ["progress_note", "history"], "text": ["one", "two"]}
    fields = {**fields, **parts, "once": fields["draft"]}
    real, calls = world.site.practice.door.__class__.keep, []

    def breaks(door, visit, client_id, draft):
        calls.append(draft.wanted)
        if len(calls) == 2:
            raise StoreFull
        return real(door, visit, client_id, draft)

    before = acts(world)
    with monkeypatch.context() as patch:
        patch.setattr(world.site.practice.door.__class__, "keep", breaks)
        assert tess.post(path, fields).status == 503
    assert acts(world) == before + 1
    assert tess.post(path, fields).to.endswith("done=kept")
    assert acts(world) == before + 2
    assert tess.post(path, fields).to.endswith("done=kept")
    assert acts(world) == before + 2


def test_what_fails_is_not_remembered(world, monkeypatch):
    """Nothing was done, so the same form may be sent again."""
    tess, key = world.visitors["Tess"], os.urandom(16).hex()

    def full(*_given, **_more):
        raise StoreFull

    with monkeypatch.context() as patch:
        patch.setattr(world.site.practice.vault.__class__, "record", full)
        assert tess.post("/clients/new", {"name": "Dora Invented", "once": key}).status == 503
    assert tess.post("/clients/new", {"name": "Dora Invented", "once": key}).status == 303


def test_after_a_week_it_is_forgotten(world):
    vault = world.site.practice.vault
    world.visitors["Tess"].post("/clients/new", {"name": "Dora Invented"})
    at = world.site.clock()

    def rows():
        return vault.store.rows("sent.all", practice_id=vault.practice_id)

    there = len(rows())
    assert there
    forget_sent(vault, at + datetime.timedelta(days=7))
    assert len(rows()) == there
    with contextlib.suppress(Exception):
        keep_up(vault, at + datetime.timedelta(days=8))
    assert rows() == []


def test_nothing_that_was_typed_stands_there_in_clear(world):
    vault = world.site.practice.vault
    answer = world.visitors["Tess"].post("/clients/new", {"name": "Dora Invented"})
    client = answer.to.partition("?")[0].rpartition("/")[2]
    place = {"practice_id": vault.practice_id}
    rows = vault.store.rows("sent.all", **place)
    held = b"".join(
        row + blob
        for sent_id, row in rows
        for (blob,) in vault.store.rows("sent.by_key", sent_id=sent_id, **place)
    )
    for word in (
        b"Dora",
        bytes.fromhex(client),
        client.encode(),
        world.site.practice.people["Tess"],
    ):
        assert word not in held
