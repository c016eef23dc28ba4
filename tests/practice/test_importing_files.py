"""Folders of files: each once, as what it is; what is no document is rejected by its number."""

import io
import os

import pytest

from angerona.errors import BadInput
from angerona.gate.results import Shown
from angerona.practice import importing_files
from angerona.practice.importing import Taken, import_notes
from angerona.practice.importing_files import found_in, notes_of_files
from angerona.practice.importing_rows import Rejected
from small_practice import AT, founded

pytestmark = pytest.mark.usefixtures("quickly")

PDF = b"%PDF-1.7\n%quiet"
OLD = 1_600_000_000
"""13 September 2020, when the files here were last changed."""


@pytest.fixture
def practice(tmp_path):
    practice = founded(tmp_path / "practice")
    yield practice
    practice.vault.store.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "old records"
    lay(folder / "Ada R." / "2024" / "letter.pdf", PDF)
    lay(folder / "Ada R." / "note.txt", b"plain words")
    lay(folder / "Otto" / "scan.png", b"\x89PNG\r\n\x1a\n....")
    return folder


def lay(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (OLD, OLD))


def brought(practice, folder, wanted="correspondence"):
    with practice.visit("Thea") as visit:
        notes = notes_of_files(folder, found_in(folder), wanted)
        return list(import_notes(practice.door, visit, notes, clock=lambda: AT))


def entries_of(practice, name):
    rows = practice.vault.store.rows("clients.all", practice_id=practice.vault.practice_id)
    (client_id,) = [one for one, *_ in rows if practice.vault.authority(one).client.name == name]
    shown = practice.look("Thea", client_id)
    assert isinstance(shown, Shown)
    return client_id, shown


def test_each_file_becomes_an_entry_with_its_file(practice, folder):
    assert [type(one) for one in brought(practice, folder)] == [Taken] * 3
    client_id, shown = entries_of(practice, "Ada R.")
    assert {text.heading for _, text in shown.entries} == {"letter", "note"}
    assert {place.wanted for place, _ in shown.entries} == {"correspondence"}
    assert {text.written.year for _, text in shown.entries} == {2020}
    for place, text in shown.entries:
        data = io.BytesIO()
        practice.door.fetch(client_id, shown, place.entry_id, data)
        assert data.getvalue() == (PDF if text.heading == "letter" else b"plain words")


def test_nothing_comes_in_twice(practice, folder):
    brought(practice, folder)
    os.utime(folder / "Otto" / "scan.png", (OLD + 9, OLD + 9))
    lay(folder / "Otto" / "second.pdf", PDF + b"2")
    again = brought(practice, folder)
    assert [one.kept for one in again] == [False, False, False, True]
    assert not any(one.enrolled for one in again)


WRONG = {
    "page.html": b"<html><script>1</script></html>",
    "program.exe": b"MZ\x90\x00\x03\x00",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "nothing.pdf": b"",
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_document_is_rejected_and_the_rest_comes_in(practice, folder, name):
    lay(folder / "Otto" / name, WRONG[name])
    done = brought(practice, folder)
    assert sum(isinstance(one, Taken) for one in done) == 3
    (rejected,) = [one for one in done if isinstance(one, Rejected)]
    assert found_in(folder)[rejected.line - 1].name == name
    assert "Otto" not in rejected.reason


def test_a_link_and_a_giant_are_rejected(practice, folder, monkeypatch):
    (folder / "Otto" / "link.pdf").symlink_to(folder / "Ada R." / "note.txt")
    monkeypatch.setattr(importing_files, "FILE_BYTES_MAX", 13)
    reasons = [one.reason for one in brought(practice, folder) if isinstance(one, Rejected)]
    assert reasons == ["larger than 13 bytes", "no plain file"]


def test_hidden_files_are_passed_over(folder):
    lay(folder / "Otto" / ".DS_Store", b"x")
    lay(folder / ".git" / "config", b"x")
    assert len(found_in(folder)) == 3


def test_files_of_nobody_stop_it_before_it_begins(folder):
    lay(folder / "loose.pdf", PDF)
    with pytest.raises(BadInput, match="files of nobody"):
        found_in(folder)


def test_a_list_says_whose_single_files_are(practice, folder):
    lay(folder / "loose.pdf", PDF + b"3")
    lay(folder / "nobody.pdf", PDF + b"4")
    listing = b"file,client,born\nloose.pdf,Otto,\nAda R./note.txt,Ida,1990-05-17\n"
    lay(folder / "clients.csv", listing)
    assert len(found_in(folder)) == 5, "the list itself is none of them"
    assert brought(practice, folder) == [
        Taken(1, kept=True, enrolled=True),
        Taken(2, kept=True, enrolled=True),
        Taken(3, kept=True, enrolled=True),
        Taken(4, kept=True, enrolled=False),
        Rejected(5, importing_files.NOBODYS),
    ]
    assert {text.heading for _, text in entries_of(practice, "Otto")[1].entries} == {
        "scan",
        "loose",
    }
    assert {text.heading for _, text in entries_of(practice, "Ida")[1].entries} == {"note"}


@pytest.mark.parametrize("name", ["missing", "empty"])
def test_no_folder_and_an_empty_one_are_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadInput):
        found_in(tmp_path / name)


def test_a_class_that_cannot_be_brought_is_refused(folder):
    with pytest.raises(BadInput, match="cannot be brought"):
        list(notes_of_files(folder, found_in(folder), "ledger"))
