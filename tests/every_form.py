"""Every form of the pages that somebody signed in can send, and what each is sent to do its work.

A new one belongs here, or `tests/site/test_nothing_twice.py` goes red.
"""

import html
import os
import re

import pyotp

from absence_forms import absence, back_of_stan, taken_back_absence
from consent_fields import CONSENT_LOOKS, CONSENTS
from forms_of_alarms import ALARMS
from forms_of_families import FAMILIES
from forms_of_requests import REQUESTS
from forms_of_rights import RIGHTS_LOOK, RIGHTS_MAKE, RIGHTS_SHOWN_ONCE
from incident_forms import INCIDENT_LOOKS, INCIDENTS
from officer_forms import OFFICERS
from owed_duties import SAFE, told_to_police
from paper_forms import PAPER_FORMS, PAPER_SETS
from prepared_practice import PASSWORD
from second_readings import ask, leaving, left_at_once, who_reads

ROW = dict.fromkeys(("dose", "since", "until", "by", "remark"), "")
YES = {
    "to": "insurer",
    "purpose": "insurance",
    "classes": ["diagnosis"],
    "until": "2026-12-01",
    "read": "yes",
    "said": ["freely", "yes"],
    "name": "Ada",
    "despite": ["twice", "taken_back", "narrowed"],
    "known": "yes",
}


SEVEN = "-".join(["linden"] * 7)
WORDS = "an hour of work, written with care"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def hidden(page):
    """What nobody typed of the form of a page, the stamp but for the session's token."""
    found = {}
    for name, value in HIDDEN.findall(page.text.partition("<main")[2]):
        found.setdefault(name, []).append(html.unescape(value))
    found.pop("token", None)
    return found


class World:
    """Where each form finds what it speaks of."""

    def __init__(self, site):
        self.site = site
        self.ada = site.prepared.clients["Ada"].hex()
        self.visitors = {}

    def visitor(self, name):
        """In a session begun a moment ago, so that nothing asks who it is."""
        visitor = self.site.in_session(name)
        self.visitors[name] = visitor
        return visitor

    def person(self, name):
        return self.site.practice.people[name].hex()

    def entry(self, wanted="history"):
        kept = self.site.practice.keep("Tess", bytes.fromhex(self.ada), wanted, "it stands there")
        return kept.entry_id.hex()

    def found(self, name, page, pattern):
        return re.search(pattern, self.visitors[name].get(page).text)[1]


def about(path, **fields):
    """A form about Ada, of whoever treats her."""
    return lambda world: ("Tess", f"/clients/{world.ada}{path}", fields)


def own(path, **fields):
    return lambda _world: ("Ada", path, fields)


def note(_world):
    fields = {"heading": "Session", "says": "", "class": "progress_note", "text": "said"}
    return "Tess", f"/clients/{_world.ada}/notes/new", {**fields, "draft": os.urandom(16).hex()}


def amended(world):
    fields = {"class": "history", "heading": "", "text": "and this", "over": "1"}
    return "Tess", f"/clients/{world.ada}/entries/{world.entry()}/amend", fields


def agreed(world):
    path = f"/clients/{world.ada}/entries/{world.entry('progress_note')}/agree"
    return "Sue", path, {"version": "1", "remark": ""}


def document(world):
    fields = {"class": "history", "heading": "", "text": ""}
    return "Tess", f"/clients/{world.ada}/documents/new", {**fields, "file": b"A letter."}


def appointment(world):
    fields = {"with": world.person("Tess"), "starts": "2026-03-05T14:00", "minutes": "50"}
    return "Tess", f"/clients/{world.ada}/appointments", {**fields, "title": ""}


def cancelled(world):
    name, path, fields = appointment(world)
    world.visitors[name].post(path, fields)
    return name, world.found(name, path, rf"({path}/[0-9a-f]{{32}}/cancelled)"), {}


def tied(world):
    fields = {"person": world.person("Stan"), "relation": "covering", "until": "2026-03-31"}
    return "Tess", f"/clients/{world.ada}/people", fields


def untied(world):
    name, path, fields = tied(world)
    world.visitors[name].post(path, fields)
    ties = world.site.practice.vault.authority(bytes.fromhex(world.ada)).ties
    stan = world.site.practice.people["Stan"]
    tie = next(one for one, tie in ties.items() if tie.person_id == stan and tie.until)
    return name, f"{path}/{tie.hex()}/ended", {}


def shared(world):
    path = f"/clients/{world.ada}/people"
    return "Tess", world.found("Tess", path, rf"({path}/[0-9a-f]{{32}}/shared)"), {}


def handed_over(world):
    fields = {"client": [world.ada], "person": world.person("Theo"), "until": ""}
    return "Tess", "/hand-over", fields


def invitation_back(world):
    world.visitors["Thea"].post("/members/invite", {"name": "Pia"})
    return "Thea", world.found("Thea", "/members", r"(/members/invitations/\w{32}/taken-back)"), {}


def of_stan(path, **fields):
    return lambda world: ("Thea", f"/members/{world.person('Stan')}/{path}", fields)


def post_taken(world):
    world.visitors["Thea"].post(f"/members/{world.person('Stan')}/post-given", {"post": "biller"})
    return "Thea", f"/members/{world.person('Stan')}/post-taken", {"post": "biller"}


def role_ended(world):
    world.visitors["Thea"].post(f"/members/{world.person('Stan')}/role-given", {"role": "nurse"})
    return "Thea", f"/members/{world.person('Stan')}/role-ended", {"role": "nurse"}


def narrowed(world):
    world.visitors["Ada"].post("/me/sharing/new", {**YES, "classes": ["diagnosis", "history"]})
    path = world.found("Ada", "/me/sharing", r"(/me/sharing/\w{32}/narrow)")
    return "Ada", path, {"classes": ["diagnosis"]}


def taken_back(world):
    world.visitors["Ada"].post("/me/sharing/new", YES)
    return "Ada", world.found("Ada", "/me/sharing", r"(/me/sharing/\w{32}/take-back)"), {}


def told_or_not(world):
    _, path, _ = taken_back(world)
    world.visitors["Ada"].post(path)
    return "Ada", path.replace("take-back", "telling"), {"tell": "no"}


def reached(world):
    world.visitors["Ada"].post("/me/call")
    return "Tess", world.found("Tess", "/calls", r"(/clients/\w{32}/calls/\w{32})"), {"how": "rang"}


def notice(world):
    ada = bytes.fromhex(world.ada)
    duty = told_to_police(world.site.practice, ada)
    safe = {f"fact:{one}": "no" for one in SAFE}
    fields = {"act": "send", "way": "in_person", "text": "It went.", "reason": "She asked."}
    return "Tess", f"/clients/{world.ada}/notices/{duty.duty_id.hex()}", {**fields, **safe}


def read_second(world):
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    duty_id = ask(practice, ada, leaving(practice, ada), "Sue")
    return "Sue", f"/second-readings/{duty_id.hex()}", {"verdict": "agreed", "why": "I read it"}


def passed_on(world):
    name, path, _ = read_second(world)
    return name, f"{path}/passed-on", {"reader": world.person("Thea"), "why": "she knows it"}


def stepped_aside(world):
    name, path, _ = read_second(world)
    return name, f"{path}/aside", {}


def read_after(world):
    """Of what left to keep somebody from harm."""
    practice, ada = world.site.practice, bytes.fromhex(world.ada)
    duty_id = left_at_once(practice, ada)
    fields = {"found": "in_order", "why": "I read it", "to_do": []}
    name = who_reads(practice, duty_id)
    world.visitor(name)
    return name, f"/second-readings/{duty_id.hex()}/afterwards", fields


def app(world):
    page = world.visitors["Theo"].get("/account/second").text
    secret = re.search(r'name="app" value="([^"]+)"', page)[1]
    code = pyotp.TOTP(secret.replace(" ", "")).at(world.site.clock())
    return "Theo", "/account/second", {"app": secret, "title": "My phone", "code": code}


def app_off(world):
    name, path, fields = app(world)
    world.visitors[name].post(path, fields)
    return name, world.found(name, "/account", r"(/account/credentials/\w{32}/remove)"), {}


def way_in(world):
    """Of the client who has none yet."""
    otto = world.site.prepared.clients["Otto"].hex()
    return "Theo", f"/clients/{otto}/own-pages", {"name": "linden", "password": PASSWORD}


def measured():
    return {"by": "client", **{f"answer-{n}": "0" for n in range(1, 10)}}


def batch(world):
    """A batch of one note that waits for its slice."""
    tess = world.visitors["Tess"]
    row = "Dora Invented,2025-02-01,risk,One,Slept badly."
    text = f"client,date,class,heading,text\n{row}\n"
    assert tess.send_file("/bring/notes", {}, "notes.csv", text.encode()).status == 303
    return "Tess", "/bring/now", {}


MAKES = {
    "/account/password": lambda _: (
        "Bill",
        "/account/password",
        {"new": "x" * 20, "repeated": "x" * 20},
    ),
    "/account/paged": lambda _: ("Cora", "/account/paged", {"paged_at": "cora@example.org"}),
    "/account/away": lambda world: ("Cora", "/account/away", absence(world)),
    "/account/back": taken_back_absence,
    "/account/close": lambda world: ("Cora", "/account/close", {"close": [world.person("Stan")]}),
    "/members/{person}/away": lambda world: of_stan("away", **absence(world))(world),
    "/members/{person}/back": back_of_stan,
    "/clients/{client}/close": about("/close", close=[]),
    "/account/reminded": lambda _: (
        "Cora",
        "/account/reminded",
        {"reminded_at": "cora@example.org", "when": ["one", "late"]},
    ),
    "/account/recovery": lambda _: ("Cora", "/account/recovery", {}),
    "/account/second": app,
    "/account/credentials/{credential}/remove": app_off,
    "/members/invite": lambda _: ("Thea", "/members/invite", {"name": "Mira", "roles": ["nurse"]}),
    "/members/invitations/{invitation}/taken-back": invitation_back,
    "/members/{person}/post-given": of_stan("post-given", post="biller"),
    "/members/{person}/post-taken": post_taken,
    "/members/{person}/role-given": of_stan("role-given", role="nurse"),
    "/members/{person}/role-ended": role_ended,
    "/members/{person}/end": of_stan("end", name="psychologist", until="2026-12-31"),
    "/members/{person}/second-lost": of_stan("second-lost"),
    "/members/{person}/left": of_stan("left"),
    "/members/{person}/shut-out": of_stan("shut-out"),
    "/clients/{client}/people": tied,
    "/clients/{client}/people/{tie}/ended": untied,
    "/clients/{client}/people/{tie}/shared": shared,
    **FAMILIES,
    "/hand-over": handed_over,
    "/practice/reminders": lambda _: ("Thea", "/practice/reminders", {"when": ["one", "late"]}),
    "/practice/zone": lambda _: ("Thea", "/practice/zone", {"zone": "Europe/Lisbon"}),
    "/desk/feed": lambda _: ("Tess", "/desk/feed", {}),
    "/clients/{client}/appointments": appointment,
    "/clients/{client}/appointments/{appointment}/cancelled": cancelled,
    "/clients/new": lambda _: ("Tess", "/clients/new", {"name": "Dora Invented", "age": "34"}),
    "/clients/{client}/notes/new": note,
    "/clients/{client}/entries/{entry}/amend": amended,
    "/clients/{client}/entries/{entry}/agree": agreed,
    "/clients/{client}/care/{form}": about("/care/medicines", **ROW, name="one", over=""),
    "/clients/{client}/measures/{measure}": about("/measures/phq9", **measured()),
    "/clients/{client}/messages": about("/messages", subject="Thursday", text="See you then."),
    "/clients/{client}/documents/new": document,
    "/clients/{client}/copy": about("/copy", **{"for": "read"}),
    "/export": lambda _: ("Tess", "/export", {"for": "moving"}),
    "/night-sheet/file": lambda _: ("Tess", "/night-sheet/file", {"words": SEVEN}),
    "/clients/{client}/own-pages": way_in,
    "/clients/{client}/own-pages/renewed": about(
        "/own-pages/renewed", reason="I know her.", password=PASSWORD
    ),
    "/clients/{client}/own-pages/settled": about("/own-pages/settled", **{"fact:client.age": "34"}),
    "/clients/{client}/calls/{duty}": reached,
    "/clients/{client}/heard": about("/heard", how="caller"),
    "/clients/{client}/notices/{duty}": notice,
    "/deadlines/feed": lambda _: ("Tess", "/deadlines/feed", {}),
    "/second-readings/{reading}": read_second,
    "/second-readings/{reading}/afterwards": read_after,
    "/second-readings/{reading}/passed-on": passed_on,
    "/second-readings/{reading}/aside": stepped_aside,
    **REQUESTS,
    **ALARMS,
    "/me/receipt": own("/me/receipt"),
    "/me/safety": own("/me/safety"),
    "/me/choices": own("/me/choices", shown=["record"]),
    "/me/exit": own("/me/exit", exit="hidden"),
    "/clients/{client}/reach/change": lambda world: (
        "Tess",
        f"/clients/{world.ada}/reach/change",
        {"phone": "0131 496 0001", "phone_allowed": "yes", "phone_only": "appointments"},
    ),
    "/me/reach": own("/me/reach", phone="0131 496 0000", phone_allowed="yes"),
    **CONSENTS,
    "/me/sharing/new": own("/me/sharing/new", **YES),
    "/me/sharing/{consent}/take-back": taken_back,
    "/me/sharing/{consent}/narrow": narrowed,
    "/me/sharing/{consent}/telling": told_or_not,
    "/me/messages": own("/me/messages", about="", text="I shall be late."),
    "/me/measures/{measure}": own("/me/measures/phq9", **measured()),
    "/me/call": own("/me/call"),
    "/bring/now": batch,
    **INCIDENTS,
    **OFFICERS,
    **RIGHTS_MAKE,
    **PAPER_FORMS,
}
"""Every form that does something, with what it is sent."""
LOOKS = {
    *("/desk/find", "/search", "/clients/{client}"),
    *("/clients/{client}/name", "/clients/{client}/care", "/clients/{client}/who-looked"),
    *("/second-readings/{reading}/read", "/packets/{packet}/again"),
    *("/clients/{client}/entries/{entry}/preview", "/me/record/{entry}/preview"),
    "/clients/{client}/notices/{duty}/letter",
    *("/me/messages/{entry}/preview", "/me/record/{entry}/file", "/me/messages/{entry}/file"),
    *INCIDENT_LOOKS,
    *CONSENT_LOOKS,
    *RIGHTS_LOOK,
}
"""Forms that look, and are looks each time."""
OTHERWISE = {
    "/sign-out": "the session is over, and with it whoever could send it again",
    "/account/sessions": "the same",
    **dict.fromkeys(
        ("/bring/clients", "/bring/notes", "/bring/files", "/bring/columns", "/bring/folders"),
        "a session holds one batch, and none of it is in a record yet",
    ),
    "/oversight/evidence": "a list that can be made as often as one likes, with its line",
    "/bring/rejects": "a list that can be saved as often as one likes",
    "/packets/{packet}/arrived": "a file that is kept no longer can be let go no more",
    "/bring/stop": "what is held no more can be let go no more",
    "/requests/{matter}/letters/{letter}": "a paper that can be set as often as one likes",
    "/clients/{client}/consents/{consent}/answers": "what was answered is asked no more",
    "/matters/{matter}/tell/{to}/sheet": "a sheet that can be set as often as one likes",
    "/rights/{asked}/print": "the same",
    **dict.fromkeys(PAPER_SETS, "a sheet that can be set as often as one likes"),
    "/night-sheet": "words that open nothing yet, and are others each time",
    "/account/passkeys": "no browser makes the same passkey twice, and none here makes one",
}
SHOWN_ONCE = {
    "/clients/{client}/entries/{entry}/file",
    *("/account/recovery", "/members/invite", "/desk/feed", "/deadlines/feed"),
    "/clients/{client}/own-pages",
    *("/clients/{client}/own-pages/renewed", "/clients/{client}/copy", "/me/receipt"),
    *("/night-sheet/file", "/export"),
    *RIGHTS_SHOWN_ONCE,
}
"""What they show is kept nowhere; a second time they say that it was done."""
HAD_AGAIN = {"/matters/{matter}/leaves", "/clients/{client}/joint/words"}
"""Their file is kept for a week; a second time they lead to where it can be had again."""
