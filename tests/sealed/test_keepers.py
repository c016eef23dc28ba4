"""Keepers that read what was typed, a file, or a credential of the service."""

import contextlib
import os
import re
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.recovery import to_words
from angerona.errors import BadInput, KeeperFailure
from angerona.sealed.boot import BootSecret
from angerona.sealed.keepers import KINDS, keeper_at
from angerona.sealed.keepers.reading import secret_in

SECRET = bytes(range(32))
WORDS = to_words(SECRET)


def kept(address, tmp_path, ask=None):
    with keeper_at(address, folder=tmp_path, ask=ask).fetch() as secret:
        return secret.revealed()


# The address


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", "no such kind of keeper; allowed: file, pkcs11, prompt, systemd"),
        ("prompt", "no such kind of keeper; did you mean prompt?"),
        ("command:cat /secret", "no such kind of keeper; allowed"),
        ("files:/secret", "no such kind of keeper; did you mean file?"),
        ("prompt:words", "nothing follows prompt:"),
        ("file:secret", "not a whole path; write keeper = 'file:/path/to/file'"),
        ("file:", "not a whole path"),
        ("file:~/secret", "not a whole path"),
        ("systemd:", "not the name of a credential"),
        ("systemd:../secret", "not the name of a credential"),
        ("systemd:a/b", "not the name of a credential"),
        ("systemd:..", "not the name of a credential"),
        ("systemd:x\n", "not the name of a credential"),
    ],
)
def test_an_address_that_cannot_be_read_is_refused(tmp_path, address, said):
    with pytest.raises(BadInput, match=re.escape(said)) as caught:
        keeper_at(address, folder=tmp_path, ask=None)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["prompt:", "file:/a", "systemd:a", "pkcs11:module=/a;token=b;object=c"]
)
def test_each_keeper_has_its_kind_for_a_name_and_describes_itself(tmp_path, address):
    keeper = keeper_at(address, folder=tmp_path, ask=None)
    assert keeper.name == address.partition(":")[0]
    assert keeper.name in KINDS
    assert len(keeper.describe()) > 40
    assert "/a" not in keeper.describe()


# prompt:


@pytest.mark.parametrize(
    "typed",
    [
        WORDS,
        WORDS.upper(),
        "  " + WORDS.replace(" ", "  \t") + "\n",
        SECRET.hex(),
        SECRET.hex().upper(),
        SECRET.hex(" ", 4),
        SECRET.hex(" "),
    ],
    ids=["words", "capitals", "spaces", "hex", "hex in capitals", "hex in groups", "hex in pairs"],
)
def test_a_typed_boot_secret_is_read(tmp_path, typed):
    asked = []
    assert kept("prompt:", tmp_path, lambda what: asked.append(what) or typed) == SECRET
    said = "The boot secret (24 words, 64 hexadecimal digits, or 55 words of a share)"
    assert asked == [said]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "nothing was typed"),
        (" \n", "nothing was typed"),
        (WORDS.rsplit(" ", 1)[0], "23 words"),
        (WORDS.replace(WORDS.split()[4], "xylophagous", 1), "word 5: not a word of the list"),
        (" ".join(reversed(WORDS.split())), "a wrong word, or words out of order"),
        (SECRET.hex()[:-1], "1 words"),
        (SECRET.hex()[:-1] + "g", "1 words"),
        ("0" * 64, "one byte over and over"),
    ],
    ids=["nothing", "blank", "too few", "unknown", "disorder", "short hex", "no hex", "zeros"],
)
def test_a_slip_is_said_and_nothing_typed_is_repeated(tmp_path, typed, said):
    with pytest.raises(KeeperFailure, match=re.escape(said)) as caught:
        kept("prompt:", tmp_path, lambda _: typed)
    assert caught.value.keeper == "prompt"
    assert caught.value.remedy == "read it from the recovery kit again, word by word"
    for word in typed.split():
        assert word not in str(caught.value).split()


def test_nobody_can_be_asked_without_a_terminal(tmp_path):
    with pytest.raises(KeeperFailure, match="nobody is here to type it; start it from a terminal"):
        kept("prompt:", tmp_path)


# file:


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "boot"
    path.write_bytes(SECRET)
    path.chmod(0o600)
    return path


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        SECRET.hex().encode(),
        SECRET.hex().encode() + b"\n",
        SECRET.hex(" ", 4).upper().encode() + b"\r\n",
        WORDS.encode(),
        WORDS.replace(" ", "\n").encode() + b"\n",
    ],
    ids=["bytes", "digits", "a line", "groups", "words", "words on lines"],
)
def test_a_file_holds_bytes_digits_or_words(file, tmp_path, text):
    file.write_bytes(text)
    assert kept(f"file:{file}", tmp_path) == SECRET


@given(secret=st.binary(min_size=32, max_size=32).filter(lambda one: len(set(one)) > 1))
def test_whatever_the_bytes_a_file_gives_them_back(tmp_path_factory, secret):
    """Also where they look like digits, or end like a line."""
    file = tmp_path_factory.getbasetemp() / "any-boot-secret"
    for text in (secret, secret.hex().encode()):
        file.write_bytes(text)
        file.chmod(0o600)
        assert kept(f"file:{file}", file.parent) == secret


@pytest.mark.parametrize(
    "text",
    [
        b"",
        SECRET[:31],
        SECRET + b"\n",
        SECRET.hex().encode()[:-1],
        WORDS.rsplit(" ", 1)[0].encode(),
        b"\xff" * 64,
        b"g" * 64,
        bytes(32),
        b"0" * 64,
    ],
    ids=["empty", "short", "line", "63", "23 words", "no text", "no hex", "zeros", "zero digits"],
)
def test_a_file_with_anything_else_is_refused(file, tmp_path, text):
    file.write_bytes(text)
    with pytest.raises(
        KeeperFailure, match="what stands there is not one; 32 random bytes, 64 hex"
    ):
        kept(f"file:{file}", tmp_path)


@pytest.mark.parametrize("text", [SECRET, SECRET.hex().encode(), b"g" * 64])
def test_what_was_read_is_overwritten_at_once(text):
    data = bytearray(text)
    with contextlib.suppress(KeeperFailure):
        secret_in(data, partial(KeeperFailure, "file"))
    assert not any(data)


def test_a_file_that_is_too_large_is_not_read(file, tmp_path):
    file.write_bytes(SECRET * 16)
    with pytest.raises(KeeperFailure, match="too large"):
        kept(f"file:{file}", tmp_path)


def test_a_file_that_others_may_read_is_refused(file, tmp_path):
    file.chmod(0o640)
    with pytest.raises(KeeperFailure, match="others on this machine may open the file; chmod 600"):
        kept(f"file:{file}", tmp_path)


def test_a_link_to_the_file_is_refused(file, tmp_path):
    (tmp_path / "link").symlink_to(file)
    with pytest.raises(KeeperFailure, match="symbolic link"):
        kept(f"file:{tmp_path / 'link'}", tmp_path)


def test_a_file_says_that_it_is_for_development_only(tmp_path):
    described = keeper_at("file:/a", folder=tmp_path, ask=None).describe()
    assert "for development only" in described


def test_a_boot_secret_put_into_a_file_comes_back_and_is_never_written_over(tmp_path):
    keeper = keeper_at(f"file:{tmp_path / 'new'}", folder=tmp_path, ask=None)
    with BootSecret.fresh() as one, BootSecret.fresh() as other:
        keeper.create(one)
        with pytest.raises(KeeperFailure, match="already"):
            keeper.create(other)
        assert keeper.fetch().same_as(one)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


# systemd:


def test_a_credential_is_read_from_the_folder_that_systemd_names(tmp_path, monkeypatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    credential = tmp_path / "boot"
    credential.write_bytes(SECRET)
    for mode in (0o400, 0o440):
        credential.chmod(mode)
        assert kept("systemd:boot", tmp_path) == SECRET
    credential.chmod(0o444)
    with pytest.raises(KeeperFailure, match="others on this machine"):
        kept("systemd:boot", tmp_path)
    with pytest.raises(KeeperFailure, match="no such file"):
        kept("systemd:other", tmp_path)


@pytest.mark.parametrize("folder", [None, ""])
def test_outside_a_service_there_are_no_credentials(tmp_path, monkeypatch, folder):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    if folder is not None:
        monkeypatch.setenv("CREDENTIALS_DIRECTORY", folder)
    with pytest.raises(KeeperFailure, match="handed this process no credentials"):
        kept("systemd:boot", tmp_path)


def test_a_failure_is_one_line_and_names_its_keeper(tmp_path):
    with pytest.raises(KeeperFailure) as caught:
        kept(f"file:{tmp_path / 'none'}", tmp_path)
    said = str(caught.value)
    assert said == "the boot secret (file): no such file; make it first, or say where it is"
    assert os.fspath(tmp_path) not in said
