"""Write the frozen vectors of what a practice stores and hands out: tests/vectors/sealed.json.

Made once and kept, like those of the ciphers (`freeze_ciphers.py`): the script refuses to overwrite
the file, and a new version of a format gets new vectors beside the old ones. The boot secret and
every seed that is not chance is `00 01 02 .. 1f`. A packet is written beside it, as a file of its
own: tests/vectors/packet.json.
"""

from __future__ import annotations

import base64
import datetime
import io
import json
import os
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import msgspec

from angerona.ciphers.encoding import packed
from angerona.ciphers.entries import seal_stream
from angerona.ciphers.padding import padded
from angerona.ciphers.rows import seal_row
from angerona.ciphers.signing import Signer
from angerona.ciphers.suites import SealingKey
from angerona.ciphers.wraps import WrapPair, wrap
from angerona.gate import emergency
from angerona.ledger.leaves import EventLeaf
from angerona.ledger.lines import LINE_BYTES_MIN, Line, body_of
from angerona.ledger.shelf import Shelf
from angerona.ledger.states import Standing
from angerona.notices.packet_files import sign_packet
from angerona.notices.packets import Packet, Part, Reason, Statement
from angerona.practice.openings import contribution_file
from angerona.practice.upkeep import UpkeepRow
from angerona.sealed import attachments, holding
from angerona.sealed.boot import BootSecret
from angerona.sealed.client_keys import CLIENT_KEY, SheetRow, Whose, new_keys, rotated, with_own_key
from angerona.sealed.compartments import process_compartment
from angerona.sealed.entries import (
    NONE_YET,
    EntryKey,
    EntryText,
    deposited_entry,
    row_digest,
    sealed_entry,
)
from angerona.sealed.event_keys import EventKeyRow
from angerona.sealed.held_lines import HeldRow
from angerona.sealed.key_holders import RequestRow, Seat, contributed, seed_info, shared_out
from angerona.sealed.keyset import Keyset, epoch_of
from angerona.sealed.kit import kit_shares
from angerona.sealed.people import Lock, PersonKeys
from angerona.sealed.rows import (
    ClientRow,
    ConsentRow,
    CredentialRow,
    Directory,
    PersonRow,
    PostRow,
    PracticeRow,
    SeatRow,
    TieRow,
)
from angerona.sealed.wraps import Grant, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping

VECTORS = Path(__file__).parent.parent / "tests" / "vectors"
KEY = bytes(range(32))
PRACTICE, CLIENT, PERSON, OTHER = KEY[:16], b"c" * 16, b"p" * 16, b"o" * 16
WHOSE = Whose(PRACTICE, CLIENT, b"l" * 32)
AT = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
LATER = AT + datetime.timedelta(days=2)
PASSWORD = "pässword of a test"  # noqa: S105 -- of nobody
SEATS = tuple(bytes((number,)) * 32 for number in (1, 2, 3))
REASON = "A reason, frozen."


def main() -> None:
    """Make every vector and write them."""
    keys = BootSecret(KEY).derived(PRACTICE)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "keyset"
        keyset = Keyset.found(path, PRACTICE, keys, AT)
        text = path.read_bytes()
    directory = Directory(keys.directory, PRACTICE)
    vectors: dict[str, Any] = {
        "keys": {name: getattr(keys, name).hex() for name in keys.__slots__},
        "keyset": {
            "file": text.hex(),
            "epoch": epoch_of(AT),
            "ed25519": keyset.signer().public.ed25519.hex(),
            "event_key": keyset.event_key_of(PRACTICE).hex(),
        },
        "rows": [_row(*one) for one in _rows(directory, keyset)],
        "credentials": _credentials(Lock(PRACTICE, keys.pepper)),
    }
    vectors |= _record(directory, keyset) | _lines(keys.directory)
    vectors["kit"] = [share.words for share in kit_shares(BootSecret(KEY), 2, 3)]
    _write("sealed.json", json.dumps(vectors, indent=1, ensure_ascii=False) + "\n")
    _write("packet.json", _packet())


def _write(name: str, text: str) -> None:
    with (VECTORS / name).open("x", encoding="utf-8") as file:
        file.write(text)


def _plain(value: object) -> Any:  # noqa: ANN401 -- JSON is what it is
    return msgspec.json.decode(msgspec.json.encode(value))


def _row(directory: Directory, row: Any, *ids: bytes) -> dict[str, object]:  # noqa: ANN401 -- of any kind
    return {
        "domain": row.domain,
        "ids": [one.hex() for one in ids],
        "row": _plain(row),
        "blob": directory.seal(row, *ids).hex(),
    }


def _rows(directory: Directory, keyset: Keyset) -> list[tuple[Any, ...]]:
    """One of each kind that stands alone."""
    practice = PracticeRow(
        name="Ferry Street",
        place="US-CA",
        packs=("house",),
        label=KEY,
        origin="angerona.invalid/00",
        quorum=2,
        founded=AT,
    )
    person = PersonRow(
        name="Ines", label=KEY, roles=("psychologist",), posts=("on_call",), since=AT
    )
    client = ClientRow(
        name="Ada", label=KEY, since=AT, contact={"born": "1990-01-01"}, facts={"client.age": 36}
    )
    tie = TieRow(person_id=PERSON, relation="treating", since=AT, until=None, by=PERSON)
    held = HeldRow(client_id=CLIENT, kind="disclosure", body=b"{}", at=AT, until=LATER)
    return [
        (directory, practice, PRACTICE),
        (directory, person, PERSON),
        (directory, PostRow(name="on_call", generation=1), OTHER),
        (directory, CredentialRow(kind="password", title="password", since=AT), PERSON, OTHER),
        (directory, client, CLIENT),
        (directory, tie, CLIENT, OTHER),
        (directory, ConsentRow(document=b"{}", kept=AT, by=PERSON), CLIENT, OTHER),
        (directory, SeatRow(title="A safe", kind="paper", number=1, age="age1"), OTHER),
        (directory, UpkeepRow(day=AT.date()), b"upkeep"),
        (directory, held, OTHER),
        (keyset.vault(keyset.newest), EventKeyRow(key=KEY), CLIENT),
    ]


def _credentials(lock: Lock) -> dict[str, object]:
    keys = PersonKeys(KEY)
    recovery, code = lock.with_recovery_code(PERSON, keys)
    made = {
        "password": (lock.with_password(PERSON, keys, PASSWORD), PASSWORD),
        "passkey": (lock.with_passkey(PERSON, keys, KEY), KEY.hex()),
        "recovery": (recovery, code),
    }
    names = ("credential_id", "salt", "public", "private", "seed")
    return {
        kind: {"given": given, **{name: getattr(one, name).hex() for name in names}}
        for kind, (one, given) in made.items()
    } | {"public_keys": keys.public.stored.hex()}


def _record(directory: Directory, keyset: Keyset) -> dict[str, object]:
    """A record whose keys turned once, what was given of it, and what stands in it."""
    first, sheet = new_keys(WHOSE)
    second, sheet = rotated(WHOSE, sheet, first.compartments)
    own, sheet = with_own_key(WHOSE, sheet, process_compartment(PERSON))
    grant = Grant(recipient_id=PERSON, public=WrapPair(KEY).public, granter=OTHER, expires=LATER)
    given = {"risk": second.compartments["risk"], "identity": second.compartments["identity"]}
    made = wrapped(keyset, WHOSE, sheet, given, grant)
    post = SimpleNamespace(post_id=OTHER, generation=1)
    member = SimpleNamespace(person_id=PERSON, public=SimpleNamespace(wrap=WrapPair(KEY).public))
    seed = holding.wrapped_post(PRACTICE, post, KEY, member)  # type: ignore[arg-type]  # as they are used
    reason = wrap(
        WrapPair(KEY).public,
        packed("angerona/reason/v1", PRACTICE, CLIENT),
        padded(REASON.encode()),
    )
    return {
        "record": {
            "sheet": directory.seal(sheet, CLIENT).hex(),
            "clients": [first.client.hex(), second.client.hex()],
            "first": {name: key.hex() for name, key in first.compartments.items()},
            "second": {name: key.hex() for name, key in second.compartments.items()},
            "process": own.hex(),
        },
        "wrap": {"id": made.wrap_id.hex(), "blob": made.blob.hex(), "granter": OTHER.hex()},
        "post": {"blob": bytes(seed["blob"]).hex()},
        "reason": {"text": REASON, "blob": reason.hex()},
        "opening": _opening(directory, keyset, sheet, second.client),
        "entries": _entries(sheet, first.compartments["progress"], second.compartments),
        "attachment": _attachment(),
    }


def _opening(
    directory: Directory, keyset: Keyset, sheet: SheetRow, client_key: bytes
) -> dict[str, object]:
    pairs = [WrapPair(secret) for secret in SEATS]
    seats = [
        Seat(bytes((number,)) * 16, number, "", "paper", pair.public, None)
        for number, pair in enumerate(pairs, 1)
    ]
    shares = shared_out(keyset, WHOSE, sheet, {CLIENT_KEY: client_key}, seats, needed=2)
    one_time = WrapPair.generate()
    request = RequestRow(
        request_id=OTHER,
        client_id=CLIENT,
        names=("risk",),
        limit="court",
        reason=REASON,
        officer_id=PERSON,
        stated=AT,
        expires=LATER,
        public=one_time.public,
        sealed_seed=b"",
    )
    seed = wrap(WrapPair(KEY).public, seed_info(request), bytes(one_time.seed))
    request = msgspec.structs.replace(request, sealed_seed=seed)
    parts = [
        contributed(keyset, WHOSE, request, pair, [share])
        for pair, share in zip(pairs, shares, strict=True)
    ]
    return {
        "request": directory.seal(request, OTHER).hex(),
        "digest": request.digest.hex(),
        "shares": [[one.seat_id.hex(), one.share_id.hex(), one.blob.hex()] for one in shares],
        "contributions": [contribution_file(one).hex() for one in parts],
    }


def _entries(sheet: SheetRow, first: bytes, second: Mapping[str, bytes]) -> list[dict[str, object]]:
    """Two versions under two generations, and a deposit."""

    def text(wanted: str, said: str) -> EntryText:
        return EntryText(wanted=wanted, heading="", text=said, written=AT, author_name="Ines")

    def key(generation: int, key: bytes) -> EntryKey:
        return EntryKey(
            whose=WHOSE, compartment="progress", generation=generation, sealing=SealingKey(key)
        )

    said = [text("progress_note", "First."), text("progress_note", "Second.")]
    blobs = [sealed_entry(key(1, first), OTHER, 1, NONE_YET, said[0])]
    blobs += [sealed_entry(key(2, second["progress"]), OTHER, 2, row_digest(blobs[0]), said[1])]
    left = text("correspondence", "Left by the desk.")
    blobs += [deposited_entry(WHOSE, sheet, "portal", PERSON, left)]
    return [
        {"text": _plain(one), "blob": blob.hex()}
        for one, blob in zip([*said, left], blobs, strict=True)
    ]


def _attachment() -> dict[str, object]:
    context = attachments._context(WHOSE, OTHER)  # noqa: SLF001 -- the stored form itself
    stream = io.BytesIO()
    seal_stream(KEY, context, io.BytesIO(b"A file, frozen."), stream)
    return {"stream": stream.getvalue().hex(), "content": b"A file, frozen.".hex()}


def _lines(directory_key: bytes) -> dict[str, object]:
    """A line as it is stored, where a subject stands, and an event of the spool."""
    shelf = Shelf.of(PRACTICE, directory_key)
    secret, body = os.urandom(32), body_of(Line(CLIENT, "look", {"by": "Ines"}), AT)
    leaf = EventLeaf(0, WHOSE.label, 0, KEY, KEY, bytes(32)).packed()
    stub = seal_row(directory_key, shelf._stub_context(OTHER, 7), leaf, pad=False)  # noqa: SLF001 -- as stored
    standing = Standing.new(WHOSE.label)
    state = seal_row(directory_key, shelf._subject_context(CLIENT), standing.row())  # noqa: SLF001 -- as stored
    context = packed("angerona/event/v1", PRACTICE, CLIENT, OTHER)
    envelope = seal_row(KEY, context, secret + body, least=LINE_BYTES_MIN)
    return {
        "line": {
            "stub": stub.hex(),
            "leaf": leaf.hex(),
            "state": state.hex(),
            "label": WHOSE.label.hex(),
            "envelope": envelope.hex(),
            "secret": secret.hex(),
            "body": body.decode(),
        },
        "spool": _spool(),
    }


def _spool() -> str:
    vault: Any = SimpleNamespace(practice_id=PRACTICE)
    raw = msgspec.json.encode({"by": "Ines", "spooled_at": AT.isoformat()})
    context = emergency._context(vault, CLIENT, OTHER)  # noqa: SLF001 -- as stored
    sealed = seal_row(KEY, context, raw, least=LINE_BYTES_MIN)
    signed = emergency._digest(vault, CLIENT, OTHER, raw)  # noqa: SLF001 -- as stored
    signature = PersonKeys(KEY).signer.sign(signed)
    event = emergency._Spooled(OTHER, CLIENT, PERSON, sealed, signature)  # noqa: SLF001 -- as stored
    return base64.b64encode(msgspec.msgpack.encode(event)).decode()


def _packet() -> str:
    packet = Packet(
        packet_id=OTHER,
        practice="Ferry Street",
        prepared_at=AT,
        prepared_by="Ines, psychologist",
        to="insurer",
        name="Harbour Mutual",
        reference="HM-1",
        purpose="insurance",
        grounds=(Reason(title="Consent", cite="45 CFR 164.508"),),
        condition="Only for what it was asked for.",
        statements=(Statement(duty="us-part2.notice", cite="42 CFR 2.32", text="A statement."),),
        scopes=(("diagnosis", "named"),),
        parts=(
            Part(
                of_class="diagnosis",
                heading="",
                written_at=AT,
                author="Ines",
                text="F41.1, täglich",
                entry_id=OTHER,
                version=1,
            ),
        ),
    )
    return sign_packet(packet, signer=Signer(KEY), paper="a4").as_json().decode()


if __name__ == "__main__":
    main()
