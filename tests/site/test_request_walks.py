"""Walks in a browser through what somebody outside asks for: what leaves, or why nothing does.

Each begins where somebody is after signing in, goes by what stands on the pages, and ends with what
is in hand, what the ledger holds, and what the client reads of it.
"""

import contextlib
import datetime
import functools

import pytest

from walking import AT, comes, left, nothing_left, own_list, place, walks

US = ("house", "us-hipaa")
NEEDLES = {
    "diagnosis": "marzipan lighthouse",
    "progress_note": "the ferryman's umbrella",
    "psychotherapy_note": "a heron under the stairs",
    "risk": "seven brass buttons",
}
IN_BETWEEN = "a quiet week"
LATER = "a tin whistle, after those days"
PHONE = {"width": 360, "height": 740}
INSURER = "Harbour Mutual"


LAWYER = {
    "to": "opposing_attorney",
    "name": "A lawyer",
    "reach": "2 Quay Street",
    "reference": "24/117",
    "instrument": "subpoena_attorney",
    "purpose": "legal_proceeding",
    "answer_by": "2026-05-20",
}


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    """The practice of a place, opened when first asked for, and kept for all walks."""
    with contextlib.ExitStack() as stack:

        @functools.cache
        def opened(*law):
            folder = tmp_path_factory.mktemp("place") / "practice"
            return stack.enter_context(place(folder, (*US, *law)))

        yield opened


@pytest.fixture
def known(at):
    """A client of a place, of whom each class says something that nothing else says."""

    def comes_in(name, *law, **facts):
        site = at(*law)
        client_id = comes(site, name, **facts)
        for wanted, words in NEEDLES.items():
            kept = site.practice.keep("Tess", client_id, wanted, f"{name}: {words}")
            assert kept.version == 1, (wanted, kept)
        return site, client_id

    return comes_in


def opens_record(walk, name):
    walk.on(f"main >> text={name}")


def consents_on_screen(walk, until="2026-12-01"):
    """From the record: the client signs for the diagnosis to go to the insurer, and it holds."""
    walk.tab("Consents")
    walk.on("main a:text-is('New consent')")
    walk.fills(to="insurer", recipient=INSURER, purpose="insurance", until=until)
    walk.tick("input[name=classes][value=diagnosis]")
    walk.on("text=Go on")
    for box in walk.page.locator("input[name=said]").all():
        box.check()
    walk.fills(name="As the client signs")
    walk.on("button:text-is('Sign')", "text=Go on (for the practice)")
    assert "In force" in walk.text


def takes_down(walk, client="", may_tell="yes", **fields):
    """From the record, or from the inbox: what came is written down."""
    if client:
        walk.tab("Requests")
    walk.on("main a:text-is('Write one down')")
    walk.fills(**fields)
    walk.tick(f"input[name=may_tell][value={may_tell}]")
    walk.on("button:text-is('Write it down')")


def insurer_asks(walk):
    takes_down(
        walk,
        "Ada Invented",
        to="insurer",
        name=INSURER,
        reach="1 Quay Street",
        reference="HM-7",
        instrument="consent",
        purpose="insurance",
        answer_by="2026-03-20",
    )
    walk.answers({"care.emergency": "no", "purpose.established": "yes"})
    assert "You may" in walk.text
    walk.on("main a:text-is('Choose what goes')", "button:text-is('Look at it as it goes')")
    assert NEEDLES["diagnosis"] in walk.text


def reads(walk, signer, title, commands="records", names_court="yes"):
    """The paper is looked at and told apart, as its boxes are ticked."""
    walk.on("main a:text-is('Read the paper')")
    seen = {"signer": signer, "title": title, "names_court": names_court, "commands": commands}
    walk.tick(*(f"input[name={one}][value={said}]" for one, said in seen.items()))
    walk.on("button:text-is('Say what it is')")


def refuses(walk, title, answer="refused"):
    """Nothing of the record leaves, and a letter does: its words."""
    assert "Do not send this." in walk.text
    assert walk.page.locator("main a:text-is('Choose what goes')").count() == 0
    words = walk.refuses(title, answer)
    assert "neither confirm nor deny" in words
    assert not any(one in words for one in (*NEEDLES.values(), "Invented"))
    return words


def only(needle, words):
    """Of all the needles, this one alone stands in the words."""
    assert {one for one, said in NEEDLES.items() if said in words} == {needle}


def test_an_insurer_with_a_consent_gets_the_diagnosis_and_nothing_else(chromium, known):
    site, client_id = known("Ada Invented", "us-ca")
    tess = walks(chromium, site, "Tess", java_script_enabled=False)
    opens_record(tess, "Ada Invented")
    for wanted in ("diagnosis", "progress_note", "risk"):
        assert NEEDLES[wanted] in tess.text
    tess.tab("Kept apart")
    assert NEEDLES["psychotherapy_note"] in tess.text
    consents_on_screen(tess)
    insurer_asks(tess)
    only("diagnosis", tess.text)
    packet = tess.reads("button:text-is('Hand it over')")
    only("diagnosis", packet)
    assert "Harbour Mutual (an insurer)" in packet
    assert [one.kind for one in left(site, client_id)] == ["disclosure", "handed_over"]
    said = own_list(chromium, site, "Ada Invented")
    assert "answered a request with a packet. An insurer (Harbour Mutual) asked for" in said
    ada = walks(chromium, site, "Ada Invented")
    ada.menu("Sharing")
    assert INSURER in ada.text.partition("What was sent")[2]


def test_a_consent_that_the_client_takes_back_in_time_lets_nothing_leave(chromium, known):
    site, client_id = known("Bea Invented", "us-ca")
    tess = walks(chromium, site, "Tess")
    opens_record(tess, "Bea Invented")
    consents_on_screen(tess)
    insurer_asks(tess)
    bea = walks(chromium, site, "Bea Invented", viewport=PHONE, java_script_enabled=False)
    bea.menu("Sharing")
    bea.on(f"article:has-text('{INSURER}') >> button:text-is('Take it back')")
    assert f"From now on we can not give this to {INSURER}" in bea.text
    tess.on("button:text-is('Hand it over')")
    assert "Do not send this." in tess.text
    assert tess.page.locator("main a:text-is('Choose what goes')").count() == 0
    refuses(tess, "Refusal of a request")
    nothing_left(site, client_id)
    said = own_list(chromium, site, "Bea Invented")
    assert "took a consent back" in said
    assert f"An insurer ({INSURER}) asked for" in said
    assert f"refused a request, saying neither yes nor no (by post). An insurer ({INSURER})" in said


def test_an_order_of_a_judge_for_some_days_brings_those_days_alone(chromium, known):
    site, client_id = known("Cleo Invented", "us-ca")
    week, later = AT + datetime.timedelta(days=7), AT + datetime.timedelta(days=40)
    site.practice.open("Tess", week)
    site.practice.keep("Tess", client_id, "progress_note", IN_BETWEEN, at=week)
    for one in ("Tess", "Thea"):
        site.practice.open(one, later)
    site.practice.keep("Tess", client_id, "progress_note", LATER, at=later)
    site.clock.at = later
    tess = walks(chromium, site, "Tess")
    opens_record(tess, "Cleo Invented")
    takes_down(
        tess,
        "Cleo Invented",
        to="court",
        name="Superior Court",
        instrument="court_order",
        purpose="legal_proceeding",
        answer_by="2026-05-20",
    )
    reads(tess, "judge", "order")
    assert "A judge signed it" in tess.text
    tess.tick("input[name=names][value=progress_note]")
    tess.fills(since="2026-03-01", until="2026-03-31", to="court")
    tess.tick("input[name=secret][value=no]")
    for one in ("served", "privilege_decided", "privilege_waived"):
        tess.tick(f"input[name='fact:order.{one}'][value=yes]")
    tess.on("button:text-is('Keep what it says')")
    assert "session notes, from 1 March 2026 to 31 March 2026" in tess.text
    tess.answers({"purpose.established": "yes"})
    tess.on("main a:text-is('Choose what goes')")
    tess.on("button:text-is('Look at it as it goes')")
    assert "2 of 3 go" in tess.text, "all that is of the days that are ordered, and not its last"
    packet = tess.reads("button:text-is('Hand it over')")
    only("progress_note", packet)
    assert IN_BETWEEN in packet
    assert LATER not in packet
    assert "Superior Court (the court)" in packet
    assert "An order of a judge that covers this" in packet
    assert [one.kind for one in left(site, client_id)] == ["disclosure", "handed_over"]
    said = own_list(chromium, site, "Cleo Invented")
    assert "answered a request with a packet. The court (Superior Court) asked for" in said


@pytest.mark.parametrize("state", ["us-ca", "us-ny", "us-nc"])
def test_a_lawyer_s_subpoena_without_an_order_is_objected_to(chromium, known, state):
    site, client_id = known("Dan Invented", state)
    script = {"java_script_enabled": state != "us-ny"}
    tess = walks(chromium, site, "Tess", **script)
    opens_record(tess, "Dan Invented")
    takes_down(tess, "Dan Invented", **LAWYER)
    reads(tess, "attorney", "subpoena")
    assert "It is no order of a judge" in tess.text
    tess.tick("input[name=names][value=diagnosis]", "input[name=names][value=progress_note]")
    tess.on("button:text-is('Keep what it says')")
    tess.answers({})
    letter = refuses(tess, "Objection: the privilege is claimed", "objected")
    assert "24/117" in letter
    assert "privilege" in letter
    nothing_left(site, client_id)
    said = own_list(chromium, site, "Dan Invented")
    assert "objected to a paper (by post). The other side's lawyer (A lawyer) asked for" in said
    tess.menu("Requests")
    assert "Nothing is open." in tess.text


def test_a_subpoena_for_what_a_substance_use_programme_wrote(chromium, known):
    site, client_id = known("Edda Invented", "us-part2", "us-ca", record__part2=True)
    tess = walks(chromium, site, "Tess")
    opens_record(tess, "Edda Invented")
    takes_down(tess, "Edda Invented", **LAWYER)
    reads(tess, "attorney", "subpoena")
    tess.tick("input[name=names][value=diagnosis]")
    tess.on("button:text-is('Keep what it says')")
    tess.answers({})
    assert "Do not send this." in tess.text
    tess.opens("Why")
    assert "42 CFR 2.12(d)(1); 2.13" in tess.text
    title = "Objection: substance-use records, no order under the federal rules"
    letter = refuses(tess, title, "objected")
    assert "An order of a court under 42 CFR 2.61 to 2.67 is needed" in letter
    nothing_left(site, client_id)
    said = own_list(chromium, site, "Edda Invented")
    assert "objected to a paper (by post). The other side's lawyer (A lawyer) asked for" in said


def test_an_officer_of_immigration_at_the_door(chromium, known):
    site, client_id = known("Finn Invented", "us-ca")
    fay = walks(chromium, site, "Fay", viewport=PHONE)
    fay.menu("At the door")
    fay.on("main a:text-is('Take it down')")
    fay.fills(
        about="Finn Invented",
        to="immigration",
        name="An officer",
        instrument="search_warrant",
        purpose="immigration",
    )
    fay.tick("input[name=may_tell][value=yes]")
    fay.on("button:text-is('Write it down')")
    reads(fay, "officer", "warrant", "enter", "no")
    assert "An administrative warrant" in fay.text
    assert "no judge of a court that it names has signed it" in fay.text
    fay.on("main a:text-is('What to say at the door')")
    assert "We can neither confirm nor deny that any person is known to us" in fay.text
    fay.page.go_back()
    fay.on("main a:text-is('Back to the request')")
    fay.on("main a:text-is('Finn Invented')")
    assert fay.window.path.endswith("/appointments"), "the desk reads no record"
    fay.page.go_back()
    fay.fills(handler="Thea")
    fay.on("button:text-is('Pass on')")
    assert "It is passed on." in fay.said
    thea = walks(chromium, site, "Thea")
    thea.menu("Requests")
    thea.on("main a:text-is('An officer')")
    letter = refuses(thea, "The paper is not signed by a judge", "objected")
    assert "It does not carry the signature of a judge." in letter
    nothing_left(site, client_id)
    said = own_list(chromium, site, "Finn Invented")
    assert "objected to a paper (by post). Immigration authorities (An officer)" in said
