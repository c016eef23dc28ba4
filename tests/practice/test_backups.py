"""Backups: two sets, whole or not at all, read back, sealed to key holders, not kept too long."""

import base64
import datetime
import gzip
import hashlib
import json
import resource
import shutil
import stat
import subprocess
import threading

import msgspec
import pytest

from angerona.ciphers.age_files import new_identity, recipient_of
from angerona.errors import BackupFault, BadInput
from angerona.practice import backups
from angerona.practice.backups import (
    CONTENT_TABLES,
    KEYSET_TABLES,
    Places,
    back_up,
    overdue,
    prune_keysets,
    sets_in,
)
from angerona.sealed.keyset import Keyset
from angerona.sealed.rows import SeatRow
from angerona.sealed.vault import practice_digest
from angerona.store.copying import tables_in
from prepared_practice import AT, prepared
from restored_practice import BY, backed_up, identity, one_more_of, silent

DAY = datetime.timedelta(days=1)


@pytest.fixture
def practice(tmp_path):
    with prepared().copied(tmp_path / "data").opened() as practice:
        yield practice


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A practice with one backup of it, which no test changes."""
    folder = tmp_path_factory.mktemp("kept")
    with prepared().copied(folder / "data").opened() as practice:
        made = backed_up(practice, folder / "out", identities=[identity(practice)])
        yield practice, made, folder


def lines(practice):
    vault = practice.vault
    return [line for line in vault.ledger.lines_of(vault.practice_id) if line.kind == "backup"]


def nothing_left(folder):
    return not [path for path in folder.rglob("*") if path.is_file()]


def test_the_two_sets_lie_in_two_folders_that_only_their_owner_opens(kept):
    _, made, folder = kept
    assert made.content == folder / "out" / "content" / "2026-03-02T093000Z"
    assert made.keyset == folder / "out" / "keyset" / "2026-03-02T093000Z"
    for path in [*made.content.parents[0].rglob("*"), *made.keyset.parents[0].rglob("*")]:
        assert not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def test_every_table_is_in_one_of_the_sets_and_in_no_other(practice):
    assert sorted((*CONTENT_TABLES, *KEYSET_TABLES)) == sorted(tables_in(practice.vault.store))


def rows_by_hand(text):
    """The rows of a file, read as docs/BACKUP-FORMAT.md says and by nothing of ours."""
    rows = []
    while text:
        size = int.from_bytes(text[:4], "big")
        rows.append(tuple(msgspec.msgpack.decode(text[4 : 4 + size])))
        text = text[4 + size :]
    return rows


def test_the_files_hold_every_row_of_the_database(kept):
    practice, made, _ = kept
    with practice.vault.store.snapshot() as reading:
        tables = tables_in(reading)
        for folder in (made.content, made.keyset):
            manifest = json.loads((folder / "manifest.json").read_text())
            for one in manifest["tables"]:
                name, table = one["table"], tables[one["table"]]
                held = reading.page(
                    table, practice_id=practice.vault.practice_id, after=None, most=10_000
                )
                assert one["columns"] == list(table.columns)
                assert one["rows"] == len(held)
                if folder == made.content:
                    text = (folder / f"{name}.rows").read_bytes()
                else:
                    text = by_age(folder / f"{name}.rows.age", identity(practice, 1))
                assert rows_by_hand(text) == held
    assert made.rows > 300


def by_age(path, secret):
    """The stock program where it is installed, else the library."""
    program = shutil.which("age")
    if program is None:
        import pyrage  # noqa: PLC0415 -- only where the program is missing

        return pyrage.decrypt(path.read_bytes(), [pyrage.x25519.Identity.from_str(secret)])
    found = subprocess.run(
        [program, "-d", "-i", "-", path], input=secret.encode(), capture_output=True, check=True
    )
    return found.stdout


def test_the_manifest_sums_every_other_file(kept):
    _, made, _ = kept
    for folder in (made.content, made.keyset):
        manifest = json.loads((folder / "manifest.json").read_text())
        ending = ".rows.age" if manifest["kind"] == "keyset" else ".rows"
        sums = {one["table"] + ending: one["file"] for one in manifest["tables"]}
        sums["head.txt"] = manifest["head"]
        if manifest["keyset"]:
            sums["keyset.age"] = manifest["keyset"]
        names = {path.name for path in folder.iterdir()} - {"manifest.json", "manifest.sig"}
        assert sums.keys() == names
        for name, wanted in sums.items():
            text = (folder / name).read_bytes()
            assert wanted == {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}


def forms(word):
    raw = word.encode()
    inside = {
        base64.b64encode(bytes(shift) + raw)[-(-shift * 8 // 6) : (shift + len(raw)) * 8 // 6]
        for shift in range(3)
    }
    return {raw, word.encode("utf-16-le"), raw.hex().encode(), *inside}


def seen(folder, words):
    """Which words stand in any file of a folder, in any of a few forms."""
    texts = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    texts += [gzip.decompress(text) for text in texts if text[:2] == b"\x1f\x8b"]
    return [word for word in words if any(form in text for form in forms(word) for text in texts)]


def test_no_name_and_no_word_stands_in_either_set(kept, tmp_path):
    _, _, folder = kept
    words = ["Ada and nobody else", "Otto and nobody else", "psychologist", "Quiet Rooms"]
    words += ["Notary", "scan.pdf", "progress_note", "record opened"]
    for number, word in enumerate(words):
        text = f"xx{word}xx".encode()
        (tmp_path / f"{number}").write_bytes((text, base64.b64encode(text))[number % 2])
    assert seen(tmp_path, words) == words
    assert seen(folder / "out", words) == []


def test_the_ledger_said_so_before_with_the_head_it_stood_at(kept):
    practice, made, _ = kept
    (line,) = lines(practice)
    manifest = json.loads((made.content / "manifest.json").read_text())
    assert line.body["by"] == BY
    assert line.body["what"] == "begun"
    assert line.body["backup"] == manifest["backup"]
    size = int(made.head.splitlines()[1])
    assert line.body["head"]["size"] == line.seq < size
    assert len(rows_by_hand((made.content / "events.rows").read_bytes())) == size


def test_the_head_beside_is_one_that_the_ledger_goes_on_from(kept):
    practice, made, _ = kept
    for folder in (made.content, made.keyset):
        note = (folder / "head.txt").read_text()
        assert practice.vault.ledger.compare(note).name == "FINE"


def test_both_sets_know_that_they_belong_together(kept):
    _, made, _ = kept
    both = [json.loads((one / "manifest.json").read_text()) for one in (made.content, made.keyset)]
    assert both[0]["backup"] == both[1]["backup"]
    assert [one["kind"] for one in both] == ["content", "keyset"]


def test_every_key_holder_and_every_further_recipient_opens_the_keyset_alone(practice, tmp_path):
    other = new_identity()
    made = backed_up(practice, tmp_path / "out", to=[f" {recipient_of(other)} "])
    assert made.recipients == 4
    whole = {by_age(made.keyset / "keyset.age", identity(practice, seat)) for seat in range(3)}
    whole.add(by_age(made.keyset / "keyset.age", other))
    assert whole == {practice.vault.keyset.path.read_bytes()}


def test_with_the_wrong_identity_the_reading_back_fails_and_nothing_is_left(practice, tmp_path):
    with pytest.raises(BackupFault, match="does not open") as refused:
        backed_up(practice, tmp_path / "out", identities=[new_identity()])
    assert refused.value.check == "age"
    assert nothing_left(tmp_path / "out")


def test_a_practice_without_age_seats_must_name_a_recipient(practice, tmp_path):
    vault = practice.vault

    def without(writing):
        for seat in vault.practice().seats:
            row = SeatRow(title=seat.title, kind=seat.kind, number=seat.number)
            place = {"practice_id": vault.practice_id, "seat_id": seat.seat_id}
            sealed = vault.directory.seal(row, seat.seat_id)
            writing.run("seats.update", public=seat.public, row=sealed, **place)
        return practice_digest(writing, vault.practice_id)

    vault.record(vault.practice_id, "keys", {"what": "seats"}, AT, slot="keys", changes=without)
    with pytest.raises(BadInput, match="no seat of this practice has one"):
        backed_up(practice, tmp_path / "out")
    assert backed_up(practice, tmp_path / "out", to=[recipient_of(new_identity())]).recipients == 1


@pytest.mark.parametrize("to", ["age1nobody", "AGE-SECRET-KEY-1X", ""])
def test_what_is_no_recipient_is_refused_before_anything_is_made(practice, tmp_path, to):
    with pytest.raises(BadInput):
        backed_up(practice, tmp_path / "out", to=[to])
    assert not (tmp_path / "out").exists()
    assert lines(practice) == []


def refused(practice, places, *, at=AT, tell=silent):
    with pytest.raises(BackupFault) as found:
        back_up(practice.vault, places, to=(), identities=(), by=BY, at=at, tell=tell)
    return found.value


@pytest.mark.parametrize("inside", ["", "backups", "a/../backups"])
def test_a_target_inside_the_data_folder_is_refused(practice, tmp_path, inside):
    fault = refused(practice, Places.below(tmp_path / "data" / inside, None))
    assert (fault.check, "inside the data folder" in fault.wrong) == ("target", True)
    outside = tmp_path / "out"
    fault = refused(practice, Places(outside, tmp_path / "data" / inside / "k"))
    assert fault.check == "target"
    assert not outside.exists()


def test_a_target_inside_the_data_folder_is_found_behind_a_link(practice, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "data")
    assert refused(practice, Places.below(tmp_path / "link", None)).check == "target"


def test_the_two_sets_may_not_lie_in_one_folder(practice, tmp_path):
    fault = refused(practice, Places(tmp_path / "out", tmp_path / "data" / ".." / "out"))
    assert "one folder" in fault.wrong


def test_a_target_that_cannot_be_written_is_refused_without_a_line(practice, tmp_path):
    (tmp_path / "file").write_text("")
    fault = refused(practice, Places.below(tmp_path / "file", None))
    assert (fault.check, "cannot be written" in fault.wrong) == ("target", True)
    assert lines(practice) == []


def test_a_backup_of_the_same_moment_is_left_as_it_is(practice, tmp_path):
    made = backed_up(practice, tmp_path / "out")
    before = (made.content / "manifest.json").read_bytes()
    fault = refused(practice, Places.below(tmp_path / "out", None))
    assert "is there already" in fault.wrong
    assert (made.content / "manifest.json").read_bytes() == before
    assert len(sets_in(made.content.parent)) == len(sets_in(made.keyset.parent)) == 1


def test_when_the_disk_is_full_nothing_is_left(practice, tmp_path):
    """A limit on the size of files is how one process can meet a full disk by itself."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def filling(what, _done, _total):
        if what == "copying":
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))

    try:
        fault = refused(practice, Places.below(tmp_path / "out", None), tell=filling)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (fault.check, "make room" in fault.remedy) == ("target", True)
    assert nothing_left(tmp_path / "out")


@pytest.mark.parametrize("when", ["copying", "reading back the keyset", "opening the content"])
def test_an_interrupted_backup_leaves_nothing_but_a_line(practice, tmp_path, when):
    def stopping(what, _done, _total):
        if what == when:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backed_up(practice, tmp_path / "out", tell=stopping)
    assert nothing_left(tmp_path / "out")
    assert [line.body["what"] for line in lines(practice)] == ["begun", "came to nothing"]
    assert backed_up(practice, tmp_path / "out").rows


def test_what_is_altered_on_the_disk_before_it_is_read_back_is_noticed(practice, tmp_path):
    def altering(what, _done, _total):
        if what.startswith("reading back the content"):
            (entries,) = (tmp_path / "out").rglob("entries.rows")
            entries.write_bytes(entries.read_bytes()[:-1] + b"x")

    fault = refused(practice, Places.below(tmp_path / "out", None), tell=altering)
    assert (fault.check, "entries.rows" in fault.wrong) == ("files", True)
    assert nothing_left(tmp_path / "out")


def test_if_the_second_name_cannot_be_given_the_first_is_taken_back(practice, tmp_path):
    def placing(what, _done, _total):
        if what == "opening the content":
            target = tmp_path / "out" / "content" / "2026-03-02T093000Z"
            target.mkdir(exist_ok=True)
            (target / "in the way").write_text("")

    refused(practice, Places.below(tmp_path / "out", None), tell=placing)
    assert sets_in(tmp_path / "out" / "keyset") == []
    assert [path.name for path in (tmp_path / "out" / "content").iterdir()] == [
        "2026-03-02T093000Z"
    ]


def test_a_draft_that_a_killed_process_left_is_no_set(practice, tmp_path):
    (tmp_path / "out" / "keyset" / ".2026-03-02T093000Z.part").mkdir(parents=True)
    assert sets_in(tmp_path / "out" / "keyset") == []
    assert "half done" in refused(practice, Places.below(tmp_path / "out", None)).remedy
    assert backed_up(practice, tmp_path / "out", at=AT + DAY).rows


def test_an_epoch_that_ends_meanwhile_is_noticed(practice, tmp_path):
    keyset = practice.vault.keyset

    def ending(what, _done, _total):
        if what == "copying" and len(keyset.epochs) == 1:
            keyset.begin(keyset.newest + 1)
            keyset.destroy(keyset.epochs[0])

    assert refused(practice, Places.below(tmp_path / "out", None), tell=ending).check == "epochs"


def test_a_table_that_no_set_knows_stops_the_backup(practice, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "KEYSET_TABLES", KEYSET_TABLES[:-1])
    assert refused(practice, Places.below(tmp_path / "out", None)).check == "schema"


def test_rows_that_the_ledger_does_not_vouch_for_are_counted(practice, tmp_path):
    vault = practice.vault
    assert backed_up(practice, tmp_path / "out").not_vouched == 0
    (client_id, _, row), *_ = vault.store.rows("clients.all", practice_id=vault.practice_id)
    place = {"practice_id": vault.practice_id, "client_id": client_id}
    vault.store.write(
        lambda writing: writing.run("clients.update", authority=99, row=row, **place)
    ).result()
    made = backed_up(practice, tmp_path / "out", at=AT + DAY)
    assert made.not_vouched == 1


def test_while_others_write_the_copy_is_of_one_moment(practice, tmp_path):
    ada = prepared().clients["Ada"]
    stop, kept = threading.Event(), []

    def writing():
        while not stop.is_set():
            kept.append(practice.keep("Tess", ada, "progress_note", "meanwhile"))

    thread = threading.Thread(target=writing)
    thread.start()
    try:
        made = [
            backed_up(practice, tmp_path / "out", at=AT + n * DAY, tell=one_more_of(kept, thread))
            for n in range(3)
        ]
    finally:
        stop.set()
        thread.join()
    assert len(kept) > 3
    sizes = [int(one.head.splitlines()[1]) for one in made]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]
    for one in made:
        entries = rows_by_hand((one.content / "entries.rows").read_bytes())
        events = rows_by_hand((one.content / "events.rows").read_bytes())
        assert len(events) == int(one.head.splitlines()[1])
        written = [row for row in entries if row[1] == ada]
        assert len(written) < len(practice.vault.places(ada))


def set_of_age(parent, made, days):
    """A copy of a keyset set under the name of another day; only its time is another."""
    folder = parent / f"set-{days:03}"
    shutil.copytree(made.keyset, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["made"] = (AT - days * DAY).isoformat().replace("+00:00", "Z")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def test_keysets_older_than_35_days_are_overdue_but_never_the_newest(kept, tmp_path):
    practice, made, _ = kept
    practice_id = practice.vault.practice_id
    old = {days: set_of_age(tmp_path, made, days) for days in (1, 34, 35, 36, 400)}
    assert overdue(tmp_path, practice_id, AT) == [old[400], old[36]]
    assert overdue(tmp_path, bytes(16), AT) == []
    shutil.rmtree(old[1])
    shutil.rmtree(old[34])
    shutil.rmtree(old[35])
    assert overdue(tmp_path, practice_id, AT) == [old[400]]
    assert overdue(tmp_path / "nowhere", practice_id, AT) == []


def test_pruning_deletes_what_is_overdue_and_nothing_else(kept, tmp_path):
    practice, made, _ = kept
    old = {days: set_of_age(tmp_path, made, days) for days in (1, 40, 50)}
    (tmp_path / "broken").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    shutil.copytree(made.content, tmp_path / "a content set")
    assert prune_keysets(tmp_path, practice.vault.practice_id, AT) == [old[50], old[40]]
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"set-001", "broken", "notes.txt", "a content set"}


def test_a_keyset_that_lies_in_a_backup_is_the_one_of_the_practice(kept, tmp_path):
    practice, made, _ = kept
    path = tmp_path / "keyset"
    path.write_bytes(by_age(made.keyset / "keyset.age", identity(practice)))
    keys = practice.boot.derived(practice.vault.practice_id)
    held = Keyset.load(path, practice.vault.practice_id, keys)
    assert held.signer().public == practice.vault.keyset.signer().public
    assert held.epochs == practice.vault.keyset.epochs
