"""Signed notes and checkpoints against the C2SP texts, a real log's head, and crooked ones."""

import base64
import contextlib
import datetime
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from angerona.ciphers.signing import Signer
from angerona.errors import BadInput, Forged
from angerona.ledger.notes import (
    cosigned,
    ed25519_key,
    head_text,
    mldsa44_key,
    signed,
    verify_cosignature,
)
from angerona.ledger.verifying import (
    Checkpoint,
    NotProved,
    Unreadable,
    read_checkpoint,
    read_note,
    read_vkey,
    verify_checkpoint,
    vkey,
)
from ledgers import ORIGIN, SIGNER

AT = datetime.datetime(2026, 3, 2, 9, 30, 15, tzinfo=datetime.UTC)
HEAD = Checkpoint(ORIGIN, 7, b"r" * 32)
NOTE = signed(HEAD, SIGNER)
KEY = ed25519_key(ORIGIN, SIGNER.public)
COSIGNER = mldsa44_key(ORIGIN, SIGNER.public)
# The public key of the Go checksum database, as it stands in every Go distribution.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"


def blocks(text):
    """What stands between fences in a specification."""
    return re.findall(r"^```\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def test_the_example_of_the_specification_verifies(shared):
    text = (shared / "vectors" / "note" / "spec-signed-note.md").read_text("utf-8")
    key = read_vkey(re.search(r"^    (example\.com/foo\+\S+)$", text, re.MULTILINE)[1])
    note = next(block for block in blocks(text) if block.startswith("This is an example"))
    assert read_note(note)[0] == "This is an example message.\n"
    with pytest.raises(Unreadable, match="checkpoint"):
        verify_checkpoint(note, key)  # It is signed as it should be, and is no head.
    with pytest.raises(NotProved, match="signature"):
        verify_checkpoint(note.replace("example message", "exemple message"), key)


def test_a_head_of_the_go_checksum_database_verifies(shared):
    text = (shared / "vectors" / "note" / "torchwood-sumdb.txt").read_text("utf-8")
    note = blocks(text)[0].partition("\n\n")[2]
    head = verify_checkpoint(note, read_vkey(SUMDB))
    assert (head.origin, head.size) == ("go.sum database tree", 35225469)
    with pytest.raises(NotProved):
        verify_checkpoint(note.replace("35225469", "35225468"), read_vkey(SUMDB))


@pytest.mark.parametrize("name", ["spec-tlog-checkpoint.md", "spec-tlog-cosignature.md"])
def test_the_checkpoints_of_the_specifications_are_read(shared, name):
    text = (shared / "vectors" / "note" / name).read_text("utf-8")
    head = read_checkpoint(read_note(blocks(text)[0])[0])
    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20852163)


def test_a_head_is_signed_and_read_again():
    assert verify_checkpoint(NOTE, KEY) == HEAD
    assert NOTE.startswith(head_text(HEAD) + "\n— " + ORIGIN)


def test_keys_go_through_their_text():
    assert read_vkey(vkey(KEY)) == KEY
    assert read_vkey(vkey(COSIGNER)) == COSIGNER
    assert vkey(read_vkey(SUMDB)) == SUMDB


def test_a_cosignature_tells_its_time_and_leaves_the_first_signature_alone():
    note = cosigned(NOTE, SIGNER, AT)
    assert verify_cosignature(note, COSIGNER) == AT
    assert verify_checkpoint(note, KEY) == HEAD


def test_a_cosignature_is_over_the_message_of_the_specification():
    """The cosigned_message of tlog-cosignature, put together by hand."""
    note = cosigned(NOTE, SIGNER, AT)
    raw = base64.b64decode(note.splitlines()[-1].split(" ")[2])
    assert raw[:4] == COSIGNER.key_id
    time, signature = raw[4:12], raw[12:]
    assert int.from_bytes(time) == int(AT.timestamp())
    name = bytes([len(ORIGIN)]) + ORIGIN.encode()
    message = b"subtree/v1\n\0" + name + time + name + (0).to_bytes(8) + (7).to_bytes(8) + b"r" * 32
    MLDSA44PublicKey.from_public_bytes(SIGNER.public.mldsa44).verify(signature, message)


@pytest.mark.parametrize(
    "other",
    [
        HEAD._replace(size=8),
        HEAD._replace(root=b"s" * 32),
        HEAD._replace(origin="example.org/other"),
    ],
)
def test_a_cosignature_of_another_head_is_refused(other):
    line = cosigned(NOTE, SIGNER, AT).removeprefix(NOTE)
    with pytest.raises(Forged):
        verify_cosignature(signed(other, SIGNER) + line, COSIGNER)


def test_a_cosignature_with_another_time_or_of_another_length_is_refused():
    line = cosigned(NOTE, SIGNER, AT).removeprefix(NOTE)
    raw = base64.b64decode(line.split(" ")[2])
    start = line[: line.rindex(" ") + 1]
    later = raw[:4] + (int.from_bytes(raw[4:12]) + 1).to_bytes(8) + raw[12:]
    for changed in (later, raw[:-1], raw[:12]):
        note = NOTE + start + base64.b64encode(changed).decode() + "\n"
        with pytest.raises(Forged):
            verify_cosignature(note, COSIGNER)
    with pytest.raises(Forged):
        verify_cosignature(NOTE, COSIGNER)


def test_signatures_of_unknown_keys_are_left_alone():
    line = "— witness.example/w " + base64.b64encode(bytes(70)).decode() + "\n"
    assert verify_checkpoint(NOTE + line, KEY) == HEAD


def test_a_wrong_signature_of_the_known_key_is_refused_beside_a_right_one():
    wrong = "— " + ORIGIN + " " + base64.b64encode(KEY.key_id + bytes(64)).decode() + "\n"
    with pytest.raises(NotProved, match="wrong"):
        verify_checkpoint(NOTE + wrong, KEY)


@pytest.mark.parametrize("key", [COSIGNER, ed25519_key(ORIGIN, Signer.from_seed(bytes(32)).public)])
def test_a_key_that_did_not_sign_does_not_verify(key):
    with pytest.raises(NotProved, match="does not carry"):
        verify_checkpoint(cosigned(NOTE, SIGNER, AT), key)


LINE = NOTE.splitlines()[-1]


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n",
        "\n\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("—", "-"),
        NOTE.replace("— ", "—  "),
        NOTE.replace("\n", "\r\n"),
        NOTE.replace("7", "7\x07"),
        NOTE.replace(LINE, LINE + "="),
        NOTE.replace(LINE, LINE.rstrip("=")),
        NOTE.replace(LINE, LINE + " x"),
        NOTE.replace(LINE, LINE.replace(" example", " exa+mple")),
        NOTE.replace(LINE, LINE.replace(" example", " exa\u2003mple")),
        NOTE.replace(LINE, "— x AAAA"),
        NOTE + (LINE + "\n") * 64,
        "\n\n" + NOTE.partition("\n\n")[2],
    ],
)
def test_a_note_of_another_form_is_not_read(note):
    with pytest.raises(Unreadable):
        read_note(note)


def test_the_last_empty_line_ends_the_text():
    text, signatures = read_note("a\n\nb\n\n" + LINE + "\n")
    assert text == "a\n\nb\n"
    assert len(signatures) == 1


def test_sixteen_signatures_are_read():
    assert len(read_note(NOTE + (LINE + "\n") * 15)[1]) == 16


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        f"a\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"a\n01\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n1 \n{ROOT}\n",
        f"a\n\u0661\n{ROOT}\n",
        f"a\n{'9' * 30}\n{ROOT}\n",
        f"a\n1\n{ROOT[:-4]}\n",
        f"a\n1\n{ROOT[:-2]}B=\n",
        f"a\n1\n {ROOT}\n",
        f"a\n1\n{ROOT}\n\nx\n",
    ],
)
def test_a_checkpoint_of_another_form_is_not_read(text):
    with pytest.raises(Unreadable):
        read_checkpoint(text)


def test_an_empty_log_and_further_lines_are_read():
    assert read_checkpoint(f"a b\n0\n{ROOT}\nmore\n") == Checkpoint("a b", 0, bytes(32))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+00000000+AQ==",
        vkey(KEY).replace(ORIGIN, "example.org/other"),
        vkey(KEY).replace("+", " "),
        vkey(KEY).upper(),
        vkey(KEY) + "=",
        vkey(KEY) + "\n",
        vkey(KEY)[: vkey(KEY).rindex("+") + 1],
    ],
)
def test_a_key_of_another_form_is_not_read(text):
    with pytest.raises(Unreadable):
        read_vkey(text)


@pytest.mark.parametrize("origin", ["", "a b", "a+b", "a\nb", "a\u2003b", "x" * 256, "é" * 128])
def test_a_log_needs_a_name_that_the_forms_allow(origin):
    with pytest.raises(BadInput, match="origin"):
        ed25519_key(origin, SIGNER.public)


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_refused(text):
    for read in (read_note, read_checkpoint, read_vkey):
        for tried in (text, NOTE + text, text + NOTE):
            with contextlib.suppress(Unreadable):
                read(tried)
