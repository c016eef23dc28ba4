"""Batches held in a session: worked off a slice at a time, gone with it, and nothing twice."""

import io
import stat
import threading
import zipfile

import pytest

from angerona.errors import BadInput, SignedOut
from angerona.practice import bringing
from angerona.practice.bringing import (
    CLIENTS,
    FILES,
    NOTES,
    SLICE,
    Reject,
    Tally,
    batch_of,
    choose,
    folders_seen,
    go_on,
    let_go,
    list_seen,
    set_level,
    take_up,
    take_up_files,
    treated,
)
from angerona.practice.importing import Taken
from angerona.practice.importing_rows import Rejected
from angerona.practice.ties import begin_tie, end_tie
from small_practice import AT, founded

pytestmark = pytest.mark.usefixtures("quickly")

PDF = b"%PDF-1.7\n%quiet"
LIST = b"name,dob\nAda,1990-05-17\nBen,\n,\nCora\n"
NOTE_ROWS = (
    b"client,date,class,heading,text\nAda,2026-02-01,risk,One,Slept.\nAda,x,risk,Two,Slept.\n"
)


@pytest.fixture
def practice(tmp_path):
    practice = founded(tmp_path / "practice")
    yield practice
    practice.vault.store.close()


@pytest.fixture
def visit(practice):
    with practice.visit("Thea") as visit:
        yield visit


def packed(*names, **texts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for name in names:
            written.writestr(zipfile.ZipInfo(name), PDF + name.encode())
        for name, text in texts.items():
            written.writestr(zipfile.ZipInfo(f"{name}.csv"), text)
    return [("old.zip", target.getvalue())]


def test_a_list_within_that_cannot_be_read_is_named_with_its_reason(visit):
    link = zipfile.ZipInfo("clients.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        written.writestr("Ada/scan.pdf", PDF)
        written.writestr(link, "elsewhere")
    with pytest.raises(BadInput, match=r"clients\.csv: cannot be read: ") as told:
        take_up_files(visit, [("old.zip", target.getvalue())], "correspondence")
    assert "empty" not in str(told.value)


def names(visit):
    return sorted(one.name for one in treated(visit))


def finished(practice, visit):
    """Go on until it is over; how many were done after each slice."""
    done = []
    while not (batch := go_on(practice.door, visit)).is_over:
        done.append(batch.done)
    return batch, done


def test_a_list_waits_until_its_columns_are_told(practice, visit):
    assert take_up(visit, CLIENTS, LIST).total == 3
    seen = list_seen(visit)
    assert seen.columns == {"name": "name", "dob": "born"}
    assert [row["name"] for row in seen.rows] == ["Ada", "Ben"]
    assert seen.dates == ("ymd",)
    assert go_on(practice.door, visit).done == 0, "it has not begun"
    assert names(visit) == []
    with pytest.raises(BadInput, match="none of them says a name"):
        choose(visit, {"name": "", "dob": "born"})
    choose(visit, seen.columns, dates="ymd")
    batch, _ = finished(practice, visit)
    assert (batch.tally.kept, batch.tally.there, batch.tally.clients) == (2, 0, 2)
    assert batch.tally.rejected == [Reject("5", "1 fields where there are 2 columns")]
    assert names(visit) == ["Ada", "Ben"]
    assert list_seen(visit) is None


def test_the_same_list_sent_twice_makes_nobody_twice(practice, visit):
    for _ in range(2):
        take_up(visit, CLIENTS, LIST)
        choose(visit, list_seen(visit).columns, dates="ymd")
        batch, _ = finished(practice, visit)
    assert (batch.tally.kept, batch.tally.there) == (0, 2)
    assert names(visit) == ["Ada", "Ben"]


def test_a_long_batch_is_done_a_slice_at_a_time_and_goes_on_where_it_stopped(practice, visit):
    files = packed(*(f"Ada/{number:03}.pdf" for number in range(2 * SLICE + 3)))
    take_up_files(visit, files, "correspondence")
    choose(visit, {"Ada": "Ada"})
    batch, done = finished(practice, visit)
    assert done == [SLICE, 2 * SLICE]
    assert (batch.done, batch.tally.kept, batch.tally.clients) == (2 * SLICE + 3, 2 * SLICE + 3, 1)
    assert go_on(practice.door, visit).done == batch.done, "once more does nothing"
    take_up_files(visit, files, "correspondence")
    choose(visit, {"Ada": "Ada"})
    batch, _ = finished(practice, visit)
    assert (batch.tally.kept, batch.tally.there) == (0, 2 * SLICE + 3)


def test_a_slice_that_failed_is_counted_as_far_as_it_came(practice, visit, monkeypatch):
    take_up_files(visit, packed("Ada/1.pdf", "Ada/2.pdf", "Ada/3.pdf"), "correspondence")
    choose(visit, {"Ada": "Ada"})
    real, kept = practice.door.keep, []

    def failing(*given):
        if len(kept) == 1:
            raise SignedOut
        kept.append(real(*given))
        return kept[-1]

    monkeypatch.setattr(type(practice.door), "keep", lambda _, *given: failing(*given))
    with pytest.raises(SignedOut):
        go_on(practice.door, visit)
    assert batch_of(visit).done == 1
    monkeypatch.undo()
    batch, _ = finished(practice, visit)
    assert (batch.done, batch.tally.kept, batch.tally.there) == (3, 3, 0)


def test_notes_need_no_question(practice, visit):
    assert take_up(visit, NOTES, NOTE_ROWS).has_begun
    batch, _ = finished(practice, visit)
    assert (batch.tally.kept, batch.tally.clients, batch.total) == (1, 1, 2)
    assert [one.where for one in batch.tally.rejected] == ["3"]


def test_files_go_to_the_client_of_their_folder(practice, visit):
    ada = practice.client("Ada")
    take_up_files(visit, packed("ada/1.pdf", "Ben/2.pdf", "3.pdf"), "risk")
    seen = folders_seen(visit)
    assert [(one.name, one.files, [c.client_id for c in one.clients]) for one in seen] == [
        ("", 1, []),
        ("Ben", 1, []),
        ("ada", 1, [ada]),
    ]
    choose(visit, {"": "", "Ben": "", "ada": ada.hex()})
    batch, _ = finished(practice, visit)
    assert [(one.wanted) for one in practice.vault.places(ada)] == ["risk"]
    assert batch.tally.rejected == [
        Reject("3.pdf", bringing.NOBODYS),
        Reject("Ben/2.pdf", "its folder was left out"),
    ]
    assert names(visit) == ["Ada"]


def test_a_list_in_the_batch_says_whose_each_file_is(practice, visit):
    listing = "file,client,born\na/1.pdf,Ada,1990-05-17\n2.pdf,Ada,1991-05-17\n"
    take_up_files(visit, packed("a/1.pdf", "2.pdf", "b/3.pdf", clients=listing), "correspondence")
    assert batch_of(visit).total == 3, "the list itself is none of the files"
    assert [one.name for one in folders_seen(visit)] == ["b"]
    choose(visit, {"b": "b"})
    finished(practice, visit)
    assert sorted((one.name, one.born) for one in treated(visit)) == [
        ("Ada", "1990-05-17"),
        ("Ada", "1991-05-17"),
        ("b", ""),
    ]


@pytest.mark.parametrize(
    ("listing", "wrong"),
    [
        ("file\na\n", "other columns"),
        ("file,client,fax\na,b,c\n", "other columns"),
        ("file,client\na,\n", "line 2: client is empty"),
        ("file,client\na,b\na,c\n", "line 3: names a file once more"),
        ('file,client\n"a,b\n', "line 2: its quotation marks"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(visit, listing, wrong):
    with pytest.raises(BadInput, match=wrong):
        take_up_files(visit, packed("a/1.pdf", clients=listing), "correspondence")
    assert batch_of(visit) is None


def test_a_folder_around_those_of_the_clients_is_seen_through(visit):
    take_up_files(
        visit, packed("old/Ada/1.pdf", "old/Ben/x/2.pdf", "old/../3.pdf"), "correspondence"
    )
    assert [one.name for one in folders_seen(visit)] == ["Ada", "Ben"]
    set_level(visit, 0)
    assert [one.name for one in folders_seen(visit)] == ["old"]
    set_level(visit, 2)
    assert [one.name for one in folders_seen(visit)] == ["", "x"]
    for level in (-1, 4):
        with pytest.raises(BadInput, match="no deeper"):
            set_level(visit, level)


def test_nothing_goes_to_somebody_whom_one_does_not_treat(practice, visit):
    practice.enrol("Tom", roles=("psychologist",))
    theirs = practice.client("Otto", treating="Tom")
    take_up_files(visit, packed("Ada/1.pdf"), "correspondence")
    for whose in (theirs.hex(), "00" * 16, "Ben"):
        with pytest.raises(BadInput, match="nobody's whom you treat"):
            choose(visit, {"Ada": whose})


def test_files_of_a_client_whom_one_treats_no_more_are_rejected(practice, visit):
    practice.enrol("Tom", roles=("psychologist",))
    ada = practice.client("Ada")
    take_up_files(visit, packed("Ada/1.pdf"), "correspondence")
    choose(visit, {"Ada": ada.hex()})
    begin_tie(visit, ada, practice.people["Tom"], "treating", until=None)
    ties = practice.vault.authority(ada).ties
    mine = next(one for one, tie in ties.items() if tie.person_id == practice.people["Thea"])
    end_tie(visit, ada, mine)
    batch, _ = finished(practice, visit)
    assert batch.tally.rejected == [Reject("Ada/1.pdf", "belongs to nobody whom you treat")]


def test_single_files_come_in_too(practice, visit):
    ada = practice.client("Ada")
    take_up_files(visit, [("a.pdf", PDF), ("b.txt", b"plain")], "correspondence")
    choose(visit, {"": ada.hex()})
    batch, _ = finished(practice, visit)
    assert batch.tally.kept == 2
    assert len(practice.vault.places(ada)) == 2


def test_what_cannot_be_brought_is_said_at_once(visit, monkeypatch):
    for kind, data, wrong in (
        (CLIENTS, b"", "is empty"),
        (CLIENTS, b'{"name": "Ada"}', "no list"),
        (CLIENTS, b"name\n", "holds no rows"),
        (NOTES, b"name\nAda\n", "a column is missing"),
    ):
        with pytest.raises(BadInput, match=wrong):
            take_up(visit, kind, data)
    with pytest.raises(BadInput, match="are missing"):
        take_up_files(visit, [], "correspondence")
    with pytest.raises(BadInput, match="cannot be brought in"):
        take_up_files(visit, packed("a/1.pdf"), "ledger")
    with pytest.raises(BadInput, match="holds no files"):
        take_up_files(visit, packed(), "correspondence")
    monkeypatch.setattr(bringing, "BATCH_BYTES_MAX", 10)
    with pytest.raises(BadInput, match="is too large"):
        take_up(visit, CLIENTS, LIST)
    assert batch_of(visit) is None


def test_all_sessions_together_hold_no_more_than_there_is_room(visit, monkeypatch):
    monkeypatch.setattr("angerona.sealed.sessions.CARRIED_BYTES_MAX", 1_000)
    with pytest.raises(BadInput, match="finds no room"):
        take_up(visit, CLIENTS, b"name\n" + b"Ada\n" * 300)
    take_up(visit, CLIENTS, LIST)


def test_a_batch_is_in_one_session_and_gone_with_it(practice, visit):
    whole = practice.vault.agent.room(AT)
    take_up(visit, CLIENTS, LIST)
    assert practice.vault.agent.room(AT) < whole - len(LIST)
    practice.sign_in("Thea")
    with practice.visit("Thea") as other:
        assert batch_of(other) is None
        practice.vault.agent.close_others(other.unlocked)
    assert practice.vault.agent.room(AT) == whole


def test_what_is_held_goes_when_it_is_done_or_let_go(practice, visit):
    whole = practice.vault.agent.room(AT)
    long = NOTE_ROWS + b"Ada,2026-02-02,risk,Three," + b"Slept. " * 1_000
    take_up(visit, NOTES, long)
    assert whole - practice.vault.agent.room(AT) > len(long)
    batch, _ = finished(practice, visit)
    assert batch.is_over
    assert 0 < whole - practice.vault.agent.room(AT) < 1_000, "how it ended, and nothing of it"
    let_go(visit)
    assert practice.vault.agent.room(AT) == whole


def test_two_browsers_of_one_person_make_nobody_twice(practice, visit):
    practice.sign_in("Thea")
    text = b"name\n" + b"".join(b"Client %d\n" % number for number in range(SLICE))
    with practice.visit("Thea") as other:
        for one in (visit, other):
            take_up(one, CLIENTS, text)
            choose(one, {"name": "name"})
        both = [threading.Thread(target=go_on, args=(practice.door, one)) for one in (visit, other)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        kept = [batch_of(one).tally.kept for one in (visit, other)]
    assert sorted(kept) == [0, SLICE]
    assert len(names(visit)) == SLICE


def test_a_batch_of_nothing_but_rejects_stops(practice, visit, monkeypatch):
    monkeypatch.setattr(bringing, "REJECTED_MAX", 1)
    take_up(visit, NOTES, NOTE_ROWS.splitlines(keepends=True)[0] + b"Ada,x,risk,,y\n" * (SLICE + 1))
    go_on(practice.door, visit)
    with pytest.raises(BadInput, match="1 rows cannot be taken"):
        go_on(practice.door, visit)


def test_the_list_of_rejects_starts_no_formula():
    tally = Tally()
    tally.add(Rejected(1, "damaged"), "=cmd|' /C calc'!A0.pdf")
    tally.add(Rejected(2, "empty"), 'Ada, "B"/x.pdf')
    tally.add(Taken(3, kept=True, enrolled=True), "never named")
    assert tally.rejects("file").decode().split("\r\n") == [
        "file,reason",
        "'=cmd|' /C calc'!A0.pdf,damaged",
        '"Ada, ""B""/x.pdf",empty',
        "",
    ]
    assert (tally.kept, tally.there, tally.clients) == (1, 0, 1)


def test_what_does_not_wait_is_not_shown(visit):
    assert (list_seen(visit), folders_seen(visit), batch_of(visit)) == (None, None, None)
    take_up(visit, CLIENTS, LIST)
    assert folders_seen(visit) is None
    set_level(visit, 1)
    assert batch_of(visit).level == 0
    take_up_files(visit, packed("a/1.pdf"), "correspondence")
    assert list_seen(visit) is None
    assert batch_of(visit).kind == FILES
