"""What somebody might do to lines that wait for a client's list, and to what an erasure left."""

from angerona.ledger.lines import KEYS, Line
from angerona.sealed.appointments import AppointmentRow
from angerona.sealed.authority import erased_digest
from angerona.sealed.held_lines import HeldRow
from prepared_practice import AT
from tampering.acts_on_authority import ALL, BOOT, PEN, act
from tampering.attacker import flipped

OF_CLIENT = (
    "attachments",
    "clients",
    "consents",
    "entries",
    "event_keys",
    "key_sheets",
    "shares",
    "ties",
    "wraps",
)


def that_waits(attacker):
    """The lines that wait, with their rows, in the order in which they were held."""
    rows = attacker.rows("outbox")
    found = [(attacker.directory.open(HeldRow, one["row"], one["message_id"]), one) for one in rows]
    return sorted(found, key=lambda pair: pair[0].number)


@act("delete a line that waits for a client's list", PEN)
def _(attacker):
    [row] = attacker.rows("outbox")
    attacker.delete("outbox", row)


@act("turn over a bit of a line that waits", PEN)
def _(attacker):
    [row] = attacker.rows("outbox")
    attacker.change("outbox", row, row=flipped(row["row"]))


@act("put a line that was told back among those that wait", PEN)
def _(attacker):
    """The pen need not read which it is: both are put back."""
    attacker.put_back("outbox", attacker.history.middle)


@act("let a line wait for ever", BOOT)
def _(attacker):
    [(_, row)] = that_waits(attacker)
    attacker.rewrite("outbox", HeldRow, row, row["message_id"], until=AT.replace(year=2100))


@act("write other words into a line that waits", BOOT)
def _(attacker):
    [(_, row)] = that_waits(attacker)
    attacker.rewrite("outbox", HeldRow, row, row["message_id"], body=b'{"what":"nothing"}')


@act("let a line wait for another client", BOOT)
def _(attacker):
    [(_, row)] = that_waits(attacker)
    attacker.rewrite("outbox", HeldRow, row, row["message_id"], client_id=attacker.otto)


@act("delete an appointment", PEN)
def _(attacker):
    attacker.delete("appointments", attacker.rows("appointments")[0])


@act("put an appointment back that was cancelled", PEN)
def _(attacker):
    attacker.put_back("appointments", attacker.history.middle)


@act("move an appointment to another client", PEN)
def _(attacker):
    attacker.change("appointments", attacker.rows("appointments")[0], client_id=attacker.otto)


@act("let an appointment be at another hour", BOOT)
def _(attacker):
    row = attacker.rows("appointments")[0]
    ids = (row["client_id"], row["appointment_id"])
    attacker.rewrite("appointments", AppointmentRow, row, *ids, starts=AT.replace(hour=23))


@act("delete what says that keys have to turn", PEN)
def _(attacker):
    """What is left of the wraps of somebody who ended his own tie."""
    stan = attacker.copy.people["Stan"]
    for row in attacker.rows("wraps", client_id=attacker.otto, recipient_id=stan):
        attacker.delete("wraps", row)


@act("put everything of somebody who was erased back", PEN)
def _(attacker):
    for table in OF_CLIENT:
        attacker.put_back(table, attacker.history.middle, client_id=attacker.history.gwen)


@act("put the event key of somebody who was erased back", PEN)
def _(attacker):
    gone = attacker.history.gwen
    attacker.put_back("event_keys", attacker.history.middle, client_id=gone)


@act("put a file of somebody who was erased back", PEN)
def _(attacker):
    gone = attacker.history.gwen
    attacker.put_back("attachments", attacker.history.middle, client_id=gone)


@act("delete every row of a client, as an erasure would", PEN)
def _(attacker):
    for table in OF_CLIENT:
        for row in attacker.rows(table, client_id=attacker.otto):
            attacker.delete(table, row)


@act("erase a client, and say so nowhere but in the client's own list", ALL)
def _(attacker):
    with attacker.copy.opened() as practice:
        gone = erased_digest(attacker.copy.practice_id, attacker.otto)
        line = Line(attacker.otto, "erased", {}, slot=KEYS, binding=gone)
        practice.vault.ledger.append(line, AT, authority=None, changes=None).result()
        practice.vault.ledger.checkpoint(AT)
    PEN["delete every row of a client, as an erasure would"](attacker)


@act("say that a client was erased who is there", ALL)
def _(attacker):
    with attacker.copy.opened() as practice:
        line = Line(attacker.copy.practice_id, "erased", {"erased": [attacker.otto.hex()]})
        practice.vault.ledger.append(line, AT, authority=None, changes=None).result()
