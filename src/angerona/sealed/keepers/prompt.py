"""`prompt:` the boot secret is typed at every start, and rests on paper in between.

Nothing on the machine gives it away: a stolen computer that is switched off holds half of what is
needed at most. The price is that nothing starts by itself after a power cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from angerona.errors import BadInput, KeeperFailure
from angerona.sealed.keepers.reading import secret_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from angerona.sealed.boot import BootSecret

_QUESTION: Final = "The boot secret (24 words, 64 hexadecimal digits, or 55 words of a share)"
_RETRY: Final = "read it from the recovery kit again, word by word"


@dataclass(frozen=True, slots=True)
class PromptKeeper:
    """Asks a person."""

    name: ClassVar[str] = "prompt"
    ask: Callable[[str], str] | None

    def describe(self) -> str:
        """One sentence for the person who runs the practice."""
        return "somebody types the boot secret at every start; nothing on this machine keeps it"

    def fetch(self) -> BootSecret:
        """The boot secret, once asked for. Raises `KeeperFailure`."""
        if self.ask is None:
            raise KeeperFailure(
                self.name, "nobody is here to type it", "start it from a terminal, or change keeper"
            )
        typed = self.ask(_QUESTION)
        if not typed.strip():
            raise KeeperFailure(self.name, "nothing was typed", _RETRY)
        try:
            return secret_from([typed], self.ask)
        except BadInput as problem:
            raise KeeperFailure(self.name, f"{problem.place}: {problem.wrong}", _RETRY) from problem


def prompt_keeper(rest: str, ask: Callable[[str], str] | None) -> PromptKeeper:
    """The keeper of the address `prompt:`. Raises `BadInput` if anything follows the colon."""
    if rest:
        raise BadInput("keeper", "nothing follows prompt:", "write keeper = 'prompt:'")
    return PromptKeeper(ask)
