"""Signing in from a page: what stands beside a password, once it is there, and proof anew."""

import datetime

import pyotp
import pytest

from angerona.ciphers.one_time import new_secret, written_secret
from angerona.errors import Altered, BadInput, NotPermitted, SignedOut, Unknown, WrongSignIn
from angerona.practice.members import (
    change_password,
    credentials_of,
    renew_recovery_code,
    sign_in_with_recovery_code,
)
from angerona.practice.roles import own_changes
from angerona.practice.signing_in import (
    Given,
    Touch,
    add_app,
    end_sessions,
    has_second,
    prove_again,
    sessions_of,
    sign_in,
    sign_in_with_touch,
    take_off,
    take_off_seconds,
)
from angerona.sealed.sessions import WRONG_MAX
from prepared_practice import AT, PASSWORD, prepared, quick_passwords

STEP = datetime.timedelta(seconds=30)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@pytest.fixture
def practice(tmp_path):
    with quick_passwords(), prepared().copied(tmp_path / "practice").opened() as practice:
        yield practice


def code_of(secret, at=AT):
    return pyotp.TOTP(written_secret(secret).replace(" ", "")).at(at)


@pytest.fixture
def app(practice):
    """Tess has an app; its first code is used up."""
    secret = new_secret()
    with practice.visit("Tess") as visit:
        add_app(visit, "my phone", secret, code_of(secret))
    return secret


def given(code="", password=PASSWORD, name="Tess"):
    return Given(name, password, code)


def kinds(practice, name):
    return [one.kind for one in practice.vault.ledger.lines_of(practice.people[name])]


def test_without_a_second_factor_a_password_is_enough(practice):
    sign_in(practice.vault, given(), AT)
    assert kinds(practice, "Tess")[-1] == "sign_in"


def test_with_an_app_its_code_is_asked_for(practice, app):
    later = AT + 2 * STEP
    for code in ("", "000000", code_of(app, AT - 9 * STEP)):
        with pytest.raises(WrongSignIn):
            sign_in(practice.vault, given(code), later)
    sign_in(practice.vault, given(code_of(app, later)), later)


def test_a_code_is_taken_once(practice, app):
    later = AT + 2 * STEP
    code = code_of(app, later)
    sign_in(practice.vault, given(code), later)
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, given(code), later)
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, given(code_of(app, AT + STEP)), later)
    sign_in(practice.vault, given(code_of(app, later + STEP)), later + STEP)


def test_the_code_with_which_it_was_set_up_is_used_up(practice, app):
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, given(code_of(app)), AT)


def test_two_at_once_with_one_code_are_let_in_once(practice, app):
    """Both read the row before either has written: the transaction tells them apart."""
    later = AT + 2 * STEP
    code = code_of(app, later)
    vault, stale = practice.vault, practice.vault.person(practice.people["Tess"])
    sign_in(vault, given(code), later)
    real, vault.person = vault.person, lambda _: stale
    try:
        with pytest.raises(WrongSignIn):
            sign_in(vault, given(code), later)
    finally:
        vault.person = real


def test_a_wrong_password_with_the_right_code_uses_nothing_up(practice, app):
    later = AT + 2 * STEP
    code = code_of(app, later)
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, given(code, password="another long password"), later)
    sign_in(practice.vault, given(code), later)


def test_whatever_is_wrong_takes_the_same_work(practice, app, monkeypatch):
    from angerona.sealed import people  # noqa: PLC0415 -- to count

    counted = []
    real = people.stretched
    monkeypatch.setattr(people, "stretched", lambda *one: counted.append(1) or real(*one))
    later = AT + 2 * STEP
    right = code_of(app, later)
    for wrong in (
        given(right, name="Nobody"),
        given(right, password="another long password"),
        given("000000"),
        given("000000", password="another long password"),
        given(name="Sue", password="another long password"),
    ):
        counted.clear()
        with pytest.raises(WrongSignIn) as told:
            sign_in(practice.vault, wrong, later)
        assert len(counted) == 1
        assert str(told.value) == str(WrongSignIn())


def refused(practice, at, *, place="", code="000000", password=PASSWORD):
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, Given("Tess", password, code, place=place), at)


def lets_in(practice, app, at, place):
    """Whether the right password and the right code of this moment do."""
    try:
        sign_in(practice.vault, Given("Tess", PASSWORD, code_of(app, at), place=place), at)
    except WrongSignIn:
        return False
    return True


def test_codes_are_guessed_slowly_from_however_many_addresses(practice, app):
    later = AT + 2 * STEP
    for one in range(5):
        refused(practice, later, place=f"192.0.2.{one}")
    assert not lets_in(practice, app, later, "192.0.2.77")
    assert not lets_in(practice, app, later + HOUR - STEP, "192.0.2.78")
    assert lets_in(practice, app, later + HOUR, "192.0.2.79")


def test_in_a_day_twenty_codes_are_looked_at(practice, app):
    del app
    at, looked_at = AT + 2 * STEP, 0
    for _ in range(24 * 6):
        at += 10 * MINUTE
        looked_at += practice.vault.tries.may_try(practice.people["Tess"], "192.0.2.1", at)
        refused(practice, at, place="192.0.2.1")
    assert looked_at == 20


def test_a_stranger_without_the_password_counts_nothing(practice, app):
    later = AT + 2 * STEP
    for one in range(30):
        refused(practice, later, place=f"192.0.2.{one}", password="another long password")
        refused(practice, later, place=f"192.0.2.{one}", code="")
    assert lets_in(practice, app, later, "198.51.100.1")


def test_where_a_person_signed_in_counts_by_itself(practice, app):
    later, home = AT + 2 * STEP, "198.51.100.1"
    assert lets_in(practice, app, later, home)
    practice.vault.tries.right(practice.people["Tess"], home)
    for one in range(9):
        refused(practice, later, place=f"192.0.2.{one}")
    later += 2 * STEP
    assert not lets_in(practice, app, later, "192.0.2.77")
    assert lets_in(practice, app, later, home)
    for _ in range(5):
        refused(practice, later, place=home)
    assert not lets_in(practice, app, later + 2 * STEP, home), "and from there as slowly"


def test_a_recovery_code_lets_in_whoever_guesses_meanwhile(practice, app):
    del app
    with practice.visit("Tess") as visit:
        code = renew_recovery_code(visit)
    for one in range(9):
        refused(practice, AT, place=f"192.0.2.{one}")
    assert sign_in_with_recovery_code(practice.vault, "Tess", code, AT)


def test_wrong_codes_stand_under_the_person_a_minute_later(practice, app):
    """And nothing is written while the answer is waited for: that would tell of the password."""
    del app
    person_id, before = practice.people["Tess"], practice.vault.ledger.size
    refused(practice, AT)
    grew = practice.vault.ledger.size - before
    refused(practice, AT, password="another long password")
    refused(practice, AT)
    refused(practice, AT, code="")
    assert practice.vault.ledger.size - before == grew == 1, "one line of the practice's"
    practice.vault.repeats.tick(AT + MINUTE)
    told = practice.vault.ledger.lines_of(person_id)[-1]
    assert told.kind == "failed_sign_in"
    assert told.body["what"] == "the right password, and a wrong code"
    assert told.body["more"] == 2
    with practice.visit("Tess") as visit:
        assert own_changes(visit)[0] == (
            AT + MINUTE,
            "2 wrong codes came with your right password.",
        )


def test_a_code_that_does_not_fit_adds_no_app(practice):
    with practice.visit("Tess") as visit:
        with pytest.raises(BadInput):
            add_app(visit, "my phone", new_secret(), "000000")
        assert not has_second(visit.person)


def test_an_app_put_back_or_removed_in_the_database_is_found(practice, app):
    vault, person_id = practice.vault, practice.people["Tess"]
    [one] = credentials_of(vault.person(person_id), "app")
    place = {"practice_id": vault.practice_id, "credential_id": one.credential_id}
    vault.store.write(lambda writing: writing.run("credentials.delete", **place)).result()
    vault._kept._held.clear()  # noqa: SLF001 -- as after a new start
    with pytest.raises(Altered):
        sign_in(vault, given(code_of(app, AT + 2 * STEP)), AT + 2 * STEP)


def test_an_app_is_taken_off_by_its_owner_and_ends_the_other_sessions(practice, app):
    del app
    other = practice.cookies["Tess"]
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        [one] = credentials_of(visit.person, "app")
        take_off(visit, one.credential_id)
        assert len(sessions_of(visit)) == 1
    with pytest.raises(SignedOut), practice.vault.visit(other, AT):
        pass
    sign_in(practice.vault, given(), AT)


def test_nobody_takes_off_anothers_nor_a_password(practice, app):
    del app
    with practice.visit("Tess") as visit:
        [app_of_tess] = credentials_of(visit.person, "app")
        [password] = credentials_of(visit.person, "password")
        with pytest.raises(Unknown):
            take_off(visit, password.credential_id)
    with practice.visit("Sue") as visit, pytest.raises(Unknown):
        take_off(visit, app_of_tess.credential_id)


def test_the_officer_takes_off_what_a_colleague_has_lost(practice, app):
    del app
    tess = practice.people["Tess"]
    with practice.visit("Sue") as visit, pytest.raises(NotPermitted):
        take_off_seconds(visit, tess)
    with practice.visit("Olaf") as visit:
        with pytest.raises(NotPermitted):
            take_off_seconds(visit, practice.people["Olaf"])
        take_off_seconds(visit, tess)
    sign_in(practice.vault, given(), AT)
    assert kinds(practice, "Tess")[-2:] == ["keys", "sign_in"]


def test_a_password_or_a_code_proves_anew(practice, app):
    later = AT + datetime.timedelta(minutes=6)
    with practice.visit("Tess", later) as visit:
        assert visit.unlocked.proved == AT
        prove_again(visit, PASSWORD)
        assert visit.unlocked.proved == later
    later += STEP
    with practice.visit("Tess", later) as visit:
        prove_again(visit, code_of(app, later))
        assert visit.unlocked.proved == later
        with pytest.raises(WrongSignIn):
            prove_again(visit, code_of(app, later))


def test_five_wrong_proofs_end_the_session(practice, app):
    del app
    for number in range(WRONG_MAX):
        with practice.visit("Tess") as visit, pytest.raises(WrongSignIn):
            prove_again(visit, "000000" if number % 2 else "another long password")
    with pytest.raises(SignedOut), practice.visit("Tess"):
        pass


def test_every_session_ends_at_once_and_anothers_stay(practice):
    first = practice.cookies["Tess"]
    practice.open("Tess")
    with practice.visit("Tess") as visit:
        assert len(sessions_of(visit)) == 2
        end_sessions(visit)
    for cookie in (first, practice.cookies["Tess"]):
        with pytest.raises(SignedOut), practice.vault.visit(cookie, AT):
            pass
    with practice.visit("Sue") as visit:
        assert len(sessions_of(visit)) == 1


def test_another_password_leaves_this_session_and_the_app(practice, app):
    with practice.visit("Tess") as visit:
        change_password(visit, "another long and quiet sentence")
    with practice.visit("Tess") as visit:
        assert len(sessions_of(visit)) == 1
        assert has_second(visit.person)
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, given(password="another long and quiet sentence"), AT)
    del app


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "{}", '{"rawId": "AAAA"}', '{"rawId": 1}', "[" * 9_999]
)
def test_what_is_no_answer_of_a_passkey_is_a_wrong_sign_in(practice, answer):
    touch = Touch(answer, bytes(56), bytes(32), "http://localhost", bytes(32))
    with pytest.raises(WrongSignIn):
        sign_in_with_touch(practice.vault, touch, AT)
    with pytest.raises(WrongSignIn):
        sign_in(practice.vault, Given("Tess", "another long password", "", touch), AT)
