"""Second readings in a browser: what waits is shown to the one who was asked, and answered."""

import pytest

from angerona.errors import NotAgreed
from angerona.gate.door import Prepared
from running_site import running
from second_readings import COURT, ask, chosen, leaving


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def release(site, ada, one):
    with site.practice.visit("Tess") as visit:
        return site.practice.door.release(
            visit, ada, one.wish, entry_ids=one.entry_ids, recipient=one.recipient
        )


def test_whoever_was_asked_reads_it_and_nobody_else_does(site, ada):
    path = f"/second-readings/{ask(site.practice, ada, leaving(site.practice, ada)).hex()}"
    tess, olaf = site.signed_in("Tess"), site.signed_in("Olaf")
    shown = olaf.get("/second-readings").text
    for said in ("Ada", "Tess (psychologist): the order is here", COURT, "Session notes"):
        assert said in shown
    assert "Nobody asks you" in tess.get("/second-readings").text
    assert tess.post(path, {"verdict": "agreed", "why": "mine"}).status == 404
    site.practice.open("Tess")
    with pytest.raises(NotAgreed):
        release(site, ada, leaving(site.practice, ada))


def test_agreeing_lets_it_leave(site, ada):
    one = leaving(site.practice, ada)
    path = f"/second-readings/{ask(site.practice, ada, one).hex()}"
    olaf = site.signed_in("Olaf")
    olaf.get("/second-readings")
    assert olaf.post(path, {"verdict": "agreed", "why": "I read it"}).to.endswith("done=answered")
    assert "Nobody asks you" in olaf.get("/second-readings").text
    assert isinstance(release(site, ada, one), Prepared)


def test_narrowing_keeps_what_was_ticked_where_something_is_wrong(site, ada):
    one = leaving(site.practice, ada)
    path = f"/second-readings/{ask(site.practice, ada, one).hex()}"
    [risk] = chosen(site.practice, ada, "risk")
    olaf = site.signed_in("Olaf")
    olaf.get("/second-readings")
    for form in (
        {"verdict": "narrowed", "entry": [risk.hex()], "why": ""},
        {"verdict": "narrowed", "entry": [], "why": "kept words"},
        {"verdict": "yes", "entry": [risk.hex()], "why": "kept words"},
    ):
        again = olaf.post(path, form)
        assert again.status == 422
        assert again.text.count(" checked") == len(form["entry"])
        assert f'value="{form["why"]}"' in again.text
    typed = {"verdict": "narrowed", "entry": [risk.hex()], "why": "no more is ordered"}
    assert olaf.post(path, typed).status == 303
    with pytest.raises(NotAgreed):
        release(site, ada, one)
    less = leaving(site.practice, ada, "risk")
    assert [place.wanted for place, _ in release(site, ada, less).entries] == ["risk"]


def test_objecting_lets_nothing_leave_and_is_in_the_list(site, ada):
    one = leaving(site.practice, ada)
    path = f"/second-readings/{ask(site.practice, ada, one).hex()}"
    olaf = site.signed_in("Olaf")
    olaf.get("/second-readings")
    assert olaf.post(path, {"verdict": "objected", "why": "no seal on it"}).status == 303
    with pytest.raises(NotAgreed):
        release(site, ada, one)
    listed = olaf.get(f"/clients/{ada.hex()}/who-looked").text
    assert "objected: " in listed
    assert "no seal on it" in listed
