"""Which Asks change between two versions of one pack, each shown by an Ask that `decide` confirms.

Steps: (1) both versions beside the same other packs, as terms over the same symbols; (2) for each
kind of change the prover looks for an Ask, made small; (3) the real `decide` answers it under both,
and tells which other classes change with it; what it does not confirm is said to be so; (4) duties
and consent forms are compared as data.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from angerona.errors import BadPack
from angerona.packs.loading import read_pack
from angerona.packs.proving_asks import smallest
from angerona.packs.proving_stack import Base, Stack, bound_by_documents, stacks_of
from angerona.packs.terms import Search, Symbols, Term, every, negated, some
from angerona.rules.ask import read_ask
from angerona.rules.compile import Packs
from angerona.rules.decide import decide
from angerona.words import CLASSES, INSTRUMENTS, PURPOSES, RECIPIENTS, VERDICTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from angerona.rules.answer import Answer
    from angerona.rules.entries import ConsentForm, Duty, Pack
    from angerona.rules.facts import Fact

_GONE: Final = frozenset({"may", "must"})
_NOT_MEANT: Final = frozenset({"as_of", "note", "source_url", "verified", "contested"})
"""Where an entry comes from, which changes no answer."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: a sentence, and the Ask that shows it (empty where entries are compared)."""

    sentence: str
    ask: dict[str, object]


@dataclass(frozen=True, slots=True, repr=False)
class _Sides:
    """Both versions: as packs for `decide`, and as terms over the same symbols."""

    pack: str
    packs: tuple[Packs, Packs]
    stacks: tuple[Stack, Stack]
    search: Search


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of change: how it reads, where it may be, and whether two real Answers show it."""

    reads: str
    where: Callable[[_Sides], Term]
    shown: Callable[[_Sides, Answer, Answer, str], bool]


def changes(old_path: Path, new_path: Path, packs: Packs) -> list[Change]:
    """What changes from the old version of a pack to the new one, beside the other packs.

    Raises `BadPack` if a version cannot be read, or if they are not versions of one pack.
    """
    old, new = read_pack(old_path), read_pack(new_path)
    if old.id != new.id:
        raise BadPack(new_path.name, f"another pack than {old.id}", "two versions of one pack")
    both = _with(packs, old), _with(packs, new)
    symbols = Symbols(_joined(both, new_path.name))
    found: list[Change] = []
    told: set[tuple[str, str]] = set()
    # The fullest list of packs first, since that is how an Ask is put; then the shorter ones.
    for ids in reversed(stacks_of(both[1].packs, new.id)):
        found += _changed_asks(_sides(symbols, both, ids, new.id), told)
    return [*found, *_changed_duties(old, new), *_changed_forms(old, new)]


def _with(packs: Packs, pack: Pack) -> Packs:
    """The packs with one of them in this version. Compiling it checks its expressions."""
    changed = Packs({**packs.packs, pack.id: pack})
    changed.law((pack.id,))
    return changed


def _joined(both: tuple[Packs, Packs], file: str) -> dict[str, Fact]:
    """The facts of both versions; an enum takes the words of both."""
    facts = dict(both[0].facts)
    for key, fact in both[1].facts.items():
        before = facts.get(key, fact)
        if before.type != fact.type:
            raise BadPack(f"{file}: fact {key}", "has changed its type", "give it another key")
        facts[key] = replace(fact, values=tuple(dict.fromkeys((*before.values, *fact.values))))
    return facts


def _sides(symbols: Symbols, both: tuple[Packs, Packs], ids: tuple[str, ...], pack: str) -> _Sides:
    old, new = (Stack(Base.over(symbols), tuple(packs.packs[one] for one in ids)) for packs in both)
    # A small Ask leaves unknown what either version reads, so the new one knows of both.
    for read, facts in old.base.translator.reads.items():
        new.base.translator.reads.setdefault(read, {}).update(facts)
    bounds = bound_by_documents(symbols, new.packs)
    return _Sides(pack, both, (old, new), Search(symbols, bounds))


def _changed_asks(sides: _Sides, told: set[tuple[str, str]]) -> Iterator[Change]:
    wanted = sides.stacks[1].base.symbols.is_word
    for kind in KINDS:
        where = sides.search.named(kind.where(sides))
        left = [name for name in CLASSES if (kind.reads, name) not in told]
        while left:
            some_class = some(wanted("wanted", name) for name in left)
            found = smallest(sides.search, sides.stacks[1], where, some_class)
            if found is None:
                break
            name = str(_items(found.ask["wants"])[0])
            changed = [one for one in left if _shows(kind, sides, _for(found.ask, [one]), one)]
            ask = _for(found.ask, changed)
            if name not in changed or not all(_shows(kind, sides, ask, one) for one in changed):
                changed, ask = [name], dict(found.ask)
            if _shows(kind, sides, ask, name):
                yield Change(_sentence(kind, sides, ask, changed), ask)
            else:
                yield Change(f"{name} {kind.reads}, but `decide` does not confirm it", ask)
            told |= {(kind.reads, one) for one in changed}
            left = [one for one in left if one not in changed]


def _items(listed: object) -> list[object]:
    return listed if isinstance(listed, list) else []


def _for(ask: Mapping[str, object], names: list[str]) -> dict[str, object]:
    """The same Ask for other classes, which the consents name besides."""
    consents = [
        one | {"classes": sorted({*one["classes"], *names})}
        for one in _items(ask["consents"])
        if isinstance(one, dict)
    ]
    return {**ask, "wants": names, "consents": consents}


def _answers(sides: _Sides, ask: dict[str, object], name: str) -> list[Answer]:
    """The Answers under both versions, to one class; each is asked only what it has a word for."""
    answers = []
    for packs in sides.packs:
        stated = ask["facts"]
        known = stated if isinstance(stated, dict) else {}
        facts = {key: value for key, value in known.items() if key in packs.facts}
        read = read_ask(ask | {"wants": [name], "facts": facts}, packs.facts, packs.packs)
        answers.append(decide(read, packs))
    return answers


def _shows(kind: _Kind, sides: _Sides, ask: dict[str, object], name: str) -> bool:
    old, new = _answers(sides, ask, name)
    return kind.shown(sides, old, new, name)


def _sentence(kind: _Kind, sides: _Sides, ask: dict[str, object], changed: list[str]) -> str:
    old, new = _answers(sides, ask, changed[0])
    was, is_now = (VERDICTS[answer.classes[changed[0]]] for answer in (old, new))
    named = "everything" if len(changed) == len(CLASSES) else ", ".join(changed)
    to, purpose = RECIPIENTS[str(ask["to"])], PURPOSES[str(ask["purpose"])]
    return (
        f"{named} {kind.reads}: to {to} for {purpose} on {INSTRUMENTS[str(ask['instrument'])]}"
        f" (was: {was}; now: {is_now})"
    )


def _goes(answer: Answer, name: str) -> bool:
    return answer.classes[name] in _GONE


def _must(answer: Answer, name: str) -> bool:
    return answer.classes[name] == "must"


def _locked(sides: _Sides, answer: Answer) -> bool:
    return any(lock.startswith(f"{sides.pack}.") for lock in answer.locks)


def _on(sides: _Sides, stack: Stack) -> Term:
    return some(one.on for one in stack.locks if one.pack.id == sides.pack)


def _from_to(before: Term, after: Term) -> Term:
    return every((negated(before), after))


KINDS: Final = (
    _Kind(
        "opens",
        lambda sides: _from_to(sides.stacks[0].goes, sides.stacks[1].goes),
        lambda _, old, new, name: _goes(new, name) and not _goes(old, name),
    ),
    _Kind(
        "closes",
        lambda sides: _from_to(sides.stacks[1].goes, sides.stacks[0].goes),
        lambda _, old, new, name: _goes(old, name) and not _goes(new, name),
    ),
    _Kind(
        "becomes a must",
        lambda sides: _from_to(sides.stacks[0].must, sides.stacks[1].must),
        lambda _, old, new, name: _must(new, name) and not _must(old, name),
    ),
    _Kind(
        "is no longer a must",
        lambda sides: _from_to(sides.stacks[1].must, sides.stacks[0].must),
        lambda _, old, new, name: _must(old, name) and not _must(new, name),
    ),
    _Kind(
        "is newly barred by a lock",
        lambda sides: _from_to(_on(sides, sides.stacks[0]), _on(sides, sides.stacks[1])),
        lambda sides, old, new, _: _locked(sides, new) and not _locked(sides, old),
    ),
    _Kind(
        "is no longer barred by a lock",
        lambda sides: _from_to(_on(sides, sides.stacks[1]), _on(sides, sides.stacks[0])),
        lambda sides, old, new, _: _locked(sides, old) and not _locked(sides, new),
    ),
)


# What is compared as data.


def _changed_duties(old: Pack, new: Pack) -> Iterator[Change]:
    yield from _changed_entries("duty", old.duties, new.duties)


def _changed_forms(old: Pack, new: Pack) -> Iterator[Change]:
    yield from _changed_entries("consent form", old.consent_forms, new.consent_forms)


def _changed_entries(
    what: str,
    old: Sequence[Duty] | Sequence[ConsentForm],
    new: Sequence[Duty] | Sequence[ConsentForm],
) -> Iterator[Change]:
    """Entries added, removed and changed; one that is not enabled does not exist."""
    before = {one.id: one for one in old if one.enabled}
    after = {one.id: one for one in new if one.enabled}
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield Change(f"{what} {name} is gone", {})
        elif name not in before:
            yield Change(f"{what} {name} is new: {_said(after[name])}", {})
        else:
            yield from _changed_fields(what, before[name], after[name])


def _changed_fields(
    what: str, old: Duty | ConsentForm, new: Duty | ConsentForm
) -> Iterator[Change]:
    for field in fields(new):
        was, is_now = getattr(old, field.name), getattr(new, field.name)
        if was != is_now and field.name not in _NOT_MEANT:
            yield Change(
                f"{what} {new.id}: {field.name} was {_plain(was)} and is {_plain(is_now)}", {}
            )


def _said(entry: Duty | ConsentForm) -> str:
    what = getattr(entry, "what", "")
    return str(what or ", ".join(one.key for one in getattr(entry, "elements", ())))


def _plain(value: object) -> str:
    if isinstance(value, (tuple, frozenset)):
        listed = [str(getattr(one, "key", one)) for one in value]
        return ", ".join(sorted(listed) if isinstance(value, frozenset) else listed) or "nothing"
    return str(value) if value not in ("", None) else "nothing"
