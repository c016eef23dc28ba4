"""A danger, a worry about abuse: whom to tell, by when, what was told, and what keeps silent."""

import contextlib
import datetime
import html
import re

import pytest

from angerona.practice.matters import found
from angerona.practice.speaking import asked_in
from prepared_practice import quick_passwords
from running_site import over, running
from small_practice import founded
from telling_pages import CHILD, SAFE, SECRET, THREAT, begun, content_of, page_of


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as made:
        yield made


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


@contextlib.contextmanager
def place(folder, packs, role="psychologist", facts=None):
    """The pages of a practice under other laws, with Tess, who treats Ada."""
    with quick_passwords():
        practice = founded(folder / "practice", packs=packs)
        practice.enrol("Tess", roles=(role,))
    client_id = practice.client("Ada", treating="Tess", facts=facts)
    with over(practice) as made:
        yield made, client_id
    practice.vault.store.close()


def kinds(site, client_id):
    return [one.kind for one in site.practice.vault.ledger.lines_of(client_id)]


def listed(site, client_id):
    """What the client's own list says of it."""
    lines = site.practice.vault.ledger.lines_of(client_id)
    return [one for one in lines if one.kind in {"danger", "report", "disclosure", "handed_over"}]


def test_police_must_and_victim_apart_and_the_others_may(site, ada):
    visitor, digits, _ = begun(site, ada, {**THREAT, "fact:threat.imminent": "yes"})
    shown = page_of(visitor, digits)
    assert re.search(r"The police\s+You must tell", shown)
    assert re.search(r"The person at risk\s+You must tell", shown)
    assert re.search(r"Emergency services\s+You may tell, once checked", shown)
    assert "communication of the threat: by 3 March 2026, 09:30" in shown
    assert "911" in shown


def test_a_call_is_announced_and_its_words_are_kept_first(site, ada):
    visitor, digits, _ = begun(site, ada, {**THREAT, **SAFE})
    about = f"/matters/{digits}"
    sent = visitor.post(f"{about}/tell/police", {"said": SECRET, "name": "Sergeant Invented"})
    assert sent.to.endswith("done=told-them")
    told = content_of(site, digits).more["told"]
    assert [(one["to"], one["name"]) for one in told] == [("police", "Sergeant Invented")]
    sheet = html.unescape(visitor.get(f"{about}/tell/police").text)
    assert "Called at: 2 March 2026, 09:30" in sheet
    assert "Spoke to: Sergeant Invented" in sheet
    announced, left = [one for one in listed(site, ada) if one.kind != "danger"]
    assert announced.body["entries"] == [f"{told[0]['entry']}:1"]
    assert announced.body["classes"] == ["risk"]
    assert left.body["how"].startswith("by telephone, 2026-03-02")
    assert SECRET in site.in_session("Tess").get(f"/clients/{ada.hex()}").text
    assert "Still owed" in page_of(visitor, digits)


def test_who_is_to_be_checked_first_is_told_nothing_before(site, ada):
    visitor, digits, _ = begun(site, ada, {**THREAT, "fact:threat.imminent": "yes", **SAFE})
    to, before = f"/matters/{digits}/tell/emergency_services", site.practice.vault.places(ada)
    unchecked = visitor.post(to, {"said": SECRET})
    assert SECRET in unchecked.text, "what was typed is still there"
    assert unchecked.status == 422
    assert "told" not in content_of(site, digits).more
    assert not {"disclosure", "handed_over"} & {one.kind for one in listed(site, ada)}
    assert site.practice.vault.places(ada) == before, "nor are its words kept as if they had left"
    assert visitor.post(to, {"said": SECRET, "checked": "yes"}).to.endswith("done=told-them")


def test_nothing_typed_is_no_hindrance(site, ada):
    visitor, digits, _ = begun(site, ada, THREAT)
    assert visitor.post(f"/matters/{digits}/tell/police", {}).to.endswith("done=told-them")
    assert content_of(site, digits).more["told"]


def test_the_client_s_list_is_silent_until_somebody_settles_it(site, ada):
    visitor, digits, _ = begun(site, ada, THREAT)
    visitor.post(f"/matters/{digits}/tell/police", {})
    assert listed(site, ada) == [], "neither the danger nor who was told"
    early = visitor.post(f"/matters/{digits}/client", {"act": "may-know"})
    assert early.status == 422
    assert "is not settled" in html.unescape(early.text)
    assert visitor.post(f"/matters/{digits}/client", {**SAFE, "act": "may-know"}).status == 303
    assert [one.kind for one in listed(site, ada)] == ["danger"]


def test_a_client_whom_it_would_endanger_is_not_told(site, ada):
    visitor, digits, _ = begun(site, ada, {**THREAT, "fact:client.unsafe_to_tell": "yes"})
    assert "The law forbids telling the client" in page_of(visitor, digits)
    visitor.post(f"/matters/{digits}/tell/police", {})
    assert visitor.post(f"/matters/{digits}/client", {"act": "may-know"}).status == 422
    assert visitor.post(f"/matters/{digits}/client", {"act": "silent"}).status == 303
    assert listed(site, ada) == []


def test_vague_anger_leaves_nothing_and_says_what_to_do(site, ada):
    vague = {
        "fact:threat.target": "unnamed",
        "fact:threat.serious": "no",
        "fact:threat.imminent": "no",
        "fact:threat.made": "no",
        "fact:threat.told_by_family": "no",
        "fact:care.emergency": "no",
        "fact:crime.on_premises": "no",
    }
    visitor, digits, _ = begun(site, ada, vague)
    shown = page_of(visitor, digits)
    assert "Nothing leaves now" in shown
    assert "keep talking with the client" in shown
    assert "without a name" in shown
    assert "988" in shown
    for to in ("police", "person_at_risk", "emergency_services", "hospital", "family"):
        visitor.post(f"/matters/{digits}/tell/{to}", {"checked": "yes", "said": SECRET})
    assert "handed_over" not in kinds(site, ada)
    assert not content_of(site, digits).more.get("told")


def test_where_a_must_hangs_on_a_question_the_page_says_so(site, ada):
    open_yet = {name: said for name, said in CHILD.items() if "us_ca" not in name}
    for facts, hangs in ((open_yet, True), (CHILD, False)):
        visitor, digits, _ = begun(site, ada, facts, "abuse")
        shown = page_of(visitor, digits, "reports")
        assert ("tell is not settled yet" in shown) is hangs
        assert re.search(r"Child protection\s+You (must|may) tell", shown)[1] == (
            "may" if hangs else "must"
        )


def test_a_report_starts_the_clock_of_the_written_one(site, ada):
    visitor, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse")
    to = f"/matters/{digits}/tell/child_protection"
    shown = page_of(visitor, digits, "reports")
    assert "telephone the agency, at once on reasonable suspicion" in shown
    assert "written report, form SS 8572, within 36 hours" in shown
    assert "by 3 March 2026, 21:30" in shown
    form = visitor.get(to).text
    ticked = re.findall(r'name="done" value="([^"]+)" checked', form)
    assert ticked == ["us-ca.duty.child_report_1"], "a call is no written report"
    visitor.post(to, {"done": ticked})
    owed = page_of(visitor, digits, "reports").partition("Still owed")[2].partition("Whom to")[0]
    assert "Written report, form SS 8572, by 3 March 2026, 21:30" in re.sub(r"\s+", " ", owed)
    assert "Telephone the agency" not in owed


def test_the_oral_report_is_what_a_limit_runs_from(site, ada):
    elder = {
        "fact:abuse.suspected": "yes",
        "fact:abuse.victim": "elder",
        "fact:us_ca.elder_exception": "no",
        **SAFE,
    }
    visitor, digits, _ = begun(site, ada, elder, "abuse")
    to = f"/matters/{digits}/tell/adult_protection"
    site.clock.goes_on(hours=1)
    visitor = site.in_session("Tess")
    visitor.post(to, {"done": ["us-ca.duty.adult_report_1"], "at": "2026-03-02T10:15"})
    owed = page_of(visitor, digits, "reports").partition("Still owed")[2]
    assert "by 4 March 2026, 10:15" in owed


def due_of(site, digits):
    with site.practice.visit("Tess", site.clock.at) as visit:
        return found(visit, bytes.fromhex(digits)).due


def test_what_no_law_gives_a_time_for_is_settled_within_a_day(site, ada):
    began = site.clock.at
    _, digits, _ = begun(site, ada, {"fact:threat.serious": "yes"})
    assert due_of(site, digits) == began + datetime.timedelta(days=1)
    board = site.in_session("Tess").get("/deadlines").text
    assert "Settle what is done about the danger" in board.partition("No time set")[0]


def test_a_time_that_the_law_gives_goes_before_the_practices_own(site, ada):
    began = site.clock.at
    _, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse")
    assert due_of(site, digits) == began, "the agency is telephoned at once"


def test_what_is_to_be_told_is_typed_once_and_fills_every_sheet(site, ada):
    visitor, digits, _ = begun(site, ada, CHILD, "abuse")
    to = f"/matters/{digits}/tell/child_protection"
    form = f"/clients/{ada.hex()}/matters/{digits}/told"
    page = visitor.get(form).text
    assert {"child", "what was seen"} <= set(re.findall(r'name="told:([^"]+)"', page))
    assert "told:sender" not in page
    draft = re.search(r'name="draft" value="(\w+)"', page)[1]
    saved = {"act": "save", "draft": draft, "told:child": "half a sentence"}
    assert "done=draft" in visitor.post(form, saved).to
    assert "half a sentence" in visitor.get(f"{form}?draft={draft}").text
    sent = {
        "act": "send",
        "draft": draft,
        "told:child": "A girl of 9",
        "told:what was seen": SECRET,
    }
    assert visitor.post(form, sent).to.endswith("done=kept")
    assert "half a sentence" not in visitor.get(form).text
    shown = visitor.get(to).text
    assert shown.count(SECRET) == 2, "on the phone, and on the report"
    assert "Report to child protection" in shown
    sheet = re.search(r'name="sheet" value="(report_sheet[^"]+)"', shown)[1]
    got = visitor.post(f"{to}/sheet", {"sheet": sheet, "paper": "us-letter"})
    assert got.data.startswith(b"%PDF")
    assert "sheet.pdf" in got.headers["content-disposition"]
    assert visitor.post(f"{to}/sheet", {"sheet": "refusal.us"}).status == 422
    entry = content_of(site, digits).more["facts"]
    places = {one.entry_id.hex(): one.wanted for one in site.practice.vault.places(ada)}
    assert places[entry] == "abuse"


def test_the_end_asks_for_what_was_weighed_and_no_call_does(site, ada):
    visitor, digits, _ = begun(site, ada, {**THREAT, **SAFE})
    visitor.post(f"/matters/{digits}/tell/police", {})
    early = visitor.post(f"/matters/{digits}/ended", {"ending": "told"})
    assert early.status == 422
    assert "is not written down" in html.unescape(early.text)
    form = f"/clients/{ada.hex()}/matters/{digits}/weighed"
    assert visitor.post(form, {"act": "send", "silence": ""}).status == 422
    weighed = {"act": "send", "silence": "He may do it.", "speech": "He may go.", "wishes": SECRET}
    assert visitor.post(form, weighed).to.endswith("done=kept")
    for wrong in ("silence", "by owl"):
        assert visitor.post(f"/matters/{digits}/ended", {"ending": wrong}).status == 422
    ended = visitor.post(f"/matters/{digits}/ended", {"ending": "told"})
    assert ended.to == f"/clients/{ada.hex()}?done=alarm-ended"
    assert visitor.get(f"/dangers/{digits}").status == 404
    assert SECRET in visitor.get(f"/clients/{ada.hex()}").text, "in the record, and nowhere else"


def test_a_threat_taken_back_ends_so_and_nothing_left(site, ada):
    visitor, digits, _ = begun(site, ada, {"fact:threat.target": "identified_person"})
    form = f"/clients/{ada.hex()}/matters/{digits}/weighed"
    visitor.post(form, {"act": "send", "silence": "Taken back, believably."})
    ended = visitor.post(f"/matters/{digits}/ended", {"ending": "taken_back"})
    assert ended.to.endswith("done=alarm-ended")
    assert "handed_over" not in kinds(site, ada)


def test_it_can_be_left_and_gone_on_with(site, ada):
    _, digits, _ = begun(site, ada, {"fact:threat.serious": "yes"})
    later = site.in_session("Tess")
    assert digits in later.get(f"/clients/{ada.hex()}/danger").text
    later.post(f"/matters/{digits}/found", {"fact:threat.imminent": "unknown"})
    assert content_of(site, digits).facts == {"threat.serious": True}
    assert content_of(site, digits).unknown == ("threat.imminent",)
    assert "fact:threat.imminent" not in later.get(f"/dangers/{digits}").text


def test_who_covers_and_who_is_on_call_can_begin_and_tell(site, ada):
    for name in ("Cora", "Nina"):
        visitor, digits, _ = begun(site, ada, THREAT, who=name)
        sent = visitor.post(f"/matters/{digits}/tell/police", {"said": SECRET})
        assert sent.to.endswith("done=told-them"), name


@pytest.mark.parametrize(("tab", "facts"), [("danger", THREAT), ("abuse", CHILD)])
@pytest.mark.parametrize("who", ["Cora", "Nina"])
def test_what_they_write_down_is_kept_or_said_to_be_not_theirs(site, ada, who, tab, facts):
    visitor, digits, _ = begun(site, ada, facts, tab, who=who)
    for name, field in (("told", "told:danger"), ("told", "told:child"), ("weighed", "silence")):
        form = f"/clients/{ada.hex()}/matters/{digits}/{name}"
        sent = visitor.post(form, {"act": "send", field: SECRET})
        assert sent.status in {303, 422}, sent.text
        if sent.status == 422:
            assert SECRET in html.unescape(sent.text), "nothing typed is lost"


def test_whoever_has_no_key_to_the_words_of_a_report_writes_down_that_it_was_made(site, ada):
    visitor, digits, _ = begun(site, ada, {**CHILD, **SAFE}, "abuse", who="Cora")
    to = f"/matters/{digits}/tell/child_protection"
    again = visitor.post(to, {"said": SECRET})
    assert again.status == 422
    assert SECRET in html.unescape(again.text)
    assert visitor.post(to, {"said": ""}).to.endswith("done=told-them")
    with site.practice.visit("Cora", site.clock.at) as visit:
        matter = found(visit, bytes.fromhex(digits))
        assert [one["to"] for one in asked_in(matter).more["told"]] == ["child_protection"]


def test_others_do_not_find_it(site, ada):
    _, digits, _ = begun(site, ada, THREAT)
    for name in ("Theo", "Stan", "Fay"):
        other = site.in_session(name)
        for path in (f"/dangers/{digits}", f"/matters/{digits}/tell/police"):
            assert other.get(path).status == 404
        assert other.post(f"/matters/{digits}/tell/police", {"checked": "yes"}).status == 404
    assert site.in_session("Stan").get(f"/clients/{ada.hex()}/danger").status == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"at": "2026-03-03T09:00"}, "still to come"),
        ({"at": "2025-01-01T09:00"}, "too long ago"),
        ({"at": "soon"}, "no day and hour"),
        ({"how": "by owl"}, "none of the choices"),
        ({"way": "by magic"}, "none of the choices"),
        ({"name": "x" * 200}, "120"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(site, ada, fields, said):
    visitor, digits, _ = begun(site, ada, THREAT)
    got = visitor.post(f"/matters/{digits}/tell/police", {"said": SECRET, **fields})
    assert got.status == 422
    assert said in html.unescape(got.text)
    assert SECRET in got.text
    assert not content_of(site, digits).more.get("told")


def test_without_the_law_of_the_place_the_page_says_so_and_never_no_duty(tmp_path):
    with place(tmp_path, ("house", "us-hipaa")) as (site, ada):
        visitor, digits, _ = begun(site, ada, THREAT)
        for shown in (
            page_of(visitor, digits),
            html.unescape(visitor.get(f"/clients/{ada.hex()}/danger").text),
        ):
            assert "law is not loaded here" in shown
            assert "the law of US-CA" in shown
            assert "no duty" not in shown.lower()


def test_a_capable_adult_who_refuses_help_has_somebody_to_call(tmp_path):
    facts = {
        "fact:uk.nation": "england",
        "fact:threat.target": "self",
        "fact:threat.serious": "yes",
        "fact:threat.imminent": "yes",
        "fact:client.capacity": "yes",
        "fact:uk.capacity_doubtful": "no",
        "fact:uk.others_at_risk": "no",
    }
    with place(tmp_path, ("uk",), "psychotherapist") as (site, ada):
        visitor, digits, _ = begun(site, ada, facts)
        shown = page_of(visitor, digits)
        assert "Call your supervisor or a second reader now" in shown
        assert "Samaritans" in shown
        assert "without a name" in shown


def test_where_the_pack_lets_one_act_first_the_review_is_owed(tmp_path):
    facts = {
        "fact:uk.nation": "england",
        "fact:threat.target": "self",
        "fact:threat.serious": "yes",
        "fact:threat.imminent": "yes",
        "fact:client.capacity": "no",
    }
    with place(tmp_path, ("uk",), "psychotherapist") as (site, ada):
        visitor, digits, _ = begun(site, ada, facts)
        page = html.unescape(visitor.get(f"/matters/{digits}/tell/crisis_team").text)
        assert "act first; have it reviewed at once afterwards" in page
        sent = visitor.post(f"/matters/{digits}/tell/crisis_team", {"checked": "yes"})
        assert sent.to.endswith("done=told-them")
        assert "Act first; have it reviewed" in page_of(visitor, digits)


def test_a_warning_that_must_not_identify_says_so(tmp_path):
    packs = ("house", "us-hipaa", "us-part2", "us-ca")
    on_file = {"client.age": 34, "record.part2": True}
    with place(tmp_path, packs, facts=on_file) as (site, ada):
        visitor, digits, _ = begun(site, ada, THREAT)
        shown = page_of(visitor, digits)
        assert re.search(r"The police\s+Not settled", shown)
        visitor.post(f"/matters/{digits}/found", {"fact:us_part2.non_identifying": "no"})
        refused = visitor.post(f"/matters/{digits}/tell/police", {"checked": "yes", "said": SECRET})
        assert refused.status == 422
        assert SECRET in refused.text
        assert not content_of(site, digits).more.get("told"), "nothing by which anybody is known"
        visitor.post(f"/matters/{digits}/found", {"fact:us_part2.non_identifying": "yes"})
        assert "You must tell" in page_of(visitor, digits)


def test_a_client_whose_name_must_stay_is_not_named(tmp_path):
    facts = {
        "fact:abuse.suspected": "yes",
        "fact:abuse.victim": "adult",
        "fact:us_tx.knows_exploitation": "yes",
        "fact:us_tx.client_told_and_asked": "yes",
        "fact:us_tx.client_anonymous": "yes",
    }
    with place(tmp_path, ("house", "us-hipaa", "us-tx")) as (site, ada):
        visitor, digits, _ = begun(site, ada, facts, "abuse")
        page = visitor.get(f"/matters/{digits}/tell/prosecutor").text
        shown = html.unescape(re.sub(r"<[^>]+>", " ", page))
        assert re.search(r"Not to be said\s+name and contact", shown)
        assert "Say nothing by which the client could be known" in shown
        assert "within 30 days of becoming aware" in shown
        sent = visitor.post(f"/matters/{digits}/tell/prosecutor", {"said": SECRET})
        assert sent.to.endswith("done=told-them")
