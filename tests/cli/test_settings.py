"""Where the data lives, and the three settings: strict, hidden, written whole."""

import os
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.cli.settings import Settings, data_folder, read_settings, write_settings
from angerona.errors import BadInput

PRACTICE = "0123456789abcdef0123456789abcdef"
SETTINGS = Settings("sqlite:////srv/practice.db", "prompt:", PRACTICE)
LINES = {
    "store": 'store = "sqlite:////srv/practice.db"',
    "keeper": 'keeper = "prompt:"',
    "practice": f'practice = "{PRACTICE}"',
}
NEEDLE = "hunter2-needle"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "practice"
    path.mkdir(mode=0o700)
    return path


def put(folder, text):
    file = folder / "angerona.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(0o600)


def changed(**lines):
    return "\n".join((LINES | lines).values())


def test_what_stands_there_is_read(folder):
    put(folder, "# a remark\n" + changed())
    settings = read_settings(folder)
    assert settings == SETTINGS
    assert settings.practice_id == bytes.fromhex(PRACTICE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "store: missing; such as store = 'sqlite:////folder/practice.db'"),
        (changed(keeper=""), "keeper: missing; such as keeper = 'prompt:'"),
        (changed(practice=""), "practice: missing; 32 hexadecimal digits"),
        (changed(store="store = 3"), "store: a number where a text is needed"),
        (changed(keeper="keeper = ['prompt:']"), "keeper: a list where a text is needed"),
        (changed(store="[store]"), "store: a table where a text is needed"),
        (changed(more="colour = 1"), "unknown key colour; allowed: keeper, practice, store"),
        (changed(more="keper = 'prompt:'"), "unknown key keper; did you mean keeper?"),
        (changed(more=f'"{NEEDLE} {NEEDLE}" = 1'), "an unknown key"),
        (changed(more="[log]"), "unknown key log"),
        (changed(practice=f'practice = "{PRACTICE.upper()}"'), "practice: not in its form"),
        (changed(practice=f'practice = "{PRACTICE}0"'), "practice: not in its form"),
        (changed(practice=f'practice = "{PRACTICE}\\n"'), "practice: not in its form"),
        (changed(store=f"store = '{NEEDLE}'"), "store: not in its form"),
        (changed(keeper="keeper = ''"), "keeper: not in its form"),
        (changed(keeper='keeper = "file:/a\\u0000b"'), "keeper: not in its form"),
        (changed(more=LINES["store"]), "not TOML"),
        (
            changed(store=f"store = {NEEDLE}"),
            "not TOML (line 1, column 9); lines such as keeper = 'prompt:'",
        ),
        (changed().encode("utf-16"), "not UTF-8 text"),
        (b"\xff" + changed().encode(), "not UTF-8 text"),
        ("x = " + "[" * 5_000, "nested too deep"),
        ("# " + "x" * 10_000, "the file is too large; at most 10000 bytes"),
    ],
)
def test_anything_else_is_one_line_that_repeats_no_value(folder, text, said):
    put(folder, text)
    with pytest.raises(BadInput, match=re.escape(said)) as caught:
        read_settings(folder)
    assert str(caught.value).startswith("angerona.toml: ")
    assert NEEDLE not in str(caught.value)
    assert "srv" not in str(caught.value)


def test_settings_that_others_may_write_or_read_are_not_followed(folder):
    """Who writes them chooses the library that a keeper loads."""
    put(folder, changed())
    for mode in (0o622, 0o644):
        (folder / "angerona.toml").chmod(mode)
        with pytest.raises(BadInput, match="others on this machine may open the file"):
            read_settings(folder)


def test_a_link_is_not_followed(folder):
    put(folder, changed())
    (folder / "angerona.toml").rename(folder / "real")
    (folder / "angerona.toml").symlink_to(folder / "real")
    with pytest.raises(BadInput, match="symbolic link"):
        read_settings(folder)


@pytest.mark.parametrize("name", ["none", "practice/none/deep"])
def test_no_settings_is_said(tmp_path, name):
    with pytest.raises(BadInput, match=r"angerona\.toml: no such file; make it first, or say"):
        read_settings(tmp_path / name)


def test_they_hide_what_they_hold():
    assert "srv" not in repr(SETTINGS)
    assert "srv" not in f"{SETTINGS}"


# Writing


def test_what_is_written_is_read_and_belongs_to_its_owner_alone(tmp_path):
    folder = tmp_path / "deep" / "practice"
    mask = os.umask(0)
    try:
        write_settings(folder, SETTINGS, replace=False)
    finally:
        os.umask(mask)
    assert read_settings(folder) == SETTINGS
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "angerona.toml").stat().st_mode & 0o777 == 0o600
    assert [one.name for one in folder.iterdir()] == ["angerona.toml"]


VALUES = st.text(min_size=1).map(lambda text: f"{text}:").filter(str.isprintable)


@given(store=VALUES, keeper=VALUES, practice=st.binary(min_size=16, max_size=16))
def test_any_value_in_its_form_comes_back(tmp_path_factory, store, keeper, practice):
    folder = tmp_path_factory.getbasetemp() / "any-settings"
    settings = Settings(store, keeper, practice.hex())
    write_settings(folder, settings, replace=True)
    assert read_settings(folder) == settings


@pytest.mark.parametrize(
    "wrong",
    [
        Settings("sqlite", "prompt:", PRACTICE),
        Settings("sqlite:////a\n", "prompt:", PRACTICE),
        Settings("sqlite:////a", "prompt", PRACTICE),
        Settings("sqlite:////a", "prompt:", "a practice"),
    ],
    ids=["no address", "a line's end", "no keeper", "no id"],
)
def test_a_value_out_of_its_form_is_never_written(folder, wrong):
    with pytest.raises(BadInput, match="not in its form"):
        write_settings(folder, wrong, replace=False)
    assert not list(folder.iterdir())


def test_settings_are_written_over_only_if_that_is_wanted(folder):
    write_settings(folder, SETTINGS, replace=False)
    other = Settings("sqlite:////other.db", "prompt:", PRACTICE)
    with pytest.raises(BadInput, match="there is such a file already"):
        write_settings(folder, other, replace=False)
    assert read_settings(folder) == SETTINGS
    write_settings(folder, other, replace=True)
    assert read_settings(folder) == other


@pytest.mark.parametrize("mode", [0o750, 0o701, 0o777])
def test_a_folder_that_others_may_open_is_refused(folder, mode):
    folder.chmod(mode)
    with pytest.raises(BadInput, match="others on this machine may open it; chmod 700"):
        write_settings(folder, SETTINGS, replace=False)
    assert not list(folder.iterdir())


def test_a_folder_of_another_user_is_refused(folder):
    if os.geteuid() == 0:
        os.chown(folder, 65534, 65534)
    else:
        folder = Path("/etc")
    with pytest.raises(BadInput, match="belongs to another user"):
        write_settings(folder, SETTINGS, replace=False)


@pytest.mark.parametrize("name", ["file", "file/below", "x" * 300])
def test_what_cannot_be_a_folder_is_refused(tmp_path, name):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="the data folder: cannot be made"):
        write_settings(tmp_path / name, SETTINGS, replace=False)


# The folder


@pytest.fixture
def surroundings(monkeypatch, tmp_path):
    for name in ("ANGERONA_DATA", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def test_the_folder_given_comes_first_then_the_environment_then_one_s_own(surroundings, tmp_path):
    own = tmp_path / ".local" / "share" / "angerona"
    assert data_folder(None) == own
    surroundings.setenv("XDG_DATA_HOME", "relative/is/ignored")
    assert data_folder(None) == own
    surroundings.setenv("XDG_DATA_HOME", "/data")
    assert data_folder(None) == Path("/data/angerona")
    surroundings.setenv("ANGERONA_DATA", "")
    assert data_folder(None) == Path("/data/angerona")
    surroundings.setenv("ANGERONA_DATA", "/srv/practice")
    assert data_folder(None) == Path("/srv/practice")
    assert data_folder("here") == tmp_path / "here"
    assert data_folder("~/there") == tmp_path / "there"


@pytest.mark.parametrize("given_name", ["", "  ", "a\0b"])
@pytest.mark.usefixtures("surroundings")
def test_what_is_no_folder_s_name_is_refused(given_name):
    with pytest.raises(BadInput, match="the data folder: not the name of a folder"):
        data_folder(given_name)
