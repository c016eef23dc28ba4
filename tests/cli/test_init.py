"""`angerona init`: a practice of one, its papers, and what is refused before anything is made."""

import re
import shutil
import subprocess
import sys

import pytest

from angerona.ciphers.recovery import from_words
from angerona.cli import kit
from angerona.cli.entrance import now, opened
from angerona.errors import MissingExtra
from angerona.practice.members import sign_in_with_recovery_code
from angerona.sealed.boot import BootSecret
from angerona.sealed.keepers.file import file_keeper

PASSWORD = "a long and quiet sentence"
THEA = ("--name", "Quiet Rooms", "--place", "us-ca", "--member", "Thea", "--role", "psychologist")
SEATS = ("--seat", "Thea", "--seat", "Notary", "--seat", "Sister")


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    (tmp_path / "password").chmod(0o600)
    return tmp_path


@pytest.fixture
def init(place, direct):
    def call(*more):
        given = ("--data", place / "data", "--keeper", f"file:{place / 'boot'}")
        password = ("--password-file", place / "password")
        return direct("init", *given, *password, *THEA, *SEATS, *more)

    return call


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_one_person_founds_a_practice(place, init, direct):
    code, out, err = init()
    assert (code, err) == (0, "")
    assert files(place / "data-papers") == [
        *("recovery-kit.pdf", "seat-1.pdf", "seat-2.pdf", "seat-3.pdf"),
    ]
    for path in [*(place / "data").iterdir(), *(place / "data-papers").iterdir(), place / "boot"]:
        assert path.stat().st_mode & 0o777 == 0o600
    assert "The law loaded: house, us-hipaa, us-ca." in out
    assert "2 of them together open one client's record" in " ".join(out.split())
    signed = ("--data", place / "data", "--as", "Thea", "--password-file", place / "password")
    code, out, _ = direct("clients", *signed)
    assert (code, out.startswith("No clients yet.")) == (0, True)


def test_the_recovery_code_lets_in_whoever_forgot_the_password(place, init):
    _, out, _ = init()
    code = re.search(r"^ {4}([0-9A-Z-]{30,})$", out, re.MULTILINE)[1]
    with opened(place / "data") as vault:
        assert len(sign_in_with_recovery_code(vault, "Thea", code, now())) == 32


def test_without_a_typesetter_the_papers_are_plain_text(place, init, monkeypatch):
    def missing(*_, **__):
        raise MissingExtra("papers need the extra")

    monkeypatch.setattr(kit, "recovery_kit", missing)
    code, out, _ = init()
    assert (code, "4 text files lie in" in out) == (0, True)
    page = (place / "data-papers" / "recovery-kit.txt").read_text(encoding="utf-8")
    words = page.splitlines()[3]
    with file_keeper(str(place / "boot")).fetch() as boot:
        assert boot.same_as(BootSecret(from_words(words)))
    seats = [
        from_words((place / "data-papers" / f"seat-{n}.txt").read_text("utf-8").splitlines()[3])
        for n in (1, 2, 3)
    ]
    assert len(set(seats)) == 3


def test_with_the_prompt_the_boot_secret_stands_on_paper_alone(place, direct):
    given = ("--data", place / "data", "--password-file", place / "password")
    code, out, _ = direct("init", *given, *THEA, *SEATS, "--paper", "us-letter")
    assert code == 0
    assert "somebody types the boot secret at every start" in " ".join(out.split()).lower()
    assert not (place / "boot").exists()
    signed = ("--data", place / "data", "--as", "Thea", "--password-file", place / "password")
    code, _, err = direct("clients", *signed)
    assert (code, "the boot secret (prompt)" in err or "the terminal" in err) == (2, True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--place", "Atlantis"), "--place: no place that is known here"),
        (("--packs", "house,us-zz"), "--packs: a pack that is not loaded"),
        (("--quorum", "1"), "quorum: too small or too large; 2 to 3 seats"),
        (("--role", "wizard"), "roles: unknown role"),
        (("--post", "throne"), "posts: unknown post"),
        (("--name", " "), "name: is empty"),
        (("--paper", "a5"), "--paper: no such paper; allowed: a4, us-letter"),
        (("--keeper", "vault:x"), "keeper: no such kind of keeper"),
        (("--keeper", "systemd:boot"), "the boot secret (systemd): "),
        (("--store", "mysql://x"), "address of the store"),
    ],
)
def test_what_cannot_be_founded_leaves_nothing_behind(place, init, more, said):
    code, out, err = init(*more)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"angerona: {said}")
    left = [name for name in files(place) if name not in {"password", "data"}]
    assert [name for name in left if not name.endswith(".lock")] == []


@pytest.mark.parametrize("seats", [(), ("--seat", "One", "--seat", "Two")])
def test_three_papers_at_least_are_needed(place, direct, seats):
    given = ("--data", place / "data", "--keeper", f"file:{place / 'boot'}")
    code, _, err = direct("init", *given, "--password-file", place / "password", *THEA, *seats)
    assert code == 2
    assert err.startswith(("angerona: seats: too few", "angerona: the terminal: nobody is here"))


def test_a_short_password_is_refused(place, init):
    (place / "password").write_text("short\n", encoding="utf-8")
    code, _, err = init()
    assert (code, err) == (
        2,
        "angerona: password: is too short or too long; 12 to 1024 characters\n",
    )
    assert files(place) == ["password"]


def test_a_practice_is_not_founded_over_another(place, init):
    assert init()[0] == 0
    before = (place / "data" / "keyset").read_bytes()
    code, _, err = init("--papers", place / "more")
    assert (code, err.startswith("angerona: the data folder: there is a practice already")) == (
        2,
        True,
    )
    (place / "data" / "angerona.toml").unlink()
    assert init("--papers", place / "more")[0] == 2
    assert (place / "data" / "keyset").read_bytes() == before


def test_papers_are_not_put_where_something_lies(place, init):
    (place / "data-papers").mkdir()
    code, _, err = init()
    assert (code, err.startswith("angerona: the folder for the papers: is there already")) == (
        2,
        True,
    )
    assert not (place / "data").exists()


def test_a_boot_secret_that_is_there_is_left_alone(place, init):
    """The keeper comes after the founding, so what was founded is undone."""
    (place / "boot").write_bytes(b"x" * 32)
    (place / "boot").chmod(0o600)
    code, _, err = init()
    assert (code, "there is such a file already" in err) == (2, True)
    assert (place / "boot").read_bytes() == b"x" * 32
    assert not (place / "data-papers").exists()
    assert files(place / "data") in ([], ["practice.db.lock"])


def test_the_doctor_says_that_the_papers_still_lie_there(place, init, direct):
    init()
    _, out, _ = direct("doctor", "--data", place / "data")
    assert "the papers of the founding still lie on this machine" in " ".join(out.split())
    assert "The ledger passes its quick check" in out


KILLED = """
import os
import sys
from pathlib import Path

from angerona.cli import founding, main
from angerona.sealed.keepers.file import FileKeeper

name, times = sys.argv.pop(1), int(sys.argv.pop(1))
where = {"create": FileKeeper, "rename": Path}.get(name, founding)
done = getattr(where, name)

def last(*given, **more):
    global times
    found = done(*given, **more)
    times -= 1
    if not times:
        os._exit(9)
    return found

setattr(where, name, last)
main()
"""


@pytest.mark.parametrize(
    ("name", "times"),
    [
        *(("found", 1), ("write_sheets", 1), ("write_settings", 1), ("create", 1)),
        *(("rename", 1), ("rename", 2), ("rename", 3)),
    ],
)
def test_a_founding_that_was_killed_is_begun_anew(place, init, direct, name, times):
    """Killed behind each step: the next run is a founding like any other."""
    given = ("--data", place / "data", "--keeper", f"file:{place / 'boot'}")
    password = ("--password-file", place / "password")
    command = [sys.executable, "-c", KILLED, name, str(times)]
    arguments = [str(one) for one in ("init", *given, *password, *THEA, *SEATS)]
    killed = subprocess.run([*command, *arguments], capture_output=True, check=False, text=True)
    assert (killed.returncode, killed.stdout) == (9, ""), killed.stderr
    assert not (place / "data" / "angerona.toml").exists()
    if (place / "data-papers").exists():
        code, _, err = init()
        assert (code, err.startswith("angerona: the folder for the papers: is there")) == (2, True)
        shutil.rmtree(place / "data-papers")
    code, out, err = init()
    assert (code, err) == (0, ""), err
    assert "The practice is founded" in out
    left = {"angerona.toml", "keyset", "practice.db"}
    assert {one for one in files(place / "data") if not one.endswith(".lock")} == left
    assert sorted(one.name for one in place.iterdir() if one.name != "state") == [
        *("boot", "data", "data-papers", "password")
    ]
    signed = ("--data", place / "data", "--as", "Thea", "--password-file", place / "password")
    assert direct("clients", *signed)[0] == 0
    assert direct("ledger", "fsck", "--data", place / "data")[0] == 0


def test_a_boot_secret_of_another_practice_is_not_taken_for_a_killed_one(place, init):
    draft = place / "data" / ".founding"
    draft.mkdir(parents=True, mode=0o700)
    (place / "data").chmod(0o700)
    (draft / "angerona.toml").write_text("store = 'sqlite:///x'\n")
    (place / "boot").write_bytes(b"x" * 31 + b"y")
    (place / "boot").chmod(0o600)
    code, _, err = init()
    assert (code, "there is such a file already" in err) == (2, True)
    assert (place / "boot").read_bytes() == b"x" * 31 + b"y"


def test_the_kit_comes_as_shares_beside_the_whole(place, init):
    code, out, err = init("--kit-shares", "2/3")
    assert (code, err) == (0, "")
    assert "7 PDFs lie in" in out
    assert "any 2 of them" in " ".join(out.split())
    assert [one for one in files(place / "data-papers") if "kit" in one] == [
        *("kit-share-1.pdf", "kit-share-2.pdf", "kit-share-3.pdf", "recovery-kit.pdf")
    ]


@pytest.mark.parametrize("split", ["3/2", "1/3", "2/17", "two of three", "2/3/4", ""])
def test_shares_that_cannot_be_made_are_refused_before_anything_is(place, init, split):
    code, _, err = init("--kit-shares", split)
    assert (code, err.startswith("angerona: the shares: ")) == (2, True)
    assert files(place) == ["password"]


def zone_command(place, direct, *more):
    signed = ("--data", place / "data", "--as", "Thea", "--password-file", place / "password")
    return direct("zone", *more, *signed)


def test_the_clock_is_that_of_the_place_and_can_be_another(place, init, direct):
    assert init()[0] == 0
    assert "the clock of America/Los_Angeles" in zone_command(place, direct)[1]
    assert "the clock of Europe/Berlin" in zone_command(place, direct, "Europe/Berlin")[1]
    assert "the clock of Europe/Berlin" in zone_command(place, direct)[1]
    code, _, err = zone_command(place, direct, "Atlantis")
    assert (code, "time zone" in err) == (2, True)


def test_a_place_with_several_clocks_is_asked_for_one(place, init):
    code, _, err = init("--place", "us-tx")
    assert (code, "give the answer as an option" in err) == (2, True)
    assert files(place) == ["password"]
    assert init("--place", "us-tx", "--zone", "America/Denver")[0] == 0
    with opened(place / "data") as vault:
        assert vault.practice().row.zone == "America/Denver"


def test_a_clock_that_there_is_not_founds_nothing(place, init):
    code, _, err = init("--zone", "America/Atlantis")
    assert (code, "time zone" in err) == (2, True)
    assert files(place) == ["password"]
