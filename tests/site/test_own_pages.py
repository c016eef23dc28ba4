"""A client's own pages: unseen, shown only what was turned on, and a way off each of them."""

import json
import re

import pytest

from angerona.practice.contact import NewContact, change_contact
from angerona.practice.duties import is_review
from angerona.practice.own_choices import ITEMS, choose_shown
from angerona.sealed.duties import find
from angerona.sealed.rows import Way
from angerona.web.own_choices import CHOICES, SAFETY
from angerona.web.table import ROUTES
from prepared_practice import text_of
from running_site import running

ALWAYS = {SAFETY, CHOICES, "/me", "/me/reach", "/me/exit"}
"""What a client's face opens before anything is turned on."""
CHANGED_ALWAYS = {SAFETY, CHOICES, "/me/reach", "/me/exit", "/me/call"}
"""What a client can do at any time."""
OWN = [one for one in ROUTES if one.face == "client" and one.method == "GET"]
NOBODY = "00" * 16


def path_of(route):
    return re.sub(r"\{\w+\}", NOBODY, route.path)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A site where the clients have only just got their way in."""
    with running(tmp_path_factory.mktemp("fresh") / "practice", turned_on=False) as found:
        yield found


@pytest.fixture
def ada(site):
    return site.in_session("Ada")


def test_the_first_page_says_how_to_stay_unseen_and_nothing_else_opens(fresh):
    ada = fresh.in_session("Ada")
    for route in OWN:
        answer = ada.get(path_of(route))
        if route.path == SAFETY:
            assert answer.status == 200
        else:
            assert (answer.status, answer.to) == (303, SAFETY), route.path


def test_looking_again_leaves_nothing_owed_again(site):
    """What the law wants said of what is kept back is owed once, and is no look to be reviewed."""
    practice, otto = site.practice, site.prepared.clients["Otto"]
    owed = []
    for _ in range(2):
        assert site.in_session("Otto").get("/me/record").status == 200
        with practice.vault.store.snapshot() as reading:
            there = find(practice.vault, reading, "duties.of_client", client_id=otto)
        owed.append(sorted(one.row.duty["id"] for one in there))
        assert not [one for one in there if is_review(one.glance)]
    assert "us-hipaa.duty.denial_partial" in owed[0]
    assert owed[0] == owed[1]


def test_a_call_for_help_waits_for_nothing(fresh):
    ada = fresh.in_session("Ada")
    assert "Ask them to reach me" in ada.get("/help").text
    answer = ada.post("/me/call")
    assert answer.status == 200
    assert "Nina" in answer.text


def test_nothing_is_shown_until_it_is_turned_on(fresh):
    otto = fresh.in_session("Otto")
    otto.get(SAFETY)
    assert otto.post(SAFETY).to == CHOICES
    before = len(fresh.practice.vault.ledger.lines_of(fresh.prepared.clients["Otto"]))
    for route in OWN:
        if route.path not in ALWAYS:
            answer = otto.get(path_of(route))
            assert "This is not turned on" in answer.text, route.path
            assert "Otto and nobody else" not in answer.text
    home = otto.get("/me").text
    assert "Nothing is shown yet" in home
    assert "Theo" not in home
    after = fresh.practice.vault.ledger.lines_of(fresh.prepared.clients["Otto"])
    assert len(after) == before, "nothing was opened"


def test_nor_does_a_form_do_anything_before_it_is_turned_on(fresh):
    otto = fresh.in_session("Otto")
    otto.get(SAFETY)
    otto.post(SAFETY)
    place = fresh.prepared.clients["Otto"]
    before = len(fresh.practice.vault.places(place)), len(documents(fresh, "Otto"))
    tried = 0
    for route in ROUTES:
        if route.face == "client" and route.method == "POST" and route.path not in CHANGED_ALWAYS:
            answer = otto.post(path_of(route), {**YES, "text": "hello", "answer-1": "1"})
            assert "This is not turned on" in answer.text, route.path
            tried += 1
    assert tried >= 5
    after = len(fresh.practice.vault.places(place)), len(documents(fresh, "Otto"))
    assert after == before


def test_who_turns_something_on_is_asked_if_alone(fresh):
    nora = fresh.in_session("Otto")
    nora.get(SAFETY)
    nora.post(SAFETY)
    asked = nora.post(CHOICES, {"shown": ["record"]})
    assert asked.status == 422
    assert 'value="record" checked' in asked.text
    assert "not turned on" in nora.get("/me/record").text
    assert nora.post(CHOICES, {"shown": ["record"], "alone": "yes"}).status == 303
    assert "not turned on" not in nora.get("/me/record").text
    nora.get(CHOICES)
    assert nora.post(CHOICES).status == 303, "turning off asks nothing"
    assert "not turned on" in nora.get("/me/record").text


@pytest.mark.parametrize("item", ITEMS)
def test_the_top_of_the_page_names_only_what_is_turned_on(site, item):
    otto = site.in_session("Otto")
    with site.practice.visit("Otto") as visit:
        choose_shown(visit, set(ITEMS) - {item})
    names = {"record": "My record", "looks": "Who looked", "sharing": "Sharing"}
    nav = otto.get("/me").text.split("<nav")[1].split("</nav>")[0]
    for one, says in names.items():
        assert (f">{says}<" in nav) == (one != item)
    with site.practice.visit("Otto") as visit:
        choose_shown(visit, ITEMS)


def test_the_record_by_class_and_what_is_kept_back(ada):
    page = ada.get("/me/record").text
    assert text_of("Ada", "progress_note") in page
    assert text_of("Ada", "psychotherapy_note") not in page
    assert "Not shown here" in page
    assert "process notes kept apart" in page


def test_home_says_who_can_read_and_who_looked_last(site, ada):
    site.practice.look("Sue", site.prepared.clients["Ada"], purpose="supervision")
    page = ada.get("/me").text
    for name in ("Tess", "Sue", "Cora"):
        assert name in page
    assert "Sue (psychologist) looked at" in page


def test_who_looked_says_under_which_rule(ada):
    page = ada.get("/me/who-looked").text
    assert "The treating clinician" in page or "Which rule" in page
    assert re.search(r"<li>[^<]+ \[[^\]]+\]</li>", page)


def test_a_message_from_the_practice_is_read(site, ada):
    path = f"/clients/{site.prepared.clients['Ada'].hex()}/messages"
    tess = site.in_session("Tess")
    tess.get(path)
    assert tess.post(path, {"subject": "Tuesday", "text": "Half past nine is fine."}).status == 303
    page = ada.get("/me/messages").text
    assert "Half past nine is fine." in page
    assert "from us" in page


# The way off


def leaving(visitor, **headers):
    return visitor.post("/leave", token="", **headers)


def test_every_page_of_a_client_has_a_way_off(ada):
    for route in OWN:
        page = ada.get(path_of(route)).text
        if "<h1>" in page and "nothing here for you" not in page:
            assert page.count('action="/leave"') == 1, route.path


def test_leaving_ends_the_session_and_says_nothing(site):
    ada = site.in_session("Ada")
    cookie = dict(ada.cookies)
    answer = leaving(ada)
    assert (answer.status, answer.to) == (303, "/away")
    assert "storage" in answer.headers["clear-site-data"]
    ada.cookies = cookie
    assert ada.get("/me").to.startswith("/sign-in")
    page = ada.get("/away").text
    assert "Folder" not in page
    assert "Quiet Rooms" not in page
    assert "sign-in" not in page


def test_one_gets_away_without_a_session_and_with_an_old_one(site):
    assert leaving(site.visitor()).to == "/away"
    ada = site.in_session("Ada")
    cookie = dict(ada.cookies)
    leaving(ada)
    ada.cookies = cookie
    assert leaving(ada).to == "/away"


def test_nobody_elsewhere_sends_one_away(site):
    ada = site.in_session("Ada")
    assert leaving(ada, sec_fetch_site="cross-site").status == 403
    assert ada.get("/me").status == 200


def test_a_member_has_no_such_button(site):
    assert 'action="/leave"' not in site.in_session("Tess").get("/clients").text


def test_the_way_off_can_be_hidden_and_shown_again(site):
    otto = site.in_session("Otto")
    otto.get(SAFETY)
    assert otto.post("/me/exit", {"exit": "hidden"}).status == 303
    for path in ("/me", "/me/record", SAFETY):
        page = otto.get(path).text
        assert 'action="/leave"' not in page
        assert "leave." not in page
    otto.get(SAFETY)
    assert otto.post("/me/exit", {"exit": "shown"}).status == 303
    assert otto.get("/me").text.count('action="/leave"') == 1


def test_a_practice_can_lead_elsewhere(tmp_path):
    with running(tmp_path / "practice", away="https://weather.invalid/", ways_in=()) as site:
        page = site.visitor().get("/away").text
        assert 'content="0; url=https://weather.invalid/"' in page


# How to be reached


def test_the_client_says_how_to_be_reached_and_the_desk_sees_it(site, ada):
    form = {
        "text_allowed": "yes",
        "text_times": "after six",
        "text_neutral": "yes",
        "phone": "555-0177",
        "code_word": "linden",
        "never": "Never the landline.",
    }
    ada.get("/me/reach")
    assert ada.post("/me/reach", form).status == 303
    own = ada.get("/me/reach").text
    assert "… 77" in own
    for secret in ("555-0177", "linden", "the landline"):
        assert secret not in own, "somebody may look over the shoulder"
    assert ada.post("/me/reach", {"text_allowed": "yes", **form, "code_word": ""}).status == 303
    client = site.prepared.clients["Ada"].hex()
    desk = site.in_session("Fay").get(f"/clients/{client}/reach").text
    for told in ("555-0177", "after six", "linden", "Never the landline.", "Without our name."):
        assert told in desk
    assert site.in_session("Olaf").get(f"/clients/{client}/reach").status == 404
    assert "Fay saw how to reach the client" in ada.get("/me/who-looked").text


def test_the_client_says_what_for_and_who_may_take_a_message(site, ada):
    form = {
        "text_allowed": "yes",
        "text_only": ["appointments", "law"],
        "first_name": "June Invented",
        "first_reach": "555-0133",
        "first_about": "appointments",
    }
    ada.get("/me/reach")
    assert ada.post("/me/reach", {**form, "first_about": "care"}).status == 422
    nameless = ada.post("/me/reach", {**form, "first_name": ""})
    assert (nameless.status, "555-0133" in nameless.text) == (422, True), "nothing is lost"
    assert ada.post("/me/reach", form).status == 303
    own = ada.get("/me/reach").text
    assert "June" not in own, "somebody may look over the shoulder"
    client = site.prepared.clients["Ada"].hex()
    desk = site.in_session("Fay").get(f"/clients/{client}/reach").text
    assert "Only for appointments, what the law makes you tell me." in desk
    assert "June Invented" in desk
    assert ada.post("/me/reach", {"forget_persons": "yes"}).status == 303
    assert "June" not in site.in_session("Fay").get(f"/clients/{client}/reach").text


def test_whoever_treats_puts_down_what_the_client_says_and_nobody_else(site):
    client = site.prepared.clients["Ada"].hex()
    path = f"/clients/{client}/reach/change"
    for name, status in (("Fay", 404), ("Olaf", 404), ("Theo", 404), ("Tess", 303)):
        visitor = site.in_session(name)
        visitor.get(f"/clients/{client}")
        form = {"post_allowed": "yes", "post_only": "law", "address": "1 Invented Road"}
        assert visitor.post(path, form).status == status, name
    page = site.in_session("Tess").get(path)
    assert (page.status, "Read it out" in page.text) == (200, True)
    desk = site.in_session("Tess").get(f"/clients/{client}/reach").text
    assert "1 Invented Road" in desk
    assert site.in_session("Fay").get(path).status == 404


def test_a_code_word_goes_where_the_client_says_so(site, ada):
    ada.get("/me/reach")
    ada.post("/me/reach", {"code_word": "rowan", "never": "Never at work."})
    ada.post("/me/reach", {"forget_code_word": "yes"})
    desk = site.in_session("Fay").get(f"/clients/{site.prepared.clients['Ada'].hex()}/reach").text
    assert "rowan" not in desk
    assert "Never at work." in desk


def test_whoever_has_the_phone_alone_does_not_change_how_to_reach_the_client(site, ada):
    ada.get("/me/reach")
    site.clock.goes_on(minutes=6)
    try:
        told = ada.post("/me/reach", {"phone": "555-0199"})
        assert (told.status, "Is it you?" in told.text) == (403, True)
    finally:
        site.clock.goes_on(minutes=-6)


def test_where_nothing_was_said_a_number_still_stands_for_who_must_reach_somebody(site):
    """A client in danger who never opened that page must not be out of reach for it."""
    path = f"/clients/{site.prepared.clients['Otto'].hex()}/reach"
    with site.practice.visit("Theo") as visit:
        new = NewContact(ways={}, addresses={"phone": "555-0166"})
        change_contact(visit, site.prepared.clients["Otto"], new)
    nina = site.in_session("Nina")
    page = nina.get(path).text
    assert "Nothing was said yet" in page
    assert "555-0166" in page
    with site.practice.visit("Theo") as visit:
        said = NewContact(ways={"text": Way(allowed=True), "phone": Way()}, addresses={})
        change_contact(visit, site.prepared.clients["Otto"], said)
        change_contact(visit, site.prepared.clients["Otto"], NewContact(ways={}, addresses={}))
    assert "Not said" in nina.get(path).text


def test_a_way_that_is_never_to_be_used_shows_no_number(site):
    otto = site.prepared.clients["Otto"]
    with site.practice.visit("Theo") as visit:
        ways = {"phone": Way(), "mail": Way(allowed=True)}
        change_contact(visit, otto, NewContact(ways=ways, addresses={"phone": "555-0155"}))
    page = site.in_session("Nina").get(f"/clients/{otto.hex()}/reach").text
    assert "No, never" in page
    assert "555-0155" not in page


def test_what_was_typed_stays_where_something_is_wrong(ada):
    ada.get("/me/reach")
    answer = ada.post("/me/reach", {"mail_times": "x" * 500, "code_word": "willow"})
    assert answer.status == 422
    assert "willow" in answer.text


# Sharing

YES = {
    "to": "insurer",
    "purpose": "insurance",
    "classes": ["diagnosis", "treatment_plan"],
    "until": "2026-12-01",
    "read": "yes",
    "said": ["freely", "yes"],
    "name": "Ada",
}


def documents(site, name="Ada"):
    return site.practice.vault.authority(site.prepared.clients[name]).documents()


def consents_of(site):
    """The consents of Ada by their ids; other tests of this file give and take back some too."""
    rows = site.practice.vault.authority(site.prepared.clients["Ada"]).consents
    return {one.hex(): json.loads(row.document) for one, row in rows.items()}


def test_a_yes_is_given_narrowed_and_taken_back(site, ada):
    before = consents_of(site)
    ada.get("/me/sharing/new")
    assert ada.post("/me/sharing/new", YES).to.startswith("/me/sharing")
    [consent] = consents_of(site).keys() - before.keys()
    given = consents_of(site)[consent]
    assert given["classes"] == YES["classes"]
    assert given["elements"]["st_revoke"]
    page = ada.get("/me/sharing").text
    assert "diagnosis and treatment plan" in page
    assert set(re.findall(r"/me/sharing/([0-9a-f]{32})/take-back", page)) == {consent}
    narrowed = ada.post(f"/me/sharing/{consent}/narrow", {"classes": ["diagnosis"]})
    assert narrowed.status == 303
    assert consents_of(site)[consent]["classes"] == ["diagnosis"]
    ada.get("/me/sharing")
    assert ada.post(f"/me/sharing/{consent}/take-back").status == 303
    assert consents_of(site)[consent]["revoked"] == "2026-03-02"
    assert before.items() <= consents_of(site).items(), "and no other was changed"
    page = ada.get("/me/sharing").text
    assert "take-back" not in page
    assert "From now on we can not give this to an insurer" in page


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"classes": []}, "is not said"),
        ({"classes": ["diagnosis", "psychotherapy_note"]}, "process notes and other kinds"),
        ({"until": "2026-01-01"}, "is past or too far away"),
        ({"until": "2029-01-01"}, "is past or too far away"),
        ({"until": "soon"}, "is no day"),
        ({"to": "media"}, "none of the choices"),
        ({"purpose": "marketing"}, "none of the choices"),
        ({"read": ""}, "is not ticked"),
        ({"said": []}, "is not ticked"),
        ({"said": ["yes"]}, "is not ticked"),
        ({"name": ""}, "<strong>Your name</strong>"),
        ({"classes": ["ledger"]}, "is not said"),
    ],
)
def test_what_is_no_yes_is_shown_again(site, ada, changed, says):
    before = documents(site)
    ada.get("/me/sharing/new")
    answer = ada.post("/me/sharing/new", YES | changed)
    assert answer.status == 422
    assert says in answer.text
    assert documents(site) == before


def test_what_was_taken_back_is_asked_about(site, ada):
    asked = YES | {"to": "hospital"}
    ada.get("/me/sharing/new")
    for _ in range(2):
        ada.post("/me/sharing/new", asked)
        page = ada.get("/me/sharing").text
        path = re.search(r"(/me/sharing/[0-9a-f]{32})/take-back", page)
        if path:
            ada.post(f"{path[1]}/take-back")
    before = documents(site)
    answer = ada.post("/me/sharing/new", asked)
    assert answer.status == 422
    assert "You took back a yes to the same before." in answer.text
    assert documents(site) == before
    known = {"despite": re.findall(r'name="despite" value="(\w+)"', answer.text), "known": "yes"}
    assert ada.post("/me/sharing/new", asked | known).status == 303


def test_a_yes_is_taken_home(ada):
    ada.get("/me/sharing/new")
    ada.post("/me/sharing/new", YES | {"to": "employer", "recipient": "Quay Life"})
    page = ada.get("/me/sharing").text
    [(path, _)] = re.findall(r"employer.*?(/me/sharing/([0-9a-f]{32})/receipt)", page, re.DOTALL)[
        :1
    ]
    receipt = json.loads(ada.post(path, {"as": "json"}).text)
    assert "Quay Life (the employer)" in json.dumps(receipt)
    answer = ada.post(path, {"as": "pdf"})
    assert answer.data.startswith(b"%PDF-")
    assert 'filename="receipt.pdf"' in answer.headers["content-disposition"]


def test_nobody_takes_back_what_is_not_theirs(site, ada):
    ada.get("/me/sharing/new")
    ada.post("/me/sharing/new", YES | {"to": "school"})
    page = ada.get("/me/sharing").text
    [consent, *_] = re.findall(r"/me/sharing/([0-9a-f]{32})/take-back", page)
    otto = site.in_session("Otto")
    otto.get("/me/sharing")
    assert otto.post(f"/me/sharing/{consent}/take-back").status == 404
    ada.post(f"/me/sharing/{consent}/take-back")


# The way in


def test_who_treats_gives_the_way_in_and_settles_what_the_law_asks(tmp_path):
    with running(tmp_path / "practice", ways_in=()) as site:
        tess = site.in_session("Tess")
        path = f"/clients/{site.prepared.clients['Ada'].hex()}/own-pages"
        tess.get(path)
        answer = tess.post(path, {"name": "linden", "password": "four words are enough"})
        assert "shown this once" in answer.text
        assert site.visitor().sign_in("linden", "four words are enough").status == 303
        for _ in range(4):
            asked = re.findall(r'name="(fact:[^"]+)" value="no"', tess.get(path).text)
            if not asked:
                break
            assert tess.post(f"{path}/settled", dict.fromkeys(asked, "no")).status == 303
        else:
            pytest.fail("it went on asking")
        assert site.in_session("Sue").get(path).status in {403, 404}
