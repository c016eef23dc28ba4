"""The random Asks: the same for the same seed, and a healthy mix."""

import pytest

from naive_reader import load
from random_asks import asks, mix, stacks_of


@pytest.fixture(scope="module")
def every_pack(root):
    return load(root / "src" / "angerona" / "packs") | load(root / "tests" / "corners")


def test_the_same_seed_gives_the_same_asks(every_pack):
    stacks = stacks_of(every_pack)
    assert list(asks(5, 40, every_pack, stacks)) == list(asks(5, 40, every_pack, stacks))


def test_random_asks_are_a_healthy_mix(every_pack):
    outcomes, met = mix(every_pack, seed=2, count=4_000)
    assert all(outcomes[o] >= 320 for o in ("require", "permit", "ask", "deny")), outcomes
    assert outcomes["conflict"]
    assert len(met) > 250
