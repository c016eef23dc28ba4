"""The doctor: each check by itself, and the command as a person runs it."""

import datetime
import os
import re
import sys

import apsw
import pytest

from angerona.ciphers import selftest
from angerona.cli import doctor, folder_checks, key_checks, machine_checks
from angerona.cli.findings import Finding, Level, Scene
from angerona.cli.page import Page
from angerona.cli.settings import Settings, read_settings, write_settings
from angerona.cli.spools import spool_of
from angerona.ledger.lines import Line
from angerona.sealed.hardening import Hardening
from angerona.sealed.held_lines import hold
from ferry_street import INES
from softening import softened
from without_zones import no_zones

NOW = datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC)
PRACTICE = "0123456789abcdef0123456789abcdef"
NEEDLE = "hunter2"


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / NEEDLE
    path.mkdir(mode=0o700)
    return path


@pytest.fixture
def practice(folder):
    """Writes the settings of a practice."""

    def write(keeper="prompt:"):
        settings = Settings(f"postgresql://user:{NEEDLE}@host/db", keeper, PRACTICE)
        write_settings(folder, settings, replace=True)
        return settings

    return write


def found(check, folder, **scene):
    findings = list(check(Scene(folder, **{"settings": None, "at": NOW} | scene)))
    for finding in findings:
        assert finding.level is Level.FINE or (finding.why and finding.remedy)
        assert NEEDLE not in f"{finding.what} {finding.why} {finding.remedy}"
    return [(finding.level, finding.what) for finding in findings]


def only(check, folder, **scene):
    (finding,) = found(check, folder, **scene)
    return finding


# The machine


def test_the_libraries_here_are_new_enough(folder):
    levels, whats = zip(*found(machine_checks.libraries, folder), strict=True)
    assert set(levels) == {Level.FINE}
    assert [what.split()[0] for what in whats] == ["Python", "OpenSSL", "SQLite"]
    assert f"Python {'.'.join(map(str, sys.version_info[:3]))}" in whats[0]


def test_an_older_library_stops(folder, monkeypatch):
    monkeypatch.setattr(machine_checks, "OPENSSL_LEAST", (99, 0, 0))
    level, what = found(machine_checks.libraries, folder)[1]
    assert level is Level.STOP
    assert re.match(r"OpenSSL [\d.]+ is too old: 99\.0\.0 or newer is needed", what)


def test_the_ciphers_here_pass(folder):
    assert only(machine_checks.ciphers, folder)[0] is Level.FINE


def test_a_cipher_that_fails_stops(folder, monkeypatch):
    monkeypatch.setattr(selftest, "_CHECKS", {"Argon2id": lambda: False})
    level, what = only(machine_checks.ciphers, folder)
    assert (level, what) == (
        Level.STOP,
        "a cipher fails its self-test: Argon2id: not the known answer",
    )


@pytest.mark.parametrize(
    ("at", "newest", "level"),
    [
        (NOW, None, Level.FINE),
        (datetime.datetime(1970, 1, 2, tzinfo=datetime.UTC), None, Level.STOP),
        (NOW, NOW, Level.FINE),
        (NOW, NOW + datetime.timedelta(minutes=5), Level.FINE),
        (NOW, NOW + datetime.timedelta(minutes=5, seconds=1), Level.STOP),
        (NOW, NOW - datetime.timedelta(days=900), Level.FINE),
    ],
    ids=["now", "long ago", "same", "a little behind", "behind the ledger", "a quiet practice"],
)
def test_the_clock_is_never_before_the_ledger(folder, at, newest, level):
    assert only(machine_checks.clock, folder, at=at, newest_head=newest)[0] is level


def test_a_machine_without_time_zones_is_worth_a_look(folder):
    assert only(machine_checks.zones, folder)[0] is Level.FINE
    with no_zones():
        level, said = only(machine_checks.zones, folder)
    assert (level, said) == (Level.LOOK, "there is no database of time zones on this machine")


@pytest.mark.parametrize(
    ("stop", "look", "level"),
    [(0, 0, Level.FINE), (0, 10**18, Level.LOOK), (10**18, 10**18, Level.STOP)],
)
def test_room_on_the_disk_is_measured_where_the_data_will_lie(
    folder, monkeypatch, stop, look, level
):
    monkeypatch.setattr(machine_checks, "FREE_STOP_BYTES", stop)
    monkeypatch.setattr(machine_checks, "FREE_LOOK_BYTES", look)
    for place in (folder, folder / "not" / "yet" / "there"):
        got, what = only(machine_checks.disk, place)
        assert got is level
        assert re.fullmatch(r"[\d.]+ GB are free where the data lies", what)


@pytest.mark.parametrize(
    ("hardened", "levels"),
    [
        (Hardening("", "", ""), [Level.FINE, Level.FINE, Level.LOOK]),
        (Hardening("too bad", "", ""), [Level.LOOK, Level.FINE, Level.LOOK]),
        (Hardening("", "too bad", "too bad"), [Level.FINE, Level.LOOK, Level.LOOK]),
    ],
    ids=["all", "core files", "dumps"],
)
def test_what_could_carry_memory_to_a_disk_is_said(folder, monkeypatch, hardened, levels):
    """The machine under /proc is left out, so that nothing is known about its swap."""
    monkeypatch.setattr(machine_checks, "harden", lambda: hardened)
    got = found(machine_checks.memory, folder, root=folder)
    assert [level for level, _ in got] == levels
    assert all(("too bad" in what) for level, what in got[:2] if level is Level.LOOK)


def test_swap_is_said_as_it_is():
    assert machine_checks.swap_finding(0, "").level is Level.FINE
    assert machine_checks.swap_finding(0, "too low").level is Level.FINE
    two = machine_checks.swap_finding(2, "too low")
    assert two.level is Level.LOOK
    assert two.what == (
        "swap areas on this machine that do not look encrypted: 2; "
        "memory cannot be locked either: too low"
    )
    unknown = machine_checks.swap_finding(None, "")
    assert unknown.level is Level.LOOK
    assert unknown.what == "whether swap is encrypted cannot be seen on this system"


# The folder


@pytest.mark.parametrize("name", ["", "none"])
def test_without_a_practice_nothing_is_wrong(folder, name):
    place = folder / name
    level, what = only(folder_checks.settings, place)
    assert (level, what) == (Level.FINE, "there is no practice in the data folder yet")
    assert found(folder_checks.keeper, place) == []


def test_settings_that_can_be_read_are_fine(folder, practice):
    practice()
    assert only(folder_checks.settings, folder) == (Level.FINE, "the settings can be read")


def test_settings_that_cannot_be_read_stop(folder, practice):
    practice()
    with (folder / "angerona.toml").open("a") as file:
        file.write(f"{NEEDLE}! = 1\n")
    level, what = only(folder_checks.settings, folder)
    assert level is Level.STOP
    assert what.startswith("angerona.toml: not TOML (line 4, column ")


def test_a_folder_of_one_s_own_is_fine(folder, practice):
    practice()
    (folder / "deep").mkdir(mode=0o700)
    assert only(folder_checks.rights, folder)[0] is Level.FINE


def test_a_folder_that_is_not_there_is_not_looked_at(folder):
    assert found(folder_checks.rights, folder / "none") == []


def test_a_file_in_the_place_of_the_folder_stops(folder):
    (folder / "file").write_text("")
    level, what = only(folder_checks.rights, folder / "file" / "below")
    assert (level, what) == (Level.STOP, "the data folder cannot be looked at: Not a directory")


@pytest.mark.parametrize("mode", [0o750, 0o704, 0o702, 0o701])
def test_a_folder_that_others_may_open_stops(folder, mode):
    folder.chmod(mode)
    assert (Level.STOP, "others on this machine may open the data folder") in found(
        folder_checks.rights, folder
    )


@pytest.mark.parametrize(
    ("mode", "level"), [(0o755, Level.FINE), (0o757, Level.STOP), (0o775, Level.STOP)]
)
def test_a_folder_above_that_others_may_write_stops(folder, mode, level):
    folder.parent.chmod(mode)
    assert only(folder_checks.rights, folder)[0] is level
    folder.parent.chmod(mode | 0o1000)
    assert only(folder_checks.rights, folder)[0] is Level.FINE


def test_what_lies_within_is_counted_at_any_depth(folder):
    deep = folder / "a" / "b"
    deep.mkdir(parents=True, mode=0o700)
    (folder / "a").chmod(0o700)
    for name, mode in (("closed", 0o600), ("group", 0o640), ("all", 0o604)):
        (deep / name).write_text("")
        (deep / name).chmod(mode)
    (deep / "link").symlink_to(deep / "closed")
    (deep / "broken").symlink_to(deep / "none")
    assert found(folder_checks.rights, folder) == [
        (Level.LOOK, "things in the data folder that are open to others: 2"),
        (Level.LOOK, "things in the data folder that are symbolic links: 2"),
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_what_belongs_to_somebody_else_is_found(folder):
    (folder / "file").write_text("")
    (folder / "file").chmod(0o600)
    os.chown(folder / "file", 65534, 65534)
    assert only(folder_checks.rights, folder) == (
        Level.LOOK,
        "things in the data folder that belong to another user: 1",
    )
    os.chown(folder, 65534, 65534)
    assert found(folder_checks.rights, folder)[0] == (
        Level.STOP,
        "the data folder belongs to another user",
    )


def test_the_number_of_files_looked_at_is_bound(folder, monkeypatch):
    for name in range(5):
        (folder / str(name)).mkdir(mode=0o755)
    monkeypatch.setattr(folder_checks, "FILES_MAX", 3)
    assert only(folder_checks.rights, folder)[1].endswith("open to others: 3")


@pytest.mark.parametrize(
    ("keeper", "level", "said"),
    [
        ("prompt:", Level.FINE, "somebody types the boot secret at every start"),
        ("systemd:boot", Level.FINE, "systemd hands the boot secret to the service"),
        ("pkcs11:module=/a;token=b;object=c", Level.FINE, "a security module opens the wrapped"),
        ("file:/none", Level.STOP, "the boot secret (file): no such file"),
        ("command:x", Level.STOP, "keeper: no such kind of keeper"),
    ],
)
def test_what_keeps_the_boot_secret_is_said(folder, practice, keeper, level, said):
    got, what = only(folder_checks.keeper, folder, settings=practice(keeper))
    assert got is level
    assert what.startswith(said)


def test_a_boot_secret_in_a_file_is_always_worth_a_look(folder, practice, tmp_path):
    file = tmp_path / "boot"
    file.write_bytes(bytes(range(32)))
    file.chmod(0o600)
    settings = practice(f"file:{file}")
    level, what = only(folder_checks.keeper, folder, settings=settings)
    assert level is Level.LOOK
    assert "for development only" in what
    file.chmod(0o644)
    level, what = only(folder_checks.keeper, folder, settings=settings)
    assert level is Level.STOP
    assert "others on this machine may open the file" in what


# The page and the command

FINE = Finding(Level.FINE, "all is well with this")
LOOK = Finding(Level.LOOK, "this is odd", "it may matter", "see to it")
STOP = Finding(Level.STOP, "this is wrong", "it matters", "mend it")


def lines(*findings):
    return [text for _, text in doctor.page_of(findings).lines(80)]


def test_the_page_ends_with_the_worst_and_the_sum():
    assert isinstance(doctor.page_of([]), Page)
    assert lines(STOP, FINE, LOOK) == [
        "fine  All is well with this",
        "",
        "Look at this: this is odd",
        "  why  It may matter",
        "  do   See to it",
        "",
        "Stop: this is wrong",
        "  why  It matters",
        "  do   Mend it",
        "",
        "Not fit for use: 1 to mend first, 1 to look at.",
    ]
    assert lines(FINE, LOOK, LOOK)[-1] == "Fit for use; 2 to look at."
    assert lines(FINE)[-1] == "All is well."


def test_all_checks_run_on_this_machine(folder, practice, capsys):
    practice()
    with softened():
        assert doctor.examine(str(folder)) == 0
        folder.chmod(0o755)
        assert doctor.examine(str(folder)) == 1
        assert doctor.examine(str(folder / "none")) == 0
    assert "Not fit for use: 1 to mend first" in capsys.readouterr().out


def run(process, folder, **environment):
    ran = process("doctor", "--data", str(folder), **environment)
    assert ran.stderr == b""
    said = ran.stdout.decode()
    assert NEEDLE not in said
    assert PRACTICE not in said
    return ran.returncode, said


def test_the_command_examines_a_practice_and_names_nothing_of_it(process, folder, practice):
    practice()
    code, said = run(process, folder)
    assert code == 0
    assert "fine  The settings can be read" in said
    assert "fine  Somebody types the boot secret at every start" in said
    folder.chmod(0o755)
    code, said = run(process, folder)
    assert code == 1
    assert "Stop: others on this machine may open the data folder" in said
    assert "Not fit for use: 1 to mend first" in said.splitlines()[-1]


def test_the_command_works_without_a_practice(process, folder):
    code, said = run(process, folder / "none")
    assert code == 0
    assert "there is no practice in the data folder yet" in said.lower()


def test_the_folder_can_come_from_the_environment(process, folder, practice):
    practice()
    ran = process("doctor", ANGERONA_DATA=str(folder))
    assert b"The settings can be read" in ran.stdout


def test_a_wrong_folder_is_one_line(process):
    ran = process("doctor", "--data", " ")
    assert ran.returncode == 2
    assert ran.stderr.startswith(b"angerona: the data folder: not the name of a folder")


# The keys of a practice


def keys_found(house, **scene):
    return found(key_checks.keys, house.data, settings=read_settings(house.data), **scene)


def test_the_boot_secret_fits_and_the_ledger_is_checked(house):
    assert keys_found(house, at=NOW + datetime.timedelta(days=9)) == [
        (Level.FINE, "the boot secret fits the keyset, which holds one key of 30 days each"),
        (Level.FINE, "the ledger passes its quick check"),
    ]


def test_a_key_for_a_time_to_come_is_looked_at(house):
    level, what = keys_found(house, at=NOW - datetime.timedelta(days=400))[0]
    assert (level, what) == (Level.LOOK, "the keyset holds a key for a time that has not come")


def test_a_keyset_that_is_gone_or_broken_stops(house):
    (house.data / "keyset").write_bytes(b"x")
    assert keys_found(house) == [
        (Level.STOP, "the keyset: is broken; restore it from a keyset backup")
    ]
    (house.data / "keyset").unlink()
    assert keys_found(house)[0][0] is Level.STOP


def test_another_boot_secret_stops(house):
    (house.folder / "boot").write_bytes(os.urandom(32))
    assert keys_found(house) == [(Level.STOP, "the boot secret does not fit the keyset")]


def test_without_the_boot_secret_nothing_is_said_of_the_keys(house):
    (house.folder / "boot").unlink()
    assert keys_found(house) == [
        (Level.FINE, "keys and ledger were not looked at: the keeper gave no secret")
    ]


def test_a_practice_in_use_is_left_to_who_uses_it(house):
    with house.vault():
        level, what = keys_found(house)[1]
    assert (level, what) == (
        Level.FINE,
        "the ledger is open in a process that checked it at its start",
    )


def test_a_database_that_is_gone_or_changed_stops(house):
    connection = apsw.Connection(str(house.data / "practice.db"))
    connection.execute("DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)")
    connection.close()
    level, what = keys_found(house)[1]
    assert level is Level.STOP
    assert what.endswith("in the store: not what the ledger holds; nothing was opened")
    (house.data / "practice.db").write_bytes(b"no database")
    assert keys_found(house)[1][0] is Level.STOP


def test_held_lines_that_may_be_told_by_now_are_counted(house):
    with house.vault() as vault:
        (client_id,) = vault.store.rows("clients.ids", practice_id=vault.practice_id)[0]
        body = {"by": {"name": INES}, "what": "held"}
        for days in (2, 20):
            until = NOW + datetime.timedelta(days=days)
            hold(vault, Line(client_id, "look", body), NOW, until=until, authority=None)
    assert len(keys_found(house, at=NOW)) == 2
    level, what = keys_found(house, at=NOW + datetime.timedelta(days=9))[2]
    said = "lines that clients may be told by now, and that still wait: 1"
    assert (level, what) == (Level.LOOK, said)


def test_a_spool_that_waits_is_looked_at(house):
    settings = read_settings(house.data)
    assert found(key_checks.spool, house.data, settings=settings) == []
    file = spool_of(settings.practice_id)
    file.parent.mkdir(parents=True)
    file.touch()
    level, what = only(key_checks.spool, house.data, settings=settings)
    assert (level, "wait in the spool" in what) == (Level.LOOK, True)


def test_papers_beside_the_data_are_looked_at(house):
    assert found(key_checks.papers, house.data) == []
    (house.folder / "practice-papers").mkdir()
    assert only(key_checks.papers, house.data)[0] is Level.LOOK
