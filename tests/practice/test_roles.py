"""Roles of somebody who works here already: given, ended, and posts that end by themselves."""

import datetime

import pytest

from angerona.errors import BadInput, Conflicting, NotPermitted, SignedOut, Unknown, Unopenable
from angerona.practice import roles
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.colleagues import give_post
from angerona.practice.crisis import on_call_now
from angerona.practice.portal import give_way_in
from angerona.practice.posts import holders, take_post, take_what_ran_out
from angerona.practice.roles import end_role, give_role, own_changes, set_end
from angerona.practice.turning import records_owed, turn_owed
from angerona.practice.upkeep import keep_up
from angerona.sealed.checking import check_rows
from angerona.sealed.holding import held_keys, seeds_of
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

DAY = datetime.timedelta(days=1)
LAST = AT + 30 * DAY


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


def act(practice, do, name, *given, by="Olaf", at=AT, **more):
    practice.open(by, at)
    with practice.visit(by, at) as visit:
        do(visit, practice.people[name], *given, **more)


def row_of(practice, name, at=AT):
    return practice.vault.person(practice.people[name]).row.in_force(at)


def said_of(practice, name):
    """What the last line under a person says, without who did it."""
    body = practice.vault.ledger.lines_of(practice.people[name])[-1].body
    return {one: said for one, said in body.items() if one != "by"}


def seed_of(practice, name, post, at=AT):
    practice.open(name, at)
    with practice.visit(name, at) as visit:
        return seeds_of(visit, [post])[post]


def test_one_person_has_several_roles_each_with_a_line(practice):
    act(practice, give_role, "Nina", "psychotherapist")
    act(practice, give_role, "Nina", "trainee", until=LAST)
    assert row_of(practice, "Nina").roles == ("nurse", "psychotherapist", "trainee")
    told = {"what": "role given", "roles": ["trainee"], "until": LAST.isoformat()}
    assert said_of(practice, "Nina") == told
    assert row_of(practice, "Nina", LAST).roles == ("nurse", "psychotherapist")
    act(practice, end_role, "Nina", "nurse")
    assert said_of(practice, "Nina") == {"what": "role ended", "roles": ["nurse"]}
    assert row_of(practice, "Nina").roles == ("psychotherapist", "trainee")
    assert list(check_rows(practice.vault, AT)) == []


def test_a_term_says_since_when_and_on_whose_word(practice):
    act(practice, give_role, "Nina", "psychotherapist", at=AT + DAY)
    term = row_of(practice, "Nina").terms["psychotherapist"]
    assert (term.since, term.until, term.by) == (AT + DAY, None, practice.people["Olaf"])


def test_a_role_that_ran_out_counts_no_more_and_may_be_given_again(practice):
    act(practice, give_role, "Stan", "nurse", until=LAST)
    practice.open("Stan", LAST)
    with practice.visit("Stan", LAST) as visit:
        assert visit.person.described["roles"] == ["psychologist"]
    act(practice, give_role, "Stan", "nurse", at=LAST)
    assert row_of(practice, "Stan", LAST + DAY).roles == ("psychologist", "nurse")


def test_whoever_treats_keeps_a_role_to_treat_in(practice):
    for do, given in ((end_role, ["psychologist"]), (set_end, ["psychologist", LAST])):
        with pytest.raises(BadInput) as caught:
            act(practice, do, "Tess", *given)
        assert "treats clients" in str(caught.value)
    act(practice, give_role, "Tess", "nurse", until=LAST)
    with pytest.raises(BadInput):
        act(practice, end_role, "Tess", "psychologist")
    act(practice, set_end, "Tess", "nurse", None)
    act(practice, end_role, "Tess", "psychologist")
    assert row_of(practice, "Tess").roles == ("nurse",)


def test_nobody_begins_to_treat_in_a_role_that_runs_out(practice):
    act(practice, set_end, "Stan", "psychologist", LAST)
    with practice.visit("Thea") as visit, pytest.raises(BadInput):
        enrol_client(visit, NewClient(name="Una Invented"), treating=practice.people["Stan"])


def test_a_post_until_a_day_opens_until_then_and_the_keys_turn(practice, ada):
    with practice.visit("Thea") as visit:
        give_post(visit, practice.people["Olaf"], "on_call")
    act(practice, give_post, "Cora", "on_call", until=LAST)
    told = {"what": "post given", "posts": ["on_call"], "until": LAST.isoformat()}
    assert said_of(practice, "Cora") == told
    before = LAST - DAY
    practice.open("Stan", before)
    copied = seed_of(practice, "Cora", "on_call", before)
    practice.open("Nina", before)
    with practice.visit("Nina", before) as visit:
        assert "Cora" in on_call_now(visit)
    practice.open("Nina", LAST)
    with practice.visit("Nina", LAST) as visit:
        assert "Cora" not in on_call_now(visit)
    practice.open("Cora", LAST)
    with practice.visit("Cora", LAST) as visit, pytest.raises(Unopenable):
        seeds_of(visit, ["on_call"])
    keep_up(practice.vault, LAST)
    assert practice.vault.person(practice.people["Cora"]).row.posts == ()
    assert said_of(practice, "Cora") == {"what": "post ran out", "posts": ["on_call"]}
    with pytest.raises(SignedOut), practice.visit("Cora", LAST):
        pass
    assert seed_of(practice, "Nina", "on_call", LAST) != copied
    assert records_owed(practice.vault, LAST).turn == 2
    for name in ("Tess", "Theo"):
        practice.open(name, LAST)
        with practice.visit(name, LAST) as visit:
            turn_owed(visit)
    assert records_owed(practice.vault, LAST).turn == 0
    assert list(check_rows(practice.vault, LAST)) == []
    practice.open("Nina", LAST)
    assert practice.look("Nina", ada, LAST).entries


def test_the_gate_is_shut_the_moment_a_post_ran_out(practice, ada):
    """Before any upkeep, and in a session that had looked a moment before."""
    act(practice, give_post, "Stan", "on_call", by="Thea", until=AT + datetime.timedelta(minutes=5))
    practice.open("Stan")
    assert practice.look("Stan", ada).entries
    later = AT + datetime.timedelta(minutes=5)
    with pytest.raises(Unknown):
        practice.look("Stan", ada, later)
    with practice.visit("Stan", later) as visit:
        assert held_keys(visit, practice.vault.authority(ada)) == {}


def test_a_post_that_ran_out_is_given_again_before_and_after_its_keys_turned(practice):
    act(practice, give_post, "Cora", "on_call", by="Thea", until=LAST)
    act(practice, give_post, "Cora", "on_call", by="Thea", at=LAST, until=LAST + DAY)
    assert seed_of(practice, "Cora", "on_call", LAST) == seed_of(practice, "Thea", "on_call")
    assert take_what_ran_out(practice.vault, LAST + DAY) == 1
    act(practice, give_post, "Cora", "on_call", by="Thea", at=LAST + DAY)
    late = LAST + DAY
    assert seed_of(practice, "Cora", "on_call", late) == seed_of(practice, "Thea", "on_call", late)
    assert list(check_rows(practice.vault, late)) == []


def test_what_ran_out_is_taken_from_each_once(practice):
    for name in ("Cora", "Stan"):
        act(practice, give_post, name, "on_call", by="Thea", until=LAST)
    assert take_what_ran_out(practice.vault, LAST - DAY) == 0
    assert take_what_ran_out(practice.vault, LAST) == 2
    assert take_what_ran_out(practice.vault, LAST) == 0
    post = practice.vault.practice().posts["on_call"]
    names = {one.row.name for one in holders(practice.vault, post, LAST)}
    assert names == {"Thea", "Nina"}
    assert list(check_rows(practice.vault, LAST)) == []


def test_somebody_holds_each_post_without_an_end(practice):
    act(practice, set_end, "Thea", "privacy_officer", LAST)
    with pytest.raises(BadInput) as caught:
        act(practice, set_end, "Olaf", "privacy_officer", LAST)
    assert "nobody else holds it without an end" in str(caught.value)
    with pytest.raises(BadInput):
        act(practice, take_post, "Olaf", "privacy_officer")
    act(practice, take_post, "Olaf", "privacy_officer", give_to=practice.people["Thea"])
    assert row_of(practice, "Thea", LAST).posts.count("privacy_officer") == 1
    with pytest.raises(BadInput):
        act(practice, take_post, "Thea", "privacy_officer", by="Thea")


def test_two_ends_set_at_one_moment_leave_somebody(practice, monkeypatch):
    """Each looks good to who sets it; the second is refused when it is written."""
    look, once = roles.holders_for_good, []

    def meanwhile(*given):
        found = look(*given)
        if not once:
            once.append(True)
            act(practice, set_end, "Olaf", "privacy_officer", LAST, by="Thea")
        return found

    monkeypatch.setattr(roles, "holders_for_good", meanwhile)
    with pytest.raises(Conflicting):
        act(practice, set_end, "Thea", "privacy_officer", LAST)
    assert row_of(practice, "Thea").until_of("privacy_officer") is None


def test_nobody_gives_a_post_for_longer_than_the_own_one(practice):
    act(practice, set_end, "Olaf", "privacy_officer", LAST, by="Thea")
    for until in (None, LAST + DAY):
        with pytest.raises(BadInput):
            act(practice, give_post, "Stan", "privacy_officer", until=until)
        with pytest.raises(BadInput):
            act(practice, set_end, "Olaf", "privacy_officer", until)
    act(practice, give_post, "Stan", "privacy_officer", until=LAST)
    with pytest.raises(NotPermitted):
        act(practice, give_role, "Stan", "nurse", by="Olaf", at=LAST)


@pytest.mark.parametrize(
    ("do", "given"),
    [
        (give_role, ("Stan", "client")),
        (give_role, ("Stan", "privacy_officer")),
        (give_role, ("Stan", "psychologist")),
        (give_role, ("Stan", "nurse", AT)),
        (end_role, ("Stan", "nurse")),
        (set_end, ("Stan", "nurse", LAST)),
        (set_end, ("Nina", "on_call", AT)),
    ],
)
def test_what_cannot_be_is_refused(practice, do, given):
    name, role, *until = given
    more = {"until": until[0]} if do is give_role and until else {}
    with pytest.raises(BadInput):
        act(practice, do, name, role, *(until if do is set_end else ()), **more)


def test_only_the_officer_changes_roles(practice):
    for do, given in ((give_role, ["nurse"]), (end_role, ["psychologist"]), (set_end, ["x", None])):
        with pytest.raises(NotPermitted):
            act(practice, do, "Stan", *given, by="Tess")


def test_a_client_is_given_no_role(practice, ada):
    with quick_passwords(), practice.visit("Tess") as visit:
        made = give_way_in(visit, ada, "Ada", PASSWORD)
    practice.people["Ada"] = made.person_id
    with pytest.raises(BadInput):
        act(practice, give_role, "Ada", "nurse")


def test_the_member_reads_what_was_changed_and_by_whom(practice):
    act(practice, give_role, "Cora", "trainee", until=LAST)
    act(practice, set_end, "Cora", "trainee", None)
    act(practice, end_role, "Cora", "trainee")
    act(practice, give_post, "Cora", "on_call", by="Thea", until=LAST)
    take_what_ran_out(practice.vault, LAST)
    practice.open("Cora", LAST)
    with practice.visit("Cora", LAST) as visit:
        told = own_changes(visit)
    assert [said for _, said in told] == [
        "A post ran out: clinician on call.",
        "Thea gave you a post: clinician on call, until 1 April 2026.",
        "Olaf ended a role: trainee.",
        "Olaf changed until when you are trainee, without an end.",
        "Olaf added a role: trainee, until 1 April 2026.",
        "Thea enrolled you, as nurse.",
    ]
    assert [at for at, _ in told] == [LAST, *(AT,) * 5]
