"""`angerona keys kit`: the recovery kit printed again, and a restore from shares of it."""

import io
import os
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest

from angerona.ciphers.recovery import from_words
from angerona.cli import kit
from angerona.cli.entrance import opened
from angerona.sealed.keepers.reading import secret_from
from closed_practice import COMMAND, as_thea, closed_practice, run
from notices.reading_pages import texts_of

WORD = re.compile(r"(?<!\S)(\d{1,2})\. ([a-z]{3,8})(?!\S)")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return closed_practice(tmp_path_factory.mktemp("kit"))


def words_of(path):
    (text,) = texts_of(path.read_bytes())
    return " ".join(word for _, word in sorted((int(n), word) for n, word in WORD.findall(text)))


def written(path, text):
    path.write_text(text + "\n")
    path.chmod(0o600)
    return str(path)


def restored(place, into, *kit_files):
    given = [one for name in kit_files for one in ("--kit-file", name)]
    more = ["--seat-file", str(place / "seat-2"), "--keeper", f"file:{place / f'boot-{into}'}"]
    return subprocess.run(
        [*COMMAND, "restore", str(place / "out"), "--into", str(place / into), *more, *given],
        input="",
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        start_new_session=True,
        env={**os.environ, "XDG_STATE_HOME": str(place / "another account")},
    )


@pytest.fixture(scope="module")
def sets(place):
    """Two sets of shares, in text files of the words alone; and a backup."""
    found = []
    for name in ("first", "second"):
        done = run(place, "keys", "kit", "--shares", "2/3", "--papers", name)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Any 2 of them are the boot secret; 1 say nothing" in " ".join(done.stdout.split())
        pages = sorted((place / name).iterdir())
        assert [one.name for one in pages] == [f"kit-share-{n}.pdf" for n in (1, 2, 3)]
        assert {one.stat().st_mode & 0o777 for one in pages} == {0o600}
        texts = [written(place / f"{name}-{n}", words_of(one)) for n, one in enumerate(pages)]
        found.append(texts)
    assert run(place, "backup", str(place / "out")).returncode == 0
    return found


def test_two_of_three_shares_restore_a_practice(place, sets):
    done = restored(place, "two", sets[0][2], sets[0][0])
    assert done.returncode == 0, done.stderr
    assert (place / "boot-two").read_bytes() == (place / "boot").read_bytes()


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ([(0, 1)], "the shares of the recovery kit: only 1 given; 2 of the same set"),
        ([(0, 1), (0, 1)], "share 2 of those given: is number 2 of its set, given already"),
        ([(0, 0), (1, 1)], "share 2 of those given: is of set "),
    ],
)
def test_what_is_not_enough_restores_nothing(place, sets, chosen, said):
    done = restored(place, "none", *(sets[of][number] for of, number in chosen))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith(f"angerona: {said}")
    assert not (place / "none").exists()


def test_a_slip_in_a_share_is_said_without_a_word_of_it(place, sets):
    words = Path(sets[0][0]).read_text("utf-8").split()
    slip = written(place / "slip", " ".join(["xylophagous", *words[1:]]))
    done = restored(place, "none", sets[0][1], slip)
    said = (
        "angerona: share 2 of those given: the words of a share: word 1: not a word of the list\n"
    )
    assert (done.returncode, done.stderr) == (2, said)


def test_the_whole_kit_is_printed_again_and_the_ledger_says_so(place):
    done = run(place, "keys", "kit", "--papers", "whole")
    assert (done.returncode, done.stderr) == (0, "")
    words = words_of(place / "whole" / "recovery-kit.pdf")
    assert from_words(words) == (place / "boot").read_bytes()
    with pikepdf.open(io.BytesIO((place / "whole" / "recovery-kit.pdf").read_bytes())) as page:
        assert len(page.pages) == 1
    with opened(place / "data") as vault:
        last = vault.ledger.lines_of(vault.practice_id)[-1]
    assert (last.kind, last.body["what"]) == ("keys", "the recovery kit was printed")
    assert (last.body["shares"], last.body["by"]) == ("whole", {"name": "the command line"})
    assert run(place, "ledger", "fsck").returncode == 0


def test_shares_of_a_set_are_the_boot_secret(place, sets):
    texts = [Path(one).read_text("utf-8") for one in sets[1][:2]]
    with secret_from(texts, None) as boot:
        assert boot.revealed() == (place / "boot").read_bytes()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--shares", "3/2"), "the shares: too few or too many"),
        (("--shares", "all"), "the shares: not k/n; such as 2/3"),
        (("--paper", "a5"), "--paper: no such paper"),
        (("--papers", "data"), "the folder for the papers: is there already"),
    ],
)
def test_what_cannot_be_printed_is_refused_and_written_nowhere(place, more, said):
    papers = () if "--papers" in more else ("--papers", "never")
    done = run(place, "keys", "kit", *papers, *more)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert done.stderr.startswith(f"angerona: {said}")
    assert not (place / "never").exists()


def test_nobody_is_met_by_a_boot_secret_that_does_not_fit(place, tmp_path):
    settings = place / "data" / "angerona.toml"
    text = settings.read_text()
    (tmp_path / "other").write_bytes(bytes(range(32)))
    (tmp_path / "other").chmod(0o600)
    settings.write_text(text.replace(f"{place}/boot", f"{tmp_path}/other"))
    try:
        done = run(place, "keys", "kit", "--papers", "never")
    finally:
        settings.write_text(text)
    assert done.returncode == 2
    assert "does not fit this practice" in done.stderr
    assert not (place / "never").exists()
    assert run(place, "clients", *as_thea(place)).returncode == 0


def test_the_ledger_says_so_before_a_word_is_on_the_disk(place, monkeypatch):
    there = []

    def broken_off(folder, _sheets):
        there.extend(folder.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr(kit, "write_sheets", broken_off)
    with opened(place / "data") as vault:
        before = vault.ledger.size
    with pytest.raises(KeyboardInterrupt):
        kit.print_again(str(place / "data"), split=None, papers=str(place / "cut"), paper="a4")
    with opened(place / "data") as vault:
        assert vault.ledger.size == before + 1
    assert there == []
