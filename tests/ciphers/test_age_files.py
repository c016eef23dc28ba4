"""Age files: any age program opens them, any recipient alone, and nothing altered passes."""

import base64
import hashlib
import hmac
import io
import os
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from angerona.ciphers import age_files
from angerona.ciphers.age_files import (
    check_recipient,
    identities_in,
    identity_of_seat,
    new_identity,
    open_age,
    recipient_of,
    seal_age,
)
from angerona.ciphers.encoding import packed
from angerona.errors import BadInput, Unopenable

TEXT = b"what a key holder keeps" * 9_000


def sealed(*identities, text=TEXT):
    target = io.BytesIO()
    chunks = (text[at : at + 1_000] for at in range(0, len(text), 1_000))
    seal_age(chunks, target, [recipient_of(one) for one in identities])
    return target.getvalue()


def opened(blob, *identities):
    target = io.BytesIO()
    open_age(io.BytesIO(blob), target, identities)
    return target.getvalue()


def test_each_recipient_opens_the_file_alone_and_a_stranger_does_not():
    mine, yours, other = new_identity(), new_identity(), new_identity()
    blob = sealed(mine, yours)
    assert opened(blob, mine) == opened(blob, other, yours) == TEXT
    with pytest.raises(Unopenable):
        opened(blob, other)


def test_the_identity_of_a_seat_is_always_the_same_and_like_no_other():
    seat = os.urandom(32)
    assert identity_of_seat(seat) == identity_of_seat(seat)
    assert identity_of_seat(seat) != identity_of_seat(os.urandom(32))
    assert opened(sealed(identity_of_seat(seat)), identity_of_seat(seat)) == TEXT


def test_the_identity_of_a_seat_is_frozen():
    identity = identity_of_seat(bytes(range(32)))
    assert identity == FROZEN
    key = HKDF(SHA256(), 32, None, packed("angerona/seat-age/v1")).derive(bytes(range(32)))
    assert secret_in(identity) == key


FROZEN = "AGE-SECRET-KEY-1ECAYAZL0KL0FCS9ACWSCFPA7SCFHNXK0HR6ZHAC00JHSRYHYJWKSLTTXHA"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_seat_has_32_bytes(size):
    with pytest.raises(BadInput):
        identity_of_seat(bytes(size))


def by_another_hand(blob, identity):
    """The age format read with nothing but X25519, HKDF, HMAC and ChaCha20-Poly1305."""
    secret = X25519PrivateKey.from_private_bytes(secret_in(identity))
    ours = secret.public_key().public_bytes_raw()
    head, _, rest = blob.partition(b"\n---")
    mac, _, payload = rest.partition(b"\n")
    for stanza in head.split(b"\n-> ")[1:]:
        words, *body = stanza.split(b"\n")
        if not words.startswith(b"X25519 "):
            continue
        share = unpadded(words.split()[1])
        shared = secret.exchange(X25519PublicKey.from_public_bytes(share))
        key = HKDF(SHA256(), 32, share + ours, b"age-encryption.org/v1/X25519").derive(shared)
        try:
            file_key = ChaCha20Poly1305(key).decrypt(bytes(12), unpadded(b"".join(body)), None)
        except Exception:  # noqa: BLE001, S112 -- another recipient's stanza
            continue
        mac_key = HKDF(SHA256(), 32, None, b"header").derive(file_key)
        assert hmac.digest(mac_key, head + b"\n---", hashlib.sha256) == unpadded(mac.strip())
        return payload_of(payload, file_key)
    raise AssertionError("no stanza opens")


def payload_of(payload, file_key):
    nonce, payload = payload[:16], payload[16:]
    cipher = ChaCha20Poly1305(HKDF(SHA256(), 32, nonce, b"payload").derive(file_key))
    size = 64 * 1024 + 16
    chunks = [payload[at : at + size] for at in range(0, len(payload), size)]
    out = b""
    for number, chunk in enumerate(chunks):
        last = number == len(chunks) - 1
        out += cipher.decrypt(number.to_bytes(11, "big") + bytes((last,)), chunk, None)
    return out


def unpadded(text):
    return base64.b64decode(text + b"=" * (-len(text) % 4))


def secret_in(identity):
    """The 32 bytes in a Bech32 text, its checksum left alone."""
    letters = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = 0
    for letter in identity.lower().rpartition("1")[2][:-6]:
        bits = bits << 5 | letters.index(letter)
    return (bits >> 4).to_bytes(32, "big")


@pytest.mark.parametrize("size", [0, 1, 64 * 1024, len(TEXT)])
def test_another_hand_opens_what_is_sealed_to_a_seat(size):
    identity = identity_of_seat(os.urandom(32))
    blob = sealed(new_identity(), identity, text=TEXT[:size])
    assert by_another_hand(blob, identity) == TEXT[:size]
    assert by_stock_age(blob, identity) == TEXT[:size]


def by_stock_age(blob, identity):
    """The program itself, where it is installed; else once more the other hand."""
    program = shutil.which("age") or shutil.which("rage")
    if program is None:
        return by_another_hand(blob, identity)
    reader, writer = os.pipe()
    os.write(writer, identity.encode())
    os.close(writer)
    ran = subprocess.run(
        [program, "--decrypt", "--identity", f"/dev/fd/{reader}"],
        input=blob,
        capture_output=True,
        check=True,
        pass_fds=[reader],
    )
    os.close(reader)
    return ran.stdout


HARMS = {
    "emptied": lambda blob: blob[:0],
    "only a header": lambda blob: blob[:40],
    "one byte short": lambda blob: blob[:-1],
    "half of it": lambda blob: blob[: len(blob) // 2],
    "a bit of the text": lambda blob: blob[:-5] + bytes((blob[-5] ^ 1,)) + blob[-4:],
    "a bit of the header": lambda blob: blob[:60] + bytes((blob[60] ^ 1,)) + blob[61:],
    "one byte more": lambda blob: blob + b"x",
}


@pytest.mark.parametrize("harm", HARMS)
def test_an_altered_or_shortened_file_does_not_open(harm):
    identity = new_identity()
    with pytest.raises(Unopenable):
        opened(HARMS[harm](sealed(identity)), identity)


def test_what_goes_wrong_in_the_source_or_the_target_comes_out_as_it_was():
    identity = new_identity()

    def breaking():
        yield TEXT
        raise KeyError("the source")

    class Full:
        def write(self, data):
            raise OSError(28, "no space", str(len(data)))

    class Gone:
        def read(self, size):
            raise OSError(5, "gone", str(size))

    with pytest.raises(KeyError, match="the source"):
        seal_age(breaking(), io.BytesIO(), [recipient_of(identity)])
    with pytest.raises(OSError, match="no space"):
        seal_age([TEXT], Full(), [recipient_of(identity)])
    with pytest.raises(OSError, match="no space"):
        open_age(io.BytesIO(sealed(identity)), Full(), [identity])
    with pytest.raises(OSError, match="gone"):
        open_age(Gone(), io.BytesIO(), [identity])


def test_there_must_be_recipients_and_identities_and_not_too_many():
    with pytest.raises(BadInput):
        seal_age([TEXT], io.BytesIO(), [])
    with pytest.raises(BadInput):
        seal_age([TEXT], io.BytesIO(), [recipient_of(new_identity())] * 65)
    with pytest.raises(BadInput):
        open_age(io.BytesIO(sealed(new_identity())), io.BytesIO(), [])


@pytest.mark.parametrize("text", ["", "age1", "age1" + "q" * 58, "AGE-SECRET-KEY-1QQ", "x" * 99])
def test_what_is_no_recipient_and_no_identity_is_refused_without_repeating_it(text):
    for read in (check_recipient, recipient_of, lambda one: opened(b"", one)):
        with pytest.raises(BadInput) as refused:
            read(text)
        assert len(text) < 5 or text not in str(refused.value)


def test_a_file_of_identities_is_read_with_its_remarks():
    one, two = new_identity(), new_identity()
    assert identities_in(f"# made today\n{one}\n\n  {two}\r\n") == [one, two]
    with pytest.raises(BadInput, match="holds no identity"):
        identities_in("# nothing\n")
    with pytest.raises(BadInput):
        identities_in(f"{one}\nsomething else\n")


@pytest.mark.parametrize(
    ("prefix", "data", "text"),
    [
        ("a", "", "a12uel5l"),
        (
            "abcdef",
            "00443214c74254b635cf84653a56d7c675be77df",
            "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw",
        ),
    ],
)
def test_the_bech32_of_bip_173(prefix, data, text):
    found = age_files._bech32(prefix, bytes.fromhex(data))  # noqa: SLF001 -- the vectors' own part
    assert found == text
