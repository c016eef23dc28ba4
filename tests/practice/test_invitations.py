"""Invitations: used once, for a week, with posts that only the code gives."""

import pytest

from angerona.errors import BadInput, NotPermitted, Unknown, Unopenable, WrongSignIn
from angerona.practice.caseload import caseload
from angerona.practice.invitations import (
    LASTS,
    InvitationRow,
    accept_invitation,
    invitation_of,
    invitations,
    invite,
    take_back_invitation,
)
from angerona.practice.members import NewMember, sign_in_with_password
from angerona.practice.posts import take_post
from angerona.sealed.checking import check_rows
from prepared_practice import AT, prepared, quick_passwords
from small_practice import MINUTE

NEW = "a password of one's own"
MIRA = NewMember(name="Mira", roles=("nurse", "psychologist"), posts=())


@pytest.fixture
def practice(tmp_path):
    with quick_passwords(), prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


def invited(practice, who=MIRA, by="Thea"):
    with practice.visit(by) as visit:
        return invite(visit, who)


def test_whoever_has_the_code_joins_and_signs_in(practice):
    code = invited(practice)
    assert invitation_of(practice.vault, code, AT).row.name == "Mira"
    made = accept_invitation(practice.vault, code, NEW, AT)
    row = practice.vault.person(made.person_id).row
    assert (row.name, row.roles, row.posts) == ("Mira", MIRA.roles, ())
    sign_in_with_password(practice.vault, "Mira", NEW, AT)
    assert check_rows(practice.vault, AT) == []


def test_a_post_comes_with_its_key(practice):
    code = invited(practice, NewMember(name="Mira", roles=(), posts=("front_desk", "on_call")))
    accept_invitation(practice.vault, code, NEW, AT)
    cookie = sign_in_with_password(practice.vault, "Mira", NEW, AT)
    with practice.vault.visit(cookie, AT) as visit:
        assert len(caseload(visit)) == 2
    look = practice.door.look
    with practice.vault.visit(cookie, AT) as visit:
        found = look(visit, practice_client(practice), purpose="operations")
    assert any(place.wanted == "attendance" for place, _ in found.entries)


def practice_client(practice):
    rows = practice.vault.store.rows("clients.ids", practice_id=practice.vault.practice_id)
    return rows[0][0]


def test_it_is_used_once(practice):
    code = invited(practice)
    accept_invitation(practice.vault, code, NEW, AT)
    with pytest.raises(WrongSignIn):
        accept_invitation(practice.vault, code, NEW, AT)


def test_it_ends_after_a_week(practice):
    code = invited(practice)
    with practice.visit("Thea") as visit:
        assert [one.row.name for one in invitations(visit)] == ["Mira"]
    invitation_of(practice.vault, code, AT + LASTS - MINUTE)
    with pytest.raises(WrongSignIn):
        accept_invitation(practice.vault, code, NEW, AT + LASTS)


def test_it_can_be_taken_back(practice):
    code = invited(practice)
    with practice.visit("Thea") as visit:
        [one] = invitations(visit)
        take_back_invitation(visit, one.invitation_id)
        assert invitations(visit) == []
        with pytest.raises(Unknown):
            take_back_invitation(visit, one.invitation_id)
    with pytest.raises(WrongSignIn):
        invitation_of(practice.vault, code, AT)


@pytest.mark.parametrize("code", ["", "x", "00000-00000-00000-00000-00000-00000-00000"])
def test_another_code_is_no_invitation(practice, code):
    invited(practice)
    with pytest.raises(WrongSignIn):
        invitation_of(practice.vault, code, AT)


def test_only_the_officer_invites_and_sees(practice):
    with practice.visit("Tess") as visit:
        for attempt in (
            lambda: invite(visit, MIRA),
            lambda: invitations(visit),
            lambda: take_back_invitation(visit, bytes(16)),
        ):
            with pytest.raises(NotPermitted):
                attempt()


def test_nobody_gives_a_post_that_he_or_she_does_not_hold(practice):
    with practice.visit("Olaf") as visit, pytest.raises(Unopenable):
        invite(visit, NewMember(name="Mira", roles=(), posts=("biller",)))


def test_a_name_that_is_taken_is_refused(practice):
    with pytest.raises(BadInput):
        invited(practice, NewMember(name="tess ", roles=(), posts=()))


def test_a_password_that_cannot_be_used_leaves_the_invitation(practice):
    code = invited(practice)
    with pytest.raises(BadInput):
        accept_invitation(practice.vault, code, "short", AT)
    accept_invitation(practice.vault, code, NEW, AT)


def test_who_is_officer_no_more_lets_nobody_in(practice):
    code = invited(practice, by="Olaf")
    with practice.visit("Thea") as visit:
        take_post(visit, practice.people["Olaf"], "privacy_officer")
    with pytest.raises(WrongSignIn):
        accept_invitation(practice.vault, code, NEW, AT)


def test_a_post_whose_keys_turned_is_not_given(practice):
    code = invited(practice, NewMember(name="Mira", roles=(), posts=("front_desk",)))
    with practice.visit("Thea") as visit:
        take_post(visit, practice.people["Fay"], "front_desk")
    with pytest.raises(WrongSignIn):
        accept_invitation(practice.vault, code, NEW, AT)


def test_what_somebody_writes_over_it_counts_for_nothing(practice):
    """Whoever can write to the database and has the boot secret gives nobody a role."""
    code, vault = invited(practice), practice.vault
    [(name, sealed)] = [
        one
        for one in vault.store.rows("settings.all", practice_id=vault.practice_id)
        if one[0].startswith("invitation/")
    ]
    row = vault.directory.open(InvitationRow, sealed, name.encode())
    forged = InvitationRow(
        **{**{one: getattr(row, one) for one in row.__struct_fields__}, "roles": ("physician",)}
    )
    blob = vault.directory.seal(forged, name.encode())
    place = {"practice_id": vault.practice_id, "name": name}
    vault.store.write(lambda writing: writing.run("settings.update", row=blob, **place)).result()
    with pytest.raises(WrongSignIn):
        accept_invitation(vault, code, NEW, AT)


def test_one_that_was_taken_back_stays_so_though_its_row_is_put_back(practice):
    """By somebody who has the code and a hand in the database."""
    code = invited(practice)
    vault = practice.vault
    whose = {"practice_id": vault.practice_id}
    rows = dict(vault.store.rows("settings.all", **whose))
    with practice.visit("Olaf") as visit:
        [waiting] = invitations(visit)
        take_back_invitation(visit, waiting.invitation_id)
        with pytest.raises(Unknown):
            take_back_invitation(visit, waiting.invitation_id)
    name = f"invitation/{waiting.invitation_id.hex()}"
    put_back = {**whose, "name": name, "row": rows[name]}
    vault.store.write(lambda writing: writing.run("settings.insert", **put_back)).result()
    with pytest.raises(WrongSignIn):
        accept_invitation(vault, code, NEW, AT)
