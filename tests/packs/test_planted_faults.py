"""Faults put into packs and compiler on purpose: each turns one named proof or one case red.

Every fault is also left out once, and then the same proof or case is green.
"""

import copy
import functools
from dataclasses import dataclass, replace

import pytest

from angerona.packs import load, proofs
from angerona.packs.conflicts import load_conflicts
from angerona.rules import circuits, judging, tables
from angerona.rules import compile as compiling
from angerona.rules.ask import read_ask
from angerona.rules.compile import Packs
from angerona.rules.decide import decide
from angerona.rules.judging import Bar, Status
from spec.checking import mismatches
from spec.gathering import all_cases

CALIFORNIA = ("house", "us-hipaa", "us-ca")
PROGRAMME = ("us-hipaa", "us-part2")


@dataclass(frozen=True)
class Fault:
    """`red` is a proof, looked for in `stack`, or the id of a case if there is no stack."""

    what: str
    red: str
    plant: object
    stack: tuple = ()


@functools.cache
def shipped():
    return load()


@functools.cache
def cases():
    return {case.id: case for case in all_cases()}


def is_red(fault, packs):
    if fault.stack:
        found = proofs.results(
            packs, load_conflicts(shipped()), only=[fault.red], stacks=[fault.stack]
        )
        return not all(result.holds for result in found)
    case = cases()[fault.red]
    answer = decide(read_ask(copy.deepcopy(case.ask), packs.facts, packs.packs), packs)
    return bool(list(mismatches(case, answer.as_json())))


# Faults in packs.


def entry(kind, name, **changes):
    """Change one entry; without changes it is dropped."""

    def plant(packs):
        pack = packs.packs[name.split(".")[0]]
        kept = [
            replace(one, **changes) if one.id == name else one
            for one in getattr(pack, kind)
            if changes or one.id != name
        ]
        assert kept != list(getattr(pack, kind)), f"there is no {name} to change"
        return Packs({**packs.packs, pack.id: replace(pack, **{kind: tuple(kept)})})

    return plant


def ground(name, **changes):
    return entry("grounds", name, **changes)


def lock(name, **changes):
    return entry("locks", name, **changes)


def reworded(kind, name, before, after):
    """Change the words of one expression of an entry: its `when` or one of its needs."""

    def plant(packs):
        one = next(one for one in getattr(packs.packs[name.split(".")[0]], kind) if one.id == name)
        changes = {"when": one.when.replace(before, after)}
        if kind == "grounds":
            changes["needs"] = tuple(
                replace(need, expr=need.expr.replace(before, after)) for need in one.needs
            )
        return entry(kind, name, **changes)(packs)

    return plant


def needing(name, expr):
    """Add a need to a ground."""

    def plant(packs):
        pack = packs.packs[name.split(".")[0]]
        one = next(one for one in pack.grounds if one.id == name)
        more = replace(one.needs[0], expr=expr)
        return ground(name, needs=(*one.needs, more))(packs)

    return plant


def without_need(name, expr):
    """Drop a need of a ground."""

    def plant(packs):
        pack = packs.packs[name.split(".")[0]]
        one = next(one for one in pack.grounds if one.id == name)
        kept = tuple(need for need in one.needs if need.expr != expr)
        assert kept != one.needs, f"{name} does not need {expr}"
        return ground(name, needs=kept)(packs)

    return plant


def opening(name, *more):
    """Let further grounds open a lock."""

    def plant(packs):
        pack = packs.packs[name.split(".")[0]]
        one = next(one for one in pack.locks if one.id == name)
        return lock(name, opens_for=(*one.opens_for, *more))(packs)

    return plant


def head(name, **changes):
    return lambda packs: Packs({**packs.packs, name: replace(packs.packs[name], **changes)})


def both(*plants):
    return lambda packs: functools.reduce(lambda found, plant: plant(found), plants, packs)


IN_PACKS = [
    Fault(
        "the house's lock on process notes dropped",
        "notes",
        lock("house.lock.psychotherapy_note"),
        ("house", "us-hipaa"),
    ),
    Fault(
        "HIPAA's lock on process notes switched off",
        "notes",
        lock("us-hipaa.lock.psychotherapy_notes", enabled=False),
        ("us-hipaa",),
    ),
    Fault(
        "an opens_for too many on the process notes",
        "notes",
        both(
            opening("us-hipaa.lock.psychotherapy_notes", "us-hipaa.payment"),
            ground("us-hipaa.payment", covers=None, excludes=frozenset()),
        ),
        ("us-hipaa",),
    ),
    Fault(
        "a lock that hangs on knowing",
        "unknown",
        lock("house.lock.legal", when="known(client.objects)"),
        ("house",),
    ),
    Fault(
        "known() turned round in a need",
        "unknown",
        needing("us-ca.protect", "not known(client.objects)"),
        CALIFORNIA,
    ),
    Fault(
        "a consent taken for a reason to bar",
        "consent",
        lock("house.lock.legal", when="consent.covers"),
        ("house",),
    ),
    Fault(
        "a consent asked to be missing",
        "consent",
        needing("us-ca.protect", "not consent.covers"),
        CALIFORNIA,
    ),
    Fault(
        "a must that asks the client",
        "refusal",
        needing("us-ca.protect", "client.agrees"),
        CALIFORNIA,
    ),
    Fault(
        "a lock on the client's objection, which no must opens",
        "refusal",
        lock("house.lock.legal", classes=None, when="client.objects", opens_for=()),
        CALIFORNIA,
    ),
    Fault(
        "a lock that bars what another law demands",
        "conflict",
        lock("us-ca.lock.parent", to=None, when="", opens_for=()),
        CALIFORNIA,
    ),
    Fault("may instead of must", "N064", ground("us-ca.protect", force="may")),
    Fault("a law that defers instead of forbidding", "N024", head("us-hipaa", default="defer")),
    Fault("a law that forbids instead of deferring", "S11", head("us-ca", default="closed")),
    Fault("a lock dropped", "N178", lock("us-ca.lock.subpoena")),
    Fault(
        "and instead of or",
        "C17",
        reworded("grounds", "us-ca.protect", "threat.made or", "threat.made and"),
    ),
    Fault("a need dropped", "N086", without_need("us-ca.protect", "threat.serious")),
    Fault(
        "a negation dropped",
        "S41",
        reworded("grounds", "us-ca.abuse.adult", "not us_ca", "us_ca"),
    ),
    Fault(
        "a consent that skips the form",
        "S60",
        without_need("us-hipaa.authorization", "consent.form_ok"),
    ),
    Fault("a law that applies to everybody", "N070", head("us-part2", applies_when="")),
    Fault(
        "a law that speaks of too little",
        "N055",
        head("us-part2", speaks_of=frozenset({"substance_use"})),
    ),
]


@pytest.mark.parametrize("fault", IN_PACKS, ids=lambda fault: fault.what)
def test_a_fault_in_a_pack_is_seen(fault):
    assert not is_red(fault, shipped())
    assert is_red(fault, fault.plant(shipped()))


# Faults in the compiler, and in what reads from it.


def changed(owner, name, change):
    """Wrap a function: `change(result, *arguments)` gives what it returns instead."""

    def plant(monkeypatch):
        sound = getattr(owner, name)

        def faulty(*arguments, **named):
            return change(sound(*arguments, **named), *arguments)

        monkeypatch.setattr(owner, name, faulty)

    return plant


def instead(owner, name, faulty):
    return lambda monkeypatch: monkeypatch.setattr(owner, name, faulty)


def compiled_ground(change):
    return changed(
        compiling.Law,
        "_ground",
        lambda made, _law, _i, layer, _g: replace(made, **change(made, layer)),
    )


def conjunction_false_if_all_are(self, condition):
    return falsity_with(self, condition, conjunction=circuits.every)


def negation_lost_in_falsity(self, condition):
    return falsity_with(self, condition, negation=self.falsity)


def falsity_with(self, condition, conjunction=circuits.some, negation=None):
    match condition:
        case compiling.Atom():
            return circuits.Lit(self.fails(condition))
        case circuits.Not(part):
            return (negation or self.truth)(part)
        case compiling.And(parts):
            return conjunction(self.falsity(part) for part in parts)
        case circuits.Or(parts):
            return circuits.every(self.falsity(part) for part in parts)


def disjunction_true_if_all_are(self, condition):
    match condition:
        case circuits.Or(parts):
            return circuits.every(self.truth(part) for part in parts)
    return SOUND_TRUTH(self, condition)


SOUND_TRUTH = circuits.Alphabet.truth


def at_most_for_less(atom, equals, value):
    if atom.test == "lt":
        return int(value) <= int(atom.value)
    return SOUND_HOLDS(atom, equals, value)


SOUND_HOLDS = compiling._holds  # noqa: SLF001 -- a fault is put where it would be made


def never_unknown(monkeypatch):
    """`known(x)` holds whether or not x is known."""
    sound = compiling.Literals.__init__

    def faulty(self, alphabet):
        sound(self, alphabet)
        for atom in alphabet.numbers:
            if atom.test == "known":
                self.nothing_known ^= alphabet.fails(atom) | alphabet.holds(atom)

    monkeypatch.setattr(compiling.Literals, "__init__", faulty)


def without_keys(spread, lock, wanted):
    return spread._read(lock.off, wanted, ())  # noqa: SLF001 -- a fault is put where it would be made


def waits_and_is_met(found, _spread, fact, _wanted, within):
    return circuits.YES if fact in within else found


IN_THE_COMPILER = [
    Fault(
        "a conjunction false only if every part is",
        "compiler",
        instead(circuits.Alphabet, "falsity", conjunction_false_if_all_are),
        CALIFORNIA,
    ),
    Fault(
        "a disjunction true only if every part is",
        "compiler",
        instead(circuits.Alphabet, "truth", disjunction_true_if_all_are),
        CALIFORNIA,
    ),
    Fault(
        "a negation lost where falsity is asked",
        "compiler",
        instead(circuits.Alphabet, "falsity", negation_lost_in_falsity),
        CALIFORNIA,
    ),
    Fault(
        "at most for less than",
        "compiler",
        instead(compiling, "_holds", at_most_for_less),
        CALIFORNIA,
    ),
    Fault(
        "known() of what is not known",
        "compiler",
        never_unknown,
        ("us-hipaa", "us-fl"),
    ),
    Fault(
        "excludes not taken away",
        "compiler",
        compiled_ground(
            lambda made, layer: {"classes": (made.ground.covers or layer.classes) & layer.classes}
        ),
        ("us-hipaa",),
    ),
    Fault(
        "a ground that does not die with its law",
        "compiler",
        compiled_ground(lambda _made, _layer: {"dead": circuits.NO}),
        PROGRAMME,
    ),
    Fault(
        "a ground met though nobody has seen its text",
        "compiler",
        compiled_ground(lambda made, layer: {} if made.ground.verified else {"met": layer.applies}),
        ("nz",),
    ),
    Fault(
        "a lock that forgets the grounds that open it",
        "compiler",
        changed(compiling.Law, "_keys", lambda _keys, *_rest: set()),
        ("house",),
    ),
    Fault(
        "a lock that every ground opens",
        "compiler",
        changed(
            compiling.Law, "_keys", lambda _keys, law, *_rest: {one.index for one in law.grounds}
        ),
        ("house",),
    ),
    Fault(
        "a form that asks for nothing",
        "compiler",
        changed(
            compiling.Law,
            "_layer",
            lambda made, *_: replace(made, forms=dict.fromkeys(made.forms, frozenset())),
        ),
        ("us-hipaa",),
    ),
    Fault(
        "a law that always applies",
        "compiler",
        changed(compiling.Law, "_layer", lambda made, *_: replace(made, applies=circuits.YES)),
        PROGRAMME,
    ),
    Fault(
        "a table whose locks no ground opens",
        "tables",
        instead(tables._Spread, "_off", without_keys),  # noqa: SLF001 -- put where it would be made
        ("house",),
    ),
    Fault(
        "a table in which law.requires starts true",
        "tables",
        changed(tables._Spread, "_law", waits_and_is_met),  # noqa: SLF001 -- put where it would be made
        ("house", "eu"),
    ),
    Fault(
        "a table that lets pass where one layer does",
        "tables",
        instead(tables._Spread, "_passes", lambda _spread, _layer, _wanted: circuits.YES),  # noqa: SLF001 -- put where it would be made
        ("house", "us-hipaa"),
    ),
]


@pytest.mark.parametrize("fault", IN_THE_COMPILER, ids=lambda fault: fault.what)
def test_a_fault_in_the_compiler_is_seen(fault, monkeypatch):
    # Compiled anew each time: packs keep what has been compiled of them.
    assert not is_red(fault, Packs(shipped().packs))
    fault.plant(monkeypatch)
    assert is_red(fault, Packs(shipped().packs))


# Faults in the judging, which no proof reaches: a case sees them.


def sure_in_spite_of_an_open_key(bar, _matter, one, state, _statuses):
    return Bar.ON if bar is Bar.UNSURE and one.is_sure(state) else bar


IN_THE_JUDGING = [
    Fault(
        "a lock that is on while a ground that opens it is open",
        "SPEC-003",
        changed(judging, "_bar", sure_in_spite_of_an_open_key),
    ),
    Fault(
        "a lock that bars only when it is sure",
        "SPEC-331",
        changed(judging, "_bar", lambda bar, *_: Bar.ON if bar is Bar.ON else Bar.OFF),
    ),
    Fault(
        "law.requires that is always true",
        "W127",
        instead(judging, "_requires_permits", lambda _grounds, _statuses: (True, True)),
    ),
    Fault(
        "an open ground taken for a met one",
        "W129",
        changed(
            judging,
            "_status",
            lambda status, *_: Status.MET if status is Status.OPEN else status,
        ),
    ),
    Fault(
        "one layer's may over another layer's question",
        "N127",
        changed(
            judging,
            "_across",
            lambda word, layers: "may" if word == "open" and "may" in layers else word,
        ),
    ),
    Fault(
        "a must over another layer's bar",
        "W135",
        changed(judging, "_across", lambda word, _: "must" if word == "conflict" else word),
    ),
]


@pytest.mark.parametrize("fault", IN_THE_JUDGING, ids=lambda fault: fault.what)
def test_a_fault_in_the_judging_is_seen(fault, monkeypatch):
    assert not is_red(fault, shipped())
    fault.plant(monkeypatch)
    assert is_red(fault, shipped())


def test_there_are_faults_enough():
    assert len(IN_PACKS) + len(IN_THE_COMPILER) + len(IN_THE_JUDGING) >= 24
