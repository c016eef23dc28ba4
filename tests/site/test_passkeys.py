"""Passkeys in a real browser, with an authenticator that the browser plays itself."""

import base64
import contextlib
import datetime
import urllib.parse

import pytest

from running_site import PASSWORD, Visitor, running


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    """A site that has a name, as passkeys need."""
    folder = tmp_path_factory.mktemp("named") / "practice"
    with running(folder, is_sample=False, called="localhost") as found:
        yield found


class Device:
    """Somebody's browser, with an authenticator in it."""

    def __init__(self, context, origin, *, has_prf):
        self.page, self.origin = context.new_page(), origin
        self.wrong = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda said: self.wrong.append(str(said)))
        self.talk = context.new_cdp_session(self.page)
        self.talk.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
            "hasPrf": has_prf,
        }
        made = self.talk.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.authenticator = made["authenticatorId"]

    def _heard(self, said):
        if not said.text.startswith("Clear-Site-Data"):
            self.wrong.append(said.text)

    def passkeys(self):
        asked = {"authenticatorId": self.authenticator}
        return self.talk.send("WebAuthn.getCredentials", asked)["credentials"]

    def goes(self, path):
        self.page.goto(self.origin + path)

    def signs_in(self, name, password=PASSWORD):
        self.goes("/sign-in")
        self.page.fill("#name", name)
        self.page.fill("#password", password)
        with self.page.expect_navigation():
            self.page.click("main button:has-text('Sign in')")

    def presses(self, says, then):
        with self.page.expect_navigation(url=f"**{then}"):
            self.page.click(f"button:has-text('{says}')")

    @property
    def path(self):
        return self.page.url.removeprefix(self.origin)


@pytest.fixture
def device(chromium, named):
    with contextlib.ExitStack() as stack:

        def made(*, has_prf):
            context = chromium.new_context()
            stack.callback(context.close)
            return Device(context, named.origin, has_prf=has_prf)

        yield made


def test_a_passkey_with_a_secret_signs_in_by_itself(named, device):
    tess = device(has_prf=True)
    tess.signs_in("Tess")
    assert tess.path == "/account/second", "a second factor comes first"
    tess.presses("Add a passkey", "/account?done=second")
    assert tess.page.locator("text=Passkey, by itself").count() == 1
    tess.presses("Sign out", "/sign-in?done=signed-out")
    tess.presses("Use a passkey", "/clients")
    assert tess.page.locator("h1").inner_text() == "Clients"
    client = named.prepared.clients["Ada"].hex()
    tess.goes(f"/clients/{client}")
    assert "Ada and nobody else" in tess.page.inner_text("main"), "its secret opens her keys"
    assert tess.wrong == []
    assert [one["rpId"] for one in tess.passkeys()] == ["localhost"]


def test_a_passkey_without_a_secret_stands_beside_the_password(named, device):
    sue = device(has_prf=False)
    sue.signs_in("Sue")
    sue.presses("Add a passkey", "/account?done=second")
    assert sue.page.locator("text=Passkey, beside the password").count() == 1
    sue.presses("Sign out", "/sign-in?done=signed-out")
    sue.signs_in("Sue")
    assert sue.page.locator("text=That did not fit").count() == 1, "the password alone"
    sue.goes("/sign-in")
    sue.presses("Use a passkey", "/sign-in")
    assert sue.page.locator("text=That did not fit").count() == 1, "the passkey alone"
    sue.goes("/sign-in")
    sue.page.fill("#name", "Sue")
    sue.page.fill("#password", PASSWORD)
    sue.presses("Use a passkey", "/clients")
    named.practice.open("Sue")


def test_nobodys_passkey_lets_somebody_else_in(device):
    cora, theo = device(has_prf=False), device(has_prf=False)
    for who, name in ((cora, "Cora"), (theo, "Theo")):
        who.signs_in(name)
        who.presses("Add a passkey", "/account?done=second")
    theo.presses("Sign out", "/sign-in?done=signed-out")
    theo.page.fill("#name", "Cora")
    theo.page.fill("#password", PASSWORD)
    theo.presses("Use a passkey", "/sign-in")
    assert theo.page.locator("text=That did not fit").count() == 1


def test_an_answer_is_taken_once_and_from_its_own_browser_only(named, device):
    """What a passkey said is sent again: by another browser, and by the same."""
    nina = device(has_prf=True)
    nina.signs_in("Nina")
    nina.presses("Add a passkey", "/account?done=second")
    nina.presses("Sign out", "/sign-in?done=signed-out")
    cookies = {one["name"]: one["value"] for one in nina.page.context.cookies()}
    sent = []
    nina.page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    nina.page.route("**/sign-in", lambda route: route.abort())  # It is listened to on the way.
    with nina.page.expect_request("**/sign-in"):
        nina.page.click("button:has-text('Use a passkey')")
    told = dict(urllib.parse.parse_qsl(sent[0].post_data, keep_blank_values=True))
    assert told["secret"]
    here = {"host": f"localhost:{named.port}"}
    same, other = Visitor(named.port, named.origin, cookies), named.visitor()
    other.get("/sign-in", **here)
    assert other.post("/sign-in", told, **here).status == 403
    assert same.post("/sign-in", told, token=told["token"], **here).status == 303
    again = Visitor(named.port, named.origin, dict(cookies))
    assert again.post("/sign-in", told, token=told["token"], **here).status == 403


def test_a_passkey_is_taken_off_and_lets_nobody_in(device):
    fay = device(has_prf=True)
    fay.signs_in("Fay")
    fay.presses("Add a passkey", "/account?done=second")
    fay.goes("/account/second")
    fay.presses("Add a passkey", "/account?done=second")
    fay.presses("Take off", "/account?done=taken-off")
    assert fay.page.locator("text=Passkey, by itself").count() == 1


def is_asked(named, who):
    """An act that matters, long after the sign-in: who is it?"""
    named.clock.goes_on(minutes=6)
    who.goes("/account")
    with who.page.expect_navigation():
        who.page.click("button:has-text('Make a new recovery code')")
    assert who.page.locator("h1").inner_text() == "Is it you?"


def caught(who):
    """What the browser would send once the passkey has answered; it does not arrive."""
    sent = []
    who.page.on("request", lambda one: sent.append(one) if one.method == "POST" else None)
    who.page.route("**/account/recovery", lambda route: route.abort())
    with who.page.expect_event("requestfailed"):  # it is held until then, and could still arrive
        who.page.click("button:has-text('Use a passkey')")
    return dict(urllib.parse.parse_qsl(sent[0].post_data, keep_blank_values=True))


@pytest.mark.parametrize(("name", "has_prf"), [("Bill", True), ("Thea", False)])
def test_a_passkey_proves_again_who_it_is(named, device, name, has_prf):
    who = device(has_prf=has_prf)
    who.signs_in(name)
    who.presses("Add a passkey", "/account?done=second")
    is_asked(named, who)
    who.presses("Use a passkey", "/account/recovery")
    assert who.page.locator(".digits").count() == 1, "the new code"
    assert who.wrong == [
        "Failed to load resource: the server responded with a status of 403 (Forbidden)"
    ]
    lines = named.practice.vault.ledger.lines_of(named.practice.people[name])
    assert [one.body.get("what") for one in lines if one.kind == "sign_in"][-1] == "proved anew"


def test_a_proof_is_for_its_session_and_its_act_and_taken_once(named, device):
    stan = device(has_prf=True)
    stan.signs_in("Stan")
    stan.presses("Add a passkey", "/account?done=second")
    is_asked(named, stan)
    told = caught(stan)
    assert told["again_passkey"]
    assert told["again_secret"] == "", "what opens his keys is not sent along"
    cookies = {one["name"]: one["value"] for one in stan.page.context.cookies()}
    here = {"host": f"localhost:{named.port}"}
    mine = Visitor(named.port, named.origin, cookies, told["token"])
    named.practice.open("Stan", named.clock.at - datetime.timedelta(minutes=6))
    cookie = base64.urlsafe_b64encode(named.practice.cookies["Stan"]).decode().rstrip("=")
    other = Visitor(named.port, named.origin, {"session": cookie})
    other.get("/account", **here)
    new = {"new": "a password of one's own", "repeated": "a password of one's own"}

    def is_refused(visitor, path, fields):
        answer = visitor.post(path, fields, **here)
        assert (answer.status, "That did not fit" in answer.text) == (403, True), answer.text[-900:]
        return True

    assert is_refused(other, "/account/recovery", told), "of another session"
    assert is_refused(mine, "/account/password", told | new), "for another act"
    assert is_refused(mine, "/account/recovery", told | {"more": "1"}), "with more in it"
    assert mine.post("/account/recovery", told, **here).status == 200
    named.clock.goes_on(minutes=6)
    mine.get("/account", **here)
    assert is_refused(mine, "/account/recovery", told), "twice"


def test_nobody_proves_anything_by_the_passkey_of_somebody_else(named, device):
    two = device(has_prf=True)
    two.signs_in("Ada")
    two.goes("/account")
    two.presses("Add a passkey", "/account?done=second")
    two.presses("Sign out", "/sign-in?done=signed-out")
    two.signs_in("Otto")
    two.goes("/account")
    is_asked(named, two)
    assert not two.page.locator("text=Use a passkey").count(), "Otto has none"


def test_a_passkey_that_asks_for_no_finger_proves_nothing(named, device):
    otto = device(has_prf=False)
    otto.signs_in("Otto")
    otto.goes("/account")
    otto.presses("Add a passkey", "/account?done=second")
    is_asked(named, otto)
    otto.page.evaluate(
        "() => { const real = navigator.credentials.get.bind(navigator.credentials);"
        " navigator.credentials.get = (asked) => {"
        " asked.publicKey.userVerification = 'discouraged';"
        " delete asked.publicKey.extensions; return real(asked); }; }"
    )
    otto.talk.send(
        "WebAuthn.setUserVerified",
        {"authenticatorId": otto.authenticator, "isUserVerified": False},
    )
    with otto.page.expect_navigation():
        otto.page.click("button:has-text('Use a passkey')")
    assert otto.page.locator("text=That did not fit").count() == 1


def test_without_a_script_there_is_no_button(chromium, named):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{named.origin}/sign-in")
    assert not page.locator("text=Use a passkey").is_visible()
    page.fill("#name", "Olaf")
    page.fill("#password", PASSWORD)
    with page.expect_navigation():
        page.click("main button:has-text('Sign in')")
    assert page.url.endswith("/account/second")
    context.close()
