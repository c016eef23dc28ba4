"""Members: enrolled with two credentials, changed passwords, and nothing put back."""

import pytest

from angerona.errors import Altered, BadInput, NotPermitted, SignedOut, Unopenable, WrongSignIn
from angerona.practice.colleagues import colleague_of, colleagues, give_post
from angerona.practice.members import (
    NewMember,
    add_passkey,
    change_password,
    credentials_of,
    enrol,
    enrol_member,
    renew_recovery_code,
    sign_in_with_passkey,
    sign_in_with_password,
    sign_in_with_recovery_code,
    sign_out,
)
from angerona.practice.portal import give_way_in
from angerona.sealed.checking import check_rows
from angerona.sealed.holding import seeds_of
from angerona.sealed.vault import Vault
from small_practice import AT, PASSWORD, founded

pytestmark = pytest.mark.usefixtures("quickly")

NEW = "another long and quiet sentence"


@pytest.fixture
def practice(tmp_path):
    practice = founded(tmp_path / "data")
    yield practice
    practice.vault.store.close()


def kinds(practice, subject_id):
    return [line.kind for line in practice.vault.ledger.lines_of(subject_id)]


def reopened(practice):
    """The same practice to a process that has nothing at hand."""
    vault = practice.vault
    keys = practice.boot.derived(vault.practice_id)
    return Vault(vault.store, keys, vault.keyset, vault.agent)


def test_a_member_signs_in_and_out_with_a_line_each(practice):
    thea = practice.people["Thea"]
    sign_out(practice.vault, practice.cookies["Thea"], AT)
    assert kinds(practice, thea)[-2:] == ["sign_in", "sign_out"]
    with pytest.raises(SignedOut):
        sign_out(practice.vault, practice.cookies["Thea"], AT)


def test_an_unknown_name_and_a_wrong_password_are_met_alike(practice, monkeypatch):
    from angerona.sealed import people  # noqa: PLC0415 -- to count

    counted = []
    real = people.stretched
    monkeypatch.setattr(people, "stretched", lambda *given: counted.append(1) or real(*given))
    said = set()
    for name, password in (("Nobody", PASSWORD), ("Thea", NEW), ("Nobody", ""), ("Thea", "\ud800")):
        with pytest.raises(WrongSignIn) as refused:
            sign_in_with_password(practice.vault, name, password, AT)
        said.add(str(refused.value))
    assert len(said) == 1
    assert len(counted) == 4
    assert kinds(practice, practice.vault.practice_id)[-1] == "failed_sign_in"


def test_the_recovery_code_lets_in_and_a_wrong_one_does_not(practice):
    who = NewMember(name="Sue", roles=("psychologist",), posts=())
    made = enrol(practice.vault, who, PASSWORD, AT, by={}, post_seeds={})
    assert sign_in_with_recovery_code(practice.vault, "sue", made.recovery_code, AT)
    other = enrol(
        practice.vault,
        NewMember(name="Fay", roles=(), posts=()),
        PASSWORD,
        AT,
        by={},
        post_seeds={},
    )
    for name, code in (("Sue", other.recovery_code), ("Nobody", made.recovery_code), ("Sue", "x")):
        with pytest.raises(WrongSignIn):
            sign_in_with_recovery_code(practice.vault, name, code, AT)


def test_a_passkey_is_a_further_credential(practice):
    secret = bytes(range(32))
    with practice.visit("Thea") as visit:
        add_passkey(visit, "her phone", secret)
        keys = visit.unlocked.keys
    [credential] = credentials_of(practice.vault.person(practice.people["Thea"]), "passkey")
    assert practice.vault.lock.open_with_passkey(credential, secret).seed == keys.seed
    cookie = sign_in_with_passkey(practice.vault, credential.credential_id, secret, AT)
    with practice.vault.visit(cookie, AT) as visit:
        assert visit.person.row.name == "Thea"
    for credential_id, given in (
        (credential.credential_id, bytes(32)),
        (credential.credential_id, b"too short"),
        (bytes(16), secret),
    ):
        with pytest.raises(WrongSignIn):
            sign_in_with_passkey(practice.vault, credential_id, given, AT)


def test_a_changed_password_replaces_the_former_and_ends_every_other_session(practice):
    other = practice.cookies["Thea"]
    practice.open("Thea")
    with practice.visit("Thea") as visit:
        change_password(visit, NEW)
    with pytest.raises(SignedOut), practice.vault.visit(other, AT):
        pass
    with practice.visit("Thea"):
        pass
    with pytest.raises(WrongSignIn):
        sign_in_with_password(practice.vault, "Thea", PASSWORD, AT)
    assert sign_in_with_password(practice.vault, "Thea", NEW, AT)


def test_an_old_password_put_back_into_the_database_lets_nobody_in(practice):
    thea = practice.people["Thea"]
    place = {"practice_id": practice.vault.practice_id, "person_id": thea}
    before = practice.vault.store.rows("credentials.of_person", **place)
    with practice.visit("Thea") as visit:
        change_password(visit, NEW)
    assert sign_in_with_password(practice.vault, "Thea", NEW, AT), "what was checked is at hand"
    [old] = [row for row in before if row[1] == 0]
    names = ("credential_id", "kind", "salt", "public", "private", "usk", "row")
    practice.vault.store.write(
        lambda writing: writing.run(
            "credentials.insert", **place, **dict(zip(names, old, strict=True))
        )
    ).result()
    with pytest.raises(WrongSignIn):
        sign_in_with_password(practice.vault, "Thea", PASSWORD, AT)
    with pytest.raises(Altered):
        reopened(practice).person(thea)


@pytest.mark.parametrize(
    "who",
    [
        {"name": " "},
        {"name": "x" * 201},
        {"name": "Sue", "roles": ("wizard",)},
        {"name": "Sue", "posts": ("wizard",)},
        {"name": "Sue", "posts": ("biller",)},
    ],
)
def test_a_member_that_cannot_be_enrolled_is_named(practice, who):
    new = NewMember(**{"roles": (), "posts": (), **who})
    with pytest.raises(BadInput):
        enrol(practice.vault, new, PASSWORD, AT, by={}, post_seeds={})


def test_a_post_is_handed_on_by_who_holds_it(practice):
    from angerona.sealed.holding import seeds_of  # noqa: PLC0415 -- only here

    practice.enrol("Fay", posts=("front_desk",))
    with practice.visit("Fay") as visit:
        assert seeds_of(visit, ["front_desk"])
        with pytest.raises(Unopenable):
            seeds_of(visit, ["biller"])


def test_no_name_is_two_peoples(practice):
    who = NewMember(name="\uff34hea", roles=(), posts=())
    with practice.visit("Thea") as visit:
        enrol_member(visit, who, PASSWORD)
        for name in ("thea", " Thea ", "THEA"):
            with pytest.raises(BadInput, match="already"):
                enrol_member(visit, NewMember(name=name, roles=(), posts=()), PASSWORD)


def test_only_the_privacy_officer_enrols(practice):
    practice.enrol("Sue", roles=("psychologist",))
    with practice.visit("Sue") as visit, pytest.raises(NotPermitted):
        enrol_member(visit, NewMember(name="Eve", roles=(), posts=()), PASSWORD)


def test_a_damaged_row_shuts_nobody_else_out(practice):
    sue = practice.enrol("Sue", roles=("psychologist",))
    place = {"practice_id": practice.vault.practice_id, "person_id": sue}
    [(keys, row)] = practice.vault.store.rows("people.by_key", **place)
    practice.vault.store.write(
        lambda writing: writing.run("people.update", keys=keys, row=row[:-1] + b"x", **place)
    ).result()
    assert sign_in_with_password(practice.vault, "Thea", PASSWORD, AT)
    with pytest.raises(WrongSignIn):
        sign_in_with_password(practice.vault, "Nobody", PASSWORD, AT)


def test_a_new_recovery_code_ends_the_former_one_and_every_other_session(practice):
    former, other = practice.recovery_code, practice.cookies["Thea"]
    practice.open("Thea")
    with practice.visit("Thea") as visit:
        code = renew_recovery_code(visit)
    with pytest.raises(SignedOut), practice.vault.visit(other, AT):
        pass
    with pytest.raises(WrongSignIn):
        sign_in_with_recovery_code(practice.vault, "Thea", former, AT)
    sign_in_with_recovery_code(practice.vault, "Thea", code, AT)
    line = practice.vault.ledger.lines_of(practice.people["Thea"])[-2]
    assert (line.kind, line.body["what"]) == ("keys", "recovery code renewed")


def test_a_post_is_given_with_its_key_and_a_line(practice):
    mira = practice.enrol("Mira", roles=("nurse",))
    practice.client("Ada Invented")
    with practice.visit("Thea") as visit:
        assert colleague_of(visit, " mira ").person_id == mira
        give_post(visit, mira, "on_call")
        assert {one.row.name: one.row.posts for one in colleagues(visit)}["Mira"] == ("on_call",)
    with practice.visit("Mira") as visit:
        assert seeds_of(visit, ["on_call"])["on_call"]
    line = practice.vault.ledger.lines_of(mira)[-1]
    assert (line.kind, line.body["what"], line.body["posts"]) == (
        "member",
        "post given",
        ["on_call"],
    )
    assert check_rows(practice.vault, AT) == []
    assert reopened(practice).person(mira).row.posts == ("on_call",)


def test_a_post_is_given_by_an_officer_who_holds_it_to_who_works_here_and_once(practice):
    mira = practice.enrol("Mira", roles=("nurse",))
    practice.enrol("Olaf", posts=("privacy_officer",))
    ada = practice.client("Ada Invented")
    with practice.visit("Thea") as visit:
        of_client = give_way_in(visit, ada, "ada", NEW).person_id
    for by, whom, post, refusal in (
        ("Mira", "Thea", "on_call", NotPermitted),
        ("Olaf", "Mira", "on_call", Unopenable),
        ("Thea", "Mira", "janitor", BadInput),
        ("Thea", "Thea", "on_call", BadInput),
        ("Thea", "ada", "on_call", BadInput),
    ):
        person_id = {**practice.people, "ada": of_client}[whom]
        with pytest.raises(refusal), practice.visit(by) as visit:
            give_post(visit, person_id, post)
    assert practice.vault.person(mira).row.posts == ()


def test_who_works_here_is_told_to_members_alone_and_no_client_is_among_them(practice):
    ada = practice.client("Ada Invented")
    with practice.visit("Thea") as visit:
        give_way_in(visit, ada, "ada", NEW)
        assert [one.row.name for one in colleagues(visit)] == ["Thea"]
        for nobody in ("ada", "Nobody"):
            with pytest.raises(BadInput, match="is nobody's who works here"):
                colleague_of(visit, nobody)
    practice.cookies["ada"] = sign_in_with_password(practice.vault, "ada", NEW, AT)
    with practice.visit("ada") as visit, pytest.raises(NotPermitted):
        colleagues(visit)
