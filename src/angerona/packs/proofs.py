"""What is true of the packs whatever is asked, proved by z3, or a counterexample where it is not.

Every proof is about all Asks at once: recipient, purpose, instrument, act, hats, class and facts
are symbols (terms.py, proving_stack.py say what is left out). A proof looks for an Ask that breaks
its claim in every stack of packs that an Ask may well name, and holds where there is none.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from angerona.packs.conflicts import load_conflicts
from angerona.packs.proving_asks import Found, smallest
from angerona.packs.proving_compiler import disagreements, table_disagreements
from angerona.packs.proving_stack import (
    NOTES,
    Base,
    Stack,
    at_most,
    bound_by_documents,
    consent_facts,
    stacks_of,
)
from angerona.packs.terms import (
    NO,
    YES,
    Known,
    Search,
    Symbols,
    Term,
    differs,
    every,
    negated,
    put_in,
    some,
    switch,
)
from angerona.words import PROCESS_NOTES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from angerona.packs.conflicts import Conflict
    from angerona.packs.proving_stack import LockTerms
    from angerona.rules.compile import Packs

Changes = list[tuple[Term, Term]]

NEVER_NOTES: Final = (
    "payer",
    "insurer",
    "employer",
    "school",
    "police",
    "opposing_attorney",
)
"""To whom process notes go only under a ground that the lock on them names."""

NOTES_GO_UNDER: Final = frozenset(
    {
        "house.look.author",
        "house.look.supervisor_notes",
        "house.consent_notes",
        "house.harm_notes",
        "house.court_notes",
        "house.own_notes",
        "us-hipaa.use.originator",
        "us-hipaa.use.training",
        "us-hipaa.defend_suit",
        "us-hipaa.authorization_notes",
        "us-hipaa.required_by_law",
        "us-hipaa.oversight_notes",
        "us-hipaa.hhs",
        "us-hipaa.coroner",
        "us-hipaa.threat",
        "us-hipaa.court_order_notes",
    }
)
"""The grounds that the locks on process notes may name (45 CFR 164.508(a)(2) and the house's own).

Said a second time on purpose: a lock that names a further ground is decided on here as well.
"""

REFUSAL_IS_AN_ELEMENT: Final[Mapping[str, str]] = MappingProxyType({})
"""Must-grounds whose own statute makes the client's objection an element, each with the words."""


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """One stack under proof, with short names for its verdicts."""

    stack: Stack
    search: Search
    goes: Term
    must: Term
    conflicts: Sequence[Conflict]


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim about every stack; `broken` is on where an Ask breaks it."""

    name: str
    claim: str
    broken: Callable[[Case], Term]


@dataclass(slots=True)
class Result:
    """What came of one proof: over how many stacks, in what time, and what broke it."""

    name: str
    claim: str
    stacks: int = 0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.broken

    def lines(self) -> Iterator[str]:
        """One line for the proof, and one for each thing that broke it."""
        word = "holds" if self.holds else "FAILS"
        over = f"{self.stacks} stacks, {self.seconds:.1f} s"
        yield f"{word}: {self.name} ({over}): {self.claim}"
        yield from (f"  {one}" for one in self.broken)


def prove(packs: Packs, report: Callable[[str], None]) -> bool:
    """Run every proof over the packs; `report` is given each line. Whether all of them hold.

    Raises `BadPack` if `conflicts.toml` names what is not in the packs.
    """
    begun = time.perf_counter()
    found = results(packs, load_conflicts(packs))
    for result in found:
        for line in result.lines():
            report(line)
    holding = sum(one.holds for one in found)
    report(f"{holding} of {len(found)} proofs hold ({time.perf_counter() - begun:.1f} s)")
    return holding == len(found)


def all_stacks(packs: Packs) -> tuple[tuple[str, ...], ...]:
    """Every list of packs that an Ask may well name."""
    listed = (stack for one in packs.packs for stack in stacks_of(packs.packs, one))
    return tuple(dict.fromkeys(listed))


def results(
    packs: Packs,
    conflicts: Sequence[Conflict],
    *,
    only: Collection[str] | None = None,
    stacks: Sequence[tuple[str, ...]] | None = None,
) -> list[Result]:
    """Every proof (or those named in `only`) over every stack (or `stacks`)."""
    chosen = [one for one in PROOFS if only is None or one.name in only]
    found = {one.name: Result(one.name, one.claim) for one in chosen}
    base = Base.over(Symbols(packs.facts))
    made = [
        Stack(base, tuple(packs.packs[one] for one in ids))
        for ids in (all_stacks(packs) if stacks is None else stacks)
    ]
    for stack in made:
        case = _case(stack, conflicts)
        together = _hold_together(case, found)
        for proof in chosen:
            if proof.name not in together:
                _try(proof, case, found[proof.name])
    for name, claim, look in COMPILER_PROOFS:
        if only is None or name in only:
            begun = time.perf_counter()
            broken = list(look(packs, made))
            seconds = time.perf_counter() - begun
            found[name] = Result(name, claim, len(made), seconds, broken)
    return list(found.values())


def _case(stack: Stack, conflicts: Sequence[Conflict]) -> Case:
    search = Search(stack.base.symbols, bound_by_documents(stack.base.symbols, stack.packs))
    return Case(stack, search, search.named(stack.goes), search.named(stack.must), conflicts)


def _hold_together(case: Case, found: Mapping[str, Result]) -> frozenset[str]:
    """Two proofs compare an Ask with a lesser one; one wider question often settles both."""
    both = [found[name] for name in ("consent", "unknown") if name in found]
    if len(both) < 2:  # noqa: PLR2004 -- one alone is asked as it is
        return frozenset()
    begun = time.perf_counter()
    settled = case.search.find(_lesser(case)) is None
    for result in both:
        result.stacks += settled
        result.seconds += (time.perf_counter() - begun) / len(both)
    return frozenset(one.name for one in both if settled)


def _try(proof: Proof, case: Case, result: Result) -> None:
    begun = time.perf_counter()
    broken = proof.broken(case)
    if broken is not NO:
        result.stacks += 1
        found = smallest(case.search, case.stack, broken)
        if found is not None:
            result.broken.append(_told(case.stack, found))
    result.seconds += time.perf_counter() - begun


def _told(stack: Stack, found: Found) -> str:
    says = found.model.says
    met = [one.ground.id for one in stack.grounds if says(one.met)]
    on = [one.lock.id for one in stack.locks if says(one.on)]
    silent = [one.pack.id for one in stack.layers if says(one.silently)]
    return f"{found}; met: {met}; locks on: {on}; barred for want of a ground: {silent}"


# Nothing without a ground.


def _without_ground(case: Case) -> Term:
    stack = case.stack
    grounded = every(
        some((negated(layer.speaks), *(one.met for one in stack.grounds if one.pack is layer.pack)))
        for layer in stack.layers
        if layer.pack.default == "closed"
    )
    met = some(one.met for one in stack.grounds)
    unlocked = every(negated(lock.on) for lock in stack.locks)
    return every((case.goes, negated(every((grounded, met, unlocked)))))


# Two Asks beside each other: the second with fewer consents, with less known, or refused.


def _opens(case: Case, changes: Changes) -> Term:
    """On where the second Ask is better than the first: it goes or must go, and the first not."""
    goes, must = put_in(case.stack.goes, changes), put_in(case.stack.must, changes)
    return some((every((goes, negated(case.goes))), every((must, negated(case.must)))))


def _lesser(case: Case) -> Term:
    """Facts forgotten and consents whatever, if only none of them is truer than before."""
    symbols = case.stack.base.symbols
    changes, bounds = _forgetting(case), []
    for key in consent_facts(case.stack.packs):
        fact = symbols.fact(key)
        other = Known(switch(f"other: {fact.known}"), switch(f"other: {fact.value}"), "bool")
        changes += [(fact.known, other.known), (fact.value, other.value)]
        bounds.append(some((negated(other.yes_no.yes), fact.yes_no.yes)))
    return every((_opens(case, changes), *bounds))


def _forgetting(case: Case) -> Changes:
    """That every fact but the consents may have become unknown, and the purpose unestablished."""
    symbols = case.stack.base.symbols
    known = [symbols.established]
    known += [symbols.fact(key).known for key in case.stack.facts if not key.startswith("consent.")]
    return [(one, every((one, switch(f"still {one}")))) for one in known]


def _fewer_consents(case: Case) -> Term:
    symbols, packs = case.stack.base.symbols, case.stack.packs
    changes: Changes = []
    bounds: list[Term] = []
    for key in consent_facts(packs):
        fact = symbols.fact(key)
        fewer = Known(switch(f"fewer: {fact.known}"), switch(f"fewer: {fact.value}"), "bool")
        changes += [(fact.known, fewer.known), (fact.value, fewer.value)]
        bounds += at_most(fewer.yes_no, fact.yes_no)
    bounds += [put_in(bound, changes) for bound in bound_by_documents(symbols, packs)]
    return every((_opens(case, changes), *bounds))


def _less_known(case: Case) -> Term:
    symbols = case.stack.base.symbols
    changes = _forgetting(case)
    for key in consent_facts(case.stack.packs):
        known = symbols.fact(key).known
        changes.append((known, every((known, switch(f"still {known}")))))
    return _opens(case, changes)


def _refused(case: Case) -> Term:
    symbols = case.stack.base.symbols
    objects, agrees = symbols.fact("client.objects"), symbols.fact("client.agrees")
    objected, disagreed = switch("now objects"), switch("now disagrees")
    changes = [
        (objects.known, some((objects.known, objected))),
        (objects.value, some((objects.value, objected))),
        (agrees.known, some((agrees.known, disagreed))),
        (agrees.value, every((agrees.value, negated(disagreed)))),
    ]
    excepted = some(
        differs(one.met, put_in(one.met, changes))
        for one in case.stack.grounds
        if one.ground.id in REFUSAL_IS_AN_ELEMENT
    )
    return every((case.must, negated(put_in(case.stack.must, changes)), negated(excepted)))


# Process notes.


def _locks_on_notes(stack: Stack, pack_id: str) -> list[LockTerms]:
    """The locks of a pack that are about process notes and nothing else."""
    return [
        one
        for one in stack.locks
        if one.pack.id == pack_id
        and one.lock.classes is not None
        and NOTES in one.lock.classes
        and one.lock.classes <= PROCESS_NOTES
    ]


def _notes_elsewhere(case: Case) -> Term:
    stack, symbols = case.stack, case.stack.base.symbols
    guards = [_locks_on_notes(stack, name) for name in ("house", "us-hipaa") if name in stack.ids]
    if not guards:
        return NO
    # A pack that has lost its lock on the notes names no ground at all.
    named = every(
        some(key.met for key in lock.keys if key.ground.id in NOTES_GO_UNDER)
        for locks in guards
        for lock in locks
    )
    return every(
        (
            case.goes,
            symbols.is_word("wanted", NOTES),
            symbols.among("to", NEVER_NOTES),
            negated(named) if all(guards) else YES,
        )
    )


def _notes_unnamed(case: Case) -> Term:
    symbols = case.stack.base.symbols
    nobody: Changes = []
    for key in consent_facts(case.stack.packs):
        fact = symbols.fact(key)
        nobody += [(fact.known, YES), (fact.value, NO)]
    return every(
        (
            case.goes,
            symbols.is_word("wanted", NOTES),
            negated(symbols.yes_no("consent.names_psychotherapy_notes").yes),
            negated(put_in(case.stack.goes, nobody)),
        )
    )


# Conflicts.


def _unlisted_conflict(case: Case) -> Term:
    stack = case.stack
    layers = {layer.pack.id: layer for layer in stack.layers}
    musts = {
        one.ground.id: every((one.met, layers[one.pack.id].must))
        for one in stack.grounds
        if one.ground.force == "must"
    }
    bars = {one.lock.id: every((one.on, layers[one.pack.id].speaks)) for one in stack.locks}
    bars |= {name: layer.silently for name, layer in layers.items()}
    listed = some(
        every((some(_of(musts, one.grounds)), some(_of(bars, (*one.locks, *one.closed)))))
        for one in case.conflicts
    )
    return every((stack.conflict, negated(listed)))


def _of(terms: Mapping[str, Term], names: tuple[str, ...]) -> list[Term]:
    return [terms[name] for name in names if name in terms]


PROOFS: Final = (
    Proof(
        "ground",
        "nothing goes without a met ground in every closed layer that speaks, and no lock is on",
        _without_ground,
    ),
    Proof(
        "consent",
        "revoking, expiring or narrowing a consent never lets more go, and never makes a must",
        _fewer_consents,
    ),
    Proof(
        "unknown",
        "forgetting a fact never lets more go, and never makes a must",
        _less_known,
    ),
    Proof(
        "notes",
        "process notes reach no payer, insurer, employer, school, police or opposing attorney "
        "but under a ground that each lock on them names, as listed",
        _notes_elsewhere,
    ),
    Proof(
        "notes-consent",
        "no consent that does not name the process notes lets them go anywhere",
        _notes_unnamed,
    ),
    Proof(
        "refusal",
        "no must is lost by the client's objection or disagreement",
        _refused,
    ),
    Proof(
        "conflict",
        "no two layers disagree but where conflicts.toml says so, and why",
        _unlisted_conflict,
    ),
)

COMPILER_PROOFS: Final[
    tuple[tuple[str, str, Callable[[Packs, Sequence[Stack]], Iterator[str]]], ...]
] = (
    (
        "compiler",
        "the compiler's circuits, classes, keys and forms say the same as these terms",
        disagreements,
    ),
    (
        "tables",
        "the cubes of tables say the same as these terms",
        table_disagreements,
    ),
)
