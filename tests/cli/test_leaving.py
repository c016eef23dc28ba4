"""`angerona member take`, `leave` and `shut-out`: nobody keeps what is not theirs any more."""

import json

import pytest

from closed_practice import as_thea, closed_practice, copied, run

WRONG = (2, "", "angerona: name and password do not belong together, or are not known here\n")
NOT_YOURS = (2, "", "angerona: nothing is opened without a permit and a line in the ledger\n")
BEA = json.dumps({"name": "Bea Invented"})


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    place = closed_practice(tmp_path_factory.mktemp("leaving") / "place")
    (place / "first").write_text("a first long sentence\n", encoding="utf-8")
    (place / "first").chmod(0o600)
    for name in ("Mira", "Nils"):
        enrol = ("member", "enrol", name, "--role", "psychologist", "--new-file", "first")
        assert done(place, *enrol)[0] == 0
    assert done(place, "client", "enrol", "-", "--treating", "Mira", stdin=BEA)[0] == 0
    return place


@pytest.fixture
def place(begun, tmp_path, monkeypatch):
    return copied(begun, tmp_path / "place", monkeypatch)


def as_one(name):
    return ["--as", name, "--password-file", "first"]


def done(place, *given, who=None, stdin=""):
    ended = run(place, *given, *(who or as_thea(place)), reason=stdin)
    return ended.returncode, ended.stdout, ended.stderr


def names(place):
    said = done(place, "member", "list")[1]
    return [line.partition(" (")[0] for line in said.splitlines() if " (" in line]


def test_a_clinician_leaves_and_hands_her_clients_over(place):
    code, out, err = done(place, "member", "leave", "Mira", who=as_one("Mira"))
    assert (code, "Bea Invented" in out) == (2, True)
    assert err == (
        "angerona: --clients-to: 1 client would have nobody who treats them; "
        "a colleague who treats from then on\n"
    )
    left = ("member", "leave", "Mira", "--clients-to", "Nils")
    code, out, err = done(place, *left, who=as_one("Mira"))
    assert (code, err) == (0, "")
    assert "Clients handed over: 1." in out
    assert done(place, "clients", who=as_one("Mira")) == WRONG
    assert "Bea Invented" in done(place, "clients", who=as_one("Nils"))[1]
    assert "Mira" not in names(place)
    assert run(place, "ledger", "fsck").returncode == 0


def test_somebody_is_shut_out_at_once_and_the_ties_end_later(place):
    assert done(place, "member", "shut-out", "Mira")[0] == 0
    assert done(place, "clients", who=as_one("Mira")) == WRONG
    assert done(place, "member", "shut-out", "Mira")[2].startswith("angerona: name: is nobody's")
    code, out, err = done(place, "member", "leave", "Mira")
    assert (code, "Bea Invented" in out) == (2, True)
    assert err.startswith("angerona: --clients-to: 1 client would")
    assert run(place, "ledger", "fsck").returncode == 0


def test_a_post_is_taken_away(place):
    assert done(place, "member", "post", "Mira", "front_desk")[0] == 0
    assert "Ada Invented" in done(place, "clients", who=as_one("Mira"))[1]
    code, out, err = done(place, "member", "take", "Mira", "front_desk")
    assert (code, err) == (0, "")
    assert out.startswith("Mira does not hold this post any more.")
    assert "Ada Invented" not in done(place, "clients", who=as_one("Mira"))[1]
    assert run(place, "ledger", "fsck").returncode == 0


def test_what_cannot_be_is_said_and_nobody_leaves(place):
    for given, said in (
        (["take", "Mira", "front_desk"], "post: is not held by this person"),
        (["take", "Nobody", "front_desk"], "name: is nobody's who works here"),
        (["take", "Thea", "on_call"], "post"),
        (["leave", "Nobody"], "name: is nobody's who works here"),
        (["leave", "Thea", "--clients-to", "Nils"], "--posts-to: nobody else holds on_call"),
        (["shut-out", "Thea", "--posts-to", "Nils"], "nothing is opened without a permit"),
    ):
        code, out, err = done(place, "member", *given)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"angerona: {said}"), err
    for given in (["leave", "Nils"], ["shut-out", "Nils"], ["take", "Thea", "on_call"]):
        assert done(place, "member", *given, who=as_one("Mira")) == NOT_YOURS
    assert names(place) == ["Mira", "Nils", "Thea"]
