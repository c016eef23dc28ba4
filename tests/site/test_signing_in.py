"""Signing in at the page does what is owed: keys turn that somebody else left standing."""

from angerona.practice.ties import end_tie
from angerona.sealed.owed import keys_owed
from prepared_practice import AT


def test_whoever_treats_turns_what_is_owed_by_signing_in(site):
    practice, ada = site.practice, site.prepared.clients["Ada"]
    ties = practice.vault.authority(ada).ties.items()
    [of_cora] = [one for one, tie in ties if tie.person_id == practice.people["Cora"]]
    with practice.visit("Cora") as visit:
        end_tie(visit, ada, of_cora)
    assert keys_owed(practice.vault, practice.vault.authority(ada), AT).turn
    site.signed_in("Tess")
    assert not keys_owed(practice.vault, practice.vault.authority(ada), AT)
