"""The doors of one's own account and of the members' pages (doors.py)."""

import base64
import datetime

import pyotp

from angerona.ciphers.one_time import new_secret
from angerona.errors import BadInput, WrongSignIn
from angerona.practice.absences import absences_of, deputy_of, is_away, say_away, take_back
from angerona.practice.calendar import (
    DUE,
    NewAppointment,
    appointments_of,
    calendar,
    cancel_appointment,
    feed,
    make_appointment,
    new_feed,
    own_appointments,
)
from angerona.practice.caseload import found_by, met, tied_to
from angerona.practice.closeness import note_close, say_close, shares_name
from angerona.practice.deadlines import board, group_of, left_in_words
from angerona.practice.invitations import (
    accept_invitation,
    invitation_of,
    invitations,
    invite,
    take_back_invitation,
)
from angerona.practice.members import NewMember, change_password, sign_in_with_password
from angerona.practice.paging import (
    due_pages,
    is_mail_address,
    page_failed,
    page_sent,
    pages_of_call,
    put_pages,
    set_paged_at,
)
from angerona.practice.portal import renew_way_in
from angerona.practice.signing_in import (
    Given,
    Touch,
    add_app,
    add_touch,
    end_sessions,
    has_passkey,
    prove_again,
    prove_again_by_touch,
    sessions_of,
    sign_in,
    sign_in_with_touch,
    take_off,
    take_off_seconds,
)
from small_practice import AT


def seconds(desk):
    """Second factors come and go; a proof anew; sessions on several devices."""
    vault, later = desk.vault, AT + datetime.timedelta(minutes=1)
    name, word = vault.person(desk.person("Tess")).row.name, desk.typed("apppassword")
    with desk.visit("Tess") as visit:
        change_password(visit, desk.words.secret("new password of Tess", word))
        secret = desk.words.secret("secret of an app", new_secret())
        app = pyotp.TOTP(base64.b32encode(secret).decode())
        add_app(visit, desk.typed("app"), secret, app.at(AT))
        prove_again(visit, word)
    cookie = sign_in(vault, Given(name, word, app.at(later)), later)
    desk.practice.cookies["Tess"] = desk.words.secret("fourth cookie of Tess", cookie)
    made = Touch(desk.typed("answer"), vault.challenges.new(b"", AT), b"", "http://localhost")
    with desk.visit("Tess") as visit:
        [one] = [one for one in visit.person.credentials if one.kind == "app"]
        take_off(visit, one.credential_id)
        assert sessions_of(visit)
        with desk.refused(BadInput):
            add_touch(visit, desk.typed("passkey"), made)
    with desk.refused(WrongSignIn):
        sign_in_with_touch(vault, made, AT)
    with desk.visit("Sue") as visit:
        assert not has_passkey(visit.person)
        with desk.refused(WrongSignIn):
            prove_again_by_touch(visit, made)
    for by, ended, end in (
        ("Olaf", "Sue", lambda visit: take_off_seconds(visit, desk.person("Sue"))),
        ("Olaf", "Olaf", end_sessions),
    ):
        with desk.visit(ended) as visit:
            keys = visit.unlocked.keys
        with desk.visit(by) as visit:
            end(visit)
        opened = vault.agent.open(vault.practice_id, desk.person(ended), keys, AT)
        desk.practice.cookies[ended] = desk.words.secret(f"fourth cookie of {ended}", opened)


def invited(desk):
    """Colleagues are invited; one joins, one invitation waits, one is taken back."""
    codes = []
    with desk.visit("Thea") as visit:
        for _ in range(3):
            who = NewMember(name=desk.typed("invited"), roles=("nurse",), posts=("front_desk",))
            codes.append(desk.words.secret(f"code {len(codes)}", invite(visit, who)))
        waits = invitations(visit)
        one = invitation_of(desk.vault, codes[0], AT)
        take_back_invitation(visit, next(two for two in waits if two != one).invitation_id)
    password = desk.words.secret("password of one who joined", desk.typed("joined"))
    joined = accept_invitation(desk.vault, codes[0], password, AT)
    desk.words.secret("recovery code of one who joined", joined.recovery_code)


def paged(desk):
    """Somebody on call says where to be paged, and is, or not."""
    address = desk.words.secret("where to be paged", "vespertine.quolphine@example.org")
    assert is_mail_address(address)
    with desk.visit("Tess") as visit:
        set_paged_at(visit, address)
    pages = pages_of_call(desk.vault, AT)
    desk.vault.store.write(lambda writing: put_pages(desk.vault, pages, writing)).result()
    one, *_ = due_pages(desk.vault, AT)
    assert page_failed(desk.vault, one, AT)
    for later in due_pages(desk.vault, AT + datetime.timedelta(hours=1)):
        page_sent(desk.vault, later)
    with desk.visit("Tess") as visit:
        set_paged_at(visit, "")


def absent(desk):
    """Somebody is away for a week and is back; who is close to whom is noted."""
    week = AT + datetime.timedelta(days=7)
    with desk.visit("Sue") as visit:
        say_away(visit, desk.person("Sue"), AT, week, desk.person("Tess"))
        assert len(absences_of(visit, desk.person("Sue"))) == 1
        assert is_away(desk.vault, desk.person("Sue"), AT)
        assert deputy_of(desk.vault, desk.person("Sue"), AT)
        take_back(visit, desk.person("Sue"), AT)
        say_close(visit, [desk.person("Thea")])
        assert shares_name(visit.person, visit.person.row.name)
    with desk.visit("Tess") as visit:
        for members in ([desk.person("Thea")], []):
            note_close(visit, desk.clients["Ada"], members)


def back_in(desk):
    """A client who has lost everything gets back in."""
    with desk.visit("Tess") as visit:
        password = desk.words.secret("new password of Ada", desk.typed("adanew"))
        made = renew_way_in(visit, desk.clients["Ada"], password, desk.typed("recognised"))
        desk.words.secret("new recovery code of Ada", made.recovery_code)
    called = desk.vault.person(made.person_id).row.name
    cookie = sign_in_with_password(desk.vault, called, password, AT)
    desk.practice.cookies["Ada"] = desk.words.secret("new cookie of Ada", cookie)


def appointments(desk):
    """Appointments are made, looked at, cancelled, and fed to a calendar elsewhere."""
    ada, tess = desk.clients["Ada"], desk.person("Tess")
    new = NewAppointment(person_id=tess, starts=AT, minutes=50, title=desk.typed("title"))
    with desk.visit("Tess") as visit:
        make_appointment(visit, ada, new)
        cancel_appointment(visit, make_appointment(visit, ada, new))
        assert appointments_of(visit, ada)
        assert calendar(visit, AT, AT + datetime.timedelta(days=1))
        secret = desk.words.secret("address of a feed", new_feed(visit))
        assert found_by(visit, desk.vault.authority(ada).client.name[:12])
    with desk.visit("Olaf") as visit:
        assert met(visit, ada).name == desk.vault.authority(ada).client.name
        assert tied_to(visit, ada)
        board(visit)
        late = desk.words.secret("address of another feed", new_feed(visit, DUE))
    assert "SUMMARY:Busy" in feed(desk.vault, secret, AT)
    assert "SUMMARY:Busy" not in feed(desk.vault, late, AT)
    assert group_of(AT, AT) == "today"
    assert left_in_words(AT + datetime.timedelta(days=7), AT, working=True) == "in 5 working days"
    with desk.visit("Ada") as visit:
        assert own_appointments(visit)
