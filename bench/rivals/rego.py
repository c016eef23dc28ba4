"""Looks by Rego, through regorus: its interpreter, and its compiled form on its virtual machine."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING

import regorus

if TYPE_CHECKING:
    from bench.looks import Look

RULE = "data.angerona.look.verdict"


def _policy() -> str:
    return resources.files("bench.rivals").joinpath("look.rego").read_text(encoding="utf-8")


class Interpreted:
    """The policy is parsed once into an engine that is kept; the plain table is its input."""

    def __init__(self) -> None:
        self._engine = regorus.Engine()
        self._engine.add_policy("look.rego", _policy())

    def verdict(self, look: Look) -> str:
        """One look, from its plain table."""
        self._engine.set_input(look)
        return str(self._engine.eval_rule(RULE))


class Compiled:
    """The policy is compiled once and loaded into a machine that is kept; input goes as JSON."""

    def __init__(self) -> None:
        program = regorus.Program.compile_from_modules("{}", [("look.rego", _policy())], [RULE])
        self._machine = regorus.Rvm()
        self._machine.load_program(program)

    def verdict(self, look: Look) -> str:
        """One look, from its plain table."""
        self._machine.set_input_json(json.dumps(look))
        return str(json.loads(self._machine.execute()))
