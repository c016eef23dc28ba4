"""How a client may be reached: what was not said is no, and whoever asks leaves a line."""

import datetime

import msgspec
import pytest

from angerona.errors import BadInput, NotPermitted, Unknown
from angerona.practice.contact import TOPICS, NewContact, carries, change_contact, contact_of
from angerona.practice.messages import mail_for
from angerona.practice.own_choices import (
    ITEMS,
    choose_exit,
    choose_shown,
    own_choices,
    read_about_staying_unseen,
)
from angerona.practice.portal import give_way_in
from angerona.practice.who_looked import in_words
from angerona.sealed.rows import ContactPerson, OwnChoices, Way
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

EVENING = Way(allowed=True, times="weekdays after 18:00", voicemail=False)


@pytest.fixture
def practice(tmp_path):
    copy = prepared().copied(tmp_path / "practice")
    with quick_passwords(), copy.opened() as found:
        for name, by in (("Ada", "Tess"), ("Otto", "Theo")):
            with found.visit(by) as visit:
                made = give_way_in(visit, copy.clients[name], name, PASSWORD)
            found.people[name] = made.person_id
            found.sign_in(name)
        found.clients = copy.clients
        yield found


def said(practice, client):
    lines = practice.vault.ledger.lines_of(practice.clients[client])
    return [one.sentence for one in in_words(lines, datetime.UTC)]


def test_what_was_not_said_is_no(practice):
    with practice.visit("Otto") as visit:
        found = contact_of(visit, practice.clients["Otto"])
    assert not found.is_said
    assert not any(found.way(one).allowed for one in ("phone", "text", "mail", "post"))


def test_the_client_says_how_and_the_desk_reads_it(practice):
    ada = practice.clients["Ada"]
    new = NewContact(
        ways={"text": EVENING, "phone": Way()},
        addresses={"phone": "555-0199"},
        code_word="linden",
        never="Never the landline.",
    )
    with practice.visit("Ada") as visit:
        change_contact(visit, ada, new)
    for name in ("Fay", "Tess", "Sue", "Cora", "Nina", "Bill"):
        with practice.visit(name) as visit:
            found = contact_of(visit, ada)
        assert found.is_said
        assert found.way("text") == EVENING
        assert not found.way("phone").allowed
        assert (found.address("text"), found.code_word) == ("555-0199", "linden")
        assert said(practice, "Ada")[-1].startswith(f"{name}")
        assert said(practice, "Ada")[-1].endswith("saw how to reach the client.")
    assert "Ada (client) changed how to be reached." in said(practice, "Ada")


def test_what_a_line_says_of_it_names_no_number(practice):
    with practice.visit("Ada") as visit:
        change_contact(
            visit, practice.clients["Ada"], NewContact(ways={}, addresses={"mail": "a@b.c"})
        )
    [*_, line] = practice.vault.ledger.lines_of(practice.clients["Ada"])
    assert set(line.body) == {"by", "what"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Olaf", NotPermitted), ("Stan", Unknown), ("Theo", Unknown), ("Otto", Unknown)],
)
def test_who_holds_no_key_of_it_is_told_nothing(practice, name, kind):
    before = said(practice, "Ada")
    with practice.visit(name) as visit, pytest.raises(kind):
        contact_of(visit, practice.clients["Ada"])
    assert said(practice, "Ada") == before


@pytest.mark.parametrize("name", ["Fay", "Nina", "Sue", "Cora"])
def test_only_the_client_and_who_treats_change_it(practice, name):
    with practice.visit(name) as visit, pytest.raises(NotPermitted):
        change_contact(visit, practice.clients["Ada"], NewContact(ways={}, addresses={}))


def test_an_address_goes_when_it_is_emptied(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Tess") as visit:
        change_contact(visit, ada, NewContact(ways={}, addresses={"mail": "ada@example.org"}))
        assert contact_of(visit, ada).address("mail") == "ada@example.org"
        change_contact(visit, ada, NewContact(ways={}, addresses={"mail": " "}))
        assert contact_of(visit, ada).address("mail") == ""


@pytest.mark.parametrize(
    "new",
    [
        NewContact(ways={"pigeon": Way()}, addresses={}),
        NewContact(ways={}, addresses={"pigeon": "roof"}),
        NewContact(ways={"text": Way(times="x" * 200)}, addresses={}),
        NewContact(ways={}, addresses={"phone": "1\x00"}),
        NewContact(ways={}, addresses={}, never="x" * 301),
        NewContact(ways={}, addresses={}, code_word="\x1b"),
    ],
)
def test_what_is_no_contact_is_refused(practice, new):
    with practice.visit("Ada") as visit, pytest.raises(BadInput):
        change_contact(visit, practice.clients["Ada"], new)


def test_nothing_is_shown_until_it_is_turned_on_and_off_again(practice):
    with practice.visit("Otto") as visit:
        assert own_choices(visit) == OwnChoices()
        read_about_staying_unseen(visit)
        choose_shown(visit, ["looks", "record"])
        choose_exit(visit, hidden=True)
        own = own_choices(visit)
        assert (own.told, own.shown, own.hides_exit) == (True, ("record", "looks"), True)
        choose_shown(visit, [])
        choose_exit(visit, hidden=False)
        assert own_choices(visit) == OwnChoices(told=True)
    assert said(practice, "Otto")[-1] == "Otto (client) chose the way off the pages."


def test_choosing_what_holds_already_leaves_no_line(practice):
    with practice.visit("Otto") as visit:
        choose_shown(visit, ITEMS)
        before = said(practice, "Otto")
        choose_shown(visit, ITEMS)
    assert said(practice, "Otto") == before


def test_only_the_client_chooses(practice):
    for name in ("Tess", "Olaf", "Fay"):
        with practice.visit(name) as visit, pytest.raises(NotPermitted):
            choose_shown(visit, ["record"])
    with practice.visit("Otto") as visit, pytest.raises(BadInput):
        choose_shown(visit, ["everything"])


SISTER = ContactPerson(name="June Invented", reach="0131 496 0003", about=("appointments",))


def test_a_way_is_kept_to_what_the_client_wants_it_for(practice):
    ada = practice.clients["Ada"]
    ways = {"mail": Way(allowed=True, only=("appointments", "law")), "post": Way(only=("law",))}
    with practice.visit("Ada") as visit:
        change_contact(visit, ada, NewContact(ways=ways, addresses={"mail": "ada@example.org"}))
        found = contact_of(visit, ada)
        wrong = NewContact(ways={"mail": Way(allowed=True, only=("gossip",))}, addresses={})
        with pytest.raises(BadInput, match="only for"):
            change_contact(visit, ada, wrong)
    assert [one for one in TOPICS if carries(found.way("mail"), one)] == ["appointments", "law"]
    assert not any(carries(found.way("post"), one) for one in TOPICS), "it is not allowed at all"
    assert all(carries(Way(allowed=True), one) for one in TOPICS)


def test_mail_goes_for_the_topics_alone_that_the_client_ticked(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Ada") as visit:
        read_about_staying_unseen(visit)
        choose_shown(visit, ITEMS)
        ways = {"mail": Way(allowed=True, only=("appointments",))}
        change_contact(visit, ada, NewContact(ways=ways, addresses={"mail": "ada@example.org"}))
    authority = practice.vault.authority(ada)
    assert mail_for(authority, AT, "appointments", about="appointments")
    assert mail_for(authority, AT) == mail_for(authority, AT, about="law") == []


def test_who_may_take_a_message_is_who_the_client_named_and_hears_little(practice):
    ada = practice.clients["Ada"]
    with practice.visit("Ada") as visit:
        change_contact(visit, ada, NewContact(ways={}, addresses={}, persons=(SISTER,)))
        for about in (("care",), ("law",)):
            told = NewContact(
                ways={}, addresses={}, persons=(msgspec.structs.replace(SISTER, about=about),)
            )
            with pytest.raises(BadInput, match="about"):
                change_contact(visit, ada, told)
        many = NewContact(ways={}, addresses={}, persons=(SISTER,) * 4)
        with pytest.raises(BadInput, match="persons"):
            change_contact(visit, ada, many)
    with practice.visit("Fay") as visit:
        assert contact_of(visit, ada).persons == (SISTER,)
