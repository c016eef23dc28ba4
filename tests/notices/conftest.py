"""A release under 42 CFR Part 2, decided for real, and the packet that is made of it."""

import datetime

import pytest

from angerona.ciphers.signing import Signer
from angerona.notices.packet_files import fingerprint, sign_packet
from angerona.notices.packet_locks import lock
from angerona.notices.packet_pages import pages_of
from angerona.notices.packets import prepare
from angerona.packs.loading import load
from angerona.packs.texts import load_texts
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from notices.handover import COVER, GIVEN, PARTS, SCOPE, raw_ask


@pytest.fixture(scope="session")
def packs():
    return load()


@pytest.fixture(scope="session")
def texts():
    return load_texts()


@pytest.fixture(scope="session")
def handover(packs, texts):
    """What `prepare` takes, whole and right; a test changes one thing in a copy."""
    ask = read_ask(raw_ask(), packs.facts, packs.packs)
    return {
        "permit": decide(ask, packs),
        "ask": ask,
        "packs": packs,
        "texts": texts,
        "cover": COVER,
        "parts": PARTS,
        "blanks": {SCOPE: GIVEN},
        "packet_id": bytes(range(16)),
        "at": datetime.datetime(2026, 11, 23, 10, tzinfo=datetime.UTC),
    }


@pytest.fixture(scope="session")
def packet(handover):
    permit, *rest = handover.items()
    return prepare(permit[1], **dict(rest))


@pytest.fixture(scope="session")
def signer():
    return Signer.from_seed(b"practice" * 4)


@pytest.fixture(scope="session")
def key(signer):
    return fingerprint(signer.public)


@pytest.fixture(scope="session")
def signed(packet, signer):
    return sign_packet(packet, signer=signer, paper="a4")


@pytest.fixture(scope="session")
def pdf(signed):
    return pages_of(signed)


@pytest.fixture(scope="session")
def locked(pdf):
    return lock(pdf)
