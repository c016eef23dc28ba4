"""How often somebody may try to sign in, by the address the tries come from."""

from types import SimpleNamespace

import pytest
from limits.storage import memory

from angerona.site.rates import PER_ADDRESS, Rates


@pytest.fixture(autouse=True)
def one_moment(monkeypatch):
    """All tries of a test come at once: the count begins anew with the minutes of the clock."""
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: 1_000_000.0))


@pytest.mark.parametrize(
    "address",
    ["2001:db8:1:2::{:x}", "2001:db8:1:2:{:x}::1", "192.0.2.7", "::ffff:192.0.2.7", "fe80::1%e{}"],
)
def test_one_machine_is_one_address_however_many_it_has(address):
    rates = Rates()
    tries = [rates.may_try(address.format(one), f"name {one}") for one in range(1, 32)]
    assert tries == [True] * PER_ADDRESS.amount + [False]


@pytest.mark.parametrize("address", ["2001:db8:1:{:x}::1", "192.0.2.{}", "::ffff:192.0.2.{}"])
def test_another_network_counts_by_itself(address):
    rates = Rates()
    assert all(rates.may_try(address.format(one), f"name {one}") for one in range(1, 32))
