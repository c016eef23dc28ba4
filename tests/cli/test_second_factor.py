"""Whoever has a second factor is asked for it by the commands that open keys, too."""

import subprocess
import sys

import pyotp
import pytest

from closed_practice import as_thea, closed_practice, run
from small_practice import PASSWORD

ADD = """
import datetime, sys
from dataclasses import replace
from pathlib import Path
from angerona.ciphers.one_time import new_secret, written_secret
from angerona.cli.entrance import now, opened
from angerona.practice import signing_in
from angerona.practice.members import sign_in_with_password
import pyotp
with opened(Path(sys.argv[1])) as vault:
    at = now()
    cookie = sign_in_with_password(vault, "Thea", sys.argv[2], at)
    with vault.visit(cookie, at) as visit:
        if sys.argv[3] == "app":
            secret = new_secret()
            text = written_secret(secret).replace(" ", "")
            before = at - datetime.timedelta(minutes=2)
            signing_in.add_app(
                replace(visit, at=before), "my phone", secret, pyotp.TOTP(text).at(before)
            )
            print(text)
        else:
            signing_in._add_second(visit, "device", "my key", passkey=b"key", public=b"public")
"""


def with_second(place, kind):
    done = subprocess.run(
        [sys.executable, "-c", ADD, str(place / "data"), PASSWORD, kind],
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def place(tmp_path):
    return closed_practice(tmp_path / "place")


def refused(done, said):
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_code_of_the_app_is_asked_for_and_taken_once(place):
    secret = with_second(place, "app")
    refused(run(place, "clients", *as_thea(place)), "--code: a code of the app is asked for")
    wrong = run(place, "--code", "000000", "clients", *as_thea(place))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    code = pyotp.TOTP(secret).now()
    right = run(place, "--code", code, "clients", *as_thea(place))
    assert "Ada Invented" in right.stdout, right.stderr
    again = run(place, "--code", code, "clients", *as_thea(place))
    assert (again.returncode, again.stdout, again.stderr) == (2, "", wrong.stderr)
    refused(run(place, "password", "--new-file", "password", *as_thea(place)), "--code:")
    assert run(place, "ledger", "fsck").returncode == 0, "what signs nobody in asks for none"


def test_who_has_a_passkey_alone_is_told_what_to_do(place):
    with_second(place, "device")
    refused(
        run(place, "clients", *as_thea(place)),
        "signs in with a passkey, and a command cannot ask for one; an authenticator app too",
    )


def test_without_a_second_factor_nothing_more_is_asked(place):
    assert "Ada Invented" in run(place, "clients", *as_thea(place)).stdout
