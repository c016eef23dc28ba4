"""Who asks, who answers: representatives on file, colleagues with and without a key."""

import re

import pytest

from angerona.practice.representatives import NewRepresentative, enter_representative, freeze
from angerona.practice.requests import request
from angerona.practice.speaking import proposed
from prepared_practice import AT
from running_site import running
from taken_down import INSURER, answered, consented, kinds, matter_of, taken_down


@pytest.fixture
def site(tmp_path):
    with running(tmp_path / "practice") as found:
        yield found


@pytest.fixture
def ada(site):
    return site.prepared.clients["Ada"]


def parent_on_file(site, ada, *, frozen=False):
    new = NewRepresentative(
        name="Wilhelmina Invented",
        standing="parent",
        paper="birth certificate",
        powers=("consent", "copies"),
        since=AT.date(),
    )
    with site.practice.visit("Tess") as visit:
        one = enter_representative(visit, ada, new)
        if frozen:
            freeze(visit, ada, one, "she is afraid of her")
    return one


PARENT = {**INSURER, "to": "parent", "instrument": "written_request", "purpose": "client_request"}


def test_who_acts_for_the_client_is_said_by_those_who_may_know(site, ada):
    one = parent_on_file(site, ada)
    visitor, path = taken_down(site, PARENT, client=ada)
    assert "Wilhelmina Invented" in visitor.get(path).text
    assert visitor.post(f"{path}/who-asks", {"asker": one.hex()}).to == path
    assert f'value="{one.hex()}" selected' in visitor.get(path).text
    assert visitor.post(f"{path}/who-asks", {"asker": "00" * 16}).status == 422
    desk, path = taken_down(site, PARENT, who="Fay", client=ada)
    assert "Wilhelmina" not in desk.get(path).text


def test_one_who_is_set_aside_is_answered_as_a_stranger(site, ada):
    """Nobody on file, and somebody on file who is frozen: the same answer, word for word."""
    told = []
    for one in (None, parent_on_file(site, ada, frozen=True)):
        visitor, path = taken_down(site, PARENT, client=ada)
        visitor.post(f"{path}/who-asks", {"asker": one.hex() if one else ""})
        page, asked = answered(visitor, path)
        rules = page.text.partition('id="rules"')[2].partition("</section>")[0]
        assert "Choose what goes" not in page.text
        told.append((rules, [fact for fact in asked if fact != "recipient.has_legal_authority"]))
    assert told[0] == told[1]


def test_the_answers_of_a_question_read_as_people_say_them(site, ada):
    page = site.in_session("Tess").get(f"/clients/{ada.hex()}/danger").text
    told = re.findall(r'name="fact:threat.target" value="(\w+)"[^>]*> ([^<]+)</label>', page)
    assert dict(told)["self"] == "The client"
    assert dict(told)["identified_person"] == "A known person"


def test_who_holds_no_key_is_told_who_hands_it_over(site, ada):
    consented(site, ada)
    visitor, path = taken_down(site, INSURER, who="Fay", client=ada)
    answered(visitor, path)
    about = matter_of(path)
    page = visitor.get(f"{about}/choose")
    assert "Somebody else chooses" in page.text
    [entry] = [one for one in site.practice.vault.places(ada) if one.wanted == "diagnosis"][-1:]
    assert entry.entry_id.hex() not in page.text
    visitor.post(f"{about}/choose", {"entry": [entry.entry_id.hex()]})
    assert "Somebody else chooses" in visitor.get(f"{about}/leaves").text
    with site.practice.visit("Fay", site.clock.at) as visit:
        matter = request(visit, bytes.fromhex(about.rpartition("/")[2]))
        seen = proposed(site.practice.door, visit, matter).seen
    got = visitor.post(f"{about}/leaves", {"seen": seen, "how": "by post", "form": "pdf"})
    assert got.status == 422
    assert "are not yours" in got.text
    assert "handed_over" not in kinds(site, ada)


def test_a_request_is_passed_on_to_those_who_may_be_spoken_to(site, ada):
    visitor, path = taken_down(site, INSURER, client=ada)
    for name, status in (("Stan", 422), ("Theo", 422), ("Olaf", 303)):
        handler = {"handler": site.practice.people[name].hex()}
        got = visitor.post(f"{path}/pass-on", handler)
        assert got.status == status, (name, got.text)
