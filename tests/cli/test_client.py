"""`angerona client`: one client enrolled, what stands on file, facts, an own way in."""

import json
import re

import pytest

from closed_practice import as_thea, closed_practice, copied, run

SILENCE = (2, "", "angerona: there is nothing here that can be shown\n")
ID = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")
BEA = {
    "name": "Bea Invented",
    "contact": {"telephone": "555 0100", "born": "1990-01-31"},
    "facts": {"client.age": 36, "record.joint": None},
}


def made(place):
    closed_practice(place)
    (place / "first").write_text("a first long sentence\n", encoding="utf-8")
    (place / "first").chmod(0o600)
    enrol = ("member", "enrol", "Fay", "--post", "front_desk", "--new-file", "first")
    assert run(place, *enrol, *as_thea(place)).returncode == 0
    return place


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    return made(tmp_path_factory.mktemp("client-begun") / "place")


@pytest.fixture
def place(begun, tmp_path, monkeypatch):
    return copied(begun, tmp_path / "place", monkeypatch)


@pytest.fixture(scope="module")
def still(begun, tmp_path_factory):
    """Where nothing is to happen."""
    with pytest.MonkeyPatch.context() as patch:
        yield copied(begun, tmp_path_factory.mktemp("client") / "still", patch)


AS_FAY = ["--as", "Fay", "--password-file", "first"]


def done(place, *given, who=None, stdin=""):
    ended = run(place, *given, *(who or as_thea(place)), reason=stdin)
    return ended.returncode, ended.stdout, ended.stderr


def test_a_client_is_enrolled_and_what_stands_on_file_is_shown(place):
    given = ("client", "enrol", "-", "--treating", "Thea")
    code, out, err = done(place, *given, who=AS_FAY, stdin=json.dumps(BEA))
    assert (code, err) == (0, "")
    short = ID.search(out)[0]
    code, out, err = done(place, "client", "show", short)
    assert (code, err) == (0, "")
    assert out.startswith(f"Bea Invented ({short})\n\nTies\n")
    for line in (
        "Thea, treating clinician, since",
        "No consent is on file.",
        "client.age: 36",
        "telephone: 555 0100",
        "What Thea keeps apart",
        "The client has no way in.",
    ):
        assert line in out
    assert "record.joint" not in out
    assert "saw what stands on file" in done(place, "who-looked", short)[1]
    assert run(place, "ledger", "fsck").returncode == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", "the client: a list where a table is needed"),
        ('{"name": "B", "diagnosis": "x"}', "the client: holds another key; allowed: contact"),
        ('{"name": ""}', "name: is empty, too long or not one line"),
        ("{}", "name: cannot be nothing"),
        ('{"name": "B", "contact": []}', "contact: a list where a table is needed"),
        ('{"name": "B", "contact": {"mail": 7}}', "contact: cannot be a number"),
        ('{"name": "B", "contact": {"mail": "a\\nb"}}', "contact: is empty, too long or not"),
        ('{"name": "B", "facts": {"moon.full": true}}', "facts.(a key): unknown fact"),
        ('{"name": "B", "facts": {"client.age": "x"}}', "facts.client.age: cannot be a text"),
        ("", "standard input: is empty"),
    ],
)
def test_a_client_who_cannot_be_read_is_not_enrolled(still, text, said):
    code, out, err = done(still, "client", "enrol", "-", stdin=text)
    assert (code, out) == (2, "")
    assert err.startswith(f"angerona: {said}"), err
    assert done(still, "clients")[1].count("(") == 1


def test_who_treats_must_be_able_to(still):
    for whom, said in (("Fay", "treating: is nobody who treats"), ("Nobody", "name: is nobody's")):
        code, _, err = done(
            still, "client", "enrol", "-", "--treating", whom, stdin=json.dumps(BEA)
        )
        assert (code, err.startswith(f"angerona: {said}")) == (2, True)
    code, _, err = done(still, "client", "enrol")
    assert (code, err.startswith("angerona: the terminal: nobody is here")) == (2, True)


def test_facts_are_put_on_file_and_taken_off(place):
    ada, facts = "Ada Invented", {"client.capacity": True, "client.age": None}
    code, out, err = done(place, "client", "facts", ada, "-", stdin=json.dumps({"facts": facts}))
    assert (code, err) == (0, "")
    _, out, _ = done(place, "client", "show", ada)
    assert "client.capacity: yes" in out.lower()
    assert "client.age" not in out.lower()
    for text, said in (
        ('{"facts": {"moon.full": true}}', "facts.(a key): unknown fact"),
        ('{"orders": [{}]}', "the facts: holds what is not kept on file"),
    ):
        code, _, err = done(place, "client", "facts", ada, "-", stdin=text)
        assert (code, err.startswith(f"angerona: {said}")) == (2, True)
    fay = done(place, "client", "facts", ada, "-", who=AS_FAY, stdin='{"facts": {}}')
    assert fay[0] == 2


def test_what_stands_on_file_is_silence_for_who_only_keeps_the_desk(still):
    assert done(still, "client", "show", "Ada Invented", who=AS_FAY) == SILENCE
    assert done(still, "client", "show", "Nobody") == SILENCE


def test_a_client_is_given_a_way_in(place):
    given = ("client", "way-in", "Ada Invented", "ada", "--new-file", "first")
    code, out, err = done(place, *given, "--sheet", "code.pdf")
    assert (code, err) == (0, "")
    assert out.startswith("The client has a way in.")
    assert (place / "code.pdf").exists()
    as_ada = ["--as", "ada", "--password-file", "first"]
    assert "Ada Invented" in done(place, "clients", who=as_ada)[1]
    assert done(place, "client", "show", "Ada Invented", who=as_ada) == SILENCE
    assert done(place, "member", "list", who=as_ada)[0] == 2
    code, _, err = done(place, *given)
    assert (code, err.startswith("angerona: client: has a way in already")) == (2, True)
    assert run(place, "ledger", "fsck").returncode == 0
