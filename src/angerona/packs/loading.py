"""Reads packs from TOML and checks them whole: every key, word, expression and reference.

Steps: (1) each file on its own; (2) the vocabulary of all files together; (3) every expression and
every reference against it. A wrong thing is one `BadPack` that names file, entry and key. A missing
parent (`extends`) is a warning, returned by `warnings_of`.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Final, TypeVar

from angerona.errors import BadPack, one_of
from angerona.packs import entries
from angerona.rules.compile import Packs
from angerona.rules.entries import Pack
from angerona.rules.expressions import parse, polarity_faults
from angerona.rules.reading import NAME, Table
from angerona.words import CLASSES, DEFAULTS, LOCAL_LAWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from angerona.rules.entries import Duty, Entry, Ground, Lock
    from angerona.rules.facts import Fact

    Made = TypeVar("Made", bound="Entry | Fact")

FILE_LIMIT: Final = 2_000_000
NOT_PACKS: Final = frozenset({"conflicts.toml"})


def load() -> Packs:
    """The packs that ship with the product. Raises `BadPack`."""
    with resources.as_file(resources.files("angerona.packs")) as folder:
        return load_folder(folder)


def load_folder(folder: Path) -> Packs:
    """Every `*.toml` of a folder as packs. Raises `BadPack`, also for a folder without any."""
    if not folder.is_dir():
        raise BadPack(folder.name or "the folder", "no such folder")
    files = [path for path in sorted(folder.glob("*.toml")) if path.name not in NOT_PACKS]
    if not files:
        raise BadPack(folder.name or "the folder", "holds no pack", "files named <pack id>.toml")
    packs = Packs({pack.id: pack for pack in map(read_pack, files)})
    for pack in packs.packs.values():
        _check(pack, packs)
    return packs


def read_pack(path: Path) -> Pack:
    """One pack file on its own: keys, words, types.

    Expressions and references are checked by `load_folder`.
    """
    raw = read_toml(path)
    top = Table(raw, f"{path.name}: ", BadPack)
    head = Table(top.need("pack"), f"{path.name}: [pack] ", BadPack)
    pack_id = head.name("id")
    if path.name != f"{pack_id}.toml":
        head.fail("id", "differs from the file's name", f"{path.name.removesuffix('.toml')}")
    as_of = head.date("as_of")
    if as_of is None:
        head.fail("as_of", "missing", "a date")
    made = Pack(
        id=pack_id,
        title=head.text("title"),
        jurisdiction=head.text("jurisdiction"),
        as_of=as_of,
        default=head.word("default", DEFAULTS),
        extends=head.texts("extends"),
        speaks_of=head.set_of("speaks_of", CLASSES),
        applies_when=head.text("applies_when", ""),
        local_law=head.word("local_law", (*LOCAL_LAWS, ""), ""),
        short=head.text("short", ""),
        note=head.text("note", ""),
        facts={one.key: one for one in _entries(top, "fact", pack_id, entries.fact, "key")},
        grounds=tuple(_entries(top, "ground", pack_id, entries.ground)),
        locks=tuple(_entries(top, "lock", pack_id, entries.lock)),
        duties=tuple(_entries(top, "duty", pack_id, entries.duty)),
        consent_forms=tuple(_entries(top, "consent_form", pack_id, entries.consent_form)),
        rights=tuple(_entries(top, "right", pack_id, entries.right)),
        breaches=tuple(_entries(top, "breach", pack_id, entries.breach)),
        retentions=tuple(_entries(top, "retention", pack_id, entries.retention)),
        helps=tuple(_entries(top, "help", pack_id, entries.help_line)),
    )
    head.done()
    top.done()
    return made


def read_toml(path: Path) -> dict[str, object]:
    """A TOML file as plain tables.

    Raises `BadPack` naming the file and, for broken TOML, the line.
    """
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise BadPack(path.name, "too large", f"at most {FILE_LIMIT} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as problem:
        raise BadPack(path.name, "not UTF-8 text") from problem
    except tomllib.TOMLDecodeError as problem:
        raise BadPack(path.name, f"not TOML: {problem}") from problem
    except RecursionError as problem:
        raise BadPack(path.name, "nested too deep") from problem
    except OSError as problem:
        raise BadPack(path.name, "cannot be read", problem.strerror or "") from problem


def _entries(
    top: Table, kind: str, pack: str, make: Callable[[Table, str], Made], name: str = "id"
) -> Iterator[Made]:
    seen: set[str] = set()
    for index, raw in enumerate(top.items(kind)):
        label = raw.get(name) if isinstance(raw, dict) else None
        named = isinstance(label, str) and NAME.match(label)
        table = Table(raw, f"{top.place}{kind} {label if named else f'no. {index + 1}'}: ", BadPack)
        made = make(table, pack)
        table.done()
        if label in seen:
            table.fail(name, "used twice")
        seen.add(str(label))
        yield made


def _check(pack: Pack, packs: Packs) -> None:
    """Check every expression and reference of one pack; the compiler then sees only what fits."""
    file = f"{pack.id}.toml"
    for index, parent in enumerate(pack.extends):
        if parent not in packs.packs:
            raise BadPack(f"{file}: [pack] extends[{index}]", "no such pack", one_of(packs.packs))
    for opens in (True, False):  # a layer both bars and opens, so it may lean neither way
        _check_condition(pack.applies_when, packs, f"{file}: [pack] applies_when", opens=opens)
    for fact in pack.facts.values():
        if fact.reads and fact.type != "bool":
            raise BadPack(f"{file}: fact {fact.key}: reads", "only a yes-or-no fact reads an order")
    grounds = {one.id for each in packs.packs.values() for one in each.grounds}
    for ground in pack.grounds:
        _check_ground(ground, packs, f"{file}: ground {ground.id}: ")
    for lock in pack.locks:
        _check_lock(lock, packs, grounds, f"{file}: lock {lock.id}: ")
    for duty in pack.duties:
        _check_duty(duty, packs, grounds, f"{file}: duty {duty.id}: ")
    _check_others(pack, packs, grounds, file)


def _check_others(pack: Pack, packs: Packs, grounds: set[str], file: str) -> None:
    """Rights, breaches and retentions decide nothing here, but their words must be right too."""
    for right in pack.rights:
        place = f"{file}: right {right.id}: "
        _references(right.ground, grounds, f"{place}ground")
        _references(right.leaves_out, grounds, f"{place}leaves_out")
        _references(right.only, grounds, f"{place}only")
        parse(right.when, packs.facts, f"{place}when")
        parse(right.refuse_when, packs.facts, f"{place}refuse_when")
    for breach in pack.breaches:
        parse(breach.when, packs.facts, f"{file}: breach {breach.id}: when")
        parse(breach.unless, packs.facts, f"{file}: breach {breach.id}: unless")
    for retention in pack.retentions:
        parse(retention.when, packs.facts, f"{file}: retention {retention.id}: when")


def _check_ground(ground: Ground, packs: Packs, place: str) -> None:
    _check_condition(ground.when, packs, f"{place}when", opens=True)
    for index, need in enumerate(ground.needs):
        _check_condition(need.expr, packs, f"{place}needs[{index}]", opens=True)
    for index, way in enumerate(ground.ways):
        if way.done and getattr(packs.facts.get(way.done), "type", "") != "bool":
            raise BadPack(f"{place}ways[{index}].done", "no such yes-or-no fact", "declare it")


def _check_lock(lock: Lock, packs: Packs, grounds: set[str], place: str) -> None:
    _check_condition(lock.when, packs, f"{place}when", opens=False)
    _references(lock.opens_for, grounds, f"{place}opens_for")


def _check_duty(duty: Duty, packs: Packs, grounds: set[str], place: str) -> None:
    parse(duty.when, packs.facts, f"{place}when")
    _references(duty.on, grounds, f"{place}on")


def _check_condition(text: str, packs: Packs, place: str, *, opens: bool) -> None:
    for fault in polarity_faults(parse(text, packs.facts, place), opens=opens):
        raise BadPack(place, f"{fault} would open here on what is not known", "turn it round")


def _references(names: tuple[str, ...], grounds: set[str], place: str) -> None:
    for index, name in enumerate(names):
        if "." in name and name not in grounds:
            raise BadPack(f"{place}[{index}]", f"no ground {name}", one_of(grounds, name))


def warnings_of(packs: Packs, ids: tuple[str, ...]) -> list[str]:
    """What an Ask's list of packs leaves out: parents that a named pack extends."""
    return [
        f"{one} builds on {parent}, which is not among the laws asked"
        for one in ids
        for parent in packs.packs[one].extends
        if parent not in ids
    ]
