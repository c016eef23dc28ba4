"""`angerona emergency` on a disk that is really full, or lets nothing be written."""

import pytest

from angerona.cli.spools import spool_of
from closed_practice import as_thea, closed_practice, run
from failing_disk import can_mount, outcomes

ADA = "Ada Invented"
SILENCE = [2, "", "angerona: there is nothing here that can be shown\n"]
WRONG = [2, "", "angerona: name and password do not belong together, or are not known here\n"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = closed_practice(tmp_path_factory.mktemp("emergency") / "place")
    for wanted, text in (("risk", "call her sister"), ("progress_note", "spoke of the garden")):
        kept = ("note", ADA, "--class", wanted, *as_thea(place))
        assert run(place, *kept, reason=text).returncode == 0
    return place


@pytest.mark.skipif(not can_mount(), reason="this machine lets no user mount a small disk")
@pytest.mark.parametrize("how", ["full", "read-only"])
def test_what_keeps_someone_safe_is_shown_once_the_spool_has_it(place, how, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    said = outcomes(place, tmp_path / "disk", how)
    code, out, err = said["look"]
    assert (code, out, err.count("\n")) == (2, "", 1)
    code, out, err = said["emergency"]
    assert (code, err) == (0, ""), err
    assert "call her sister" in out
    assert "garden" not in out
    assert "The ledger could not be written. This look stands in the spool:" in out
    assert said["stranger"] == SILENCE
    assert said["wrong"] == WRONG
    code, out, err = said["on the same disk"]
    assert (code, out) == (2, "")
    assert err.startswith("angerona: the spool: cannot be written; a medium with room")
    code, out, err = said["next"]
    assert (code, "in an emergency (Thea" in out) == (0, True)
    assert err == "angerona: note: 1 looks of an emergency were taken over into the ledger\n"
    code, out, err = said["after"]
    assert (code, "The ledger could be written: this look stands there." in out) == (0, True)
    assert said["fsck"][0] == 0


def test_while_all_is_well_it_is_a_look_like_any_other_and_wants_a_reason(place, monkeypatch):
    done = run(place, "emergency", ADA, *as_thea(place), reason="he rang")
    assert (done.returncode, done.stderr) == (0, "")
    assert "call her sister" in done.stdout
    assert "The ledger could be written: this look stands there." in done.stdout
    none = run(place, "emergency", ADA, *as_thea(place))
    assert (none.returncode, none.stdout) == (2, "")
    assert none.stderr.startswith("angerona: the terminal: nobody is here to be asked")
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    assert spool_of(bytes(16)) == place / "state" / "angerona" / "spool" / ("00" * 16)


def test_somebody_without_a_right_to_it_sees_nothing(place):
    enrol = ("member", "enrol", "Fay", "--post", "front_desk", "--new-file", "password")
    assert run(place, *enrol, *as_thea(place)).returncode == 0
    as_fay = ["--as", "Fay", "--password-file", "password"]
    done = run(place, "emergency", ADA, *as_fay, reason="I wish it")
    assert (done.returncode, done.stdout.startswith("Nothing is shown.")) == (1, True)
