"""Every address of the table, by everybody: a new one is tried, or this goes red."""

import re

import pytest

from angerona.site.application import SIGN_IN_PATHS
from angerona.web.table import ROUTES
from angerona.web.turn import ANYBODY, MEMBER, VISITOR

PEOPLE = ("Tess", "Theo", "Sue", "Cora", "Nina", "Fay", "Bill", "Olaf", "Stan", "Ada", "Otto")
STRANGERS = {"Ada": ("Theo", "Stan", "Otto"), "Otto": ("Tess", "Sue", "Cora", "Stan", "Ada")}
"""Who has nothing to do with whom, and holds no post."""
NOBODY = "00" * 16
NAMES = re.compile(r"\{(\w+)\}")
ADDRESSES = [pytest.param(one, id=f"{one.method} {one.path}") for one in ROUTES]
ABOUT_CLIENTS = [
    pytest.param(one, id=f"{one.method} {one.path}") for one in ROUTES if "{client}" in one.path
]


@pytest.fixture(scope="module")
def visitors(site):
    return {name: site.signed_in(name) for name in PEOPLE}


def filled(route, client, entry=None):
    """The address of a page, about a client: known, unknown, or of somebody else."""
    ids = {"client": client, "entry": entry or NOBODY}
    return NAMES.sub(lambda found: ids.get(found[1], NOBODY), route.path)


def ask(visitor, route, path, **more):
    if route.method == "GET":
        return visitor.get(path, **more)
    return visitor.post(path, **more)


def bare(answer):
    """What an answer says, without what differs from one session to the next."""
    return re.sub(r'name="(token|once)" value="[0-9a-f]+"', "", answer.text)


def lines_of(site, client):
    return len(site.practice.vault.ledger.lines_of(site.prepared.clients[client]))


@pytest.mark.parametrize("route", ADDRESSES)
def test_who_is_not_signed_in_meets_the_sign_in(site, route):
    visitor = site.visitor()
    visitor.get("/sign-in")
    answer = ask(visitor, route, filled(route, site.prepared.clients["Ada"].hex()))
    if route.face == VISITOR:
        too_often = {429} if route.path in SIGN_IN_PATHS else set()
        assert answer.status in {200, 303, 403} | too_often
    else:
        assert (answer.status, answer.to.partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("route", ABOUT_CLIENTS)
@pytest.mark.parametrize("client", STRANGERS)
def test_a_stranger_meets_the_same_silence_as_for_nobody(site, visitors, route, client):
    known = filled(route, site.prepared.clients[client].hex())
    unknown = filled(route, NOBODY)
    before = lines_of(site, client)
    for name in STRANGERS[client]:
        one = ask(visitors[name], route, known)
        other = ask(visitors[name], route, unknown)
        assert one.status == other.status == 404
        assert bare(one).replace(known, "") == bare(other).replace(unknown, "")
        assert one.headers.keys() == other.headers.keys()
    assert lines_of(site, client) == before, "nothing was looked at"


@pytest.mark.parametrize("route", ADDRESSES)
def test_a_face_one_does_not_have_is_not_there(site, visitors, route):
    if route.face in {VISITOR, ANYBODY, MEMBER}:
        without = ("Ada",) if route.face == MEMBER else ()
    else:
        without = {
            "clinic": ("Fay", "Olaf", "Ada"),
            "client": ("Tess", "Olaf", "Fay"),
            "desk": ("Tess", "Ada", "Olaf"),
            "officer": ("Tess", "Ada", "Fay"),
        }[route.face]
    for name in without:
        path = filled(route, site.prepared.clients["Ada"].hex())
        assert ask(visitors[name], route, path).status == 404


CHANGING = [one for one in ADDRESSES if one.values[0].method == "POST"]
BY_TOKEN = [one for one in CHANGING if one.values[0].needs_token]


@pytest.mark.parametrize("route", CHANGING)
@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "same-origin", "origin": "https://elsewhere.invalid"},
    ],
    ids=["cross-site", "same-site", "none", "another origin"],
)
def test_a_form_from_elsewhere_changes_nothing(site, visitors, route, headers):
    path = filled(route, site.prepared.clients["Ada"].hex())
    answer = visitors["Tess"].post(path, **headers)
    assert answer.status == 403
    assert "Nothing was changed" in answer.text


def test_only_the_way_off_the_pages_needs_no_token():
    assert [one.id for one in CHANGING if one not in BY_TOKEN] == ["POST /leave"]


@pytest.mark.parametrize("route", BY_TOKEN)
@pytest.mark.parametrize("token", ["", "0" * 64], ids=["without a token", "with another"])
def test_a_form_without_its_token_changes_nothing(site, visitors, route, token):
    path = filled(route, site.prepared.clients["Ada"].hex())
    before = lines_of(site, "Ada")
    answer = visitors["Tess"].post(path, token=token)
    if answer.status == 429:
        assert route.path in SIGN_IN_PATHS
    else:
        assert answer.status == 403
        assert "This form is out of date" in answer.text
    assert lines_of(site, "Ada") == before
    assert visitors["Tess"].get("/account").status == 200, "and nobody was signed out by it"


def test_an_address_that_is_none_is_silence_too(site, visitors):
    assert visitors["Tess"].get("/clients/nobody").status == 404
    assert visitors["Tess"].get("/nothing/here").status == 404
    assert site.visitor().get("/nothing/here").status == 404
