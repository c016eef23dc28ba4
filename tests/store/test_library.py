"""The SQLite behind the store."""

import apsw

from angerona.store.library import oldest_sqlite, sqlite_version


def test_the_number_is_the_one_that_sqlite_says_in_words():
    said = [*map(int, apsw.sqlite_lib_version().split("."))]
    assert [*sqlite_version()][: len(said)] == said
    assert sqlite_version() >= oldest_sqlite() >= (3, 51, 3)
