"""`angerona import FOLDER --as files`."""

import csv

import pytest

from closed_practice import as_thea, closed_practice, run


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return closed_practice(tmp_path_factory.mktemp("files") / "place")


def test_a_folder_comes_in_once_and_what_does_not_fit_is_listed(place):
    folder = place / "old" / "Ada Invented"
    folder.mkdir(parents=True)
    (folder / "letter.pdf").write_bytes(b"%PDF-1.7")
    (folder / "page.html").write_bytes(b"<html></html>")
    who = ["--by", *as_thea(place)[1:]]
    done = run(place, "import", str(place / "old"), "--as", "files", *who)
    assert done.returncode == 0, done.stderr
    assert "1 file brought in, for 0 new clients." in done.stdout
    assert "1 file could not be taken" in done.stdout
    assert "Ada" not in done.stdout
    rejects = place / "old.rejects.csv"
    assert rejects.stat().st_mode & 0o777 == 0o600
    rows = list(csv.reader(rejects.read_text("utf-8").splitlines()))
    assert rows[0] == ["file", "reason"]
    assert rows[1][0] == "Ada Invented/page.html"
    again = run(place, "import", str(place / "old"), "--as", "files", *who)
    assert "1 there already" in again.stdout


def test_another_class_and_no_folder(place):
    who = ["--by", *as_thea(place)[1:]]
    done = run(place, "import", str(place / "old"), "--as", "files", "--class", "ledger", *who)
    assert done.returncode == 2
    done = run(place, "import", str(place / "nowhere"), "--as", "files", *who)
    assert done.returncode == 2
