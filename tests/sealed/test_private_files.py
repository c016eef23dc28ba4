"""Files of their owner's alone: what is refused, and that writing is all or nothing."""

import os
import sys
from functools import partial
from pathlib import Path

import pytest

from angerona.errors import BadInput
from angerona.sealed.private_files import read_private, write_private

refused = partial(BadInput, "the file")


def read(path, *, bytes_max=100, laid_by_root=False):
    return bytes(read_private(path, refused, bytes_max=bytes_max, laid_by_root=laid_by_root))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "secret"
    path.write_bytes(b"what is kept")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_file_of_its_owner_s_alone_is_read(file, mode):
    file.chmod(mode)
    assert read(file) == b"what is kept"


@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o666, 0o777])
def test_a_file_that_others_may_open_is_refused(file, mode):
    file.chmod(mode)
    with pytest.raises(BadInput, match="others on this machine may open the file; chmod 600"):
        read(file)


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o440, 0o640])
def test_what_root_laid_out_may_be_read_by_its_group(file, mode):
    file.chmod(mode)
    assert read(file, laid_by_root=True) == b"what is kept"


@pytest.mark.parametrize("mode", [0o660, 0o604, 0o602, 0o601, 0o610])
def test_what_root_laid_out_is_still_closed_to_all_others(file, mode):
    file.chmod(mode)
    with pytest.raises(BadInput, match="others on this machine"):
        read(file, laid_by_root=True)


def test_a_file_of_another_user_is_refused(file):
    if os.geteuid() == 0:
        os.chown(file, 65534, 65534)
        with pytest.raises(BadInput, match="belongs to another user"):
            read(file, laid_by_root=True)
    else:
        file = Path("/etc/passwd")
    with pytest.raises(BadInput, match="belongs to another user"):
        read(file)


def test_a_symbolic_link_is_refused(file, tmp_path):
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(BadInput, match="is a symbolic link"):
        read(tmp_path / "link")


def test_what_is_no_plain_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(BadInput, match="not a plain file"):
            read(path)


@pytest.mark.parametrize(
    ("name", "said"),
    [("none", "no such file"), ("x" * 300, "cannot be read: File name too long"), ("\0", "not a")],
)
def test_a_file_that_cannot_be_opened_is_refused(tmp_path, name, said):
    with pytest.raises(BadInput, match=said):
        read(tmp_path / name)


@pytest.mark.parametrize(("size", "bytes_max", "fits"), [(7, 7, True), (8, 7, False), (0, 7, True)])
def test_only_so_much_is_read(file, size, bytes_max, fits):
    file.write_bytes(b"x" * size)
    if fits:
        assert read(file, bytes_max=bytes_max) == b"x" * size
    else:
        with pytest.raises(BadInput, match="too large; at most 7 bytes"):
            read(file, bytes_max=bytes_max)


@pytest.mark.skipif(sys.platform != "linux", reason="reads files that Linux makes up")
def test_a_file_is_judged_by_what_is_read_and_not_by_the_size_it_tells():
    """Linux says that these hold nothing; the first goes on for long, the second cannot be read."""
    with pytest.raises(BadInput, match="too large; at most 3 bytes"):
        read(Path("/proc/self/environ"), bytes_max=3)
    with pytest.raises(BadInput, match="the file cannot be read: Input/output error"):
        read(Path("/proc/self/mem"))


def test_what_is_written_is_its_owner_s_alone_whatever_the_mask(tmp_path):
    path = tmp_path / "new"
    mask = os.umask(0)
    try:
        write_private(path, b"one", refused, replace=False)
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read(path) == b"one"
    assert [one.name for one in tmp_path.iterdir()] == ["new"]


def test_nothing_is_written_over_unless_that_is_wanted(tmp_path):
    path = tmp_path / "new"
    write_private(path, b"one", refused, replace=False)
    with pytest.raises(BadInput, match="there is such a file already"):
        write_private(path, b"two", refused, replace=False)
    assert read(path) == b"one"
    write_private(path, b"three", refused, replace=True)
    assert read(path) == b"three"
    assert [one.name for one in tmp_path.iterdir()] == ["new"]


def test_a_link_is_replaced_and_not_followed(tmp_path, file):
    link = tmp_path / "link"
    link.symlink_to(file)
    with pytest.raises(BadInput, match="already"):
        write_private(link, b"two", refused, replace=False)
    write_private(link, b"two", refused, replace=True)
    assert not link.is_symlink()
    assert file.read_bytes() == b"what is kept"


@pytest.mark.parametrize("name", ["no/folder", "x" * 250, "\0"])
def test_what_cannot_be_written_leaves_nothing_behind(tmp_path, name):
    with pytest.raises(BadInput, match="cannot be written"):
        write_private(tmp_path / name, b"one", refused, replace=True)
    assert not list(tmp_path.iterdir())
