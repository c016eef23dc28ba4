"""Passkeys in a real browser, with an authenticator that the browser plays itself."""

import contextlib
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
