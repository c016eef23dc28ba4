"""Supervision in a browser: initials, the name on demand, and agreeing to what was read."""

import re

import pytest


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def test_a_supervisor_meets_a_client_by_initials(site, visitor_of, ada):
    site.practice.keep("Tess", ada, "progress_note", "Ada wept.", heading="Ada, session 9")
    path = f"/clients/{ada.hex()}"
    sue, tess = visitor_of("Sue"), visitor_of("Tess")
    page = sue.get(path).text
    for text in (page, sue.get("/clients").text, sue.get(f"{path}/kept-apart").text):
        assert not re.search(r"\bAda\b", text)
    assert "A. wept." in page
    assert "A., session 9" in page
    assert "Ada wept." in tess.get(path).text
    before = len(site.practice.vault.ledger.lines_of(ada))
    named = sue.post(f"{path}/name")
    assert ">Ada<" in named.text
    assert len(site.practice.vault.ledger.lines_of(ada)) == before + 1
    assert tess.post(f"{path}/name").status == 404


def test_an_agreement_stands_beside_what_was_read(visitor_of, ada):
    path = f"/clients/{ada.hex()}"
    sue, tess = visitor_of("Sue"), visitor_of("Tess")
    page = sue.get(path).text
    entry = re.search(r"/entries/([0-9a-f]{32})/agree", page)[1]
    answer = sue.post(f"{path}/entries/{entry}/agree", {"version": "1", "remark": "well seen"})
    assert answer.to.endswith("done=agreed")
    read = tess.get(path).text
    part = read[read.index(f'id="e{entry}"') :]
    assert part.index("Sue read this and agrees") < part.index("well seen")
    assert f"/entries/{entry}/agree" not in sue.get(path).text, "once is enough"
    assert "/agree" not in read
    assert tess.post(f"{path}/entries/{entry}/agree", {"version": "1"}).status == 404
    assert sue.post(f"{path}/entries/{entry}/agree", {"version": "x"}).status == 404


def test_the_calendar_and_the_desk_know_a_client_by_initials_too(site, visitor_of, ada):
    path, tess = f"/clients/{ada.hex()}/appointments", visitor_of("Tess")
    tess.get(path)
    told = {"with": site.prepared.people["Tess"].hex(), "starts": "2026-03-05T14:00"}
    assert tess.post(path, told | {"minutes": "50", "title": ""}).status == 303
    sue, week = visitor_of("Sue"), "/desk?on=2026-03-03"
    assert ">Ada<" in tess.get(week).text
    page = sue.get(week).text
    assert ">A.<" in page
    for text in (page, sue.post("/desk/find", {"words": "ad"}).text):
        assert not re.search(r"\bAda\b", text)
