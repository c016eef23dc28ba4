"""A client who has lost everything gets back in, in person, and what was lost opens nothing."""

import datetime

import pytest

from angerona.errors import (
    AuthorityMoved,
    BadInput,
    NotPermitted,
    SignedOut,
    Unopenable,
    WrongSignIn,
)
from angerona.gate.results import Shown
from angerona.practice import portal
from angerona.practice.members import sign_in_with_password, sign_in_with_recovery_code
from angerona.practice.portal import give_way_in, questions_before_opening, renew_way_in
from angerona.practice.turning import turn_owed
from angerona.practice.who_looked import in_words
from angerona.sealed.checking import check_rows
from angerona.sealed.compartments import COMPARTMENTS
from angerona.sealed.owed import keys_owed
from prepared_practice import AT, PASSWORD, prepared, quick_passwords
from running_site import settle

NEW = "another password, said by nobody"
WHY = "came in person, with her passport"


@pytest.fixture
def practice(tmp_path):
    with quick_passwords():
        copy = prepared().copied(tmp_path / "practice")
        with copy.opened() as practice:
            practice.client_id = copy.clients["Ada"]
            with practice.visit("Tess") as visit:
                made = give_way_in(visit, practice.client_id, "ada", PASSWORD)
                settle(visit, practice.door.packs, practice.client_id)
                assert (
                    questions_before_opening(visit, practice.door.packs, practice.client_id) == ()
                )
            practice.people["Ada"], practice.recovery_code = made.person_id, made.recovery_code
            practice.sign_in("ada")
            yield practice


def renewed(practice, by="Tess", password=NEW, reason=WHY):
    with practice.visit(by) as visit:
        return renew_way_in(visit, practice.client_id, password, reason)


def test_the_new_way_in_opens_the_record_and_the_old_one_nothing(practice):
    former, generation = practice.keys["ada"], newest(practice)
    made = renewed(practice)
    with pytest.raises(SignedOut), practice.visit("ada"):
        pass
    with pytest.raises(WrongSignIn):
        sign_in_with_password(practice.vault, "ada", PASSWORD, AT)
    with pytest.raises(WrongSignIn):
        sign_in_with_recovery_code(practice.vault, "ada", practice.recovery_code, AT)
    practice.people["ada"] = made.person_id
    practice.sign_in("ada", NEW)
    assert practice.keys["ada"].seed != former.seed
    shown = practice.look("ada", practice.client_id, purpose="client_request")
    assert isinstance(shown, Shown)
    assert shown.entries
    assert newest(practice) == generation + 1, "the keys have turned"
    assert check_rows(practice.vault, AT) == []


@pytest.mark.parametrize("problem", [Unopenable("a compartment"), AuthorityMoved()])
def test_where_the_keys_cannot_turn_at_once_they_have_to(practice, monkeypatch, problem):
    """The code is given all the same: it is shown this once."""

    def not_now(*_args):
        raise problem

    monkeypatch.setattr(portal, "turn_keys", not_now)
    assert renewed(practice).recovery_code
    authority = practice.vault.authority(practice.client_id)
    assert keys_owed(practice.vault, authority, AT).turn >= set(COMPARTMENTS)
    assert check_rows(practice.vault, AT) == []
    with practice.visit("Tess") as visit:
        assert turn_owed(visit) == 1


def newest(practice):
    return practice.vault.authority(practice.client_id).sheet.newest("progress")


def test_the_client_sees_it_in_the_list(practice):
    renewed(practice)
    lines = in_words(practice.vault.ledger.lines_of(practice.client_id), datetime.UTC)
    assert any("gave the client a new way in, in person" in one.sentence for one in lines)
    assert not any(
        WHY in str(one.body) for one in practice.vault.ledger.lines_of(practice.client_id)
    )


@pytest.mark.parametrize("by", ["Sue", "Cora", "Fay", "Olaf"])
def test_only_who_treats_gives_it(practice, by):
    with pytest.raises(NotPermitted):
        renewed(practice, by)
    sign_in_with_password(practice.vault, "ada", PASSWORD, AT)


@pytest.mark.parametrize("wrong", [{"password": "short"}, {"reason": " "}])
def test_what_cannot_be_used_changes_nothing(practice, wrong):
    with pytest.raises(BadInput):
        renewed(practice, **wrong)
    sign_in_with_password(practice.vault, "ada", PASSWORD, AT)


def test_without_a_first_one_there_is_none_to_renew(practice):
    practice.client_id = next(
        row[0]
        for row in practice.vault.store.rows("clients.ids", practice_id=practice.vault.practice_id)
        if row[0] != practice.client_id
    )
    with pytest.raises(BadInput):
        renewed(practice, by="Theo")
