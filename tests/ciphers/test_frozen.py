"""Our own formats, frozen: what was once sealed opens, and what is fixed is made the same again.

`scripts/freeze_ciphers.py` says how the vectors were made. A red test here means that a stored
format changed: that takes a new suite byte or a new domain, never a new vector.
"""

import io
import json

import pytest

from angerona.ciphers import rows
from angerona.ciphers.derive import derived
from angerona.ciphers.encoding import digest, packed, unpacked
from angerona.ciphers.entries import open_entry, open_stream
from angerona.ciphers.padding import padded, padme, unpadded
from angerona.ciphers.passwords import stretched
from angerona.ciphers.recovery import from_words, read_code, to_words, written_code
from angerona.ciphers.rows import open_row
from angerona.ciphers.shamir import combine
from angerona.ciphers.signing import Signer, verify
from angerona.ciphers.suites import SealingKey, Suite, key_id
from angerona.ciphers.wraps import WrapPair, fingerprint, unwrap
from ciphers.conftest import KEY
from naive_cobblestone import naive_seal

CONTEXT = b"context"


@pytest.fixture(scope="module")
def frozen(root):
    return json.loads((root / "tests" / "vectors" / "ciphers.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def text(frozen):
    return bytes.fromhex(frozen["text"])


def test_encodings(frozen):
    assert len(frozen["packed"]) == 4
    for one in frozen["packed"]:
        domain = one["domain"]
        pairs = zip(one["fields"], one["kinds"], strict=True)
        fields = tuple(bytes.fromhex(field) if kind == "b" else field for field, kind in pairs)
        assert packed(domain, *fields).hex() == one["packed"]
        assert unpacked(domain, bytes.fromhex(one["packed"])) == fields
        assert digest(domain, *fields).hex() == one["digest"]
        assert derived(KEY, domain, *fields, length=48).hex() == one["derived"]
    assert key_id(KEY).hex() == frozen["key_id"]


def test_padding(frozen):
    text, block = (bytes.fromhex(frozen["padded"][name]) for name in ("text", "block"))
    assert padded(text) == block
    assert unpadded(block) == text
    for size, whole in frozen["padme"]:
        assert padme(size) == whole


def test_an_entry(frozen, text):
    blob = bytes.fromhex(frozen["entry"])
    assert open_entry(KEY, CONTEXT, blob) == text
    context = packed("angerona/entry/v1", blob[:9], CONTEXT)
    assert blob[:9] + naive_seal(KEY, context, blob[9:33], padded(text)) == blob


def test_an_attachment(frozen, text):
    blob, target = bytes.fromhex(frozen["stream"]), io.BytesIO()
    assert open_stream(KEY, CONTEXT, io.BytesIO(blob), target) == len(text)
    assert target.getvalue() == text
    context = packed("angerona/stream/v1", blob[:9], CONTEXT)
    inside = (len(text).to_bytes(8, "big") + text).ljust(512, b"\0")
    assert blob[:9] + naive_seal(KEY, context, blob[9:33], inside) == blob


@pytest.mark.parametrize(("name", "suite"), [("row", Suite.ROW), ("bare_row", Suite.BARE_ROW)])
def test_a_row(frozen, text, name, suite):
    blob = bytes.fromhex(frozen[name])
    assert open_row(KEY, CONTEXT, blob) == text
    block = padded(text) if suite is Suite.ROW else text
    again = rows._sealed(SealingKey(KEY), suite, CONTEXT, block, blob[9:41])  # noqa: SLF001 -- fixes the salt
    assert again == blob


def test_a_wrap(frozen, text):
    pair = WrapPair.from_seed(KEY)
    assert pair.public.hex() == frozen["wrap_public"]
    assert fingerprint(pair.public).hex() == frozen["fingerprint"]
    assert unwrap(pair, CONTEXT, bytes.fromhex(frozen["wrap"])) == text


def test_signatures(frozen, text):
    signer, kept = Signer.from_seed(KEY), frozen["signer"]
    assert signer.public.ed25519.hex() == kept["ed25519"]
    assert signer.public.mldsa44.hex() == kept["mldsa44"]
    assert signer.sign_ed25519(text).hex() == kept["signature"][:128]
    verify(signer.public, text, bytes.fromhex(kept["signature"]))


def test_passwords_codes_and_words(frozen):
    assert stretched("pässword", KEY[:16], KEY).hex() == frozen["stretched"]
    for secret, code in frozen["codes"]:
        assert written_code(bytes.fromhex(secret)) == code
        assert read_code(code).hex() == secret
    assert to_words(KEY) == frozen["words"]
    assert from_words(frozen["words"]) == KEY


def test_shares(frozen):
    shares = [bytes.fromhex(share) for share in frozen["shares"]]
    for first in range(3):
        assert combine(shares[first : first + 3], 3, CONTEXT) == KEY
    assert combine(shares, 3, CONTEXT) == KEY
