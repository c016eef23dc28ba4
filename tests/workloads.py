"""What is written while processes are killed and power is cut, and how it is judged afterwards.

A workload is built on an address; `hand_in` writes one numbered thing and answers a future;
`problems` tells, after whatever happened, what is lost or torn. `Pairs` needs only the store.
"""

import hashlib
from concurrent.futures import Future

from angerona.store import open_store

PRACTICE = hashlib.sha256(b"practice").digest()[:16]
CLIENT = hashlib.sha256(b"client").digest()[:16]
NUMBER_BYTES = 8


def content(ident, most):
    """Bytes that only this thing has, of a length of its own."""
    length = 100 + int.from_bytes(ident[-2:]) % most
    return hashlib.shake_128(ident).digest(length)


class Pairs:
    """Each job writes a row and a line; each group adds its jobs to a tally, as a ledger would."""

    def __init__(self, address):
        self.store = open_store(address)
        self._staged = 0
        self.store.on_group(self._count, self._forget, self._forget)

    def hand_in(self, ident):
        def job(writing):
            writing.run(
                "consents.insert",
                practice_id=PRACTICE,
                consent_id=ident,
                client_id=CLIENT,
                row=content(ident, 6000),
            )
            writing.run(
                "outbox.insert", practice_id=PRACTICE, message_id=ident, row=content(ident, 300)
            )
            self._staged += 1

        return self.store.write(job)

    def _count(self, writing):
        count = tally(writing) + self._staged
        query = "settings.update" if count > self._staged else "settings.insert"
        writing.run(query, practice_id=PRACTICE, name="tally", row=count.to_bytes(NUMBER_BYTES))

    def _forget(self):
        self._staged = 0

    def problems(self, acknowledged):
        """Sentences about what is wrong; none if every promise was kept."""
        with self.store.snapshot() as reading:
            found = reading.rows("consents.of_client", practice_id=PRACTICE, client_id=CLIENT)
            rows = dict(found)
            lines = dict(reading.rows("outbox.all", practice_id=PRACTICE))
            counted = tally(reading)
        if lost := acknowledged - rows.keys():
            yield f"lost: {len(lost)} of {len(acknowledged)} acknowledged"
        if rows.keys() != lines.keys():
            yield f"torn: {len(rows.keys() ^ lines.keys())} rows without their line, or lines alone"
        if counted != len(rows):
            yield f"torn: the tally says {counted}, there are {len(rows)}"
        for ident, blob in rows.items():
            if blob != content(ident, 6000) or lines.get(ident) != content(ident, 300):
                yield "damaged: a row is not what was written"

    def close(self):
        self.store.close()


def tally(reading):
    found = reading.rows("settings.by_key", practice_id=PRACTICE, name="tally")
    return int.from_bytes(found[0][0]) if found else 0


class Hasty(Pairs):
    """Wrong on purpose: tells that it is done before it is."""

    def hand_in(self, ident):
        super().hand_in(ident)
        done = Future()
        done.set_result(None)
        return done


class Apart(Pairs):
    """Wrong on purpose: the line goes in a group of its own, after its row."""

    def hand_in(self, ident):
        def row(writing):
            writing.run(
                "consents.insert",
                practice_id=PRACTICE,
                consent_id=ident,
                client_id=CLIENT,
                row=content(ident, 6000),
            )
            self._staged += 1

        def line(writing):
            writing.run(
                "outbox.insert", practice_id=PRACTICE, message_id=ident, row=content(ident, 300)
            )

        self.store.write(row).result()
        return self.store.write(line)
