"""The ages at which the law changes are read off the packs, and off nothing else."""

import pytest

from angerona.rules.ages import ages_named
from prepared_practice import packs

NAMED = {
    "ca-on": (16, 18),
    "ca-qc": (14, 18),
    "eu": (16, 18),
    "uk": (12, 18),
    "us-ca": (18,),
    "us-co": (12, 18),
    "us-fl": (13, 18),
    "us-il": (12, 18),
    "us-mi": (14, 18),
    "us-nj": (16, 18),
    "us-oh": (14, 18),
    "us-pa": (14, 18),
    "us-tx": (18,),
    "us-wa": (13, 18),
}


@pytest.mark.parametrize("pack", NAMED)
def test_each_pack_names_its_ages(pack):
    assert ages_named(packs().law((pack,))) == NAMED[pack]


def test_packs_together_name_all_of_them():
    law = packs().law(("house", "us-hipaa", "us-il", "us-pa"))
    assert ages_named(law) == (12, 14, 18)


def test_every_pack_ends_with_coming_of_age():
    for pack in packs().packs:
        assert ages_named(packs().law((pack,)))[-1] == 18
