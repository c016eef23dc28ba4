"""Codes of diagnoses to choose from while typing, as data; any other can be typed."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def icd10cm() -> Mapping[str, str]:
    """Some ICD-10-CM codes of chapter V, each with its title."""
    data = resources.files("angerona.practice").joinpath("codes", "icd10cm.toml")
    return MappingProxyType(tomllib.loads(data.read_text("utf-8"))["codes"])
