"""One's account in a browser: the second factor, proof anew, where one is signed in."""

import re

import pyotp
import pytest

from running_site import PASSWORD, running

APP = re.compile(r'name="app" value="([A-Z2-7 ]+)"')
NEW = "another long and quiet sentence"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


@pytest.fixture
def strict(tmp_path):
    """A site of a real practice, where members need a second factor."""
    with running(tmp_path / "practice", is_sample=False) as found:
        yield found


def code_of(secret, at):
    return pyotp.TOTP(secret.replace(" ", "")).at(at)


def set_up(site, visitor):
    """Set up an app, and give its secret."""
    secret = APP.search(visitor.get("/account/second").text)[1]
    typed = {"app": secret, "title": "My phone", "code": code_of(secret, site.clock())}
    answer = visitor.post("/account/second", typed)
    assert (answer.status, answer.to) == (303, "/account?done=second")
    return secret


def test_a_member_sets_up_a_second_factor_before_anything_else(strict):
    tess = strict.signed_in("Tess")
    client = strict.prepared.clients["Ada"].hex()
    for path in ("/clients", f"/clients/{client}", "/clients/new"):
        answer = tess.get(path)
        assert (answer.status, answer.to) == (303, "/account/second")
    page = tess.get("/account/second").text
    assert "Nobody has a master key" in page
    assert "data:image/svg+xml" in page
    set_up(strict, tess)
    assert tess.get(f"/clients/{client}").status == 200


def test_a_client_may_do_without_one(strict):
    assert strict.signed_in("Ada").get("/me").status == 200


def test_then_the_code_is_asked_for_and_taken_once(strict):
    secret = set_up(strict, strict.signed_in("Tess"))
    strict.clock.goes_on(minutes=1)
    code = code_of(secret, strict.clock())
    one, other = strict.visitor(), strict.visitor()
    assert one.sign_in("Tess").status == 403
    assert one.sign_in("Tess", code=code).status == 303
    assert other.sign_in("Tess", code=code).status == 403


def test_whatever_is_wrong_looks_the_same(strict):
    set_up(strict, strict.signed_in("Tess"))
    strict.clock.goes_on(minutes=1)
    looks = set()
    for name, password, code in (
        ("Tess", PASSWORD, "000000"),
        ("Tess", NEW, "000000"),
        ("Tess", PASSWORD, ""),
        ("Nobody", PASSWORD, "000000"),
        ("Sue", NEW, "000000"),
    ):
        visitor = strict.visitor()
        answer = visitor.sign_in(name, password, code=code)
        text = re.sub(r'value="[0-9a-f]{32,64}"', "", answer.text).replace(name, "X")
        looks.add((answer.status, text, tuple(sorted(answer.headers.keys()))))
    assert len(looks) == 1


def test_a_wrong_code_on_the_page_keeps_the_secret(strict):
    tess = strict.signed_in("Tess")
    secret = APP.search(tess.get("/account/second").text)[1]
    answer = tess.post("/account/second", {"app": secret, "title": "My phone", "code": "000000"})
    assert answer.status == 422
    assert APP.search(answer.text)[1] == secret


def test_what_matters_asks_again_and_loses_nothing_that_was_typed(strict):
    tess = strict.signed_in("Tess")
    secret = set_up(strict, tess)
    strict.clock.goes_on(minutes=6)
    tess.get("/account")
    asked = tess.post("/account/password", {"new": f" {NEW}", "repeated": f" {NEW}"})
    assert asked.status == 403
    assert "Is it you?" in asked.text
    said = dict(HIDDEN.findall(asked.text))
    assert said.pop("once"), "it is the same form"
    carried = {name: value for name, value in said.items() if name != "token"}
    assert carried == {"new": f" {NEW}", "repeated": f" {NEW}"}
    wrong = tess.post("/account/password", carried | {"again": "no password of hers"})
    assert wrong.status == 403
    assert 'role="alert"' in wrong.text
    code = code_of(secret, strict.clock())
    done = tess.post("/account/password", carried | {"again": code})
    assert (done.status, done.to) == (303, "/account?done=password")
    strict.clock.goes_on(minutes=1)
    fresh = strict.visitor()
    code = code_of(secret, strict.clock())
    assert fresh.sign_in("Tess", f" {NEW}", code=code).status == 303


def test_five_wrong_proofs_sign_out(strict):
    tess = strict.signed_in("Tess")
    strict.clock.goes_on(minutes=6)
    tess.get("/account")
    for _ in range(5):
        assert tess.post("/account/recovery", {"again": "000000"}).status == 403
    assert tess.get("/account").to.startswith("/sign-in")


def test_guesses_from_elsewhere_slow_down_elsewhere_and_are_told(strict):
    tess = strict.signed_in("Tess")
    secret = set_up(strict, tess)
    strict.clock.goes_on(minutes=1)
    assert strict.visitor().sign_in("Tess", code=code_of(secret, strict.clock())).status == 303

    def elsewhere(last, code):
        visitor = strict.visitor()
        visitor.place = f"127.0.0.{last}"
        return visitor.sign_in("Tess", code=code).status

    assert [elsewhere(one, "000000") for one in range(2, 7)] == [403] * 5
    strict.clock.goes_on(minutes=1)
    right = code_of(secret, strict.clock())
    assert elsewhere(7, right) == 403, "no code is looked at any more"
    home = strict.visitor()
    signed = home.sign_in("Tess", code=right)
    assert signed.to == "/clients?done=wrong-codes"
    assert "change your password now" in home.get(signed.to).text
    strict.clock.goes_on(minutes=1)
    again = strict.visitor().sign_in("Tess", code=code_of(secret, strict.clock()))
    assert again.to == "/clients", "it is told once"
    strict.practice.vault.repeats.tick(strict.clock())
    assert "5 wrong codes came with your right password" in home.get("/account/changes").text
    strict.clock.goes_on(hours=1)
    assert elsewhere(8, code_of(secret, strict.clock())) == 303


def test_a_new_recovery_code_is_shown_once_and_lets_in(site):
    cora = site.signed_in("Cora")
    page = cora.post("/account/recovery").text
    code = re.search(r'class="digits big">([0-9A-Z-]+)<', page)[1]
    assert code not in cora.get("/account").text
    lost = site.visitor()
    lost.get("/sign-in/recovery")
    answer = lost.post("/sign-in/recovery", {"name": "Cora", "code": code.lower()})
    assert (answer.status, answer.to) == (303, "/account?done=recovered")
    wrong = site.visitor()
    wrong.get("/sign-in/recovery")
    assert wrong.post("/sign-in/recovery", {"name": "Cora", "code": code[::-1]}).status == 403


def test_all_sessions_end_on_every_device(site):
    one, other = site.signed_in("Nina"), site.signed_in("Nina")
    page = one.get("/account").text
    assert page.count("last used") >= 2
    answer = one.post("/account/sessions")
    assert answer.to == "/sign-in?done=all-out"
    for visitor in (one, other):
        assert visitor.get("/account").to.startswith("/sign-in")


def test_passwords_that_differ_change_nothing(site):
    bill = site.signed_in("Bill")
    answer = bill.post("/account/password", {"new": NEW, "repeated": f"{NEW}."})
    assert answer.status == 422
    assert "What you typed is still here, but for the password: type it once more." in answer.text
    assert site.visitor().sign_in("Bill").status == 303


def test_an_app_is_taken_off_again(site):
    theo = site.signed_in("Theo")
    set_up(site, theo)
    page = theo.get("/account").text
    path = re.search(r'action="(/account/credentials/[0-9a-f]{32}/remove)"', page)[1]
    assert site.signed_in("Sue").post(path).status == 404
    assert theo.post(path).to == "/account?done=taken-off"
    assert site.visitor().sign_in("Theo").status == 303


def test_a_session_that_is_over_leads_back_to_the_page_after_signing_in(site):
    stan = site.signed_in("Stan")
    stan.post("/sign-out")
    moved = stan.get("/clients/new")
    assert moved.to == "/sign-in?done=signed-out&back=%2Fclients%2Fnew"
    page = stan.get(moved.to)
    assert 'name="back" value="/clients/new"' in page.text
    typed = {"name": "Stan", "password": PASSWORD, "back": "/clients/new"}
    assert stan.post("/sign-in", typed).to == "/clients/new"


@pytest.mark.parametrize(
    "back",
    [
        "//elsewhere.invalid",
        "https://elsewhere.invalid",
        "/a?b=c",
        "/a\r\nx: y",
        "javascript:",
    ],
)
def test_nothing_leads_elsewhere_after_signing_in(site, back):
    fay = site.visitor()
    fay.get("/sign-in")
    answer = fay.post("/sign-in", {"name": "Fay", "password": PASSWORD, "back": back})
    assert (answer.status, answer.to) == (303, "/desk")


def test_a_site_that_has_a_number_for_a_name_offers_no_passkeys(site):
    assert "data-passkey" not in site.visitor().get("/sign-in").text
