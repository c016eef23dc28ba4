"""Backup and restore as somebody runs them who looks after the machine."""

import datetime
import json
import os
import shutil
import subprocess
import time
import tomllib

import pytest

from angerona.ciphers.age_files import identity_of_seat, new_identity, recipient_of
from angerona.ciphers.recovery import from_words, to_words
from closed_practice import COMMAND, as_thea, closed_practice, copied, run

NOTE = "She told me about the garden."


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A practice with a note, and one backup of it. Each test copies it."""
    place = closed_practice(tmp_path_factory.mktemp("kept") / "place")
    done = run(place, "note", "Ada Invented", *as_thea(place), reason=NOTE)
    assert done.returncode == 0, done.stderr
    done = run(place, "backup", str(place / "out"))
    assert done.returncode == 0, done.stderr
    shutil.copytree(os.environ["XDG_STATE_HOME"], place / "state")
    return place, done


@pytest.fixture
def place(kept, tmp_path, monkeypatch):
    """The same, in a folder of its own, with an account that remembers for itself."""
    return copied(kept[0], tmp_path / "place", monkeypatch)


def command(place, *arguments):
    return subprocess.run(
        [*COMMAND, *arguments],
        input="",
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        start_new_session=True,
    )


def restore(place, *more, into="anew", keeper=None):
    given = ["--seat-file", str(place / "seat-2"), "--keeper", keeper or f"file:{place / 'boot'}"]
    return command(place, "restore", str(place / "out"), "--into", str(place / into), *given, *more)


def test_what_a_backup_says(kept):
    _, done = kept
    said = " ".join(done.stdout.split())
    assert "The backup is made and was read back" in said
    assert "Alone it opens nothing" in said
    assert "35 days at most, and not where the content lies" in said
    assert "The boot secret is in neither" in said
    assert done.stderr == ""


def test_a_lost_practice_is_restored_and_read_with_the_old_password(place):
    shutil.rmtree(place / "data")
    done = restore(place)
    assert done.returncode == 0, done.stderr
    assert "The practice is restored" in done.stdout
    shutil.move(place / "anew", place / "data")
    settings = place / "data" / "angerona.toml"
    settings.write_text(settings.read_text().replace("/anew/", "/data/"))
    looked = run(place, "look", "Ada Invented", *as_thea(place))
    assert looked.returncode == 0, looked.stderr
    assert NOTE in looked.stdout
    assert run(place, "doctor").returncode in {0, 1}


def test_the_settings_name_the_new_place(place):
    assert restore(place).returncode == 0
    with (place / "anew" / "angerona.toml").open("rb") as file:
        settings = tomllib.load(file)
    assert settings["store"] == f"sqlite://{place}/anew/practice.db"
    assert settings["keeper"] == f"file:{place}/boot"
    assert (place / "anew").stat().st_mode & 0o777 == 0o700


def test_this_account_remembers_what_was_written_since(place):
    """Without any --head: what this account saw last is newer than the backup."""
    done = run(place, "note", "Ada Invented", *as_thea(place), reason="later")
    assert done.returncode == 0, done.stderr
    done = restore(place)
    assert done.returncode == 2
    assert "would be lost" in done.stderr
    assert not (place / "anew").exists()
    done = restore(place, "--accept-loss")
    assert done.returncode == 0, done.stderr
    assert "newer lines are lost, as you accepted" in " ".join(done.stdout.split())


def test_a_head_that_was_kept_elsewhere_is_heeded(place, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another account"))
    assert restore(place, into="first").returncode == 0
    shutil.rmtree(place / "first")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "a third account"))
    run(place, "note", "Ada Invented", *as_thea(place), reason="later")
    state = tmp_path / "a third account" / "angerona" / "heads"
    (head,) = state.iterdir()
    shutil.copy(head, place / "remembered.txt")
    shutil.rmtree(state)
    done = restore(place, "--head", str(place / "remembered.txt"))
    assert done.returncode == 2
    assert "backup: remembered" in done.stderr
    assert restore(place, "--head", str(place / "nothing")).returncode == 2


def test_the_recovery_kit_gives_the_boot_secret_to_a_new_keeper(place):
    boot = (place / "boot").read_bytes()
    secret = boot if len(boot) == 32 else bytes.fromhex(boot.decode().strip())
    written(place / "kit", to_words(secret))
    done = restore(place, "--kit-file", str(place / "kit"), keeper=f"file:{place / 'new-boot'}")
    assert done.returncode == 0, done.stderr
    assert (place / "new-boot").read_bytes() == boot
    done = restore(place, "--kit-file", str(place / "kit"), into="twice")
    assert done.returncode == 2, "a keeper that has one already keeps it"
    assert not (place / "twice").exists()


def written(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return path


def test_further_recipients_and_keysets_on_another_disk(place):
    mine = new_identity()
    written(place / "mine", f"# of the notary\n{mine}")
    done = run(
        place,
        *("backup", str(place / "disk"), "--keysets", str(place / "other disk")),
        *("--to", recipient_of(mine), "--identity", str(place / "mine"), "--prune"),
    )
    assert done.returncode == 0, done.stderr
    assert "Each of 4 recipients opens it alone" in " ".join(done.stdout.split())
    done = command(
        place,
        *("restore", str(place / "disk"), "--keysets", str(place / "other disk")),
        *("--into", str(place / "anew"), "--identity", str(place / "mine")),
        *("--keeper", f"file:{place / 'boot'}"),
    )
    assert done.returncode == 0, done.stderr


def test_older_keysets_are_complained_about_until_they_are_pruned(place):
    (newest,) = (place / "out" / "keyset").iterdir()
    for path in (newest, *(place / "out" / "content").iterdir()):
        age(path)
    in_a_later_second(place / "out" / "keyset")
    done = run(place, "backup", str(place / "out"))
    assert done.returncode == 1
    assert "1 keyset sets are older than 35 days" in " ".join(done.stdout.split())
    in_a_later_second(place / "out" / "keyset")
    done = run(place, "backup", str(place / "out2"), "--keysets", str(place / "out" / "keyset"))
    assert done.returncode == 1
    in_a_later_second(place / "out" / "keyset")
    done = run(
        place, "backup", str(place / "out3"), "--keysets", str(place / "out" / "keyset"), "--prune"
    )
    assert done.returncode == 0, done.stdout
    assert "1 keyset sets older than 35 days were deleted" in " ".join(done.stdout.split())
    assert not newest.exists()


def in_a_later_second(keysets):
    """Wait until a further set of the same folder gets another name: names count seconds."""
    last = max(path.name for path in keysets.iterdir())
    while last >= time.strftime("%Y-%m-%dT%H%M%SZ", time.gmtime()):
        time.sleep(0.05)


def age(folder):
    """Sixty days older, by what the manifest says."""
    path = folder / "manifest.json"
    text = path.read_text()
    made = json.loads(text)["made"]
    earlier = datetime.datetime.fromisoformat(made) - datetime.timedelta(days=60)
    path.write_text(text.replace(made, f"{earlier:%Y-%m-%dT%H:%M:%SZ}"))


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--content", "nothing"), "no such set"),
        (("--identity", "nowhere"), "no such file"),
        (("--seat-file", "nowhere"), "no such file"),
        (("--store", "mysql://x"), "names no kind of store"),
        (("--keeper", "nothing"), "no such kind of keeper"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line_and_leaves_nothing(place, more, says):
    done = restore(place, *more)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (place / "anew").exists()


def test_a_practice_is_not_written_over(place):
    done = restore(place, into="data")
    assert done.returncode == 2
    assert "nothing is written over" in done.stderr


def test_a_folder_without_backups_is_said_to_be_one(place):
    done = command(place, "restore", str(place), "--into", str(place / "anew"))
    assert done.returncode == 2
    assert "no content set" in done.stderr


def test_a_stranger_s_words_do_not_open_the_keyset(place):
    written(place / "seat-2", to_words(os.urandom(32)))
    done = restore(place)
    assert done.returncode == 2
    assert "does not open" in done.stderr


def test_a_backup_into_the_data_folder_is_refused(place):
    done = run(place, "backup", str(place / "data" / "out"))
    assert done.returncode == 2
    assert "inside the data folder" in done.stderr


def test_the_words_of_a_seat_are_an_age_identity(place):
    """What docs/BACKUP-FORMAT.md says to a key holder who has nothing but age."""
    secret = from_words((place / "seat-1").read_text())
    assert identity_of_seat(secret).startswith("AGE-SECRET-KEY-1")
