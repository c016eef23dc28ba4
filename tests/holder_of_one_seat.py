"""What somebody can open who has stolen nearly everything: counted, thing by thing."""

import contextlib
import itertools
import json

import msgspec

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import packed
from angerona.ciphers.rows import open_row
from angerona.ciphers.shamir import combine
from angerona.ciphers.suites import key_id
from angerona.ciphers.wraps import WrapPair, unwrap
from angerona.errors import Sealed, Tampered
from angerona.ledger.lines import LINE_BYTES_MIN
from angerona.sealed.client_keys import check
from angerona.sealed.key_holders import _context, _info
from angerona.sealed.rows import ShareRow
from angerona.sealed.wraps import Wrap, unwrapped
from prepared_practice import AT

HEAD_BYTES = 64
"""Within these an entry names the key it is sealed under."""


def sealed_under(blob, keys):
    """Whether an entry names one of these keys."""
    return any(key_id(key) in blob[:HEAD_BYTES] for key in keys)


def everything_tried(thief, seat):
    """One seat's paper, the boot secret, and the whole of both sets, restored."""
    vault = thief.vault
    pair, practice = WrapPair.from_seed(seat.secret), {"practice_id": vault.practice_id}
    found = {"names": set(), "words": 0, "own shares": 0, "others' shares": 0, "keys": 0}
    at_hand = {seat.secret, thief.boot.revealed(), *keys_of(thief.boot, vault.practice_id)}
    for client_id, _, _ in vault.store.rows("clients.all", **practice):
        authority = vault.authority(client_id)
        found["names"].add(authority.client.name)
        at_hand.add(vault.event_keys.of(client_id).key)
        shares = own_shares(vault, authority, pair, seat, found)
        at_hand.update(share[:32] for share in shares.values())
        found["keys"] += keys_from(vault, authority, shares)
        found["keys"] += keys_wrapped(vault, authority, pair)
        for row in vault.store.rows("entries.of_client", client_id=client_id, **practice):
            found["words"] += sealed_under(row[-1], at_hand)
    return found


def own_shares(vault, authority, pair, seat, found):
    """Every share tried with one seat's key: (name, generation) to what came out."""
    opened, whose = {}, authority.whose(vault.practice_id)
    place = {"practice_id": vault.practice_id, "client_id": authority.client_id}
    for share_id, seat_id, epoch, blob in vault.store.rows("shares.of_client", **place):
        where = (authority.client_id, seat_id, share_id)
        row = vault.keyset.vault(epoch).open(ShareRow, blob, *where)
        with contextlib.suppress(Sealed):
            info = _info(whose, row.name, row.generation, seat_id)
            opened[row.name, row.generation] = unwrap(pair, info, row.message)
            found["own shares" if seat_id == seat.seat_id else "others' shares"] += 1
    return opened


def keys_from(vault, authority, shares):
    """How many keys come out of one share of each, however often it is given."""
    whose, count = authority.whose(vault.practice_id), 0
    for (name, generation), share in shares.items():
        for needed, given in itertools.product((1, 2), ([share], [share, share])):
            with contextlib.suppress(Sealed, Tampered, ValueError):
                key = combine(given, needed, _context(whose, name, generation))
                check(whose, authority.sheet, name, generation, key)
                count += 1
        with contextlib.suppress(Sealed, Tampered):
            check(whose, authority.sheet, name, generation, share[:32])
            count += 1
    return count


def keys_wrapped(vault, authority, pair):
    """How many wraps open with the seat's key."""
    count, client_id = 0, authority.client_id
    place = {"practice_id": vault.practice_id, "client_id": client_id}
    for one, recipient, epoch, blob in vault.store.rows("wraps.of_client", **place):
        stored = Wrap(one, client_id, recipient, epoch, blob)
        with contextlib.suppress(Sealed, Tampered):
            whose = authority.whose(vault.practice_id)
            count += len(unwrapped(vault.keyset, whose, authority.sheet, pair, stored, AT))
    return count


def keys_of(boot, practice_id):
    keys = boot.derived(practice_id)
    return [keys.directory, keys.pepper, keys.wrap_vault, keys.log_key]


def content_tried(folder, boot, practice_id, clients):
    """The content set and the boot secret, without the keyset."""
    keys = keys_of(boot, practice_id)
    found = {"lines of clients": 0, "lines of the practice": 0, "entries": 0}
    for _, _, event_id, subject_id, _, _, body in rows_in(folder, "events"):
        key = derived(keys[0], "angerona/event-key/v1", subject_id)
        whose = "lines of clients" if subject_id in clients else "lines of the practice"
        with contextlib.suppress(Sealed):
            context = packed("angerona/event/v1", practice_id, subject_id, event_id)
            open_row(key, context, body, least=LINE_BYTES_MIN)
            found[whose] += 1
    for row in rows_in(folder, "entries"):
        found["entries"] += sealed_under(row[-1], keys)
    return found


def rows_in(folder, name):
    """The rows of a file of the content set, read by hand."""
    manifest = json.loads((folder / "manifest.json").read_text())
    assert name in {one["table"] for one in manifest["tables"]}
    text, rows = (folder / f"{name}.rows").read_bytes(), []
    while text:
        size = int.from_bytes(text[:4], "big")
        rows.append(msgspec.msgpack.decode(text[4 : 4 + size]))
        text = text[4 + size :]
    return rows
