"""Steps upwards: with data, from every earlier version, whole or not at all."""

import pytest

from angerona.errors import StoreError, StoreMisused, StoreTooNew
from angerona.store.migrating import Migration, migrations, pending
from angerona.store.sqlite import open_sqlite

PRACTICE = bytes(range(16))


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request, tmp_path):
    """Opens one and the same new database at the steps it is given."""
    if request.param == "sqlite":
        place = tmp_path / "a.db"
        return request.param, lambda steps: open_sqlite(place, steps=steps)
    from angerona.store.postgres import open_postgres  # noqa: PLC0415 -- the driver is an extra

    place = request.getfixturevalue("postgres_server").empty()
    return request.param, lambda steps: open_postgres(place, steps=steps)


def steps_of(kind, *texts):
    """The real steps, then these."""
    real = migrations(kind)
    return [*real, *(Migration(len(real) + n, text) for n, text in enumerate(texts, 1))]


def settings(store):
    return store.rows("settings.all", practice_id=PRACTICE)


def put(store, name):
    store.write(
        lambda writing: writing.run("settings.insert", practice_id=PRACTICE, name=name, row=b"")
    ).result()


def test_every_earlier_version_comes_up_with_its_rows(opened):
    kind, at = opened
    real = migrations(kind)
    for version in range(1, len(real) + 1):
        store = at(real[:version])
        put(store, f"{version}")
        store.close()
    store = at(steps_of(kind, "ALTER TABLE outbox ADD COLUMN later TEXT", "DROP TABLE outbox"))
    assert [name for name, _ in settings(store)] == [f"{n}" for n in range(1, len(real) + 1)]
    with pytest.raises(StoreError):
        store.rows("outbox.all", practice_id=PRACTICE)
    store.close()


def test_a_step_that_fails_half_way_leaves_nothing_of_itself(opened):
    kind, at = opened
    store = at(migrations(kind))
    put(store, "a")
    store.close()
    good = "ALTER TABLE outbox ADD COLUMN later TEXT"
    bad = "DROP TABLE settings; ALTER TABLE nowhere ADD COLUMN later TEXT"
    for _ in range(2):
        with pytest.raises(StoreError):
            at(steps_of(kind, good, bad))
    # The good step stood: it is not run again, or it would fail over its own column.
    store = at(steps_of(kind, good, "ALTER TABLE settings ADD COLUMN later TEXT"))
    assert settings(store) == [("a", b"")]
    store.close()


def test_a_store_of_a_later_release_is_refused_and_left_alone(opened):
    kind, at = opened
    later = steps_of(kind, "ALTER TABLE outbox ADD COLUMN later TEXT")
    at(later).close()
    said = f"version {len(later)} and this release knows {len(later) - 1}; run the release"
    with pytest.raises(StoreTooNew, match=said):
        at(migrations(kind))
    at(later).close()


def test_the_steps_still_to_do():
    steps = [Migration(number, "") for number in (1, 2, 3)]
    assert [step.number for step in pending(steps, 1, place="x")] == [2, 3]
    assert not pending(steps, 3, place="x")
    with pytest.raises(StoreTooNew, match="x is at version 4 and this release knows 3"):
        pending(steps, 4, place="x")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["0001_first.sql", "0003_third.sql"], "not numbered 1, 2, 3"),
        (["0001_first.sql", "0001_other.sql"], "not numbered 1, 2, 3"),
        (["first.sql"], r"is called NNNN_what.sql, not first.sql"),
        (["0001_first.sql", "README"], "not README"),
    ],
)
def test_a_folder_of_steps_is_numbered_without_gaps(tmp_path, files, message):
    (tmp_path / "sqlite").mkdir()
    for name in files:
        (tmp_path / "sqlite" / name).touch()
    with pytest.raises(StoreMisused, match=message):
        migrations("sqlite", tmp_path)
