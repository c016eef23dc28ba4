"""`angerona member`: colleagues enrolled, posts given, codes renewed."""

import re

import pytest

from closed_practice import as_thea, closed_practice, copied, run

CODE = re.compile(r"^ +([0-9A-Z]{4,}(?:-[0-9A-Z]{4,})+)$", re.MULTILINE)
MIRA = ["--role", "nurse", "--new-file", "first"]


def made(place):
    closed_practice(place)
    for name, text in (("first", "a first long sentence"), ("bad", "short")):
        (place / name).write_text(text + "\n", encoding="utf-8")
        (place / name).chmod(0o600)
    return place


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    return made(tmp_path_factory.mktemp("members-begun") / "place")


@pytest.fixture
def place(begun, tmp_path, monkeypatch):
    return copied(begun, tmp_path / "place", monkeypatch)


@pytest.fixture(scope="module")
def still(begun, tmp_path_factory):
    """Where nothing is to happen."""
    with pytest.MonkeyPatch.context() as patch:
        yield copied(begun, tmp_path_factory.mktemp("members") / "still", patch)


def enrolled(place, *more):
    done = run(place, "member", "enrol", "Mira", *MIRA, *more, *as_thea(place))
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def as_mira(_place):
    return ["--as", "Mira", "--password-file", "first"]


def refused(done, said):
    assert (done.returncode, done.stdout, done.stderr) == (2, "", f"angerona: {said}\n")


def test_a_colleague_is_enrolled_with_a_password_and_a_recovery_code(place):
    out = enrolled(place, "--post", "on_call")
    assert "Mira is enrolled." in out
    assert run(place, "clients", *as_mira(place)).returncode == 0
    (place / "mira-code").write_text(CODE.search(out)[1] + "\n", encoding="utf-8")
    (place / "mira-code").chmod(0o600)
    (place / "second").write_text("a second long sentence\n", encoding="utf-8")
    (place / "second").chmod(0o600)
    by_code = ["--as", "Mira", "--recovery-file", "mira-code", "--new-file", "second"]
    assert run(place, "password", *by_code).returncode == 0
    assert run(place, "ledger", "fsck").returncode == 0


def test_the_members_are_listed_for_members(place):
    enrolled(place, "--post", "on_call")
    nobody = ["enrol", "Abel", "--new-file", "first"]
    assert run(place, "member", *nobody, *as_thea(place)).returncode == 0
    done = run(place, "member", "list", *as_mira(place))
    others, thea = done.stdout.split("Thea")
    assert others == "Abel\nMira (nurse; holds the posts: clinician on call)\n"
    assert thea.startswith(" (psychologist; holds the posts: ")


def test_a_recovery_code_can_be_set_on_a_page(place):
    enrolled(place, "--sheet", "mira.pdf")
    assert (place / "mira.pdf").read_bytes().startswith(b"%PDF-")
    assert (place / "mira.pdf").stat().st_mode & 0o777 == 0o600
    done = run(place, "member", "recovery-code", "--sheet", "mira.pdf", *as_thea(place))
    refused(done, "mira.pdf: exists already; --force writes over it")


def test_a_post_given_opens_what_it_brings(place):
    enrolled(place)
    assert "No clients yet." in run(place, "clients", *as_mira(place)).stdout
    done = run(place, "member", "post", "Mira", "on_call", *as_thea(place))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Mira holds this post too now: clinician on call.\n"
    assert "Ada Invented" in run(place, "clients", *as_mira(place)).stdout
    assert run(place, "ledger", "fsck").returncode == 0
    again = run(place, "member", "post", "Mira", "on_call", *as_thea(place))
    refused(again, "post: is held already; another post")


def test_roles_and_posts_have_an_end(place):
    enrolled(place)
    told = [
        (["role", "Mira", "trainee"], "Mira has a further role now: trainee."),
        (["until", "Mira", "trainee", "2999-06-30"], "Mira: trainee lasts until 1 July 2999."),
        (
            ["post", "Mira", "on_call", "--until", "2999-06-30"],
            "Mira holds this post too now: clinician on call.",
        ),
        (["end-role", "Mira", "nurse"], "Mira has this role no more: nurse."),
    ]
    for given, said in told:
        done = run(place, "member", *given, *as_thea(place))
        assert (done.stdout, done.stderr) == (f"{said}\n", "")
    listed = run(place, "member", "list", *as_mira(place)).stdout
    assert (
        "Mira (trainee until 1 July 2999; holds the posts: clinician on call until 1 July 2999)"
        in " ".join(listed.split())
    )
    done = run(place, "member", "until", "Mira", "trainee", *as_thea(place))
    assert done.stdout == "Mira: trainee has no end now.\n"
    assert run(place, "ledger", "fsck").returncode == 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["role", "Thea", "wizard"], "role: unknown role"),
        (["role", "Thea", "nurse", "--until", "2001-01-01"], "until: is past"),
        (["role", "Thea", "nurse", "--until", "soon"], "--until: is no day"),
        (["end-role", "Thea", "psychologist"], "role: is the only one without an end"),
        (["until", "Thea", "on_call", "2999-06-30"], "post: on_call: nobody else holds it"),
        (["until", "Thea", "nurse", "2999-06-30"], "role or post: is none of this person's"),
        (["post", "Nobody", "on_call"], "name: is nobody's who works here"),
        (["post", "Thea", "janitor"], "post: unknown post"),
        (["enrol", "Thea", *MIRA], "name: is somebody's here already"),
        (["enrol", "Nils", "--role", "wizard", "--new-file", "first"], "roles: unknown role"),
        (["enrol", "Nils", "--post", "janitor", "--new-file", "first"], "posts: unknown post"),
        (["enrol", "Nils", "--new-file", "bad"], "password: is too short or too long"),
        (["enrol", "Nils", *MIRA, "--paper", "a5"], "--paper: no such paper"),
        (["enrol", "Nils"], "the terminal: nobody is here to type it unseen"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(still, given, said):
    done = run(still, "member", *given, *as_thea(still))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"angerona: {said}")
    assert done.stderr.count("\n") == 1
    assert run(still, "member", "list", *as_thea(still)).stdout.count(" (") == 1


def test_only_the_privacy_officer_enrols_and_gives_posts(place):
    enrolled(place, "--post", "on_call")
    said = "nothing is opened without a permit and a line in the ledger"
    more = ["enrol", "Nils", *MIRA]
    refused(run(place, "member", *more, *as_mira(place)), said)
    refused(run(place, "member", "post", "Thea", "on_call", *as_mira(place)), said)


def test_a_new_recovery_code_replaces_the_former_one(place):
    done = run(place, "member", "recovery-code", *as_thea(place))
    assert (done.returncode, done.stderr) == (0, "")
    old = ["--as", "Thea", "--recovery-file", "code", "--new-file", "first"]
    assert run(place, "password", *old).returncode == 2
    (place / "code").write_text(CODE.search(done.stdout)[1] + "\n", encoding="utf-8")
    assert run(place, "password", *old).returncode == 0
    assert run(place, "ledger", "fsck").returncode == 0
