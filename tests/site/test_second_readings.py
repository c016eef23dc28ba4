"""Second readings in a browser: what waits is shown to the one who was asked, and answered."""

import html
import re

import pytest

from angerona.errors import NotAgreed
from angerona.gate.door import Prepared
from prepared_practice import text_of
from running_site import running
from second_readings import COURT, ask, chosen, leaving, left_at_once, who_reads


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


def test_a_reader_with_the_keys_reads_what_would_leave_and_strikes_a_sentence_out(site, ada):
    one = leaving(site.practice, ada)
    path = f"/second-readings/{ask(site.practice, ada, one, reader='Cora').hex()}"
    cora = site.in_session("Cora")
    assert f'href="{path}/read"' in cora.get("/second-readings").text
    page = html.unescape(cora.get(f"{path}/read").text)
    assert text_of("Ada", "risk") in page
    assert "Not opened here (1)" in page, "the notes of sessions are not for whoever covers"
    assert "2 March 2026" in page
    looks = [one.body for one in site.practice.vault.ledger.lines_of(ada)[-2:]]
    assert [one["what"] for one in looks] == ["to read second", "who looked"]
    assert looks[0]["classes"] == ["risk"]
    entries = re.findall(r'name="entry" value="(\w+)"', page)
    [risk] = [one.hex() for one in chosen(site.practice, ada, "risk")]
    [out] = re.findall(rf'name="out" value="({risk}:1:\d+-\d+)"', page)
    kept = [entry for entry in entries if entry != risk]
    typed = {"page": "read", "verdict": "narrowed", "entry": entries, "out": [out], "why": ""}
    again = cora.post(path, typed)
    assert again.status == 422
    assert "As it would leave" in again.text
    assert f'name="out" value="{out}" checked' in again.text
    whole = cora.post(path, {**typed, "why": "less serves", "entry": kept, "out": []})
    assert whole.status == 303
    assert [place.wanted for place, _ in release_of(site, ada).entries] == ["progress_note"]


def release_of(site, ada):
    """What whoever asked hands over, as it was agreed to."""
    tess = site.signed_in("Tess")
    assert "agreed: to" in tess.get("/second-readings").text
    return release(site, ada, leaving(site.practice, ada, "progress_note"))


def test_an_officer_without_the_keys_sees_classes_and_days_and_no_word(site, ada):
    path = f"/second-readings/{ask(site.practice, ada, leaving(site.practice, ada)).hex()}"
    olaf = site.in_session("Olaf")
    page = olaf.get(f"{path}/read")
    while asked := re.findall(r'type="radio" name="(fact:[^"]+)" value="yes"', page.text):
        given = re.findall(r'type="hidden" name="(fact:[^"]+)" value="([^"]+)"', page.text)
        page = olaf.post(f"{path}/read", {**dict(given), **dict.fromkeys(asked, "yes")})
    assert text_of("Ada", "risk") not in html.unescape(page.text)


def test_it_is_passed_on_and_whoever_asked_sees_to_whom_and_why(site, ada):
    path = f"/second-readings/{ask(site.practice, ada, leaving(site.practice, ada)).hex()}"
    olaf, tess = site.in_session("Olaf"), site.in_session("Tess")
    cora = site.practice.people["Cora"].hex()
    assert "tomorrow by 09:30" in olaf.get("/second-readings").text
    assert olaf.post(f"{path}/passed-on", {"reader": cora, "why": "I am in court"}).status == 303
    shown = tess.get("/second-readings").text
    assert "Cora reads it" in shown
    assert "Olaf: I am in court" in shown
    assert "Nobody asks you" in olaf.get("/second-readings").text


def test_whoever_should_not_read_it_says_so_and_nobody_is_told_why(site, ada):
    duty_id = ask(site.practice, ada, leaving(site.practice, ada), reader="Sue")
    sue = site.in_session("Sue")
    assert "I should not read this" in sue.get("/second-readings").text
    assert sue.post(f"/second-readings/{duty_id.hex()}/aside").to.endswith("done=aside")
    assert "Nobody asks you" in sue.get("/second-readings").text
    assert "Olaf reads it" in site.in_session("Tess").get("/second-readings").text


def test_what_is_late_is_on_the_officer_s_page_alone(site, ada):
    ask(site.practice, ada, leaving(site.practice, ada), reader="Sue")
    site.clock.goes_on(days=2)
    assert "Late, with somebody else" in site.in_session("Olaf").get("/second-readings").text
    assert "1 day late" in site.in_session("Sue").get("/second-readings").text
    assert "Late, with somebody else" not in site.in_session("Cora").get("/second-readings").text


def test_what_left_at_once_is_read_and_judged_afterwards(site, ada):
    duty_id = left_at_once(site.practice, ada)
    name, path = who_reads(site.practice, duty_id), f"/second-readings/{duty_id.hex()}"
    reader = site.in_session(name)
    assert "has left already" in reader.get("/second-readings").text
    assert "As it left" in reader.get(f"{path}/read").text or "One thing decides" in (
        reader.get(f"{path}/read").text
    )
    wrong = reader.post(f"{path}/afterwards", {"found": "less", "why": "too much"})
    assert wrong.status == 422
    assert 'value="less" checked' in wrong.text
    typed = {"found": "less", "why": "too much", "to_do": ["correct", "tell"]}
    assert reader.post(f"{path}/afterwards", typed).status == 303
    assert "Nobody asks you" in reader.get("/second-readings").text


def test_in_a_practice_of_one_somebody_outside_is_named_afterwards(site, ada):
    duty_id = left_at_once(site.practice, ada)
    tess = site.in_session("Tess")
    path = f"/second-readings/{duty_id.hex()}/afterwards"
    typed = {"found": "in_order", "why": "we spoke", "consultant": "Dr Amal Invented"}
    refused = tess.post(path, typed)
    assert refused.status == 422
    assert "only where nobody here can read" in refused.text


def test_whom_one_supervises_one_reads_by_initials(site, ada):
    path = f"/second-readings/{ask(site.practice, ada, leaving(site.practice, ada), 'Sue').hex()}"
    page = html.unescape(site.in_session("Sue").get(f"{path}/read").text)
    assert text_of("A.", "risk") in page
    assert "Ada" not in page
