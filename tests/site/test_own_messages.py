"""Before every box: who reads it, when, and help now; words of danger bring it at once."""

import re

import pytest

from angerona.errors import StoreFull
from angerona.practice import crisis
from angerona.web.table import ROUTES

NOBODY = "00" * 16
OWN = [one.path for one in ROUTES if one.face == "client" and one.method == "GET"]


@pytest.fixture
def ada(site):
    return site.in_session("Ada")


@pytest.mark.parametrize("path", OWN)
def test_before_a_box_stand_who_reads_it_when_and_help(ada, path):
    path = path.replace("{measure}", "phq9")
    page = ada.get(re.sub(r"\{\w+\}", NOBODY, path)).text
    main = page.split("<main")[-1].split("</main>")[0]
    box = re.search(r'<textarea|type="radio"', main)
    if box is None or path in {"/me/reach", "/me/check"}:
        assert path not in {"/me/messages", "/me/measures/phq9"}
        return
    before = main[: box.start()]
    assert "will read this" in before
    assert "It may take days" in before
    assert "988" in before
    assert "/limits/ask" in before


def test_a_message_is_sent_and_read(site, ada):
    ada.get("/me/messages")
    sent = ada.post("/me/messages", {"about": "Tuesday", "text": "Can we meet later?"})
    assert (sent.status, sent.to) == (303, "/me/messages?done=sent")
    page = ada.get("/me/messages").text
    assert "Can we meet later?" in page
    assert "from you" in page
    client = site.prepared.clients["Ada"].hex()
    assert "Can we meet later?" in site.in_session("Tess").get(f"/clients/{client}").text


def test_words_of_danger_bring_help_at_once_and_the_call_is_answered(site, ada):
    ada.get("/me/messages")
    answer = ada.post("/me/messages", {"text": "I want to die"})
    assert answer.status == 200
    for told in ("988", "911", "Nina", "What you wrote is kept"):
        assert told in answer.text
    assert "I want to die" in ada.get("/me/messages").text
    nina = site.in_session("Nina")
    page = nina.get("/calls").text
    assert "Ada" in page
    assert "want to die" not in page
    [path] = set(re.findall(r'action="(/clients/\w+/calls/\w+)"', page))
    assert site.in_session("Fay").post(path, {"how": "x"}).status == 404
    assert nina.post(path, {"how": "spoke by phone"}).to == "/calls?done=reached"
    assert "Nobody waits" in nina.get("/calls").text
    looked = ada.get("/me/who-looked").text
    assert "A call for help went to" in looked
    assert "spoke by phone" in looked


def test_help_comes_though_nobody_can_be_told(ada, monkeypatch):
    def fails(*_args, **_more):
        raise StoreFull("full")

    ada.get("/me/messages")
    with monkeypatch.context() as patch:
        patch.setattr(crisis, "announced", fails)
        answer = ada.post("/me/messages", {"text": "I want to die, and the disk is full"})
    assert answer.status == 200
    for told in ("988", "What you wrote is kept", "could not tell anyone here"):
        assert told in answer.text
    assert "We asked" not in answer.text


def test_an_empty_message_is_shown_again(ada):
    ada.get("/me/messages")
    answer = ada.post("/me/messages", {"about": "Tuesday", "text": "  "})
    assert answer.status == 422
    assert "Tuesday" in answer.text


def test_help_names_nobody_who_works_here_to_a_visitor(site, ada):
    visitor = site.visitor().get("/help").text
    assert "988" in visitor
    assert "Nina" not in visitor
    page = ada.get("/help").text
    assert "Nina" in page
    assert "Seen on 2026" in page


def check_order_of_lines(*pages):
    """Those for danger first, once; those for abuse alone behind a heading."""
    for page in pages:
        others = page.index("If someone hurts you, or someone you know</h2>")
        assert page.index("988") < page.index("Someone from here") < others
        assert page.index("Eldercare") > page.index("Child Abuse Hotline") > others
        assert page.count("988, call or text") == page.count("Eldercare") == 1


def test_a_client_asks_to_be_reached(site, ada):
    page = ada.get("/help").text
    answer = ada.post("/me/call")
    assert "Nina" in answer.text
    check_order_of_lines(page, answer.text)
    tess = site.in_session("Tess")
    [path] = set(re.findall(r'action="(/clients/\w+/calls/\w+)"', tess.get("/calls").text))
    tess.post(path, {"how": "spoke"})


def answers(*given):
    return {f"answer-{number}": str(one) for number, one in enumerate(given, 1)}


def test_a_form_is_filled_in_and_seen_over_time(site, ada):
    ada.get("/me/measures/phq9")
    given = answers(1, 1, 1, 1, 1, 1, 1, 1, 0)
    assert ada.post("/me/measures/phq9", given).to == "/me/measures?done=sent"
    page = ada.get("/me/measures").text
    assert "<td>8</td>" in page
    client = site.prepared.clients["Ada"].hex()
    assert "<td>8</td>" in site.in_session("Tess").get(f"/clients/{client}/care").text
    record = ada.get("/me/record").text
    assert "angerona/entry" not in record
    assert "8 of 27" in record


def test_a_yes_about_suicide_brings_help_at_once_and_is_kept(site, ada):
    ada.get("/me/measures/phq9")
    answer = ada.post("/me/measures/phq9", answers(0, 0, 0, 0, 0, 0, 0, 0, 1))
    assert answer.status == 200
    for told in ("988", "Nina", "What you wrote is kept"):
        assert told in answer.text
    assert "<td>1</td>" in ada.get("/me/measures").text
    nina = site.in_session("Nina")
    page = nina.get("/calls").text
    assert "an answer in a form" in page
    [path] = set(re.findall(r'action="(/clients/\w+/calls/\w+)"', page))
    nina.post(path, {"how": "spoke"})


def test_a_form_with_a_gap_is_shown_again_and_another_is_none(ada):
    ada.get("/me/measures/phq9")
    answer = ada.post("/me/measures/phq9", answers(1, 1, 1))
    assert answer.status == 422
    assert 'value="1" checked' in answer.text
    assert ada.get("/me/measures/none").status == 404
