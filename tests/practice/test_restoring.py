"""Restoring: whatever was altered, swapped or put together wrongly is refused by a named check."""

import base64
import datetime
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from angerona.ciphers.age_files import new_identity, recipient_of, seal_age
from angerona.ciphers.encoding import packed
from angerona.errors import BackupFault, BadInput, Forged
from angerona.practice.backup_files import CHECKS, FORM, RowReader, framed
from angerona.practice.restoring import heads_beside, newest_sets
from angerona.sealed.boot import BootSecret
from angerona.store import opening
from angerona.store.migrating import Migration, migrations
from prepared_practice import AT, prepared, quick_passwords
from restored_practice import backed_up, identity, reopened, restored, silent, sources
from small_practice import founded

DAY = datetime.timedelta(days=1)
CONTENT, KEYSET = "content", "keyset"


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Two backups of one practice and one of another; the first practice's signer."""
    folder = tmp_path_factory.mktemp("story")
    with prepared().copied(folder / "data").opened() as practice:
        first = backed_up(practice, folder / "first")
        practice.keep("Tess", prepared().clients["Ada"], "progress_note", "the next day")
        second = backed_up(practice, folder / "second", at=AT + DAY)
        signer = practice.vault.keyset.signer()
    with quick_passwords():
        other = founded(folder / "other")
    made = backed_up(other, folder / "of another")
    other.vault.store.close()
    return first, second, (other, made), signer


@pytest.fixture
def copy(story, tmp_path):
    """The second backup, to be harmed."""
    _, second, _, _ = story
    for kind in (CONTENT, KEYSET):
        shutil.copytree(getattr(second, kind), tmp_path / kind)
    return replace(second, content=tmp_path / CONTENT, keyset=tmp_path / KEYSET)


def refused(found, tmp_path, **more):
    into = tmp_path / "anew"
    with pytest.raises(BackupFault) as problem:
        restored(found, into, **more)
    assert not into.exists()
    assert problem.value.check in CHECKS
    return problem.value


def flip(path, place=-1):
    text = bytearray(path.read_bytes())
    text[place] ^= 1
    path.write_bytes(text)


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def halve(path):
    text = path.read_bytes()
    path.write_bytes(text[: len(text) // 2])


def forge(path):
    path.write_bytes(b"A" * 40 + path.read_bytes()[40:])


def lengthen(path):
    path.write_bytes(path.read_bytes() + b"x")


def empty(path):
    path.write_bytes(b"")


def remove(path):
    path.unlink()


def replace_by_folder(path):
    path.unlink()
    path.mkdir()


HARMS = [
    ("files", "content/entries.rows", flip),
    ("files", "content/entries.rows", cut),
    ("files", "content/events.rows", lengthen),
    ("files", "content/subjects.rows", empty),
    ("files", "content/head.txt", flip),
    ("files", "keyset/wraps.rows.age", flip),
    ("files", "keyset/shares.rows.age", cut),
    ("files", "keyset/ties.rows.age", empty),
    ("files", "keyset/keyset.age", flip),
    ("files", "keyset/keyset.age", cut),
    ("set", "content/entries.rows", remove),
    ("set", "content/entries.rows", replace_by_folder),
    ("set", "content/manifest.json", remove),
    ("set", "content/manifest.sig", remove),
    ("set", "content/head.txt", remove),
    ("set", "keyset/keyset.age", remove),
    ("set", "keyset/wraps.rows.age", remove),
    ("manifest", "content/manifest.json", halve),
    ("signature", "content/manifest.json", cut),
    ("manifest", "content/manifest.json", empty),
    ("manifest", "keyset/manifest.sig", lengthen),
    ("signature", "content/manifest.sig", empty),
    ("signature", "keyset/manifest.sig", forge),
]


@pytest.mark.parametrize(
    ("check", "name", "harm"), HARMS, ids=[f"{n}-{one[1]}" for n, one in enumerate(HARMS)]
)
def test_harm_to_any_file_is_refused_by_name(copy, tmp_path, check, name, harm):
    harm(tmp_path / name)
    assert refused(sources(prepared(), copy), tmp_path).check == check


def edited(folder, change, signer=None):
    """Change the manifest; with a signer, as somebody could who holds the ledger's key."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    text = json.dumps(manifest).encode()
    path.write_bytes(text)
    if signer:
        signature = base64.b64encode(signer.sign(packed(FORM, text)))
        (folder / "manifest.sig").write_bytes(signature)


def of_table(manifest, name):
    return next(one for one in manifest["tables"] if one["table"] == name)


EDITS = {
    "a count": lambda manifest: of_table(manifest, "entries").update(rows=1),
    "a table less": lambda manifest: manifest["tables"].pop(),
    "another day": lambda manifest: manifest.update(made="2026-03-03T09:30:00Z"),
    "another backup": lambda manifest: manifest.update(backup="0" * 32),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_manifest_is_not_signed(copy, tmp_path, edit):
    edited(copy.content, EDITS[edit])
    assert refused(sources(prepared(), copy), tmp_path).check == "signature"


FORMS = {
    "another form": lambda manifest: manifest.update(form="angerona/backup/v2"),
    "a set of another kind": lambda manifest: manifest.update(kind="keyset"),
    "a kind nobody knows": lambda manifest: manifest.update(kind="all"),
    "no practice": lambda manifest: manifest.update(practice="x"),
    "no sum": lambda manifest: manifest["head"].update(sha256="x"),
    "a name that leads out": lambda manifest: manifest["tables"][0].update(table="../x"),
    "a column that is no word": lambda manifest: manifest["tables"][0].update(columns=["a b"]),
    "a table twice": lambda manifest: manifest["tables"].append(manifest["tables"][0]),
    "a time without zone": lambda manifest: manifest.update(made="2026-03-03T09:30:00"),
    "a keyset among the content": lambda manifest: manifest.update(keyset=manifest["head"]),
    "an unknown key": lambda manifest: manifest.update(more=1),
    "a number as text": lambda manifest: manifest.update(schema="1"),
}


@pytest.mark.parametrize("edit", FORMS)
def test_a_manifest_out_of_form_is_refused_whoever_signed_it(story, copy, tmp_path, edit):
    edited(copy.content, FORMS[edit], story[-1])
    assert refused(sources(prepared(), copy), tmp_path).check == "manifest"


def test_a_manifest_too_large_to_be_one_is_not_read(copy, tmp_path):
    (copy.content / "manifest.json").write_bytes(b" " * 1_000_001)
    assert refused(sources(prepared(), copy), tmp_path).check == "manifest"


def test_the_two_sets_taken_for_one_another_are_refused(copy, tmp_path):
    found = sources(prepared(), copy, content=copy.keyset, keyset=copy.content)
    assert refused(found, tmp_path).check == "manifest"


def test_a_file_of_another_backup_of_the_same_practice_is_refused(story, copy, tmp_path):
    shutil.copy(story[0].content / "entries.rows", copy.content)
    assert refused(sources(prepared(), copy), tmp_path).check == "files"


def test_a_whole_manifest_of_another_backup_does_not_fit_the_files(story, copy, tmp_path):
    for name in ("manifest.json", "manifest.sig"):
        shutil.copy(story[0].content / name, copy.content)
    assert refused(sources(prepared(), copy), tmp_path).check == "files"


def test_a_keyset_older_than_the_content_is_refused_and_why_is_said(story, tmp_path):
    first, second, _, _ = story
    fault = refused(sources(prepared(), second, keyset=first.keyset), tmp_path)
    assert fault.check == "ages"
    assert "who was erased since would come back" in fault.wrong


def test_a_keyset_of_another_practice_is_refused(story, tmp_path):
    _, second, (_, other), _ = story
    fault = refused(sources(prepared(), second, keyset=other.keyset), tmp_path)
    assert fault.check == "practice"


def test_another_practice_s_sets_put_under_this_id_do_not_open(story, copy, tmp_path):
    """Even its own key holder and boot secret do not make it this practice."""
    other, made = story[2]
    practice = prepared().practice_id.hex()
    for kind in (CONTENT, KEYSET):
        folder = tmp_path / kind
        shutil.rmtree(folder)
        shutil.copytree(getattr(made, kind), folder)
        edited(folder, lambda manifest: manifest.update(practice=practice))
    with pytest.raises(BadInput, match="belongs to another practice"):
        restored(sources(other, copy), tmp_path / "anew")
    assert not (tmp_path / "anew").exists()


def test_a_stranger_s_identity_does_not_open_the_keyset(story, copy, tmp_path):
    other, _ = story[2]
    for identities in ([new_identity()], [identity(other)]):
        found = sources(prepared(), copy, identities=identities)
        assert refused(found, tmp_path).check == "age"
    with pytest.raises(BadInput, match="identities: none"):
        restored(sources(prepared(), copy, identities=[]), tmp_path / "anew")


def test_another_boot_secret_is_refused(copy, tmp_path):
    found = sources(prepared(), copy, boot=BootSecret.fresh())
    assert refused(found, tmp_path).check == "boot secret"


def test_any_one_key_holder_opens_the_keyset_and_any_identity_among_several(copy, tmp_path):
    for seat in range(3):
        given = [new_identity(), identity(prepared(), seat)]
        found = restored(sources(prepared(), copy, identities=given), tmp_path / f"{seat}")
        assert found.size


@pytest.mark.parametrize("schema", [0, 1_000])
def test_tables_of_a_later_release_are_refused(copy, tmp_path, schema):
    edited(copy.keyset, lambda manifest: manifest.update(schema=schema))
    assert refused(sources(prepared(), copy), tmp_path).check == "schema"


def rewritten(folder, name, rows, signer, count=None, **more):
    """Put other rows into a table, with sums and a signature that fit."""
    path = folder / f"{name}.rows"
    path.write_bytes(b"".join(map(framed, rows)))

    def change(manifest):
        one = of_table(manifest, name)
        one.update(rows=len(rows) if count is None else count, file=sum_of(path), **more)

    edited(folder, change, signer)


def sum_of(path):
    text = path.read_bytes()
    return {"bytes": len(text), "sha256": hashlib.sha256(text).hexdigest()}


def rows_in(folder, name):
    rows = []
    columns = len(of_table(json.loads((folder / "manifest.json").read_text()), name)["columns"])
    reader = RowReader(columns, rows.extend)
    reader.write((folder / f"{name}.rows").read_bytes())
    reader.end()
    return rows


def test_events_that_do_not_give_the_signed_root_are_refused_even_if_signed_for(
    story, copy, tmp_path
):
    rows = rows_in(copy.content, "events")
    for other in (rows[:-1], [*rows[:-2], rows[-1], rows[-2]], [*rows, rows[-1]]):
        rewritten(copy.content, "events", other, story[-1])
        assert refused(sources(prepared(), copy), tmp_path).check == "tree"


def test_a_wrong_count_and_a_missing_table_are_refused_even_if_signed_for(story, copy, tmp_path):
    rows = rows_in(copy.content, "entries")
    for wrong in (len(rows) - 1, len(rows) + 1):
        rewritten(copy.content, "entries", rows, story[-1], count=wrong)
        assert refused(sources(prepared(), copy), tmp_path).check == "rows"
    rewritten(copy.content, "entries", rows, story[-1])
    edited(copy.content, lambda manifest: manifest["tables"].pop(0), story[-1])
    assert refused(sources(prepared(), copy), tmp_path).check == "rows"


def test_a_keyset_without_clients_is_refused_even_if_signed_for(story, copy, tmp_path):
    def without(manifest):
        manifest["tables"] = [one for one in manifest["tables"] if one["table"] != "clients"]

    edited(copy.keyset, without, story[-1])
    assert refused(sources(prepared(), copy), tmp_path).check == "rows"


def test_columns_that_the_database_does_not_have_are_refused(story, copy, tmp_path):
    rows = [(*row, b"") for row in rows_in(copy.content, "entries")]
    columns = of_table(json.loads((copy.content / "manifest.json").read_text()), "entries")
    more = {"columns": [*columns["columns"], "later"]}
    rewritten(copy.content, "entries", rows, story[-1], **more)
    assert refused(sources(prepared(), copy), tmp_path).check == "schema"


def test_a_head_that_is_not_this_ledger_s_is_refused_even_if_signed_for(story, copy, tmp_path):
    _, _, (_, other), signer = story
    shutil.copy(other.content / "head.txt", copy.content)
    head = sum_of(copy.content / "head.txt")
    edited(copy.content, lambda manifest: manifest.update(head=head), signer)
    assert refused(sources(prepared(), copy), tmp_path).check == "tree"


@pytest.mark.parametrize(
    "text",
    [
        b"\x00\x00\x00\x05hello",
        framed((b"",)),
        framed((b"", 1.5)),
        framed((b"", [1])),
        framed((b"", b""))[:-1],
        b"\xff\xff\xff\xff",
        b"\x00",
    ],
)
def test_what_is_no_row_is_refused(text):
    reader = RowReader(2, silent)
    with pytest.raises(BackupFault, match="something else than rows"):
        read_whole(reader, text)


def read_whole(reader, text):
    reader.write(text)
    reader.end()


def test_rows_become_whole_however_their_bytes_come():
    rows = [(b"a" * 100, 1, "text", None), (b"", -(2**63), "", 2**63 - 1)] * 3
    text = b"".join(map(framed, rows))
    for size in (1, 2, 7, 1_000):
        taken = []
        reader = RowReader(4, taken.extend)
        for start in range(0, len(text), size):
            reader.write(text[start : start + size])
        reader.end()
        assert (taken, reader.rows) == (rows, 6)


def test_the_frozen_form_of_a_row():
    """As docs/BACKUP-FORMAT.md shows it: four bytes of length, then a MessagePack array."""
    row = framed((bytes(2), 7, "a", None))
    assert row.hex() == "00000009" + "94" + "c4020000" + "07" + "a161" + "c0"
    assert msgspec.msgpack.decode(row[4:]) == [bytes(2), 7, "a", None]


@pytest.mark.parametrize("keep_older", [True, False])
def test_a_backup_of_an_earlier_version_is_brought_up(copy, tmp_path, monkeypatch, keep_older):
    """A release that knows one step more, and a keyset that was made by it or before it."""
    text = "ALTER TABLE outbox ADD COLUMN later TEXT"

    def later(kind):
        steps = migrations(kind)
        return [*steps, Migration(len(steps) + 1, text)]

    monkeypatch.setattr(opening, "migrations", later)
    if not keep_older:
        restored(sources(prepared(), copy), tmp_path / "between")
        with reopened(prepared(), tmp_path / "between") as practice:
            newer = backed_up(practice, tmp_path / "newer", at=AT + 2 * DAY)
        copy = replace(copy, keyset=newer.keyset)
        made = json.loads((newer.keyset / "manifest.json").read_text())
        assert made["schema"] == len(migrations("sqlite")) + 1
    found = sources(prepared(), copy, accept_loss=not keep_older)
    restored(found, tmp_path / "anew")
    with reopened(prepared(), tmp_path / "anew") as practice:
        assert practice.look("Tess", prepared().clients["Ada"]).entries


def test_a_head_of_another_ledger_is_refused(story, tmp_path):
    _, second, (_, other), _ = story
    first, size, *rest = second.head.split("\n")
    grown = "\n".join([first, f"{size}1", *rest])
    for head in (other.head, "", grown):
        with pytest.raises(Forged):
            restored(sources(prepared(), second, heads=[head]), tmp_path / "anew")
        assert not (tmp_path / "anew").exists()


def test_the_heads_that_lie_about_are_found(story, tmp_path):
    first, second, (_, other), _ = story
    for made in (first, second, other):
        shutil.copytree(made.content, tmp_path / "sets" / made.content.parts[-3])
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "head-of-march.txt").write_text(second.head)
    (tmp_path / "kept" / "head-broken.txt").write_text("nothing")
    (tmp_path / "sets" / "no set").mkdir()
    folders = [tmp_path / "sets", tmp_path / "kept", tmp_path / "nowhere"]
    heads = heads_beside(folders, prepared().practice_id)
    assert sorted(heads) == sorted([first.head, second.head, second.head])


def test_the_newest_sets_are_found_or_missed(story, tmp_path):
    first, second, _, _ = story
    for made in (first, second):
        for kind in (CONTENT, KEYSET):
            whole = getattr(made, kind)
            shutil.copytree(whole, tmp_path / kind / whole.name)
    assert newest_sets(tmp_path / CONTENT, tmp_path / KEYSET) == (
        tmp_path / CONTENT / second.content.name,
        tmp_path / KEYSET / second.keyset.name,
    )
    with pytest.raises(BackupFault, match="no keyset set"):
        newest_sets(tmp_path / CONTENT, tmp_path / "nowhere")


def test_a_keyset_whose_rows_nobody_vouched_for_goes_with_its_own_content_only(
    story, copy, tmp_path
):
    first, _, _, signer = story
    edited(copy.keyset, lambda manifest: manifest.update(not_vouched=1), signer)
    assert restored(sources(prepared(), copy), tmp_path / "same").bound_again == 0
    found = sources(prepared(), copy, content=first.content, accept_loss=True)
    assert refused(found, tmp_path).check == "vouched"


def test_a_place_that_cannot_be_made_is_refused(story, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BackupFault) as problem:
        restored(sources(prepared(), story[1]), tmp_path / "file" / "anew")
    assert problem.value.check == "target"


def test_a_folder_that_was_there_stays_when_the_restore_fails(copy, tmp_path):
    into = tmp_path / "mine"
    into.mkdir()
    (into / "head.txt").write_text("mine")
    flip(copy.content / "entries.rows")
    with pytest.raises(BackupFault):
        restored(sources(prepared(), copy), into)
    assert [path.name for path in into.iterdir()] == ["head.txt"]


def test_a_keyset_file_that_somebody_else_sealed_to_the_key_holders_is_refused(copy, tmp_path):
    """Anybody can seal to a recipient; what comes out must still be what the boot secret sealed."""
    with (copy.keyset / "keyset.age").open("wb") as file:
        seal_age([b"nonsense"], file, [recipient_of(identity(prepared()))])
    keyset = sum_of(copy.keyset / "keyset.age")
    edited(copy.keyset, lambda manifest: manifest.update(keyset=keyset))
    with pytest.raises(BadInput, match="the keyset: is broken"):
        restored(sources(prepared(), copy), tmp_path / "anew")


def test_the_settings_come_last(story, tmp_path, monkeypatch):
    order, real = [], Path.rename

    def noted(self, target):
        order.append(self.name)
        return real(self, target)

    monkeypatch.setattr(Path, "rename", noted)
    restored(sources(prepared(), story[1]), tmp_path / "anew")
    assert order[-1] == "angerona.toml"
    assert {"practice.db", "keyset"} <= set(order)
