"""What a practice stores and hands out, frozen: docs/FORMATS.md in the bytes of one day.

`scripts/freeze_sealed.py` says how the vectors were made. A red test here means that a stored
format changed: what was sealed before would never open again. Then a new domain is needed, and new
vectors beside the old ones, never others in their place.
"""

import base64
import datetime
import hmac
import io
import json
from hashlib import sha256
from types import SimpleNamespace

import msgspec
import pytest

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.entries import open_stream
from angerona.ciphers.padding import unpadded
from angerona.ciphers.rows import open_row
from angerona.ciphers.signing import verify
from angerona.ciphers.suites import SealingKey
from angerona.ciphers.wraps import WrapPair, unwrap
from angerona.gate import emergency
from angerona.ledger.leaves import EventLeaf
from angerona.ledger.lines import LINE_BYTES_MIN, opened
from angerona.ledger.shelf import Shelf
from angerona.ledger.states import Standing
from angerona.ledger.verifying import leaf_hash
from angerona.practice.openings import read_contribution
from angerona.practice.upkeep import UpkeepRow
from angerona.sealed import attachments, holding, rows
from angerona.sealed.authority import StoredAuthority, authority_digest, erased_digest
from angerona.sealed.boot import BootSecret
from angerona.sealed.client_keys import (
    CLIENT_KEY,
    SheetRow,
    Whose,
    at_generation,
    check,
    compartment_keys,
    deposit_pair,
)
from angerona.sealed.compartments import process_compartment
from angerona.sealed.entries import (
    NONE_YET,
    EntryKey,
    EntryPlace,
    is_deposited,
    link,
    opened_entry,
    row_digest,
    taken_up,
)
from angerona.sealed.event_keys import EventKeyRow
from angerona.sealed.held_lines import HeldRow
from angerona.sealed.keepers.reading import secret_from
from angerona.sealed.key_holders import RequestRow, Share, contributed, reassembled
from angerona.sealed.keyset import Keyset
from angerona.sealed.people import Credential, Lock, PersonKeys
from angerona.sealed.vault import person_digest, practice_digest
from angerona.sealed.wraps import Wrap, unwrapped

KEY = bytes(range(32))
PRACTICE, CLIENT, PERSON, OTHER = KEY[:16], b"c" * 16, b"p" * 16, b"o" * 16
WHOSE = Whose(PRACTICE, CLIENT, b"l" * 32)
AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
LATER = AT + datetime.timedelta(days=2)
SEATS = [bytes((number,)) * 32 for number in (1, 2, 3)]
KINDS = {
    kind.domain: kind
    for kind in (
        *(one for one in vars(rows).values() if isinstance(one, type) and one.__name__ != "Row"),
        EventKeyRow,
        HeldRow,
        UpkeepRow,
    )
    if getattr(kind, "domain", "")
}


def from_hex(value):
    """The same structure with texts of hexadecimal digits read as bytes."""
    if isinstance(value, dict):
        return {name: from_hex(one) for name, one in value.items()}
    if isinstance(value, list):
        return [from_hex(one) for one in value]
    return bytes.fromhex(value)


@pytest.fixture(scope="module")
def frozen(root):
    return json.loads((root / "tests" / "vectors" / "sealed.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def keys():
    return BootSecret(KEY).derived(PRACTICE)


@pytest.fixture(scope="module")
def keyset(frozen, keys, tmp_path_factory):
    path = tmp_path_factory.mktemp("frozen") / "keyset"
    path.write_bytes(bytes.fromhex(frozen["keyset"]["file"]))
    return Keyset.load(path, PRACTICE, keys)


@pytest.fixture(scope="module")
def directory(keys):
    return rows.Directory(keys.directory, PRACTICE)


@pytest.fixture(scope="module")
def sheet(frozen, directory):
    return directory.open(SheetRow, bytes.fromhex(frozen["record"]["sheet"]), CLIENT)


def test_the_keys_of_a_practice(frozen, keys):
    names = ("directory", "pepper", "wrap_vault", "log_key")
    assert {name: getattr(keys, name).hex() for name in names} == frozen["keys"]


def test_the_keyset(frozen, keyset):
    told = frozen["keyset"]
    assert keyset.epochs == (told["epoch"],)
    assert keyset.signer().public.ed25519.hex() == told["ed25519"]
    assert keyset.event_key_of(PRACTICE).hex() == told["event_key"]


def test_the_shares_of_a_recovery_kit(frozen):
    first, second, third = frozen["kit"]
    for two in ((first, second), (third, first), (second, third)):
        assert secret_from(two, None).revealed() == KEY


def test_a_row_of_each_kind(frozen, directory, keyset):
    told = {one["domain"]: one for one in frozen["rows"]}
    assert set(KINDS) - set(told) == {"angerona/row/wrap/v1", "angerona/row/share/v1"}
    for domain, one in told.items():
        sealer = keyset.vault(keyset.newest) if KINDS[domain] is EventKeyRow else directory
        row = sealer.open(
            KINDS[domain], bytes.fromhex(one["blob"]), *map(bytes.fromhex, one["ids"])
        )
        told = msgspec.json.encode(one["row"])  # a field that came later has its default
        assert row == msgspec.json.decode(told, type=KINDS[domain])


def test_credentials_of_each_kind(frozen, keys):
    lock = Lock(PRACTICE, keys.pepper)
    assert PersonKeys(KEY).public.stored.hex() == frozen["credentials"]["public_keys"]
    for kind, opens, read in (
        ("password", lock.open_with_password, str),
        ("passkey", lock.open_with_passkey, bytes.fromhex),
        ("recovery", lock.open_with_recovery_code, str),
    ):
        told = frozen["credentials"][kind]
        stored = {name: bytes.fromhex(one) for name, one in told.items() if name != "given"}
        credential = Credential(person_id=PERSON, kind=kind, **stored)
        assert opens(credential, read(told["given"])).seed == KEY


def test_the_keys_of_a_record_and_their_chain(frozen, sheet):
    told = from_hex({name: one for name, one in frozen["record"].items() if name != "sheet"})
    for generation, name in ((1, "first"), (2, "second")):
        client_key = told["clients"][generation - 1]
        check(WHOSE, sheet, CLIENT_KEY, generation, client_key)
        assert compartment_keys(WHOSE, client_key, generation) == told[name]
    for name, key in told["second"].items():
        assert at_generation(WHOSE, sheet, name, 1, (2, key)) == told["first"][name]
    check(WHOSE, sheet, process_compartment(PERSON), 1, told["process"])
    for name, public in sheet.deposits.items():
        assert deposit_pair(told["second"][name]).public == public


def test_a_wrap(frozen, keyset, sheet):
    told = from_hex(frozen["wrap"])
    stored = Wrap(told["id"], CLIENT, PERSON, keyset.newest, told["blob"])
    given = unwrapped(keyset, WHOSE, sheet, WrapPair(KEY), stored, AT)
    second = from_hex(frozen["record"]["second"])
    assert given == {name: (2, second[name]) for name in ("identity", "risk")}
    assert unwrapped(keyset, WHOSE, sheet, WrapPair(KEY), stored, LATER) == {}


def test_the_seed_of_a_post_and_a_reason(frozen):
    info = holding.post_info(PRACTICE, OTHER, 1, PERSON)
    assert unwrap(WrapPair(KEY), info, bytes.fromhex(frozen["post"]["blob"])) == KEY
    info = packed("angerona/reason/v1", PRACTICE, CLIENT)
    text = unwrap(WrapPair(KEY), info, bytes.fromhex(frozen["reason"]["blob"]))
    assert unpadded(text).decode() == frozen["reason"]["text"]


def test_an_opening_by_quorum(frozen, directory, keyset, sheet):
    told = from_hex(frozen["opening"])
    request = directory.open(RequestRow, told["request"], OTHER)
    assert request.digest == told["digest"]
    parts = [read_contribution(one) for one in told["contributions"]]
    risk = from_hex(frozen["record"]["second"])["risk"]
    seats = [SimpleNamespace(seat_id=bytes((number,)) * 16, number=number) for number in (1, 2, 3)]
    held = {
        "practice": SimpleNamespace(row=SimpleNamespace(quorum=2), seats=seats),
        "officer": WrapPair(KEY),
    }
    for two in (parts[:2], parts[1:], parts[::2]):
        assert reassembled(WHOSE, sheet, request, two, **held) == {"risk": risk}
    pairs = [WrapPair(secret) for secret in SEATS]
    anew = [
        contributed(
            *(keyset, WHOSE, request, pair, [Share(share, CLIENT, seat, keyset.newest, blob)]),
            seat_id=seat,
        )
        for pair, (seat, share, blob) in zip(pairs, told["shares"], strict=True)
    ]
    assert reassembled(WHOSE, sheet, request, anew[1:], **held) == {"risk": risk}


def entry_key(compartment, generation, key):
    return EntryKey(
        whose=WHOSE, compartment=compartment, generation=generation, sealing=SealingKey(key)
    )


def test_entries_their_versions_and_a_deposit(frozen):
    first, second = from_hex(frozen["record"]["first"]), from_hex(frozen["record"]["second"])
    blobs = [bytes.fromhex(one["blob"]) for one in frozen["entries"]]
    held = entry_key("portal", 2, second["portal"])
    assert [is_deposited(blob) for blob in blobs] == [False, False, True]
    content, row = taken_up(held, PERSON, blobs[2])
    read = [
        opened_entry(entry_key("progress", 1, first["progress"]), OTHER, 1, NONE_YET, blobs[0]),
        opened_entry(
            entry_key("progress", 2, second["progress"]), OTHER, 2, row_digest(blobs[0]), blobs[1]
        ),
        opened_entry(content, PERSON, 1, NONE_YET, row),
    ]
    told = [{**one["text"], "of": []} for one in frozen["entries"]]  # whose words was not kept then
    assert [msgspec.json.decode(msgspec.json.encode(one)) for one in read] == told


def test_a_file_of_an_entry(frozen):
    told = from_hex(frozen["attachment"])
    context = attachments._context(WHOSE, OTHER)  # noqa: SLF001 -- the stored form itself
    opened_file = io.BytesIO()
    assert open_stream(KEY, context, io.BytesIO(told["stream"]), opened_file) == len(
        told["content"]
    )
    assert opened_file.getvalue() == told["content"]


class Given:
    """Rows as a store would give them."""

    def __init__(self, **found):
        self._found = found

    def rows(self, statement, **_place):
        return self._found[statement.replace(".", "_")]


def test_what_the_ledger_binds():
    """By hand, as docs/FORMATS.md says it."""

    def hashed(*parts):
        return [sha256(part).digest() for part in parts]

    stored = StoredAuthority(
        3, b"client", 2, b"sheet", ((b"t2", b"two"), (b"t1", b"one")), ((b"c1", b"a"),)
    )
    parts = [3, *hashed(b"client"), 2, *hashed(b"sheet"), 2, b"t1", *hashed(b"one")]
    parts += [b"t2", *hashed(b"two"), 1, b"c1", *hashed(b"a")]
    assert authority_digest(PRACTICE, CLIENT, stored) == digest(
        "angerona/authority/v1", PRACTICE, CLIENT, *parts
    )
    assert erased_digest(PRACTICE, CLIENT) == digest("angerona/erased/v1", PRACTICE, CLIENT)
    reading = Given(
        practices_by_key=[(b"row",)],
        posts_all=[(b"post", b"public", b"row")],
        seats_all=[],
        people_by_key=[(b"keys", b"row")],
        credentials_of_person=[(b"id", 2, b"salt", b"public", b"private", b"usk", b"row")],
    )
    parts = [1, *hashed(b"row"), 1, *hashed(b"post", b"public", b"row"), 0]
    assert practice_digest(reading, PRACTICE) == digest("angerona/practice/v1", PRACTICE, *parts)
    parts = [1, *hashed(b"keys", b"row"), 1, *hashed(b"id"), 2]
    parts += hashed(b"salt", b"public", b"private", b"usk", b"row")
    assert person_digest(reading, PRACTICE, PERSON) == digest(
        "angerona/person/v1", PRACTICE, PERSON, *parts
    )
    place = EntryPlace(4, OTHER, 2, 7, PERSON, KEY)
    parts = [NONE_YET, 4, OTHER, 2, 7, PERSON, KEY]
    assert link(NONE_YET, WHOSE, place) == digest(
        "angerona/entries/v1", PRACTICE, WHOSE.label, *parts
    )


def test_a_line_as_it_is_stored(frozen, keys):
    told, shelf = frozen["line"], Shelf.of(PRACTICE, keys.directory)
    leaf, stub, state = (bytes.fromhex(told[name]) for name in ("leaf", "stub", "state"))
    assert shelf.leaf(7, OTHER, leaf_hash(leaf), stub) == leaf
    standing = Standing.new(bytes.fromhex(told["label"]))
    assert shelf.read_standing(CLIENT, state).row() == standing.row()
    context = packed("angerona/event/v1", PRACTICE, CLIENT, OTHER)
    text = open_row(KEY, context, bytes.fromhex(told["envelope"]), least=LINE_BYTES_MIN)
    assert text == bytes.fromhex(told["secret"]) + told["body"].encode()
    commit = hmac.digest(bytes.fromhex(told["secret"]), told["body"].encode(), "sha256")
    assert opened(7, OTHER, EventLeaf.read(leaf)._replace(commit=commit), text).kind == "look"


def test_an_event_of_the_spool(frozen):
    vault = SimpleNamespace(practice_id=PRACTICE)
    line = base64.b64decode(frozen["spool"])
    event = msgspec.msgpack.decode(line, type=emergency._Spooled)  # noqa: SLF001 -- the stored form
    context = emergency._context(vault, CLIENT, OTHER)  # noqa: SLF001 -- the stored form
    raw = open_row(KEY, context, event.sealed, least=LINE_BYTES_MIN)
    assert (event.event_id, event.subject_id, event.person_id) == (OTHER, CLIENT, PERSON)
    assert set(json.loads(raw)) == {"by", "spooled_at"}
    signed = emergency._digest(vault, CLIENT, OTHER, raw)  # noqa: SLF001 -- the stored form
    verify(PersonKeys(KEY).signer.public, signed, event.signature)
