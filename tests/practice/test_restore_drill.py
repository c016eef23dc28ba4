"""The drill: back up, lose everything, restore into either database, and go on where it stopped."""

import datetime
import shutil
import threading

import pytest

from angerona.errors import BackupFault, Unknown
from angerona.gate.door import Kept, Shown
from angerona.ledger.verifying import verify
from angerona.practice.members import sign_in_with_password
from angerona.store import open_store
from prepared_practice import AT, PASSWORD, prepared, quick_passwords, text_of
from restored_practice import backed_up, identity, one_more_of, reopened, restored, sources
from small_practice import founded

DAY = datetime.timedelta(days=1)
WAYS = [(one, other) for one in ("sqlite", "postgres") for other in ("sqlite", "postgres")]


@pytest.fixture
def where(postgres_server):
    """An address for each database, by its kind; none for SQLite, which lies in the folder."""

    def address(kind):
        return None if kind == "sqlite" else postgres_server.empty()

    return address


@pytest.fixture
def standing(tmp_path, where):
    """A closed practice like the prepared one, in a database of either kind."""

    def made(kind):
        found = prepared().copied(tmp_path / f"prepared-{kind}")
        if kind == "sqlite":
            return found.folder, None
        with found.opened() as practice:
            backup = backed_up(practice, tmp_path / "first")
        address = where(kind)
        restored(sources(practice, backup), tmp_path / "on-a-server", address=address)
        return tmp_path / "on-a-server", address

    return made


@pytest.mark.parametrize(("one", "other"), WAYS)
def test_the_drill(standing, where, tmp_path, one, other):
    ada = prepared().clients["Ada"]
    folder, address = standing(one)
    with reopened(prepared(), folder, address) as practice:
        practice.vault.ledger.checkpoint(AT)
        receipt = practice.vault.ledger.receipt(ada, since=None, at=AT)
        kept, made = while_writing(practice, tmp_path / "out")
    shutil.rmtree(folder)

    new = where(other)
    into = tmp_path / "anew"
    found = restored(sources(prepared(), made), into, address=new, at=AT + DAY)
    assert (found.lost, found.erased_rows, found.bound_again) == (0, 0, 0)
    assert (into / "angerona.toml").read_text() == prepared().practice_id.hex()
    assert not (into / ".restoring").exists()

    with reopened(prepared(), into, new) as practice:
        with quick_passwords():
            practice.cookies["Tess"] = sign_in_with_password(practice.vault, "Tess", PASSWORD, AT)
        looked = practice.look("Tess", ada)
        texts = {entry.text for _, entry in looked.entries}
        assert text_of("Ada", "progress_note") in texts
        numbers = sorted(int(text.split()[1]) for text in texts if text.startswith("meanwhile"))
        assert numbers == list(range(len(numbers))), "all of one moment, and nothing later"
        assert 0 < len(numbers) <= len(kept)
        with pytest.raises(Unknown):
            practice.look("Stan", ada)
        assert isinstance(practice.keep("Tess", ada, "progress_note", "and on"), Kept)
        since = int(receipt_head(receipt)[1])
        practice.vault.ledger.checkpoint(AT)
        later = practice.vault.ledger.receipt(ada, since=since, at=AT)
        proved = verify(later, key=None, since=receipt)
        assert proved.before < len(proved.lines)
        assert "restored" in practice_lines(practice)


def while_writing(practice, folder):
    """A backup made while somebody else goes on writing; what was kept meanwhile."""
    ada, kept, stop = prepared().clients["Ada"], [], threading.Event()
    practice.keep("Tess", ada, "progress_note", "meanwhile 0")

    def writing():
        while not stop.is_set():
            text = f"meanwhile {len(kept) + 1}"
            kept.append(practice.keep("Tess", ada, "progress_note", text))

    thread = threading.Thread(target=writing)
    thread.start()
    try:
        tell = one_more_of(kept, thread)
        made = backed_up(practice, folder, identities=[identity(practice, 2)], tell=tell)
    finally:
        stop.set()
        thread.join()
    return kept, made


def receipt_head(receipt):
    return receipt.partition("\n\n")[2].splitlines()


def practice_lines(practice):
    vault = practice.vault
    return [line.kind for line in vault.ledger.lines_of(vault.practice_id)]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """A backup, then a day of work that it does not hold, with the head of that evening."""
    folder = tmp_path_factory.mktemp("story")
    with prepared().copied(folder / "data").opened() as practice:
        before = backed_up(practice, folder / "before")
        for number in range(3):
            practice.keep("Tess", prepared().clients["Ada"], "progress_note", f"day {number}")
        evening = practice.vault.ledger.checkpoint(AT + DAY)
        after = backed_up(practice, folder / "after", at=AT + DAY)
    return before, evening, after


def refused(found, into, **more):
    with pytest.raises(BackupFault) as problem:
        restored(found, into, **more)
    assert not into.exists()
    return problem.value


def size_of(note):
    return int(note.splitlines()[1])


def test_a_ledger_that_was_set_back_is_refused_and_what_is_missing_is_said(story, tmp_path):
    before, evening, _ = story
    fault = refused(sources(prepared(), before, heads=[evening]), tmp_path / "anew")
    held, known = size_of(before.head), size_of(evening)
    assert fault.check == "remembered"
    assert f"ends at {held} lines and {known} are known" in fault.wrong
    assert f"the last {known - held} would be lost" in fault.wrong


def test_a_loss_that_is_accepted_stands_in_the_ledger(story, tmp_path):
    before, evening, _ = story
    into = tmp_path / "anew"
    given = sources(prepared(), before, heads=["", evening][1:], accept_loss=True)
    found = restored(given, into)
    assert found.lost == size_of(evening) - size_of(before.head)
    with reopened(prepared(), into) as practice:
        vault = practice.vault
        line = vault.ledger.lines_of(vault.practice_id)[-1]
        assert line.kind == "restored"
        assert line.body["size"] == size_of(before.head)
        assert line.body["known"] == size_of(evening)
        assert (line.body["lost"], line.body["loss_accepted"]) == (found.lost, True)
        assert vault.ledger.compare(evening).name in {"ROLLBACK", "FORK"}
        assert len(vault.ledger.head().split("\n— ")) == 3, "a fresh head, signed with both keys"


def test_older_heads_and_the_same_head_are_no_loss(story, tmp_path):
    before, evening, after = story
    heads = [before.head, evening, after.head]
    assert restored(sources(prepared(), after, heads=heads), tmp_path / "anew").lost == 0


def test_the_newer_keyset_itself_remembers_that_the_content_was_set_back(story, tmp_path):
    before, _, after = story
    given = sources(prepared(), before, keyset=after.keyset)
    assert refused(given, tmp_path / "anew").check == "remembered"


def test_another_history_is_refused_even_where_loss_is_accepted(story, tmp_path):
    """Two restores of one backup grow apart; neither goes for the other."""
    before, evening, _ = story
    given = sources(prepared(), before, heads=[evening], accept_loss=True)
    restored(given, tmp_path / "other")
    with reopened(prepared(), tmp_path / "other") as practice:
        made = backed_up(practice, tmp_path / "out", at=AT + DAY)
        ada = prepared().clients["Ada"]
        while size_of(made.head) < size_of(evening):
            practice.keep("Tess", ada, "progress_note", "another day")
            made = backed_up(practice, tmp_path / f"out{size_of(made.head)}", at=AT + DAY)
    given = sources(prepared(), made, heads=[evening], accept_loss=True)
    fault = refused(given, tmp_path / "anew")
    assert (fault.check, "another history" in fault.wrong) == ("remembered", True)


def test_everybody_sees_afterwards_what_happened_before(story, tmp_path):
    _, _, after = story
    into = tmp_path / "anew"
    restored(sources(prepared(), after), into)
    with reopened(prepared(), into) as practice:
        looked = practice.look("Tess", prepared().clients["Ada"])
        assert isinstance(looked, Shown)
        assert {"day 0", "day 1", "day 2"} <= {entry.text for _, entry in looked.entries}


def test_a_practice_that_lies_there_is_never_written_over(story, tmp_path):
    _, _, after = story
    for name in ("practice.db", "keyset", "angerona.toml"):
        into = tmp_path / name.partition(".")[0]
        into.mkdir()
        (into / name).write_text("mine")
        with pytest.raises(BackupFault) as refusal:
            restored(sources(prepared(), after), into)
        assert refusal.value.check == "place"
        assert [path.name for path in into.iterdir()] == [name]
        assert (into / name).read_text() == "mine"


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_database_that_holds_the_practice_is_never_written_over(story, tmp_path, where, kind):
    _, _, after = story
    address = where(kind) or f"sqlite://{tmp_path}/elsewhere.db"
    restored(sources(prepared(), after), tmp_path / "anew", address=address)
    with reopened(prepared(), tmp_path / "anew", address) as practice:
        head = practice.vault.ledger.head()
    fault = refused(sources(prepared(), after), tmp_path / "again", address=address)
    assert fault.check == "place"
    with reopened(prepared(), tmp_path / "anew", address) as practice:
        assert practice.vault.ledger.head() == head


@pytest.mark.parametrize("when", ["reading back the keyset", "restoring the content"])
def test_an_interrupted_restore_leaves_nothing_and_can_be_tried_again(story, tmp_path, when):
    _, _, after = story
    into = tmp_path / "anew"

    def stopping(what, _done, _total):
        if what == when:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restored(sources(prepared(), after), into, tell=stopping)
    assert not into.exists()
    assert restored(sources(prepared(), after), into).size == size_of(after.head)


def test_an_interrupted_restore_leaves_no_row_on_a_server(story, tmp_path, where):
    _, _, after = story
    address = where("postgres")

    def stopping(what, done, _total):
        if what == "restoring the keyset" and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restored(sources(prepared(), after), tmp_path / "anew", address=address, tell=stopping)
    store = open_store(address)
    assert store.rows("practices.all") == []
    assert store.rows("events.last", practice_id=prepared().practice_id) == []
    store.close()
    assert restored(sources(prepared(), after), tmp_path / "anew", address=address).size


def test_what_a_killed_restore_left_is_swept_away(story, tmp_path):
    _, _, after = story
    draft = tmp_path / "anew" / ".restoring"
    draft.mkdir(parents=True)
    (draft / "practice.db").write_text("half")
    assert restored(sources(prepared(), after), tmp_path / "anew").size


def test_a_practice_of_one_is_restored_with_its_real_password(tmp_path):
    """Nothing made quicker: found, write, back up, lose, restore, sign in, read."""
    practice = founded(tmp_path / "data")
    client = practice.client("Ada Invented")
    practice.keep("Thea", client, "progress_note", "She told me about the garden.")
    made = backed_up(practice, tmp_path / "out")
    practice.vault.store.close()
    shutil.rmtree(tmp_path / "data")
    restored(sources(practice, made), tmp_path / "anew")
    with reopened(practice, tmp_path / "anew") as again:
        again.sign_in("Thea")
        (entry,) = again.look("Thea", client).entries
        assert entry[1].text == "She told me about the garden."
