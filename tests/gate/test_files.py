"""Files kept with an entry: sealed in pieces, opened by the same two papers, found when altered."""

import io
import os
import resource
import tempfile

import pytest

from angerona.errors import Altered, BadInput, NotPermitted, Unknown, Unopenable
from angerona.sealed.attachments import PIECE_BYTES

SIZES = [0, 1, PIECE_BYTES - 200, PIECE_BYTES, 3 * PIECE_BYTES + 17]


@pytest.fixture
def client(practice):
    return practice.client("Ada Invented")


def keep(practice, client, content, *, by="Thea", wanted="correspondence", name="letter.pdf"):
    return practice.keep(by, client, wanted, "A letter", file=io.BytesIO(content), file_name=name)


def fetched(practice, client, shown, entry_id):
    target = io.BytesIO()
    practice.door.fetch(client, shown, entry_id, target)
    return target.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_back_as_it_was(practice, client, size):
    content = os.urandom(size)
    kept = keep(practice, client, content)
    shown = practice.look("Thea", client)
    [(_, entry)] = shown.entries
    assert (entry.attachment.name, entry.attachment.size) == ("letter.pdf", size)
    assert fetched(practice, client, shown, kept.entry_id) == content


def test_a_file_is_read_back_after_the_keys_turned(practice, client):
    from angerona.practice.ties import turn_keys  # noqa: PLC0415 -- only here

    kept = keep(practice, client, b"before")
    with practice.visit("Thea") as visit:
        turn_keys(visit, client)
    assert fetched(practice, client, practice.look("Thea", client), kept.entry_id) == b"before"


def test_no_file_without_a_look_at_its_entry(practice, client):
    kept = keep(practice, client, b"content", wanted="attendance")
    other = practice.client("Otto Invented")
    practice.keep("Thea", other, "attendance", "came")
    shown = practice.look("Thea", other)
    with pytest.raises(Unknown):
        fetched(practice, client, shown, kept.entry_id)
    with pytest.raises(Unknown):
        fetched(practice, other, shown, shown.entries[0][0].entry_id)


def test_a_look_at_one_client_fetches_no_file_of_another(practice, client):
    kept = keep(practice, client, b"content")
    other = practice.client("Otto Invented")
    shown = practice.look("Thea", client)
    with pytest.raises(NotPermitted):
        fetched(practice, other, shown, kept.entry_id)


@pytest.mark.parametrize("harm", ["delete", "swap", "flip", "cut"])
def test_a_file_that_was_altered_in_the_store_is_found(practice, client, harm):
    kept = keep(practice, client, os.urandom(2 * PIECE_BYTES + 5))
    shown = practice.look("Thea", client)
    attachment = shown.entries[0][1].attachment
    vault = practice.vault
    place = {
        "practice_id": vault.practice_id,
        "client_id": client,
        "attachment_id": attachment.attachment_id,
    }
    pieces = dict(vault.store.rows("attachments.of_attachment", **place))

    def change(writing):
        new = dict(pieces)
        match harm:
            case "delete":
                del new[1]
            case "swap":
                new[0], new[1] = new[1], new[0]
            case "flip":
                new[1] = new[1][:500] + bytes([new[1][500] ^ 1]) + new[1][501:]
            case "cut":
                new[2] = new[2][:-1]
        for piece in pieces:
            writing.run("attachments.delete", piece=piece, **place)
        for piece, blob in new.items():
            writing.run("attachments.insert", piece=piece, blob=blob, **place)

    vault.store.write(change).result()
    with pytest.raises((Altered, Unopenable)):
        fetched(practice, client, shown, kept.entry_id)


@pytest.mark.parametrize("name", ["", " ", "x" * 201])
def test_a_file_has_a_name_of_reasonable_length(practice, client, name):
    with pytest.raises(BadInput, match="file name"):
        keep(practice, client, b"content", name=name)


def test_a_large_file_is_never_held_in_memory_whole(practice, client):
    """96 MiB through a store on disk, in far less memory than that."""
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        for _ in range(96):
            source.write(os.urandom(1 << 20))
        source.seek(0)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        kept = practice.keep(
            "Thea", client, "correspondence", "A film", file=source, file_name="film.mp4"
        )
        shown = practice.look("Thea", client)
        practice.door.fetch(client, shown, kept.entry_id, target)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert target.tell() == source.tell()
    assert grown < 64 * 1024, f"grew by {grown} KiB"
