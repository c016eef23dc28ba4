"""What asks again who it is: whatever grants, takes out of the house or says yes, by the table.

A new form is either among what asks again, or stands here with the reason why it does not; and what
a page calls is read from its code, so that no page can grant by a function that is known to.
"""

import importlib
import inspect
import pkgutil
import re
import types

import pytest

from angerona import practice
from angerona.gate.door import Door
from angerona.web.table import ROUTES
from angerona.web.turn import VISITOR
from prepared_practice import PASSWORD
from running_site import running

CHANGING = [one for one in ROUTES if one.method == "POST" and one.face != VISITOR]
ASKING = [one for one in CHANGING if one.step_up]
REASONS = {
    "/sign-out": "ends a session",
    "/papers/{duty}": "says what was done",
    "/oversight/reviews/{duty}": "says what a review came to",
    "/oversight/noticed/{duty}": "says what became of what was noticed",
    "/oversight/talks/{duty}": "says what was done",
    "/oversight/hours": "sets when looks are expected",
    "/clients/{client}/watched": "has more noticed, or less; the client can read it",
    "/practice/reminders": "says when mail goes that says nothing",
    "/practice/zone": "sets the clock of the pages",
    "/account/sessions": "ends sessions",
    "/members/invitations/{invitation}/taken-back": "takes back",
    "/desk/find": "looks",
    "/clients/new": "opens a record of one's own client",
    "/clients/{client}": "looks",
    "/clients/{client}/entries/{entry}/file": "looks",
    "/clients/{client}/entries/{entry}/preview": "looks",
    "/me/record/{entry}/file": "looks",
    "/me/record/{entry}/preview": "looks",
    "/me/messages/{entry}/file": "looks",
    "/me/messages/{entry}/preview": "looks",
    "/clients/{client}/who-looked": "looks",
    "/clients/{client}/care": "looks",
    "/clients/{client}/name": "looks",
    "/search": "looks",
    "/clients/{client}/notes/new": "writes",
    "/clients/{client}/entries/{entry}/amend": "writes",
    "/clients/{client}/care/{form}": "writes",
    "/clients/{client}/measures/{measure}": "writes",
    "/clients/{client}/messages": "writes",
    "/clients/{client}/documents/new": "writes",
    "/clients/{client}/appointments": "writes",
    "/clients/{client}/appointments/{appointment}/cancelled": "writes",
    "/clients/{client}/calls/{duty}": "says what was done",
    "/clients/{client}/own-pages/settled": "puts on file what the law asks",
    "/clients/{client}/people/{tie}/ended": "takes back",
    "/clients/{client}/danger": "begins what cannot wait",
    "/clients/{client}/heard": "calls for help, and cannot wait",
    "/clients/{client}/abuse": "begins what cannot wait",
    "/clients/{client}/matters/{matter}/told": "writes",
    "/clients/{client}/matters/{matter}/weighed": "writes",
    "/matters/{matter}/found": "says what was found out",
    "/matters/{matter}/client": "says what was found out",
    "/matters/{matter}/tell/{to}": "says what was done, and cannot wait",
    "/matters/{matter}/tell/{to}/writing": "makes ready",
    "/matters/{matter}/tell/{to}/sheet": "sets a paper for one's own use",
    "/matters/{matter}/owed/{duty}": "says what was done",
    "/matters/{matter}/ended": "says how it ended",
    "/clients/{client}/joint": "opens a record of clients whom one treats",
    "/clients/{client}/joint/left": "takes back",
    "/clients/{client}/notices/{duty}": "tells the client, as the law says",
    "/clients/{client}/notices/{duty}/letter": "sets a paper",
    "/clients/{client}/standing/born": "puts on file what the law asks",
    "/clients/{client}/standing/maturity": "puts on file what the law asks",
    "/deadlines/{client}/{duty}": "says what was done",
    "/incident-notices/{notice}": "tells a client, as the law says",
    "/incident-notices/{notice}/paper": "sets a paper",
    "/incidents": "begins what cannot wait",
    "/incidents/{incident}/answers": "says what was found out",
    "/incidents/{incident}/letters": "shows a letter",
    "/incidents/{incident}/letters/paper": "sets a paper",
    "/incidents/{incident}/list/wait": "goes on with a list",
    "/incidents/{incident}/not-told": "asks a second person",
    "/incidents/{incident}/notices": "makes the notices ready",
    "/incidents/{incident}/notices/not-told": "asks a second person",
    "/incidents/{incident}/second": "names the second person",
    "/incidents/{incident}/told": "says what was done",
    "/incidents/{incident}/where": "says what was touched",
    "/incidents/{incident}/where/now": "looks for what was touched",
    "/second-readings/{reading}/read": "looks",
    "/at-the-door": "sets a paper that names nobody",
    "/clients/{client}/holds/{matter}/lifted": "lifts a hold with a reason; erasing asks by itself",
    "/clients/{client}/rights/ended": "lengthens a time of keeping, and never shortens it",
    "/clients/{client}/rights/account": "sets a paper",
    "/clients/{client}/rights/new": "takes down what came",
    "/clients/{client}/rights/suspend": "keeps back more, or less, of an account",
    "/me/rights/new/{right}": "asks for something",
    "/me/rights/{asked}/again": "asks for something",
    "/requests/{matter}/paper": "says what a paper is",
    "/requests/{matter}/privilege-log": "lists what is kept back, with no word of it",
    "/requests/{matter}/paper/read": "says what was read",
    "/requests/{matter}/judge": "says who reads it, and nothing leaves",
    "/requests/{matter}/wished": "says when a client asked to read first, and lets nothing leave",
    "/requests/{matter}/narrow": "chooses what is looked at before it leaves",
    "/clients/{client}/produced/{packet}": "lists what left, with no word of it",
    "/rights/{asked}/identity": "says what was found out",
    "/rights/{asked}/longer": "says that it takes longer",
    "/rights/{asked}/pass-on": "lets a colleague see to it",
    "/rights/{asked}/print": "sets a paper",
    "/rights/{asked}/weigh": "says who asks, and what was found out",
    "/rights/{asked}/write": "writes a letter",
    "/requests/new": "takes down what came",
    "/requests/{matter}/about": "says whose record it is",
    "/requests/{matter}/who-asks": "says what was found out",
    "/requests/{matter}/pass-on": "lets a colleague see to it; the keys stay where they are",
    "/requests/{matter}/tell": "puts into the client's list what is the client's to know",
    "/requests/{matter}/end": "says how it ended, and nothing leaves",
    "/requests/{matter}/letters/{letter}": "sets a paper that names nobody",
    "/matters/{matter}/answers": "says what was found out",
    "/matters/{matter}/choose": "makes ready; what hands it over asks",
    "/matters/{matter}/entries/{entry}": "leaves out more or less; what hands it over asks",
    "/matters/{matter}/reader": "asks a colleague",
    "/packets/{packet}/arrived": "keeps a file no longer that was handed over",
    "/matters/{matter}/agreed": "makes ready; what hands it over asks",
    "/bring/clients": "brings in what one has",
    "/bring/columns": "brings in what one has",
    "/bring/files": "brings in what one has",
    "/bring/folders": "brings in what one has",
    "/bring/notes": "brings in what one has",
    "/bring/now": "brings in what one has",
    "/bring/rejects": "brings in what one has",
    "/bring/stop": "brings in what one has",
    "/me/safety": "says that it was read",
    "/me/exit": "shows or hides the way off",
    "/me/call": "calls for help",
    "/me/messages": "writes",
    "/me/measures/{measure}": "writes",
    "/clients/{client}/consents/form": "shows a form",
    "/clients/{client}/consents/printed": "prints a form that nobody has signed",
    "/clients/{client}/consents/refused": "opens nothing",
    "/clients/{client}/consents/{consent}/narrow": "takes back",
    "/clients/{client}/consents/{consent}/take-back": "takes back",
    "/clients/{client}/consents/{consent}/telling": "says whether those who rely on it are told",
    "/me/sharing/{consent}/telling": "the same",
    "/clients/{client}/consents/{consent}/receipt": "repeats what the page shows",
    "/clients/{client}/consents/{consent}/letters/{line}": "names nobody",
    "/me/sharing/{consent}/receipt": "repeats what the page shows",
    "/me/sharing/{consent}/take-back": "takes back",
    "/me/sharing/{consent}/narrow": "takes back",
}
"""Every form of somebody signed in that asks nobody again, and why."""
GRANTS = {
    "begin_tie",
    "share_notes",
    "give_post",
    "give_role",
    "set_end",
    "end_role",
    "take_post",
    "end_membership",
    "shut_out",
    "invite",
    "take_off_seconds",
    "give_way_in",
    "renew_way_in",
    "keep_consent",
    "sign_consent",
    "affirm_elements",
    "choose_shown",
    "change_contact",
    "change_password",
    "renew_recovery_code",
    "add_app",
    "add_touch",
    "take_off",
}
EXPORTS = {"copy_record", "evidence", "new_feed", "night_sheet", "receipt", "release"}
VOTES = {
    "cosign",
    "contribute",
    "change_seats",
    "share_out_anew",
    "succeed",
    "state_request",
    "open_record",
}
"""Names in `practice` and of the door: what opens more to somebody, what leaves, who says yes."""


NOBODY = "00" * 16


def filled(route, client):
    return re.sub(
        r"\{(\w+)\}", lambda found: client if found[1] == "client" else NOBODY, route.path
    )


def called(function, seen=None):
    """Every name that a page's function uses, with those of the functions of its own module."""
    seen = set() if seen is None else seen
    function = inspect.unwrap(function)
    if not isinstance(function, types.FunctionType) or function in seen:
        return set()
    seen.add(function)
    found = set()
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        found |= {*code.co_names, *code.co_freevars}
        codes += [one for one in code.co_consts if isinstance(one, types.CodeType)]
    for cell in function.__closure__ or ():
        found |= called(cell.cell_contents, seen)
    for name in set(found):
        other = function.__globals__.get(name)
        if getattr(other, "__module__", "").startswith("angerona.web"):
            found |= called(other, seen)
    return found


def test_every_form_asks_again_or_says_why_not():
    silent = {one.path for one in CHANGING if not one.step_up}
    assert silent == set(REASONS)


def test_each_of_these_names_is_one():
    names = set(dir(Door))
    for one in pkgutil.iter_modules(practice.__path__):
        names |= set(dir(importlib.import_module(f"angerona.practice.{one.name}")))
    assert (GRANTS | EXPORTS | VOTES) - names == set()


def test_what_grants_exports_or_votes_asks_again():
    """Read from the code: a page that calls one of these asks again, and some page does."""
    mattering = GRANTS | EXPORTS | VOTES
    quiet = {
        one.path: found
        for one in CHANGING
        if not one.step_up and (found := called(one.do) & mattering)
    }
    assert quiet == {}
    reached = set().union(*(called(one.do) for one in ASKING)) & mattering
    assert {"begin_tie", "invite", "copy_record", "cosign", "choose_shown", "receipt"} <= reached


@pytest.fixture(scope="module")
def stale(tmp_path_factory):
    """A site on which everybody signed in some minutes ago."""
    with running(tmp_path_factory.mktemp("stale") / "practice") as found:
        names = {"client": "Ada", "officer": "Thea"}
        faces = {one.face for one in ASKING}
        people = {one: found.signed_in(names.get(one, "Tess")) for one in faces}
        found.clock.goes_on(minutes=6)
        for visitor in people.values():
            visitor.get("/account")
        yield found, people


TYPED = {"alone": "yes", "shown": "record", "text": "what was typed before it was asked"}


ALWAYS = [one for one in ASKING if not callable(one.step_up)]
"""Those that ask for every form; the others have a test of their own below."""


@pytest.mark.parametrize("route", [pytest.param(one, id=one.path) for one in ALWAYS])
def test_it_asks_before_anything_else_and_carries_the_form_along(stale, route):
    site, people = stale
    client = site.prepared.clients["Ada"].hex()
    before = site.practice.vault.ledger.size
    answer = people[route.face].post(filled(route, client), TYPED)
    assert (answer.status, "Is it you?" in answer.text) == (403, True)
    assert TYPED["text"] in answer.text
    assert site.practice.vault.ledger.size == before


def test_a_client_is_asked_before_more_is_shown_and_not_before_less_is(stale):
    site, people = stale
    ada = people["client"]
    every = re.findall(r'name="shown" value="(\w+)"', ada.get("/me/choices").text)
    fewer = ada.post("/me/choices", {"shown": every[1:]})
    assert (fewer.status, fewer.to) == (303, "/me?done=shown")
    assert ada.post("/me/choices", {"shown": every}).status == 422, "first: is she alone?"
    more = {"shown": every, "alone": "yes"}
    asked = ada.post("/me/choices", more)
    assert (asked.status, "Is it you?" in asked.text) == (403, True)
    own = site.practice.vault.authority(site.prepared.clients["Ada"]).client.own
    assert len(own.shown) == len(every) - 1
    assert ada.post("/me/choices", more | {"again": PASSWORD}).status == 303
    own = site.practice.vault.authority(site.prepared.clients["Ada"]).client.own
    assert set(own.shown) == set(every)


def test_an_unknown_id_is_no_way_around(stale):
    site, people = stale
    site.clock.goes_on(minutes=6)
    people["clinic"].get("/account")
    path = f"/clients/{NOBODY}/copy"
    assert "Is it you?" in people["clinic"].post(path).text
