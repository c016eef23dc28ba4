"""Messages, forms of the care and measures are saved as drafts, by therapists and by clients."""

import re

import pytest

from every_form import WORDS, hidden
from running_site import running

MEASURE = {f"answer-{n}": "0" for n in range(1, 10)}
ROW = dict.fromkeys(("dose", "since", "until", "by", "remark"), "")
PAGES = {
    "messages": ("Tess", "/messages", {"subject": "Thursday", "text": WORDS}, WORDS),
    "safety plan": ("Tess", "/care/safety-plan", {"step": [WORDS, *[""] * 5]}, WORDS),
    "medicines": ("Tess", "/care/medicines", {**ROW, "name": WORDS}, WORDS),
    "measure": ("Tess", "/measures/phq9", {"answer-3": "2"}, 'name="answer-3" value="2" checked'),
    "own message": ("Ada", "/me/messages", {"about": "Thursday", "text": WORDS}, WORDS),
    "own measure": ("Ada", "/me/measures/phq9", {"answer-3": "2"}, 'value="2" checked'),
}
REST = {"measure": {**MEASURE, "by": "client"}, "own measure": MEASURE}


@pytest.fixture(params=PAGES)
def tried(request, site):
    """Who, on which page, with what typed, and what shows that it is there."""
    name, path, typed, shows = PAGES[request.param]
    about = "" if path.startswith("/me/") else f"/clients/{site.prepared.clients['Ada'].hex()}"
    return site.in_session(name), about + path, typed, shows, REST.get(request.param, {})


def carried(page):
    """What the draft form of a page is sent with that nobody typed."""
    names = ("once", "draft", "mark", "over")
    return {one: said[-1] for one, said in hidden(page).items() if one in names}


def test_half_a_form_is_saved_offered_again_and_gone_once_it_is_sent(tried):
    who, path, typed, shows, rest = tried
    page = who.get(path)
    assert "Begun, and not finished" not in page.text
    saved = who.post(path, {**carried(page), **typed, "act": "save"})
    assert re.fullmatch(rf"{path}\?draft=\w{{32}}&done=draft", saved.to)
    assert "Begun, and not finished" in who.get(path).text
    again = who.get(saved.to)
    assert shows in again.text
    assert "sealed to you alone" in again.text
    sent = who.post(path, {**carried(again), **typed, **rest})
    assert sent.status == 303, sent.text
    assert "Begun, and not finished" not in who.get(path).text


def test_of_two_tabs_with_one_draft_one_does_the_work(site, tried):
    who, path, typed, _, rest = tried
    saved = who.post(path, {**carried(who.get(path)), **typed, "act": "save"})
    tabs = [carried(who.get(saved.to)) for _ in range(2)]
    ada = site.prepared.clients["Ada"]
    before = len(site.practice.vault.places(ada))
    answers = [who.post(path, {**one, **typed, **rest}) for one in tabs]
    assert [one.to for one in answers] == [answers[0].to] * 2
    assert len(site.practice.vault.places(ada)) == before + 1


def test_the_script_saves_and_two_windows_lose_nothing(tried):
    who, path, typed, _, _ = tried
    first = carried(who.get(path))
    one = who.post(path, {**first, **typed, "act": "quietly"})
    assert 'id="draft-said"' in one.text
    name = next(iter(typed))
    other = who.post(path, {**first, **typed, name: typed[name], "more": "x", "act": "quietly"})
    assert "Another window saved this draft" in other.text
    listed = set(re.findall(r"\?draft=(\w{32})", who.get(path).text))
    assert len(listed) == 2
    for draft in listed:
        assert who.post(path, {"act": "throw", "draft": draft}).to.endswith("done=thrown-away")
    assert "?draft=" not in who.get(path).text


def test_what_was_wrong_stays_over_its_draft(tried):
    who, path, typed, shows, _ = tried
    saved = who.post(path, {**carried(who.get(path)), **typed, "act": "save"})
    page = carried(who.get(saved.to))
    answer = who.post(path, {**page, **typed, "more": "x" * 1_100_000})
    assert answer.status == 422
    assert carried(answer)["draft"] == page["draft"]
    assert carried(answer)["mark"] == page["mark"]
    assert shows in answer.text
    assert shows in who.get(saved.to).text
    who.post(path, {"act": "throw", "draft": page["draft"]})


def test_a_draft_opens_on_its_own_page_and_for_its_author_alone(site):
    tess, sue = site.in_session("Tess"), site.in_session("Sue")
    about = f"/clients/{site.prepared.clients['Ada'].hex()}"
    path = f"{about}/messages"
    saved = tess.post(path, {**carried(tess.get(path)), "text": WORDS, "act": "save"})
    query = saved.to.partition("?")[2].partition("&")[0]
    assert query.partition("=")[2] in tess.get(about).text, "the record says so"
    for elsewhere in (f"{about}/care/safety-plan", f"{about}/notes/new"):
        assert tess.get(f"{elsewhere}?{query}").status == 404
    assert sue.get(f"{path}?{query}").status == 404
    assert site.in_session("Ada").get(f"/me/messages?{query}").status == 404
    tess.post(path, {"act": "throw", "draft": query.partition("=")[2]})


def test_a_clients_draft_stands_on_the_server_sealed_and_nowhere_else(tmp_path):
    with running(tmp_path / "practice") as site:
        ada = site.in_session("Ada")
        page = ada.get("/me/messages")
        before = site.practice.vault.ledger.size
        saved = ada.post("/me/messages", {**carried(page), "text": WORDS, "act": "save"})
        assert site.practice.vault.ledger.size == before, "no line tells of it"
        assert "text" not in saved.to
        assert ada.get(saved.to).headers["cache-control"] == "no-store"
        assert set(ada.cookies) == {"session"}
        site.practice.vault.store.write(lambda _: None).result()
        stored = b"".join(one.read_bytes() for one in (tmp_path / "practice").glob("practice.db*"))
        assert WORDS.encode() not in stored
        assert (
            WORDS
            not in site.in_session("Tess")
            .get(f"/clients/{site.prepared.clients['Ada'].hex()}/messages")
            .text
        )
