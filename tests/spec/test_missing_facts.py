"""A suspending fact that is simply left out permits nothing.

For every lock of every pack whose `when` hangs on a fact, asks are looked for that come out as a
permission with the fact one way and are barred by that lock with the fact the other way. Then the
fact is left out. Whoever forgets to say that the client objected must not thereby open the record.
"""

from dataclasses import replace
from itertools import islice, product

from angerona.packs import load
from angerona.rules.ask import read_ask
from angerona.rules.decide import decide
from angerona.rules.expressions import atoms, parse
from angerona.words import CLASSES, PURPOSES, RECIPIENTS, RELATIONS, ROLES
from spec.vocabulary import MORNING

FEWEST_ASKS = 100
PER_LOCK = 4
STEPS = 14
PACKS = load()
RELEASED = {"permit", "require"}
CLINICAL = ["psychiatrist", "psychologist"]

# Locks that no single fact takes from a permission to a bar and back, with the reason.
WITHOUT_A_SUSPENDING_FACT = {
    "de.stpo97": "whatever could give these recipients something on a paper opens the lock itself",
    "house.lock.restriction": "what was agreed is no fact, and an emergency opens",
    "uk.ch3a.lock": "the grounds that give the police these classes open the lock themselves",
}


def locks_that_hang_on_facts():
    for pack in PACKS.packs.values():
        for lock in pack.locks:
            if lock.enabled and facts_of(lock) and lock.id not in WITHOUT_A_SUSPENDING_FACT:
                yield pack, lock


def facts_of(lock):
    """The facts an Ask could state that the lock's condition reads."""
    read = (atom.fact for atom in atoms(parse(lock.when, PACKS.facts, lock.id)))
    return tuple(dict.fromkeys(fact for fact in read if fact in PACKS.facts))


def suspended(pack, lock):
    """Pairs of an Ask that permits and a fact that, turned round, has the lock bar it."""
    seen = set()
    for ask in openings(pack, lock):
        permitted = persuaded(ask, STEPS)
        for fact in facts_of(lock):
            key = (ask.to, ask.purpose, ask.instrument, ask.wants, fact)
            if permitted is not None and key not in seen and turns(permitted, fact, lock):
                seen.add(key)
                yield permitted, fact


def turns(ask, fact, lock):
    """Whether another value of the fact has the lock bar what was permitted."""
    if fact not in ask.facts:
        return False
    others = (value for value in values_of(fact) if value != ask.facts[fact])
    return any(lock.id in decide(stating(ask, fact, one), PACKS).locks for one in others)


def stating(ask, fact, value):
    return replace(ask, facts={**ask.facts, fact: value})


def without(ask, fact):
    return replace(ask, facts={key: value for key, value in ask.facts.items() if key != fact})


def values_of(fact):
    declared = PACKS.facts[fact]
    return {"bool": (True, False), "int": (40, 17, 10), "enum": declared.values}[declared.type]


def persuaded(ask, steps):
    """The Ask with its questions answered, each the way that keeps it open, or None."""
    answer = decide(ask, PACKS)
    if answer.outcome in RELEASED:
        return ask
    fact = next((one for one in answer.questions if one in PACKS.facts), None)
    if answer.outcome != "ask" or not steps or fact is None:
        return None
    told = (stating(ask, fact, value) for value in values_of(fact))
    return next((found for one in told if (found := persuaded(one, steps - 1))), None)


def openings(pack, lock):
    """An Ask for each ground that the lock could stand against.

    At first with nothing known, then with the lock's own facts stated in every way.
    """
    ids = (pack.id,) if pack.id in {"house", "us-part2"} else (*pack.extends, pack.id)
    facts = facts_of(lock)
    stated = [
        {},
        *(dict(zip(facts, each, strict=True)) for each in product(*map(values_of, facts))),
    ]
    grounds = [
        one
        for each in ids
        for one in PACKS.packs[each].grounds
        if one.enabled and one.verified and one.id not in lock.opens_for
    ]
    for known, ground in product(stated, grounds):
        for ask in asks_under(ids, ground, lock):
            yield replace(ask, facts=known)


def asks_under(ids, ground, lock):
    """Asks of the ground's own kind that the lock speaks of."""
    classes = among(CLASSES, ground.covers, lock.classes) - ground.excludes
    ways = product(
        sorted(classes)[:2],
        sorted(among(RECIPIENTS, ground.to, lock.to))[:2],
        sorted(among(PURPOSES, ground.purposes, lock.purposes))[:3],
        sorted(ground.instruments or {"none", "consent", "subpoena_attorney", "court_order"}),
    )
    for wanted, to, purpose, instrument in ways:
        raw = {
            "packs": list(ids),
            "at": MORNING,
            "by": hats(ground),
            "to": to,
            "purpose": purpose,
            "instrument": instrument,
            "wants": [wanted],
            "consents": [consent_for(wanted, to, purpose)] if ground.limit == "consent" else [],
        }
        yield read_ask(raw, PACKS.facts, PACKS.packs)


def among(words, *narrowed):
    found = set(words)
    for few in narrowed:
        found &= set(words) if few is None else few
    return found


def hats(ground):
    worn = ground.by or {*CLINICAL, "treating"}
    return {
        "role": [role for role in ROLES if role in worn] or CLINICAL,
        "relation": [relation for relation in RELATIONS if relation in worn] or ["treating"],
    }


def consent_for(wanted, to, purpose):
    """A consent with every element that any pack asks for."""
    forms = (form for pack in PACKS.packs.values() for form in pack.consent_forms)
    return {
        "by": "client",
        "form": "whole",
        "classes": [wanted],
        "to": [to],
        "purposes": [purpose],
        "from": None,
        "until": None,
        "revoked": None,
        "elements": {element.key: True for form in forms for element in form.elements},
    }


def test_asks_that_leave_out_a_suspending_fact_permit_nothing():
    pairs = {
        pack_and_lock[1].id: list(islice(suspended(*pack_and_lock), PER_LOCK))
        for pack_and_lock in locks_that_hang_on_facts()
    }
    asks = [(lock, ask, fact) for lock, found in pairs.items() for ask, fact in found]
    assert [lock for lock, found in pairs.items() if not found] == []
    assert len(asks) >= FEWEST_ASKS
    permitted = [
        f"{lock}: {fact} left out, {ask.wants} to {ask.to} for {ask.purpose}"
        for lock, ask, fact in asks
        if decide(without(ask, fact), PACKS).outcome in RELEASED
    ]
    assert not permitted, f"{len(permitted)} of {len(asks)}:\n" + "\n".join(permitted)


def test_an_engine_that_takes_unknown_for_no_is_caught():
    """The same ask, with the fact taken for what opens, is a permission: so the check can fail."""
    pack = PACKS.packs["us-hipaa"]
    lock = next(one for one in pack.locks if one.id == "us-hipaa.lock.restriction")
    ask, fact = next(suspended(pack, lock))
    assert decide(ask, PACKS).outcome in RELEASED
    assert decide(without(ask, fact), PACKS).outcome == "ask"


def test_the_exceptions_are_locks_that_hang_on_facts():
    ids = {lock.id for pack in PACKS.packs.values() for lock in pack.locks if facts_of(lock)}
    assert set(WITHOUT_A_SUSPENDING_FACT) <= ids
