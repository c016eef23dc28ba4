"""`angerona demo --story`: the story is true, it leaves nothing behind, and it can go wrong."""

import json
import tomllib
from functools import partial
from importlib import resources

import pytest

from angerona.cli import demo, demo_story
from angerona.cli.demo_story import STEPS, WORDS, Step
from ferry_street import laid_out


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where the demo puts its folder."""
    folder = tmp_path / "temporary"

    def make():
        folder.mkdir(mode=0o700)
        return str(folder)

    monkeypatch.setattr(demo.tempfile, "mkdtemp", make)
    return folder


@pytest.fixture
def ready(ferry_street, monkeypatch):
    """The practice, without its being built anew; and no receipt to check."""
    monkeypatch.setattr(demo, "lay_out", partial(laid_out, ferry_street))
    monkeypatch.setattr(demo, "_alone", lambda _: True)


def test_the_whole_story_ends_as_it_should_and_leaves_nothing(direct, temporary):
    code, out, err = direct("demo", "--story")
    assert code == 0
    assert err == 2 * "angerona: there is nothing here that can be shown\n"
    for step in STEPS:
        assert f"== {step.title}\n" in out
    for said in ("Genuine.", "Do not send this.", "The ledger is whole.", "found: nothing."):
        assert said in out
    assert not temporary.exists()


@pytest.mark.usefixtures("ready")
def test_it_can_be_kept_and_looked_around_in(direct, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "STEPS", ())
    code, _, _ = direct("demo", "--story", "--keep", tmp_path / "kept")
    assert code == 0
    signed = ("--as", "Ines Halloran", "--password-file", tmp_path / "kept" / "password")
    code, out, _ = direct("clients", "--data", tmp_path / "kept" / "practice", *signed)
    assert (code, "Amara Nwosu" in out) == (0, True)
    assert direct("demo", "--story", "--keep", tmp_path / "kept")[0] == 2


@pytest.mark.usefixtures("ready")
def test_without_a_typesetter_the_packet_is_json(direct, temporary, monkeypatch):
    monkeypatch.setattr(demo, "_sets_pages", lambda: False)
    monkeypatch.setattr(demo, "STEPS", tuple(step for step in STEPS if "acket" in str(step)))
    code, out, _ = direct("demo", "--story")
    assert (code, "--out packet.json" in out, "Genuine." in out) == (0, True, True)
    assert not temporary.exists()


@pytest.mark.usefixtures("ready", "temporary")
def test_a_step_that_ends_otherwise_is_said(direct, monkeypatch):
    wrong = Step("Wrong", "This cannot be.", ("look", "Nobody", *demo_story.INES))
    monkeypatch.setattr(demo, "STEPS", (wrong,))
    code, _, err = direct("demo", "--story")
    assert code == 1
    assert "this step should have ended with 0, and ended with 2" in err


def test_a_thief_finds_what_lies_open(tmp_path, capsys):
    (tmp_path / "practice").mkdir()
    (tmp_path / "practice" / "log").write_text(f"xx {WORDS[2].upper()} xx", encoding="utf-8")
    assert not demo._thief(tmp_path)  # noqa: SLF001 -- the search itself is what can fail
    assert f"found: {WORDS[2]}." in capsys.readouterr().out


def test_what_the_thief_searches_for_stands_in_the_sample():
    texts = "".join(
        json.dumps(tomllib.loads(one.read_text(encoding="utf-8")), ensure_ascii=False)
        for one in resources.files("angerona.practice").joinpath("sample").iterdir()
    )
    assert all(word in texts for word in WORDS)
    assert all(len(word) >= 7 for word in WORDS)
