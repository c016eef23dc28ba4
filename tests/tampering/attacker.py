"""What somebody can do who reaches the files: with a pen, with the boot secret, with all keys.

The pen changes rows and cannot read one. With the boot secret the directory tier can be read and
sealed anew. With the keyset too, the log can be signed. Nobody here has a person's password.
"""

import contextlib
import shutil

import apsw
import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row, seal_row
from angerona.sealed.keyset import Keyset
from angerona.sealed.rows import Directory

COLUMNS = {
    "entries": ("practice_id", "client_id", "place"),
    "attachments": ("practice_id", "client_id", "attachment_id", "piece"),
    "wraps": ("practice_id", "wrap_id"),
    "shares": ("practice_id", "share_id"),
    "ties": ("practice_id", "tie_id"),
    "consents": ("practice_id", "consent_id"),
    "key_sheets": ("practice_id", "client_id", "version"),
    "clients": ("practice_id", "client_id"),
    "people": ("practice_id", "person_id"),
    "credentials": ("practice_id", "credential_id"),
    "posts": ("practice_id", "post_id"),
    "post_keys": ("practice_id", "post_id", "person_id", "generation"),
    "seats": ("practice_id", "seat_id"),
    "practices": ("practice_id",),
    "event_keys": ("practice_id", "client_id"),
    "events": ("practice_id", "seq"),
    "heads": ("practice_id", "size"),
    "subjects": ("practice_id", "subject_id"),
    "map_nodes": ("practice_id", "place"),
    "tiles": ("practice_id", "level", "number"),
    "outbox": ("practice_id", "message_id"),
    "appointments": ("practice_id", "appointment_id"),
}
"""The tables, and the columns that name a row."""


def flipped(value, at=-1):
    """The same bytes with one bit turned over."""
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


class Attacker:
    """At work on one copy of the files, with older copies at hand."""

    def __init__(self, copy, history):
        self.copy = copy
        self.history = history
        self.ada, self.otto = copy.clients["Ada"], copy.clients["Otto"]
        self.database = apsw.Connection(str(copy.database))

    def close(self):
        self.database.close()

    # With the pen.

    def rows(self, table, *, of=None, **where):
        """Rows as dicts, in the order of their keys; `of` another copy than the one at work on."""
        with self._reading(of) as database:
            test = " AND ".join(f"{name} = :{name}" for name in where) or "1"
            order = ", ".join(COLUMNS[table])
            names = [one[1] for one in database.execute(f"PRAGMA table_info({table})")]
            text = f"SELECT * FROM {table} WHERE {test} ORDER BY {order}"  # noqa: S608 -- our names
            return [dict(zip(names, row, strict=True)) for row in database.execute(text, where)]

    @contextlib.contextmanager
    def _reading(self, of):
        if of is None:
            yield self.database
            return
        database = apsw.Connection(str(of.database), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            yield database
        finally:
            database.close()

    def change(self, table, row, /, **values):
        """Write other values into the row that these key columns name."""
        keys = {f"k_{name}": row[name] for name in COLUMNS[table]}
        into = ", ".join(f"{name} = :{name}" for name in values)
        test = " AND ".join(f"{name} = :k_{name}" for name in COLUMNS[table])
        text = f"UPDATE {table} SET {into} WHERE {test}"  # noqa: S608 -- our own names
        self.database.execute(text, {**keys, **values})
        assert self.database.changes() == 1

    def delete(self, table, row):
        test = " AND ".join(f"{name} = :{name}" for name in COLUMNS[table])
        keys = {name: row[name] for name in COLUMNS[table]}
        text = f"DELETE FROM {table} WHERE {test}"  # noqa: S608 -- our own names
        self.database.execute(text, keys)
        assert self.database.changes() == 1

    def put(self, table, row):
        """Put a row there, in place of one with the same key."""
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        text = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({values})"  # noqa: S608 -- our names
        self.database.execute(text, row)

    def swap(self, table, one, other, /, *columns):
        """Let two rows change places in some columns."""
        self.change(table, one, **{name: other[name] for name in columns})
        self.change(table, other, **{name: one[name] for name in columns})

    def put_back(self, table, of, **where):
        """All rows of a table (or some) as they were at an earlier moment."""
        test = " AND ".join(f"{name} = :{name}" for name in where) or "1"
        text = f"DELETE FROM {table} WHERE {test}"  # noqa: S608 -- our own names
        self.database.execute(text, where)
        for row in self.rows(table, of=of, **where):
            self.put(table, row)

    def put_back_everything(self, of):
        """The whole database file as it was."""
        self.database.close()
        shutil.copyfile(of.database, self.copy.database)
        self.database = apsw.Connection(str(self.copy.database))

    # With the boot secret.

    @property
    def directory(self):
        return Directory(self.copy.practice_keys.directory, self.copy.practice_id)

    def rewrite(self, table, kind, row, *ids, column="row", **fields):
        """Open a sealed row, change some of its fields, and seal it again."""
        opened = self.directory.open(kind, row[column], *ids)
        changed = msgspec.structs.replace(opened, **fields)
        self.change(table, row, **{column: self.directory.seal(changed, *ids)})

    def stub_context(self, row):
        return packed("angerona/stub/v1", self.copy.practice_id, row["event_id"], row["seq"])

    def leaf_of(self, row):
        return open_row(self.copy.practice_keys.directory, self.stub_context(row), row["stub"])

    def sealed_stub(self, row, leaf):
        key = self.copy.practice_keys.directory
        return seal_row(key, self.stub_context(row), leaf, pad=False)

    # With the keyset too.

    @property
    def keyset(self):
        return Keyset.load(
            self.copy.folder / "keyset", self.copy.practice_id, self.copy.practice_keys
        )
