"""Somebody leaves: every way in is shut, no client is left alone, nothing written is lost."""

import datetime

import pytest

from angerona.errors import (
    AuthorityMoved,
    BadInput,
    Conflicting,
    NotPermitted,
    SignedOut,
    Unknown,
    Unopenable,
    WrongSignIn,
)
from angerona.gate.door import Kept, Shown
from angerona.practice import members
from angerona.practice.clients import NewClient, enrol_client
from angerona.practice.consents import listed_consents
from angerona.practice.contact import contact_of
from angerona.practice.drafts import save_draft
from angerona.practice.leaving import end_membership, left_alone, shut_out
from angerona.practice.members import add_passkey, change_password, sign_in_with_password
from angerona.practice.openings import contribute, open_record, state_request
from angerona.practice.ties import begin_tie, end_tie, share_notes
from angerona.practice.turning import turn_owed
from angerona.sealed.checking import check_rows
from angerona.sealed.client_keys import at_generation
from angerona.sealed.compartments import COMPARTMENTS, process_compartment
from angerona.sealed.drafts import NoteDraft
from angerona.sealed.holding import held_keys
from angerona.sealed.owed import keys_owed, stored_wraps
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


@pytest.fixture
def ada():
    return prepared().clients["Ada"]


@pytest.fixture
def otto():
    return prepared().clients["Otto"]


def leave(practice, name, *, by, clients=None, posts=None):
    given = {one: practice.people[whom] for one, whom in (clients or {}).items()}
    to = {one: practice.people[whom] for one, whom in (posts or {}).items()}
    practice.open(by)
    with practice.visit(by) as visit:
        end_membership(visit, practice.people[name], clients=given, posts=to)


def keys_of(practice, name, client_id):
    with practice.visit(name) as visit:
        return held_keys(visit, practice.vault.authority(client_id))


def opens(practice, client_id, copied, name):
    authority = practice.vault.authority(client_id)
    sheet, whose = authority.sheet, authority.whose(practice.vault.practice_id)
    try:
        at_generation(whose, sheet, name, sheet.newest(name), copied[name])
    except Unopenable:
        return False
    return True


def rows_of(practice, name):
    """Whatever there is of somebody's credentials, keys of posts and wraps with a key in them."""
    vault, person_id = practice.vault, practice.people[name]
    place = {"practice_id": vault.practice_id, "person_id": person_id}
    wraps = [
        wrap
        for client_id in prepared().clients.values()
        for wrap in stored_wraps(vault, client_id)
        if wrap.recipient_id == person_id and len(wrap.blob) > 1_000
    ]
    return [
        *vault.store.rows("credentials.of_person", **place),
        *vault.store.rows("post_keys.of_person", **place),
        *wraps,
    ]


def test_a_clinician_hands_the_clients_over_and_is_gone(practice, ada):
    copied = keys_of(practice, "Tess", ada)
    with practice.visit("Tess") as visit:
        assert left_alone(visit, practice.people["Tess"]) == (ada,)
    leave(practice, "Tess", by="Tess", clients={ada: "Stan"})
    with pytest.raises(SignedOut), practice.visit("Tess"):
        pass
    assert rows_of(practice, "Tess") == []
    practice.open("Stan")
    texts = {entry.text for _, entry in practice.look("Stan", ada).entries}
    assert "Ada and nobody else: what there is of progress_note" in texts
    assert opens(practice, ada, copied, "progress"), "she could have taken it along until keys turn"
    with practice.visit("Stan") as visit:
        assert turn_owed(visit) == 1
    assert not opens(practice, ada, copied, "progress")
    assert not keys_owed(practice.vault, practice.vault.authority(ada), AT)
    assert isinstance(practice.keep("Stan", ada, "psychotherapy_note", "Stan's own"), Kept)
    assert check_rows(practice.vault, AT) == []


def test_whoever_left_is_met_like_somebody_nobody_knows(practice):
    with quick_passwords():
        new = practice.enrol("Una", roles=("psychologist",))
        assert sign_in_with_password(practice.vault, "Una", PASSWORD, AT)
        leave(practice, "Una", by="Olaf")
        said = set()
        for name, password in (("Una", PASSWORD), ("Una", PASSWORD + "!"), ("Nobody", PASSWORD)):
            with pytest.raises(WrongSignIn) as refused:
                sign_in_with_password(practice.vault, name, password, AT)
            said.add(str(refused.value))
    assert len(said) == 1
    line = practice.vault.ledger.lines_of(new)[-1]
    assert (line.kind, line.body["what"], line.body["by"]["name"]) == ("member", "left", "Olaf")
    with pytest.raises(BadInput, match="left already"):
        leave(practice, "Una", by="Olaf")
    with practice.visit("Tess") as visit, pytest.raises(BadInput):
        enrol_client(visit, NewClient(name="Ivo"), treating=new)
    with practice.visit("Tess") as visit, pytest.raises(NotPermitted):
        begin_tie(visit, prepared().clients["Ada"], new, "covering", until=None)


def test_no_client_is_left_alone(practice, ada, otto):
    with pytest.raises(BadInput, match="1 would have nobody"):
        leave(practice, "Tess", by="Tess")
    with pytest.raises(BadInput, match="not all"):
        leave(practice, "Tess", by="Tess", clients={ada: "Stan", otto: "Stan"})
    with pytest.raises(BadInput, match="with the one who goes"):
        leave(practice, "Tess", by="Tess", clients={ada: "Tess"})
    with pytest.raises(BadInput, match="nobody who treats"):
        leave(practice, "Tess", by="Tess", clients={ada: "Fay"})
    with pytest.raises(NotPermitted):
        leave(practice, "Tess", by="Olaf", clients={ada: "Stan"})
    assert practice.look("Tess", ada).entries, "and nothing of it has changed"
    assert check_rows(practice.vault, AT) == []


def test_where_a_colleague_treats_too_the_officer_ends_it(practice, ada):
    """Thea is privacy officer, and treats Ada as well: the keys turn in the same act."""
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, practice.people["Thea"], "treating", until=None)
    copied = keys_of(practice, "Tess", ada)
    practice.open("Thea")
    with practice.visit("Thea") as visit:
        assert left_alone(visit, practice.people["Tess"]) == ()
    leave(practice, "Tess", by="Thea", clients={ada: "Stan"})
    authority = practice.vault.authority(ada)
    assert not keys_owed(practice.vault, authority, AT)
    assert not opens(practice, ada, copied, "progress")
    for name in ("Thea", "Stan"):
        practice.open(name)
        assert len(practice.look(name, ada).entries) > 5
    assert set(keys_of(practice, "Stan", ada)) == set(keys_of(practice, "Thea", ada)) - {
        process_compartment(practice.people["Thea"])
    } | {process_compartment(practice.people["Stan"])}
    assert check_rows(practice.vault, AT) == []


def test_every_line_of_it_stands_in_the_ledger(practice, ada):
    leave(practice, "Tess", by="Tess", clients={ada: "Stan"})
    revoked, given = practice.vault.ledger.lines_of(ada)[-2:]
    assert (revoked.kind, revoked.body["relation"], revoked.body["keys"]) == (
        *("revocation", "treating"),
        "to be turned",
    )
    assert (given.kind, given.body["whom"]["name"]) == ("grant", "Stan")


def test_drafts_that_nobody_could_open_any_more_go_too(practice, ada):
    draft = NoteDraft(heading="Session", sections=(), saved=AT)
    with practice.visit("Tess") as visit:
        save_draft(visit, ada, bytes(16), draft, after="")
    leave(practice, "Tess", by="Tess", clients={ada: "Stan"})
    columns = {
        "practice_id": practice.vault.practice_id,
        "client_id": ada,
        "person_id": practice.people["Tess"],
    }
    assert practice.vault.store.rows("drafts.of_author", **columns) == []


def test_drafts_about_clients_of_earlier_days_go_too(practice, ada):
    with practice.visit("Cora") as visit:
        save_draft(visit, ada, bytes(16), NoteDraft(heading="", sections=(), saved=AT), after="")
    ties = practice.vault.authority(ada).ties.items()
    [of_cora] = [one for one, tie in ties if tie.person_id == practice.people["Cora"]]
    with practice.visit("Tess") as visit:
        end_tie(visit, ada, of_cora)
    leave(practice, "Cora", by="Olaf")
    columns = {
        "practice_id": practice.vault.practice_id,
        "client_id": ada,
        "person_id": practice.people["Cora"],
    }
    assert practice.vault.store.rows("drafts.of_author", **columns) == []


def test_what_key_holders_lent_for_a_time_goes_without_a_tell(practice, ada):
    """The opening is held from the client's list: that its keys go would tell of it."""
    with practice.visit("Olaf") as visit:
        request = state_request(
            *(visit, ada, ["progress"]),
            limit="court",
            reason="an order",
            expires=AT + HOUR,
            hold_until=AT + 24 * HOUR,
        )
        parts = [contribute(practice.vault, request, one.secret, AT) for one in practice.papers[:2]]
        open_record(visit, request, parts)
    before = practice.vault.ledger.lines_of(ada)
    leave(practice, "Olaf", by="Thea")
    assert practice.vault.ledger.lines_of(ada) == before
    assert rows_of(practice, "Olaf") == []
    assert not keys_owed(practice.vault, practice.vault.authority(ada), AT), "nor does a turn"
    assert check_rows(practice.vault, AT) == []


def test_who_is_shut_out_while_looking_sees_no_more(practice, ada):
    """As somebody who is having a whole caseload searched; ties and keys are still there."""
    with practice.visit("Tess") as visit:
        assert isinstance(practice.door.look(visit, ada, purpose="treatment"), Shown)
        practice.open("Olaf")
        with practice.visit("Olaf") as officer:
            shut_out(officer, practice.people["Tess"], posts={})
        size = practice.vault.ledger.size
        for act in (
            lambda: practice.door.look(visit, ada, purpose="treatment"),
            lambda: contact_of(visit, ada),
        ):
            with pytest.raises(SignedOut):
                act()
    assert practice.vault.ledger.size == size


def test_the_last_holder_of_a_post_gives_it_to_a_colleague(practice):
    practice.open("Thea")
    leave(practice, "Nina", by="Olaf")
    with pytest.raises(BadInput, match="nobody else"):
        leave(practice, "Thea", by="Olaf")
    leave(practice, "Thea", by="Olaf", posts={"on_call": "Cora"})
    assert "on_call" in practice.vault.person(practice.people["Cora"]).row.posts
    assert rows_of(practice, "Thea") == []
    for name in ("Tess", "Theo", "Cora"):
        practice.open(name)
        with practice.visit(name) as visit:
            turn_owed(visit)
    assert practice.look("Cora", prepared().clients["Otto"]).entries
    assert check_rows(practice.vault, AT) == []


def test_the_last_privacy_officer_does_not_leave(practice):
    leave(practice, "Thea", by="Thea")
    with pytest.raises(BadInput, match="nobody else"):
        leave(practice, "Olaf", by="Olaf")


def test_who_is_shut_out_has_no_way_in_and_the_record_is_handed_on_by_key_holders(practice, ada):
    copied = keys_of(practice, "Tess", ada)
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        shut_out(visit, practice.people["Tess"], posts={})
        with pytest.raises(BadInput, match="left already"):
            shut_out(visit, practice.people["Tess"], posts={})
        with pytest.raises(BadInput, match="nobody who treats"):
            end_membership(visit, practice.people["Tess"], clients={}, posts={})
    with pytest.raises(SignedOut), practice.visit("Tess"):
        pass
    place = {"practice_id": practice.vault.practice_id, "person_id": practice.people["Tess"]}
    assert practice.vault.store.rows("credentials.of_person", **place) == []
    apart = process_compartment(practice.people["Tess"])
    with practice.visit("Olaf") as visit:
        names = [*COMPARTMENTS, apart]
        request = state_request(
            visit, ada, names, limit="care", reason="Tess was dismissed", expires=AT + HOUR
        )
        parts = [contribute(practice.vault, request, one.secret, AT) for one in practice.papers[:2]]
        open_record(visit, request, parts)
        assert left_alone(visit, practice.people["Tess"]) == ()
        given = {ada: practice.people["Stan"]}
        end_membership(visit, practice.people["Tess"], clients=given, posts={})
    assert rows_of(practice, "Tess") == []
    assert not opens(practice, ada, copied, "progress")
    practice.open("Stan")
    assert practice.look("Stan", ada).entries
    assert apart in keys_of(practice, "Olaf", ada), "the process notes, by the key holders alone"
    assert apart not in keys_of(practice, "Stan", ada)
    assert check_rows(practice.vault, AT) == []


def test_only_the_officer_and_the_person_end_a_membership(practice):
    for name in ("Tess", "Fay"):
        practice.open(name)
        with practice.visit(name) as visit:
            for act in (
                lambda: left_alone(visit, practice.people["Stan"]),
                lambda: end_membership(visit, practice.people["Stan"], clients={}, posts={}),
                lambda: shut_out(visit, visit.unlocked.person_id, posts={}),
            ):
                with pytest.raises(NotPermitted):
                    act()
    practice.open("Olaf")
    with practice.visit("Olaf") as visit:
        with pytest.raises(Unknown):
            end_membership(visit, bytes(16), clients={}, posts={})
        with pytest.raises(BadInput, match="not all"):
            end_membership(
                visit, practice.people["Stan"], clients={}, posts={"biller": practice.people["Sue"]}
            )


def test_what_an_author_shared_with_a_supervisor_stays_shared_when_the_author_leaves(practice, ada):
    facts = {"us_hipaa.own_training_program": True}
    ties = practice.vault.authority(ada).ties.items()
    [of_sue] = [one for one, tie in ties if tie.person_id == practice.people["Sue"]]
    with practice.visit("Tess") as visit:
        share_notes(visit, ada, of_sue)
    leave(practice, "Tess", by="Tess", clients={ada: "Stan"})
    practice.open("Sue")
    shown = practice.look("Sue", ada, purpose="supervision", facts=facts)
    assert "Ada and nobody else: what there is of psychotherapy_note" in {
        entry.text for _, entry in shown.entries
    }


@pytest.mark.parametrize(
    "add",
    [
        lambda visit: add_passkey(visit, "a phone", bytes(range(32))),
        lambda visit: change_password(visit, "another long sentence"),
    ],
    ids=["a passkey", "a password"],
)
def test_whoever_is_at_it_while_it_ends_gets_no_new_way_in(practice, add):
    """A request of the one who goes is under way, with the keys already in hand."""
    with practice.visit("Stan") as visit:
        leave(practice, "Stan", by="Olaf")
        with quick_passwords(), pytest.raises(SignedOut):
            add(visit)
    assert rows_of(practice, "Stan") == []


def test_a_sign_in_that_was_under_way_comes_to_nothing(practice, monkeypatch):
    """The password was right when it was looked up; the membership ends before the line."""
    with quick_passwords():
        practice.enrol("Una", roles=("psychologist",))
        real = members.credentials_of

        def meanwhile(person, kind):
            found = real(person, kind)
            monkeypatch.setattr(members, "credentials_of", real)
            leave(practice, "Una", by="Olaf")
            return found

        monkeypatch.setattr(members, "credentials_of", meanwhile)
        before = len(practice.vault.agent)
        with pytest.raises(WrongSignIn):
            sign_in_with_password(practice.vault, "Una", PASSWORD, AT)
    assert len(practice.vault.agent) <= before


def test_a_post_given_meanwhile_is_not_lost_sight_of(practice, monkeypatch):
    from angerona.practice import leaving  # noqa: PLC0415 -- to come in between
    from angerona.practice.colleagues import give_post  # noqa: PLC0415 -- only here

    real = leaving.turned_posts

    def meanwhile(vault, person, *given, **more):
        made = real(vault, person, *given, **more)
        with practice.visit("Thea") as other:
            give_post(other, person.person_id, "front_desk")
        return made

    monkeypatch.setattr(leaving, "turned_posts", meanwhile)
    with pytest.raises(Conflicting):
        leave(practice, "Nina", by="Olaf")
    assert "front_desk" in practice.vault.person(practice.people["Nina"]).row.posts


def between(monkeypatch, act):
    """Do something else once everything was gathered that somebody's leaving rests on."""
    from angerona.practice import leaving  # noqa: PLC0415 -- to come in between

    real = leaving.bindings_of

    def meanwhile(*args):
        monkeypatch.setattr(leaving, "bindings_of", real)
        act()
        return real(*args)

    monkeypatch.setattr(leaving, "bindings_of", meanwhile)


def who_treats(practice, client_id, at=AT):
    vault = practice.vault
    ties = vault.authority(client_id).ties.values()
    return {
        name
        for name, person_id in practice.people.items()
        if any(
            tie.person_id == person_id and tie.relation == "treating" and tie.until is None
            for tie in ties
        )
        and vault.person(person_id).row.is_here(at)
    }


@pytest.mark.parametrize("first", ["Tess", "Stan"])
def test_two_who_leave_at_one_moment_leave_nobody_alone(practice, ada, monkeypatch, first):
    """Tess hands Ada over to Stan, who goes at the same moment: one of them is told."""

    def tess():
        leave(practice, "Tess", by="Tess", clients={ada: "Stan"})

    def stan():
        leave(practice, "Stan", by="Stan")

    inner, outer = (tess, stan) if first == "Tess" else (stan, tess)
    between(monkeypatch, inner)
    with pytest.raises((AuthorityMoved, Conflicting)):
        outer()
    assert who_treats(practice, ada) == ({"Stan"} if first == "Tess" else {"Tess"})
    assert check_rows(practice.vault, AT) == []


def test_nobody_goes_relying_on_a_colleague_who_is_shut_out_meanwhile(practice, ada, monkeypatch):
    with practice.visit("Tess") as visit:
        begin_tie(visit, ada, practice.people["Stan"], "treating", until=None)

    def olaf():
        practice.open("Olaf")
        with practice.visit("Olaf") as visit:
            shut_out(visit, practice.people["Stan"], posts={})

    between(monkeypatch, olaf)
    with pytest.raises(Conflicting):
        leave(practice, "Tess", by="Tess")
    assert who_treats(practice, ada) == {"Tess"}


@pytest.mark.parametrize("act", ["tie", "enrol"])
def test_nobody_is_given_a_client_who_leaves_meanwhile(practice, ada, monkeypatch, act):
    from angerona.sealed.key_changes import KeyChange  # noqa: PLC0415 -- to come in between

    real, gone = KeyChange.give_to_ties, practice.people["Stan"]

    def meanwhile(self, keys, ties):
        monkeypatch.setattr(KeyChange, "give_to_ties", real)
        if act == "enrol":
            real(self, keys, ties)
        leave(practice, "Stan", by="Olaf")
        if act == "tie":
            real(self, keys, ties)

    monkeypatch.setattr(KeyChange, "give_to_ties", meanwhile)
    given = {
        "tie": lambda visit: begin_tie(visit, ada, gone, "treating", until=None),
        "enrol": lambda visit: enrol_client(visit, NewClient(name="Una Invented"), treating=gone),
    }[act]
    with practice.visit("Tess") as visit, pytest.raises(AuthorityMoved):
        given(visit)
    assert who_treats(practice, ada) == {"Tess"}
    assert rows_of(practice, "Stan") == []


def test_who_is_shut_out_while_asking_is_shown_no_consents(practice, ada):
    with practice.visit("Tess") as visit:
        practice.open("Olaf")
        with practice.visit("Olaf") as officer:
            shut_out(officer, practice.people["Tess"], posts={})
        with pytest.raises(SignedOut):
            listed_consents(visit, ada)
