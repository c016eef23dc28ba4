"""Notes can be kept under the law of every place that ships, not only where we began."""

import pytest

from angerona.cli.places import packs_of
from angerona.gate.results import Kept
from angerona.packs import load
from prepared_practice import quick_passwords
from small_practice import founded

PACKS = load()


@pytest.mark.parametrize("place", ["UK", "DE", "IE", "AU-NSW", "NZ", "US-NY"])
def test_whoever_treats_keeps_a_session_note(tmp_path, place):
    with quick_passwords():
        practice = founded(tmp_path / "practice", packs=packs_of(place, PACKS))
    try:
        client = practice.client("Ada")
        assert isinstance(practice.keep("Thea", client, "progress_note", "Came on time."), Kept)
    finally:
        practice.vault.store.close()
