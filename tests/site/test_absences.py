"""Out of office in a browser: one's own page, the officer's of a member, who is close to whom."""

import html
import re

import pytest

from running_site import running

SINCE = re.compile(r'name="since" value="([^"]+)"')


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


def person(site, name):
    return site.practice.people[name].hex()


def row(site, name):
    return site.practice.vault.person(site.practice.people[name]).row


def week(site, deputy="Cora"):
    return {"first": "2026-03-02", "last": "2026-03-06", "deputy": person(site, deputy)}


@pytest.mark.parametrize("who", ["Sue", "Thea"], ids=["oneself", "the officer"])
def test_an_absence_is_written_down_and_taken_back(site, who):
    visitor = site.in_session(who)
    start = "/account" if who == "Sue" else f"/members/{person(site, 'Sue')}"
    assert f'href="{start}/away"' in visitor.get(start).text
    visitor.get(f"{start}/away")
    assert visitor.post(f"{start}/away", week(site)).to == f"{start}/away?done=away"
    shown = visitor.get(f"{start}/away").text
    assert "Cora stands in" in shown
    assert "2 March 2026, 00:00 to 7 March 2026, 00:00" in shown
    [absence] = row(site, "Sue").absences
    assert absence.by == site.practice.people[who]
    since = {"since": html.unescape(SINCE.search(shown)[1])}
    assert visitor.post(f"{start}/back", since).to == f"{start}/away?done=back"
    assert row(site, "Sue").absences == ()


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"last": "soon"}, "Last day"),
        ({"last": "2026-02-01"}, "Until"),
        ({"deputy": ""}, "Deputy"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(site, given, says):
    visitor = site.in_session("Sue")
    again = visitor.post("/account/away", {**week(site), **given})
    assert again.status == 422
    assert f"<strong>{says}</strong>" in again.text
    assert 'value="2026-03-02"' in again.text
    assert row(site, "Sue").absences == ()


def test_who_is_close_is_kept_of_colleagues_and_of_clients(site):
    sue, tess, ada = site.in_session("Sue"), site.in_session("Tess"), site.prepared.clients["Ada"]
    assert sue.post("/account/close", {"close": [person(site, "Tess")]}).status == 303
    assert row(site, "Sue").close_to == (site.practice.people["Tess"],)
    assert re.search(r"checked> Tess", sue.get("/account/away").text)
    page = f"/clients/{ada.hex()}/people"
    assert "Who here is close to this client" in tess.get(page).text
    assert "Who here is close to this client" not in sue.get(page).text
    path = f"/clients/{ada.hex()}/close"
    assert tess.post(path, {"close": [person(site, "Nina")]}).to == f"{page}?done=close"
    assert site.practice.vault.authority(ada).client.close_to.keys() == {
        site.practice.people["Nina"]
    }
    sue.get(page)
    assert sue.post(path, {"close": []}).status == 404
