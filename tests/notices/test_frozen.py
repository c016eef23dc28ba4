"""A packet of one day, frozen: it verifies for as long as its form lives.

`scripts/freeze_sealed.py` made it. A red test here means that packets handed out before would no
longer verify.
"""

import pytest

from angerona.ciphers.signing import Signer
from angerona.errors import Forged
from angerona.notices.packet_files import fingerprint, verify_json

KEY = bytes(range(32))


@pytest.fixture(scope="module")
def packet(root):
    return (root / "tests" / "vectors" / "packet.json").read_bytes()


def test_a_packet_of_old_still_verifies(packet):
    signed = verify_json(packet, key=fingerprint(Signer(KEY).public))
    assert signed.packet.parts[0].text == "F41.1, täglich"
    assert signed.as_json() == packet


def test_a_changed_word_in_it_is_found(packet):
    changed = packet.replace(b"F41.1", b"F41.2")
    with pytest.raises(Forged):
        verify_json(changed, key=fingerprint(Signer(KEY).public))
