"""Who asks for a right in a client's place: as what, on what paper, and what the rules say of it.

Representatives have no pages (docs/adr/0026-who-stands-for-a-client.md): a member takes down what
one asks. The gate weighs it for that person, as it would a copy, and weighs it again in the moment
of the answer. Who may not ask in the client's place, and who is set aside, gets what a stranger
gets: a letter that says neither yes nor no.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from angerona.errors import BadInput, Unknown, one_line, one_of
from angerona.gate.gathering import AUTHORITY, Wish
from angerona.practice.clients import known_authority
from angerona.practice.matters import Step, advance
from angerona.practice.representatives import WORDS_MAX, may_see_standing
from angerona.rules.answer import Permit
from angerona.sealed.standing import ASKS_AS
from angerona.words import PROCESS_NOTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from angerona.gate.door import Door
    from angerona.practice.matters import Matter
    from angerona.rules.answer import Answer
    from angerona.sealed.vault import Visit

ASKER: Final = "asker"
"""Under which key a matter's content holds who asks, where it is not the client."""
READY: Final = "going"
"""Under which key a matter's content holds what goes, once that is decided: the entries."""
AS: Final = {
    "parent": "a parent",
    "representative": "a guardian, or an attorney under a power",
    "estate": "a personal representative of the dead",
}
"""As what somebody asks who is not on file, by the kinds of recipient."""
_NONE: Final[Mapping[str, bool | int | str]] = MappingProxyType({})
IN_PLACE: Final = "somebody who asks in the client's place"
"""How a line says who asked: the same for everybody, on file or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks: as which kind of recipient (`AS`), by what name, on what paper that was seen.

    `on_file`: the id of a representative, or nothing; `facts`: what was answered when the rules
    asked about this person.
    """

    to: str
    name: str
    paper: str = ""
    on_file: bytes = b""
    facts: Mapping[str, bool | int | str] = field(default_factory=dict)

    def is_same(self, other: Asker) -> bool:
        """Whether it is the same person, on whatever paper."""
        return (self.to, self.name, self.on_file) == (other.to, other.name, other.on_file)

    def as_json(self) -> dict[str, Any]:
        """As a matter's content holds it."""
        return {
            "to": self.to,
            "name": self.name,
            "paper": self.paper,
            "on_file": self.on_file.hex(),
            "facts": dict(self.facts),
        }


def asker_on_file(visit: Visit, client_id: bytes, representative_id: bytes) -> Asker:
    """Somebody who is on file for the client, whether he or she stands today or not.

    For who may know of it. Raises `Unknown`.
    """
    authority = known_authority(visit, client_id)
    row = authority.client.standing.representatives.get(representative_id)
    if row is None or not may_see_standing(visit, authority):
        raise Unknown
    to = min(ASKS_AS[row.standing])
    return Asker(to=to, name=row.name, paper=row.paper, on_file=representative_id)


def asker_by_word(to: str, name: str, paper: str) -> Asker:
    """Somebody who is not on file. Raises `BadInput` for a kind that is none, or no name."""
    if to not in AS:
        raise BadInput("who asks", "is none of the choices", one_of(AS))
    seen = one_line("paper", paper, WORDS_MAX) if paper.strip() else ""
    return Asker(to=to, name=one_line("name of who asks", name, WORDS_MAX), paper=seen)


def asker_in(content: Mapping[str, Any]) -> Asker | None:
    """Who asks, by a matter's content; nothing where it is the client."""
    said = content.get(ASKER)
    return None if said is None else Asker(**{**said, "on_file": bytes.fromhex(said["on_file"])})


def for_asker(content: Mapping[str, Any], wish: Wish) -> Wish:
    """A wish of the client's, for whoever asks in the client's place.

    A paper that was seen shows the place of who is not on file; for who is, the gate knows.
    """
    one = asker_in(content)
    if one is None:
        return wish
    shown = {AUTHORITY: True} if one.paper and not one.on_file else {}
    return replace(
        wish,
        to=one.to,
        instrument="written_request",
        asker=one.on_file or None,
        facts={**wish.facts, **shown, **one.facts},
    )


def weighed(
    door: Door, visit: Visit, matter: Matter, facts: Mapping[str, bool | int | str] = _NONE
) -> Answer | None:
    """What the rules say today of who asks in the client's place; nothing where the client asks.

    It is weighed as a copy of the record for that person; `facts` are answered besides what is
    kept. Raises as `Door.preview`.
    """
    if asker_in(matter.content) is None:
        return None
    return door.preview(visit, matter.client_id or b"", weighing(door, matter, facts)).answer


def may_know_of(door: Door, visit: Visit, matter: Matter) -> frozenset[str] | None:
    """The classes that whoever asks in the client's place may know of; nothing where the client.

    A list of what was shared, or of what is kept, tells of each class that it names.
    """
    found = weighed(door, visit, matter)
    if found is None:
        return None
    return found.released if isinstance(found, Permit) else frozenset()


def weighing(door: Door, matter: Matter, facts: Mapping[str, bool | int | str] = _NONE) -> Wish:
    """What the gate is asked about who asks."""
    places = door.vault.places(matter.client_id or b"")
    classes = dict.fromkeys(one.wanted for one in places if one.wanted not in PROCESS_NOTES)
    wish = Wish(
        wants=tuple(classes) or ("history",),
        purpose="client_request",
        to="client",
        facts={"recipient.identity_verified": bool(matter.content["checked"])},
    )
    asked = for_asker(matter.content, wish)
    return replace(asked, facts={**asked.facts, **facts})


def says_asker(visit: Visit, matter: Matter, asker: Asker) -> Matter:
    """Write down who asks, or what was answered about that person. Raises as `matters.advance`.

    Where it is somebody else than before, it is made sure anew who asks, and decided anew what
    goes: neither was found of this one.
    """
    content = {**matter.content, ASKER: asker.as_json()}
    before = asker_in(matter.content)
    if before is None or not before.is_same(asker):
        content = {name: said for name, said in content.items() if name != READY}
        content |= {"checked": "", "identified": ""}
    said = {"right": matter.content["right"]}
    step = Step(what=f"noted what is known of {IN_PLACE}", said=said, content=content)
    return advance(visit, matter, step)


def is_stranger(door: Door, visit: Visit, matter: Matter) -> bool:
    """Whether somebody asks who may not, in the client's place, by the rules of today."""
    found = weighed(door, visit, matter)
    return found is not None and not isinstance(found, Permit)


def check_stands(door: Door, visit: Visit, matter: Matter) -> None:
    """Raise `BadInput` where somebody asks in the client's place who may not, or nobody knows."""
    if is_stranger(door, visit, matter):
        raise BadInput(
            "who asks",
            "may not have this in the client's place, by the rules and what is on file",
            "a no, in the letter that says neither yes nor no",
        )
