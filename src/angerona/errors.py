"""The one tree of errors.

```
AngeronaError
├── BadInput          what somebody gave us is wrong: the place, what is wrong, what is allowed
│   ├── BadAsk        an Ask, a consent, an order or a file of scenarios
│   ├── BadPack       a pack: file, entry, key
│   └── SentBefore    a form that was sent before, and said something else then
├── Sealed            what is sealed stays sealed
│   ├── Unopenable    another key, another context, or altered: which kind of thing, nothing more
│   ├── Forged        a signature is not of the key, or not over the words, it claims
│   └── SuiteFailure  a cipher misses its known answer: nothing is sealed or opened with it
├── TooWide           these rules do not fit a table; such an Ask is decided one by one
├── StoreError        the database could not do what was asked; the message says what to do
│   ├── StoreMisused  an unknown statement, wrong parameters, a value no column holds
│   ├── StoreClosed   it was closed, or stopped after a failure it cannot mend
│   ├── StoreAbsent   no such folder, no right to it, or no server that answers
│   ├── StoreTaken    another process writes there
│   ├── StoreForeign  what lies there was not made by this product
│   ├── StoreTooNew   it was written by a later release
│   ├── StoreDamaged  its bytes are not what was written
│   ├── StoreFull     no room is left on the disk
│   ├── StoreFailed   the disk or the connection failed in the midst of it
│   ├── StoreBusy     others held it for too long
│   ├── StoreMoved    others changed the same rows at the same moment, again and again
│   └── StoreConflict a row with this key is already there
├── Tampered          what lies in the store is not what the ledger holds
│   ├── Altered       rows were changed, removed or put back as they once were
│   ├── Planted       a key is not the one that the ledger committed to
│   └── SetBack       the ledger does not hold what a head remembered elsewhere saw in it
├── AuthorityMoved    who may do what has changed since it was gathered: gather again
├── LedgerMoved       somebody else wrote to the ledger meanwhile: open it again
├── Conflicting       somebody else was quicker; nothing was written
├── NotPermitted      no Permit and no ledger line for what was to be opened
├── NotAgreed         a second reader must agree before it leaves, and has not agreed to this
├── WrongSignIn       name and credential do not belong together, or are not known
├── SignedOut         there is no such session, or it is over
├── Unknown           there is nothing of this id that may be spoken of
├── TooFewSeats       fewer key holders than the quorum
├── KeeperFailure     the keeper of the boot secret did not hand it over
├── BackupFault       a backup that could not be made, or is not fit to be restored: which check
├── NotProven         the server could not show itself, at its start, that its guards hold
├── PrintFailure      the pages could not be set; nothing that stands on them is repeated
└── MissingExtra      an optional part of the product is not installed
```

A message never repeats clinical content: it names the place, the kind of thing that stood there and
what is allowed. Only a pack's own words are repeated. Every message fits on one line.
"""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORDLIKE = re.compile(r"[A-Za-z0-9_.:/-]{1,40}\Z")
_ALLOWED_SHOWN = 60
_COMPARED = 80


class AngeronaError(Exception):
    """The root. Whatever this product raises on purpose is one of these."""


class BadInput(AngeronaError):
    """Something given to the product is wrong.

    `place` is a path such as `facts.client.age` or `us-ca.toml: ground us-ca.protect:
    needs[0].fact`; `wrong` says what is wrong; `allowed` what would be right.
    """

    def __init__(self, place: str, wrong: str, allowed: str = "") -> None:
        """Keep the three parts, and join them into one line."""
        self.place = place
        self.wrong = wrong
        self.allowed = allowed
        tail = f"; {allowed}" if allowed else ""
        super().__init__(" ".join(f"{place}: {wrong}{tail}".split()))

    @staticmethod
    def naming(given: object) -> str:
        """How a value of the input is named in the message: by its kind alone."""
        return kind_of(given)


class BadAsk(BadInput):
    """An Ask (or a consent, an order, a scenario) that cannot be read."""


class BadPack(BadInput):
    """A pack that cannot be loaded. A pack speaks of nobody, so its words may be repeated."""

    @staticmethod
    def naming(given: object) -> str:
        """The word itself where it is a short plain one, else its kind."""
        return shown(given)


class SentBefore(BadInput):
    """A form came a second time with other words; nothing was done a second time."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "this form",
            "was sent before with other words, and what it asked for then was done",
            "look at what came of it; to have this too, send it once more",
        )


class StoreError(AngeronaError):
    """The database could not do what was asked."""


class StoreMisused(StoreError):
    """A statement that does not exist, or values that do not fit it: a fault of the program."""


class StoreClosed(StoreError):
    """The store is closed, or has stopped."""


class StoreAbsent(StoreError):
    """There is nothing to open: no folder, no right to it, no server."""


class StoreTaken(StoreError):
    """Another process writes there; two would part the ledger."""


class StoreForeign(StoreError):
    """The file or database belongs to something else. It is left as it is."""


class StoreTooNew(StoreError):
    """A later release wrote it; this one would not understand it."""


class StoreDamaged(StoreError):
    """Its bytes are not what was written."""


class StoreFull(StoreError):
    """No room is left. Nothing of the group was kept."""


class StoreFailed(StoreError):
    """The disk or the connection failed; nobody knows whether the last group was kept."""


class StoreBusy(StoreError):
    """Others held the database, or all its connections, for too long."""


class StoreMoved(StoreError):
    """Others changed the same rows at the same moment; the group was tried again in vain."""


class StoreConflict(StoreError):
    """A row with this key is already there, or a row breaks a rule of its table."""


class Sealed(AngeronaError):
    """What is sealed stays sealed."""


class Unopenable(Sealed):
    """A sealed or encoded thing that does not open.

    `what` is the kind of thing. Why it does not open is not said, and where shares are at fault
    `which` holds their places in the list given.
    """

    def __init__(self, what: str, why: str = "", which: tuple[int, ...] = ()) -> None:
        """Keep the kind of thing and the shares at fault."""
        self.what = what
        self.which = which
        super().__init__(f"{what}: {why or 'another key, another context, or altered'}")


class Forged(Sealed):
    """A signature that does not verify."""


class SuiteFailure(Sealed):
    """A cipher that misses its known answer; the product refuses to go on with it."""


class TooWide(AngeronaError):
    """More cubes than a table may have."""


class Tampered(AngeronaError):
    """What lies in the store is not what the ledger holds. Nothing is opened."""

    def __init__(self, what: str) -> None:
        """Name the kind of thing, and nobody."""
        super().__init__(f"{what} in the store: not what the ledger holds; nothing was opened")


class Altered(Tampered):
    """Rows were changed, removed, or put back as they once were."""


class Planted(Tampered):
    """A key is not the one that the ledger committed to."""


class Conflicting(AngeronaError):
    """Somebody else was quicker. Nothing was written, and nothing of either text is lost."""


class AuthorityMoved(AngeronaError):
    """Who may do what with this record has changed since it was gathered; nothing was written."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("who may do what has changed meanwhile; gather the facts again")


class LedgerMoved(AngeronaError):
    """Somebody else wrote to the ledger; this process writes to it no more."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("somebody else wrote to the ledger; nothing was written; open it again")


class SetBack(Tampered):
    """The ledger does not hold what a head remembered elsewhere saw in it."""

    def __init__(self, what: str) -> None:
        """Say what is wrong, and the two things it can mean."""
        AngeronaError.__init__(
            self,
            f"{what}; if it was restored on purpose, `angerona ledger remember --anew`; "
            "if not, keep this disk as it is, and ask who could write to it",
        )


class NotPermitted(AngeronaError):
    """Something was to be opened without a Permit for it, or before its ledger line."""

    def __init__(self) -> None:
        """Name nothing."""
        super().__init__("nothing is opened without a permit and a line in the ledger")


class NotAgreed(AngeronaError):
    """A second reader must agree before this leaves, and nobody has agreed to exactly this."""

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("a second reader must agree to exactly this before it leaves: ask one")


class WrongSignIn(AngeronaError):
    """The name is not known, or the credential is not this person's: nobody is told which."""

    def __init__(self) -> None:
        """The same words always."""
        super().__init__("name and password do not belong together, or are not known here")


class SignedOut(AngeronaError):
    """There is no such session, or it is over."""

    def __init__(self) -> None:
        """Say what to do; why it is over stays inside."""
        super().__init__("this session is over; sign in again")


class Unknown(AngeronaError):
    """There is nothing of this id that may be spoken of: the same whether it exists or not."""

    def __init__(self) -> None:
        """Say nothing."""
        super().__init__("there is nothing here that can be shown")


class TooFewSeats(AngeronaError):
    """Fewer key holders than the quorum."""

    def __init__(self, given: int, needed: int) -> None:
        """Count them."""
        super().__init__(f"{given} key holders have given their part, {needed} are needed")


class KeeperFailure(AngeronaError):
    """The keeper of the boot secret did not hand it over, or would not take it.

    `keeper` is the kind of keeper, `what` what happened, `remedy` what to do. Never the secret, a
    PIN, or anything that was typed.
    """

    def __init__(self, keeper: str, what: str, remedy: str) -> None:
        """Keep the three parts, and join them into one line."""
        self.keeper = keeper
        self.what = what
        self.remedy = remedy
        super().__init__(" ".join(f"the boot secret ({keeper}): {what}; {remedy}".split()))


class BackupFault(AngeronaError):
    """A backup could not be made, or one is not fit to be restored; nothing half is left behind.

    `check` is the name of what did not hold, `wrong` what is wrong, `remedy` what to do.
    """

    def __init__(self, check: str, wrong: str, remedy: str) -> None:
        """Keep the three parts, and join them into one line."""
        self.check = check
        self.wrong = wrong
        self.remedy = remedy
        super().__init__(f"backup: {check}: {wrong}; {remedy}")


class NotProven(AngeronaError):
    """At its start the server tried a guard on an invented client, and the guard did not hold."""

    def __init__(self, what: str, wrong: str) -> None:
        """Name the guard and what it let happen: nobody real was in it."""
        self.what = what
        super().__init__(
            f"the server did not start, because {what} did not hold: {wrong}; nothing was opened; "
            "run angerona doctor, and do not use this installation until it is mended"
        )


class PrintFailure(AngeronaError):
    """The typesetter failed, or took too long. What it complained about is not repeated."""


class MissingExtra(AngeronaError):
    """An optional part is not installed; the message says how to install it."""


def one_line(place: str, given: object, most: int) -> str:
    """A text of one line, up to `most` characters, that can be written anywhere.

    Raises `BadInput` for anything else: another type, nothing, half a character, a control sign.
    """
    allowed = f"1 to {most} characters in one line"
    if not isinstance(given, str):
        raise BadInput(place, f"cannot be {kind_of(given)}", allowed)
    text = given.strip()
    if not text or len(text) > most or not text.isprintable():
        raise BadInput(place, "is empty, too long or not one line", allowed)
    return text


def kind_of(given: object) -> str:
    """What kind of thing was given, without repeating any of it.

    What stands in an Ask may be clinical text, and an error travels to terminals and logs.
    """
    if isinstance(given, bool):
        return "true" if given else "false"
    names = {str: "a text", int: "a number", float: "a number", list: "a list", dict: "a table"}
    return "nothing" if given is None else names.get(type(given), f"a {type(given).__name__}")


def shown(given: object) -> str:
    """A short plain word in quotes, or the kind of thing; for input that speaks of nobody."""
    if isinstance(given, str) and _WORDLIKE.match(given):
        return f"'{given}'"
    return kind_of(given)


def is_near(given: str, allowed: Iterable[str]) -> bool:
    """Whether a text looks like a misspelt word of the language, and may be repeated."""
    return bool(_near(given, sorted(allowed)))


def _near(given: object, words: list[str]) -> list[str]:
    """The words closest to what was given; nothing long is compared."""
    if not isinstance(given, str) or len(given) > _COMPARED:
        return []
    return difflib.get_close_matches(given, words, n=3)


def one_of(allowed: Iterable[str], given: object = None) -> str:
    """The allowed words for a message, the nearest to what was given first.

    A long list cut with its length said.
    """
    words = sorted(allowed)
    near = _near(given, words)
    hint = f"did you mean {' or '.join(near)}? " if near else ""
    if len(words) > _ALLOWED_SHOWN:
        return f"{hint}allowed are {len(words)} words, among them {', '.join(words[:8])}"
    return f"{hint}allowed: {', '.join(words)}"
