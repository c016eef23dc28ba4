"""docs/OPERATING.md shows settings and addresses that are read as they stand."""

import re
import tomllib
from pathlib import Path

import pytest

from angerona.cli.settings import Settings, read_settings
from angerona.sealed.keepers import KINDS, keeper_at
from angerona.sealed.keepers.token_address import NAMES

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "OPERATING.md").read_text("utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_the_settings_shown_can_be_read(tmp_path):
    (whole,) = (block for block in BLOCKS if "practice =" in block)
    (tmp_path / "angerona.toml").write_text(whole)
    (tmp_path / "angerona.toml").chmod(0o600)
    assert isinstance(read_settings(tmp_path), Settings)


@pytest.mark.parametrize("block", BLOCKS)
def test_each_address_shown_names_a_keeper(tmp_path, block):
    address = tomllib.loads(block)["keeper"]
    keeper = keeper_at(address, folder=tmp_path, ask=None)
    assert keeper.name == address.partition(":")[0]


def test_every_keeper_has_its_section():
    sections = re.findall(r"^### `(\w+):", PAGE, re.MULTILINE)
    assert sorted(sections) == sorted(KINDS)


def test_every_part_of_a_token_s_address_is_explained():
    section = PAGE.partition("### `pkcs11:")[2].partition("###")[0]
    assert sorted(re.findall(r"^\| `([\w-]+)` \|", section, re.MULTILINE)) == sorted(NAMES)
