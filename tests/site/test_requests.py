"""Requests in a browser: taken down, questions one at a time, chosen, pared, answered."""

import html
import re
from dataclasses import replace
from datetime import UTC

import pytest

import owed_duties
from angerona.gate.keeping import Draft
from angerona.gate.results import Kept
from angerona.practice.consents import take_back_consent
from angerona.practice.corrections import DISAGREES, state
from angerona.practice.legal_holds import is_held
from angerona.practice.who_looked import in_words
from consenting import signed
from prepared_practice import AT
from running_site import running
from second_readings import WISH
from taken_down import (
    COURT,
    INSURER,
    ONE_CLASS,
    answered,
    chosen,
    consented,
    kinds,
    last,
    leaving,
    matter_of,
    taken_down,
)


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def lines(site, client_id):
    return site.practice.vault.ledger.lines_of(client_id)


def test_an_insurer_with_a_consent_gets_what_was_looked_at(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    page, asked = answered(visitor, path)
    assert "You may" in page.text, page.text
    assert asked
    [entry] = chosen(visitor, path)
    form = leaving(visitor, path)
    shown = visitor.get(f"{matter_of(path)}/leaves").text
    assert "Ada and nobody else: what there is of diagnosis" in html.unescape(shown)
    got = visitor.post(f"{matter_of(path)}/leaves", form)
    assert got.status == 200, got.text
    assert b"what there is of diagnosis" in got.data
    assert b"progress_note" not in got.data
    assert re.search(r"packet-\w{4}-\w{4}\.json", got.headers["content-disposition"])
    assert kinds(site, ada)[-3:] == ["disclosure", "handed_over", "request"]
    assert last(site, ada).body["what"] == "answered a request with a packet"
    assert visitor.get(path).status == 404
    assert entry


def test_what_was_not_known_or_wrong_is_a_question_again(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    page, asked = answered(visitor, path, {})
    assert "Nothing may go while this is not known" in page.text
    assert "Choose what goes" not in page.text
    answers = f"{matter_of(path)}/answers"
    for again in ("Answer it now", "Take back"):
        assert again in visitor.get(path).text
        assert visitor.post(answers, {"fact": asked[0], "value": "again"}).to == path
        page = visitor.get(path)
        assert f'name="fact" value="{asked[0]}">\n<fieldset>' in page.text
        assert "Nothing may go while" not in page.text
        visitor.post(answers, {"fact": asked[0], "value": "no"})
    assert last(site, ada).body["what"] == "answered what the rules ask"
    assert "took an answer back" in [one.body.get("what") for one in lines(site, ada)]


def test_a_consent_taken_back_after_the_last_look_lets_nothing_leave(site, ada):
    consent_id = consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    chosen(visitor, path)
    form = leaving(visitor, path)
    site.practice.open("Tess")
    with site.practice.visit("Tess") as visit:
        take_back_consent(visit, ada, consent_id)
    got = visitor.post(f"{matter_of(path)}/leaves", form)
    assert (got.status, got.to.partition("?")[0]) == (303, path)
    assert "handed_over" not in kinds(site, ada)
    assert "Do not send this" in visitor.get(path).text


def test_another_consent_given_after_the_last_look_asks_again(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    chosen(visitor, path)
    form = leaving(visitor, path)
    signed(site.practice, ada, replace(ONE_CLASS, to="hospital", purpose="treatment"))
    about = matter_of(path)
    assert visitor.post(f"{about}/leaves", form).to == f"{about}/leaves?done=look-again"
    assert "handed_over" not in kinds(site, ada)
    assert visitor.post(f"{about}/leaves", leaving(visitor, path)).status == 200


def passages(visitor, address, **more):
    """The form of an entry's passages as the page shows it, with what is ticked."""
    page = visitor.get(address).text
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    ticked = {
        name: re.findall(rf'name="{name}" value="([\d-]+)" checked', page)
        for name in ("out", "hint")
    }
    return {"version": version, "then": "look", **ticked, **more}


def with_passages(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    [entry] = chosen(visitor, path)
    return visitor, path, f"{matter_of(path)}/entries/{entry}"


def amended(site, ada, text):
    """The diagnosis, written anew."""
    [place] = [one for one in site.practice.vault.places(ada) if one.wanted == "diagnosis"]
    draft = Draft(
        wanted="diagnosis",
        heading="",
        text=text,
        purpose="treatment",
        amends=place.entry_id,
    )
    site.practice.open("Tess")
    with site.practice.visit("Tess") as visit:
        assert isinstance(site.practice.door.keep(visit, ada, draft), Kept)


def test_passages_are_left_out_with_a_mark(site, ada):
    visitor, path, address = with_passages(site, ada)
    page = visitor.get(address)
    assert "what there is of diagnosis" in html.unescape(page.text)
    everything = "Ada and nobody else: what there is of diagnosis"
    wrong = visitor.post(address, passages(visitor, address, words=everything))
    assert wrong.status == 422
    given = visitor.post(address, passages(visitor, address, words="nobody else"))
    assert given.to.startswith(address)
    assert "Ada and [...]: what there is" in visitor.get(address).text
    got = visitor.post(f"{matter_of(path)}/leaves", leaving(visitor, path))
    assert b"Ada and [...]: what there is of diagnosis" in got.data
    assert b"nobody else" not in got.data


def test_what_was_left_out_stays_out_when_more_is(site, ada):
    visitor, _, address = with_passages(site, ada)
    visitor.post(address, passages(visitor, address, words="nobody else"))
    visitor.post(address, passages(visitor, address, words="diagnosis"))
    assert "Ada and [...]: what there is of [...]" in visitor.get(address).text
    visitor.post(address, {**passages(visitor, address), "out": []})
    assert "Ada and nobody else: what there is of diagnosis" in visitor.get(address).text


def test_words_that_stand_nowhere_are_told_and_no_tick_is_lost(site, ada):
    visitor, _, address = with_passages(site, ada)
    form = passages(visitor, address, words="diagnosis\nMiller", out=["0-3"])
    wrong = visitor.post(address, form)
    assert wrong.status == 422
    assert "stand nowhere" in wrong.text
    assert "Miller" in wrong.text
    assert 'value="0-3" checked' in wrong.text


def test_passages_of_a_text_that_changed_meanwhile_are_not_left_out_of_the_new_one(site, ada):
    visitor, _, address = with_passages(site, ada)
    form = passages(visitor, address, out=["0-3"])
    amended(site, ada, "She is well. Ada said so.")
    wrong = visitor.post(address, form)
    assert wrong.status == 422
    assert "it was changed meanwhile" in wrong.text
    assert "She is well. Ada said so." in html.unescape(visitor.get(address).text)


def test_a_text_that_changed_after_passages_were_left_out_is_looked_at_again(site, ada):
    visitor, path, address = with_passages(site, ada)
    visitor.post(address, passages(visitor, address, words="nobody else"))
    amended(site, ada, "She is well. Ada said so.")
    page = visitor.get(f"{matter_of(path)}/leaves")
    assert page.status == 422
    assert "Choose what goes" in page.text
    assert "changed since passages were left out" in page.text
    visitor.post(address, passages(visitor, address))
    assert "Hand it over" in visitor.get(f"{matter_of(path)}/leaves").text


def test_the_last_look_shows_what_leaves_and_nothing_else(site, ada):
    consented(site, ada)
    [place] = [one for one in site.practice.vault.places(ada) if one.wanted == "diagnosis"]
    site.practice.open("Tess")
    with site.practice.visit("Tess") as visit:
        text = "Ada does not think so."
        state(site.practice.door, visit, ada, place.entry_id, DISAGREES, text, facts={})
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    page = html.unescape(visitor.get(f"{matter_of(path)}/leaves").text)
    assert "what there is of diagnosis" in page
    assert "progress_note" not in page
    chosen(visitor, path)
    page = html.unescape(visitor.get(f"{matter_of(path)}/leaves").text)
    assert "Ada does not think so." in page
    got = visitor.post(f"{matter_of(path)}/leaves", leaving(visitor, path))
    assert b"Ada does not think so." in got.data


def test_only_what_was_written_on_the_days_named_is_offered(site, ada):
    consented(site, ada)
    day = AT.date().isoformat()
    for since, until, count in (("2026-01-01", "2026-01-05", 0), (day, day, 1)):
        visitor, path = taken_down(site, {**INSURER, "since": since, "until": until}, client=ada)
        answered(visitor, path)
        page = visitor.get(f"{matter_of(path)}/choose").text
        assert len(re.findall(r'name="entry" value="\w{32}" checked', page)) == count
    chosen(visitor, path)
    assert "Hand it over" in visitor.get(f"{matter_of(path)}/leaves").text


def test_who_took_it_down_does_not_learn_whom_it_was_found_to_be_about(site, ada):
    stan, path = taken_down(site, {**INSURER, "about": "Ada"}, who="Stan")
    olaf = site.in_session("Olaf")
    assert olaf.post(f"{path}/about", {"client": "Ada"}).status == 303
    assert stan.get(path).status == 404
    assert "Nothing is open" in stan.get("/requests").text
    assert "Harbour Mutual" in olaf.get("/requests").text
    assert "Harbour Mutual" in site.in_session("Tess").get("/requests").text
    assert ada


def test_what_was_found_out_of_one_client_is_not_said_of_another(site, ada):
    consented(site, ada)
    olaf, path = taken_down(site, INSURER, who="Olaf", client=ada)
    answered(olaf, path)
    assert "What was found out" in olaf.get(path).text
    assert olaf.post(f"{path}/about", {"client": "nobody here"}).status == 422
    moved = olaf.post(f"{path}/about", {"client": "Otto"})
    there, _, done = moved.to.partition("?")
    assert done == "done=moved"
    page = olaf.get(there).text
    assert "What was found out" not in page
    for typed in ("Harbour Mutual", "HM-7", "1 Quay Street", "20 March 2026"):
        assert typed in page
    assert olaf.get(path).status == 404
    line = last(site, ada).body
    assert line["what"] == "found that a request is not about this client"
    assert "Otto" not in str(line)
    assert "Harbour" not in str(line)
    assert last(site, site.prepared.clients["Otto"]).body["recipient"] == "Harbour Mutual"
    assert owed_duties.wrong(site.practice) == []


def test_the_line_of_an_answer_names_the_fact_and_not_its_value(site, ada):
    visitor, path = taken_down(site, COURT, client=ada)
    answered(visitor, path, WISH.facts)
    lines = site.practice.vault.ledger.lines_of(ada)
    steps = [one for one in lines if one.body.get("what") == "answered what the rules ask"]
    named = [name for one in steps for name in one.body.get("facts", [])]
    assert "record.privileged" in named
    assert not {"house.secrecy_ordered", "client.unsafe_to_tell"} & set(named)
    assert all("False" not in str(one.body) for one in steps)
    [said] = [one.sentence for one in in_words(steps, UTC) if "record privileged" in one.sentence]
    assert "answered what the rules ask (record privileged)" in said


def test_a_paper_under_the_wrong_client_holds_the_right_one_too_and_stays_silent(site, ada):
    otto = site.prepared.clients["Otto"]
    before = [kinds(site, one) for one in (ada, otto)]
    olaf, path = taken_down(site, {**COURT, "may_tell": "no"}, who="Olaf", client=ada)
    there = olaf.post(f"{path}/about", {"client": "Otto"}).to.partition("?")[0]
    assert "not in the client" in olaf.get(there).text
    assert [kinds(site, one) for one in (ada, otto)] == before
    site.practice.open("Olaf")
    with site.practice.visit("Olaf") as visit:
        assert is_held(visit, ada)
        assert is_held(visit, otto)
    assert owed_duties.wrong(site.practice) == []


def test_how_it_was_answered_is_a_line(site, ada):
    visitor, path = taken_down(site, INSURER, client=ada)
    assert visitor.post(f"{path}/end", {"answer": "refused", "how": "x" * 201}).status == 422
    assert visitor.post(f"{path}/end", {"answer": "refused", "how": "by post"}).status == 303


def test_an_order_waits_for_a_second_reader(site, ada):
    visitor, path = taken_down(site, COURT, client=ada)
    page, _ = answered(visitor, path, WISH.facts)
    assert "Choose what goes" in page.text, page.text
    chosen(visitor, path)
    about = matter_of(path)
    page = visitor.get(f"{about}/leaves")
    assert "A second reader first" in page.text, page.text.partition("<main")[2]
    assert "Hand it over" not in page.text
    reader = site.practice.people["Olaf"].hex()
    asked = visitor.post(f"{about}/reader", {"reader": reader, "why": "the order is here"})
    assert asked.to == f"{about}/leaves?done=asked"
    olaf = site.in_session("Olaf")
    reading = re.search(r"(/second-readings/\w{32})", olaf.get("/second-readings").text)[1]
    assert olaf.post(reading, {"verdict": "agreed", "why": "as ordered"}).status == 303
    got = visitor.post(f"{about}/leaves", leaving(visitor, path))
    assert got.status == 200, got.text
    assert b"what there is of risk" in got.data


def test_what_a_reader_narrowed_is_taken_over_in_one_click_and_leaves(site, ada):
    visitor, path = taken_down(site, COURT, client=ada)
    answered(visitor, path, WISH.facts)
    entries = chosen(visitor, path, count=2)
    about = matter_of(path)
    visitor.get(f"{about}/leaves")
    reader = site.practice.people["Olaf"].hex()
    visitor.post(f"{about}/reader", {"reader": reader, "why": "the order is here"})
    olaf = site.in_session("Olaf")
    reading = re.search(r"(/second-readings/\w{32})", olaf.get("/second-readings").text)[1]
    [risk] = [one for one in site.practice.vault.places(ada) if one.wanted == "risk"]
    less = {"verdict": "narrowed", "entry": [risk.entry_id.hex()], "why": "no more is ordered"}
    assert olaf.post(reading, less).status == 303
    page = visitor.get(f"{about}/leaves")
    assert "Hand it over" not in page.text
    agreed = re.search(r'name="agreed" value="(\w{32})"', page.text)[1]
    assert visitor.post(f"{about}/agreed", {"agreed": "0" * 32}).status == 404
    other, elsewhere = taken_down(site, INSURER, client=ada)
    assert other.post(f"{matter_of(elsewhere)}/agreed", {"agreed": agreed}).status == 404
    taken = visitor.post(f"{about}/agreed", {"agreed": agreed})
    assert taken.to == f"{about}/leaves?done=as-agreed"
    got = visitor.post(f"{about}/leaves", leaving(visitor, path))
    assert got.status == 200, got.text
    assert b"what there is of risk" in got.data
    assert b"what there is of progress_note" not in got.data
    assert len(entries) == 2


def test_nothing_forged_or_stale_leaves(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    chosen(visitor, path)
    about = matter_of(path)
    form = leaving(visitor, path)
    for wrong in ({"seen": "0" * 64}, {"seen": ""}):
        got = visitor.post(f"{about}/leaves", {**form, **wrong})
        assert got.to == f"{about}/leaves?done=look-again"
    for wrong in ({"how": "by owl"}, {"form": "docx"}, {"paper": "a3"}):
        assert visitor.post(f"{about}/leaves", {**form, **wrong}).status == 422
    assert "disclosure" not in kinds(site, ada)


def test_a_stranger_s_request_is_answered_without_a_yes_or_a_no(site):
    fay = site.in_session("Fay")
    fay.get("/requests/new")
    sent = fay.post("/requests/new", {**INSURER, "about": "Otto Nobody"})
    path = sent.to.partition("?")[0]
    page = fay.get(path)
    assert "nobody is found yet" in page.text
    letter = re.search(rf"({path}/letters/[\w.]+)", page.text)[1]
    shown = fay.get(letter)
    assert "neither confirm nor deny" in html.unescape(shown.text)
    ended = fay.post(f"{path}/end", {"answer": "refused", "how": "by post"})
    assert ended.to == "/requests?done=answered-request"
    assert "Nothing is open" in fay.get("/requests").text


def test_a_letter_is_filled_read_and_set(site, ada):
    visitor, path = taken_down(site, INSURER, client=ada)
    page = visitor.get(path)
    letter = re.search(rf"({path}/letters/letter\.[\w.]+)", page.text)[1]
    shown = visitor.get(letter)
    text = html.unescape(
        re.search(r"<textarea id=\"text\"[^>]*>\n(.*?)</textarea>", shown.text, re.DOTALL)[1]
    )
    open_ = re.findall(r"\[([a-z ]+)\]", text)
    if open_:
        assert visitor.post(letter, {"text": text, "act": "set"}).status == 422
        text = re.sub(r"\[[a-z ]+\]", "filled", text)
    got = visitor.post(letter, {"text": text, "act": "set", "paper": "a4"})
    assert got.status == 200, got.text
    assert got.data.startswith(b"%PDF")
    assert "letter.pdf" in got.headers["content-disposition"]


def test_others_do_not_find_it(site, ada):
    _, path = taken_down(site, INSURER, client=ada)
    about = matter_of(path)
    for name in ("Stan", "Theo", "Fay", "Sue"):
        other = site.in_session(name)
        for address in (path, f"{about}/choose", f"{about}/leaves"):
            assert other.get(address).status == 404
        assert "Nothing is open" in other.get("/requests").text


def test_the_officer_sees_it_and_opens_nothing(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, client=ada)
    answered(visitor, path)
    chosen(visitor, path)
    olaf = site.in_session("Olaf")
    assert "Harbour Mutual" in olaf.get(path).text
    for address in (f"{matter_of(path)}/choose", f"{matter_of(path)}/leaves"):
        assert "what there is of" not in olaf.get(address).text


def test_an_order_that_may_forbid_telling_is_not_in_the_list(site, ada):
    before = kinds(site, ada)
    visitor, path = taken_down(site, {**COURT, "may_tell": ""}, client=ada)
    assert kinds(site, ada) == before
    assert "not in the client" in visitor.get(path).text
    assert visitor.post(f"{path}/tell").status == 303
    assert kinds(site, ada)[len(before) :] == ["request", "hold"]


@pytest.mark.parametrize("may_tell", ["no", ""])
def test_what_leaves_in_silence_is_not_in_the_list(site, ada, may_tell):
    visitor, path = taken_down(site, {**COURT, "may_tell": may_tell}, client=ada)
    answered(visitor, path, {**WISH.facts, "order.secrecy": None})
    chosen(visitor, path)
    about = matter_of(path)
    visitor.get(f"{about}/leaves")
    reader = site.practice.people["Olaf"].hex()
    visitor.post(f"{about}/reader", {"reader": reader, "why": "the order is here"})
    olaf = site.in_session("Olaf")
    reading = re.search(r"(/second-readings/\w{32})", olaf.get("/second-readings").text)[1]
    assert olaf.post(reading, {"verdict": "agreed", "why": "as ordered"}).status == 303
    assert visitor.post(f"{about}/leaves", leaving(visitor, path)).status == 200
    told = set(kinds(site, ada))
    assert not told & {"disclosure", "handed_over", "second_reading", "request"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"to": "workforce"}, "none of the choices"),
        ({"to": ""}, "What they are</strong> is not chosen yet"),
        ({"instrument": "a napkin"}, "none of the choices"),
        ({"received": "tomorrow"}, "no day and hour"),
        ({"received": "2026-04-02T09:00"}, "still to come"),
        ({"answer_by": "2026-01-01"}, "before it came"),
        ({"answer_by": "soon"}, "are none"),
        ({"since": "2026-01-01"}, "half said"),
        ({"since": "2026-03-01", "until": "2026-02-01"}, "end before they begin"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(site, fields, said):
    visitor = site.in_session("Tess")
    visitor.get("/requests/new")
    got = visitor.post("/requests/new", {**INSURER, "reference": "kept words", **fields})
    assert got.status == 422
    assert said in html.unescape(got.text)
    assert "kept words" in got.text
