"""The care of a client in a browser: forms that are kept, a drawing, an alarm at the top."""

import re

import pytest


@pytest.fixture
def path(site):
    return f"/clients/{site.prepared.clients['Ada'].hex()}"


def over(page):
    return re.search(r'name="over" value="([0-9a-f.]*)"', page.text)[1]


DIAGNOSES = {
    "system": ["icd10cm", "none"],
    "code": ["f43.22", ""],
    "says": ["", ""],
    "standing": ["working", "working"],
    "since": ["2026-01-31", ""],
    "remark": ["", ""],
}


def test_a_code_of_the_list_brings_its_title(visitor_of, path):
    tess = visitor_of("Tess")
    page = tess.get(f"{path}/care/diagnoses")
    assert '<option value="F43.22">' in page.text
    answer = tess.post(f"{path}/care/diagnoses", {**DIAGNOSES, "over": over(page)})
    assert answer.to.endswith("/care?done=kept")
    shown = tess.get(answer.to).text
    assert "F43.22 (ICD-10-CM) Adjustment disorder with anxiety, since 2026-01-31" in shown
    again = tess.get(f"{path}/care/diagnoses")
    assert over(again).endswith(".1")
    assert 'value="F43.22"' in again.text
    record = tess.get(path).text
    part = record[record.index("F43.22 (ICD-10-CM)") :]
    assert part.index("As it stands now") < part.index("</article>"), "a form changes it"


def test_what_is_wrong_is_said_and_what_was_typed_stays(visitor_of, path):
    tess = visitor_of("Tess")
    page = tess.get(f"{path}/care/diagnoses")
    wrong = {**DIAGNOSES, "code": ["grief", ""], "says": ["typed with care", ""]}
    answer = tess.post(f"{path}/care/diagnoses", {**wrong, "over": over(page)})
    assert answer.status == 422
    assert "typed with care" in answer.text
    assert over(answer) == over(page)


def test_an_older_page_changes_nothing_unseen(visitor_of, path):
    tess = visitor_of("Tess")
    old = {"over": over(tess.get(f"{path}/care/medicines"))}
    row = dict.fromkeys(("dose", "since", "until", "by", "remark"), "")
    first = tess.post(f"{path}/care/medicines", {**old, **row, "name": "sertraline"})
    assert first.status == 303
    now = {"over": over(tess.get(f"{path}/care/medicines"))}
    assert tess.post(f"{path}/care/medicines", {**now, **row, "name": "two"}).status == 303
    stale = tess.post(f"{path}/care/medicines", {**now, **row, "name": "three"})
    assert stale.status == 422
    assert "changed by somebody meanwhile" in stale.text


def test_a_safety_plan_has_six_steps(visitor_of, path):
    tess = visitor_of("Tess")
    page = tess.get(f"{path}/care/safety-plan")
    assert page.text.count('name="step"') == 6
    steps = ["early waking\r\n\r\nno sleep", "", "", "her sister", "", ""]
    answer = tess.post(f"{path}/care/safety-plan", {"step": steps, "over": over(page)})
    shown = tess.get(answer.to).text
    assert shown.index("early waking") < shown.index("no sleep") < shown.index("her sister")
    empty = tess.post(f"{path}/care/safety-plan", {"step": [""] * 6, "over": ""})
    assert empty.status == 422


def test_a_plan_has_goals_and_reviews(visitor_of, path):
    tess = visitor_of("Tess")
    page = tess.get(f"{path}/care/plan")
    fields = {
        "aim": "to sleep",
        "says": ["seven hours", ""],
        "sign": ["a diary", ""],
        "steps": ["", ""],
        "review": ["2026-12-01", ""],
        "standing": ["open", "open"],
        "review_day": ["2026-11-02"],
        "review_says": ["half way"],
        "over": over(page),
    }
    shown = tess.get(tess.post(f"{path}/care/plan", fields).to).text
    for word in ("to sleep", "Goal 1: seven hours", "a diary", "2026-12-01", "half way"):
        assert word in shown


def test_an_answer_that_speaks_of_suicide_stands_at_the_top_at_once(visitor_of, path):
    tess = visitor_of("Tess")
    assert "better off dead" in tess.get(f"{path}/measures/phq9").text
    answers = {f"answer-{n}": "0" for n in range(1, 10)}
    missing = tess.post(f"{path}/measures/phq9", {**answers, "answer-4": ""})
    assert missing.status == 422
    assert "Question 4" in missing.text
    said = tess.post(f"{path}/measures/phq9", {**answers, "answer-9": "2"})
    for page in (tess.get(said.to).text, tess.get(path).text):
        assert page.index("Ask about suicide now") < page.index("More than half the days")
        assert page.index('role="alert"') < page.index("<h3")
    shown = tess.get(f"{path}/care").text
    assert "<svg" in shown
    assert "style=" not in shown
    assert '<circle class="score alarm"' in shown
    tess.post(f"{path}/measures/phq9", answers)
    assert "Ask about suicide now" not in tess.get(f"{path}/care").text
    assert "<polyline" in tess.get(f"{path}/care").text


def test_what_is_not_there_is_silence(visitor_of, path):
    tess = visitor_of("Tess")
    for behind in ("/care/nothing", "/measures/nothing"):
        assert tess.get(f"{path}{behind}").status == 404
        assert tess.post(f"{path}{behind}").status == 404


def test_whoever_covers_sees_what_keeps_somebody_safe(visitor_of, path):
    page = visitor_of("Cora").get(f"{path}/care")
    assert page.status == 200
    assert "Safety plan" in page.text
