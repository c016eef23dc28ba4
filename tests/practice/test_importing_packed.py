"""Packed files: what lies within; what blows up, leads out, hides or is damaged is refused."""

import datetime
import io
import struct
import tracemalloc
import zipfile

import pytest

from angerona.errors import BadInput
from angerona.practice import importing_packed
from angerona.practice.importing_files import NO_DOCUMENT, Whose
from angerona.practice.importing_packed import files_in, notes_of_packed, packed_up
from angerona.practice.importing_rows import Rejected

AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
PDF = b"%PDF-1.7\n%quiet"
LINK = 0o120777 << 16


def packed(*files, kind=zipfile.ZIP_DEFLATED):
    """A .zip of (name or ZipInfo, content)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", kind) as written:
        for name, data in files:
            written.writestr(name, data)
    return target.getvalue()


def info(name, *, mode=0, date=(2024, 5, 6, 7, 8, 10)):
    made = zipfile.ZipInfo(name, date)
    made.external_attr = mode
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


def notes(data, at=AT):
    return list(notes_of_packed(files_in(data), "correspondence", lambda _: Whose("Ada"), at))


def wrong(data):
    (one,) = notes(data)
    assert isinstance(one, Rejected), one
    return one.reason


def test_each_file_is_a_note_with_its_day():
    first, second = notes(packed((info("Ada/b/two.pdf"), PDF), (info("Ada/a.txt"), b"plain")))
    assert [one.text for one in (first, second)] == ["a.txt", "two.pdf"], "by their paths"
    assert first.written == datetime.datetime(2024, 5, 6, 7, 8, 10, tzinfo=datetime.UTC)
    with second.file.open("rb") as file:
        assert file.read() == PDF


def test_a_day_that_is_none_or_lies_ahead_is_unknown():
    ahead = AT + datetime.timedelta(hours=2)
    for date in ((1980, 1, 1, 0, 0, 0), ahead.timetuple()[:6]):
        (one,) = notes(packed((info("a.pdf", date=date), PDF)))
        assert one.written is None


@pytest.mark.parametrize(
    "name", ["../Ada/a.pdf", "/etc/a.pdf", "Ada/../../a.pdf", "C:/a.pdf", "..\\a.pdf", "Ada//a.pdf"]
)
def test_a_path_that_leads_out_is_rejected(name):
    assert wrong(packed((info(name), PDF))) == "its path leads out of the folder"


@pytest.mark.parametrize("mode", [LINK, 0o010644 << 16, 0o060644 << 16, 0o140777 << 16])
def test_a_link_or_a_device_is_rejected(mode):
    assert wrong(packed((info("Ada/a.pdf", mode=mode), b"/etc/passwd"))) == "no plain file"


def test_what_is_hidden_is_passed_over_and_so_are_folders():
    data = packed(
        (info("__MACOSX/Ada/a.pdf"), PDF),
        (info("Ada/.DS_Store"), b"x"),
        (info("Ada/"), b""),
        (info("Ada/a.pdf"), PDF),
    )
    assert [one.path for one in files_in(data)] == ["Ada/a.pdf"]


def test_names_in_utf_8_are_read_with_and_without_its_mark():
    data = packed((info("Zoë/Brief.pdf"), PDF))
    assert files_in(data)[0].path == "Zoë/Brief.pdf"
    unmarked = bytearray(data)
    for at in (6, data.index(b"PK\x01\x02") + 8):
        (flags,) = struct.unpack_from("<H", unmarked, at)
        struct.pack_into("<H", unmarked, at, flags & ~0x800)
    assert files_in(bytes(unmarked))[0].path == "Zoë/Brief.pdf"
    for place in (data.index("Zoë".encode()), data.rindex("Zoë".encode())):
        unmarked[place : place + 4] = b"Zo\x89_"
    (old,) = files_in(bytes(unmarked))
    assert old.path == "Zoë_/Brief.pdf", "else it is read as the format says"


def test_a_name_that_would_steer_a_terminal_is_rejected():
    for name in ("Ada/\x1b[2Ja.pdf", "Ada/\x1b[2J/a.pdf"):
        assert wrong(packed((info(name), PDF))) == importing_packed.NOT_PLAIN


def test_what_is_no_document_empty_or_too_large_is_rejected(monkeypatch):
    assert wrong(packed((info("Ada/a.html"), b"<html>"))) == NO_DOCUMENT
    assert wrong(packed((info("Ada/a.pdf"), b""))) == "empty"
    monkeypatch.setattr(importing_packed, "FILE_BYTES_MAX", 10)
    assert wrong(packed((info("Ada/a.pdf"), PDF))) == "larger than 10 bytes"


def test_a_locked_file_is_rejected():
    data = bytearray(packed((info("Ada/a.pdf"), PDF)))
    for at in (6, data.index(b"PK\x01\x02") + 8):
        data[at] |= 1
    assert wrong(bytes(data)) == "locked with a password"


def test_other_packings_are_rejected():
    assert wrong(packed(("Ada/a.pdf", PDF), kind=zipfile.ZIP_LZMA)).startswith("packed in a way")


@pytest.mark.parametrize("grow", [-4, 4])
def test_a_file_that_lies_of_its_size_is_damaged_and_read_no_further(grow):
    data = bytearray(packed((info("Ada/a.pdf"), PDF * 9)))
    at = data.index(b"PK\x01\x02") + 24
    (size,) = struct.unpack_from("<L", data, at)
    struct.pack_into("<L", data, at, size + grow)
    (one,) = notes(bytes(data))
    assert one == Rejected(1, "damaged") or grow > 0


def test_a_changed_byte_is_found():
    made = zipfile.ZipInfo("Ada/a.pdf")
    made.compress_type = zipfile.ZIP_STORED
    data = bytearray(packed((made, PDF), kind=zipfile.ZIP_STORED))
    data[data.index(PDF) + 9] ^= 1
    assert wrong(bytes(data)) == "damaged"


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(importing_packed, "UNPACKED_BYTES_MAX", 3_000_000)
    bomb = packed(*((info(f"Ada/{number}.txt"), b"0" * 1_000_000) for number in range(4)))
    assert len(bomb) < 10_000
    with pytest.raises(BadInput, match="when it is unpacked"):
        files_in(bomb)


def test_a_bomb_that_says_it_is_small_stays_small():
    bomb = bytearray(packed((info("Ada/a.txt"), b"0" * 50_000_000)))
    for at in (22, bomb.index(b"PK\x01\x02") + 24):
        struct.pack_into("<L", bomb, at, 1_000)
    tracemalloc.start()
    assert wrong(bytes(bomb)) == "damaged"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(importing_packed, "FILES_MAX", 3)
    with pytest.raises(BadInput, match="more than 3 files"):
        files_in(packed(*((info(f"Ada/{number}.txt"), b"x") for number in range(4))))


def test_a_long_list_of_files_is_refused_before_it_is_read():
    """Each name in the list costs memory, whatever number of files the end admits to."""
    one = packed((info("a.txt"), b"x"))
    start = one.index(b"PK\x01\x02")
    entry = one[start : one.index(b"PK\x05\x06")]
    directory = entry * 40_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), start, 0)
    tracemalloc.start()
    with pytest.raises(BadInput, match="files"):
        files_in(one[:start] + directory + end)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


def test_one_packed_as_very_large_is_refused():
    data = packed((info("a.txt"), b"x"))
    at = data.index(b"PK\x05\x06")
    with pytest.raises(BadInput, match="very large"):
        files_in(data[:at] + b"PK\x06\x07" + bytes(16) + data[at:])


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"%PDF-1.7" * 9, b"PK\x05\x06", b"PK\x05\x06" + bytes(17)],
    ids=["empty", "a beginning", "a PDF", "an end", "half an end"],
)
def test_what_is_no_zip_is_said(data):
    with pytest.raises(BadInput, match="zip"):
        files_in(data)


def test_cut_and_garbled_files_are_one_clear_error():
    whole = packed((info("Ada/a.pdf"), PDF), (info("Zoë/b.txt"), b"plain"))
    for at in range(len(whole)):
        for broken in (whole[:at], whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :]):
            try:
                notes(broken)
            except BadInput:
                continue


def test_single_files_are_packed_up_each_under_a_name_of_its_own():
    files = files_in(packed_up([("a.pdf", PDF), ("a.pdf", PDF + b"2"), ("b", b"plain")]))
    assert [one.path for one in files] == ["a (2).pdf", "a.pdf", "b"]
    assert [one.changed for one in files] == [None] * 3
