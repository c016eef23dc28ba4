"""What somebody who reaches the files might do to them, act by act.

Each has a name, and test_battery.py says by that name who finds it.

`PEN` acts know no secret. `BOOT` acts know the boot secret. `ALL` acts know every key of the
server, which includes the one that signs the ledger.
"""

import os

import msgspec

from angerona.ciphers.wraps import wrap
from angerona.sealed.client_keys import SheetRow, Whose
from angerona.sealed.compartments import CLASS_NUMBERS
from angerona.sealed.rows import (
    ClientRow,
    WrapRow,
)
from angerona.sealed.wraps import Grant, _info
from prepared_practice import AT
from tampering.attacker import flipped

PEN, BOOT, ALL = {}, {}, {}


def act(named, group):
    def kept(doing):
        group[named] = doing
        return doing

    return kept


def entry(attacker, wanted, client="Ada", version=1):
    return next(
        row
        for row in attacker.rows("entries", client_id=attacker.copy.clients[client])
        if row["class"] == CLASS_NUMBERS[wanted] and row["version"] == version
    )


def person(attacker, name):
    return attacker.rows("people", person_id=attacker.copy.people[name])[0]


def wraps_of(attacker, name, client, of=None):
    recipient = attacker.copy.people[name]
    return attacker.rows("wraps", of=of, client_id=client, recipient_id=recipient)


# --- Entries and files ---


@act("delete an entry from the middle", PEN)
def _(attacker):
    attacker.delete("entries", attacker.rows("entries", client_id=attacker.ada)[5])


@act("delete the newest entry", PEN)
def _(attacker):
    attacker.delete("entries", attacker.rows("entries", client_id=attacker.ada)[-1])


@act("delete every entry of a record", PEN)
def _(attacker):
    for row in attacker.rows("entries", client_id=attacker.otto):
        attacker.delete("entries", row)


@act("turn over a bit of an entry", PEN)
def _(attacker):
    row = entry(attacker, "risk")
    attacker.change("entries", row, blob=flipped(row["blob"]))


@act("cut an entry short", PEN)
def _(attacker):
    row = entry(attacker, "risk")
    attacker.change("entries", row, blob=row["blob"][:-64])


@act("let two entries change places", PEN)
def _(attacker):
    one, other = entry(attacker, "risk"), entry(attacker, "diagnosis")
    attacker.swap("entries", one, other, "blob", "digest")


@act("put another client's entry in place of one", PEN)
def _(attacker):
    mine, theirs = entry(attacker, "risk"), entry(attacker, "risk", "Otto")
    attacker.change("entries", mine, blob=theirs["blob"], digest=theirs["digest"])


@act("put the first version back in place of the amendment", PEN)
def _(attacker):
    old, new = (entry(attacker, "progress_note", version=one) for one in (1, 2))
    attacker.change("entries", new, blob=old["blob"], digest=old["digest"])


@act("delete the amendment", PEN)
def _(attacker):
    attacker.delete("entries", entry(attacker, "progress_note", version=2))


@act("put all entries back as they were", PEN)
def _(attacker):
    attacker.put_back("entries", attacker.history.early, client_id=attacker.ada)


@act("call a session note attendance, for the front desk to see", PEN)
def _(attacker):
    row = entry(attacker, "progress_note", version=2)
    attacker.change("entries", row, **{"class": CLASS_NUMBERS["attendance"]})


@act("give an entry another author", PEN)
def _(attacker):
    row = entry(attacker, "psychotherapy_note")
    attacker.change("entries", row, author_id=attacker.copy.people["Theo"])


@act("give an entry a class that there is not", PEN)
def _(attacker):
    attacker.change("entries", entry(attacker, "risk"), **{"class": 250})


@act("copy an entry to the end of a record", PEN)
def _(attacker):
    last = attacker.rows("entries", client_id=attacker.ada)[-1]
    more = {"place": last["place"] + 1, "entry_id": os.urandom(16)}
    attacker.put("entries", {**last, **more})


@act("delete files", PEN)
def _(attacker):
    """Two of them, for one may be that of an amended entry, which nobody reads."""
    for row in attacker.rows("attachments", client_id=attacker.ada)[3:5]:
        attacker.delete("attachments", row)


@act("turn over a bit of files", PEN)
def _(attacker):
    for row in attacker.rows("attachments", client_id=attacker.ada)[3:5]:
        attacker.change("attachments", row, blob=flipped(row["blob"]))


@act("let two files change places", PEN)
def _(attacker):
    one, other = attacker.rows("attachments", client_id=attacker.ada)[3:5]
    attacker.swap("attachments", one, other, "blob")


# --- Keys: wraps, sheets, shares ---


@act("delete somebody's wraps", PEN)
def _(attacker):
    for row in wraps_of(attacker, "Tess", attacker.ada):
        attacker.delete("wraps", row)


@act("turn over a bit of a wrap", PEN)
def _(attacker):
    row = wraps_of(attacker, "Sue", attacker.ada)[0]
    attacker.change("wraps", row, blob=flipped(row["blob"]))


@act("let two people's wraps change places", PEN)
def _(attacker):
    one = wraps_of(attacker, "Sue", attacker.ada)[0]
    other = wraps_of(attacker, "Cora", attacker.ada)[0]
    attacker.swap("wraps", one, other, "blob")


@act("give somebody a copy of a colleague's wrap", PEN)
def _(attacker):
    row = wraps_of(attacker, "Sue", attacker.ada)[0]
    mine = {"wrap_id": os.urandom(16), "recipient_id": attacker.copy.people["Stan"]}
    attacker.put("wraps", {**row, **mine})


@act("put back the wrap of a tie that has ended", PEN)
def _(attacker):
    for row in wraps_of(attacker, "Stan", attacker.ada, attacker.history.middle):
        attacker.put("wraps", row)


@act("put all wraps back as they were before the keys turned", PEN)
def _(attacker):
    attacker.put_back("wraps", attacker.history.middle, client_id=attacker.ada)


@act("move a wrap to another client", PEN)
def _(attacker):
    row = wraps_of(attacker, "Theo", attacker.otto)[0]
    attacker.change("wraps", row, client_id=attacker.ada)


@act("wrap planted keys to a clinician", BOOT)
def _(attacker):
    """HPKE does not say who sealed: anybody can wrap to a public key."""
    public = person(attacker, "Tess")["keys"][:1216]
    [sheet_row] = attacker.rows("key_sheets", client_id=attacker.ada)[-1:]
    sheet = attacker.directory.open(SheetRow, sheet_row["sheet"], attacker.ada)
    [client_row] = attacker.rows("clients", client_id=attacker.ada)
    label = attacker.directory.open(ClientRow, client_row["row"], attacker.ada).label
    whose = Whose(attacker.copy.practice_id, attacker.ada, label)
    names, generations = ("progress",), (sheet.newest("progress"),)
    tess, granter = attacker.copy.people["Tess"], attacker.copy.people["Theo"]
    grant = Grant(recipient_id=tess, public=public, granter=granter, expires=None)
    message = wrap(public, _info(whose, sheet, names, generations, grant), os.urandom(32))
    row = WrapRow(
        names=names, generations=generations, granter=granter, expires=None, message=message
    )
    wrap_id, epoch = os.urandom(16), attacker.keyset.newest
    blob = attacker.keyset.vault(epoch).seal(row, attacker.ada, tess, wrap_id)
    given = {"wrap_id": wrap_id, "client_id": attacker.ada, "recipient_id": tess}
    given |= {"practice_id": attacker.copy.practice_id, "epoch": epoch, "blob": blob}
    attacker.put("wraps", given)


@act("let a wrap last for ever", BOOT)
def _(attacker):
    """The outer side can be written anew; the inner side is bound to it."""
    row = wraps_of(attacker, "Cora", attacker.ada)[0]
    place = (attacker.ada, row["recipient_id"], row["wrap_id"])
    vault = attacker.keyset.vault(row["epoch"])
    opened = vault.open(WrapRow, row["blob"], *place)
    changed = vault.seal(msgspec.structs.replace(opened, expires=AT.replace(year=2100)), *place)
    attacker.change("wraps", row, blob=changed)


@act("put an older key sheet back", PEN)
def _(attacker):
    attacker.delete("key_sheets", attacker.rows("key_sheets", client_id=attacker.ada)[-1])


@act("turn over a bit of a key sheet", PEN)
def _(attacker):
    row = attacker.rows("key_sheets", client_id=attacker.ada)[-1]
    attacker.change("key_sheets", row, sheet=flipped(row["sheet"]))


@act("commit to other keys in the key sheet", BOOT)
def _(attacker):
    row = attacker.rows("key_sheets", client_id=attacker.ada)[-1]
    sheet = attacker.directory.open(SheetRow, row["sheet"], attacker.ada)
    keys = tuple(msgspec.structs.replace(one, commitment=bytes(32)) for one in sheet.keys)
    sealed = attacker.directory.seal(msgspec.structs.replace(sheet, keys=keys), attacker.ada)
    attacker.change("key_sheets", row, sheet=sealed)


@act("delete a key holder's share", PEN)
def _(attacker):
    attacker.delete("shares", attacker.rows("shares", client_id=attacker.ada)[0])


@act("delete all shares of a client", PEN)
def _(attacker):
    for row in attacker.rows("shares", client_id=attacker.ada):
        attacker.delete("shares", row)


@act("let two key holders' shares change places", PEN)
def _(attacker):
    one, other = attacker.rows("shares", client_id=attacker.ada)[:2]
    attacker.swap("shares", one, other, "blob")


@act("delete the event key of a client", PEN)
def _(attacker):
    attacker.delete("event_keys", attacker.rows("event_keys", client_id=attacker.ada)[0])


@act("let the event keys of two clients change places", PEN)
def _(attacker):
    one, other = (
        attacker.rows("event_keys", client_id=one)[0] for one in (attacker.ada, attacker.otto)
    )
    attacker.swap("event_keys", one, other, "blob")
