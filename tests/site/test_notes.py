"""Writing a note in a browser: sections, drafts with and without a script, two windows."""

import re

import pytest

from angerona.gate.door import Door
from angerona.gate.gathering import Wish

HEADING = "A heading of this test"


@pytest.fixture
def new(site):
    return f"/clients/{site.prepared.clients['Ada'].hex()}/notes/new"


def hidden(page):
    """What a form of a note is sent with that nobody typed."""
    fields = re.findall(r'name="(draft|mark)" value="([0-9a-f]*)"', page.text)
    return dict(fields)


def filled(page, *texts, act="keep", wanted=None, **more):
    says = re.findall(r'name="says" value="([^"]*)"', page.text)
    classes = re.findall(r'<option value="(\w+)" selected', page.text)
    texts = [*texts, *[""] * (len(says) - len(texts))]
    fields = {"says": says, "class": wanted or classes, "text": texts, "act": act}
    return {**hidden(page), "heading": HEADING, **fields, **more}


def test_every_form_has_its_sections(visitor_of, new):
    tess = visitor_of("Tess")
    soap = tess.get(f"{new}?form=soap").text
    found = [soap.index(f"<legend>{says}") for says in ("Subjective", "Objective", "Assessment")]
    assert found == sorted(found)
    assert "What others said" in soap
    assert "<legend>Response" in tess.get(f"{new}?form=birp").text
    assert "<legend>Data" in tess.get(f"{new}?form=dap").text
    assert "<legend>For yourself" in tess.get(f"{new}?form=apart").text
    assert tess.get(f"{new}?form=none").status == 200


def test_a_note_is_kept_by_class_under_one_heading(visitor_of, new):
    tess = visitor_of("Tess")
    page = tess.get(f"{new}?form=dap")
    answer = tess.post(new, filled(page, "what was said", "", "", "what her brother said"))
    assert (answer.status, answer.to.partition("?")[2]) == (303, "done=kept")
    record = tess.get(answer.to).text
    assert record.count(f"<h3>{HEADING}</h3>") == 1
    assert "Data\nwhat was said" in record
    assert "what her brother said" in record


def test_a_draft_is_saved_without_a_script_and_offered_again(visitor_of, new):
    tess = visitor_of("Tess")
    page = tess.get(f"{new}?form=soap")
    answer = tess.post(new, filled(page, "half a thou", act="save"))
    assert answer.status == 303
    again = tess.get(answer.to)
    assert "sealed to you alone" in again.text
    assert "half a thou" in again.text
    assert "Unfinished" in tess.get(new).text
    kept = tess.post(new, filled(again, "half a thought no more"))
    assert kept.to.endswith("done=kept")
    assert "Unfinished" not in tess.get(new).text


def test_the_script_gets_a_line_and_the_new_mark(visitor_of, new):
    tess = visitor_of("Tess")
    page = tess.get(new)
    one = tess.post(new, filled(page, "typed", act="quietly"))
    assert one.status == 200
    mark = re.search(r'data-mark="(\w{16})"', one.text)[1]
    other = tess.post(new, filled(page, "typed on", act="quietly", mark=mark))
    assert re.search(r'data-mark="(\w{16})"', other.text)[1] != mark
    assert "Another window" not in other.text
    stale = tess.post(new, filled(page, "an older window", act="quietly", mark=mark))
    assert "Another window saved this draft" in stale.text
    offered = tess.get(new).text
    assert offered.count("?draft=") == 2, "and both are there"
    for draft in re.findall(r"\?draft=(\w{32})", offered):
        answer = tess.post(new, {"act": "throw", "draft": draft})
        assert answer.to.endswith("done=thrown-away")
    assert "?draft=" not in tess.get(new).text


def test_an_addendum_that_was_begun_is_offered_again(site, visitor_of):
    ada, tess = site.prepared.clients["Ada"], visitor_of("Tess")
    kept = site.practice.keep("Tess", ada, "history", "what she said", heading="Childhood")
    path = f"/clients/{ada.hex()}/entries/{kept.entry_id.hex()}/amend"
    page = tess.get(path)
    fields = {**hidden(page), "class": "history", "heading": "Childhood", "text": "half a thou"}
    assert tess.post(path, {**fields, "act": "save"}).to == f"{path}?done=draft"
    unfinished = tess.get(f"/clients/{ada.hex()}").text.partition('class="entry"')[0]
    assert path in unfinished, "the record says so"
    again = tess.get(path)
    assert "half a thou" in again.text
    assert "what she said" in again.text, "beside what stands there"
    fields |= {**hidden(again), "text": "half a thought no more"}
    quiet = tess.post(path, {**fields, "act": "quietly"})
    assert hidden(again)["mark"] != re.search(r'data-mark="(\w+)"', quiet.text)[1]
    assert tess.post(path, {**fields, "act": "keep"}).to.endswith("done=amended")
    record = tess.get(f"/clients/{ada.hex()}").text
    assert path not in record.partition('class="entry"')[0], "nothing is unfinished"
    assert "half a thought no more" in record
    tess.post(path, {**fields, "act": "save", "mark": ""})
    assert path in tess.get(f"/clients/{ada.hex()}").text.partition('class="entry"')[0]
    assert tess.post(path, {"act": "throw"}).to.endswith("done=thrown-away")
    assert path not in tess.get(f"/clients/{ada.hex()}").text.partition('class="entry"')[0]


def test_an_addendum_kept_in_one_window_leaves_the_draft_of_the_other(site, visitor_of):
    ada, tess = site.prepared.clients["Ada"], visitor_of("Tess")
    kept = site.practice.keep("Tess", ada, "history", "what he said", heading="School")
    path = f"/clients/{ada.hex()}/entries/{kept.entry_id.hex()}/amend"
    page = tess.get(path)
    fields = {**hidden(page), "class": "history", "heading": "School"}
    tess.post(path, {**fields, "text": "an hour of work in the first window", "act": "quietly"})
    apart = tess.post(path, {**fields, "text": "in the second", "act": "quietly"}).text
    said = {name: re.search(rf'data-{name}="(\w+)"', apart)[1] for name in ("draft", "mark")}
    keep = {**fields, **said, "text": "in the second", "over": "1", "act": "keep"}
    assert tess.post(path, keep).to.endswith("done=amended")
    assert "an hour of work in the first window" in tess.get(path).text
    assert "?draft=" not in tess.get(f"/clients/{ada.hex()}").text, "what was kept is no draft"
    tess.post(path, {"act": "throw"})


def test_an_addendum_that_the_rules_refuse_stays_a_draft(site, visitor_of, monkeypatch):
    ada, tess = site.prepared.clients["Ada"], visitor_of("Tess")
    kept = site.practice.keep("Tess", ada, "history", "what she said", heading="Work")
    path = f"/clients/{ada.hex()}/entries/{kept.entry_id.hex()}/amend"
    page = tess.get(path)
    wish = Wish(wants=("progress_note",), purpose="employment", to="employer")
    with site.practice.visit("Tess") as visit:
        refused = site.practice.door.preview(visit, ada, wish).answer
    fields = {**hidden(page), "class": "history", "heading": "Work", "text": "typed for an hour"}
    with monkeypatch.context() as patch:
        patch.setattr(Door, "keep", lambda *_args, **_more: refused)
        assert "typed for an hour" in tess.post(path, {**fields, "act": "keep"}).text
    assert "typed for an hour" in tess.get(path).text
    tess.post(path, {"act": "throw"})


def test_one_more_section_loses_nothing(visitor_of, new):
    tess = visitor_of("Tess")
    page = tess.get(new)
    more = tess.post(new, filled(page, "first", act="add"))
    assert more.text.count("<textarea") == page.text.count("<textarea") + 1
    assert "first" in more.text
    tess.post(new, {"act": "throw", "draft": hidden(more)["draft"]})


def test_what_was_typed_is_there_again_where_something_was_wrong(visitor_of, new):
    tess = visitor_of("Tess")
    page = tess.get(new)
    sent = filled(page, "typed with care", heading="x" * 300)
    answer = tess.post(new, sent)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert "typed with care" in answer.text
    assert hidden(answer) == hidden(page)


def test_whoever_lacks_the_key_is_told_before_anything_is_lost(visitor_of, new):
    cora = visitor_of("Cora")
    page = cora.get(new)
    assert '<option value="risk"' in page.text
    sent = filled(page, "a note", wanted=["progress_note"] * 2)
    answer = cora.post(new, sent)
    assert answer.status == 422
    assert "not for you to write" in answer.text
    assert "a note" in answer.text


def test_another_persons_draft_is_not_there(visitor_of, new):
    tess, sue = visitor_of("Tess"), visitor_of("Sue")
    answer = tess.post(new, filled(tess.get(new), "for Tess alone", act="save"))
    path = answer.to.partition("&")[0]
    assert sue.get(path).status == 404
    assert "for Tess alone" not in sue.get(new).text
    assert tess.get(f"{new}?draft=nothing").status == 404
    tess.post(new, {"act": "throw", "draft": path[-32:]})
