"""Nothing that was typed is lost: whatever stands in its way, it comes back to who typed it."""

import contextlib
import html
import os
import re
from types import SimpleNamespace

import pytest

from angerona.practice.ties import end_tie
from angerona.site.application import Site
from angerona.site.rates import Rates
from angerona.site.serving import listening, origin_at, served
from angerona.web.turn import House
from every_form import WORDS, hidden
from prepared_practice import PASSWORD, quick_passwords
from running_site import HOST, TITLE, Clock, RunningSite
from small_practice import founded

HELD = re.compile(r'name="(held[^"]*)" value="([^"]*)"')


@pytest.fixture
def unhurried(monkeypatch):
    """Sign-ins are counted by the minute; here there are many."""
    monkeypatch.setattr(Rates, "may_try", lambda *_: True)


@pytest.fixture
def ada(site):
    return f"/clients/{site.prepared.clients['Ada'].hex()}"


def note(*texts, **more):
    """A note of these sections, as its form sends it."""
    many = len(texts)
    fields = {"says": [""] * many, "class": ["progress_note"] * many, "text": list(texts)}
    return {"draft": os.urandom(16).hex(), "mark": "", "heading": "Session", **fields, **more}


def test_a_tie_that_ends_while_somebody_writes(site, ada):
    cora = site.in_session("Cora")
    assert cora.get(f"{ada}/notes/new").status == 200
    client = site.prepared.clients["Ada"]
    ties = site.practice.vault.authority(client).ties
    whose = site.practice.people["Cora"]
    tie_id = next(one for one, tie in ties.items() if tie.person_id == whose)
    with site.practice.visit("Tess", site.clock.at) as visit:
        end_tie(visit, client, tie_id)
    answer = cora.post(f"{ada}/notes/new", note(WORDS))
    assert answer.status == 404
    assert "There is nothing here for you" in answer.text
    assert WORDS in answer.text


def test_signs_that_are_no_text_go_and_the_words_stay(site, ada):
    tess, typed = site.in_session("Tess"), note(f"{WORDS}\0, and more")
    answer = tess.post(f"{ada}/notes/new", typed)
    assert answer.status == 422
    assert f"{WORDS}, and more" in answer.text
    kept = tess.post(f"{ada}/notes/new", {**typed, "text": [f"{WORDS}, and more"]})
    assert kept.to.endswith("done=kept"), "the same form, once more"


@pytest.mark.parametrize("text", [f"{WORDS}\0", f"{WORDS} " * 40_000], ids=["a NUL", "too long"])
def test_what_a_record_would_not_take_is_saved_as_a_draft_all_the_same(site, ada, text):
    tess, typed = site.in_session("Tess"), note(text)
    said = tess.post(f"{ada}/notes/new", {**typed, "act": "quietly"})
    assert "Draft saved" in said.text
    assert WORDS in tess.get(f"{ada}/notes/new?draft={typed['draft']}").text
    tess.post(f"{ada}/notes/new", {"act": "throw", "draft": typed["draft"]})


@pytest.mark.parametrize("kind", ["plain", "with a file"])
def test_a_form_that_is_too_long_comes_back(site, ada, kind):
    tess, before = site.in_session("Tess"), site.practice.vault.ledger.size
    long = f"{WORDS} " * 40_000
    if kind == "plain":
        answer = tess.post(f"{ada}/notes/new", note(long))
    else:
        fields = {"class": "history", "heading": "", "text": long}
        answer = tess.send_file(f"{ada}/documents/new", fields, "a.txt", b"A letter.")
    assert answer.status == 422
    assert "too large" in answer.text
    assert answer.text.count(WORDS) >= 40_000
    assert site.practice.vault.ledger.size == before


def test_of_a_file_that_is_too_large_the_words_beside_it_come_back(site, ada):
    tess = site.in_session("Tess")
    fields = {"class": "history", "heading": "A letter", "text": WORDS}
    answer = tess.send_file(f"{ada}/documents/new", fields, "a.txt", b"x" * 29_100_000)
    assert answer.status == 422
    assert "too large" in answer.text
    assert WORDS in answer.text


def test_of_a_stranger_no_long_form_is_read(site, ada):
    nobody = site.visitor()
    nobody.get("/sign-in")
    answer = nobody.post(f"{ada}/notes/new", note(f"{WORDS} " * 40_000))
    assert answer.status == 303
    assert WORDS not in answer.text


def sent_too_late(visitor, path, fields):
    """Signed out between typing and sending; signed in again on the very page; sent."""
    answer = visitor.post(path, fields)
    assert answer.status == 403
    assert "You were signed out meanwhile" in answer.text
    assert "nothing of what you typed is lost" in answer.text
    carried = {}
    for name, value in HELD.findall(answer.text):
        carried.setdefault(name, []).append(html.unescape(value))
    wrong = visitor.post("/sign-in", {**carried, "name": "Tess", "password": "not it"})
    assert wrong.status == 403
    assert HELD.findall(wrong.text) == HELD.findall(answer.text), "a wrong password loses nothing"
    back = visitor.post("/sign-in", {**carried, "name": "Tess", "password": PASSWORD})
    assert "You are signed in again" in back.text
    assert f'action="{path}"' in back.text
    return visitor.post(path, hidden(back))


@pytest.mark.usefixtures("unhurried")
@pytest.mark.parametrize("how", ["signed out", "in another tab", "idle"])
def test_what_is_sent_after_the_session_ended_comes_back_after_signing_in(site, ada, how):
    tess = site.in_session("Tess")
    cookies = dict(tess.cookies)
    if how == "idle":
        site.clock.goes_on(minutes=16)
    else:
        tess.post("/sign-out")
    if how == "in another tab":
        tess.cookies = cookies
    done = sent_too_late(tess, f"{ada}/notes/new", note(WORDS))
    assert done.to == f"{ada}?done=kept"


@pytest.mark.usefixtures("unhurried")
def test_who_signs_in_after_somebody_else_is_told_in_whose_name_it_would_be_sent(site, ada):
    visitor = site.in_session("Tess")
    visitor.post("/sign-out")
    page = visitor.post(f"{ada}/notes/new", note(WORDS))
    carried = {name: html.unescape(value) for name, value in HELD.findall(page.text)}
    back = visitor.post("/sign-in", {**carried, "name": "Cora", "password": PASSWORD})
    name = site.practice.vault.person(site.practice.people["Cora"]).row.name
    assert f"You are signed in as <strong>{name}</strong>" in back.text
    assert "If somebody else typed it, leave it" in back.text


def test_too_many_sign_ins_lose_nothing(site, ada):
    tess = site.in_session("Tess")
    tess.post("/sign-out")
    page = tess.post(f"{ada}/notes/new", note(WORDS))
    carried = {name: html.unescape(value) for name, value in HELD.findall(page.text)}
    for _ in range(30):
        answer = tess.post("/sign-in", {**carried, "name": "Tess", "password": "not it"})
        assert WORDS in answer.text
    assert answer.status == 429


@pytest.mark.usefixtures("unhurried")
def test_two_words_are_as_much_as_many(site):
    tess = site.in_session("Tess")
    tess.post("/sign-out")
    fields = {"name": "Dora Invented", "age": "34", "phone": "0131 496 0000"}
    done = sent_too_late(tess, "/clients/new", fields)
    assert done.to.endswith("done=enrolled")


def test_a_form_of_another_session_comes_back_with_what_was_typed(site, ada):
    tess = site.in_session("Tess")
    answer = tess.post(f"{ada}/messages", {"subject": "", "text": WORDS}, token="0" * 64)
    assert answer.status == 403
    assert "out of date" in answer.text
    done = tess.post(f"{ada}/messages", {**hidden(answer), "text": WORDS})
    assert done.to.endswith("done=message")


def test_who_comes_from_another_site_goes_on_signed_in(site, ada):
    tess = site.in_session("Tess")
    cookies, elsewhere = dict(tess.cookies), {"sec_fetch_site": "cross-site"}
    tess.cookies = {}
    for path in ("/", "/sign-in", "/clients", f"{ada}/notes/new?form=soap"):
        page = tess.get(path, **elsewhere)
        assert page.status == 200
        assert f'<a class="button" href="{path}">Go on</a>' in page.text
        assert tess.cookies == {}, "and no other tab loses its own"
    tess.cookies = cookies
    assert tess.get(f"{ada}/notes/new?form=soap", sec_fetch_site="same-origin").status == 200
    assert site.visitor().get("/help", **elsewhere).text.count("Go on</a>") == 0


@pytest.mark.usefixtures("unhurried")
def test_a_sign_in_form_that_is_older_than_the_session_works(site):
    tess = site.visitor()
    tess.get("/sign-in")
    visitor, token = dict(tess.cookies), tess.token
    tess.cookies = {**visitor, **site.in_session("Tess").cookies}
    answer = tess.post("/sign-in", {"name": "Tess", "password": PASSWORD}, token=token)
    assert answer.status == 303


# Where the law asks something before anything may be kept


@pytest.fixture(scope="module")
def dutch(tmp_path_factory):
    """A practice whose law asks, before each entry, who is directly involved."""
    with quick_passwords():
        practice = founded(tmp_path_factory.mktemp("nl") / "data", packs=("house", "eu", "nl"))
    clients = {"Ada": practice.client("Ada Invented")}
    bound, clock = listening(HOST, 0), Clock()
    port = bound.getsockname()[1]
    origin = origin_at(HOST, port, is_secure=False)
    house = House(door=practice.door, title=TITLE, origin=origin, is_sample=True)
    store = contextlib.closing(practice.vault.store)
    with store, served(Site(house, clock).application(), bound):
        yield RunningSite(practice, SimpleNamespace(clients=clients), port, clock)


STEPS = {"over": "", "step": [WORDS, "", "", "", "", ""]}
FORMS = {
    "notes/new": note(WORDS),
    "messages": {"subject": "Thursday", "text": WORDS},
    "documents/new": {"class": "correspondence", "heading": "", "text": WORDS},
    "care/safety-plan": STEPS,
    "measures/phq9": {"by": "client", **{f"answer-{n}": "0" for n in range(1, 10)}},
}


@pytest.mark.parametrize("page", FORMS)
def test_a_question_that_must_be_answered_first_takes_what_was_typed_along(dutch, page):
    thea, client = dutch.in_session("Thea"), dutch.prepared.clients["Ada"]
    path, before = f"/clients/{client.hex()}/{page}", len(dutch.practice.vault.places(client))

    def send(fields):
        if page.startswith("documents"):
            return thea.send_file(path, fields, "a.txt", b"A letter.")
        return thea.post(path, fields)

    answer = send(FORMS[page])
    assert answer.status == 200
    assert "nothing of it is lost" in answer.text
    for _ in range(5):
        if answer.status == 303:
            break
        asked = re.findall(r'name="(fact:[^"]+)" value="yes"', answer.text)
        says = {one: "no" if "objects" in one else "yes" for one in asked}
        fields = hidden(answer) | says
        if page.startswith("documents"):
            assert 'type="file"' in answer.text, "the file is asked for once more"
            fields = {
                name: value[-1] if isinstance(value, list) else value
                for name, value in fields.items()
            }
        answer = send(fields)
    assert answer.status == 303, answer.text
    places = dutch.practice.vault.places(client)
    assert len(places) == before + 1
