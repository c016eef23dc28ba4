"""Write the frozen vectors of the formats of `angerona.ciphers`: tests/vectors/ciphers.json.

Made once and kept: what was sealed under a format must open for as long as the format lives, so a
vector is never made anew. The script refuses to overwrite the file; for a new version of a format,
add new vectors beside the old ones. Keys are `00 01 02 ..`; where a format takes chance (salts,
shares, encapsulation), it was drawn when the vector was made.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest, packed
from angerona.ciphers.entries import seal_entry, seal_stream
from angerona.ciphers.padding import padded, padme
from angerona.ciphers.passwords import stretched
from angerona.ciphers.recovery import to_words, written_code
from angerona.ciphers.rows import seal_row
from angerona.ciphers.shamir import split
from angerona.ciphers.signing import Signer
from angerona.ciphers.suites import key_id
from angerona.ciphers.wraps import WrapPair, fingerprint, wrap

if TYPE_CHECKING:
    from angerona.ciphers.encoding import Field

VECTORS = Path(__file__).parent.parent / "tests" / "vectors" / "ciphers.json"
KEY = bytes(range(32))
CONTEXT = b"context"
TEXT = "Frozen: täglich.".encode()
LISTS: list[list[Field]] = [[], [b""], ["", 0], [b"\x00\xff", "né", 258, 2**64 - 1]]


def main() -> None:
    """Make every vector and write them."""
    vectors = _encoded() | _sealed() | _people()
    with VECTORS.open("x", encoding="utf-8") as file:
        json.dump(vectors, file, indent=1, ensure_ascii=False)
        file.write("\n")


def _encoded() -> dict[str, object]:
    """What is encoded, derived and padded."""
    return {
        "packed": [
            {
                "domain": "angerona/frozen/v1",
                "fields": [one.hex() if isinstance(one, bytes) else one for one in fields],
                "kinds": "".join(type(one).__name__[0] for one in fields),
                "packed": packed("angerona/frozen/v1", *fields).hex(),
                "digest": digest("angerona/frozen/v1", *fields).hex(),
                "derived": derived(KEY, "angerona/frozen/v1", *fields, length=48).hex(),
            }
            for fields in LISTS
        ],
        "key_id": key_id(KEY).hex(),
        "padded": {"text": TEXT.hex(), "block": padded(TEXT).hex()},
        "padme": [[size, padme(size)] for size in (0, 1, 9, 513, 100_000, 10**6, 2**30 - 1)],
    }


def _sealed() -> dict[str, object]:
    """What is sealed: all of it opens to `text`."""
    pair = WrapPair.from_seed(KEY)
    stream = io.BytesIO()
    seal_stream(KEY, CONTEXT, io.BytesIO(TEXT), stream)
    return {
        "text": TEXT.hex(),
        "entry": seal_entry(KEY, CONTEXT, TEXT).hex(),
        "stream": stream.getvalue().hex(),
        "row": seal_row(KEY, CONTEXT, TEXT).hex(),
        "bare_row": seal_row(KEY, CONTEXT, TEXT, pad=False).hex(),
        "wrap": wrap(pair.public, CONTEXT, TEXT).hex(),
        "wrap_public": pair.public.hex(),
        "fingerprint": fingerprint(pair.public).hex(),
    }


def _people() -> dict[str, object]:
    """What belongs to a person: signatures, passwords, codes, words, shares."""
    signer = Signer.from_seed(KEY)
    return {
        "signer": {
            "ed25519": signer.public.ed25519.hex(),
            "mldsa44": signer.public.mldsa44.hex(),
            "signature": signer.sign(TEXT).hex(),
        },
        "stretched": stretched("pässword", KEY[:16], KEY).hex(),
        "codes": [[code.hex(), written_code(code)] for code in (bytes(20), KEY[:20], b"\xff" * 20)],
        "words": to_words(KEY),
        "shares": [share.hex() for share in split(KEY, 3, 5, CONTEXT)],
    }


if __name__ == "__main__":
    main()
