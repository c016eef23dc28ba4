"""`angerona tie`: begun, listed, shared with a supervisor, ended; refusals are silence."""

import re

import pytest

from closed_practice import as_thea, closed_practice, copied, run

SILENCE = (2, "", "angerona: there is nothing here that can be shown\n")
NOT_YOURS = (2, "", "angerona: nothing is opened without a permit and a line in the ledger\n")
ID = re.compile(r"[0-9a-f]{4}-[0-9a-f]{4}")
ADA = "Ada Invented"


def made(place):
    closed_practice(place)
    (place / "first").write_text("a first long sentence\n", encoding="utf-8")
    (place / "first").chmod(0o600)
    for name in ("Sue", "Cora"):
        enrol = ("member", "enrol", name, "--role", "psychologist", "--new-file", "first")
        assert run(place, *enrol, *as_thea(place)).returncode == 0
    return place


@pytest.fixture(scope="module")
def with_two(tmp_path_factory):
    return made(tmp_path_factory.mktemp("ties-begun") / "place")


@pytest.fixture
def place(with_two, tmp_path, monkeypatch):
    return copied(with_two, tmp_path / "place", monkeypatch)


@pytest.fixture(scope="module")
def still(with_two, tmp_path_factory):
    """Where nothing is to happen."""
    with pytest.MonkeyPatch.context() as patch:
        yield copied(with_two, tmp_path_factory.mktemp("ties") / "still", patch)


def as_one(name):
    return ["--as", name, "--password-file", "first"]


def done(place, *given, who=None, stdin=""):
    ended = run(place, *given, *(who or as_thea(place)), reason=stdin)
    return ended.returncode, ended.stdout, ended.stderr


def begun(place, *given):
    code, out, err = done(place, "tie", "begin", ADA, *given)
    assert (code, err) == (0, ""), err
    return ID.search(out)[0]


def test_a_tie_brings_the_record_within_reach_and_its_end_takes_it_away(place):
    assert done(place, "look", ADA, who=as_one("Cora")) == SILENCE
    tie = begun(place, "Cora", "covering", "--until", "2099-12-31")
    assert done(place, "clients", who=as_one("Cora"))[1].count(ADA) == 1
    code, out, _ = done(place, "tie", "list", ADA)
    assert code == 0
    assert f"{tie}  Cora, covering clinician, since" in out
    assert "until 1 January 2100, 00:00" in " ".join(out.split())
    assert done(place, "tie", "end", ADA, tie)[0] == 0
    assert done(place, "look", ADA, who=as_one("Cora")) == SILENCE
    assert ", ended " in done(place, "tie", "list", ADA)[1]
    code, out, _ = done(place, "who-looked", ADA)
    said = " ".join(out.split())
    assert "let Cora (psychologist) in as covering clinician, until 1 January 2100 at 00:00" in said
    assert "saw what stands on file" in said
    assert "ended the tie of Cora" in said
    assert run(place, "ledger", "fsck").returncode == 0


def test_a_supervisor_reads_what_the_author_keeps_apart_once_it_is_shared(place):
    kept = ("note", ADA, "--class", "psychotherapy_note")
    assert done(place, *kept, stdin="Only between us.")[0] == 0
    tie = begun(place, "Sue", "supervisor")
    (place / "facts").write_text('{"facts": {"us_hipaa.own_training_program": true}}')
    seen = ("look", ADA, "--purpose", "supervision", "--facts", "facts")
    code, out, _ = done(place, *seen, who=as_one("Sue"))
    assert (code, "Only between us." in out) == (1, False)
    assert done(place, "tie", "share", ADA, tie)[0] == 0
    assert "reads what Thea keeps apart" in " ".join(done(place, "tie", "list", ADA)[1].split())
    assert "Only between us." in done(place, *seen, who=as_one("Sue"))[1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["begin", ADA, "Nobody", "covering"], "name: is nobody's who works here"),
        (["begin", ADA, "Cora", "friend"], "relation: cannot be given; allowed: covering"),
        (["begin", ADA, "Cora", "covering", "--until", "soon"], "--until: is no day; such as"),
        (["begin", ADA, "Cora", "covering", "--until", "9999-12-31"], "--until: is no day"),
        (["begin", ADA, "Cora", "covering", "--until", "2001-01-01"], "until: is past"),
        (["begin", ADA, "Thea", "covering"], "nothing is opened without a permit"),
        (["begin", "Nobody", "Cora", "covering"], "there is nothing here that can be shown"),
        (["end", ADA, "0a0a0a0a"], "there is nothing here that can be shown"),
        (["end", ADA, ""], "there is nothing here that can be shown"),
        (["share", ADA, "0a0a0a0a"], "there is nothing here that can be shown"),
    ],
)
def test_what_cannot_be_is_said_and_ties_nobody(still, given, said):
    code, out, err = done(still, "tie", *given)
    assert (code, out) == (2, "")
    assert err.startswith(f"angerona: {said}")
    assert err.count("\n") == 1
    assert len(ID.findall(done(still, "tie", "list", ADA)[1])) == 1


def test_who_treats_gives_ties_and_nobody_else(place):
    tie = begun(place, "Cora", "covering")
    given = ("tie", "begin", ADA, "Sue", "covering")
    assert done(place, *given, who=as_one("Sue")) == SILENCE
    assert done(place, *given, who=as_one("Cora")) == NOT_YOURS
    assert done(place, "tie", "list", ADA, who=as_one("Cora")) == SILENCE
    assert done(place, "tie", "list", ADA, who=as_one("Sue")) == SILENCE
    assert done(place, "tie", "end", ADA, tie, who=as_one("Cora"))[0] == 0
