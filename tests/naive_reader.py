"""A second reading of docs/LANGUAGE.md, slow and plain, that shares no code with the rules.

`load(folder)` reads packs as raw TOML tables; `decide(ask, packs)` answers. It exists to be
compared with the product: where the two differ, one of them has misread the definition. Nothing
is prepared or remembered but the parsed text of expressions. It trusts its packs (the loader of
the product checks them) and checks of an Ask only that its keys and facts exist.

What it says of "questions" is a set in no particular order: facts behind an unknown are found by
looking only into those parts of an expression that are themselves unknown.
"""

import tomllib
from pathlib import Path

from angerona.rules.facts import CORE_FACTS
from angerona.words import CLASSES, EVERYTHING
from naive_expressions import all_of, any_of
from naive_judgement import Case, Judgement

REQUIRED = {"packs", "at", "by", "to", "purpose", "instrument", "wants"}
OPTIONAL = {"purpose_by", "act", "consents", "restrictions", "orders", "facts", "place"}
STRICTEST_FIRST = ("conflict", "barred", "open", "must", "may", "quiet")


def load(folder):
    """The packs of a folder as raw tables, by pack id."""
    paths = sorted(Path(folder).glob("*.toml"))
    packs = [tomllib.loads(p.read_text("utf-8")) for p in paths if p.name != "conflicts.toml"]
    return {pack["pack"]["id"]: pack for pack in packs}


def strictest(verdicts):
    return min(verdicts, key=STRICTEST_FIRST.index)


def items_of(wants):
    """Wanted item -> its classes."""
    items = {}
    for want in wants:
        if isinstance(want, dict):
            items[want["passage"]] = list(want["classes"])
        elif want == EVERYTHING:
            items |= {class_: [class_] for class_ in CLASSES}
        else:
            items[want] = [want]
    return items


def judged_again(judgement):
    """A declared assumption closes or changes nothing."""
    if judgement.verdict != "open":
        return judgement
    assumed = Judgement(judgement.case, judgement.class_, assuming=True)
    return assumed if assumed.verdict == "barred" else judgement


def outcome_of(verdicts):
    found = set(verdicts)
    for verdict, outcome in (
        ("must", "require"),
        ("may", "permit"),
        ("conflict", "conflict"),
        ("open", "ask"),
    ):
        if verdict in found:
            return outcome
    return "deny"


def check(case):
    """Unknown keys and facts are errors."""
    keys = set(case.ask)
    if keys - REQUIRED - OPTIONAL or REQUIRED - keys or not case.ask["wants"]:
        raise ValueError(f"an Ask does not look like this: {sorted(keys)}")
    for name in case.ask.get("facts") or {}:
        if name not in CORE_FACTS and case.declared(name) is None:
            raise ValueError(f"no such fact: {name}")


def decide(ask, packs):
    """The Answer to an Ask, as far as it can be compared."""
    case = Case(ask, packs)
    check(case)
    items = items_of(ask["wants"])
    classes = dict.fromkeys(c for listed in items.values() for c in listed)
    first = {class_: Judgement(case, class_) for class_ in classes}
    judged = {class_: judged_again(judgement) for class_, judgement in first.items()}
    verdicts = {i: strictest(judged[c].verdict for c in listed) for i, listed in items.items()}
    spoken = [judged[c] for i in items if verdicts[i] in ("may", "must") for c in items[i]]
    spoken += [judged[c] for i in items for c in items[i] if judged[c].verdict == "must"]
    undecided = [judged[c] for i in items if verdicts[i] == "open" for c in items[i]]
    used = [(p, g) for p, g in case.grounds if any(j.grounds[g["id"]] == "met" for j in spoken)]
    duties, asked_by_duty = owed(case, list(first.values()), verdicts, used)
    questions = [f for j in undecided if j.verdict == "open" for f in j.asked()]
    questions += [f for j in first.values() if j.verdict in ("may", "barred") for f in demanded(j)]
    questions += [f for facts in asked_by_duty.values() for f in facts]
    notice, doubtful = notice_of([(duty, d) for duty, d in duties if d["kind"] == "notice"])
    return {
        "outcome": outcome_of(verdicts.values()),
        "classes": verdicts,
        "grounds": [g["id"] for _, g in used],
        "locks": unique(
            k["id"] for _, k in case.locks for j in judged.values() if j.locks[k["id"]] == "on"
        ),
        "questions": unique(questions),
        "conflicts": [item for item, verdict in verdicts.items() if verdict == "conflict"],
        "duties": [told for _, told in duties],
        "notice": notice,
        "ask_before_telling": unique(f for key in doubtful for f in asked_by_duty[key]),
        "layers": {item: merged([judged[c].layers for c in items[item]]) for item in items},
    }


def demanded(judgement):
    """The facts behind what the law may yet demand of a class that may go, or stays."""
    return [
        fact
        for pack, ground in judgement.case.grounds
        if pack["pack"]["id"] != "house" and ground["force"] == "must" and ground["verified"]
        if judgement.grounds[ground["id"]] == "open"
        for fact in judgement.asked_of_ground(pack, ground, set())
    ]


def unique(found):
    return list(dict.fromkeys(found))


def merged(layers):
    """The layers of a wanted item: for a passage, the strictest of its classes in each."""
    names = unique(name for layer in layers for name in layer)
    return {n: strictest(layer[n] for layer in layers if n in layer) for n in names}


# Duties.


def events_of(verdicts, used):
    found = set(verdicts.values())
    release = bool(found & {"may", "must"})
    events = {
        "release": release,
        "withheld": release and bool(found - {"may", "must"}),
        "refusal": outcome_of(found) in ("deny", "conflict"),
        "conflict": "conflict" in found,
    }
    return {event for event, happened in events.items() if happened} | {g["id"] for _, g in used}


def owed(case, judgements, verdicts, used):
    """Pairs of an entry and the duty told of it, and the facts each unsure duty asks for."""
    triggers = events_of(verdicts, used)
    duties, asked = [], {}
    for pack in case.packs:
        if not any(pack["pack"]["id"] in j.layers for j in judgements):
            continue
        limits = {g["limit"] for p, g in used if p is pack}
        for duty in pack.get("duty", []):
            if not duty.get("enabled", True) or not (triggers | limits) & set(duty["on"]):
                continue
            texts = (pack["pack"].get("applies_when"), duty.get("when"))
            when = any_of(all_of(j.truth(pack, text) for text in texts) for j in judgements)
            if when is None:
                asked[duty["id"]] = unique(
                    f
                    for j in judgements
                    if all_of(j.truth(pack, text) for text in texts) is None
                    for text in texts
                    for f in j.asked_of_text(pack, text, set())
                )
            if when is not False:
                duties.append((duty, told(duty, sure=when is True)))
    return duties + [pair for _, ground in used for pair in duties_of_ground(ground)], asked


def told(duty, *, sure):
    keys = ("id", "kind", "mode", "what", "due", "due_from")
    return {key: duty.get(key) for key in keys} | {"sure": sure}


def duties_of_ground(ground):
    """What a ground itself adds. The definition leaves kind and wording open: compare ids."""
    if ground.get("ways"):
        entry = {"id": f"{ground['id']}.ways", "kind": "record", "mode": "required"}
        entry["what"] = "one of: " + "; ".join(way["what"] for way in ground["ways"])
        yield entry, told(entry, sure=True)
    if ground.get("review"):
        entry = {"id": f"{ground['id']}.review", "kind": "review", "mode": "required"}
        entry |= {"what": "have it reviewed", "due": ground["review"]}
        yield entry, told(entry, sure=True)


def notice_of(duties):
    """The mode of the client's notice, and the unsure prohibitions that do not decide it."""
    to_client = [d for entry, d in duties if entry.get("to") == "client"]
    doubtful = [d["id"] for d in to_client if d["mode"] == "prohibited" and not d["sure"]]
    modes = {d["mode"] for d in to_client if d["id"] not in doubtful}
    ranked = ("prohibited", "required", "discretionary")
    return next((mode for mode in ranked if mode in modes), "none"), doubtful
