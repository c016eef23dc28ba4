"""Members in a browser: invited, given posts, gone; ties begun, ended, handed over."""

import re

import pytest

from running_site import PASSWORD, running

CODE = re.compile(r'class="digits[^"]*">([0-9A-Z-]{41})<')
NEW = "a password of one's own"


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


def person(site, name):
    return site.practice.people[name].hex()


def test_somebody_is_invited_joins_and_signs_in(site):
    thea = site.signed_in("Thea")
    typed = {"name": "Mira", "roles": ["nurse"], "posts": ["front_desk"]}
    thea.get("/members/invite")
    page = thea.post("/members/invite", typed).text
    code = CODE.search(page)[1]
    assert f"{site.origin}/join#{code}" in page
    assert "Mira" in thea.get("/members").text
    mira = site.visitor()
    mira.get("/join")
    welcome = mira.post("/join", {"code": code.lower()})
    assert "You were invited as <strong>Mira</strong>" in welcome.text
    again = mira.post("/join", {"code": code, "password": NEW, "repeated": "another"})
    assert again.status == 422
    assert "You were invited as" in again.text
    joined = mira.post("/join", {"code": code, "password": NEW, "repeated": NEW})
    assert joined.status == 200
    recovery = CODE.search(joined.text)[1]
    assert recovery != code
    assert mira.get("/clients").status == 200
    late = site.visitor()
    late.get("/join")
    assert late.post("/join", {"code": code}).status == 403
    assert site.visitor().sign_in("Mira", NEW).status == 303


def test_an_invitation_is_taken_back(site):
    thea = site.signed_in("Thea")
    thea.get("/members/invite")
    thea.post("/members/invite", {"name": "Mira"})
    path = re.search(r"/members/invitations/[0-9a-f]{32}/taken-back", thea.get("/members").text)[0]
    assert thea.post(path).to == "/members?done=invitation"
    assert "Mira" not in thea.get("/members").text


def test_a_post_is_given_and_taken_away(site):
    thea, stan = site.signed_in("Thea"), f"/members/{person(site, 'Stan')}"
    thea.get(stan)
    assert thea.post(f"{stan}/post-given", {"post": "biller"}).status == 303
    assert "biller" in site.practice.vault.person(site.practice.people["Stan"]).row.posts
    assert thea.post(f"{stan}/post-taken", {"post": "biller"}).status == 303
    assert site.practice.vault.person(site.practice.people["Stan"]).row.posts == ()
    assert thea.post(f"{stan}/post-taken", {"post": "biller"}).status == 422


def test_roles_are_added_ended_and_given_an_end_and_the_member_sees_it(site):
    """One person is nurse, trainee and on call, the last two until a day; each act asks again."""
    thea, cora = site.signed_in("Thea"), f"/members/{person(site, 'Cora')}"
    page = thea.get(cora).text
    assert "Add a role" in page
    assert thea.post(f"{cora}/role-given", {"role": "trainee"}).to == f"{cora}?done=role-given"
    until = {"until": "2026-06-30"}
    assert thea.post(f"{cora}/post-given", {"post": "on_call", **until}).status == 303
    assert thea.post(f"{cora}/end", {"name": "trainee", **until}).to == f"{cora}?done=end-set"
    shown = thea.get(cora).text
    assert len(re.findall("since 2 March 2026, until 1 July 2026", shown)) == 2
    site.practice.open("Cora")
    own = site.in_session("Cora")
    page = own.get("/account").text
    assert all(one in page for one in ("Nurse", "Trainee", "Clinician on call"))
    assert "Thea gave you a post: clinician on call" in own.get("/account/changes").text
    assert thea.post(f"{cora}/role-ended", {"role": "trainee"}).to == f"{cora}?done=role-ended"
    assert "Trainee" not in own.get("/account").text
    site.clock.goes_on(minutes=6)
    asked = thea.post(f"{cora}/role-given", {"role": "trainee"})
    assert (asked.status, "Is it you?" in asked.text) == (403, True)


def test_what_cannot_be_keeps_the_day_that_was_typed(site):
    thea, tess = site.signed_in("Thea"), f"/members/{person(site, 'Tess')}"
    thea.get(tess)
    again = thea.post(f"{tess}/end", {"name": "psychologist", "until": "2026-06-30"})
    assert again.status == 422
    assert "treats clients" in again.text
    assert 'value="2026-06-30"' in again.text
    assert thea.post(f"{tess}/end", {"name": "psychologist", "until": "soon"}).status == 422


def test_a_lost_phone_is_helped_by_the_officer(site):
    thea = site.signed_in("Thea")
    sue = f"/members/{person(site, 'Sue')}"
    thea.get(sue)
    assert thea.post(f"{sue}/second-lost").to == f"{sue}?done=second-lost"


def test_nobody_leaves_a_client_alone(site):
    thea, tess = site.signed_in("Thea"), f"/members/{person(site, 'Tess')}"
    assert "Ada" in thea.get(tess).text
    refused = thea.post(f"{tess}/left")
    assert refused.status == 422
    assert "would have nobody who treats them" in refused.text


def test_somebody_leaves_and_cannot_sign_in(site):
    thea, stan = site.signed_in("Thea"), site.signed_in("Stan")
    path = f"/members/{person(site, 'Stan')}"
    thea.get(path)
    assert thea.post(f"{path}/left").to == "/members?done=left"
    assert stan.get("/clients").to.startswith("/sign-in")
    assert site.visitor().sign_in("Stan").status == 403
    assert thea.get(path).status == 404


def test_somebody_is_kept_out_now(site):
    thea = site.signed_in("Thea")
    fay = f"/members/{person(site, 'Fay')}"
    thea.get(fay)
    assert thea.post(f"{fay}/shut-out").to == "/members?done=shut-out"
    assert site.visitor().sign_in("Fay").status == 403


def test_what_matters_here_asks_again(site):
    thea = site.signed_in("Thea")
    stan = f"/members/{person(site, 'Stan')}"
    site.clock.goes_on(minutes=6)
    thea.get(stan)
    asked = thea.post(f"{stan}/left")
    assert (asked.status, "Is it you?" in asked.text) == (403, True)
    assert thea.post(f"{stan}/left", {"again": PASSWORD}).to == "/members?done=left"


def test_a_clients_account_is_no_member(site):
    ada = site.practice.vault.authority(site.prepared.clients["Ada"]).client.person_id
    assert site.signed_in("Thea").get(f"/members/{ada.hex()}").status == 404


def test_a_tie_begins_and_ends(site):
    tess, client = site.signed_in("Tess"), site.prepared.clients["Ada"].hex()
    path = f"/clients/{client}/people"
    assert "Sue" in tess.get(path).text
    typed = {"person": person(site, "Stan"), "relation": "covering", "until": "2026-03-31"}
    assert tess.post(path, typed).to == f"{path}?done=tied"
    stan = site.signed_in("Stan")
    assert stan.get(f"/clients/{client}").status == 200
    ties = site.practice.vault.authority(site.prepared.clients["Ada"]).ties
    [tie] = [one for one, tie in ties.items() if tie.person_id.hex() == person(site, "Stan")]
    assert stan.get(path).status == 200
    assert tess.post(f"{path}/{tie.hex()}/ended").to == f"{path}?done=untied"
    assert stan.get(f"/clients/{client}").status == 404


@pytest.mark.parametrize("until", ["soon", "2026-02-30", "2025-01-01", "9999-12-31"])
def test_an_end_that_is_none_keeps_what_was_typed(site, until):
    tess, client = site.signed_in("Tess"), site.prepared.clients["Ada"].hex()
    tess.get(f"/clients/{client}/people")
    typed = {"person": person(site, "Stan"), "relation": "covering", "until": until}
    answer = tess.post(f"/clients/{client}/people", typed)
    assert answer.status == 422
    assert f'value="{until}"' in answer.text


def test_what_is_kept_apart_is_shared_by_its_author(site):
    tess, client = site.signed_in("Tess"), site.prepared.clients["Ada"].hex()
    page = tess.get(f"/clients/{client}/people").text
    path = re.search(rf"/clients/{client}/people/[0-9a-f]{{32}}/shared", page)[0]
    assert tess.post(path).status == 303
    assert "reads what you keep apart" in tess.get(f"/clients/{client}/people").text


def test_who_has_no_tie_begins_none(site):
    fay, client = site.signed_in("Fay"), site.prepared.clients["Ada"].hex()
    fay.get(f"/clients/{client}/people")
    typed = {"person": person(site, "Stan"), "relation": "treating", "until": ""}
    assert fay.post(f"/clients/{client}/people", typed).status == 404


def test_clients_are_handed_over(site):
    tess, client = site.signed_in("Tess"), site.prepared.clients["Ada"].hex()
    assert "Ada" in tess.get("/hand-over").text
    assert tess.post("/hand-over", {"person": person(site, "Stan")}).status == 422
    typed = {"person": person(site, "Stan"), "client": [client]}
    assert tess.post("/hand-over", typed).to == "/clients?done=handed-over"
    shown = site.signed_in("Stan").get(f"/clients/{client}")
    assert "Ada and nobody else" in shown.text


def test_a_client_who_lost_everything_gets_back_in(site):
    tess, client = site.signed_in("Tess"), site.prepared.clients["Ada"].hex()
    ada = site.signed_in("Ada")
    tess.get(f"/clients/{client}/own-pages")
    typed = {"reason": "came in person", "password": NEW}
    answer = tess.post(f"/clients/{client}/own-pages/renewed", typed)
    assert CODE.search(answer.text)
    assert ada.get("/me").to.startswith("/sign-in")
    assert site.visitor().sign_in("Ada").status == 403
    assert site.visitor().sign_in("Ada", NEW).status == 303
