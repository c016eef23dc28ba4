"""Cobblestone-256 written again from C2SP chunked-encryption, with AES-GCM and HMAC alone."""

import hashlib
import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NAME = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\x00"
CHUNK = 16 * 1024
TAG = 16


def naive_seal(key, context, salt, text):
    aead, nonce, commitment = naive_keys(key, context, salt)
    chunks = [text[at : at + CHUNK] for at in range(0, len(text) + 1, CHUNK)]
    sealed = [aead.encrypt(_nonce(nonce, n), chunk, None) for n, chunk in enumerate(chunks)]
    return salt + commitment + b"".join(sealed)


def naive_open(key, context, message):
    if len(key) != 32:
        raise ValueError
    aead, nonce, commitment = naive_keys(key, context, message[:24])
    if message[24:56] != commitment:
        raise InvalidTag
    step = CHUNK + TAG
    chunks = [message[at : at + step] for at in range(56, len(message) + 1, step)]
    if not chunks or len(chunks[-1]) not in range(TAG, step):
        raise InvalidTag
    return b"".join(aead.decrypt(_nonce(nonce, n), chunk, None) for n, chunk in enumerate(chunks))


def naive_keys(key, context, salt):
    stream, block = b"", b""
    for counter in (1, 2):
        info = NAME + salt + context + bytes([counter])
        block = hmac.digest(key, block + info, hashlib.sha512)
        stream += block
    return AESGCM(stream[:32]), stream[32:44], stream[44:76]


def _nonce(base, number):
    return (int.from_bytes(base, "big") ^ number).to_bytes(12, "big")
