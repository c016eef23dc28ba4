"""`angerona packet verify`: whether a packet that comes back is the one that left."""

from __future__ import annotations

from pathlib import Path

from angerona.cli.entrance import KEYSET_FILE, practice_keys, read_secret
from angerona.cli.output import say_styled
from angerona.cli.page import Page, width_now
from angerona.cli.settings import SETTINGS_FILE, data_folder, read_settings
from angerona.errors import BadInput, Forged
from angerona.notices.packet_files import fingerprint
from angerona.notices.packet_verifying import read_fingerprint, verify_packet
from angerona.sealed.keyset import Keyset

_FILE = "the file of the passphrase"


def check(name: str, *, key: str | None, passphrase_file: str | None, data: str | None) -> int:
    """Check a packet; 1 if it is not genuine. Without `key`, against this practice's own."""
    expected = read_fingerprint(key) if key is not None else _own_fingerprint(data)
    passphrase = None if passphrase_file is None else read_secret(passphrase_file, _FILE)
    page = Page()
    try:
        verified = verify_packet(Path(name), key=expected, passphrase=passphrase)
    except Forged as problem:
        page.headline("Not genuine: do not rely on this packet.", "bold red")
        page.item(str(problem))
        say_styled(page.lines(width_now()))
        return 1
    page.headline("Genuine.", "bold green")
    page.items(verified.sentences)
    say_styled(page.lines(width_now()))
    return 0


def _own_fingerprint(data: str | None) -> bytes:
    """That of the practice in the data folder; nobody signs in, and no ledger is opened."""
    folder = data_folder(data)
    if not (folder / SETTINGS_FILE).exists():
        raise BadInput("--key", "needed, for there is no practice here", "its fingerprint")
    settings = read_settings(folder)
    keys = practice_keys(folder, settings)
    keyset = Keyset.load(folder / KEYSET_FILE, settings.practice_id, keys)
    return fingerprint(keyset.signer().public)
