"""A packet as a file that can be checked: its signed JSON, and the checking of either form.

```
{"format": "angerona-packet-1",
 "manifest": {facts of the packet, hash and length of each text and part, what set the pages},
 "condition": text, "statements": [text], "parts": [{...}],
 "signed_by": {"ed25519": base64, "mldsa44": base64}, "signature": base64}
```

Signed is `packed("angerona/packet/v1", canonical(manifest))`, with both keys of the practice.
Canonical JSON: UTF-8, keys in order, no spaces, no escapes but those JSON demands, no fractions. A
part's hash is the SHA-256 of its canonical JSON, a text's that of its UTF-8. Two signings of one
packet differ, because an ML-DSA signature does; pages made from one signed packet do not.

The PDF carries the same JSON within itself, so that one file can be checked.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Final

from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.signing import Signer, SignerPublic, verify
from angerona.errors import BadInput, Forged, one_of
from angerona.notices import typesetting
from angerona.notices.packets import Packet, Part, Reason, Statement

FORMAT: Final = "angerona-packet-1"
DOMAIN: Final = "angerona/packet/v1"
PAPERS: Final = ("a4", "us-letter")
FILE_BYTES_MAX: Final = 25_000_000
_PLACE: Final = "packet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedPacket:
    """A packet with the practice's signature.

    `paper` and `set_by` say how its pages are made; `public` is the key that signed. One that was
    read from a file has been checked only if `verify_json` returned it.
    """

    packet: Packet
    paper: str
    set_by: str
    public: SignerPublic
    signature: bytes

    @property
    def manifest(self) -> bytes:
        """The bytes that are signed, less the domain."""
        return canonical(_manifest(self.packet, self.paper, self.set_by))

    @property
    def digest(self) -> bytes:
        """SHA-256 of the manifest: 32 bytes that name this packet, for the ledger."""
        return hashlib.sha256(self.manifest).digest()

    def as_json(self) -> bytes:
        """The JSON form, canonical."""
        packet = self.packet
        return canonical(
            {
                "format": FORMAT,
                "manifest": _manifest(packet, self.paper, self.set_by),
                "condition": packet.condition,
                "statements": [one.text for one in packet.statements],
                "parts": [_part(one) for one in packet.parts],
                "signed_by": {
                    "ed25519": _base64(self.public.ed25519),
                    "mldsa44": _base64(self.public.mldsa44),
                },
                "signature": _base64(self.signature),
            }
        )


def sign_packet(packet: Packet, *, signer: Signer, paper: str) -> SignedPacket:
    """The packet signed with the practice's key. `paper` is one of `PAPERS`, else `BadInput`."""
    if paper not in PAPERS:
        raise BadInput("paper", "no such paper", one_of(PAPERS, paper))
    set_by = typesetting.set_by()
    manifest = canonical(_manifest(packet, paper, set_by))
    return SignedPacket(
        packet=packet,
        paper=paper,
        set_by=set_by,
        public=signer.public,
        signature=signer.sign(packed(DOMAIN, manifest)),
    )


def produced(signed: SignedPacket) -> dict[str, object]:
    """What a packet holds, for the ledger: what names its manifest, and each part as it has it.

    A part is a list: entry and version, class, passage, length in bytes, SHA-256.
    """
    parts = [
        [f"{part.entry_id.hex()}:{part.version}", part.of_class, part.passage, *hashed.values()]
        for part in signed.packet.parts
        for hashed in [_hashed(canonical(_part(part)))]
    ]
    return {"manifest": signed.digest.hex(), "parts": parts}


def fingerprint(public: SignerPublic) -> bytes:
    """32 bytes that stand for a practice's signing key; what people compare."""
    return digest("angerona/signer/v1", public.ed25519, public.mldsa44)


def verify_json(data: bytes, *, key: bytes) -> SignedPacket:
    """Read the JSON form of a packet and check all of it against the fingerprint `key`.

    1. It is JSON of the right shape, within its bounds.
    2. It names the key that was expected.
    3. That key signed the manifest.
    4. Each text and each part is the one in the manifest.
    5. It holds nothing else.

    Raises `BadInput` at step 1 and `Forged` after it; neither repeats a word of the packet.
    """
    # Step 1.
    raw = _read(data)
    signed = _signed(raw)
    # Step 2.
    if fingerprint(signed.public) != key:
        raise Forged("the packet is signed with another key than the one you expect")
    # Step 3. What is read is signed, not what is made of it: nothing is believed before this.
    verify(signed.public, packed(DOMAIN, canonical(raw["manifest"])), signed.signature)
    # Step 4.
    _check_contents(raw, _manifest(signed.packet, signed.paper, signed.set_by))
    # Step 5.
    if canonical(raw) != signed.as_json():
        raise Forged("the packet holds something that was not signed")
    return signed


def canonical(value: object) -> bytes:
    """Canonical JSON of texts, whole numbers, lists and tables. `BadInput` for lone surrogates."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise BadInput(_PLACE, "holds text that is not Unicode") from None


def _manifest(packet: Packet, paper: str, set_by: str) -> dict[str, object]:
    return {
        "packet": packet.packet_id.hex(),
        "practice": packet.practice,
        "prepared_at": packet.prepared_at.isoformat(),
        "prepared_by": packet.prepared_by,
        "to": packet.to,
        "name": packet.name,
        "reference": packet.reference,
        "purpose": packet.purpose,
        "grounds": [{"title": one.title, "cite": one.cite} for one in packet.grounds],
        "scopes": dict(packet.scopes),
        "condition": _hashed(packet.condition.encode()),
        "statements": [
            {"duty": one.duty, "cite": one.cite, **_hashed(one.text.encode())}
            for one in packet.statements
        ],
        "parts": [
            {"class": one.of_class, "passage": one.passage, **_hashed(canonical(_part(one)))}
            for one in packet.parts
        ],
        "pages": {"paper": paper, "set_by": set_by},
        **({"in_camera": True} if packet.in_camera else {}),
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "class": part.of_class,
        "passage": part.passage,
        "heading": part.heading,
        "written_at": part.written_at.isoformat(),
        "author": part.author,
        "text": part.text,
        "entry": part.entry_id.hex(),
        "version": part.version,
    }


def _hashed(data: bytes) -> dict[str, object]:
    return {"length": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _read(data: bytes) -> dict[str, Any]:
    """Strict JSON: one table, bounded, no key twice."""
    if len(data) > FILE_BYTES_MAX:
        raise BadInput(_PLACE, "too large", f"at most {FILE_BYTES_MAX} bytes")
    try:
        raw = json.loads(data.decode(), object_pairs_hook=_once)
        canonical(raw)  # what cannot be written again, because it nests too deep, is not read
    except (ValueError, RecursionError):
        raise BadInput(_PLACE, "not JSON", "a packet as this product writes it") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise BadInput(_PLACE, "not a packet", f"JSON of the format {FORMAT}")
    return raw


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A table, unless a key stands in it twice: two readers could then read two things."""
    table = dict(pairs)
    if len(table) != len(pairs):
        raise BadInput(_PLACE, "a key stands twice in one table")
    return table


def _signed(raw: dict[str, Any]) -> SignedPacket:
    """What the file claims to be. That nothing was bent in the reading is step 5's to show."""
    try:
        manifest, public = raw["manifest"], raw["signed_by"]
        return SignedPacket(
            packet=_packet(raw, manifest),
            paper=_text(manifest["pages"]["paper"]),
            set_by=_text(manifest["pages"]["set_by"]),
            public=SignerPublic(_bytes(public["ed25519"]), _bytes(public["mldsa44"])),
            signature=_bytes(raw["signature"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadInput(_PLACE, "not whole, or of another shape") from None


def _packet(raw: dict[str, Any], manifest: dict[str, Any]) -> Packet:
    statements = [
        Statement(duty=_text(one["duty"]), cite=_text(one["cite"]), text=_text(text))
        for one, text in zip(manifest["statements"], raw["statements"], strict=True)
    ]
    return Packet(
        packet_id=bytes.fromhex(manifest["packet"]),
        practice=_text(manifest["practice"]),
        prepared_at=datetime.datetime.fromisoformat(manifest["prepared_at"]),
        prepared_by=_text(manifest["prepared_by"]),
        to=_text(manifest["to"]),
        name=_text(manifest["name"]),
        reference=_text(manifest["reference"]),
        purpose=_text(manifest["purpose"]),
        grounds=tuple(
            Reason(title=_text(one["title"]), cite=_text(one["cite"]))
            for one in manifest["grounds"]
        ),
        condition=_text(raw["condition"]),
        statements=tuple(statements),
        scopes=tuple(sorted((item, _text(how)) for item, how in manifest["scopes"].items())),
        parts=tuple(_part_of(one) for one in raw["parts"]),
        in_camera=manifest.get("in_camera") is True,
    )


def _part_of(raw: dict[str, Any]) -> Part:
    return Part(
        of_class=_text(raw["class"]),
        passage=_text(raw["passage"]),
        heading=_text(raw["heading"]),
        written_at=datetime.datetime.fromisoformat(raw["written_at"]),
        author=_text(raw["author"]),
        text=_text(raw["text"]),
        entry_id=bytes.fromhex(raw["entry"]),
        version=_whole(raw["version"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _bytes(value: object) -> bytes:
    return base64.b64decode(_text(value), validate=True)


def _check_contents(raw: dict[str, Any], found: dict[str, Any]) -> None:
    """Step 4: the hashes that were signed against those of what is there."""
    signed = raw["manifest"]
    if signed["condition"] != found["condition"]:
        raise Forged("the terms are not those that were signed")
    _check_each("statement", signed["statements"], found["statements"])
    _check_each("part", signed["parts"], found["parts"])


def _check_each(kind: str, signed: list[object], found: list[object]) -> None:
    if len(signed) != len(found):
        raise Forged(f"{len(signed)} {kind}s were signed, and {len(found)} are here")
    for number, (one, other) in enumerate(zip(signed, found, strict=True), 1):
        if one != other:
            raise Forged(f"{kind} {number} is not the one that was signed")
