"""`angerona export`: folders of its owner's alone, whole or not at all."""

import json

import pytest

from closed_practice import as_thea, closed_practice, run

NOTE = "She told me about the garden."


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = closed_practice(tmp_path_factory.mktemp("export") / "place")
    done = run(place, "note", "Ada Invented", *as_thea(place), reason=NOTE)
    assert done.returncode == 0, done.stderr
    return place


def test_all_records_are_copied_once(place):
    out = place / "out"
    done = run(place, "export", "--to", str(out), *as_thea(place))
    assert done.returncode == 0, done.stderr
    assert "in clear" in done.stdout
    assert "Ada" not in done.stdout
    (folder,) = out.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    document = json.loads((folder / "record.json").read_text("utf-8"))
    assert [one["text"] for one in document["entries"]] == [NOTE]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert (folder / "record.pdf").read_bytes().startswith(b"%PDF")
    again = run(place, "export", "--to", str(out), *as_thea(place))
    assert again.returncode == 0
    assert "There already" in again.stdout


def test_one_record_by_its_name(place):
    done = run(place, "export", "Ada Invented", "--to", str(place / "one"), *as_thea(place))
    assert done.returncode == 0, done.stderr
    assert len(list((place / "one").iterdir())) == 1


def test_somebody_whom_nobody_knows_is_silence(place):
    done = run(place, "export", "Nobody", "--to", str(place / "none"), *as_thea(place))
    assert done.returncode == 2
    assert not (place / "none").exists()


def test_a_folder_that_others_can_open_is_refused(place):
    (place / "open").mkdir()
    (place / "open").chmod(0o755)
    done = run(place, "export", "--to", str(place / "open"), *as_thea(place))
    assert done.returncode == 2
    assert "others on this machine" in done.stderr
