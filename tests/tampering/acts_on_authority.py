"""More of what somebody might do who reaches the files: to who may read, and to the ledger."""

import os
from pathlib import Path

from angerona.ciphers.wraps import WrapPair
from angerona.ledger.verifying import leaf_hash
from angerona.sealed.people import Lock, new_person
from angerona.sealed.rows import (
    ClientRow,
    PersonRow,
    PostRow,
    PracticeRow,
    SeatRow,
    TieRow,
)
from prepared_practice import AT, PASSWORD, quick_passwords
from tampering.acts import ALL, BOOT, PEN, act, person
from tampering.attacker import flipped

# --- Who may: ties, consents, clients, people, posts, seats, the practice ---


@act("delete a tie", PEN)
def _(attacker):
    attacker.delete("ties", attacker.rows("ties", client_id=attacker.ada)[0])


@act("put a tie that has ended back as it was", PEN)
def _(attacker):
    attacker.put_back("ties", attacker.history.middle, client_id=attacker.ada)


@act("move a tie to another client", PEN)
def _(attacker):
    attacker.change(
        "ties", attacker.rows("ties", client_id=attacker.ada)[0], client_id=attacker.otto
    )


@act("make up a tie", BOOT)
def _(attacker):
    stan, tie_id = attacker.copy.people["Stan"], os.urandom(16)
    tie = TieRow(person_id=stan, relation="treating", since=AT, until=None, by=stan)
    row = attacker.directory.seal(tie, attacker.ada, tie_id)
    given = {"tie_id": tie_id, "client_id": attacker.ada, "row": row}
    attacker.put("ties", {"practice_id": attacker.copy.practice_id, **given})


@act("put a consent back that was taken back", PEN)
def _(attacker):
    attacker.put_back("consents", attacker.history.middle)


@act("delete a consent", PEN)
def _(attacker):
    attacker.delete("consents", attacker.rows("consents")[0])


@act("copy a consent to another client", PEN)
def _(attacker):
    row = attacker.rows("consents")[0]
    attacker.put("consents", {**row, "consent_id": os.urandom(16), "client_id": attacker.otto})


@act("set a client's authority version back", PEN)
def _(attacker):
    [row] = attacker.rows("clients", client_id=attacker.ada)
    attacker.change("clients", row, authority=row["authority"] - 1)


@act("put everything that decides about a client back as it was", PEN)
def _(attacker):
    for table in ("clients", "ties", "consents", "key_sheets", "wraps"):
        attacker.put_back(table, attacker.history.middle, client_id=attacker.ada)


@act("let two clients change names", PEN)
def _(attacker):
    one, other = attacker.rows("clients")
    attacker.swap("clients", one, other, "row")


@act("write another name for a client", BOOT)
def _(attacker):
    [row] = attacker.rows("clients", client_id=attacker.ada)
    attacker.rewrite("clients", ClientRow, row, attacker.ada, name="Ada Otherwise")


@act("delete a client", PEN)
def _(attacker):
    [row] = attacker.rows("clients", client_id=attacker.ada)
    attacker.delete("clients", row)


@act("let two people change keys", PEN)
def _(attacker):
    attacker.swap("people", person(attacker, "Tess"), person(attacker, "Stan"), "keys")


@act("put one's own public keys in a colleague's place", BOOT)
def _(attacker):
    own = new_person().public.stored
    attacker.change("people", person(attacker, "Sue"), keys=own)


@act("make oneself the privacy officer", BOOT)
def _(attacker):
    row = person(attacker, "Stan")
    stan = row["person_id"]
    attacker.rewrite("people", PersonRow, row, stan, posts=("privacy_officer", "on_call"))


@act("delete a person", PEN)
def _(attacker):
    attacker.delete("people", person(attacker, "Tess"))


@act("delete somebody's credentials", PEN)
def _(attacker):
    for row in attacker.rows("credentials", person_id=attacker.copy.people["Tess"]):
        attacker.delete("credentials", row)


@act("let two people's credentials change places", PEN)
def _(attacker):
    one, other = (
        attacker.rows("credentials", person_id=attacker.copy.people[name], kind=0)[0]
        for name in ("Tess", "Theo")
    )
    attacker.swap("credentials", one, other, "salt", "public", "private", "usk")


@act("put a credential with one's own keys under a colleague's name", BOOT)
def _(attacker):
    tess = attacker.copy.people["Tess"]
    lock = Lock(attacker.copy.practice_id, attacker.copy.practice_keys.pepper)
    with quick_passwords():
        made = lock.with_password(tess, new_person(), PASSWORD)
    [row] = attacker.rows("credentials", person_id=tess, kind=0)
    attacker.delete("credentials", row)
    changed = {"salt": made.salt, "public": made.public, "private": made.private, "usk": made.seed}
    attacker.put("credentials", {**row, "credential_id": made.credential_id, **changed})


@act("let two posts change keys", PEN)
def _(attacker):
    one, other = attacker.rows("posts")[:2]
    attacker.swap("posts", one, other, "public")


@act("put one's own public key in a post's place", BOOT)
def _(attacker):
    row = next(
        one
        for one in attacker.rows("posts")
        if attacker.directory.open(PostRow, one["row"], one["post_id"]).name == "on_call"
    )
    attacker.change("posts", row, public=WrapPair.generate().public)


@act("delete a post", PEN)
def _(attacker):
    attacker.delete("posts", attacker.rows("posts")[0])


@act("delete the key that somebody has of a post", PEN)
def _(attacker):
    nina = attacker.copy.people["Nina"]
    attacker.delete("post_keys", attacker.rows("post_keys", person_id=nina)[0])


@act("let the keys that two people have of posts change places", PEN)
def _(attacker):
    one, other = (
        attacker.rows("post_keys", person_id=attacker.copy.people[name])[0]
        for name in ("Nina", "Fay")
    )
    attacker.swap("post_keys", one, other, "blob")


@act("let two key holders' seats change keys", PEN)
def _(attacker):
    one, other = attacker.rows("seats")[:2]
    attacker.swap("seats", one, other, "public")


@act("add a seat of one's own", BOOT)
def _(attacker):
    seat_id = os.urandom(16)
    row = attacker.directory.seal(SeatRow(title="Friend", kind="outside", number=4), seat_id)
    given = {"seat_id": seat_id, "public": WrapPair.generate().public, "row": row}
    attacker.put("seats", {"practice_id": attacker.copy.practice_id, **given})


@act("take a law out of the practice's", BOOT)
def _(attacker):
    [row] = attacker.rows("practices")
    place = attacker.copy.practice_id
    attacker.rewrite("practices", PracticeRow, row, place, packs=("house",))


@act("let one key holder be enough", BOOT)
def _(attacker):
    [row] = attacker.rows("practices")
    attacker.rewrite("practices", PracticeRow, row, attacker.copy.practice_id, quorum=1)


# --- The ledger ---


@act("delete a line from the middle", PEN)
def _(attacker):
    attacker.delete("events", attacker.rows("events")[40])


@act("delete the last three lines", PEN)
def _(attacker):
    for row in attacker.rows("events")[-3:]:
        attacker.delete("events", row)


@act("let two lines change places", PEN)
def _(attacker):
    one, other = attacker.rows("events", subject_id=attacker.ada)[5:7]
    for row in (one, other):
        attacker.delete("events", row)
    attacker.put("events", {**one, "seq": other["seq"]})
    attacker.put("events", {**other, "seq": one["seq"]})


@act("overwrite a line with a copy of another", PEN)
def _(attacker):
    one, other = attacker.rows("events", subject_id=attacker.ada)[5:7]
    copied = {name: other[name] for name in ("leaf_hash", "stub", "body")}
    attacker.change("events", one, **copied)


@act("turn over a bit in the body of a line", PEN)
def _(attacker):
    row = attacker.rows("events", subject_id=attacker.ada)[5]
    attacker.change("events", row, body=flipped(row["body"]))


@act("turn over a bit in the stub of a line", PEN)
def _(attacker):
    row = attacker.rows("events", subject_id=attacker.ada)[5]
    attacker.change("events", row, stub=flipped(row["stub"]))


@act("turn over a bit in the hash of a line", PEN)
def _(attacker):
    row = attacker.rows("events", subject_id=attacker.ada)[5]
    attacker.change("events", row, leaf_hash=flipped(row["leaf_hash"]))


@act("put a line under another client", PEN)
def _(attacker):
    row = attacker.rows("events", subject_id=attacker.ada)[5]
    attacker.change("events", row, subject_id=attacker.otto)


@act("hide a line from the client's list", PEN)
def _(attacker):
    row = attacker.rows("events", subject_id=attacker.ada)[-1]
    attacker.change("events", row, subject_id=os.urandom(16))


@act("write a line that nobody wrote", BOOT)
def _(attacker):
    """With the directory key a stub can be made, and its hash; not the head over it."""
    row = attacker.rows("events", subject_id=attacker.ada)[5]
    leaf = flipped(attacker.leaf_of(row), at=60)
    stub = attacker.sealed_stub(row, leaf)
    attacker.change("events", row, stub=stub, leaf_hash=leaf_hash(leaf))


@act("delete the newest head", PEN)
def _(attacker):
    attacker.delete("heads", attacker.rows("heads")[-1])


@act("delete all heads", PEN)
def _(attacker):
    for row in attacker.rows("heads"):
        attacker.delete("heads", row)


@act("turn over a bit of the signature of a head", PEN)
def _(attacker):
    row = attacker.rows("heads")[-1]
    swapped = row["note"].translate(str.maketrans("AB", "BA"))
    attacker.change("heads", row, note=swapped)


@act("let a head name another epoch", PEN)
def _(attacker):
    row = attacker.rows("heads")[-1]
    attacker.change("heads", row, state=(int.from_bytes(row["state"]) - 1).to_bytes(8))


@act("put an old head back and cut the lines after it", PEN)
def _(attacker):
    """The ledger alone is set back; the rest of the practice is not."""
    for table in ("events", "heads", "subjects", "map_nodes", "tiles"):
        attacker.put_back(table, attacker.history.middle)


@act("put the state of a subject back as it was", PEN)
def _(attacker):
    attacker.put_back("subjects", attacker.history.middle, subject_id=attacker.ada)


@act("delete the state of a subject", PEN)
def _(attacker):
    [row] = attacker.rows("subjects", subject_id=attacker.ada)
    attacker.delete("subjects", row)


@act("let the states of two subjects change places", PEN)
def _(attacker):
    one, other = (
        attacker.rows("subjects", subject_id=one)[0] for one in (attacker.ada, attacker.otto)
    )
    attacker.swap("subjects", one, other, "row")


@act("turn over a bit in every node of the map", PEN)
def _(attacker):
    for row in attacker.rows("map_nodes"):
        attacker.change("map_nodes", row, node=flipped(row["node"]))


@act("turn over a bit in one node of the map", PEN)
def _(attacker):
    row = attacker.rows("map_nodes")[-1]
    attacker.change("map_nodes", row, node=flipped(row["node"]))


@act("delete a tile", PEN)
def _(attacker):
    attacker.delete("tiles", attacker.rows("tiles")[0])


@act("turn over a bit of a tile", PEN)
def _(attacker):
    row = attacker.rows("tiles")[0]
    attacker.change("tiles", row, hashes=flipped(row["hashes"], at=100))


@act("put the whole database back as it was", PEN)
def _(attacker):
    attacker.put_back_everything(attacker.history.middle)


@act("write another history from an old copy on", ALL)
def _(attacker):
    """Whoever holds every key of the server signs what he likes."""
    attacker.put_back_everything(attacker.history.early)
    with attacker.copy.opened() as practice:
        for _ in range(200):
            practice.look("Theo", attacker.otto)
        practice.vault.ledger.checkpoint(AT)


# --- The files themselves ---


@act("turn over a bit of the keyset", PEN)
def _(attacker):
    path = Path(attacker.copy.folder / "keyset")
    path.write_bytes(flipped(path.read_bytes()))


@act("have the database run something by itself", PEN)
def _(attacker):
    attacker.database.execute(
        "CREATE TRIGGER quiet AFTER INSERT ON events "
        "BEGIN DELETE FROM events WHERE seq = new.seq; END"
    )


@act("let a table be a view of another", PEN)
def _(attacker):
    attacker.database.execute("ALTER TABLE ties RENAME TO ties_kept")
    attacker.database.execute("CREATE VIEW ties AS SELECT * FROM ties_kept LIMIT 0")


@act("say that the tables are of a later release", PEN)
def _(attacker):
    attacker.database.execute("PRAGMA user_version = 9999")


@act("write noise into the middle of the file", PEN)
def _(attacker):
    attacker.database.close()
    path = attacker.copy.database
    content = bytearray(path.read_bytes())
    for page in range(len(content) // 8192, len(content) // 4096 - 1):
        content[page * 4096 : page * 4096 + 64] = os.urandom(64)
    path.write_bytes(content)
