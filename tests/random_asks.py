"""Random Asks that reach the corners of the packs, for comparing two readers of docs/LANGUAGE.md.

`asks(seed, count, packs, stacks)` gives the same Asks for the same seed. Most Asks aim at one
ground or lock of a stack: the Ask is made to fit it, facts are narrowed to what its expressions
wish for, the other closed layers get a ground of their own to agree on; then some facts are
flipped, dropped or nulled, and papers are made slightly wrong.

Run as a program with a folder of packs it prints the mix of outcomes.
"""

import collections
import random
import sys

from angerona.rules.facts import CORE_FACTS
from angerona.words import (
    ACTS,
    ATTRIBUTES,
    CLASSES,
    EVERYTHING,
    INSTRUMENTS,
    ORDER_SIGNERS,
    PROCESS_NOTES,
    PURPOSES,
    RECIPIENTS,
    RELATIONS,
    ROLES,
)
from naive_expressions import compare, parse, truth
from naive_reader import decide, load

AGES = (0, 9, 12, 13, 14, 15, 16, 17, 18, 19, 30, 45, 59, 60, 64, 65, 66, 70, 85)
TIMES = ("2026-11-23T10:00:00Z",) * 4 + ("2026-11-23T21:30:00-05:00", "2026-11-24T01:00:00+02:00")
PLACES = ("US-WY", "US-CA", "GB", "DE", "FR", "ZZ")
ON_ORDER = ("order.", "warrant.", "recipient.named_in_order")
FOR_ORDERS = (
    "court_order",
    "search_warrant",
    "subpoena_court",
    "subpoena_attorney",
    "grand_jury_subpoena",
    "administrative_warrant",
    "statutory_demand",
)
SPOILED = (
    *("revoked", "until", "from", "to", "purposes", "by"),
    *("classes", "classes", "elements", "elements", "elements"),
)
NAMED_BY = {"to": "to", "purposes": "purpose", "instruments": "instrument"}
DATES = ("2020-01-01", "2026-11-22", "2026-11-23", "2026-11-24", "2030-01-01")


def stacks_of(packs):
    """The stacks people would use: each law alone, under its parents, and under the house."""
    chains = {(name,) for name in packs}
    for name, pack in packs.items():
        parents = list(pack["pack"].get("extends", []))
        country = name.partition("-")[0]
        parents += [country] if country in packs and country != name else []
        chains.add((*dict.fromkeys(p for p in parents if p in packs), name))
    chains |= {(*c[:1], "us-part2", *c[1:]) for c in chains if c[0] == "us-hipaa" and len(c) > 1}
    chains = {c for c in chains if len(set(c)) == len(c) and "house" not in c}
    stacks = [("house",), *chains, *(("house", *chain) for chain in chains)]
    return sorted(stack for stack in stacks if all(name in packs for name in stack))


def facts_in(tree):
    """Every fact name in a parsed expression."""
    if tree[0] in ("fact", "known"):
        return [tree[1]]
    if tree[0] == "constant":
        return []
    parts = [tree[1]] if tree[0] == "not" else tree[1]
    return [name for part in parts for name in facts_in(part)]


def classes_named(wants):
    """The classes of wants and passages, each once."""
    named = [[want] if isinstance(want, str) else want["classes"] for want in wants]
    return list(dict.fromkeys(class_ for classes in named for class_ in classes))


class Stack:
    """The packs of one stack, and what is worth choosing from them."""

    def __init__(self, names, packs):
        self.names = names
        self.packs = [packs[name] for name in names]
        self.grounds = [(p, g) for p in self.packs for g in p.get("ground", []) if enabled(g)]
        self.locks = [(p, k) for p in self.packs for k in p.get("lock", []) if enabled(k)]
        self.duties = [(p, d) for p in self.packs for d in p.get("duty", []) if enabled(d)]
        self.elements = sorted(
            {e["key"] for p in self.packs for f in p.get("consent_form", []) for e in f["elements"]}
        )
        declared = [fact for pack in packs.values() for fact in pack.get("fact", [])]
        self.reads = {fact["key"]: fact["reads"] for fact in declared if fact.get("reads")}
        self.domains = {key: domain(fact.type, fact.values) for key, fact in CORE_FACTS.items()}
        self.domains |= {
            fact["key"]: domain(fact["type"], fact.get("values", ())) for fact in declared
        }

    def vocabulary(self, entries):
        """The facts that these entries read and an Ask may state, in a fixed order."""
        names = [
            name
            for pack, entry in entries
            for text in texts_of(pack, entry)
            for name in facts_in(parse(text))
        ]
        names += [self.reads[name] for name in names if name in self.reads]
        return [name for name in dict.fromkeys(names) if name in self.domains]


def enabled(entry):
    return entry.get("enabled", True)


def domain(kind, values):
    return {"bool": (True, False), "int": AGES, "enum": tuple(values)}[kind]


def texts_of(pack, entry):
    needs = [need.get("expr", need.get("fact")) for need in entry.get("needs", [])]
    done = [way["done"] for way in entry.get("ways", []) if way.get("done")]
    texts = [pack["pack"].get("applies_when"), entry.get("when"), *needs, *done]
    return [text for text in texts if text is not None]


class Plan:
    """One Ask in the making."""

    def __init__(self, dice, stack):
        self.dice = dice
        self.stack = stack
        self.possible = {}  # fact -> the values it may still take
        self.unknown = set()
        self.wants_consent = False
        self.restricts = False
        self.role = dice.choice(list(ROLES))
        self.relation = dice.choice(["treating", "author", *RELATIONS])
        self.attributes = {
            "to": dice.choice(list(RECIPIENTS)),
            "purpose": dice.choice(list(PURPOSES)),
            "instrument": dice.choice(["none", "consent", *INSTRUMENTS]),
            "act": "hand_over",
            "wanted": dice.choice(list(CLASSES)),
        }

    def see(self, name):
        """What is settled already: attributes, never facts."""
        if name == "by.role":
            return frozenset([self.role])
        if name == "by.relation":
            return frozenset([self.relation])
        return self.attributes.get(name)

    # Fitting an entry.

    def aim(self, pack, entry, default_acts):
        """Make everything but the facts fit this entry, then wish for its facts."""
        for key, attribute in NAMED_BY.items():
            if entry.get(key):
                self.attributes[attribute] = self.dice.choice(entry[key])
        if entry.get("acts", default_acts):
            self.attributes["act"] = self.dice.choice(entry.get("acts", default_acts))
        if entry.get("by"):
            self.put_hat(self.dice.choice(entry["by"]))
        covered = entry.get("covers", entry.get("classes", list(CLASSES)))
        covered = [c for c in covered if c not in entry.get("excludes", ())]
        covered = [c for c in covered if c in pack["pack"].get("speaks_of", CLASSES)]
        self.attributes["wanted"] = self.dice.choice(covered or list(CLASSES))
        self.satisfy(pack, entry, changing=True)

    def put_hat(self, hat):
        if hat in ROLES:
            self.role = hat
        else:
            self.relation = hat

    def satisfy(self, pack, entry, *, changing=False):
        needs = [need.get("expr", need.get("fact")) for need in entry.get("needs", [])]
        for text in (pack["pack"].get("applies_when"), entry.get("when"), *needs):
            if text is not None:
                self.wish(parse(text), wanted=True, changing=changing)
        for way in entry.get("ways", []):
            if way.get("done"):
                self.narrow(way["done"], lambda v: v is False)

    def fits(self, ground):
        hats = (self.role, self.relation)
        return (
            ("by" not in ground or any(hat in ground["by"] for hat in hats))
            and self.named(ground)
            and self.attributes["instrument"] in ground.get("instruments", INSTRUMENTS)
            and self.attributes["act"] in ground.get("acts", ["hand_over"])
            and self.attributes["wanted"] in ground.get("covers", CLASSES)
            and self.attributes["wanted"] not in ground.get("excludes", ())
        )

    def named(self, entry):
        return self.attributes["to"] in entry.get("to", RECIPIENTS) and self.attributes[
            "purpose"
        ] in entry.get("purposes", PURPOSES)

    def agree(self):
        """Let the other closed layers have a ground too, and keep locks off."""
        for pack in self.stack.packs:
            own = [g for p, g in self.stack.grounds if p is pack and self.fits(g)]
            if own and self.dice.random() < 0.9:
                self.satisfy(pack, self.dice.choice(own))
        for _, lock in self.stack.locks:
            if self.named(lock) and lock.get("when") and self.dice.random() < 0.7:
                self.wish(parse(lock["when"]), wanted=False)

    # Wishing.

    def wish(self, tree, *, wanted, changing=False):
        """Narrow facts so that an expression becomes what is wanted."""
        if truth(tree, self.see) is wanted:
            return
        kind, inner = tree[0], tree[1]
        if kind == "not":
            self.wish(inner, wanted=not wanted, changing=changing)
        elif kind in ("and", "or"):
            parts = inner
            if wanted is (kind == "or"):
                hopeful = [p for p in inner if truth(p, self.see) is not (not wanted)]
                parts = [self.dice.choice(hopeful or inner)]
            for part in parts:
                self.wish(part, wanted=wanted, changing=changing)
        elif kind == "known":
            self.unknown |= set() if wanted else {inner}
        elif kind == "compare":
            self.wish_compare(tree, wanted=wanted, changing=changing)
        elif kind == "fact":
            self.wish_fact(inner, wanted=wanted)

    def wish_compare(self, tree, *, wanted, changing):
        (left, right), sign = tree[1][:2], tree[2][0]
        if left[0] != "fact" or right[0] != "constant":
            return
        name = left[1]
        if name in ATTRIBUTES and changing:
            fitting = [w for w in ATTRIBUTES[name] if compare(w, sign, right[1]) is wanted]
            if fitting:
                self.change(name, self.dice.choice(fitting))
        elif name in self.stack.domains:
            self.narrow(name, lambda v: compare(v, sign, right[1]) is wanted)

    def change(self, name, word):
        if name in ("by.role", "by.relation"):
            self.put_hat(word)
        else:
            self.attributes[name] = word

    def wish_fact(self, name, *, wanted):
        if name == "consent.withholds":
            self.restricts = wanted
        elif name.startswith("consent."):
            self.wants_consent |= wanted
        elif name in ("law.requires", "law.permits") and wanted:
            self.support(name)
        elif name in self.stack.domains:
            self.narrow(name, lambda v: v is wanted)

    def support(self, name):
        """Let some law ground say what a fact across layers asks for."""
        law = [
            (p, g)
            for p, g in self.stack.grounds
            if p["pack"]["id"] != "house"
            and (g["force"] == "must" or name == "law.permits")
            and self.fits(g)
            and not any("law." in text for text in texts_of(p, g))
        ]
        if law:
            self.satisfy(*self.dice.choice(law))

    def narrow(self, name, fits):
        """Keep the values that fit; what was wished first wins."""
        if name in self.stack.domains:
            kept = self.possible.get(name, self.stack.domains[name])
            self.possible[name] = [v for v in kept if fits(v)] or kept

    # Finishing.

    def classes(self):
        """What is wanted, passages and all."""
        dice, most = self.dice, list(CLASSES)
        chosen = [self.attributes["wanted"]] if dice.random() < 0.96 else []
        chosen += dice.sample(most, dice.choice([0, 0, 0, 1, 1, 2]) or (0 if chosen else 1))
        chosen = list(dict.fromkeys(chosen))
        if dice.random() < 0.02:
            return [EVERYTHING]
        if dice.random() < 0.08:
            within = [chosen[0], *dice.sample(most, dice.choice([0, 1, 2]))]
            chosen.append({"passage": "p1", "classes": list(dict.fromkeys(within))})
            return chosen if dice.random() < 0.5 else chosen[1:]
        return chosen

    def facts(self, noise):
        """Wished facts mostly as wished; other facts that matter here mostly unknown or random."""
        entries = [(p, g) for p, g in self.stack.grounds if self.named(g)]
        entries += [(p, k) for p, k in self.stack.locks if self.named(k)]
        entries += self.stack.duties if self.dice.random() < 0.5 else []
        facts = {}
        for name in self.stack.vocabulary(entries):
            wished = name in self.possible and name not in self.unknown
            values = self.possible[name] if wished else self.stack.domains[name]
            if self.dice.random() < (1 - noise / 2 if wished else 0.3):
                facts[name] = self.dice.choice(values)
            if wished and self.dice.random() < noise / 2:
                facts[name] = self.dice.choice([None, *self.stack.domains[name]])
        return facts

    def consent(self, wants, facts, noise):
        """A consent that would do, and often not quite."""
        dice = self.dice
        named = classes_named(wants)
        consent = {
            "by": dice.choice(["client"] * 6 + ["parent", "parent", "representative"]),
            "form": "general",
            "classes": named,
            "to": [self.attributes["to"]],
            "purposes": [self.attributes["purpose"]],
            "from": "2026-01-01",
            "until": dice.choice([None, "2027-01-01", "2026-11-24"]),
            "revoked": dice.choice([None, None, None, "2026-11-25"]),
            "elements": dict.fromkeys(self.stack.elements, True),
        }
        if set(named) & PROCESS_NOTES and dice.random() < 0.7:
            consent["classes"] = [c for c in consent["classes"] if c in PROCESS_NOTES]
        self.sign(consent, facts)
        while dice.random() < noise:
            self.spoil(consent)
        return consent

    def sign(self, consent, facts):
        """Mostly let the signer be entitled, by the facts that decide it."""
        if self.dice.random() < 0.3:
            return
        if consent["by"] == "client":
            facts.pop("client.capacity", None)
            if facts.get("client.age") is not None and facts["client.age"] < 18:
                facts["client.consented_own_care"] = self.dice.choice([True, None])
                facts["client.mature_minor"] = self.dice.choice([True, False])
        elif consent["by"] == "parent":
            facts["client.age"] = self.dice.choice([4, 11, 15])
            facts["client.consented_own_care"] = False
            facts["client.mature_minor"] = self.dice.choice([False, None])
        else:
            consent["elements"].pop("signer_authority", None)
            facts["recipient.has_legal_authority"] = True
            if self.dice.random() < 0.4:
                consent["elements"]["signer_authority"] = self.dice.choice([True, False])

    def spoil(self, consent):
        dice = self.dice
        key = dice.choice(SPOILED)
        if key in ("revoked", "until", "from"):
            consent[key] = dice.choice(DATES)
        elif key == "classes":
            other = dice.choice([EVERYTHING, *sorted(PROCESS_NOTES), *CLASSES])
            consent[key] = dice.choice([[], [other], [*consent[key], other], [EVERYTHING, other]])
        elif key == "to":
            other = dice.choice(list(RECIPIENTS))
            consent[key] = dice.choice([[], [other, *consent[key]], ["police"]])
        elif key == "purposes":
            consent[key] = dice.choice([[], [*consent[key], "payment"], ["marketing"]])
        elif key == "elements" and consent[key]:
            element = dice.choice(list(consent[key]))
            consent[key] |= {element: False}
            if dice.random() < 0.5:
                del consent[key][element]
        elif key == "by":
            consent["by"] = dice.choice(["client", "parent", "representative"])

    def restriction(self, wants):
        dice, to = self.dice, self.attributes["to"]
        named = [one for one in classes_named(wants) if one in CLASSES] or list(CLASSES)
        return {
            "classes": dice.choice([named, named[:1], [dice.choice(list(CLASSES))]]),
            "to": dice.choice([[to], ["payer", to], ["payer"]]),
            "purposes": dice.choice([[self.attributes["purpose"]], ["payment", "treatment"]]),
            "paid": dice.random() < 0.3,
        }

    def order(self, wants, noise):
        dice = self.dice
        named = classes_named(wants)

        def mostly(good, bad):
            return dice.choice(bad) if dice.random() < noise else good

        to = [self.attributes["to"]]
        if to == ["court"] and dice.random() < 0.4:  # a court need not be named
            to = []
        return {
            "kind": mostly(self.attributes["instrument"], FOR_ORDERS),
            "signed_by": mostly("judge", list(ORDER_SIGNERS)),
            "classes": mostly(named, [[], [EVERYTHING], named[:1]]),
            "to": mostly(to, [[], ["police"], ["court", "prosecutor"]]),
            "from": mostly("2026-11-01", [None, *DATES]),
            "until": mostly(None, DATES),
            "part2_findings": mostly(dice.random() < 0.6, [None]),
            "secrecy": mostly(dice.random() < 0.3, [None, True]),
            "names_notes": mostly(dice.random() < 0.6, [None]),
        }


def plan_for(dice, stack):
    plan = Plan(dice, stack)
    roll = dice.random()
    if roll < 0.8 and stack.grounds:
        plan.aim(*dice.choice(stack.grounds), default_acts=["hand_over"])
    elif roll < 0.93 and stack.locks:
        plan.aim(*dice.choice(stack.locks), default_acts=[])
    if dice.random() < 0.85:
        plan.agree()
    return plan


def ask_from(dice, stack):
    """One Ask against one stack."""
    plan = plan_for(dice, stack)
    noise = dice.choice([0, 0, 0.1, 0.4])
    wants = plan.classes()
    facts = plan.facts(noise)
    ask = {
        "packs": list(stack.names),
        "at": dice.choice(TIMES),
        "by": {"role": plan.role, "relation": plan.relation},
        **{key: plan.attributes[key] for key in ("to", "purpose", "instrument")},
        "wants": wants,
        "facts": facts,
    }
    if plan.attributes["act"] != "hand_over" or dice.random() < 0.05:
        ask["act"] = plan.attributes["act"]
    if plan.wants_consent or dice.random() < 0.1:
        papers = dice.choice([1, 1, 1, 2]) if dice.random() < 0.97 else 0
        ask["consents"] = [plan.consent(wants, facts, noise + 0.05) for _ in range(papers)]
    if plan.restricts or dice.random() < 0.1:
        ask["restrictions"] = [plan.restriction(wants) for _ in range(dice.choice([1, 1, 2]))]
    if dice.random() < (0.5 if ask["instrument"] in FOR_ORDERS else 0.01):
        ask["orders"] = [plan.order(wants, noise / 2 + 0.05) for _ in range(dice.choice([1, 1, 2]))]
        for name in [name for name in facts if name.startswith(ON_ORDER)]:
            if dice.random() < 0.5:
                del facts[name]
    add_rare_things(dice, ask)
    return ask


def add_rare_things(dice, ask):
    """Several hats, a purpose that only the asker states, another act, a place."""
    if dice.random() < 0.1:
        ask["by"] = {
            "role": [ask["by"]["role"], dice.choice(list(ROLES))],
            "relation": [ask["by"]["relation"], *dice.sample(list(RELATIONS), 2)],
        }
        for key, hats in ask["by"].items():
            ask["by"][key] = list(dict.fromkeys(hats))
    if dice.random() < 0.08:
        ask["purpose_by"] = dice.choice(["asker", "asker", "asker", "practice"])
        established = dice.choice([None, None, True, False])
        if established is not None:
            ask["facts"]["purpose.established"] = established
    if dice.random() < 0.02:
        ask["act"] = dice.choice(list(ACTS))
    if dice.random() < 0.05:
        ask["place"] = dice.choice(PLACES)


def asks(seed, count, packs_raw, stacks):
    """`count` Asks against the stacks, the same for the same seed."""
    dice, prepared = random.Random(seed), [Stack(tuple(names), packs_raw) for names in stacks]
    yield from (ask_from(dice, dice.choice(prepared)) for _ in range(count))


def mix(packs, seed=1, count=20_000):
    """How often each outcome comes, and the grounds met at least once."""
    outcomes, met = collections.Counter(), set()
    for ask in asks(seed, count, packs, stacks_of(packs)):
        answer = decide(ask, packs)
        outcomes[answer["outcome"]] += 1
        met.update(answer["grounds"])
    return outcomes, met


def main():
    packs = load(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    outcomes, met = mix(packs, count=count)
    every = {g["id"] for p in packs.values() for g in p.get("ground", []) if enabled(g)}
    sys.stdout.writelines(f"{o:9} {n / count:6.1%}\n" for o, n in outcomes.most_common())
    sys.stdout.write(f"{len(met)} of {len(every)} enabled grounds met; never met:\n")
    sys.stdout.writelines(f"  {name}\n" for name in sorted(every - met))


if __name__ == "__main__":
    main()
